package bot

import (
	"strings"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"
)

// addressed is what a message wants of the bot: a command, a question, or
// nothing.
type addressed struct {
	command  string // lower case, without slash; empty for a question
	question string
}

// address finds out whether a message is for the bot and what it asks. In
// private everything is; in a group only commands, replies to the bot and
// messages that mention it.
func address(m message, me int64, username string) (addressed, bool) {
	name, rest, forMe := command(m.text, username)
	if name != "" {
		return addressed{name, strings.TrimSpace(rest)}, forMe
	}
	mentioned, without := mention(m, me, username)
	switch {
	case m.private:
		return addressed{question: strings.TrimSpace(without)}, true
	case mentioned && strings.TrimSpace(without) == "" && !m.toMe:
		return addressed{question: strings.TrimSpace(m.replied)}, true
	case mentioned, m.toMe && !m.textless:
		return addressed{question: strings.TrimSpace(without)}, true
	}
	return addressed{}, false
}

// command splits a message that opens with a command into its name and what
// follows. forMe is false when it names another bot.
func command(text, username string) (name, rest string, forMe bool) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "/") {
		return "", "", false
	}
	end := strings.IndexFunc(text[1:], func(r rune) bool { return !strings.ContainsRune(commandLetters, r) })
	word := text[1:]
	if end >= 0 {
		word, rest = text[1:1+end], text[1+end:]
	}
	name, bot, named := strings.Cut(word, "@")
	if name == "" {
		return "", "", false
	}
	return strings.ToLower(name), rest, !named || strings.EqualFold(bot, username)
}

// commandLetters may stand in a command and the name of its bot.
const commandLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@"

// mention reports whether a message mentions the bot, and returns its text
// without the mentions. A mention inside code or an address is none: Telegram
// gives it no entity of its own.
func mention(m message, me int64, username string) (bool, string) {
	units := utf16.Encode([]rune(m.text))
	var kept []uint16
	at, found := 0, false
	for _, e := range m.entities {
		word := cut(units, e)
		mine := e.Type == models.MessageEntityTypeMention && strings.EqualFold(word, "@"+username) ||
			e.Type == models.MessageEntityTypeTextMention && e.User != nil && e.User.ID == me
		if !mine || word == "" || e.Offset < at || insideCode(m.entities, e) {
			continue
		}
		found = true
		kept = append(kept, units[at:e.Offset]...)
		at = e.Offset + e.Length
	}
	kept = append(kept, units[at:]...)
	return found, strings.Trim(string(utf16.Decode(kept)), " \t\n,:;")
}

func insideCode(entities []models.MessageEntity, e models.MessageEntity) bool {
	for _, o := range entities {
		code := o.Type == models.MessageEntityTypeCode || o.Type == models.MessageEntityTypePre
		if code && o.Offset < e.Offset+e.Length && e.Offset < o.Offset+o.Length {
			return true
		}
	}
	return false
}
