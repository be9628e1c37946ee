package corpus

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// closers gives for each opening quotation mark the marks that may close it.
var closers = map[rune]string{
	'“': `”"`, '„': `“”"`, '«': `»`, '"': `"”`, '‘': `’'`, '\'': `'’`, '‚': `‘’`, '‹': `›`, '»': `«`, '›': `‹`,
}

// longestQuotation is how far in bytes behind an opening mark its closing one
// is looked for; single marks, which may be apostrophes, less far.
const (
	longestQuotation = 8000
	longestSingle    = 2500
	// lookedThrough bounds, as a multiple of the text, how much is looked
	// through for closing marks in all: text of nothing but opening ones must
	// not take for ever.
	lookedThrough = 20
)

// quotation is a piece of text in quotation marks.
type quotation struct {
	outer  Span // with the marks; without a closing one where the speech runs on
	inner  Span // without them
	closed bool
}

// quotations finds the outermost quotations of text. Apostrophes are no marks;
// an opening mark without its closing one counts only where the quotation runs
// to the end of the text, as speech does that goes on in the next paragraph.
func quotations(text string) []quotation {
	var out []quotation
	budget := lookedThrough*len(text) + longestQuotation
	prev := ' '
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && c != '"' && c != '\'' {
			prev, i = rune(c), i+1
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if closers[r] == "" || !opensAt(r, prev, text[i+size:]) {
			prev, i = r, i+size
			continue
		}
		end, width := closingMark(text, i+size, r, &budget)
		switch {
		case end >= 0:
			out = append(out, quotation{Span{i, end + width}, trimmed(text, i+size, end), true})
			i = end + width
			prev = '”'
		case (r == '“' || r == '«' || r == '„' || r == '"' || i == 0) && len(text)-i <= longestQuotation:
			return append(out, quotation{Span{i, len(text)}, Span{i + size, len(text)}, false})
		default:
			prev, i = r, i+size
		}
	}
	return out
}

// trimmed is the span from start to end less white space at both ends.
func trimmed(text string, start, end int) Span {
	end -= len(text[start:end]) - len(strings.TrimRightFunc(text[start:end], unicode.IsSpace))
	start += len(text[start:end]) - len(strings.TrimLeftFunc(text[start:end], unicode.IsSpace))
	return Span{start, end}
}

// insertion is who speaks in the middle of a speech, between dashes or, in
// French, commas: «Yes, — said Bell, — and no».
var (
	insertion = regexp.MustCompile(`(?:[,.!?…] ?[—–-] ?| —)(\p{Ll}[^—–«»“”"]{2,140}?)(?:[,.:;!?]? [—–-] ?|[—–][,.:;]? )`)
	commas    = regexp.MustCompile(`[,!?] ((?:a|ont|a-t-(?:il|elle|on)|s[’']est) \p{Ll}[^,«»“”"]{2,100}), `)
	tail      = regexp.MustCompile(`[,.!?…] ?[—–-] ?(\p{Ll}[^«»“”"]{2,200})$`)
)

// speeches finds the speech in text: what stands in quotation marks, less who
// speaks within it, and what stands behind a dialogue dash.
func speeches(text string, g *grammar) []quotation {
	var out []quotation
	if dashed := dialogue(text, g); dashed != nil {
		return dashed
	}
	for _, q := range quotations(text) {
		out = append(out, parts(text, q, g)...)
	}
	return out
}

// dialogue returns the speech of a paragraph that opens with a dash, less who
// speaks it: — Yes, — said Bell. — And no.
func dialogue(text string, g *grammar) []quotation {
	body := strings.TrimLeft(text, "—–")
	if !g.is(dashes) || len(body) == len(text) || len(text) > longestQuotation {
		return nil
	}
	start := len(text) - len(strings.TrimLeft(body, " "))
	q := quotation{Span{0, len(text)}, Span{start, len(text)}, true}
	if m := tail.FindStringSubmatchIndex(text[start:]); m != nil && g.speaks(text[start+m[2]:start+m[3]]) && insertion.FindStringIndex(text[start:]) == nil {
		_, stop := utf8.DecodeRuneInString(text[start+m[0]:])
		at := start + m[0] + stop
		return []quotation{{Span{0, at}, Span{start, at}, true}}
	}
	return parts(text, q, g)
}

// parts splits a speech at who speaks within it.
func parts(text string, q quotation, g *grammar) []quotation {
	inner := text[q.inner.Start:q.inner.End]
	if !g.is(dashes) || !strings.ContainsAny(inner, "—–-,") {
		return []quotation{q}
	}
	for _, form := range []*regexp.Regexp{insertion, commas} {
		if form == commas && !g.is(elides) || len(inner) > longestQuotation {
			continue
		}
		for _, m := range form.FindAllStringSubmatchIndex(inner, -1) {
			if !g.speaks(inner[m[2]:m[3]]) {
				continue
			}
			_, stop := utf8.DecodeRuneInString(inner[m[0]:])
			cut, on := q.inner.Start+m[0]+stop, q.inner.Start+m[1]
			first := quotation{Span{q.outer.Start, cut}, trimmed(text, q.inner.Start, cut), true}
			rest := quotation{Span{on, q.outer.End}, trimmed(text, on, q.inner.End), q.closed}
			return append([]quotation{first}, parts(text, rest, g)...)
		}
	}
	return []quotation{q}
}

// opensAt reports whether mark r, after prev and before rest, opens a
// quotation.
func opensAt(r, prev rune, rest string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	if rest == "" || unicode.IsSpace(next) && (r != '«' || !strings.Contains(rest[:min(len(rest), longestQuotation)], "»")) {
		return false
	}
	if unicode.IsSpace(next) { // « Oui »
		next, _ = utf8.DecodeRuneInString(strings.TrimLeftFunc(rest, unicode.IsSpace))
	}
	switch r {
	case '“', '„':
		return true
	case '«', '‹', '»', '›': // French and Russian point out, German in
		return (unicode.IsLetter(next) || unicode.IsDigit(next) || strings.ContainsRune("„“\"'‚‘¿¡…—–-(", next)) && !unicode.IsLetter(prev) && !unicode.IsDigit(prev)
	}
	if !unicode.IsSpace(prev) && !strings.ContainsRune("([—–-“„«\"‘/:", prev) {
		return false
	}
	if r == '\'' || r == '‘' {
		return !unicode.IsDigit(next) && !elided(rest)
	}
	return true
}

// elided reports whether rest opens with a word that is written with a leading
// apostrophe.
func elided(rest string) bool {
	rest = strings.ToLower(rest[:min(len(rest), len("cause "))])
	for _, w := range []string{"em ", "til ", "cause ", "tis ", "twas ", "n "} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

// closingMark returns where the mark that closes open stands at or after from,
// and its width, or -1. It takes what it looks through from budget.
func closingMark(text string, from int, open rune, budget *int) (at, width int) {
	marks := closers[open]
	single := open == '\'' || open == '‘' || open == '‚'
	fallback, fallbackWidth, depth := -1, 0, 0
	prev := rune(0)
	most := from + longestQuotation
	if single {
		most = from + longestSingle
	}
	most = min(len(text), most, from+*budget)
	for i := from; i < most; {
		*budget--
		r, size := utf8.DecodeRuneInString(text[i:])
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		switch {
		case r == open && (open == '«' || open == '“' || open == '„'):
			depth++
		case !strings.ContainsRune(marks, r):
		case depth > 0:
			depth--
		case single && (unicode.IsLetter(next) || unicode.IsDigit(next) || unicode.IsSpace(prev)):
		case single && !strings.ContainsRune(".,!?…;:”\"", prev) && prev == 's' && next == ' ':
			if fallback < 0 { // may be a plural possessive
				fallback, fallbackWidth = i, size
			}
		case r == '"' && unicode.IsSpace(prev) && next != 0 && !unicode.IsSpace(next):
		default:
			if fallback >= 0 && i-fallback > longestSpeech {
				return fallback, fallbackWidth
			}
			return i, size
		}
		prev = r
		i += size
	}
	if fallback >= 0 {
		return fallback, fallbackWidth
	}
	return -1, 0
}
