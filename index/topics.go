package index

import "slices"

// titles collects the titles of a corpus to find those that say best what it
// is about: their words are the words of many titles.
type titles struct {
	list  []titled
	terms map[string]int // how many titles hold a term
}

type titled struct {
	text  string
	terms []string
}

const (
	mostTopics      = 3
	mostTitles      = 2000 // looked at; the first of a large corpus tell enough
	wordsOfTypical  = 4    // a title of fewer content words says too little
	shortTitleValue = .5
)

func (t *titles) add(title, lang string) {
	if title == "" || len(t.list) == mostTitles {
		return
	}
	terms := contentWords(title, lang)
	slices.Sort(terms)
	terms = slices.Compact(terms)
	for _, term := range terms {
		t.terms[term]++
	}
	t.list = append(t.list, titled{title, terms})
}

// typical returns the n titles whose words are most common among the titles.
func (t *titles) typical(n int) []string {
	value := func(x titled) float64 {
		if len(x.terms) == 0 {
			return 0
		}
		sum := 0
		for _, term := range x.terms {
			sum += t.terms[term]
		}
		v := float64(sum) / float64(len(x.terms))
		if len(x.terms) < wordsOfTypical {
			v *= shortTitleValue
		}
		return v
	}
	sorted := slices.Clone(t.list)
	slices.SortStableFunc(sorted, func(a, b titled) int {
		switch va, vb := value(a), value(b); {
		case va > vb:
			return -1
		case va < vb:
			return 1
		}
		return 0
	})
	var out []string
	for _, x := range sorted {
		if len(out) == n {
			break
		}
		if !slices.Contains(out, x.text) {
			out = append(out, x.text)
		}
	}
	return out
}
