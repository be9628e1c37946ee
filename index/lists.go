package index

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"slices"
	"sort"
)

// Lists are a segment's postings once more, packed so that they are read ten
// times faster than from Bleve. They are made from a segment of Bleve's index,
// which never changes, and can be made again from it at any time. What few
// documents hold is left to Bleve.
//
// The file: magic; the lists, by term; of every document the passage as uint32 and
// the length as uint16; a hash table of the terms that have lists; all terms, each
// with its length before it; a footer with counts, offsets and magic. A list:
// the term with its length before it; a directory of its blocks, with the first
// document and the offset of each, and the end; the blocks. A block: how many
// bits a gap and a frequency take, the gaps between its documents less one, the
// frequencies less one, each with as many bits as the largest of the block needs
// (frame of reference; Goldstein, Ramakrishnan and Shaft, 1998). All numbers are
// little endian.
const (
	listsMagic  = "ORLISTS1"
	listsFooter = 32
	blockSize   = 128 // postings of a block
	slotSize    = 16
	leastListed = 16 // documents that hold a term that has a list
)

// posting is a document that holds a term: its internal number, how often, and
// its length in terms.
type posting struct {
	doc        uint32
	tf, length uint16
}

// listsWriter writes the lists of a segment.
type listsWriter struct {
	w        *bufio.Writer
	at       uint64
	passages []uint32 // by document
	lengths  []uint16
	slots    []listSlot
	terms    []byte
	buf      []byte
}

// listSlot is an entry of the hash table.
type listSlot struct {
	hash uint32
	held uint32 // documents that hold the term; 0 in an empty slot
	at   uint64
}

// newListsWriter starts the lists of a segment, of which each document is a passage.
func newListsWriter(w io.Writer, passages []uint32) (*listsWriter, error) {
	l := &listsWriter{w: bufio.NewWriterSize(w, 1<<16), passages: passages, lengths: make([]uint16, len(passages))}
	return l, l.write([]byte(listsMagic))
}

func (l *listsWriter) write(b []byte) error {
	l.at += uint64(len(b))
	_, err := l.w.Write(b)
	return err
}

// add takes all postings of a term, in the order of their documents.
func (l *listsWriter) add(term string, list []posting) error {
	for _, p := range list {
		l.lengths[p.doc] = p.length
	}
	l.terms = binary.AppendUvarint(l.terms, uint64(len(term)))
	l.terms = append(l.terms, term...)
	if len(list) < leastListed || len(term) > mostTerm {
		return nil
	}
	l.slots = append(l.slots, listSlot{hashOf(term), uint32(len(list)), l.at})
	head := listHead(term, len(list))
	b := binary.LittleEndian.AppendUint16(l.buf[:0], uint16(len(term)))
	b = append(b, term...)
	b = append(b, make([]byte, head-len(b))...)
	directory := b[head-directorySize(len(list)):]
	for n := 0; n*blockSize < len(list); n++ {
		block := list[n*blockSize : min(len(list), (n+1)*blockSize)]
		binary.LittleEndian.PutUint32(directory[8*n:], block[0].doc)
		binary.LittleEndian.PutUint32(directory[8*n+4:], uint32(len(b)-head))
		b = appendBlock(b, block)
		directory = b[head-directorySize(len(list)):]
	}
	binary.LittleEndian.PutUint32(directory[8*blocksOf(len(list))+4:], uint32(len(b)-head))
	l.buf = b
	return l.write(b)
}

// mostTerm is the length of the longest term that gets a list, in bytes.
const mostTerm = 1 << 10

func blocksOf(postings int) int      { return (postings + blockSize - 1) / blockSize }
func directorySize(postings int) int { return 8 * (blocksOf(postings) + 1) }

// listHead is how many bytes a list has before its blocks.
func listHead(term string, postings int) int { return 2 + len(term) + directorySize(postings) }

// hashOf is FNV-1a.
func hashOf(term string) uint32 {
	h := uint32(2166136261)
	for i := range len(term) {
		h = (h ^ uint32(term[i])) * 16777619
	}
	return h
}

func appendBlock(b []byte, block []posting) []byte {
	gaps, tfs := uint32(0), uint32(0) // all of them, or-ed
	for i, p := range block {
		tfs |= uint32(p.tf - 1)
		if i > 0 {
			gaps |= p.doc - block[i-1].doc - 1
		}
	}
	w := packer{b: append(b, byte(bits.Len32(gaps)), byte(bits.Len32(tfs)))}
	for i := 1; i < len(block); i++ {
		w.put(block[i].doc-block[i-1].doc-1, bits.Len32(gaps))
	}
	w.flush()
	for _, p := range block {
		w.put(uint32(p.tf-1), bits.Len32(tfs))
	}
	w.flush()
	return w.b
}

// packer appends numbers of so many bits.
type packer struct {
	b    []byte
	word uint64
	used int // bits of word
}

func (p *packer) put(n uint32, width int) {
	p.word |= uint64(n) << p.used
	for p.used += width; p.used >= 8; p.used -= 8 {
		p.b = append(p.b, byte(p.word))
		p.word >>= 8
	}
}

func (p *packer) flush() {
	if p.used > 0 {
		p.b = append(p.b, byte(p.word))
	}
	p.word, p.used = 0, 0
}

// close writes the tables and the footer.
func (l *listsWriter) close() error {
	var foot [listsFooter]byte
	size := 1
	for size < len(l.slots)*3/2 {
		size *= 2
	}
	binary.LittleEndian.PutUint32(foot[0:], uint32(len(l.lengths)))
	binary.LittleEndian.PutUint32(foot[4:], uint32(size))
	binary.LittleEndian.PutUint64(foot[8:], l.at)
	binary.LittleEndian.PutUint64(foot[16:], uint64(len(l.terms)))
	copy(foot[24:], listsMagic)
	for _, n := range l.passages {
		if err := l.write(binary.LittleEndian.AppendUint32(l.buf[:0], n)); err != nil {
			return err
		}
	}
	for _, n := range l.lengths {
		if err := l.write(binary.LittleEndian.AppendUint16(l.buf[:0], n)); err != nil {
			return err
		}
	}
	table := make([]listSlot, size)
	for _, s := range l.slots {
		i := int(s.hash) & (size - 1)
		for table[i].held != 0 {
			i = (i + 1) & (size - 1)
		}
		table[i] = s
	}
	for _, s := range table {
		b := binary.LittleEndian.AppendUint32(l.buf[:0], s.hash)
		b = binary.LittleEndian.AppendUint32(b, s.held)
		if err := l.write(binary.LittleEndian.AppendUint64(b, s.at)); err != nil {
			return err
		}
	}
	if err := errors.Join(l.write(l.terms), l.write(foot[:])); err != nil {
		return err
	}
	return l.w.Flush()
}

// lists reads what a listsWriter wrote. It is safe for concurrent use.
type lists struct {
	r       io.ReaderAt
	size    uint32 // slots of the table
	table   int64  // its offset
	numbers int64  // the offset of the passages
	words   int64  // bytes of all terms, which are behind the table
	lengths []uint16
	first   int      // internal number of the segment's first document
	gone    []uint64 // a bit for each document that was taken out; nil where none was
}

// openLists opens the lists of a segment with so many documents, in size bytes.
func openLists(r io.ReaderAt, size int64, docs int) (*lists, error) {
	foot := make([]byte, listsFooter)
	if size < listsFooter {
		return nil, fmt.Errorf("lists: %w: %d bytes are too few", errDamaged, size)
	}
	if _, err := r.ReadAt(foot, size-listsFooter); err != nil {
		return nil, fmt.Errorf("lists: %w", err)
	}
	l := &lists{r: r, size: binary.LittleEndian.Uint32(foot[4:])}
	l.numbers, l.words = int64(binary.LittleEndian.Uint64(foot[8:])), int64(binary.LittleEndian.Uint64(foot[16:]))
	lengths := l.numbers + 4*int64(docs)
	l.table = lengths + 2*int64(docs)
	if string(foot[24:]) != listsMagic || int(binary.LittleEndian.Uint32(foot)) != docs || l.size&(l.size-1) != 0 ||
		l.numbers < 0 || l.words < 0 || l.table+slotSize*int64(l.size)+l.words+listsFooter != size {
		return nil, fmt.Errorf("lists: %w footer", errDamaged)
	}
	b := make([]byte, 2*docs)
	if _, err := r.ReadAt(b, lengths); err != nil {
		return nil, fmt.Errorf("lists: %w", err)
	}
	l.lengths = make([]uint16, docs)
	for i := range l.lengths {
		l.lengths[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return l, nil
}

// passage returns the number of the passage that a document is.
func (l *lists) passage(doc int) (int, error) {
	var b [4]byte
	if _, err := l.r.ReadAt(b[:], l.numbers+4*int64(doc-l.first)); err != nil {
		return 0, fmt.Errorf("lists: %w", err)
	}
	return int(binary.LittleEndian.Uint32(b[:])), nil
}

// eachTerm calls visit for every term of the segment, in order.
func (l *lists) eachTerm(visit func(term string)) error {
	r := bufio.NewReaderSize(io.NewSectionReader(l.r, l.table+slotSize*int64(l.size), l.words), 1<<16)
	for {
		n, err := binary.ReadUvarint(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && n > uint64(l.words) {
			err = errDamaged
		}
		if err != nil {
			return fmt.Errorf("lists: %w", err)
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(r, b); err != nil {
			return fmt.Errorf("lists: %w", err)
		}
		visit(string(b))
	}
}

// termList is where the postings of a term are.
type termList struct {
	term string
	held int // documents that hold it
	at   uint64
}

// find returns the list of a term. It reports false for one that has none.
func (l *lists) find(term string) (termList, bool, error) {
	const together = 4 // slots read at once
	hash := hashOf(term)
	at := hash & (l.size - 1)
	for left := int(l.size); left > 0; {
		var b [together * slotSize]byte
		n := min(together, l.size-at)
		if _, err := l.r.ReadAt(b[:n*slotSize], l.table+slotSize*int64(at)); err != nil {
			return termList{}, false, fmt.Errorf("lists: %w", err)
		}
		for k := range n {
			s := b[k*slotSize:]
			found := termList{term, int(binary.LittleEndian.Uint32(s[4:])), binary.LittleEndian.Uint64(s[8:])}
			if found.held == 0 {
				return termList{}, false, nil
			}
			if binary.LittleEndian.Uint32(s) != hash {
				continue
			}
			if found.held > len(l.lengths) {
				return termList{}, false, fmt.Errorf("lists: %w table", errDamaged)
			}
			if same, err := l.isOf(found); same || err != nil {
				return found, same, err
			}
		}
		at = (at + n) & (l.size - 1)
		left -= int(n)
	}
	return termList{}, false, fmt.Errorf("lists: %w table", errDamaged)
}

// isOf reports whether a list is that of its term: others share its hash.
func (l *lists) isOf(of termList) (bool, error) {
	b := make([]byte, 2+len(of.term))
	if _, err := l.r.ReadAt(b, int64(of.at)); err != nil {
		return false, fmt.Errorf("lists: %w", err)
	}
	return int(binary.LittleEndian.Uint16(b)) == len(of.term) && string(b[2:]) == of.term, nil
}

// blockReader reads blocks of lists. It is used again, by one goroutine at a time.
type blockReader struct {
	head, raw []byte
	batch     [blockSize]posting
}

// padding is how many bytes behind a block may be read with it.
const padding = 8

// read calls visit for the postings of a list, block by block, of documents from
// one number on and below another; where docs is not nil, only for those among
// them, which are in order. What visit gets is good until it returns.
func (b *blockReader) read(l *lists, of termList, from, to int, docs []int, visit func([]posting)) error {
	blocks := blocksOf(of.held)
	b.head = grown(b.head, directorySize(of.held))
	if _, err := l.r.ReadAt(b.head, int64(of.at)+2+int64(len(of.term))); err != nil {
		return fmt.Errorf("lists: %w", err)
	}
	first := func(n int) int { return l.first + int(binary.LittleEndian.Uint32(b.head[8*n:])) }
	offset := func(n int) int { return int(binary.LittleEndian.Uint32(b.head[8*n+4:])) }
	low := max(0, sort.Search(blocks, func(n int) bool { return first(n) > from })-1)
	high := sort.Search(blocks, func(n int) bool { return first(n) >= to })
	if low >= high {
		return nil
	}
	start, size := offset(low), offset(high)-offset(low)
	if size < 0 || size > (high-low)*mostBlock {
		return fmt.Errorf("lists: %w directory", errDamaged)
	}
	b.raw = grown(b.raw, size+padding)
	if _, err := l.r.ReadAt(b.raw[:size], int64(of.at)+int64(listHead(of.term, of.held)+start)); err != nil {
		return fmt.Errorf("lists: %w", err)
	}
	for n := low; n < high; n++ {
		if docs != nil {
			docs = docs[seek(docs, first(n)):]
			if len(docs) == 0 {
				return nil
			}
			if n+1 < blocks && docs[0] >= first(n+1) {
				continue
			}
		}
		at := offset(n) - start
		if at < 0 || at > size {
			return fmt.Errorf("lists: %w directory", errDamaged)
		}
		batch := b.batch[:min(blockSize, of.held-n*blockSize)]
		if err := l.decode(b.raw[at:], uint32(first(n)-l.first), batch); err != nil {
			return err
		}
		if int(batch[0].doc) < from || int(batch[len(batch)-1].doc) >= to || l.gone != nil {
			batch = slices.DeleteFunc(batch, func(p posting) bool { return int(p.doc) < from || int(p.doc) >= to || l.isGone(p.doc) })
		}
		if docs != nil {
			batch = among(batch, docs)
		}
		visit(batch)
	}
	return nil
}

// mostBlock bounds the bytes of a block.
const mostBlock = 2 + blockSize*(4+2)

// grown returns b with n bytes of room.
func grown(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n+n/4)[:n]
	}
	return b[:n]
}

// seek returns the place of the first of docs that is not below doc.
func seek(docs []int, doc int) int {
	step := 1
	for step < len(docs) && docs[step] < doc {
		step *= 2
	}
	at, _ := slices.BinarySearch(docs[:min(step+1, len(docs))], doc)
	return at
}

// among keeps the postings of docs; both are in order.
func among(batch []posting, docs []int) []posting {
	kept := batch[:0]
	for _, p := range batch {
		for len(docs) > 0 && docs[0] < int(p.doc) {
			docs = docs[1:]
		}
		if len(docs) > 0 && docs[0] == int(p.doc) {
			kept = append(kept, p)
		}
	}
	return kept
}

// decode reads a block whose first document is given. Behind it are at least
// padding bytes.
func (l *lists) decode(b []byte, first uint32, out []posting) error {
	if len(b) < 2+padding {
		return fmt.Errorf("lists: %w block", errDamaged)
	}
	gapBits, tfBits := int(b[0]), int(b[1])
	gapBytes, tfBytes := (gapBits*(len(out)-1)+7)/8, (tfBits*len(out)+7)/8
	if gapBits > 32 || tfBits > 16 || len(b) < 2+gapBytes+tfBytes+padding {
		return fmt.Errorf("lists: %w block", errDamaged)
	}
	packed, mask, doc, at := b[2:], uint64(1)<<gapBits-1, uint64(first), 0
	out[0].doc = first
	for i := 1; i < len(out); i++ {
		doc += binary.LittleEndian.Uint64(packed[at>>3:])>>(at&7)&mask + 1
		out[i].doc = uint32(doc)
		at += gapBits
	}
	if doc >= uint64(len(l.lengths)) {
		return fmt.Errorf("lists: %w block", errDamaged)
	}
	packed, mask, at = b[2+gapBytes:], uint64(1)<<tfBits-1, 0
	for i := range out {
		p := &out[i]
		p.tf = uint16(binary.LittleEndian.Uint64(packed[at>>3:])>>(at&7)&mask) + 1
		p.length = l.lengths[p.doc]
		p.doc += uint32(l.first)
		at += tfBits
	}
	return nil
}

// end is behind the internal numbers of the segment.
func (l *lists) end() int { return l.first + len(l.lengths) }

// whole reports whether the segment is all of an index that ends there, and
// nothing was taken out.
func (l *lists) whole(end int) bool { return l.first == 0 && l.end() == end && l.gone == nil }

// isGone reports whether a document was taken out.
func (l *lists) isGone(doc uint32) bool {
	n := doc - uint32(l.first)
	return l.gone != nil && l.gone[n/64]>>(n%64)&1 != 0
}
