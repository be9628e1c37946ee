package index

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	bleveindex "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"
)

// All that touches Bleve is here. A passage is one document with one field of
// terms, without stored values, term vectors or doc values; its name is its
// number in the store. We score ourselves over Bleve's postings: its own BM25
// takes a wrong average length, and one formula in our hands also serves the
// ranker.

const field = "text"

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

// add indexes the terms of passage number n.
func (w *postingsWriter) add(n int, terms []string) error {
	doc := document.NewDocument(strconv.Itoa(n))
	doc.AddField(document.NewTextFieldCustom(field, nil, nil, bleveindex.IndexField, passageAnalyzer{terms}))
	if err := w.batch.IndexAdvanced(doc); err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	return w.send(batchSize)
}

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

// postings gives the documents of a term, and the statistics to score them. It
// reads one immutable state of the index and is safe for concurrent use.
type postings struct {
	idx     bleve.Index
	reader  bleveindex.IndexReader
	docs    int     // documents, dense from 0
	average float64 // terms a document

	survivors int // passages that rare words may leave to common ones

	ranges  []docRange
	scratch scratch

	knownMu sync.RWMutex
	known   map[string]int // how many documents hold a term

	vocabularyOnce sync.Once
	vocabularyList []string
}

// docRange is a range of documents. A large index is searched in ranges, side by side.
type docRange struct {
	from, to int // internal numbers, half-open
	docs     int // about how many they are
	lists    lists
}

const (
	mostRanges = 2
	wholeDocs  = 20_000 // of so many documents or fewer there is one range
)

// rangesOf splits so many documents into n ranges.
func rangesOf(docs, n int) []docRange {
	ranges := make([]docRange, n)
	for i := range ranges {
		ranges[i].from, ranges[i].to, ranges[i].docs = i*docs/n, (i+1)*docs/n, docs/n+1
		ranges[i].lists.most = mostKept / n
	}
	ranges[n-1].to = math.MaxUint32 // numbers go beyond the count where documents were taken out
	return ranges
}

// openPostings opens an index that a postingsWriter built and closed.
func openPostings(path string) (*postings, error) {
	idx, err := bleve.OpenUsing(path, map[string]any{"read_only": true, "bolt_timeout": "2s"})
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	return newPostings(idx)
}

func newPostings(idx bleve.Index) (*postings, error) {
	advanced, err := idx.Advanced()
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	reader, err := advanced.Reader()
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	docs, err := reader.DocCount()
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	p := &postings{idx: idx, reader: reader, docs: int(docs), survivors: mostSurvivors, ranges: rangesOf(int(docs), 1)}
	if p.docs > wholeDocs {
		p.ranges = rangesOf(p.docs, mostRanges)
	}
	return p, nil
}

func (p *postings) close() error {
	err := p.reader.Close()
	if e := p.idx.Close(); err == nil {
		err = e
	}
	return err
}

// mostKnown is how many terms' frequencies are kept.
const mostKnown = 1 << 15

// frequency returns the number of documents that hold term. It keeps what it
// found: the index does not change.
func (p *postings) frequency(term string) (int, error) {
	p.knownMu.RLock()
	n, ok := p.known[term]
	p.knownMu.RUnlock()
	if ok {
		return n, nil
	}
	r, err := p.reader.TermFieldReader(context.Background(), []byte(term), field, false, false, false)
	if err != nil {
		return 0, fmt.Errorf("bleve: %w", err)
	}
	n = int(r.Count())
	if err := r.Close(); err != nil {
		return 0, fmt.Errorf("bleve: %w", err)
	}
	p.knownMu.Lock()
	if p.known == nil || len(p.known) >= mostKnown {
		p.known = make(map[string]int)
	}
	p.known[strings.Clone(term)] = n
	p.knownMu.Unlock()
	return n, nil
}

// posting is a document that holds a term: its internal number, how often, and
// its length in terms.
type posting struct {
	doc        uint32
	tf, length uint16
}

// each calls visit for every document of a range that holds term, in order. Of a
// term that about held of them hold the list is kept, if it is not too long:
// questions about one event share their common words.
func (p *postings) each(ctx context.Context, within *docRange, term string, held int, visit func(posting)) error {
	if list, ok := within.lists.get(term); ok {
		for _, hit := range list {
			visit(hit)
		}
		return nil
	}
	r, err := p.reader.TermFieldReader(ctx, []byte(term), field, true, true, false)
	if err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	defer r.Close()
	var list []posting
	keep := held <= longestKept
	if keep {
		list = make([]posting, 0, held)
	}
	var hit bleveindex.TermFieldDoc
	var next *bleveindex.TermFieldDoc
	if within.from > 0 {
		next, err = r.Advance(bleveindex.NewIndexInternalID(nil, uint64(within.from)), &hit)
	} else {
		next, err = r.Next(&hit)
	}
	for ; next != nil && err == nil; next, err = r.Next(hit.Reset()) {
		found := postingOf(next)
		if int(found.doc) >= within.to {
			break
		}
		visit(found)
		if keep {
			list = append(list, found)
		}
	}
	if err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	if keep {
		within.lists.put(term, list)
	}
	return nil
}

func postingOf(hit *bleveindex.TermFieldDoc) posting {
	length := math.Round(1 / (hit.Norm * hit.Norm))
	return posting{uint32(binary.BigEndian.Uint64(hit.ID)), uint16(min(hit.Freq, math.MaxUint16)), uint16(min(length, math.MaxUint16))}
}

// lists keeps the postings of terms asked for lately: what is not asked for
// while half of its room is filled anew is dropped.
type lists struct {
	mu         sync.Mutex
	young, old map[string][]posting
	filled     int // postings in young
	most       int // postings in all
}

const (
	mostKept    = 1 << 20 // postings in all
	longestKept = 1 << 15 // postings of a list
)

func (l *lists) get(term string) ([]posting, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if list, ok := l.young[term]; ok {
		return list, true
	}
	list, ok := l.old[term]
	if ok {
		l.keep(term, list)
	}
	return list, ok
}

func (l *lists) put(term string, list []posting) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep(strings.Clone(term), list)
}

func (l *lists) keep(term string, list []posting) {
	const perTerm = 16 // what a term takes beside its postings, in postings
	if l.filled += len(list) + perTerm; l.young == nil || l.filled > l.most/2 {
		l.young, l.old, l.filled = make(map[string][]posting), l.young, len(list)+perTerm
	}
	l.young[term] = list
}

// readWhole is how many times more documents may hold a term than are looked for
// and its list still be read as a whole: reading on is cheaper than advancing.
const readWhole = 8

// among calls visit for those of docs that hold term, as about held documents of
// their range do; docs are in order.
func (p *postings) among(ctx context.Context, within *docRange, term string, held int, docs []int, visit func(posting)) error {
	list, known := within.lists.get(term)
	if !known && held <= min(longestKept, readWhole*len(docs)) {
		if err := p.each(ctx, within, term, held, func(posting) {}); err != nil {
			return err
		}
		list, known = within.lists.get(term)
	}
	if known {
		meet(list, docs, visit)
		return nil
	}
	r, err := p.reader.TermFieldReader(ctx, []byte(term), field, true, true, false)
	if err != nil {
		return fmt.Errorf("bleve: %w", err)
	}
	defer r.Close()
	var hit bleveindex.TermFieldDoc
	var id bleveindex.IndexInternalID
	at := -1 // the document that the reader stands at
	for _, doc := range docs {
		if at < doc {
			id = bleveindex.NewIndexInternalID(id, uint64(doc))
			next, err := r.Advance(id, hit.Reset())
			if err != nil {
				return fmt.Errorf("bleve: %w", err)
			}
			if next == nil {
				return nil
			}
			at = int(binary.BigEndian.Uint64(next.ID))
			if at == doc {
				visit(postingOf(next))
			}
			continue
		}
		if at == doc {
			visit(postingOf(&hit))
		}
	}
	return nil
}

// meet calls visit for the postings of docs; both are in order.
func meet(list []posting, docs []int, visit func(posting)) {
	for _, doc := range docs {
		step := 1
		for step < len(list) && int(list[step].doc) < doc {
			step *= 2
		}
		at, ok := slices.BinarySearchFunc(list[:min(step+1, len(list))], doc, func(p posting, doc int) int { return int(p.doc) - doc })
		if list = list[at:]; ok {
			visit(list[0])
		}
	}
}

// number returns the passage number of the document with an internal number.
func (p *postings) number(doc int) (int, error) {
	id, err := p.reader.ExternalID(bleveindex.NewIndexInternalID(nil, uint64(doc)))
	if err != nil {
		return 0, fmt.Errorf("bleve: %w", err)
	}
	n, err := strconv.Atoi(id)
	if err != nil {
		return 0, fmt.Errorf("bleve: %w document name %q", errDamaged, id)
	}
	return n, nil
}

// vocabulary returns every term of the index, sorted. It is read when first
// asked for: only words that the index lacks need it.
func (p *postings) vocabulary() []string {
	p.vocabularyOnce.Do(func() {
		dict, err := p.reader.FieldDict(field)
		if err != nil {
			return
		}
		defer dict.Close()
		for {
			entry, err := dict.Next()
			if err != nil || entry == nil {
				return
			}
			p.vocabularyList = append(p.vocabularyList, entry.Term)
		}
	})
	return p.vocabularyList
}
