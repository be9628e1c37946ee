package corpus

import (
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readHTML reads a saved page: its metadata from JSON-LD, OpenGraph and meta
// tags, then from what the page shows; its body by readability, and what
// readability leaves of the page's furniture as in a raw copy.
func readHTML(text string) (*Article, error) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	a := &Article{}
	pageMeta(doc, a)
	shown := htmlReader{}
	if a.Author == "" || a.Published == "" || a.Publisher == "" {
		removeAll(doc, silent)
		shown.blocks(find(doc, atom.Body))
	}
	prune(doc)
	if a.Title == "" {
		a.Title = titleOf(doc)
	}
	lang := a.Language
	if lang == "" {
		lang = DetectLanguage(textOf(find(doc, atom.Body)))
	}
	r := htmlReader{lang: lang}
	r.blocks(mainNode(doc))
	if len(r.lines) == 0 {
		r.blocks(find(doc, atom.Body))
	}
	p := page{article: a, lines: r.lines, lang: lang, titled: true}
	p.last = endOf(p.lines, 0)
	p.body()
	p.shownMeta(shown.lines, lang)
	return a, nil
}

// shownMeta takes author, date and publisher from the lines that the page
// shows, where its tags do not tell.
func (p *page) shownMeta(lines []pageLine, lang string) {
	a := p.article
	for i := range lines {
		lines[i].kind, lines[i].groups = lines[i].classify(lang)
	}
	q := page{article: &Article{URL: a.URL, Publisher: a.Publisher}, lines: lines, lang: lang}
	if len(a.Paragraphs) > 0 {
		q.first = max(0, slices.IndexFunc(lines, func(l pageLine) bool { return l.text == a.Paragraphs[0].Text }))
		q.last = q.first
		for i, l := range lines {
			if l.text == a.Paragraphs[len(a.Paragraphs)-1].Text {
				q.last = max(q.last, i+1)
			}
		}
	}
	title := slices.IndexFunc(lines[:q.first], func(l pageLine) bool { return l.text == a.Title })
	if a.Publisher == "" {
		a.Publisher = q.publisher(title)
		q.article.Publisher = a.Publisher
	}
	if a.Author == "" {
		a.Author = q.author(title)
	}
	if a.Published == "" {
		a.Published = q.date(title)
	}
}

// titleOf returns the title of a page without tags: its first heading, or what
// the window shows less the site's name.
func titleOf(doc *html.Node) string {
	if h := asRead(textOf(find(doc, atom.H1))); h != "" {
		return h
	}
	title, _ := cutSite(asRead(textOf(find(doc, atom.Title))))
	return title
}

// cutSite splits the title of a window into the page's and the site's name.
func cutSite(title string) (string, string) {
	for _, sep := range []string{" | ", " — ", " – ", " - ", " :: ", " » ", " « "} {
		if k := strings.LastIndex(title, sep); k > 0 && len(strings.Fields(title[k+len(sep):])) <= 5 && k > len(title)/3 {
			return strings.TrimSpace(title[:k]), strings.TrimSpace(title[k+len(sep):])
		}
	}
	return title, ""
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
const leastFound = 80

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

// htmlReader collects the lines of a page: one for each block.
type htmlReader struct {
	lang  string
	lines []pageLine
}

// blocks walks the block elements under n in order.
func (r *htmlReader) blocks(n *html.Node) {
	if n == nil {
		return
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		r.add(textOf(n), formHeading)
		return
	case atom.Li:
		if find(n, atom.P) == nil && find(n, atom.Ul) == nil && find(n, atom.Ol) == nil {
			if !onlyLinks(n) {
				r.add(textOf(n), formItem)
			}
			return
		}
	case atom.Tr:
		r.row(n)
		return
	case atom.Caption:
		return
	}
	if n.Type == html.ElementNode && !hasBlocks(n) {
		form := formProse
		switch {
		case onlyLinks(n):
			form = formLink
		case within(n, atom.Li):
			form = formItem
		case allStrong(n):
			form = formStrong
		}
		for _, part := range pieces(brokenText(n)) {
			r.add(part, form)
		}
		return
	}
	var loose strings.Builder // text and inline elements between blocks
	flush := func() {
		form := formProse
		if n.DataAtom == atom.Li {
			form = formItem
		}
		for _, part := range pieces(loose.String()) {
			r.add(part, form)
		}
		loose.Reset()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			loose.WriteString(strings.ReplaceAll(c.Data, "\n", " "))
		case c.DataAtom == atom.Br:
			loose.WriteString("\n")
		case c.Type == html.ElementNode && !hasBlocks(c) && !slices.Contains(blockTags, c.DataAtom):
			loose.WriteString(brokenText(c))
		default:
			flush()
			r.blocks(c)
		}
	}
	flush()
}

// brokenText is textOf with a line break for each br element.
func brokenText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			b.WriteString(strings.ReplaceAll(d.Data, "\n", " "))
		case d.DataAtom == atom.Br:
			b.WriteString("\n")
		}
	}
	return breaks2.ReplaceAllString(b.String(), "\n\n")
}

// leastPart is the length in characters of a paragraph that one line break
// parts from another.
const leastPart = 40

// pieces splits text into paragraphs at empty lines, and at a line break
// between two whole sentences.
func pieces(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, "\n\n") {
		var open []string // the lines of the last paragraph
		last, runes := "", 0
		for line := range strings.SplitSeq(part, "\n") {
			n := utf8.RuneCountInString(line)
			if len(open) > 0 && runes >= leastPart && n >= leastPart && endsSentence(last) {
				out, open, runes = append(out, strings.Join(open, " ")), open[:0], 0
			}
			open, runes = append(open, line), runes+n
			if line != "" {
				last = line
			}
		}
		out = append(out, strings.Join(open, " "))
	}
	return out
}

var breaks2 = regexp.MustCompile(`\n[ \t\x{00a0}]*\n\s*`)

// onlyLinks reports whether all text under n stands in links.
func onlyLinks(n *html.Node) bool {
	found := false
	for d := range n.Descendants() {
		if d.Type == html.TextNode && strings.TrimSpace(d.Data) != "" {
			if !within(d, atom.A) {
				return false
			}
			found = true
		}
	}
	return found
}

func (r *htmlReader) row(tr *html.Node) {
	var cells []string
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			cells = append(cells, asRead(textOf(c)))
		}
	}
	if len(cells) == 1 {
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			r.blocks(c)
		}
		return
	}
	r.add(strings.Join(cells, "\t"), formRow)
}

// add appends a line, classified by the page rules.
func (r *htmlReader) add(text string, form lineForm) {
	kind := Prose
	if form == formRow {
		kind = TableRow
	}
	text = asReadKind(text, kind)
	if strings.TrimSpace(text) == "" {
		return
	}
	l := pageLine{text: text, form: form, block: len(r.lines), runes: utf8.RuneCountInString(text)}
	if r.lang != "" && form != formRow {
		l.kind, l.groups = l.classify(r.lang)
	}
	r.lines = append(r.lines, l)
}

// furniture are elements whose text is never the article's.
var furniture = []atom.Atom{
	atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Nav, atom.Footer, atom.Aside,
	atom.Button, atom.Figure, atom.Figcaption, atom.Iframe, atom.Svg, atom.Select, atom.Dialog, atom.Video, atom.Audio,
}

// silent are elements whose text no page shows.
var silent = []atom.Atom{atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe}

// removeAll removes the elements of the given kinds from the tree.
func removeAll(n *html.Node, tags []atom.Atom) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.CommentNode || c.Type == html.ElementNode && slices.Contains(tags, c.DataAtom) {
			n.RemoveChild(c)
		} else {
			removeAll(c, tags)
		}
		c = next
	}
}

// named matches the classes that designers give to what is not the text.
var named = regexp.MustCompile(`(?i)(?:^|[ _-])(?:captions?|credits?|related|share|sharing|social|newsletter|promo|advert|ads?|comments?|byline|authors?|author-?(?:bio|box|info|card)|bio|tags|breadcrumbs?|recommended|recommendations?|most-?read|trending|cookies?|pull-?quote|visually-?hidden|sr-only|screen-?reader(?:-text)?|standfirst|dek|strapline|kicker|subtitle|sub-?headline|timestamp|dateline|meta|signup|subscribe|read-?more|see-?also|disclaimer|corrections?|topics)(?:$|[ _-])`)

// mostNamed is the share, in percent, of a page's text above which an element
// is its text whatever its class.
const mostNamed = 25

// prune removes comments, hidden elements and furniture from the tree.
func prune(doc *html.Node) {
	whole := len(textOf(find(doc, atom.Body)))
	pruneUnder(doc, whole)
}

func pruneUnder(n *html.Node, whole int) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.CommentNode || (c.Type == html.ElementNode && (slices.Contains(furniture, c.DataAtom) || hidden(c) || furnitureByName(c, whole))) {
			n.RemoveChild(c)
		} else {
			pruneUnder(c, whole)
		}
		c = next
	}
}

// furnitureByName reports whether an element's class or id says that it is no
// text, and it holds little of the page's.
func furnitureByName(n *html.Node, whole int) bool {
	if n.DataAtom == atom.Body || n.DataAtom == atom.Html || n.DataAtom == atom.Article || n.DataAtom == atom.Main || !named.MatchString(attr(n, "class")) && !named.MatchString(attr(n, "id")) {
		return false
	}
	return len(textOf(n))*100 < whole*mostNamed
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
	a.Title = first(m.ld.Headline, m.tags["og:title"], m.tags["twitter:title"], m.tags["dc.title"], m.props["headline"])
	a.Author = first(m.ld.author(), m.tags["author"], m.tags["dc.creator"], m.tags["parsely-author"], m.tags["article:author"], m.tags["og:article:author"], m.props["author"], m.byline)
	if strings.Contains(a.Author, "://") {
		a.Author = ""
	}
	a.Author = joinAuthors(byPrefix.ReplaceAllString(a.Author, ""))
	a.Publisher = first(m.ld.publisher(), m.tags["og:site_name"], m.tags["dc.publisher"], m.props["publisher"], m.tags["application-name"])
	a.Published = first(parseDate(m.ld.DatePublished), parseDate(m.tags["article:published_time"]), parseDate(m.tags["og:article:published_time"]), parseDate(m.tags["dc.date"]), parseDate(m.tags["date"]), parseDate(m.tags["pubdate"]), parseDate(m.props["datepublished"]), parseDate(m.time))
	if _, site := cutSite(asRead(m.window)); a.Publisher == "" && len(m.window) > 0 {
		a.Publisher = site
	}
	a.URL = first(webURL(m.canonical), webURL(m.tags["og:url"]), webURL(m.ld.URL))
	a.Language = baseLanguage(first(m.lang, m.ld.InLanguage))
}

var byPrefix = regexp.MustCompile(`(?i)^(?:by|von|par|por|автор|текст)[: ] ?`)

// bylineName matches the classes of an element that holds the authors' names.
var bylineName = regexp.MustCompile(`(?i)(?:^|[ _-])(?:authors?|byline|author-?(?:name|link|list))(?:$|[ _-])`)

// bylineOf returns the names that the text of a by-line element holds, or "".
func bylineOf(text string) string {
	text = byPrefix.ReplaceAllString(asRead(text), "")
	var names []string
	for name := range strings.SplitSeq(joinAuthors(text), ", ") {
		if !personName.MatchString(name) {
			break
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

const longestByline = 200 // bytes

// meta is what a page's head says of it.
type meta struct {
	ld        linkedData
	tags      map[string]string // name or property, lower case, to content
	canonical string
	lang      string
	time      string
	window    string            // the title of the window
	props     map[string]string // of microdata
	byline    string            // of the first element that calls itself one
}

// propsRead are the properties of microdata that an article is described by.
var propsRead = wordSet("author datepublished headline publisher")

func metaOf(doc *html.Node) meta {
	m := meta{tags: make(map[string]string), props: make(map[string]string)}
	for n := range doc.Descendants() {
		if prop := strings.ToLower(attr(n, "itemprop")); propsRead[prop] && m.props[prop] == "" {
			m.props[prop] = cmp.Or(attr(n, "content"), attr(n, "datetime"), asRead(textOf(n)))
			if prop == "author" || prop == "publisher" {
				if name := findProp(n, "name"); name != nil {
					m.props[prop] = cmp.Or(attr(name, "content"), asRead(textOf(name)))
				}
			}
		}
		if m.byline == "" && n.Type == html.ElementNode && (attr(n, "rel") == "author" || bylineName.MatchString(attr(n, "class"))) {
			if text := textOf(n); len(text) < longestByline {
				m.byline = bylineOf(text)
			}
		}
		switch n.DataAtom {
		case atom.Title:
			if m.window == "" {
				m.window = textOf(n)
			}
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

// findProp returns the element under n that holds a property of microdata.
func findProp(n *html.Node, prop string) *html.Node {
	for d := range n.Descendants() {
		if strings.EqualFold(attr(d, "itemprop"), prop) {
			return d
		}
	}
	return nil
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
