package cli

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"onrecord/corpus"
	"onrecord/index"
)

// Answers for reading in a terminal: the quote, the attribution under it.

const textWidth = 78

// style writes terminal attributes, where the output is a terminal.
type style struct{ on bool }

func (s style) bold(t string) string { return s.wrap("1", t) }
func (s style) dim(t string) string  { return s.wrap("2", t) }

func (s style) wrap(code, t string) string {
	if !s.on || t == "" {
		return t
	}
	return "\x1b[" + code + "m" + t + "\x1b[0m"
}

func (j *job) style() style { return style{!j.NoColor && isTerminal(j.Out)} }

// render writes an answer for reading.
func (j *job) render(a index.Answer, topic string) string {
	var b strings.Builder
	st := j.style()
	if !a.Answered {
		return "Nothing on record about that. " + topic + "\n\n"
	}
	for _, q := range a.Quotes {
		for _, line := range wrap(q.Text, textWidth-2) {
			b.WriteString(st.dim("│") + " " + printable(line) + "\n")
		}
		b.WriteString("  " + st.bold(printable(Attribution(q))) + "\n")
		if link := linkOf(q); link != "" {
			b.WriteString("  " + st.dim(printable(link)) + "\n")
		}
		for _, r := range q.Why {
			fmt.Fprintf(&b, "  %s\n", st.dim(fmt.Sprintf("%-12s %6.2f × %6.2f", r.Feature, r.Value, r.Weight)))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// printable drops control characters, which a page could use to write over the
// terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\t", "  "))
}

// Attribution is the line under a quote: who says it, and where and when it
// was published.
func Attribution(q index.Quote) string {
	var parts []string
	for _, s := range []string{q.Title, q.Publisher, q.Author, Day(q.Published)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	line := "— " + strings.Join(parts, ", ")
	if who := Speaker(q); who != "" {
		line = "— " + who + " " + strings.Join(parts, ", ")
	}
	if len(q.ReportedBy) > 0 {
		line += "; reported by " + Reporters(q.ReportedBy)
	}
	return line
}

// Speaker is who speaks in a quote and how the article gives it, up to the name
// of the article: directly or as reported. Empty where nobody is sure.
func Speaker(q index.Quote) string {
	if q.Speaker == "" {
		return ""
	}
	who := q.Speaker
	if q.Role != "" {
		who += " (" + q.Role + ")"
	}
	if q.Direct {
		return who + ", quoted in"
	}
	return who + ", as reported in"
}

// Reporters lists who reported something: up to three names, each once.
func Reporters(sources []corpus.Source) string {
	var names []string
	seen := make(map[string]bool)
	for _, s := range sources {
		if s.Publisher != "" && !seen[s.Publisher] {
			seen[s.Publisher] = true
			names = append(names, s.Publisher)
		}
	}
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + " and others"
	}
	return strings.Join(names, ", ")
}

// linkOf is where a reader finds the quote: its article, or the first report.
func linkOf(q index.Quote) string {
	if q.Link != "" || len(q.ReportedBy) == 0 {
		return q.Link
	}
	return q.ReportedBy[0].URL
}

// Day writes an ISO date for reading: 30 December 2025.
func Day(iso string) string {
	if len(iso) < 10 {
		return iso
	}
	t, err := time.Parse(time.DateOnly, iso[:10])
	if err != nil {
		return iso
	}
	return t.Format("2 January 2006")
}

// wrap breaks text into lines of at most width characters, at spaces.
func wrap(text string, width int) []string {
	var lines []string
	line, length := "", 0
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if line != "" && length+1+n > width {
			lines = append(lines, line)
			line, length = "", 0
		}
		if line != "" {
			line += " "
			length++
		}
		line += word
		length += n
	}
	return append(lines, line)
}

// about says what the record holds, for the line that refuses.
func about(x *index.Index) string {
	sources, total, err := x.Sources(0, 3)
	if err != nil || total == 0 {
		return ""
	}
	var titles []string
	for _, s := range sources {
		if s.Title != "" {
			titles = append(titles, "“"+s.Title+"”")
		}
	}
	if total == 1 && len(titles) == 1 {
		return "The record is one article: " + titles[0] + "."
	}
	if len(titles) == 0 {
		return fmt.Sprintf("The record holds %d articles.", total)
	}
	more := ""
	if total > len(titles) {
		more = " and others"
	}
	return fmt.Sprintf("The record holds %d articles: %s%s.", total, strings.Join(titles, ", "), more)
}
