package bot

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"onrecord/bot/say"
	"onrecord/index"
)

// text is a message under way: plain text, and entities that format it. Text
// of articles needs no escaping here and cannot be taken for markup.
type text struct {
	b        strings.Builder
	units    int // UTF-16 units so far
	entities []models.MessageEntity
}

func (t *text) write(s string) {
	s = strings.ToValidUTF8(s, "\ufffd")
	t.b.WriteString(s)
	t.units += units(s)
}

// units is the length of s in UTF-16 units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// format gives what write adds an entity.
func (t *text) format(kind models.MessageEntityType, url string, write func()) {
	at := len(t.entities)
	t.entities = append(t.entities, models.MessageEntity{Type: kind, Offset: t.units, URL: url})
	start := t.units
	write()
	t.entities[at].Length = t.units - start
	if t.units == start {
		t.entities = append(t.entities[:at], t.entities[at+1:]...)
	}
}

// link writes s linked to url; plain where there is no url, or one so long
// that Telegram would refuse the message.
func (t *text) link(s, url string) {
	if base, _, found := strings.Cut(url, "#:~:"); found && len(url) > longestURL {
		url = base // the page, if not the quote on it
	}
	if url == "" || len(url) > longestURL {
		t.write(s)
		return
	}
	t.format(models.MessageEntityTypeTextLink, url, func() { t.write(s) })
}

// Lengths that Telegram or good manners set.
const (
	longestMessage = 4000 // characters; Telegram allows 4096
	groupMessage   = 900  // further quotes are left out in a group beyond this
	longestURL     = 1800 // bytes; all entities together may have about 9500
	mostQuotes     = 3
)

// answerText composes an answer: the best quote as a block quotation with its
// attribution, further ones folded below, as far as there is room.
func answerText(a index.Answer, private bool) *text {
	room := groupMessage
	if private {
		room = longestMessage
	}
	t := &text{}
	links := 0
	above := "" // the article of the quote above
	for i, q := range a.Quotes[:min(mostQuotes, len(a.Quotes))] {
		parts := say.Attribution(q)
		if q.Article == above {
			parts = say.SameArticle(q)
		}
		above = q.Article
		size := units(q.Text) + units(say.Line(parts)) + 3
		if i > 0 && (t.units+size > room || links+linkBytes(parts) > 3*longestURL) {
			break
		}
		links += linkBytes(parts)
		if i > 0 {
			t.write("\n\n")
		}
		t.quote(q, i > 0, longestMessage-units(say.Line(parts))-10)
		t.write("\n")
		for _, p := range parts {
			t.link(p.Text, p.URL)
		}
	}
	return t
}

func linkBytes(parts []say.Part) int {
	n := 0
	for _, p := range parts {
		n += len(p.URL)
	}
	return n
}

// quote writes a quote with the words of the question in bold. One too long
// for a message is left to its link: it is never cut.
func (t *text) quote(q index.Quote, folded bool, most int) {
	kind := models.MessageEntityTypeBlockquote
	if folded {
		kind = models.MessageEntityTypeExpandableBlockquote
	}
	if units(q.Text) > most {
		t.format(kind, "", func() { t.write("[The quote is too long for a message; the link opens it.]") })
		return
	}
	t.format(kind, "", func() {
		at := 0
		for _, m := range q.Marks {
			if m.Start < at || m.End > len(q.Text) || len(t.entities) > 60 {
				continue
			}
			t.write(q.Text[at:m.Start])
			t.format(models.MessageEntityTypeBold, "", func() { t.write(q.Text[m.Start:m.End]) })
			at = m.End
		}
		t.write(q.Text[at:])
	})
}

// plain makes a text without formatting, cut to what a message may hold.
func plain(s string) *text {
	t := &text{}
	if utf8.RuneCountInString(s) > longestMessage {
		s = string([]rune(s)[:longestMessage-1]) + "…"
	}
	t.write(s)
	return t
}

// sourcesText lists articles with their links.
func sourcesText(lang string, sources []index.Source, total int) *text {
	t := &text{}
	t.write(say.Text(lang, say.Sources, say.Count(total, "article")))
	for i, s := range sources {
		line := s.Title
		if line == "" {
			line = s.Article
		}
		rest := ""
		for _, part := range []string{s.Publisher, say.Day(s.Published)} {
			if part != "" {
				rest += ", " + part
			}
		}
		if utf8.RuneCountInString(t.b.String())+utf8.RuneCountInString(line+rest) > longestMessage-100 {
			sources = sources[:i]
			break
		}
		t.write("\n• ")
		t.link(line, s.URL)
		t.write(rest)
	}
	if more := total - len(sources); more > 0 {
		t.write("\n" + say.Text(lang, say.SourcesMore, more))
	}
	return t
}
