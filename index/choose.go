package index

import (
	"onrecord/corpus"
)

// choose picks the windows to quote: the best that do not overlap,
// near-duplicates of other articles joined, and, where the question is
// contested, both sides among the first three.
func (k *ranking) choose(limit int) []window {
	all := k.joinDuplicates(k.windows(3*limit + 12))
	if k.q.asks == asksYesNo || k.q.asks == asksSides {
		all = k.bothSides(all)
	}
	return all[:min(limit, len(all))]
}

// Two quotes are one from these shares of common words: of all their words, or
// of the words of the shorter one, if that has enough.
const (
	alike       = .8
	held        = .9
	enoughWords = 5
)

// joinDuplicates keeps the first of windows with nearly the same words, and
// remembers where the others stand.
func (k *ranking) joinDuplicates(windows []window) []window {
	var out []window
	for _, w := range windows {
		joined := false
		for i := range out {
			if out[i].rank != w.rank && k.same(out[i], w) {
				out[i].duplicates = append(out[i].duplicates, w)
				joined = true
				break
			}
		}
		if !joined {
			out = append(out, w)
		}
	}
	return out
}

// same reports whether two windows say the same in nearly the same words.
func (k *ranking) same(a, b window) bool {
	words := func(w window) map[string]bool {
		set := make(map[string]bool)
		for _, t := range k.passages[w.rank].tokens {
			if t.start >= w.span.Start && t.end <= w.span.End {
				set[t.term] = true
			}
		}
		return set
	}
	sa, sb := words(a), words(b)
	both := 0
	for t := range sa {
		if sb[t] {
			both++
		}
	}
	shorter := min(len(sa), len(sb))
	return float64(both) >= alike*float64(len(sa)+len(sb)-both) ||
		shorter >= enoughWords && float64(both) >= held*float64(shorter) && k.denies(a) == k.denies(b)
}

// denies reports whether a sentence of w holds a word of denial.
func (k *ranking) denies(w window) bool {
	s := k.passages[w.rank]
	for j := w.from; j < w.to; j++ {
		if s.sentences[j].denies(s.tokens) {
			return true
		}
	}
	return false
}

// voiceOf is for whom a window speaks: the side of its answering sentence's
// speaker, or the speaker where no side is known, or "" for the article itself.
func (k *ranking) voiceOf(w window) string {
	st := k.passages[w.rank].sentences[w.best].speaker
	if st == nil {
		return ""
	}
	if side := corpus.SideOf(st.speaker, st.role); side != "" {
		return side
	}
	return st.speaker
}

// contested is the share of the best window's words of the question that
// another voice's window must hold to speak to the same point.
const contested = .5

// bothSides reorders the windows so that the first three speak with as many
// voices as speak to the point. The best stays first.
func (k *ranking) bothSides(windows []window) []window {
	const first = 3
	if len(windows) < 2 {
		return windows
	}
	need := contested * k.coverage(windows[0])
	heard := map[string]bool{k.voiceOf(windows[0]): true}
	for at := 1; at < min(first, len(windows)); at++ {
		for i := at; i < len(windows); i++ {
			voice := k.voiceOf(windows[i])
			if heard[voice] || k.coverage(windows[i]) < need {
				continue
			}
			w := windows[i]
			copy(windows[at+1:i+1], windows[at:i])
			windows[at], heard[voice] = w, true
			break
		}
	}
	return windows
}

// coverage is how much of the question the best sentence of a window holds.
func (k *ranking) coverage(w window) float64 {
	best := 0.0
	for j := w.from; j < w.to; j++ {
		best = max(best, k.inputs[w.rank].own[j][featureAt["cov"]])
	}
	return best
}
