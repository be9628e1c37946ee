package index

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"sync"

	"onrecord/corpus"
)

// The text store keeps what Bleve does not: the passages as read, and the
// articles they belong to. It is one file for each time that articles came:
//
//	magic · records · offsets of the passages · offsets of the articles · footer
//
// A record is its length and CRC-32C, four bytes each, and its bytes. Numbers
// are little-endian. A passage is known by its number: the order in which it
// was written. Records are checked whenever they are read, so that a damaged
// store gives an error and never a wrong quote.
const (
	storeMagic  = "onrecord store 2\n"
	footerSize  = 8 * 4
	mostPerItem = corpus.MaxFileSize * 2
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errDamaged says that what is on disk is not what was written.
var errDamaged = errors.New("damaged")

// passage is what is indexed and quoted: one paragraph of an article, or a
// stretch of a paragraph that is very long. Its spans count from its own start.
type passage struct {
	article    int // its number in the store
	paragraph  int // its index in the article
	base       int // byte offset in the paragraph
	text       string
	kind       corpus.Kind
	heading    string
	time       string
	sentences  []corpus.Span
	statements []statement
	reportedBy []corpus.Source
}

// statement is a corpus statement of one passage.
type statement struct {
	corpus.Span
	speaker, role string
	direct        bool
}

// articleMeta is an article without its paragraphs.
type articleMeta struct {
	ID        string `json:"id"`
	Title     string `json:"title,omitempty"`
	Author    string `json:"author,omitempty"`
	Publisher string `json:"publisher,omitempty"`
	Published string `json:"published,omitempty"`
	URL       string `json:"url,omitempty"`
	Language  string `json:"language,omitempty"`
	First     int    `json:"first"` // number of its first passage
	Count     int    `json:"count"` // of its passages
}

// storeWriter writes a store. The first error sticks and is returned by close.
type storeWriter struct {
	w                          *bufio.Writer
	at                         uint64
	passages, articles         []uint64
	firstPassage, firstArticle int // numbers of the first ones of this part
	err                        error
}

// newStoreWriter starts a part of a store; what it holds is numbered from
// firstPassage and firstArticle on.
func newStoreWriter(w io.Writer, firstPassage, firstArticle int) *storeWriter {
	s := &storeWriter{w: bufio.NewWriterSize(w, 1<<16), firstPassage: firstPassage, firstArticle: firstArticle}
	s.write([]byte(storeMagic))
	return s
}

// nextPassage and nextArticle are the numbers that the next ones get.
func (s *storeWriter) nextPassage() int { return s.firstPassage + len(s.passages) }
func (s *storeWriter) nextArticle() int { return s.firstArticle + len(s.articles) }

func (s *storeWriter) write(b []byte) {
	if s.err == nil {
		_, s.err = s.w.Write(b)
		s.at += uint64(len(b))
	}
}

func (s *storeWriter) record(b []byte) uint64 {
	at := s.at
	var head [8]byte
	binary.LittleEndian.PutUint32(head[:4], uint32(len(b)))
	binary.LittleEndian.PutUint32(head[4:], crc32.Checksum(b, castagnoli))
	s.write(head[:])
	s.write(b)
	return at
}

// add writes an article and its passages, in order, and returns the passages.
// Those of paragraphs that an earlier article has are left out.
func (s *storeWriter) add(a *corpus.Article, elsewhere []int) []passage {
	meta := articleMeta{
		ID: a.ID, Title: a.Title, Author: a.Author, Publisher: a.Publisher, Published: a.Published,
		URL: a.URL, Language: a.Language, First: s.nextPassage(),
	}
	passages := slices.DeleteFunc(passagesOf(a, s.nextArticle()), func(p passage) bool {
		return p.paragraph < len(elsewhere) && elsewhere[p.paragraph] >= 0
	})
	meta.Count = len(passages)
	for _, p := range passages {
		s.passages = append(s.passages, s.record(p.encode()))
	}
	b, err := json.Marshal(meta)
	if err != nil && s.err == nil {
		s.err = err
	}
	s.articles = append(s.articles, s.record(b))
	return passages
}

// join adds all that a part holds, as it is there.
func (s *storeWriter) join(p *storePart) error {
	for i := range p.passageCount + p.articleCount {
		b, err := p.read(i)
		if err != nil {
			return err
		}
		if at := s.record(b); i < p.passageCount {
			s.passages = append(s.passages, at)
		} else {
			s.articles = append(s.articles, at)
		}
	}
	return s.err
}

// close writes the tables and the footer.
func (s *storeWriter) close() error {
	tables := s.at
	crc := crc32.New(castagnoli)
	for _, table := range [][]uint64{s.passages, s.articles} {
		b := make([]byte, 8*len(table))
		for i, at := range table {
			binary.LittleEndian.PutUint64(b[8*i:], at)
		}
		_, _ = crc.Write(b)
		s.write(b)
	}
	var foot [footerSize]byte
	binary.LittleEndian.PutUint64(foot[0:], tables)
	binary.LittleEndian.PutUint64(foot[8:], uint64(len(s.passages)))
	binary.LittleEndian.PutUint64(foot[16:], uint64(len(s.articles)))
	binary.LittleEndian.PutUint32(foot[24:], crc.Sum32())
	binary.LittleEndian.PutUint32(foot[28:], crc32.Checksum(foot[:28], castagnoli))
	s.write(foot[:])
	if s.err != nil {
		return s.err
	}
	return s.w.Flush()
}

// mostInPassage is how many sentences a passage has at most.
const mostInPassage = 40

// passagesOf turns an article into its passages, with the statements that lie
// in them.
func passagesOf(a *corpus.Article, number int) []passage {
	out := make([]passage, 0, len(a.Paragraphs))
	statements := a.Statements
	for i, p := range a.Paragraphs {
		n := 0
		for n < len(statements) && statements[n].Paragraph == i {
			n++
		}
		out = append(out, stretches(p, i, number, statements[:n])...)
		statements = statements[n:]
	}
	return out
}

// stretches cuts a paragraph into passages.
func stretches(p corpus.Paragraph, index, article int, statements []corpus.Statement) []passage {
	var out []passage
	for rest := p.Sentences; len(rest) > 0; {
		n := min(mostInPassage, len(rest))
		whole := corpus.Span{Start: rest[0].Start, End: rest[n-1].End}
		out = append(out, stretch(p, index, article, whole, rest[:n], statements))
		rest = rest[n:]
	}
	return out
}

// stretch is the passage of the sentences that make up whole.
func stretch(p corpus.Paragraph, index, article int, whole corpus.Span, sentences []corpus.Span, statements []corpus.Statement) passage {
	out := passage{
		article: article, paragraph: index, base: whole.Start, text: p.Text[whole.Start:whole.End], kind: p.Kind, heading: p.Heading,
		time: p.Time, reportedBy: p.ReportedBy, sentences: make([]corpus.Span, len(sentences)),
	}
	for i, s := range sentences {
		out.sentences[i] = corpus.Span{Start: s.Start - whole.Start, End: s.End - whole.Start}
	}
	for _, s := range statements {
		if s.Start < whole.End && s.End > whole.Start {
			span := corpus.Span{Start: max(s.Start, whole.Start) - whole.Start, End: min(s.End, whole.End) - whole.Start}
			out.statements = append(out.statements, statement{span, s.Speaker, s.Role, s.Direct})
		}
	}
	return out
}

// store reads what storeWriters wrote: a part for each time that articles came.
// It is safe for concurrent use.
type store struct {
	parts []*storePart

	metasMu sync.RWMutex
	metas   map[int]articleMeta // those read lately
}

// mostMetas is how many articles without their paragraphs are kept.
const mostMetas = 4096

// storePart is one file of a store.
type storePart struct {
	r                          io.ReaderAt
	tables                     int64
	passageCount, articleCount int
	firstPassage, firstArticle int
}

// add adds the next part, of size bytes.
func (s *store) add(r io.ReaderAt, size int64) error {
	p, err := openPart(r, size)
	if err != nil {
		return err
	}
	p.firstPassage, p.firstArticle = s.passages(), s.articles()
	s.parts = append(s.parts, p)
	return nil
}

// passages and articles are how many the store holds, those that were taken
// out of the record since included.
func (s *store) passages() int {
	n := 0
	for _, p := range s.parts {
		n += p.passageCount
	}
	return n
}

func (s *store) articles() int {
	n := 0
	for _, p := range s.parts {
		n += p.articleCount
	}
	return n
}

// passage returns passage i.
func (s *store) passage(i int) (*passage, error) {
	p, err := s.holding(i)
	if err != nil {
		return nil, err
	}
	return p.passage(i - p.firstPassage)
}

// withBefore returns passage i and the one before it in its part, nil for the
// first. Both are read at once: they are neighbours.
func (s *store) withBefore(i int) (p, before *passage, err error) {
	part, err := s.holding(i)
	if err != nil {
		return nil, nil, err
	}
	return part.withBefore(i - part.firstPassage)
}

// holding returns the part with passage i.
func (s *store) holding(i int) (*storePart, error) {
	for k := len(s.parts) - 1; k >= 0; k-- {
		if p := s.parts[k]; i >= p.firstPassage && i < p.firstPassage+p.passageCount {
			return p, nil
		}
	}
	return nil, fmt.Errorf("text store: no passage %d", i)
}

// article returns article i.
func (s *store) article(i int) (articleMeta, error) {
	s.metasMu.RLock()
	meta, ok := s.metas[i]
	s.metasMu.RUnlock()
	if ok {
		return meta, nil
	}
	for k := len(s.parts) - 1; k >= 0; k-- {
		if p := s.parts[k]; i >= p.firstArticle && i < p.firstArticle+p.articleCount {
			meta, err := p.article(i - p.firstArticle)
			if err == nil {
				s.keep(i, meta)
			}
			return meta, err
		}
	}
	return articleMeta{}, fmt.Errorf("text store: no article %d", i)
}

func (s *store) keep(i int, meta articleMeta) {
	s.metasMu.Lock()
	defer s.metasMu.Unlock()
	if s.metas == nil || len(s.metas) >= mostMetas {
		s.metas = make(map[int]articleMeta)
	}
	s.metas[i] = meta
}

func openPart(r io.ReaderAt, size int64) (*storePart, error) {
	magic, foot := make([]byte, len(storeMagic)), make([]byte, footerSize)
	if size < int64(len(magic)+len(foot)) {
		return nil, fmt.Errorf("text store: %w: %d bytes are too few", errDamaged, size)
	}
	if _, err := r.ReadAt(magic, 0); err != nil {
		return nil, fmt.Errorf("text store: %w", err)
	}
	if _, err := r.ReadAt(foot, size-footerSize); err != nil {
		return nil, fmt.Errorf("text store: %w", err)
	}
	if string(magic) != storeMagic || crc32.Checksum(foot[:28], castagnoli) != binary.LittleEndian.Uint32(foot[28:]) {
		return nil, fmt.Errorf("text store: %w head or foot", errDamaged)
	}
	s := &storePart{
		r: r, tables: int64(binary.LittleEndian.Uint64(foot[0:])),
		passageCount: int(binary.LittleEndian.Uint64(foot[8:])), articleCount: int(binary.LittleEndian.Uint64(foot[16:])),
	}
	want := s.tables + 8*int64(s.passageCount+s.articleCount) + footerSize
	if want != size {
		return nil, fmt.Errorf("text store: %w: %d bytes, want %d", errDamaged, size, want)
	}
	return s, nil
}

// verify reads the whole part and checks every record and table.
func (s *storePart) verify() error {
	table := make([]byte, 8*(s.passageCount+s.articleCount))
	foot := make([]byte, footerSize)
	if _, err := s.r.ReadAt(table, s.tables); err != nil {
		return fmt.Errorf("text store: %w", err)
	}
	if _, err := s.r.ReadAt(foot, s.tables+int64(len(table))); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("text store: %w", err)
	}
	if crc32.Checksum(table, castagnoli) != binary.LittleEndian.Uint32(foot[24:]) {
		return fmt.Errorf("text store: %w table", errDamaged)
	}
	for i := range s.passageCount {
		if _, err := s.passage(i); err != nil {
			return err
		}
	}
	for i := range s.articleCount {
		if _, err := s.article(i); err != nil {
			return err
		}
	}
	return nil
}

// read returns the record that entry i of the tables points to.
func (s *storePart) read(i int) ([]byte, error) {
	var b [8]byte
	if _, err := s.r.ReadAt(b[:], s.tables+8*int64(i)); err != nil {
		return nil, fmt.Errorf("text store: %w", err)
	}
	at := binary.LittleEndian.Uint64(b[:])
	out, _, err := s.readAt(at, at+usualRecord)
	return out, err
}

// usualRecord is how many bytes most records take.
const usualRecord = 1024

// readAt returns the record at an offset, and what was read behind it up to
// another offset.
func (s *storePart) readAt(at, until uint64) (record, rest []byte, err error) {
	const head = 8
	if at+head > uint64(s.tables) || until < at {
		return nil, nil, fmt.Errorf("text store: %w offset", errDamaged)
	}
	b := make([]byte, max(head, min(until, uint64(s.tables))-at))
	if _, err := s.r.ReadAt(b, int64(at)); err != nil {
		return nil, nil, fmt.Errorf("text store: %w", err)
	}
	size := uint64(binary.LittleEndian.Uint32(b[:4]))
	if size > mostPerItem || at+head+size > uint64(s.tables) {
		return nil, nil, fmt.Errorf("text store: %w length", errDamaged)
	}
	sum := binary.LittleEndian.Uint32(b[4:])
	if head+size > uint64(len(b)) {
		b = append(b, make([]byte, head+size-uint64(len(b)))...)
		if _, err := s.r.ReadAt(b[head:], int64(at)+head); err != nil {
			return nil, nil, fmt.Errorf("text store: %w", err)
		}
	}
	record, rest = b[head:head+size], b[head+size:]
	if crc32.Checksum(record, castagnoli) != sum {
		return nil, nil, fmt.Errorf("text store: %w record", errDamaged)
	}
	return record, rest, nil
}

// withBefore returns passage i of the part and the one before it.
func (s *storePart) withBefore(i int) (p, before *passage, err error) {
	if i == 0 {
		p, err = s.passage(i)
		return p, nil, err
	}
	if i < 0 || i >= s.passageCount {
		return nil, nil, fmt.Errorf("text store: no passage %d", i)
	}
	var b [16]byte
	if _, err := s.r.ReadAt(b[:], s.tables+8*int64(i-1)); err != nil {
		return nil, nil, fmt.Errorf("text store: %w", err)
	}
	first, second := binary.LittleEndian.Uint64(b[:8]), binary.LittleEndian.Uint64(b[8:])
	if second < first || second-first > mostPerItem {
		return nil, nil, fmt.Errorf("text store: %w offset", errDamaged)
	}
	one, rest, err := s.readAt(first, second+usualRecord)
	if err != nil {
		return nil, nil, err
	}
	if before, err = decodePassage(one); err != nil {
		return nil, nil, err
	}
	if first+8+uint64(len(one)) != second || len(rest) < 8 || len(rest) < 8+int(binary.LittleEndian.Uint32(rest)) {
		p, err = s.passage(i) // an article's head lies between, or it is long
		return p, before, err
	}
	size := int(binary.LittleEndian.Uint32(rest))
	if crc32.Checksum(rest[8:8+size], castagnoli) != binary.LittleEndian.Uint32(rest[4:]) {
		return nil, nil, fmt.Errorf("text store: %w record", errDamaged)
	}
	p, err = decodePassage(rest[8 : 8+size])
	return p, before, err
}

// passage returns passage i of the part.
func (s *storePart) passage(i int) (*passage, error) {
	if i < 0 || i >= s.passageCount {
		return nil, fmt.Errorf("text store: no passage %d", i)
	}
	b, err := s.read(i)
	if err != nil {
		return nil, err
	}
	return decodePassage(b)
}

// article returns article i of the part.
func (s *storePart) article(i int) (articleMeta, error) {
	var meta articleMeta
	if i < 0 || i >= s.articleCount {
		return meta, fmt.Errorf("text store: no article %d", i)
	}
	b, err := s.read(s.passageCount + i)
	if err != nil {
		return meta, err
	}
	if err := json.Unmarshal(b, &meta); err != nil {
		return meta, fmt.Errorf("text store: %w article: %w", errDamaged, err)
	}
	return meta, nil
}

// encode writes a passage: numbers as varints, strings with their length.
func (p *passage) encode() []byte {
	b := make([]byte, 0, len(p.text)+64)
	number := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	str := func(s string) { number(len(s)); b = append(b, s...) }
	number(p.article)
	number(p.paragraph)
	number(p.base)
	str(p.text)
	str(string(p.kind))
	str(p.heading)
	str(p.time)
	number(len(p.sentences))
	for _, s := range p.sentences {
		number(s.Start)
		number(s.End)
	}
	number(len(p.statements))
	for _, s := range p.statements {
		number(s.Start)
		number(s.End)
		str(s.speaker)
		str(s.role)
		direct := 0
		if s.direct {
			direct = 1
		}
		number(direct)
	}
	number(len(p.reportedBy))
	for _, r := range p.reportedBy {
		str(r.Publisher)
		str(r.Title)
		str(r.Published)
		str(r.URL)
	}
	return b
}

// decoder reads what encode wrote; after a fault all it reads is zero.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) number() int {
	n, size := binary.Uvarint(d.b)
	if size <= 0 || n > mostPerItem {
		d.b, d.bad = nil, true
		return 0
	}
	d.b = d.b[size:]
	return int(n)
}

func (d *decoder) str() string {
	n := d.number()
	if n > len(d.b) {
		d.b, d.bad = nil, true
		return ""
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

// count reads the length of a list, of which each entry takes a byte at least.
func (d *decoder) count() int {
	n := d.number()
	if n > len(d.b) {
		d.b, d.bad = nil, true
		return 0
	}
	return n
}

func decodePassage(b []byte) (*passage, error) {
	d := decoder{b: b}
	p := &passage{article: d.number(), paragraph: d.number(), base: d.number(), text: d.str(), kind: corpus.Kind(d.str()), heading: d.str(), time: d.str()}
	p.sentences = make([]corpus.Span, d.count())
	for i := range p.sentences {
		p.sentences[i] = corpus.Span{Start: d.number(), End: d.number()}
	}
	p.statements = make([]statement, d.count())
	for i := range p.statements {
		p.statements[i] = statement{Span: corpus.Span{Start: d.number(), End: d.number()}, speaker: d.str(), role: d.str(), direct: d.number() == 1}
	}
	p.reportedBy = make([]corpus.Source, d.count())
	for i := range p.reportedBy {
		p.reportedBy[i] = corpus.Source{Publisher: d.str(), Title: d.str(), Published: d.str(), URL: d.str()}
	}
	for _, s := range p.sentences {
		d.bad = d.bad || s.Start > s.End || s.End > len(p.text)
	}
	for _, s := range p.statements {
		d.bad = d.bad || s.Start > s.End || s.End > len(p.text)
	}
	if d.bad || len(d.b) != 0 {
		return nil, fmt.Errorf("text store: %w passage", errDamaged)
	}
	return p, nil
}
