package corpus

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		lang string
		want []string
	}{
		{"en", []string{"The U.S. envoy met Mr. Bell on Dec. 28.", "He left at 5 p.m. on Monday.", "Then it rained."}},
		{"en", []string{"The talks began at 9 a.m.", "About 300 people came."}},
		{"en", []string{"J. K. Smith paid 3.5 million dollars.", "Was it enough?", "No!"}},
		{"en", []string{"'They won't come. There is no way,' she said.", "Nobody came."}},
		{"en", []string{"He called it \"a step back.\"", "She agreed… and left."}},
		{"ru", []string{"Им было по 20 лет и т.д. и т.п.", "Песков сказал: «Ответ будет. Он будет скоро»."}},
		{"de", []string{"Am 28. Dezember kamen z.B. drei Busse.", "Dann war Ruhe."}},
		{"uk", []string{"У м. Київ пройшла зустріч.", "Доказів немає."}},
	} {
		text := strings.Join(c.want, " ")
		var got []string
		for _, s := range sentences(text, c.lang, quotations(text)) {
			got = append(got, text[s.Start:s.End])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q\ngot  %q\nwant %q", text, got, c.want)
		}
	}
}

func TestQuotations(t *testing.T) {
	for text, want := range map[string][]string{
		`'I don't know,' he said.`:                       {"I don't know,"},
		`The ministers' plan and 'the king's speech'.`:   {"the king's speech"},
		`“One,” she said. “Two ‘three’ four.”`:           {"One,", "Two ‘three’ four."},
		`»Es ist vorbei«, sagte er. »Ja, ›wirklich‹.«`:   {"Es ist vorbei", "Ja, ›wirklich‹."},
		`«Да», — сказал он. „Ja“, sagte sie.`:            {"Да", "Ja"},
		`In the '90s nobody said "no" or 'maybe not'.`:   {"no", "maybe not"},
		`“This runs on to the next paragraph`:            {"This runs on to the next paragraph"},
		`"We count," said Tarrant, "and then we stop."`:  {"We count,", "and then we stop."},
		`No quotation: Putin's, won't, the ministers' .`: nil,
	} {
		var got []string
		for _, q := range quotations(text) {
			got = append(got, text[q.inner.Start:q.inner.End])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestStatements(t *testing.T) {
	for _, c := range []struct{ text, words, speaker string }{
		{`Mayor Ann Bell opened the bridge. "It is open," she said.`, "It is open,", "Ann Bell"},
		{`"It is open," said Ann Bell, 67, who lives there.`, "It is open,", "Ann Bell"},
		{`Ann Bell spoke first. Foreign Minister Jon Carr called the plan 'a long joke'.`, "a long joke", "Jon Carr"},
		{`Jon Carr, a former judge who now leads the council, wrote that it was “over”.`, "over", "Jon Carr"},
		{`Ann Bell arrived. "One," she said. "Two follows three."`, "Two follows three.", "Ann Bell"},
		{`The ministry said the road would "stay shut", and Carr agreed.`, "stay shut", "The ministry"},
		{`Carr's aide Tim Dell told reporters that 'nothing happened'.`, "nothing happened", "Tim Dell"},
		{`Jon Carr said Kyiv "will answer", the agency TASS reported.`, "will answer", "Jon Carr"},
		{`Ann Bell came. "I stay," said Tom Bell.`, "I stay,", "Tom Bell"},
		{`Ann Bell and Tom Bell came. "We stay," Bell said.`, "We stay,", "Bell"},
		{`Министр Иван Петров приехал вечером. «Мост открыт», — сказал Петров.`, "Мост открыт", "Иван Петров"},
		{`„Der Damm hält“, sagte Ingenieur Karl Voss.`, "Der Damm hält", "Karl Voss"},
		{`Das ist nicht neu. Kanzler Karl Voss hatte am Montag „mehr Klarheit“ verlangt.`, "mehr Klarheit", "Karl Voss"},
		{`Karl Voss zufolge ist der Damm „sicher wie nie“, wie es am Abend in der Stadt hieß.`, "sicher wie nie", "Karl Voss"},
		{`По словам Андрея Петрова, мост «закроют до весны», и объезда не будет.`, "закроют до весны", "Андрей Петров"},
		{`Мэр Иван Петров приехал. «Мы ждали, — сказал он, — и дождались».`, "и дождались", "Иван Петров"},
		{`У міністерстві сказали: «Міст закрито». Мер Олена Коваль додала: «Надовго».`, "Надовго", "Олена Коваль"},
		{`La ministra Elena Soler llegó tarde. «No habrá puente», zanjó Soler.`, "No habrá puente", "Elena Soler"},
		{`Le maire, Paul Renard, est venu. « Le pont est fermé », a-t-il déclaré.`, "Le pont est fermé", "Paul Renard"},
		{`The mayor's spokeswoman, Ann Bell, told reporters it was "over".`, "over", "Ann Bell"},
		{`Tom Dell was called "a fool" by Ann Bell on Monday.`, "a fool", "Ann Bell"},
		{`WASHINGTON (AP) — Ann Bell said it was "done".`, "done", "Ann Bell"},
		{`Sen. Ann Bell (R-Ohio) told the Post that it was "done".`, "done", "Ann Bell"},
		{`"Why now?" Ann Bell asked. Tom Dell said nothing.`, "Why now?", "Ann Bell"},
		{`One senior aide said the plan was "dead". "Nobody wants it," the aide said.`, "Nobody wants it,", "One senior aide"},
		{`When a reporter asked, "Will you go?" Ann Bell laughed.`, "Will you go?", "a reporter"},
		{`TASS quoted Ann Bell as saying that it was "done".`, "done", "Ann Bell"},
		{`Ann Bell said it was "a start", while Tom Dell called it "a trick".`, "a trick", "Tom Dell"},
		{`"What happens now?" Ann Bell was asked by somebody in the hall.`, "What happens now?", ""},
	} {
		a, err := Parse("x.md", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, s := range a.Statements {
			if s.Direct && s.Text(a) == c.words {
				found = true
				if s.Speaker != c.speaker {
					t.Errorf("%s\nspeaker %q, want %q", c.text, s.Speaker, c.speaker)
				}
			}
		}
		if !found {
			t.Errorf("%s\nno statement %q in %+v", c.text, c.words, a.Statements)
		}
	}
}

func TestReportedSpeech(t *testing.T) {
	a, err := Parse("x.md", []byte("Kremlin adviser Yuri Orlov said the call was short. He added that nothing changed.\n\nThe town council met on Monday."))
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Statements) != 2 {
		t.Fatalf("got %+v", a.Statements)
	}
	for _, s := range a.Statements {
		if s.Speaker != "Yuri Orlov" || s.Role != "Kremlin adviser" || s.Direct {
			t.Errorf("got %+v", s)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"2025-12-30": "2025-12-30", "2026-01-01T16:20:00Z": "2026-01-01T16:20:00Z",
		"Tue 30 Dec 2025 19.40 GMT": "2025-12-30T19:40", "December 30, 2025": "2025-12-30", "30th of December 2025": "2025-12-30",
		"Updated 4:52 PM EDT, March 19, 2026": "2026-03-19T16:52", "01/02/2026 9:05 AM CST": "2026-01-02T09:05", "31.12.2025, 18:47 Uhr": "2025-12-31T18:47",
		"30 декабря 2025": "2025-12-30", "30 грудня 2025 року": "2025-12-30", "28. Dezember 2025": "2025-12-28",
		"30 de diciembre de 2025": "2025-12-30", "30 décembre 2025": "2025-12-30", "25/12/2025": "2025-12-25",
		"2025-12-30T99:99": "2025-12-30", "2025-13-05": "", "01/02/2026": "", "12/29/2025": "2025-12-29",
		"31 February 2025": "", "yesterday": "", "": "", "99 Foo 2025": "",
	} {
		if got := parseDate(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestDecode(t *testing.T) {
	russian := "Мост открыт, сообщил мэр города."
	for name, data := range map[string][]byte{
		"utf-8": []byte(russian), "bom": append([]byte("\xef\xbb\xbf"), russian...),
		"windows-1251": {0xcc, 0xee, 0xf1, 0xf2, 0x20, 0xee, 0xf2, 0xea, 0xf0, 0xfb, 0xf2, 0x2c, 0x20, 0xf1, 0xee, 0xee, 0xe1, 0xf9, 0xe8, 0xeb, 0x20, 0xec, 0xfd, 0xf0, 0x20, 0xe3, 0xee, 0xf0, 0xee, 0xe4, 0xe0, 0x2e},
		"utf-16":       utf16le(russian),
	} {
		if got, err := decode(data, ".txt"); err != nil || got != russian {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
	if got, err := decode([]byte("caf\xe9 au lait"), ".txt"); err != nil || got != "café au lait" {
		t.Errorf("windows-1252: got %q, %v", got, err)
	}
	for name, data := range map[string][]byte{"empty": nil, "blank": []byte(" \n\t"), "binary": []byte("ab\x00\x01\x02\x03\x04cd")} {
		if _, err := decode(data, ".txt"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func utf16le(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, r := range s {
		out = append(out, byte(r), byte(r>>8))
	}
	return out
}

func TestMarkdown(t *testing.T) {
	a, err := Parse("x.md", []byte(seeds[0].text))
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "A bridge" || a.Publisher != "The Post" || a.Published != "2025-12-30" {
		t.Errorf("got %+v", a)
	}
	want := []Paragraph{{Text: `Mayor Ann Bell said: "It is open." She left.`, Kind: Prose}, {Text: "one", Kind: ListItem}, {Text: "two", Kind: ListItem}, {Text: "x\ty", Kind: TableRow}, {Text: "1\t2", Kind: TableRow}}
	if len(a.Paragraphs) != len(want) {
		t.Fatalf("got %+v", a.Paragraphs)
	}
	for i, p := range a.Paragraphs {
		if p.Text != want[i].Text || p.Kind != want[i].Kind {
			t.Errorf("paragraph %d: got %q %s, want %q %s", i, p.Text, p.Kind, want[i].Text, want[i].Kind)
		}
	}
	reported := Source{Publisher: "The Post", Title: "Open", Published: "2025-12-30", URL: "https://post.example/1"}
	if got := a.Paragraphs[0].ReportedBy; len(got) != 1 || got[0] != reported {
		t.Errorf("reported by %+v", got)
	}
}

// TestMarkdownKeepsAll holds what is easily lost or glued.
func TestMarkdownKeepsAll(t *testing.T) {
	source := "## Talks[^1] in Geneva\n\nAn intro [^1][^1].\n\n<p>A &amp; piece of HTML.</p>\n\n- item\n\n      code in it\n\n- > one\n  >\n  > two\n\n" +
		strings.Repeat("-", 200) + "\n\nThe end.\n\n[^1]: The Post, \"Talks\",\n    2025-12-30, https://post.example/1\n"
	a, err := Parse("x.md", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, p := range a.Paragraphs {
		texts = append(texts, p.Text)
	}
	if want := []string{"An intro.", "A & piece of HTML.", "item", "code in it", "one", "two", "The end."}; !slices.Equal(texts, want) {
		t.Errorf("got %q, want %q", texts, want)
	}
	if a.Paragraphs[0].Heading != "Talks in Geneva" {
		t.Errorf("heading %q", a.Paragraphs[0].Heading)
	}
	if r := a.Paragraphs[0].ReportedBy; len(r) != 1 || r[0].Published != "2025-12-30" || r[0].URL != "https://post.example/1" {
		t.Errorf("reported by %+v", r)
	}
}

// TestTooMuch holds that a text made to be slow is refused, and that ordinary
// ones are not.
func TestTooMuch(t *testing.T) {
	for name, text := range map[string]string{
		"table": strings.Repeat("|a", 2000) + "\n" + strings.Repeat("|-", 2000) + "\n" + strings.Repeat("|\n", 2000), "quotation": strings.Repeat("> ", 500) + "x",
		"list": strings.Repeat("- ", 500) + "x", "links": strings.Repeat("[a](", 5000),
	} {
		if _, err := Parse("x.md", []byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, text := range []string{"A text.\n\n" + strings.Repeat("*", 300), strings.Repeat("0", 500), "|a|b|\n|-|-|\n" + strings.Repeat("|1|2|\n", 200)} {
		if _, err := Parse("x.md", []byte(text)); err != nil {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

func TestLineBreaks(t *testing.T) {
	a, err := Parse("x.html", []byte("<html><body><form id=aspnetForm><article><p>The bridge over the harbour is open to all who come from the town.<br><br>Second line of it.</p><p>Another paragraph follows it here, and it says that nobody was hurt on that day.</p></article></form></body></html>"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(a.Paragraphs[0].Text, "town. Second line") && len(a.Paragraphs) < 3 {
		t.Errorf("got %+v", a.Paragraphs)
	}
}

func TestRawPage(t *testing.T) {
	a, err := Parse("x.txt", []byte(seeds[1].text))
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "Bridge opens after a long wait in the harbour" || a.Author != "Ann Bell" || a.Publisher != "The Post" || a.Published != "2025-12-30" {
		t.Errorf("title %q author %q publisher %q published %q", a.Title, a.Author, a.Publisher, a.Published)
	}
	short, err := Parse("y.txt", []byte("No attack happened, he said.\n\n- a point first\n- another one\n\nThe bridge over the harbour opened on Tuesday after three years of hard work, the mayor said."))
	if err != nil || len(short.Paragraphs) != 4 {
		t.Errorf("%v %+v", err, short)
	}
	if len(a.Paragraphs) != 2 || !strings.HasPrefix(a.Paragraphs[1].Text, "More than two thousand") {
		t.Errorf("paragraphs %+v", a.Paragraphs)
	}
}

func TestHTML(t *testing.T) {
	a, err := Parse("x.html", []byte(seeds[2].text))
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "Bridge" || a.Publisher != "The Post" || a.Language != "en" {
		t.Errorf("got %+v", a)
	}
	if len(a.Paragraphs) < 2 || a.Paragraphs[1].Text != "“It is open,” said Ann Bell." {
		t.Errorf("paragraphs %+v", a.Paragraphs)
	}
}

// TestLoad holds that every file that cannot be read is named with a reason,
// and that the others are read all the same.
func TestLoad(t *testing.T) {
	good := &fstest.MapFile{Data: []byte("A good article stands here, and it says one thing.")}
	fsys := fstest.MapFS{
		"good.md": good, "sub/good.md": good, "good.txt": good, "broken.md": {Data: []byte("---\ntitle: [\n---\nx")},
		"open.md": {Data: []byte("---\ntitle: x\nno end")}, "empty.md": {}, "binary.md": {Data: []byte{0, 1, 2, 3}},
		"folder.md": {Mode: fs.ModeDir}, "nothing.md": {Data: []byte("[^a]: only a note")}, "photo.jpg": {Data: []byte("x")}, ".hidden.md": good,
	}
	read, skipped := map[string]string{}, map[string]string{}
	for f := range Load(context.Background(), fsys) {
		if f.Article == nil {
			skipped[f.Path] = f.Skipped
			continue
		}
		read[f.Path] = f.Article.ID
	}
	if len(read) != 3 || read["good.md"] != "good" || read["good.txt"] != "good.txt" || read["sub/good.md"] != "sub/good" {
		t.Errorf("read %v", read)
	}
	for _, name := range []string{"broken.md", "open.md", "empty.md", "binary.md", "folder.md", "nothing.md"} {
		if skipped[name] == "" {
			t.Errorf("%s was not skipped with a reason: %v", name, skipped)
		}
	}
	if len(skipped) != 6 {
		t.Errorf("skipped %v", skipped)
	}
}

func TestLoadFromDisk(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "out.md")
	write := func(name string, size int64) {
		if err := os.WriteFile(name, []byte("A good article stands here."), 0o600); err != nil {
			t.Fatal(err)
		}
		if size > 0 {
			if err := os.Truncate(name, size); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(filepath.Join(dir, "good.md"), 0)
	write(filepath.Join(dir, "huge.md"), MaxFileSize+1)
	write(outside, 0)
	linked := os.Symlink(outside, filepath.Join(dir, "link.md"))
	if linked != nil {
		t.Log("without a link, which cannot be made here:", linked)
	}
	fsys, closer, err := Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closer.Close()
	got := map[string]string{}
	for f := range Load(context.Background(), fsys) {
		got[f.Path] = f.Skipped
	}
	if got["good.md"] != "" || got["huge.md"] == "" || linked == nil && got["link.md"] == "" {
		t.Errorf("got %v", got)
	}
}

// TestEvent holds what the built-in event promises: enough of it, in our own
// name, every paragraph with who reported it.
func TestEvent(t *testing.T) {
	articles, paragraphs := 0, 0
	for f := range Load(context.Background(), Event()) {
		if f.Article == nil {
			t.Errorf("%s skipped: %s", f.Path, f.Skipped)
			continue
		}
		articles++
		paragraphs += len(f.Article.Paragraphs)
		if f.Article.Publisher != "On Record briefing" || f.Article.Title == "" || f.Article.Published == "" || f.Article.URL != "" {
			t.Errorf("%s: %q by %q of %q at %q", f.Path, f.Article.Title, f.Article.Publisher, f.Article.Published, f.Article.URL)
		}
		for i, p := range f.Article.Paragraphs {
			if len(p.ReportedBy) == 0 {
				t.Errorf("%s paragraph %d has no footnote: %s", f.Path, i, p.Text)
			}
			for _, r := range p.ReportedBy {
				if r.Publisher == "" || r.URL == "" {
					t.Errorf("%s paragraph %d: report %+v", f.Path, i, r)
				}
			}
		}
	}
	if articles < 12 || paragraphs < 150 {
		t.Errorf("%d articles, %d paragraphs", articles, paragraphs)
	}
}

// TestPageRules holds that every rule matches its own example.
func TestPageRules(t *testing.T) {
	rules := pageRules()
	if len(rules) < 100 {
		t.Fatalf("%d rules", len(rules))
	}
	for _, r := range rules {
		if !r.pattern.MatchString(r.example) {
			t.Errorf("%s %s: %s does not match its example %q", r.kind, r.language, r.pattern, r.example)
		}
	}
}

// TestDataFiles holds that data files say their format, are sorted and have no
// row twice.
func TestDataFiles(t *testing.T) {
	files, err := filepath.Glob("data/*")
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(raw), "#") {
			t.Errorf("%s does not open with a comment that gives its format", name)
		}
		before := ""
		for line := range strings.Lines(string(raw)) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			if line <= before {
				t.Errorf("%s is not sorted, or holds twice: %s", name, line)
			}
			before = line
		}
	}
}

// TestFingerprint holds that the probes are read, and that the fingerprint does
// not depend on where values lie in memory.
func TestFingerprint(t *testing.T) {
	for _, p := range probes {
		a, err := Parse(p.name, []byte(p.text))
		if err != nil || len(a.Paragraphs) == 0 {
			t.Errorf("%s: %v", p.name, err)
		}
		b, _ := Parse(p.name, []byte(p.text))
		if x, y := fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b); x != y || strings.Contains(x, "0xc0") {
			t.Errorf("%s: %s\n%s", p.name, x, y)
		}
	}
}

func TestSideOf(t *testing.T) {
	for _, c := range []struct{ speaker, role, want string }{
		{"Dmitry Peskov", "Kremlin spokesperson", "Russia"}, {"Andrii Sybiha", "Ukraine's Foreign Minister", "Ukraine"},
		{"Russia's Defence Ministry", "", "Russia"}, {"Kyiv", "", "Ukraine"}, {"Ann Bell", "mayor", ""},
	} {
		if got := SideOf(c.speaker, c.role); got != c.want {
			t.Errorf("%s, %s: got %q, want %q", c.speaker, c.role, got, c.want)
		}
	}
}

func TestDetectLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"What did the minister say about it?": "en", "Что сказал министр об этом?": "ru", "Що сказав міністр про це?": "uk",
		"Was hat der Minister dazu gesagt?": "de", "¿Qué dijo el ministro sobre eso?": "es", "🚁🔥": "", "Коли це було": "uk",
	} {
		if got := DetectLanguage(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
