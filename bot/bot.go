// Package bot is On Record in Telegram.
//
// A message walks one road: update → message (update.go) → addressed
// (address.go) → reply (decide.go, which asks the index and sends nothing) →
// text with entities (compose.go) → sent (send.go). Around it: poll.go receives,
// inbox.go remembers what came and what is done, dispatch.go keeps the order of
// every chat, transport.go speaks HTTP and repeats what may be repeated.
//
// No type of Telegram leaves the package.
package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onrecord/bot/say"
	"onrecord/index"
)

// Options are what the bot needs to run.
type Options struct {
	Token   string
	APIURL  string // of the Bot API, without a slash at the end
	Admins  []int64
	DataDir string // where the journal of updates is kept; empty for none
	Index   Searcher
	Log     *slog.Logger
}

// Bot answers questions in Telegram.
type Bot struct {
	index      Searcher
	log        *slog.Logger
	token, url string
	admins     map[int64]bool
	api        *tg.Bot
	transport  *transport
	sender     *sender
	inbox      *inbox
	dispatcher *dispatcher
	threads    *threads
	me         models.User
	started    time.Time
	answers    atomic.Int64
	asked      atomic.Int64 // the offset of the last request for updates
	reindexing atomic.Bool
	background sync.WaitGroup // what runs beside the messages
}

// letGo is how long Telegram may take to see that a request was given up; a
// new one before would count as a second program.
const letGo = 600 * time.Millisecond

// drainTime is how long a stop waits for what is under way.
const drainTime = 7 * time.Second

// New returns a bot. Nothing is sent before Run.
func New(o Options) (*Bot, error) {
	t := &transport{client: &http.Client{Timeout: 75 * time.Second}, token: o.Token}
	b := &Bot{
		index: o.Index, log: o.Log, token: o.Token, url: o.APIURL, admins: make(map[int64]bool), transport: t, threads: newThreads(),
		dispatcher: newDispatcher(2*runtime.GOMAXPROCS(0), o.Log), started: time.Now(),
	}
	for _, id := range o.Admins {
		b.admins[id] = true
	}
	var err error
	b.api, err = tg.New(o.Token, tg.WithSkipGetMe(), tg.WithServerURL(o.APIURL), tg.WithHTTPClient(time.Minute, t),
		tg.WithErrorsHandler(func(err error) { b.log.Warn("telegram", "error", brief(err, b.token)) }))
	if err != nil {
		return nil, err
	}
	b.sender = newSender(b.api)
	if b.inbox, err = openInbox(o.DataDir, b.api.ID()); err != nil {
		return nil, err
	}
	return b, nil
}

// Run receives and answers until ctx ends, then finishes what is under way. It
// returns an error when Telegram does not know the token.
func (b *Bot) Run(ctx context.Context) error {
	if err := b.meet(ctx); err != nil {
		return errors.Join(ignoreCancel(ctx, err), b.inbox.close())
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	reindexes, stopReindexes := context.WithCancel(ctx)
	defer stopReindexes()
	err := b.poll(ctx, work, reindexes)
	stopReindexes()
	b.stop(work, stop)
	return errors.Join(err, b.inbox.close())
}

// stop finishes what is under way and tells Telegram how far we came.
func (b *Bot) stop(work context.Context, cancel func()) {
	left, done := context.WithTimeout(work, drainTime)
	defer done()
	cut := time.AfterFunc(drainTime, cancel) // a send that waits is cut off too
	defer cut.Stop()
	ended := time.Now()
	b.sender.hurry.Store(true)
	b.dispatcher.drain(left)
	b.background.Wait()
	if b.inbox.offset() == b.asked.Load() || b.inbox.kept() {
		return // the last request has told it already, or the journal knows
	}
	time.Sleep(time.Until(ended.Add(letGo)))
	last, done := context.WithTimeout(context.Background(), 2*time.Second)
	defer done()
	if _, err := b.transport.getUpdates(last, b.url, b.inbox.offset(), 1, 0); err != nil {
		b.log.Warn("Telegram could not be told which updates are done; some may come again", "error", brief(err, b.token))
	}
}

// ignoreCancel drops an error that only says that ctx ended.
func ignoreCancel(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}

// meet learns who the bot is, with patience: there may be no network yet.
func (b *Bot) meet(ctx context.Context) error {
	wait := time.Second
	for {
		me, err := b.getMe(ctx)
		if err == nil {
			b.me = *me
			break
		}
		if errors.Is(err, tg.ErrorUnauthorized) || errors.Is(err, tg.ErrorNotFound) {
			return rejected()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		b.log.Warn("Telegram cannot be reached; trying again", "error", brief(err, b.token), "in", wait)
		if err := sleep(ctx, wait); err != nil {
			return err
		}
		wait = min(2*wait, 30*time.Second)
	}
	b.log.Info("at work in Telegram", "as", "@"+b.me.Username)
	if !b.me.CanReadAllGroupMessages {
		b.log.Info("privacy mode is on: in groups people ask with /ask or by replying to the bot; to let it see mentions, send /setprivacy to BotFather, then remove the bot from the group and add it again")
	}
	b.background.Go(func() { b.setCommands(ctx) })
	return nil
}

func (b *Bot) getMe(ctx context.Context) (*models.User, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	return b.api.GetMe(ctx)
}

// Verify asks Telegram whether it knows a token, and returns the bot's name.
// The error says what to do.
func Verify(ctx context.Context, token, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	t := &transport{client: &http.Client{}, token: token}
	api, err := tg.New(token, tg.WithSkipGetMe(), tg.WithServerURL(url), tg.WithHTTPClient(time.Minute, t))
	if err != nil {
		return "", err
	}
	me, err := api.GetMe(ctx)
	switch {
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
		return "", rejected()
	case err != nil:
		return "", fmt.Errorf("no answer from Telegram: %s; check the network and TELEGRAM_API_URL", brief(err, token))
	}
	return me.Username, nil
}

// rejected is the error for a token that Telegram does not take.
func rejected() error {
	return fmt.Errorf("%w: TELEGRAM_BOT_TOKEN is wrong or was revoked; ask BotFather for it with /token", errUnauthorized)
}

// setCommands tells Telegram which commands to suggest. Without it the bot
// works as well.
func (b *Bot) setCommands(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	var commands []models.BotCommand
	for _, c := range commandTable {
		if d := say.CommandHelp("en", c.name); d != "" && !c.admin {
			commands = append(commands, models.BotCommand{Command: c.name, Description: d})
		}
	}
	if _, err := b.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: commands}); err != nil {
		b.log.Warn("the list of commands could not be set", "error", brief(err, b.token))
	}
}

// respond carries out a reply. It is called once an update is marked as begun,
// and returns the error of sending.
func (b *Bot) respond(ctx, reindexes context.Context, m message, r reply) error {
	sent, err := b.sender.send(ctx, m, r.text)
	switch {
	case err != nil && unwelcome(err):
		b.log.Info("a chat cannot be written to", "chat", m.chat, "error", brief(err, b.token))
	case errors.As(err, new(notSent)) && ctx.Err() != nil: // put back for the next start
	case err != nil:
		b.log.Error("a reply could not be sent", "chat", m.chat, "error", brief(err, b.token))
	}
	if r.question != "" && err == nil {
		b.threads.remember(m, sent, r.question)
		b.answers.Add(1)
	}
	if r.reindex {
		b.background.Go(func() { b.reindex(reindexes, m, sent) })
	}
	return err
}

// reindex rebuilds the record and reports it by editing message sent.
func (b *Bot) reindex(ctx context.Context, m message, sent int) {
	defer b.reindexing.Store(false)
	progress, stop := b.reporter(ctx, m, sent)
	changes, err := b.rebuild(ctx, progress)
	stop()
	if err != nil {
		b.log.Error("the reindex failed", "error", err)
	} else {
		b.log.Info("reindexed", "articles", changes.Articles, "passages", changes.Passages, "added", len(changes.Added),
			"changed", len(changes.Changed), "removed", len(changes.Removed), "skipped", len(changes.Skipped))
	}
	limit := 10 * time.Minute // Telegram may ask for patience
	if ctx.Err() != nil {
		limit = 5 * time.Second
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	t := plain(reindexText(m.lang, changes, err))
	if sent == 0 {
		_, err = b.sender.send(last, m, t)
	} else {
		err = b.sender.edit(last, m.chat, sent, t)
	}
	if err != nil {
		b.log.Warn("the end of the reindex could not be told", "error", brief(err, b.token))
	}
}

// rebuild rebuilds the index; a panic becomes an error.
func (b *Bot) rebuild(ctx context.Context, progress index.Progress) (c index.Changes, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.log.Error("a reindex panicked", "panic", p, "stack", string(debug.Stack()))
			err = errors.New("a fault in the program; the log has it")
		}
	}()
	return b.index.Rebuild(ctx, progress)
}

// progressEvery is how often the message of a reindex is edited at most.
const progressEvery = 3 * time.Second

// reporter returns a progress function that never waits for Telegram, and a
// function that ends it.
func (b *Bot) reporter(ctx context.Context, m message, sent int) (index.Progress, func()) {
	if sent == 0 {
		return nil, func() {}
	}
	var done, total atomic.Int64
	ctx, cancel := context.WithCancel(ctx)
	var wait sync.WaitGroup
	wait.Go(func() {
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if n := done.Load(); n > 0 {
				if err := b.sender.edit(ctx, m.chat, sent, plain(say.Text(m.lang, say.ReindexAt, n, total.Load()))); err != nil && ctx.Err() == nil {
					b.log.Debug("progress could not be told", "error", brief(err, b.token))
				}
			}
		}
	})
	return func(d, t int) { done.Store(int64(d)); total.Store(int64(t)) }, func() { cancel(); wait.Wait() }
}
