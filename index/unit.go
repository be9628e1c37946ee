package index

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"onrecord/corpus"
)

// A unit is a piece of a passage that the ranker looks at: a sentence, or the
// whole passage. What the question's concepts find in it is worked out once,
// and the features read it.
type unit struct {
	text      string // the passage's
	span      corpus.Span
	from, to  int // its tokens in the passage's
	tokens    []token
	words     []*seenWord
	classes   wordClass  // of all its words
	sentence  int        // its index, or -1 for the whole passage
	sentences int        // in the passage
	match     []float64  // by concept: the best match in it, 0 to 1
	exact     []float64  // by concept: how often a full match stands in it
	soft      []float64  // by concept: the sum of squared soft matches
	related   []float64  // by concept: how surely associations of it stand in it, 0 to 1
	first     []int      // by concept: position of its best match, or -1
	near      float64    // the feature prox
	order     float64    // the feature order
	bigrams   float64    // the feature bigram
	speaker   *statement // the statement that it holds or is part of, if one speaker's
	speakers  int        // how many different speakers it has
	direct    bool       // direct speech stands in it
}

// scored is a candidate passage with its units.
type scored struct {
	number    int
	passage   *passage
	meta      *articleMeta
	tokens    []token
	words     []*seenWord // one a token
	whole     unit
	sentences []unit
	head      []float64            // by concept: the best match in heading and title
	context   []float64            // by concept: the best match in the names of its speakers
	voices    map[string][]float64 // of each speaker: by concept the best match in the name
	before    []float64            // by concept: the best match in the passage before it in the article
	fresh     float64              // 0 for the oldest of the candidates' articles, 1 for the newest
	logit     float64              // of the passage model
	best      int                  // its best sentence
}

// matcher finds how well words match the concepts of one question. It keeps
// what it found: candidates share most of their words.
type matcher struct {
	*asked
	seen   *seenWords
	texts  map[textKey][]float64
	sims   [][]float64 // room for those of the words of a passage
	words  []seenWord  // room for the next ones
	floats []float64
	bits   []uint64
}

// asked is what all matchers of one question look up.
type asked struct {
	q         *query
	terms     map[string][]termMatch // what alternatives weigh, by term
	called    map[string][]termMatch // what associations weigh, by term
	fourGrams map[uint32]int         // the character 4-grams of all concepts, numbered
	nothing   []float64              // by concept: no match
	blank     seenWord               // matches nothing
	some      [16]uint64             // a bit for each of them: most others can be told at once
}

// termMatch is what a term weighs for a concept.
type termMatch struct {
	concept int
	weight  float64
}

// textKey is a text in a language.
type textKey struct{ text, lang string }

// seenWord is a word of the candidates, against one question.
type seenWord struct {
	sims      []float64   // by concept: how well it matches, from 0 to 1
	related   []termMatch // the concepts that it is associated with
	fourGrams []uint64    // which of the question's it has, a bit each
	class     wordClass
}

func newMatcher(q *query) *matcher {
	a := &asked{q: q, terms: make(map[string][]termMatch), called: make(map[string][]termMatch), fourGrams: make(map[uint32]int)}
	for i := range q.concepts {
		c := &q.concepts[i]
		for _, alt := range c.alternatives {
			a.terms[alt.term] = append(a.terms[alt.term], termMatch{i, alt.weight})
		}
		a.terms[c.term] = append(a.terms[c.term], termMatch{i, 1})
		for _, alt := range c.associated {
			a.called[alt.term] = append(a.called[alt.term], termMatch{i, alt.weight})
		}
		c.fourGrams = nil
		for _, g := range c.lexeme.fourGrams {
			at, ok := a.fourGrams[g]
			if !ok {
				at = len(a.fourGrams)
				a.fourGrams[g] = at
				a.some[g>>6&15] |= 1 << (g & 63)
			}
			c.fourGrams = append(c.fourGrams, at)
		}
	}
	q.fourGrams, a.nothing = len(a.fourGrams), make([]float64, len(q.concepts))
	a.blank.sims = a.nothing
	return a.matcher()
}

// matcher returns a matcher for one goroutine.
func (a *asked) matcher() *matcher {
	return &matcher{asked: a, seen: freeTables.Get().(*seenWords), texts: make(map[textKey][]float64)}
}

// freeTables are those that no question uses.
var freeTables = sync.Pool{New: func() any { return &seenWords{places: make([]seenPlace, 4096)} }}

// release gives back what other questions may use. Words seen stay good.
func (m *matcher) release() {
	clear(m.seen.places)
	m.seen.taken = 0
	freeTables.Put(m.seen)
	m.seen = nil
}

// of returns what is known of a word.
func (m *matcher) of(l *lexeme) *seenWord {
	place := m.seen.place(l)
	if place.lexeme != nil {
		return place.word
	}
	w := m.newWord()
	w.class = l.class
	best := 0.0
	for _, t := range m.terms[l.term] {
		w.sims[t.concept] = max(w.sims[t.concept], t.weight)
		best = max(best, t.weight)
	}
	for i := range m.q.concepts {
		if c := &m.q.concepts[i]; w.sims[i] == 0 && !c.number && couldMatch(c.mask, l.mask, len(c.grams), len(l.grams)) {
			w.sims[i] = softMatch(c.grams, l.grams)
			best = max(best, w.sims[i])
		}
	}
	if best < ownMatch {
		w.related = m.called[l.term]
	}
	some := false
	for _, g := range l.fourGrams {
		if m.some[g>>6&15]>>(g&63)&1 == 0 {
			continue
		}
		if at, ok := m.fourGrams[g]; ok {
			w.fourGrams[at/64] |= 1 << (at % 64)
			some = true
		}
	}
	w = m.keep(w, best > 0, some)
	m.seen.put(place, l, w)
	return w
}

// seenWords maps lexemes to words seen: a hash table with open addressing, for
// every token of every candidate is looked up in it.
type seenWords struct {
	places []seenPlace // a power of two of them, at most half taken
	taken  int
}

type seenPlace struct {
	lexeme *lexeme
	word   *seenWord
}

// place returns the place of l, or the empty one where it belongs.
func (s *seenWords) place(l *lexeme) *seenPlace {
	for i := int(l.hash); ; i++ {
		if p := &s.places[i&(len(s.places)-1)]; p.lexeme == l || p.lexeme == nil {
			return p
		}
	}
}

// put takes an empty place.
func (s *seenWords) put(p *seenPlace, l *lexeme, w *seenWord) {
	*p = seenPlace{l, w}
	if s.taken++; s.taken <= len(s.places)/2 {
		return
	}
	old := s.places
	s.places = make([]seenPlace, 2*len(old))
	for _, p := range old {
		if p.lexeme != nil {
			*s.place(p.lexeme) = p
		}
	}
}

// ownMatch is the match from which on a word stands for a concept itself, and
// not for others that it calls up.
const ownMatch = .7

// wordsAtOnce is for how many words room is made at a time.
const wordsAtOnce = 128

// newWord makes a word that matches nothing yet. What keep does not take of it is
// the next one's.
func (m *matcher) newWord() *seenWord {
	n, grams := len(m.q.concepts), (m.q.fourGrams+63)/64
	if len(m.words) == 0 {
		m.words = make([]seenWord, wordsAtOnce)
	}
	if len(m.floats) < n {
		m.floats = make([]float64, wordsAtOnce*n)
	}
	if len(m.bits) < grams {
		m.bits = make([]uint64, wordsAtOnce*grams)
	}
	w := &m.words[0]
	w.sims, w.fourGrams = m.floats[:n:n], m.bits[:grams:grams]
	return w
}

// keep takes the room that a new word needs and returns it for good. Most words
// match nothing: they share one nothing.
func (m *matcher) keep(w *seenWord, matches, fourGrams bool) *seenWord {
	if !matches && !fourGrams && w.related == nil && w.class == 0 {
		return &m.blank
	}
	m.words = m.words[1:]
	if matches {
		m.floats = m.floats[len(w.sims):]
	} else {
		w.sims = m.nothing
	}
	if fourGrams {
		m.bits = m.bits[len(w.fourGrams):]
	} else {
		w.fourGrams = nil
	}
	return w
}

// maskOf folds a set of trigrams into 64 bits: those that two sets share are
// at most the bits that their masks share, or more where bits collide.
func maskOf(gs grams) uint64 {
	var mask uint64
	for _, g := range gs {
		mask |= 1 << ((g * 0x9e3779b97f4a7c15) >> 58)
	}
	return mask
}

// couldMatch rules out most pairs that softMatch would give 0.
func couldMatch(a, b uint64, lenA, lenB int) bool {
	short := min(lenA, lenB)
	if short < 3 {
		return false
	}
	return bits.OnesCount64(a&b)*2 >= short
}

// prepare splits a candidate into its units and matches them.
func (r *record) prepare(q *query, m *matcher, number int, p *passage, meta *articleMeta) *scored {
	s := &scored{number: number, passage: p, meta: meta, tokens: analyze(p.text, meta.Language)}
	sims := slices.Grow(m.sims[:0], len(s.tokens))[:len(s.tokens)]
	m.sims = sims
	s.words = make([]*seenWord, len(s.tokens))
	for i := range s.tokens {
		s.words[i] = m.of(s.tokens[i].lexeme)
		sims[i] = s.words[i].sims
	}
	if meta.Language == "en" {
		matchPhrases(q, s.tokens, sims)
	}
	at := 0
	s.sentences = make([]unit, 0, len(p.sentences))
	for i, span := range p.sentences {
		from := at
		for at < len(s.tokens) && s.tokens[at].start < span.End {
			at++
		}
		u := unit{text: p.text, span: span, from: from, to: at, sentence: i, sentences: len(p.sentences)}
		u.fill(q, s, sims)
		s.sentences = append(s.sentences, u)
	}
	s.whole = unit{text: p.text, span: corpus.Span{Start: 0, End: len(p.text)}, to: len(s.tokens), sentence: -1, sentences: len(p.sentences)}
	s.whole.fill(q, s, sims)
	s.whole.near, s.whole.order, s.whole.bigrams = 0, 0, 0 // they count within a sentence
	for _, u := range s.sentences {
		s.whole.near, s.whole.order, s.whole.bigrams = max(s.whole.near, u.near), max(s.whole.order, u.order), max(s.whole.bigrams, u.bigrams)
	}
	m.texts[textKey{p.text, meta.Language}] = s.whole.match
	s.head = m.text(p.heading+". "+meta.Title, meta.Language)
	s.voices = make(map[string][]float64, len(p.statements))
	var who strings.Builder
	for _, st := range p.statements {
		if s.voices[st.speaker] == nil {
			s.voices[st.speaker] = m.text(st.speaker, meta.Language)
		}
		who.WriteString(st.speaker + ", " + st.role + ". ")
	}
	s.context = m.text(who.String(), meta.Language)
	return s
}

// matchPhrases raises the match of a word to that of the phrase that it opens.
func matchPhrases(q *query, tokens []token, sims [][]float64) {
	for k := range q.concepts {
		for _, p := range q.concepts[k].phrases {
			for i := range tokens {
				if tokens[i].term == p.terms[0] && sims[i][k] < p.weight && startsWith(tokens[i:], p.terms) {
					sims[i] = slices.Clone(sims[i]) // the matcher's is everybody's
					sims[i][k] = p.weight
				}
			}
		}
	}
}

// text returns by concept the best match in a text. It keeps what it found:
// passages of one article share their title, and neighbours are before each
// other.
func (m *matcher) text(text, lang string) []float64 {
	key := textKey{text, lang}
	if best, ok := m.texts[key]; ok {
		return best
	}
	best := make([]float64, len(m.q.concepts))
	eachToken(text, lang, func(t token) {
		for k, sim := range m.of(t.lexeme).sims {
			if sim > best[k] {
				best[k] = sim
			}
		}
	})
	m.texts[key] = best
	return best
}

// fill works out what the concepts find in u.
func (u *unit) fill(q *query, s *scored, sims [][]float64) {
	u.tokens, u.words = s.tokens[u.from:u.to], s.words[u.from:u.to]
	for _, w := range u.words {
		u.classes |= w.class
	}
	n := len(q.concepts)
	floats := make([]float64, 4*n)
	u.match, u.exact, u.soft, u.related = floats[:n], floats[n:2*n], floats[2*n:3*n], floats[3*n:]
	u.first = make([]int, n)
	for k := range u.first {
		u.first[k] = -1
	}
	for i := u.from; i < u.to; i++ {
		for k, sim := range sims[i] {
			if sim == 0 {
				continue
			}
			if sim >= .999 {
				u.exact[k]++
			} else {
				u.soft[k] += sim * sim
			}
			if sim > u.match[k] {
				u.match[k], u.first[k] = sim, i
			}
		}
	}
	for _, w := range u.words {
		for _, r := range w.related {
			u.related[r.concept] += (1 - u.related[r.concept]) * r.weight
		}
	}
	u.near, u.order = nearness(q, u)
	u.bigrams = bigrams(q, u.tokens)
	u.findSpeaker(s.passage)
}

// nearness sums over successive matched concepts, in the order of the text,
// the smaller idf divided by their distance; and over concepts that are
// neighbours in the question, in its order, with at most one word between.
func nearness(q *query, u *unit) (near, order float64) {
	total := 0.0
	for _, c := range q.concepts {
		total += c.idf * c.weight
	}
	if total == 0 {
		return 0, 0
	}
	last := -1
	for at := u.from; at < u.to; at++ {
		for k := range q.concepts {
			if u.first[k] != at {
				continue
			}
			if last >= 0 && u.first[last] < at {
				near += min(q.concepts[last].idf, q.concepts[k].idf) / float64(at-u.first[last])
			}
			last = k
		}
	}
	for k := 0; k+1 < len(q.concepts); k++ {
		a, b := u.first[k], u.first[k+1]
		if a >= 0 && b > a && b-a <= 2 {
			order += min(q.concepts[k].idf, q.concepts[k+1].idf)
		}
	}
	return near / total, order / total
}

// bigrams returns the share of the question's pairs of neighbouring words,
// small words included, that stand in the tokens too.
func bigrams(q *query, tokens []token) float64 {
	if len(q.tokens) < 2 {
		return 0
	}
	found := 0.0
	for i := 0; i+1 < len(q.tokens); i++ {
		a, b := q.tokens[i], q.tokens[i+1]
		for j := 0; j+1 < len(tokens); j++ {
			if tokens[j].term == a.term && tokens[j+1].term == b.term {
				found++
				break
			}
		}
	}
	return found / float64(len(q.tokens)-1)
}

// findSpeaker sets who speaks in u: a statement that overlaps it, when all
// such are one speaker's.
func (u *unit) findSpeaker(p *passage) {
	u.speaker, u.speakers, u.direct = p.speakerIn(u.span)
	if u.speakers > 1 {
		u.speaker = nil
	}
}

// speakerIn returns the first statement that overlaps a span of p, how many
// different speakers such statements have, and whether one is direct speech.
func (p *passage) speakerIn(span corpus.Span) (first *statement, speakers int, direct bool) {
	for i := range p.statements {
		st := &p.statements[i]
		if st.Start >= span.End || st.End <= span.Start {
			continue
		}
		direct = direct || st.direct
		switch {
		case first == nil:
			first, speakers = st, 1
		case first.speaker != st.speaker:
			speakers++
		}
	}
	return first, speakers, direct
}

// charGrams is the share of the question's character 4-grams, weighed by the
// idf of their words, that stand in u's words.
func (u *unit) charGrams(q *query) float64 {
	have := make([]uint64, (q.fourGrams+63)/64)
	for _, w := range u.words {
		for i, b := range w.fourGrams {
			have[i] |= b
		}
	}
	sum, total := 0.0, 0.0
	for i := range q.concepts {
		c := &q.concepts[i]
		if len(c.fourGrams) == 0 {
			continue
		}
		hits := 0
		for _, g := range c.fourGrams {
			hits += int(have[g/64] >> (g % 64) & 1)
		}
		sum += c.weight * c.idf * float64(hits) / float64(len(c.fourGrams))
		total += c.weight * c.idf
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

// fourGramsOf returns the hashes of the 4-grams of a word with a mark at each
// end.
func fourGramsOf(word string) []uint32 {
	runes := append(append([]rune{'_'}, []rune(word)...), '_')
	if len(runes) < 4 {
		return nil
	}
	out := make([]uint32, 0, len(runes)-3)
	for i := 0; i+4 <= len(runes); i++ {
		h := uint64(0)
		for _, r := range runes[i : i+4] {
			h = (h ^ uint64(r)) * 0x9e3779b97f4a7c15
		}
		out = append(out, uint32(h>>32))
	}
	return out
}

// has reports whether a word of one of the classes stands in u.
func (u *unit) has(c wordClass) bool { return u.classes&c != 0 }

// length in terms of the unit.
func (u *unit) terms() float64 { return float64(u.to - u.from) }

// holds reports whether u's text holds a character for which f is true.
func (u *unit) holds(f func(rune) bool) bool {
	return strings.IndexFunc(u.text[u.span.Start:u.span.End], f) >= 0
}

// characters is the length of u in code points.
func (u *unit) characters() int {
	return utf8.RuneCountInString(u.text[u.span.Start:u.span.End])
}

// newName reports whether u holds a capitalised word, not its first, that the
// question lacks.
func (u *unit) newName() bool {
	for i := 1; i < len(u.tokens); i++ {
		if u.tokens[i].upper && !anyMatch(u.words[i].sims) {
			return true
		}
	}
	return false
}

// opensWithPronoun reports whether u opens with a word that stands for one
// before it.
func (u *unit) opensWithPronoun() bool {
	return len(u.words) > 0 && u.words[0].class&pronoun != 0
}

func isNumber(r rune) bool { return unicode.IsDigit(r) }

func logOf(n float64) float64 { return math.Log(1 + n) }
