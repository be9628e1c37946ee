package corpus

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// seeds are small files of every form, written for the tests.
var seeds = []struct{ name, text string }{
	{"a.md", "---\ntitle: A bridge\npublisher: The Post\ndate: 2025-12-30\n---\n\n# A bridge\n\nMayor Ann Bell said: \"It is *open*.\"[^a] She left.\n\n- one\n- two\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n[^a]: The Post, \"Open\", 2025-12-30, https://post.example/1\n"},
	{"a.txt", "Home\nThe Post\nThe Post\n\nBridge opens after a long wait in the harbour\n\nBy Ann Bell\n30 December 2025\n\nThe bridge over the harbour opened on Tuesday after three years of work, the mayor said. 'We waited long enough,' she added.\n\nRead more: Old bridge\n\nMore than two thousand people crossed it on the first day, according to the police of the town.\n\n© 2025 The Post"},
	{"a.html", "<html lang=en><head><title>Bridge</title><meta property='og:site_name' content='The Post'></head><body><article><h1>Bridge</h1><p>The bridge over the harbour opened on Tuesday after three years of work, the mayor said.</p><p>“It&nbsp;is open,” said Ann Bell.</p><table><tr><td>a</td><td>b</td></tr></table></article></body></html>"},
	{"b.txt", "Пресс-секретарь Дмитрий Волин заявил: «Мост открыт». Он добавил, что движение начнётся завтра.\n\n— Мы ждали, — сказала Анна Белова."},
	{"c.txt", "'Unclosed, he said\n\n“Runs on\n\n“and on,” said Bell.\n\n\"A\" 'b' «c „d“ e» ‘f’"},
	{"d.md", "[^x] [^y]: z\n\n[^y]: P, https://e.example/?a=\"b\"\n\n> q\n\n```\ncode [^y]\n```\n\n&amp; \\* &#x41;"},
	{"g.md", "KYIV, \"Hello\" (AP) — The bridge opened on Tuesday, the mayor said.\n\nMayor Ann Bell came to the podium.\n\n“We will open it next week and then go on.”"},
	{"h.txt", "Q: Is it open?\n\nReporter: Who said so?\n\nBell: It is.\n\nQ: When?\n\nReporter: And why?\n\nBell: Today."},
	{"e.txt", "a\u200bb\u00a0 c\u00ad d\tE\t\n1) x\r\n2) y\rz\u2028w \xff\xfe"},
}

// FuzzParse holds the laws of reading: no panic; every paragraph is valid
// UTF-8 without double spaces; sentences cover it in order; statements lie in
// it; reading twice gives the same.
func FuzzParse(f *testing.F) {
	for i, s := range seeds {
		f.Add(uint8(i), []byte(s.text))
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		if len(data) > 20000 {
			return
		}
		name := "a" + formats[int(kind)%len(formats)].ending
		a, err := Parse(name, data)
		if err != nil {
			return
		}
		if !a.Valid() || len(a.Paragraphs) == 0 {
			t.Fatalf("not valid: %+v", a)
		}
		for _, p := range a.Paragraphs {
			checkParagraph(t, p)
		}
		for _, s := range a.Statements {
			if s.Start == s.End {
				t.Errorf("an empty statement %+v", s)
			}
		}
		if again, err := Parse(name, data); err != nil || !reflect.DeepEqual(a, again) {
			t.Errorf("read again: %v\n%+v\n%+v", err, a, again)
		}
	})
}

func checkParagraph(t *testing.T, p Paragraph) {
	t.Helper()
	if !utf8.ValidString(p.Text) || strings.Contains(p.Text, "  ") || strings.TrimSpace(p.Text) == "" {
		t.Errorf("paragraph %q", p.Text)
	}
	at := 0
	for _, s := range p.Sentences {
		if strings.TrimSpace(p.Text[at:s.Start]) != "" || s.Start < at || s.End <= s.Start {
			t.Errorf("sentences %v leave out %q of %q", p.Sentences, p.Text[at:max(at, s.Start)], p.Text)
		}
		at = s.End
	}
	if strings.TrimSpace(p.Text[at:]) != "" {
		t.Errorf("sentences %v end before %q", p.Sentences, p.Text[at:])
	}
}

// FuzzQuotations holds that quotations lie in the text, in order, apart.
func FuzzQuotations(f *testing.F) {
	for _, s := range seeds {
		f.Add(s.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = asRead(strings.ToValidUTF8(text, "\ufffd"))
		at := 0
		for _, q := range quotations(text) {
			if q.outer.Start < at || q.inner.Start < q.outer.Start || q.inner.End < q.inner.Start || q.outer.End < q.inner.End || q.outer.End > len(text) {
				t.Fatalf("%q: %+v", text, q)
			}
			if !utf8.ValidString(text[q.inner.Start:q.inner.End]) {
				t.Fatalf("%q: %+v cuts a rune", text, q)
			}
			at = q.outer.End
		}
	})
}
