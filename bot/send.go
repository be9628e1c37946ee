package bot

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"golang.org/x/time/rate"
)

// sender sends everything the bot says, no faster than Telegram takes it: 30
// messages a second over all, one a second in a chat with short bursts, 20 a
// minute in a group. Where Telegram asks for patience in a chat, that chat
// alone waits.
type sender struct {
	api    *tg.Bot
	global *rate.Limiter
	places chan struct{} // one for each request under way
	hurry  atomic.Bool   // the bot stops: what is left goes out as fast as Telegram takes it

	mu     sync.Mutex
	chats  map[int64]*rate.Limiter
	paused map[int64]time.Time // until when Telegram asked to leave a chat alone
	moved  map[int64]int64     // groups that became others
	closed map[int64]time.Time // chats that could not be written to, and when what was to be answered was written
}

const (
	burst        = 3
	mostChats    = 10000 // remembered in each of the maps
	mostSending  = 32
	paceStep     = 100 * time.Millisecond
	sendTimeout  = 20 * time.Second
	shortestWait = 500 * time.Millisecond // before a request that did not get through is sent again
)

func newSender(api *tg.Bot) *sender {
	return &sender{
		api: api, global: rate.NewLimiter(25, 5), places: make(chan struct{}, mostSending), chats: make(map[int64]*rate.Limiter),
		paused: make(map[int64]time.Time), moved: make(map[int64]int64), closed: make(map[int64]time.Time),
	}
}

// mark tells who keeps count of updates when a request begins, and when it is
// certain to have had no effect.
type mark struct{ begin, undo func() }

var unmarked = mark{func() {}, func() {}}

// do carries out a request about a chat: in its turn, and again as long as it
// certainly had no effect. call is told where the chat is now and whether it
// has moved.
func (s *sender) do(ctx context.Context, chat int64, m mark, call func(ctx context.Context, chat int64, moved bool) error) error {
	if err := s.pace(ctx, chat); err != nil {
		return notSent{err}
	}
	for {
		now, moved := s.current(chat)
		if err := s.pauseOver(ctx, now); err != nil {
			return notSent{err}
		}
		err := s.try(ctx, m, func(ctx context.Context) error { return call(ctx, now, moved) })
		var tooMany *tg.TooManyRequestsError
		var migrated *tg.MigrateError
		switch {
		case errors.As(err, &migrated) && int64(migrated.MigrateToChatID) != now:
			s.move(chat, int64(migrated.MigrateToChatID))
		case errors.As(err, &tooMany):
			s.pause(now, time.Duration(max(1, tooMany.RetryAfter))*time.Second+50*time.Millisecond)
		case errors.As(err, new(notSent)) && ctx.Err() == nil:
			if err := sleep(ctx, shortestWait+rand.N(shortestWait)); err != nil {
				return notSent{err}
			}
		default:
			return err
		}
	}
}

// try makes one request, in one of the places.
func (s *sender) try(ctx context.Context, m mark, call func(context.Context) error) error {
	select {
	case s.places <- struct{}{}:
	case <-ctx.Done():
		return notSent{ctx.Err()}
	}
	defer func() { <-s.places }()
	m.begin()
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	err := call(ctx)
	if errors.As(err, new(notSent)) || errors.As(err, new(*tg.TooManyRequestsError)) || errors.As(err, new(*tg.MigrateError)) {
		m.undo()
	}
	return err
}

// remember puts a value into one of the sender's maps, emptied when full: most
// of it is old, and Telegram tells again what still holds.
func remember[V any](m map[int64]V, chat int64, v V) {
	if len(m) >= mostChats {
		clear(m)
	}
	m[chat] = v
}

// current returns the id that a chat has now.
func (s *sender) current(chat int64) (now int64, moved bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to, moved := s.moved[chat]
	if !moved {
		return chat, false
	}
	return to, true
}

// move notes that a group has become another.
func (s *sender) move(from, to int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	remember(s.moved, from, to)
}

// pause leaves a chat alone for a while.
func (s *sender) pause(chat int64, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if until := time.Now().Add(d); until.After(s.paused[chat]) {
		remember(s.paused, chat, until)
	}
}

// pauseOver waits until a chat need not be left alone any more.
func (s *sender) pauseOver(ctx context.Context, chat int64) error {
	for {
		s.mu.Lock()
		left := time.Until(s.paused[chat])
		if left <= 0 {
			delete(s.paused, chat)
		}
		s.mu.Unlock()
		if left <= 0 {
			return nil
		}
		if err := sleep(ctx, left); err != nil {
			return err
		}
	}
}

// shut remembers that a chat could not be written to in answer to something of
// a time. Only Telegram's clock counts: ours may differ.
func (s *sender) shut(chat int64, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	remember(s.closed, chat, at)
}

// reopen forgets that a chat could not be written to.
func (s *sender) reopen(chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.closed, chat)
}

// open reports whether a chat may be written to, as far as is known. What was
// written later than what found it closed shows that it is open again.
func (s *sender) open(chat int64, written time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, closed := s.closed[chat]
	return !closed || written.After(at)
}

// limiter returns the limiter of a chat.
func (s *sender) limiter(chat int64) *rate.Limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.chats[chat]
	if l == nil {
		limit := rate.Limit(1)
		if chat < 0 {
			limit = rate.Limit(17.0 / 60)
		}
		l = rate.NewLimiter(limit, burst)
		remember(s.chats, chat, l)
	}
	return l
}

// pace waits until a message to chat may be sent.
func (s *sender) pace(ctx context.Context, chat int64) error {
	chat, _ = s.current(chat)
	for limiter := s.limiter(chat); !limiter.Allow(); {
		if s.hurry.Load() {
			break
		}
		if err := sleep(ctx, paceStep); err != nil {
			return err
		}
	}
	return s.global.Wait(ctx)
}

// place is where a message goes.
type place struct {
	chat    int64
	thread  int // of a forum topic
	replyTo int // the message that it replies to
}

func (m message) place() place { return place{m.chat, m.thread, m.id} }

// simpler makes a message that Telegram refused plainer: where the error says
// one of these words, by this.
var simpler = []struct {
	says string
	mend func(*tg.SendMessageParams)
}{
	{"entit", func(p *tg.SendMessageParams) { p.Entities = nil }},
	{"thread not found", func(p *tg.SendMessageParams) { p.MessageThreadID = 0 }},
	{"button", func(p *tg.SendMessageParams) { p.ReplyMarkup = nil }},
	{"URL", func(p *tg.SendMessageParams) { p.ReplyMarkup = nil }},
}

// send sends t without a preview and returns the id of the message. Where
// Telegram refuses the formatting the words go plain; where the group has
// become another, they go there.
func (s *sender) send(ctx context.Context, to place, m mark, t *text, buttons keyboard) (int, error) {
	params := &tg.SendMessageParams{
		MessageThreadID: to.thread, Text: t.b.String(), Entities: t.entities, LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
	}
	if buttons != nil {
		params.ReplyMarkup = buttons.markup()
	}
	id := 0
	err := s.do(ctx, to.chat, m, func(ctx context.Context, chat int64, moved bool) error {
		params.ChatID, params.ReplyParameters = chat, nil
		if to.replyTo != 0 && !moved {
			params.ReplyParameters = &models.ReplyParameters{MessageID: to.replyTo, AllowSendingWithoutReply: true}
		}
		sent, err := s.api.SendMessage(ctx, params)
		for _, rule := range simpler {
			if err != nil && errors.Is(err, tg.ErrorBadRequest) && strings.Contains(err.Error(), rule.says) {
				rule.mend(params)
				sent, err = s.api.SendMessage(ctx, params)
			}
		}
		if err == nil {
			id = sent.ID
		}
		return err
	})
	return id, err
}

// edit changes a message of ours. That it is the same already is no error.
func (s *sender) edit(ctx context.Context, chat int64, id int, m mark, t *text, buttons keyboard) error {
	params := &tg.EditMessageTextParams{
		MessageID: id, Text: t.b.String(), Entities: t.entities, LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
	}
	if buttons != nil {
		params.ReplyMarkup = buttons.markup()
	}
	return s.do(ctx, chat, m, func(ctx context.Context, chat int64, moved bool) error {
		if moved {
			return nil // the message stayed in the old group
		}
		params.ChatID = chat
		_, err := s.api.EditMessageText(ctx, params)
		if err != nil && strings.Contains(err.Error(), "message is not modified") {
			return nil
		}
		return err
	})
}

// answerPress tells Telegram that a press was seen, with a word for whoever
// pressed, or none.
func (s *sender) answerPress(ctx context.Context, id string, m mark, toast string) error {
	return ignoreOld(s.try(ctx, m, func(ctx context.Context) error {
		_, err := s.api.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: id, Text: toast})
		return err
	}))
}

// answerSearch answers an inline query.
func (s *sender) answerSearch(ctx context.Context, m mark, params *tg.AnswerInlineQueryParams) error {
	return ignoreOld(s.try(ctx, m, func(ctx context.Context) error {
		_, err := s.api.AnswerInlineQuery(ctx, params)
		return err
	}))
}

// ignoreOld drops the error for a press or query that Telegram has given up on.
func ignoreOld(err error) error {
	if err != nil && (strings.Contains(err.Error(), "query is too old") || strings.Contains(err.Error(), "query ID is invalid")) {
		return nil
	}
	return err
}

// unwelcome reports whether an error says that the bot cannot write in a chat:
// blocked, removed, muted. It is no fault of ours and trying again is no use.
func unwelcome(err error) bool {
	if errors.Is(err, tg.ErrorForbidden) {
		return true
	}
	for _, s := range []string{"not enough rights", "TOPIC_CLOSED", "CHAT_WRITE_FORBIDDEN", "chat not found"} {
		if strings.Contains(err.Error(), s) {
			return true
		}
	}
	return false
}
