package index

import (
	"math"
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
	m       *matcher
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
	{"char4", func(v *view) float64 { return v.u.charGrams(v.q, v.s.tokens) }},
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
	{"pron", func(v *view) float64 { return indicator(v.u.opensWithPronoun(v.s.tokens)) }},
	{"at.num", func(v *view) float64 { return v.asked(v.u.holds(isNumber) || v.u.numberWord(v.s.tokens), asksNumber) }},
	{"at.when", func(v *view) float64 { return v.asked(v.u.date(v.s.tokens), asksWhen) }},
	{"at.who", func(v *view) float64 { return v.asked(v.u.newName(v.s.tokens, v.m.of), asksWho, asksSpeaker) }},
	{"at.where", func(v *view) float64 { return v.asked(v.u.newName(v.s.tokens, v.m.of), asksWhere) }},
	{"at.why", func(v *view) float64 { return v.asked(v.u.cause(v.s.tokens), asksWhy) }},
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
	{"cause", func(v *view) float64 { return v.asked(v.u.starts(v.s.tokens), asksHow, asksWhy) }},
	{"heading", func(v *view) float64 { return v.share(func(k int) float64 { return v.s.head[k] }) }},
	{"negated", func(v *view) float64 { return indicator(v.q.negated == v.u.denies(v.s.tokens)) }},
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
	best := 0.0
	for _, w := range strings.Fields(v.u.speaker.speaker) {
		for _, t := range analyze(w, v.s.meta.Language) {
			best = math.Max(best, v.m.of(t.term)[k])
		}
	}
	return best
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

var startWords = setOf("started start began begun caused cause led sparked triggered broke came after when by through blamed because")

func (u *unit) starts(tokens []token) bool { return u.anyWord(tokens, startWords) }

var (
	causeWords  = setOf("because since due owing therefore thus hence so reason caused cause causes led lead result resulted order aimed why потому поэтому из-за вследствие чтобы причина причине ради тому оскільки через щоб причина weil denn da wegen deshalb daher grund um damit aufgrund porque debido causa razón para ya puesto parce car afin")
	monthWords  = setOf("january february march april may june july august september october november december january monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow week month year morning evening night января февраля марта апреля мая июня июля августа сентября октября ноября декабря понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье вчера сегодня січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня вчора сьогодні januar februar märz april mai juni juli august september oktober november dezember montag dienstag mittwoch donnerstag freitag samstag sonntag gestern heute enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes ayer hoy")
	numberWords = setOf("one two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half twice один два три четыре пять шесть семь восемь девять десять сто тысяч миллион двое трое один два три чотири пять шість сім вісім девять десять сто тисяч zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend million dos tres cuatro cinco seis siete ocho nueve diez once doce cien mil millones")
	denials     = setOf("not no never none nothing nobody denied denies deny rejected dismissed false не нет ни никто ничего отверг опроверг отрицает ні ніхто нічого nicht kein keine keinen nie nichts niemand no nunca nadie nada negó ne pas jamais")
)

func (u *unit) anyWord(tokens []token, set map[string]bool) bool {
	for _, t := range tokens[u.from:u.to] {
		if set[t.word] {
			return true
		}
	}
	return false
}

func (u *unit) cause(tokens []token) bool      { return u.anyWord(tokens, causeWords) }
func (u *unit) numberWord(tokens []token) bool { return u.anyWord(tokens, numberWords) }
func (u *unit) denies(tokens []token) bool     { return u.anyWord(tokens, denials) }

// date reports whether a date stands in u: a month, a weekday, a year.
func (u *unit) date(tokens []token) bool {
	for _, t := range tokens[u.from:u.to] {
		if monthWords[t.word] || len(t.word) == 4 && isDigit(t.word) && (t.word[0] == '1' || t.word[0] == '2') {
			return true
		}
	}
	return false
}

// featuresOf returns the features of a unit, in the order of the table.
func featuresOf(v *view) []float64 {
	out := make([]float64, len(unitFeatures))
	for i, f := range unitFeatures {
		out[i] = f.of(v)
	}
	return out
}
