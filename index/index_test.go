package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"onrecord/corpus"
)

// files makes a corpus of Markdown files.
func files(texts map[string]string) fstest.MapFS {
	m := make(fstest.MapFS)
	for name, text := range texts {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func opener(fsys fs.FS) func() (fs.FS, io.Closer, error) {
	return func() (fs.FS, io.Closer, error) { return fsys, nil, nil }
}

func open(t testing.TB, o Options) *Index {
	t.Helper()
	x, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func ask(t testing.TB, x *Index, question string) Answer {
	t.Helper()
	a, err := x.Ask(context.Background(), Question{Text: question})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var bridge = map[string]string{
	"bridge.md": "---\ntitle: The harbour bridge opens\npublisher: Harbour Post\nurl: https://post.example/bridge\ndate: 2025-12-30\n---\n\n" +
		"The harbour bridge opened on Tuesday after three years of work. It cost 27 million crowns.\n\n" +
		"Mayor Ann Bell said the bridge was safe. \"We tested every bolt,\" she said.\n\n" +
		"Engineer Jon Carr denied that the bridge was safe. He called the test 'a long joke'.",
	"ferry.md": "---\ntitle: The ferry stops\npublisher: Ferry News\n---\n\nThe old ferry made its last trip on Monday evening. About 300 people were on board.",
}

// lawful checks what every quote must be: a byte-identical piece of its
// paragraph, whole sentences, not too long.
func lawful(t testing.TB, fsys fs.FS, a Answer) {
	t.Helper()
	for _, q := range a.Quotes {
		var article *corpus.Article
		for f := range corpus.Load(context.Background(), fsys) {
			if f.Article != nil && f.Article.ID == q.Article {
				article = f.Article
			}
		}
		if article == nil || q.Paragraph >= len(article.Paragraphs) {
			t.Fatalf("no paragraph %d in article %q", q.Paragraph, q.Article)
		}
		p := article.Paragraphs[q.Paragraph]
		if q.Start < 0 || q.End > len(p.Text) || q.Start >= q.End || p.Text[q.Start:q.End] != q.Text {
			t.Fatalf("%q is not bytes %d to %d of %q", q.Text, q.Start, q.End, p.Text)
		}
		first := slices.IndexFunc(p.Sentences, func(s corpus.Span) bool { return s.Start == q.Start })
		last := slices.IndexFunc(p.Sentences, func(s corpus.Span) bool { return s.End == q.End })
		if first < 0 || last < first || last-first >= mostSentences {
			t.Errorf("%q is sentences %d to %d of %q", q.Text, first, last, p.Text)
		}
		if utf8.RuneCountInString(q.Text) > longestQuote && first != last {
			t.Errorf("%q is longer than %d characters", q.Text, longestQuote)
		}
		if q.Title != article.Title || q.Publisher != article.Publisher || q.URL != article.URL || q.Published != article.Published {
			t.Errorf("source of %q: %+v", q.Text, q)
		}
		for _, m := range q.Marks {
			if m.Start < 0 || m.End > len(q.Text) || m.Start >= m.End || !utf8.ValidString(q.Text[m.Start:m.End]) {
				t.Errorf("mark %v of %q", m, q.Text)
			}
		}
	}
}

func TestAsk(t *testing.T) {
	fsys := files(bridge)
	x := open(t, Options{Corpus: opener(fsys)})
	for question, want := range map[string]string{
		"How much did the bridge cost?":             "It cost 27 million crowns.",
		"What did the mayor say about the bridge?":  "Mayor Ann Bell said the bridge was safe.",
		"Who called the test a joke?":               "He called the test 'a long joke'.",
		"how many people were on the ferry":         "About 300 people were on board.",
		"Что сказал мэр о мосте?":                   "Mayor Ann Bell said the bridge was safe.",
		"Wie viele Menschen waren auf der Fähre?":   "About 300 people were on board.",
		"When did the harbor brige open?":           "The harbour bridge opened on Tuesday after three years of work.",
		"What did Bell say about testing the bolts": "\"We tested every bolt,\" she said.",
	} {
		a := ask(t, x, question)
		lawful(t, fsys, a)
		if len(a.Quotes) == 0 || !strings.Contains(a.Quotes[0].Text, want) {
			t.Errorf("%s: want %q, got %+v", question, want, a.Quotes)
		}
	}
}

func TestSpeaker(t *testing.T) {
	x := open(t, Options{Corpus: opener(files(bridge))})
	a := ask(t, x, "Who tested every bolt?")
	q := a.Quotes[0]
	if q.Speaker != "Ann Bell" || q.Role != "Mayor" || !q.Direct {
		t.Errorf("got %q (%s), direct %v, for %q", q.Speaker, q.Role, q.Direct, q.Text)
	}
	if !strings.HasPrefix(q.Link, "https://post.example/bridge#:~:text=") {
		t.Errorf("link %q", q.Link)
	}
}

// TestNothing holds that questions without words or without anything on record
// are not answered, and that an empty question is no error.
// TestLongParagraph holds that quotes from a paragraph of many sentences are
// pieces of it, and that a question stays cheap.
func TestLongParagraph(t *testing.T) {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "Bridge number %d opened on day %d. ", i, i)
	}
	fsys := files(map[string]string{"a.md": "First words.\n\n" + b.String() + "Mayor Ann Bell said: \"The tunnel came last.\""})
	x := open(t, Options{Corpus: opener(fsys)})
	for question, want := range map[string]string{"What did Ann Bell say about the tunnel?": "The tunnel came last", "When did bridge number 271 open?": "number 271 opened"} {
		a := ask(t, x, question)
		lawful(t, fsys, a)
		if len(a.Quotes) == 0 || !strings.Contains(a.Quotes[0].Text, want) || a.Quotes[0].Paragraph != 1 {
			t.Errorf("%s: got %+v", question, a.Quotes)
		}
	}
}

func TestNothing(t *testing.T) {
	x := open(t, Options{Corpus: opener(files(bridge))})
	for _, question := range []string{"", " ", "🚁🔥🏠❓", "?!", "\x00\x00", "who is it", "thanks!", "zzzz qqqq", "What is the best pizza recipe?", "asdf ghjk", "\xff\xfe", strings.Repeat("a", 100000)} {
		if a := ask(t, x, question); a.Answered {
			t.Errorf("%.40q was answered: %+v", question, a.Quotes)
		}
	}
}

// FuzzAsk holds the laws of quotes for whatever is asked.
func FuzzAsk(f *testing.F) {
	fsys := files(bridge)
	x := open(f, Options{Corpus: opener(fsys)})
	for _, s := range []string{"Who denied it?", "bridge ferry 27 300", "Что? мост", "And what did he say?", "\x00\xff", "a", "U.S. WHO's"} {
		f.Add(s, "How much did it cost?")
	}
	f.Fuzz(func(t *testing.T, question, after string) {
		a, err := x.Ask(context.Background(), Question{Text: question, After: after, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if a.Confidence < 0 || a.Confidence > 1 || a.Question != question {
			t.Errorf("%+v", a)
		}
		lawful(t, fsys, a)
	})
}

// TestSameEveryTime holds that building again does not change an answer.
func TestSameEveryTime(t *testing.T) {
	texts := map[string]string{}
	for i := range 80 {
		texts[fmt.Sprintf("a%02d.md", i)] = fmt.Sprintf("The council of town %d repaired the bridge. Nobody was hurt in town %d.", i%7, i)
	}
	a, b := open(t, Options{Corpus: opener(files(texts))}), open(t, Options{Corpus: opener(files(texts))})
	for _, question := range []string{"Who repaired the bridge?", "Was anybody hurt in town 5?"} {
		first, second := ask(t, a, question), ask(t, b, question)
		first.Took, second.Took = 0, 0
		if fmt.Sprint(first) != fmt.Sprint(second) {
			t.Errorf("%s:\n%v\n%v", question, first, second)
		}
	}
}

// TestBothSides holds that a contested question is answered by both sides.
func TestBothSides(t *testing.T) {
	fsys := files(map[string]string{"a.md": "Russia's Defence Ministry said 91 drones attacked the residence at night.\n\n" +
		"Kremlin spokesman Dmitry Peskov said the attack on the residence was terror by drones.\n\n" +
		"Russian Foreign Minister Sergei Lavrov said drones attacked the residence and would be answered.\n\n" +
		"Ukrainian Foreign Minister Andrii Sybiha said no drones attacked the residence."})
	a := ask(t, open(t, Options{Corpus: opener(fsys)}), "Did drones attack the residence?")
	sides := map[string]bool{}
	for _, q := range a.Quotes {
		sides[corpus.SideOf(q.Speaker, q.Role)] = true
	}
	if !sides["Russia"] || !sides["Ukraine"] {
		t.Errorf("sides %v in %+v", sides, a.Quotes)
	}
}

func TestDuplicates(t *testing.T) {
	text := "The harbour bridge opened on Tuesday after three years of hard work by the town."
	fsys := files(map[string]string{
		"a.md": "---\npublisher: One\n---\n\n" + text, "b.md": "---\npublisher: Two\nurl: https://two.example/x\n---\n\n" + text, "c.md": "The ferry stopped on Monday.",
	})
	a := ask(t, open(t, Options{Corpus: opener(fsys)}), "When did the harbour bridge open?")
	if len(a.Quotes) == 0 || len(a.Quotes[0].ReportedBy) != 1 || a.Quotes[0].Publisher != "One" || a.Quotes[0].ReportedBy[0].Publisher != "Two" {
		t.Errorf("got %+v", a.Quotes)
	}
	if len(a.Quotes) > 1 && strings.Contains(a.Quotes[1].Text, "bridge") {
		t.Errorf("the duplicate is a quote of its own: %+v", a.Quotes[1])
	}
}

// TestRepeatedSpeech holds that the same words of the same person are shown
// once, however they are led in.
func TestRepeatedSpeech(t *testing.T) {
	x := open(t, Options{Corpus: opener(fstest.MapFS{
		"a.md": {Data: []byte("Mayor Ann Bell wrote on Tuesday, after the first test: \"The bridge is perfectly safe.\"")},
		"b.md": {Data: []byte("Mayor Ann Bell told reporters about the bridge on Wednesday: \"The bridge is perfectly safe.\"")},
		"c.md": {Data: []byte("Engineer Jon Carr said of the bridge: \"The bridge is perfectly safe for cats.\"")},
	})})
	a := ask(t, x, "What did Mayor Ann Bell say about the bridge?")
	times := 0
	for _, q := range a.Quotes {
		times += strings.Count(q.Text, "The bridge is perfectly safe.")
	}
	if times != 1 {
		t.Errorf("the same words stand %d times in %+v", times, a.Quotes)
	}
}

// TestDifferentFacts holds that quotes that tell different things stay apart,
// and that no outlet is named for words that it did not write.
func TestDifferentFacts(t *testing.T) {
	for _, pair := range [][2]string{
		{"The ministry said 91 drones were shot down over the region on Monday night.", "The ministry said 41 drones were shot down over the region on Monday night."},
		{"The ministry confirmed the attack on the old bridge of the town on Monday.", "The ministry refused to confirm the attack on the old bridge of the town on Monday."},
		{"Ukraine's ministry said 91 drones were shot down over the region.", "Russia's ministry said 91 drones were shot down over the region."},
		{"The ministry said that 91 drones were shot down over the region.", "The ministry said that drones were shot down over the region."},
	} {
		x := open(t, Options{Corpus: opener(files(map[string]string{
			"a.md": "---\npublisher: One\n---\n\n" + pair[0], "b.md": "---\npublisher: Two\n---\n\n" + pair[1],
		}))})
		for _, q := range ask(t, x, "What did the ministry say about the drones or the attack?").Quotes {
			if len(q.ReportedBy) > 0 {
				t.Errorf("%q is said to be reported by %+v", q.Text, q.ReportedBy)
			}
		}
	}
}

func TestFollowUp(t *testing.T) {
	x := open(t, Options{Corpus: opener(files(bridge))})
	a, err := x.Ask(context.Background(), Question{Text: "And what did Carr call it?", After: "Was the test of the bridge safe?"})
	if err != nil || len(a.Quotes) == 0 || !strings.Contains(a.Quotes[0].Text, "joke") {
		t.Errorf("%v %+v", err, a.Quotes)
	}
}

func TestTextFragment(t *testing.T) {
	for _, c := range []struct{ address, quote, want string }{
		{"", "Hello.", ""},
		{"https://e.example/a", "Hello, my-friend & co.", "https://e.example/a#:~:text=Hello%2C%20my%2Dfriend%20%26%20co."},
		{"https://e.example/a#top", "Да", "https://e.example/a#top:~:text=%D0%94%D0%B0"},
		{"https://e.example/", "one two three four five six seven eight nine ten eleven twelve thirteen", "https://e.example/#:~:text=one%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen"},
	} {
		if got := textFragment(c.address, c.quote); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestPostingsAgree holds our scoring against a plain reckoning over the
// passages' terms, on the kind of index that runs in production.
func TestPostingsAgree(t *testing.T) {
	r, err := buildInMemory(context.Background(), corpus.Event(), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	terms, lengths := make([][]string, r.store.passages()), make([]int, r.store.passages())
	df := map[string]int{}
	total := 0
	for i := range terms {
		p, err := r.store.passage(i)
		if err != nil {
			t.Fatal(err)
		}
		terms[i], lengths[i] = termsOf(p, "en")
		total += lengths[i]
		for term := range setOf(strings.Join(terms[i], " ")) {
			df[term]++
		}
	}
	for _, question := range []string{"drones residence", "Peskov evidence", "talks Geneva February"} {
		q := understand(question, "", "en", nothing)
		for i := range q.concepts {
			q.concepts[i].searched = []alternative{{q.concepts[i].term, 1}}
		}
		want := make([]float64, len(terms))
		for _, c := range q.concepts {
			for i, list := range terms {
				tf := 0.0
				for _, term := range list {
					if term == c.term {
						tf++
					}
				}
				length := float64(lengths[i]) / (float64(total) / float64(len(terms)))
				want[i] += idf(df[c.term], len(terms)) * tf * (bm25K + 1) / (tf + bm25K*(1-bm25B+bm25B*length))
			}
		}
		got, err := r.candidates(context.Background(), q, 10)
		if err != nil || len(got) == 0 {
			t.Fatal(got, err)
		}
		best := slices.Max(want)
		for i, c := range got {
			if d := c.score - want[c.number]; d > .001*best || d < -.001*best {
				t.Errorf("%s: candidate %d is passage %d with %.4f, want %.4f", question, i, c.number, c.score, want[c.number])
			}
		}
		if got[0].score < best*.999 {
			t.Errorf("%s: best %.4f, want %.4f", question, got[0].score, best)
		}
	}
}

// TestRanges holds that an index searched in ranges gives what it gives as a
// whole.
func TestRanges(t *testing.T) {
	m := made{articles: 30}
	r, err := buildInMemory(context.Background(), m, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	r.postings.survivors = 1 << 30
	for _, question := range madeQuestions(m, 40) {
		q := understand(question, "", "en", nothing)
		if err := r.expand(context.Background(), q); err != nil {
			t.Fatal(err)
		}
		var want []candidate
		for _, n := range []int{1, 2, 3} {
			r.postings.ranges = rangesOf(r.postings.end, n)
			got, err := r.candidates(context.Background(), q, 10)
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: in %d ranges %v, want %v", question, n, got, want)
			}
		}
	}
}

// TestPruned holds that leaving common words to the best passages so far gives
// those the scores that they have without, and loses few of the best.
func TestPruned(t *testing.T) {
	m := made{articles: 30}
	r, err := buildInMemory(context.Background(), m, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	found := func(question string, survivors int) map[int]float64 {
		r.postings.survivors = survivors
		q := understand(question, "", "en", nothing)
		if err := r.expand(context.Background(), q); err != nil {
			t.Fatal(err)
		}
		list, err := r.candidates(context.Background(), q, 10)
		if err != nil {
			t.Fatal(err)
		}
		out := make(map[int]float64)
		for _, c := range list {
			out[c.number] = c.score
		}
		return out
	}
	same, all := 0, 0
	for _, question := range madeQuestions(m, 40) {
		whole, pruned := found(question, 1<<30), found(question, 60)
		for number, score := range pruned {
			want, ok := whole[number]
			all++
			same += btoi(ok)
			if ok && math.Abs(want-score) > 1e-4 {
				t.Errorf("%s: passage %d scores %g, without pruning %g", question, number, score, want)
			}
		}
	}
	if same < all*9/10 {
		t.Errorf("%d of %d candidates are those without pruning", same, all)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestInternalNumbers holds that Bleve numbers the documents of an index
// densely from 0, as candidates.go relies on.
func TestInternalNumbers(t *testing.T) {
	dir := t.TempDir()
	r, err := folder{dir}.build(context.Background(), corpus.Event(), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	seen := make(map[int]bool)
	for doc := range r.postings.docs {
		n, err := r.postings.number(doc)
		if err != nil || n < 0 || n >= r.postings.docs || seen[n] {
			t.Fatalf("document %d is passage %d: %v", doc, n, err)
		}
		seen[n] = true
	}
}

func FuzzStore(f *testing.F) {
	f.Add("A sentence.", "Heading", "Ann Bell", 3)
	f.Fuzz(func(t *testing.T, text, heading, speaker string, n int) {
		p := passage{text: text, heading: heading, kind: corpus.Prose, paragraph: max(0, n%1000), sentences: []corpus.Span{{Start: 0, End: len(text)}},
			statements: []statement{{corpus.Span{Start: 0, End: len(text)}, speaker, heading, n%2 == 0}}, reportedBy: []corpus.Source{{Publisher: speaker, URL: text}}}
		back, err := decodePassage(p.encode())
		if err != nil || fmt.Sprint(*back) != fmt.Sprint(p) {
			t.Fatalf("%v\n%+v\n%+v", err, p, back)
		}
		raw := p.encode()
		if len(raw) > 0 { // damage gives an error or another passage, never a panic
			raw[abs(n)%len(raw)] ^= byte(1 + abs(n)%255)
			_, _ = decodePassage(raw)
			_, _ = decodePassage([]byte(text))
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}

// TestStoreDamage holds that every damaged byte of a store is noticed.
func TestStoreDamage(t *testing.T) {
	var b bytes.Buffer
	w := newStoreWriter(&b, 0, 0)
	for file := range corpus.Load(context.Background(), files(bridge)) {
		w.add(file.Article, nil)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	for i := range b.Len() {
		bad := bytes.Clone(b.Bytes())
		bad[i] ^= 0x41
		s, err := openPart(bytes.NewReader(bad), int64(len(bad)))
		if err == nil {
			err = s.verify()
		}
		if err == nil {
			t.Errorf("byte %d of %d changed and nobody noticed", i, b.Len())
		}
	}
	for n := range b.Len() {
		if s, err := openPart(bytes.NewReader(b.Bytes()[:n]), int64(n)); err == nil && s.verify() == nil {
			t.Errorf("cut to %d of %d bytes and nobody noticed", n, b.Len())
		}
	}
}

// TestGenerations walks a data folder through its life.
func TestGenerations(t *testing.T) {
	dir := t.TempDir()
	fsys := files(bridge)
	built := func() int {
		numbers, err := folder{dir}.generations()
		if err != nil || len(numbers) != 1 {
			t.Fatal(numbers, err)
		}
		return numbers[0]
	}
	reopen := func() *Index {
		x, err := Open(context.Background(), Options{Corpus: opener(fsys), Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		lawful(t, fsys, ask(t, x, "How much did the bridge cost?"))
		return x
	}
	closeIt := func(x *Index) {
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
	closeIt(reopen())
	first := built()
	closeIt(reopen())
	if built() != first {
		t.Error("built again though nothing changed")
	}
	fsys["new.md"] = &fstest.MapFile{Data: []byte("A tunnel is planned for 2030.")}
	x := reopen()
	if built() == first {
		t.Error("not built again though a file came")
	}
	if a := ask(t, x, "When is the tunnel planned?"); len(a.Quotes) == 0 || !strings.Contains(a.Quotes[0].Text, "2030") {
		t.Errorf("got %+v", a.Quotes)
	}
	closeIt(x)
	stray := filepath.Join(dir, "gen-00000099.tmp")
	if err := os.MkdirAll(stray, 0o755); err != nil {
		t.Fatal(err)
	}
	delete(fsys, "new.md")
	closeIt(reopen())
	if _, err := os.Stat(stray); !errors.Is(err, os.ErrNotExist) {
		t.Error("what a crash left was not removed")
	}
}

// TestDamagedGeneration damages every file of a generation in turn: each time
// the index must notice, build again and answer as before.
func TestDamagedGeneration(t *testing.T) {
	fsys := files(bridge)
	whole := t.TempDir()
	x, err := Open(context.Background(), Options{Corpus: opener(fsys), Dir: whole})
	if err != nil {
		t.Fatal(err)
	}
	want := ask(t, x, "How much did the bridge cost?")
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	var names []string
	err = filepath.WalkDir(whole, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "lock" {
			rel, _ := filepath.Rel(whole, name)
			names = append(names, rel)
		}
		return err
	})
	if err != nil || len(names) < 4 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		for kind, damage := range map[string]func(string) error{
			"removed": os.Remove, "cut": func(n string) error { return os.Truncate(n, 10) },
			"flipped": func(n string) error {
				b, err := os.ReadFile(n)
				if err != nil {
					return err
				}
				b[len(b)/2] ^= 1
				return os.WriteFile(n, b, 0o600)
			},
		} {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			if err := damage(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			x, err := Open(context.Background(), Options{Corpus: opener(fsys), Dir: dir})
			if err != nil {
				t.Errorf("%s %s: %v", name, kind, err)
				continue
			}
			got := ask(t, x, "How much did the bridge cost?")
			want.Took, got.Took = 0, 0
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s %s: got %v", name, kind, got)
			}
			if err := x.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestRebuild rebuilds under questions: none fails, and the changes are told.
func TestRebuild(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		fsys := files(bridge)
		current := fsys
		var mu sync.Mutex
		x := open(t, Options{Dir: dir, Hold: true, Corpus: func() (fs.FS, io.Closer, error) {
			mu.Lock()
			defer mu.Unlock()
			return current, nil, nil
		}})
		stop := make(chan struct{})
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if a := ask(t, x, "How much did the bridge cost?"); len(a.Quotes) == 0 {
						t.Error("no quotes while rebuilding")
					}
				}
			})
		}
		next := files(bridge)
		delete(next, "ferry.md")
		next["bridge.md"] = &fstest.MapFile{Data: []byte("The bridge cost 28 million crowns.")}
		next["new.md"] = &fstest.MapFile{Data: []byte("A tunnel is planned.")}
		next["bad.md"] = &fstest.MapFile{Data: []byte{0}}
		mu.Lock()
		current = next
		mu.Unlock()
		c, err := x.Rebuild(context.Background(), nil)
		close(stop)
		wait.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(c.Added, []string{"new.md"}) || !slices.Equal(c.Changed, []string{"bridge.md"}) || !slices.Equal(c.Removed, []string{"ferry.md"}) ||
			len(c.Skipped) != 1 || c.Skipped[0].Path != "bad.md" || c.Articles != 2 {
			t.Errorf("got %+v", c)
		}
		if a := ask(t, x, "How much did the bridge cost?"); !strings.Contains(a.Quotes[0].Text, "28") {
			t.Errorf("got %+v", a.Quotes)
		}
	}
}

func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	fsys := files(bridge)
	open(t, Options{Corpus: opener(fsys), Dir: dir, Hold: true})
	if _, err := Open(context.Background(), Options{Corpus: opener(fsys), Dir: dir, Hold: true}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a second holder: %v", err)
	}
	reader := open(t, Options{Corpus: opener(fsys), Dir: dir})
	ask(t, reader, "bridge")
	if _, err := reader.Rebuild(context.Background(), nil); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a reader rebuilds: %v", err)
	}
}

// TestEmptyGeneration holds that a build without articles leaves nothing that a
// later start could take for the newest record.
func TestEmptyGeneration(t *testing.T) {
	dir := t.TempDir()
	f := folder{dir}
	r, err := f.build(context.Background(), files(bridge), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.build(context.Background(), fstest.MapFS{}, 0, nil); !errors.Is(err, ErrNoArticles) {
		t.Errorf("got %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "gen-00000001" {
		t.Errorf("%v %v", entries, err)
	}
}

// TestStrict holds that bringing an index up to date fails where its corpus is
// gone.
func TestStrict(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, Options{Corpus: opener(files(bridge)), Dir: dir}).Close(); err != nil {
		t.Fatal(err)
	}
	gone := func() (fs.FS, io.Closer, error) { return nil, nil, fs.ErrNotExist }
	if _, err := Open(context.Background(), Options{Corpus: gone, Dir: dir, Hold: true, Strict: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	ask(t, open(t, Options{Corpus: gone, Dir: dir}), "bridge")
}

func TestStatusDoesNotDisturb(t *testing.T) {
	x := open(t, Options{Corpus: opener(files(bridge))})
	stop := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				x.Status()
			}
		}
	})
	for range 50 {
		if _, err := x.Rebuild(context.Background(), nil); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wait.Wait()
}

func TestNoArticles(t *testing.T) {
	for _, fsys := range []fstest.MapFS{{}, files(map[string]string{"a.md": ""})} {
		if _, err := Open(context.Background(), Options{Corpus: opener(fsys)}); !errors.Is(err, ErrNoArticles) {
			t.Errorf("got %v", err)
		}
	}
	dir := t.TempDir()
	fsys := files(bridge)
	x := open(t, Options{Corpus: opener(fsys), Dir: dir, Hold: true})
	clear(fsys)
	if _, err := x.Rebuild(context.Background(), nil); !errors.Is(err, ErrNoArticles) {
		t.Errorf("got %v", err)
	}
	if a := ask(t, x, "How much did the bridge cost?"); len(a.Quotes) == 0 {
		t.Error("the old record does not serve")
	}
}

// TestDataFiles holds that data files say their format and are sorted without
// a row twice.
func TestDataFiles(t *testing.T) {
	entries, err := data.ReadDir("data")
	if err != nil || len(entries) < 8 {
		t.Fatal(entries, err)
	}
	for _, e := range entries {
		raw, err := data.ReadFile("data/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(e.Name(), ".json") {
			continue
		}
		if !strings.HasPrefix(string(raw), "#") {
			t.Errorf("%s does not open with a comment that gives its format", e.Name())
		}
		before := ""
		for line := range strings.Lines(string(raw)) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			if line <= before {
				t.Errorf("%s is not sorted, or holds twice: %s", e.Name(), line)
			}
			before = line
		}
	}
}

func TestRanker(t *testing.T) {
	if _, err := theRanker(); err != nil {
		t.Fatal(err)
	}
	if _, err := parseRanker([]byte(`{"own":{"names":["gone"],"skip":[1]}}`)); err == nil {
		t.Error("weights of an input that does not exist were taken")
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"peskov", "peskow", 1}, {"abcd", "acbd", 1}, {"kitten", "sitting", 3}, {"мост", "мосты", 1}, {"a", "abcdef", 3}} {
		if got := editDistance(c.a, c.b, 2); got != c.want {
			t.Errorf("%s %s: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestSkeleton(t *testing.T) {
	for _, pair := range [][2]string{{"Зеленский", "Zelenskyy"}, {"Песков", "Peskov"}, {"Лавров", "Lavrov"}, {"Сибіга", "Sybiha"}, {"Ушаков", "Ushakov"}} {
		if skeletonMatch(skeleton(pair[0]), skeleton(pair[1]), true) < .55 {
			t.Errorf("%s %q is not like %s %q", pair[0], skeleton(pair[0]), pair[1], skeleton(pair[1]))
		}
	}
}

// TestAsks holds what openings ask for.
func TestAsks(t *testing.T) {
	for question, want := range map[string]asks{
		"Who denied it?": asksSpeaker, "Who is the mayor?": asksWho, "When did it open?": asksWhen, "Where is it?": asksWhere, "How many drones?": asksNumber,
		"drones how many": asksNumber, "Why did he leave?": asksWhy, "Is the bridge safe?": asksYesNo, "What did Peskov say about it?": asksStatement,
		"/start": asksOrder, "/help@some_bot": asksOrder, "Hello bot, how are you?": asksOrder, "Привет! как дела, бот?": asksOrder, "Kannst du mir einen Witz erzählen?": asksOrder,
		"ok thanks": asksOrder, "Wie?": asksHow, "hello, who denied it?": asksSpeaker,
		"What is Oreshnik?": asksWhat, "Что сказал Песков?": asksStatement, "Сколько дронов сбили?": asksNumber, "Wann war das?": asksWhen, "¿Quién lo dijo?": asksWho,
	} {
		if got := understand(question, "", "en", nothing).asks; got != want {
			t.Errorf("%s: got %s, want %s", question, got, want)
		}
	}
}

// nothing is a record that holds no word.
func nothing(string) bool { return false }

// TestCorrect holds that question words are read as they were meant, and other
// words as they are written.
func TestCorrect(t *testing.T) {
	for typed, meant := range map[string]string{
		"wat did teh mayor say abuot it": "what did the mayor say about it", "hwo mny peices": "how many peices", "wich vilage": "which vilage",
		"скока людей": "сколько людей", "wen was it": "when was it", "Meny came": "meny came", "wheat prices": "wheat prices", "xq lo dijo": "por lo dijo",
		"who shot there": "who shot there", "тhе": "тhе",
	} {
		lang := corpus.DetectLanguage(typed)
		if lang == "" {
			lang = "en"
		}
		tokens := analyze(typed, lang)
		correct(tokens, lang, nothing)
		var words []string
		for _, tok := range tokens {
			words = append(words, tok.word)
		}
		if got := strings.Join(words, " "); got != meant {
			t.Errorf("%s (%s): %s", typed, lang, got)
		}
	}
	tokens := analyze("wher is meny", "en")
	correct(tokens, "en", func(stem string) bool { return stem == "meni" || stem == "meny" })
	if tokens[0].word != "where" || tokens[2].word != "meny" {
		t.Error(tokens[0].word, tokens[2].word)
	}
}

func TestDefinition(t *testing.T) {
	for question, want := range map[string]bool{
		"who is Peskov?": true, "What is the Gorrin formula": true, "кто такой Песков": true, "що таке ISW?": true, "was ist Oreshnik": true, "¿quién es Lavrov?": true,
		"who is in charge of the monitors": false, "What is the reason for the delay?": false, "who is": false, "What did Peskov say": false,
	} {
		if got := understand(question, "", "en", nothing).defines; got != want {
			t.Errorf("%s: %v", question, got)
		}
	}
}

// TestNamesWrittenSmall holds that a name is known by how the record writes it,
// and that the words of an office are not.
func TestNamesWrittenSmall(t *testing.T) {
	x := open(t, Options{Corpus: opener(files(map[string]string{
		"a.md": "---\ntitle: One\nlanguage: en\n---\n\nYesterday Minister Orlan Brask met Korvel in Tarn.\n\nIn June Korvel told the minister that Tarn was calm.\n\nThen Minister Brask left Tarn for good.\n",
	}))})
	s := x.acquire()
	defer x.release(s)
	k, err := s.answerRanking(t.Context(), Question{Text: "when did the minister meet korvel in tarn"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range k.q.concepts {
		if want := c.word == "korvel" || c.word == "tarn"; c.name != want {
			t.Errorf("%s: name %v", c.word, c.name)
		}
	}
}
