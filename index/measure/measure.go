// Package measure holds answers against gold: questions whose right quotes are
// known. It serves the command eval and the tests of ranking.
package measure

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"onrecord/index"
)

// Question is one line of a questions file. Fields that a file has no gold for
// are empty.
type Question struct {
	ID         string   `json:"id"`
	Text       string   `json:"question"`
	After      string   `json:"after"` // id of the question before it
	Kind       string   `json:"kind"`
	Event      string   `json:"event"`
	Article    string   `json:"article"`
	File       string   `json:"file"`
	Paragraph  *int     `json:"paragraph"`
	Sentence   *int     `json:"sentence"`
	Gold       []string `json:"gold"`
	AlsoOK     []string `json:"also_ok"`
	Need       string   `json:"need"`
	Answers    []string `json:"answers"`
	Answerable bool     `json:"answerable"`
	Language   string   `json:"lang"`
	GoldAt     []Place  `json:"gold_at"`
	AlsoOKAt   []Place  `json:"also_ok_at"`
	Before     string   `json:"-"` // text of the question before it
}

// Place is where a sentence stands, written as [article, paragraph].
type Place struct {
	Article   string
	Paragraph int
}

// UnmarshalJSON reads the two values of a place.
func (p *Place) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&p.Article, &p.Paragraph})
}

// Read reads a questions file, and sentences.jsonl beside it where a question
// names its sentence by number.
func Read(name string) ([]Question, error) {
	var questions []Question
	byID := make(map[string]string)
	err := eachLine(name, func(line []byte) error {
		var q Question
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		if q.Text == "" && q.ID == "" {
			return errors.New(`no "question"`)
		}
		byID[q.ID] = q.Text
		questions = append(questions, q)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(questions) == 0 {
		return nil, fmt.Errorf("%s: no questions in it", name)
	}
	for i := range questions { // a follow-up may stand before its question
		if questions[i].After != "" {
			questions[i].Before = byID[questions[i].After]
		}
	}
	return questions, addSentences(filepath.Join(filepath.Dir(name), "sentences.jsonl"), questions)
}

// addSentences turns sentence numbers into gold sentences.
func addSentences(name string, questions []Question) error {
	type key struct {
		article             string
		paragraph, sentence int
	}
	texts := make(map[key]string)
	err := eachLine(name, func(line []byte) error {
		var s struct {
			Article             string
			Paragraph, Sentence int
			Text                string
		}
		if err := json.Unmarshal(line, &s); err != nil {
			return err
		}
		texts[key{s.Article, s.Paragraph, s.Sentence}] = s.Text
		return nil
	})
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for i := range questions {
		q := &questions[i]
		if q.Sentence == nil || q.Paragraph == nil || len(q.Gold) > 0 {
			continue
		}
		if text := texts[key{q.Article, *q.Paragraph, *q.Sentence}]; text != "" {
			q.Gold = []string{text}
		}
	}
	return nil
}

func eachLine(name string, visit func([]byte) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if len(strings.TrimSpace(string(line))) > 0 {
			if err := visit(line); err != nil {
				return fmt.Errorf("%s line %d: %w", name, n, err)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Asker answers questions.
type Asker interface {
	Ask(context.Context, index.Question) (index.Answer, error)
}

// Report is what was measured. What a file has no gold for is nil.
type Report struct {
	Questions     int      `json:"questions"`
	Answered      *float64 `json:"answered,omitempty"`      // share of the answerable that were answered
	Refused       *float64 `json:"refused,omitempty"`       // share of the unanswerable that were refused
	RefusedAt90   *float64 `json:"refused_at_90,omitempty"` // where 90 % of the answerable are answered
	AUROC         *float64 `json:"auroc,omitempty"`         // of the confidence
	ParagraphHit1 *float64 `json:"paragraph_hit_1,omitempty"`
	ParagraphHit3 *float64 `json:"paragraph_hit_3,omitempty"`
	MRR10         *float64 `json:"mrr_10,omitempty"`
	SentenceHit1  *float64 `json:"sentence_hit_1,omitempty"`
	SentenceHit3  *float64 `json:"sentence_hit_3,omitempty"`
	AnswerHit1    *float64 `json:"answer_hit_1,omitempty"`
	AnswerHit2    *float64 `json:"answer_hit_2,omitempty"`
	BothSides     *float64 `json:"both_sides,omitempty"`
	P50           float64  `json:"p50_ms"`
	P99           float64  `json:"p99_ms"`
}

// asked is how many quotes are asked for: what mrr_10 needs.
const asked = 10

// Run asks every question and measures the answers. miss, which may be nil, is
// told of each question whose first quote is not right.
func Run(ctx context.Context, x Asker, questions []Question, miss func(Question, index.Answer)) (Report, error) {
	t := tally{Report: Report{Questions: len(questions)}}
	for _, q := range questions {
		start := time.Now()
		a, err := x.Ask(ctx, index.Question{Text: q.Text, After: q.Before, Limit: asked})
		if err != nil {
			return Report{}, fmt.Errorf("question %s: %w", q.ID, err)
		}
		t.times = append(t.times, float64(time.Since(start).Microseconds())/1000)
		if !t.add(q, a) && miss != nil {
			miss(q, a)
		}
	}
	return t.report(), nil
}

// mean is a mean under way.
type mean struct{ sum, n float64 }

func (m *mean) add(ok bool) {
	m.n++
	if ok {
		m.sum++
	}
}

func (m *mean) value() *float64 {
	if m.n == 0 {
		return nil
	}
	v := m.sum / m.n
	return &v
}

type tally struct {
	Report
	answered, refused, par1, par3, mrr, sen1, sen3, ans1, ans2, sides mean
	yes, no                                                           []float64 // confidences of the answerable and others
	times                                                             []float64
}

// add counts one answer and reports whether its first quote is right.
func (t *tally) add(q Question, a index.Answer) bool {
	if !q.Answerable {
		t.refused.add(!a.Answered)
		t.no = append(t.no, a.Confidence)
		return !a.Answered
	}
	t.answered.add(a.Answered)
	t.yes = append(t.yes, a.Confidence)
	right := true
	if q.Paragraph != nil {
		at := slices.IndexFunc(a.Quotes, q.inParagraph)
		t.par1.add(at == 0)
		t.par3.add(at >= 0 && at < 3)
		t.mrr.n++
		if at >= 0 {
			t.mrr.sum += 1 / float64(at+1)
		}
		right = at == 0
	}
	if len(q.Gold) > 0 {
		ok := slices.Concat(q.Gold, q.AlsoOK)
		first := len(a.Quotes) > 0 && holdsAny(a.Quotes[0], ok)
		t.sen1.add(first)
		three := a.Quotes[:min(3, len(a.Quotes))]
		t.sen3.add(q.inThree(three, ok))
		if q.Kind == "contested" && len(q.Gold) > 1 {
			t.sides.add(holdAll(three, q.Gold))
		}
		right = first
	}
	if len(q.Answers) > 0 && q.Paragraph != nil {
		t.ans1.add(q.answerIn(a.Quotes, 1))
		t.ans2.add(q.answerIn(a.Quotes, 2))
	}
	return right
}

// inParagraph reports whether a quote is of the gold paragraph.
func (q Question) inParagraph(quote index.Quote) bool {
	name := q.Article
	if name == "" {
		name = strings.TrimSuffix(q.File, path.Ext(q.File))
	}
	return quote.Paragraph == *q.Paragraph && (quote.Article == name || path.Base(quote.Article) == path.Base(name))
}

// inThree reports whether the first three quotes hold what is needed: any
// right sentence, or all gold ones.
func (q Question) inThree(three []index.Quote, ok []string) bool {
	if q.Need == "all" {
		return holdAll(three, q.Gold)
	}
	return slices.ContainsFunc(three, func(quote index.Quote) bool { return holdsAny(quote, ok) })
}

// answerIn reports whether an answer string stands in the first n quotes that
// are of the gold paragraph, where those are among the first n.
func (q Question) answerIn(quotes []index.Quote, n int) bool {
	for _, quote := range quotes[:min(n, len(quotes))] {
		if !q.inParagraph(quote) {
			continue
		}
		for _, a := range q.Answers {
			if holdsWords(quote.Text, a) {
				return true
			}
		}
	}
	return false
}

func holdsAny(quote index.Quote, sentences []string) bool {
	return slices.ContainsFunc(sentences, func(s string) bool { return holdsWords(quote.Text, s) })
}

func holdAll(quotes []index.Quote, sentences []string) bool {
	for _, s := range sentences {
		if !slices.ContainsFunc(quotes, func(q index.Quote) bool { return holdsWords(q.Text, s) }) {
			return false
		}
	}
	return true
}

// holdsWords reports whether the words of part stand in text as whole words, in
// its order, marks aside.
func holdsWords(text, part string) bool {
	words := func(s string) string {
		return " " + strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ") + " "
	}
	w := words(part)
	return strings.TrimSpace(w) != "" && strings.Contains(words(text), w)
}

// Fold leaves letters and digits in lower case, so that marks and spaces do
// not count.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func (t *tally) report() Report {
	r := t.Report
	r.Answered, r.Refused = t.answered.value(), t.refused.value()
	r.ParagraphHit1, r.ParagraphHit3, r.MRR10 = t.par1.value(), t.par3.value(), t.mrr.value()
	r.SentenceHit1, r.SentenceHit3 = t.sen1.value(), t.sen3.value()
	r.AnswerHit1, r.AnswerHit2, r.BothSides = t.ans1.value(), t.ans2.value(), t.sides.value()
	if len(t.yes) > 0 && len(t.no) > 0 {
		auroc, at90 := AUROC(t.yes, t.no), RefusedAt(t.yes, t.no, .9)
		r.AUROC, r.RefusedAt90 = &auroc, &at90
	}
	slices.Sort(t.times)
	r.P50, r.P99 = quantile(t.times, .5), quantile(t.times, .99)
	return r
}

func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// AUROC is the chance that a random one of yes is larger than a random one of
// no, ties counting half.
func AUROC(yes, no []float64) float64 {
	wins := 0.0
	for _, y := range yes {
		for _, n := range no {
			switch {
			case y > n:
				wins++
			case y == n:
				wins += .5
			}
		}
	}
	return wins / float64(len(yes)*len(no))
}

// RefusedAt is the share of no below the threshold that keeps a share of yes.
func RefusedAt(yes, no []float64, keep float64) float64 {
	sorted := slices.Sorted(slices.Values(yes))
	kept := int(math.Ceil(keep*float64(len(sorted)) - 1e-9))
	threshold := sorted[len(sorted)-kept]
	refused := 0
	for _, n := range no {
		if n < threshold {
			refused++
		}
	}
	return float64(refused) / float64(len(no))
}
