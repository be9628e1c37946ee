package bot

import (
	"sync"
	"time"
)

// crowd counts what everybody asks, so that nobody takes all the bot's time. It
// goes by when something was written, not by when it arrived.
type crowd struct {
	most   int // in a minute
	mu     sync.Mutex
	people map[int64]*recently
}

// recently is when somebody asked in the last minute.
type recently struct {
	asked []time.Time
	told  time.Time // when it was said to be too much
}

const (
	mostPeople = 20000
	tellAgain  = 5 * time.Minute
)

func newCrowd(most int) *crowd { return &crowd{most: most, people: make(map[int64]*recently)} }

// admit counts a question of a person and reports whether it may be answered;
// where not, whether the person is to be told, which is once.
func (c *crowd) admit(person int64, at time.Time) (ok, tell bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.people[person]
	if r == nil {
		if len(c.people) >= mostPeople {
			clear(c.people) // all may ask again: better than a list without end
		}
		r = &recently{}
		c.people[person] = r
	}
	for len(r.asked) > 0 && at.Sub(r.asked[0]) >= time.Minute {
		r.asked = r.asked[1:]
	}
	if len(r.asked) >= c.most {
		if at.Sub(r.told) < tellAgain {
			return false, false
		}
		r.told = at
		return false, true
	}
	r.asked = append(r.asked, at)
	return true, false
}
