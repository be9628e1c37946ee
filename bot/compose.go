package bot

import (
	"fmt"
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

// link writes s linked to an address; plain where Telegram would not take it.
func (t *text) link(s, address string) {
	address = fitting(address)
	if address == "" {
		t.write(s)
		return
	}
	t.format(models.MessageEntityTypeTextLink, address, func() { t.write(s) })
}

// Lengths that Telegram or good manners set.
const (
	longestMessage = 4000 // characters; Telegram allows 4096
	groupMessage   = 720  // further quotes are left out in a group beyond this
	longestURL     = 1800 // bytes; all entities together may have about 9500
	onPage         = 3    // quotes at most
)

// room is how many characters an answer may have.
func room(private bool) int {
	if private {
		return longestMessage
	}
	return groupMessage
}

// pageText composes a page of an answer from quote start on: that quote as a
// block quotation with its attribution, further ones folded below, as far as
// there is room. It returns the quote that the next page starts with.
func pageText(lang string, quotes []index.Quote, start, room int) (t *text, next int) {
	t = &text{}
	links := 0
	above := "" // the article of the quote above
	for i, q := range quotes[start:min(start+onPage, len(quotes))] {
		parts := say.Attribution(lang, q)
		if q.Article == above {
			parts = say.SameArticle(lang, q)
		}
		above = q.Article
		size := units(q.Text) + units(say.Line(parts)) + 3
		if i > 0 && (t.units+size > room || links+linkBytes(parts) > 3*longestURL) {
			return t, start + i
		}
		links += linkBytes(parts)
		if i > 0 {
			t.write("\n\n")
		}
		t.quote(lang, q, i > 0, longestMessage-units(say.Line(parts))-10)
		t.write("\n")
		t.parts(parts)
	}
	return t, min(start+onPage, len(quotes))
}

func (t *text) parts(parts []say.Part) {
	for _, p := range parts {
		t.link(p.Text, p.URL)
	}
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
func (t *text) quote(lang string, q index.Quote, folded bool, most int) {
	kind := models.MessageEntityTypeBlockquote
	if folded {
		kind = models.MessageEntityTypeExpandableBlockquote
	}
	if units(q.Text) > most {
		t.format(kind, "", func() { t.write(say.Text(lang, say.TooLong)) })
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
	t.write(shorten(s, longestMessage))
	return t
}

// contextText shows a quote where it stands: in bold in its paragraph, between
// its neighbours as far as there is room, folded in a group.
func contextText(lang string, c index.Context, private bool) *text {
	parts := say.Attribution(lang, c.Quote)
	left := longestMessage - units(say.Line(parts)) - units(c.Quote.Text) - 20
	fits := func(s string) bool {
		if units(s) > left {
			return false
		}
		left -= units(s) + 2
		return true
	}
	if !fits(c.Head + c.Tail) {
		c.Head, c.Tail, c.Before, c.After = "", "", "", ""
	}
	if !fits(c.Before) {
		c.Before = ""
	}
	if !fits(c.After) {
		c.After = ""
	}
	kind := models.MessageEntityTypeBlockquote
	if !private {
		kind = models.MessageEntityTypeExpandableBlockquote
	}
	t := &text{}
	if left < 0 {
		t.quote(lang, c.Quote, false, 0)
	} else {
		t.format(kind, "", func() {
			if c.Before != "" {
				t.write(c.Before + "\n\n")
			}
			t.write(c.Head)
			t.format(models.MessageEntityTypeBold, "", func() { t.write(c.Quote.Text) })
			t.write(c.Tail)
			if c.After != "" {
				t.write("\n\n" + c.After)
			}
		})
	}
	t.write("\n")
	t.parts(parts)
	return t
}

// sourcesText lists articles with their links and returns how many there was
// room for.
func sourcesText(lang string, sources []index.Source, offset, total int) (t *text, shown int) {
	t = &text{}
	t.write(say.Text(lang, say.Sources, say.Count(lang, total, say.Article)))
	if len(sources) < total && len(sources) > 0 {
		t.write(fmt.Sprintf(" (%d–%d)", offset+1, offset+len(sources)))
	}
	for i, s := range sources {
		line := shorten(s.Title, 200)
		if line == "" {
			line = s.Article
		}
		rest := ""
		for _, part := range []string{shorten(s.Publisher, 100), say.Day(lang, s.Published)} {
			if part != "" {
				rest += ", " + part
			}
		}
		if i > 0 && t.units+units(line+rest) > longestMessage-100 {
			return t, i
		}
		t.write("\n• ")
		t.link(line, s.URL)
		t.write(rest)
	}
	return t, len(sources)
}

// shorten cuts s to at most most characters.
func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
