package corpus

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// frame is a stretch of a paragraph that attributes speech as one sentence
// does: a sentence, or several that one quotation holds together.
type frame struct {
	Span
	paragraph int
	text      string      // of the paragraph
	words     []word      // those outside of speech; each quotation is one word among them
	quotes    []quotation // that begin in the frame
	mentions  []mention   // see people.mentionsOf
	looked    bool        // whether they have been looked for
	telling   bool        // it has speech, or a word that can give it to somebody
}

// word is a word of a text and where it stands, or a quotation in its place.
type word struct {
	Span
	text  string // without a possessive ending; empty for a quotation
	lower string
	class class
	quote int  // for a quotation, its number among the frame's, from 1
	poss  bool // it had a possessive ending
	upper bool // it begins with a capital
	first bool // it opens its sentence
}

// mostWords is how many words outside of speech a frame may have to be looked
// at for who speaks in it.
const mostWords = 400

// dateline is where and by whom a report was written, before its first words:
// WASHINGTON (AP) — …
var dateline = regexp.MustCompile(`^(?:\p{Lu}[\p{Lu}'’.-]+(?:[ ,/]+\p{Lu}[\p{L}'’.]*){0,4}|\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?(?:, \d{1,2}\.? \p{L}+)?)(?:,? [^()—–/]{2,20})? ?(?:\([^()]{2,30}\)\.? ?[—–-]{1,2}|/[^/]{2,20}/\.? ?[—–-]{0,2}) |^\p{Lu}[\p{Lu}'’.-]{2,}(?:[ ,/]+\p{Lu}[\p{L}'’.]*){0,4} ?[—–]+ `)

const longestDateline = 120

// framesOf splits a paragraph into its frames.
func framesOf(number int, p *Paragraph, quotes []quotation, g *grammar) []frame {
	var out []frame
	from := -1
	for _, s := range p.Sentences {
		if from < 0 {
			from = s.Start
		}
		within := false
		for _, q := range quotes {
			if q.outer.Start >= s.End {
				break
			}
			within = within || q.outer.End > s.End
		}
		if within {
			continue
		}
		if from == 0 {
			if opening := p.Text[:min(s.End, longestDateline)]; strings.ContainsAny(opening, "—–-/") {
				if n := len(dateline.FindString(opening)); len(quotes) == 0 || n <= quotes[0].outer.Start {
					from = n
				}
			}
		}
		f := frame{Span: Span{from, s.End}, paragraph: number, text: p.Text}
		for len(quotes) > 0 && quotes[0].outer.Start < s.End {
			f.quotes = append(f.quotes, quotes[0])
			quotes = quotes[1:]
		}
		f.words = f.split(g)
		out = append(out, f)
		from = -1
	}
	return out
}

// split returns the words of a frame with its quotations in their places.
func (f *frame) split(g *grammar) []word {
	words := make([]word, 0, (f.End-f.Start)/6+1)
	at := f.Start
	for i, q := range f.quotes {
		words = appendWords(words, f.text[at:q.outer.Start], at, g)
		words = append(words, word{Span: q.outer, quote: i + 1})
		at = q.outer.End
	}
	words = appendWords(words, f.text[at:f.End], at, g)
	if len(words) > 0 {
		words[0].first = true
	}
	return words
}

// appendWords appends the words of text, which begins at offset base of its
// paragraph.
func appendWords(out []word, text string, base int, g *grammar) []word {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if !asciiWord[c] {
				i++
				continue
			}
		} else if r, size := utf8.DecodeRuneInString(text[i:]); !wordRune(r) {
			i += size
			continue
		}
		end := 0
		if g.is(elides) {
			end = elision(text, i)
		}
		if end == 0 {
			end = wordEnd(text, i)
		}
		w := newWord(text[i:end], base+i)
		w.class = g.words[w.lower]
		if k := strings.IndexAny(w.lower, "'’"); k > 0 { // she'd
			w.class |= g.words[w.lower[:k]] & pronounClass
		}
		if g.is(elides) { // a-t-elle
			w.class |= g.words[w.lower[strings.LastIndexByte(w.lower, '-')+1:]] & pronounClass
		}
		out = append(out, w)
		i = end
	}
	return out
}

// elision returns the end of a word of one or two letters with an apostrophe
// at i, as l' and qu', or 0.
func elision(text string, i int) int {
	for k := i; k <= i+2 && k < len(text); {
		r, size := utf8.DecodeRuneInString(text[k:])
		k += size
		switch {
		case k > i+size && (r == '\'' || r == '’'):
			return k
		case !wordRune(r):
			return 0
		}
	}
	return 0
}

// asciiWord tells the ASCII characters with which a word may begin.
var asciiWord = func() (is [utf8.RuneSelf]bool) {
	for c := range is {
		is[c] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
	}
	return is
}()

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// wordEnd returns where the word at i ends: at what is no letter, digit, mark,
// apostrophe or hyphen, and no full stop of an abbreviation.
func wordEnd(text string, i int) int {
	j := i
	for j < len(text) {
		c := text[j]
		switch {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '\'' || c == '-':
			j++
			continue
		case c == '.':
			first, _ := utf8.DecodeRuneInString(text[i:])
			if j-i <= 4 && unicode.IsUpper(first) && j+1 < len(text) && utf8.RuneCountInString(text[i:j]) <= 3 {
				j++ // U.S., J. Smith
				continue
			}
			return j
		case c < utf8.RuneSelf:
			return j
		}
		r, size := utf8.DecodeRuneInString(text[j:])
		if !wordRune(r) && r != '’' && r != 'ʼ' && !unicode.IsMark(r) {
			return j
		}
		j += size
	}
	return j
}

// newWord makes a word of raw, which stands at offset at; stops, hyphens and
// apostrophes at its end are no part of it, nor is a possessive ending.
func newWord(raw string, at int) word {
	whole := raw
	if last := raw[len(raw)-1]; last == '\'' || last == '-' || last == '.' || last >= utf8.RuneSelf {
		raw = strings.TrimRight(raw, "'’-.")
	}
	w := word{Span: Span{at, at + len(raw)}, text: raw}
	if n := len(raw); n > 2 && (raw[n-1] == 's' || raw[n-1] == 'S') {
		for _, ending := range []string{"'s", "’s"} {
			if t, ok := strings.CutSuffix(raw, ending); ok {
				w.text, w.poss = t, true
			}
		}
		w.poss = w.poss || len(whole) > n && strings.ContainsAny(whole[n:], "'’") // the ministers' plan
	}
	w.lower = strings.ToLower(w.text)
	if c := w.text[0]; c < utf8.RuneSelf {
		w.upper = 'A' <= c && c <= 'Z'
	} else {
		r, _ := utf8.DecodeRuneInString(w.text)
		w.upper = unicode.IsUpper(r)
	}
	if k := strings.IndexByte(w.text, '-'); k > 0 && k <= 3 && !w.upper { // al-Masri
		r, _ := utf8.DecodeRuneInString(w.text[k+1:])
		w.upper = particles[w.lower[:k]] && unicode.IsUpper(r)
	}
	return w
}

// gap returns what stands between words i and j of a frame.
func (f *frame) gap(i, j int) string {
	return f.text[f.words[i].End:f.words[j].Start]
}

// joined reports whether nothing but a space stands between words i and i+1.
func (f *frame) joined(i int) bool {
	if i+1 >= len(f.words) {
		return false
	}
	gap := f.gap(i, i+1)
	return gap == " " || gap == "’" || gap == "'"
}
