package index

import (
	"context"
	"testing"

	"onrecord/corpus"
)

// BenchmarkAsk answers questions about the built-in event, everything included.
func BenchmarkAsk(b *testing.B) {
	x := open(b, Options{Corpus: opener(corpus.Event())})
	questions := []string{"Who says no such attack happened?", "How many prisoners were exchanged in February?", "Что сказал Песков о доказательствах?", "What is the best pizza recipe?"}
	for i := 0; b.Loop(); i++ {
		if _, err := x.Ask(context.Background(), Question{Text: questions[i%len(questions)]}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBuild builds the built-in event in memory.
func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		r, err := buildInMemory(context.Background(), corpus.Event(), 0, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := r.close(); err != nil {
			b.Fatal(err)
		}
	}
}
