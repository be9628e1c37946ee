package corpus

import (
	"regexp"
	"strings"
	"unicode"
)

// How posts of a channel look when they are copied: from the desktop app each
// has a line with channel, date and time; from the web page the channel's line
// with its subscribers stands at the top.
var (
	postHeader      = regexp.MustCompile(`^(.{2,60}), \[(\d{1,2}[./]\d{1,2}[./]\d{2,4})[ ,]+(\d{1,2}:\d{2})(?::\d{2})?\]$`)
	postFrom        = regexp.MustCompile(`^\[ ?(?:Forwarded from|Переслано из|Переслано з|Переслано від|Weitergeleitet von|Reenviado de|В ответ на|У відповідь на|In reply to)`)
	postMedia       = regexp.MustCompile(`^\[ ?(?:Photo|Video|Фото|Видео|Відео|Voice message|GIF|Sticker|Album|Document|File)[^\]]*\]$`)
	subscriberCount = regexp.MustCompile(`(?i)^[\d .,]+[kкm]?\s+(?:subscriber|follower|подписчик|підписник|abonnent|suscriptor|abonné)`)
	postCounter     = regexp.MustCompile(`(?i)^[\d .,]+[kкm]?\s+(?:photo|video|link|file|view|фото|видео|відео|ссыл|посилан|просмотр|перегляд)`)
	postNoise       = regexp.MustCompile(`^(?:edited|изменено|змінено|VIEW IN TELEGRAM|Please open Telegram.*|Download Telegram|About|Blog|Telegram|Don’t have Telegram.*|Forwarded from|Переслано (?:из|з|від):?.*|\d{1,2}:\d{2}|@\w+|[\p{So}\p{Sk}\x{fe0f}\x{200d} ]*[\d.,]+[KkКк]?(?:[ \p{So}\p{Sk}\x{fe0f}\x{200d}]+[\d.,]+[KkКк]?)*|.{0,40} \| .{0,40} \| .{0,40}|.{2,30}, \d{1,2}:\d{2})$`)
)

// posts reads the copy of a channel's posts, and reports whether the page is
// one. A channel's post has no title.
func (p *page) posts() bool {
	headers, counted := 0, -1
	for i, l := range p.lines {
		if postHeader.MatchString(l.text) {
			headers++
		}
		if counted < 0 && i < 12 && subscriberCount.MatchString(l.text) {
			counted = i
		}
	}
	switch {
	case headers > 0:
		p.desktop()
	case counted >= 0:
		p.web(counted)
	default:
		return false
	}
	return true
}

// desktop reads posts that were copied from the desktop app.
func (p *page) desktop() {
	for _, l := range p.lines {
		if m := postHeader.FindStringSubmatch(l.text); m != nil {
			if p.article.Publisher == "" {
				p.article.Publisher = m[1]
				p.article.Published = parseDate(m[2] + " " + m[3])
				if p.article.Published == "" {
					p.article.Published = parseDate(strings.ReplaceAll(m[2], "/", ".") + " " + m[3])
				}
			}
			p.time = m[3]
			continue
		}
		p.post(l)
	}
}

// web reads posts that were copied from a channel's page, whose line of
// subscribers is at place counted. The channel is the line above, its name
// again opens each post.
func (p *page) web(counted int) {
	channel := ""
	for i := counted - 1; i >= 0 && channel == ""; i-- {
		if l := p.lines[i]; l.kind == "" && !strings.HasPrefix(l.text, "@") && !postNoise.MatchString(l.text) && !strings.Contains(l.text, "://") {
			channel = l.text
		}
	}
	p.article.Publisher = strings.TrimRightFunc(channel, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ')' })
	p.article.URL = p.address()
	for _, l := range p.lines {
		if iso := parseDate(l.text); iso != "" && l.runes <= longestDateLine && p.article.Published == "" {
			p.article.Published = iso
		}
	}
	start := counted + 1
	for i := counted + 1; i < len(p.lines) && i < counted+12; i++ { // the channel's own description
		if p.lines[i].text == channel || p.lines[i].kind == "date" {
			start = i
			break
		}
	}
	forwarded := false
	for _, l := range p.lines[start:] {
		switch {
		case forwarded: // the name of the channel it comes from
		case l.text == channel || l.kind == "date":
		default:
			p.post(l)
		}
		forwarded = l.text == "Forwarded from"
	}
	if p.article.Published == "" {
		p.article.Published = p.yearless(p.lines)
	}
}

// post adds a line of a post unless it is one of the app's own.
func (p *page) post(l pageLine) {
	bare := strings.TrimLeftFunc(l.text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '@' && r != '[' })
	if kind, _ := classify(bare, p.lang); bare != l.text && kind != "" {
		return
	}
	switch {
	case postMedia.MatchString(l.text), postFrom.MatchString(l.text), postCounter.MatchString(l.text), subscriberCount.MatchString(l.text), postNoise.MatchString(l.text):
	case l.kind != "" && l.kind != "live-time" || !strings.ContainsFunc(l.text, unicode.IsLetter):
	case strings.HasPrefix(l.text, "🔗"), strings.HasPrefix(l.text, "💬"), strings.HasPrefix(l.text, "☕"), strings.HasPrefix(l.text, "🔔"):
	case l.list() || strings.HasPrefix(l.text, "— ") && (!endsSentence(l.text) || p.listed()):
		p.add(strings.TrimPrefix(listMarker.ReplaceAllString(l.text, ""), "— "), ListItem)
	default:
		p.add(l.text, Prose)
	}
}

// listed reports whether the paragraph before is an item of a list.
func (p *page) listed() bool {
	n := len(p.article.Paragraphs)
	return n > 0 && p.article.Paragraphs[n-1].Kind == ListItem
}
