package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"onrecord/corpus"
	"onrecord/index"
	"onrecord/index/measure"
)

// collection is a record and the questions asked of it.
type collection struct {
	name      string
	event     string // of the news sets
	mixed     bool   // several events together
	mixedOf   string
	events    bool // holds the events of a news set: measured in cross-validation
	weight    float64
	dir       string
	questions []measure.Question
	refusals  bool // made to hold unanswerable questions: only for the last model
	x         *index.Index
}

// load opens all collections. clean closes them.
func load(ctx context.Context, o options) (all []*collection, clean func(), err error) {
	tmp, err := os.MkdirTemp("", "learn")
	if err != nil {
		return nil, nil, err
	}
	clean = func() {
		for _, c := range all {
			if c.x != nil {
				_ = c.x.Close() // it was only read
			}
		}
		_ = os.RemoveAll(tmp)
	}
	l := loader{o: o, tmp: tmp, random: rand.New(rand.NewPCG(uint64(o.seed), 7))}
	l.large("squadshifts-new-wiki", 6)
	l.large("tydi-en", 1)
	l.large("tydi-ru", 1)
	for _, add := range []struct {
		set string
		to  func(set string)
	}{{"squad2-dev16", l.adversarial}, {"news-a", l.news}, {"news-b", l.news}} {
		if add.set != o.without {
			add.to(add.set)
		}
	}
	l.own(o.sets)
	if l.err != nil {
		clean()
		return nil, nil, l.err
	}
	all = l.all
	return all, clean, openAll(ctx, all)
}

func openAll(ctx context.Context, all []*collection) error {
	for _, c := range all {
		x, err := index.Open(ctx, index.Options{Corpus: func() (fs.FS, io.Closer, error) { return corpus.Dir(c.dir) }})
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		c.x = x
	}
	return nil
}

type loader struct {
	o      options
	tmp    string
	random *rand.Rand
	all    []*collection
	err    error
}

func (l *loader) read(set string) []measure.Question {
	q, err := measure.Read(filepath.Join(l.o.bench, set, "questions.jsonl"))
	l.err = errors.Join(l.err, err)
	return q
}

// large adds a set of many articles: whole, in parts, and with articles or
// paragraphs taken out.
func (l *loader) large(set string, parts int) {
	questions := l.read(set)
	if l.o.sample > 0 && len(questions) > l.o.sample {
		l.random.Shuffle(len(questions), func(i, j int) { questions[i], questions[j] = questions[j], questions[i] })
		questions = questions[:l.o.sample]
	}
	dir := folders(filepath.Join(l.o.bench, set))
	articles, err := filepath.Glob(filepath.Join(dir, "*.md"))
	l.err = errors.Join(l.err, err)
	if l.err != nil {
		return
	}
	l.all = append(l.all, &collection{name: set, weight: 1, dir: dir, questions: questions})
	l.random.Shuffle(len(articles), func(i, j int) { articles[i], articles[j] = articles[j], articles[i] })
	for part := range parts {
		var mine []string
		for i := part; i < len(articles); i += parts {
			mine = append(mine, articles[i])
		}
		if parts > 1 {
			l.subset(fmt.Sprintf("%s part %d", set, part), mine, nil, questions, false)
		}
		half := mine[:len(mine)/2]
		l.subset(fmt.Sprintf("%s half %d", set, part), half, nil, inArticles(questions, mine), true)
		l.subset(fmt.Sprintf("%s holes %d", set, part), mine, func() bool { return l.random.Float64() < .4 }, inArticles(questions, mine), true)
		l.lacking(collection{name: fmt.Sprintf("%s lacking %d", set, part), weight: l.o.lacking}, mine, withSentences(inArticles(questions, mine), mine), part%2)
	}
}

// withSentences gives the questions that have no gold sentence those of their
// paragraph in which an answer stands.
func withSentences(questions []measure.Question, files []string) []measure.Question {
	paragraphs := make(map[string][]string)
	for _, file := range files {
		raw, _ := os.ReadFile(file) // lacking reports what cannot be read
		_, body, _ := strings.Cut(string(raw), "\n---\n")
		paragraphs[articleName(file)] = strings.Split(strings.TrimSpace(body), "\n\n")
	}
	out := slices.Clone(questions)
	for i, q := range out {
		if all := paragraphs[q.Article]; len(q.Gold) == 0 && q.Paragraph != nil && *q.Paragraph < len(all) {
			for _, a := range q.Answers {
				out[i].Gold = append(out[i].Gold, sentencesWith(all[*q.Paragraph], a)...)
			}
		}
	}
	return out
}

var sentenceEnd = regexp.MustCompile(`[.!?]["”)]?\s`)

// sentencesWith returns the sentences of a paragraph in which part stands.
func sentencesWith(paragraph, part string) []string {
	var out []string
	for from := 0; from < len(paragraph) && part != ""; {
		to := len(paragraph)
		if m := sentenceEnd.FindStringIndex(paragraph[from:]); m != nil {
			to = from + m[1]
		}
		if s := paragraph[from:to]; strings.Contains(s, part) {
			out = append(out, strings.TrimSpace(s))
		}
		from = to
	}
	return out
}

// lacking adds a copy of the articles in which the sentences that answer every
// other question are gone, while all around them stays: the names are right,
// the fact is not there. That is how a question misses nearly.
func (l *loader) lacking(c collection, files []string, questions []measure.Question, odd int) {
	gone := make(map[string]bool)
	for i, q := range questions {
		if i%2 == odd && q.Answerable {
			for _, s := range slices.Concat(q.Gold, q.AlsoOK) {
				gone[s] = true
			}
		}
	}
	c.dir, c.refusals = filepath.Join(l.tmp, strings.ReplaceAll(c.name, " ", "-")), true
	l.err = errors.Join(l.err, os.MkdirAll(c.dir, 0o755))
	for _, file := range files {
		raw, err := os.ReadFile(file)
		l.err = errors.Join(l.err, err)
		head, body, _ := strings.Cut(string(raw), "\n---\n")
		for s := range gone {
			body = strings.ReplaceAll(body, s, "")
		}
		l.err = errors.Join(l.err, os.WriteFile(filepath.Join(c.dir, filepath.Base(file)), []byte(head+"\n---\n"+body), 0o644))
	}
	for _, q := range questions {
		sentences := slices.Concat(q.Gold, q.AlsoOK)
		if q.Answerable && len(sentences) == 0 {
			continue
		}
		q.Answerable = q.Answerable && slices.ContainsFunc(sentences, func(s string) bool { return !gone[s] })
		c.questions = append(c.questions, q)
	}
	l.all = append(l.all, &c)
}

// adversarial adds a set that comes with questions that nothing answers.
func (l *loader) adversarial(set string) {
	l.all = append(l.all, &collection{name: set, weight: .5, dir: folders(filepath.Join(l.o.bench, set)), questions: l.read(set), refusals: true})
}

// inArticles keeps the questions whose article is among files.
func inArticles(questions []measure.Question, files []string) []measure.Question {
	var out []measure.Question
	for _, q := range questions {
		if slices.ContainsFunc(files, func(f string) bool { return articleName(f) == q.Article }) {
			out = append(out, q)
		}
	}
	return out
}

func articleName(file string) string {
	return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
}

// subset adds a collection of some articles, less the paragraphs that drop
// chooses. For refusals every question is kept and marked by whether its
// paragraph is there; otherwise only those whose article is.
func (l *loader) subset(name string, files []string, drop func() bool, questions []measure.Question, refusals bool) {
	dir := filepath.Join(l.tmp, strings.ReplaceAll(name, " ", "-"))
	l.err = errors.Join(l.err, os.MkdirAll(dir, 0o755))
	kept := make(map[string]bool) // article/paragraph
	for _, file := range files {
		raw, err := os.ReadFile(file)
		l.err = errors.Join(l.err, err)
		head, body, _ := strings.Cut(string(raw), "\n---\n")
		out := head + "\n---\n"
		for i, p := range strings.Split(strings.TrimSpace(body), "\n\n") {
			if drop == nil || !drop() {
				out += "\n" + p + "\n"
				kept[fmt.Sprintf("%s/%d", articleName(file), i)] = true
			}
		}
		l.err = errors.Join(l.err, os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(out), 0o644))
	}
	var mine []measure.Question
	for _, q := range questions {
		if q.Paragraph == nil {
			continue
		}
		there := kept[fmt.Sprintf("%s/%d", q.Article, *q.Paragraph)]
		if !refusals && !there {
			continue
		}
		if refusals {
			q.Answerable = there
		}
		mine = append(mine, q)
	}
	l.all = append(l.all, &collection{name: name, weight: 1, dir: dir, questions: mine, refusals: refusals})
}

// news adds a news set: each event by itself, and all of them together.
func (l *loader) news(set string) {
	questions := l.read(set)
	articles, err := filepath.Glob(filepath.Join(folders(filepath.Join(l.o.bench, set)), "*.md"))
	if l.err = errors.Join(l.err, err); l.err != nil {
		return
	}
	events := make(map[string][]measure.Question)
	prefix := make(map[string]string)
	for _, q := range questions {
		event := eventOf(q)
		if event == "" {
			continue
		}
		events[event] = append(events[event], q)
		if q.Article != "" {
			prefix[event], _, _ = strings.Cut(q.Article, "-")
		}
	}
	var names []string
	for event := range events {
		names = append(names, event)
	}
	slices.Sort(names)
	for _, event := range names {
		var files []string
		for _, f := range articles {
			if strings.HasPrefix(filepath.Base(f), prefix[event]+"-") {
				files = append(files, f)
			}
		}
		dir := filepath.Join(l.tmp, "news-"+event)
		l.err = errors.Join(l.err, copyAll(dir, files))
		l.all = append(l.all, &collection{name: set + " " + event, event: event, events: true, weight: l.o.news, dir: dir, questions: events[event]})
		for odd := range 2 {
			l.lacking(collection{name: fmt.Sprintf("%s %s lacking %d", set, event, odd), event: event, weight: l.o.news / 2}, files, events[event], odd)
		}
	}
	for odd := range 2 {
		l.lacking(collection{
			name: fmt.Sprintf("%s lacking %d", set, odd), event: set, mixed: true, mixedOf: strings.Join(names, " "), weight: l.o.news / 2,
		}, articles, questions, odd)
	}
	l.all = append(l.all, &collection{
		name: set, event: set, mixed: true, mixedOf: strings.Join(names, " "), weight: l.o.news,
		dir: folders(filepath.Join(l.o.bench, set)), questions: questions,
	})
}

// own adds the sets that were written for this command: one event each.
func (l *loader) own(dir string) {
	sets, err := filepath.Glob(filepath.Join(dir, "*", "questions.jsonl"))
	l.err = errors.Join(l.err, err)
	for _, file := range sets {
		questions, err := measure.Read(file)
		l.err = errors.Join(l.err, err)
		set := filepath.Dir(file)
		files, err := filepath.Glob(filepath.Join(folders(set), "*.md"))
		l.err = errors.Join(l.err, err)
		event := filepath.Base(set)
		l.all = append(l.all, &collection{name: event, event: event, events: true, weight: l.o.news, dir: folders(set), questions: questions})
		for odd := range 2 {
			l.lacking(collection{name: fmt.Sprintf("%s lacking %d", event, odd), event: event, weight: l.o.news / 2}, files, questions, odd)
		}
	}
}

// eventOf returns the event of a question of the news sets.
func eventOf(q measure.Question) string {
	if q.Event != "" {
		return q.Event
	}
	event, _, _ := strings.Cut(q.Article, "-")
	return event
}

func copyAll(dir string, files []string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(f)), raw, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// gathered is what the models see of one question.
type gathered struct {
	question measure.Question
	example  index.Example
	weight   float64
}

// gather asks every question with the weights learned so far. With refusals
// the collections made for the last model are asked, else the others.
func gather(ctx context.Context, collections []*collection, w *model, refusals bool) ([]gathered, error) {
	encoded, err := w.encode()
	if err != nil {
		return nil, err
	}
	var out []gathered
	for _, c := range collections {
		if c.refusals != refusals && (c.event == "" || c.refusals) {
			continue
		}
		if err := c.x.SetRanker(encoded); err != nil {
			return nil, err
		}
		found, err := c.gather(ctx, refusals)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func (c *collection) gather(ctx context.Context, all bool) ([]gathered, error) {
	out := make([]gathered, len(c.questions))
	errs := make([]error, len(c.questions))
	var wait sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := range next {
				q := c.questions[i]
				e, err := c.x.Example(ctx, index.Question{Text: q.Text, After: q.Before})
				out[i], errs[i] = gathered{q, e, c.weight}, err
			}
		})
	}
	for i := range c.questions {
		next <- i
	}
	close(next)
	wait.Wait()
	out = slices.DeleteFunc(out, func(g gathered) bool { return len(g.example.Passages) == 0 || !all && !g.question.Answerable })
	return out, errors.Join(errs...)
}
