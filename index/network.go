package index

import (
	"encoding/json"
	"fmt"
	"math"
	"sync"
)

// network scores a vector of inputs: a linear part, and a hidden layer of
// rectified units beside it. Inputs are raw: what standardises them is folded
// into the weights when they are learned.
type network struct {
	Names  []string    `json:"names"` // of the inputs, in order
	Skip   []float64   `json:"skip"`  // linear weights
	Bias   float64     `json:"bias"`
	Hidden [][]float64 `json:"hidden,omitempty"` // weights of each hidden unit
	Base   []float64   `json:"base,omitempty"`   // its bias
	Out    []float64   `json:"out,omitempty"`    // its weight in the sum
}

// score returns the logit of x.
func (n *network) score(x []float64) float64 {
	sum := n.Bias
	for i, w := range n.Skip {
		sum += w * x[i]
	}
	for h, weights := range n.Hidden {
		act := n.Base[h]
		for i, w := range weights {
			act += w * x[i]
		}
		if act > 0 {
			sum += n.Out[h] * act
		}
	}
	return sum
}

// fit reorders the weights to the inputs named by names. Inputs that the
// weights do not know count nothing; weights of inputs that are gone are an
// error, for they were learned with something that no longer exists.
func (n *network) fit(names []string) error {
	at := make(map[string]int, len(names))
	for i, name := range names {
		at[name] = i
	}
	spread := func(weights []float64) ([]float64, error) {
		if len(weights) != len(n.Names) {
			return nil, fmt.Errorf("%d weights for %d inputs", len(weights), len(n.Names))
		}
		out := make([]float64, len(names))
		for i, name := range n.Names {
			j, ok := at[name]
			if !ok {
				return nil, fmt.Errorf("input %q is not known", name)
			}
			out[j] = weights[i]
		}
		return out, nil
	}
	var err error
	if n.Skip, err = spread(n.Skip); err != nil {
		return err
	}
	for h := range n.Hidden {
		if n.Hidden[h], err = spread(n.Hidden[h]); err != nil {
			return err
		}
	}
	n.Names = names
	return nil
}

// ranker holds all that was learned: how to score passages, sentences, and
// whether the answer is on record at all.
type ranker struct {
	Note      string  `json:"note"` // how it was learned
	Own       network `json:"own"`  // a sentence by itself
	Passage   network `json:"passage"`
	Sentence  network `json:"sentence"`
	OnRecord  network `json:"on_record"`
	Threshold float64 `json:"threshold"` // confidence from which the bot answers
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
		net   *network
		names []string
	}{
		{"own", &r.Own, unitNames()}, {"passage", &r.Passage, passageInputs()},
		{"sentence", &r.Sentence, sentenceInputs()}, {"on_record", &r.OnRecord, recordInputs()},
	} {
		if err := part.net.fit(part.names); err != nil {
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
