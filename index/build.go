package index

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"time"

	"onrecord/corpus"
)

// Progress is told how many files of how many have been read.
type Progress func(done, total int)

// builder takes articles into postings and a part of a store.
type builder struct {
	postings *postingsWriter // nil where nothing is to be found again
	store    *storeWriter
	sketches *bufio.Writer // nil where articles are not added later
	manifest manifest
	titles   titles
	copies   *corpus.Copies
}

// newBuilder starts a record from nothing.
func newBuilder(w *postingsWriter, text, sketches io.Writer) *builder {
	b := &builder{
		postings: w, store: newStoreWriter(text, 0, 0), titles: titles{terms: make(map[string]int)}, copies: corpus.NewCopies(),
		manifest: manifest{Format: formatVersion, Reading: corpus.Fingerprint(), Analysis: analysisFingerprint(), Built: time.Now().UTC(), Languages: make(map[string]int), Files: make(map[string]fileEntry)},
	}
	if sketches != nil {
		b.sketches = bufio.NewWriter(sketches)
	}
	return b
}

// Survey reads every article of a corpus and reports as a build would; it
// keeps nothing.
func Survey(ctx context.Context, open func() (fs.FS, io.Closer, error), progress Progress) (Changes, error) {
	fsys, closer, err := open()
	if err != nil {
		return Changes{}, err
	}
	if closer != nil {
		defer closer.Close()
	}
	b := newBuilder(nil, io.Discard, nil)
	if err := b.take(ctx, corpus.Load(ctx, fsys), 0, progress); err != nil {
		return Changes{}, err
	}
	if b.manifest.Articles == 0 {
		return Changes{}, noArticles(b.manifest)
	}
	return compare(manifest{}, b.manifest), nil
}

// take takes files, of which there are total or more.
func (b *builder) take(ctx context.Context, files iter.Seq[corpus.File], total int, progress Progress) error {
	done := 0
	for file := range files {
		if err := b.add(file); err != nil {
			return err
		}
		done++
		if progress != nil {
			progress(done, max(total, done))
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if b.postings != nil {
		if err := b.postings.flush(); err != nil {
			return err
		}
	}
	if b.sketches != nil {
		if err := b.sketches.Flush(); err != nil {
			return err
		}
	}
	return b.store.close()
}

// add takes one file.
func (b *builder) add(file corpus.File) error {
	entry := fileEntry{Stamp: file.Stamp, Skipped: file.Skipped}
	if a := file.Article; a != nil {
		entry.Warnings, entry.Article = a.Warnings, b.store.nextArticle()
		sketch := corpus.SketchOf(a)
		if b.sketches != nil {
			if err := writeSketch(b.sketches, sketch); err != nil {
				return err
			}
		}
		first := b.store.nextPassage()
		twin, isCopy := b.copies.AddSketch(a.ID, sketch)
		if isCopy {
			entry.Warnings = append(entry.Warnings, twin.String())
			b.manifest.Copied = append(b.manifest.Copied, copied{Of: twin.Of, Article: entry.Article, Paragraphs: slices.DeleteFunc(slices.Clone(twin.Shared), func(p int) bool { return p < 0 })})
		}
		passages := b.store.add(a, twin.Shared)
		entry.Passages = len(passages)
		for i, p := range passages {
			if b.postings == nil {
				break
			}
			terms, length := termsOf(&p, a.Language)
			entry.Tokens += int64(length)
			if err := b.postings.add(first+i, terms, length); err != nil {
				return err
			}
		}
		b.titles.add(a.Title, a.Language)
		b.manifest.count(entry, a.Language, 1)
	}
	b.manifest.Files[file.Path] = entry
	return nil
}

// count adds an article to the sums, or takes it away.
func (m *manifest) count(e fileEntry, lang string, sign int) {
	m.Articles += sign
	m.Passages += sign * e.Passages
	m.Tokens += int64(sign) * e.Tokens
	m.Languages[lang] += sign * e.Passages
}

// termsOf returns the terms under which a passage is found: those of its text
// that do not stand everywhere, and of the names of its speakers where only a
// pronoun stands for them; and its length, in which all words count.
func termsOf(p *passage, lang string) (terms []string, length int) {
	terms = make([]string, 0, len(p.text)/6)
	sentences := p.sentences
	eachToken(p.text, lang, func(t token) {
		length++
		opens := false
		for len(sentences) > 0 && t.start >= sentences[0].Start {
			sentences, opens = sentences[1:], true
		}
		if t.everywhere && (opens || !t.upper) {
			return
		}
		terms = append(terms, t.term)
	})
	for i, s := range p.statements {
		if slices.ContainsFunc(p.statements[:i], func(before statement) bool { return before.speaker == s.speaker }) {
			continue
		}
		eachToken(s.speaker, lang, func(t token) {
			if !slices.Contains(terms, t.term) {
				terms = append(terms, t.term)
				length++
			}
		})
	}
	return terms, length
}

// buildInMemory builds a record that lives in memory only.
func buildInMemory(ctx context.Context, fsys fs.FS, total int, progress Progress) (*record, error) {
	var text bytes.Buffer
	w, err := newPostingsWriter("")
	if err != nil {
		return nil, err
	}
	b := newBuilder(w, &text, nil)
	if err := b.take(ctx, corpus.Load(ctx, fsys), total, progress); err != nil {
		_ = w.close()
		return nil, err
	}
	p, err := postingsInMemory(w.idx)
	if err != nil {
		return nil, err
	}
	s := &store{}
	if err := s.add(bytes.NewReader(text.Bytes()), int64(text.Len())); err != nil {
		return nil, err
	}
	return newRecord(p, s, b.finished()), nil
}

// finished returns the manifest of what was taken.
func (b *builder) finished() manifest {
	b.manifest.Topics = b.titles.typical(mostTopics)
	return b.manifest
}

func newRecord(p *postings, s *store, m manifest) *record {
	p.average = max(1, float64(m.Tokens)/max(1, float64(m.Passages)))
	p.everywhere = make(map[string]bool)
	for lang := range m.Languages {
		maps.Copy(p.everywhere, everywhere()[lang])
	}
	copies := make(map[int][]copied)
	for _, c := range m.Copied {
		copies[c.Of] = append(copies[c.Of], c)
	}
	r := &record{postings: p, store: s, manifest: m, languages: m.Languages, copies: copies, articles: m.numbers()}
	if stored := s.articles(); stored > len(r.articles) {
		r.live = make([]bool, stored)
		for _, n := range r.articles {
			r.live[n] = true
		}
	}
	return r
}

// numbers returns the numbers of the articles on record, in the order of their
// files.
func (m *manifest) numbers() []int {
	out := make([]int, 0, m.Articles)
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if e := m.Files[name]; e.Skipped == "" {
			out = append(out, e.Article)
		}
	}
	return out
}
