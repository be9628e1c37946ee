package say

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
)

var verb = regexp.MustCompile(`%(\[\d\])?[sd]`)

// TestWords holds that every language has every message, with the same verbs
// in the same order, and everything else that a message is made of.
func TestWords(t *testing.T) {
	english := wordings()[English]
	for _, m := range declaredMessages(t) {
		if english.Messages[m] == "" {
			t.Errorf("en: no message %q", m)
		}
	}
	if got, want := len(english.Messages), len(declaredMessages(t)); got != want {
		t.Errorf("en.yaml holds %d messages, the program names %d", got, want)
	}
	if len(Languages()) < 5 || Languages()[0] != English {
		t.Errorf("languages %v", Languages())
	}
	for _, lang := range Languages() {
		w := wordings()[lang]
		for key, text := range english.Messages {
			if got, want := verb.FindAllString(w.Messages[key], -1), verb.FindAllString(text, -1); w.Messages[key] == "" || !slices.Equal(got, want) {
				t.Errorf("%s: message %q has verbs %v, want %v", lang, key, got, want)
			}
		}
		for key := range w.Messages {
			if english.Messages[key] == "" {
				t.Errorf("%s: message %q is not in English", lang, key)
			}
		}
		for command := range english.Commands {
			if d := w.Commands[command]; d == "" || utf8.RuneCountInString(d) > 256 {
				t.Errorf("%s: command %q is described by %q", lang, command, d)
			}
		}
		for noun := range english.Counts {
			for n := range 121 {
				form := pluralForms[plural.Cardinal.MatchPlural(w.tag, n, 0, 0, 0, 0)]
				if !strings.Contains(w.Counts[noun][form], "%d") {
					t.Fatalf("%s: %d of %s wants the form %s", lang, n, noun, form)
				}
			}
		}
		if len(w.Months) != 12 || strings.Contains(Day(lang, "2025-12-30"), "%!") {
			t.Errorf("%s: dates read %s", lang, Day(lang, "2025-12-30"))
		}
		if n := utf8.RuneCountInString(w.Messages[Description]); n > 512 {
			t.Errorf("%s: the description has %d characters", lang, n)
		}
		if n := utf8.RuneCountInString(w.Messages[ShortDescription]); n > 120 {
			t.Errorf("%s: the short description has %d characters", lang, n)
		}
	}
}

// declaredMessages reads the constants of type Message from the source.
func declaredMessages(t *testing.T) []Message {
	file, err := parser.ParseFile(token.NewFileSet(), "words.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []Message
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Message" {
			out = append(out, Message(strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)))
		}
		return true
	})
	return out
}

func TestDayAndCount(t *testing.T) {
	for lang, want := range map[string][2]string{
		"en": {"30 December 2025", "21 articles"}, "de": {"30. Dezember 2025", "21 Artikel"}, "es-MX": {"30 de diciembre de 2025", "21 artículos"},
		"ru": {"30 декабря 2025", "21 статья"}, "uk": {"30 грудня 2025", "21 стаття"}, "xx": {"30 December 2025", "21 articles"}, "": {"30 December 2025", "21 articles"},
	} {
		if day, count := Day(lang, "2025-12-30T10:00"), Count(lang, 21, Article); day != want[0] || count != want[1] {
			t.Errorf("%s: %s, %s", lang, day, count)
		}
	}
	if Day("en", "2025") != "2025" || Day("en", "") != "" || Day("en", "2025-13-45") != "2025-13-45" {
		t.Error("what is no date is not left as it is")
	}
}
