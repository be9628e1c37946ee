package index

import (
	"slices"
	"strings"
	"unicode"
)

// choose picks the windows to quote: the best that do not overlap,
// near-duplicates of other articles joined, and, where the question is
// contested, both sides among the first three.
func (k *ranking) choose(limit int) []window {
	all := k.joinDuplicates(k.windows(windowsFor(limit)))
	if k.q.asks != asksStatement && k.q.asks != asksSpeaker {
		k.bothSides(all)
	}
	return all[:min(limit, len(all))]
}

// windowsFor is how many windows are looked at to choose so many.
func windowsFor(limit int) int { return 3*limit + 12 }

// joinDuplicates leaves out windows that tell nothing beyond one before them.
// The source of one that tells all of it too is remembered with it; one that
// tells less must not be named as having said the rest.
func (k *ranking) joinDuplicates(windows []window) []window {
	var out []window
	for _, w := range windows {
		w.tells, w.says = k.content(w), k.speech(w)
		said := -1
		for i, o := range out {
			if o.rank != w.rank && (tells(o.tells, w.tells) && k.denies(o) == k.denies(w) || k.repeats(o, w)) {
				said = i
				break
			}
		}
		switch {
		case said < 0:
			out = append(out, w)
		case tells(w.tells, out[said].tells):
			out[said].duplicates = append(out[said].duplicates, w)
		}
	}
	return out
}

// leastTold is the number of content words that a window must have to be taken
// for a repetition.
const leastTold = 3

// tells reports whether a has every content word of b; both are sorted.
func tells(a, b []string) bool {
	if len(b) < leastTold || len(b) > len(a) {
		return false
	}
	i := 0
	for _, term := range b {
		for i < len(a) && a[i] < term {
			i++
		}
		if i == len(a) || a[i] != term {
			return false
		}
	}
	return true
}

// leastRepeated is how many letters of speech tell that somebody is quoted with
// the same words again.
const leastRepeated = 12

// repeats reports whether a window shows somebody's words that one before it
// shows. It does not where the question asks for what stands around them.
func (k *ranking) repeats(before, w window) bool {
	if k.q.asks == asksWhen || k.q.asks == asksWhere || k.q.asks == asksNumber {
		return false
	}
	for speaker, words := range w.says {
		if len(words) < leastRepeated || !strings.Contains(before.says[speaker], words) {
			return false
		}
	}
	return len(w.says) > 0
}

// speech returns what speakers say directly in a window: letters and digits
// only, in lower case.
func (k *ranking) speech(w window) map[string]string {
	p := k.passages[w.rank].passage
	var out map[string]string
	for _, s := range p.statements {
		if s.direct && s.Start >= w.span.Start && s.End <= w.span.End {
			if out == nil {
				out = make(map[string]string)
			}
			out[s.speaker] += strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) || unicode.IsDigit(r) {
					return unicode.ToLower(r)
				}
				return -1
			}, p.text[s.Start:s.End])
		}
	}
	return out
}

// content returns the terms of a window without its stop words, sorted.
func (k *ranking) content(w window) []string {
	var terms []string
	s := k.passages[w.rank]
	for _, t := range s.tokens[s.sentences[w.from].from:s.sentences[w.to-1].to] {
		if !isStop(s.meta.Language, t.word) {
			terms = append(terms, t.term)
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// denies reports whether a sentence of w holds a word of denial or refusal.
func (k *ranking) denies(w window) bool {
	s := k.passages[w.rank]
	for j := w.from; j < w.to; j++ {
		if s.sentences[j].has(denying | refusing) {
			return true
		}
	}
	return false
}
