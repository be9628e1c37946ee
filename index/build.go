package index

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"maps"
	"slices"
	"time"

	"onrecord/corpus"
)

// Progress is told how many files of how many have been read.
type Progress func(done, total int)

// builder takes articles into postings and a store.
type builder struct {
	postings  *postingsWriter // nil where nothing is to be found again
	store     *storeWriter
	manifest  manifest
	languages map[string]int
	titles    titles
	copies    *corpus.Copies
}

func newBuilder(path string, text io.Writer) (*builder, error) {
	w, err := newPostingsWriter(path)
	if err != nil {
		return nil, err
	}
	b := newSurvey(text)
	b.postings = w
	return b, nil
}

// newSurvey returns a builder that reads and counts, and keeps no postings.
func newSurvey(text io.Writer) *builder {
	return &builder{
		store: newStoreWriter(text), languages: make(map[string]int), titles: titles{terms: make(map[string]int)}, copies: corpus.NewCopies(),
		manifest: manifest{Format: formatVersion, Reading: corpus.Fingerprint(), Analysis: analysisFingerprint(), Built: time.Now().UTC(), Files: make(map[string]fileEntry)},
	}
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
	b := newSurvey(io.Discard)
	if err := b.take(ctx, fsys, 0, progress); err != nil {
		return Changes{}, err
	}
	if b.manifest.Articles == 0 {
		return Changes{}, noArticles(b.manifest)
	}
	return compare(manifest{}, b.manifest), nil
}

// take reads every file of a corpus.
func (b *builder) take(ctx context.Context, fsys fs.FS, total int, progress Progress) error {
	done := 0
	for file := range corpus.Load(ctx, fsys) {
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
	return b.store.close()
}

// add takes one file.
func (b *builder) add(file corpus.File) error {
	entry := fileEntry{Stamp: file.Stamp, Skipped: file.Skipped}
	if a := file.Article; a != nil {
		entry.Warnings = a.Warnings
		first := len(b.store.passages)
		twin, isCopy := b.copies.Add(a)
		if isCopy {
			entry.Warnings = append(entry.Warnings, twin.String())
			b.manifest.Copied = append(b.manifest.Copied, copied{Of: twin.Of, Article: len(b.store.articles), Paragraphs: slices.DeleteFunc(slices.Clone(twin.Shared), func(p int) bool { return p < 0 })})
		}
		passages := b.store.add(a, twin.Shared)
		entry.Passages = len(passages)
		b.languages[a.Language] += len(passages)
		for i, p := range passages {
			if b.postings == nil {
				break
			}
			terms := termsOf(&p, a.Language)
			b.manifest.Tokens += int64(len(terms))
			if err := b.postings.add(first+i, terms); err != nil {
				return err
			}
		}
		b.titles.add(a.Title, a.Language)
		b.manifest.Articles++
		b.manifest.Passages += len(passages)
	}
	b.manifest.Files[file.Path] = entry
	return nil
}

// termsOf returns the terms under which a passage is found: those of its text,
// and of the names of its speakers where only a pronoun stands for them.
func termsOf(p *passage, lang string) []string {
	tokens := analyze(p.text, lang)
	terms := make([]string, 0, len(tokens)+8)
	have := make(map[string]bool, len(tokens))
	for _, t := range tokens {
		terms = append(terms, t.term)
		have[t.term] = true
	}
	for _, s := range p.statements {
		for _, t := range analyze(s.speaker, lang) {
			if !have[t.term] {
				have[t.term] = true
				terms = append(terms, t.term)
			}
		}
	}
	return terms
}

// buildInMemory builds a record that lives in memory only.
func buildInMemory(ctx context.Context, fsys fs.FS, total int, progress Progress) (*record, error) {
	var text bytes.Buffer
	b, err := newBuilder("", &text)
	if err != nil {
		return nil, err
	}
	if err := b.take(ctx, fsys, total, progress); err != nil {
		_ = b.postings.close()
		return nil, err
	}
	p, err := newPostings(b.postings.idx)
	if err != nil {
		return nil, err
	}
	s, err := openStore(bytes.NewReader(text.Bytes()), int64(text.Len()))
	if err != nil {
		return nil, err
	}
	return newRecord(p, s, b.finished()), nil
}

// finished returns the manifest of what was taken.
func (b *builder) finished() manifest {
	b.manifest.Languages = maps.Clone(b.languages)
	b.manifest.Topics = b.titles.typical(mostTopics)
	return b.manifest
}

func newRecord(p *postings, s *store, m manifest) *record {
	p.average = max(1, float64(m.Tokens)/max(1, float64(m.Passages)))
	copies := make(map[int][]copied)
	for _, c := range m.Copied {
		copies[c.Of] = append(copies[c.Of], c)
	}
	return &record{postings: p, store: s, manifest: m, languages: m.Languages, copies: copies}
}
