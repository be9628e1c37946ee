package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// run runs a command and returns its exit code and what it printed.
func run(t *testing.T, in string, s Settings, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	s.Log = slog.New(slog.DiscardHandler)
	code = Run(context.Background(), args, s, Streams{In: strings.NewReader(in), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

func article(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text := "---\ntitle: The bridge\npublisher: Post\n---\n\nThe bridge cost 27 million crowns, the mayor said."
	if err := os.WriteFile(filepath.Join(dir, "bridge.md"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestExitCodes(t *testing.T) {
	dir := article(t)
	data := filepath.Join(t.TempDir(), "data")
	for _, c := range []struct {
		args string
		code int
		want string // in either stream
	}{
		{"ask Who says no such attack happened?", Done, "Sybiha"}, {"ask best pizza recipe", Nothing, "Nothing on record"},
		{"ask --corpus " + dir + " how much did the bridge cost", Done, "27 million"}, {"ask --corpus /nowhere x", Failed, "/nowhere"},
		{"ask --nope", Failed, "-h"}, {"ask --limit 0 x", Failed, "--limit 0"}, {"askk", Failed, "no command"}, {"version", Done, "onrecord"},
		{"help", Done, "usage"}, {"help ask", Done, "--json"}, {"ask -h", Done, "usage: onrecord ask"}, {"--help", Done, "usage"}, {"version x", Failed, "takes no"},
		{"read", Failed, "name at least one"}, {"read " + dir, Done, "The bridge"}, {"read " + dir + "/none.md", Failed, "none.md"},
		{"index --corpus " + dir, Done, "1 article, 1 passage"}, {"index --corpus " + dir + " --data " + data, Done, "1 added"},
		{"index --corpus " + dir + " --data " + data, Done, "0 added, 0 changed"}, {"index --full --corpus " + dir + " --data " + data, Done, "1 article"},
		{"check --corpus " + dir + " --data " + data, Done, "ok"}, {"check --corpus /nowhere", Nothing, "mend"}, {"eval", Failed, "questions file"}, {"eval /nowhere", Failed, "/nowhere"},
	} {
		code, out, errs := run(t, "", Settings{Version: "test"}, strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(out+errs, c.want) {
			t.Errorf("%s: exit %d, want %d with %q\n%s%s", c.args, code, c.code, c.want, out, errs)
		}
		if strings.Contains(out, "\x1b") {
			t.Errorf("%s: escape codes in a pipe", c.args)
		}
	}
}

func TestHelpFitsAScreen(t *testing.T) {
	for _, c := range commands {
		_, out, _ := run(t, "", Settings{}, c.name, "-h")
		for _, line := range strings.Split(out, "\n") {
			if utf8.RuneCountInString(line) > 80 {
				t.Errorf("%s -h: %q is wider than 80 characters", c.name, line)
			}
		}
		if n := strings.Count(out, "\n"); n > 24 || n < 3 {
			t.Errorf("%s -h has %d lines", c.name, n)
		}
	}
}

// nasty are lines that must each give one line of output.
var nasty = []string{
	"Who denied it?", "", "   ", "🚁🔥", "\x00\x00\x00", "\xff\xfe broken \xc3\x28", strings.Repeat("x", 100000), strings.Repeat("word ", 20000),
	`{"question":"And Sybiha?","after":"What did Lavrov say?"}`, `{"question":`, `{"question":5}`, `{"after":"x"}`, `[1,2]`, "null", "a\rb", "<b>bold</b> & \"quotes\"",
}

// TestAskLines holds that every line of input gets one line of output, in
// order, whatever it holds.
func TestAskLines(t *testing.T) {
	var lines []string
	for i := range 1000 {
		lines = append(lines, nasty[i%len(nasty)])
		if i >= 3*len(nasty) {
			lines[i] = fmt.Sprintf("Who said number %d?", i)
		}
	}
	code, out, errs := run(t, strings.Join(lines, "\n"), Settings{}, "ask", "--json")
	got := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if code != Done || len(got) != len(lines) {
		t.Fatalf("exit %d, %d lines for %d: %s", code, len(got), len(lines), errs)
	}
	for i, line := range got {
		var a struct {
			Question string           `json:"question"`
			Answered *bool            `json:"answered"`
			Quotes   []map[string]any `json:"quotes"`
			Ms       *float64         `json:"ms"`
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil || a.Answered == nil || a.Quotes == nil || a.Ms == nil {
			t.Fatalf("line %d: %v: %.200s", i, err, line)
		}
		want := strings.ToValidUTF8(lines[i], "\ufffd")
		if strings.HasPrefix(want, `{"question":"`) {
			want = "And Sybiha?"
		}
		if a.Question != want {
			t.Errorf("line %d: got %.60q, want %.60q", i, a.Question, want)
		}
	}
}

// TestAskFlushes holds that a line is answered before the next is read.
func TestAskFlushes(t *testing.T) {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan int)
	go func() {
		done <- Run(context.Background(), []string{"ask", "--json"}, Settings{Log: slog.New(slog.DiscardHandler)}, Streams{In: inR, Out: outW, Err: io.Discard})
	}()
	lines := bufio.NewReader(outR)
	for i := range 3 {
		if _, err := fmt.Fprintf(inW, "question %d\n", i); err != nil {
			t.Fatal(err)
		}
		if line, err := lines.ReadString('\n'); err != nil || !strings.Contains(line, fmt.Sprintf("question %d", i)) {
			t.Fatalf("%v %s", err, line)
		}
	}
	_ = inW.Close()
	if code := <-done; code != Done {
		t.Errorf("exit %d", code)
	}
}

func TestConversation(t *testing.T) {
	code, out, errs := run(t, "What did Lavrov say about the drones?\n\nAnd what did Sybiha say?\n", Settings{})
	if code != Done || !strings.Contains(out, "Lavrov") || !strings.Contains(out, "Sybiha") || !strings.Contains(errs, "TELEGRAM_BOT_TOKEN") {
		t.Errorf("exit %d\n%s\n%s", code, out, errs)
	}
}

func TestReadJSON(t *testing.T) {
	dir := article(t)
	if err := os.WriteFile(filepath.Join(dir, "bad.md"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, "", Settings{}, "read", "--json", dir)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != Done || len(lines) != 2 || !strings.Contains(errs, "bad.md") {
		t.Fatalf("exit %d\n%s\n%s", code, out, errs)
	}
	var bad, good map[string]any
	if json.Unmarshal([]byte(lines[0]), &bad) != nil || json.Unmarshal([]byte(lines[1]), &good) != nil {
		t.Fatal(out)
	}
	if bad["skipped"] != "empty" || bad["paragraphs"] != nil || good["title"] != "The bridge" || len(good["paragraphs"].([]any)) != 1 {
		t.Errorf("%v\n%v", bad, good)
	}
}

func TestEval(t *testing.T) {
	dir := article(t)
	file := filepath.Join(t.TempDir(), "questions.jsonl")
	questions := `{"id":"1","question":"How much did the bridge cost?","article":"bridge","paragraph":0,"gold":["The bridge cost 27 million crowns, the mayor said."],"answers":["27 million"],"answerable":true}
{"id":"2","question":"Who won the cup final?","answerable":false}
`
	if err := os.WriteFile(file, []byte(questions), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, "", Settings{}, "eval", "--json", "--corpus", dir, file)
	var r map[string]float64
	if err := json.Unmarshal([]byte(out), &r); code != Done || err != nil {
		t.Fatalf("exit %d, %v\n%s%s", code, err, out, errs)
	}
	for name, want := range map[string]float64{"questions": 2, "paragraph_hit_1": 1, "mrr_10": 1, "sentence_hit_1": 1, "answer_hit_1": 1, "auroc": 1, "refused": 1} {
		if r[name] != want {
			t.Errorf("%s: got %v, want %v", name, r[name], want)
		}
	}
	if _, ok := r["both_sides"]; ok {
		t.Error("both_sides without gold")
	}
}
