package bot

import (
	"context"
	"strconv"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onrecord/bot/say"
	"onrecord/index"
)

// results is what an inline query finds.
type results struct {
	quotes  []index.Quote
	lang    string
	next    string // the offset of the next page; empty on the last
	hint    string // of the button above the results
	isFresh bool   // the record has just changed: not to be kept for long
}

const (
	inlineShown = 10
	inlineMost  = 30
	keepResults = 5 * time.Minute
	keepFresh   = 10 * time.Second
	startPlain  = "ask" // the link behind the button above the results
)

// decideSearch answers an inline query: each quote is a result.
func (b *Bot) decideSearch(ctx context.Context, s search) reply {
	if ok, _ := b.searched.admit(s.from, time.Now()); !ok {
		return reply{} // what is typed so fast nobody reads
	}
	r := &results{lang: s.lang, isFresh: time.Since(b.index.Status().Built) < 2*keepResults}
	if s.text == "" {
		r.hint = say.Text(s.lang, say.InlineTipText)
		return reply{results: r}
	}
	offset, err := strconv.Atoi(s.offset)
	if err != nil || offset < 0 || offset >= inlineMost {
		offset = 0
	}
	a, err := b.index.Ask(ctx, index.Question{Text: s.text, Limit: inlineMost})
	if err != nil {
		b.log.Error("an inline query could not be answered", "error", err)
	}
	quotes := worthShowing(a.Quotes)
	if err != nil || !a.Answered || offset >= len(quotes) {
		r.hint = say.Text(s.lang, say.InlineNothing)
		return reply{results: r}
	}
	end := min(offset+inlineShown, len(quotes))
	r.quotes = quotes[offset:end]
	if end < len(quotes) {
		r.next = strconv.Itoa(end)
	}
	return reply{results: r}
}

// params turns results into what Telegram takes.
func (r *results) params(query string) *tg.AnswerInlineQueryParams {
	keep := keepResults
	if r.isFresh {
		keep = keepFresh
	}
	out := &tg.AnswerInlineQueryParams{
		InlineQueryID: query, Results: []models.InlineQueryResult{}, CacheTime: int(keep.Seconds()), IsPersonal: true, NextOffset: r.next,
	}
	if r.hint != "" {
		out.Button = &models.InlineQueryResultsButton{Text: r.hint, StartParameter: startPlain}
	}
	seen := make(map[string]bool)
	for _, q := range r.quotes {
		ref := q.Reference()
		if seen[ref] {
			continue
		}
		seen[ref] = true
		t, _ := pageText(r.lang, []index.Quote{q}, 0, longestMessage)
		result := &models.InlineQueryResultArticle{
			ID: ref, Title: resultTitle(q), Description: shorten(q.Text, 250),
			InputMessageContent: models.InputTextMessageContent{MessageText: t.b.String(), Entities: t.entities, LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()}},
		}
		if k := rows(row(button{text: say.Text(r.lang, say.Source), url: fitting(say.Link(q))})); k != nil {
			result.ReplyMarkup = k.markup()
		}
		out.Results = append(out.Results, result)
	}
	return out
}

// resultTitle names the source of a quote, and who speaks in it.
func resultTitle(q index.Quote) string {
	source := q.Article
	for _, name := range []string{q.Publisher, q.Title} {
		if name != "" {
			source = name
			break
		}
	}
	if q.Speaker != "" {
		source = shorten(q.Speaker, 60) + " · " + source
	}
	return shorten(source, 120)
}
