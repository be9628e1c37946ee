package bot

import (
	"context"
	"errors"
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
// minute in a group.
type sender struct {
	api    *tg.Bot
	global *rate.Limiter
	mu     sync.Mutex
	chats  map[int64]*rate.Limiter
	hurry  atomic.Bool // the bot stops: what is left goes out as fast as Telegram takes it
}

const (
	burst        = 3
	mostLimiters = 10000
	paceStep     = 100 * time.Millisecond
)

func newSender(api *tg.Bot) *sender {
	return &sender{api: api, global: rate.NewLimiter(25, 5), chats: make(map[int64]*rate.Limiter)}
}

// limiter returns the limiter of a chat.
func (s *sender) limiter(chat int64) *rate.Limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.chats[chat]
	if l == nil {
		if len(s.chats) >= mostLimiters {
			clear(s.chats) // most are idle; Telegram itself asks the others to wait
		}
		limit := rate.Limit(1)
		if chat < 0 {
			limit = rate.Limit(17.0 / 60)
		}
		l = rate.NewLimiter(limit, burst)
		s.chats[chat] = l
	}
	return l
}

// pace waits until a message to chat may be sent.
func (s *sender) pace(ctx context.Context, chat int64) error {
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

// send sends t as a reply to m, in its topic, without a preview, and returns
// the id of the message sent. Where Telegram refuses the formatting the words
// go plain; where the group has become another, they go there.
func (s *sender) send(ctx context.Context, m message, t *text) (int, error) {
	params := &tg.SendMessageParams{
		ChatID: m.chat, MessageThreadID: m.thread, Text: t.b.String(), Entities: t.entities,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
	}
	if m.id != 0 {
		params.ReplyParameters = &models.ReplyParameters{MessageID: m.id, AllowSendingWithoutReply: true}
	}
	sent, err := s.api.SendMessage(ctx, params)
	var moved *tg.MigrateError
	switch {
	case errors.As(err, &moved):
		params.ChatID, params.ReplyParameters = int64(moved.MigrateToChatID), nil
		sent, err = s.api.SendMessage(ctx, params)
	case err != nil && errors.Is(err, tg.ErrorBadRequest) && strings.Contains(err.Error(), "entit"):
		params.Entities = nil
		sent, err = s.api.SendMessage(ctx, params)
	case err != nil && errors.Is(err, tg.ErrorBadRequest) && strings.Contains(err.Error(), "thread not found"):
		params.MessageThreadID = 0
		sent, err = s.api.SendMessage(ctx, params)
	}
	if err != nil {
		return 0, err
	}
	return sent.ID, nil
}

// edit changes the text of a message of ours. That it is the same already is
// no error.
func (s *sender) edit(ctx context.Context, chat int64, id int, t *text) error {
	if err := s.pace(ctx, chat); err != nil {
		return err
	}
	_, err := s.api.EditMessageText(ctx, &tg.EditMessageTextParams{
		ChatID: chat, MessageID: id, Text: t.b.String(), Entities: t.entities,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
	})
	if err != nil && strings.Contains(err.Error(), "message is not modified") {
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
