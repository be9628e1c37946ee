package index

import (
	"slices"

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

// joinDuplicates leaves out windows that tell nothing beyond one before them.
// The source of one that tells all of it too is remembered with it; one that
// tells less must not be named as having said the rest.
func (k *ranking) joinDuplicates(windows []window) []window {
	var out []window
	for _, w := range windows {
		said := slices.IndexFunc(out, func(o window) bool { return o.rank != w.rank && k.tells(o, w) })
		switch {
		case said < 0:
			out = append(out, w)
		case k.tells(w, out[said]):
			out[said].duplicates = append(out[said].duplicates, w)
		}
	}
	return out
}

// leastTold is the number of content words that a window must have to be taken
// for a repetition.
const leastTold = 3

// tells reports whether a has every content word of b, and denies as b does.
func (k *ranking) tells(a, b window) bool {
	if k.denies(a) != k.denies(b) {
		return false
	}
	sa, sb := k.content(a), k.content(b)
	for term := range sb {
		if !sa[term] {
			return false
		}
	}
	return len(sb) >= leastTold
}

// content returns the terms of a window without its stop words.
func (k *ranking) content(w window) map[string]bool {
	set := make(map[string]bool)
	s := k.passages[w.rank]
	for _, t := range s.tokens {
		if t.start >= w.span.Start && t.end <= w.span.End && !isStop(s.meta.Language, t.word) {
			set[t.term] = true
		}
	}
	return set
}

// refusals turn what follows them around, as denials do.
var refusals = setOf("refused refuses declined declines failed fails false fake unconfirmed unproven doubted doubts отказался отказалась отказались відмовився відмовилась ложь lehnte weigerte rechazó")

// denies reports whether a sentence of w holds a word of denial or refusal.
func (k *ranking) denies(w window) bool {
	s := k.passages[w.rank]
	for j := w.from; j < w.to; j++ {
		if u := &s.sentences[j]; u.denies(s.tokens) || u.anyWord(s.tokens, refusals) {
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
