package index

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// Small words and those that questions open with decide what is asked for, and
// are mistyped as often as others: wat, hwo, meny.

// leastCorrected is how many letters a word has that is corrected.
const leastCorrected = 3

// correct puts right the question and stop words among tokens. What stands on
// record, is a common word or has a capital is taken as it is written.
func correct(tokens []token, lang string, known func(stem string) bool) {
	for i, t := range tokens {
		if to, ok := misspellings()[lang][t.word]; ok {
			tokens[i].lexeme = newLexeme(to, lang, false)
			continue
		}
		if t.upper || utf8.RuneCountInString(t.word) < leastCorrected || isDigit(t.word) || isStop(lang, t.word) || rarityOf(t.term, lang) < 1 || known(t.term) {
			continue
		}
		if to := meant(t.word, lang); to != "" {
			tokens[i].lexeme = newLexeme(to, lang, false)
		}
	}
}

// meant returns the question or stop word that a word is a mistake for, or "":
// one of the same letters, or with one that is missing, too many or another
// vowel.
func meant(word, lang string) string {
	for _, small := range smallWords()[lang] {
		if editDistance(word, small, 1) > 1 {
			continue
		}
		if len(small) != len(word) || sameLetters(word, small) || vowelless(word) == vowelless(small) {
			return small
		}
	}
	return ""
}

// sameLetters reports whether two words have the same letters in another order.
func sameLetters(a, b string) bool {
	counts := make(map[rune]int)
	for _, r := range a {
		counts[r]++
	}
	for _, r := range b {
		counts[r]--
	}
	for _, n := range counts {
		if n != 0 {
			return false
		}
	}
	return true
}

// vowelless drops the vowels of a word.
func vowelless(word string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiouyäöüáéíóúаеёиоуыэюяіїє", r) {
			return -1
		}
		return r
	}, word)
}

// smallWords holds by language the words with which questions begin and those
// that ask how much, then the stop words.
var smallWords = sync.OnceValue(func() map[string][]string {
	m, seen := make(map[string][]string), make(map[[2]string]bool)
	add := func(lang, word string) {
		if key := [2]string{lang, word}; utf8.RuneCountInString(word) >= leastCorrected && !seen[key] {
			seen[key] = true
			m[lang] = append(m[lang], word)
		}
	}
	for lang, list := range openings() {
		for _, o := range list {
			add(lang, o.words[0])
			if len(o.words) > 1 && measures[o.words[1]] {
				add(lang, o.words[1])
			}
		}
	}
	for _, row := range rows("stopwords.tsv") {
		for w := range strings.FieldsSeq(row[1]) {
			add(row[0], w)
		}
	}
	return m
})

// misspellings holds by language what stands for words as they are typed in
// chats.
var misspellings = sync.OnceValue(func() map[string]map[string]string {
	m := make(map[string]map[string]string)
	for _, row := range rows("misspelt.tsv") {
		if m[row[0]] == nil {
			m[row[0]] = make(map[string]string)
		}
		m[row[0]][row[1]] = row[2]
	}
	return m
})
