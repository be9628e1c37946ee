package index

import (
	"slices"
	"testing"
)

// TestLookUp holds that forms of words find the English of their headwords, and
// that of two headwords of one stem the likelier weighs more.
func TestLookUp(t *testing.T) {
	for _, c := range []struct{ lang, word, first, less string }{
		{"ru", "обломков", "fragment", ""},
		{"ru", "завод", "plant", "open"},
		{"ru", "губернатора", "governor", ""},
		{"uk", "відповів", "answer", ""},
		{"uk", "розмова", "conversation", ""},
		{"uk", "перша", "first", ""},
		{"de", "zurückgezogen", "withdraw", ""},
		{"de", "gepostet", "post", ""},
		{"es", "presidenta", "president", ""},
	} {
		found := intoEnglish(c.lang).lookUp(analyze(c.word, c.lang)[0])
		weight := func(term string) float64 {
			i := slices.IndexFunc(found, func(a alternative) bool { return a.term == stem(term, "en") })
			if i < 0 {
				return 0
			}
			return found[i].weight
		}
		if w := weight(c.first); w < 1 || c.less != "" && weight(c.less) >= w {
			t.Errorf("%s %s: %v", c.lang, c.word, found)
		}
	}
	if got := intoEnglish("ru").lookUp(analyze("шмургл", "ru")[0]); got != nil {
		t.Errorf("a word that nobody knows means %v", got)
	}
}

// TestSameName holds that a name finds its spellings in the letters of other
// languages, also where its own stands on record.
func TestSameName(t *testing.T) {
	x := open(t, Options{Corpus: opener(files(map[string]string{
		"a.md": "---\ntitle: One\nlanguage: en\n---\n\nWhitmoor met Kolvarec in Gandar on Monday.\n",
		"b.md": "---\ntitle: Два\nlanguage: ru\n---\n\nВ понедельник Колварец приехал в Гандар.\n",
	}))})
	r := x.acquire()
	defer x.release(r)
	for _, c := range []struct{ question, want string }{
		{"что сказал Уитмур", "whitmoor"}, {"що сказав Вітмур?", "whitmoor"},
		{"Где был Колварец?", "kolvarec"}, {"¿Cuándo fue Kolvarec a Gandar?", "gandar"}, {"wann war Whitmoor in Gandar", "whitmoor"},
	} {
		q := understand(c.question, "", "en", nothing)
		if err := r.expand(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(q.concepts, func(k concept) bool {
			return slices.ContainsFunc(k.alternatives, func(a alternative) bool { return a.term == c.want && a.weight > .6 })
		}) {
			t.Errorf("%s does not find %s", c.question, c.want)
		}
	}
}
