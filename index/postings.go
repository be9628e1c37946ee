package index

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	"github.com/blevesearch/bleve/v2/mapping"
	bleveindex "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"
)

// All that touches Bleve is here. A passage is one document with one field of
// terms, without stored values, term vectors or doc values; its name is its
// number in the store. We score ourselves over Bleve's postings: its own BM25
// takes a wrong average length, and one formula in our hands also serves the
// ranker.

const (
	field       = "text"
	storeFolder = "store" // of Bleve's index, where its segments are
)

// batchSize is the number of passages indexed at once.
const batchSize = 4000

// newMapping returns a mapping in which nothing happens by itself: documents
// come with their fields and terms ready made.
func newMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	m.ScoringModel = bleveindex.BM25Scoring
	return m
}

// postingsWriter builds or changes a Bleve index. Batches are indexed side by
// side: passages are known by their numbers, not by their order.
type postingsWriter struct {
	idx   bleve.Index
	batch *bleve.Batch
	group *errgroup.Group
	ctx   context.Context // ends with the first error of the group
}

// batchWorkers is how many batches are indexed at once.
const batchWorkers = 2

// newPostingsWriter starts an index; with an empty path in memory.
func newPostingsWriter(path string) (*postingsWriter, error) {
	idx, err := bleve.NewUsing(path, newMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	return writeTo(idx), nil
}

// changePostings opens an index that nobody else uses, to change it.
func changePostings(path string) (*postingsWriter, error) {
	idx, err := bleve.OpenUsing(path, map[string]any{"bolt_timeout": "2s"})
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	return writeTo(idx), nil
}

func writeTo(idx bleve.Index) *postingsWriter {
	w := &postingsWriter{idx: idx, batch: idx.NewBatch()}
	w.group, w.ctx = errgroup.WithContext(context.Background())
	w.group.SetLimit(batchWorkers)
	return w
}

// add indexes the terms of passage number n, which is so many words long.
func (w *postingsWriter) add(n int, terms []string, length int) error {
	doc := document.NewDocument(strconv.Itoa(n))
	doc.AddField(&passageField{TextField: document.NewTextFieldCustom(field, nil, nil, bleveindex.IndexField, nil), terms: terms, length: length})
	if err := w.batch.IndexAdvanced(doc); err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	return w.send(batchSize)
}

// passageField is a field whose terms are ready made, and whose length counts
// words that are not indexed.
type passageField struct {
	*document.TextField
	terms       []string
	length      int // in words
	frequencies bleveindex.TokenFrequencies
}

// Analyze counts the terms.
func (f *passageField) Analyze() {
	size := 0
	for _, term := range f.terms {
		size += len(term)
	}
	text, counts := make([]byte, 0, size), make([]bleveindex.TokenFreq, 0, len(f.terms))
	f.frequencies = make(bleveindex.TokenFrequencies, len(f.terms))
	for _, term := range f.terms {
		count := f.frequencies[term]
		if count == nil {
			from := len(text)
			text = append(text, term...)
			counts = append(counts, bleveindex.TokenFreq{Term: text[from:]})
			count = &counts[len(counts)-1]
			f.frequencies[term] = count
		}
		count.SetFrequency(count.Frequency() + 1)
	}
}

func (f *passageField) AnalyzedLength() int { return f.length }

func (f *passageField) AnalyzedTokenFrequencies() bleveindex.TokenFrequencies { return f.frequencies }

// remove takes passage number n out.
func (w *postingsWriter) remove(n int) error {
	w.batch.Delete(strconv.Itoa(n))
	return w.send(batchSize)
}

// send hands the batch on once it holds so many passages.
func (w *postingsWriter) send(size int) error {
	if w.batch.Size() < max(1, size) {
		return nil
	}
	if w.ctx.Err() != nil {
		return w.group.Wait()
	}
	batch := w.batch
	w.batch = w.idx.NewBatch()
	w.group.Go(func() error { return w.idx.Batch(batch) })
	return nil
}

// flush indexes what is left and waits for all of it.
func (w *postingsWriter) flush() error {
	err := w.send(1)
	if e := w.group.Wait(); e != nil {
		err = fmt.Errorf("bleve: %w", e)
	}
	return err
}

// close ends the writing, after flush or without.
func (w *postingsWriter) close() error {
	_ = w.group.Wait() // flush has told of it
	if err := w.idx.Close(); err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	return nil
}

// mergePostings makes one segment of all that a closed index on disk holds: the
// same terms stand in every segment, and are looked up in every one.
func mergePostings(ctx context.Context, path string) error {
	ctx, done := watchMerge(ctx, filepath.Join(path, storeFolder))
	defer done()
	idx, err := bleve.OpenUsing(path, map[string]any{"bolt_timeout": "2s", "asyncErrorCallbackName": mergeFailed})
	if err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	advanced, err := idx.Advanced()
	if err == nil {
		options := mergeplan.SingleSegmentMergePlanOptions
		options.SegmentsPerMergeTask = math.MaxInt32
		err = advanced.(*scorch.Scorch).ForceMerge(ctx, &options)
	}
	if err == nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		err = idx.SetInternal([]byte("merged"), nil) // returns when this and the merge are on disk
	}
	if err != nil {
		err = fmt.Errorf("bleve: %w", err)
	}
	return errors.Join(err, idx.Close())
}

// mergeFailed is the name under which Bleve finds whom to tell that a merge
// failed. It tells nobody else, and tries again and again.
const mergeFailed = "onrecord merge"

var merging sync.Map // by folder, the context.CancelCauseFunc

func init() {
	scorch.RegistryAsyncErrorCallbacks[mergeFailed] = func(err error, store string) {
		if cancel, ok := merging.Load(store); ok {
			cancel.(context.CancelCauseFunc)(err)
		}
	}
}

// watchMerge returns a context that ends with the error of a merge in a folder,
// until done is called.
func watchMerge(ctx context.Context, store string) (watched context.Context, done func()) {
	watched, cancel := context.WithCancelCause(ctx)
	merging.Store(store, cancel)
	return watched, func() {
		merging.Delete(store)
		cancel(nil)
	}
}

// postings gives the documents of a term, and the statistics to score them. It
// reads one immutable state of the index and is safe for concurrent use.
type postings struct {
	idx     bleve.Index
	reader  *scorch.IndexSnapshot
	docs    int     // documents
	end     int     // their internal numbers are below it, those of documents taken out too
	average float64 // terms a document
	lists   []*lists
	// everywhere holds the terms of the record's languages that are not indexed,
	// for nearly every passage has them: they count as held by all.
	everywhere map[string]bool
	files      []io.Closer // of the lists

	survivors int // passages that rare words may leave to common ones

	ranges  []docRange
	scratch scratch

	knownMu sync.RWMutex
	known   map[string]int // how many documents hold a term

	vocabularyOnce sync.Once
	terms          vocabulary
}

// docRange is a range of documents. A large index is searched in ranges, side by side.
type docRange struct{ from, to int } // internal numbers, half-open

const (
	mostRanges = 2
	wholeDocs  = 20_000 // of so many documents or fewer there is one range
)

// rangesOf splits internal numbers below end into n ranges.
func rangesOf(end, n int) []docRange {
	ranges := make([]docRange, n)
	for i := range ranges {
		ranges[i] = docRange{i * end / n, (i + 1) * end / n}
	}
	return ranges
}

// openPostings opens the index of a generation that a postingsWriter built and
// closed, with its lists.
func openPostings(generation string) (*postings, error) {
	idx, err := bleve.OpenUsing(filepath.Join(generation, bleveFolder), map[string]any{"read_only": true, "bolt_timeout": "2s"})
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	return newPostings(idx, func(s *scorch.SegmentSnapshot) (io.ReaderAt, int64, error) {
		f, err := os.Open(filepath.Join(generation, listsFile(s.Id())))
		if err != nil {
			return nil, 0, err
		}
		info, err := f.Stat()
		if err != nil {
			return nil, 0, errors.Join(err, f.Close())
		}
		return f, info.Size(), nil
	})
}

// postingsInMemory reads an index that is in memory.
func postingsInMemory(idx bleve.Index) (*postings, error) {
	return newPostings(idx, func(s *scorch.SegmentSnapshot) (io.ReaderAt, int64, error) {
		var b bytes.Buffer
		err := writeLists(&b, s)
		return bytes.NewReader(b.Bytes()), int64(b.Len()), err
	})
}

// leastSegment is how many documents a segment has that has lists.
const leastSegment = 1024

func listsFile(segment uint64) string {
	return fmt.Sprintf("%s%012x%s", listsPrefix, segment, partEnding)
}

// listsOpener opens the file of a segment's lists and tells its size.
type listsOpener func(*scorch.SegmentSnapshot) (io.ReaderAt, int64, error)

// newPostings reads an index, and the lists that open finds for a segment.
func newPostings(idx bleve.Index, open listsOpener) (*postings, error) {
	reader, err := snapshot(idx)
	if err != nil {
		return nil, errors.Join(err, idx.Close())
	}
	p := &postings{idx: idx, reader: reader, survivors: mostSurvivors}
	docs, err := reader.DocCount()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bleve: %w", err), p.close())
	}
	p.docs = int(docs)
	for _, s := range reader.Segments() {
		if s.FullSize() >= leastSegment {
			if err := p.addLists(s, open); err != nil {
				return nil, errors.Join(err, p.close())
			}
		}
		p.end += int(s.FullSize())
	}
	p.ranges = rangesOf(p.end, 1)
	if p.docs > wholeDocs {
		p.ranges = rangesOf(p.end, mostRanges)
	}
	return p, nil
}

func snapshot(idx bleve.Index) (*scorch.IndexSnapshot, error) {
	advanced, err := idx.Advanced()
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	reader, err := advanced.Reader()
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	return reader.(*scorch.IndexSnapshot), nil // all that scorch returns
}

// addLists opens the lists of the next segment.
func (p *postings) addLists(s *scorch.SegmentSnapshot, open listsOpener) error {
	r, size, err := open(s)
	if err != nil {
		return err
	}
	if c, ok := r.(io.Closer); ok {
		p.files = append(p.files, c)
	}
	l, err := openLists(r, size, int(s.FullSize()))
	if err != nil {
		return err
	}
	l.first = p.end
	if gone := s.Deleted(); gone != nil && !gone.IsEmpty() {
		l.gone = make([]uint64, (len(l.lengths)+63)/64)
		for it := gone.Iterator(); it.HasNext(); {
			n := it.Next()
			l.gone[n/64] |= 1 << (n % 64)
		}
	}
	p.lists = append(p.lists, l)
	return nil
}

// writeLists writes the lists of a segment.
func writeLists(to io.Writer, s *scorch.SegmentSnapshot) error {
	passages := make([]uint32, s.FullSize())
	for i := range passages {
		id, err := s.DocID(uint64(i))
		if err != nil {
			return fmt.Errorf("bleve: %w", err)
		}
		n, err := passageOf(string(id))
		if err != nil {
			return err
		}
		passages[i] = uint32(n)
	}
	w, err := newListsWriter(to, passages)
	if err != nil {
		return err
	}
	terms, err := s.Segment().Dictionary(field)
	if err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	found, err := terms.PostingsList(nil, nil, nil)
	if err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	hits := found.Iterator(true, true, false, nil)
	var all []posting
	for it := terms.AutomatonIterator(nil, nil, nil); ; {
		entry, err := it.Next()
		if err != nil {
			return fmt.Errorf("bleve: %w", err)
		}
		if entry == nil {
			return w.close()
		}
		if found, err = terms.PostingsList([]byte(entry.Term), nil, found); err != nil {
			return fmt.Errorf("bleve: %w", err)
		}
		all, hits = all[:0], found.Iterator(true, true, false, hits)
		for hit, err := hits.Next(); hit != nil || err != nil; hit, err = hits.Next() {
			if err != nil {
				return fmt.Errorf("bleve: %w", err)
			}
			all = append(all, newPosting(hit.Number(), hit.Frequency(), hit.Norm()))
		}
		if err := w.add(entry.Term, all); err != nil {
			return err
		}
	}
}

// writeMissingLists writes the lists that a generation lacks. It removes those of
// segments that it has no more, and such segments, which Bleve may have left.
func writeMissingLists(generation string) error {
	idx, err := bleve.OpenUsing(filepath.Join(generation, bleveFolder), map[string]any{"read_only": true, "bolt_timeout": "2s"})
	if err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	reader, err := snapshot(idx)
	if err != nil {
		return errors.Join(err, idx.Close())
	}
	store := filepath.Join(bleveFolder, storeFolder)
	needed := make(map[string]bool)
	for _, s := range reader.Segments() {
		needed[filepath.Join(store, fmt.Sprintf("%012x.zap", s.Id()))] = true
		if s.FullSize() < leastSegment {
			continue
		}
		name := listsFile(s.Id())
		needed[name] = true
		if _, e := os.Stat(filepath.Join(generation, name)); e != nil && err == nil {
			err = writeFile(filepath.Join(generation, name), func(w io.Writer) error { return writeLists(w, s) })
		}
	}
	err = errors.Join(err, reader.Close(), idx.Close())
	for _, pattern := range []string{listsPrefix + "*", filepath.Join(store, "*.zap")} {
		there, e := filepath.Glob(filepath.Join(generation, pattern))
		err = errors.Join(err, e)
		for _, name := range there {
			if rel, e := filepath.Rel(generation, name); e != nil || !needed[rel] {
				err = errors.Join(err, e, os.Remove(name))
			}
		}
	}
	return err
}

func (p *postings) close() error {
	err := errors.Join(p.reader.Close(), p.idx.Close())
	for _, f := range p.files {
		err = errors.Join(err, f.Close())
	}
	return err
}

// mostKnown is how many terms' frequencies are kept.
const mostKnown = 1 << 15

// frequency returns the number of documents that hold term; where it is not
// indexed because it stands everywhere, of all. It keeps what it
// found: the index does not change.
func (p *postings) frequency(term string) (int, error) {
	p.knownMu.RLock()
	n, ok := p.known[term]
	p.knownMu.RUnlock()
	if ok {
		return n, nil
	}
	n, err := p.count(term)
	if err != nil {
		return 0, err
	}
	if n == 0 && p.everywhere[term] {
		n = p.docs
	}
	p.knownMu.Lock()
	if p.known == nil || len(p.known) >= mostKnown {
		p.known = make(map[string]int)
	}
	p.known[strings.Clone(term)] = n
	p.knownMu.Unlock()
	return n, nil
}

func (p *postings) count(term string) (int, error) {
	if len(p.lists) == 1 && p.lists[0].whole(p.end) {
		if found, ok, err := p.lists[0].find(term); ok || err != nil {
			return found.held, err
		}
	}
	r, err := p.reader.TermFieldReader(context.Background(), []byte(term), field, false, false, false)
	if err != nil {
		return 0, fmt.Errorf("bleve: %w", err)
	}
	n := int(r.Count())
	if err := r.Close(); err != nil {
		return 0, fmt.Errorf("bleve: %w", err)
	}
	return n, nil
}

// each calls visit for the documents of a range that hold term, where docs is
// not nil only for those among them, which are in order. They come in batches
// that are good until visit returns.
func (p *postings) each(ctx context.Context, within *docRange, term string, docs []int, b *blockReader, visit func([]posting)) error {
	next := within.from
	for _, l := range p.lists {
		found, ok, err := l.find(term)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := p.eachInBleve(ctx, next, min(l.first, within.to), term, docs, b, visit); err != nil {
			return err
		}
		if err := b.read(l, found, within.from, within.to, docs, visit); err != nil {
			return err
		}
		next = max(next, l.end())
	}
	return p.eachInBleve(ctx, next, within.to, term, docs, b, visit)
}

// eachInBleve does so for the documents from one on and below another by Bleve's
// own postings.
func (p *postings) eachInBleve(ctx context.Context, from, to int, term string, docs []int, b *blockReader, visit func([]posting)) error {
	if from >= to {
		return nil
	}
	r, err := p.reader.TermFieldReader(ctx, []byte(term), field, true, true, false)
	if err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	defer r.Close()
	batch := b.batch[:0]
	send := func() {
		if docs != nil {
			batch = among(batch, docs)
		}
		visit(batch)
		batch = b.batch[:0]
	}
	var hit bleveindex.TermFieldDoc
	next, err := r.Advance(bleveindex.NewIndexInternalID(nil, uint64(from)), &hit)
	for ; next != nil && err == nil; next, err = r.Next(hit.Reset()) {
		doc := binary.BigEndian.Uint64(next.ID)
		if doc >= uint64(to) {
			break
		}
		if batch = append(batch, newPosting(doc, next.Freq, next.Norm)); len(batch) == blockSize {
			send()
		}
	}
	if err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	send()
	return nil
}

// newPosting is a posting of Bleve's, whose norm is one over the root of the length.
func newPosting(doc, frequency uint64, norm float64) posting {
	length := math.Round(1 / (norm * norm))
	return posting{uint32(doc), uint16(min(frequency, math.MaxUint16)), uint16(min(length, math.MaxUint16))}
}

// number returns the passage number of the document with an internal number.
func (p *postings) number(doc int) (int, error) {
	for _, l := range p.lists {
		if doc >= l.first && doc < l.end() {
			return l.passage(doc)
		}
	}
	id, err := p.reader.ExternalID(bleveindex.NewIndexInternalID(nil, uint64(doc)))
	if err != nil {
		return 0, fmt.Errorf("bleve: %w", err)
	}
	return passageOf(id)
}

// passageOf is the number of the passage that is indexed under a name.
func passageOf(name string) (int, error) {
	n, err := strconv.ParseUint(name, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("bleve: %w document name %q", errDamaged, name)
	}
	return int(n), nil
}

// vocabulary returns the terms that may be meant by words that the index lacks;
// those of several segments several times. It is read when first asked for.
func (p *postings) vocabulary() *vocabulary {
	p.vocabularyOnce.Do(func() {
		first := 0
		for _, s := range p.reader.Segments() {
			if err := p.eachTerm(s, first, p.terms.add); err != nil {
				return // what was read is what is known
			}
			first += int(s.FullSize())
		}
	})
	return &p.terms
}

// eachTerm calls visit for every term of the segment whose first document is
// given. Lists are read where there are some: Bleve looks at the postings of every
// term that it tells.
func (p *postings) eachTerm(s *scorch.SegmentSnapshot, first int, visit func(term string)) error {
	for _, l := range p.lists {
		if l.first == first {
			return l.eachTerm(visit)
		}
	}
	terms, err := s.Segment().Dictionary(field)
	if err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	it := terms.AutomatonIterator(nil, nil, nil)
	for {
		entry, err := it.Next()
		if err != nil {
			return fmt.Errorf("bleve: %w", err)
		}
		if entry == nil {
			return nil
		}
		visit(entry.Term)
	}
}
