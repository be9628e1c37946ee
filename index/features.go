package index

import (
	"math"
	"slices"
	"strings"
)

// feature is one number that the ranker sees of a unit. A new feature is one
// line in the table; the weights are learned again by the command in learn.
type feature struct {
	name string
	of   func(v *view) float64
}

// view is what a feature may look at.
type view struct {
	q       *query
	s       *scored
	u       *unit
	total   float64 // sum of weight times idf over the concepts
	average float64 // terms in a unit of this kind
}

// share returns the sum over the concepts of their part of the question's idf
// times what f gives, 0 to 1.
func (v *view) share(f func(k int) float64) float64 {
	if v.total == 0 {
		return 0
	}
	sum := 0.0
	for k, c := range v.q.concepts {
		sum += c.weight * c.idf * f(k)
	}
	return sum / v.total
}

// asked gives 1 where the question asks for one of kinds and the unit has it.
func (v *view) asked(has bool, kinds ...asks) float64 {
	if !has {
		return 0
	}
	for _, k := range kinds {
		if v.q.asks == k {
			return 1
		}
	}
	return 0
}

// bm25 is BM25 of the unit over the question's concepts, over their total idf.
func (v *view) bm25(tf func(k int) float64) float64 {
	norm := bm25K * (1 - bm25B + bm25B*v.u.terms()/v.average)
	return v.share(func(k int) float64 {
		f := tf(k)
		return f * (bm25K + 1) / (f + norm)
	})
}

// only restricts f to the concepts for which is holds.
func (v *view) only(is func(c *concept) bool, f func(k int) float64) float64 {
	return v.share(func(k int) float64 {
		if is(&v.q.concepts[k]) {
			return f(k)
		}
		return 0
	})
}

func isName(c *concept) bool   { return c.name }
func isFigure(c *concept) bool { return c.number }
func isHead(c *concept) bool   { return c.head }
func isAsked(c *concept) bool  { return c.speaker }

func isPlain(c *concept) bool { return !c.name && !c.number }
func isNamed(c *concept) bool { return c.name || c.number }

func anyConcept(*concept) bool { return true }

// matched is how much of the concepts for which is holds u has, each weighed
// by its rarity: 0 to 1, and 1 where there are none.
func (v *view) matched(is func(c *concept) bool) float64 {
	sum, total := 0.0, 0.0
	for k := range v.q.concepts {
		if c := &v.q.concepts[k]; is(c) {
			sum += c.weight * c.rarity * v.u.match[k]
			total += c.weight * c.rarity
		}
	}
	if total == 0 {
		return 1
	}
	return sum / total
}

// figures reports whether the unit holds a figure of the kind asked for.
func (v *view) figures() bool { return v.u.figures(v.q) }

// splitNames counts the neighbouring words of a name in the question of which
// the unit has one and not the other: it speaks of somebody else.
func splitNames(v *view) float64 {
	n := 0.0
	for k := 1; k < len(v.q.concepts); k++ {
		a, b := &v.q.concepts[k-1], &v.q.concepts[k]
		if a.name && b.name && b.start-a.end == 1 && (v.u.match[k-1] >= .6) != (v.u.match[k] >= .6) {
			n++
		}
	}
	return math.Min(n, 2)
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// unitFeatures are the features of a unit, after the study of a learned
// lexical ranker for this project, with those of speech added.
var unitFeatures = []feature{
	{"covE", func(v *view) float64 { return v.share(func(k int) float64 { return indicator(v.u.exact[k] > 0) }) }},
	{"cov", func(v *view) float64 { return v.share(func(k int) float64 { return v.u.match[k] }) }},
	{"cov2", squaredCoverage},
	{"covc", func(v *view) float64 {
		sum := 0.0
		for k := range v.q.concepts {
			sum += v.u.match[k]
		}
		return sum / math.Max(1, float64(len(v.q.concepts)))
	}},
	{"bm", func(v *view) float64 { return v.bm25(func(k int) float64 { return v.u.exact[k] }) }},
	{"bms", func(v *view) float64 { return v.bm25(func(k int) float64 { return v.u.exact[k] + v.u.soft[k] }) }},
	{"name", func(v *view) float64 { return v.only(isName, func(k int) float64 { return v.u.match[k] }) }},
	{"nameM", func(v *view) float64 { return v.only(isName, func(k int) float64 { return 1 - v.u.match[k] }) }},
	{"num", func(v *view) float64 { return v.only(isFigure, func(k int) float64 { return v.u.match[k] }) }},
	{"numM", func(v *view) float64 { return v.only(isFigure, func(k int) float64 { return 1 - v.u.match[k] }) }},
	{"head", func(v *view) float64 { return v.only(isHead, func(k int) float64 { return v.u.match[k] }) }},
	{"headM", func(v *view) float64 { return v.only(isHead, func(k int) float64 { return 1 - v.u.match[k] }) }},
	{"last", func(v *view) float64 { return v.at(len(v.q.concepts) - 1) }},
	{"first", func(v *view) float64 { return v.at(0) }},
	{"missmax", worstMiss},
	{"all", func(v *view) float64 {
		for _, m := range v.u.match {
			if m == 0 {
				return 0
			}
		}
		return 1
	}},
	{"prox", func(v *view) float64 { return v.u.near }},
	{"order", func(v *view) float64 { return v.u.order }},
	{"bigram", func(v *view) float64 { return v.u.bigrams }},
	{"char4", func(v *view) float64 { return v.u.charGrams(v.q) }},
	{"dens", func(v *view) float64 {
		sum := 0.0
		for k, c := range v.q.concepts {
			sum += c.weight * c.idf * (v.u.exact[k] + v.u.soft[k])
		}
		return sum / (v.u.terms() + 3)
	}},
	{"len", func(v *view) float64 { return logOf(v.u.terms()) / 4 }},
	{"chars", func(v *view) float64 { return math.Min(3, float64(v.u.characters())/400) }},
	{"pos", func(v *view) float64 { return math.Min(2, float64(max(0, v.u.sentence))/5) }},
	{"nsent", func(v *view) float64 { return math.Min(4, float64(v.u.sentences)/3) }},
	{"pron", func(v *view) float64 { return indicator(v.u.opensWithPronoun()) }},
	{"at.num", func(v *view) float64 { return v.asked(v.u.holds(isNumber) || v.u.has(numeral), asksNumber) }},
	{"at.when", func(v *view) float64 { return v.asked(v.u.date(), asksWhen) }},
	{"at.who", func(v *view) float64 { return v.asked(v.u.newName(), asksWho, asksSpeaker) }},
	{"at.where", func(v *view) float64 { return v.asked(v.u.newName(), asksWhere) }},
	{"at.why", func(v *view) float64 { return v.asked(v.u.has(causing), asksWhy) }},
	{"at.none", func(v *view) float64 { return v.asked(true, asksWhat, asksHow, asksYesNo, asksSides) }},
	{"said", func(v *view) float64 { return v.asked(v.u.speakers > 0, asksSpeaker, asksStatement) }},
	{"said.direct", func(v *view) float64 { return v.asked(v.u.direct, asksSpeaker, asksStatement) }},
	{"said.by", saidBy},
	{"spk", func(v *view) float64 { return v.only(isName, v.speakerMatch) }},
	{"says", func(v *view) float64 { return v.only(isAsked, v.speakerMatch) }},
	{"context", func(v *view) float64 {
		return v.share(func(k int) float64 { return math.Max(0, math.Max(v.s.context[k], v.s.head[k])-v.u.match[k]) })
	}},
	{"before", func(v *view) float64 {
		return v.share(func(k int) float64 { return math.Max(0, v.s.before[k]-v.u.match[k]) })
	}},
	{"cause", func(v *view) float64 { return v.asked(v.u.has(starting), asksHow, asksWhy) }},
	{"heading", func(v *view) float64 { return v.share(func(k int) float64 { return v.s.head[k] }) }},
	{"negated", func(v *view) float64 { return indicator(v.q.negated == v.u.has(denying)) }},
	{"covb", func(v *view) float64 { return v.matched(anyConcept) }},
	{"plain", func(v *view) float64 { return v.matched(isPlain) }},
	{"joint", func(v *view) float64 { return math.Min(v.matched(isPlain), v.matched(isNamed)) }},
	{"bgmiss", func(v *view) float64 {
		worst := 0.0
		for k, c := range v.q.concepts {
			worst = math.Max(worst, c.weight*c.rarity*(1-v.u.match[k]))
		}
		return worst
	}},
	{"fig", func(v *view) float64 { return indicator(v.q.figure != "" && v.figures()) }},
	{"figM", func(v *view) float64 { return indicator(v.q.figure != "" && !v.figures()) }},
	{"at.person", func(v *view) float64 {
		return v.asked(v.u.speakers > 0 || v.u.newPerson(), asksWho, asksSpeaker)
	}},
	{"at.place", func(v *view) float64 { return v.asked(v.u.newPlace(), asksWhere) }},
	{"split", splitNames},
	{"opposite", func(v *view) float64 {
		sum := 0.0
		for k, c := range v.q.concepts {
			if v.u.match[k] < .5 && v.u.opposes(c.term) {
				sum += c.weight
			}
		}
		return math.Min(sum, 2)
	}},
	{"limitM", func(v *view) float64 {
		missing := 0.0
		for _, term := range v.q.limits {
			missing += indicator(!v.u.hasTerm(term))
		}
		return missing / math.Max(1, float64(len(v.q.limits)))
	}},
	{"said.cov", func(v *view) float64 { return saidBy(v) * v.matched(func(c *concept) bool { return !c.speaker }) }},
	{"thread", func(v *view) float64 { return v.q.thread.nearness(v.s.number, v.s.passage.article) }},
	{"rel", func(v *view) float64 {
		return v.share(func(k int) float64 { return math.Max(0, v.u.related[k]-v.u.match[k]) })
	}},
	{"covr", func(v *view) float64 {
		return v.share(func(k int) float64 { return math.Max(v.u.related[k], v.u.match[k]) })
	}},
	{"covbr", func(v *view) float64 {
		sum, total := 0.0, 1e-9
		for k, c := range v.q.concepts {
			sum += c.weight * c.rarity * math.Max(v.u.related[k], v.u.match[k])
			total += c.weight * c.rarity
		}
		return sum / total
	}},
	{"missr", func(v *view) float64 {
		worst := 0.0
		for k, c := range v.q.concepts {
			worst = math.Max(worst, c.weight*c.rarity*(1-math.Max(v.u.related[k], v.u.match[k])))
		}
		return worst
	}},
	{"defines", defines},
	{"foreign", func(v *view) float64 { return indicator(v.q.lang != v.s.meta.Language) }},
	{"fresh", func(v *view) float64 { return v.s.fresh }},
	{"freshNow", func(v *view) float64 { return v.s.fresh * indicator(v.q.wantsLatest()) }},
	{"table", func(v *view) float64 { return indicator(v.s.passage.kind == "table") }},
}

func squaredCoverage(v *view) float64 {
	sum, total := 0.0, 0.0
	for k, c := range v.q.concepts {
		w := c.weight * c.idf * c.idf
		sum += w * v.u.match[k]
		total += w
	}
	return sum / math.Max(total, 1e-9)
}

func (v *view) at(k int) float64 {
	if k < 0 || k >= len(v.q.concepts) || v.total == 0 {
		return 0
	}
	return v.q.concepts[k].weight * v.q.concepts[k].idf * v.u.match[k] / v.total
}

// worstMiss is the weight of the rarest concept that the unit lacks.
func worstMiss(v *view) float64 {
	worst, most := 0.0, 1e-9
	for k, c := range v.q.concepts {
		most = math.Max(most, c.weight*c.idf)
		worst = math.Max(worst, c.weight*c.idf*(1-v.u.match[k]))
	}
	return worst / most
}

// speakerMatch is how well the name or office of the unit's speaker matches
// concept k.
func (v *view) speakerMatch(k int) float64 {
	if v.u.speaker == nil {
		return 0
	}
	return v.s.voices[v.u.speaker.speaker][k]
}

// saidBy is 1 where the question asks what somebody said and this unit is a
// statement of theirs.
func saidBy(v *view) float64 {
	if v.q.asks != asksStatement || v.u.speaker == nil {
		return 0
	}
	best := 0.0
	for k, c := range v.q.concepts {
		if c.speaker {
			best = math.Max(best, v.speakerMatch(k))
		}
	}
	return best
}

// defines is 1 where the question asks what something is and the unit says it:
// the thing is, or half so much the thing with what it is behind a comma, a dash
// or a colon.
func defines(v *view) float64 {
	if !v.q.defines {
		return 0
	}
	last := len(v.q.concepts) - 1
	for last > 0 && v.q.concepts[last].carried {
		last--
	}
	best := 0.0
	for i, w := range v.u.words[:max(0, len(v.u.words)-1)] {
		if w.sims[last] < ownMatch {
			continue
		}
		next := v.u.words[i+1]
		between := strings.TrimSpace(v.u.text[v.u.tokens[i].end:v.u.tokens[i+1].start])
		switch {
		case next.class&being != 0 && between == "":
			return 1
		case strings.ContainsAny(between, "—–:(") || between == "," && next.class&article != 0:
			best = .5
		}
	}
	return best
}

// hasTerm reports whether a stem stands in u.
func (u *unit) hasTerm(term string) bool {
	return slices.ContainsFunc(u.tokens, func(t token) bool { return t.term == term })
}

// opposes reports whether an antonym of term stands in u.
func (u *unit) opposes(term string) bool {
	return slices.ContainsFunc(antonyms()[term], u.hasTerm)
}

// newPerson reports whether two words with capitals stand side by side in u
// that the question does not hold: a name in full.
func (u *unit) newPerson() bool {
	for i := 1; i < len(u.tokens); i++ {
		a, b := u.tokens[i-1], u.tokens[i]
		if a.upper && b.upper && b.start-a.end == 1 && !anyMatch(u.words[i-1].sims) && !anyMatch(u.words[i].sims) {
			return true
		}
	}
	return false
}

// newPlace reports whether a name that the question does not hold stands in u
// behind a preposition of place.
func (u *unit) newPlace() bool {
	for i := 0; i+1 < len(u.tokens); i++ {
		if u.words[i].class&placing == 0 {
			continue
		}
		next := i + 1
		if u.words[next].class&article != 0 && i+2 < len(u.tokens) {
			next = i + 2
		}
		if u.tokens[next].upper && !anyMatch(u.words[next].sims) {
			return true
		}
	}
	return false
}

// date reports whether a date stands in u: a month, a weekday, a year.
func (u *unit) date() bool {
	return u.has(dating) || slices.ContainsFunc(u.tokens, func(t token) bool {
		return len(t.word) == 4 && isDigit(t.word) && (t.word[0] == '1' || t.word[0] == '2')
	})
}

func anyMatch(sims []float64) bool {
	return slices.ContainsFunc(sims, func(s float64) bool { return s > 0 })
}

// featuresOf returns the features of a unit, in the order of the table.
func featuresOf(v *view) []float64 {
	out := make([]float64, len(unitFeatures))
	for i, f := range unitFeatures {
		out[i] = f.of(v)
	}
	return out
}
