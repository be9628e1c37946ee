package index

import (
	"strconv"
	"strings"
	"sync"
)

// rarities holds how rare the stems of a language are, from 0 to 1, in data/rarity.tsv.
// A small record cannot tell: in it every other word stands once.
var rarities = struct {
	sync.Mutex
	m map[string]map[string]float64
}{m: make(map[string]map[string]float64)}

// rarityOf returns how rare a stem is in its language at large: near 0 for the
// commonest, 1 for those that are not among the common ones. It grows with the
// logarithm of the stem's share of all words.
func rarityOf(term, lang string) float64 {
	rarities.Lock()
	m := rarities.m[lang]
	if m == nil {
		m = readRarities(lang)
		rarities.m[lang] = m
	}
	rarities.Unlock()
	if r, ok := m[term]; ok {
		return r
	}
	return 1
}

// RarityClasses is the number of classes in which rarity is kept.
const RarityClasses = 20

func readRarities(lang string) map[string]float64 {
	m := make(map[string]float64)
	for _, row := range rows("rarity.tsv") {
		if row[0] != lang {
			continue
		}
		class, err := strconv.Atoi(row[1])
		if err != nil {
			panic(err) // the file is embedded
		}
		for term := range strings.FieldsSeq(row[2]) {
			m[term] = float64(class) / RarityClasses
		}
	}
	return m
}

// mostEverywhere is the rarity up to which stop words stand everywhere.
const mostEverywhere = .35

// standsEverywhere reports whether a word with a stem is not indexed, for nearly
// every passage of its language has it and no question looks for it.
func standsEverywhere(lang, word, term string) bool {
	return everywhere()[lang][term] && isStop(lang, word)
}

// everywhere holds by language the stems of the words that stand everywhere.
var everywhere = sync.OnceValue(func() map[string]map[string]bool {
	m := make(map[string]map[string]bool)
	for lang, words := range stopWords {
		m[lang] = make(map[string]bool)
		for w := range words {
			if term := stem(w, lang); rarityOf(term, lang) <= mostEverywhere {
				m[lang][term] = true
			}
		}
	}
	return m
})

// Stem returns the stem under which a word of a language is indexed.
func Stem(word, lang string) string { return stem(strings.ToLower(word), lang) }
