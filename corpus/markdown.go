package corpus

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))

// readMarkdown reads an article in Markdown. Headings stand over their
// paragraphs, list items and table rows are paragraphs of their own kind, and
// footnotes say who reported the paragraph that refers to them.
func readMarkdown(source string) (*Article, error) {
	notes, body := cutFootnotes(source)
	body = deepQuote.ReplaceAllString(body, "> ")
	src := []byte(body)
	r := markdownReader{src: src, notes: notes, article: &Article{}}
	r.blocks(markdown.Parser().Parse(text.NewReader(src)))
	return r.article, nil
}

type markdownReader struct {
	src     []byte
	notes   map[string]Source
	article *Article
	heading string
}

// blocks reads the children of n in order.
func (r *markdownReader) blocks(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Heading:
			r.title(c)
		case *ast.List:
			for item := c.FirstChild(); item != nil; item = item.NextSibling() {
				r.item(item)
			}
		case *east.Table:
			r.table(c)
		case *ast.Blockquote:
			r.blocks(c)
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			r.add(string(c.Lines().Value(r.src)), Prose)
		case *ast.HTMLBlock, *ast.ThematicBreak:
		default:
			r.add(r.inline(c), Prose)
		}
	}
}

// title takes a heading: the first of level 1 is the article's title, the
// others stand over what follows.
func (r *markdownReader) title(h *ast.Heading) {
	words := asRead(r.inline(h))
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
		if list, ok := c.(*ast.List); ok {
			for inner := list.FirstChild(); inner != nil; inner = inner.NextSibling() {
				r.item(inner)
			}
			continue
		}
		r.add(r.inline(c), ListItem)
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
	p.Text = footnoteRef.ReplaceAllStringFunc(words, func(ref string) string {
		name := footnoteRef.FindStringSubmatch(ref)[1]
		source, ok := r.notes[name]
		if !ok {
			r.article.Warnings = append(r.article.Warnings, fmt.Sprintf("footnote %q is not defined", name))
			return ""
		}
		p.ReportedBy = append(p.ReportedBy, source)
		return ""
	})
	if strings.TrimSpace(p.Text) != "" {
		r.article.Paragraphs = append(r.article.Paragraphs, p)
	}
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
	footnoteDef = regexp.MustCompile(`^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$`)
	footnoteRef = regexp.MustCompile(`\[\^([^\]\s]+)\]`)
	noteURL     = regexp.MustCompile(`,?\s*<?(https?://[^\s<>]+)>?\s*$`)
	noteDate    = regexp.MustCompile(`,\s*(\d{4}-\d{2}-\d{2}(?:T[0-9:.Z+-]+)?)\s*$`)
	noteTitle   = regexp.MustCompile(`,\s*["“«](.+)["”»]\s*$`)
	// deepQuote is block quotation nested deeper than anybody writes; parsing
	// it takes time that grows with the square of its depth.
	deepQuote    = regexp.MustCompile(`(?m)^[ \t]*(?:>[ \t]?){12,}`)
	fenceOpening = regexp.MustCompile("^ {0,3}(```|~~~)")
)

// cutFootnotes takes the footnote definitions out of a Markdown text.
func cutFootnotes(source string) (map[string]Source, string) {
	notes := make(map[string]Source)
	var kept []string
	fenced := false
	for line := range strings.SplitSeq(source, "\n") {
		if fenceOpening.MatchString(line) {
			fenced = !fenced
		}
		if m := footnoteDef.FindStringSubmatch(line); m != nil && !fenced {
			notes[m[1]] = parseFootnote(m[2])
			continue
		}
		kept = append(kept, line)
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
