package index

import (
	"cmp"
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
	slices.SortStableFunc(all, func(a, b rated) int { return cmp.Compare(b.score, a.score) })
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

// pair is a window that may stand behind the best one, and the best one.
type pair struct {
	k       *ranking
	best, w window
	place   int // of w among the windows, from 1
	a, b    *scored
	own     []float64 // features of w's answering sentence
	speaks  bool      // for somebody else than the best
	denies  bool      // where the best does not, or the reverse
	differs bool      // gives another figure of the kind asked for
	figure  bool
	// By rarity, what w tells beyond the question: all, what the best tells too,
	// and what that calls up.
	everything, both, kin float64
}

// sidesFeatures are what tells how well a window completes the best one. A new
// one is a line in the table; the weights are learned again.
var sidesFeatures = []struct {
	name string
	of   func(p *pair) float64
}{
	{"place", func(p *pair) float64 { return math.Log(float64(p.place)) }},
	{"chance", func(p *pair) float64 { return p.w.chance }},
	{"lift", func(p *pair) float64 { return math.Log(p.w.chance+1e-4) - math.Log(p.best.chance+1e-4) }},
	{"cov", func(p *pair) float64 { return p.k.coverage(p.w) }},
	{"cov.rel", func(p *pair) float64 { return math.Min(1.5, p.k.coverage(p.w)/math.Max(.3, p.k.coverage(p.best))) }},
	{"covr", func(p *pair) float64 { return p.own[featureAt["covr"]] }},
	{"joint", func(p *pair) float64 { return p.own[featureAt["joint"]] }},
	{"voice.other", func(p *pair) float64 { return indicator(p.speaks) }},
	{"voice.none", func(p *pair) float64 { return indicator(p.k.voiceOf(p.w) == "") }},
	{"voice.gained", func(p *pair) float64 { return indicator(p.k.voiceOf(p.w) != "" && p.k.voiceOf(p.best) == "") }},
	{"side.other", func(p *pair) float64 {
		side, other := p.k.sideOf(p.best), p.k.sideOf(p.w)
		return indicator(other != "" && side != "" && other != side)
	}},
	{"direct", func(p *pair) float64 { return indicator(p.b.sentences[p.w.best].direct) }},
	{"denies", func(p *pair) float64 { return indicator(p.k.denies(p.w)) }},
	{"denies.other", func(p *pair) float64 { return indicator(p.denies) }},
	{"opposes", func(p *pair) float64 { return indicator(oppose(p.best.tells, p.w.tells)) }},
	{"figure", func(p *pair) float64 { return indicator(p.figure) }},
	{"figure.other", func(p *pair) float64 { return indicator(p.differs) }},
	{"article.same", func(p *pair) float64 { return indicator(p.a.passage.article == p.b.passage.article) }},
	{"article.near", func(p *pair) float64 {
		return indicator(p.a.passage.article == p.b.passage.article && max(p.a.number-p.b.number, p.b.number-p.a.number) <= 1)
	}},
	{"passage.same", func(p *pair) float64 { return indicator(p.w.rank == p.best.rank) }},
	{"shared", func(p *pair) float64 { return sharedTerms(p.best.tells, p.w.tells) }},
	{"shared.beyond", func(p *pair) float64 { return p.both / p.everything }},
	{"kin", func(p *pair) float64 { return p.kin / p.everything }},
	{"fresh", func(p *pair) float64 { return p.b.fresh - p.a.fresh }},
	{"length", func(p *pair) float64 { return math.Min(2, float64(p.w.span.End-p.w.span.Start)/200) }},
	{"pron", func(p *pair) float64 { return p.own[featureAt["pron"]] }},
	{"foreign", func(p *pair) float64 { return indicator(p.a.meta.Language != p.b.meta.Language) }},
	{"yesno.other", func(p *pair) float64 { return indicator(p.speaks && p.k.q.asks == asksYesNo) }},
	{"yesno.denies", func(p *pair) float64 { return indicator(p.denies && p.k.q.asks == asksYesNo) }},
	{"number.other", func(p *pair) float64 {
		return indicator(p.differs && (p.k.q.asks == asksNumber || p.k.q.asks == asksWhen))
	}},
	{"sides.other", func(p *pair) float64 { return indicator(p.speaks && p.k.q.asks == asksSides) }},
}

// sidesInputs names the inputs of the model that orders what stands behind the
// best window.
func sidesInputs() []string {
	out := make([]string, len(sidesFeatures))
	for i, f := range sidesFeatures {
		out[i] = f.name
	}
	return out
}

// sidesVectors returns the inputs for the windows behind the best one.
func (k *ranking) sidesVectors(windows []window) [][]float64 {
	best := windows[0]
	voice, values, denies := k.voiceOf(best), k.valuesOf(best), k.denies(best)
	beyond, kin := k.beyond(best.tells), make(map[string]float64)
	table := associations()
	for _, term := range beyond {
		for _, l := range table.of(term) {
			kin[table.stems[l.to]] = max(kin[table.stems[l.to]], float64(l.weight))
		}
	}
	var out [][]float64
	for i, w := range windows[1:min(sidesReach+1, len(windows))] {
		p := pair{k: k, best: best, w: w, place: i + 1, a: k.passages[best.rank], b: k.passages[w.rank], own: k.inputs[w.rank].own[w.best], everything: 1e-9}
		other, mine := k.voiceOf(w), k.valuesOf(w)
		p.speaks, p.denies = other != "" && other != voice, k.denies(w) != denies
		p.figure, p.differs = len(mine) > 0, len(mine) > 0 && !maps.Equal(mine, values)
		for _, term := range k.beyond(w.tells) {
			rarity := rarityOf(term, p.b.meta.Language)
			p.everything += rarity
			if _, ok := slices.BinarySearch(beyond, term); ok {
				p.both += rarity
			} else {
				p.kin += rarity * kin[term]
			}
		}
		x := make([]float64, len(sidesFeatures))
		for j, f := range sidesFeatures {
			x[j] = f.of(&p)
		}
		out = append(out, x)
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
func oppose(a, b []string) bool {
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
