package corpus

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// FuzzPatternSet holds that a pattern set loses nothing: every pattern that
// matches a text is among its candidates.
func FuzzPatternSet(f *testing.F) {
	var patterns []*regexp.Regexp
	for _, r := range pageRules() {
		patterns = append(patterns, r.pattern)
		f.Add(r.example)
	}
	patterns = append(patterns, weakTerms().patterns...)
	set := newPatternSet(patterns)
	f.Add("the so-called \"quiet deal\" of the KELVIN K\u212a \u017fign up here")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 600 {
			return
		}
		text = asRead(strings.ToValidUTF8(text, "\ufffd"))
		found := set.candidates(strings.ToLower(text))
		for i, p := range patterns {
			if p.MatchString(text) && !slices.Contains(found, i) && plainCase(text) {
				t.Errorf("%q is matched by %s, which is no candidate", text, p)
			}
		}
	})
}

// plainCase reports whether no character of text folds to an ASCII letter that
// it does not become in lower case, as the long s does.
func plainCase(text string) bool { return !strings.ContainsAny(text, "\u017f\u212aİı") }

func TestSpeeches(t *testing.T) {
	for _, c := range []struct {
		lang, text string
		want       []string
	}{
		{"ru", "«Мы ждали, — сказал Петров, — и дождались».", []string{"Мы ждали,", "и дождались"}},
		{"ru", "«Один — два, — так считают дети».", []string{"Один — два, — так считают дети"}},
		{"uk", "— Куди я поїду? — каже вона. — Тут усе.", []string{"Куди я поїду?", "Тут усе."}},
		{"es", "—No lo sé —dijo Ana—. Nadie lo sabe.", []string{"No lo sé", "Nadie lo sabe."}},
		{"fr", "« Le pont est fermé, a déclaré Paul Renard, et il le restera. »", []string{"Le pont est fermé,", "et il le restera."}},
		{"en", "“One – two, said nobody, and three,” she said.", []string{"One – two, said nobody, and three,"}},
	} {
		var got []string
		for _, q := range speeches(c.text, grammarOf(c.lang)) {
			got = append(got, c.text[q.inner.Start:q.inner.End])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.text, got, c.want)
		}
	}
}

func TestRepaired(t *testing.T) {
	for _, text := range []string{
		"“It’s open,” said José Núñez — at last.",
		"Мост открыт, сообщил мэр города Иван Петров.",
		"Міст відкрито, каже мер.",
	} {
		for _, enc := range []*charmap.Charmap{charmap.Windows1252, charmap.Windows1251} {
			var wrong strings.Builder
			for _, b := range []byte(text) {
				wrong.WriteRune(enc.DecodeByte(b))
			}
			if strings.ContainsRune(wrong.String(), '\ufffd') {
				continue // it cannot be undone
			}
			if got := repaired(wrong.String()); got != text {
				t.Errorf("%s: got %q, want %q", enc, got, text)
			}
		}
		if got := repaired(text); got != text {
			t.Errorf("changed %q to %q", text, got)
		}
	}
	for _, text := range []string{"São Paulo, Ñandú, Âge", "Â£5 and one â€ alone", "ÃÂ"} {
		if got := repaired(text); got != text {
			t.Errorf("changed %q to %q", text, got)
		}
	}
}

func TestWide(t *testing.T) {
	for _, text := range []string{"The bridge over the harbour is open.", "Мост через гавань снова открыт для всех."} {
		for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
			data, err := unicode.UTF16(order, unicode.IgnoreBOM).NewEncoder().String(text)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := decode([]byte(data), ".txt"); err != nil || got != text {
				t.Errorf("%v: got %q, %v", order, got, err)
			}
		}
	}
}

// kinds returns the paragraphs of an article with their kind before each.
func kinds(a *Article) []string {
	var out []string
	for _, p := range a.Paragraphs {
		out = append(out, string(p.Kind)+": "+p.Text)
	}
	return out
}

const (
	first  = "The old bridge over the harbour was closed on Tuesday after cracks were found in its pillars."
	second = "About four thousand people crossed it every day, and a ferry will take them until the spring."
	third  = "Repairs will cost twelve million crowns, which is twice what was planned two years ago."
)

// TestPageForms reads pages that differ in one thing.
func TestPageForms(t *testing.T) {
	head := "Home News Sport Opinion Weather\nThe Harbour Post\n\nOld bridge closes for the winter as cracks are found\n\nBy Ann Bell\n4 January 2026\n\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a teaser under the title": {strings.Replace(head, "\n\nBy", "\n\nThe ferry will take four thousand people a day until the spring, and the office has no money for more.\n\nBy", 1) + first + "\n\n" + second, []string{first, second}},
		"captions and credits":     {head + "A queue at the ferry. (Tom Dell / City Service)\n\n" + first + "\n\nPeople at the harbour on Monday.Credit...Tom Dell for The Post\n\n" + second, []string{first, second}},
		"teasers":                  {head + first + "\n\nRead more\nThe ferry that nobody wanted\nWho pays for bridges\n\n" + second, []string{first, second}},
		"teasers without a gap":    {head + first + "\nRead also:\nThe ferry that nobody wanted\n" + second + "\n" + third, []string{first, second, third}},
		"a foot":                   {head + first + "\n\n" + second + "\n\nAnn Bell contributed reporting from the harbour.\n\nThe Harbour Post is an independent paper that has been printed in this town for a hundred years.", []string{first, second}},
		"indented paragraphs":      {head + "   " + strings.Replace(first, "Tuesday ", "Tuesday\n", 1) + "\n   " + strings.Replace(second, "every ", "every\n", 1) + "\n   " + third, []string{first, second, third}},
		"a colon and items":        {head + first + "\n\nThe office promises three things:\n\na ferry every ten minutes\n\nfree tickets for children\n\n" + second, []string{first, "The office promises three things:", "a ferry every ten minutes", "free tickets for children", second}},
		"a heading that asks":      {head + first + "\n\nWho will pay?\n\n" + second, []string{first, second}},
		"a live blog":              {head + "10:31\n\n" + first + "\n\n11:05 Uhr\n\n" + second + "\n\n12:40. " + third, []string{first, second, third}},
	} {
		a, err := Parse("x.txt", []byte(c.text))
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, p := range a.Paragraphs {
			got = append(got, p.Text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, c.want)
		}
		if a.Title != "Old bridge closes for the winter as cracks are found" || a.Author != "Ann Bell" || a.Published != "2026-01-04" {
			t.Errorf("%s: %q by %q, %s", name, a.Title, a.Author, a.Published)
		}
	}
}

func TestPageMeta(t *testing.T) {
	for name, c := range map[string]struct{ text, title, author, publisher, published, url string }{
		"below the title": {
			"Гавань сегодня\nПолитика Экономика Общество\n\nСтарый мост закрыли до весны из-за трещин\nАнна Белова\n4 янв, 18:32\n\nСтарый мост через гавань закрыли во вторник, потому что в его опорах нашли глубокие трещины.\n\n© 2019–2026, Гавань сегодня. Все права защищены.",
			"Старый мост закрыли до весны из-за трещин", "Анна Белова", "Гавань сегодня", "2026-01-04T18:32", "",
		},
		"an address": {
			"HAFENBLATT\nhttps://www.hafenblatt.example/stadt/2026/01/04/alte-bruecke-gesperrt-12.html\nVon Anna Muster und Tom Beispiel, Hafenstadt\n04.01.2026, 18.30 Uhr\nAlte Brücke bis zum Frühjahr gesperrt, weil Risse gefunden wurden\n\nDie alte Brücke über den Hafen ist seit Dienstag gesperrt, weil in ihren Pfeilern tiefe Risse gefunden wurden.",
			"Alte Brücke bis zum Frühjahr gesperrt, weil Risse gefunden wurden", "Anna Muster, Tom Beispiel", "Hafenblatt", "2026-01-04T18:30", "https://www.hafenblatt.example/stadt/2026/01/04/alte-bruecke-gesperrt-12.html",
		},
		"day first": {
			"Le Port\n\nLe vieux pont fermé jusqu'au printemps après des fissures\nPar : Anne Muster\nPublié le : 09/11/2025 - 14:22\n\nLe vieux pont du port est fermé depuis mardi parce que de profondes fissures ont été trouvées.\n\n© Le Port 2025",
			"Le vieux pont fermé jusqu'au printemps après des fissures", "Anne Muster", "Le Port", "2025-11-09T14:22", "",
		},
	} {
		a, err := Parse("x.txt", []byte(c.text))
		if err != nil {
			t.Fatal(name, err)
		}
		if a.Title != c.title || a.Author != c.author || a.Publisher != c.publisher || a.Published != c.published || a.URL != c.url {
			t.Errorf("%s: %q by %q of %q, %s, %s", name, a.Title, a.Author, a.Publisher, a.Published, a.URL)
		}
	}
}

func TestPosts(t *testing.T) {
	desktop := "Harbour Watch, [04/01/2026 07:45]\nGood morning\nThe bridge is closed — take the ferry\n\nHarbour Watch, [04/01/2026 09:10]\n[Photo]\n[Forwarded from City Office]\nWhat we know:\n— two pillars are cracked;\n— nobody was hurt.\n"
	a, err := Parse("x.txt", []byte(desktop))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"paragraph: Good morning", "paragraph: The bridge is closed — take the ferry", "paragraph: What we know:", "list: two pillars are cracked;", "list: nobody was hurt."}
	if got := kinds(a); !slices.Equal(got, want) || a.Title != "" || a.Publisher != "Harbour Watch" || a.Published != "2026-01-04T07:45" && a.Published != "" || a.Paragraphs[2].Time != "09:10" {
		t.Errorf("%q by %q, %s: %q", a.Title, a.Publisher, a.Published, got)
	}
	web := "Telegram\nHarbour Watch\n@harbour_watch\n12.1K subscribers\n310 photos\nNews from the quay\n\nJanuary 4, 2026\nHarbour Watch\nThe bridge is closed\n👍 81 😢 34\n2.9K views\nedited\n10:40\n"
	a, err = Parse("x.txt", []byte(web))
	if err != nil {
		t.Fatal(err)
	}
	if got := kinds(a); !slices.Equal(got, []string{"paragraph: The bridge is closed"}) || a.Publisher != "Harbour Watch" || a.Published != "2026-01-04" {
		t.Errorf("%q, %s: %q", a.Publisher, a.Published, got)
	}
}

func TestQuestions(t *testing.T) {
	answer := "Nobody had looked at the pillars for ten years, and nobody wanted to."
	for name, c := range map[string]struct{ file, text string }{
		"labels":   {"x.txt", "POST: Why was it closed?\n\nBell: " + answer + "\n\nPOST: You knew it.\n\nBell: " + answer + "\n\nPOST: And now?\n\nBell: " + answer},
		"marks":    {"x.txt", "Why was it closed only now?\n\n" + answer + "\n\nDid the office know of it?\n\n" + answer + "\n\nAnd what happens next?\n\n" + answer},
		"markdown": {"x.md", "**Why was it closed?**\n\n" + answer + "\n\n**And now?**\n\n" + answer},
		"html":     {"x.html", "<p><strong>Why was it closed?</strong></p><p>" + answer + "</p><p><b>You knew it.</b></p><p>" + answer + "</p><p><strong>Who pays?</strong></p><p>" + answer + "</p><p><strong>And now?</strong></p><p>" + answer + "</p>"},
	} {
		a, err := Parse(c.file, []byte(c.text))
		if err != nil {
			t.Fatal(name, err)
		}
		for i, p := range a.Paragraphs {
			if (p.Kind == Question) != (i%2 == 0) {
				t.Errorf("%s: paragraph %d is a %s: %s", name, i, p.Kind, p.Text)
			}
		}
	}
	a, err := Parse("x.md", []byte(first+"\n\nWho will pay for it?\n\n"+second+"\n\n"+third))
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(a.Paragraphs, func(p Paragraph) bool { return p.Kind == Question }) {
		t.Errorf("one question makes no interview: %q", kinds(a))
	}
}

func TestHTMLForms(t *testing.T) {
	page := `<html lang=en><head><title>Old bridge closes | Harbour Post</title></head><body><nav><a href=/>Home</a></nav>
<article><h1>Old bridge closes</h1><p class="standfirst">It may stay closed until the spring, and nobody knows who pays.</p>
<div class="byline">By <a rel=author>Ann Bell</a> and <a rel=author>Tom Dell</a></div><time datetime="2026-01-04T18:30">4 Jan</time>
<p>` + first + `</p><p><a href=/x>The ferry that nobody wanted</a></p><figure><img><figcaption>A queue.</figcaption></figure>
<p>` + second + `<br>` + third + `</p><ul><li><a href=/y>Who pays for bridges</a></li></ul><h2>What now</h2><ul><li>a ferry every ten minutes</li></ul>
<div class="newsletter-signup"><p>Get our best stories every morning.</p></div></article><footer>© 2026</footer></body></html>`
	a, err := Parse("x.html", []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"paragraph: " + first, "paragraph: " + second, "paragraph: " + third, "list: a ferry every ten minutes"}
	if got := kinds(a); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if a.Title != "Old bridge closes" || a.Publisher != "Harbour Post" || a.Author != "Ann Bell, Tom Dell" && a.Author != "Ann Bell" || a.Published != "2026-01-04T18:30" || a.Paragraphs[3].Heading != "What now" {
		t.Errorf("%q by %q of %q, %s under %q", a.Title, a.Author, a.Publisher, a.Published, a.Paragraphs[3].Heading)
	}
}

func TestCopies(t *testing.T) {
	article := func(id string, paragraphs ...string) *Article {
		a, err := Parse("x.md", []byte(strings.Join(paragraphs, "\n\n")))
		if err != nil {
			t.Fatal(err)
		}
		a.ID = id
		return a
	}
	c := NewCopies()
	if _, ok := c.Add(article("a", first, second, third)); ok {
		t.Error("the first article is a copy")
	}
	if _, ok := c.Add(article("b", "The ferry sank in the night, and nobody was on board of it at all.", "The harbour office will look for another one until the end of the week.")); ok {
		t.Error("another article is a copy")
	}
	got, ok := c.Add(article("c", "A word of our own comes first, which the others do not have.", strings.ToUpper(second), third))
	if !ok || got.ID != "a" || got.Of != 0 || !slices.Equal(got.Shared, []int{-1, 1, 2}) {
		t.Errorf("got %+v, %v", got, ok)
	}
	if got, ok := c.Add(article("d", first, third)); !ok || got.ID != "a" {
		t.Errorf("got %+v, %v", got, ok)
	}
}

// TestLoadOrder holds that files come in the order of their paths though many
// are read at a time, and that a caller may stop early.
func TestLoadOrder(t *testing.T) {
	fsys := fstest.MapFS{}
	var want []string
	for i := range 60 {
		name := fmt.Sprintf("%02d.md", i)
		want = append(want, name)
		fsys[name] = &fstest.MapFile{Data: []byte(strings.Repeat(first+"\n\n", 1+i*37%50))}
	}
	var got []string
	for f := range Load(context.Background(), fsys) {
		got = append(got, f.Path)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	n := 0
	for range Load(context.Background(), fsys) {
		if n++; n == 5 {
			break
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for f := range Load(ctx, fsys) {
		if n++; n > 10 {
			t.Fatalf("%s is read though nobody waits", f.Path)
		}
	}
}
