package index

import (
	"encoding/json"
	"fmt"
	"math"
	"sync"

	"onrecord/index/weights"
)

// ranker holds all that was learned: how to score passages, sentences, and
// whether the answer is on record at all.
type ranker struct {
	Note      string          `json:"note"` // how it was learned
	Own       weights.Network `json:"own"`  // a sentence by itself
	Passage   weights.Network `json:"passage"`
	Sentence  weights.Network `json:"sentence"`
	Sides     weights.Network `json:"sides"` // what is to stand behind the best window
	OnRecord  weights.Network `json:"on_record"`
	Threshold float64         `json:"threshold"` // confidence from which the bot answers
}

// theRanker is the ranker embedded in the binary.
var theRanker = sync.OnceValues(func() (*ranker, error) {
	raw, err := data.ReadFile("data/ranker.json")
	if err != nil {
		return nil, err
	}
	return parseRanker(raw)
})

func parseRanker(raw []byte) (*ranker, error) {
	var r ranker
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("ranker: %w", err)
	}
	for _, part := range []struct {
		name  string
		net   *weights.Network
		names []string
	}{
		{"own", &r.Own, unitNames()}, {"passage", &r.Passage, passageInputs()},
		{"sentence", &r.Sentence, sentenceInputs()}, {"sides", &r.Sides, sidesInputs()}, {"on_record", &r.OnRecord, recordInputs()},
	} {
		if err := part.net.Fit(part.names); err != nil {
			return nil, fmt.Errorf("ranker: %s: %w", part.name, err)
		}
	}
	return &r, nil
}

// softmax turns logits into probabilities.
func softmax(logits []float64) []float64 {
	most := math.Inf(-1)
	for _, l := range logits {
		most = math.Max(most, l)
	}
	out := make([]float64, len(logits))
	sum := 0.0
	for i, l := range logits {
		out[i] = math.Exp(l - most)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
