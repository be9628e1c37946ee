// Package say holds what On Record says besides its quotes, the same in
// Telegram and in a terminal: the attribution under a quote, what the record is
// about, what a reindex did, and every message of the bot.
package say

import (
	"strings"
	"time"

	"onrecord/corpus"
	"onrecord/index"
)

// Part is a piece of a line, with the address that it links to, if any.
type Part struct{ Text, URL string }

// Attribution is the line under a quote: who speaks, directly or as reported,
// and the article that it stands in, linked at the quote. A briefing of our own
// names who reported it and links the first report.
func Attribution(lang string, q index.Quote) []Part {
	parts := []Part{{Text: "— " + speaker(lang, q)}}
	add := func(text, url string) {
		if text == "" {
			return
		}
		if len(parts) > 1 {
			parts = append(parts, Part{Text: ", "})
		}
		parts = append(parts, Part{text, url})
	}
	link := q.Link // goes with whatever names the article first
	for _, name := range []string{Title(lang, q.Title), shorten(q.Publisher), shorten(q.Author), Day(lang, q.Published)} {
		if name != "" {
			add(name, link)
			link = ""
		}
	}
	if len(parts) == 1 {
		add(q.Article, link)
	}
	return append(parts, reporters(lang, q)...)
}

// Title sets a title in the quotation marks of a language.
func Title(lang, title string) string {
	if title == "" {
		return ""
	}
	return Text(lang, titleMarks, shorten(title))
}

// longestName is the length in characters to which a title or name is cut: the
// quote needs the room.
const longestName = 200

func shorten(s string) string {
	runes := []rune(s)
	if len(runes) <= longestName+2 {
		return s
	}
	return string(runes[:longestName-1]) + "…"
}

// SameArticle is the line under a further quote of an article that was named
// above it.
func SameArticle(lang string, q index.Quote) []Part {
	parts := []Part{{Text: "— " + speaker(lang, q)}, {Text: Text(lang, sameArticle), URL: q.Link}}
	if q.Link == "" && len(q.ReportedBy) > 0 {
		parts = append(parts, reporters(lang, q)...)
	}
	return parts
}

// speaker is who speaks in a quote and how the article gives it, up to the
// article's name. Empty where nobody is sure.
func speaker(lang string, q index.Quote) string {
	if q.Speaker == "" {
		return ""
	}
	who := shorten(q.Speaker)
	if q.Role != "" {
		who += " (" + shorten(q.Role) + ")"
	}
	if q.Direct {
		return Text(lang, quotedIn, who)
	}
	return Text(lang, reportedIn, who)
}

// reporters names who reported what a quote says: up to three, each once. The
// first is linked where the article itself has no address.
func reporters(lang string, q index.Quote) []Part {
	var parts []Part
	seen := make(map[string]bool)
	for _, s := range q.ReportedBy {
		if s.Publisher == "" || seen[s.Publisher] {
			continue
		}
		seen[s.Publisher] = true
		if len(seen) > 3 {
			return append(parts, Part{Text: Text(lang, andOthers)})
		}
		link := ""
		if len(seen) == 1 && q.Link == "" {
			link = s.URL
		}
		lead := ", "
		if len(seen) == 1 {
			lead = Text(lang, reportedBy)
		}
		parts = append(parts, Part{Text: lead}, Part{shorten(s.Publisher), link})
	}
	return parts
}

// Line joins parts without their links.
func Line(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Reporters lists the publishers of sources, each once.
func Reporters(sources []corpus.Source) string {
	var names []string
	seen := make(map[string]bool)
	for _, s := range sources {
		if s.Publisher != "" && !seen[s.Publisher] {
			seen[s.Publisher] = true
			names = append(names, s.Publisher)
		}
	}
	return strings.Join(names, ", ")
}

// Link is where a reader finds a quote: its article at the quote, or the first
// report of what it says.
func Link(q index.Quote) string {
	if q.Link != "" || len(q.ReportedBy) == 0 {
		return q.Link
	}
	return q.ReportedBy[0].URL
}

// Topicker says what a record is about.
type Topicker interface {
	Topics() (titles []string, articles int)
}

// Topic says what the record is about, for whoever asked something else.
func Topic(lang string, x Topicker) string {
	titles, articles := x.Topics()
	for i, t := range titles {
		titles[i] = Title(lang, t)
	}
	count, list := Count(lang, articles, Article), strings.Join(titles, ", ")
	switch {
	case len(titles) == 0:
		return Text(lang, topicNone, count)
	case articles == 1:
		return Text(lang, topicOne, list)
	case articles == len(titles):
		return Text(lang, topicAll, count, list)
	}
	return Text(lang, topicSome, count, list)
}

// Changes sets what a build did for reading, a fact a line. At most mostFiles
// files are named.
func Changes(lang string, c index.Changes, mostFiles int) string {
	var b strings.Builder
	b.WriteString(Text(lang, changesLine, Count(lang, c.Articles, Article), Count(lang, c.Passages, Passage),
		len(c.Added), len(c.Changed), len(c.Removed), len(c.Skipped), c.Took.Round(time.Millisecond)) + "\n")
	for i, s := range c.Skipped {
		if i == mostFiles {
			b.WriteString(Text(lang, changesMore, len(c.Skipped)-mostFiles) + "\n")
			break
		}
		b.WriteString(Text(lang, changesSkipped, s.Path, s.Reason) + "\n")
	}
	return b.String()
}
