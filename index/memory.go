package index

import (
	"os"
	"runtime/debug"
	"sync"
)

// While a record is built the collector may let garbage grow, up to a limit that
// a server of 512 MB has room for: a fifth of the time is saved. What runs it with
// settings of its own keeps them.
const (
	buildPercent = 200
	buildLimit   = 250 << 20 // bytes
)

var room struct {
	sync.Mutex
	builds  int
	percent int
	limit   int64
}

// roomToBuild gives builds of this process room for garbage until the function
// that it returns is called.
func roomToBuild() (done func()) {
	if os.Getenv("GOGC")+os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	room.Lock()
	defer room.Unlock()
	if room.builds++; room.builds == 1 {
		room.percent, room.limit = debug.SetGCPercent(buildPercent), debug.SetMemoryLimit(buildLimit)
	}
	return func() {
		room.Lock()
		defer room.Unlock()
		if room.builds--; room.builds == 0 {
			debug.SetGCPercent(room.percent)
			debug.SetMemoryLimit(room.limit)
		}
	}
}
