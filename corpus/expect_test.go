package corpus

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// expectation is what reading a page of the tuning set must give.
type expectation struct {
	File       string          `json:"file"`
	Title      string          `json:"title"`
	Author     string          `json:"author"`
	Publisher  string          `json:"publisher"`
	Date       string          `json:"date"`
	Language   string          `json:"language"`
	URL        string          `json:"url"`
	Headings   []string        `json:"headings"`
	Paragraphs []string        `json:"body_paragraphs"`
	List       []string        `json:"list_items"`
	Tables     [][]string      `json:"table_rows"`
	Boiler     []string        `json:"boilerplate"`
	BoilerLine []string        `json:"boilerplate_lines"`
	Quotes     []expectedQuote `json:"quotes"`
}

type expectedQuote struct {
	Text, Speaker string
	Canonical     string `json:"speaker_canonical"`
	Nested        bool
}

// reading counts what of the expectations a reading meets.
type reading struct{ wanted, met map[string]int }

func (r *reading) check(what string, ok bool) bool {
	r.wanted[what]++
	if ok {
		r.met[what]++
	}
	return ok
}

// TestPages reads the pages of the tuning set and holds what is read against
// what they must give.
func TestPages(t *testing.T) {
	bench := filepath.Join("..", "..", "shared", "bench")
	files, _ := filepath.Glob(filepath.Join(bench, "pages", "*.expect.json"))
	files = append(files, filepath.Join(bench, "seed", "expect.json"))
	if _, err := os.Stat(files[0]); err != nil {
		t.Skip("the tuning set ../shared/bench is not on this machine")
	}
	total := reading{map[string]int{}, map[string]int{}}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			var want expectation
			data, err := os.ReadFile(name)
			if err != nil || json.Unmarshal(data, &want) != nil {
				t.Fatalf("%s: %v", name, err)
			}
			file := want.File
			if filepath.Base(filepath.Dir(file)) != "articles" {
				file = filepath.Join("articles", file)
			}
			page, err := os.ReadFile(filepath.Join(filepath.Dir(name), file))
			if err != nil {
				t.Fatal(err)
			}
			a, err := Parse(file, page)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, &total, want, a)
		})
	}
	for what, n := range total.wanted {
		t.Logf("%-12s %d of %d", what, total.met[what], n)
	}
	if total.met["seed"] != total.wanted["seed"] {
		t.Error("the founding article is not read exactly")
	}
}

func compare(t *testing.T, total *reading, want expectation, a *Article) {
	seed := strings.Contains(want.File, "ibtimes")
	report := func(what string, ok bool, format string, args ...any) {
		if seed {
			total.check("seed", ok)
		}
		if !total.check(what, ok) {
			t.Logf(what+": "+format, args...)
		}
	}
	date := a.Published
	if len(date) > 10 {
		date = date[:10]
	}
	for _, m := range []struct{ what, got, want string }{
		{"title", a.Title, want.Title}, {"author", a.Author, want.Author}, {"publisher", a.Publisher, want.Publisher},
		{"date", date, want.Date}, {"language", a.Language, want.Language}, {"url", a.URL, want.URL},
	} {
		report("metadata", eitherHolds(m.got, m.want), "%s: got %q, want %q", m.what, m.got, m.want)
	}
	texts := make([]string, len(a.Paragraphs))
	for i, p := range a.Paragraphs {
		texts[i] = p.Text
	}
	wanted := slices.Clone(want.Paragraphs)
	for _, item := range want.List {
		wanted = append(wanted, strings.TrimLeft(item, "*123456789. "))
	}
	for _, row := range want.Tables {
		wanted = append(wanted, strings.Join(row, "\t"))
	}
	for _, p := range wanted {
		report("paragraphs", slices.Contains(texts, p), "missing %q", p)
	}
	for _, p := range texts {
		report("no rubbish", slices.Contains(wanted, p), "not wanted %q", p)
	}
	for _, q := range want.Quotes {
		compareQuote(report, q, a)
	}
}

func compareQuote(report func(string, bool, string, ...any), q expectedQuote, a *Article) {
	for _, s := range a.Statements {
		if s.Direct && fold(s.Text(a)) == fold(q.Text) {
			report("quotes", true, "")
			wantName := q.Canonical
			if wantName == "" {
				wantName = q.Speaker
			}
			report("speakers", s.Speaker != "" && sameSurname(s.Speaker, wantName), "%q: got %q, want %q", q.Text, s.Speaker, wantName)
			return
		}
	}
	if !q.Nested {
		report("quotes", false, "missing %q by %s", q.Text, q.Speaker)
	}
}

// fold leaves only letters and digits, in lower case.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func eitherHolds(got, want string) bool {
	g, w := fold(got), fold(want)
	if g == "" || w == "" {
		return g == w
	}
	return strings.Contains(g, w) || strings.Contains(w, g)
}

func sameSurname(got, want string) bool {
	want, _, _ = strings.Cut(want, " (")
	want, _, _ = strings.Cut(want, ",")
	fields := strings.Fields(want)
	return strings.Contains(fold(got), fold(fields[len(fields)-1])) || eitherHolds(got, want)
}
