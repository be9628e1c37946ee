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
	"slices"
	"strings"
	"sync"
	"time"

	"onrecord/corpus"
)

// On disk a record is a generation: a folder gen-NNNNNNNN of the data folder
// with a Bleve index, a text store and a manifest. It is built as a folder
// whose name ends in .tmp, written through to the disk, verified, and then
// renamed: the rename is the moment it exists. A generation is never changed
// afterwards. After a crash there are whole generations and stray .tmp
// folders, which the next writer removes.
const (
	formatVersion    = 3
	generationPrefix = "gen-"
	unfinished       = ".tmp"
	bleveFolder      = "bleve"
	storeFile        = "articles.dat"
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
	Passages int      `json:"passages,omitempty"`
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
	for _, name := range []string{"en-irregular.txt", "stopwords.tsv"} {
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
func openGeneration(path string) (*record, error) {
	m, err := readManifest(filepath.Join(path, manifestFile))
	if err != nil {
		return nil, err
	}
	if m.Format != formatVersion {
		return nil, fmt.Errorf("format %d, want %d", m.Format, formatVersion)
	}
	if err := checkSums(path, m.Sums); err != nil {
		return nil, err
	}
	file, err := os.Open(filepath.Join(path, storeFile))
	if err != nil {
		return nil, err
	}
	r, err := openParts(path, file, m)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return r, nil
}

func openParts(path string, file *os.File, m manifest) (*record, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	s, err := openStore(file, info.Size())
	if err != nil {
		return nil, err
	}
	p, err := openPostings(filepath.Join(path, bleveFolder))
	if err != nil {
		return nil, err
	}
	if p.docs != m.Passages || s.passageCount != m.Passages {
		_ = p.close()
		return nil, fmt.Errorf("%w: %d passages indexed, %d stored, want %d", errDamaged, p.docs, s.passageCount, m.Passages)
	}
	r := newRecord(p, s, m)
	r.file, r.folder = file, path
	return r, nil
}

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

// checkSums compares the files of a generation with what its manifest says.
func checkSums(path string, want map[string]fileSum) error {
	got, err := sumFiles(path)
	if err != nil {
		return err
	}
	for name, sum := range want {
		if got[name] != sum {
			return fmt.Errorf("%s: %w", name, errDamaged)
		}
	}
	if len(want) == 0 {
		return fmt.Errorf("%s: %w: no checksums", manifestFile, errDamaged)
	}
	return nil
}

// sumFiles returns the sums of all files of a generation but its manifest.
func sumFiles(path string) (map[string]fileSum, error) {
	sums := make(map[string]fileSum)
	err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == manifestFile {
			return err
		}
		rel, err := filepath.Rel(path, name)
		if err != nil {
			return err
		}
		sum, err := sumFile(name)
		sums[filepath.ToSlash(rel)] = sum
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

// build builds the next generation beside the others and opens it.
func (f folder) build(ctx context.Context, fsys fs.FS, total int, progress Progress) (*record, error) {
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
	if err := f.write(ctx, path+unfinished, fsys, total, progress); err != nil {
		return nil, errors.Join(err, os.RemoveAll(path+unfinished))
	}
	if err := verify(path + unfinished); err != nil {
		return nil, errors.Join(err, os.RemoveAll(path+unfinished))
	}
	if err := os.Rename(path+unfinished, path); err != nil {
		return nil, errors.Join(err, os.RemoveAll(path+unfinished))
	}
	if err := syncPath(f.path); err != nil {
		return nil, err
	}
	return openGeneration(path)
}

// verify opens a generation that was just written and looks at all that it
// must hold. One without articles is refused: it would take the place of one
// that has some.
func verify(path string) error {
	r, err := openGeneration(path)
	if err != nil {
		return err
	}
	if r.manifest.Articles == 0 {
		err = noArticles(r.manifest)
	} else {
		err = r.store.verify()
	}
	return errors.Join(err, r.close())
}

// write builds a generation in the folder path.
func (f folder) write(ctx context.Context, path string, fsys fs.FS, total int, progress Progress) error {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return err
	}
	text, err := os.Create(filepath.Join(path, storeFile))
	if err != nil {
		return err
	}
	defer text.Close()
	b, err := newBuilder(filepath.Join(path, bleveFolder), text)
	if err != nil {
		return err
	}
	err = b.take(ctx, fsys, total, progress)
	if err = errors.Join(err, b.postings.close()); err != nil {
		return err
	}
	if err := text.Sync(); err != nil {
		return err
	}
	return writeManifest(path, b.finished())
}

// writeManifest sums what was written, syncs it all, and writes the manifest
// last.
func writeManifest(path string, m manifest) error {
	var err error
	if m.Sums, err = sumFiles(path); err != nil {
		return err
	}
	for name := range m.Sums {
		file := filepath.Join(path, filepath.FromSlash(name))
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
	return errors.Join(syncPath(name), syncPath(path))
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
