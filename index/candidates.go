package index

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Parameters of BM25 (Robertson and Zaragoza, 2009).
const (
	bm25K = 1.2
	bm25B = .75
)

// candidate is a passage that may answer.
type candidate struct {
	doc    int // its internal number in the index
	number int // its number in the store
	score  float64
}

// accumulator sums the scores of the documents of one range of the index. It is
// used again: sums holds one entry a document, touched those that are not zero.
type accumulator struct {
	base      int // the first document
	sums      []sum
	touched   []int
	now       []int
	heap      []float32
	survivors bool // touched is all that may still win, in order
	blocks    blockReader
}

// sum is the score of a document so far, and that of the concept under way.
type sum struct{ score, concept float32 }

// scratch keeps accumulators that are not in use: they are as large as the
// record, and no more of them are kept than questions often need at once.
type scratch struct {
	mu   sync.Mutex
	free []*accumulator
}

const mostScratch = 2 * mostRanges

func (s *scratch) get() *accumulator {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.free)
	if n == 0 {
		return &accumulator{}
	}
	a := s.free[n-1]
	s.free = s.free[:n-1]
	return a
}

func (s *scratch) put(a *accumulator) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.free) < mostScratch {
		s.free = append(s.free, a)
	}
}

// grow makes room for docs documents.
func (a *accumulator) grow(docs int) {
	if more := docs - len(a.sums); more > 0 {
		a.sums = append(a.sums, make([]sum, more+docs/8)...)
	}
}

// reset makes it ready for a range.
func (a *accumulator) reset(to *docRange) {
	for _, d := range a.touched {
		a.at(d).score = 0
	}
	a.touched, a.survivors, a.base = a.touched[:0], false, to.from
	a.grow(to.to - to.from)
}

func (a *accumulator) at(doc int) *sum { return &a.sums[doc-a.base] }

// Common words cost the most and tell the least. Once rarer words have found
// so much better passages that the words left cannot lift another one among the
// best, these only tell those apart (MaxScore; Turtle and Flood, 1995). So do
// common ones once enough passages are found. Common is what more than a
// commonShare of the passages hold: with less, the answer is lost where the
// rarest word of a question is not the one that tells.
const (
	mostSurvivors = 1000
	commonShare   = 1. / 32
	commonTimes   = 4 // and what so many times more hold than are left
)

// candidates returns the passages that score best by BM25 over true lengths,
// summed over the question's concepts; within a concept the best alternative
// counts. Best first, ties by number.
func (r *record) candidates(ctx context.Context, q *query, limit int) ([]candidate, error) {
	order, err := r.rarestFirst(q)
	if err != nil {
		return nil, err
	}
	found := make([][]candidate, len(r.postings.ranges))
	group, ctx := errgroup.WithContext(ctx)
	for i := range found {
		group.Go(func() error {
			var err error
			found[i], err = r.candidatesOf(ctx, &r.postings.ranges[i], order, limit)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	best := slices.Concat(found...)
	slices.SortFunc(best, byScore)
	for last := limit; last < len(best); last++ {
		if best[last].score < best[limit-1].score {
			best = best[:last]
			break
		}
	}
	for i := range best {
		n, err := r.postings.number(best[i].doc)
		if err != nil {
			return nil, err
		}
		best[i].number = n
	}
	slices.SortFunc(best, func(a, b candidate) int {
		if c := byScore(a, b); c != 0 {
			return c
		}
		return a.number - b.number
	})
	return best[:min(len(best), limit)], nil
}

// candidatesOf returns the best documents of one range of the index, and those
// that score like the last of them.
func (r *record) candidatesOf(ctx context.Context, within *docRange, order []counted, limit int) ([]candidate, error) {
	acc := r.postings.scratch.get()
	acc.reset(within)
	survivors := r.postings.survivors / len(r.postings.ranges)
	common := max(commonTimes*r.postings.survivors, int(commonShare*float64(r.postings.docs)))
	rest := 0.0 // the most that the concepts left may add
	for _, c := range order {
		rest += c.most
	}
	for _, c := range order {
		if len(acc.touched) > limit {
			if least := acc.least(limit) - float32(rest); least > 0 {
				acc.prune(survivors, least)
			}
		}
		rest -= c.most
		if !acc.survivors && len(acc.touched) > survivors && c.passages > common {
			acc.prune(survivors, 0)
		}
		if err := r.accumulate(ctx, within, acc, c.concept); err != nil {
			return nil, err // acc is left half filled and not used again
		}
	}
	best := acc.best(limit)
	r.postings.scratch.put(acc)
	return best, ctx.Err()
}

// best returns the limit documents of the largest scores, and those that share
// the last one's score: which of them stay is decided by their numbers, for
// internal numbers differ from build to build.
func (a *accumulator) best(limit int) []candidate {
	least := a.least(limit)
	out := make([]candidate, 0, limit+8)
	ties := 0
	for _, d := range a.touched {
		switch score := a.at(d).score; {
		case score > least:
			out = append(out, candidate{doc: d, score: float64(score)})
		case score == least && ties < mostTies*limit:
			ties++
			out = append(out, candidate{doc: d, score: float64(score)})
		}
	}
	return out
}

// least returns the limit-th largest score, 0 where there are fewer.
func (a *accumulator) least(limit int) float32 {
	if limit <= 0 || len(a.touched) < limit {
		return 0
	}
	a.heap = a.heap[:0] // the largest scores so far, the least of them first
	for _, d := range a.touched {
		score := a.at(d).score
		if len(a.heap) < limit {
			a.heap = append(a.heap, score)
			if len(a.heap) == limit {
				for i := limit/2 - 1; i >= 0; i-- {
					a.sink(i)
				}
			}
			continue
		}
		if score > a.heap[0] {
			a.heap[0] = score
			a.sink(0)
		}
	}
	return a.heap[0]
}

// sink restores the order of the heap below entry i.
func (a *accumulator) sink(i int) {
	h := a.heap
	for {
		child := 2*i + 1
		if child >= len(h) {
			return
		}
		if child+1 < len(h) && h[child+1] < h[child] {
			child++
		}
		if h[i] <= h[child] {
			return
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}

// mostTies bounds, as a multiple of the limit, the candidates that are compared
// by number because their scores are equal.
const mostTies = 64

func byScore(a, b candidate) int {
	switch {
	case a.score > b.score:
		return -1
	case a.score < b.score:
		return 1
	}
	return 0
}

// counted is a concept and how many passages its alternatives stand in, some
// of them counted twice.
type counted struct {
	*concept
	passages int
	most     float64 // that it may add to a score
}

// rarestFirst orders the concepts of a question.
func (r *record) rarestFirst(q *query) ([]counted, error) {
	out := make([]counted, len(q.concepts))
	for i := range q.concepts {
		out[i].concept = &q.concepts[i]
		for _, a := range q.concepts[i].searched {
			n, err := r.postings.frequency(a.term)
			if err != nil {
				return nil, err
			}
			out[i].passages += n
			out[i].most = max(out[i].most, (bm25K+1)*q.concepts[i].weight*a.weight*idf(n, r.postings.docs))
		}
	}
	slices.SortStableFunc(out, func(a, b counted) int { return a.passages - b.passages })
	return out, nil
}

// prune keeps the best documents so far, of those that score so much; no others
// are taken in any more.
func (a *accumulator) prune(most int, least float32) {
	least = max(least, a.least(most))
	kept := a.touched[:0]
	for _, d := range a.touched {
		if a.at(d).score >= least && len(kept) < mostTies*most {
			kept = append(kept, d)
		} else {
			a.at(d).score = 0
		}
	}
	if !a.survivors {
		slices.Sort(kept)
	}
	a.touched, a.survivors = kept, true
}

// accumulate adds the score of one concept to every document of a range that holds
// one of its alternatives.
func (r *record) accumulate(ctx context.Context, within *docRange, acc *accumulator, c *concept) error {
	for _, a := range c.searched {
		n, err := r.postings.frequency(a.term)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		var among []int
		if held := n / len(r.postings.ranges); acc.survivors && held > commonTimes*len(acc.touched) {
			among = acc.touched
		}
		b := bm25{(bm25K + 1) * c.weight * a.weight * idf(n, r.postings.docs), r.postings.average}
		if err := r.postings.each(ctx, within, a.term, among, &acc.blocks, func(batch []posting) { acc.add(b, batch) }); err != nil {
			return err
		}
	}
	acc.finish()
	return nil
}

// add raises what the concept under way adds to the documents of some postings.
func (a *accumulator) add(b bm25, batch []posting) {
	weight, base, perTerm := float32(b.weight), float32(bm25K*(1-bm25B)), float32(bm25K*bm25B/b.average)
	for _, p := range batch {
		at := &a.sums[int(p.doc)-a.base]
		if a.survivors && at.score == 0 {
			continue
		}
		if at.concept == 0 {
			a.now = append(a.now, int(p.doc))
		}
		tf := float32(p.tf)
		at.concept = max(at.concept, weight*tf/(tf+base+perTerm*float32(p.length)))
	}
}

// bm25 is the score of a term: its weight, all that does not hang on a document,
// and the average length of documents.
type bm25 struct{ weight, average float64 }

// finish adds the concept under way to the scores.
func (a *accumulator) finish() {
	for _, d := range a.now {
		at := a.at(d)
		if at.score == 0 {
			a.touched = append(a.touched, d)
		}
		at.score += at.concept
		at.concept = 0
	}
	a.now = a.now[:0]
}
