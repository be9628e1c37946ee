package index

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"onrecord/corpus"
)

// folderOf turns made articles into a folder that can be changed.
func folderOf(articles int) fstest.MapFS {
	m, out := made{articles: articles}, make(fstest.MapFS)
	for i := range articles {
		out[fmt.Sprintf("%03d.md", i)] = &fstest.MapFile{Data: []byte(m.text(i)), ModTime: time.Unix(1e9, 0)}
	}
	return out
}

// TestUpdate holds that a record that was brought up to date in small steps
// answers as one that was built from nothing.
func TestUpdate(t *testing.T) {
	fsys := folderOf(30)
	dir := t.TempDir()
	x := open(t, Options{Corpus: opener(fsys), Dir: dir, Hold: true})
	set := func(name, text string) {
		fsys[name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Unix(1e9+int64(len(fsys)), 0)}
	}
	original := string(fsys["005.md"].Data)
	steps := []struct {
		what                    string
		do                      func()
		added, changed, removed int
		update                  bool
	}{
		{"add", func() { set("new.md", "---\ntitle: New\n---\nThe lighthouse keeper Orla Quint saw 7 boats.") }, 1, 0, 0, true},
		{"change", func() { set("new.md", "---\ntitle: New\n---\nThe lighthouse keeper Orla Quint saw 9 boats.") }, 0, 1, 0, true},
		{"copy", func() { set("zcopy.md", original) }, 1, 0, 0, true},
		{"remove the original", func() { delete(fsys, "005.md") }, 0, 0, 1, true},
		{"remove", func() { delete(fsys, "007.md") }, 0, 0, 1, true},
		{"a file that cannot be read", func() { set("bad.md", "") }, 0, 0, 0, true},
		{"the same name", func() { set("new.txt", "---\ntitle: Other\n---\nA heron stood on the pier.") }, 1, 0, 0, false},
		{"most", func() {
			for i := range 20 {
				set(fmt.Sprintf("%03d.md", i+8), "---\ntitle: T\n---\nShort now, and about heron number "+fmt.Sprint(i)+".")
			}
		}, 0, 20, 0, false},
	}
	for _, s := range steps {
		before := x.serving.manifest.Parts
		s.do()
		c, err := x.Rebuild(context.Background(), nil)
		if err != nil {
			t.Fatalf("%s: %v", s.what, err)
		}
		if len(c.Added) != s.added || len(c.Changed) != s.changed || len(c.Removed) != s.removed {
			t.Errorf("%s: added %v, changed %v, removed %v", s.what, c.Added, c.Changed, c.Removed)
		}
		if updated := x.serving.manifest.Parts == before+1; updated != s.update {
			t.Errorf("%s: %d parts after %d", s.what, x.serving.manifest.Parts, before)
		}
		sameAnswers(t, s.what, x, fsys)
	}
	again := open(t, Options{Corpus: opener(fsys), Dir: dir})
	sameAnswers(t, "opened again", again, fsys)
	before := x.serving.folder
	if c, err := x.Rebuild(context.Background(), nil); err != nil || len(c.Added)+len(c.Changed)+len(c.Removed) > 0 || x.serving.folder != before {
		t.Errorf("nothing changed, but %+v, %v, %s", c, err, x.serving.folder)
	}
}

// TestManyUpdates holds that many small changes leave few files.
func TestManyUpdates(t *testing.T) {
	fsys := folderOf(30)
	x := open(t, Options{Corpus: opener(fsys), Dir: t.TempDir(), Hold: true})
	for i := range mostParts + 3 {
		fsys["new.md"] = &fstest.MapFile{Data: fmt.Appendf(nil, "The lighthouse keeper Orla Quint saw %d boats.", i)}
		if _, err := x.Rebuild(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		if a := ask(t, x, "What did the lighthouse keeper see?"); !strings.Contains(a.Quotes[0].Text, fmt.Sprintf("saw %d boats", i)) {
			t.Fatalf("change %d: got %q", i, a.Quotes[0].Text)
		}
	}
	if n := x.serving.manifest.Parts; n >= mostParts {
		t.Errorf("%d parts", n)
	}
	sameAnswers(t, "many changes", x, fsys)
}

// sameAnswers compares a record with one built from nothing.
func sameAnswers(t *testing.T, what string, x *Index, fsys fstest.MapFS) {
	t.Helper()
	fresh := open(t, Options{Corpus: opener(fsys)})
	if a, b := x.Status(), fresh.Status(); a.Articles != b.Articles || a.Passages != b.Passages || !maps.Equal(nonZero(a.Languages), b.Languages) {
		t.Errorf("%s: status %+v, from nothing %+v", what, a, b)
	}
	if a, b := x.serving.manifest.Tokens, fresh.serving.manifest.Tokens; a != b {
		t.Errorf("%s: %d tokens, from nothing %d", what, a, b)
	}
	ours, total, err := x.Sources(0, 100)
	if theirs, all, _ := fresh.Sources(0, 100); err != nil || total != all || !slices.Equal(ours, theirs) {
		t.Errorf("%s: %d sources, from nothing %d, %v", what, total, all, err)
	}
	texts := make(map[string]*corpus.Article)
	for f := range corpus.Load(context.Background(), fsys) {
		if f.Article != nil {
			texts[f.Article.ID] = f.Article
		}
	}
	questions := append(madeQuestions(made{articles: 30}, 12), "What did the lighthouse keeper see?", "Where did the heron stand?", "Why?")
	for _, q := range questions {
		a, b := ask(t, x, q), ask(t, fresh, q)
		if a.Answered != b.Answered || a.Confidence != b.Confidence || len(a.Quotes) != len(b.Quotes) {
			t.Errorf("%s: %s: %v %g, from nothing %v %g", what, q, a.Answered, a.Confidence, b.Answered, b.Confidence)
			continue
		}
		for i := range a.Quotes {
			if a.Quotes[i].Text != b.Quotes[i].Text || a.Quotes[i].Score != b.Quotes[i].Score {
				t.Errorf("%s: %s: quote %d is %q, from nothing %q", what, q, i, a.Quotes[i].Text, b.Quotes[i].Text)
			}
			q := a.Quotes[i]
			if from := texts[q.Article]; from == nil || from.Paragraphs[q.Paragraph].Text[q.Start:q.End] != q.Text {
				t.Errorf("%s: %q is not in %s", what, q.Text, q.Article)
			}
		}
	}
}

func nonZero(m map[string]int) map[string]int {
	out := maps.Clone(m)
	maps.DeleteFunc(out, func(_ string, n int) bool { return n == 0 })
	return out
}

// TestUpdateDamaged changes every byte region of every file of a generation
// that was updated: it opens as it was, or not at all.
func TestUpdateDamaged(t *testing.T) {
	fsys := folderOf(30)
	dir := t.TempDir()
	x := open(t, Options{Corpus: opener(fsys), Dir: dir, Hold: true})
	fsys["new.md"] = &fstest.MapFile{Data: []byte("The lighthouse keeper Orla Quint saw 7 boats.")}
	if _, err := x.Rebuild(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	gen := x.serving.folder
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(gen, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		whole, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, at := range []int{0, len(whole) / 2, len(whole) - 1} {
			bad := slices.Clone(whole)
			bad[at] ^= 0x40
			if err := os.WriteFile(name, bad, 0o644); err != nil {
				return err
			}
			if r, err := openGeneration(gen); err == nil {
				t.Errorf("%s with byte %d changed opens", filepath.Base(name), at)
				_ = r.close()
			}
		}
		if err := os.Remove(name); err != nil {
			return err
		}
		if r, err := openGeneration(gen); err == nil {
			t.Errorf("without %s it opens", filepath.Base(name))
			_ = r.close()
		}
		return os.WriteFile(name, whole, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	y := open(t, Options{Corpus: opener(fsys), Dir: dir})
	if a := ask(t, y, "What did the lighthouse keeper see?"); len(a.Quotes) == 0 || !strings.Contains(a.Quotes[0].Text, "7 boats") {
		t.Errorf("got %+v", a.Quotes)
	}
}
