package index

import (
	"runtime/debug"
	"sync"
)

// While a record is built the collector may let garbage grow, up to a limit that
// a server of 512 MB has room for: a fifth of the time is saved.
const (
	buildPercent = 200
	buildLimit   = 250 << 20 // bytes
)

var room struct {
	sync.Mutex
	allowed bool
	builds  int
	percent int
	limit   int64
}

// AllowGarbage lets builds of this process leave more garbage than the process
// otherwise does. It is for processes that nobody gave settings of their own.
func AllowGarbage() {
	room.Lock()
	defer room.Unlock()
	room.allowed = true
}

// roomToBuild gives a build room for garbage, where that is allowed, until the
// function that it returns is called.
func roomToBuild() (done func()) {
	room.Lock()
	defer room.Unlock()
	if !room.allowed {
		return func() {}
	}
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
