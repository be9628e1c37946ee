package bot

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"onrecord/bot/say"
	"onrecord/index"
)

// pressRule is a kind of button: the word that its data opens with, and what
// to do about a press. A new kind is a line in the table.
type pressRule struct {
	word   string
	decide func(b *Bot, ctx context.Context, p press, rest string) reply
}

var pressTable = []pressRule{
	{"page", (*Bot).pressPage},
	{"around", (*Bot).pressAround},
	{"sources", (*Bot).pressSources},
	{"good", func(b *Bot, ctx context.Context, p press, rest string) reply {
		return b.pressRating(ctx, p, true, rest)
	}},
	{"bad", func(b *Bot, ctx context.Context, p press, rest string) reply {
		return b.pressRating(ctx, p, false, rest)
	}},
}

func pageData(start int) string              { return "page:" + strconv.Itoa(start) }
func aroundData(ref string, page int) string { return "around:" + ref + ":" + strconv.Itoa(page) }
func sourcesData(offset int) string          { return "sources:" + strconv.Itoa(offset) }

// decidePress works out what a press on a button does. Every press gets an
// answer, if only an empty one.
func (b *Bot) decidePress(ctx context.Context, p press) reply {
	if ok, _ := b.pressed.admit(p.from, time.Now()); !ok {
		return reply{toast: say.Text(p.lang, say.TooMany)}
	}
	word, rest, _ := strings.Cut(p.data, ":")
	for _, rule := range pressTable {
		if rule.word == word && p.message != 0 {
			r := rule.decide(b, ctx, p, rest)
			r.replaces = p.message
			return r
		}
	}
	return reply{toast: say.Text(p.lang, say.OutOfDate)}
}

// viewer is for whom something is shown.
type viewer struct {
	lang    string
	private bool
}

// mostQuotes is how many quotes More leads through.
const mostQuotes = 10

// page answers a question with the quotes from start on.
func (b *Bot) page(ctx context.Context, v viewer, asked thread, start int) reply {
	a, err := b.index.Ask(ctx, index.Question{Text: asked.question, After: asked.after, Limit: mostQuotes})
	switch {
	case err != nil:
		b.log.Error("a question could not be answered", "error", err)
		return reply{text: plain(say.Text(v.lang, say.Failed))}
	case !a.Answered && v.private:
		return reply{text: plain(strings.TrimSpace(say.Text(v.lang, say.Nothing, say.Topic(v.lang, b.index)))), asked: &asked}
	case !a.Answered:
		return reply{text: plain(say.Text(v.lang, say.NothingGroup)), asked: &asked}
	}
	quotes := worthShowing(a.Quotes)
	if start < 0 || start >= len(quotes) {
		start = 0
	}
	t, next := pageText(v.lang, quotes, start, room(v.private))
	var onward button
	switch {
	case next < len(quotes):
		onward = button{text: say.Text(v.lang, say.More), data: pageData(next)}
	case start > 0:
		onward = button{text: say.Text(v.lang, say.First), data: pageData(0)}
	}
	best := quotes[start]
	ref := best.Reference()
	ways := row(onward, button{text: say.Text(v.lang, say.Around), data: aroundData(ref, start)}, button{text: say.Text(v.lang, say.Source), url: fitting(say.Link(best))})
	var ratings []button
	if v.private || b.rateInGroups {
		ratings = append(row(button{text: "👍", data: "good:" + ref}, button{text: "👎", data: "bad:" + ref}), b.shareButton(v.lang, ref)...)
	}
	return reply{text: t, buttons: rows(ways, ratings), asked: &asked}
}

// leastScore is the chance of holding the answer that a further quote has at
// least: what is below it wastes the reader's time.
const leastScore = .002

// worthShowing leaves out further quotes that hardly answer. Of the first
// three none is left out: one of them may be the other side's.
func worthShowing(quotes []index.Quote) []index.Quote {
	for i, q := range quotes {
		if i >= onPage && q.Score < leastScore {
			return quotes[:i]
		}
	}
	return quotes
}

// shareButton sends a quote on to another chat: a link that opens it with the
// bot.
func (b *Bot) shareButton(lang, ref string) []button {
	link := "https://t.me/" + b.me.Username + "?start=" + ref
	return row(button{text: say.Text(lang, say.Share), url: "https://t.me/share/url?url=" + url.QueryEscape(link)})
}

// pressPage turns to another page of an answer.
func (b *Bot) pressPage(ctx context.Context, p press, rest string) reply {
	start, err := strconv.Atoi(rest)
	asked, ok := b.askedBy(p)
	if err != nil || !ok {
		return reply{toast: say.Text(p.lang, say.OutOfDate)}
	}
	return b.page(ctx, viewer{p.lang, p.private}, asked, start)
}

// askedBy finds the question that the message with the button answers: what is
// remembered, or after a restart the message that it replies to.
func (b *Bot) askedBy(p press) (thread, bool) {
	if t, ok := b.threads.find(p.chat, byAnswer, p.message); ok {
		return t, true
	}
	if p.question == nil {
		return thread{}, false
	}
	a, _ := address(*p.question, b.me.ID, b.me.Username)
	if a.command != "" && a.command != "ask" {
		return thread{}, false
	}
	return thread{question: a.question, answer: p.message}, a.question != ""
}

// pressAround shows a quote where it stands, with a way back.
func (b *Bot) pressAround(_ context.Context, p press, rest string) reply {
	ref, page, _ := strings.Cut(rest, ":")
	start, _ := strconv.Atoi(page)
	c, err := b.index.Context(ref)
	switch {
	case errors.Is(err, index.ErrGone):
		return reply{toast: say.Text(p.lang, say.OutOfDate)}
	case err != nil:
		b.log.Error("a quote's context could not be read", "error", err)
		return reply{toast: say.Text(p.lang, say.Failed)}
	}
	back := button{text: say.Text(p.lang, say.Back), data: pageData(start)}
	source := button{text: say.Text(p.lang, say.Source), url: fitting(say.Link(c.Quote))}
	r := reply{text: contextText(p.lang, c, p.private), buttons: rows(row(back, source))}
	if asked, ok := b.askedBy(p); ok {
		r.asked = &asked
	}
	return r
}

// linked shows the quote that a link to the bot names.
func (b *Bot) linked(lang, ref string) reply {
	c, err := b.index.Context(ref)
	if err != nil {
		if !errors.Is(err, index.ErrGone) {
			b.log.Error("a quote could not be read", "error", err)
		}
		return reply{text: plain(say.Text(lang, say.Gone))}
	}
	t, _ := pageText(lang, []index.Quote{c.Quote}, 0, longestMessage)
	around := button{text: say.Text(lang, say.Around), data: aroundData(ref, 0)}
	source := button{text: say.Text(lang, say.Source), url: fitting(say.Link(c.Quote))}
	return reply{text: t, buttons: rows(row(around, source), b.shareButton(lang, ref))}
}

func (b *Bot) pressSources(_ context.Context, p press, rest string) reply {
	offset, err := strconv.Atoi(rest)
	if err != nil || offset < 0 {
		return reply{toast: say.Text(p.lang, say.OutOfDate)}
	}
	return b.sourcesPage(p.lang, offset)
}

// pressRating counts a rating. The message stays as it is.
func (b *Bot) pressRating(_ context.Context, p press, good bool, ref string) reply {
	c, err := b.index.Context(ref)
	if err != nil {
		return reply{toast: say.Text(p.lang, say.OutOfDate)}
	}
	asked, _ := b.askedBy(p)
	err = b.feedback.rate(rating{Good: good, Article: c.Quote.Article, Paragraph: c.Quote.Paragraph, Start: c.Quote.Start, End: c.Quote.End},
		voter{p.chat, p.message, p.from}, asked, c.Quote.Text)
	switch {
	case err != nil:
		b.log.Error("a rating could not be kept", "error", err)
		return reply{toast: say.Text(p.lang, say.Failed)}
	case good:
		return reply{toast: say.Text(p.lang, say.ThanksGood)}
	}
	return reply{toast: say.Text(p.lang, say.ThanksBad)}
}
