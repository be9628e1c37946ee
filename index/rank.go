package index

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// The ranking of a question's candidates: features of every passage and of
// every sentence, a score for each passage from its own features, its best
// sentence's and how it stands to the other candidates, then a probability for
// each sentence of the best passages that it is the one that answers.

const (
	candidateCount = 32 // passages that are looked at closely
	sentencesOf    = 24 // passages whose sentences compete
)

// ranking is what ranking the candidates of one question gave.
type ranking struct {
	model    *ranker
	q        *query
	passages []*scored // best first
	inputs   []rankInputs
	chances  []float64 // of the passages
}

// rankInputs are the vectors that the models saw, kept for explaining and for
// learning.
type rankInputs struct {
	own      [][]float64 // of each sentence
	whole    []float64
	passage  []float64
	sentence [][]float64
	chance   []float64 // of each sentence, that it answers
}

var relative = []string{"cov", "cov2", "covc", "bm", "bms", "prox", "order", "bigram", "char4", "dens"}
var sentenceRelative = []string{"cov", "cov2", "bms", "prox", "order", "char4"}

// featureAt maps the name of a unit feature to its place.
var featureAt = func() map[string]int {
	m := make(map[string]int)
	for i, f := range unitFeatures {
		m[f.name] = i
	}
	return m
}()

func unitNames() []string {
	out := make([]string, len(unitFeatures))
	for i, f := range unitFeatures {
		out[i] = f.name
	}
	return out
}

func prefixed(prefix string, names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = prefix + n
	}
	return out
}

// passageInputs names the inputs of the passage model: the passage's features,
// its best sentence's, how good its sentences are, and what it lacks to the
// best candidate.
func passageInputs() []string {
	return slices.Concat(prefixed("P.", unitNames()), prefixed("S.", unitNames()),
		[]string{"S.max", "S.2nd", "S.lse", "R.max"}, prefixed("R.", relative))
}

// sentenceInputs names the inputs of the sentence model: the sentence's
// features, its passage's, how its passage fares, what it lacks to the best
// sentence of all and of its passage, and its neighbours.
var sentenceInputs = sync.OnceValue(func() []string {
	return slices.Concat(prefixed("S.", unitNames()), prefixed("P.", unitNames()),
		[]string{"par.gap", "par.log"}, prefixed("Q.", sentenceRelative), prefixed("I.", sentenceRelative),
		[]string{"prev.cov", "next.cov", "prev.bms", "next.bms", "prev.adds", "next.adds", "pron.prev", "opens", "own"})
})

// rank scores the candidates of a question.
func (r *record) rank(ctx context.Context, q *query) (*ranking, error) {
	model, err := r.model()
	if err != nil {
		return nil, err
	}
	found, err := r.gather(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &ranking{model: model, q: q, passages: found, inputs: make([]rankInputs, len(found))}
	if len(found) == 0 {
		return out, nil
	}
	out.findNames()
	out.measure()
	out.scorePassages()
	out.sortPassages()
	out.scoreSentences()
	return out, nil
}

// gather reads the candidates and splits them into units.
func (r *record) gather(ctx context.Context, q *query) ([]*scored, error) {
	candidates, err := r.candidates(ctx, q, candidateCount)
	if err != nil {
		return nil, err
	}
	if q.thread != nil && q.thread.passage >= 0 {
		candidates = q.thread.neighbours(candidates, r.store.passages())
	}
	out := make([]*scored, len(candidates))
	m := newMatcher(q)
	workers := min(rankWorkers, runtime.GOMAXPROCS(0), len(candidates))
	group, ctx := errgroup.WithContext(ctx)
	for w := range workers {
		group.Go(func() error {
			own := m
			if w > 0 {
				own = m.matcher()
			}
			defer own.release()
			return r.prepareEach(ctx, own, candidates, out, w, workers)
		})
	}
	err = group.Wait()
	return slices.DeleteFunc(out, func(s *scored) bool { return s == nil }), err
}

// rankWorkers is how many goroutines prepare the candidates of one question.
const rankWorkers = 2

// prepareEach prepares every step-th candidate from one on.
func (r *record) prepareEach(ctx context.Context, m *matcher, candidates []candidate, out []*scored, from, step int) error {
	metas := make(map[int]*articleMeta)
	for i := from; i < len(candidates); i += step {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := candidates[i].number
		p, before, err := r.store.withBefore(n)
		if err != nil {
			return err
		}
		if !r.holds(p.article) {
			continue // beside the answer before, and taken out since
		}
		meta := metas[p.article]
		if meta == nil {
			a, err := r.store.article(p.article)
			if err != nil {
				return err
			}
			meta = &a
			metas[p.article] = meta
		}
		s := r.prepare(m.q, m, n, p, meta)
		if before != nil && before.article == p.article {
			s.before = m.text(before.text, meta.Language)
		} else {
			s.before = make([]float64, len(m.q.concepts))
		}
		out[i] = s
	}
	return nil
}

// measure works out the features of all units.
func (k *ranking) measure() {
	total := 0.0
	for _, c := range k.q.concepts {
		total += c.weight * c.idf
	}
	terms, units := 0.0, 0.0
	for _, s := range k.passages {
		terms += float64(len(s.tokens))
		units += float64(len(s.sentences))
	}
	perPassage, perSentence := math.Max(1, terms/float64(len(k.passages))), math.Max(1, terms/math.Max(1, units))
	k.date()
	for i, s := range k.passages {
		in := &k.inputs[i]
		in.whole = featuresOf(&view{k.q, s, &s.whole, total, perPassage})
		best := math.Inf(-1)
		for j := range s.sentences {
			f := featuresOf(&view{k.q, s, &s.sentences[j], total, perSentence})
			in.own = append(in.own, f)
			if own := k.model.Own.Score(f); own > best {
				best, s.best = own, j
			}
		}
	}
}

// What is written with a capital at so many places inside sentences, nearly
// always, is a name, however the question writes it. Of common words only those
// places count where no other capital stands beside: Foreign Minister Lavrov.
const (
	leastCapitals = 2
	nameShare     = .8
)

// findNames marks the concepts that the candidates write as names.
func (k *ranking) findNames() {
	for i := range k.q.concepts {
		c := &k.q.concepts[i]
		if c.name || c.number {
			continue
		}
		common := rarityOf(c.term, k.q.lang) < 1
		capitals, all := 0, 0
		for _, s := range k.passages {
			if s.meta.Language == "de" {
				continue // nouns have capitals
			}
			for j := range s.sentences {
				u := &s.sentences[j]
				for n := 1; n < len(u.tokens); n++ {
					if u.words[n].sims[i] < sameName {
						continue
					}
					upper := u.tokens[n].upper
					if upper && common && (u.tokens[n-1].upper || n+1 < len(u.tokens) && u.tokens[n+1].upper) {
						continue
					}
					all++
					if upper {
						capitals++
					}
				}
			}
		}
		if capitals >= leastCapitals && float64(capitals) >= nameShare*float64(all) {
			c.name, c.rarity = true, 1
		}
	}
}

// date sets how fresh the candidates are, by the dates of their articles; those
// without a date count as the middle.
func (k *ranking) date() {
	days := make([]float64, len(k.passages))
	oldest, newest := math.Inf(1), math.Inf(-1)
	for i, s := range k.passages {
		days[i] = math.NaN()
		if len(s.meta.Published) >= len(time.DateOnly) {
			if t, err := time.Parse(time.DateOnly, s.meta.Published[:len(time.DateOnly)]); err == nil {
				days[i] = float64(t.Unix()) / (24 * 60 * 60)
				oldest, newest = math.Min(oldest, days[i]), math.Max(newest, days[i])
			}
		}
	}
	for i, s := range k.passages {
		s.fresh = .5
		if newest > oldest && !math.IsNaN(days[i]) {
			s.fresh = (days[i] - oldest) / (newest - oldest)
		}
	}
}

// scorePassages fills the inputs of the passage model and its logits.
func (k *ranking) scorePassages() {
	n := len(unitFeatures)
	owns := make([][]float64, len(k.passages))
	bestOwn := math.Inf(-1)
	top := make([]float64, len(relative))
	for i := range k.passages {
		in := &k.inputs[i]
		for _, f := range in.own {
			owns[i] = append(owns[i], k.model.Own.Score(f))
		}
		for _, o := range owns[i] {
			bestOwn = math.Max(bestOwn, o)
		}
		for j, name := range relative {
			top[j] = math.Max(top[j], in.whole[featureAt[name]])
		}
	}
	for i, s := range k.passages {
		in := &k.inputs[i]
		x := make([]float64, 0, 2*n+4+len(relative))
		x = append(x, in.whole...)
		if len(in.own) > 0 {
			x = append(x, in.own[s.best]...)
		} else {
			x = append(x, make([]float64, n)...)
		}
		first, second, lse := topTwo(owns[i])
		x = append(x, first, second, lse, first-bestOwn)
		for j, name := range relative {
			x = append(x, in.whole[featureAt[name]]-top[j])
		}
		in.passage = x
		s.logit = k.model.Passage.Score(x)
	}
}

// topTwo returns the largest value, the second largest (or three less where
// there is one), and the log of the sum of exponentials over the largest.
func topTwo(values []float64) (first, second, lse float64) {
	if len(values) == 0 {
		return -10, -13, 0
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	first = sorted[len(sorted)-1]
	second = first - 3
	if len(sorted) > 1 {
		second = sorted[len(sorted)-2]
	}
	for _, v := range values {
		lse += math.Exp(v - first)
	}
	return first, second, math.Log(lse)
}

// sortPassages puts the best passage first.
func (k *ranking) sortPassages() {
	order := make([]int, len(k.passages))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch la, lb := k.passages[a].logit, k.passages[b].logit; {
		case la > lb:
			return -1
		case la < lb:
			return 1
		}
		return k.passages[a].number - k.passages[b].number
	})
	passages, inputs := make([]*scored, len(order)), make([]rankInputs, len(order))
	logits := make([]float64, len(order))
	for i, o := range order {
		passages[i], inputs[i] = k.passages[o], k.inputs[o]
		logits[i] = passages[i].logit
	}
	k.passages, k.inputs, k.chances = passages, inputs, softmax(logits)
}

// scoreSentences gives each sentence of the best passages its chance.
func (k *ranking) scoreSentences() {
	k.sentenceVectors()
	var logits []float64
	for i := range k.competing() {
		for _, x := range k.inputs[i].sentence {
			logits = append(logits, k.model.Sentence.Score(x))
		}
	}
	chances := softmax(logits)
	for i := range k.competing() {
		n := len(k.inputs[i].sentence)
		k.inputs[i].chance, chances = chances[:n], chances[n:]
	}
}

func (k *ranking) competing() int { return min(sentencesOf, len(k.passages)) }

// sentenceVectors fills the inputs of the sentence model.
func (k *ranking) sentenceVectors() {
	topAll := make([]float64, len(sentenceRelative))
	tops := make([][]float64, k.competing())
	for i := range k.competing() {
		tops[i] = make([]float64, len(sentenceRelative))
		for _, f := range k.inputs[i].own {
			for j, name := range sentenceRelative {
				tops[i][j] = math.Max(tops[i][j], f[featureAt[name]])
			}
		}
		for j := range topAll {
			topAll[j] = math.Max(topAll[j], tops[i][j])
		}
	}
	size := len(sentenceInputs())
	cov, bms, pron := featureAt["cov"], featureAt["bms"], featureAt["pron"]
	for i := range k.competing() {
		in, s := &k.inputs[i], k.passages[i]
		for j, f := range in.own {
			x := make([]float64, 0, size)
			x = append(append(x, f...), in.whole...)
			x = append(x, s.logit-k.passages[0].logit, math.Log(math.Max(1e-6, k.chances[i])))
			for n, name := range sentenceRelative {
				x = append(x, f[featureAt[name]]-topAll[n])
			}
			for n, name := range sentenceRelative {
				x = append(x, f[featureAt[name]]-tops[i][n])
			}
			var prev, next [3]float64
			if j > 0 {
				prev = [3]float64{in.own[j-1][cov], in.own[j-1][bms], k.adds(&s.sentences[j-1], &s.sentences[j])}
			}
			if j+1 < len(in.own) {
				next = [3]float64{in.own[j+1][cov], in.own[j+1][bms], k.adds(&s.sentences[j+1], &s.sentences[j])}
			}
			x = append(x, prev[0], next[0], prev[1], next[1], prev[2], next[2], f[pron]*prev[0], indicator(j == 0), k.model.Own.Score(f))
			in.sentence = append(in.sentence, x)
		}
	}
}

// adds is the share of the question that a neighbour of a unit has and the unit
// lacks.
func (k *ranking) adds(neighbour, u *unit) float64 {
	sum, total := 0.0, 1e-9
	for i, c := range k.q.concepts {
		sum += c.weight * c.idf * math.Max(0, neighbour.match[i]-u.match[i])
		total += c.weight * c.idf
	}
	return sum / total
}
