package index

import (
	"context"
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"
)

// vocabulary is every term of an index that may be meant by a word that the
// index lacks, with what rules most of them out without a closer look: a large
// record has hundreds of thousands of terms.
type vocabulary struct {
	text  []byte // all terms, one behind the other
	terms []knownTerm
}

// knownTerm is what is known of a term before it is read.
type knownTerm struct {
	grams    uint64 // maskOf its trigrams
	letters  uint64 // lettersOf it
	sound    uint32 // the letters of its skeleton, a bit each
	end      uint32 // of it in the text
	length   uint8  // in letters, as the next ones at most 255
	sounding uint8  // length of its skeleton
	first    uint8  // first byte of its skeleton
	cyrillic bool
}

// add adds a term. Numbers resemble no others and are left out.
func (v *vocabulary) add(term string) {
	first, _ := utf8.DecodeRuneInString(term)
	if unicode.IsDigit(first) || len(term) > mostTerm {
		return
	}
	sound := skeleton(term)
	t := knownTerm{
		grams: maskOf(gramsOf(term)), letters: lettersOf(term), sound: soundOf(sound),
		length: uint8(min(utf8.RuneCountInString(term), 255)), sounding: uint8(min(len(sound), 255)), cyrillic: unicode.Is(unicode.Cyrillic, first),
	}
	if sound != "" {
		t.first = sound[0]
	}
	v.text = append(v.text, term...)
	t.end = uint32(len(v.text))
	v.terms = append(v.terms, t)
}

// lettersOf folds which letters a word has, and which more than once, into 32
// bits each: an edit changes two letters at most.
func lettersOf(s string) uint64 {
	once, twice := uint32(0), uint32(0)
	for _, r := range s {
		bit := uint32(1) << (r & 31)
		twice |= once & bit
		once |= bit
	}
	return uint64(once) | uint64(twice)<<32
}

// soundOf is the set of the letters of a skeleton.
func soundOf(skeleton string) uint32 {
	set := uint32(0)
	for i := range len(skeleton) {
		set |= 1 << (skeleton[i] & 31)
	}
	return set
}

// vowels is the set of them.
var vowels = soundOf("aeiou")

// resembling returns the terms whose resemblance to a word is at least some
// value, the most alike first.
func (v *vocabulary) resembling(ctx context.Context, u *unseen, least float64) []alternative {
	var found []alternative
	start := uint32(0)
	for i := range v.terms {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil // the question is given up
		}
		t := &v.terms[i]
		from := start
		start = t.end
		if !u.mayResemble(t) {
			continue
		}
		term := string(v.text[from:t.end])
		if sim := resemblance(u, term); sim >= least && term != u.term {
			found = append(found, alternative{term, sim})
		}
	}
	slices.SortFunc(found, byWeight)
	return slices.Compact(found)
}

// mayResemble rules out terms whose resemblance to u is below leastDice, by the
// rules of resemblance, softMatch and skeletonMatch.
func (u *unseen) mayResemble(t *knownTerm) bool {
	same := t.cyrillic == u.cyrillic
	if same {
		edits := bits.OnesCount64(t.letters ^ u.letters)
		if apart := int(t.length) - u.length; u.length >= 4 && edits <= 2*mostEdits && apart <= mostEdits && apart >= -mostEdits {
			return true
		}
		shared := float64(bits.OnesCount64(t.grams&u.mask) + u.folded)
		short, long := float64(min(len(u.grams), int(t.length)-1)), float64(max(len(u.grams), int(t.length)-1))
		if short >= leastGrams && (shared*2 >= leastDice*(short+long) || shared >= leastContained*short) {
			return true
		}
	}
	return (u.name || !same) && (u.soundsLike(t, u.skeleton, u.sound) || u.stemmed != u.skeleton && u.soundsLike(t, u.stemmed, u.stemmedSound))
}

// soundsLike rules out terms that skeletonMatch gives 0: the first letters agree,
// and a quarter of the longer one may be another ending, or one letter another,
// or all vowels.
func (u *unseen) soundsLike(t *knownTerm, skeleton string, sound uint32) bool {
	if skeleton == "" || skeleton[0] != t.first {
		return false
	}
	differ := t.sound ^ sound
	return bits.OnesCount32(differ) <= max(2, 2*(max(len(skeleton), int(t.sounding))/4)) || differ&^vowels == 0
}
