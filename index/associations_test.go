package index

import (
	"slices"
	"testing"
)

// TestAssociations holds what a word calls up at one step and at two, the
// closest first, and never itself.
func TestAssociations(t *testing.T) {
	a := associations()
	weight := func(from, to string) float64 {
		links := a.of(stem(from, "en"))
		i := slices.IndexFunc(links, func(l link) bool { return a.stems[l.to] == stem(to, "en") })
		if i < 0 {
			return 0
		}
		return float64(links[i].weight)
	}
	if one, two := weight("ill", "hospital"), weight("ill", "nurse"); one < farthestWeight || two == 0 || two >= one {
		t.Errorf("ill calls up hospital with %.2f, nurse with %.2f", one, two)
	}
	if weight("hospital", "ill") == 0 {
		t.Error("hospital does not call up ill")
	}
	for id, s := range a.stems {
		links := a.of(s)
		if !slices.IsSortedFunc(links, func(x, y link) int { return int(1e6 * (y.weight - x.weight)) }) {
			t.Fatalf("%s: %v", s, links)
		}
		for _, l := range links {
			if l.to == int32(id) || l.weight < leastAssociated || l.weight > closestWeight {
				t.Errorf("%s calls up %s with %.2f", s, a.stems[l.to], l.weight)
			}
		}
	}
	if a.of("zzz") != nil {
		t.Error("a word that nobody knows calls up something")
	}
}
