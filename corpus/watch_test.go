package corpus

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestWatch holds that changes are told once the folder has settled, also in a
// folder that came later, and other files not at all.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	told := make(chan struct{}, 100)
	done := make(chan error, 1)
	const quiet = 150 * time.Millisecond
	go func() { done <- watch(ctx, dir, quiet, time.Minute, func() { told <- struct{}{} }) }()
	time.Sleep(50 * time.Millisecond) // until it watches
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(what string, want bool) {
		t.Helper()
		select {
		case <-told:
			if !want {
				t.Errorf("%s was told", what)
			}
		case <-time.After(4 * quiet):
			if want {
				t.Errorf("%s was not told", what)
			}
		}
	}
	for i := range 5 { // a file that is being written
		write("a.md", "The bridge opened."[:5+i])
		time.Sleep(quiet / 3)
	}
	expect("a new file", true)
	expect("nothing", false)
	write("photo.jpg", "x")
	write(".hidden.md", "x")
	expect("another kind of file", false)
	write("sub/b.txt", "The ferry stopped.")
	expect("a file in a new folder", true)
	write("sub/b.txt", "The ferry stopped again.")
	expect("a change in it", true)
	if err := os.Remove(filepath.Join(dir, "a.md")); err != nil {
		t.Fatal(err)
	}
	expect("a removal", true)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := Watch(context.Background(), filepath.Join(dir, "nowhere"), func() {}); err == nil {
		t.Error("a folder that is not there is watched")
	}
}
