package index

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"
)

// expand finds for every concept of a question the terms of the record that
// may stand for it: the word itself, synonyms, other spellings of a name,
// equivalents in the record's other languages, and for words that the record
// lacks what resembles them.
func (r *record) expand(ctx context.Context, q *query) error {
	for i := range q.concepts {
		if err := r.expandConcept(ctx, q, &q.concepts[i]); err != nil {
			return err
		}
	}
	return nil
}

const (
	// mostAlternatives bounds what is compared with the words of a passage for
	// one concept, mostPostings what of that candidates are looked for by.
	mostAlternatives = 30
	mostPostings     = 12
)

func (r *record) expandConcept(ctx context.Context, q *query, c *concept) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	candidates := []alternative{{c.term, 1}}
	if q.lang == "en" {
		for _, s := range synonyms()[c.term] {
			candidates = addAlternative(candidates, s.term, s.weight)
		}
		c.phrases = append(c.phrases, phrases().phrases[c.term]...)
	}
	for _, s := range slices.Concat(c.standIns, spellings()[c.term]) {
		candidates = addAlternative(candidates, s.term, s.weight)
	}
	candidates = r.translate(q.lang, *c, candidates)
	kept, err := r.held(candidates)
	if err != nil {
		return err
	}
	known := len(kept) > 0 && (!c.name || kept[0].weight >= sameName && (kept[0].term == c.term || kept[0].term == stem(c.word, "en")))
	if !known || c.name && r.otherScript(c.word) {
		for _, a := range r.resembling(ctx, *c) {
			if !known || isCyrillic(a.term) != isCyrillic(c.word) {
				kept = addAlternative(kept, a.term, a.weight)
			}
		}
		slices.SortStableFunc(kept, byWeight)
	}
	c.alternatives = kept[:min(len(kept), mostAlternatives)]
	c.found = len(kept) > 0
	c.associate(q.lang)
	if err := r.keepPhrases(c); err != nil {
		return err
	}
	if err := r.searchBy(c); err != nil {
		return err
	}
	return r.weigh(c)
}

// smallRecord is how many passages a record may have for them to be found by
// associations too. Of a record larger than largeRecord enough passages hold the
// words themselves: what adds less than leastImpact of what a concept's best
// alternative adds to a score is common, and long to read, and not looked for.
const (
	smallRecord = 2000
	largeRecord = 50_000
	leastImpact = .45
)

// searchBy sets by which terms passages are found.
func (r *record) searchBy(c *concept) error {
	first := func(list []alternative) []alternative { return list[:min(len(list), mostPostings)] }
	c.searched = slices.Concat(first(c.alternatives), first(c.loose))
	switch docs := r.postings.docs; {
	case docs <= smallRecord:
		c.searched = append(c.searched, first(c.associated)...)
	case docs > largeRecord:
		best := 0.0
		impacts := make([]float64, len(c.searched))
		for i, a := range c.searched {
			n, err := r.postings.frequency(a.term)
			if err != nil {
				return err
			}
			impacts[i] = a.weight * idf(n, docs)
			best = max(best, impacts[i])
		}
		kept := c.searched[:0]
		for i, a := range c.searched {
			if impacts[i] >= leastImpact*best {
				kept = append(kept, a)
			}
		}
		c.searched = kept
	}
	return nil
}

// looseWeight is what a passage gets for the rarest word of a phrase when
// candidates are looked for, against the phrase: it may hold no more of it.
const looseWeight = .5

// keepPhrases keeps the phrases all of whose words the record has, and the
// rarest word of each.
func (r *record) keepPhrases(c *concept) error {
	kept := c.phrases[:0:0]
	for _, p := range c.phrases {
		rarest, least := "", 0
		for _, t := range p.terms {
			n, err := r.postings.frequency(t)
			if err != nil {
				return err
			}
			if n == 0 {
				rarest = ""
				break
			}
			if rarest == "" || n < least {
				rarest, least = t, n
			}
		}
		if rarest != "" && len(kept) < mostAlternatives {
			kept = append(kept, p)
			c.loose = addAlternative(c.loose, rarest, p.weight*looseWeight)
		}
	}
	c.phrases = kept
	return nil
}

// byWeight sorts the best first, equals by term so that every run agrees.
func byWeight(a, b alternative) int {
	switch {
	case a.weight > b.weight:
		return -1
	case a.weight < b.weight:
		return 1
	}
	return strings.Compare(a.term, b.term)
}

// translate adds the equivalents of a word in the record's other languages,
// by way of English.
func (r *record) translate(lang string, c concept, to []alternative) []alternative {
	english := []alternative{{c.term, 1}}
	if lang != "en" {
		english = intoEnglish(lang).lookUp(c.token)
		if r.languages["en"] > 0 {
			for _, e := range english {
				to = addAlternative(to, e.term, e.weight)
				for _, s := range synonyms()[e.term] {
					to = addAlternative(to, s.term, .8*e.weight*s.weight)
				}
				for _, s := range spellings()[e.term] {
					to = addAlternative(to, s.term, e.weight*s.weight)
				}
			}
		}
	}
	for _, other := range slices.Sorted(maps.Keys(r.languages)) {
		if other == lang {
			continue
		}
		if (c.name || c.upper) && isCyrillic(c.word) == isCyrillicLanguage(other) {
			to = addAlternative(to, stem(c.word, other), sameName)
		}
		if other == "en" {
			continue
		}
		from := fromEnglish(other)
		for _, e := range english {
			for _, t := range from[e.term] {
				to = addAlternative(to, t.term, e.weight*t.weight*.9)
			}
		}
	}
	return to
}

// sameName is the weight of a name that is written alike in another language.
const sameName = .95

func isCyrillicLanguage(lang string) bool { return lang == "ru" || lang == "uk" }

// otherScript reports whether articles are in letters other than a word's.
func (r *record) otherScript(word string) bool {
	cyrillic := isCyrillic(word)
	for lang := range r.languages {
		if isCyrillicLanguage(lang) != cyrillic {
			return true
		}
	}
	return false
}

// held keeps the alternatives that the record has, best first.
func (r *record) held(candidates []alternative) ([]alternative, error) {
	var kept []alternative
	for _, a := range candidates {
		n, err := r.postings.frequency(a.term)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			kept = append(kept, a)
		}
	}
	slices.SortStableFunc(kept, byWeight)
	return kept, nil
}

// resembling returns the terms of the record that are most like a word that it
// lacks.
func (r *record) resembling(ctx context.Context, c concept) []alternative {
	u := newUnseen(c.token, c.name || c.upper)
	if u.length < 3 || u.digits {
		return nil
	}
	found := r.postings.vocabulary().resembling(ctx, &u, leastDice)
	return found[:min(len(found), 5)]
}

// weigh sets the concept's inverse document frequency: that of its best
// alternative; of a word that the record lacks, the largest there is.
func (r *record) weigh(c *concept) error {
	c.idf = idf(0, r.postings.docs)
	best := 0.0
	for _, a := range c.alternatives {
		n, err := r.postings.frequency(a.term)
		if err != nil {
			return err
		}
		if a.weight > best {
			best, c.idf = a.weight, idf(n, r.postings.docs)
		}
	}
	return nil
}

// idf is the inverse document frequency of BM25 in its form that is never
// negative (Lucene's), ln(1 + (N-df+.5)/(df+.5)).
func idf(df, docs int) float64 {
	return math.Log(1 + (float64(docs)-float64(df)+.5)/(float64(df)+.5))
}
