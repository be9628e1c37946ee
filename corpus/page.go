package corpus

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// readPage reads the raw copy of a page, or plain paragraphs. Lines that the
// page rules know are no text; what is left is told apart by form and place:
// the head with title, author and publisher, the body, and the foot, which is
// dropped.
func readPage(text string) (*Article, error) {
	if n := strings.Count(text, "\n"); n > 3*mostParagraphs {
		return nil, fmt.Errorf("%d lines, more than any page has", n)
	}
	lines := pageLines(text)
	first, last := bodyOf(lines)
	p := page{article: &Article{}}
	p.head(lines[:first], lines)
	p.body(lines[first:last])
	return p.article, nil
}

type page struct {
	article *Article
	heading string
	time    string
}

// pageLines splits a copied page into its lines, joining lines that were
// wrapped at a fixed width.
func pageLines(text string) []pageLine {
	var out []pageLine
	lang := DetectLanguage(text[:min(len(text), 8000)])
	for block, raw := range strings.Split(blankLine.ReplaceAllString(text, "\n\n"), "\n\n") {
		lines := strings.Split(raw, "\n")
		if wrapped(lines) {
			lines = []string{strings.Join(lines, " ")}
		}
		for _, line := range lines {
			kind := Prose
			if strings.Contains(strings.TrimSpace(line), "\t") {
				kind = TableRow
			}
			if line = asReadKind(line, kind); line == "" {
				continue
			}
			l := pageLine{text: line, block: block}
			l.kind, l.groups = classify(line, lang)
			out = append(out, l)
		}
	}
	return out
}

var blankLine = regexp.MustCompile(`\n[ \t\x{00a0}]*(?:\n[ \t\x{00a0}]*)+`)

// wrapped reports whether the lines of a block are one paragraph broken at a
// fixed width: all but the last of like length, and not all ending a sentence.
func wrapped(lines []string) bool {
	if len(lines) < 2 {
		return false
	}
	open := 0
	for i, l := range lines[:len(lines)-1] {
		n := utf8.RuneCountInString(strings.TrimSpace(l))
		if n < 50 || n > 100 || listMarker.MatchString(l) || strings.Contains(l, "\t") {
			return false
		}
		next := []rune(strings.TrimSpace(lines[i+1]))
		if !endsSentence(l) && len(next) > 0 && unicode.IsLower(next[0]) {
			open++
		}
	}
	return open*2 >= len(lines)-1
}

var (
	listMarker = regexp.MustCompile(`^\s*(?:[*•·‣▪–-]|\d{1,3}[.)])\s+`)
	terminal   = ".!?…"
	closing    = `"'”’»“)]`
)

// endsSentence reports whether s ends as a sentence does, closing marks aside.
func endsSentence(s string) bool {
	s = strings.TrimRight(strings.TrimSpace(s), closing)
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(terminal, r)
}

// sentenceLike and strong grade a line that no rule knows: sentence-like lines
// are body text by their form, strong ones wherever they stand.
func (l pageLine) sentenceLike() bool {
	n := utf8.RuneCountInString(l.text)
	return l.kind == "" && (n >= 55 && endsSentence(l.text) || n >= 160)
}

func (l pageLine) strong() bool {
	n := utf8.RuneCountInString(l.text)
	return l.kind == "" && endsSentence(l.text) && n >= 85
}

func (l pageLine) list() bool  { return l.kind == "" && listMarker.MatchString(l.text) }
func (l pageLine) table() bool { return strings.Contains(l.text, "\t") }

// footKinds are the kinds of line with which the foot of a page begins.
var footKinds = []string{"paywall", "newsletter", "comments", "copyright", "contrib", "tags", "bio", "app", "follow", "related", "nav"}

// bodyOf returns the range of lines that holds the body. Where nothing looks
// like a body, all lines are it.
func bodyOf(lines []pageLine) (first, last int) {
	first = slices.IndexFunc(lines, pageLine.strong)
	if first < 0 {
		first = slices.IndexFunc(lines, pageLine.sentenceLike)
	}
	if first < 0 {
		return plainBody(lines)
	}
	for first > 0 && (lines[first-1].sentenceLike() || lines[first-1].closesBody()) {
		first--
	}
	for i, l := range lines {
		if l.strong() {
			last = i + 1
		}
	}
	last = max(last, first+1)
	for last < len(lines) && !slices.Contains(footKinds, lines[last].kind) {
		last++
	}
	for last > first+1 && !lines[last-1].closesBody() {
		last--
	}
	return first, last
}

// closesBody reports whether a line at the end of the body belongs to it.
func (l pageLine) closesBody() bool {
	return l.kind == "" && (endsSentence(l.text) || l.list() || l.table())
}

// plainBody is the body of a text that has no line with the form of a
// paragraph: all of it, less a first line that can be its title.
func plainBody(lines []pageLine) (first, last int) {
	if len(lines) > 1 && !endsSentence(lines[0].text) && lines[1].block != lines[0].block {
		return 1, len(lines)
	}
	return 0, len(lines)
}

// body turns the lines of the body into paragraphs under their headings.
func (p *page) body(lines []pageLine) {
	skipBlock := -1 // teasers that follow "Read more" or an advertisement
	for i, l := range lines {
		switch {
		case l.kind == "live-time" && l.groups["time"] != "":
			p.time, p.heading = l.text, ""
		case l.kind == "related" || l.kind == "ads":
			skipBlock = l.block
		case l.kind != "":
		case l.block == skipBlock && !l.strong():
		case l.table():
			p.add(l.text, TableRow)
		case l.list():
			p.add(listMarker.ReplaceAllString(l.text, ""), ListItem)
		case !endsSentence(l.text) && !l.sentenceLike() && followedByText(lines[i+1:]):
			p.heading = l.text
		default:
			p.add(l.text, Prose)
		}
	}
}

// followedByText reports whether the next line that is not boilerplate is
// text, so that the line before it can be its heading.
func followedByText(rest []pageLine) bool {
	for _, l := range rest {
		if l.kind == "" {
			return endsSentence(l.text) || l.sentenceLike() || l.list() || l.table()
		}
	}
	return false
}

func (p *page) add(text string, kind Kind) {
	p.article.Paragraphs = append(p.article.Paragraphs, Paragraph{Text: text, Kind: kind, Heading: p.heading, Time: p.time})
}

// head finds title, author, publisher and date in the lines above the body;
// the publisher may also stand in the copyright line at the foot.
func (p *page) head(head, all []pageLine) {
	a := p.article
	if subscribers(head) {
		p.post(head)
		return
	}
	title := titleOf(head)
	if title >= 0 {
		a.Title = head[title].text
	}
	for i, l := range head {
		if i > title && title >= 0 && l.kind == "" && i == len(head)-1 && !endsSentence(l.text) {
			p.heading = l.text
		}
		if l.kind == "live-time" && l.groups["time"] != "" {
			p.time = l.text
		}
	}
	a.Publisher = publisherOf(head, all)
	a.Author = authorOf(head, title, a.Publisher)
	a.Published = dateOf(head)
	if a.Author == p.heading {
		p.heading = ""
	}
}

var subscriberCount = regexp.MustCompile(`(?i)^[\d .,]+[kк]?\s+(?:subscriber|follower|подписчик|підписник|abonnent|suscriptor|abonné)`)

// subscribers reports whether the head is that of a channel's post.
func subscribers(head []pageLine) bool {
	return slices.ContainsFunc(head, func(l pageLine) bool { return subscriberCount.MatchString(l.text) })
}

// post reads the head of a channel's post: its first line is the channel, and
// what no rule knows is text; a post has no title.
func (p *page) post(head []pageLine) {
	for _, l := range head {
		switch {
		case l.kind != "" || subscriberCount.MatchString(l.text):
		case p.article.Publisher == "":
			p.article.Publisher = strings.TrimRightFunc(l.text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		default:
			p.add(l.text, Prose)
		}
	}
	p.article.Published = dateOf(head)
}

// titleOf returns the index of the title among the head's lines, or -1: the
// longest line of at least three words that no rule knows.
func titleOf(head []pageLine) int {
	best, longest := -1, 0
	for i, l := range head {
		n := utf8.RuneCountInString(l.text)
		if l.kind != "" || l.list() || strings.HasSuffix(l.text, ".") || len(strings.Fields(l.text)) < 3 {
			continue
		}
		if n > longest && n <= 250 {
			best, longest = i, n
		}
	}
	if best < 0 && len(head) == 1 && head[0].kind == "" {
		return 0
	}
	return best
}

var copyrightOf = regexp.MustCompile(`(?i)^(?:©|\(c\)|copyright)(?: copyright)?(?: ©)? ?(?:\d{4})?(?:[-–]\d{4})? ?(?:by )?([^.,|]{3,60}?)(?: Media)?(?: (?:Ltd|Inc|LLC|GmbH|AG|plc|Limited|Corp))?\.?(?:[.,|].*)?$`)

// publisherOf finds the publisher: a head line that stands twice, a first line
// in capitals, or who holds the copyright.
func publisherOf(head, all []pageLine) string {
	seen := make(map[string]bool)
	for _, l := range head {
		if l.kind == "" && seen[l.text] {
			return l.text
		}
		seen[l.text] = true
	}
	for _, l := range head[:min(3, len(head))] {
		if l.kind == "" && capitals(l.text) && len(strings.Fields(l.text)) <= 5 {
			return titleCase(l.text)
		}
	}
	for _, l := range all {
		if m := copyrightOf.FindStringSubmatch(l.text); m != nil {
			return m[1]
		}
	}
	return ""
}

// capitals reports whether all letters of s are capitals.
func capitals(s string) bool {
	return strings.ToUpper(s) == s && strings.ToLower(s) != s
}

// titleCase writes a line of capitals as a name.
func titleCase(s string) string {
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		r, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(r)) + w[size:]
	}
	return strings.Join(words, " ")
}

// authorOf takes the author from a by-line, or from a bare name in the line
// before or after the title.
func authorOf(head []pageLine, title int, publisher string) string {
	for _, l := range head {
		if l.kind == "byline" && l.groups["author"] != "" {
			return joinAuthors(l.groups["author"])
		}
	}
	if title < 0 {
		return ""
	}
	for _, i := range []int{title - 1, title + 1} {
		if i >= 0 && i < len(head) && head[i].kind == "" && head[i].text != publisher && personName.MatchString(head[i].text) {
			return head[i].text
		}
	}
	return ""
}

var (
	personName = regexp.MustCompile(`^\p{Lu}[\p{L}’'.-]+(?: (?:de|van|von|der|den|la|le|bin|al|el|da|dos|di|du|del))*(?: \p{Lu}[\p{L}’'.-]*){1,3}$`)
	nowEarlier = regexp.MustCompile(`(?i) ?\((?:now|earlier)\)`)
	andAuthors = regexp.MustCompile(`(?i),? (?:and|und|y|et|и|та|й) |, ?| & `)
)

// joinAuthors writes the authors of a by-line as a list.
func joinAuthors(s string) string {
	s = nowEarlier.ReplaceAllString(s, "")
	var out []string
	for _, name := range andAuthors.Split(s, -1) {
		if name = strings.TrimSpace(name); name != "" {
			if capitals(name) {
				name = hyphenCase(name)
			}
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

// hyphenCase is titleCase that also lifts what follows a hyphen.
func hyphenCase(s string) string {
	parts := strings.Split(s, "-")
	for i, p := range parts {
		parts[i] = titleCase(p)
	}
	return strings.Join(parts, "-")
}

// dateOf takes the date from the head: when it was published before when it
// was changed.
func dateOf(head []pageLine) string {
	for _, kind := range []string{"published", "date", "updated", "live-time"} {
		for _, l := range head {
			if l.kind != kind {
				continue
			}
			if iso := parseDate(l.groups["date"]); iso != "" {
				return iso
			}
			if iso := parseDate(l.text); iso != "" {
				return iso
			}
		}
	}
	return ""
}
