package corpus

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// format reads one kind of file. A new format is one file with its read
// function and one line in the table below.
type format struct {
	ending string
	most   int64                               // bytes of a file: what a page comes to, with room
	read   func(text string) (*Article, error) // text is valid UTF-8 without front matter
}

var formats = []format{
	{".htm", MaxFileSize, readHTML},
	{".html", MaxFileSize, readHTML},
	{".md", maxTextSize, readMarkdown},
	{".txt", maxTextSize, readPage},
}

func formatOf(name string) *format {
	ending := strings.ToLower(path.Ext(name))
	for i := range formats {
		if formats[i].ending == ending {
			return &formats[i]
		}
	}
	return nil
}

// mostParagraphs is more than any article has; a live blog of a year has fewer.
const mostParagraphs = 20000

var (
	errEmpty  = errors.New("empty")
	errNoText = errors.New("no article text found in it")
)

// Parse reads the content of a file called name, whose ending names the
// format. What its front matter says wins over what the page says. The error
// says why there is no article in it.
func Parse(name string, data []byte) (*Article, error) {
	f := formatOf(name)
	if f == nil {
		return nil, fmt.Errorf("not an article file: want one that ends in %s", endings())
	}
	text, err := decode(data, f.ending)
	if err != nil {
		return nil, err
	}
	meta, body, err := cutFrontMatter(text)
	if err != nil {
		return nil, err
	}
	a, err := f.read(body)
	if err != nil {
		return nil, err
	}
	meta.overlay(a)
	return finish(a)
}

// endings lists the endings of the formats, for messages.
func endings() string {
	list := make([]string, len(formats))
	for i, f := range formats {
		list[i] = f.ending
	}
	return strings.Join(list, ", ")
}

// finish does what all formats share: texts as read, sentences, statements,
// language, warnings.
func finish(a *Article) (*Article, error) {
	for _, s := range []*string{&a.Title, &a.Author, &a.Publisher} {
		*s = asRead(*s)
	}
	a.URL = webURL(a.URL)
	kept := a.Paragraphs[:0]
	for _, p := range a.Paragraphs {
		p.Text, p.Heading = asReadKind(p.Text, p.Kind), asRead(p.Heading)
		if p.Text != "" {
			kept = append(kept, p)
		}
	}
	a.Paragraphs = kept
	switch {
	case len(kept) == 0:
		return nil, errNoText
	case len(kept) > mostParagraphs:
		return nil, fmt.Errorf("%d paragraphs, more than the %d that an article may have", len(kept), mostParagraphs)
	}
	if a.Language == "" {
		a.Language = detectLanguage(a.Paragraphs)
	}
	questions(a)
	quotes := make([][]quotation, len(kept))
	for i := range kept {
		quotes[i] = speeches(kept[i].Text, grammarOf(a.Language))
		kept[i].Sentences = sentences(kept[i].Text, a.Language, quotes[i])
	}
	a.Statements = statements(a, quotes)
	a.Warnings = append(a.Warnings, missing(a)...)
	return a, nil
}

// missing names what the operator should add, with the lines to add.
func missing(a *Article) []string {
	var names, lines []string
	for _, m := range []struct{ value, key, example string }{
		{a.Title, "title", `title: "…"`},
		{a.Publisher, "publisher", `publisher: "…"`},
		{a.Published, "date", "published: 2025-12-30"},
		{a.URL, "url", "url: https://…"},
	} {
		if m.value == "" {
			names, lines = append(names, "no "+m.key), append(lines, m.example)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s found; add at the top of the file, between two lines ---: %s", strings.Join(names, ", "), strings.Join(lines, " | "))}
}

// webURL returns u when it is a plain http or https address, else "".
func webURL(u string) string {
	u = strings.TrimSpace(u)
	parsed, err := url.Parse(u)
	if err != nil || parsed.Host == "" || parsed.User != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return ""
	}
	if strings.ContainsFunc(u, func(r rune) bool { return r <= ' ' || r == '"' || r == '<' || r == '>' }) {
		return ""
	}
	return u
}
