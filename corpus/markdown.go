package corpus

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))

// readMarkdown reads an article in Markdown. Headings stand over their
// paragraphs, list items and table rows are paragraphs of their own kind, and
// footnotes say who reported the paragraph that refers to them.
func readMarkdown(source string) (*Article, error) {
	notes, body := cutFootnotes(source)
	if err := tooMuch(body); err != nil {
		return nil, err
	}
	src := []byte(body)
	r := markdownReader{src: src, notes: notes, article: &Article{}}
	r.blocks(markdown.Parser().Parse(text.NewReader(src)))
	return r.article, nil
}

// What no article needs, and what the parser takes memory or time for that
// grows with its square.
const (
	mostCells  = 1 << 18 // of a table, which is padded to its widest row
	mostNested = 120     // bytes of block marks before a line's text
	mostLinks  = 4000
)

// tooMuch refuses a text that is made to be slow.
func tooMuch(body string) error {
	bars, widest := 0, 0
	for line := range strings.SplitSeq(body, "\n") {
		if n := strings.Count(line, "|"); n > 0 {
			bars++
			widest = max(widest, n)
		}
		marks := line[:len(line)-len(strings.TrimLeft(line, "> \t-+*0123456789.)"))]
		if len(marks) > mostNested && strings.Count(marks, ">")+len(strings.Fields(marks)) > mostNested/3 {
			return errors.New("lists or quotations nested too deep")
		}
	}
	switch {
	case bars*widest > mostCells:
		return errors.New("a table too large")
	case strings.Count(body, "](")+strings.Count(body, "]:") > mostLinks:
		return errors.New("too many links")
	}
	return nil
}

type markdownReader struct {
	src     []byte
	notes   map[string]Source
	article *Article
	heading string
	time    string // of a live blog's entry
}

// blocks reads the children of n in order.
func (r *markdownReader) blocks(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.block(c)
	}
}

func (r *markdownReader) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		r.title(n)
	case *ast.List:
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			r.item(item)
		}
	case *east.Table:
		r.table(n)
	case *ast.Blockquote:
		r.blocks(n)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		r.add(string(n.Lines().Value(r.src)), Prose)
	case *ast.HTMLBlock:
		r.html(string(n.Lines().Value(r.src)))
	case *ast.ThematicBreak:
	default:
		kind := Prose
		if strong(n) && strings.HasSuffix(strings.TrimSpace(r.inline(n)), "?") {
			kind = Question
		}
		r.add(r.inline(n), kind)
	}
}

// strong reports whether all of a paragraph is strong, as an interviewer's
// questions are.
func strong(n ast.Node) bool {
	only, ok := n.FirstChild().(*ast.Emphasis)
	return ok && only.Level == 2 && only.NextSibling() == nil
}

// html reads the paragraphs of a piece of HTML between Markdown.
func (r *markdownReader) html(source string) {
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		r.article.Warnings = append(r.article.Warnings, "a piece of HTML was left out: "+err.Error())
		return
	}
	prune(doc)
	inner := htmlReader{}
	inner.blocks(find(doc, atom.Body))
	for _, l := range inner.lines {
		kind := Prose
		switch l.form {
		case formItem:
			kind = ListItem
		case formRow:
			kind = TableRow
		}
		r.add(l.text, kind)
	}
}

// title takes a heading: the first of level 1 is the article's title, the
// others stand over what follows.
func (r *markdownReader) title(h *ast.Heading) {
	words := asRead(footnoteRef.ReplaceAllString(r.inline(h), ""))
	if h.Level == 1 && r.article.Title == "" && len(r.article.Paragraphs) == 0 {
		r.article.Title = words
		return
	}
	r.heading = words
}

// item reads a list item: its own text is one paragraph, lists inside it
// follow.
func (r *markdownReader) item(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.TextBlock, *ast.Paragraph:
			r.add(r.inline(c), ListItem)
		case *ast.List:
			for inner := c.FirstChild(); inner != nil; inner = inner.NextSibling() {
				r.item(inner)
			}
		default:
			r.block(c)
		}
	}
}

func (r *markdownReader) table(t *east.Table) {
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, asRead(r.inline(cell)))
		}
		r.add(strings.Join(cells, "\t"), TableRow)
	}
}

// add appends a paragraph, turning its references to footnotes into sources.
func (r *markdownReader) add(words string, kind Kind) {
	p := Paragraph{Kind: kind, Heading: r.heading}
	p.Text = words
	if strings.Contains(words, "[^") {
		p.Text = r.footnotes(words, &p)
	}
	read := asReadKind(p.Text, kind)
	if strings.TrimSpace(read) == "" {
		return
	}
	switch known, groups := classify(read, r.article.Language); {
	case known == "live-time" && groups["time"] != "":
		r.time = read
		return
	case known != "" && kind != TableRow:
		return
	}
	p.Time = r.time
	r.article.Paragraphs = append(r.article.Paragraphs, p)
}

// footnotes turns the references to footnotes in words into sources of p, and
// returns the words without them.
func (r *markdownReader) footnotes(words string, p *Paragraph) string {
	return footnoteRef.ReplaceAllStringFunc(words, func(ref string) string {
		name := footnoteRef.FindStringSubmatch(ref)[1]
		source, ok := r.notes[name]
		if !ok {
			r.article.Warnings = append(r.article.Warnings, fmt.Sprintf("footnote %q is not defined", name))
			return ""
		}
		if !slices.Contains(p.ReportedBy, source) {
			p.ReportedBy = append(p.ReportedBy, source)
		}
		return ""
	})
}

// inline returns the words under n with marks and entities resolved.
func (r *markdownReader) inline(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			value := n.Value(r.src)
			if !n.IsRaw() && n.Parent().Kind() != ast.KindCodeSpan {
				value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
			}
			b.Write(value)
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(r.src))
		case *ast.Image, *ast.RawHTML:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

var (
	footnoteDef  = regexp.MustCompile(`^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$`)
	footnoteRef  = regexp.MustCompile(`\s?\[\^([^\]\s]+)\]`)
	noteURL      = regexp.MustCompile(`,?\s*<?(https?://[^\s<>]+)>?\s*$`)
	noteDate     = regexp.MustCompile(`,\s*(\d{4}-\d{2}-\d{2}(?:T[0-9:.Z+-]+)?)\s*$`)
	noteTitle    = regexp.MustCompile(`,\s*["“«](.+)["”»]\s*$`)
	indented     = regexp.MustCompile(`^(?: {2,}|\t)\S`)
	fenceOpening = regexp.MustCompile("^ {0,3}(```|~~~)")
)

// cutFootnotes takes the footnote definitions out of a Markdown text.
func cutFootnotes(source string) (map[string]Source, string) {
	notes := make(map[string]Source)
	var kept []string
	fenced, open := false, "" // open is the definition that an indented line goes on with
	defined := make(map[string]string)
	for line := range strings.SplitSeq(source, "\n") {
		if fenceOpening.MatchString(line) {
			fenced = !fenced
		}
		if m := footnoteDef.FindStringSubmatch(line); m != nil && !fenced {
			open = m[1]
			defined[open] = m[2]
			continue
		}
		if open != "" && indented.MatchString(line) {
			defined[open] += " " + line
			continue
		}
		open = ""
		kept = append(kept, line)
	}
	for name, definition := range defined {
		notes[name] = parseFootnote(definition)
	}
	return notes, strings.Join(kept, "\n")
}

// parseFootnote reads `publisher[, "title"][, date], url`.
func parseFootnote(s string) Source {
	var src Source
	s = asRead(s)
	if m := noteURL.FindStringSubmatchIndex(s); m != nil {
		src.URL, s = webURL(s[m[2]:m[3]]), s[:m[0]]
	}
	if m := noteDate.FindStringSubmatchIndex(s); m != nil {
		src.Published, s = parseDate(s[m[2]:m[3]]), s[:m[0]]
	}
	if m := noteTitle.FindStringSubmatchIndex(s); m != nil {
		src.Title, s = s[m[2]:m[3]], s[:m[0]]
	}
	src.Publisher = strings.TrimSpace(s)
	return src
}
