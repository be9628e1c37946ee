package index

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"onrecord/corpus"
)

// choose picks the windows to quote: the best that do not overlap,
// near-duplicates of other articles joined, and, where the question is
// contested, both sides among the first three.
func (k *ranking) choose(limit int) []window {
	all := k.joinDuplicates(k.windows(3*limit + 12))
	if k.q.asks != asksStatement && k.q.asks != asksSpeaker {
		all = k.bothSides(all)
	}
	return all[:min(limit, len(all))]
}

// joinDuplicates leaves out windows that tell nothing beyond one before them.
// The source of one that tells all of it too is remembered with it; one that
// tells less must not be named as having said the rest.
func (k *ranking) joinDuplicates(windows []window) []window {
	var out []window
	var told [][]string // what each of out tells
	for _, w := range windows {
		content := k.content(w)
		said := -1
		for i, o := range out {
			if o.rank != w.rank && (tells(told[i], content) && k.denies(o) == k.denies(w) || k.repeats(o, w)) {
				said = i
				break
			}
		}
		switch {
		case said < 0:
			out, told = append(out, w), append(told, content)
		case tells(content, told[said]):
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
	shown, again := k.speech(before), k.speech(w)
	for speaker, words := range again {
		if len(words) < leastRepeated || !strings.Contains(shown[speaker], words) {
			return false
		}
	}
	return len(again) > 0
}

// speech returns what speakers say directly in a window: letters and digits
// only, in lower case.
func (k *ranking) speech(w window) map[string]string {
	p := k.passages[w.rank].passage
	out := make(map[string]string)
	for _, s := range p.statements {
		if s.direct && s.Start >= w.span.Start && s.End <= w.span.End {
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

// What speaks for a window as another side's word on the same point.
const (
	samePoint  = .6  // holds as much of the question as the best window
	besideBest = .2  // stands beside it in the article
	disputes   = .25 // denies where the best does not, or the reverse
	otherValue = .3  // gives another figure of the kind asked for
	otherSide  = .95 // from which on it is taken for one
)

// bothSides puts behind the best window the two that speak most to the same
// point with other voices, where there are such.
func (k *ranking) bothSides(windows []window) []window {
	const first = 3
	if len(windows) < 2 {
		return windows
	}
	heard := map[string]bool{k.voiceOf(windows[0]): true}
	for at := 1; at < min(first, len(windows)); at++ {
		best, score := -1, otherSide
		for i := at; i < len(windows); i++ {
			if s := k.answersBack(windows[0], windows[i], heard); s >= score {
				if best < 0 || s > score {
					best, score = i, s
				}
			}
		}
		if best < 0 {
			break
		}
		w := windows[best]
		copy(windows[at+1:best+1], windows[at:best])
		windows[at], heard[k.voiceOf(w)] = w, true
	}
	return windows
}

// answersBack is how much a window looks like another side's word on what the
// best one says, 0 where it is no other voice's.
func (k *ranking) answersBack(best, w window, heard map[string]bool) float64 {
	values := k.valuesOf(w)
	differs := len(values) > 0 && !maps.Equal(values, k.valuesOf(best))
	if heard[k.voiceOf(w)] && !differs {
		return 0
	}
	score := samePoint * min(1, k.coverage(w)/max(.3, k.coverage(best)))
	a, b := k.passages[best.rank], k.passages[w.rank]
	if a.passage.article == b.passage.article && max(a.number-b.number, b.number-a.number) <= 1 {
		score += besideBest
	}
	if k.denies(w) != k.denies(best) {
		score += disputes
	}
	if differs {
		score += otherValue
	}
	return score
}

// valuesOf returns the numbers of a window that gives a figure of the kind that
// the question asks for.
func (k *ranking) valuesOf(w window) map[string]bool {
	if k.q.figure == "" {
		return nil
	}
	s := k.passages[w.rank]
	u := &s.sentences[w.best]
	if !u.figures(k.q) {
		return nil
	}
	values := make(map[string]bool)
	for i, t := range u.tokens {
		if isDigit(t.word) || u.words[i].class&numeral != 0 {
			values[t.word] = true
		}
	}
	return values
}

// coverage is how much of the question the best sentence of a window holds.
func (k *ranking) coverage(w window) float64 {
	best := 0.0
	for j := w.from; j < w.to; j++ {
		best = max(best, k.inputs[w.rank].own[j][featureAt["cov"]])
	}
	return best
}
