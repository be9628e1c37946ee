package index

import (
	"context"
	"errors"
	"io"
	"runtime/debug"
	"slices"
	"time"

	"onrecord/corpus"
)

// record is one immutable state of everything on record: the postings of its
// passages, their texts and the manifest. It is safe for concurrent use.
type record struct {
	postings  *postings
	store     *store
	files     []io.Closer // of the store
	articles  []int       // the numbers of those on record, in the order of their files
	live      []bool      // by article number: on record; nil where all are
	manifest  manifest
	languages map[string]int   // passages by language
	ranker    *ranker          // nil for the embedded one
	folder    string           // empty in memory
	copies    map[int][]copied // of articles, by the number of the one whose text is kept
}

func (r *record) model() (*ranker, error) {
	if r.ranker != nil {
		return r.ranker, nil
	}
	return theRanker()
}

// holds reports whether an article of the store is on record.
func (r *record) holds(article int) bool {
	return r.live == nil || article >= 0 && article < len(r.live) && r.live[article]
}

// warm reads what takes long of a large record, so that no question need wait.
func (r *record) warm() {
	if r.postings.docs > wholeDocs {
		r.postings.vocabulary()
		debug.FreeOSMemory() // building and opening leave much behind
	}
}

func (r *record) close() error {
	err := r.postings.close()
	for _, f := range r.files {
		err = errors.Join(err, f.Close())
	}
	return err
}

// language returns the language of most of the record.
func (r *record) language() string {
	best, most := "en", 0
	for lang, n := range r.languages {
		if n > most || n == most && lang < best {
			best, most = lang, n
		}
	}
	return best
}

// defaultLimit is how many quotes an answer holds unless more are wanted.
const defaultLimit = 3

// ask walks a question through: understood, expanded, candidates, ranked,
// quotes.
func (r *record) ask(ctx context.Context, question Question) (Answer, error) {
	start := time.Now()
	if question.Limit <= 0 {
		question.Limit = defaultLimit
	}
	answer := Answer{Question: question.Text, Quotes: []Quote{}}
	ranked, err := r.answerRanking(ctx, question)
	if err != nil {
		return answer, err
	}
	if len(ranked.passages) > 0 {
		model, err := r.model()
		if err != nil {
			return answer, err
		}
		windows := ranked.choose(question.Limit)
		answer.Confidence = model.confidence(ranked, windows)
		if ranked.q.thread != nil && answer.Confidence < model.Threshold {
			if answer.Confidence, err = r.alone(ctx, question, answer.Confidence); err != nil {
				return answer, err
			}
		}
		answer.Answered = answer.Confidence >= model.Threshold && len(windows) > 0
		answer.Quotes = ranked.quotes(windows)
		for i, w := range windows {
			p := ranked.passages[w.rank].passage
			if err := r.addCopies(&answer.Quotes[i], p.article, p.paragraph); err != nil {
				return answer, err
			}
		}
		if question.Explain {
			for i, w := range windows {
				answer.Quotes[i].Why = model.reasons(ranked, w)
			}
		}
	}
	answer.Took = time.Since(start)
	return answer, nil
}

// alone returns the confidence in a follow-up that says enough by itself: what
// it names may be on record though not beside the question before.
func (r *record) alone(ctx context.Context, question Question, confidence float64) (float64, error) {
	question.After, question.Explain = "", false
	a, err := r.ask(ctx, question)
	return max(confidence, a.Confidence), err
}

// answerRanking ranks the candidates of a question; there are none for a
// question without words.
func (r *record) answerRanking(ctx context.Context, question Question) (*ranking, error) {
	known := func(stem string) bool {
		n, err := r.postings.frequency(stem)
		return n > 0 || err != nil
	}
	q := understand(question.Text, question.After, r.language(), known)
	if len(q.concepts) == 0 || q.asks == asksOrder || r.postings.docs == 0 {
		return &ranking{q: q}, nil
	}
	if q.thread != nil {
		if err := r.follow(ctx, q, question.After); err != nil {
			return nil, err
		}
	}
	if err := r.expand(ctx, q); err != nil {
		return nil, err
	}
	return r.rank(ctx, q)
}

// quotes turns windows into quotes with their sources.
func (k *ranking) quotes(windows []window) []Quote {
	out := make([]Quote, 0, len(windows))
	for _, w := range windows {
		out = append(out, k.quote(w))
	}
	return out
}

// addCopies adds the sources of the articles that have the same paragraph and
// whose own text was left out for it.
func (r *record) addCopies(q *Quote, article, paragraph int) error {
	for _, c := range r.copies[article] {
		if !slices.Contains(c.Paragraphs, paragraph) {
			continue
		}
		meta, err := r.store.article(c.Article)
		if err != nil {
			return err
		}
		source := corpus.Source{Publisher: meta.Publisher, Title: meta.Title, Published: meta.Published, URL: meta.URL}
		if (source.Publisher != q.Publisher || source.URL != q.URL) && !slices.Contains(q.ReportedBy, source) {
			q.ReportedBy = append(q.ReportedBy, source)
		}
	}
	return nil
}

// quoteOf is the quote of a span of a passage, with its source.
func quoteOf(meta *articleMeta, p *passage, span corpus.Span) Quote {
	text := p.text[span.Start:span.End]
	return Quote{
		Text: text, Article: meta.ID, Paragraph: p.paragraph, Start: p.base + span.Start, End: p.base + span.End,
		Heading: p.heading, Title: meta.Title, Author: meta.Author, Publisher: meta.Publisher,
		Published: meta.Published, URL: meta.URL, Link: textFragment(meta.URL, text), Language: meta.Language,
		ReportedBy: append([]corpus.Source(nil), p.reportedBy...),
	}
}

func (k *ranking) quote(w window) Quote {
	s := k.passages[w.rank]
	q := quoteOf(s.meta, s.passage, w.span)
	q.Score, q.Marks = min(1, w.chance), marksIn(k.q, s, w.span)
	if st := s.sentences[w.best].speaker; st != nil {
		q.Speaker, q.Role = st.speaker, st.role
		q.Direct = st.direct
	}
	for _, d := range w.duplicates {
		for _, source := range k.sources(d) {
			if source.Publisher != q.Publisher && !slices.ContainsFunc(q.ReportedBy, func(r corpus.Source) bool { return r == source }) {
				q.ReportedBy = append(q.ReportedBy, source)
			}
		}
	}
	return q
}

// sources is who stands for what a window says: who reported it, or else the
// article itself.
func (k *ranking) sources(w window) []corpus.Source {
	s := k.passages[w.rank]
	if len(s.passage.reportedBy) > 0 {
		return s.passage.reportedBy
	}
	return []corpus.Source{{Publisher: s.meta.Publisher, Title: s.meta.Title, Published: s.meta.Published, URL: s.meta.URL}}
}
