package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"onrecord/corpus"
)

// On disk a record is a generation: a folder gen-NNNNNNNN of the data folder
// with a Bleve index, the lists of its segments, a text store in parts, the
// sketches by which copies are recognised, and a manifest. It is built as a
// folder whose name ends in .tmp, written through to the disk, verified, and then
// renamed: the rename is the moment it exists. A generation is never changed
// afterwards. After a crash there are whole generations and stray .tmp folders,
// which the next writer removes. Where little changed, the next generation shares
// the files of the last one by hard links and adds to them (update.go).
const (
	formatVersion    = 5
	generationPrefix = "gen-"
	unfinished       = ".tmp"
	bleveFolder      = "bleve"
	storePrefix      = "articles-"
	sketchPrefix     = "sketches-"
	listsPrefix      = "lists-"
	partEnding       = ".dat"
	manifestFile     = "manifest.json"
)

// manifest says what a generation holds, from what it was built, and what its
// files must be.
type manifest struct {
	Format    int                  `json:"format"`
	Reading   string               `json:"reading"`  // fingerprint of how files are read
	Analysis  string               `json:"analysis"` // fingerprint of how text is analysed
	Built     time.Time            `json:"built"`
	Articles  int                  `json:"articles"`
	Passages  int                  `json:"passages"`
	Tokens    int64                `json:"tokens"` // terms of all passages
	Languages map[string]int       `json:"languages"`
	Topics    []string             `json:"topics"` // titles that tell what it is about
	Copied    []copied             `json:"copied,omitempty"`
	Parts     int                  `json:"parts"`  // of the store
	Stored    int                  `json:"stored"` // passages in it, those since taken out included
	Files     map[string]fileEntry `json:"files"`
	Sums      map[string]fileSum   `json:"sums"` // of the generation's own files
}

// copied says that an article has paragraphs of an earlier one, which are
// there once: both are numbers in the store.
type copied struct {
	Of         int   `json:"of"`
	Article    int   `json:"article"`
	Paragraphs []int `json:"paragraphs"` // of the earlier one that both have
}

// fileEntry is what became of one file of the corpus.
type fileEntry struct {
	corpus.Stamp
	Article  int      `json:"article,omitempty"` // its number in the store
	Passages int      `json:"passages,omitempty"`
	Tokens   int64    `json:"tokens,omitempty"` // terms of its passages
	Skipped  string   `json:"skipped,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// fileSum is the size and CRC-32C of a file.
type fileSum struct {
	Size int64  `json:"size"`
	CRC  uint32 `json:"crc"`
}

// analysisFingerprint identifies how text is turned into terms: the word lists
// that decide, and the terms of a probe in every language.
var analysisFingerprint = sync.OnceValue(func() string {
	h := sha256.New()
	for _, name := range []string{"en-irregular.txt", "rarity.tsv", "stopwords.tsv"} {
		raw, err := data.ReadFile("data/" + name)
		if err != nil {
			panic(err) // the file is embedded
		}
		h.Write(raw)
	}
	for _, probe := range []struct{ lang, text string }{
		{"en", "The U.S. envoy's 1,200 drones weren't near Kyiv’s embassy; US officials denied having said so. WHO knew?"},
		{"ru", "Песков заявил, что удары по резиденции не останутся без ответа; ещё 91 беспилотник сбит."},
		{"uk", "Сибіга наголосив, що доказів немає: переговори з Україною тривають у Києві, повідомляється."},
		{"de", "Das Außenministerium wies die Vorwürfe zurück, größere Angriffe hätten nicht stattgefunden."},
		{"es", "El ministro negó las acusaciones; según él, los drones no llegaron a la residencia."},
		{"fr", "Les négociateurs ont rejeté les accusations, a déclaré le ministère."},
	} {
		for _, t := range analyze(probe.text, probe.lang) {
			fmt.Fprintln(h, t.term, t.word, t.start, t.end, t.upper)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
})

// folder is a data folder. Only one process may write it.
type folder struct{ path string }

// generations lists the numbers of the whole generations, newest first.
func (f folder) generations() ([]int, error) {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, err
	}
	var out []int
	for _, e := range entries {
		n, ok := generationNumber(e.Name())
		if ok && e.IsDir() {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out, nil
}

func generationNumber(name string) (int, bool) {
	digits, ok := strings.CutPrefix(name, generationPrefix)
	n := 0
	for _, r := range digits {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, ok && len(digits) == 8
}

func (f folder) generation(n int) string {
	return filepath.Join(f.path, fmt.Sprintf("%s%08d", generationPrefix, n))
}

// openNewest opens the newest generation that is whole and was built by this
// format. Those that are not are named in the problems; nil, with no error,
// when there is none.
func (f folder) openNewest() (r *record, problems []string, err error) {
	for range openTries {
		numbers, err := f.generations()
		if err != nil {
			return nil, nil, err
		}
		problems = nil
		for _, n := range numbers {
			r, err := openGeneration(f.generation(n))
			if err == nil {
				return r, problems, nil
			}
			problems = append(problems, fmt.Sprintf("%s: %v", filepath.Base(f.generation(n)), err))
		}
		if now, err := f.generations(); err != nil || slices.Equal(now, numbers) {
			return nil, problems, err
		}
	}
	return nil, problems, nil
}

// openTries is how often the list of generations is read while another process
// replaces them.
const openTries = 5

// openGeneration opens a generation after checking every byte of it.
func openGeneration(path string) (*record, error) { return openTrusting(path, nil) }

// openTrusting opens a generation after checking its files, all but those that
// are trusted to be what their sums say.
func openTrusting(path string, trusted map[string]fileSum) (*record, error) {
	m, err := readManifest(filepath.Join(path, manifestFile))
	if err != nil {
		return nil, err
	}
	if m.Format != formatVersion {
		return nil, fmt.Errorf("format %d, want %d", m.Format, formatVersion)
	}
	if err := checkSums(path, m.Sums, trusted); err != nil {
		return nil, err
	}
	s, files, err := openParts(path, m.Parts)
	if err != nil {
		return nil, errors.Join(err, closeAll(files))
	}
	p, err := openPostings(path)
	if err != nil {
		return nil, errors.Join(err, closeAll(files))
	}
	if p.docs != m.Passages || s.passages() != m.Stored {
		return nil, errors.Join(fmt.Errorf("%w: %d passages indexed, want %d; %d stored, want %d", errDamaged, p.docs, m.Passages, s.passages(), m.Stored), p.close(), closeAll(files))
	}
	r := newRecord(p, s, m)
	r.files, r.folder = files, path
	return r, nil
}

func closeAll(files []io.Closer) error {
	var err error
	for _, f := range files {
		err = errors.Join(err, f.Close())
	}
	return err
}

// openParts opens the parts of a store. The files are the caller's to close,
// in case of an error too.
func openParts(path string, parts int) (*store, []io.Closer, error) {
	s := &store{}
	var files []io.Closer
	for n := range parts {
		f, err := os.Open(filepath.Join(path, partFile(storePrefix, n)))
		if err != nil {
			return nil, files, err
		}
		files = append(files, f)
		info, err := f.Stat()
		if err != nil {
			return nil, files, err
		}
		if err := s.add(f, info.Size()); err != nil {
			return nil, files, err
		}
	}
	return s, files, nil
}

func partFile(prefix string, n int) string { return fmt.Sprintf("%s%04d%s", prefix, n, partEnding) }

// readManifest reads a manifest, whose last line is the checksum of the rest.
func readManifest(name string) (manifest, error) {
	var m manifest
	b, err := os.ReadFile(name)
	if err != nil {
		return m, err
	}
	body, sum, ok := strings.Cut(string(b), "\n")
	if !ok || strings.TrimSpace(sum) != checksum([]byte(body)) {
		return m, fmt.Errorf("%s: %w", manifestFile, errDamaged)
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return m, fmt.Errorf("%s: %w", manifestFile, err)
	}
	return m, nil
}

func checksum(b []byte) string { return fmt.Sprintf("%08x", crc32.Checksum(b, castagnoli)) }

// checkSums compares the files of a generation with what its manifest says,
// all but those that trusted has with the same sums.
func checkSums(path string, want, trusted map[string]fileSum) error {
	if len(want) == 0 {
		return fmt.Errorf("%s: %w: no checksums", manifestFile, errDamaged)
	}
	group := errgroup.Group{}
	group.SetLimit(runtime.GOMAXPROCS(0))
	for name, sum := range want {
		if trusted[name] == sum {
			continue
		}
		group.Go(func() error {
			got, err := sumFile(filepath.Join(path, filepath.FromSlash(name)))
			if err == nil && got != sum {
				err = errDamaged
			}
			if err != nil {
				return fmt.Errorf("%s: %w", name, pathless(err))
			}
			return nil
		})
	}
	return group.Wait()
}

// sumFiles returns the sums of all files of a generation but its manifest.
// Those that known has are not read.
func sumFiles(path string, known map[string]fileSum) (map[string]fileSum, error) {
	sums := make(map[string]fileSum)
	err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == manifestFile {
			return err
		}
		rel, err := filepath.Rel(path, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		sum, ok := known[rel]
		if !ok {
			sum, err = sumFile(name)
		}
		sums[rel] = sum
		return err
	})
	return sums, err
}

func sumFile(name string) (fileSum, error) {
	f, err := os.Open(name)
	if err != nil {
		return fileSum{}, err
	}
	defer f.Close()
	h := crc32.New(castagnoli)
	n, err := io.Copy(h, f)
	return fileSum{n, h.Sum32()}, err
}

// build builds the next generation from nothing and opens it.
func (f folder) build(ctx context.Context, fsys fs.FS, total int, progress Progress) (*record, error) {
	return f.next(nil, func(path string) error { return f.write(ctx, path, fsys, total, progress) })
}

// next makes the next generation beside the others, by what write does in an
// unfinished one, and opens it. Files with the sums of trusted are not checked.
func (f folder) next(trusted map[string]fileSum, write func(path string) error) (*record, error) {
	numbers, err := f.generations()
	if err != nil {
		return nil, err
	}
	next := 1
	if len(numbers) > 0 {
		next = numbers[0] + 1
	}
	path := f.generation(next)
	if err := os.RemoveAll(path + unfinished); err != nil {
		return nil, err
	}
	err = write(path + unfinished)
	if err == nil {
		err = verify(path+unfinished, trusted)
	}
	if err == nil {
		err = os.Rename(path+unfinished, path)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(path+unfinished))
	}
	if err := syncPath(f.path); err != nil {
		return nil, err
	}
	return openTrusting(path, trustedFiles(path, trusted))
}

// trustedFiles returns the sums of all files of a generation that was verified
// a moment ago: none need be read again.
func trustedFiles(path string, trusted map[string]fileSum) map[string]fileSum {
	m, err := readManifest(filepath.Join(path, manifestFile))
	if err != nil {
		return trusted // opening will say so
	}
	return m.Sums
}

// verify opens a generation that was just written and looks at all that it
// must hold and that is not trusted. One without articles is refused: it would
// take the place of one that has some.
func verify(path string, trusted map[string]fileSum) error {
	r, err := openTrusting(path, trusted)
	if err != nil {
		return err
	}
	if r.manifest.Articles == 0 {
		return errors.Join(noArticles(r.manifest), r.close())
	}
	for n, part := range r.store.parts {
		if name := partFile(storePrefix, n); trusted[name] != r.manifest.Sums[name] {
			err = errors.Join(err, part.verify())
		}
	}
	return errors.Join(err, r.close())
}

// write builds a generation in the folder path.
func (f folder) write(ctx context.Context, path string, fsys fs.FS, total int, progress Progress) error {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return err
	}
	w, err := newPostingsWriter(filepath.Join(path, bleveFolder))
	if err != nil {
		return err
	}
	m, err := writePart(path, 0, func(text, sketches io.Writer) (manifest, error) {
		b := newBuilder(w, text, sketches)
		err := b.take(ctx, corpus.Load(ctx, fsys), total, progress)
		b.manifest.Stored = b.store.nextPassage()
		return b.finished(), err
	})
	if err = errors.Join(err, w.close()); err != nil {
		return err
	}
	if err := mergePostings(ctx, filepath.Join(path, bleveFolder)); err != nil {
		return err
	}
	return finish(path, m, nil)
}

// writePart writes part n of a store and its sketches, by what write does.
func writePart(path string, n int, write func(text, sketches io.Writer) (manifest, error)) (m manifest, err error) {
	text, err := os.Create(filepath.Join(path, partFile(storePrefix, n)))
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, text.Close()) }()
	sketches, err := os.Create(filepath.Join(path, partFile(sketchPrefix, n)))
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, sketches.Close()) }()
	m, err = write(text, sketches)
	m.Parts = n + 1
	return m, err
}

// writeFile makes a file by what write does.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// finish writes what follows from what was written, and then the manifest.
func finish(path string, m manifest, known map[string]fileSum) error {
	if err := writeMissingLists(path); err != nil {
		return err
	}
	return writeManifest(path, m, known)
}

// writeManifest sums what was written, syncs it all, and writes the manifest
// last. Files that known has are on disk already.
func writeManifest(path string, m manifest, known map[string]fileSum) error {
	var err error
	if m.Sums, err = sumFiles(path, known); err != nil {
		return err
	}
	for name := range m.Sums {
		file := filepath.Join(path, filepath.FromSlash(name))
		if _, ok := known[name]; ok {
			continue
		}
		if err := errors.Join(syncPath(file), syncPath(filepath.Dir(file))); err != nil {
			return err
		}
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	name := filepath.Join(path, manifestFile)
	if err := os.WriteFile(name, []byte(string(body)+"\n"+checksum(body)+"\n"), 0o644); err != nil {
		return err
	}
	return errors.Join(syncPath(name), syncPath(filepath.Join(path, bleveFolder)), syncPath(path))
}

// syncPath writes a file or folder through to the disk.
func syncPath(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// sweep removes every generation but keep, and what crashes left behind.
func (f folder) sweep(keep string) error {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		name := filepath.Join(f.path, e.Name())
		base, _ := strings.CutSuffix(e.Name(), unfinished)
		if _, ok := generationNumber(base); ok && e.IsDir() && name != keep {
			errs = append(errs, os.RemoveAll(name))
		}
	}
	return errors.Join(errs...)
}
