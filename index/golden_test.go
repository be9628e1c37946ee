package index

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"onrecord/corpus"
)

var update = flag.Bool("update", false, "write testdata/golden.txt anew")

// TestRelevance answers questions about the built-in event and holds where the
// first right quote stands against testdata/golden.txt, so that a change of
// ranking is read as a diff: go test ./index -run TestRelevance -update
func TestRelevance(t *testing.T) {
	raw, err := os.ReadFile("testdata/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	x := open(t, Options{Corpus: opener(corpus.Event())})
	var b strings.Builder
	right, refused, answerable, others := 0.0, 0, 0, 0
	for line := range strings.Lines(string(raw)) {
		question, want, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		a, err := x.Ask(context.Background(), Question{Text: question, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		rank := rankOf(a, strings.Split(want, "|"))
		place := "-"
		if len(a.Quotes) > 0 {
			place = fmt.Sprintf("%s %d", a.Quotes[0].Article, a.Quotes[0].Paragraph)
		}
		fmt.Fprintf(&b, "%-60s answered %-5v rank %d  %s\n", question, a.Answered, rank, place)
		if want == "-" {
			others++
			if !a.Answered {
				refused++
			}
			continue
		}
		answerable++
		if rank > 0 {
			right += 1 / float64(rank)
		}
	}
	fmt.Fprintf(&b, "mrr %.3f of %d, refused %d of %d\n", right/float64(answerable), answerable, refused, others)
	const golden = "testdata/golden.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Errorf("the ranking changed; look at the difference, then run with -update\ngot:\n%s\nwant:\n%s", b.String(), want)
	}
}

// rankOf is the place of the first quote that holds one of words, or 0.
func rankOf(a Answer, words []string) int {
	for i, q := range a.Quotes {
		for _, w := range words {
			if w != "-" && strings.Contains(q.Text, w) {
				return i + 1
			}
		}
	}
	return 0
}
