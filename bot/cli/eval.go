package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"onrecord/index"
	"onrecord/index/measure"
)

// runEval measures the answers against a questions file.
func runEval(ctx context.Context, j *job) (int, error) {
	if len(j.args) != 1 {
		return Failed, errors.New("name one questions file, as in: onrecord eval questions.jsonl")
	}
	questions, err := measure.Read(j.args[0])
	if err != nil {
		return Failed, err
	}
	if beside := filepath.Join(filepath.Dir(j.args[0]), "articles"); j.corpus == "" && isFolder(beside) {
		j.of(beside)
	}
	x, err := j.openIndex(ctx)
	if err != nil {
		return Failed, err
	}
	defer closeIndex(j, x)
	miss := func(q measure.Question, a index.Answer) {}
	if j.verbose {
		miss = j.showMiss
	}
	report, err := measure.Run(ctx, x, questions, miss)
	if err != nil {
		return Failed, err
	}
	if j.json {
		b, err := encode(report)
		if err != nil {
			return Failed, err
		}
		_, err = j.Out.Write(b)
		return Done, err
	}
	printReport(j, report)
	return Done, nil
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// showMiss prints a question whose first quote is not right.
func (j *job) showMiss(q measure.Question, a index.Answer) {
	fmt.Fprintf(j.Err, "%s [%s] %s (confidence %.2f)\n", q.ID, q.Kind, q.Text, a.Confidence)
	for _, g := range q.Gold {
		fmt.Fprintf(j.Err, "    gold: %s\n", g)
	}
	for _, quote := range a.Quotes[:min(3, len(a.Quotes))] {
		fmt.Fprintf(j.Err, "    got (%.2f): %s\n", quote.Score, quote.Text)
	}
}

func printReport(j *job, r measure.Report) {
	fmt.Fprintf(j.Out, "%-16s %d\n", "questions", r.Questions)
	for _, row := range []struct {
		name  string
		value *float64
	}{
		{"answered", r.Answered}, {"refused", r.Refused}, {"refused_at_90", r.RefusedAt90}, {"auroc", r.AUROC},
		{"paragraph_hit_1", r.ParagraphHit1}, {"paragraph_hit_3", r.ParagraphHit3}, {"mrr_10", r.MRR10},
		{"sentence_hit_1", r.SentenceHit1}, {"sentence_hit_3", r.SentenceHit3},
		{"answer_hit_1", r.AnswerHit1}, {"answer_hit_2", r.AnswerHit2}, {"both_sides", r.BothSides},
	} {
		if row.value != nil {
			fmt.Fprintf(j.Out, "%-16s %.3f\n", row.name, *row.value)
		}
	}
	fmt.Fprintf(j.Out, "%-16s %.2f\n%-16s %.2f\n", "p50_ms", r.P50, "p99_ms", r.P99)
}
