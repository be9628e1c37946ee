package corpus

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readHTML reads a saved page: its metadata from JSON-LD, OpenGraph and meta
// tags, its body by readability, and what readability leaves of the page's
// furniture by the same rules as a raw copy.
func readHTML(text string) (*Article, error) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	a := &Article{}
	pageMeta(doc, a)
	prune(doc)
	if a.Title == "" {
		a.Title = asRead(textOf(find(doc, atom.H1)))
	}
	r := htmlReader{article: a}
	r.blocks(mainNode(doc))
	if len(a.Paragraphs) == 0 {
		r.blocks(find(doc, atom.Body))
	}
	return a, nil
}

// mainNode returns the node that holds the article's body.
func mainNode(doc *html.Node) *html.Node {
	parser := readability.NewParser()
	parser.CharThresholds = 200
	base := &url.URL{Scheme: "https", Host: "page.invalid", Path: "/"}
	found, err := parser.ParseDocument(doc, base)
	if err == nil && found.Node != nil {
		for n := range found.Node.Descendants() { // elements that it made carry no atom
			if n.Type == html.ElementNode {
				n.DataAtom = atom.Lookup([]byte(n.Data))
			}
		}
		if whole := onlyArticle(doc); whole != nil && len(textOf(found.Node)) < leastFound*len(textOf(whole))/100 {
			return whole
		}
		return found.Node
	}
	for _, tag := range []atom.Atom{atom.Article, atom.Main, atom.Body} {
		if n := find(doc, tag); n != nil {
			return n
		}
	}
	return doc
}

// leastFound is the share, in percent, of the text of a page's only article
// element below which readability has lost some of it.
const leastFound = 60

// onlyArticle returns the page's article element where it has just one.
func onlyArticle(doc *html.Node) *html.Node {
	var only *html.Node
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Article {
			if only != nil {
				return nil
			}
			only = n
		}
	}
	return only
}

type htmlReader struct {
	article *Article
	heading string
}

// blocks walks the block elements under n in order.
func (r *htmlReader) blocks(n *html.Node) {
	if n == nil {
		return
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if h := asRead(textOf(n)); h != r.article.Title {
			r.heading = h
		}
		return
	case atom.Li:
		if find(n, atom.P) == nil && find(n, atom.Ul) == nil && find(n, atom.Ol) == nil {
			r.add(textOf(n), ListItem)
			return
		}
	case atom.Tr:
		r.row(n)
		return
	}
	if n.Type == html.ElementNode && !hasBlocks(n) {
		kind := Prose
		switch {
		case within(n, atom.Li):
			kind = ListItem
		case allStrong(n) && strings.HasSuffix(asRead(textOf(n)), "?"):
			kind = Question
		}
		r.add(textOf(n), kind)
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			kind := Prose
			if n.DataAtom == atom.Li {
				kind = ListItem
			}
			r.add(c.Data, kind)
			continue
		}
		r.blocks(c)
	}
}

func (r *htmlReader) row(tr *html.Node) {
	var cells []string
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			cells = append(cells, asRead(textOf(c)))
		}
	}
	if len(cells) == 1 {
		r.add(cells[0], Prose)
		return
	}
	r.add(strings.Join(cells, "\t"), TableRow)
}

// add appends a paragraph unless a page rule knows it as furniture.
func (r *htmlReader) add(text string, kind Kind) {
	read := asReadKind(text, kind)
	if strings.TrimSpace(read) == "" {
		return
	}
	if known, _ := classify(read, r.article.Language); known != "" {
		return
	}
	r.article.Paragraphs = append(r.article.Paragraphs, Paragraph{Text: read, Kind: kind, Heading: r.heading})
}

// furniture are elements whose text is never the article's.
var furniture = []atom.Atom{
	atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Nav, atom.Footer, atom.Aside,
	atom.Button, atom.Figure, atom.Figcaption, atom.Iframe, atom.Svg, atom.Select, atom.Dialog, atom.Video, atom.Audio,
}

// prune removes comments, hidden elements and furniture from the tree.
func prune(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.CommentNode || (c.Type == html.ElementNode && (slices.Contains(furniture, c.DataAtom) || hidden(c))) {
			n.RemoveChild(c)
		} else {
			prune(c)
		}
		c = next
	}
}

var hiddenStyle = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*hidden`)

func hidden(n *html.Node) bool {
	for _, at := range n.Attr {
		switch {
		case at.Key == "hidden", at.Key == "aria-hidden" && at.Val == "true",
			at.Key == "style" && hiddenStyle.MatchString(at.Val),
			at.Key == "role" && (at.Val == "dialog" || at.Val == "navigation" || at.Val == "alert"):
			return true
		}
	}
	return false
}

var blockTags = []atom.Atom{
	atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Ul, atom.Ol, atom.Li, atom.Table, atom.Tbody, atom.Tr, atom.Td,
	atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Body, atom.Html, atom.Pre, atom.Dl, atom.Dd, atom.Dt,
}

// hasBlocks reports whether a block element stands anywhere under n.
func hasBlocks(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && slices.Contains(blockTags, d.DataAtom) {
			return true
		}
	}
	return false
}

// allStrong reports whether all text of a paragraph is strong, as an
// interviewer's questions are.
func allStrong(n *html.Node) bool {
	found := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case c.DataAtom == atom.Strong || c.DataAtom == atom.B || c.DataAtom == atom.Em:
			found = true
		default:
			return false
		}
	}
	return found
}

func within(n *html.Node, tag atom.Atom) bool {
	for a := range n.Ancestors() {
		if a.DataAtom == tag {
			return true
		}
	}
	return false
}

// find returns the first element of a kind under n, or nil.
func find(n *html.Node, tag atom.Atom) *html.Node {
	for d := range n.Descendants() {
		if d.DataAtom == tag {
			return d
		}
	}
	return nil
}

// textOf returns the text under n; a line break counts as white space.
func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			b.WriteString(d.Data)
		case d.DataAtom == atom.Br:
			b.WriteByte(' ')
		}
	}
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	return b.String()
}

// pageMeta fills the source of a from the page: JSON-LD first, then OpenGraph,
// then other meta tags, then the page itself.
func pageMeta(doc *html.Node, a *Article) {
	m := metaOf(doc)
	first := func(values ...string) string {
		for _, v := range values {
			if v = asRead(v); v != "" {
				return v
			}
		}
		return ""
	}
	a.Title = first(m.ld.Headline, m.tags["og:title"], m.tags["twitter:title"], m.tags["dc.title"])
	a.Author = first(m.ld.author(), m.tags["author"], m.tags["dc.creator"], m.tags["parsely-author"])
	if strings.HasPrefix(a.Author, "http") {
		a.Author = ""
	}
	a.Publisher = first(m.ld.publisher(), m.tags["og:site_name"], m.tags["dc.publisher"])
	a.Published = first(parseDate(m.ld.DatePublished), parseDate(m.tags["article:published_time"]), parseDate(m.tags["dc.date"]), parseDate(m.tags["date"]), parseDate(m.time))
	a.URL = first(webURL(m.canonical), webURL(m.tags["og:url"]), webURL(m.ld.URL))
	a.Language = baseLanguage(first(m.lang, m.ld.InLanguage))
}

// meta is what a page's head says of it.
type meta struct {
	ld        linkedData
	tags      map[string]string // name or property, lower case, to content
	canonical string
	lang      string
	time      string
}

func metaOf(doc *html.Node) meta {
	m := meta{tags: make(map[string]string)}
	for n := range doc.Descendants() {
		switch n.DataAtom {
		case atom.Html:
			m.lang = attr(n, "lang")
		case atom.Meta:
			for _, name := range []string{attr(n, "property"), attr(n, "name")} {
				if key := strings.ToLower(name); m.tags[key] == "" {
					m.tags[key] = attr(n, "content")
				}
			}
		case atom.Link:
			if attr(n, "rel") == "canonical" {
				m.canonical = attr(n, "href")
			}
		case atom.Time:
			if m.time == "" {
				m.time = attr(n, "datetime")
			}
		case atom.Script:
			if attr(n, "type") == "application/ld+json" && m.ld.Headline == "" {
				m.ld = parseLinkedData(textOf(n))
			}
		}
	}
	return m
}

func attr(n *html.Node, key string) string {
	for _, at := range n.Attr {
		if at.Key == key {
			return at.Val
		}
	}
	return ""
}

// linkedData is the part of a schema.org article that we use.
type linkedData struct {
	Headline      string `json:"headline"`
	DatePublished string `json:"datePublished"`
	InLanguage    string `json:"inLanguage"`
	URL           string `json:"url"`
	Author        any    `json:"author"`
	Publisher     any    `json:"publisher"`
}

// parseLinkedData returns the first object with a headline in a JSON-LD
// script: the script's object itself, one of a list, or one of its @graph.
func parseLinkedData(script string) linkedData {
	var candidates []json.RawMessage
	if err := json.Unmarshal([]byte(script), &candidates); err != nil {
		var graph struct {
			Graph []json.RawMessage `json:"@graph"`
		}
		if json.Unmarshal([]byte(script), &graph) == nil {
			candidates = graph.Graph
		}
		candidates = append(candidates, json.RawMessage(script))
	}
	for _, c := range candidates {
		var ld linkedData
		if json.Unmarshal(c, &ld) == nil && ld.Headline != "" {
			return ld
		}
	}
	return linkedData{}
}

func (ld linkedData) author() string    { return strings.Join(entityNames(ld.Author), ", ") }
func (ld linkedData) publisher() string { return strings.Join(entityNames(ld.Publisher), ", ") }

// entityNames returns the names of a schema.org value: a string, an object
// with a name, or a list of them.
func entityNames(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case map[string]any:
		if name, ok := v["name"].(string); ok {
			return []string{name}
		}
	case []any:
		var out []string
		for _, item := range v {
			out = append(out, entityNames(item)...)
		}
		return out
	}
	return nil
}
