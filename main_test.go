package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTopLevel holds the layout of the house.
func TestTopLevel(t *testing.T) {
	allowed := []string{"bot", "corpus", "go.mod", "go.sum", "index", "main.go", "main_test.go", "README.md", "onrecord"}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s stands at the top level, where only %v and dotfiles may", e.Name(), allowed)
		}
	}
}

// rooms are the layers of the house, lowest first: a room imports only rooms
// below it.
var rooms = []string{"corpus", "index", "bot", "main"}

// TestImports holds the direction of imports, and that no type of Telegram
// leaves bot and none of Bleve leaves index.
func TestImports(t *testing.T) {
	keep := map[string]string{"github.com/go-telegram/": "bot", "github.com/blevesearch/": "index"}
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		room := roomOf(filepath.ToSlash(path))
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if inner, ok := strings.CutPrefix(imported, "onrecord/"); ok && slices.Index(rooms, roomOf(inner+"/")) > slices.Index(rooms, room) {
				t.Errorf("%s imports %s: imports go main → bot → index → corpus", path, imported)
			}
			for prefix, owner := range keep {
				if strings.HasPrefix(imported, prefix) && room != owner {
					t.Errorf("%s imports %s, which belongs in %s", path, imported, owner)
				}
			}
		}
		return nil
	})
	if err != nil || files < 20 {
		t.Fatalf("%d files looked at: %v", files, err)
	}
}

func roomOf(path string) string {
	room, _, found := strings.Cut(path, "/")
	if !found {
		return "main"
	}
	return room
}

// TestSettings holds .env.example and the settings together.
func TestSettings(t *testing.T) {
	raw, err := os.ReadFile(".env.example")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for line := range strings.SplitSeq(string(raw), "\n") {
		if name, value, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			documented = append(documented, name)
			if value != "" {
				t.Errorf("%s has a value in .env.example: it would be taken by whoever copies it", name)
			}
		}
	}
	var known []string
	for _, s := range settings {
		known = append(known, s.name)
	}
	if !slices.Equal(documented, known) {
		t.Errorf(".env.example has %v, the settings are %v", documented, known)
	}
}

func TestReadConfig(t *testing.T) {
	dir := t.TempDir()
	good := map[string]string{
		"TELEGRAM_BOT_TOKEN": "123456:TEST_token-1", "TELEGRAM_API_URL": "http://127.0.0.1:8081/", "ADMIN_IDS": " 10, 20 ,",
		"CORPUS_DIR": dir, "DATA_DIR": filepath.Join(dir, "new"), "LOG_LEVEL": "warn",
	}
	c, problems := readConfig(lookup(good))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if c.APIURL != "http://127.0.0.1:8081" || !slices.Equal(c.AdminIDs, []int64{10, 20}) || c.CorpusDir != dir {
		t.Errorf("got %+v", c)
	}
	bad := map[string]string{
		"TELEGRAM_BOT_TOKEN": "secret-without-colon", "TELEGRAM_API_URL": "telegram", "ADMIN_IDS": "10,me", "CORPUS_DIR": dir + "/none",
		"DATA_DIR": "main_test.go", "LOG_LEVEL": "loud",
	}
	_, problems = readConfig(lookup(bad))
	if len(problems) != len(bad) {
		t.Errorf("%d wrong settings gave %d problems: %v", len(bad), len(problems), problems)
	}
	for name := range bad {
		if !slices.ContainsFunc(problems, func(p string) bool { return strings.HasPrefix(p, name+" ") }) {
			t.Errorf("no problem names %s", name)
		}
	}
	if strings.Contains(strings.Join(problems, " "), "secret") {
		t.Error("a problem shows the token")
	}
	if c, problems := readConfig(lookup(nil)); len(problems) > 0 || c.APIURL != "https://api.telegram.org" {
		t.Errorf("without settings: %+v %v", c, problems)
	}
}

func lookup(m map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := m[name]; return v, ok }
}
