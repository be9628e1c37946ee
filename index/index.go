// Package index finds quotes. It keeps the passages of a corpus in Bleve and
// their texts beside it, and answers questions with windows of whole sentences,
// word for word, each with its source.
//
// A question walks one road: understood (query.go) → expanded into the terms
// of the record (expand.go) → candidates from Bleve's postings, which are packed
// once more beside each segment (candidates.go, postings.go, lists.go) → ranked
// by features of their sentences (unit.go, features.go, rank.go, network.go) →
// windows (window.go, choose.go) → quotes (record.go), with the confidence that
// the answer is on record (confidence.go). An article is taken in by build.go; on
// disk a record is a generation (generation.go).
//
// No type of Bleve leaves the package.
package index

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"onrecord/corpus"
)

// Options say what an Index serves and where it is kept.
type Options struct {
	// Corpus opens the folder of articles. It is called for every build, so
	// that a folder that was away is found again. The closer may be nil.
	Corpus func() (fs.FS, io.Closer, error)
	// Dir is the data folder; empty for an index in memory.
	Dir string
	// Log receives what the operator should know. Nil discards it.
	Log *slog.Logger
	// Progress is told of the build at opening. It may be nil.
	Progress Progress
	// Hold keeps the data folder ours to write until Close. Opening fails with
	// ErrReadOnly where another process holds it.
	Hold bool
	// Ranker holds weights in the form of data/ranker.json that take the place
	// of the embedded ones. Nil for those.
	Ranker []byte
	// Full builds the index from nothing where it is not up to date, and where
	// it is.
	Full bool
	// Strict fails where the index is not up to date and cannot be built again.
	// Otherwise the last one serves, or one in memory.
	Strict bool
}

// Index answers questions about a corpus. It is safe for concurrent use:
// questions are answered from one state of the record while the next is built.
type Index struct {
	options Options
	lock    *flock.Flock // nil in memory

	building sync.Mutex  // held while a record is built
	rebuilds atomic.Bool // a Rebuild is under way
	mu       sync.Mutex  // guards serving
	serving  *served
	closed   bool
	life     context.Context // ends with Close
	end      context.CancelFunc
	ranker   *ranker // nil for the embedded one
}

// served is a record and how many questions read it. It is closed by whoever
// lets go of it last.
type served struct {
	*record
	readers int
	retired bool
}

// Errors that callers tell apart.
var (
	// ErrBusy says that a rebuild is under way.
	ErrBusy = errors.New("a rebuild is under way")
	// ErrReadOnly says that another process writes the data folder.
	ErrReadOnly = errors.New("the data folder is in use by another process")
	// ErrDataFolder says that the data folder cannot be used.
	ErrDataFolder = errors.New("the data folder cannot be used")
	// ErrNoArticles says that the corpus holds nothing that can be served.
	ErrNoArticles = errors.New("no articles")
	errClosed     = errors.New("the index is closed")
)

// Open returns an Index over a corpus. In memory it is built at once. On disk
// the newest whole generation is opened, and built again when files, their
// reading or the format changed; where that fails the old one serves.
func Open(ctx context.Context, o Options) (*Index, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	go warm()
	x := &Index{options: o}
	x.life, x.end = context.WithCancel(context.Background())
	if o.Ranker != nil {
		if err := x.SetRanker(o.Ranker); err != nil {
			return nil, err
		}
	}
	if o.Dir == "" {
		r, err := x.build(ctx, o.Progress)
		if err != nil {
			return nil, err
		}
		x.serve(r)
		return x, nil
	}
	if err := x.openDir(ctx); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

// openDir opens the newest generation of the data folder, and builds another
// where that one is not up to date. Only who builds, or holds the folder, needs
// its lock.
func (x *Index) openDir(ctx context.Context) error {
	if err := os.MkdirAll(x.options.Dir, 0o755); err != nil {
		return fmt.Errorf("%w %q: %w", ErrDataFolder, x.options.Dir, pathless(err))
	}
	x.lock = flock.New(filepath.Join(x.options.Dir, "lock"))
	if x.options.Hold {
		if err := x.takeLock(ctx); err != nil {
			return err
		}
	}
	stale, err := x.openNewest(ctx)
	if x.options.Full && err == nil && stale == "" {
		stale = "that was asked for"
	}
	if err != nil || stale == "" {
		return err
	}
	if !x.lock.Locked() {
		if err := x.takeLock(ctx); err != nil {
			return x.without(ctx, stale, err)
		}
		defer func() { _ = x.unlock() }() // a reader holds no lock
		if stale, err = x.openNewest(ctx); err != nil || stale == "" {
			return err // another process has built it meanwhile
		}
	}
	built, err := x.build(ctx, x.options.Progress)
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err != nil {
		return x.without(ctx, stale, err)
	}
	x.serve(built)
	return nil
}

// without goes on where the data folder cannot be written: with the last
// generation, or with a record in memory.
func (x *Index) without(ctx context.Context, stale string, cause error) error {
	switch {
	case x.options.Strict, ctx.Err() != nil:
		return cause
	case x.serving != nil:
		x.options.Log.Error("the index could not be brought up to date; the last one serves", "because", stale, "error", cause)
		return nil
	case errors.Is(cause, ErrNoArticles):
		return cause
	}
	x.options.Log.Warn("the data folder cannot be written; the index is built in memory", "error", cause)
	r, err := x.buildWith(ctx, nil, x.options.Progress)
	if err == nil {
		x.serve(r)
	}
	return err
}

// openNewest serves the newest whole generation and says why it is not up to
// date, or "".
func (x *Index) openNewest(ctx context.Context) (stale string, err error) {
	r, problems, err := folder{x.options.Dir}.openNewest()
	if err != nil {
		return "", fmt.Errorf("%w %q: %w", ErrDataFolder, x.options.Dir, pathless(err))
	}
	for _, p := range problems {
		x.options.Log.Warn("a generation of the index cannot be used; it will be built again", "generation", p)
	}
	if r == nil {
		return "there is none yet", nil
	}
	x.serve(r)
	return x.stale(ctx, r)
}

// lockPatience is how long a builder waits for another to end.
const lockPatience = 2 * time.Second

// takeLock makes the data folder ours to write.
func (x *Index) takeLock(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	ok, err := x.lock.TryLockContext(ctx, 50*time.Millisecond)
	switch {
	case ok:
		return nil
	case err == nil || errors.Is(err, context.DeadlineExceeded):
		return ErrReadOnly
	case errors.Is(err, context.Canceled):
		return err
	}
	return fmt.Errorf("%w %q: %w", ErrDataFolder, x.options.Dir, pathless(err))
}

func (x *Index) unlock() error {
	if x.lock == nil {
		return nil
	}
	return x.lock.Unlock()
}

// writable reports whether the data folder is ours to write.
func (x *Index) writable() bool { return x.lock != nil && x.lock.Locked() }

// pathless drops the operation and path from a file error that names both.
func pathless(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// stale returns why a record is not what the corpus would give now, or "". A
// corpus that cannot be looked at is an error where Strict asks for it, else
// the record serves on.
func (x *Index) stale(ctx context.Context, r *record) (string, error) {
	if r.manifest.Reading != corpus.Fingerprint() || r.manifest.Analysis != analysisFingerprint() {
		return "this version reads articles differently", nil
	}
	fsys, closer, err := x.options.Corpus()
	if err != nil {
		if x.options.Strict {
			return "", err
		}
		x.options.Log.Error("the articles cannot be looked at; the last index serves", "error", err)
		return "", nil
	}
	defer closeQuietly(closer)
	now := corpus.Stamps(ctx, fsys, r.manifest.stamps())
	then := r.manifest.stamps()
	if len(now) == 0 && len(then) > 0 {
		if x.options.Strict {
			return "", noArticles(manifest{})
		}
		x.options.Log.Error("the folder of articles is empty; the last index serves")
		return "", nil
	}
	if !maps.EqualFunc(now, then, func(a, b corpus.Stamp) bool { return a.Hash == b.Hash && a.Size == b.Size }) {
		return "files changed", nil
	}
	return "", nil
}

func (m manifest) stamps() map[string]corpus.Stamp {
	out := make(map[string]corpus.Stamp, len(m.Files))
	for name, e := range m.Files {
		out[name] = e.Stamp
	}
	return out
}

func closeQuietly(c io.Closer) {
	if c != nil {
		_ = c.Close() // it was only read
	}
}

// build builds a record from the corpus, on disk where we may write there.
func (x *Index) build(ctx context.Context, progress Progress) (*record, error) {
	if x.writable() {
		return x.buildWith(ctx, &folder{x.options.Dir}, progress)
	}
	return x.buildWith(ctx, nil, progress)
}

// buildWith builds a record on disk, or in memory where on is nil.
func (x *Index) buildWith(ctx context.Context, on *folder, progress Progress) (*record, error) {
	fsys, closer, err := x.options.Corpus()
	if err != nil {
		return nil, err
	}
	defer closeQuietly(closer)
	defer roomToBuild()()
	var r *record
	if on != nil {
		r, err = x.buildOn(ctx, *on, fsys, progress)
	} else {
		total := 0
		if progress != nil {
			total = len(corpus.Stamps(ctx, fsys, x.knownStamps()))
		}
		r, err = buildInMemory(ctx, fsys, total, progress)
	}
	if err != nil {
		return nil, err
	}
	if r.manifest.Articles == 0 {
		return nil, errors.Join(noArticles(r.manifest), r.close())
	}
	return r, nil
}

// errUnchanged says that the record is what the corpus would give now.
var errUnchanged = errors.New("nothing changed")

// buildOn makes the next generation: from the one that serves where that is
// less work, else from nothing. It returns errUnchanged where there is nothing
// to do.
func (x *Index) buildOn(ctx context.Context, on folder, fsys fs.FS, progress Progress) (*record, error) {
	old := x.acquire()
	if old == nil {
		return on.build(ctx, fsys, 0, progress)
	}
	defer x.release(old)
	now := corpus.Stamps(ctx, fsys, old.manifest.stamps())
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	same := old.manifest.Reading == corpus.Fingerprint() && old.manifest.Analysis == analysisFingerprint() && filepath.Dir(old.folder) == filepath.Clean(on.path)
	if p, ok := planUpdate(old.record, now); ok && same && !x.options.Full {
		if p.nothing() {
			return nil, errUnchanged
		}
		r, err := on.update(ctx, fsys, old.record, p, progress)
		if err == nil || ctx.Err() != nil {
			return r, err
		}
		x.options.Log.Warn("the index could not be brought up to date; it is built again", "error", err)
	}
	return on.build(ctx, fsys, len(now), progress)
}

func (x *Index) knownStamps() map[string]corpus.Stamp {
	if s := x.acquire(); s != nil {
		defer x.release(s)
		return s.manifest.stamps()
	}
	return nil
}

// noArticles says why nothing can be served.
func noArticles(m manifest) error {
	if len(m.Files) == 0 {
		return fmt.Errorf("%w: the folder holds no .md, .txt or .html file", ErrNoArticles)
	}
	name := slices.Sorted(maps.Keys(m.Files))[0]
	return fmt.Errorf("%w: none of %d files can be read; %s: %s", ErrNoArticles, len(m.Files), name, m.Files[name].Skipped)
}

// serve puts a record in the place of the one that serves; the old one is
// closed after its last reader.
func (x *Index) serve(r *record) {
	x.mu.Lock()
	old := x.serving
	r.ranker = x.ranker
	x.serving = &served{record: r}
	x.mu.Unlock()
	if old != nil {
		x.mu.Lock()
		old.retired = true
		last := old.readers == 0
		x.mu.Unlock()
		if last {
			x.discard(old)
		}
	}
	x.sweep()
	if s := x.acquire(); s != nil {
		go func() {
			defer x.release(s)
			s.warm()
		}()
	}
}

// sweep removes what is not served from the data folder.
func (x *Index) sweep() {
	if !x.writable() {
		return
	}
	x.mu.Lock()
	keep := x.serving.folder
	x.mu.Unlock()
	if err := (folder{x.options.Dir}).sweep(keep); err != nil {
		x.options.Log.Warn("old generations could not be removed", "error", err)
	}
}

// acquire returns the record that serves, or nil after Close. Whoever acquires
// releases.
func (x *Index) acquire() *served {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.serving == nil || x.closed {
		return nil
	}
	x.serving.readers++
	return x.serving
}

func (x *Index) release(s *served) {
	x.mu.Lock()
	s.readers--
	last := s.retired && s.readers == 0
	x.mu.Unlock()
	if last {
		x.discard(s)
	}
}

func (x *Index) discard(s *served) {
	if err := s.close(); err != nil {
		x.options.Log.Warn("an old record could not be closed", "error", err)
	}
}

// Ask answers a question. Finding nothing is an answer, not an error.
func (x *Index) Ask(ctx context.Context, q Question) (Answer, error) {
	s := x.acquire()
	if s == nil {
		return Answer{Question: q.Text, Quotes: []Quote{}}, errClosed
	}
	defer x.release(s)
	return s.ask(ctx, q)
}

// Changes is what a rebuild did. Files are named by their paths in the corpus.
type Changes struct {
	Articles int           `json:"articles"` // on record now
	Passages int           `json:"passages"`
	Added    []string      `json:"added"`
	Changed  []string      `json:"changed"`
	Removed  []string      `json:"removed"`
	Skipped  []Skipped     `json:"skipped"`
	Warnings []Warning     `json:"warnings"`
	Took     time.Duration `json:"-"`
}

// Skipped is a file that could not be read, and why.
type Skipped struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// Warning is something missing in a file that was read.
type Warning struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// Rebuild reads the corpus again and serves the new record. Questions are
// answered from the old one until then. It returns ErrBusy when a rebuild is
// under way, and ErrReadOnly when another process writes the data folder.
func (x *Index) Rebuild(ctx context.Context, progress Progress) (Changes, error) {
	if !x.building.TryLock() {
		return Changes{}, ErrBusy
	}
	defer x.building.Unlock()
	x.rebuilds.Store(true)
	defer x.rebuilds.Store(false)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(x.life, cancel)() // Close ends it
	start := time.Now()
	old := x.acquire()
	if old == nil {
		return Changes{}, errClosed
	}
	if x.options.Dir != "" && !x.writable() {
		x.release(old)
		return Changes{}, ErrReadOnly
	}
	before := old.manifest
	x.release(old)
	r, err := x.build(ctx, progress)
	after := before
	switch {
	case err == nil:
		after = r.manifest
		x.serve(r)
	case !errors.Is(err, errUnchanged):
		return Changes{}, err
	}
	changes := compare(before, after)
	changes.Took = time.Since(start)
	return changes, nil
}

// Writable reports, as an error, why a data folder cannot be written. It is
// made where it is missing.
func Writable(dir string) error {
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(dir, "check-*"); err == nil {
			err = errors.Join(f.Close(), os.Remove(f.Name()))
		}
	}
	if err != nil {
		return fmt.Errorf("%w %q: %w", ErrDataFolder, dir, pathless(err))
	}
	return nil
}

// Snapshot is what a data folder held at one moment.
type Snapshot struct {
	Articles, Passages int
	Built              time.Time
	Problem            error // why its newest generation cannot be used
	manifest           manifest
}

// Empty reports whether the folder held nothing that can be served.
func (s Snapshot) Empty() bool { return s.Articles == 0 }

// Peek looks at a data folder without opening or changing it.
func Peek(dir string) Snapshot {
	f := folder{dir}
	numbers, err := f.generations()
	if err != nil || len(numbers) == 0 {
		return Snapshot{}
	}
	m, err := readManifest(filepath.Join(f.generation(numbers[0]), manifestFile))
	if err == nil {
		err = checkSums(f.generation(numbers[0]), m.Sums, nil)
	}
	if err != nil {
		return Snapshot{Problem: fmt.Errorf("%s: %w", f.generation(numbers[0]), err)}
	}
	return Snapshot{Articles: m.Articles, Passages: m.Passages, Built: m.Built, manifest: m}
}

// ChangesSince compares what is on record with what a data folder held.
func (x *Index) ChangesSince(before Snapshot) Changes {
	s := x.acquire()
	if s == nil {
		return Changes{}
	}
	defer x.release(s)
	return compare(before.manifest, s.manifest)
}

// Report returns what is on record as if it had just been built from nothing.
func (x *Index) Report() Changes {
	s := x.acquire()
	if s == nil {
		return Changes{}
	}
	defer x.release(s)
	return compare(manifest{}, s.manifest)
}

// compare lists what changed between two manifests, in the order of paths.
func compare(before, after manifest) Changes {
	c := Changes{Articles: after.Articles, Passages: after.Passages}
	for _, name := range slices.Sorted(maps.Keys(after.Files)) {
		now := after.Files[name]
		then, known := before.Files[name]
		known = known && then.Skipped == ""
		switch {
		case now.Skipped != "":
			c.Skipped = append(c.Skipped, Skipped{name, now.Skipped})
			if known {
				c.Removed = append(c.Removed, name)
			}
			continue
		case !known:
			c.Added = append(c.Added, name)
		case then.Hash != now.Hash:
			c.Changed = append(c.Changed, name)
		}
		for _, w := range now.Warnings {
			c.Warnings = append(c.Warnings, Warning{name, w})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before.Files)) {
		if _, ok := after.Files[name]; !ok && before.Files[name].Skipped == "" {
			c.Removed = append(c.Removed, name)
		}
	}
	return c
}

// Status is the state of the index, for the operator.
type Status struct {
	Articles, Passages, Skipped int
	Built                       time.Time
	Languages                   map[string]int // passages by language
	OnDisk, Rebuilding          bool
}

// Status returns the state of the index.
func (x *Index) Status() Status {
	s := x.acquire()
	if s == nil {
		return Status{}
	}
	defer x.release(s)
	skipped := 0
	for _, e := range s.manifest.Files {
		if e.Skipped != "" {
			skipped++
		}
	}
	return Status{
		Articles: s.manifest.Articles, Passages: s.manifest.Passages, Skipped: skipped, Built: s.manifest.Built,
		Languages: maps.Clone(s.languages), OnDisk: s.folder != "", Rebuilding: x.rebuilds.Load(),
	}
}

// Source is one article on record.
type Source struct {
	Article, Title, Publisher, Published, URL string
}

// Sources returns up to limit articles from offset on, in the order of their
// files, and how many there are.
func (x *Index) Sources(offset, limit int) ([]Source, int, error) {
	s := x.acquire()
	if s == nil {
		return nil, 0, errClosed
	}
	defer x.release(s)
	var out []Source
	for _, n := range s.articles[min(max(0, offset), len(s.articles)):] {
		if len(out) == limit {
			break
		}
		a, err := s.store.article(n)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, Source{a.ID, a.Title, a.Publisher, a.Published, a.URL})
	}
	return out, len(s.articles), nil
}

// Topics returns the titles that tell best what the record is about, at most
// three, and the number of articles.
func (x *Index) Topics() (titles []string, articles int) {
	s := x.acquire()
	if s == nil {
		return nil, 0
	}
	defer x.release(s)
	return slices.Clone(s.manifest.Topics), s.manifest.Articles
}

// Close ends a rebuild that is under way and waits for it. Questions under way
// finish, later ones fail.
func (x *Index) Close() error {
	x.end()
	x.building.Lock()
	defer x.building.Unlock()
	x.mu.Lock()
	s := x.serving
	x.closed, x.serving = true, nil
	last := false
	if s != nil {
		s.retired = true
		last = s.readers == 0
	}
	x.mu.Unlock()
	if last {
		x.discard(s)
	}
	return x.unlock()
}
