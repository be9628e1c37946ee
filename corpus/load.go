package corpus

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"runtime"
	"strings"
	"sync"
)

// MaxFileSize is the size in bytes above which a saved page is skipped, and
// maxTextSize that of plain text and Markdown: no article comes near it, and
// one file must not fill a small server's memory.
const (
	MaxFileSize = 8 << 20
	maxTextSize = 2 << 20
)

//go:embed event/*.md
var event embed.FS

// Event returns the built-in event: briefing articles of our own, embedded in
// the binary.
func Event() fs.FS {
	sub, err := fs.Sub(event, "event")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// Dir opens a folder of articles. Links that lead out of it cannot be
// followed. The caller closes it.
func Dir(name string) (fs.FS, io.Closer, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, nil, err
	}
	return root.FS(), root, nil
}

// File is what became of one file of a corpus: an article, or the reason why
// it was skipped.
type File struct {
	Path    string // slash-separated, under the corpus
	Stamp   Stamp
	Article *Article // nil when skipped
	Skipped string   // why
}

// Stamp identifies a file's content: files of one hash have one content.
type Stamp struct {
	Size     int64  `json:"size"`
	Modified int64  `json:"modified,omitempty"` // Unix time in nanoseconds, 0 when unknown
	Hash     string `json:"hash,omitempty"`     // SHA-256, hex; empty when the file could not be read
}

// Load reads every article file under fsys and yields them folder by folder in
// the order of their names; about as many are read at a time as Go has
// processors. Files of other
// kinds are passed over; those that cannot be read are yielded with a reason.
// Memory is bounded by what a few of the largest files take, which may be many
// times their size. It stops early when ctx ends.
func Load(ctx context.Context, fsys fs.FS) iter.Seq[File] {
	return LoadSome(ctx, fsys, func(string) bool { return true })
}

// LoadSome is Load for the files that want names by their paths.
func LoadSome(ctx context.Context, fsys fs.FS, want func(name string) bool) iter.Seq[File] {
	return func(yield func(File) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var readers sync.WaitGroup
		defer readers.Wait() // nothing reads fsys when Load has returned
		defer cancel()
		files := make(chan chan File, runtime.GOMAXPROCS(0)) // in order
		readers.Go(func() {
			defer close(files)
			ids := newIDs()
			walk(ctx, fsys, func(name, skipped string) bool {
				id := ids.of(name)
				if !want(name) {
					return true
				}
				file := make(chan File, 1)
				select {
				case files <- file: // waits while too many are ahead
				case <-ctx.Done():
					return false
				}
				if skipped != "" {
					file <- File{Path: name, Skipped: skipped}
					return true
				}
				readers.Go(func() { file <- read(fsys, name, id) })
				return true
			})
		})
		for file := range files {
			if !yield(<-file) || ctx.Err() != nil {
				return
			}
		}
	}
}

// Stamps returns the stamp of every article file under fsys, by path. A file
// whose size and time are those of its stamp in known is not read again.
func Stamps(ctx context.Context, fsys fs.FS, known map[string]Stamp) map[string]Stamp {
	stamps := make(map[string]Stamp)
	walk(ctx, fsys, func(name, skipped string) bool {
		stamps[name] = Stamp{}
		if skipped == "" {
			stamps[name] = stampOf(fsys, name, known[name])
		}
		return true
	})
	return stamps
}

func stampOf(fsys fs.FS, name string, known Stamp) Stamp {
	info, err := fs.Stat(fsys, name)
	if err == nil && known.Hash != "" && known.Modified != 0 && info.Size() == known.Size && info.ModTime().UnixNano() == known.Modified {
		return known
	}
	_, stamp, _ := readAll(fsys, name)
	return stamp
}

// LoadFile reads one file by its path under fsys. Its article's ID is the
// file's name without its ending.
func LoadFile(fsys fs.FS, name string) File {
	base := path.Base(name)
	return read(fsys, name, strings.TrimSuffix(base, path.Ext(base)))
}

// walk visits every article file, folder by folder in the order of their
// names, until visit returns false or ctx ends. A file that cannot be looked at
// is visited with the reason.
func walk(ctx context.Context, fsys fs.FS, visit func(name, skipped string) bool) {
	_ = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return fs.SkipAll
		}
		reason := ""
		switch {
		case err != nil && name == ".":
			reason = cause(err)
		case strings.HasPrefix(path.Base(name), ".") && name != ".":
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case err != nil:
			reason = cause(err)
		case formatOf(name) == nil:
			return nil
		case d.IsDir():
			reason = "a folder, not a file"
		}
		if !visit(name, reason) {
			return fs.SkipAll
		}
		if err != nil && d != nil && d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
}

func read(fsys fs.FS, name, id string) (file File) {
	defer func() {
		if r := recover(); r != nil { // one page must not end the reading of all the others
			file = File{Path: name, Skipped: fmt.Sprintf("a fault in the reader: %v", r)}
		}
	}()
	data, stamp, err := readAll(fsys, name)
	if err != nil {
		return File{Path: name, Stamp: stamp, Skipped: cause(err)}
	}
	a, err := Parse(name, data)
	if err != nil {
		return File{Path: name, Stamp: stamp, Skipped: cause(err)}
	}
	a.ID = id
	return File{Path: name, Stamp: stamp, Article: a}
}

// readAll returns the content of a regular file of at most MaxFileSize bytes.
func readAll(fsys fs.FS, name string) ([]byte, Stamp, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, Stamp{}, err
	}
	stamp, most := Stamp{Size: info.Size()}, int64(MaxFileSize)
	if f := formatOf(name); f != nil {
		most = f.most
	}
	if !info.ModTime().IsZero() {
		stamp.Modified = info.ModTime().UnixNano()
	}
	switch {
	case info.IsDir():
		return nil, stamp, errors.New("a folder, not a file")
	case !info.Mode().IsRegular():
		return nil, stamp, errors.New("not a regular file")
	case info.Size() > most:
		return nil, stamp, fmt.Errorf("%d MB large, more than the %d MB that such an article may have", info.Size()>>20, most>>20)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, stamp, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, stamp, err
	}
	if int64(len(data)) > most {
		return nil, stamp, fmt.Errorf("more than the %d MB that such an article may have", most>>20)
	}
	sum := sha256.Sum256(data)
	stamp.Size, stamp.Hash = int64(len(data)), hex.EncodeToString(sum[:])
	return data, stamp, nil
}

// cause strips the path from a file error: whoever prints it names the file.
func cause(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return strings.ReplaceAll(err.Error(), "\n", " ")
}

// ids gives each path its article ID: the path without its ending, unless an
// earlier file has taken that.
type ids map[string]bool

func newIDs() ids { return make(ids) }

func (taken ids) of(name string) string {
	id := strings.TrimSuffix(name, path.Ext(name))
	if taken[id] {
		id = name
	}
	taken[id] = true
	return id
}
