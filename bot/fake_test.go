package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"
)

// fake is a Bot API server that behaves as Telegram does where the bot relies
// on it: updates are kept until confirmed, messages sent are checked for the
// limits that Telegram enforces.
type fake struct {
	t       *testing.T
	server  *httptest.Server
	mu      sync.Mutex
	changed *sync.Cond
	updates []map[string]any
	nextID  int
	sent    []sentMessage
	faults  map[string][]int // by method: status codes to answer with first
	asked   int64            // the last offset
	calls   []call           // of all methods but sendMessage and getUpdates
	profile map[string]any   // what the setMy methods have set, by the name of the getMy method and its scope
	moved   map[int64]int64  // groups that became others
}

// call is a request as it came.
type call struct {
	method string
	form   url.Values
}

// sentMessage is a message as a user sees it.
type sentMessage struct {
	ID, Thread, ReplyTo int
	Chat                int64
	Text                string
	Entities            []models.MessageEntity
	Edited              bool
	Buttons             []models.InlineKeyboardButton
}

const testToken = "123456:TEST-token"

func newFake(t *testing.T) *fake {
	f := &fake{t: t, nextID: 100, faults: make(map[string][]int), profile: make(map[string]any), moved: make(map[int64]int64)}
	f.changed = sync.NewCond(&f.mu)
	f.server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.server.Close)
	return f
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	f.mu.Lock()
	if codes := f.faults[method]; len(codes) > 0 {
		f.faults[method] = codes[1:]
		f.mu.Unlock()
		w.WriteHeader(codes[0])
		fmt.Fprintf(w, `{"ok":false,"error_code":%d,"description":"fault","parameters":{"retry_after":1}}`, codes[0])
		return
	}
	f.mu.Unlock()
	var result any
	switch method {
	case "getMe":
		result = map[string]any{"id": 123456, "is_bot": true, "first_name": "On Record", "username": "record_bot"}
	case "getUpdates":
		result = f.getUpdates(r)
	case "sendMessage":
		result = f.sendMessage(r)
	case "editMessageText":
		result = f.editMessage(r)
	default:
		result = f.other(method, r)
	}
	if to, ok := result.(migrated); ok {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded","parameters":{"migrate_to_chat_id":%d}}`, to)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

// migrated is the answer of a group that became another.
type migrated int64

// other keeps a request, and what it sets in the bot's profile.
func (f *fake) other(method string, r *http.Request) any {
	_ = r.ParseMultipartForm(1 << 20)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call{method, r.Form})
	f.changed.Broadcast()
	key := strings.TrimPrefix(strings.TrimPrefix(method, "get"), "set") + r.FormValue("scope") + r.FormValue("language_code")
	switch {
	case strings.HasPrefix(method, "setMy"):
		f.profile[key] = map[string]any{"description": r.FormValue("description"), "short_description": r.FormValue("short_description")}
		if c := r.FormValue("commands"); c != "" {
			f.profile[key] = json.RawMessage(c)
		}
	case method == "getMyCommands" && f.profile[key] == nil:
		return []any{}
	case strings.HasPrefix(method, "getMy") && f.profile[key] == nil:
		return map[string]any{}
	case strings.HasPrefix(method, "getMy"):
		return f.profile[key]
	}
	return true
}

// called waits until a method was called n times and returns the calls.
func (f *fake) called(method string, n int) []call {
	f.t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for {
		f.mu.Lock()
		var got []call
		for _, c := range f.calls {
			if c.method == method {
				got = append(got, c)
			}
		}
		f.mu.Unlock()
		if len(got) >= n {
			return got
		}
		if time.Now().After(deadline) {
			f.t.Fatalf("%s was called %d times, want %d", method, len(got), n)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// update queues an update of any kind.
func (f *fake) update(u map[string]any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.nextID++
	u["update_id"] = f.nextID + 1000
	f.updates = append(f.updates, u)
}

// press presses the button of a message that shows a text.
func (f *fake) press(m sentMessage, text string, asked map[string]any) {
	f.t.Helper()
	for _, b := range m.Buttons {
		if b.Text == text && b.CallbackData != "" {
			kind := "private"
			if m.Chat < 0 {
				kind = "supergroup"
			}
			under := map[string]any{"message_id": m.ID, "date": 1, "text": m.Text, "chat": map[string]any{"id": m.Chat, "type": kind}}
			if asked != nil {
				under["reply_to_message"] = asked
			}
			f.update(map[string]any{"callback_query": map[string]any{"id": "press" + text, "from": map[string]any{"id": 7, "is_bot": false, "first_name": "A"},
				"chat_instance": "1", "data": b.CallbackData, "message": under}})
			return
		}
	}
	f.t.Fatalf("no button %q under %q; there are %+v", text, m.Text, m.Buttons)
}

// edits waits until n edits of a message came and returns them.
func (f *fake) edits(chat int64, id, n int) []sentMessage {
	f.t.Helper()
	return f.wait(func(m sentMessage) bool { return m.Chat == chat && m.ID == id && m.Edited }, n)
}

func (f *fake) getUpdates(r *http.Request) any {
	var p struct {
		Offset  int64 `json:"offset"`
		Timeout int   `json:"timeout"`
	}
	_ = json.NewDecoder(r.Body).Decode(&p)
	until := time.Now().Add(min(time.Duration(p.Timeout)*time.Second, 300*time.Millisecond))
	for {
		f.mu.Lock()
		f.asked = p.Offset
		var left []map[string]any
		for _, u := range f.updates {
			if int64(u["update_id"].(int)) >= p.Offset {
				left = append(left, u)
			}
		}
		f.updates = left
		f.mu.Unlock()
		if len(left) > 0 || time.Now().After(until) || r.Context().Err() != nil {
			return left
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (f *fake) sendMessage(r *http.Request) any {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.message(r)
	if to := f.moved[m.Chat]; to != 0 {
		return migrated(to)
	}
	f.nextID++
	m.ID = f.nextID
	f.sent = append(f.sent, m)
	f.changed.Broadcast()
	return map[string]any{"message_id": m.ID, "date": 1, "chat": map[string]any{"id": m.Chat, "type": "private"}}
}

func (f *fake) editMessage(r *http.Request) any {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.message(r)
	m.Edited = true
	m.ID, _ = strconv.Atoi(r.FormValue("message_id"))
	f.sent = append(f.sent, m)
	f.changed.Broadcast()
	return map[string]any{"message_id": m.ID, "date": 1, "chat": map[string]any{"id": m.Chat, "type": "private"}}
}

// message reads a request and checks what Telegram would refuse.
func (f *fake) message(r *http.Request) sentMessage {
	_ = r.ParseMultipartForm(1 << 20)
	var m sentMessage
	m.Chat, _ = strconv.ParseInt(r.FormValue("chat_id"), 10, 64)
	m.Thread, _ = strconv.Atoi(r.FormValue("message_thread_id"))
	m.Text = r.FormValue("text")
	var reply models.ReplyParameters
	_ = json.Unmarshal([]byte(r.FormValue("reply_parameters")), &reply)
	m.ReplyTo = reply.MessageID
	if e := r.FormValue("entities"); e != "" {
		if err := json.Unmarshal([]byte(e), &m.Entities); err != nil {
			f.t.Errorf("entities %s: %v", e, err)
		}
	}
	var markup models.InlineKeyboardMarkup
	_ = json.Unmarshal([]byte(r.FormValue("reply_markup")), &markup)
	for _, row := range markup.InlineKeyboard {
		m.Buttons = append(m.Buttons, row...)
	}
	for _, b := range m.Buttons {
		if b.Text == "" || len(b.CallbackData) > 64 || (b.CallbackData == "") == (b.URL == "") {
			f.t.Errorf("a button that Telegram refuses: %+v", b)
		}
	}
	if !strings.Contains(r.FormValue("link_preview_options"), `"is_disabled":true`) {
		f.t.Errorf("a message with a preview: %s", m.Text)
	}
	checkMessage(f.t, m.Text, m.Entities)
	return m
}

// checkMessage holds what Telegram asks of a text and its entities.
func checkMessage(t testing.TB, text string, entities []models.MessageEntity) {
	t.Helper()
	units := len(utf16.Encode([]rune(text)))
	if strings.TrimSpace(text) == "" || units > 4096 {
		t.Errorf("a message of %d units: %.80q", units, text)
	}
	if len(entities) > 100 {
		t.Errorf("%d entities", len(entities))
	}
	for i, e := range entities {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > units {
			t.Errorf("entity %+v in a text of %d units", e, units)
		}
		for _, o := range entities[:i] {
			crossing := o.Offset < e.Offset && e.Offset < o.Offset+o.Length && o.Offset+o.Length < e.Offset+e.Length
			if crossing {
				t.Errorf("entities %+v and %+v cross", o, e)
			}
		}
	}
}

// push queues an update with a message.
func (f *fake) push(chat int64, text string, more map[string]any) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.nextID++
	kind := "private"
	if chat < 0 {
		kind = "supergroup"
	}
	m := map[string]any{
		"message_id": f.nextID, "date": time.Now().Unix(), "text": text, "chat": map[string]any{"id": chat, "type": kind},
		"from": map[string]any{"id": max(chat, 7), "is_bot": false, "first_name": "A"},
	}
	for k, v := range more {
		m[k] = v
	}
	f.updates = append(f.updates, map[string]any{"update_id": f.nextID + 1000, "message": m})
	return f.nextID
}

// replies waits until n messages were sent to chat, edits aside, and returns
// them.
func (f *fake) replies(chat int64, n int) []sentMessage {
	f.t.Helper()
	return f.wait(func(m sentMessage) bool { return m.Chat == chat && !m.Edited }, n)
}

func (f *fake) wait(is func(sentMessage) bool, n int) []sentMessage {
	f.t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for {
		f.mu.Lock()
		var got []sentMessage
		for _, m := range f.sent {
			if is(m) {
				got = append(got, m)
			}
		}
		f.mu.Unlock()
		if len(got) >= n || time.Now().After(deadline) {
			if len(got) < n {
				f.t.Errorf("%d messages, want %d", len(got), n)
				got = append(got, make([]sentMessage, n-len(got))...)
			}
			return got
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// running is a bot at work against a fake.
type running struct {
	stop func() error
	log  *bytes.Buffer
}

// start runs a bot until the test ends or stop is called.
func (f *fake) start(x Searcher, dir string) *running {
	f.t.Helper()
	r := &running{log: &bytes.Buffer{}}
	b, err := New(Options{Token: testToken, APIURL: f.server.URL, Admins: []int64{1000}, DataDir: dir, Index: x,
		Log: slog.New(slog.NewTextHandler(&locked{w: r.log}, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		f.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	var once sync.Once
	var result error
	r.stop = func() error {
		once.Do(func() {
			cancel()
			select {
			case result = <-done:
			case <-time.After(20 * time.Second):
				f.t.Error("the bot did not stop")
			}
		})
		return result
	}
	f.t.Cleanup(func() {
		if err := r.stop(); err != nil {
			f.t.Log("run:", err)
		}
		if strings.Contains(r.log.String(), testToken) {
			f.t.Error("the token is in the log")
		}
	})
	return r
}

// locked guards a log that is written from several goroutines.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
