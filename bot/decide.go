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
	Rebuild(context.Context, index.Progress) (index.Changes, error)
	Sources(offset, limit int) ([]index.Source, int, error)
	Topics() (titles []string, articles int)
	Status() index.Status
}

// reply is what to do about a message: something to say, and perhaps work to
// begin after it is said. Nothing to say is silence.
type reply struct {
	text     *text
	question string // that text answers, for follow-ups
	reindex  bool   // begin a reindex and report it by editing the reply
}

// commandRule is one command of the bot. A new one is a line in the table.
type commandRule struct {
	name   string
	admin  bool
	decide func(b *Bot, ctx context.Context, m message, rest string) reply
}

var commandTable = []commandRule{
	{"ask", false, (*Bot).decideAsk},
	{"start", false, (*Bot).decideStart},
	{"help", false, (*Bot).decideHelp},
	{"sources", false, (*Bot).decideSources},
	{"reindex", true, (*Bot).decideReindex},
	{"status", true, (*Bot).decideStatus},
}

// staleAfter is the age from which a question in a group gets no answer: after
// downtime the talk has moved on.
const staleAfter = 10 * time.Minute

// decide works out what to say to a message. It sends nothing.
func (b *Bot) decide(ctx context.Context, m message) reply {
	if m.added {
		return reply{text: plain(say.Text(m.lang, say.StartGroup))}
	}
	if !m.private && time.Since(m.date) > staleAfter {
		return reply{}
	}
	a, forMe := address(m, b.me.ID, b.me.Username)
	switch {
	case !forMe:
		return reply{}
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
		if c.admin {
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

// refuse turns down a command for admins that does not come from one, or not
// in a way that proves it.
func (b *Bot) refuse(m message) (reply, bool) {
	switch {
	case m.anonymous:
		return reply{text: plain(say.Text(m.lang, say.NotAnon))}, true
	case !b.admins[m.from]:
		return reply{text: plain(say.Text(m.lang, say.AdminsOnly))}, true
	case m.forwarded:
		return reply{text: plain(say.Text(m.lang, say.NotForward))}, true
	}
	return reply{}, false
}

// answer looks a question up.
func (b *Bot) answer(ctx context.Context, m message, question string) reply {
	a, err := b.index.Ask(ctx, index.Question{Text: question, After: b.threads.before(m), Limit: mostQuotes})
	if err != nil {
		b.log.Error("a question could not be answered", "error", err)
		return reply{text: plain(say.Text(m.lang, say.Failed))}
	}
	if !a.Answered {
		return reply{text: plain(strings.TrimSpace(say.Text(m.lang, say.Nothing, say.Topic(b.index)))), question: question}
	}
	return reply{text: answerText(a, m.private), question: question}
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

func (b *Bot) decideStart(_ context.Context, m message, _ string) reply {
	if !m.private {
		return reply{text: plain(say.Text(m.lang, say.StartGroup))}
	}
	return reply{text: plain(say.Text(m.lang, say.Start, say.Topic(b.index)))}
}

func (b *Bot) decideHelp(_ context.Context, m message, _ string) reply {
	help := say.Text(m.lang, say.Help, b.me.Username)
	if m.private && b.admins[m.from] {
		help += say.Text(m.lang, say.HelpAdmin)
	}
	return reply{text: plain(help)}
}

// sourcesShown is how many articles /sources lists.
const sourcesShown = 20

func (b *Bot) decideSources(_ context.Context, m message, _ string) reply {
	sources, total, err := b.index.Sources(0, sourcesShown)
	if err != nil {
		b.log.Error("the sources could not be listed", "error", err)
		return reply{text: plain(say.Text(m.lang, say.Failed))}
	}
	return reply{text: sourcesText(m.lang, sources, total)}
}

func (b *Bot) decideReindex(_ context.Context, m message, _ string) reply {
	if !b.reindexing.CompareAndSwap(false, true) {
		return reply{text: plain(say.Text(m.lang, say.ReindexBusy))}
	}
	return reply{text: plain(say.Text(m.lang, say.Reindexing)), reindex: true}
}

func (b *Bot) decideStatus(_ context.Context, m message, _ string) reply {
	s := b.index.Status()
	kept, busy := "in memory", ""
	if s.OnDisk {
		kept = "on disk"
	}
	if b.reindexing.Load() {
		busy = " A reindex is running."
	}
	return reply{text: plain(say.Text(m.lang, say.Status, say.Count(s.Articles, "article"), say.Count(s.Passages, "passage"), say.Count(s.Skipped, "file"),
		s.Built.Format("2006-01-02 15:04 MST"), kept, busy, time.Since(b.started).Round(time.Second), say.Count(int(b.answers.Load()), "question"), max(0, b.inbox.size()-1)))}
}

// reindexText says how a reindex ended.
func reindexText(lang string, c index.Changes, err error) string {
	switch {
	case err == nil:
		return say.Text(lang, say.ReindexDone, say.Changes(c, 10))
	case errors.Is(err, index.ErrBusy):
		return say.Text(lang, say.ReindexBusy)
	case errors.Is(err, context.Canceled):
		return say.Text(lang, say.ReindexStop)
	}
	return say.Text(lang, say.ReindexFail, fmt.Sprint(err))
}
