package corpus

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed data/sections.txt
var sectionsTXT string

// sections are the words of the names of a site's sections.
var sections = lineSet(sectionsTXT)

// pageLine is one line of a copied page.
type pageLine struct {
	text   string
	runes  int
	block  int               // lines of one block have no blank line between them
	kind   string            // of the rule that matched, or ""
	groups map[string]string // named groups of that rule
	form   lineForm          // what the page's own marks say it is
}

// lineForm is what HTML says that a line is; a copy of a page says nothing.
type lineForm int

const (
	formNone lineForm = iota
	formProse
	formHeading
	formItem
	formRow
	formLink   // all of it is links
	formStrong // all of it is strong
)

// pageLines splits a copied page into its lines, joining lines that were
// wrapped at a fixed width.
func pageLines(text, lang string) []pageLine {
	var out []pageLine
	colon := false // the line before opens a list
	for block, raw := range strings.Split(blankLine.ReplaceAllString(text, "\n\n"), "\n\n") {
		lines := unwrapped(strings.Split(raw, "\n"), colon)
		for _, line := range lines {
			kind := Prose
			if strings.Contains(strings.TrimSpace(line), "\t") {
				kind = TableRow
			}
			if line = asReadKind(line, kind); line == "" {
				continue
			}
			l := pageLine{text: line, block: block, runes: utf8.RuneCountInString(line)}
			l.kind, l.groups = l.classify(lang)
			out = append(out, l)
			colon = strings.HasSuffix(line, ":")
		}
	}
	return out
}

// classify tells what a line is, by the page rules or by its form.
func (l pageLine) classify(lang string) (kind string, groups map[string]string) {
	if kind, groups = classify(l.text, lang); kind != "" {
		return kind, groups
	}
	switch {
	case credited(l.text):
		return "caption", nil
	case sectionNames(l.text):
		return "nav", nil
	case l.runes <= longestDateLine && !l.table() && dated(l.text):
		return "date", nil
	}
	return "", nil
}

// longestDateLine is the length in characters of the longest line that is a
// date with a few words about it.
const longestDateLine = 100

// dated reports whether a line is a date and little else.
func dated(line string) bool {
	if !strings.ContainsAny(line, "0123456789") || endsSentence(line) && !strings.HasSuffix(line, ".m.") && !strings.HasSuffix(line, "min.") {
		return false
	}
	if parseDate(line) == "" {
		return false
	}
	letters := 0
	for w := range strings.FieldsFuncSeq(line, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if months[strings.ToLower(w)] == 0 {
			letters++
		}
	}
	return letters <= 9
}

// credited reports whether a line is a picture's caption: the agency that is
// named at both its ends, or a credit behind the text.
func credited(line string) bool {
	first, rest, ok := strings.Cut(line, " ")
	if ok && len(first) >= 2 && capitals(first) && len(rest) > len(first)+10 && strings.HasSuffix(rest, first) {
		return true
	}
	if n := len(line); n > 60 && n < 400 { // Kherson administration/Telegram A ferry … bankKherson administration
		for k := 6; k < n/3; k++ {
			if line[k] == ' ' && strings.HasSuffix(line, line[:k]) || line[k] == '/' && strings.HasSuffix(line, line[:k]) {
				return true
			}
		}
	}
	return false
}

// longestSections is the length in bytes of the longest row of sections.
const longestSections = 260

// sectionNames reports whether a line is nothing but names of sections.
func sectionNames(line string) bool {
	if len(line) > longestSections {
		return false
	}
	words, known := 0, 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(line), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("|/›>·•,&", r) }) {
		words++
		if sections[w] {
			known++
		}
	}
	return words > 0 && (known == words && words < 25 || words >= 4 && words < 25 && (known*5 >= words*4 || words >= 5 && known*2 >= words && !strings.ContainsAny(line, ".,:;?!\"“«")) && !endsSentence(line))
}

var blankLine = regexp.MustCompile(`\n[ \t\x{00a0}]*(?:\n[ \t\x{00a0}]*)+`)

// unwrapped joins the lines of a block that were wrapped at a fixed width: all
// of them, or those between indented ones, with which paragraphs begin. Behind
// a colon they may be items of a list.
func unwrapped(lines []string, colon bool) []string {
	starts := 0
	for _, l := range lines {
		if indentedLine(l) {
			starts++
		}
	}
	if starts < 2 || starts*5 > len(lines)*4 {
		if !colon && wrapped(lines) {
			return []string{strings.Join(lines, " ")}
		}
		return lines
	}
	var out []string
	for from := 0; from < len(lines); {
		to := from + 1
		for to < len(lines) && !indentedLine(lines[to]) {
			to++
		}
		out = append(out, strings.Join(lines[from:to], " "))
		from = to
	}
	return out
}

// indentedLine reports whether a line begins as a paragraph does in old style.
func indentedLine(l string) bool {
	return (strings.HasPrefix(l, "  ") || strings.HasPrefix(l, "\t")) && strings.TrimSpace(l) != "" && !strings.Contains(strings.TrimSpace(l), "\t") && !listMarker.MatchString(l)
}

// wrapped reports whether the lines of a block are one paragraph broken at a
// fixed width: all but the last of like length, and not all ending a sentence.
func wrapped(lines []string) bool {
	if len(lines) < 2 || strings.HasSuffix(strings.TrimSpace(lines[0]), ":") {
		return false
	}
	open := 0
	for i, l := range lines[:len(lines)-1] {
		n := utf8.RuneCountInString(strings.TrimSpace(l))
		if n < 42 || n > 100 || listMarker.MatchString(l) || strings.Contains(l, "\t") {
			return false
		}
		next := []rune(strings.TrimSpace(lines[i+1]))
		if !endsSentence(l) && len(next) > 0 && (unicode.IsLower(next[0]) || i < len(lines)-2 && n >= 60 || slices.Contains([]rune(`"“„«‘'(`), next[0])) {
			open++
		}
	}
	return open*2 >= len(lines)-1
}

var (
	listMarker  = regexp.MustCompile(`^\s*(?:[*•·‣▪●◦■–-]\x{fe0f}?\s+|\d{1,3}[.)]\s+)`)
	openingTime = regexp.MustCompile(`^(\d{1,2}[:.]\d{2}(?: ?(?:МСК|мск|Uhr|GMT|CET|EST|UTC|h))?)(?:\.| [—–-]) `)
	terminal    = ".!?…"
	closing     = `"'”’»“«‹›)]`
)

// endsSentence reports whether s ends as a sentence does, closing marks aside.
func endsSentence(s string) bool {
	s = strings.TrimRight(strings.TrimSpace(s), closing+" ")
	if k := strings.LastIndexByte(s, '['); k > 0 && strings.HasSuffix(s, "]") && len(s)-k < 6 { // said.[2]
		s = strings.TrimRight(s[:k], closing+" ")
	}
	if k := strings.LastIndexByte(s, ' '); k > 0 && signed[s[k+1:]] { // said. EFE
		s = strings.TrimRight(s[:k], closing+" ")
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(terminal, r)
}

// signed are agencies that sign their reports with their name.
var signed = map[string]bool{"AFP": true, "AP": true, "EFE": true, "dpa": true, "Reuters": true}

// sentenceLike and strong grade a line that no rule knows: sentence-like lines
// are body text by their form, strong ones wherever they stand.
func (l pageLine) sentenceLike() bool {
	return l.kind == "" && (l.runes >= 55 && endsSentence(l.text) || l.runes >= 200)
}

func (l pageLine) strong() bool {
	return l.kind == "" && endsSentence(l.text) && l.runes >= 85
}

// colon reports whether a line opens a list or speech.
func (l pageLine) colon() bool {
	return l.kind == "" && l.runes >= 8 && strings.HasSuffix(l.text, ":") && strings.Contains(l.text, " ") && l.text != strings.ToUpper(l.text)
}

// item reports whether a line can be an item of a list without markers.
func (l pageLine) item() bool {
	r, _ := utf8.DecodeRuneInString(l.text)
	return unicode.IsLower(r) || unicode.IsDigit(r) || strings.HasSuffix(l.text, ";")
}

// list reports whether a line is an item of a list; a dash before a whole
// sentence may open speech.
func (l pageLine) list() bool {
	if l.form != formNone {
		return l.kind == "" && l.form == formItem
	}
	return l.kind == "" && listMarker.MatchString(l.text) && (!strings.HasPrefix(l.text, "–") || !endsSentence(l.text))
}

func (l pageLine) table() bool { return strings.Contains(l.text, "\t") || l.form == formRow }
