package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"onrecord/bot/say"
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

func (j *job) style() style { return style{!j.Plain && isTerminal(j.Out)} }

// render writes an answer for reading.
func (j *job) render(a index.Answer, topic string) string {
	var b strings.Builder
	st := j.style()
	if !a.Answered {
		return say.Text(say.English, say.Nothing, topic) + "\n\n"
	}
	for _, q := range a.Quotes {
		b.WriteString(j.quoted(q.Text))
		b.WriteString("  " + st.bold(printable(say.Line(say.Attribution(say.English, q)))) + "\n")
		if link := say.Link(q); link != "" {
			b.WriteString("  " + st.dim(printable(link)) + "\n")
		}
		for _, r := range q.Why {
			fmt.Fprintf(&b, "  %s\n", st.dim(fmt.Sprintf("%-12s %6.2f × %6.2f", r.Feature, r.Value, r.Weight)))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// quoted sets a quote: in lines behind a bar on a terminal, else as it stands.
func (j *job) quoted(text string) string {
	if !isTerminal(j.Out) {
		return printable(text) + "\n"
	}
	var b strings.Builder
	for _, line := range wrap(text, textWidth-2) {
		b.WriteString(j.style().dim("│") + " " + printable(line) + "\n")
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
