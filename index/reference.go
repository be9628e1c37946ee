package index

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"onrecord/corpus"
)

// ErrGone says that what a reference names is not on record, or not any more.
var ErrGone = errors.New("that quote is not on record any more")

// Reference names the quote in 14 to 40 characters of A-Z, a-z, 0-9, _ and -,
// which go into a link. It holds as long as the paragraph does not change.
func (q Quote) Reference() string {
	b := articleKey(q.Article)
	for _, n := range []int{q.Paragraph, q.Start, q.End - q.Start} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

const articleKeySize = 6

func articleKey(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:articleKeySize]
}

// Context is a quote where it stands.
type Context struct {
	Quote  Quote
	Before string // the paragraph before its own; empty at the start
	Head   string // its own paragraph up to the quote
	Tail   string // and after it
	After  string // the paragraph after its own; empty at the end
}

// Context returns the quote that a reference names, and what stands around it.
// Only whole sentences can be named. It returns ErrGone where there is no such
// quote.
func (x *Index) Context(reference string) (Context, error) {
	s := x.acquire()
	if s == nil {
		return Context{}, errClosed
	}
	defer x.release(s)
	return s.context(reference)
}

func (r *record) context(reference string) (Context, error) {
	key, paragraph, span, err := parseReference(reference)
	if err != nil {
		return Context{}, err
	}
	article, err := r.articleOf(key)
	if err != nil {
		return Context{}, err
	}
	for n := article.First; n < article.First+article.Count; n++ {
		p, err := r.store.passage(n)
		if err != nil {
			return Context{}, err
		}
		if p.paragraph > paragraph {
			break
		}
		if p.paragraph == paragraph && p.wholeSentences(span) {
			return r.around(article, n, p, span)
		}
	}
	return Context{}, ErrGone
}

// parseReference takes a reference apart. The span counts from the start of
// the paragraph.
func parseReference(reference string) (key []byte, paragraph int, span corpus.Span, err error) {
	b, err := base64.RawURLEncoding.DecodeString(reference)
	if err != nil || len(b) < articleKeySize {
		return nil, 0, corpus.Span{}, ErrGone
	}
	d := decoder{b: b[articleKeySize:]}
	paragraph, span.Start = d.number(), d.number()
	span.End = span.Start + d.number()
	if d.bad || len(d.b) > 0 {
		return nil, 0, corpus.Span{}, ErrGone
	}
	return b[:articleKeySize], paragraph, span, nil
}

// articleOf finds the article whose id has a key.
func (r *record) articleOf(key []byte) (articleMeta, error) {
	for _, n := range r.articles {
		meta, err := r.store.article(n)
		if err != nil {
			return meta, err
		}
		if slices.Equal(articleKey(meta.ID), key) {
			return meta, nil
		}
	}
	return articleMeta{}, ErrGone
}

// wholeSentences reports whether a span of the paragraph is one or more whole
// sentences of the passage.
func (p *passage) wholeSentences(span corpus.Span) bool {
	opens, closes := false, false
	for _, s := range p.sentences {
		opens = opens || p.base+s.Start == span.Start
		closes = closes || p.base+s.End == span.End
	}
	return opens && closes && span.Start < span.End
}

// around gives passage n of an article with what stands beside it.
func (r *record) around(article articleMeta, n int, p *passage, span corpus.Span) (Context, error) {
	own := corpus.Span{Start: span.Start - p.base, End: span.End - p.base}
	c := Context{Quote: quoteOf(&article, p, own), Head: p.text[:own.Start], Tail: p.text[own.End:]}
	if st, speakers, _ := p.speakerIn(own); speakers == 1 {
		c.Quote.Speaker, c.Quote.Role, c.Quote.Direct = st.speaker, st.role, st.direct
	}
	if err := r.addCopies(&c.Quote, p.article, p.paragraph); err != nil {
		return Context{}, err
	}
	for _, beside := range []struct {
		number int
		text   *string
	}{{n - 1, &c.Before}, {n + 1, &c.After}} {
		if beside.number < article.First || beside.number >= article.First+article.Count {
			continue
		}
		q, err := r.store.passage(beside.number)
		if err != nil {
			return Context{}, fmt.Errorf("the paragraph beside it: %w", err)
		}
		*beside.text = q.text
	}
	return c, nil
}
