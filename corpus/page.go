package corpus

import (
	"fmt"
	"slices"
	"strings"
)

// readPage reads the raw copy of a page, or plain paragraphs. Lines that the
// page rules know are no text; what is left is told apart by form and place:
// the head with title, author, publisher and date, the body, and the foot,
// which is dropped.
func readPage(text string) (*Article, error) {
	if n := strings.Count(text, "\n"); n > 3*mostParagraphs {
		return nil, fmt.Errorf("%d lines, more than any page has", n)
	}
	lang := DetectLanguage(text)
	lines := pageLines(text, lang)
	p := page{article: &Article{}, lines: lines, lang: lang}
	if p.posts() {
		return p.article, nil
	}
	p.first, p.last = bodyOf(lines)
	p.meta()
	p.body()
	return p.article, nil
}

type page struct {
	article     *Article
	lines       []pageLine
	lang        string
	first, last int  // of the body
	titled      bool // the title is known already, and is no heading
	heading     string
	time        string
}

// markerKinds are the kinds of line that stand above an article's body, and
// endKinds those that stand below it.
var (
	markerKinds = []string{"byline", "published", "updated", "date", "reading-time"}
	endKinds    = []string{"contrib", "copyright", "comments", "tags", "bio"}
	askKinds    = []string{"paywall", "newsletter", "app"} // which also stand within it
)

const (
	headReach   = 14 // lines behind a paragraph in which a by-line still makes it a teaser under the title
	strongAfter = 3  // paragraphs that must follow a line of endKinds for the body to go on
)

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
	live := isLive(lines)
	for {
		marker := markerAfter(lines, first, live)
		if marker < 0 {
			break
		}
		next := slices.IndexFunc(lines[marker:], pageLine.sentenceLike)
		if next < 0 {
			break
		}
		first = marker + next
	}
	for first > 0 && (lines[first-1].sentenceLike() || lines[first-1].closesBody()) && lines[first-1].kind == "" {
		first--
	}
	return first, endOf(lines, first)
}

// isLive reports whether lines are those of a live blog.
func isLive(lines []pageLine) bool {
	times := 0
	for _, l := range lines {
		if l.kind == "live-time" {
			times++
		}
	}
	return times >= 3
}

// markerAfter returns the place of the by-line or date that follows the
// paragraph at first before the body does, or -1: then it is a teaser or a
// caption. In a live blog times are no such mark.
func markerAfter(lines []pageLine, first int, live bool) int {
	strong, marker := 0, -1
	for i := first; i < len(lines) && i <= first+headReach && strong < 2; i++ {
		if i > first && lines[i].sentenceLike() {
			strong++
		}
		if live && lines[i].kind == "live-time" {
			break
		}
		if i > first && slices.Contains(markerKinds, lines[i].kind) && (!live || lines[i].kind == "byline" || lines[i].kind == "published") {
			marker = i
		}
	}
	return marker
}

// endOf returns where the body that begins at first ends: before the first
// line of the foot, or behind the last paragraph.
func endOf(lines []pageLine, first int) int {
	last := min(first+1, len(lines))
	follow := paragraphsBehind(lines)
	for i := first; i < len(lines); i++ {
		if i > first && (slices.Contains(endKinds, lines[i].kind) && follow[i] < strongAfter || slices.Contains(askKinds, lines[i].kind) && follow[i] == 0) {
			break
		}
		if lines[i].strong() || lines[i].sentenceLike() || lines[i].closesBody() && (i <= last+1 || lines[i].kind == "") {
			last = i + 1
		}
	}
	for last > first+1 && !lines[last-1].closesBody() {
		last--
	}
	return last
}

// paragraphsBehind returns for each line how many paragraphs of the body follow
// it before the next line of the foot.
func paragraphsBehind(lines []pageLine) []int {
	behind := make([]int, len(lines))
	for i := len(lines) - 2; i >= 0; i-- {
		switch next := lines[i+1]; {
		case slices.Contains(endKinds, next.kind):
		case next.strong():
			behind[i] = behind[i+1] + 1
		default:
			behind[i] = behind[i+1]
		}
	}
	return behind
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

// longestHeading is the length in characters of the longest line that may be a
// heading within the body.
const longestHeading = 90

// body turns the lines of the body into paragraphs under their headings. A
// fragment between paragraphs is a heading where a paragraph follows it, and
// no text else.
func (p *page) body() {
	lines := p.lines[p.first:p.last]
	plain := !slices.ContainsFunc(lines, pageLine.sentenceLike)
	asked, strongly := 0, 0
	for _, l := range lines {
		if l.form == formStrong && strings.HasSuffix(l.text, "?") {
			strongly++
		}
		if l.kind == "" && strings.HasSuffix(l.text, "?") {
			asked++
		}
	}
	skipBlock, listing := -1, false // teasers that follow "Read more" or an advertisement; items behind a colon
	for i, l := range lines {
		wasListing := listing
		listing = false
		if l.sentenceLike() && !strings.HasSuffix(l.text, "?") {
			skipBlock = -1
		}
		switch {
		case l.kind == "live-time" && l.groups["time"] != "":
			p.time, p.heading = l.text, ""
		case l.kind == "related" || l.kind == "ads":
			skipBlock = l.block
		case l.kind != "" || l.form == formLink && !endsSentence(l.text):
		case p.titled && l.text == p.article.Title:
		case l.form == formHeading:
			p.heading = l.text
		case l.form == formStrong && (strings.HasSuffix(l.text, "?") || strongly >= leastQuestions && endsSentence(l.text)):
			p.add(l.text, Question)
		case l.block == skipBlock:
		case l.table():
			p.add(l.text, TableRow)
		case l.list():
			p.add(listMarker.ReplaceAllString(l.text, ""), ListItem)
			listing = wasListing
		case strings.HasPrefix(l.text, "— ") && (!endsSentence(l.text) || p.listed()):
			p.add(strings.TrimPrefix(l.text, "— "), ListItem)
			listing = true
		case asked < leastQuestions && !plain && label(l.text) == "" && strings.HasSuffix(l.text, "?") && l.runes <= longestHeading && !strings.ContainsRune("—–-\"", firstRune(l.text)) && !strings.ContainsAny(l.text, ".!«“„”»") && followedByText(lines[i+1:]):
			p.heading = l.text
		case endsSentence(l.text) || l.sentenceLike() || plain:
			p.add(l.text, Prose)
		case l.colon():
			p.add(l.text, Prose)
			listing = true
		case wasListing && l.item():
			p.add(l.text, ListItem)
			listing = true
		case l.runes <= longestHeading && followedByText(lines[i+1:]):
			p.heading = l.text
		}
	}
}

// followedByText reports whether the next line that is not boilerplate is
// text, so that the line before it can be its heading.
func followedByText(rest []pageLine) bool {
	for _, l := range rest {
		if l.kind == "" {
			return l.form != formHeading && (endsSentence(l.text) || l.sentenceLike() || l.list() || l.table() || l.colon())
		}
	}
	return false
}

func (p *page) add(text string, kind Kind) {
	if text[0] <= '9' && kind == Prose {
		if m := openingTime.FindStringSubmatch(text); m != nil && len(m[0]) < len(text) { // 06:30 МСК. Good morning
			p.time, text = m[1], text[len(m[0]):]
		}
	}
	p.article.Paragraphs = append(p.article.Paragraphs, Paragraph{Text: text, Kind: kind, Heading: p.heading, Time: p.time})
}
