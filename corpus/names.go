package corpus

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed data/en-titles.txt
var titlesTXT string

//go:embed data/other-titles.txt
var otherTitlesTXT string

//go:embed data/sides.tsv
var sidesTSV string

//go:embed data/institutions.txt
var institutionsTXT string

var (
	titles       = lineSet(titlesTXT + otherTitlesTXT) // nouns of office: foreign minister
	institutions = lineSet(institutionsTXT)            // last words of names of bodies: ministry
	places       = make(map[string]bool)               // countries, capitals, metonyms: Kyiv
	demonyms     = make(map[string]bool)               // Ukrainian
)

func init() {
	for _, row := range rows(sidesTSV) {
		places[row[0]], places[row[1]] = true, true
		for _, m := range splitList(row[3]) {
			places[strings.TrimPrefix(m, "~")] = true
		}
		for _, d := range splitList(row[2]) {
			demonyms[d] = true
		}
	}
}

func lineSet(txt string) map[string]bool {
	set := make(map[string]bool)
	for _, row := range rows(txt) {
		set[strings.ToLower(row[0])] = true
	}
	return set
}

// word is a word of a text and where it stands.
type word struct {
	Span
	text  string // without a possessive ending
	lower string
	poss  bool // it had one
	upper bool // it begins with a capital
	first bool // it opens its sentence
}

// wordsOf splits a sentence, which begins at offset base of its paragraph.
func wordsOf(sentence string, base int) []word {
	var out []word
	start := -1
	flush := func(end int) {
		if start < 0 {
			return
		}
		raw := strings.TrimRight(sentence[start:end], "'’-")
		w := word{Span: Span{base + start, base + start + len(raw)}, text: raw}
		for _, s := range []string{"'s", "’s"} {
			if t, ok := strings.CutSuffix(raw, s); ok {
				w.text, w.poss = t, true
			}
		}
		w.lower = strings.ToLower(w.text)
		r, _ := utf8.DecodeRuneInString(w.text)
		w.upper, w.first = unicode.IsUpper(r), len(out) == 0
		out = append(out, w)
		start = -1
	}
	for i, r := range sentence {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || (start >= 0 && (r == '\'' || r == '’' || r == '-' || unicode.IsMark(r))) {
			if start < 0 {
				start = i
			}
			continue
		}
		if r == '.' && start >= 0 && len(sentence[start:i]) <= 3 && unicode.IsUpper([]rune(sentence[start:i])[0]) && i+1 < len(sentence) && sentence[i+1] != '"' {
			continue // U.S., J. Smith
		}
		flush(i)
	}
	flush(len(sentence))
	for i := range out {
		out[i].text = strings.TrimRight(out[i].text, ".")
	}
	return out
}

type mentionKind int

const (
	person mentionKind = iota
	body               // an institution, a country, its capital
	pronoun
	office // the minister, the company
)

// mention is who or what may speak: a person, a body, a pronoun or an office
// that stands for one.
type mention struct {
	Span
	kind mentionKind
	name string
	role string
	poss bool
	from int // index of its first word, with role
	to   int // index after its last word
}

var (
	pronouns    = map[string]bool{"he": true, "she": true, "они": false, "он": true, "она": true, "він": true, "вона": true, "er": true, "sie": true}
	particles   = map[string]bool{"de": true, "van": true, "von": true, "der": true, "den": true, "la": true, "le": true, "bin": true, "al": true, "el": true, "da": true, "dos": true, "di": true, "du": true, "del": true, "ten": true, "of": false}
	titlePrefix = wordSet("senior top western european local military government state former")
	// openers are words that open a sentence with a capital and are no names.
	openers = wordSet(`the a an whether neither either because unlike like than in on at by for from to of with and but or as if when while after before since until during although though because however meanwhile earlier later yesterday today tomorrow now then there here this that these those it its they their we our you your i my he his she her him not no yes so what who why how where which whose all both some many most few more one two three four five six seven eight nine ten another other others each every any such only also even still just once again over under between among about against without within through despite amid asked according via per nothing nobody everyone everybody last next first monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december people
	в на по с и а но или как если когда пока после до от из за для при о об это этот эта эти тот его её их он она они мы вы я не нет да так что кто почему где который все всё
	у на з із зі та але або як якщо коли після до від за для при про це цей ця ці той його її їх він вона вони ми ви я не ні так що хто чому де який усі все
	der die das ein eine in im am an auf aus bei mit nach seit von vom zu zum zur über unter um für durch gegen ohne bis zwischen als wie dass wenn weil ob und oder aber auch nicht er sie es wir ihr ich man was wer wo warum
	el la los las un una en de del a al con por para sin sobre entre y o pero que si como cuando donde él ella ellos no`)
)

func wordSet(s string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// people knows the full names and offices of an article's persons by surname.
type people struct {
	full map[string]string
	role map[string]string // by full name
	seen map[string]bool   // words that carry a capital within a sentence
}

// meet reads an article for the names in it, so that a surname is known
// wherever it stands.
func (p *people) meet(a *Article) {
	for _, pass := range []bool{true, false} {
		for i := range a.Paragraphs {
			text := a.Paragraphs[i].Text
			for _, s := range a.Paragraphs[i].Sentences {
				if s.End-s.Start > longestSentence {
					continue
				}
				words := wordsOf(text[s.Start:s.End], s.Start)
				if !pass {
					p.mentions(text, words)
					continue
				}
				for _, w := range words {
					if w.upper && !w.first {
						p.seen[w.text] = true
					}
				}
			}
		}
	}
}

// knows reports whether m is named in full somewhere in the article, or with
// an office.
func (p *people) knows(m mention) bool {
	return p.bears(lastField(m.name)) || m.role != "" || strings.Contains(m.name, " ")
}

func lastField(s string) string {
	return s[strings.LastIndexByte(s, ' ')+1:]
}

// mentions finds who is named in a sentence's words.
func (p *people) mentions(text string, words []word) []mention {
	var out []mention
	for i := 0; i < len(words); {
		w := words[i]
		switch {
		case pronouns[w.lower]:
			out = append(out, mention{Span: w.Span, kind: pronoun, from: i, to: i + 1})
			i++
		case w.upper && w.first && pluralTitle(w) || demonyms[w.text] && i+1 < len(words) && !words[i+1].upper:
			if m, ok := officeAt(text, words, i); ok {
				out = append(out, m)
			}
			i++
		case w.upper && (!openers[w.lower] || !w.first && w.text == strings.ToUpper(w.text)):
			j := runEnd(text, words, i)
			if m, ok := p.name(text, words, i, j); ok {
				out = append(out, m)
			}
			i = j
		default:
			if m, ok := officeAt(text, words, i); ok {
				out = append(out, m)
			}
			i++
		}
	}
	return out
}

func pluralTitle(w word) bool {
	singular, ok := strings.CutSuffix(w.lower, "s")
	return ok && titles[singular]
}

// runEnd returns the end of the run of capitalised words that begins at i.
func runEnd(text string, words []word, i int) int {
	j := i + 1
	for j < len(words) && !words[j-1].poss {
		gap := text[words[j-1].End:words[j].Start]
		if gap != " " && gap != ". " {
			break
		}
		if words[j].upper && (gap == " " || len(words[j-1].text) == 1) {
			j++
			continue
		}
		if particles[words[j].lower] && j+1 < len(words) && words[j+1].upper && text[words[j].End:words[j+1].Start] == " " {
			j += 2
			continue
		}
		break
	}
	return j
}

// runStart returns the start of the run of capitalised words that ends at i.
func runStart(text string, words []word, i int) int {
	for i > 0 && words[i-1].upper && !words[i-1].poss && text[words[i-1].End:words[i].Start] == " " {
		i--
	}
	return i
}

// name reads the run of capitalised words i to j: its office is stripped, what
// is left is a person or a body.
func (p *people) name(text string, words []word, i, j int) (mention, bool) {
	start, titled := i, false
	for k := min(j, i+5); k > i; k-- { // Foreign Minister, President
		n := i
		for n < k && (demonyms[words[n].text] || places[words[n].text] && k-n > 1) {
			n++
		}
		if n < k && titles[phrase(words[n:k])] {
			start, titled = k, true
			break
		}
	}
	for start < j && demonyms[words[start].text] && !titled {
		start++
	}
	if start == j {
		return mention{}, false
	}
	m := mention{Span: Span{words[start].Start, words[j-1].End}, poss: words[j-1].poss, from: i, to: j}
	if m.poss {
		m.End = words[j-1].Start + len(words[j-1].text)
	}
	m.name = text[m.Start:m.End]
	last := words[j-1]
	switch {
	case bodyName(words[start:j]):
		m.kind = body
		if start == i && i > 0 && words[i-1].poss && text[words[i-1].End:words[i].Start] == " " {
			m.Start, m.from = words[i-1].Start, i-1
			m.name = text[m.Start:m.End]
		}
		if j == i+1 && i > 1 && words[i-1].lower == "and" && words[i-2].upper && institutions[last.lower] { // Water and Power
			m.from = runStart(text, words, i-2)
			m.Start = words[m.from].Start
			m.name = text[m.Start:m.End]
		}
	case j-start >= 2 && (titled || i == 0 || words[i-1].lower != "the"):
		m.kind = person
		if m.role = p.roleBefore(text, words, start); m.role == "" {
			m.role = roleAfter(text, words, j)
		}
		p.learn(m, last.text)
	case p.bears(last.text) || titled:
		m.kind = person
		m.role = p.roleBefore(text, words, start)
		if full := p.full[last.text]; full != "" {
			m.name = full
		}
	case words[start].first && j-start == 1 && !p.seen[words[start].text] && (j == len(words) || !isSpeechVerb(words, j)):
		return mention{}, false
	default:
		m.kind = person
		if i > 0 && words[i-1].lower == "the" {
			m.kind = body
		}
	}
	return m, true
}

// samePerson reports whether two full names with one surname are one person's:
// they begin alike, or one has a title before it.
func samePerson(a, b string) bool {
	first := func(s string) string { w, _, _ := strings.Cut(s, " "); return w }
	return first(a) == first(b) || strings.HasSuffix(a, " "+b) || strings.HasSuffix(b, " "+a)
}

// bears reports whether the article names somebody in full with a surname.
func (p *people) bears(surname string) bool {
	_, ok := p.full[surname]
	return ok
}

// learn remembers a person's full name by surname, and their office.
func (p *people) learn(m mention, surname string) {
	if known, ok := p.full[surname]; !ok {
		p.full[surname] = m.name
	} else if !samePerson(known, m.name) {
		p.full[surname] = "" // two people bear it: the bare surname stays bare
	}
	if m.role != "" && p.role[m.name] == "" {
		p.role[m.name] = m.role
	}
}

// bodyName reports whether words name an institution, a country or a capital.
func bodyName(words []word) bool {
	last := words[len(words)-1]
	name := make([]string, len(words))
	for i, w := range words {
		name[i] = w.text
	}
	acronym := len(last.text) >= 2 && len(last.text) <= 6 && capitals(last.text) && len(words) == 1
	return acronym || institutions[last.lower] || institutions[words[0].lower] || places[strings.Join(name, " ")]
}

// roleBefore returns the office that stands before the name at word i, as the
// text gives it: Kremlin foreign policy adviser.
func (p *people) roleBefore(text string, words []word, i int) string {
	j := i
	for j > 0 && i-j < 8 {
		gap := text[words[j-1].End:words[j].Start]
		if gap != " " && (gap != ", " || j != i) {
			break
		}
		w := words[j-1]
		if openers[w.lower] && w.lower != "of" && w.lower != "for" || isSpeechVerb(words, j-1) {
			break
		}
		j--
	}
	for ; j < i; j++ {
		if words[j].lower == "of" || words[j].lower == "for" {
			continue
		}
		for k := j; k < i; k++ {
			if titles[phrase(words[k:i])] {
				return strings.TrimRight(text[words[j].Start:words[i-1].End], ",")
			}
		}
	}
	return ""
}

// roleAfter returns the office that stands behind the name that ends before
// word i: , a former president who …
func roleAfter(text string, words []word, i int) string {
	if i == 0 || i >= len(words) || text[words[i-1].End:words[i].Start] != ", " {
		return ""
	}
	for j := i; j < len(words) && j-i < 10; j++ {
		w := words[j]
		if j > i && (text[words[j-1].End:w.Start] != " " || w.lower == "who" || w.lower == "which") {
			return ""
		}
		if isSpeechVerb(words, j) {
			return ""
		}
		for k := j; k >= i && k > j-4; k-- {
			if titles[phrase(words[k:j+1])] {
				return text[words[i].Start:roleEnd(text, words, j)]
			}
		}
	}
	return ""
}

// roleEnd extends an office at word j to the end of its phrase: head of the
// agency.
func roleEnd(text string, words []word, j int) int {
	for j+1 < len(words) && text[words[j].End:words[j+1].Start] == " " {
		switch next := words[j+1].lower; {
		case next == "who", next == "which", next == "that", next == "and", isSpeechVerb(words, j+1):
			return words[j].End
		}
		j++
	}
	return words[j].End
}

// officeAt recognises an office that stands for a person or body: the
// minister, the company.
func officeAt(text string, words []word, i int) (mention, bool) {
	if plural, ok := strings.CutSuffix(words[i].lower, "s"); ok && titles[plural] && !words[i].poss && (i == 0 || words[i-1].lower != "the") {
		from := i
		for from > 0 && text[words[from-1].End:words[from].Start] == " " && (demonyms[words[from-1].text] || titlePrefix[words[from-1].lower]) {
			from--
		}
		span := Span{words[from].Start, words[i].End}
		return mention{Span: span, kind: office, name: text[span.Start:span.End], from: from, to: i + 1}, true
	}
	if words[i].lower != "the" && words[i].lower != "a" && words[i].lower != "an" {
		return mention{}, false
	}
	for j := min(len(words), i+5); j > i+1; j-- {
		ph := phrase(words[i+1 : j])
		if words[j-1].poss || strings.ContainsAny(text[words[i].Start:words[j-1].End], ",.;:\"“'‘") {
			continue
		}
		if titles[ph] || institutions[words[j-1].lower] && !words[i+1].upper {
			return mention{Span: Span{words[i].Start, words[j-1].End}, kind: office, name: text[words[i].Start:words[j-1].End], from: i, to: j}, true
		}
	}
	return mention{}, false
}

func phrase(words []word) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = w.lower
	}
	return strings.Join(parts, " ")
}
