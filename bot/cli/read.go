package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"onrecord/bot/say"
	"onrecord/corpus"
)

// runRead shows what is read from the files and folders in the arguments.
func runRead(ctx context.Context, j *job) (int, error) {
	if len(j.args) == 0 {
		return Failed, errors.New("name at least one file or folder, as in: onrecord read page.txt")
	}
	read, failed := 0, false
	for _, name := range j.args {
		files, closer, err := filesAt(ctx, name)
		if err != nil {
			fmt.Fprintf(j.Err, "onrecord read: %s\n", printable(err.Error()))
			failed = true
			continue
		}
		copies := corpus.NewCopies()
		for file := range files {
			if a := file.Article; a != nil {
				read++
				if c, ok := copies.Add(a); ok {
					a.Warnings = append(a.Warnings, c.String())
				}
			}
			if err := j.show(file); err != nil {
				return Failed, errors.Join(err, closer())
			}
		}
		if err := closer(); err != nil {
			return Failed, err
		}
	}
	if read == 0 {
		return Failed, errors.Join(errors.New("no article could be read"), ctx.Err())
	}
	if failed {
		return Failed, errors.New("not every file could be read")
	}
	return Done, ctx.Err()
}

// filesAt reads a file, or every article file of a folder.
func filesAt(ctx context.Context, name string) (files func(func(corpus.File) bool), closer func() error, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, plain(err))
	}
	dir := name
	if !info.IsDir() {
		dir = filepath.Dir(name)
	}
	fsys, c, err := corpus.Dir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, plain(err))
	}
	if info.IsDir() {
		return corpus.Load(ctx, fsys), c.Close, nil
	}
	if target, err := filepath.EvalSymlinks(name); err == nil { // a link named by hand is meant
		if t, tc, err := corpus.Dir(filepath.Dir(target)); err == nil {
			file := corpus.LoadFile(t, filepath.Base(target))
			return one(file), func() error { return errors.Join(c.Close(), tc.Close()) }, nil
		}
	}
	return one(corpus.LoadFile(fsys, filepath.Base(name))), c.Close, nil
}

func one(f corpus.File) func(func(corpus.File) bool) {
	return func(yield func(corpus.File) bool) { yield(f) }
}

// articleLine is an article as read --json prints it.
type articleLine struct {
	Article    string          `json:"article"`
	Title      string          `json:"title,omitempty"`
	Author     string          `json:"author,omitempty"`
	Publisher  string          `json:"publisher,omitempty"`
	Published  string          `json:"published,omitempty"`
	URL        string          `json:"url,omitempty"`
	Language   string          `json:"language,omitempty"`
	Paragraphs []paragraphLine `json:"paragraphs"`
	Statements []statementLine `json:"statements"`
	Warnings   []string        `json:"warnings"`
}

type paragraphLine struct {
	Text       string          `json:"text"`
	Kind       corpus.Kind     `json:"kind"`
	Heading    string          `json:"heading,omitempty"`
	Time       string          `json:"time,omitempty"`
	ReportedBy []corpus.Source `json:"reported_by,omitempty"`
}

type statementLine struct {
	Paragraph int    `json:"paragraph"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Text      string `json:"text"`
	Speaker   string `json:"speaker,omitempty"`
	Role      string `json:"role,omitempty"`
	Direct    bool   `json:"direct"`
}

// skippedLine is a skipped file as read --json prints it: without paragraphs.
type skippedLine struct {
	Article string `json:"article"`
	Skipped string `json:"skipped"`
}

// show prints one file.
func (j *job) show(f corpus.File) error {
	if !j.json {
		return j.showText(f)
	}
	var line any = skippedLine{strings.TrimSuffix(f.Path, filepath.Ext(f.Path)), f.Skipped}
	if f.Article != nil {
		line = lineOf(f.Article)
	} else {
		fmt.Fprintf(j.Err, "onrecord: %s skipped: %s\n", f.Path, f.Skipped)
	}
	b, err := encode(line)
	if err != nil {
		return err
	}
	_, err = j.Out.Write(b)
	return err
}

func lineOf(a *corpus.Article) articleLine {
	line := articleLine{
		Article: a.ID, Title: a.Title, Author: a.Author, Publisher: a.Publisher, Published: a.Published, URL: a.URL, Language: a.Language,
		Paragraphs: []paragraphLine{}, Statements: []statementLine{}, Warnings: append([]string{}, a.Warnings...),
	}
	for _, p := range a.Paragraphs {
		line.Paragraphs = append(line.Paragraphs, paragraphLine{p.Text, p.Kind, p.Heading, p.Time, p.ReportedBy})
	}
	for _, s := range a.Statements {
		line.Statements = append(line.Statements, statementLine{s.Paragraph, s.Start, s.End, s.Text(a), s.Speaker, s.Role, s.Direct})
	}
	return line
}

// showText prints one file for reading.
func (j *job) showText(f corpus.File) error {
	st := j.style()
	if f.Article == nil {
		fmt.Fprintf(j.Err, "onrecord: %s skipped: %s\n", f.Path, f.Skipped)
		return nil
	}
	a := f.Article
	var b strings.Builder
	b.WriteString(st.bold(printable(a.Title)) + "\n")
	for _, m := range []struct{ name, value string }{
		{"file", f.Path}, {"author", a.Author}, {"publisher", a.Publisher}, {"published", a.Published}, {"url", a.URL}, {"language", a.Language},
	} {
		if m.value != "" {
			fmt.Fprintf(&b, "%-10s %s\n", m.name, printable(m.value))
		}
	}
	for i, p := range a.Paragraphs {
		showParagraph(&b, st, a, i, p)
	}
	for _, w := range a.Warnings {
		fmt.Fprintf(j.Err, "onrecord: %s: %s\n", f.Path, w)
	}
	_, err := fmt.Fprintln(j.Out, b.String())
	return err
}

func showParagraph(b *strings.Builder, st style, a *corpus.Article, i int, p corpus.Paragraph) {
	if p.Heading != "" && (i == 0 || a.Paragraphs[i-1].Heading != p.Heading) {
		b.WriteString("\n" + st.bold("## "+printable(p.Heading)) + "\n")
	}
	label := fmt.Sprintf("%d", i)
	if p.Kind != corpus.Prose {
		label += " " + string(p.Kind)
	}
	if p.Time != "" {
		label += " " + p.Time
	}
	b.WriteString("\n" + st.dim("["+label+"]") + "\n" + strings.Join(wrap(printable(p.Text), textWidth), "\n") + "\n")
	for _, s := range a.Statements {
		if s.Paragraph != i {
			continue
		}
		who := s.Speaker
		if who == "" {
			who = "speaker not sure"
		}
		if s.Role != "" {
			who += " (" + s.Role + ")"
		}
		verb := "reported"
		if s.Direct {
			verb = "said"
		}
		b.WriteString(st.dim("  "+verb+", "+printable(who)+": "+shorten(printable(s.Text(a)), 60)) + "\n")
	}
	if len(p.ReportedBy) > 0 {
		b.WriteString(st.dim("  reported by "+say.Reporters(p.ReportedBy)) + "\n")
	}
}

// shorten cuts s to n characters at a rune.
func shorten(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
