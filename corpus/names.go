package corpus

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed data/en-titles.txt
var titlesTXT string

//go:embed data/other-titles.txt
var otherTitlesTXT string

//go:embed data/speakers.txt
var speakersTXT string

//go:embed data/texts.txt
var textsTXT string

//go:embed data/sides.tsv
var sidesTSV string

//go:embed data/places.txt
var placesTXT string

//go:embed data/institutions.txt
var institutionsTXT string

//go:embed data/given-names.tsv
var givenNamesTSV string

//go:embed data/cases.tsv
var casesTSV string

var (
	titles       = lineSet(titlesTXT + otherTitlesTXT) // nouns of office: foreign minister
	titleEndings = make(map[string][]string)           // of compounds, -minister, by their last three bytes
	speakers     = lineSet(speakersTXT + textsTXT)     // other nouns that speak: aide, report
	texts        = lineSet(textsTXT)                   // those of them that are texts
	institutions = lineSet(institutionsTXT)            // last words of names of bodies: ministry
	places       = make(map[string]bool)               // countries, capitals, metonyms: Kyiv
	demonyms     = make(map[string]bool)               // Ukrainian
	givenNames   = make(map[string]class)              // he or she
	cases        []caseEnding
)

// caseEnding turns a name's ending in another case into the nominative one.
type caseEnding struct {
	surname      bool
	class        class
	from, ending string
}

func init() {
	for t := range titles {
		if ending, ok := strings.CutPrefix(t, "-"); ok {
			key := ending[len(ending)-3:]
			titleEndings[key] = append(titleEndings[key], ending)
		}
	}
	for _, row := range rows(sidesTSV) {
		places[row[0]], places[row[1]] = true, true
		for _, m := range splitList(row[3]) {
			places[strings.TrimPrefix(m, "~")] = true
		}
		for _, d := range splitList(row[2]) {
			demonyms[d] = true
		}
	}
	for _, row := range rows(placesTXT) {
		places[row[0]] = true
	}
	for _, row := range rows(givenNamesTSV) {
		for name := range strings.FieldsSeq(row[2]) {
			givenNames[name] = classNames[row[0]]
		}
	}
	for _, row := range rows(casesTSV) {
		cases = append(cases, caseEnding{row[0] == "surname", classNames[row[1]], row[2], row[3]})
	}
	slices.SortStableFunc(cases, func(a, b caseEnding) int { return len(b.from) - len(a.from) })
}

// given reports he or she for a given name, also for one of several parts, or
// 0.
func given(name string) class {
	if c := givenNames[name]; c != 0 || !strings.Contains(name, "-") {
		return c
	}
	for part := range strings.SplitSeq(name, "-") {
		if c := givenNames[part]; c != 0 {
			return c
		}
	}
	return 0
}

func lineSet(txt string) map[string]bool {
	set := make(map[string]bool)
	for _, row := range rows(txt) {
		set[strings.ToLower(row[0])] = true
	}
	return set
}

type mentionKind int

const (
	person  mentionKind = iota
	body                // an institution, a country, its capital
	pronoun             //
	office              // the minister, one aide, the report
)

// mention is who or what may speak: a person, a body, a pronoun or a noun that
// stands for one. Its words are from to to, its office with them.
type mention struct {
	kind     mentionKind
	name     string // as it stands; empty for a pronoun
	role     string
	gender   class // he, she, it, they, or 0 where nothing tells
	poss     bool
	from, to int
}

// someone is a person whom an article names in full.
type someone struct {
	name   string
	role   string
	gender class
	times  int // how often they are named in full
	seen   int // the frame in which they were last named
}

// people knows the persons of an article by surname.
type people struct {
	grammar *grammar
	by      map[string][]*someone // stem of the surname
	order   []*someone            // as they are first named
	inside  map[string]bool       // words that carry a capital within a sentence
}

var (
	particles = wordSet("de dela de’ van von der den la le bin al el da dos di du del ten ben ibn abu af zu zur")
	// openers are words that open a sentence with a capital and are no names.
	openers = wordSet(`the a an whether neither either because unlike like than in on at by for from to of with and but or as if when while after before since until during although though because however meanwhile earlier later yesterday today tomorrow now then there here this that these those it its they their we our us you your i my me he his him she her them who'd not no yes so what who why how where which whose all both some many most few more one two three four five six seven eight nine ten another other others each every any such only also even still just once again over under between among about against without within through despite amid asked according via per nothing nobody everyone everybody someone somebody anyone last next first second third finally instead indeed perhaps maybe well oh ok let do does did is are was were has have had will would can could should may might must monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december people i'm i've i'd i'll it's that's don't we're we've they're you're he's she's there's what's can't won't
	в на по с и а но или как если когда пока после до от из за для при про об о это этот эта эти тот его её их он она они мы вы я не нет да так что кто почему где который все всё также ранее позже однако между тем по-прежнему напомним при этом
	у на з із зі та але або як якщо коли після до від за для при про це цей ця ці той його її їх він вона вони ми ви я ні так що хто чому де який усі все також раніше пізніше однак водночас проте утім нагадаємо
	der die das den dem des ein eine einen einem einer in im am an auf aus bei mit nach seit von vom zu zum zur über unter um für durch gegen ohne bis zwischen als wie dass wenn weil ob und oder aber auch nicht er sie es wir ihr ich man was wer wo warum so doch noch nun zuvor zudem dabei damit denn laut
	el la los las un una en del al con por para sin sobre entre y o pero que si como cuando donde él ella ellos no según tras ante desde también además aunque este esta esto su sus
	le les un une des du de la et ou mais dans sur sous pour par avec sans selon après avant depuis ce cette ces il elle ils elles on nous vous je qui que quand où pourquoi son sa ses leur leurs au aux en si comme alors lors à`)
)

func wordSet(s string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

func newPeople(lang string) *people {
	return &people{grammar: grammarOf(lang), by: make(map[string][]*someone), inside: make(map[string]bool)}
}

// meet reads words for the names in them, so that a surname is known wherever
// it stands.
func (p *people) meet(text string, words []word) {
	for i, w := range words {
		if w.upper && !w.first {
			p.inside[w.text] = true
		}
		if p.opensName(w) && !calendar(words, i) && (i == 0 || !words[i-1].upper || words[i-1].first && openers[words[i-1].lower] || !adjacent(text, words, i-1)) {
			if m, ok := p.nameAt(text, words, i); ok && m.kind == person {
				p.learn(m)
			}
		}
	}
}

// mostPeople is how many people an article is read for; more make a list, not
// a story.
const (
	mostPeople    = 500
	mostNamesakes = 12
)

// learn remembers a person named in full.
func (p *people) learn(m mention) {
	if !strings.Contains(m.name, " ") && m.role == "" && (givenNames[m.name] == 0 || p.known(m.name, 0) != nil) {
		return
	}
	name, gender := nominative(m.name)
	gender |= m.gender
	key := stem(lastField(name))
	for _, known := range p.by[key] {
		if samePerson(known.name, name) {
			known.times++
			if !strings.Contains(known.name, " ") {
				known.name = name
			}
			if known.role == "" {
				known.role = m.role
			}
			known.gender |= gender
			return
		}
	}
	if len(p.order) >= mostPeople || len(p.by[key]) >= mostNamesakes {
		return
	}
	forename, _, full := strings.Cut(name, " ")
	for _, known := range p.order {
		if full && known.name == forename { // Ann … Ann Bell
			known.name, known.gender = name, known.gender|gender
			p.by[key] = append(p.by[key], known)
			return
		}
	}
	s := &someone{name: name, role: m.role, gender: gender, times: 1}
	p.by[key] = append(p.by[key], s)
	p.order = append(p.order, s)
}

// known returns the person whom a name stands for, or nil: one named in full
// with that surname, of that gender where it tells; of several the one most
// often named.
func (p *people) known(name string, gender class) *someone {
	var best *someone
	tie := false
	for _, s := range p.by[stem(lastField(name))] {
		switch {
		case strings.Contains(name, " ") && !samePerson(s.name, name) && !samePerson(s.name, nominativeName(name)),
			gender&(he|she) != 0 && s.gender&(he|she) != 0 && s.gender&gender == 0:
		case best == nil || s.times > best.times:
			best, tie = s, false
		case s.times == best.times:
			tie = true
		}
	}
	if tie {
		return nil
	}
	if best == nil && !strings.Contains(name, " ") && (givenNames[name] != 0 || len(name) > 3 && !places[name] && !titles[strings.ToLower(name)]) {
		for _, s := range p.order {
			if strings.HasPrefix(s.name, name+" ") {
				if best != nil {
					return nil
				}
				best = s
			}
		}
	}
	return best
}

// lastSeen returns the person last named, or nil.
func (p *people) lastSeen() *someone {
	var last *someone
	for _, s := range p.order {
		if s.seen > 0 && (last == nil || s.seen > last.seen) {
			last = s
		}
	}
	return last
}

func nominativeName(name string) string {
	name, _ = nominative(name)
	return name
}

// samePerson reports whether two full names with one surname are one person's:
// they begin alike, or one is the other with something before it.
func samePerson(a, b string) bool {
	first := func(s string) string { w, _, _ := strings.Cut(s, " "); return strings.TrimRight(w, ".") }
	fa, fb := first(a), first(b)
	return fa == fb || suffixFold(a, " "+b) || suffixFold(b, " "+a) ||
		utf8.RuneCountInString(fa) == 1 && strings.HasPrefix(fb, fa) || utf8.RuneCountInString(fb) == 1 && strings.HasPrefix(fa, fb) ||
		fa != "" && fb != "" && stem(fa) == stem(fb)
}

func suffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}

func lastField(s string) string {
	return s[strings.LastIndexByte(s, ' ')+1:]
}

// stem leaves out the endings that Slavic names take; other names are their
// own stems.
func stem(name string) string {
	last, _ := utf8.DecodeLastRuneInString(name)
	if !unicode.Is(unicode.Cyrillic, last) {
		return name
	}
	for _, ending := range slavicEndings {
		if s, ok := strings.CutSuffix(name, ending); ok && utf8.RuneCountInString(s) > 2 {
			return s
		}
	}
	return name
}

var slavicEndings = strings.Fields("ого ому ої ою єю ым им ом ем єм ої ой ей ую юю ая яя ий ый ій ої ові еві єві ею ью ых их а я у ю е и ы о і ї є й ь")

// nominative returns a Slavic full name in its nominative, and whether it is
// his or hers, where the given name tells.
func nominative(name string) (string, class) {
	given, surname, ok := strings.Cut(name, " ")
	if gender := givenNames[given]; gender != 0 || !ok {
		return name, gender
	}
	for _, c := range cases {
		g, fits := strings.CutSuffix(given, c.from)
		if !fits || c.surname || givenNames[g+c.ending]&c.class == 0 {
			continue
		}
		given = g + c.ending
		for _, s := range cases {
			if root, fits := strings.CutSuffix(surname, s.from); fits && s.surname && s.class == c.class {
				return given + " " + root + s.ending, c.class
			}
		}
		return given + " " + surname, c.class
	}
	return name, 0
}

// mentionsOf returns who is named in a frame.
func (p *people) mentionsOf(f *frame) []mention {
	if f.looked {
		return f.mentions
	}
	f.looked = true
	for i := range f.words {
		if w := &f.words[i]; w.quote == 0 && isHead(w.lower) {
			w.class |= head
		}
	}
	for i := 0; i < len(f.words); {
		m, ok := p.mentionAt(f.text, f.words, i)
		if !ok {
			i++
			continue
		}
		if n := len(f.mentions); n > 0 && m.role != "" && f.mentions[n-1].kind == body && strings.HasPrefix(m.role, f.mentions[n-1].name) {
			f.mentions = f.mentions[:n-1] // it belongs to the role: Sky News host Ann Bell
		}
		f.mentions = append(f.mentions, m)
		i = max(i+1, m.to)
	}
	return f.mentions
}

func (p *people) mentionAt(text string, words []word, i int) (mention, bool) {
	w := words[i]
	switch {
	case w.quote > 0:
		return mention{}, false
	case w.class&pronounClass != 0 && !w.poss:
		return mention{kind: pronoun, gender: w.class & pronounClass, from: i, to: i + 1}, true
	}
	if p.opensName(w) && !calendar(words, i) && !inAddress(text, w) {
		m, ok := p.nameAt(text, words, i)
		if ok && m.poss { // Bell's spokeswoman
			if o, ok := p.officeOf(text, words, m); ok {
				return o, true
			}
		}
		if ok {
			return m, true
		}
	}
	m, ok := p.officeAt(text, words, i)
	if !ok {
		return m, false
	}
	for k := m.to; k < len(words) && k < m.to+6 && adjacent(text, words, k-1) && words[k].class&(verb|be|aid|who|also) == 0; k++ {
		if !words[k].upper || k > m.to && !p.grammar.is(inverts) {
			continue
		}
		name, ok := p.nameAt(text, words, k)
		if ok && (k == m.to && (name.kind != body || !p.grammar.is(inflects) || !places[name.name]) || name.kind == person && strings.Contains(name.name, " ")) { // the newspaper Le Crépuscule
			if name.from = i; name.role == "" {
				name.role = text[words[i].Start:words[k-1].End]
			}
			if noun := singular(words[m.to-1].lower); name.kind == body && k == m.to && !institutions[noun] && !texts[noun] && !capitals(name.name) && !institutions[lastLower(name.name)] {
				name.kind = person // his wife Ann
			}
			return name, true
		}
	}
	return m, true
}

// inAddress reports whether a word is the end of a name with a dot in it: News.Az.
func inAddress(text string, w word) bool {
	before, size := utf8.DecodeLastRuneInString(text[:w.Start])
	if before != '.' {
		return false
	}
	letter, _ := utf8.DecodeLastRuneInString(text[:w.Start-size])
	return unicode.IsLower(letter)
}

// opensName reports whether a name may begin with word w.
func (p *people) opensName(w word) bool {
	return w.upper && (!openers[w.lower] || !w.first && w.text == strings.ToUpper(w.text) && len(w.text) > 1 && !p.grammar.is(nouns)) && !partyState.MatchString(w.text)
}

// calendar reports whether word i is a month rather than a name.
func calendar(words []word, i int) bool {
	return months[words[i].lower] > 0 && (i+1 == len(words) || !words[i+1].upper)
}

var partyState = regexp.MustCompile(`^[A-Z]-[A-Z]`) // R-Ohio

// officeOf reads an office behind whose it is.
func (p *people) officeOf(text string, words []word, owner mention) (mention, bool) {
	if p.grammar.is(inverts) || owner.to >= len(words) || !adjacent(text, words, owner.to-1) {
		return mention{}, false
	}
	for j := owner.to; j < len(words) && j < owner.to+5 && words[j].quote == 0 && (j == owner.to || adjacent(text, words, j-1)) && words[j].class&(verb|oblique|be|aid|who) == 0; j++ {
		if next := j + 1; isHead(words[j].lower) && !words[j].poss && (next == len(words) || !adjacent(text, words, j) || !isHead(words[next].lower)) {
			if next < len(words) && words[next].upper && adjacent(text, words, j) {
				return mention{}, false // Bell's spokeswoman Ann Dow
			}
			o := mention{kind: office, from: owner.from, to: next, name: text[words[owner.from].Start:words[j].End]}
			if plural(words[j].lower) {
				o.gender = they
			}
			return o, true
		}
	}
	return mention{}, false
}

// adjacent reports whether nothing but a space stands between words i and i+1,
// or a full stop behind an initial or a title.
func adjacent(text string, words []word, i int) bool {
	if i+1 >= len(words) || words[i].quote > 0 || words[i+1].quote > 0 {
		return false
	}
	gap := text[words[i].End:words[i+1].Start]
	return gap == " " || gap == "’" || gap == "'" || gap == ". " && (utf8.RuneCountInString(words[i].text) == 1 || titles[words[i].lower] || words[i].class&(mister|miss) != 0)
}

// runEnd returns the end of the run of capitalised words that begins at i.
func (p *people) runEnd(text string, words []word, i int) int {
	j := i + 1
	inBody := false
	for j < len(words) && !words[j-1].poss && adjacent(text, words, j-1) {
		inBody = inBody || institutions[words[j-1].lower]
		switch {
		case words[j].upper:
			j++
		case particles[words[j].lower] && j+1 < len(words) && words[j+1].upper && adjacent(text, words, j) && words[j-1].upper:
			j += 2
		case particles[words[j].lower] && j+2 < len(words) && particles[words[j+1].lower] && words[j+2].upper && adjacent(text, words, j) && adjacent(text, words, j+1):
			j += 3
		case inBody && joinsBody[words[j].lower] && j+1 < len(words) && words[j].quote == 0 && adjacent(text, words, j):
			k := j + 1
			if words[k].lower == "the" && k+1 < len(words) && adjacent(text, words, k) {
				k++
			}
			if !words[k].upper {
				return j
			}
			j = k + 1 // Institute for Fiscal Choices
		default:
			return j
		}
	}
	return j
}

var joinsBody = wordSet("of for on")

// isTitle reports whether a word is a noun of office, also in the plural, with
// a prefix and a hyphen, or as the end of a compound.
func isTitle(lower string) bool {
	if titles[lower] {
		return true
	}
	if k := strings.LastIndexByte(lower, '-'); k > 0 && titles[lower[k+1:]] {
		return true
	}
	if len(lower) < 8 {
		return false
	}
	for _, ending := range titleEndings[lower[len(lower)-3:]] {
		if len(lower) > len(ending)+2 && strings.HasSuffix(lower, ending) {
			return true
		}
	}
	return false
}

// singular returns the singular of a plural in -s, or lower itself.
func singular(lower string) string {
	if strings.HasSuffix(lower, "men") && titles[lower[:len(lower)-2]+"an"] {
		return lower[:len(lower)-2] + "an"
	}
	if s, ok := strings.CutSuffix(lower, "ies"); ok && titles[s+"y"] {
		return s + "y"
	}
	return strings.TrimSuffix(lower, "s")
}

// isHead reports whether a noun can stand for who speaks.
func isHead(lower string) bool {
	return headNouns[lower] || len(lower) >= 8 && isTitle(lower)
}

// headNouns are titles, speakers and institutions, with their plurals.
var headNouns = func() map[string]bool {
	all := make(map[string]bool)
	for _, nouns := range []map[string]bool{titles, speakers, institutions} {
		for n := range nouns {
			all[n] = true
		}
	}
	for _, nouns := range []map[string]bool{titles, speakers} {
		for n := range nouns {
			for _, p := range []string{n + "s", strings.TrimSuffix(n, "y") + "ies", strings.TrimSuffix(n, "an") + "en"} {
				if plural(p) {
					all[p] = true
				}
			}
		}
	}
	return all
}()

func plural(lower string) bool {
	s := singular(lower)
	return s != lower && (titles[s] || speakers[s])
}

// nameAt reads the run of capitalised words at i: its office is stripped, what
// is left is a person or a body.
func (p *people) nameAt(text string, words []word, i int) (mention, bool) {
	if at := words[i].Start; at > 0 && text[at-1] == '(' {
		return mention{}, false // Bell (D-Ohio)
	}
	j := p.runEnd(text, words, i)
	start, titled := p.titleEnd(words, i, j)
	if titled && start < j && particles[words[start].lower] {
		return mention{}, false // Bürgermeister von Brenowo
	}
	start, titled, address := p.addressEnd(words, start, j, titled)
	if start == j || titled && start > i && j-start == 1 && places[words[start].text] && p.grammar.is(inflects) {
		return mention{}, false // Посол Франции
	}
	last := words[j-1]
	m := mention{poss: last.poss, from: i, to: j, name: text[words[start].Start : last.Start+len(last.text)]}
	switch {
	case address&mister != 0:
		m.gender = he
	case address&miss != 0:
		m.gender = she
	default:
		m.gender = given(words[start].text)
	}
	if !titled && i > 0 && !words[i-1].upper && institutions[words[i-1].lower] && adjacent(text, words, i-1) {
		m.kind = body // the newspaper Le Crépuscule
		if k := i - 2; k >= 0 && words[k].class&article != 0 {
			m.from = k
		}
		return m, true
	}
	known := p.known(m.name, m.gender) != nil
	kind, ok := p.kindOf(text, words, i, start, j, titled, known)
	if !ok {
		return mention{}, false
	}
	if m.kind = kind; kind == body {
		p.widen(text, words, &m, start)
		return m, true
	}
	if m.role = p.roleBefore(text, words, start); m.role == "" {
		m.role = p.roleAfter(text, words, j)
	}
	if !strings.Contains(m.name, " ") && !known && !titled && capitals(m.name) && len(m.name) > 1 {
		m.kind = body
	}
	return m, true
}

// titleEnd returns where the office ends with which the run i to j begins, and
// whether there is one: Foreign Minister Ann Bell.
func (p *people) titleEnd(words []word, i, j int) (int, bool) {
	for k := min(j, i+6); k > i; k-- {
		n := i
		for n < k && (demonyms[words[n].text] || places[words[n].text] && k-n > 1) {
			n++
		}
		if institutions[words[j-1].lower] && hypernyms[words[k-1].lower] {
			continue // Republican National Committee
		}
		if n == k {
			continue
		}
		whole := titles[phraseOf(words[n:k])]
		if whole || isTitle(words[k-1].lower) && (k < j || k-n == 1) {
			return k, true
		}
	}
	return i, false
}

// addressEnd passes over what stands between an office and a name: a form of
// address, an office that no list has before a given name, adjectives of a
// country.
func (p *people) addressEnd(words []word, start, j int, titled bool) (int, bool, class) {
	address := class(0)
	for start < j && words[start].class&(mister|miss) != 0 { // Mr, Dame
		address |= words[start].class & (mister | miss)
		titled = true
		start++
	}
	for k := start + 1; k+1 < j && !titled && given(words[start].text) == 0; k++ {
		if given(words[k].text) != 0 && !particles[words[k-1].lower] && (utf8.RuneCountInString(words[k-1].text) > 2 || capitals(words[k-1].text)) { // Communist Rustem Bell
			start, titled = k, true
		}
	}
	for start < j && (demonyms[words[start].text] && !titled || start+2 < j && places[words[start].text]) {
		start++
	}
	return start, titled, address
}

// kindOf tells whether words start to j, of the run that begins at i, name a
// person or a body; they may be no name.
func (p *people) kindOf(text string, words []word, i, start, j int, titled, known bool) (mentionKind, bool) {
	alone := i == 0 || words[i-1].class&article == 0
	givenName := given(words[start].text) != 0
	switch {
	case titled && !institutions[words[j-1].lower]:
		return person, true
	case !known && bodyName(words[start:j]):
		return body, true
	case known, j-start >= 2 && (alone || p.grammar.is(inverts) && givenName):
		return person, !p.grammar.is(nouns) || known || titled || givenName || !p.nouns(text, words, i, start, j)
	case p.grammar.trait&(nouns|inflects) != 0 && !givenName:
		return body, false
	case words[start].first && j-start == 1 && !p.inside[words[start].text] && (j == len(words) || p.grammar.match(words, j, verb|speaks) == 0):
		return body, false
	case givenName:
		return person, true
	}
	return body, true // a surname of nobody who is named in full is rarer than a body
}

// nouns reports whether a run of German words with capitals is nouns rather
// than a name: Mitte Januar, zwei Millionen Euro.
func (p *people) nouns(text string, words []word, i, start, j int) bool {
	if p.roleBefore(text, words, start) != "" || p.roleAfter(text, words, j) != "" {
		return false
	}
	if measures[words[start].lower] || months[words[j-1].lower] > 0 || isHead(words[j-1].lower) || i > 0 && words[i-1].quote == 0 && (words[i-1].class&article != 0 || words[i-1].text[0] <= '9') {
		return true
	}
	return j-start != 2
}

// measures are German nouns before which or behind which another may stand.
var measures = wordSet("mitte ende anfang prozent tonnen tonne millionen million milliarden milliarde euro dollar kilometer meter liter uhr seite stunden jahre kilogramm hektar hunderte tausende dutzende dutzend menschen rubel hunderttausende reihe art sorte stück paar")

// widen takes into a body's name what belongs to it: whose it is, and the rest
// of Water and Power.
func (p *people) widen(text string, words []word, m *mention, start int) {
	i, last := m.from, words[m.to-1]
	end := last.Start + len(last.text)
	switch {
	case start == i && i > 0 && words[i-1].poss && words[i-1].upper && adjacent(text, words, i-1):
		m.from = i - 1
	case m.to == i+1 && i > 1 && words[i-1].lower == "and" && words[i-2].upper && institutions[last.lower]:
		m.from = i - 2
		for m.from > 0 && words[m.from-1].upper && !words[m.from-1].poss && adjacent(text, words, m.from-1) {
			m.from--
		}
	default:
		return
	}
	m.name = text[words[m.from].Start:end]
}

// bodyName reports whether words name an institution, a country or a capital.
func bodyName(words []word) bool {
	last := words[len(words)-1]
	name := make([]string, len(words))
	for i, w := range words {
		name[i] = w.text
	}
	acronym := len(last.text) >= 2 && utf8.RuneCountInString(last.text) <= 6 && capitals(last.text) && len(words) == 1
	return acronym || institutions[last.lower] || institutions[words[0].lower] && given(words[0].text) == 0 || places[strings.Join(name, " ")]
}

// roleBefore returns the office that stands before the name at word i, as the
// text gives it: Kremlin foreign policy adviser.
func (p *people) roleBefore(text string, words []word, i int) string {
	j := i
	for j > 0 && i-j < 8 && words[j-1].quote == 0 {
		gap := text[words[j-1].End:words[j].Start]
		w := words[j-1]
		if gap != " " && (gap != ", " || j != i) && (gap != ". " || !titles[w.lower]) {
			break
		}
		if openers[w.lower] && w.lower != "of" && w.lower != "for" && (len(w.text) == 1 || !capitals(w.text)) || w.class&(verb|mister|miss|article) != 0 || betweenNames(words, j-1) {
			break
		}
		j--
	}
	for ; j < i; j++ {
		if words[j].class&oblique != 0 {
			continue
		}
		for k := j; k < i; k++ {
			if titles[phraseOf(words[k:i])] || k == i-1 && isTitle(words[k].lower) {
				return strings.TrimRight(text[words[j].Start:words[i-1].End], ",")
			}
		}
	}
	return ""
}

// betweenNames reports whether word i stands between two names as a verb does:
// President Dow received Mayor Bell.
func betweenNames(words []word, i int) bool {
	w := words[i]
	if w.upper || i+1 >= len(words) || !words[i+1].upper || isTitle(w.lower) || joinsBody[w.lower] || particles[w.lower] || w.class&(also|oblique) != 0 {
		return false
	}
	return strings.HasSuffix(w.lower, "ed") || i > 0 && words[i-1].upper && !isTitle(words[i-1].lower)
}

// roleAfter returns the office that stands behind the name that ends before
// word i: , a former president who …
func (p *people) roleAfter(text string, words []word, i int) string {
	if i == 0 || i >= len(words) || words[i].quote > 0 || text[words[i-1].End:words[i].Start] != ", " {
		return ""
	}
	for j := i; j < len(words) && j-i < 10; j++ {
		w := words[j]
		if w.quote > 0 || j > i && (text[words[j-1].End:w.Start] != " " || w.class&who != 0) || w.class&verb != 0 {
			return ""
		}
		for k := j; k >= i && k > j-4; k-- {
			if titles[phraseOf(words[k:j+1])] || k == j && isTitle(w.lower) {
				return text[words[i].Start:roleEnd(text, words, j)]
			}
		}
	}
	return ""
}

// longestRole is how many words of a role may follow the office in it.
const longestRole = 20

// roleEnd extends an office at word j to the end of its phrase: head of the
// agency.
func roleEnd(text string, words []word, j int) int {
	for start := j; j+1 < len(words) && j-start < longestRole && words[j+1].quote == 0 && text[words[j].End:words[j+1].Start] == " " &&
		words[j+1].class&(who|verb) == 0 && words[j+1].lower != "that" && words[j+1].lower != "and"; {
		j++
	}
	return words[j].End
}

// officeAt recognises a noun phrase at word i that stands for a person, a body
// or a text that speaks: the minister, one aide, officials.
func (p *people) officeAt(text string, words []word, i int) (mention, bool) {
	first := words[i]
	if first.class&article == 0 && i > 0 && words[i-1].class&(who|aid|pronounClass) != 0 {
		return mention{}, false // which accounts for half
	}
	j, last := i, -1
	if first.class&article != 0 {
		j++
	}
	for n := 0; j < len(words) && n < 7; j, n = j+1, n+1 {
		w := words[j]
		if w.quote > 0 || j > i && !adjacent(text, words, j-1) || w.class&(verb|be|aid|who|pronounClass) != 0 && w.class&head == 0 || w.class&(oblique|article|also) != 0 && j > i {
			break
		}
		if w.class&head != 0 && !w.poss && (first.class&article != 0 || p.standsAlone(w)) {
			last = j
		} else if first.class&article == 0 && (w.upper && !demonyms[w.text] || openers[w.lower] && !w.upper) {
			break
		}
	}
	if last < 0 {
		return mention{}, false
	}
	m := mention{kind: office, from: i, to: last + 1, name: text[first.Start:words[last].End]}
	if words[last].upper && institutions[words[last].lower] {
		start := last
		for start > i+1 && words[start-1].upper && adjacent(text, words, start-1) {
			start--
		}
		if end := p.runEnd(text, words, start); end > last+1 { // the Union of Gulf States
			return mention{kind: body, from: i, to: end, name: text[words[start].Start:words[end-1].End], poss: words[end-1].poss}, true
		}
	}
	if p.grammar.is(inverts) && institutions[words[last].lower] && first.class&article != 0 {
		m.to = p.bodyEnd(text, words, last)
		m.name = text[words[i+1].Start:words[m.to-1].End]
	}
	if plural(words[last].lower) {
		m.gender = they
	}
	return m, true
}

// bodyEnd returns where the name of a body ends whose noun is word j: the
// ministerio de Exteriores, le ministère de la défense.
func (p *people) bodyEnd(text string, words []word, j int) int {
	k := j + 1
	for k < len(words) && k < j+4 && adjacent(text, words, k-1) && (particles[words[k].lower] || words[k].class&article != 0 || words[k].lower == "für") {
		k++
	}
	if k == j+1 || k >= len(words) || !adjacent(text, words, k-1) || words[k].quote > 0 || words[k].class&verb != 0 || !words[k].upper && !p.grammar.is(elides) {
		return j + 1
	}
	for k++; k < len(words) && adjacent(text, words, k-1) && words[k].upper; k++ {
	}
	return k
}

// standsAlone reports whether a noun speaks without an article: officials, and
// any in languages that have no articles.
func (p *people) standsAlone(w word) bool {
	if p.grammar.is(inflects) {
		return !w.upper || w.first
	}
	return (plural(w.lower) || w.lower == "people" || w.lower == "police") && !w.upper || w.first && plural(w.lower)
}

func phraseOf(words []word) string {
	if len(words) == 1 {
		return words[0].lower
	}
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = w.lower
	}
	return strings.Join(parts, " ")
}
