package index

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"onrecord/corpus"
)

// Where little changed, the next generation is made from the last one: its
// files are shared by hard links, the passages of articles that went or changed
// are taken out of Bleve's index, what came is added to it and to a new part of
// the text store. All statistics are those of a build from nothing. When much
// has changed, or many small changes have piled up, that is what is done.
const (
	mostParts      = 16  // of the text store, before those of small changes are joined
	mostTakenOut   = .2  // share of the stored passages that are not on record any more
	mostRead       = .2  // share of the files that must be read
	leastForUpdate = 200 // passages; a smaller record is built from nothing at once
)

// plan is what has to be done to bring a generation up to date.
type plan struct {
	read map[string]bool // files, by name
	gone map[string]bool // files of the generation that are read again or are not there any more
}

// nothing reports whether the generation is up to date.
func (p plan) nothing() bool { return len(p.read)+len(p.gone) == 0 }

// planUpdate compares a record with the files that there are now. It reports
// false where a build from nothing is called for.
func planUpdate(r *record, now map[string]corpus.Stamp) (plan, bool) {
	m := &r.manifest
	p := plan{read: make(map[string]bool), gone: make(map[string]bool)}
	for name, stamp := range now {
		then, known := m.Files[name]
		if known && then.Hash == stamp.Hash && then.Size == stamp.Size && stamp.Hash != "" {
			continue
		}
		if known && then.Skipped != "" && stamp.Hash == "" && then.Hash == "" && then.Size == stamp.Size {
			continue // still cannot be read
		}
		p.read[name] = true
		if known {
			p.gone[name] = true
		}
	}
	for name := range m.Files {
		if _, ok := now[name]; !ok {
			p.gone[name] = true
		}
	}
	p.addCopies(m)
	if p.nothing() {
		return p, true
	}
	takenOut := m.Stored - m.Passages
	for name := range p.gone {
		takenOut += m.Files[name].Passages
	}
	ok := r.folder != "" && m.Passages >= leastForUpdate && float64(takenOut) <= mostTakenOut*float64(m.Stored) &&
		float64(len(p.read)) <= mostRead*float64(len(now)) && p.idsStay(m, now)
	return p, ok
}

// addCopies adds the copies of articles that go: they take their place.
func (p plan) addCopies(m *manifest) {
	names := make(map[int]string)
	for name, e := range m.Files {
		if e.Skipped == "" {
			names[e.Article] = name
		}
	}
	for _, c := range m.Copied {
		if name := names[c.Article]; p.gone[names[c.Of]] && !p.gone[name] {
			p.gone[name], p.read[name] = true, true
		}
	}
}

// idsStay reports whether no article's ID hangs on a file that came or went: of
// two files that differ in the ending only, the first has it.
func (p plan) idsStay(m *manifest, now map[string]corpus.Stamp) bool {
	stems := make(map[string]int)
	for name := range now {
		stems[stemOfPath(name)]++
	}
	for name := range m.Files {
		if _, ok := now[name]; !ok {
			stems[stemOfPath(name)]++
		}
	}
	for _, names := range []map[string]bool{p.read, p.gone} {
		for name := range names {
			if stems[stemOfPath(name)] > 1 {
				return false
			}
		}
	}
	return true
}

func stemOfPath(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// update makes the next generation from an old one by a plan.
func (f folder) update(ctx context.Context, fsys fs.FS, old *record, p plan, progress Progress) (*record, error) {
	shared := make(map[string]fileSum)
	keep, parts := old.manifest.Parts, old.manifest.Parts
	if keep >= mostParts {
		keep, parts = 1, 2
	}
	return f.next(shared, func(to string) error {
		if err := share(old, to, keep, shared); err != nil {
			return err
		}
		if keep < old.manifest.Parts {
			if err := joinParts(old, to, keep); err != nil {
				return err
			}
		}
		w, err := changePostings(filepath.Join(to, bleveFolder))
		if err != nil {
			return err
		}
		m, err := writePart(to, parts, func(text, sketches io.Writer) (manifest, error) {
			return old.change(ctx, fsys, p, w, text, sketches, progress)
		})
		if err = errors.Join(err, w.close()); err != nil {
			return err
		}
		return finish(to, m, shared)
	})
}

// boltFile is the one file of a Bleve index that is changed in place.
const boltFile = "root.bolt"

// share gives a new generation the files of an old one, of the text store the
// first parts only: linked where the file system can, else copied. The sums of
// those that were linked are put into shared.
func share(old *record, to string, parts int, shared map[string]fileSum) error {
	left := make(map[string]bool)
	for n := parts; n < old.manifest.Parts; n++ {
		left[partFile(storePrefix, n)], left[partFile(sketchPrefix, n)] = true, true
	}
	for name, sum := range old.manifest.Sums {
		if left[name] {
			continue
		}
		source, target := filepath.Join(old.folder, filepath.FromSlash(name)), filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if filepath.Base(name) != boltFile && os.Link(source, target) == nil {
			shared[name] = sum
			continue
		}
		if err := copyFile(source, target); err != nil {
			return err
		}
	}
	return nil
}

// joinParts joins the parts of a store from one on. Numbers stay: they run on
// from part to part.
func joinParts(old *record, to string, from int) error {
	_, err := writePart(to, from, func(text, sketches io.Writer) (manifest, error) {
		first := old.store.parts[from]
		w := newStoreWriter(text, first.firstPassage, first.firstArticle)
		for _, p := range old.store.parts[from:] {
			if err := w.join(p); err != nil {
				return manifest{}, err
			}
		}
		for n := from; n < old.manifest.Parts; n++ {
			if err := appendFile(sketches, filepath.Join(old.folder, partFile(sketchPrefix, n))); err != nil {
				return manifest{}, err
			}
		}
		return manifest{}, w.close()
	})
	return err
}

func appendFile(to io.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(to, f)
	return err
}

func copyFile(from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// change takes out of the postings what a plan says is gone, and adds what it
// says to read. It returns the manifest of what is on record then.
func (r *record) change(ctx context.Context, fsys fs.FS, p plan, w *postingsWriter, text, sketches io.Writer, progress Progress) (manifest, error) {
	b := newBuilder(w, text, sketches)
	b.store.firstPassage, b.store.firstArticle = r.store.passages(), r.store.articles()
	built := b.manifest.Built
	b.manifest = r.manifest
	b.manifest.Built, b.manifest.Files, b.manifest.Languages = built.Truncate(time.Second), maps.Clone(r.manifest.Files), maps.Clone(r.manifest.Languages)
	gone := make(map[int]bool)
	for name := range p.gone {
		if err := b.takeOut(r, name, gone); err != nil {
			return b.manifest, err
		}
	}
	b.manifest.Copied = slices.DeleteFunc(slices.Clone(r.manifest.Copied), func(c copied) bool { return gone[c.Article] || gone[c.Of] })
	if err := b.recall(r, gone); err != nil {
		return b.manifest, err
	}
	err := b.take(ctx, corpus.LoadSome(ctx, fsys, func(name string) bool { return p.read[name] }), len(p.read), progress)
	b.manifest.Stored = b.store.nextPassage()
	return b.finished(), err
}

// takeOut takes a file's article out.
func (b *builder) takeOut(r *record, name string, gone map[int]bool) error {
	e := r.manifest.Files[name]
	delete(b.manifest.Files, name)
	if e.Skipped != "" {
		return nil
	}
	meta, err := r.store.article(e.Article)
	if err != nil {
		return err
	}
	gone[e.Article] = true
	b.manifest.count(e, meta.Language, -1)
	for n := meta.First; n < meta.First+meta.Count; n++ {
		if err := b.postings.remove(n); err != nil {
			return err
		}
	}
	return nil
}

// recall gives the builder what it would know had it taken the articles that
// stay: what copies are recognised by, and their titles.
func (b *builder) recall(r *record, gone map[int]bool) error {
	known, err := readSketches(r.folder, r.manifest.Parts)
	if err != nil {
		return err
	}
	original := make(map[int]bool, len(r.articles))
	for i, n := range r.articles {
		if gone[n] {
			continue
		}
		original[n] = true
		if i < mostTitles {
			meta, err := r.store.article(n)
			if err != nil {
				return err
			}
			b.titles.add(meta.Title, meta.Language)
		}
	}
	for _, c := range b.manifest.Copied {
		delete(original, c.Article)
	}
	ids := make(map[int]string)
	for name, e := range r.manifest.Files {
		ids[e.Article] = stemOfPath(name)
	}
	for n, s := range known {
		if original[n] {
			b.copies.Restore(ids[n], s)
		} else {
			b.copies.Skip("")
		}
	}
	return nil
}
