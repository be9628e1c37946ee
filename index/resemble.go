package index

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Soft matches of stems: shared character trigrams bridge endings, compounds
// and typos; a rough transliteration bridges scripts and spellings of names.
// The measures and their thresholds follow the study of a learned lexical
// ranker for this project: Dice from .55, containment from .85 at 3/4 weight.
const (
	leastDice      = .55
	leastContained = .85
	mostSoft       = .95
	leastGrams     = 3
)

// grams is the set of character trigrams of a stem, with a mark before its
// first letter and none behind its last.
type grams []uint64

func gramsOf(s string) grams {
	runes := append([]rune{'_'}, []rune(s)...)
	if len(runes) < 4 {
		return nil
	}
	out := make(grams, 0, len(runes)-2)
	for i := 0; i+3 <= len(runes); i++ {
		out = append(out, uint64(runes[i])<<42|uint64(runes[i+1])<<21|uint64(runes[i+2]))
	}
	return out
}

// shared counts the trigrams that a and b have in common, each once.
func shared(a, b grams) int {
	n := 0
	for i, g := range a {
		if contains(a[:i], g) {
			continue
		}
		if contains(b, g) {
			n++
		}
	}
	return n
}

func contains(gs grams, g uint64) bool {
	for _, x := range gs {
		if x == g {
			return true
		}
	}
	return false
}

// softMatch returns how alike two stems of at least four letters are, from 0
// to mostSoft.
func softMatch(a, b grams) float64 {
	if len(a) < leastGrams || len(b) < leastGrams {
		return 0
	}
	short, long := len(a), len(b)
	if short > long {
		short, long = long, short
	}
	o := float64(shared(a, b))
	sim := 0.0
	if dice := 2 * o / float64(short+long); dice >= leastDice {
		sim = dice
	}
	if short >= 4 && o/float64(short) >= leastContained {
		sim = max(sim, .75*o/float64(short))
	}
	return min(sim, mostSoft)
}

// skeleton writes a name in rough Latin letters, so that its spellings in
// different scripts and schools come out alike.
func skeleton(s string) string {
	rough := roughLetters.Replace(foldLetters(romanize(s)))
	var out []byte
	for i := 0; i < len(rough); i++ {
		if i > 0 && rough[i] == rough[i-1] {
			continue
		}
		out = append(out, rough[i])
	}
	return string(out)
}

// romanize writes the letters and digits of a word in Latin letters.
func romanize(s string) string {
	var b strings.Builder
	lower := []rune(strings.ToLower(s))
	for i, r := range lower {
		if i == 0 && r == 'у' && len(lower) > 1 && strings.ContainsRune("аеиоэ", lower[1]) {
			b.WriteByte('w') // Уэльс
		} else if t, ok := romanized[r]; ok {
			b.WriteString(t)
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

var romanized = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'е': "e", 'ё': "e", 'є': "e", 'ж': "zh", 'з': "z", 'и': "i", 'і': "i", 'ї': "i", 'й': "i",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch",
	'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "i", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
}

// roughLetters joins what the schools of transliteration tell apart.
var roughLetters = strings.NewReplacer(
	"wh", "v", "oo", "u", "ee", "i", "shch", "s", "tsch", "c", "tch", "c", "sch", "s", "kh", "g", "ch", "c", "sh", "s", "zh", "z", "ph", "f", "th", "t", "ck", "k", "ts", "c", "tz", "c",
	"q", "k", "x", "ks", "w", "v", "h", "g", "j", "i", "y", "i", "ia", "a", "iu", "u", "ie", "e", "c", "k", "ou", "u",
)

// mostEdits is how many edits apart a word and a term may be.
const mostEdits = 2

// resemblance returns from 0 to 1 how alike a word of the question and a term
// of the record are, for words that the record lacks: by letters, by edit
// distance, and for names by their skeletons.
func resemblance(q *unseen, term string) float64 {
	first, _ := utf8.DecodeRuneInString(term)
	if unicode.IsDigit(first) != q.digits || q.digits {
		return 0
	}
	sameScript := unicode.Is(unicode.Cyrillic, first) == q.cyrillic
	best := 0.0
	if sameScript {
		best = softMatch(q.grams, gramsOf(term))
		if d := editDistance(q.term, term, mostEdits); d <= mostEdits && q.length >= 4 && (d == 1 || q.length >= 6) {
			best = max(best, 1-float64(d)*1.2/float64(q.length))
		}
	}
	if q.name || !sameScript {
		s := skeleton(term)
		best = max(best, skeletonMatch(q.skeleton, s, q.name))
		if q.stemmed != q.skeleton {
			best = max(best, skeletonMatch(q.stemmed, s, q.name))
		}
	}
	return best
}

// unseen is a word of the question that the record lacks, prepared for
// comparison with its terms.
type unseen struct {
	term, skeleton string
	stemmed        string // the skeleton that the word would have, stemmed as an English one
	grams          grams
	length         int // in letters
	name           bool
	cyrillic       bool
	digits         bool

	// What terms are ruled out by, as in knownTerm.
	mask, letters       uint64
	folded              int // trigrams that share their bit of the mask with others
	sound, stemmedSound uint32
}

func newUnseen(t token, name bool) unseen {
	first, _ := utf8.DecodeRuneInString(t.term)
	stemmed := skeleton(t.term)
	if unicode.Is(unicode.Cyrillic, first) {
		stemmed = skeleton(stem(romanize(t.word), "en"))
	}
	u := unseen{
		stemmed: stemmed,
		term:    t.term, skeleton: skeleton(t.term), grams: gramsOf(t.term), length: utf8.RuneCountInString(t.term), name: name,
		cyrillic: unicode.Is(unicode.Cyrillic, first), digits: unicode.IsDigit(first), letters: lettersOf(t.term),
	}
	u.mask = maskOf(u.grams)
	u.folded = shared(u.grams, u.grams) - bits.OnesCount64(u.mask)
	u.sound, u.stemmedSound = soundOf(u.skeleton), soundOf(u.stemmed)
	return u
}

// skeletonMatch compares two skeletons: alike up to endings counts for names,
// and, less, for other words, which may be loans.
func skeletonMatch(a, b string, name bool) float64 {
	if len(a) < 3 || len(b) < 3 || a[0] != b[0] {
		return 0
	}
	weight := .6
	if name {
		weight = .9
	}
	if a == b {
		return weight
	}
	common := 0
	for common < len(a) && common < len(b) && a[common] == b[common] {
		common++
	}
	short, long := min(len(a), len(b)), max(len(a), len(b))
	ratio := float64(common) / float64(long)
	if common >= 4 && ratio >= .75 || common >= 3 && common == short && long-short <= 2 && short >= 4 {
		return weight * (.5 + ratio/2)
	}
	if d := editDistance(a, b, 1); d == 1 && short >= 5 {
		return weight * .85
	}
	if consonants(a) == consonants(b) && len(consonants(a)) >= 3 {
		return weight * .8
	}
	return 0
}

// consonants drops the vowels behind the first letter.
func consonants(s string) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		if i == 0 || !strings.ContainsRune("aeiou", rune(s[i])) {
			out = append(out, s[i])
		}
	}
	return string(out)
}

// editDistance returns the Levenshtein distance of a and b with transposed
// neighbours counting one (optimal string alignment), or limit+1 when it is
// larger than limit.
func editDistance(a, b string, limit int) int {
	const usual = 24 // letters of a word
	var letters [2][usual]rune
	ra, rb := appendRunes(letters[0][:0], a), appendRunes(letters[1][:0], b)
	if len(ra)-len(rb) > limit || len(rb)-len(ra) > limit {
		return limit + 1
	}
	var rows [3][usual + 1]int
	prev2, prev, cur := rows[0][:], rows[1][:], rows[2][:]
	if len(rb) > usual {
		prev2, prev, cur = make([]int, len(rb)+1), make([]int, len(rb)+1), make([]int, len(rb)+1)
	}
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		cur[0] = i
		least := i
		for j := 1; j <= len(rb); j++ {
			cost := 1
			if ra[i-1] == rb[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
			least = min(least, cur[j])
		}
		if least > limit {
			return limit + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(rb)]
}

func appendRunes(to []rune, s string) []rune {
	for _, r := range s {
		to = append(to, r)
	}
	return to
}
