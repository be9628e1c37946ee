package bot

import (
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"
)

// message is what the bot needs to know of an update; no other file looks into
// Telegram's types to decide what to say.
type message struct {
	chat      int64
	private   bool
	thread    int // of a forum topic; 0 outside
	id        int
	date      time.Time
	from      int64 // 0 when unknown
	lang      string
	anonymous bool // written as the group or as a channel
	forwarded bool // or sent through another bot: not the sender's own words
	text      string
	entities  []models.MessageEntity
	replyTo   int    // id of the message replied to, 0 for none
	toMe      bool   // that message is the bot's
	replied   string // its text, or the part of it that was selected
	textless  bool   // a voice message, a sticker
	added     bool   // the bot was just added to this group
}

// Accounts that Telegram itself writes with.
const (
	groupAnonymousBot = 1087968824
	channelBot        = 136817688
	serviceAccount    = 777000
)

// translate turns an update into a message. It reports false for what the bot
// never reacts to: edits, channels, other bots, what Telegram writes itself.
func translate(u *models.Update, me int64) (message, bool) {
	if u.MyChatMember != nil {
		return translateMembership(u.MyChatMember)
	}
	m := u.Message
	if m == nil || m.Chat.Type == models.ChatTypeChannel || m.IsAutomaticForward || m.ViaBot != nil && m.ViaBot.ID == me {
		return message{}, false
	}
	out := message{
		chat: m.Chat.ID, private: m.Chat.Type == models.ChatTypePrivate, id: m.ID, date: time.Unix(int64(m.Date), 0),
		text: m.Text, entities: m.Entities, forwarded: m.ForwardOrigin != nil || m.ViaBot != nil,
	}
	if m.IsTopicMessage {
		out.thread = m.MessageThreadID
	}
	if m.From != nil {
		out.from, out.lang = m.From.ID, m.From.LanguageCode
		out.anonymous = m.From.ID == groupAnonymousBot || m.From.ID == channelBot
		if m.From.ID == serviceAccount || m.From.IsBot && !out.anonymous {
			return message{}, false
		}
	}
	out.anonymous = out.anonymous || m.SenderChat != nil
	if m.From == nil && m.SenderChat == nil {
		return message{}, false
	}
	if out.text == "" {
		out.text, out.entities = m.Caption, m.CaptionEntities
	}
	out.textless = out.text == "" && hasContent(m)
	if out.text == "" && !out.textless {
		return message{}, false // a service message
	}
	if r := m.ReplyToMessage; r != nil && !isTopicRoot(m, r) {
		out.replyTo, out.replied = r.ID, r.Text+r.Caption
		out.toMe = r.From != nil && r.From.ID == me
	}
	if m.Quote != nil && strings.TrimSpace(m.Quote.Text) != "" {
		out.replied = m.Quote.Text
	}
	return out, true
}

// isTopicRoot reports whether r is the message that opened the topic: every
// message of a topic that replies to nothing replies to it.
func isTopicRoot(m, r *models.Message) bool {
	return m.IsTopicMessage && r.ForumTopicCreated != nil
}

// hasContent reports whether a message without text shows something a person
// sent.
func hasContent(m *models.Message) bool {
	return m.Voice != nil || m.Audio != nil || m.Video != nil || m.VideoNote != nil || m.Sticker != nil ||
		len(m.Photo) > 0 || m.Document != nil || m.Animation != nil || m.Location != nil || m.Contact != nil
}

// translateMembership turns a change of the bot's own membership into a
// message when the bot was added to a group.
func translateMembership(c *models.ChatMemberUpdated) (message, bool) {
	if c.Chat.Type != models.ChatTypeGroup && c.Chat.Type != models.ChatTypeSupergroup {
		return message{}, false
	}
	if present(c.OldChatMember.Type) || !present(c.NewChatMember.Type) {
		return message{}, false
	}
	return message{chat: c.Chat.ID, from: c.From.ID, lang: c.From.LanguageCode, date: time.Unix(int64(c.Date), 0), added: true}, true
}

func present(t models.ChatMemberType) bool {
	return slices.Contains([]models.ChatMemberType{models.ChatMemberTypeOwner, models.ChatMemberTypeAdministrator, models.ChatMemberTypeMember, models.ChatMemberTypeRestricted}, t)
}

// cut returns what an entity covers. Telegram counts offsets in UTF-16 units.
func cut(units []uint16, e models.MessageEntity) string {
	if e.Offset < 0 || e.Length < 0 || e.Offset+e.Length > len(units) {
		return ""
	}
	return string(utf16.Decode(units[e.Offset : e.Offset+e.Length]))
}
