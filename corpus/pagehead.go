package corpus

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// meta finds title, author, publisher, date and address of a page in the lines
// around its body.
func (p *page) meta() {
	a := p.article
	head := p.lines[:p.first]
	title := p.title()
	if title >= 0 {
		a.Title = head[title].text
	}
	a.URL = p.address()
	a.Publisher = p.publisher(title)
	a.Author = p.author(title)
	a.Published = p.date(title)
	for i := max(title+1, 0); i < len(head); i++ {
		if l := head[i]; l.kind == "live-time" && l.groups["time"] != "" {
			p.time = l.text
		}
	}
	if n := len(head) - 1; n > title && title >= 0 && head[n].kind == "" && !endsSentence(head[n].text) && head[n].runes <= longestHeading && head[n].text != a.Author && !personName.MatchString(head[n].text) {
		p.heading = head[n].text
	}
}

// title returns the line of the title, or -1: the first of the lines that can
// be one right above the by-line or the date; else the likeliest of those below
// it, or of all above the body.
func (p *page) title() int {
	head := p.lines[:p.first]
	if live := slices.IndexFunc(head, func(l pageLine) bool { return l.kind == "live-time" && l.groups["time"] != "" }); live > 0 {
		head = head[:live]
	}
	marker := slices.IndexFunc(head, func(l pageLine) bool { return l.kind == "byline" })
	if marker < 0 {
		marker = slices.IndexFunc(head, func(l pageLine) bool { return slices.Contains(markerKinds, l.kind) })
	}
	if i := titleAbove(head, marker); i >= 0 {
		return i
	}
	if i := p.likeliest(head[max(marker, 0):]); i >= 0 {
		return max(marker, 0) + i
	}
	if i := p.likeliest(head); i >= 0 || len(head) != 1 || head[0].kind != "" {
		return i
	}
	return 0
}

const (
	leastTitle = 15 // characters
	mostTitle  = 250
	fullTitle  = 30 // characters from which a line is rather the title than what stands over it
	titleGap   = 2  // lines of another sort that part the title from what stands above
)

// titled reports whether a line can be a title.
func (l pageLine) titled() bool {
	return l.kind == "" && l.runes >= leastTitle && l.runes <= mostTitle && len(strings.Fields(l.text)) >= 3 &&
		!l.list() && !strings.ContainsAny(l.text, "|›→") && !strings.Contains(l.text, "://") && !strings.HasSuffix(l.text, ".") &&
		!strings.HasSuffix(l.text, ":") && !lowerCase(l.text) && !allNames(l.text) && l.text[0] != '('
}

// titleAbove returns the first of the lines right above a marker that can be
// the title, or -1; what is short stands over the title.
func titleAbove(head []pageLine, marker int) int {
	first, gap := -1, 0
	for i := marker - 1; i >= 0 && gap < titleGap; i-- {
		switch l := head[i]; {
		case l.titled() && (l.runes >= fullTitle || first < 0):
			first, gap = i, 0
		case l.kind == "caption", l.kind == "credit", endsSentence(l.text) && l.runes > fullTitle:
			gap = 0
		case first >= 0 || l.kind == "nav":
			gap++
		}
	}
	if first >= 0 && head[first].runes < fullTitle && marker-first > titleGap+1 {
		return -1
	}
	return first
}

// mostTitles is how many lines are weighed as the title.
const mostTitles = 100

// likeliest returns the likeliest title among lines, or -1: one whose words
// stand in the page's address, or that is repeated; else the first long one.
func (p *page) likeliest(lines []pageLine) int {
	slug := slugWords(p.address())
	best, score := -1, 0
	seen := 0
	for i, l := range lines {
		if !l.titled() {
			continue
		}
		if seen++; seen > mostTitles {
			break
		}
		s := 10
		if l.runes >= fullTitle {
			s += 10
		}
		if l.text == strings.ToUpper(l.text) {
			s -= 6
		}
		for w := range strings.FieldsFuncSeq(strings.ToLower(l.text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if slug[w] {
				s += 4
			}
		}
		if p.repeated(l.text) {
			s += 8
		}
		if s > score {
			best, score = i, s
		}
	}
	return best
}

// lowerCase reports whether a line begins with a small letter.
func lowerCase(line string) bool {
	r, _ := utf8.DecodeRuneInString(line)
	return unicode.IsLower(r)
}

// allNames reports whether a line is a row of words with capitals and nothing
// between, as navigation is.
func allNames(line string) bool {
	words := strings.Fields(line)
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) && !particles[w] && !linking[w] {
			return false
		}
	}
	return len(words) >= 4 && !strings.ContainsAny(line, ":,;?!“”\"«»„")
}

// repeated reports whether a title stands again on the page, as in the line
// that asks to share it.
func (p *page) repeated(title string) bool {
	if len(title) < 20 {
		return false
	}
	n := 0
	for _, l := range p.lines {
		if strings.Contains(l.text, title) {
			n++
		}
	}
	return n > 1
}

// slugWords returns the words of the last part of an address.
func slugWords(address string) map[string]bool {
	slug := strings.TrimRight(address, "/")
	slug = slug[strings.LastIndexByte(slug, '/')+1:]
	words := make(map[string]bool)
	for w := range strings.FieldsFuncSeq(strings.ToLower(slug), func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		if len(w) > 3 {
			words[w] = true
		}
	}
	return words
}

var lineAddress = regexp.MustCompile(`^(?:[\p{L} :]{0,24} )?((?:https?://|t\.me/)[^\s<>"']+)$`)

// address returns the page's own address: one that stands alone on a line
// outside of the body.
func (p *page) address() string {
	for i, l := range p.lines {
		if i >= p.first && i < p.last && p.last > 0 {
			continue
		}
		if m := lineAddress.FindStringSubmatch(l.text); m != nil {
			u := m[1]
			if !strings.HasPrefix(u, "http") {
				u = "https://" + u
			}
			if strings.Count(u, "/") > 3 {
				return u
			}
		}
	}
	return ""
}

var copyrightOf = regexp.MustCompile(`(?i)(?:©|\(c\)|copyright)(?: copyright)?(?: ©)?,? ?(?:[12]\d{3})?(?:[-–—][12]\d{3})?,? ?(?:by )?([\p{L}“"«][^.,|©]{1,60}?)(?: Media)?(?:,? (?:Ltd|Inc|LLC|GmbH|AG|plc|Limited|Corp|S\.L\.U|SLU|SA))?\.?(?:,? ?[12]\d{3}(?:[-–—][12]\d{3})?)?(?:[.,|] .*| - .*|\.)?$`)

// companyTail is what a company's name has behind that of its paper.
var companyTail = regexp.MustCompile(`(?i)(?: (?:news )?(?:& |and )?media)?(?: limited| ltd| llc| gmbh| inc)?(?: or its| and its| and/or).*$|^(?:ао|ооо|зао|оао|тов|crown copyright) ?`)

// ballot counts what speaks for each name; of equals the first is the best.
type ballot struct {
	votes map[string]int
	order []string
}

func (b *ballot) vote(name string, n int) {
	name = strings.Trim(name, " .,|»«“”\"")
	if utf8.RuneCountInString(name) < 2 || n <= 0 {
		return
	}
	if b.votes[name] == 0 {
		b.order = append(b.order, name)
	}
	b.votes[name] += n
}

func (b *ballot) best() string {
	best := ""
	for _, name := range b.order {
		if best == "" || b.votes[name] > b.votes[best] {
			best = name
		}
	}
	return best
}

// publisher finds who published the page: the holder of the copyright, or the
// name among the first lines that stands again on the page.
func (p *page) publisher(title int) string {
	b := &ballot{votes: make(map[string]int)}
	holders := 0
	for i, l := range p.lines {
		switch l.kind {
		case "copyright":
			if holders++; holders <= mostHoldersOf {
				p.voteHolder(b, l.text)
			}
		case "caption", "credit", "byline":
			if m := creditFor.FindStringSubmatch(l.text); m != nil {
				b.vote(m[1], 2)
			}
		}
		for _, form := range siteForms {
			if m := form.FindStringSubmatch(l.text); m != nil {
				b.vote(m[1], 6)
			}
		}
		if (title < 0 || i < title) && i < p.first && i <= siteReach && siteName(l) {
			b.vote(l.text, p.siteVotes(i, len(b.order) == 0))
		}
	}
	if len(b.order) == 0 {
		if u, err := url.Parse(p.article.URL); err == nil && u.Hostname() != "t.me" {
			b.vote(strings.TrimPrefix(u.Hostname(), "www."), 1)
		}
	}
	p.voteFullNames(b)
	best := b.best()
	if best != "" && capitals(best) && (strings.Contains(best, " ") || utf8.RuneCountInString(best) > longestAcronym) {
		best = titleCase(best)
	}
	return best
}

// siteForms are lines with the name of the site in them.
var siteForms = []*regexp.Regexp{
	regexp.MustCompile(`^(.{2,40}) - Back to home$`),
	regexp.MustCompile(`^Add (.{2,40}) on Google$`),
}

// siteReach is how many lines from the top a site's name is looked for.
const siteReach = 25

// voteHolder votes for who holds the copyright.
func (p *page) voteHolder(b *ballot, line string) {
	m := copyrightOf.FindStringSubmatch(line)
	if m == nil {
		return
	}
	if lower := strings.ToLower(m[1]); strings.Contains(lower, "rights") || strings.Contains(lower, "права") {
		return
	}
	holder := companyTail.ReplaceAllString(m[1], "")
	if signed[holder] {
		b.vote(holder, 1) // an agency's report on somebody's site
		return
	}
	b.vote(holder, 4+p.mentions(holder))
}

// siteVotes counts what speaks for line i to be the name of the site: where it
// stands, and how often it stands again.
func (p *page) siteVotes(i int, firstName bool) int {
	n := p.mentions(p.lines[i].text) - 1
	if firstName {
		n++
	}
	if i == 0 || i == 1 && p.lines[0].kind != "" {
		n += 3
	}
	if i > 0 && p.lines[i-1].text == p.lines[i].text {
		n += 4
	}
	return n
}

// voteFullNames votes for names in full of which an acronym has votes.
func (p *page) voteFullNames(b *ballot) {
	for _, name := range b.order {
		if !capitals(name) || strings.Contains(name, " ") {
			continue
		}
		for _, l := range p.lines[:min(len(p.lines), fullNameReach)] {
			if l.runes < 60 && strings.Contains(l.text, " ") && initialsOf(l.text) == name {
				b.vote(l.text, b.votes[name]+1)
			}
		}
	}
}

// longestAcronym is how many letters a name of capitals has at most.
const longestAcronym = 6

// fullNameReach is how many lines from the top a publisher's name in full is
// looked for.
const fullNameReach = 60

// creditFor is for whom a picture was made, at the end of its credit.
var creditFor = regexp.MustCompile(`(?:/| for )((?:The )?\p{Lu}[\p{L}’']+(?: \p{Lu}[\p{L}’']+){1,3})\)?$`)

// mostHoldersOf is how many copyright lines are looked at.
const mostHoldersOf = 8

// siteName reports whether a line can be the name of a site.
func siteName(l pageLine) bool {
	words := strings.Fields(l.text)
	if l.kind != "" || len(words) > 5 || l.runes > 40 || endsSentence(l.text) || strings.ContainsAny(l.text, "|›:/$€") || !strings.ContainsFunc(l.text, unicode.IsLetter) || sectionNames(l.text) || places[l.text] || demonyms[l.text] {
		return false
	}
	for i, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) && (i == 0 && len(words) > 1 || !particles[w] && !linking[w]) {
			return false
		}
	}
	r, _ := utf8.DecodeRuneInString(l.text)
	return (unicode.IsUpper(r) || unicode.IsDigit(r)) && (len(words) == 1 || !personName.MatchString(l.text) || givenNames[words[0]] == 0)
}

// linking are small words within the names of sites.
var linking = wordSet("of the and for in & und für y et i и і")

// mostMentions is how often a name is counted at most.
const mostMentions = 6

// mentions counts the lines of the page that hold a name.
func (p *page) mentions(name string) int {
	n := 0
	upper := strings.ToUpper(name)
	for _, l := range p.lines {
		if containsWord(l.text, name) || l.runes <= longestHeading && containsWord(l.text, upper) && capitals(l.text) {
			n++
		}
		if n == mostMentions {
			break
		}
	}
	return n
}

// containsWord reports whether w stands in s as a word.
func containsWord(s, w string) bool {
	if w == "" {
		return false
	}
	for at := 0; ; {
		k := strings.Index(s[at:], w)
		if k < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(s[:at+k])
		after, _ := utf8.DecodeRuneInString(s[at+k+len(w):])
		if !unicode.IsLetter(before) && !unicode.IsLetter(after) {
			return true
		}
		at += k + len(w)
	}
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

// author takes the author from a by-line, or from a bare name beside the title
// or the date, or below the body.
func (p *page) author(title int) string {
	head := p.lines[:p.first]
	for i, l := range head {
		if l.kind == "byline" && l.groups["author"] != "" {
			return joinAuthors(l.groups["author"] + p.andAuthors(head[i+1:]))
		}
	}
	var names []string
	if title >= 0 {
		for i := max(0, title-2); i < len(head); i++ {
			if i != title && p.isAuthor(head[i]) && (i >= title-1 || givenName(head[i].text)) && !slices.Contains(names, head[i].text) {
				names = append(names, head[i].text)
			}
		}
	}
	for i := p.last; len(names) == 0 && i < len(p.lines); i++ {
		l := p.lines[i]
		if l.kind == "byline" && l.groups["author"] != "" {
			return joinAuthors(l.groups["author"])
		}
		if l.kind == "bio" && l.groups["author"] != "" {
			return joinAuthors(l.groups["author"])
		}
		if p.isAuthor(l) && givenName(l.text) {
			names = append(names, l.text)
		}
		if l.kind == "copyright" {
			break
		}
	}
	return joinAuthors(strings.Join(names, ", "))
}

// andAuthors returns what follows a by-line on lines of its own: and Ann Bell.
func (p *page) andAuthors(rest []pageLine) string {
	out := ""
	for _, l := range rest {
		text := strings.TrimPrefix(strings.TrimPrefix(l.text, "and "), "& ")
		switch {
		case l.text == "and" || l.text == "," || l.text == "&":
		case personName.MatchString(text) && l.kind != "nav" && givenName(text):
			out += ", " + text
		default:
			return out
		}
	}
	return out
}

// isAuthor reports whether a line is a person's name, or two, and nothing else.
func (p *page) isAuthor(l pageLine) bool {
	if l.kind != "" && l.kind != "byline" || l.text == p.article.Publisher || sectionNames(l.text) {
		return false
	}
	for name := range strings.SplitSeq(l.text, ", ") {
		if !personName.MatchString(name) || places[name] || institutions[lastLower(name)] {
			return false
		}
		words := strings.Fields(strings.ToLower(name))
		if len(words) > 2 && !particles[words[1]] && !givenName(name) {
			return false
		}
		for _, w := range words {
			if sections[w] && !particles[w] {
				return false
			}
		}
	}
	return true
}

// givenName reports whether a name begins with a given name that we know.
func givenName(name string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(name, "Dr "), "Dr. "), " ")
	return givenNames[first] != 0 || givenNames[titleCase(first)] != 0
}

var (
	personName = regexp.MustCompile(`^(?:Dr\.? )?\p{Lu}[\p{L}’'ʼ.-]+(?: (?:de|van|von|der|den|la|le|bin|al|el|da|dos|di|du|del))*(?: (?:ff)?\p{Lu}[\p{L}’'ʼ.-]*){1,3}$`)
	nowEarlier = regexp.MustCompile(`(?i) ?\((?:now|earlier)\)`)
	byRole     = regexp.MustCompile(`(?i),? (?:(?:chief |senior |our )?(?:\p{L}+ ){0,2}(?:correspondent|editor|reporter|korrespondentin|korrespondent|redakteurin|redakteur)|for [\p{L} ]+$|, \p{Lu}{2,5}$|in [\p{L}, ]+$|\([^)]*\)$)`)
	andAuthors = regexp.MustCompile(`(?i),? (?:and|und|y|et|и|та|й) |, ?| & `)
)

// joinAuthors writes the authors of a by-line as a list.
func joinAuthors(s string) string {
	s = nowEarlier.ReplaceAllString(s, "")
	var out []string
	for _, name := range andAuthors.Split(s, -1) {
		name = strings.TrimSpace(byRole.ReplaceAllString(" "+name, ""))
		if name == "" || slices.Contains(out, name) {
			continue
		}
		if capitals(name) && strings.Contains(name, " ") {
			name = hyphenCase(name)
		}
		out = append(out, name)
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

// date takes the date from the lines around the title, else below the body:
// when it was published before when it was changed.
func (p *page) date(title int) string {
	head := p.lines[:p.first]
	near := head[max(0, min(title-8, len(head))):]
	for _, lines := range [][]pageLine{near, head, p.lines[min(p.last, len(p.lines)):]} {
		for _, kind := range []string{"published", "date", "byline", "updated", "live-time", ""} {
			for _, l := range lines {
				if l.kind != kind || kind == "" && l.runes > longestDateLine {
					continue
				}
				for _, text := range []string{l.groups["date"], l.text} {
					if iso := parseDate(p.dayFirst(text)); iso != "" {
						return iso
					}
				}
			}
		}
	}
	return p.yearless(near)
}

var (
	dayMonth    = regexp.MustCompile(`(?i)(?:^|[^\d])(\d{1,2})\.? (\p{L}{3,12})(?:[^\p{L}]|$)`)
	addressDate = regexp.MustCompile(`/(20\d\d)[-/]?([01]\d)[-/]?([0-3]\d)(?:[/-]|$|\d)`)
	copyrighted = regexp.MustCompile(`(?:©|\(c\)|[Cc]opyright).*?(20\d\d)(?:[-–—](20\d\d))?`)
)

var slashes = regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})/(\d{4})\b`)

// dayFirst writes the slashes of a date as dots on a page of a language that
// has the day first.
func (p *page) dayFirst(text string) string {
	if p.lang == "" || p.lang == "en" {
		return text
	}
	return slashes.ReplaceAllString(text, "$1.$2.$3")
}

// yearless completes a date without its year, 30 дек, 14:22, from the page's
// address or its copyright line.
func (p *page) yearless(lines []pageLine) string {
	year := ""
	if m := addressDate.FindStringSubmatch(p.address()); m != nil {
		return joinDate(m[1], m[2], m[3], dayMonthOrder)
	}
	for _, l := range p.lines {
		if m := copyrighted.FindStringSubmatch(l.text); m != nil {
			if year = m[1]; m[2] != "" {
				year = m[2]
			}
		}
	}
	if year == "" {
		return ""
	}
	for _, l := range lines {
		if l.runes > 60 || endsSentence(l.text) {
			continue
		}
		for _, m := range dayMonth.FindAllStringSubmatchIndex(l.text, -1) {
			if date := joinDate(year, l.text[m[4]:m[5]], l.text[m[2]:m[3]], dayMonthOrder); date != "" {
				return date + clockTime(l.text[:m[2]]+" "+l.text[m[5]:])
			}
		}
	}
	return ""
}
