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
	sum := n.Bias + dot(n.Skip, x)
	for h, weights := range n.Hidden {
		if act := n.Base[h] + dot(weights, x); act > 0 {
			sum += n.Out[h] * act
		}
	}
	return sum
}

// dot is the scalar product of w and the first of x. Four sums at once keep the
// processor busy.
func dot(w, x []float64) float64 {
	x = x[:len(w)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(w); i += 4 {
		s0 += w[i] * x[i]
		s1 += w[i+1] * x[i+1]
		s2 += w[i+2] * x[i+2]
		s3 += w[i+3] * x[i+3]
	}
	for ; i < len(w); i++ {
		s0 += w[i] * x[i]
	}
	return s0 + s1 + s2 + s3
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
