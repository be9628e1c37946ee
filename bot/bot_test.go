package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"

	"onrecord/corpus"
	"onrecord/index"
)

// record opens the real index over the built-in event.
func record(t testing.TB) *index.Index {
	t.Helper()
	x, err := index.Open(context.Background(), index.Options{Corpus: func() (fs.FS, io.Closer, error) { return corpus.Event(), nil, nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

const question = "Who says no such attack happened?"

func TestPrivate(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	id := f.push(42, question, nil)
	m := f.replies(42, 1)[0]
	if !strings.Contains(m.Text, "No such attack happened") || !strings.Contains(m.Text, "Andrii Sybiha") || !strings.Contains(m.Text, "reported by") {
		t.Errorf("got %s", m.Text)
	}
	if m.ReplyTo != id || len(m.Entities) == 0 || m.Entities[0].Type != models.MessageEntityTypeBlockquote {
		t.Errorf("reply to %d, entities %+v", m.ReplyTo, m.Entities)
	}
	if !slices.ContainsFunc(m.Entities, func(e models.MessageEntity) bool { return e.Type == models.MessageEntityTypeTextLink }) {
		t.Error("no link to the source")
	}
	f.push(43, "What is the best pizza recipe?", nil)
	if m := f.replies(43, 1)[0]; !strings.HasPrefix(m.Text, "Nothing on record") || !strings.Contains(m.Text, "residence") {
		t.Errorf("got %s", m.Text)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	for i, c := range []struct{ text, want string }{
		{"/start", "word for word"}, {"/help", "@record_bot"}, {"/sources", "On record: 15 articles"}, {"/ask", "What would you like to know"},
		{"/ask@Record_Bot " + question, "Sybiha"}, {"/about", "language model"}, {"/privacy", "not kept"}, {"/nosuch", "don't know that command"}, {"/reindex", "operator's admins"}, {"/status", "operator's admins"},
	} {
		chat := int64(100 + i)
		f.push(chat, c.text, nil)
		if m := f.replies(chat, 1)[0]; !strings.Contains(m.Text, c.want) {
			t.Errorf("%s: got %s", c.text, m.Text)
		}
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	mention := func(text string) map[string]any {
		at := strings.Index(strings.ToLower(text), "@record_bot")
		offset := len(utf16.Encode([]rune(text[:at])))
		return map[string]any{"entities": []map[string]any{{"type": "mention", "offset": offset, "length": len("@record_bot")}}}
	}
	mine := map[string]any{"message_id": 5, "date": 1, "text": "a quote", "chat": map[string]any{"id": -1, "type": "supergroup"}, "from": map[string]any{"id": 123456, "is_bot": true, "first_name": "R"}}
	theirs := map[string]any{"message_id": 6, "date": 1, "text": question, "chat": map[string]any{"id": -1, "type": "supergroup"}, "from": map[string]any{"id": 9, "is_bot": false, "first_name": "B"}}
	with := func(maps ...map[string]any) map[string]any {
		out := map[string]any{}
		for _, m := range maps {
			for k, v := range m {
				out[k] = v
			}
		}
		return out
	}
	emoji := "🚁 Скажи, " + question + " @Record_BOT"
	answered := []struct {
		text string
		more map[string]any
	}{
		{"/ask " + question, nil}, {"/ASK@record_bot " + question, nil}, {emoji, mention(emoji)},
		{question, map[string]any{"reply_to_message": mine}}, {"/ask", map[string]any{"reply_to_message": theirs}},
		{"@record_bot", with(mention("@record_bot"), map[string]any{"reply_to_message": theirs})},
		{"/ask " + question, map[string]any{"message_thread_id": 77, "is_topic_message": true}},
	}
	for i, c := range answered {
		chat := int64(-100 - i)
		f.push(chat, c.text, c.more)
		m := f.replies(chat, 1)[0]
		if !strings.Contains(m.Text, "Sybiha") {
			t.Errorf("%s: got %s", c.text, m.Text)
		}
		if want := c.more["message_thread_id"]; want != nil && m.Thread != want {
			t.Errorf("%s: thread %d, want %v", c.text, m.Thread, want)
		}
	}
	code := "`@record_bot` " + question
	quiet := []struct {
		text string
		more map[string]any
	}{
		{question, nil}, {"/ask@other_bot " + question, nil}, {"/nosuch", nil}, {code, nil}, {question, map[string]any{"reply_to_message": theirs}},
		{"/ask " + question, map[string]any{"date": time.Now().Add(-time.Hour).Unix()}},
		{"/ask " + question, map[string]any{"from": map[string]any{"id": 88, "is_bot": true, "first_name": "Bot"}}},
		{"/ask " + question, map[string]any{"is_automatic_forward": true}},
		{"/ask " + question, map[string]any{"via_bot": map[string]any{"id": 123456, "is_bot": true, "first_name": "R"}}},
	}
	for _, c := range quiet {
		f.push(-500, c.text, c.more)
	}
	f.push(-500, "/ask "+question, nil)
	if got := f.replies(-500, 1); len(got) != 1 {
		t.Errorf("%d answers, want silence but for the last: %+v", len(got), got)
	}
}

// TestAdmin reindexes under questions.
func TestAdmin(t *testing.T) {
	t.Parallel()
	var current atomic.Pointer[fstest.MapFS]
	first := fstest.MapFS{"a.md": {Data: []byte("The bridge cost 27 million crowns.")}, "b.md": {Data: []byte("The ferry stopped on Monday.")}}
	second := fstest.MapFS{"a.md": {Data: []byte("The bridge cost 28 million crowns.")}, "c.md": {Data: []byte("A tunnel is planned.")}, "bad.md": {}}
	current.Store(&first)
	x, err := index.Open(context.Background(), index.Options{Corpus: func() (fs.FS, io.Closer, error) { return *current.Load(), nil, nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	f := newFake(t)
	f.start(x, "")
	current.Store(&second)
	f.push(1000, "/reindex", nil)
	end := f.wait(func(m sentMessage) bool { return m.Chat == 1000 && m.Edited && strings.HasPrefix(m.Text, "Done") }, 1)[0]
	for _, want := range []string{"2 articles", "1 added, 1 changed, 1 removed, 1 skipped", "bad.md: empty"} {
		if !strings.Contains(end.Text, want) {
			t.Errorf("%q is not in %s", want, end.Text)
		}
	}
	f.push(1000, "/status", nil)
	if m := f.replies(1000, 2)[1]; !strings.Contains(m.Text, "2 articles, 2 passages") {
		t.Errorf("got %s", m.Text)
	}
	forwarded := map[string]any{"forward_origin": map[string]any{"type": "hidden_user", "date": 1, "sender_user_name": "X"}}
	f.push(1000, "/reindex", forwarded)
	if m := f.replies(1000, 3)[2]; !strings.Contains(m.Text, "forwarded") {
		t.Errorf("got %s", m.Text)
	}
	anonymous := map[string]any{"from": map[string]any{"id": groupAnonymousBot, "is_bot": true, "first_name": "Group"}, "sender_chat": map[string]any{"id": -7, "type": "supergroup"}}
	f.push(-7, "/reindex", anonymous)
	if m := f.replies(-7, 1)[0]; !strings.Contains(m.Text, "in private") {
		t.Errorf("got %s", m.Text)
	}
}

// slow is a searcher that takes its time, and counts.
type slow struct {
	*index.Index
	wait    time.Duration
	rebuild chan struct{}
}

func (s *slow) Ask(ctx context.Context, q index.Question) (index.Answer, error) {
	time.Sleep(s.wait)
	return s.Index.Ask(ctx, q)
}

func (s *slow) Rebuild(ctx context.Context, p index.Progress) (index.Changes, error) {
	select {
	case <-s.rebuild:
	case <-ctx.Done():
		return index.Changes{}, ctx.Err()
	}
	return s.Index.Rebuild(ctx, p)
}

func TestSecondReindex(t *testing.T) {
	t.Parallel()
	s := &slow{Index: record(t), rebuild: make(chan struct{})}
	f := newFake(t)
	f.start(s, "")
	f.push(1000, "/reindex", nil)
	f.push(1000, "/reindex", nil)
	if m := f.replies(1000, 2)[1]; !strings.Contains(m.Text, "already running") {
		t.Errorf("got %s", m.Text)
	}
	f.push(42, question, nil)
	f.replies(42, 1)
	close(s.rebuild)
	f.wait(func(m sentMessage) bool { return m.Edited && strings.HasPrefix(m.Text, "Done") }, 1)
}

// TestOrder holds that a chat's questions are answered in order and once, also
// when an update comes twice.
func TestOrder(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	const chats, each = 20, 3
	for i := range each {
		for c := range chats {
			f.push(int64(2000+c), fmt.Sprintf("%s %d", question, i), nil)
		}
	}
	f.mu.Lock()
	f.updates = append(f.updates, f.updates[:10]...)
	f.mu.Unlock()
	for c := range chats {
		got := f.replies(int64(2000+c), each)
		if len(got) != each || !slices.IsSortedFunc(got, func(a, b sentMessage) int { return a.ReplyTo - b.ReplyTo }) {
			t.Errorf("chat %d: %d answers, replies to %v", c, len(got), got)
		}
	}
}

// TestStop stops the bot with questions pending and starts it again: every
// question is answered once.
func TestStop(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", t.TempDir()} {
		f := newFake(t)
		x := &slow{Index: record(t), wait: 20 * time.Millisecond}
		r := f.start(x, dir)
		const chats = 40
		for c := range chats {
			f.push(int64(3000+c), question, nil)
		}
		f.wait(func(sentMessage) bool { return true }, 3)
		if err := r.stop(); err != nil {
			t.Error(err)
		}
		f.start(x, dir)
		for c := range chats {
			if got := f.replies(int64(3000+c), 1); len(got) != 1 {
				t.Errorf("chat %d: %d answers", c, len(got))
			}
		}
		time.Sleep(200 * time.Millisecond)
		f.mu.Lock()
		if len(f.sent) != chats {
			t.Errorf("%d answers to %d questions", len(f.sent), chats)
		}
		f.mu.Unlock()
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.faults["getMe"] = []int{502, 500}
	f.faults["getUpdates"] = []int{502, 429}
	f.faults["sendMessage"] = []int{502, 429}
	f.start(record(t), "")
	f.push(42, question, nil)
	if got := f.replies(42, 1); len(got) != 1 {
		t.Errorf("%d answers", len(got))
	}
}

func TestWrongToken(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.faults["getMe"] = []int{401}
	err := f.start(record(t), "").stop()
	time.Sleep(10 * time.Millisecond)
	if err != nil && !errors.Is(err, errUnauthorized) {
		t.Errorf("got %v", err)
	}
	f.faults["getUpdates"] = []int{401, 401}
	b, err := New(Options{Token: testToken, APIURL: f.server.URL, Index: record(t), Log: quietLog()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := b.Run(ctx); !errors.Is(err, errUnauthorized) || !strings.Contains(err.Error(), "TELEGRAM_BOT_TOKEN") || strings.Contains(err.Error(), testToken) {
		t.Errorf("got %v", err)
	}
}

// panicky panics at one question.
type panicky struct{ *index.Index }

func (p panicky) Ask(ctx context.Context, q index.Question) (index.Answer, error) {
	if strings.Contains(q.Text, "boom") {
		panic("boom")
	}
	return p.Index.Ask(ctx, q)
}

func TestPanic(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(panicky{record(t)}, "")
	f.push(42, "boom", nil)
	f.push(42, question, nil)
	f.replies(42, 1)
}

// TestOddUpdates holds that nothing a stranger sends stops the bot.
func TestOddUpdates(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	f.mu.Lock()
	for i, u := range []map[string]any{
		{"message": map[string]any{"message_id": 1, "chat": map[string]any{"id": 5, "type": "private"}}},
		{"message": "not an object"},
		{"message": map[string]any{"message_id": "x"}},
		{"poll": map[string]any{}},
		{"channel_post": map[string]any{"message_id": 1, "text": "/ask x", "chat": map[string]any{"id": -9, "type": "channel"}}},
		{"my_chat_member": map[string]any{"chat": map[string]any{"id": -8, "type": "group"}, "from": map[string]any{"id": 3, "is_bot": false, "first_name": "A"}, "date": 1,
			"old_chat_member": map[string]any{"status": "left", "user": map[string]any{"id": 123456}}, "new_chat_member": map[string]any{"status": "member", "user": map[string]any{"id": 123456}}}},
	} {
		u["update_id"] = 50 + i
		f.updates = append(f.updates, u)
	}
	f.mu.Unlock()
	f.push(44, "", map[string]any{"voice": map[string]any{"file_id": "x", "file_unique_id": "y", "duration": 1}})
	f.push(42, question, nil)
	f.replies(42, 1)
	if m := f.replies(44, 1)[0]; !strings.Contains(m.Text, "only read text") {
		t.Errorf("got %s", m.Text)
	}
	if m := f.replies(-8, 1)[0]; !strings.Contains(m.Text, "/ask") {
		t.Errorf("got %s", m.Text)
	}
}

func TestFollowUp(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.start(record(t), "")
	f.push(42, "What did Lavrov say about the drones?", nil)
	f.replies(42, 1)
	f.push(42, "And what did Sybiha say?", nil)
	if m := f.replies(42, 2)[1]; !strings.Contains(m.Text, "Sybiha") {
		t.Errorf("got %s", m.Text)
	}
}
