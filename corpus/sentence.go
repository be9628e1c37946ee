package corpus

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed data/abbreviations.txt
var abbreviationsTXT string

// abbreviations maps "language abbreviation" to whether it may end a sentence.
var abbreviations = func() map[string]bool {
	m := make(map[string]bool)
	for _, row := range rows(abbreviationsTXT) {
		lang, end := strings.CutSuffix(row[0], " end")
		for abbr := range strings.FieldsSeq(row[1]) {
			m[lang+" "+abbr] = end
		}
	}
	return m
}()

// longestSpeech is the length in bytes of quoted speech within which a
// sentence does not end: short speech stays whole with its attribution.
const longestSpeech = 260

// sentences splits text, which has quotes in it, into its sentences. They
// follow one another without a gap but for white space.
func sentences(text, lang string, quotes []quotation) []Span {
	var speech []Span
	for _, q := range quotes {
		if q.closed {
			speech = append(speech, q.outer)
		}
	}
	var out []Span
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf && c != '.' && c != '!' && c != '?' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		if c >= utf8.RuneSelf && !strings.ContainsRune(terminal, r) {
			continue
		}
		end := i
		for end < len(text) { // further stops and closing marks belong to it
			next, n := utf8.DecodeRuneInString(text[end:])
			if !strings.ContainsRune(terminal+closing, next) || opens(text, end) {
				break
			}
			end += n
		}
		for len(speech) > 0 && speech[0].End <= end {
			speech = speech[1:]
		}
		if end < len(text) && breaks(text, start, i, end, lang) && !insideSpeech(speech, end) {
			out = append(out, Span{start, end})
			start = end + skipSpace(text[end:])
		}
		i = max(i, end)
	}
	if start < len(text) {
		out = append(out, Span{start, len(text)})
	}
	return out
}

// longestWord is how far in bytes a word before a full stop is looked back for.
const longestWord = 80

func skipSpace(s string) int { return len(s) - len(strings.TrimLeft(s, " \t")) }

// opens reports whether the quotation mark at i opens speech: a straight mark
// after a space that stands before a word.
func opens(text string, i int) bool {
	return i > 0 && text[i-1] == ' '
}

// insideSpeech reports whether at lies within the first of speech, which is
// short.
func insideSpeech(speech []Span, at int) bool {
	return len(speech) > 0 && speech[0].Start < at && at < speech[0].End && speech[0].End-speech[0].Start <= longestSpeech
}

// breaks reports whether the stop that ends at stop, with its closing marks at
// end, ends the sentence that began at start.
func breaks(text string, start, stop, end int, lang string) bool {
	if text[end] != ' ' && text[end] != '\t' {
		return false
	}
	next := firstRune(text[end:])
	last, size := utf8.DecodeLastRuneInString(text[:stop])
	if unicode.IsLower(next) { // 'No!' he said; he said … and left
		return false
	}
	if last != '.' || end > stop {
		return true
	}
	word := lastWord(text[max(start, stop-size-longestWord) : stop-size])
	if ends, known := abbreviated(lang, word); known {
		return ends && !unicode.IsDigit(next) && !continues(word, text[end:])
	}
	if initial(word) {
		return false
	}
	if isNumber(word) && lang == "de" {
		return !followedByMonth(text[end:])
	}
	return true
}

// firstRune returns the first rune of s that is neither space nor an opening
// mark or dash.
func firstRune(s string) rune {
	for _, r := range s {
		if !unicode.IsSpace(r) && !strings.ContainsRune("\"'“‘«„‚([—–-¿¡", r) {
			return r
		}
	}
	return 0
}

func lastWord(s string) string {
	i := strings.LastIndexAny(s, " \t(\"'“‘«„—–")
	if i >= 0 {
		_, size := utf8.DecodeRuneInString(s[i:])
		s = s[i+size:]
	}
	return s
}

func abbreviated(lang, word string) (ends, known bool) {
	word = strings.ToLower(word)
	if ends, known = abbreviations[lang+" "+word]; known {
		return ends, true
	}
	dotted := strings.Contains(word, ".") && len(strings.ReplaceAll(word, ".", "")) <= strings.Count(word, ".")+1
	return true, dotted // U.N., a.k.a.
}

// initial reports whether word is a person's initial: one capital letter.
func initial(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.IsUpper(r) && r != 'I' && r != 'Я'
}

// starters are words that open a sentence after an abbreviation; any other
// capital there goes on with a name: U.S. President.
var starters = wordSet("the a an he she it they we in on at but and this that these those there i you if when while after before as for his her its their no not so some what who")

// continues reports whether the sentence goes on after abbreviation word with
// what follows: U.S. President, 5 p.m. Monday.
func continues(word, rest string) bool {
	next, _, _ := strings.Cut(strings.TrimLeft(rest, " \t"), " ")
	next = strings.Trim(next, ".,;:'’\"”")
	switch strings.ToLower(word) {
	case "a.m", "p.m":
		return capitals(next) && len(next) > 1 || strings.HasSuffix(strings.ToLower(next), "day")
	}
	return !starters[strings.ToLower(next)]
}

func isNumber(word string) bool {
	return word != "" && strings.IndexFunc(word, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

// followedByMonth reports whether a German ordinal goes on: 28. Dezember, 2. Runde.
func followedByMonth(s string) bool {
	word, _, _ := strings.Cut(strings.TrimLeft(s, " \t"), " ")
	word = strings.ToLower(strings.Trim(word, ".,;:"))
	return months[word] > 0 || word == "jahrhundert" || word == "weltkrieg" || word == "runde"
}
