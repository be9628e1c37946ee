package bot

import (
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"onrecord/corpus"
	"onrecord/index"
	"onrecord/index/measure"
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
			quotes := []index.Quote{q, other, q}
			for start := 0; start < len(quotes); {
				text, next := pageText("uk", quotes, start, room(private))
				checkMessage(t, text.b.String(), text.entities)
				if !strings.Contains(text.b.String(), quote) {
					t.Errorf("the quote %q is not in %q", quote, text.b.String())
				}
				if next <= start {
					t.Fatalf("page %d leads to %d", start, next)
				}
				start = next
			}
			around := contextText("de", index.Context{Quote: q, Before: title, Head: speaker, Tail: link, After: quote}, private)
			checkMessage(t, around.b.String(), around.entities)
			if !strings.Contains(around.b.String(), quote) {
				t.Errorf("the quote %q is not in its context %q", quote, around.b.String())
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
	if err := again.begin(11); err != nil {
		t.Fatal(err)
	}
	again.finish(11)
	if err := again.tidy(); err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(again.path); err != nil || strings.Contains(string(raw), `"update_id":11`) || !strings.Contains(string(raw), `"update_id":9`) {
		t.Errorf("the journal holds %s, %v", raw, err)
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

func TestCrowd(t *testing.T) {
	c, start := newCrowd(20), time.Unix(1e9, 0)
	admitted, told := 0, 0
	for i := range 3000 {
		ok, tell := c.admit(7, start.Add(time.Duration(i)*100*time.Millisecond))
		admitted += btoi(ok)
		told += btoi(tell)
	}
	if admitted != 100 || told != 1 {
		t.Errorf("in five minutes %d questions were admitted and %d told", admitted, told)
	}
	if ok, _ := c.admit(8, start); !ok {
		t.Error("somebody else is turned away")
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestLinkable(t *testing.T) {
	for address, want := range map[string]bool{
		"https://e.example/a?b=c#:~:text=d%20e": true, "http://e.example": true, "https://localhost/a": false, "javascript:alert(1)": false, "tg://user?id=1": false,
		"": false, "https://a b.example": false, "//e.example": false, "https://u:p@e.example": false, "https://e.example/" + strings.Repeat("a", 2000): false,
		"https://[::1]/": false, "https://%zz.example": false, "https://.": false, "HTTPS://E.example/": true,
	} {
		if got := linkable(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	long := "https://e.example/a#:~:text=" + strings.Repeat("b", 2000)
	if got := fitting(long); got != "https://e.example/a" {
		t.Errorf("got %s", got)
	}
}

func TestFeedback(t *testing.T) {
	dir := t.TempDir()
	f, err := openFeedback(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	r := rating{Good: true, Article: "a", Paragraph: 2, Start: 0, End: 5}
	asked := thread{question: "Who denied it?"}
	for _, by := range []voter{{1, 2, 3}, {1, 2, 3}, {1, 2, 4}} {
		if err := f.rate(r, by, asked, "It was."); err != nil {
			t.Fatal(err)
		}
	}
	r.Good = false
	if err := f.rate(r, voter{1, 2, 3}, asked, "It was."); err != nil {
		t.Fatal(err)
	}
	if good, bad := f.counts(); good != 1 || bad != 1 {
		t.Errorf("%d good, %d bad", good, bad)
	}
	again, err := openFeedback(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	if good, bad := again.counts(); good != 1 || bad != 1 {
		t.Errorf("after a restart %d good, %d bad", good, bad)
	}
	questions := filepath.Join(dir, questionsFile)
	if got, err := measure.Read(questions); err != nil || len(got) != 3 || got[0].Gold[0] != "It was." || got[0].Text != asked.question {
		t.Errorf("eval reads %+v, %v", got, err)
	}
	if err := again.prune(time.Now().Add(keepFor + time.Hour)); err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(questions); err != nil || len(raw) != 0 {
		t.Errorf("after 90 days %q is kept, %v", raw, err)
	}
	if err := appendJSON(questions, keptQuestion{ID: "x", Question: "y", Time: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if _, err := openFeedback(dir, false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(questions); err == nil {
		t.Error("questions are kept though the operator says not to")
	}
	raw, err := os.ReadFile(filepath.Join(dir, ratingsFile))
	if err != nil || strings.Contains(string(raw), asked.question) {
		t.Errorf("ratings: %s, %v", raw, err)
	}
}
