package bot

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
)

// dispatcher runs jobs: those of one lane in order, those of different lanes
// side by side, at most so many at work at once. A job that panics is logged
// and forgotten.
type dispatcher struct {
	mu      sync.Mutex
	queues  map[lane][]job // of lanes that have a goroutine
	stopped bool
	work    chan struct{} // a place for each worker
	wait    sync.WaitGroup
	log     *slog.Logger
}

// job is the handling of one update, in two steps: deciding takes a worker's
// place, what it returns only waits for Telegram.
type job func() (say func())

func newDispatcher(workers int, log *slog.Logger) *dispatcher {
	return &dispatcher{queues: make(map[lane][]job), work: make(chan struct{}, workers), log: log}
}

// add puts a job at the end of its lane's queue. After drain it is dropped.
func (d *dispatcher) add(l lane, j job) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stopped {
		return
	}
	queue, running := d.queues[l]
	d.queues[l] = append(queue, j)
	if !running {
		d.wait.Add(1)
		go d.run(l)
	}
}

// waiting is how many jobs wait in a lane.
func (d *dispatcher) waiting(l lane) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.queues[l])
}

// run works off one lane's queue and ends when it is empty.
func (d *dispatcher) run(l lane) {
	defer d.wait.Done()
	for {
		d.mu.Lock()
		queue := d.queues[l]
		if len(queue) == 0 || d.stopped {
			delete(d.queues, l)
			d.mu.Unlock()
			return
		}
		j := queue[0]
		d.queues[l] = queue[1:]
		d.mu.Unlock()
		d.do(j)
	}
}

func (d *dispatcher) do(j job) {
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("a message made the bot panic; it goes on", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	if say := d.thinking(j); say != nil {
		say()
	}
}

// thinking runs the first step of a job in a worker's place.
func (d *dispatcher) thinking(j job) func() {
	d.work <- struct{}{}
	defer func() { <-d.work }()
	return j()
}

// drain waits until all jobs are done or ctx ends. Then it stops: what is left
// is dropped, what is under way is waited for.
func (d *dispatcher) drain(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		d.wait.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	d.mu.Lock()
	d.stopped = true
	d.mu.Unlock()
	<-done
}
