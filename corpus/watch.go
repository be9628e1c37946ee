package corpus

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A folder has settled when nothing in it has moved for quietTime: whoever
// copies files into it has finished. One that never rests is taken as it is
// after longestUnrest.
const (
	quietTime     = 2 * time.Second
	longestUnrest = time.Minute
	lookAgain     = 10 * time.Second // for a folder that went away
)

// Watch calls changed whenever article files in the folder dir, or in folders
// below it, have come, gone or changed and the folder has settled since. Calls
// do not overlap. It returns when ctx ends, or with the reason why the folder
// cannot be watched.
func Watch(ctx context.Context, dir string, changed func()) error {
	return watch(ctx, filepath.Clean(dir), quietTime, longestUnrest, changed)
}

func watch(ctx context.Context, dir string, quiet, unrest time.Duration, changed func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watching %s: %w", dir, err)
	}
	defer w.Close()
	if err := watchBelow(w, dir); err != nil {
		return fmt.Errorf("watching %s: %w", dir, err)
	}
	var since time.Time // of the first move that was not told
	settled := time.NewTimer(quiet)
	settled.Stop()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for {
		select {
		case <-again.C:
			if !slices.Contains(w.WatchList(), filepath.Clean(dir)) && watchBelow(w, dir) == nil { // it is back
				since = time.Now()
				settled.Reset(quiet)
			}
		case <-ctx.Done():
			return nil
		case <-settled.C:
			since = time.Time{}
			changed()
		case e := <-w.Events:
			if !concerns(w, e) {
				continue
			}
			if since.IsZero() {
				since = time.Now()
			}
			settled.Reset(max(0, min(quiet, unrest-time.Since(since))))
		case err := <-w.Errors:
			if err != nil && since.IsZero() { // events were lost: look at everything
				since = time.Now()
				settled.Reset(quiet)
			}
		}
	}
}

// concerns reports whether an event may change what is read. A folder that came
// is watched too.
func concerns(w *fsnotify.Watcher, e fsnotify.Event) bool {
	if strings.HasPrefix(filepath.Base(e.Name), ".") || e.Op == fsnotify.Chmod {
		return false
	}
	if info, err := os.Stat(e.Name); err == nil && info.IsDir() {
		return e.Has(fsnotify.Create) && watchBelow(w, e.Name) == nil
	}
	return formatOf(filepath.ToSlash(e.Name)) != nil || e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename)
}

// watchBelow watches a folder and all folders below it. A file is no error.
func watchBelow(w *fsnotify.Watcher, name string) error {
	return filepath.WalkDir(name, func(at string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && at == name:
			return err
		case err != nil:
			return fs.SkipDir // reading will say so
		case !d.IsDir():
			return nil
		case strings.HasPrefix(d.Name(), ".") && at != name:
			return fs.SkipDir
		}
		return w.Add(at)
	})
}
