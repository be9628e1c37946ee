package corpus

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed data/en-notspeech.txt
var notSpeechTXT string

// terms are forms of quotation that are no speech.
type terms struct {
	patterns []*regexp.Regexp
	finds    *patternSet
}

func termsOf(kinds ...string) terms {
	var t terms
	for _, row := range rows(notSpeechTXT) {
		if slices.Contains(kinds, row[0]) {
			t.patterns = append(t.patterns, regexp.MustCompile(row[1]))
		}
	}
	t.finds = newPatternSet(t.patterns)
	return t
}

var (
	weakTerms  = sync.OnceValue(func() terms { return termsOf("term", "scare", "word", "measure", "title", "nickname") })
	namedTerms = sync.OnceValue(func() terms { return termsOf("title", "nickname") }) // also in a sentence with a verb of speech
)

// cover reports whether one of the forms stands in text over all of quote.
func (t terms) cover(text string, quote Span) bool {
	for _, i := range t.finds.candidates(strings.ToLower(text)) {
		for _, m := range t.patterns[i].FindAllStringIndex(text, -1) {
			if m[0] <= quote.Start && m[1] >= quote.End {
				return true
			}
		}
	}
	return false
}

// statements finds who said what in an article: every piece of direct speech,
// and every sentence that reports what somebody said. quotes are those of each
// paragraph.
func statements(a *Article, quotes [][]quotation) []Statement {
	f := finder{article: a, spokeAt: -1, people: newPeople(a.Language)}
	f.pronouns, f.nameless = make(map[class]voice), make(map[string]voice)
	f.initials = make(map[string]string)
	f.read(quotes)
	for i := range f.frames {
		f.frame(i)
	}
	return f.out
}

// voice is who speaks, as the article gives it; the zero voice is nobody.
type voice struct {
	name, role string
	gender     class
	who        *someone // if they are named in full
	seen       int      // the frame in which they were last called so, for the nameless
}

type finder struct {
	article  *Article
	people   *people
	frames   []frame
	at       int               // the frame that is read, counted from 1 as seen is
	cues     []cue             // of the frame that is read
	pronouns map[class]voice   // whom he, she, it and they stand for
	subject  voice             // of the sentence before
	speaker  voice             // of the last direct speech
	asked    bool              // it was a question
	other    voice             // who spoke before the speaker
	spokeAt  int               // the index of the frame it stands in, or -1
	running  bool              // it had no closing mark
	initials map[string]string // of bodies named in full, to the names
	nameless map[string]voice  // who was last called a noun, by it: one aide, the aide
	out      []Statement
}

// read splits the article into frames and meets the people in it.
func (f *finder) read(quotes [][]quotation) {
	for i := range f.article.Paragraphs {
		p := &f.article.Paragraphs[i]
		if p.Kind == TableRow {
			continue
		}
		f.frames = append(f.frames, framesOf(i, p, quotes[i], f.people.grammar)...)
	}
	for i := range f.frames {
		fr := &f.frames[i]
		fr.telling = f.people.telling(fr)
		if len(fr.words) <= mostWords {
			f.people.meet(fr.text, fr.words)
		}
	}
}

// frame finds the statements of frame i.
func (f *finder) frame(i int) {
	fr := &f.frames[i]
	f.at = i + 1
	if len(fr.words) > mostWords {
		for _, q := range fr.quotes {
			f.add(Statement{Paragraph: fr.paragraph, Span: q.inner, Direct: true})
		}
		f.subject, f.speaker, f.running = voice{}, voice{}, false
		return
	}
	if !f.matters(i) {
		return
	}
	f.cues = f.people.cuesOf(fr)
	direct := false
	var last voice
	for k, q := range fr.quotes {
		who := f.speakerOf(i, k)
		if f.isTerm(fr, k) {
			continue
		}
		if who.name == "" && len(f.cues) == 0 && len(strings.Fields(fr.text[q.inner.Start:q.inner.End])) < 3 {
			continue // a word in marks that nobody is said to have said
		}
		f.add(Statement{Paragraph: fr.paragraph, Span: q.inner, Speaker: who.name, Role: who.role, Direct: true})
		direct, last = true, who
		f.spokeAt, f.running = i, !q.closed
		f.asked = strings.HasSuffix(fr.text[q.inner.Start:q.inner.End], "?")
		if who.name != f.speaker.name {
			f.other, f.speaker = f.speaker, who
		}
	}
	if !direct {
		f.reported(fr)
	}
	f.remember(i, fr, last)
}

// ahead is how many frames before a telling one are read for whom it may mean.
const ahead = 3

// matters reports whether frame i is telling, or stands so near before one that
// is that its people can be meant there.
func (f *finder) matters(i int) bool {
	for k := i; k < len(f.frames) && k <= i+ahead; k++ {
		if f.frames[k].telling {
			return true
		}
	}
	return false
}

// reported adds the statement of a sentence that says what somebody said.
func (f *finder) reported(fr *frame) {
	for _, c := range f.cues {
		if c.weak || c.from < len(fr.words) && f.people.grammar.match(fr.words, c.from, manner) > 0 || c.subject.kind == office && !isHead(lastLower(c.subject.name)) {
			continue
		}
		if who := f.resolve(fr, c.subject); who.name != "" {
			f.add(Statement{Paragraph: fr.paragraph, Span: fr.Span, Speaker: who.name, Role: who.role})
			return
		}
	}
}

// add appends a statement whose span is not empty.
func (f *finder) add(s Statement) {
	if s.End > s.Start {
		f.out = append(f.out, s)
	}
}

// isTerm reports whether quotation k of a frame is no speech: a form that the
// tables know.
func (f *finder) isTerm(fr *frame, k int) bool {
	q := fr.quotes[k]
	if !q.closed || q.inner.End-q.inner.Start > longestTerm {
		return false
	}
	inner := fr.text[q.inner.Start:q.inner.End]
	if len(inner) > shortTerm && strings.ContainsAny(inner[len(inner)-1:], ",.!?") {
		return false // a sentence
	}
	before := strings.TrimSpace(fr.text[fr.Start:q.outer.Start])
	if strings.HasSuffix(before, "so-called") {
		return true
	}
	forms := weakTerms()
	if len(f.cues) > 0 {
		first, _ := utf8.DecodeRuneInString(fr.text[q.inner.Start:q.inner.End])
		if !unicode.IsUpper(first) || strings.ContainsAny(fr.text[max(q.inner.Start, q.inner.End-1):q.inner.End], ",.!?") || f.touches(fr, k) {
			return false
		}
		forms = namedTerms()
	}
	from, to := max(fr.Start, q.outer.Start-aroundTerm), min(fr.End, q.outer.End+aroundTerm)
	for from > fr.Start && !utf8.RuneStart(fr.text[from]) {
		from--
	}
	for to < fr.End && !utf8.RuneStart(fr.text[to]) {
		to++
	}
	return forms.cover(fr.text[from:to], Span{q.outer.Start - from, q.outer.End - from})
}

// longestTerm is the length in bytes of the longest name or term in quotation
// marks.
const longestTerm = 90

// aroundTerm is how far in bytes around a quotation the words stand that say
// that it is a name or term.
const aroundTerm = 70

// shortTerm is the length in bytes up to which a name may end as a sentence.
const shortTerm = 40

// touches reports whether a cue stands right before or behind quotation k.
func (f *finder) touches(fr *frame, k int) bool {
	at := quoteWord(fr, k)
	return slices.ContainsFunc(f.cues, func(c cue) bool { return c.to == at || c.from == at+1 })
}

// quoteWord returns the place of quotation k among the words of its frame.
func quoteWord(fr *frame, k int) int {
	return slices.IndexFunc(fr.words, func(w word) bool { return w.quote == k+1 })
}

// speakerOf decides who speaks quotation k of frame i: whom a cue in its frame
// gives it to, else who speaks around it.
func (f *finder) speakerOf(i, k int) voice {
	fr := &f.frames[i]
	at := quoteWord(fr, k)
	if f.wasAsked(fr, at) {
		return voice{}
	}
	if c := f.cueFor(fr, at, k); c != nil {
		if who := f.resolve(fr, c.subject); who.name != "" {
			return who
		}
		for n := range f.cues { // they say: "…," Bell said
			if o := &f.cues[n]; o.from > at && !o.weak && f.rightBehind(fr, at, k, o, false) {
				return f.resolve(fr, o.subject)
			}
		}
		if !c.weak {
			return voice{}
		}
	}
	return f.around(i, k, at)
}

// wasAsked reports whether the quotation at word at is put to who stands behind
// it: "Why?" he was asked.
func (f *finder) wasAsked(fr *frame, at int) bool {
	for _, m := range f.people.mentionsOf(fr) {
		if m.from == at+1 && m.to+1 < len(fr.words) && fr.words[m.to].class&be != 0 && f.people.grammar.match(fr.words, m.to+1, verb) == 1 && !strings.HasSuffix(fr.words[m.to+1].lower, "ing") {
			return true
		}
	}
	return false
}

// cueFor returns the cue that gives speech to the quotation at word at: one
// right behind it, else the last before it, else the first behind it.
func (f *finder) cueFor(fr *frame, at, k int) *cue {
	var before, behind *cue
	for n := range f.cues {
		c := &f.cues[n]
		switch {
		case c.from < at && (before == nil || !c.weak || before.weak || fr.parted(before.to, c.from)):
			before = c
		case c.from > at && behind == nil && !c.weak:
			behind = c
		}
	}
	asked := before != nil && before.to == at && !before.weak && at > 0 // Bell asked, "Why?" he laughed
	if before != nil && behind != nil && !before.weak && at > 0 && f.within(fr, before, at) {
		return before
	}
	if behind != nil && !asked && f.rightBehind(fr, at, k, behind, before == nil) {
		return behind
	}
	if before != nil && f.crossed(fr, before, at) && behind != nil {
		return behind
	}
	if before != nil {
		return before
	}
	return behind
}

// within reports whether nothing parts the quotation at word at from cue c
// before it, so that it belongs to its clause.
func (f *finder) within(fr *frame, c *cue, at int) bool {
	if c.to > at || fr.anyQuote(c.to, at) {
		return false
	}
	for k := c.from; k < at; k++ {
		if strings.ContainsAny(fr.gap(k, k+1), ",;.—–") {
			return false
		}
	}
	return true
}

// parted reports whether a semicolon stands between words from and to.
func (f *frame) parted(from, to int) bool {
	for k := from; k < to && k+1 < len(f.words); k++ {
		if strings.Contains(f.gap(k, k+1), ";") {
			return true
		}
	}
	return false
}

// crossed reports whether a quotation that is a whole speech ends between cue
// c and word at, and c belongs to that one.
func (f *finder) crossed(fr *frame, c *cue, at int) bool {
	return c.weak && fr.anyQuote(c.to, at)
}

// rightBehind reports whether cue c stands right behind the quotation at word
// at: with nothing between but punctuation and its subject, or a small word
// where nobody else speaks.
func (f *finder) rightBehind(fr *frame, at, k int, c *cue, alone bool) bool {
	q := fr.quotes[k]
	if !q.closed {
		return false
	}
	start := min(c.from, c.subject.from)
	if start <= at {
		start = c.from
	}
	if fr.anyQuote(at+1, start) {
		return false
	}
	opens := at == 0 || strings.TrimRight(fr.text[fr.Start:q.outer.Start], " ") == "" || strings.HasSuffix(strings.TrimSpace(fr.text[fr.Start:q.outer.Start]), ".")
	gap := fr.text[q.outer.End:fr.words[start].Start]
	comma := strings.ContainsAny(fr.text[max(q.inner.Start, q.inner.End-1):q.inner.End], ",!?") || strings.HasPrefix(strings.TrimSpace(gap), ",")
	if !alone && !opens && !comma {
		return false // part of a sentence that somebody else already speaks
	}
	if strings.ContainsAny(gap, ";:.") {
		return false
	}
	words := start - at - 1
	return words == 0 || alone && words <= 1 && !strings.Contains(gap, ", ")
}

// around decides who speaks quotation k of frame i, where no cue tells: a
// speech that stands alone goes on with, or answers to, who spoke before it.
func (f *finder) around(i, k, at int) voice {
	fr := &f.frames[i]
	opens := strings.TrimSpace(fr.text[fr.Start:fr.quotes[k].outer.Start]) == ""
	if k > 0 && f.spokeAt == i && f.speaker.name != "" && len(f.cues) == 0 && f.others(fr) == 0 {
		return f.speaker
	}
	if opens && k == 0 {
		if who := f.nextTells(i, k); who.name != "" {
			return who
		}
	}
	if at > 0 && strings.HasSuffix(strings.TrimSpace(fr.text[fr.Start:fr.quotes[k].outer.Start]), ":") {
		if who := f.subjectOf(fr); who.name != "" {
			return who
		}
	}
	if i == 0 {
		return voice{}
	}
	prev := &f.frames[i-1]
	same := prev.paragraph == fr.paragraph
	near := same || prev.paragraph+1 >= fr.paragraph
	switch {
	case opens && len(fr.words) <= 1+strings.Count(fr.text[fr.quotes[k].outer.End:fr.End], " "):
		if f.running && f.spokeAt == i-1 {
			return f.speaker
		}
		switch {
		case f.spokeAt == i-1 && near && f.asked && !same: // answers the question
			return f.other
		case f.spokeAt == i-1 && near:
			return f.speaker
		case near:
			return f.subject
		}
	case opens:
		if f.spokeAt == i-1 && same || f.running {
			return f.speaker
		}
	case same && f.others(fr) == 0: // the sentence goes on about what was said
		if f.spokeAt == i-1 {
			return f.speaker
		}
		return f.subject
	}
	return voice{}
}

// subjectOf returns whom a frame is about: the first person in it that is no
// object.
func (f *finder) subjectOf(fr *frame) voice {
	for _, m := range f.people.mentionsOf(fr) {
		if m.kind != body && !m.poss && !fr.object(m) {
			return f.resolve(fr, m)
		}
	}
	return voice{}
}

// others counts the people and bodies whom a frame names.
func (f *finder) others(fr *frame) int {
	n := 0
	for _, m := range f.people.mentionsOf(fr) {
		if m.kind == person || m.kind == body {
			n++
		}
	}
	return n
}

// nextTells returns who speaks a question or exclamation that ends frame i,
// where the next sentence does: "Why?" Bell asked.
func (f *finder) nextTells(i, k int) voice {
	fr := &f.frames[i]
	q := fr.quotes[k]
	if k != len(fr.quotes)-1 || !q.closed || fr.End > q.outer.End || i+1 == len(f.frames) {
		return voice{}
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(fr.text[q.inner.Start:q.inner.End], closing))
	if !strings.ContainsRune("?!-…—–", last) {
		return voice{}
	}
	next := &f.frames[i+1]
	if next.paragraph != fr.paragraph {
		return voice{}
	}
	for _, c := range f.people.cuesOf(next) {
		if !c.weak && c.subject.from <= 1 && c.from <= 8 && !next.anyQuote(0, c.from) {
			return f.resolve(next, c.subject)
		}
	}
	return voice{}
}

// resolve turns a mention into the voice that the article gives it: a pronoun
// or an office into whom it stands for, a surname into the full name.
func (f *finder) resolve(fr *frame, m mention) voice {
	switch m.kind {
	case pronoun:
		return f.pronoun(fr, m)
	case office:
		return f.office(m)
	case body:
		name := m.name
		if full := f.initials[name]; full != "" {
			name = full
		}
		return voice{name: name, role: m.role, gender: it}
	}
	name, gender := nominative(m.name)
	who := f.people.known(m.name, m.gender|gender)
	if who == nil {
		return voice{name: name, role: m.role, gender: m.gender | gender}
	}
	v := voice{name: who.name, role: who.role, gender: who.gender, who: who}
	if v.role == "" {
		v.role = m.role
	}
	return v
}

// pronoun finds whom a pronoun stands for: the subject before it in its
// sentence, the one of the sentence before, or whoever it stood for before;
// those whose gender is known come first.
func (f *finder) pronoun(fr *frame, m mention) voice {
	var unsure voice
	for _, o := range f.people.mentionsOf(fr) {
		if o.from >= m.from {
			break
		}
		if o.kind == person && !o.poss && !fr.object(o) {
			v := f.resolve(fr, o)
			switch {
			case v.gender&m.gender != 0:
				return v
			case unsure.name == "" && fits(v, m.gender) && v.who != nil:
				unsure = v
			}
		}
	}
	switch {
	case f.subject.gender&m.gender != 0:
		return f.subject
	case unsure.name != "":
		return unsure
	case f.pronouns[m.gender].gender&m.gender != 0 && f.pronouns[m.gender].who != nil && f.newParagraph(fr):
		return f.pronouns[m.gender]
	case fits(f.subject, m.gender) && f.subject.who != nil:
		f.subject.who.gender |= m.gender & (he | she) // the article tells it now
		f.subject.gender |= f.subject.who.gender
		return f.subject
	case fits(f.subject, m.gender) && f.pronouns[m.gender].name == "":
		return f.subject
	}
	if v := f.pronouns[m.gender]; v.gender&m.gender != 0 && (v.who == nil || f.at-v.who.seen <= farPronoun) {
		return v
	}
	return voice{}
}

// farPronoun is how many frames behind a pronoun the last name may stand for
// which it does, where the sentence before is about another.
const farPronoun = 6

// newParagraph reports whether a frame is the first of its paragraph.
func (f *finder) newParagraph(fr *frame) bool {
	return f.at < 2 || f.frames[f.at-2].paragraph != fr.paragraph
}

// fits reports whether a pronoun of a gender can stand for v.
func fits(v voice, gender class) bool {
	if v.name == "" {
		return false
	}
	if v.gender == 0 {
		return gender&(he|she) != 0
	}
	return v.gender&gender != 0
}

// office finds whom a noun stands for: the person last spoken of who holds the
// office, the body of that kind last named, or, for one aide, itself.
func (f *finder) office(m mention) voice {
	g := f.people.grammar
	fields := strings.Fields(strings.ToLower(m.name))
	head := headOf(fields, g)
	itself := voice{name: m.name, gender: m.gender}
	if texts[head] {
		itself.gender |= it
	}
	definite := !f.indefinite(fields[0]) && m.gender != they
	plain := speakers[head] && !isTitle(head) // no office
	switch first := g.words[fields[0]]; {
	case first&(his|her|their) != 0 && (g.words[head]&noun != 0 || plain): // her letter
		return f.pronouns[genderOf(first)]
	case institutions[head]:
		itself.gender = it
		if b := f.bodyCalled(m.name, fields, head); definite && b.name != "" {
			return b
		}
		return itself
	case !definite, g.words[head]&nameless != 0:
		itself.seen = f.at
		f.nameless[head] = itself
		return itself
	case plain && (!g.is(inverts) || f.subject.who == nil):
		if v, ok := f.nameless[head]; ok {
			return v
		}
		return itself
	}
	if v := f.holder(head); v.name != "" {
		return v
	}
	switch {
	case f.subject.name != "" && f.subject.who == nil && f.subject.gender&(it|they) == 0:
		return f.subject // one senior Democrat … the lawmaker
	case f.subject.who != nil && (g.is(inverts) || f.subject.role == "" && len(fields) > 2):
		return f.subject // the 34-year-old engineer
	case f.subject.who != nil && len(fields) <= 2:
		return voice{} // the minister, where none is known
	}
	return itself
}

// headOf returns the noun of a noun phrase: its last word, or, in languages in
// which it comes first, the first that can speak.
func headOf(fields []string, g *grammar) string {
	if g.is(inverts) {
		for _, w := range fields {
			if isHead(w) {
				return w
			}
		}
	}
	return singular(fields[len(fields)-1])
}

// bodyCalled returns the body that a noun with nothing but its article stands
// for: the one last named whose name ends in it, or the subject before.
func (f *finder) bodyCalled(name string, fields []string, head string) voice {
	if b := f.pronouns[it]; strings.HasSuffix(strings.ToLower(b.name), head) {
		return b
	}
	g := f.people.grammar
	bare := len(fields) == 1 || len(fields) == 2 && !g.is(inverts)
	lower := lowerCase(name) || g.trait&(inverts|nouns) != inverts // El Ejército is a name
	if bare && lower && f.subject.gender&it != 0 && !lowerCase(f.subject.name) && !strings.HasPrefix(f.subject.name, "The ") {
		return f.subject
	}
	return voice{}
}

// holder returns who holds the office that head names: somebody nameless who
// was just called so, the subject or speaker before, the last person named who
// holds it, or the only one named further on.
func (f *finder) holder(head string) voice {
	if v, ok := f.nameless[head]; ok && f.at-v.seen <= 2 {
		return v // a fellow senator … the senator
	}
	for _, v := range []voice{f.subject, f.speaker} {
		if holds(v, head) {
			return v
		}
	}
	var last, ahead *someone
	several := false
	for _, s := range f.people.order {
		switch {
		case !holds(voice{name: s.name, role: s.role}, head):
		case s.seen > 0:
			if last == nil || s.seen > last.seen {
				last = s
			}
		default:
			several = several || ahead != nil
			ahead = s
		}
	}
	if last == nil && !several {
		last = ahead
	}
	if last == nil && f.nameless[head].name == "" && hypernyms[head] {
		last = f.people.lastSeen()
	}
	if last == nil {
		return f.nameless[head]
	}
	return voice{name: last.name, role: last.role, gender: last.gender, who: last}
}

// hypernyms are nouns for anybody in politics, whatever their office.
var hypernyms = wordSet("republican democrat conservative liberal independent lawmaker politician legislator frontrunner billionaire nominee candidate incumbent veteran")

// indefinite reports whether a noun phrase that opens with a word means nobody
// known: a senator, one aide.
func (f *finder) indefinite(first string) bool {
	c := f.people.grammar.words[first]
	return c&the == 0 && (c&article != 0 || !f.people.grammar.is(inverts))
}

var shortTitles = map[string]string{"sen": "senator", "gov": "governor", "rep": "representative", "gen": "general", "prof": "professor", "col": "colonel"}

// holds reports whether v has an office that head names.
func holds(v voice, head string) bool {
	if v.name == "" {
		return false
	}
	for w := range strings.FieldsFuncSeq(strings.ToLower(v.role), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if w == head || shortTitles[w] == head || singular(w) == head || w == "rep" && strings.HasPrefix(head, "congress") {
			return true
		}
		if k := strings.LastIndexByte(w, '-'); k > 0 && w[k+1:] == head {
			return true
		}
		if len(w) > len(head) && len(head) > 4 && strings.HasSuffix(w, head) {
			return true
		}
	}
	return false
}

// remember keeps whom the next sentence's pronouns stand for: its speaker,
// else its subject, else the first person it names; and behind them whom else
// it names.
func (f *finder) remember(i int, fr *frame, spoke voice) {
	mentions := f.people.mentionsOf(fr)
	var subject, first, opening voice
	named, start := false, mainClause(fr, mentions)
	for k := len(mentions) - 1; k >= 0; k-- {
		m := mentions[k]
		v := voice{}
		switch {
		case m.kind == person, m.kind == body && (institutions[lastLower(m.name)] || capitals(m.name)):
			v = f.resolve(fr, m)
		case m.kind == pronoun && !fr.object(m):
			v = f.resolve(fr, m)
		}
		if m.kind == body && strings.Count(m.name, " ") >= 2 {
			f.initials[initialsOf(m.name)] = m.name
		}
		if m.kind == office && m.from == 0 && len(f.cues) == 0 && first.name == "" {
			if v = f.office(m); v.who == nil {
				opening = v
				continue
			}
		}
		if v.who != nil {
			v.who.seen = i + 1
		}
		if v.name == "" || v.who == nil && v.role == "" && m.kind == person {
			continue
		}
		named = named || m.kind == person
		if v.gender != 0 || !m.poss && !fr.object(m) {
			f.keep(v)
		}
		if m.kind != body && (!m.poss && !fr.object(m) && k >= start || first.name == "") {
			first = v
		}
	}
	for _, c := range f.cues {
		v := f.resolve(fr, c.subject)
		if c.weak || v.name == "" || c.subject.kind == office && v.who == nil && named {
			continue
		}
		if subject.name == "" || f.contrasts(fr, c) {
			subject = v
		}
	}
	for _, v := range []voice{spoke, first, opening} {
		if subject.name == "" {
			subject = v
		}
	}
	if subject.name == "" {
		return
	}
	f.subject = subject
	f.keep(subject)
}

// initialsOf returns the capitals with which the words of a name begin.
func initialsOf(name string) string {
	out := ""
	for w := range strings.FieldsSeq(name) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(r) {
			out += string(r)
		}
	}
	return out
}

// mainClause returns the first mention of a frame's main clause: behind the
// comma where it opens with another clause.
func mainClause(fr *frame, mentions []mention) int {
	if len(fr.words) == 0 || fr.words[0].quote > 0 {
		return 0
	}
	switch w := fr.words[0]; {
	case strings.HasSuffix(w.lower, "ed"), strings.HasSuffix(w.lower, "ing"), subordinators[w.lower]:
	default:
		return 0
	}
	for k, m := range mentions {
		if m.from > 0 && strings.HasPrefix(fr.gap(m.from-1, m.from), ",") && !fr.object(m) && !m.poss {
			return k
		}
	}
	return 0
}

var subordinators = wordSet("when while after before as if although though because since once until told")

// contrasts reports whether the subject of c opens a clause of its own: and
// Bell said, while Bell said.
func (f *finder) contrasts(fr *frame, c cue) bool {
	if c.subject.from == 0 || c.subject.from >= c.from {
		return false
	}
	switch fr.words[c.subject.from-1].lower {
	case "and", "but", "while", "и", "а", "но", "і", "й", "але", "und", "aber", "y", "pero", "et", "mais":
		return true
	}
	return strings.Contains(fr.gap(c.subject.from-1, c.subject.from), ";")
}

// keep makes v whom the pronouns of its gender stand for.
func (f *finder) keep(v voice) {
	for _, g := range []class{he, she, it, they} {
		if fits(v, g) {
			f.pronouns[g] = v
		}
	}
}

func lastLower(name string) string {
	fields := strings.Fields(strings.ToLower(name))
	if len(fields) == 0 {
		return ""
	}
	return fields[len(fields)-1]
}
