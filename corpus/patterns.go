package corpus

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// patternSet finds which of many patterns can match a text without trying
// each: a pattern that cannot match without one of some pieces of text is
// tried only where one of them stands. This is the literal prefilter of
// Google's RE2 (re2/filtered_re2.h) with a table of trigrams in place of the
// automaton.
type patternSet struct {
	always  []int             // patterns that no piece tells
	pieces  map[string][]int  // piece, lower case, to patterns
	byStart [1 << 12][]string // pieces by the hash of their first three bytes
	starts  [1 << 12]bool     // whether byStart has any: small enough to stay in cache
}

func newPatternSet(patterns []*regexp.Regexp) *patternSet {
	s := &patternSet{pieces: make(map[string][]int)}
	for i, p := range patterns {
		parsed, err := syntax.Parse(p.String(), syntax.Perl)
		if err != nil {
			panic(err) // it was compiled before
		}
		needed := neededPieces(parsed.Simplify())
		if needed == nil {
			s.always = append(s.always, i)
		}
		for _, piece := range needed {
			if len(s.pieces[piece]) == 0 {
				h := trigram(piece)
				s.byStart[h], s.starts[h] = append(s.byStart[h], piece), true
			}
			s.pieces[piece] = append(s.pieces[piece], i)
		}
	}
	return s
}

// candidates returns the patterns that may match lower, a text in lower case,
// in ascending order.
func (s *patternSet) candidates(lower string) []int {
	out := slices.Clone(s.always)
	for i := 0; i+3 <= len(lower); i++ {
		h := trigram(lower[i:])
		if !s.starts[h] {
			continue
		}
		for _, piece := range s.byStart[h] {
			if strings.HasPrefix(lower[i:], piece) {
				out = append(out, s.pieces[piece]...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// trigram hashes the first three bytes of s.
func trigram(s string) uint {
	return (uint(s[0])*0x9e5 + uint(s[1])*0x1f3 + uint(s[2])*0x35) % (1 << 12)
}

// leastPiece is the length in bytes below which a piece of text tells nothing,
// and mostPieces how many of a pattern are worth looking for.
const (
	leastPiece = 3
	mostPieces = 64
)

// neededPieces returns pieces of text, in lower case, one of which stands in
// everything that re matches, or nil when there are none worth looking for.
func neededPieces(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if piece := strings.ToLower(string(re.Rune)); len(piece) >= leastPiece {
			return []string{piece}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return neededPieces(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return neededPieces(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if p := neededPieces(sub); p != nil && (best == nil || shortest(p) > shortest(best)) {
				best = p
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			p := neededPieces(sub)
			if p == nil || len(all)+len(p) > mostPieces {
				return nil
			}
			all = append(all, p...)
		}
		return all
	}
	return nil
}

func shortest(pieces []string) int {
	least := len(pieces[0])
	for _, p := range pieces {
		least = min(least, len(p))
	}
	return least
}
