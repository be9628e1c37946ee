package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"onrecord/bot/say"
)

// said returns the messages that the bot sent to a chat so far.
func (f *fake) said(chat int64) []sentMessage {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.sent), func(m sentMessage) bool { return m.Chat != chat || m.Edited })
}

func labels(m sentMessage) []string {
	var out []string
	for _, b := range m.Buttons {
		out = append(out, b.Text)
	}
	return out
}

const manyQuotes = "What did Zelenskyy say about Putin?"

// TestPages turns the pages of an answer there and back, looks at a quote where
// it stands, and does it all again after a restart.
func TestPages(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	x := record(t)
	r := f.start(x, "")
	f.push(42, manyQuotes, nil)
	first := f.replies(42, 1)[0]
	if !slices.Contains(labels(first), "Share") {
		t.Errorf("buttons %v", labels(first))
	}
	f.press(first, "More", nil)
	second := f.edits(42, first.ID, 1)[0]
	if second.Text == first.Text {
		t.Error("More shows the same")
	}
	f.press(second, "Context", nil)
	around := f.edits(42, first.ID, 2)[1]
	quote, _, _ := strings.Cut(second.Text, "\n")
	if !strings.Contains(around.Text, quote) || len(around.Text) < len(quote)+50 {
		t.Errorf("context %q of %q", around.Text, quote)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	f.start(x, "") // it has forgotten everything
	asked := map[string]any{"message_id": first.ReplyTo, "date": 1, "text": manyQuotes, "chat": map[string]any{"id": 42, "type": "private"}, "from": map[string]any{"id": 42, "is_bot": false, "first_name": "A"}}
	f.press(around, "Back", asked)
	if back := f.edits(42, first.ID, 3)[2]; back.Text != second.Text {
		t.Errorf("back at %q, want %q", back.Text, second.Text)
	}
	f.press(first, "More", nil) // nobody knows what was asked
	calls := f.called("answerCallbackQuery", 4)
	if got := calls[3].form.Get("text"); !strings.Contains(got, "out of date") {
		t.Errorf("got %q", got)
	}
	if got := len(f.wait(func(m sentMessage) bool { return m.Edited }, 3)); got != 3 {
		t.Errorf("%d edits", got)
	}
}

// TestForgedPresses holds that made-up data of buttons does nothing but get an
// answer, and shows no part of a sentence.
func TestForgedPresses(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	x := record(t)
	f.start(x, "")
	f.push(42, question, nil)
	m := f.replies(42, 1)[0]
	a, _ := x.Context("AAAAAAAAAAAAAA")
	if a.Quote.Text != "" {
		t.Error("a made-up reference names a quote")
	}
	data := []string{"", ":", "page:", "page:-1x", "page:99999999999999999999", "around::", "around:AAAA:0", "good:", "bad:zzz", "sources:-5", "nosuch:1", strings.Repeat("x", 64)}
	for i, d := range data {
		f.update(map[string]any{"callback_query": map[string]any{"id": fmt.Sprint("forged", i), "from": map[string]any{"id": 8, "is_bot": false, "first_name": "M"}, "chat_instance": "1",
			"data": d, "message": map[string]any{"message_id": m.ID, "date": 1, "text": m.Text, "chat": map[string]any{"id": 42, "type": "private"}}}})
	}
	f.update(map[string]any{"callback_query": map[string]any{"id": "old", "from": map[string]any{"id": 8, "is_bot": false, "first_name": "M"}, "chat_instance": "1",
		"data": "page:1", "message": map[string]any{"message_id": m.ID, "date": 0, "chat": map[string]any{"id": 42, "type": "private"}}}})
	f.called("answerCallbackQuery", len(data)+1)
}

func TestEdited(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	edited := func(chat int64, id int, text string) {
		kind := "private"
		if chat < 0 {
			kind = "supergroup"
		}
		f.update(map[string]any{"edited_message": map[string]any{"message_id": id, "date": time.Now().Unix(), "edit_date": time.Now().Unix(), "text": text,
			"chat": map[string]any{"id": chat, "type": kind}, "from": map[string]any{"id": 7, "is_bot": false, "first_name": "A"}}})
	}
	id := f.push(42, "What did Kallas call the claim?", nil)
	answer := f.replies(42, 1)[0]
	edited(42, id, question)
	if m := f.edits(42, answer.ID, 1)[0]; !strings.Contains(m.Text, "Sybiha") {
		t.Errorf("got %s", m.Text)
	}
	edited(42, id, question) // nothing changed
	edited(-9, 5, "/ask "+question)
	edited(-9, 6, "just talk")
	id = f.push(-9, "/ask What did Kallas call the claim?", nil)
	answer = f.replies(-9, 1)[0]
	edited(-9, id, "/ask "+question)
	if m := f.edits(-9, answer.ID, 1)[0]; !strings.Contains(m.Text, "Sybiha") {
		t.Errorf("got %s", m.Text)
	}
	if got := len(f.said(42)) + len(f.said(-9)); got != 2 {
		t.Errorf("%d messages, want 2", got)
	}
}

// TestShared opens a quote by the link that its Share button sends on.
func TestShared(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	f.push(42, question, nil)
	m := f.replies(42, 1)[0]
	at := slices.IndexFunc(m.Buttons, func(b models.InlineKeyboardButton) bool { return b.Text == "Share" })
	_, ref, found := strings.Cut(m.Buttons[at].URL, "start%3D")
	if !found {
		t.Fatal(m.Buttons[at].URL)
	}
	quote, _, _ := strings.Cut(m.Text, "\n")
	f.push(43, "/start "+ref, nil)
	if got := f.replies(43, 1)[0]; !strings.HasPrefix(got.Text, quote+"\n") {
		t.Errorf("got %q, want %q", got.Text, quote)
	}
	f.push(44, "/start AAAAAAAAAAAAAAAA", nil)
	if got := f.replies(44, 1)[0]; !strings.Contains(got.Text, "not on record any more") {
		t.Errorf("got %q", got.Text)
	}
}

func TestInline(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	for i, q := range []string{"", question, "best pizza recipe"} {
		f.update(map[string]any{"inline_query": map[string]any{"id": fmt.Sprint("q", i), "from": map[string]any{"id": 7, "is_bot": false, "first_name": "A"}, "query": q, "offset": ""}})
		got := f.called("answerInlineQuery", i+1)[i].form
		var results []struct {
			ID      string `json:"id"`
			Title   string `json:"title"`
			Content struct {
				Text     string                 `json:"message_text"`
				Entities []models.MessageEntity `json:"entities"`
			} `json:"input_message_content"`
		}
		if err := json.Unmarshal([]byte(got.Get("results")), &results); err != nil {
			t.Fatalf("%s: %v", got.Get("results"), err)
		}
		if q == question != (len(results) > 0) || q == question == strings.Contains(got.Get("button"), "start_parameter") {
			t.Errorf("%q: %d results, button %s", q, len(results), got.Get("button"))
		}
		for _, r := range results {
			checkMessage(t, r.Content.Text, r.Content.Entities)
			if len(r.ID) > 64 || r.Title == "" {
				t.Errorf("result %+v", r)
			}
		}
	}
}

// TestMigration holds that an answer follows a group that becomes another.
func TestMigration(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.moved[-60] = -10060
	f.start(record(t), "")
	f.push(-60, "/ask "+question, nil)
	if m := f.replies(-10060, 1)[0]; m.ReplyTo != 0 {
		t.Errorf("a reply to message %d of the other group", m.ReplyTo)
	}
	f.push(-60, "/ask "+question, nil)
	f.replies(-10060, 2)
}

// TestBlocked holds that a chat that cannot be written to is left alone until
// it writes again.
func TestBlocked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.faults["sendMessage"] = []int{403}
	f.start(record(t), "")
	old := map[string]any{"date": time.Now().Add(-time.Minute).Unix()}
	for range 3 {
		f.push(42, question, old)
	}
	for used := false; !used; time.Sleep(5 * time.Millisecond) {
		f.mu.Lock()
		used = len(f.faults["sendMessage"]) == 0
		f.mu.Unlock()
	}
	f.push(43, question, nil)
	f.replies(43, 1)
	f.push(42, question, map[string]any{"date": time.Now().Add(time.Minute).Unix()})
	f.replies(42, 1)
	time.Sleep(50 * time.Millisecond)
	if got := f.said(42); len(got) != 1 {
		t.Errorf("%d messages to who had blocked the bot", len(got))
	}
}

// TestFlood holds that one person's flood ends in one notice and delays nobody.
func TestFlood(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	for i := range 300 {
		f.push(-70, fmt.Sprintf("/ask %s %d", question, i), nil)
	}
	f.push(42, question, nil)
	start := time.Now()
	f.replies(42, 1)
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("somebody else waited %s", took)
	}
}

// TestProfile holds that the commands are set for every language and scope, and
// left alone when they are as they should be.
func TestProfile(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	x := record(t)
	r := f.start(x, "")
	languages := len(say.Languages())
	calls := f.called("setMyCommands", 3*languages)
	f.called("setMyShortDescription", languages)
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	admins := 0
	for _, c := range calls {
		var list []models.BotCommand
		if err := json.Unmarshal([]byte(c.form.Get("commands")), &list); err != nil {
			t.Fatal(err)
		}
		mayReindex := slices.ContainsFunc(list, func(c models.BotCommand) bool { return c.Command == "reindex" })
		forAdmin := strings.Contains(c.form.Get("scope"), `"chat"`)
		if mayReindex != forAdmin {
			t.Errorf("scope %s lists %+v", c.form.Get("scope"), list)
		}
		admins += btoi(forAdmin)
	}
	if admins != languages {
		t.Errorf("%d lists for the admin", admins)
	}
	f.start(x, "")
	f.called("getMyShortDescription", 2*languages)
	if again := f.called("setMyCommands", 3*languages); len(again) != 3*languages {
		t.Errorf("the commands were set again: %d calls", len(again))
	}
}

// TestLanguages asks in every language of the bot's own words.
func TestLanguages(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	for i, lang := range say.Languages() {
		chat := int64(600 + i)
		from := map[string]any{"from": map[string]any{"id": chat, "is_bot": false, "first_name": "A", "language_code": lang}}
		f.push(chat, "/help", from)
		if m := f.replies(chat, 1)[0]; m.Text != say.Text(lang, say.Help, "record_bot") {
			t.Errorf("%s: got %s", lang, m.Text)
		}
		f.push(chat, question, from)
		if m := f.replies(chat, 2)[1]; !slices.Contains(labels(m), say.Text(lang, say.Around)) {
			t.Errorf("%s: buttons %v", lang, labels(m))
		}
	}
}
