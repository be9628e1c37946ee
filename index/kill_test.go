package index

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"onrecord/corpus"
)

// killRounds is how many times TestKill kills a builder: a few, or as many as
// ONRECORD_KILLS says.
func killRounds() int {
	if n, err := strconv.Atoi(os.Getenv("ONRECORD_KILLS")); err == nil {
		return n
	}
	return 8
}

// TestKill kills a process that builds and changes a record, again and again
// and at any moment. Every time the next one opens a whole generation, old or
// new, and every quote is what stands in an article of that time.
func TestKill(t *testing.T) {
	if dir := os.Getenv("ONRECORD_KILL_ME"); dir != "" {
		keepBuilding(t, dir)
		return
	}
	dir := t.TempDir()
	articles, data := filepath.Join(dir, "articles"), filepath.Join(dir, "data")
	if err := os.Mkdir(articles, 0o755); err != nil {
		t.Fatal(err)
	}
	m := made{articles: 30}
	for i := range m.articles {
		if err := os.WriteFile(filepath.Join(articles, fmt.Sprintf("%03d.md", i)), []byte(m.text(i)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	questions := madeQuestions(m, 5)
	for round := range killRounds() {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), "ONRECORD_KILL_ME="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		lines.Scan() // it has begun
		time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed
		checkKilled(t, round, articles, data, questions)
	}
}

// keepBuilding changes an article and takes it in, until it is killed.
func keepBuilding(t *testing.T, dir string) {
	fmt.Println("begun")
	x := open(t, Options{Corpus: func() (fs.FS, io.Closer, error) { return corpus.Dir(filepath.Join(dir, "articles")) }, Dir: filepath.Join(dir, "data"), Hold: true})
	for i := 0; ; i++ {
		name := filepath.Join(dir, "articles", fmt.Sprintf("%03d.md", i%3))
		text := fmt.Sprintf("---\ntitle: The heron of round %d\n---\nThe heron stood on pier %d in the morning. It did not move.\n", i, i)
		if i%7 == 6 {
			_ = os.Remove(filepath.Join(dir, "articles", "002.md")) // may be gone
		}
		if err := os.WriteFile(name+".part", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(name+".part", name); err != nil {
			t.Fatal(err)
		}
		if i%5 == 4 {
			x.options.Full = !x.options.Full
		}
		if _, err := x.Rebuild(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
	}
}

// checkKilled opens what a killed process left.
func checkKilled(t *testing.T, round int, articles, data string, questions []string) {
	t.Helper()
	left, problems, err := folder{data}.openNewest()
	if err != nil && !os.IsNotExist(err) {
		t.Fatalf("round %d: %v", round, err)
	}
	if len(problems) > 0 {
		t.Errorf("round %d: %v", round, problems)
	}
	if left != nil {
		for _, q := range questions {
			if _, err := left.ask(context.Background(), Question{Text: q}); err != nil {
				t.Errorf("round %d: %v", round, err)
			}
		}
		if err := left.close(); err != nil {
			t.Error(err)
		}
	}
	x, err := Open(context.Background(), Options{Corpus: func() (fs.FS, io.Closer, error) { return corpus.Dir(articles) }, Dir: data, Hold: true})
	if err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	a := ask(t, x, "Where did the heron stand in the morning?")
	for _, q := range append(a.Quotes, ask(t, x, questions[0]).Quotes...) {
		raw, err := os.ReadFile(filepath.Join(articles, q.Article+".md"))
		if err != nil || !strings.Contains(string(raw), q.Text) {
			t.Errorf("round %d: %q is not in %s, %v", round, q.Text, q.Article, err)
		}
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), unfinished) {
			t.Errorf("round %d: %s was left behind", round, e.Name())
		}
	}
}
