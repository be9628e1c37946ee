package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"

	"onrecord/bot/say"
	"onrecord/corpus"
	"onrecord/index"
)

// runIndex builds or refreshes the index in the data folder and prints what
// changed. Without one it reads everything and reports.
func runIndex(ctx context.Context, j *job) (int, error) {
	start := time.Now()
	changes, err := buildOrSurvey(ctx, j)
	if err != nil {
		return Failed, err
	}
	changes.Took = time.Since(start)
	if j.json {
		b, err := encode(changes)
		if err != nil {
			return Failed, err
		}
		_, err = j.Out.Write(b)
		return Done, err
	}
	where := "nothing was written: DATA_DIR is not set"
	if j.data != "" {
		where = "the index is in " + j.data
	}
	fmt.Fprint(j.Out, say.Changes(say.English, changes, len(changes.Skipped)))
	for i, w := range changes.Warnings {
		if j.corpus == "" {
			break // the built-in event is as it is meant to be
		}
		if i == mostWarnings {
			fmt.Fprintf(j.Err, "onrecord: %d more; onrecord read FOLDER shows all\n", len(changes.Warnings)-i)
			break
		}
		fmt.Fprintf(j.Err, "onrecord: %s: %s\n", w.Path, w.Text)
	}
	fmt.Fprintln(j.Out, where)
	return Done, nil
}

// buildOrSurvey builds or refreshes the index, or reads everything where there
// is no data folder.
func buildOrSurvey(ctx context.Context, j *job) (index.Changes, error) {
	if j.data == "" {
		return index.Survey(ctx, j.openCorpus, j.progress())
	}
	before := index.Peek(j.data)
	x, err := index.Open(ctx, index.Options{Corpus: j.openCorpus, Dir: j.data, Log: j.Log, Progress: j.progress(), Hold: true, Strict: true, Full: j.full})
	if err != nil {
		return index.Changes{}, err
	}
	defer closeIndex(j, x)
	return x.ChangesSince(before), nil
}

// mostWarnings is how many warnings about articles are printed.
const mostWarnings = 20

// patience is how long a build may take before a bar is drawn.
const patience = 700 * time.Millisecond

// progress draws a bar on standard error, where that is a terminal and the
// build takes long enough to be waited for.
func (j *job) progress() index.Progress {
	if j.Plain || !isTerminal(j.Err) {
		return nil
	}
	var bar *progressbar.ProgressBar
	start := time.Now()
	return func(done, total int) {
		if bar == nil && time.Since(start) < patience {
			return
		}
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(j.Err), progressbar.OptionSetDescription("reading"),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())
		}
		_ = bar.Set(done) // a bar that cannot be drawn is no reason to stop
		if done >= total {
			_ = bar.Finish()
		}
	}
}

// runCheck looks at settings, token, articles and index.
func runCheck(ctx context.Context, j *job) (int, error) {
	var findings []Finding
	if j.Check != nil {
		findings = j.Check(ctx)
	}
	findings = append(findings, j.checkArticles(ctx)...)
	findings = append(findings, j.checkData())
	code := Done
	for _, f := range findings {
		mark := "ok  "
		if f.Mend != "" {
			mark, code = "mend", Nothing
		}
		if j.json {
			b, err := encode(map[string]any{"what": f.What, "ok": f.Mend == "", "note": f.Note, "mend": f.Mend})
			if err != nil {
				return Failed, err
			}
			if _, err := j.Out.Write(b); err != nil {
				return Failed, err
			}
			continue
		}
		fmt.Fprintf(j.Out, "%s  %-9s %s\n", mark, f.What, printable(f.Note+f.Mend))
	}
	return code, nil
}

// checkArticles reads every article file.
func (j *job) checkArticles(ctx context.Context) []Finding {
	fsys, closer, err := j.openCorpus()
	if err != nil {
		return []Finding{{What: "articles", Mend: err.Error() + "; set CORPUS_DIR to a folder that exists"}}
	}
	if closer != nil {
		defer closer.Close()
	}
	var out []Finding
	articles, passages := 0, 0
	for file := range corpus.Load(ctx, fsys) {
		if file.Article == nil {
			out = append(out, Finding{What: "articles", Mend: fmt.Sprintf("%s is skipped: %s", file.Path, file.Skipped)})
			continue
		}
		articles++
		passages += len(file.Article.Paragraphs)
		if j.corpus == "" {
			continue
		}
		for _, w := range file.Article.Warnings {
			out = append(out, Finding{What: "articles", Note: file.Path + ": " + w})
		}
	}
	from := "the built-in event"
	if j.corpus != "" {
		from = j.corpus
	}
	if articles == 0 {
		return append(out, Finding{What: "articles", Mend: "no article can be read from " + from + "; put .md, .txt or .html files there"})
	}
	return append(out, Finding{What: "articles", Note: fmt.Sprintf("%s, %s from %s", say.Count(say.English, articles, say.Article), say.Count(say.English, passages, say.Passage), from)})
}

// checkData looks at the data folder without touching it.
func (j *job) checkData() Finding {
	if j.data == "" {
		return Finding{What: "index", Note: "in memory: DATA_DIR is not set, nothing is kept"}
	}
	if err := index.Writable(j.data); err != nil {
		return Finding{What: "index", Mend: explain(err)}
	}
	snapshot := index.Peek(j.data)
	switch {
	case snapshot.Problem != nil:
		return Finding{What: "index", Mend: fmt.Sprintf("%v; \"onrecord index\" builds it again", snapshot.Problem)}
	case snapshot.Empty():
		return Finding{What: "index", Note: "not built yet; the first start builds it in " + j.data}
	}
	return Finding{What: "index", Note: fmt.Sprintf("%s, %s in %s, built %s", say.Count(say.English, snapshot.Articles, say.Article), say.Count(say.English, snapshot.Passages, say.Passage), j.data, snapshot.Built.Format(time.RFC3339))}
}
