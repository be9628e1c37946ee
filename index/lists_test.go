package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// madeLists draws the postings of some terms over so many documents: some in
// nearly all, some in few, some with large frequencies.
func madeLists(r *rand.Rand, docs, terms int) map[string][]posting {
	out := make(map[string][]posting, terms)
	lengths := make([]uint16, docs)
	for i := range lengths {
		lengths[i] = uint16(r.IntN(math.MaxUint16 + 1))
	}
	for n := range terms {
		share := math.Pow(r.Float64(), 6)
		var list []posting
		for d := range docs {
			if r.Float64() < share {
				list = append(list, posting{uint32(d), uint16(1 + r.IntN(1<<r.IntN(16))), lengths[d]})
			}
		}
		out[fmt.Sprintf("term%d", n)] = list
	}
	return out
}

func packed(t testing.TB, docs int, all map[string][]posting) []byte {
	t.Helper()
	var b bytes.Buffer
	passages := make([]uint32, docs)
	for i := range passages {
		passages[i] = uint32(3*i + 7)
	}
	w, err := newListsWriter(&b, passages)
	if err != nil {
		t.Fatal(err)
	}
	for _, term := range slices.Sorted(maps.Keys(all)) {
		if err := w.add(term, all[term]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLists holds that what is read from lists is what was written, whole, in a
// range, and among some documents, without those that were taken out.
func TestLists(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, docs := range []int{1, 40, 5000} {
		all := madeLists(r, docs, 200)
		file := packed(t, docs, all)
		l, err := openLists(bytes.NewReader(file), int64(len(file)), docs)
		if err != nil {
			t.Fatal(err)
		}
		l.first = 1000
		b := &blockReader{}
		for term, list := range all {
			found, ok, err := l.find(term)
			if ok != (len(list) >= leastListed) || err != nil {
				t.Fatalf("%s with %d documents: %v, %v", term, len(list), ok, err)
			}
			if !ok {
				continue
			}
			if l.gone = nil; r.IntN(2) == 0 {
				l.gone = make([]uint64, docs/64+1)
				for range docs / 3 {
					n := r.IntN(docs)
					l.gone[n/64] |= 1 << (n % 64)
				}
			}
			from, to := 1000, 1000+docs
			if r.IntN(2) == 0 {
				from, to = 1000+r.IntN(docs), 1000+r.IntN(docs)
			}
			var docsOnly []int
			if r.IntN(2) == 0 {
				for range r.IntN(300) {
					docsOnly = append(docsOnly, 1000+r.IntN(docs))
				}
				slices.Sort(docsOnly)
				docsOnly = slices.Compact(docsOnly)
			}
			var want, got []posting
			for _, p := range list {
				p.doc += 1000
				if int(p.doc) >= from && int(p.doc) < to && !l.isGone(p.doc) && (docsOnly == nil || slices.Contains(docsOnly, int(p.doc))) {
					want = append(want, p)
				}
			}
			if err := b.read(l, found, from, to, docsOnly, func(batch []posting) { got = append(got, batch...) }); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s from %d to %d: %d postings, want %d", term, from, to, len(got), len(want))
			}
		}
		if _, ok, err := l.find("absent"); ok || err != nil {
			t.Errorf("absent: %v, %v", ok, err)
		}
		var terms []string
		if err := l.eachTerm(func(term string) { terms = append(terms, term) }); err != nil || !slices.Equal(terms, slices.Sorted(maps.Keys(all))) {
			t.Errorf("%d terms, want %d: %v", len(terms), len(all), err)
		}
		if n, err := l.passage(1000 + docs - 1); n != 3*docs+4 || err != nil {
			t.Errorf("the last document is passage %d, %v", n, err)
		}
	}
}

// FuzzLists holds that a damaged file of lists is refused or gives documents of
// its segment, and never more than were asked for.
func FuzzLists(f *testing.F) {
	const docs = 600
	file := packed(f, docs, madeLists(rand.New(rand.NewPCG(3, 4)), docs, 30))
	f.Add(0, byte(1))
	f.Add(len(file)-listsFooter, byte(255))
	f.Fuzz(func(t *testing.T, at int, with byte) {
		damaged := bytes.Clone(file)
		for i := max(0, at) % len(damaged); i < len(damaged); i += 97 {
			damaged[i] ^= with
		}
		l, err := openLists(bytes.NewReader(damaged), int64(len(damaged)), docs)
		if err != nil {
			return
		}
		b := &blockReader{}
		for n := range 30 {
			found, ok, err := l.find(fmt.Sprintf("term%d", n))
			if err != nil || !ok {
				continue
			}
			_ = b.read(l, found, 100, 500, nil, func(batch []posting) {
				for _, p := range batch {
					if p.doc < 100 || p.doc >= 500 {
						t.Fatalf("document %d", p.doc)
					}
				}
			})
		}
	})
}

// TestListsAgree holds that lists give what Bleve gives, of an index on disk
// that is one segment after it is built.
func TestListsAgree(t *testing.T) {
	m := made{articles: 150}
	x := open(t, Options{Corpus: opener(m), Dir: t.TempDir()})
	s := x.acquire()
	defer x.release(s)
	p := s.postings
	if n := len(p.reader.Segments()); n != 1 || len(p.lists) != 1 {
		t.Fatalf("%d segments, %d with lists", n, len(p.lists))
	}
	if files, err := filepath.Glob(filepath.Join(s.folder, bleveFolder, "store", "*.zap")); len(files) != 1 {
		t.Errorf("segments left on disk: %v, %v", files, err)
	}
	b, all := &blockReader{}, docRange{0, p.end}
	read := func(lists []*lists, term string) (out []posting) {
		with := postings{reader: p.reader, end: p.end, lists: lists}
		if err := with.each(t.Context(), &all, term, nil, b, func(batch []posting) { out = append(out, batch...) }); err != nil {
			t.Fatal(err)
		}
		return out
	}
	listed := 0
	var terms, inBleve []string
	without := postings{reader: p.reader, end: p.end}
	err := errors.Join(p.eachTerm(p.reader.Segments()[0], 0, func(term string) { terms = append(terms, term) }),
		without.eachTerm(p.reader.Segments()[0], 0, func(term string) { inBleve = append(inBleve, term) }))
	if err != nil || !slices.Equal(terms, inBleve) {
		t.Errorf("%d terms, %d in Bleve: %v", len(terms), len(inBleve), err)
	}
	for doc := range p.end {
		got, err := p.number(doc)
		want, e := without.number(doc)
		if got != want || err != nil || e != nil {
			t.Fatalf("document %d is passage %d, want %d: %v, %v", doc, got, want, err, e)
		}
	}
	for _, term := range terms {
		want := read(nil, term)
		if got := read(p.lists, term); !slices.Equal(got, want) {
			t.Errorf("%s: %d postings, want %d", term, len(got), len(want))
		}
		if _, ok, _ := p.lists[0].find(term); ok {
			listed++
		}
	}
	if listed < 100 {
		t.Errorf("only %d terms have lists", listed)
	}
	if _, err := openLists(bytes.NewReader(nil), 0, 1); !errors.Is(err, errDamaged) {
		t.Errorf("an empty file: %v", err)
	}
}

// TestMerge holds that the segments of an index become one, and that a merge ends
// when it is given up or Bleve tells that it failed.
func TestMerge(t *testing.T) {
	path := filepath.Join(t.TempDir(), bleveFolder)
	for n := range 3 { // each time a segment
		open := changePostings
		if n == 0 {
			open = newPostingsWriter
		}
		w, err := open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.add(n, []string{"heron"}, 1), w.flush(), w.close()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := mergePostings(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if err := mergePostings(t.Context(), path); err != nil {
		t.Error(err)
	}
	idx, err := bleve.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer idx.Close()
	reader, err := snapshot(idx)
	if err != nil || len(reader.Segments()) != 1 {
		t.Errorf("%d segments, %v", len(reader.Segments()), err)
	}
	full := errors.New("no space left")
	watched, done := watchMerge(t.Context(), "a")
	scorch.RegistryAsyncErrorCallbacks[mergeFailed](errors.New("of another index"), "b")
	scorch.RegistryAsyncErrorCallbacks[mergeFailed](full, "a")
	if err := context.Cause(watched); !errors.Is(err, full) {
		t.Errorf("a merge that failed: %v", err)
	}
	done()
}
