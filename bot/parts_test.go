package bot

import (
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"onrecord/corpus"
	"onrecord/index"
)

func quietLog() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func TestCommand(t *testing.T) {
	for text, want := range map[string][3]string{
		"/ask who": {"ask", " who", "true"}, "/ASK@Record_Bot who": {"ask", " who", "true"}, "/ask@other who": {"ask", " who", "false"},
		"/ask\nwho": {"ask", "\nwho", "true"}, "ask": {"", "", "false"}, "/": {"", "", "false"}, "/@record_bot": {"", "", "false"}, " /help": {"help", "", "true"},
	} {
		name, rest, forMe := command(text, "record_bot")
		me := "false"
		if forMe {
			me = "true"
		}
		if got := [3]string{name, rest, me}; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// FuzzAnswerText holds that whatever articles say, a message keeps to
// Telegram's limits, its entities lie in it, and the quote stands in it
// unchanged.
func FuzzAnswerText(f *testing.F) {
	f.Add("He said: <b>no</b> & left. 🚁", "Ann <i>Bell</i>", "Title_*[x](y)", "https://e.example/a", 3, 9)
	f.Add("Да", "", "", "", 0, 2)
	f.Fuzz(func(t *testing.T, quote, speaker, title, link string, from, to int) {
		if !utf8.ValidString(quote) || strings.TrimSpace(quote) == "" || len(quote) > 3000 || len(speaker)+len(title) > 400 {
			return
		}
		q := index.Quote{Text: quote, Speaker: speaker, Title: title, Link: link, Article: "a", ReportedBy: []corpus.Source{{Publisher: title, URL: link}},
			Marks: []corpus.Span{{Start: from, End: to}, {Start: to, End: to + 1}}}
		for i := range q.Marks {
			m := &q.Marks[i]
			if m.Start < 0 || m.End > len(quote) || m.Start >= m.End || !utf8.ValidString(quote[:m.Start]) || !utf8.ValidString(quote[m.Start:m.End]) {
				q.Marks = nil
				break
			}
		}
		other := q
		other.Article = "b"
		for _, private := range []bool{true, false} {
			text := answerText(index.Answer{Quotes: []index.Quote{q, other, q}}, private)
			checkMessage(t, text.b.String(), text.entities)
			if !strings.Contains(text.b.String(), quote) {
				t.Errorf("the quote %q is not in %q", quote, text.b.String())
			}
		}
	})
}

func TestInbox(t *testing.T) {
	dir := t.TempDir()
	in, err := openInbox(dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	raw := func(id string) json.RawMessage { return json.RawMessage(`{"update_id":` + id + `}`) }
	fresh, err := in.accept(map[int64]json.RawMessage{7: raw("7"), 8: raw("8"), 9: raw("9")})
	if err != nil || len(fresh) != 3 || in.offset() != 10 {
		t.Fatal(fresh, err, in.offset())
	}
	if err := in.begin(7); err != nil {
		t.Fatal(err)
	}
	in.finish(7)
	if err := in.begin(8); err != nil { // begun, and the process is killed
		t.Fatal(err)
	}
	if fresh, _ := in.accept(map[int64]json.RawMessage{7: raw("7"), 8: raw("8")}); len(fresh) != 0 {
		t.Errorf("taken twice: %v", fresh)
	}
	f, err := os.OpenFile(filepath.Join(dir, "updates-1.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.WriteString(`{"id":10,"upd`) // a line cut short
	_ = f.Close()
	again, err := openInbox(dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.pending(); len(got) != 1 || string(got[0]) != string(raw("9")) {
		t.Errorf("pending %s", got)
	}
	if fresh, _ := again.accept(map[int64]json.RawMessage{7: raw("7"), 8: raw("8"), 9: raw("9"), 11: raw("11")}); len(fresh) != 1 || fresh[0] != 11 {
		t.Errorf("fresh %v", fresh)
	}
	if err := again.rewrite(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := again.close(); err != nil && !strings.Contains(err.Error(), "already closed") {
			t.Error(err)
		}
	}
}

// TestInboxInMemory holds that Telegram is told only of what is done.
func TestInboxInMemory(t *testing.T) {
	in, err := openInbox("", 1)
	if err != nil {
		t.Fatal(err)
	}
	if in.offset() != 0 {
		t.Error(in.offset())
	}
	_, _ = in.accept(map[int64]json.RawMessage{5: json.RawMessage(`{}`), 6: json.RawMessage(`{}`)})
	if in.offset() != 5 || !in.unconfirmed() {
		t.Errorf("offset %d", in.offset())
	}
	in.finish(5)
	if in.offset() != 6 {
		t.Errorf("offset %d", in.offset())
	}
	in.finish(6)
	if in.offset() != 7 || in.unconfirmed() {
		t.Errorf("offset %d", in.offset())
	}
}

func TestCutCountsUTF16(t *testing.T) {
	m := message{text: "🚁 Привет @record_bot что?", entities: []models.MessageEntity{{Type: "mention", Offset: 10, Length: 11}}}
	ok, rest := mention(m, 1, "Record_Bot")
	if !ok || rest != "🚁 Привет  что?" {
		t.Errorf("%v %q", ok, rest)
	}
	m.entities[0].Offset = 1000
	if ok, _ := mention(m, 1, "record_bot"); ok {
		t.Error("an entity outside the text counts")
	}
}
