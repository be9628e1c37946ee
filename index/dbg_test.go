package index

import (
	"context"
	"fmt"
	"onrecord/corpus"
	"os"
	"testing"
)

func TestDbg(t *testing.T) {
	q := os.Getenv("Q")
	if q == "" {
		t.Skip("set Q")
	}
	dir := os.Getenv("C")
	fsys, _, _ := corpus.Dir(dir)
	r, err := buildInMemory(context.Background(), fsys, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	k, err := r.answerRanking(context.Background(), Question{Text: q})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(k.q.asks, k.q.lang)
	for _, c := range k.q.concepts {
		fmt.Printf("%s w%.2f idf%.2f found=%v name=%v alts=%v\n", c.term, c.weight, c.idf, c.found, c.name, c.alternatives)
	}
	m, _ := theRanker()
	w := k.choose(3)
	if len(w) > 0 {
		v := recordVector(k, w)
		g := m.OnRecord.gradient(v)
		for i, n := range m.OnRecord.Names {
			if d := g[i] * v[i]; d > .15 || d < -.15 {
				fmt.Printf("  %s %.2f * %.2f = %.2f\n", n, v[i], g[i], d)
			}
		}
		fmt.Println("bias", m.OnRecord.Bias, "score", m.OnRecord.score(v), m.confidence(k, w))
		fmt.Println(k.quote(w[0]).Text)
	}
}
