package index

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Associations are what a word calls up: ill, hospital. They cannot stand for it
// as synonyms do, but where it is missing they tell that a text is about the
// same. What is two steps away counts too, the more ways lead there the more.

const (
	// The first word that a word calls up weighs so much, the last the less; so
	// does a word that calls it up.
	closestWeight  = .5
	farthestWeight = .3
	// A second step weighs so much of the first, less through a word that
	// usualDegree others call up or more, and mostSecond at most.
	secondStep  = .6
	usualDegree = 12
	mostSecond  = .35
	// What weighs less is left out, and all beyond the closest.
	leastAssociated = .06
	mostAssociated  = 100
)

// link leads to an associated stem.
type link struct {
	to     int32
	weight float32
}

// reached is what a stem leads to in one step and two, the closest first.
type reached struct {
	from  int32
	links []link
}

// associationTable holds the associations of English stems.
type associationTable struct {
	stems []string
	ids   map[string]int32
	links [][]link                         // by stem: one step
	found [1 << 10]atomic.Pointer[reached] // asked for lately, a place for some stems each
	sums  sync.Pool                        // of *[]float32, one a stem, zero
}

var associations = sync.OnceValue(loadAssociations)

func loadAssociations() *associationTable {
	t := &associationTable{ids: make(map[string]int32)}
	id := func(word string) int32 {
		s := stem(word, "en")
		i, ok := t.ids[s]
		if !ok {
			i = int32(len(t.stems))
			t.ids[s], t.stems, t.links = i, append(t.stems, s), append(t.links, nil)
		}
		return i
	}
	for _, row := range rows("en-associations.tsv") {
		head, words := id(row[0]), strings.Fields(row[1])
		for i, w := range words {
			if word := id(w); word != head {
				weight := closestWeight - (closestWeight-farthestWeight)*float64(i)/float64(len(words))
				t.links[head] = append(t.links[head], link{word, float32(weight)})
				t.links[word] = append(t.links[word], link{head, farthestWeight})
			}
		}
	}
	t.sums.New = func() any { sums := make([]float32, len(t.stems)); return &sums }
	return t
}

// of returns what a stem calls up, the closest first.
func (t *associationTable) of(stem string) []link {
	id, ok := t.ids[stem]
	if !ok {
		return nil
	}
	place := &t.found[int(id)%len(t.found)]
	if known := place.Load(); known != nil && known.from == id {
		return known.links
	}
	links := t.reach(id)
	place.Store(&reached{id, links})
	return links
}

// reach adds up the ways of one step and two from a stem.
func (t *associationTable) reach(from int32) []link {
	pooled := t.sums.Get().(*[]float32)
	sums := *pooled
	var touched []int32
	for _, a := range t.links[from] {
		next := t.links[a.to]
		share := secondStep * a.weight * usualDegree / float32(max(usualDegree, len(next)))
		for _, b := range next {
			if sums[b.to] == 0 {
				touched = append(touched, b.to)
			}
			sums[b.to] += share * b.weight
		}
	}
	for _, to := range touched {
		sums[to] = min(sums[to], mostSecond)
	}
	for _, a := range t.links[from] {
		if sums[a.to] == 0 {
			touched = append(touched, a.to)
		}
		sums[a.to] = max(sums[a.to], a.weight)
	}
	var out []link
	for _, to := range touched {
		if sums[to] >= leastAssociated && to != from {
			out = append(out, link{to, sums[to]})
		}
		sums[to] = 0
	}
	t.sums.Put(pooled)
	slices.SortFunc(out, func(a, b link) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(t.stems[a.to], t.stems[b.to]))
	})
	return slices.Clip(out[:min(len(out), mostAssociated)])
}

// associate adds what the concept calls up, by way of English. Names and numbers
// call up nothing.
func (c *concept) associate(lang string) {
	if c.name || c.number {
		return
	}
	english := []alternative{{c.term, 1}}
	if lang != "en" {
		english = intoEnglish(lang).lookUp(c.token)
	}
	t := associations()
	for i, e := range english {
		for _, l := range t.of(e.term) {
			weight := e.weight * float64(l.weight)
			if i == 0 {
				c.associated = append(c.associated, alternative{t.stems[l.to], weight})
			} else {
				c.associated = addAlternative(c.associated, t.stems[l.to], weight)
			}
		}
	}
	if len(english) > 1 {
		slices.SortFunc(c.associated, byWeight)
		c.associated = c.associated[:min(len(c.associated), mostAssociated)]
	}
}
