package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Languages of Latin script are told apart by words that are frequent in one
// and rare in the others; Cyrillic ones by their letters.
var commonWords = map[string][]string{
	"en": {"the", "of", "and", "to", "in", "is", "was", "that", "for", "with", "said", "on", "by", "what", "who", "did", "how", "does", "when", "why", "it"},
	"de": {"der", "die", "und", "das", "ist", "nicht", "von", "den", "mit", "ein", "eine", "auf", "dem", "des", "wer", "wie", "was", "hat", "wann", "warum", "im", "zu"},
	"es": {"el", "la", "de", "los", "que", "las", "y", "del", "se", "una", "por", "con", "qué", "quién", "cuándo", "dijo", "cómo", "su", "al", "es", "cuántos"},
	"fr": {"le", "la", "les", "des", "et", "est", "une", "du", "dans", "pour", "qui", "que", "sur", "pas", "au", "aux", "ce", "il", "à", "quand", "pourquoi"},
}

var languageOf = func() map[string][]string {
	m := make(map[string][]string)
	for lang, words := range commonWords {
		for _, w := range words {
			m[w] = append(m[w], lang)
		}
	}
	return m
}()

// enoughText is how many bytes of a text tell its language.
const enoughText = 2000

// DetectLanguage returns the ISO 639-1 code of the language of text, one of
// en, ru, uk, de, es and fr, or "" when nothing tells.
func DetectLanguage(text string) string {
	text = text[:min(len(text), enoughText)]
	if lang := cyrillic(text); lang != "" {
		return lang
	}
	votes := make(map[string]int)
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		for _, lang := range languageOf[word] {
			votes[lang]++
		}
	}
	for _, r := range text {
		switch r {
		case 'ß', 'ä', 'ö':
			votes["de"]++
		case 'ñ', '¿', '¡':
			votes["es"] += 2
		case 'ç', 'è', 'ê', 'œ':
			votes["fr"]++
		}
	}
	best := ""
	for _, lang := range []string{"en", "de", "es", "fr"} {
		if votes[lang] > votes[best] {
			best = lang
		}
	}
	return best
}

// cyrillic returns ru or uk when most letters of text are Cyrillic.
func cyrillic(text string) string {
	cyr, latin, uk, ru := 0, 0, 0, 0
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if 'a' <= r|0x20 && r|0x20 <= 'z' {
				latin++
			}
		case strings.ContainsRune("іїєґІЇЄҐ", r):
			uk, cyr = uk+1, cyr+1
		case strings.ContainsRune("ыэъёЫЭЪЁ", r):
			ru, cyr = ru+1, cyr+1
		case unicode.Is(unicode.Cyrillic, r):
			cyr++
		case unicode.IsLetter(r):
			latin++
		}
	}
	switch {
	case cyr <= latin || cyr == 0:
		return ""
	case uk > ru || (uk == ru && ukrainianWords(text)):
		return "uk"
	}
	return "ru"
}

// ukrainianWords looks for words that Ukrainian has and Russian lacks, for
// short texts without a telling letter.
func ukrainianWords(text string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch word {
		case "що", "хто", "де", "коли", "чому", "скільки", "про", "та", "це", "був", "була", "було", "щодо":
			return true
		}
	}
	return false
}

func detectLanguage(paragraphs []Paragraph) string {
	var b strings.Builder
	for _, p := range paragraphs {
		b.WriteString(p.Text)
		b.WriteByte('\n')
		if b.Len() > 4000 {
			break
		}
	}
	return DetectLanguage(b.String())
}

// baseLanguage reduces a language tag to its base: en-GB becomes en.
func baseLanguage(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	base, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	if len(base) < 2 || len(base) > 3 {
		return ""
	}
	return base
}
