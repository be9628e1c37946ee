package corpus

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed data/speech.tsv
var speechTSV string

//go:embed data/en-notspeech.txt
var notSpeechTXT string

// speechVerbs holds the forms of verbs of speech under their first word, each
// with the words that must follow it.
var speechVerbs = func() map[string][]string {
	m := make(map[string][]string)
	for _, row := range rows(speechTSV) {
		for _, form := range splitList(row[2]) {
			first, rest, _ := strings.Cut(form, " ")
			m[first] = append(m[first], rest)
		}
	}
	return m
}()

// notSpeech are the forms of quotation that are no speech: titles, nicknames,
// terms.
var notSpeech = func() []*regexp.Regexp {
	var out []*regexp.Regexp
	for _, row := range rows(notSpeechTXT) {
		if row[0] != "possessive" {
			out = append(out, regexp.MustCompile(row[1]))
		}
	}
	return out
}()

// attribution is a verb of speech in a sentence and who speaks by it.
type attribution struct {
	subject mention
	verb    word
	after   bool // the subject follows the verb: said Marta Quill
}

// statements finds who said what in an article: every piece of direct speech,
// and every sentence that reports what somebody said.
func statements(a *Article) []Statement {
	f := finder{article: a, people: people{full: make(map[string]string), role: make(map[string]string), seen: make(map[string]bool)}}
	f.people.meet(a)
	for i, p := range a.Paragraphs {
		if p.Kind != TableRow {
			f.paragraph(i, p)
		}
	}
	return f.out
}

type finder struct {
	article *Article
	people  people
	subject mention // the person who was last the subject of a sentence
	body    mention // the institution last named
	speaker string  // of the last direct speech
	running bool    // that speech had no closing mark
	out     []Statement
}

func (f *finder) paragraph(i int, p Paragraph) {
	quotes := quotations(p.Text)
	if len(quotes) == 0 {
		f.running = false
	}
	spoken := false // the quotation before was given to a speaker in this paragraph
	for _, s := range p.Sentences {
		for len(quotes) > 0 && quotes[0].outer.End <= s.Start {
			quotes = quotes[1:]
		}
		if s.End-s.Start > longestSentence {
			continue
		}
		words := wordsOf(p.Text[s.Start:s.End], s.Start)
		near := quotesIn(quotes, s)
		mentions := outside(f.people.mentions(p.Text, words), near)
		attrs := f.attributions(p.Text, words, mentions, near)
		direct := false
		terms := sync.OnceValue(func() []Span { return termsIn(p.Text, s) })
		for _, q := range near {
			if q.inner.Start < s.Start {
				continue
			}
			if isTerm(p.Text, s, q, attrs, terms) {
				spoken = false
				continue
			}
			who, sure := f.speakerOf(p.Text, s, q, attrs, spoken)
			if !sure && len(attrs) == 0 && len(strings.Fields(p.Text[q.inner.Start:q.inner.End])) < 3 {
				spoken = false
				continue // a word in marks that nobody is said to have said
			}
			f.add(Statement{Paragraph: i, Span: q.inner, Speaker: who.name, Role: who.role, Direct: true})
			direct = true
			spoken = true
			f.speaker, f.running = who.name, !q.closed
		}
		if len(attrs) > 0 && !direct {
			who := f.resolve(attrs[len(attrs)-1].subject)
			if attrs[0].subject.Start < attrs[len(attrs)-1].subject.Start && !attrs[len(attrs)-1].after && attrs[len(attrs)-1].verb.End+3 < s.End-1 {
				who = f.resolve(attrs[0].subject)
			}
			if who.name != "" {
				f.add(Statement{Paragraph: i, Span: s, Speaker: who.name, Role: who.role})
			}
		}
		f.remember(mentions, attrs)
	}
}

// longestSentence is the length in bytes above which a sentence is not looked
// at for who speaks in it.
const longestSentence = 4000

// quotesIn returns the quotations that reach into s, of quotes in their order
// of which the first ends behind the start of s.
func quotesIn(quotes []quotation, s Span) []quotation {
	n := 0
	for n < len(quotes) && quotes[n].outer.Start < s.End {
		n++
	}
	return quotes[:n]
}

// add appends a statement whose span is not empty.
func (f *finder) add(s Statement) {
	if s.End > s.Start {
		f.out = append(f.out, s)
	}
}

// outside leaves out the mentions that stand inside speech.
func outside(mentions []mention, quotes []quotation) []mention {
	return slices.DeleteFunc(mentions, func(m mention) bool {
		return slices.ContainsFunc(quotes, func(q quotation) bool { return q.inner.Start <= m.Start && m.Start < q.inner.End })
	})
}

// isTerm reports whether q is no speech: a form that the table knows, with no
// verb of speech in its sentence.
func isTerm(text string, s Span, q quotation, attrs []attribution, terms func() []Span) bool {
	if len(attrs) > 0 || q.outer.Start < s.Start || q.outer.End > s.End {
		return false
	}
	before := text[s.Start:q.outer.Start]
	if strings.HasSuffix(strings.TrimSpace(before), "so-called") {
		return true
	}
	return slices.ContainsFunc(terms(), func(t Span) bool { return t.Start < q.outer.End && t.End > q.outer.Start })
}

// termsIn returns where the forms of quotation that are no speech stand in a
// sentence.
func termsIn(text string, s Span) []Span {
	var out []Span
	for _, re := range notSpeech {
		for _, m := range re.FindAllStringIndex(text[s.Start:s.End], -1) {
			out = append(out, Span{s.Start + m[0], s.Start + m[1]})
		}
	}
	return out
}

// attributions finds the verbs of speech of a sentence that have a subject.
func (f *finder) attributions(text string, words []word, mentions []mention, quotes []quotation) []attribution {
	var out []attribution
	for i, w := range words {
		if !isSpeechVerb(words, i) || slices.ContainsFunc(quotes, func(q quotation) bool { return q.inner.Start <= w.Start && w.Start < q.inner.End }) {
			continue
		}
		if m, ok := subjectAfter(text, words, i, mentions, quotes); ok {
			out = append(out, attribution{m, w, true})
		} else if m, ok := subjectBefore(text, words, i, mentions, out); ok {
			out = append(out, attribution{m, w, false})
		}
	}
	if m, ok := accordingTo(text, words, mentions); ok {
		out = append(out, attribution{m, words[max(0, m.from-1)], true})
	}
	return out
}

func isSpeechVerb(words []word, i int) bool {
	for _, rest := range speechVerbs[words[i].lower] {
		n := i + 1 + len(strings.Fields(rest))
		if n <= len(words) && phrase(words[i+1:n]) == rest {
			return true
		}
	}
	return false
}

// subjectAfter finds a subject that follows its verb, as it does only behind
// speech: ," said Marta Quill.
func subjectAfter(text string, words []word, i int, mentions []mention, quotes []quotation) (mention, bool) {
	before := strings.TrimRight(text[:words[i].Start], " ,—–-")
	behind := slices.ContainsFunc(quotes, func(q quotation) bool { return q.closed && q.outer.End == len(before) })
	if !behind {
		return mention{}, false
	}
	for _, m := range mentions {
		if m.Start <= words[i].Start || m.poss {
			continue
		}
		between := words[i+1 : max(i+1, m.from)]
		gap := text[words[i].End:m.Start]
		if len(between) > 9 || strings.ContainsAny(gap, ".;:\"“") {
			return mention{}, false
		}
		return m, true
	}
	return mention{}, false
}

// subjectBefore finds the subject of the verb at word i: the nearest mention
// before it with nothing between but adverbs, auxiliaries or a clause between
// commas; for a verb after and, but or a comma, the subject of the verb before.
func subjectBefore(text string, words []word, i int, mentions []mention, earlier []attribution) (mention, bool) {
	for k := len(mentions) - 1; k >= 0; k-- {
		m := mentions[k]
		if m.End > words[i].Start || m.poss {
			continue
		}
		if plainGap(text[m.End:words[i].Start]) && !object(words, m) {
			return m, true
		}
	}
	if i == 0 {
		return mention{}, false
	}
	joined := words[i-1].lower == "and" || words[i-1].lower == "but" || strings.HasSuffix(strings.TrimSpace(text[:words[i].Start]), ",") ||
		words[i-1].lower == "also" || strings.HasSuffix(words[i-1].lower, "ly")
	if !joined {
		return mention{}, false
	}
	if len(earlier) > 0 {
		return earlier[len(earlier)-1].subject, true
	}
	for _, m := range mentions { // the sentence's subject comes first
		if m.Start < words[i].Start && !m.poss && !object(words, m) {
			return m, true
		}
	}
	return mention{}, false
}

// plainGap reports whether what stands between a subject and its verb lets
// them belong together.
func plainGap(gap string) bool {
	gap = strings.TrimSpace(gap)
	if strings.ContainsAny(gap, ".;:\"“”«»?!") {
		return false
	}
	if strings.HasPrefix(gap, ",") { // a clause between commas, then adverbs
		last := strings.LastIndexByte(gap, ',')
		return last > 0 && shortTail(gap[last+1:])
	}
	if strings.HasPrefix(gap, "(") {
		_, tail, ok := strings.Cut(gap, ")")
		return ok && shortTail(tail)
	}
	return shortTail(gap)
}

// shortTail reports whether s is at most four words that are no names and open
// no new clause.
func shortTail(s string) bool {
	fields := strings.Fields(s)
	if len(fields) > 4 || strings.Contains(s, ",") {
		return false
	}
	for _, w := range fields {
		if w != strings.ToLower(w) || w == "and" || w == "but" || w == "of" || w == "for" || w == "in" || w == "with" {
			return false
		}
	}
	return true
}

// object reports whether a preposition before m makes it no subject.
func object(words []word, m mention) bool {
	if m.from == 0 {
		return false
	}
	prev := words[m.from-1].lower
	if prev == "the" && m.from > 1 {
		prev = words[m.from-2].lower
	}
	switch prev {
	case "of", "to", "for", "with", "from", "by", "against", "on", "about", "at", "over", "in", "near", "between", "into":
		return true
	}
	return false
}

// accordingTo finds the mention that follows "according to".
func accordingTo(text string, words []word, mentions []mention) (mention, bool) {
	for i := 0; i+1 < len(words); i++ {
		if words[i].lower != "according" || words[i+1].lower != "to" {
			continue
		}
		for _, m := range mentions {
			if m.Start > words[i+1].Start && !m.poss && len(text[words[i+1].End:m.Start]) < 60 && !strings.Contains(text[words[i+1].End:m.Start], ",") {
				return m, true
			}
		}
	}
	return mention{}, false
}

// speakerOf decides who speaks q: who stands with a verb right behind it, else
// the last verb before it in the sentence, else the first verb behind it, else
// whoever spoke the quotation before it in the paragraph.
func (f *finder) speakerOf(text string, s Span, q quotation, attrs []attribution, follows bool) (mention, bool) {
	var before, behind *attribution
	for i := range attrs {
		at := &attrs[i]
		if at.verb.Start < q.outer.Start {
			before = at
		} else if behind == nil {
			behind = at
		}
	}
	if behind != nil && rightBehind(text, s, q, *behind, before == nil) {
		return f.resolve(behind.subject), true
	}
	switch {
	case before != nil:
		return f.resolve(before.subject), true
	case behind != nil:
		return f.resolve(behind.subject), true
	}
	opens := strings.TrimSpace(text[s.Start:q.outer.Start]) == ""
	if opens && (follows || f.running) && f.speaker != "" {
		return mention{name: f.speaker, role: f.people.role[f.speaker]}, true
	}
	return mention{}, false
}

// rightBehind reports whether an attribution stands right behind q: with
// nothing between but punctuation, or a small word where nobody else is named.
func rightBehind(text string, s Span, q quotation, at attribution, alone bool) bool {
	if !q.closed {
		return false
	}
	if !alone && strings.TrimSpace(text[s.Start:q.outer.Start]) != "" && !strings.ContainsAny(text[max(q.inner.Start, q.inner.End-1):q.inner.End], ",!?") {
		return false // part of a sentence that somebody else already speaks
	}
	gap := text[q.outer.End:max(q.outer.End, min(at.verb.Start, at.subject.Start))]
	words := len(strings.Fields(strings.Trim(gap, " ,.—–-")))
	return words == 0 || alone && words == 1
}

// resolve turns a mention into the name that the article gives: a pronoun or
// an office into whom it stands for, a surname into the full name.
func (f *finder) resolve(m mention) mention {
	switch m.kind {
	case pronoun:
		m = f.subject
	case office:
		m = f.officeHolder(m)
	}
	if m.name == "" {
		return mention{}
	}
	fields := strings.Fields(m.name)
	if full := f.people.full[fields[len(fields)-1]]; full != "" && m.kind == person && len(fields) == 1 {
		m.name = full
	}
	if m.role == "" {
		m.role = f.people.role[m.name]
	}
	return m
}

// officeHolder finds whom an office stands for: the person last spoken of who
// holds it, or the body last named that is of its kind.
func (f *finder) officeHolder(m mention) mention {
	fields := strings.Fields(strings.ToLower(m.name))
	head := fields[len(fields)-1]
	if titles[head] && strings.HasPrefix(strings.ToLower(m.name), "the ") {
		if strings.HasSuffix(strings.ToLower(f.subject.role), head) {
			return f.subject
		}
		return mention{}
	}
	if institutions[head] && strings.HasSuffix(strings.ToLower(f.body.name), head) {
		return f.body
	}
	return m
}

// remember keeps whom the next sentence's pronouns stand for: its speaker, or
// else the first person it names.
func (f *finder) remember(mentions []mention, attrs []attribution) {
	for _, m := range mentions {
		if m.kind == body && institutions[lastLower(m.name)] {
			f.body = m
		}
	}
	for _, at := range attrs {
		if at.subject.kind == person {
			f.subject = f.resolve(at.subject)
			return
		}
	}
	for _, m := range mentions {
		if m.kind == person && !m.poss && f.people.knows(m) {
			f.subject = f.resolve(m)
			return
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
