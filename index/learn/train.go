package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"onrecord/index/weights"
)

func linear(names []string) weights.Network {
	return weights.Network{Names: names, Skip: make([]float64, len(names))}
}

// roundAll keeps four digits of every weight.
func roundAll(n *weights.Network) {
	for _, list := range append(slices.Clone(n.Hidden), n.Skip, n.Base, n.Out) {
		for i := range list {
			list[i] = round(list[i])
		}
	}
	n.Bias = round(n.Bias)
}

// leastDeviation is the deviation from which on an input is stretched to one:
// what is hardly ever there must not weigh like what differs everywhere.
const leastDeviation = .15

// scale holds the mean and deviation of every input.
type scale struct{ mean, dev []float64 }

func scaleOf(rows func(func([]float64)), n int) scale {
	s := scale{make([]float64, n), make([]float64, n)}
	count := 0.0
	rows(func(x []float64) {
		count++
		for i, v := range x {
			s.mean[i] += v
			s.dev[i] += v * v
		}
	})
	for i := range s.mean {
		s.mean[i] /= count
		s.dev[i] = math.Sqrt(math.Max(0, s.dev[i]/count-s.mean[i]*s.mean[i]))
		switch {
		case s.dev[i] < 1e-6:
			s.dev[i] = math.Inf(1) // a constant tells nothing
		case s.dev[i] < leastDeviation:
			s.dev[i] = leastDeviation
		}
	}
	return s
}

func (s scale) apply(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = (v - s.mean[i]) / s.dev[i]
	}
	return out
}

// fold puts the scale into the weights, so that raw inputs can be scored.
func (s scale) fold(n *weights.Network) {
	unfold := func(w []float64, bias *float64) {
		for i := range w {
			if math.IsInf(s.dev[i], 1) {
				w[i] = 0
				continue
			}
			w[i] /= s.dev[i]
			*bias -= w[i] * s.mean[i]
		}
	}
	unfold(n.Skip, &n.Bias)
	for h := range n.Hidden {
		unfold(n.Hidden[h], &n.Base[h])
	}
}

// adam is the optimiser of Kingma and Ba (2015) over one vector of weights.
type adam struct {
	w, m, v []float64
	t       float64
}

func newAdam(w []float64) *adam {
	return &adam{w: w, m: make([]float64, len(w)), v: make([]float64, len(w))}
}

func (a *adam) step(grad []float64, rate, decay float64) {
	a.t++
	c1, c2 := 1-math.Pow(.9, a.t), 1-math.Pow(.999, a.t)
	for i, g := range grad {
		g += decay * a.w[i]
		a.m[i] = .9*a.m[i] + .1*g
		a.v[i] = .999*a.v[i] + .001*g*g
		a.w[i] -= rate * (a.m[i] / c1) / (math.Sqrt(a.v[i]/c2) + 1e-8)
		grad[i] = 0
	}
}

const (
	batch   = 64
	rateMLP = .004
	rateLin = .01
	decay   = 1e-4
	dropout = .25
)

// trainer learns one network over standardised rows.
type trainer struct {
	net     weights.Network
	opts    []*adam
	grads   [][]float64
	hidden  int
	inputs  int
	random  *rand.Rand
	dropped []bool
}

func newTrainer(names []string, hidden int, seed int64) *trainer {
	t := &trainer{net: linear(names), hidden: hidden, inputs: len(names), random: rand.New(rand.NewPCG(uint64(seed), 3)), dropped: make([]bool, hidden)}
	t.track(t.net.Skip)
	t.net.Base, t.net.Out = make([]float64, hidden), make([]float64, hidden)
	for h := range hidden {
		w := make([]float64, len(names))
		for i := range w {
			w[i] = t.random.NormFloat64() / math.Sqrt(float64(len(names)))
		}
		t.net.Hidden = append(t.net.Hidden, w)
		t.net.Out[h] = t.random.NormFloat64() * .1
		t.track(w)
	}
	t.track(t.net.Base)
	t.track(t.net.Out)
	return t
}

func (t *trainer) track(w []float64) {
	t.opts = append(t.opts, newAdam(w))
	t.grads = append(t.grads, make([]float64, len(w)))
}

// forward scores a row and keeps what backward needs.
func (t *trainer) forward(x, acts []float64) float64 {
	sum := 0.0
	for i, w := range t.net.Skip {
		sum += w * x[i]
	}
	for h, weights := range t.net.Hidden {
		act := t.net.Base[h]
		for i, w := range weights {
			act += w * x[i]
		}
		acts[h] = act
		if act > 0 && !t.dropped[h] {
			sum += t.net.Out[h] * act
		}
	}
	return sum
}

// backward adds the gradient of a row whose score has gradient g.
func (t *trainer) backward(x, acts []float64, g float64) {
	if math.Abs(g) < 1e-5 {
		return
	}
	for i, v := range x {
		t.grads[0][i] += g * v
	}
	base, out := t.grads[1+t.hidden], t.grads[2+t.hidden]
	for h := range t.net.Hidden {
		if acts[h] <= 0 || t.dropped[h] {
			continue
		}
		out[h] += g * acts[h]
		d := g * t.net.Out[h]
		base[h] += d
		grad := t.grads[1+h]
		for i, v := range x {
			grad[i] += d * v
		}
	}
}

func (t *trainer) step(rate float64) {
	for i, o := range t.opts {
		o.step(t.grads[i], rate, decay)
	}
	for h := range t.dropped {
		t.dropped[h] = t.random.Float64() < dropout
	}
}

// trainLists learns to put the right candidate of every list first: listwise
// softmax cross-entropy, the chances of all right ones summed.
func trainLists(names []string, lists []list, hidden, epochs int, seed int64) weights.Network {
	s := scaleOf(func(visit func([]float64)) {
		for _, l := range lists {
			for _, r := range l.rows {
				visit(r)
			}
		}
	}, len(names))
	scaled := make([][][]float64, len(lists))
	for i, l := range lists {
		for _, r := range l.rows {
			scaled[i] = append(scaled[i], s.apply(r))
		}
	}
	t := newTrainer(names, hidden, seed)
	rate := rateLin
	if hidden > 0 {
		rate = rateMLP
	}
	order := t.random.Perm(len(lists))
	steps, total := 0, epochs*len(lists)/batch+1
	for range epochs {
		t.random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for n, i := range order {
			t.list(scaled[i], lists[i])
			if n%batch == batch-1 {
				t.step(rate * (1 - float64(steps)/float64(total)))
				steps++
			}
		}
	}
	t.rescale()
	s.fold(&t.net)
	return t.net
}

// rescale makes up for the units that were dropped while learning.
func (t *trainer) rescale() {
	for h := range t.net.Out {
		t.net.Out[h] *= 1 - dropout
	}
}

// list adds the gradient of one list.
func (t *trainer) list(rows [][]float64, l list) {
	scores, acts := make([]float64, len(rows)), make([][]float64, len(rows))
	for i, x := range rows {
		acts[i] = make([]float64, t.hidden)
		scores[i] = t.forward(x, acts[i])
	}
	p := softmax(scores)
	right := 1e-9
	for i := range p {
		if l.right[i] {
			right += p[i]
		}
	}
	for i, x := range rows {
		g := p[i]
		if l.right[i] {
			g -= p[i] / right
		}
		t.backward(x, acts[i], g*l.weight/batch)
	}
}

func softmax(x []float64) []float64 {
	most := slices.Max(x)
	out := make([]float64, len(x))
	sum := 0.0
	for i, v := range x {
		out[i] = math.Exp(v - most)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// hitRate is the share of lists whose best candidate is right.
func hitRate(n *weights.Network, lists []list) float64 {
	hits := 0
	for _, l := range lists {
		best, at := math.Inf(-1), 0
		for i, r := range l.rows {
			if s := n.Score(r); s > best {
				best, at = s, i
			}
		}
		if l.right[at] {
			hits++
		}
	}
	return float64(hits) / float64(len(lists))
}

// averaged returns the network whose score is the mean of the scores of some:
// their hidden units side by side.
func averaged(nets ...weights.Network) weights.Network {
	share := 1 / float64(len(nets))
	out := linear(nets[0].Names)
	for _, n := range nets {
		for i, w := range n.Skip {
			out.Skip[i] += share * w
		}
		out.Bias += share * n.Bias
		out.Hidden, out.Base = append(out.Hidden, n.Hidden...), append(out.Base, n.Base...)
		for _, w := range n.Out {
			out.Out = append(out.Out, share*w)
		}
	}
	return out
}

// signOf is the sign that the weight of an input may have in the model that
// decides whether to answer: what a passage lacks must not speak for it, nor
// what it holds against it, whatever a sample says.
func signOf(name string) int {
	feature := name
	for _, of := range []string{"P.", "W.", "S."} {
		feature = strings.TrimPrefix(feature, of)
	}
	switch feature {
	case "nameM", "numM", "headM", "missmax", "unfound", "unfound.name", "type.miss", "type.far", "bgmiss", "figM", "split", "opposite", "limitM", "missr":
		return -1
	case "covE", "cov", "covc", "bms", "all", "char4", "order", "prox", "context", "heading", "bigram", "win.chance", "par.1", "par.margin", "max.cov", "max.bms", "any.joint", "any.figure", "any.said", "covb", "plain", "joint", "fig", "at.person", "at.place", "said.cov", "negated", "rel", "covr", "covbr", "defines":
		return 1
	}
	return 0
}

// trainLogistic learns the chance that a point is yes: logistic regression
// with both outcomes weighing alike and the signs of its weights held.
func trainLogistic(names []string, points []point, hidden int, seed int64) weights.Network {
	s := scaleOf(func(visit func([]float64)) {
		for _, p := range points {
			visit(p.row)
		}
	}, len(names))
	var weight [2]float64
	for _, p := range points {
		weight[side(p)] += p.weight
	}
	t := newTrainer(names, hidden, seed)
	acts := make([]float64, hidden)
	bias := []float64{0}
	biasGrad := []float64{0}
	biasAdam := newAdam(bias)
	const epochs = 20
	order := t.random.Perm(len(points))
	steps, total := 0, epochs*len(points)/batch+1
	for range epochs {
		t.random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for n, i := range order {
			p := points[i]
			x := s.apply(p.row)
			chance := 1 / (1 + math.Exp(-t.forward(x, acts)-bias[0]))
			g := (chance - float64(side(p))) * p.weight / weight[side(p)] * (weight[0] + weight[1]) / 2 / batch
			t.backward(x, acts, g)
			biasGrad[0] += g
			if n%batch == batch-1 {
				rate := rateMLP * (1 - float64(steps)/float64(total))
				t.step(rate)
				biasAdam.step(biasGrad, rate, 0)
				for i, name := range names {
					if w := t.net.Skip[i]; w*float64(signOf(name)) < 0 {
						t.net.Skip[i] = 0
					}
				}
				steps++
			}
		}
	}
	t.net.Bias = bias[0]
	t.rescale()
	s.fold(&t.net)
	return t.net
}

func side(p point) int {
	if p.yes {
		return 1
	}
	return 0
}

// answeredShare is the share of answerable questions that are to be answered.
const answeredShare = .75

// thresholdFor returns the confidence that keeps answeredShare of the
// answerable points, those of the news sets counting by their weight.
func thresholdFor(n *weights.Network, points []point) float64 {
	type scored struct{ chance, weight float64 }
	var yes []scored
	total := 0.0
	for _, p := range points {
		if p.yes && p.news || p.yes && !anyHeavy(points) {
			yes = append(yes, scored{1 / (1 + math.Exp(-n.Score(p.row))), p.weight})
			total += p.weight
		}
	}
	slices.SortFunc(yes, func(a, b scored) int {
		switch {
		case a.chance < b.chance:
			return -1
		case a.chance > b.chance:
			return 1
		}
		return 0
	})
	sum := 0.0
	for _, y := range yes {
		if sum += y.weight; sum > (1-answeredShare)*total {
			return round(y.chance)
		}
	}
	return .5
}

func anyHeavy(points []point) bool {
	return slices.ContainsFunc(points, func(p point) bool { return p.news })
}

func auroc(n *weights.Network, points []point) float64 {
	type scored struct {
		s   float64
		yes bool
	}
	all := make([]scored, len(points))
	for i, p := range points {
		all[i] = scored{n.Score(p.row), p.yes}
	}
	slices.SortFunc(all, func(a, b scored) int {
		switch {
		case a.s < b.s:
			return -1
		case a.s > b.s:
			return 1
		}
		return 0
	})
	no, yes, wins := 0.0, 0.0, 0.0
	for _, a := range all {
		if a.yes {
			yes++
			wins += no
		} else {
			no++
		}
	}
	return wins / math.Max(1, yes*no)
}
