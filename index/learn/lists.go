package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onrecord/index/measure"
)

// list is one question for a listwise model: the inputs of every candidate and
// which of them are right.
type list struct {
	rows   [][]float64
	right  []bool
	weight float64
}

// point is one question for the model that decides whether to answer.
type point struct {
	row    []float64
	yes    bool
	weight float64
	news   bool // of a news set
}

// rightPassages marks the candidates that hold an answer.
func rightPassages(g gathered) []bool {
	q := g.question
	places := slices.Concat(q.GoldAt, q.AlsoOKAt)
	if q.Paragraph != nil {
		places = append(places, measure.Place{Article: q.Article, Paragraph: *q.Paragraph})
	}
	out := make([]bool, len(g.example.Passages))
	for i, p := range g.example.Passages {
		out[i] = slices.ContainsFunc(places, func(pl measure.Place) bool { return pl.Article == p.Article && pl.Paragraph == p.Paragraph })
	}
	return out
}

// rightSentences marks the sentences of passage i that answer: those that are
// gold, or else those of a gold passage in which an answer stands.
func rightSentences(g gathered, i int, passage bool) []bool {
	q := g.question
	sentences := g.example.Passages[i].Sentences
	out := make([]bool, len(sentences))
	if !passage {
		return out
	}
	wanted := slices.Concat(q.Gold, q.AlsoOK)
	for j, s := range sentences {
		text := measure.Fold(s.Text)
		for _, w := range wanted {
			f := measure.Fold(w)
			out[j] = out[j] || f != "" && (strings.Contains(text, f) || strings.Contains(f, text) && len(text) > 20)
		}
		if len(wanted) == 0 {
			for _, a := range q.Answers {
				f := measure.Fold(a)
				out[j] = out[j] || f != "" && strings.Contains(text, f)
			}
		}
	}
	return out
}

// ownLists has all sentences of all candidates of a question in one list.
func ownLists(found []gathered) []list { return sentencesBy(found, true) }

// sentenceLists has the sentences that compete.
func sentenceLists(found []gathered) []list { return sentencesBy(found, false) }

func sentencesBy(found []gathered, own bool) []list {
	var out []list
	for _, g := range found {
		l := list{weight: g.weight}
		right := rightPassages(g)
		for i, p := range g.example.Passages {
			marks := rightSentences(g, i, right[i])
			for j, s := range p.Sentences {
				row := s.Inputs
				if own {
					row = s.Own
				}
				if row != nil {
					l.rows, l.right = append(l.rows, row), append(l.right, marks[j])
				}
			}
		}
		if l.learnable() {
			out = append(out, l)
		}
	}
	return out
}

func passageLists(found []gathered) []list {
	var out []list
	for _, g := range found {
		l := list{weight: g.weight, right: rightPassages(g)}
		for _, p := range g.example.Passages {
			l.rows = append(l.rows, p.Inputs)
		}
		if l.learnable() {
			out = append(out, l)
		}
	}
	return out
}

// Weights of a question for what stands behind the best quote: contested ones
// are about it, and where the best quote is right others matter little.
const (
	contestedWeight = 4
	alsoWeight      = .3
)

// sidesLists has the quotes that may stand behind the best one. Right are those
// with gold that the best one lacks; of contested questions a side's other words
// are neither right nor wrong.
func sidesLists(found []gathered) []list {
	var out []list
	for _, g := range found {
		contested := g.question.Kind == "contested"
		best := measure.Fold(g.example.Best)
		has := func(text string, sentences []string) bool {
			return slices.ContainsFunc(sentences, func(s string) bool { return strings.Contains(text, measure.Fold(s)) })
		}
		gold := g.question.Gold
		if len(gold) == 0 {
			gold = g.question.Answers
		}
		also := g.question.AlsoOK
		l := list{weight: g.weight}
		switch {
		case contested:
			l.weight *= contestedWeight
			gold = slices.DeleteFunc(slices.Clone(gold), func(s string) bool { return has(best, []string{s}) })
		case has(best, slices.Concat(gold, also)):
			l.weight *= alsoWeight
		}
		for _, w := range g.example.Others {
			text := measure.Fold(w.Text)
			right := has(text, gold)
			if !right && has(text, also) {
				if contested {
					continue
				}
				right = true
			}
			l.rows, l.right = append(l.rows, w.Inputs), append(l.right, right)
		}
		if l.learnable() {
			out = append(out, l)
		}
	}
	return out
}

// learnable reports whether a list has both right and wrong candidates.
func (l list) learnable() bool {
	return slices.Contains(l.right, true) && slices.Contains(l.right, false)
}

func recordPoints(found []gathered) []point {
	var out []point
	for _, g := range found {
		if g.example.OnRecord != nil {
			out = append(out, point{row: g.example.OnRecord, yes: g.question.Answerable, weight: g.weight, news: g.weight > 1})
		}
	}
	return balanced(out)
}

// balanced weighs the points of the large sets together as much as those of
// the news sets, however many questions of the large ones were used.
func balanced(points []point) []point {
	heavy, light := 0.0, 0.0
	for _, p := range points {
		if p.news {
			heavy += p.weight
		} else {
			light += p.weight
		}
	}
	if heavy == 0 || light == 0 {
		return points
	}
	for i := range points {
		if !points[i].news {
			points[i].weight *= heavy / light
		}
	}
	return points
}

// measured is what the answers to one event gave.
type measured struct {
	n                                  int
	first, three, answered, refused, r float64
}

func (m measured) String() string {
	return fmt.Sprintf("questions %d first %.3f three %.3f answered %.3f refused %.3f refused_at_90 %.3f", m.n, m.first, m.three, m.answered, m.refused, m.r)
}

func value(p *float64) float64 {
	if p == nil {
		return 0
	}
	return *p
}

// measure answers the questions of c with weights w.
func (c *collection) measure(ctx context.Context, w []byte) (measured, error) {
	if err := c.x.SetRanker(w); err != nil {
		return measured{}, err
	}
	r, err := measure.Run(ctx, c.x, c.questions, nil)
	return measured{r.Questions, value(r.SentenceHit1), value(r.SentenceHit3), value(r.Answered), value(r.Refused), value(r.RefusedAt90)}, err
}

func mean(all []measured) measured {
	var m measured
	for _, a := range all {
		m.n += a.n
		m.first += a.first / float64(len(all))
		m.three += a.three / float64(len(all))
		m.answered += a.answered / float64(len(all))
		m.refused += a.refused / float64(len(all))
		m.r += a.r / float64(len(all))
	}
	return m
}
