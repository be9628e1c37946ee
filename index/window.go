package index

import (
	"slices"
	"unicode/utf8"

	"onrecord/corpus"
)

const (
	longestQuote  = 400 // code points, unless one sentence is longer
	mostSentences = 3
	// sentencePrice is what a sentence more must add to the chance that the
	// quote answers; it keeps quotes short.
	sentencePrice = .01
	// antecedentGain is added to a window whose first sentence would otherwise
	// open with a pronoun that nobody in the quote stands for.
	antecedentGain = .06
)

// window is a run of whole sentences of one passage: a quote to be.
type window struct {
	rank       int // of its passage
	from, to   int // its sentences, half-open
	span       corpus.Span
	best       int               // its sentence with the best chance
	chance     float64           // that the answer lies in it
	preference float64           // chance, less the price of its length
	tells      []string          // its content words, once they were needed
	says       map[string]string // what speakers say directly in it, then too
	duplicates []window          // nearly the same words in other articles
}

// windows returns the windows of the competing passages that do not overlap,
// best first: each time the best of those left.
func (k *ranking) windows(limit int) []window {
	most := 0
	for _, s := range k.passages[:k.competing()] {
		most += mostSentences * len(s.sentences)
	}
	all := make([]window, 0, most)
	for i := range k.competing() {
		all = k.appendWindows(all, i)
	}
	slices.SortStableFunc(all, func(a, b window) int {
		switch {
		case a.preference > b.preference:
			return -1
		case a.preference < b.preference:
			return 1
		}
		return a.rank - b.rank
	})
	var out []window
	for _, w := range all {
		if len(out) == limit {
			break
		}
		if !slices.ContainsFunc(out, func(o window) bool { return o.rank == w.rank && o.from < w.to && w.from < o.to }) {
			out = append(out, w)
		}
	}
	return out
}

// appendWindows appends every window of passage i that may be quoted.
func (k *ranking) appendWindows(out []window, i int) []window {
	s, chance := k.passages[i], k.inputs[i].chance
	for from := range s.sentences {
		w := window{rank: i, from: from, best: from}
		for to := from + 1; to <= len(s.sentences) && to-from <= mostSentences; to++ {
			w.to = to
			w.span = corpus.Span{Start: s.sentences[from].span.Start, End: s.sentences[to-1].span.End}
			if to > from+1 && utf8.RuneCountInString(s.passage.text[w.span.Start:w.span.End]) > longestQuote {
				break
			}
			w.chance += chance[to-1]
			if chance[to-1] > chance[w.best] {
				w.best = to - 1
			}
			w.preference = w.chance - sentencePrice*float64(to-from-1)
			if from > 0 && s.sentences[from].opensWithPronoun() && s.sentences[from].speaker == nil {
				w.preference -= antecedentGain * w.chance
			}
			out = append(out, w)
		}
	}
	return out
}
