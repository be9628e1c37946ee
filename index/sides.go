package index

import (
	"maps"
	"math"
	"slices"

	"onrecord/corpus"
)

// What stands behind the best quote should add to it: another side's word on the
// same point, another figure, what else answers. A model orders the other
// windows by how they stand to the best one.

// sidesReach is how many windows behind the best one compete for the places
// behind it.
const sidesReach = 20

// bothSides orders the windows behind the best one by how well they complete it.
func (k *ranking) bothSides(windows []window) {
	rest := windows[min(1, len(windows)):min(sidesReach+1, len(windows))]
	if len(rest) < 2 {
		return
	}
	type rated struct {
		window
		score float64
	}
	all := make([]rated, len(rest))
	for i, x := range k.sidesVectors(windows) {
		all[i] = rated{rest[i], k.model.Sides.Score(x)}
	}
	slices.SortStableFunc(all, func(a, b rated) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	for i := range all {
		rest[i] = all[i].window
	}
	k.hearOther(windows)
}

// samePoint is how much of what the best window has of the question another
// side's must have to speak to the same point.
const samePoint = .6

// hearOther moves another known side's word on the same point up among the first
// three windows, where all of these are one side's.
func (k *ranking) hearOther(windows []window) {
	const first = 3
	side := k.sideOf(windows[0])
	if side == "" || len(windows) <= first {
		return
	}
	other := func(w window) bool { s := k.sideOf(w); return s != "" && s != side }
	if slices.ContainsFunc(windows[:first], other) {
		return
	}
	for i, w := range windows[first:min(sidesReach, len(windows))] {
		if other(w) && k.coverage(w) >= samePoint*k.coverage(windows[0]) {
			copy(windows[first:first+i+1], windows[first-1:first+i])
			windows[first-1] = w
			return
		}
	}
}

// sidesInputs names the inputs of the model that orders what stands behind the
// best window.
func sidesInputs() []string {
	return []string{
		"place", "chance", "lift", "cov", "cov.rel", "covr", "joint", "voice.other", "voice.none", "voice.gained", "side.other", "direct", "denies", "denies.other", "opposes",
		"figure", "figure.other", "article.same", "article.near", "passage.same", "shared", "shared.beyond", "kin", "fresh", "length", "pron", "foreign",
		"yesno.other", "yesno.denies", "number.other", "sides.other",
	}
}

// sidesVectors returns the inputs for the windows behind the best one.
func (k *ranking) sidesVectors(windows []window) [][]float64 {
	best := windows[0]
	a := k.passages[best.rank]
	voice, side, values, denies := k.voiceOf(best), k.sideOf(best), k.valuesOf(best), k.denies(best)
	told, cov := best.tells, k.coverage(best)
	beyond, kin := k.beyond(told), make(map[string]float64)
	for _, term := range beyond {
		for _, l := range associations().of(term) {
			kin[associations().stems[l.to]] = max(kin[associations().stems[l.to]], float64(l.weight))
		}
	}
	var out [][]float64
	for i, w := range windows[1:min(sidesReach+1, len(windows))] {
		b := k.passages[w.rank]
		u := &b.sentences[w.best]
		own := k.inputs[w.rank].own[w.best]
		other := k.voiceOf(w)
		mine := k.valuesOf(w)
		content := w.tells
		both, related, all := 0.0, 0.0, 1e-9
		for _, term := range k.beyond(content) {
			rarity := rarityOf(term, b.meta.Language)
			all += rarity
			if _, ok := slices.BinarySearch(beyond, term); ok {
				both += rarity
			} else {
				related += rarity * kin[term]
			}
		}
		sameArticle := a.passage.article == b.passage.article
		differs := indicator(len(mine) > 0 && !maps.Equal(mine, values))
		speaks := indicator(other != "" && other != voice)
		denied := indicator(k.denies(w) != denies)
		c := k.coverage(w)
		out = append(out, []float64{
			math.Log(float64(i + 1)), w.chance, math.Log(w.chance+1e-4) - math.Log(best.chance+1e-4), c, min(1.5, c/math.Max(.3, cov)),
			own[featureAt["covr"]], own[featureAt["joint"]],
			speaks, indicator(other == ""), indicator(other != "" && voice == ""), indicator(k.sideOf(w) != "" && side != "" && k.sideOf(w) != side), indicator(u.direct),
			indicator(k.denies(w)), denied, indicator(k.oppose(told, content)),
			indicator(len(mine) > 0), differs,
			indicator(sameArticle), indicator(sameArticle && max(a.number-b.number, b.number-a.number) <= 1), indicator(w.rank == best.rank),
			sharedTerms(told, content), both / all, related / all, b.fresh - a.fresh, math.Min(2, float64(w.span.End-w.span.Start)/200), own[featureAt["pron"]],
			indicator(a.meta.Language != b.meta.Language),
			speaks * indicator(k.q.asks == asksYesNo), denied * indicator(k.q.asks == asksYesNo), differs * indicator(k.q.asks == asksNumber || k.q.asks == asksWhen),
			speaks * indicator(k.q.asks == asksSides),
		})
	}
	return out
}

// sharedTerms is the share of b's terms that stand in a; both are sorted.
func sharedTerms(a, b []string) float64 {
	n := 0
	for _, term := range b {
		if _, ok := slices.BinarySearch(a, term); ok {
			n++
		}
	}
	return float64(n) / math.Max(1, float64(len(b)))
}

// beyond returns the terms that the question does not hold.
func (k *ranking) beyond(terms []string) []string {
	return slices.DeleteFunc(slices.Clone(terms), func(term string) bool {
		return slices.ContainsFunc(k.q.concepts, func(c concept) bool { return c.term == term })
	})
}

// oppose reports whether one list of terms holds an antonym of a term of the
// other. The second is sorted.
func (k *ranking) oppose(a, b []string) bool {
	for _, term := range a {
		for _, opposite := range antonyms()[term] {
			if _, ok := slices.BinarySearch(b, opposite); ok {
				return true
			}
		}
	}
	return false
}

// sideOf is the side of the speaker of a window's answering sentence, or "".
func (k *ranking) sideOf(w window) string {
	st := k.passages[w.rank].sentences[w.best].speaker
	if st == nil {
		return ""
	}
	return corpus.SideOf(st.speaker, st.role)
}

// voiceOf is for whom a window speaks: the side of its answering sentence's
// speaker, or the speaker where no side is known, or "" for the article itself.
func (k *ranking) voiceOf(w window) string {
	if side := k.sideOf(w); side != "" {
		return side
	}
	if st := k.passages[w.rank].sentences[w.best].speaker; st != nil {
		return st.speaker
	}
	return ""
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
