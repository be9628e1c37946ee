// Package bot is On Record in Telegram.
//
// A message walks one road: update → message (update.go) → addressed
// (address.go) → reply (decide.go, which asks the index and sends nothing) →
// text with entities (compose.go) → sent (send.go). So do presses on buttons
// (press.go) and inline queries (inline.go). Around it: poll.go receives,
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
	// KeepQuestions keeps the text of rated questions in DataDir, for 90 days.
	KeepQuestions bool
	// RateInGroups shows the buttons for ratings in groups too.
	RateInGroups bool
	Index        Searcher
	Log          *slog.Logger
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
	feedback   *feedback
	asking     *crowd // questions and commands
	pressed    *crowd // presses on buttons
	searched   *crowd // inline queries, one a letter
	me         models.User
	started    time.Time
	answers    atomic.Int64
	asked      atomic.Int64 // the offset of the last request for updates
	reindexing atomic.Bool

	rateInGroups bool
	background   sync.WaitGroup // what runs beside the messages
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
		asking: newCrowd(20), pressed: newCrowd(60), searched: newCrowd(240), rateInGroups: o.RateInGroups,
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
	if b.feedback, err = openFeedback(o.DataDir, o.KeepQuestions); err != nil {
		return nil, err
	}
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
	if !b.me.CanJoinGroups {
		b.log.Info("the bot cannot be added to groups; to allow it, send /setjoingroups to BotFather")
	}
	b.background.Go(func() { b.setProfile(ctx) })
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

// respond carries out a reply. effect is set once a request has, or may have,
// had an effect. It returns the error of the last request.
func (b *Bot) respond(ctx, reindexes context.Context, m mark, effect *bool, e event, r reply) error {
	done := func(err error) error {
		*effect = *effect || !errors.As(err, new(notSent))
		return err
	}
	switch e := e.(type) {
	case message:
		return b.respondMessage(ctx, reindexes, m, done, e, r)
	case surplus:
		_, err := b.sender.send(ctx, e.place(), m, r.text, nil)
		return b.logged(e.chat, done(err))
	case membership:
		_, err := b.sender.send(ctx, place{chat: e.chat}, m, r.text, nil)
		return b.logged(e.chat, done(err))
	case press:
		err := done(b.sender.answerPress(ctx, e.id, m, r.toast))
		if err == nil && r.text != nil {
			err = done(b.sender.edit(ctx, e.chat, r.replaces, m, r.text, r.buttons))
		}
		return b.logged(e.chat, err)
	case search:
		return b.logged(0, done(b.sender.answerSearch(ctx, m, r.results.params(e.id))))
	}
	return nil
}

func (b *Bot) respondMessage(ctx, reindexes context.Context, m mark, done func(error) error, e message, r reply) error {
	var err error
	sent := r.replaces
	if sent != 0 {
		err = b.sender.edit(ctx, e.chat, sent, m, r.text, r.buttons)
	} else {
		sent, err = b.sender.send(ctx, e.place(), m, r.text, r.buttons)
	}
	if err = done(err); err != nil && unwelcome(err) {
		b.sender.shut(e.chat, e.date)
	}
	if r.asked != nil && err == nil {
		r.asked.answer = sent
		b.threads.remember(e, *r.asked)
		b.answers.Add(1)
	}
	switch {
	case r.reindex && ctx.Err() != nil:
		b.reindexing.Store(false)
	case r.reindex:
		b.background.Go(func() { b.reindex(reindexes, e, sent) })
	}
	return b.logged(e.chat, err)
}

// logged logs what went wrong in a chat, by how much it matters.
func (b *Bot) logged(chat int64, err error) error {
	switch {
	case err == nil, errors.As(err, new(notSent)): // put back for the next start
	case unwelcome(err):
		b.log.Info("a chat cannot be written to", "chat", chat, "error", brief(err, b.token))
	default:
		b.log.Error("a reply could not be sent", "chat", chat, "error", brief(err, b.token))
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
		_, err = b.sender.send(last, m.place(), unmarked, t, nil)
	} else {
		err = b.sender.edit(last, m.chat, sent, unmarked, t, nil)
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
				if err := b.sender.edit(ctx, m.chat, sent, unmarked, plain(say.Text(m.lang, say.ReindexAt, n, total.Load())), nil); err != nil && ctx.Err() == nil {
					b.log.Debug("progress could not be told", "error", brief(err, b.token))
				}
			}
		}
	})
	return func(d, t int) { done.Store(int64(d)); total.Store(int64(t)) }, func() { cancel(); wait.Wait() }
}
