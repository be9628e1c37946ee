package index

import (
	"math"
	"slices"

	"onrecord/index/weights"
)

// mostReasons is how many features an explanation names.
const mostReasons = 8

// reasons returns the features that weighed most for or against the answering
// sentence of a window: first of its passage, then its own.
func (m *ranker) reasons(k *ranking, w window) []Reason {
	in := k.inputs[w.rank]
	var out []Reason
	add := func(n *weights.Network, prefix string, x []float64) {
		gradient := n.Gradient(x)
		var part []Reason
		for i, name := range n.Names {
			if g := gradient[i] * x[i]; math.Abs(g) > .01 {
				part = append(part, Reason{prefix + name, round3(x[i]), round3(gradient[i])})
			}
		}
		slices.SortStableFunc(part, func(a, b Reason) int {
			d := math.Abs(b.Value*b.Weight) - math.Abs(a.Value*a.Weight)
			switch {
			case d > 0:
				return 1
			case d < 0:
				return -1
			}
			return 0
		})
		out = append(out, part[:min(mostReasons, len(part))]...)
	}
	add(&m.Passage, "passage ", in.passage)
	add(&m.Sentence, "sentence ", in.sentence[w.best])
	return out
}

func round3(x float64) float64 { return math.Round(x*1000) / 1000 }
