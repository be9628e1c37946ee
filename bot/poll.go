package bot

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-telegram/bot/models"
)

const (
	mostInLane   = 200              // messages that wait in one chat
	pollWait     = 30 * time.Second // Telegram holds a request open so long
	pollAgain    = 700 * time.Millisecond
	pollLongest  = 4 * time.Second
	conflictWait = 5 * time.Second
)

// poll receives updates until ctx ends and hands them on. Answers go out under
// work, which outlives ctx, so that those under way are still sent.
func (b *Bot) poll(ctx, work, reindexes context.Context) error {
	for _, raw := range b.inbox.pending() {
		b.handOn(work, reindexes, raw)
	}
	failures, limit := 0, batchSize
	for ctx.Err() == nil {
		if b.inbox.size() >= mostWaiting {
			_ = sleep(ctx, pollAgain) // Telegram keeps the rest
			continue
		}
		offset := b.inbox.offset()
		b.asked.Store(offset)
		raws, err := b.transport.getUpdates(ctx, b.url, offset, limit, pollWait)
		switch {
		case err != nil && ctx.Err() != nil: // given up because we stop
			continue
		case errors.Is(err, errUnauthorized):
			return rejected()
		case err != nil:
			failures++
			limit = 1 // a batch too large to read comes through one by one
			b.pause(ctx, err, failures)
			continue
		}
		failures, limit = 0, batchSize
		if len(raws) == 0 {
			if err := b.inbox.tidy(); err != nil {
				b.log.Warn("the journal of updates could not be tidied", "error", err)
			}
		}
		fresh := b.take(work, reindexes, raws)
		if fresh == 0 && b.inbox.unconfirmed() {
			_ = sleep(ctx, pollAgain) // it would send the same at once
		}
	}
	return nil
}

// pause waits after a failure, longer each time.
func (b *Bot) pause(ctx context.Context, err error, failures int) {
	wait := min(pollLongest, 200*time.Millisecond<<min(failures, 10))
	if errors.Is(err, errConflict) {
		wait = conflictWait
		b.log.Warn("another copy of this bot is running, or a webhook is set; only one can receive", "error", brief(err, b.token), "again in", wait)
	} else {
		b.log.Warn("no updates from Telegram; trying again", "error", brief(err, b.token), "in", wait)
	}
	_ = sleep(ctx, wait) // the loop looks at ctx
}

// take accepts a batch of updates and hands on those that are new.
func (b *Bot) take(work, reindexes context.Context, raws []json.RawMessage) (fresh int) {
	batch := make(map[int64]json.RawMessage, len(raws))
	for _, raw := range raws {
		var head struct {
			ID int64 `json:"update_id"`
		}
		if err := json.Unmarshal(raw, &head); err != nil || head.ID == 0 {
			b.log.Warn("an update without a number was passed over")
			continue
		}
		batch[head.ID] = raw
	}
	ids, err := b.inbox.accept(batch)
	if err != nil {
		b.log.Error("the journal of updates cannot be written; a crash now could lose questions", "error", err)
	}
	for _, id := range ids {
		b.handOn(work, reindexes, batch[id])
	}
	return len(ids)
}

// handOn puts an update into its chat's queue. One that cannot be read, or
// that the bot never reacts to, is done at once.
func (b *Bot) handOn(work, reindexes context.Context, raw json.RawMessage) {
	var head struct {
		ID int64 `json:"update_id"`
	}
	_ = json.Unmarshal(raw, &head) // take has read it before
	u, err := decodeUpdate(raw)
	if err != nil {
		b.log.Warn("an update that cannot be read was passed over", "update", head.ID)
		b.inbox.finish(head.ID)
		return
	}
	e, ok := translate(u, b.me.ID)
	if ok {
		e, ok = b.admit(e)
	}
	if !ok {
		b.inbox.finish(u.ID)
		return
	}
	b.dispatcher.add(e.lane(), func() func() { return b.handle(work, reindexes, raw, u.ID, e) })
}

// surplus stands for a message of somebody who asks more than may be answered:
// the one to which that is said.
type surplus struct{ message }

// admit looks at an event before it waits for its turn. What is not for the
// bot, or too much, never waits: a flood in one chat must not fill the queue
// of all.
func (b *Bot) admit(e event) (event, bool) {
	m, is := e.(message)
	if !is {
		return e, true
	}
	if _, forMe := address(m, b.me.ID, b.me.Username); !forMe || b.dispatcher.waiting(m.lane()) >= mostInLane {
		return nil, false
	}
	person := m.from
	if person == 0 || m.anonymous {
		person = m.chat
	}
	ok, tell := b.asking.admit(person, m.date)
	if !ok {
		return surplus{m}, tell
	}
	return m, true
}

// decodeUpdate reads an update. What it hangs on may be of a kind that is newer
// than the library; the message itself is then read without it.
func decodeUpdate(raw json.RawMessage) (*models.Update, error) {
	var u models.Update
	err := json.Unmarshal(raw, &u)
	if err == nil {
		return &u, nil
	}
	var parts map[string]json.RawMessage
	var message map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil || json.Unmarshal(parts["message"], &message) != nil {
		return nil, err
	}
	for _, hung := range []string{"reply_to_message", "external_reply", "paid_media", "forward_origin", "reply_markup"} {
		delete(message, hung)
	}
	if parts["message"], err = json.Marshal(message); err != nil {
		return nil, err
	}
	if raw, err = json.Marshal(parts); err != nil {
		return nil, err
	}
	u = models.Update{}
	return &u, json.Unmarshal(raw, &u)
}

// handle decides about an event and returns what is left to do: sending.
func (b *Bot) handle(work, reindexes context.Context, raw json.RawMessage, id int64, e event) func() {
	answered := false
	defer func() {
		if !answered { // silence, or a panic: not to be tried again
			b.inbox.finish(id)
		}
	}()
	r := b.decide(work, e)
	if _, isPress := e.(press); r.text == nil && r.results == nil && !isPress {
		return nil
	}
	answered = true
	return func() { b.deliver(work, reindexes, raw, id, e, r) }
}

// deliver carries out a reply. The update is marked when a request begins; one
// that certainly had no effect, cut off by a stop, stays waiting for the next
// start.
func (b *Bot) deliver(work, reindexes context.Context, raw json.RawMessage, id int64, e event, r reply) {
	effect := false // a request has, or may have, had one
	m := mark{
		begin: func() {
			if err := b.inbox.begin(id); err != nil {
				b.log.Error("the journal of updates cannot be written; a crash now could answer twice", "error", err)
			}
		},
		undo: func() {
			if effect {
				return
			}
			if err := b.inbox.putBack(id, raw); err != nil {
				b.log.Error("the journal of updates cannot be written; a crash now could lose a question", "error", err)
			}
		},
	}
	err := b.respond(work, reindexes, m, &effect, e, r)
	if errors.As(err, new(notSent)) && work.Err() != nil && !effect {
		return // put back, or never begun
	}
	b.inbox.finish(id)
}
