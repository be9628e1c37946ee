package index

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"onrecord/corpus"
)

// FuzzContext holds that whatever a reference says, what it shows is whole
// sentences of an article, and that a quote's own reference shows that quote.
func FuzzContext(f *testing.F) {
	x := open(f, Options{Corpus: opener(corpus.Event())})
	for _, q := range ask(f, x, "Who says no such attack happened?").Quotes {
		f.Add(q.Reference())
		c, err := x.Context(q.Reference())
		if err != nil || c.Quote.Text != q.Text || c.Quote.Speaker != q.Speaker || c.Quote.Link != q.Link {
			f.Errorf("%q gives %q, %v", q.Text, c.Quote.Text, err)
		}
		if len(q.Reference()) > 40 || strings.ContainsAny(q.Reference(), "+/=. ") {
			f.Errorf("reference %s", q.Reference())
		}
	}
	articles := make(map[string]*corpus.Article)
	for file := range corpus.Load(context.Background(), corpus.Event()) {
		articles[file.Article.ID] = file.Article
	}
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, reference string) {
		c, err := x.Context(reference)
		if err != nil {
			if !errors.Is(err, ErrGone) {
				t.Errorf("%q: %v", reference, err)
			}
			return
		}
		p := articles[c.Quote.Article].Paragraphs[c.Quote.Paragraph]
		opens := slices.ContainsFunc(p.Sentences, func(s corpus.Span) bool { return s.Start == c.Quote.Start })
		closes := slices.ContainsFunc(p.Sentences, func(s corpus.Span) bool { return s.End == c.Quote.End })
		if !opens || !closes || c.Head+c.Quote.Text+c.Tail != p.Text || c.Quote.Text != p.Text[c.Quote.Start:c.Quote.End] {
			t.Errorf("%q shows %q of %q", reference, c.Quote.Text, p.Text)
		}
	})
}
