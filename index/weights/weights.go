// Package weights holds the form in which learned weights are written and read:
// the index scores with them, the command learn makes them.
package weights

import (
	"fmt"
	"slices"
)

// Network scores a vector of inputs: a linear part, and a hidden layer of
// rectified units beside it. Inputs are raw: what standardises them is folded
// into the weights when they are learned.
type Network struct {
	Names  []string    `json:"names"` // of the inputs, in order
	Skip   []float64   `json:"skip"`  // linear weights
	Bias   float64     `json:"bias"`
	Hidden [][]float64 `json:"hidden,omitempty"` // weights of each hidden unit
	Base   []float64   `json:"base,omitempty"`   // its bias
	Out    []float64   `json:"out,omitempty"`    // its weight in the sum
}

// Score returns the logit of x, which has one value for each name.
func (n *Network) Score(x []float64) float64 {
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

// Fit reorders the weights to the inputs named by names. Inputs that the
// weights do not know count nothing; weights of inputs that are gone are an
// error, for they were learned with something that no longer exists.
func (n *Network) Fit(names []string) error {
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

// Gradient returns how much each input adds to the score for each unit of it,
// at x.
func (n *Network) Gradient(x []float64) []float64 {
	out := slices.Clone(n.Skip)
	for h, weights := range n.Hidden {
		act := n.Base[h]
		for i, w := range weights {
			act += w * x[i]
		}
		if act <= 0 {
			continue
		}
		for i, w := range weights {
			out[i] += n.Out[h] * w
		}
	}
	return out
}
