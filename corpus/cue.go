package corpus

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// cue is what gives speech to somebody: a verb with its subject, a phrase such
// as according to, a label before a colon, a claim that somebody has.
type cue struct {
	subject  mention
	from, to int  // its words, without its subject
	weak     bool // it may as well be about something else
}

// cuesOf finds the cues of a frame, in order.
func (p *people) cuesOf(f *frame) []cue {
	if len(f.words) > mostWords || !f.telling {
		return nil
	}
	mentions := p.mentionsOf(f)
	var out []cue
	for i := 0; i < len(f.words); i++ {
		if f.words[i].quote > 0 {
			continue
		}
		var c cue
		ok := false
		n := p.grammar.match(f.words, i, source)
		if n > 0 {
			c, ok = p.sourceCue(f, mentions, i, n)
		}
		if m := p.grammar.match(f.words, i, verb); !ok && m > 0 && !f.named(mentions, i) {
			n = m
			c, ok = p.verbCue(f, mentions, i, n, out)
			c.weak = c.weak || f.words[i].class&thinks != 0 || ok && c.subject.to < i && f.words[c.subject.to].class&who != 0 && len(out) > 0
		}
		if !ok && f.words[i].class&noun != 0 {
			n = 1
			c, ok = p.nounCue(f, mentions, i)
		}
		if !ok && f.words[i].class&speaks != 0 && i > 0 {
			n = 1
			if m := mentionEnding(mentions, i); m != nil {
				c, ok = cue{subject: *m, from: i, to: i + 1}, true
			}
		}
		if ok {
			out = append(out, c)
			i = max(i, i+n-1)
		}
	}
	if len(out) > 0 {
		return out
	}
	if c, ok := p.labelCue(f, mentions); ok {
		out = append(out, c)
	} else if c, ok := p.bareCue(f, mentions); ok {
		out = append(out, c)
	}
	return out
}

// bareCue reads a name and any verb right behind speech: "I have read it,"
// Bell interrupted; or, in other languages, a verb and a name.
func (p *people) bareCue(f *frame, mentions []mention) (cue, bool) {
	for _, m := range mentions {
		at := m.from - 1 // the quotation
		for p.grammar.is(inverts) && at > 0 && at > m.from-4 && f.words[at].quote == 0 && !f.words[at].upper && f.words[at].class&(oblique|who|article) == 0 {
			at--
		}
		if at < 0 || m.poss || f.words[at].quote == 0 || p.grammar.is(inverts) && at == m.from-1 {
			continue
		}
		q := f.quotes[f.words[at].quote-1]
		if !strings.ContainsAny(f.text[max(q.inner.Start, q.inner.End-1):q.inner.End], ",?!") && !strings.ContainsAny(f.text[q.outer.End:f.words[at+1].Start], ",—–-") {
			continue
		}
		if p.grammar.is(inverts) {
			return cue{subject: m, from: at + 1, to: m.from}, true
		}
		for m.to+1 < len(f.words) && f.words[m.to].lower == "of" && f.words[m.to+1].upper { // Bell of Ohio offered
			m.to += 2
		}
		if m.to < len(f.words) && !f.words[m.to].upper && f.words[m.to].quote == 0 && f.joined(m.to-1) && f.words[m.to].class&(be|aid|oblique|who) == 0 {
			return cue{subject: m, from: m.to, to: m.to + 1}, true
		}
	}
	return cue{}, false
}

// telling reports whether a frame has speech or a word that can be a cue.
func (p *people) telling(f *frame) bool {
	if len(f.quotes) > 0 {
		return true
	}
	for i, w := range f.words {
		if w.class&(verb|source|speaks) != 0 || w.class&starts != 0 && p.grammar.match(f.words, i, verb|source) > 0 {
			return true
		}
	}
	return false
}

// named reports whether word i belongs to a name: Sky News reports.
func (f *frame) named(mentions []mention, i int) bool {
	if f.words[i].upper && !f.words[i].first && (i == 0 || f.words[i-1].quote == 0) {
		return true
	}
	return slices.ContainsFunc(mentions, func(m mention) bool { return m.from < i && i < m.to && m.kind != office })
}

// mentionEnding returns the mention that ends right before word i.
func mentionEnding(mentions []mention, i int) *mention {
	for k := range mentions {
		if mentions[k].to == i && !mentions[k].poss {
			return &mentions[k]
		}
	}
	return nil
}

// sourceCue reads according to and its like at word i.
func (p *people) sourceCue(f *frame, mentions []mention, i, n int) (cue, bool) {
	if f.words[i].lower == "so" || f.words[i].lower == "pour" { // only behind speech: „…“, so Merz
		if i == 0 || f.words[i-1].quote == 0 && !strings.HasSuffix(strings.TrimSpace(f.text[:f.words[i].Start]), ",") {
			return cue{}, false
		}
	}
	m, ok := p.subjectAfter(f, mentions, i+n, 6)
	if k := i + n; (!ok || m.from > k) && p.grammar.is(inflects) && k < len(f.words) && f.words[k].quote == 0 {
		if lemma, known := titleStems[stem(f.words[k].lower)]; known && (!ok || m.from > k+4) { // по словам министра
			return cue{subject: mention{kind: office, name: lemma, from: k, to: k + 1}, from: i, to: k}, true
		}
	}
	return cue{subject: m, from: i, to: i + n}, ok
}

// verbCue reads the verb of n words at word i with its subject.
func (p *people) verbCue(f *frame, mentions []mention, i, n int, earlier []cue) (cue, bool) {
	c := cue{from: i, to: i + n}
	if i > 0 && !p.grammar.is(inverts) && f.words[i-1].lower == "to" { // he liked to say
		for _, m := range mentions {
			if m.to < i && !m.poss && !f.object(m) {
				c.subject, c.weak = m, true
				return c, true
			}
		}
		return c, false
	}
	if i > 0 && !p.grammar.is(inverts) && f.joined(i-1) && (f.words[i-1].poss || f.words[i-1].class&(article|his|her|their) != 0 && !strings.HasSuffix(f.words[i].lower, "ed")) {
		return c, false // his claims
	}
	if p.passive(f, i, n) {
		for k := i + n; k < len(f.words) && k < i+n+12 && f.words[k].quote == 0; k++ {
			if f.words[k].class&by != 0 {
				m, ok := p.subjectAfter(f, mentions, k+1, 2)
				c.subject = m
				c.weak = m.to < len(f.words) && f.words[m.to].quote == 0 && f.words[m.to].lower != "as" && f.words[m.to].lower != "to"
				return c, ok
			}
		}
		for k := i + n; k+1 < len(f.words); k++ { // was called Q by X
			if f.words[k].quote > 0 && f.words[k+1].class&by != 0 {
				m, ok := p.subjectAfter(f, mentions, k+2, 2)
				c.subject = m
				return c, ok
			}
		}
		return c, false
	}
	if m, ok := p.quotedAs(f, mentions, i); ok {
		return cue{subject: m, from: i, to: i + 1}, true
	}
	var ok bool
	if c.subject, ok = p.spokenIn(f, i, n); ok {
		return c, true
	}
	if p.inverted(f, i) {
		c.subject, ok = p.subjectAfter(f, mentions, i+n, 9)
	}
	if !ok {
		c.subject, ok = p.subjectBefore(f, mentions, i, earlier)
	}
	if !ok && p.grammar.is(inverts) {
		if c.subject, ok = f.auxiliary(mentions, i); !ok {
			c.subject, ok = p.subjectAfter(f, mentions, i+n, 4)
		}
	}
	return c, ok
}

// auxiliary finds the subject of a participle at word i beside its auxiliary:
// Merz hatte „Klarheit“ verlangt; zuvor hatte Merz „Klarheit“ verlangt.
func (f *frame) auxiliary(mentions []mention, i int) (mention, bool) {
	for k := i - 1; k >= 0; k-- {
		if f.words[k].class&aid == 0 {
			continue
		}
		for _, m := range mentions {
			if (m.to == k || m.from == k+1) && !m.poss && m.to <= i && !f.object(m) {
				return m, true
			}
		}
	}
	return mention{}, false
}

// spokenIn reads, in Russian and Ukrainian, the body in which something was
// said by nobody named: в Минфине сообщили, йдеться у повідомленні служби.
func (p *people) spokenIn(f *frame, i, n int) (mention, bool) {
	if !p.grammar.is(inflects) {
		return mention{}, false
	}
	switch v := f.words[i].lower; {
	case strings.HasSuffix(v, "ли"), strings.HasSuffix(v, "ют"), strings.HasSuffix(v, "ють"), strings.HasSuffix(v, "ят"), strings.HasSuffix(v, "ать"), v == "говорится", v == "сказано", v == "йдеться":
	default:
		return mention{}, false
	}
	try := func(k int) (mention, bool) {
		if k < 0 || k+1 >= len(f.words) || f.words[k].quote > 0 || !in[f.words[k].lower] {
			return mention{}, false
		}
		for j := k + 1; j < len(f.words) && j < k+4 && f.words[j].quote == 0 && f.joined(j-1); j++ {
			w := f.words[j]
			lemma, known := bodyStems[stem(w.lower)]
			if !known && (!capitals(w.text) || utf8.RuneCountInString(w.text) < 2) {
				continue
			}
			from, to := k+1, j+1
			if g := p.grammar.words[f.words[from].lower]; from < j && g&noun != 0 { // у повідомленні служби
				from++
			}
			for to < len(f.words) && f.words[to].quote == 0 && f.joined(to-1) && (f.words[to].upper || f.words[to].class == 0 && to < j+3) {
				to++
			}
			name := f.text[f.words[from].Start:f.words[to-1].End]
			if known && from < j {
				name = nominativeBody(f.text[f.words[from].Start:f.words[j-1].End]) + " " + lemma + f.text[w.End:f.words[to-1].End]
			}
			if known && from == j { // in its nominative
				if w.upper {
					lemma = titleCase(lemma)
				}
				name = lemma + f.text[w.End:f.words[to-1].End]
			}
			m := mention{kind: body, name: name, from: from, to: to}
			if known && to == from+1 && !w.upper {
				m.kind = office
			}
			return m, true
		}
		return mention{}, false
	}
	for k := i + n; k < i+n+3; k++ {
		if m, ok := try(k); ok {
			return m, true
		}
	}
	for k := i - 1; k >= 0 && k > i-9 && f.words[k].quote == 0; k-- {
		if m, ok := try(k); ok {
			return m, true
		}
	}
	return mention{}, false
}

// nominativeBody returns the adjectives before a body's noun in the nominative.
func nominativeBody(adjectives string) string {
	fields := strings.Fields(adjectives)
	for i, w := range fields {
		for _, e := range [][2]string{{"ском", "ский"}, {"ському", "ський"}, {"ном", "ный"}, {"ской", "ская"}, {"ной", "ная"}, {"ській", "ська"}, {"ній", "на"}} {
			if root, ok := strings.CutSuffix(w, e[0]); ok {
				fields[i] = root + e[1]
				break
			}
		}
	}
	return strings.Join(fields, " ")
}

var in = wordSet("в во у на")

// bodyStems and titleStems map the stems of Slavic nouns for bodies and
// offices to the nouns.
var bodyStems, titleStems = stemsOf(institutions), stemsOf(titles)

func stemsOf(nouns map[string]bool) map[string]string {
	m := make(map[string]string)
	for _, lemma := range slices.Backward(slices.Sorted(maps.Keys(nouns))) { // of two with one stem, the first
		if lemma >= "А" {
			m[stem(lemma)] = lemma
		}
	}
	return m
}

// quotedAs reads whom an outlet quotes as saying something.
func (p *people) quotedAs(f *frame, mentions []mention, i int) (mention, bool) {
	if p.grammar.is(inverts) || !strings.HasPrefix(f.words[i].lower, "quot") {
		return mention{}, false
	}
	for k := i + 1; k+1 < len(f.words) && k < i+12; k++ {
		if f.words[k].lower != "as" || f.words[k+1].class&verb == 0 {
			continue
		}
		for _, m := range mentions {
			if m.from > i && m.to <= k && !m.poss {
				return m, true
			}
		}
		for _, word := range f.words[i+1 : k] {
			if word.lower == "him" || word.lower == "her" {
				return mention{kind: pronoun, from: i + 1, to: i + 2, gender: map[string]class{"him": he, "her": she}[word.lower]}, true
			}
		}
	}
	return mention{}, false
}

// passive reports whether the verb at word i stands in the passive: was called.
// Who was quoted as saying something speaks.
func (p *people) passive(f *frame, i, n int) bool {
	if n > 2 || strings.HasSuffix(f.words[i].lower, "ing") || p.grammar.is(inflects) {
		return false
	}
	k := i - 1
	for k >= 0 && k > i-4 && f.words[k].quote == 0 && (f.words[k].class&(also|aid) != 0 || strings.HasSuffix(f.words[k].lower, "ly")) && f.words[k].class&be == 0 {
		k--
	}
	return k >= 0 && f.words[k].class&be != 0
}

// inverted reports whether the verb at word i stands where its subject follows
// it: behind speech, or at the head of its sentence.
func (p *people) inverted(f *frame, i int) bool {
	k := i - 1
	for k >= 0 && f.words[k].quote == 0 && (f.words[k].class&aid != 0 || !p.grammar.is(inverts) && strings.HasSuffix(f.words[k].lower, "ly")) {
		k--
	}
	if k < 0 || f.words[k].quote > 0 {
		return !strings.HasSuffix(f.words[i].lower, "ing") || p.grammar.is(inverts)
	}
	return f.words[k].class&like != 0 && p.grammar.is(inverts)
}

// subjectAfter finds the subject that follows from word i on, with at most
// between words before it.
func (p *people) subjectAfter(f *frame, mentions []mention, i, between int) (mention, bool) {
	if i >= len(f.words) {
		return mention{}, false
	}
	for k, m := range mentions {
		if m.from < i {
			continue
		}
		if m.from-i > between || !f.plain(i, m.from) || !p.grammar.is(inverts) && f.leaves(i, m.from) {
			break
		}
		if m.poss {
			continue
		}
		if m.kind == office {
			if a, ok := f.apposition(mentions[k:]); ok {
				return a, true
			}
		}
		return m, true
	}
	return p.nounPhrase(f, i)
}

// leaves reports whether words from to to, which precede a subject behind its
// verb, lead away from it: warns that yards in Virginia.
func (f *frame) leaves(from, to int) bool {
	for k := from; k < to; k++ {
		switch w := f.words[k]; {
		case w.lower == "that", w.class&(be|aid|pronounClass) != 0:
			return true
		case w.class&oblique != 0 && w.lower != "of" && w.lower != "for" && w.lower != "at":
			return true
		}
	}
	return false
}

// plain reports whether words from to to, of which at least one precedes them,
// follow one another within a clause.
func (f *frame) plain(from, to int) bool {
	if from == 0 {
		from = 1
	}
	for k := from; k <= to && k < len(f.words); k++ {
		if f.words[k].quote > 0 || strings.ContainsAny(f.gap(k-1, k), ".;:?!") && !strings.HasPrefix(f.gap(k-1, k), ". ") || k > from && k < to && f.words[k].class&verb != 0 && f.words[k].class&noun == 0 {
			return false
		}
	}
	return true
}

// apposition returns the name that stands behind the first of mentions, an
// office, between commas: the ministry's spokeswoman, Ann Bell,
func (f *frame) apposition(mentions []mention) (mention, bool) {
	o := mentions[0]
	for _, m := range mentions[1:] {
		if m.from-o.to > 8 {
			break
		}
		if m.kind != person || m.poss || !f.appositive(m) || o.gender == they {
			continue
		}
		if f.commas(o.to, m.from) > 1 || f.commas(o.to, m.from) > 0 && f.gap(m.from-1, m.from) == ", " {
			break
		}
		if m.to == len(f.words) || strings.ContainsAny(f.gap(m.to-1, m.to), ",.;:(—–") || f.words[m.to].quote > 0 {
			if m.role == "" {
				m.role = o.name
			}
			m.from = o.from
			return m, true
		}
	}
	return mention{}, false
}

// appositive reports whether a name, with its role if it has one, stands
// behind a comma.
func (f *frame) appositive(m mention) bool {
	k := m.from
	for k > 0 && k > m.from-4 && f.joined(k-1) && f.words[k-1].class&(verb|be|aid|who|oblique) == 0 {
		k--
	}
	return k > 0 && f.words[k-1].quote == 0 && f.gap(k-1, k) == ", "
}

// whose returns who is behind the first of mentions, a text: an editorial in
// The Herald, a report by the ministry.
func (f *frame) whose(mentions []mention) (mention, bool) {
	o := mentions[0]
	head := singular(f.words[o.to-1].lower)
	if !speakers[head] || isTitle(head) || len(mentions) < 2 {
		return mention{}, false
	}
	m := mentions[1]
	if (m.kind == person || m.kind == body || institutions[f.words[m.to-1].lower]) && !m.poss && m.from > o.to && m.from-o.to <= 2 {
		switch f.words[o.to].lower {
		case "in", "by", "from":
			return m, true
		}
	}
	return mention{}, false
}

// commas counts the gaps with a comma between words from and to, the last one
// aside.
func (f *frame) commas(from, to int) int {
	n := 0
	for k := from; k < to-1; k++ {
		if strings.Contains(f.gap(k, k+1), ",") {
			n++
		}
	}
	return n
}

// nounPhrase reads who speaks from an article at word i on: the girl's teacher.
func (p *people) nounPhrase(f *frame, i int) (mention, bool) {
	if f.words[i].class&article == 0 || p.grammar.is(inflects) || len(f.quotes) == 0 {
		return mention{}, false
	}
	j := i + 1
	if j+1 < len(f.words) && f.words[j].lower == "of" && f.words[j].quote == 0 && f.joined(i) { // one of them
		for j++; j < len(f.words) && j-i < 6 && f.joined(j-1) && f.words[j].quote == 0 && f.words[j].class&(verb|who|be|aid) == 0; j++ {
		}
		return mention{kind: office, name: f.text[f.words[i].Start:f.words[j-1].End], from: i, to: j}, true
	}
	for j < len(f.words) && j-i < 7 && f.joined(j-1) && f.words[j].quote == 0 && f.words[j].class&(verb|oblique|who|be|aid|like|pronounClass) == 0 {
		j++
	}
	if j == i+1 || times[f.words[j-1].lower] {
		return mention{}, false
	}
	return mention{kind: office, gender: it, name: f.text[f.words[i].Start:f.words[j-1].End], from: i, to: j}, true
}

// subjectBefore finds the subject of the verb at word i before it: the nearest
// mention with nothing between but adverbs, auxiliaries, a clause between
// commas or what belongs to it; else, for a verb that goes on, the subject of
// the verb before.
func (p *people) subjectBefore(f *frame, mentions []mention, i int, earlier []cue) (mention, bool) {
	for k := len(mentions) - 1; k >= 0; k-- {
		m := mentions[k]
		relative := m.to < i && f.words[m.to].class&who != 0 && f.comma(m.to, i) < 0
		if m.to > i || m.poss || f.object(m) && !relative || !p.reaches(f, mentions, m, i) {
			continue
		}
		if m.kind == office {
			if a, ok := f.apposition(mentions[k:]); ok && a.to <= i {
				return a, true
			}
			if a, ok := f.whose(mentions[k:]); ok {
				return a, true
			}
		}
		return m, true
	}
	if i == 0 || f.words[i-1].quote > 0 && len(earlier) == 0 {
		return mention{}, false
	}
	prev := f.words[i-1]
	goesOn := prev.class&(also|who) != 0 || strings.HasSuffix(prev.lower, "ly") || strings.HasSuffix(strings.TrimSpace(f.text[:f.words[i].Start]), ",") || prev.quote > 0
	if goesOn {
		if len(earlier) > 0 {
			return f.governing(earlier).subject, true
		}
		for _, m := range mentions { // the sentence's subject comes first
			if m.to <= i && !m.poss && !f.object(m) {
				return m, true
			}
		}
	}
	return p.phraseBefore(f, i)
}

// thatWords open a clause that somebody else's words fill.
var thatWords = wordSet("that dass daß que что що")

// governing returns the last of the cues that stands in no clause opened by
// that, or the last of all: Bell said that Dow had told her, and added.
func (f *frame) governing(cues []cue) cue {
	for k := len(cues) - 1; k > 0; k-- {
		if at := cues[k].subject.from; at == 0 || !thatWords[f.words[at-1].lower] {
			return cues[k]
		}
	}
	if at := cues[0].subject.from; len(cues) > 1 && at > 0 && thatWords[f.words[at-1].lower] {
		return cues[len(cues)-1]
	}
	return cues[0]
}

// times are nouns for a time, which say nothing.
var times = wordSet("week month year day morning afternoon evening night time moment weekend hour minute summer winter spring fall autumn")

// phraseBefore reads the noun phrase that ends right before word i.
func (p *people) phraseBefore(f *frame, i int) (mention, bool) {
	for j := i - 1; j >= 0 && i-j <= 7 && f.words[j].quote == 0 && f.joined(j); j-- {
		if f.words[j].class&(verb|be|aid|who|pronounClass) != 0 && f.words[j].class&article == 0 {
			return mention{}, false
		}
		if f.words[j].class&article != 0 && i-j > 1 && !times[f.words[i-1].lower] && (len(f.quotes) > 0 || j == 0) && (j == 0 || f.words[j-1].quote > 0 || f.words[j-1].class&oblique == 0) {
			return mention{kind: office, gender: it, name: f.text[f.words[j].Start:f.words[i-1].End], from: j, to: i}, true
		}
	}
	return mention{}, false
}

// reaches reports whether m can be the subject of the verb at word i, as what
// stands between tells.
func (p *people) reaches(f *frame, mentions []mention, m mention, i int) bool {
	gap := f.text[f.words[m.to-1].End:f.words[i].Start]
	if strings.ContainsAny(gap, ";:?!") || f.anyQuote(m.to, i) && !strings.HasPrefix(gap, ",") {
		return false
	}
	if past := f.past(m, i); past > m.to && f.enclosed(past, i) { // the ministry of defence, for its part, said
		return true
	}
	switch {
	case m.to == i && !strings.Contains(gap, ","):
		return true
	case f.words[m.to].class&who != 0 && f.comma(m.to, i) < 0: // Bell, who last week called
		return true
	case strings.HasPrefix(gap, ",") || strings.HasPrefix(gap, " ("):
		return f.enclosed(m.to, i) || f.words[i-1].class&who != 0 && i-1 == m.to || p.named2(f, mentions, m, i)
	case f.words[i-1].class&who != 0 && i-1 == m.to:
		return true
	}
	return f.belongs(m, i)
}

// past returns where the words end that belong to m before the next comma, or
// m.to.
func (f *frame) past(m mention, i int) int {
	if f.words[m.to].class&oblique == 0 || strings.Contains(f.gap(m.to-1, m.to), ",") {
		return m.to
	}
	for k := m.to; k < i && k < m.to+7; k++ {
		if f.words[k].quote > 0 || f.words[k].class&verb != 0 {
			break
		}
		if strings.Contains(f.gap(k, k+1), ",") {
			return k + 1
		}
	}
	return m.to
}

// comma returns the first of words from to to behind which a comma stands, or
// -1.
func (f *frame) comma(from, to int) int {
	for k := from; k < to; k++ {
		if strings.Contains(f.gap(k, k+1), ",") {
			return k
		}
	}
	return -1
}

// named2 reports whether m is a name between commas behind an office: The
// manager, Ann Bell, said.
func (p *people) named2(f *frame, mentions []mention, m mention, i int) bool {
	return m.kind == person && strings.HasPrefix(f.text[f.words[m.to-1].End:f.words[i].Start], ",") && f.short(m.to, i) && f.appositive(m) &&
		slices.ContainsFunc(mentions, func(o mention) bool { return o.kind == office && o.to <= m.from && m.from-o.to < 9 })
}

func (f *frame) anyQuote(from, to int) bool {
	for k := from; k < to; k++ {
		if f.words[k].quote > 0 {
			return true
		}
	}
	return false
}

// enclosed reports whether words from to to, behind a comma or bracket, are a
// clause that closes again before a few plain words: , who knew him, also
func (f *frame) enclosed(from, to int) bool {
	for k := to - 1; k >= from; k-- {
		if strings.ContainsAny(f.gap(k, k+1), ",)—–") {
			return f.short(k+1, to)
		}
	}
	return false
}

// short reports whether words from to to are at most four small ones that open
// no new clause.
func (f *frame) short(from, to int) bool {
	if to-from > 4 || to > from && strings.Contains(f.gap(to-1, to), ",") {
		return false
	}
	for k := from; k < to; k++ {
		if w := f.words[k]; w.quote > 0 || w.upper || w.class&oblique != 0 && k == from && to-from < 2 || w.lower == "that" || w.class&(verb|who|pronounClass) != 0 && w.class&also == 0 || k > from && strings.Contains(f.gap(k-1, k), ",") {
			return false
		}
	}
	return true
}

// belongs reports whether the words between mention m and word i go with the
// one or the other: adverbs; for the campaign; of Ohio; on Tuesday.
func (f *frame) belongs(m mention, i int) bool {
	if f.short(m.to, i) && f.words[m.to].lower != "and" && f.words[m.to].lower != "but" {
		return true
	}
	w := f.words[m.to]
	if w.class&(oblique|who) == 0 && w.lower != "familiar" && w.lower != "close" && w.lower != "briefed" && w.lower != "named" && w.lower != "involved" && w.lower != "of" {
		return false
	}
	most := 6
	if m.kind == office {
		most = 14
	}
	if i-m.to > most || w.lower == "that" {
		return false
	}
	for k := m.to; k < i; k++ {
		if f.words[k].quote > 0 || f.words[k].class&verb != 0 && f.words[k].class&noun == 0 {
			return false
		}
		if strings.Contains(f.gap(k, k+1), ",") && (k+1 < i || m.kind != person || m.from == 0 || f.gap(m.from-1, m.from) != ", ") {
			return false // but: the mayor, Ann Bell of Ohio, said
		}
	}
	return true
}

// object reports whether a preposition before m makes it no subject.
func (f *frame) object(m mention) bool {
	k := m.from - 1
	if k >= 0 && f.words[k].class&article != 0 && f.joined(k) {
		k--
	}
	if k < 0 || f.words[k].quote > 0 || f.words[k+1].Start-f.words[k].End > 2 || strings.ContainsAny(f.gap(k, k+1), ",;:") {
		return false
	}
	if w := f.words[k]; w.class&oblique != 0 || w.class&verb != 0 && k > 0 && f.words[k-1].quote == 0 || strings.HasSuffix(w.lower, "ing") && !w.upper {
		return true
	}
	return k > 0 && f.words[k-1].class&who != 0 && f.joined(k-1) && f.words[k].class&article == 0 && !isHead(f.words[k].lower) // which governs Port Sorrel
}

// nounCue reads a noun of speech at word i that somebody has: her claim, the
// warning from Ann Bell.
func (p *people) nounCue(f *frame, mentions []mention, i int) (cue, bool) {
	c := cue{from: i, to: i + 1, weak: true}
	for k := i - 1; k >= 0 && k > i-4 && f.words[k].quote == 0 && f.joined(k); k-- {
		w := f.words[k]
		if w.class&(his|her|their) != 0 {
			c.subject = mention{kind: pronoun, from: k, to: k + 1, gender: genderOf(w.class)}
			return c, true
		}
		for _, m := range mentions {
			if m.to == k+1 && m.poss {
				m.poss = false
				c.subject = m
				return c, true
			}
		}
	}
	if i+1 < len(f.words) && (f.words[i+1].lower == "from" || f.words[i+1].lower == "by") && f.joined(i) {
		m, ok := p.subjectAfter(f, mentions, i+2, 2)
		c.subject = m
		return c, ok
	}
	return c, false
}

func genderOf(possessive class) class {
	switch {
	case possessive&his != 0:
		return he
	case possessive&her != 0:
		return she
	}
	return they
}

// labelCue reads a name before a colon at the head of a frame: Bell: "No."
func (p *people) labelCue(f *frame, mentions []mention) (cue, bool) {
	if len(mentions) == 0 || mentions[0].from != 0 || mentions[0].poss {
		return cue{}, false
	}
	m := mentions[0]
	if m.to < len(f.words) && strings.HasPrefix(f.text[f.words[m.to-1].End:], ":") && f.words[m.to].quote > 0 {
		return cue{subject: m, from: m.to, to: m.to}, true
	}
	return cue{}, false
}
