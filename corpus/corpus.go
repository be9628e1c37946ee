// Package corpus turns the files an operator saves into articles: what was
// published, by whom and when, and who said what in it.
//
// An article walks one road: file → text → Article → paragraphs → sentences →
// statements. [Load] walks a folder; each format is one line of the table in
// format.go. Everything downstream quotes from [Paragraph.Text], which is the
// article as read: offsets into it are byte offsets and never change meaning.
package corpus

import "unicode/utf8"

// Article is one text and its source. Unknown values are empty, never guessed.
type Article struct {
	ID         string      // path under the corpus, without its ending
	Title      string      //
	Author     string      // several are joined by ", "
	Publisher  string      //
	Published  string      // ISO 8601: a date, or a date and time where the page gives it
	URL        string      // http or https, or empty
	Language   string      // ISO 639-1, lower case
	Paragraphs []Paragraph //
	Statements []Statement // in order of paragraph and start
	Warnings   []string    // for the operator: what is missing and how to add it
}

// Kind says what a paragraph was on the page.
type Kind string

// The kinds of paragraph. A heading is none of them: it stands over its
// paragraphs in [Paragraph.Heading].
const (
	Prose    Kind = "paragraph"
	ListItem Kind = "list"     // without its marker
	TableRow Kind = "table"    // cells joined by a tab
	Question Kind = "question" // an interviewer's
)

// Paragraph is a piece of the article as read: entities and marks resolved,
// white space collapsed, invisible characters removed, nothing else changed.
type Paragraph struct {
	Text       string
	Kind       Kind
	Heading    string   // the heading over it, if any
	Time       string   // of a live-blog entry, as on the page
	ReportedBy []Source // from footnotes, in their order
	Sentences  []Span   // whole sentences, in order; together they cover all but white space
}

// Span is a half-open byte range of a paragraph's text.
type Span struct{ Start, End int }

// Source is where a text was published.
type Source struct {
	Publisher string `json:"publisher,omitempty"`
	Title     string `json:"title,omitempty"`
	Published string `json:"published,omitempty"`
	URL       string `json:"url,omitempty"`
}

// Statement is speech and its speaker. The span lies in one paragraph and
// leaves out the outer quotation marks; speech that runs on over paragraphs is
// one statement in each.
type Statement struct {
	Paragraph int
	Span
	Speaker string // full name where the article gives it; empty when unsure
	Role    string // office or affiliation, as the text gives it
	Direct  bool   // in quotation marks; otherwise reported
}

// Text returns the words of s in a.
func (s Statement) Text(a *Article) string {
	return a.Paragraphs[s.Paragraph].Text[s.Start:s.End]
}

// Valid reports whether every span of a lies within its text on rune borders.
// It is the law that the rest of the house relies on.
func (a *Article) Valid() bool {
	inside := func(text string, s Span) bool {
		return 0 <= s.Start && s.Start <= s.End && s.End <= len(text) &&
			utf8.ValidString(text[s.Start:s.End])
	}
	for _, p := range a.Paragraphs {
		if p.Text == "" || !utf8.ValidString(p.Text) {
			return false
		}
		for _, s := range p.Sentences {
			if !inside(p.Text, s) {
				return false
			}
		}
	}
	for _, s := range a.Statements {
		if s.Paragraph < 0 || s.Paragraph >= len(a.Paragraphs) || !inside(a.Paragraphs[s.Paragraph].Text, s.Span) {
			return false
		}
	}
	return true
}
