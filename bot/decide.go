package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"onrecord/bot/say"
	"onrecord/index"
)

// Searcher is what the bot needs of an index.
type Searcher interface {
	Ask(context.Context, index.Question) (index.Answer, error)
	Context(reference string) (index.Context, error)
	Rebuild(context.Context, index.Progress) (index.Changes, error)
	Sources(offset, limit int) ([]index.Source, int, error)
	Topics() (titles []string, articles int)
	Status() index.Status
}

// reply is what to do about an event: something to say, and perhaps work to
// begin after it is said. The zero reply is silence.
type reply struct {
	text     *text
	buttons  keyboard
	replaces int     // the message of ours whose place text takes; 0 to send a new one
	asked    *thread // what text answers, for follow-ups and buttons
	toast    string  // what whoever pressed a button sees for a moment
	results  *results
	reindex  bool // begin a reindex and report it by editing the reply
}

// commandRule is one command of the bot. A new one is a line in the table and
// its description in the files of say.
type commandRule struct {
	name   string
	in     scope
	decide func(b *Bot, ctx context.Context, m message, rest string) reply
}

// scope is where a command is suggested.
type scope int

const (
	everywhere scope = iota
	inPrivate
	forAdmins // and taken from nobody else
)

var commandTable = []commandRule{
	{"ask", everywhere, (*Bot).decideAsk},
	{"sources", everywhere, (*Bot).decideSources},
	{"help", everywhere, (*Bot).decideHelp},
	{"about", everywhere, (*Bot).decideAbout},
	{"privacy", everywhere, (*Bot).decidePrivacy},
	{"start", inPrivate, (*Bot).decideStart},
	{"reindex", forAdmins, (*Bot).decideReindex},
	{"status", forAdmins, (*Bot).decideStatus},
}

// staleAfter is the age from which a question in a group gets no answer: after
// downtime the talk has moved on.
const staleAfter = 10 * time.Minute

// decide works out what to do about an event. It sends nothing.
func (b *Bot) decide(ctx context.Context, e event) reply {
	switch e := e.(type) {
	case message:
		return b.decideMessage(ctx, e)
	case surplus:
		return reply{text: plain(say.Text(e.lang, say.TooMany))}
	case press:
		return b.decidePress(ctx, e)
	case search:
		return b.decideSearch(ctx, e)
	case membership:
		return b.decideMembership(e)
	case migration:
		b.sender.move(e.from, e.to)
		b.threads.forget(e.from)
	}
	return reply{}
}

func (b *Bot) decideMessage(ctx context.Context, m message) reply {
	if !m.private && time.Since(m.date) > staleAfter || !b.sender.open(m.chat, m.date) {
		return reply{}
	}
	a, forMe := address(m, b.me.ID, b.me.Username)
	switch {
	case !forMe:
		return reply{}
	case m.edited:
		return b.decideEdit(ctx, m, a)
	case a.command != "":
		return b.decideCommand(ctx, m, a)
	case m.textless:
		return reply{text: plain(say.Text(m.lang, say.NoText))}
	case a.question == "":
		return reply{text: plain(say.Text(m.lang, say.AskHow))}
	}
	return b.answer(ctx, m, a.question)
}

func (b *Bot) decideCommand(ctx context.Context, m message, a addressed) reply {
	for _, c := range commandTable {
		if c.name != a.command {
			continue
		}
		if c.in == forAdmins {
			if refusal, refused := b.refuse(m); refused {
				return refusal
			}
		}
		return c.decide(b, ctx, m, a.question)
	}
	if m.private && !m.forwarded {
		return reply{text: plain(say.Text(m.lang, say.Unknown))}
	}
	return reply{}
}

// decideEdit answers an edited question anew in the place of its answer. In a
// group what was not answered before is left alone.
func (b *Bot) decideEdit(ctx context.Context, m message, a addressed) reply {
	question := a.question
	switch {
	case a.command != "" && a.command != "ask":
		return reply{}
	case question == "" && !m.toMe:
		question = strings.TrimSpace(m.replied)
	}
	before, answered := b.threads.find(m.chat, byQuestion, m.id)
	switch {
	case question == "" || answered && before.question == question:
		return reply{}
	case answered:
		r := b.page(ctx, viewer{m.lang, m.private}, thread{question: question, after: before.after}, 0)
		r.replaces = before.answer
		return r
	case !m.private || time.Since(m.date) > staleAfter:
		return reply{}
	}
	return b.answer(ctx, m, question)
}

// refuse turns down a command for admins that does not come from one, or not
// in a way that proves it.
func (b *Bot) refuse(m message) (reply, bool) {
	switch {
	case m.anonymous:
		return reply{text: plain(say.Text(m.lang, say.NotAnonymous))}, true
	case !b.admins[m.from]:
		return reply{text: plain(say.Text(m.lang, say.AdminsOnly))}, true
	case m.forwarded:
		return reply{text: plain(say.Text(m.lang, say.NotForward))}, true
	}
	return reply{}, false
}

// answer looks a question up.
func (b *Bot) answer(ctx context.Context, m message, question string) reply {
	return b.page(ctx, viewer{m.lang, m.private}, thread{question: question, after: b.threads.before(m)}, 0)
}

func (b *Bot) decideAsk(ctx context.Context, m message, rest string) reply {
	if rest == "" && !m.toMe {
		rest = strings.TrimSpace(m.replied)
	}
	if rest == "" {
		return reply{text: plain(say.Text(m.lang, say.AskHow))}
	}
	return b.answer(ctx, m, rest)
}

// decideStart greets, or shows the quote that a link to the bot names.
func (b *Bot) decideStart(_ context.Context, m message, rest string) reply {
	switch {
	case !m.private:
		return reply{text: plain(b.greeting(m.lang))}
	case rest == "" || rest == startPlain:
		return reply{text: plain(say.Text(m.lang, say.Start, say.Topic(m.lang, b.index)))}
	}
	return b.linked(m.lang, rest)
}

// greeting is how the bot introduces itself to a group.
func (b *Bot) greeting(lang string) string {
	if b.me.CanReadAllGroupMessages {
		return say.Text(lang, say.StartGroup, b.me.Username)
	}
	return say.Text(lang, say.StartGroupHidden, b.me.Username)
}

// decideMembership greets a group that the bot was added to, and forgets a
// chat that it was removed from.
func (b *Bot) decideMembership(c membership) reply {
	if !c.came {
		b.threads.forget(c.chat)
		return reply{}
	}
	b.sender.reopen(c.chat)
	if c.private {
		return reply{}
	}
	return reply{text: plain(b.greeting(c.lang))}
}

func (b *Bot) decideHelp(_ context.Context, m message, _ string) reply {
	help := say.Text(m.lang, say.Help, b.me.Username)
	if m.private && b.admins[m.from] {
		help += say.Text(m.lang, say.HelpAdmin)
	}
	return reply{text: plain(help)}
}

func (b *Bot) decideAbout(_ context.Context, m message, _ string) reply {
	return reply{text: plain(say.Text(m.lang, say.About, say.Topic(m.lang, b.index)))}
}

func (b *Bot) decidePrivacy(_ context.Context, m message, _ string) reply {
	kept := say.PrivacyNotKept
	if b.feedback.keeps() {
		kept = say.PrivacyKept
	}
	what := say.Text(m.lang, kept)
	if b.inbox.kept() {
		what = say.Text(m.lang, say.PrivacyJournal) + " " + what
	}
	return reply{text: plain(say.Text(m.lang, say.Privacy, what))}
}

func (b *Bot) decideSources(_ context.Context, m message, _ string) reply {
	return b.sourcesPage(m.lang, 0)
}

// sourcesShown is how many articles a page of /sources lists.
const sourcesShown = 15

// sourcesPage lists articles from offset on.
func (b *Bot) sourcesPage(lang string, offset int) reply {
	sources, total, err := b.index.Sources(offset, sourcesShown)
	if err != nil {
		b.log.Error("the sources could not be listed", "error", err)
		return reply{text: plain(say.Text(lang, say.Failed))}
	}
	t, shown := sourcesText(lang, sources, offset, total)
	var previous, next button
	if offset > 0 {
		previous = button{text: say.Text(lang, say.Previous), data: sourcesData(max(0, offset-sourcesShown))}
	}
	if offset+shown < total {
		next = button{text: say.Text(lang, say.Next), data: sourcesData(offset + shown)}
	}
	return reply{text: t, buttons: rows(row(previous, next))}
}

func (b *Bot) decideReindex(_ context.Context, m message, _ string) reply {
	if !b.reindexing.CompareAndSwap(false, true) {
		return reply{text: plain(say.Text(m.lang, say.ReindexBusy))}
	}
	return reply{text: plain(say.Text(m.lang, say.Reindexing)), reindex: true}
}

func (b *Bot) decideStatus(_ context.Context, m message, _ string) reply {
	s := b.index.Status()
	kept, busy := say.StatusMemory, ""
	if s.OnDisk {
		kept = say.StatusDisk
	}
	if b.reindexing.Load() {
		busy = say.Text(m.lang, say.StatusBusy)
	}
	good, bad := b.feedback.counts()
	return reply{text: plain(say.Text(m.lang, say.Status, say.Count(m.lang, s.Articles, say.Article), say.Count(m.lang, s.Passages, say.Passage),
		say.Count(m.lang, s.Skipped, say.File), s.Built.Format("2006-01-02 15:04 MST"), say.Text(m.lang, kept), busy, time.Since(b.started).Round(time.Second),
		say.Count(m.lang, int(b.answers.Load()), say.Question), max(0, b.inbox.size()-1), good, bad))}
}

// reindexText says how a reindex ended.
func reindexText(lang string, c index.Changes, err error) string {
	switch {
	case err == nil:
		return say.Text(lang, say.ReindexDone, say.Changes(lang, c, 10))
	case errors.Is(err, index.ErrBusy):
		return say.Text(lang, say.ReindexBusy)
	case errors.Is(err, context.Canceled):
		return say.Text(lang, say.ReindexStopped)
	}
	return say.Text(lang, say.ReindexFailed, fmt.Sprint(err))
}
