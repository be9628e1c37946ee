package corpus

import (
	"fmt"
	"hash/fnv"
	"slices"
	"unicode"
)

// What makes two articles copies of each other.
const (
	sketchSize    = 10 // sentences by which an article is known
	leastSentence = 40 // bytes of a sentence that tells texts apart
	sameText      = .6 // share of the smaller sketch that both must have
	leastShared   = 2  // sentences that both must have
)

// Copies recognises an article that is there already: copied, syndicated or
// edited. An article is known by the sentences with the smallest hashes, as in
// Broder's "On the resemblance and containment of documents" (1997); copies
// share most of those. It takes about half a
// kilobyte an article.
type Copies struct {
	holders map[uint64]int32 // sentence to the first article that has it
	known   []knownArticle
}

type knownArticle struct {
	id         string
	sentences  int
	paragraphs []uint32 // hashes
}

// Copy is an article that is there already.
type Copy struct {
	Of     int     // the number of the earlier article, in the order in which they came
	ID     string  // its ID
	Share  float64 // of the telling sentences that both have, 0 to 1
	Shared []int   // for each paragraph of the later article, the same one of the earlier, or -1
}

// String says so to the operator.
func (c Copy) String() string {
	return fmt.Sprintf("the same text as %s (%.0f %% of it): what both have is on record once, with both sources", c.ID, 100*c.Share)
}

// NewCopies returns a set of no articles.
func NewCopies() *Copies { return &Copies{holders: make(map[uint64]int32)} }

// Sketch is what an article is known by.
type Sketch struct {
	Sentences  []uint64 // the smallest hashes
	Paragraphs []uint32 // hashes, in order
}

// SketchOf returns the sketch of an article.
func SketchOf(a *Article) Sketch {
	s := Sketch{sketchOf(a), make([]uint32, len(a.Paragraphs))}
	for i, p := range a.Paragraphs {
		s.Paragraphs[i] = uint32(hashLetters(p.Text))
	}
	return s
}

// Skip takes the next article as one that nothing is a copy of.
func (c *Copies) Skip(id string) { c.known = append(c.known, knownArticle{id: id}) }

// Add takes the next article, and reports whether it is a copy of an earlier
// one that is none itself.
func (c *Copies) Add(a *Article) (Copy, bool) { return c.AddSketch(a.ID, SketchOf(a)) }

// AddSketch is Add for an article whose sketch is known.
func (c *Copies) AddSketch(id string, sketch Sketch) (Copy, bool) {
	shared := make(map[int32]int)
	for _, h := range sketch.Sentences {
		if n, ok := c.holders[h]; ok {
			shared[n]++
		}
	}
	best, most := int32(-1), 0
	for n, k := range shared {
		if k > most || k == most && n < best {
			best, most = n, k
		}
	}
	if best >= 0 {
		e := c.known[best]
		if share := float64(most) / float64(min(len(sketch.Sentences), e.sentences)); most >= leastShared && share >= sameText {
			c.Skip(id)
			copied := Copy{Of: int(best), ID: e.id, Share: share, Shared: make([]int, len(sketch.Paragraphs))}
			for i, h := range sketch.Paragraphs {
				copied.Shared[i] = slices.Index(e.paragraphs, h)
			}
			return copied, true
		}
	}
	c.Restore(id, sketch)
	return Copy{}, false
}

// Restore takes the next article as one that is known to be no copy.
func (c *Copies) Restore(id string, sketch Sketch) {
	for _, h := range sketch.Sentences {
		if _, ok := c.holders[h]; !ok {
			c.holders[h] = int32(len(c.known))
		}
	}
	c.known = append(c.known, knownArticle{id, len(sketch.Sentences), sketch.Paragraphs})
}

// sketchOf returns the smallest hashes of an article's sentences.
func sketchOf(a *Article) []uint64 {
	var all []uint64
	for _, p := range a.Paragraphs {
		for _, s := range p.Sentences {
			if s.End-s.Start >= leastSentence {
				all = append(all, hashLetters(p.Text[s.Start:s.End]))
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.Clone(all[:min(len(all), sketchSize)])
}

// hashLetters hashes the letters and digits of text, in lower case.
func hashLetters(text string) uint64 {
	h := fnv.New64a()
	var b [4]byte
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			r = unicode.ToLower(r)
			b = [4]byte{byte(r), byte(r >> 8), byte(r >> 16)}
			_, _ = h.Write(b[:])
		}
	}
	return h.Sum64()
}
