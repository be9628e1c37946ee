package index

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"

	"onrecord/corpus"
)

// Benchmarks of a record that grows. The text is made by the benchmark itself:
// articles of a natural vocabulary, in which a word's frequency falls with its
// rank (Zipf), with names, numbers, dates and speech. ONRECORD_BENCH_CORPUS
// names a folder of real articles to measure besides.
//
//	go test ./index -run '^$' -bench 'Scale/(10k|100k)' -benchtime 2000x

// scales are the numbers of passages measured.
var scales = []struct {
	name     string
	passages int
}{{"10k", 10_000}, {"100k", 100_000}, {"1M", 1_000_000}}

// perArticle is the number of paragraphs of a made article.
const perArticle = 40

// made is a folder of made articles. Each is made when it is opened, always
// the same.
type made struct {
	articles int
	changed  map[int]string // text put behind an article, for tests of small changes
}

var madeWords = sync.OnceValue(func() []string {
	var words []string
	for _, row := range rows("rarity.tsv") {
		if row[0] == "en" {
			words = append(words, strings.Fields(row[2])...)
		}
	}
	return words
})

// cumulative holds the sums of 1/rank, for drawing words by rank.
var cumulative = sync.OnceValue(func() []float64 {
	sums := make([]float64, len(madeWords()))
	sum := 0.0
	for i := range sums {
		sum += 1 / math.Pow(float64(i)+2.7, 1.05)
		sums[i] = sum
	}
	return sums
})

func drawWord(r *rand.Rand) string {
	sums := cumulative()
	i, _ := slices.BinarySearch(sums, r.Float64()*sums[len(sums)-1])
	return madeWords()[min(i, len(sums)-1)]
}

// madeName draws one of a hundred thousand names, some far more often.
func madeName(r *rand.Rand) string {
	n := int(math.Pow(r.Float64(), 3) * 100_000)
	syllables := []string{"ba", "do", "ke", "li", "mar", "no", "pe", "ro", "sa", "tu", "vi", "zo"}
	name := ""
	for range 3 {
		name += syllables[n%12]
		n /= 12
	}
	if n > 0 {
		name += strconv.Itoa(n)[:1] + "n"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

func madeSentence(r *rand.Rand) string {
	var words []string
	for range 8 + r.IntN(14) {
		switch p := r.IntN(40); {
		case p < 3:
			words = append(words, madeName(r))
		case p == 3:
			words = append(words, strconv.Itoa(r.IntN(2000)))
		default:
			words = append(words, drawWord(r))
		}
	}
	s := strings.Join(words, " ")
	_, first := utf8.DecodeRuneInString(s)
	s = strings.ToUpper(s[:first]) + s[first:]
	if r.IntN(6) == 0 {
		return `"` + s + `," ` + madeName(r) + " said."
	}
	return s + "."
}

func (m made) text(i int) string {
	r := rand.New(rand.NewPCG(uint64(i), 1))
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %q\npublisher: %s Post\npublished: 2025-%02d-%02d\nurl: https://e.example/%d\nlanguage: en\n---\n", madeSentence(r), madeName(r), 1+i%12, 1+i%28, i)
	for range perArticle {
		b.WriteByte('\n')
		for k := range 2 + r.IntN(3) {
			if k > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(madeSentence(r))
		}
		b.WriteByte('\n')
	}
	return b.String() + m.changed[i]
}

func (m made) Open(name string) (fs.File, error) {
	if name == "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	i, err := strconv.Atoi(strings.TrimSuffix(name, ".md"))
	if err != nil || i >= m.articles {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	text := m.text(i)
	return &madeFile{Reader: strings.NewReader(text), info: madeInfo{name, int64(len(text)), len(m.changed[i])}}, nil
}

func (m made) ReadDir(string) ([]fs.DirEntry, error) {
	out := make([]fs.DirEntry, m.articles)
	for i := range out {
		out[i] = fs.FileInfoToDirEntry(madeInfo{fmt.Sprintf("%07d.md", i), 1, len(m.changed[i])})
	}
	return out, nil
}

func (m made) Stat(name string) (fs.FileInfo, error) {
	if name == "." {
		return madeDir{}, nil
	}
	i, err := strconv.Atoi(strings.TrimSuffix(name, ".md"))
	if err != nil || i >= m.articles {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	key := [2]int{i, len(m.changed[i])}
	size, ok := madeSizes.Load(key)
	if !ok {
		size = int64(len(m.text(i)))
		madeSizes.Store(key, size)
	}
	return madeInfo{name, size.(int64), len(m.changed[i])}, nil
}

// madeSizes keeps how long made texts are, by article and change.
var madeSizes sync.Map

type madeFile struct {
	*strings.Reader
	info madeInfo
}

func (f *madeFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *madeFile) Close() error               { return nil }

type madeInfo struct {
	name string
	size int64
	age  int
}

func (i madeInfo) Name() string       { return i.name }
func (i madeInfo) Size() int64        { return i.size }
func (i madeInfo) Mode() fs.FileMode  { return 0o444 }
func (i madeInfo) ModTime() time.Time { return time.Unix(1e9+int64(i.age), 0) }
func (i madeInfo) IsDir() bool        { return false }
func (i madeInfo) Sys() any           { return nil }

type madeDir struct{ madeInfo }

func (madeDir) Name() string      { return "." }
func (madeDir) Mode() fs.FileMode { return fs.ModeDir | 0o555 }
func (madeDir) IsDir() bool       { return true }

// madeQuestions asks for words of sentences that are on record.
func madeQuestions(m made, n int) []string {
	r := rand.New(rand.NewPCG(7, 7))
	out := make([]string, n)
	for i := range out {
		paragraphs := strings.Split(m.text(r.IntN(m.articles)), "\n\n")
		words := strings.Fields(strings.Trim(paragraphs[1+r.IntN(len(paragraphs)-1)], `".`))
		from := r.IntN(max(1, len(words)-9))
		out[i] = "What did they say about " + strings.Join(words[from:min(len(words), from+5+r.IntN(5))], " ") + "?"
	}
	return out
}

// madeRecords keeps the records of a benchmark run, by size.
var madeRecords sync.Map

// recordOf opens the record of a made corpus, built once a run.
func recordOf(b *testing.B, articles int) *Index {
	b.Helper()
	m := made{articles: articles}
	dir, ok := madeRecords.Load(articles)
	if !ok {
		d, err := os.MkdirTemp("", "onrecord-bench-")
		if err != nil {
			b.Fatal(err)
		}
		dir = d
		madeRecords.Store(articles, d)
	}
	x, err := Open(context.Background(), Options{Corpus: opener(m), Dir: dir.(string)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := x.Close(); err != nil {
			b.Error(err)
		}
	})
	return x
}

func TestMain(m *testing.M) {
	AllowGarbage() // as the program does
	code := m.Run()
	madeRecords.Range(func(_, dir any) bool { _ = os.RemoveAll(dir.(string)); return true })
	os.Exit(code)
}

// BenchmarkScaleAsk answers questions, everything included, and reports the
// median and the 99th percentile.
func BenchmarkScaleAsk(b *testing.B) {
	for _, s := range scales {
		b.Run(s.name, func(b *testing.B) {
			x := recordOf(b, s.passages/perArticle)
			questions := madeQuestions(made{articles: s.passages / perArticle}, 1000)
			for _, q := range questions[:50] {
				if _, err := x.Ask(context.Background(), Question{Text: q}); err != nil {
					b.Fatal(err)
				}
			}
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				start := time.Now()
				if _, err := x.Ask(context.Background(), Question{Text: questions[i%len(questions)]}); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			reportPercentiles(b, took)
		})
	}
}

func reportPercentiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkScaleBleve asks Bleve's own match search for the top 50 of the same
// questions: the yardstick in the same run.
func BenchmarkScaleBleve(b *testing.B) {
	for _, s := range scales {
		b.Run(s.name, func(b *testing.B) {
			x := recordOf(b, s.passages/perArticle)
			questions := madeQuestions(made{articles: s.passages / perArticle}, 1000)
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				start := time.Now()
				if err := bleveSearch(x, questions[i%len(questions)]); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			reportPercentiles(b, took)
		})
	}
}

// bleveSearch is the plain query of the reference: any of the question's
// terms, the best 50.
func bleveSearch(x *Index, question string) error {
	var terms []string
	for _, t := range analyze(question, "en") {
		if !isStop("en", t.word) {
			terms = append(terms, t.term)
		}
	}
	query := bleve.NewDisjunctionQuery()
	for _, t := range terms {
		q := bleve.NewTermQuery(t)
		q.SetField(field)
		query.AddQuery(q)
	}
	s := x.acquire()
	defer x.release(s)
	_, err := s.postings.idx.Search(bleve.NewSearchRequestOptions(query, 50, 0, false))
	return err
}

// BenchmarkScaleOpen opens a record that is up to date and answers one
// question.
func BenchmarkScaleOpen(b *testing.B) {
	for _, s := range scales {
		b.Run(s.name, func(b *testing.B) {
			recordOf(b, s.passages/perArticle)
			dir, _ := madeRecords.Load(s.passages / perArticle)
			question := madeQuestions(made{articles: s.passages / perArticle}, 1)[0]
			for b.Loop() {
				r, _, err := folder{dir.(string)}.openNewest()
				if err != nil {
					b.Fatal(err)
				}
				if _, err := r.ask(context.Background(), Question{Text: question}); err != nil {
					b.Fatal(err)
				}
				if err := r.close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkScaleUpdate changes one article and takes it in: until the new text
// is found.
func BenchmarkScaleUpdate(b *testing.B) {
	for _, s := range scales {
		b.Run(s.name, func(b *testing.B) {
			m := made{articles: s.passages / perArticle, changed: make(map[int]string)}
			x := recordOf(b, m.articles)
			if err := x.takeLock(context.Background()); err != nil {
				b.Fatal(err)
			}
			x.options.Corpus = opener(m)
			for i := 0; b.Loop(); i++ {
				m.changed[i%m.articles] += fmt.Sprintf("\nThe zanzibarian lighthouse number %d.\n", i)
				if _, err := x.Rebuild(context.Background(), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkScaleBuild reads and indexes a corpus, and reports passages a
// second, index bytes a byte of text, and the peak of the heap.
func BenchmarkScaleBuild(b *testing.B) {
	for _, s := range scales {
		b.Run(s.name, func(b *testing.B) { buildOf(b, made{articles: s.passages / perArticle}) })
	}
	if name := os.Getenv("ONRECORD_BENCH_CORPUS"); name != "" {
		b.Run("folder", func(b *testing.B) {
			fsys, closer, err := corpus.Dir(name)
			if err != nil {
				b.Fatal(err)
			}
			defer closer.Close()
			buildOf(b, fsys)
		})
	}
}

func buildOf(b *testing.B, fsys fs.FS) {
	for b.Loop() {
		dir := b.TempDir()
		peak := watchHeap()
		start := time.Now()
		x, err := Open(context.Background(), Options{Corpus: func() (fs.FS, io.Closer, error) { return fsys, nil, nil }, Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		b.ReportMetric(float64(x.Status().Passages)/took.Seconds(), "passages/s")
		b.ReportMetric(float64(peak())/(1<<20), "peak-MB")
		if err := x.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// watchHeap watches how much memory is in use until the function it returns is
// called, which returns the most.
func watchHeap() func() uint64 {
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		peak := uint64(0)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
			select {
			case <-stop:
				most <- peak
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(stop); return <-most }
}

// TestMade holds that the made corpus reads as articles of whole paragraphs.
func TestMade(t *testing.T) {
	m := made{articles: 3}
	r, err := buildInMemory(context.Background(), m, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	if r.manifest.Articles != 3 || r.manifest.Passages != 3*perArticle {
		t.Errorf("%d articles, %d passages: %+v", r.manifest.Articles, r.manifest.Passages, r.manifest.Files)
	}
	if !bytes.Equal([]byte(m.text(1)), []byte(m.text(1))) {
		t.Error("an article is made in two ways")
	}
}
