package bot

import (
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"
)

// event is an update in the bot's own words: a message, a press on a button, an
// inline query, a change of the bot's membership, a group that became another.
// No other file looks into Telegram's types to decide what to do.
type event interface {
	lane() lane
}

// lane is what an event keeps its order in. Those of different lanes are
// handled side by side.
type lane struct {
	kind laneKind
	id   int64
}

type laneKind byte

const (
	inChat   laneKind = iota // messages of a chat
	byPerson                 // presses and inline queries, which somebody is waiting for
)

// message is something that somebody wrote.
type message struct {
	chat      int64
	private   bool
	thread    int // of a forum topic; 0 outside
	id        int
	date      time.Time // of the last edit
	from      int64     // 0 when unknown
	lang      string
	anonymous bool // written as the group or as a channel
	forwarded bool // or sent through another bot: not the sender's own words
	edited    bool
	text      string
	entities  []models.MessageEntity
	replyTo   int    // id of the message replied to, 0 for none
	toMe      bool   // that message is the bot's
	replied   string // its text, or the part of it that was selected
	textless  bool   // a voice message, a sticker
}

// press is a press on a button under a message of the bot.
type press struct {
	id       string
	from     int64
	lang     string
	chat     int64
	private  bool
	message  int // that the button is under; 0 when it is too old to be changed
	data     string
	question *message // that the message replies to, where Telegram tells
}

// search is an inline query: the bot's name and words in any chat.
type search struct {
	id     string
	from   int64
	lang   string
	text   string
	offset string
}

// membership is a change of whether the bot is in a chat.
type membership struct {
	chat    int64
	private bool
	lang    string
	came    bool // else it went
}

// migration is a group that became a supergroup, with another id.
type migration struct{ from, to int64 }

func (m message) lane() lane    { return lane{inChat, m.chat} }
func (p press) lane() lane      { return lane{byPerson, p.from} }
func (s search) lane() lane     { return lane{byPerson, s.from} }
func (m membership) lane() lane { return lane{inChat, m.chat} }
func (m migration) lane() lane  { return lane{inChat, m.from} }

// Accounts that Telegram itself writes with.
const (
	groupAnonymousBot = 1087968824
	channelBot        = 136817688
	serviceAccount    = 777000
)

// allowedUpdates are the kinds that translate knows.
var allowedUpdates = []string{"message", "edited_message", "callback_query", "inline_query", "my_chat_member"}

// translate turns an update into an event. It reports false for what the bot
// never reacts to: channels, other bots, most of what Telegram writes itself.
func translate(u *models.Update, me int64) (event, bool) {
	switch {
	case u.MyChatMember != nil:
		return translateMembership(u.MyChatMember)
	case u.CallbackQuery != nil:
		return translatePress(u.CallbackQuery, me)
	case u.InlineQuery != nil && u.InlineQuery.From != nil:
		q := u.InlineQuery
		return search{id: q.ID, from: q.From.ID, lang: q.From.LanguageCode, text: strings.TrimSpace(q.Query), offset: q.Offset}, true
	case u.EditedMessage != nil:
		m, ok := translateMessage(u.EditedMessage, me)
		if u.EditedMessage.EditDate > 0 {
			m.date = time.Unix(int64(u.EditedMessage.EditDate), 0)
		}
		m.edited = true
		return m, ok && !m.textless
	case u.Message != nil && u.Message.MigrateToChatID != 0:
		return migration{u.Message.Chat.ID, u.Message.MigrateToChatID}, true
	case u.Message != nil:
		return translateMessage(u.Message, me)
	}
	return nil, false
}

func translateMessage(m *models.Message, me int64) (message, bool) {
	if m.Chat.Type == models.ChatTypeChannel || m.IsAutomaticForward || m.ViaBot != nil && m.ViaBot.ID == me {
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

// translatePress turns a press on a button into an event. One under a message
// that was sent inline has no chat of the bot's.
func translatePress(c *models.CallbackQuery, me int64) (event, bool) {
	p := press{id: c.ID, from: c.From.ID, lang: c.From.LanguageCode, data: c.Data}
	if m := c.Message.Message; m != nil {
		p.chat, p.message, p.private = m.Chat.ID, m.ID, m.Chat.Type == models.ChatTypePrivate
		if m.ReplyToMessage != nil {
			if q, ok := translateMessage(m.ReplyToMessage, me); ok {
				p.question = &q
			}
		}
	}
	return p, true
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

// translateMembership turns a change of the bot's own membership into an
// event.
func translateMembership(c *models.ChatMemberUpdated) (event, bool) {
	was, is := present(c.OldChatMember.Type), present(c.NewChatMember.Type)
	if was == is || c.Chat.Type == models.ChatTypeChannel {
		return nil, false
	}
	return membership{chat: c.Chat.ID, private: c.Chat.Type == models.ChatTypePrivate, lang: c.From.LanguageCode,
		came: is}, true
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
