package index

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestVocabulary holds that ruling terms out loses none that resembles a word:
// mistyped words, other endings, names in other letters.
func TestVocabulary(t *testing.T) {
	v := &vocabulary{}
	var all []string
	for _, row := range rows("rarity.tsv") {
		if row[0] == "en" || row[0] == "ru" || row[0] == "uk" {
			all = append(all, strings.Fields(row[2])...)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	r := rand.New(rand.NewPCG(5, 6))
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	words := all[:4000]
	for _, term := range words {
		v.add(term)
	}
	mistype := func(word string) string {
		letters := []rune(word)
		for range r.IntN(3) {
			switch at := r.IntN(len(letters)); r.IntN(4) {
			case 0:
				letters[at] = rune('a' + r.IntN(26))
			case 1:
				letters = slices.Insert(letters, at, rune('a'+r.IntN(26)))
			case 2:
				if len(letters) > 3 {
					letters = slices.Delete(letters, at, at+1)
				}
			default:
				if at > 0 {
					letters[at-1], letters[at] = letters[at], letters[at-1]
				}
			}
		}
		return string(letters)
	}
	found := 0
	for range 300 {
		word := mistype(words[r.IntN(len(words))])
		if r.IntN(4) == 0 {
			word = romanize(word)
		}
		if word == "" {
			continue
		}
		u := newUnseen(token{lexeme: newLexeme(word, "en", false)}, r.IntN(2) == 0)
		if u.digits {
			continue
		}
		got := v.resembling(context.Background(), &u, leastDice)
		var want []alternative
		for _, term := range words {
			if sim := resemblance(&u, term); sim >= leastDice && term != u.term {
				want = append(want, alternative{term, sim})
			}
		}
		slices.SortFunc(want, byWeight)
		found += len(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", word, got, want)
		}
	}
	if found < 300 {
		t.Errorf("only %d terms resemble 300 words", found)
	}
}
