package bot

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// inbox remembers which updates have come and which are done, so that each is
// answered once. With a data folder it is a journal: an update is written
// there before Telegram is told that it has come, and marked before its answer
// is sent, so that a restart goes on where the process ended. Without one,
// Telegram keeps what is not done: it is told only of updates up to the first
// that is not.
type inbox struct {
	mu      sync.Mutex
	waiting map[int64]json.RawMessage // come, not begun
	running map[int64]bool            // begun, not done
	done    map[int64]bool
	order   []int64 // of done, oldest first
	last    int64   // the largest id of the batch that came last
	file    *os.File
	path    string
	written int // lines in the file
	updates int // of them with an update in it: people's words
}

const (
	mostDone    = 4000  // ids remembered
	mostLines   = 10000 // in the journal before it is written anew
	tidyLines   = 100   // and before that is done in a quiet moment
	mostWaiting = 3000  // updates held before Telegram is asked for more
	batchSize   = 100   // updates that Telegram gives at once
)

// journalLine is a line of the journal: an update that came, or the id of one
// that was begun.
type journalLine struct {
	ID     int64           `json:"id"`
	Update json.RawMessage `json:"update,omitempty"`
}

// openInbox opens the inbox of the bot with an id; with an empty dir it is in
// memory.
func openInbox(dir string, bot int64) (*inbox, error) {
	in := &inbox{waiting: make(map[int64]json.RawMessage), running: make(map[int64]bool), done: make(map[int64]bool)}
	if dir == "" {
		return in, nil
	}
	in.path = filepath.Join(dir, fmt.Sprintf("updates-%d.jsonl", bot))
	if err := in.replay(); err != nil {
		return nil, fmt.Errorf("%s: %w", in.path, err)
	}
	if err := in.rewrite(); err != nil {
		return nil, fmt.Errorf("%s: %w", in.path, err)
	}
	return in, nil
}

// replay reads the journal.
func (in *inbox) replay() error {
	return eachJSON(in.path, func(l journalLine) {
		switch {
		case l.ID == 0:
		case l.Update != nil: // come, or put back
			delete(in.done, l.ID)
			in.waiting[l.ID] = slices.Clone(l.Update)
		default:
			delete(in.waiting, l.ID)
			in.markDone(l.ID)
		}
	})
}

// rewrite writes the journal anew with what still matters, and keeps it open.
func (in *inbox) rewrite() error {
	next, err := os.OpenFile(in.path+".tmp", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // people's words are in it
	if err != nil {
		return err
	}
	w := bufio.NewWriter(next)
	enc := json.NewEncoder(w)
	lines := 0
	for _, id := range in.order {
		err = errors.Join(err, enc.Encode(journalLine{ID: id}))
		lines++
	}
	for id := range in.running {
		err = errors.Join(err, enc.Encode(journalLine{ID: id}))
		lines++
	}
	for id, update := range in.waiting {
		err = errors.Join(err, enc.Encode(journalLine{ID: id, Update: update}))
		lines++
	}
	if err = errors.Join(err, w.Flush(), next.Sync()); err != nil {
		return errors.Join(err, next.Close())
	}
	if err := os.Rename(in.path+".tmp", in.path); err != nil {
		return errors.Join(err, next.Close())
	}
	if in.file != nil {
		_ = in.file.Close() // replaced
	}
	in.file, in.written, in.updates = next, lines, len(in.waiting)
	return nil
}

func (in *inbox) markDone(id int64) {
	if in.done[id] {
		return
	}
	in.done[id] = true
	in.order = append(in.order, id)
	if len(in.order) > mostDone {
		delete(in.done, in.order[0])
		in.order = in.order[1:]
	}
}

// pending returns what an earlier run left waiting, in order.
func (in *inbox) pending() []json.RawMessage {
	in.mu.Lock()
	defer in.mu.Unlock()
	ids := make([]int64, 0, len(in.waiting))
	for id := range in.waiting {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	out := make([]json.RawMessage, len(ids))
	for i, id := range ids {
		out[i] = in.waiting[id]
	}
	return out
}

// accept takes updates in and returns those that are new, by id. Once it
// returns they are safe: on disk, or with Telegram.
func (in *inbox) accept(updates map[int64]json.RawMessage) ([]int64, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	var fresh []int64
	if len(updates) > 0 {
		in.last = 0 // after an idle week Telegram counts from anywhere
	}
	for id, raw := range updates {
		in.last = max(in.last, id)
		if in.done[id] || in.running[id] || in.waiting[id] != nil {
			continue
		}
		fresh = append(fresh, id)
		in.waiting[id] = raw
	}
	slices.Sort(fresh)
	for _, id := range fresh {
		if err := in.append(journalLine{ID: id, Update: in.waiting[id]}); err != nil {
			return fresh, err
		}
	}
	if in.file != nil && len(fresh) > 0 {
		return fresh, in.file.Sync()
	}
	return fresh, nil
}

// begin marks an update before its answer is sent.
func (in *inbox) begin(id int64) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	delete(in.waiting, id)
	in.running[id] = true
	return in.append(journalLine{ID: id})
}

// finish marks an update whose answer was sent, or that gets none.
func (in *inbox) finish(id int64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.waiting[id] != nil { // never begun: it gets no answer, after a restart neither
		_ = in.append(journalLine{ID: id}) // else it is only looked at again
	}
	delete(in.running, id)
	delete(in.waiting, id)
	in.markDone(id)
}

// putBack returns an update that was begun but certainly not answered.
func (in *inbox) putBack(id int64, raw json.RawMessage) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	delete(in.running, id)
	in.waiting[id] = raw
	return in.append(journalLine{ID: id, Update: raw})
}

func (in *inbox) append(l journalLine) error {
	if in.file == nil {
		return nil
	}
	b, err := json.Marshal(l)
	if err != nil {
		return err
	}
	// The line end before it keeps it apart from a line that a full disk cut.
	if _, err := in.file.Write(append(append([]byte{'\n'}, b...), '\n')); err != nil {
		return err
	}
	if l.Update != nil {
		in.updates++
	}
	if in.written++; in.written > mostLines {
		return in.rewrite()
	}
	return nil
}

// tidy drops what is done from the journal, in a quiet moment: people's words
// are kept no longer than they are needed.
func (in *inbox) tidy() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.file == nil || in.updates <= len(in.waiting) && in.written < len(in.order)+tidyLines {
		return nil
	}
	return in.rewrite()
}

// offset is from where Telegram is to be asked. Asking confirms all before.
func (in *inbox) offset() int64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.last == 0 {
		return 0 // not asked yet: whatever Telegram has
	}
	first := in.last + 1
	if in.file == nil {
		for id := range in.waiting {
			first = min(first, id)
		}
		for id := range in.running {
			first = min(first, id)
		}
	}
	if in.last-first >= batchSize-1 {
		return in.last + 1 // one busy chat must not keep Telegram from giving more
	}
	return first
}

// unconfirmed reports whether Telegram still holds updates that are not done:
// it will send them again at once when asked.
func (in *inbox) unconfirmed() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.file == nil && len(in.waiting)+len(in.running) > 0
}

// kept reports whether the inbox outlives the process.
func (in *inbox) kept() bool { return in.path != "" }

// size is how many updates are not done.
func (in *inbox) size() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.waiting) + len(in.running)
}

func (in *inbox) close() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.file == nil {
		return nil
	}
	return in.file.Close()
}
