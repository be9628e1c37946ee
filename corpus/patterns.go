package corpus

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// patternSet finds which of many patterns can match a text without trying
// each: a pattern that cannot match without one of some pieces of text is
// tried only where one of them stands. This is the literal prefilter of
// Google's RE2 (re2/filtered_re2.h) with a table of trigrams in place of the
// automaton.
type patternSet struct {
	always  []int             // patterns that no piece tells
	pieces  map[string][]int  // piece, lower case, to patterns
	signs   []string          // pieces that are one sign, looked for one by one
	byStart [1 << 12][]string // longer pieces by the hash of their first three bytes
	starts  [1 << 12]bool     // whether byStart has any: small enough to stay in cache
	longest []int             // the most runes that each pattern matches, 0 for any
}

func newPatternSet(patterns []*regexp.Regexp) *patternSet {
	s := &patternSet{pieces: make(map[string][]int)}
	for i, p := range patterns {
		parsed, err := syntax.Parse(p.String(), syntax.Perl)
		if err != nil {
			panic(err) // it was compiled before
		}
		parsed = parsed.Simplify()
		s.longest = append(s.longest, mostRunes(parsed))
		needed := neededPieces(parsed)
		if needed == nil {
			s.always = append(s.always, i)
		}
		for _, piece := range needed {
			if len(s.pieces[piece]) == 0 {
				s.index(piece)
			}
			s.pieces[piece] = append(s.pieces[piece], i)
		}
	}
	return s
}

func (s *patternSet) index(piece string) {
	if len(piece) < leastPiece {
		s.signs = append(s.signs, piece)
		return
	}
	h := trigram(piece)
	s.byStart[h], s.starts[h] = append(s.byStart[h], piece), true
}

// candidates returns the patterns that may match lower, a text in lower case,
// in ascending order.
func (s *patternSet) candidates(lower string) []int {
	out := slices.Clone(s.always)
	for _, sign := range s.signs {
		if strings.Contains(lower, sign) {
			out = append(out, s.pieces[sign]...)
		}
	}
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
	runes := utf8.RuneCountInString(lower)
	return slices.DeleteFunc(slices.Compact(out), func(i int) bool { return s.longest[i] > 0 && runes > s.longest[i] })
}

// mostRunes returns how many runes a text has at most that re matches from its
// begin to its end, or 0 when there is no such bound.
func mostRunes(re *syntax.Regexp) int {
	if re.Op != syntax.OpConcat || len(re.Sub) < 2 || re.Sub[0].Op != syntax.OpBeginText || re.Sub[len(re.Sub)-1].Op != syntax.OpEndText {
		return 0
	}
	n := widest(re)
	if n < 0 {
		return 0
	}
	return n
}

// widest returns how many runes re matches at most, or -1 for any number.
func widest(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpStar, syntax.OpPlus:
		return -1
	case syntax.OpQuest, syntax.OpCapture:
		return widest(re.Sub[0])
	case syntax.OpRepeat:
		if n := widest(re.Sub[0]); n >= 0 && re.Max >= 0 {
			return n * re.Max
		}
		return -1
	case syntax.OpConcat, syntax.OpAlternate:
		sum, most := 0, 0
		for _, sub := range re.Sub {
			n := widest(sub)
			if n < 0 {
				return -1
			}
			sum, most = sum+n, max(most, n)
		}
		if re.Op == syntax.OpAlternate {
			return most
		}
		return sum
	}
	return 0
}

// trigram hashes the first three bytes of s.
func trigram(s string) uint {
	return (uint(s[0])*0x9e5 + uint(s[1])*0x1f3 + uint(s[2])*0x35) % (1 << 12)
}

// leastPiece is the length in bytes below which a piece of text tells nothing,
// unless it is one of the signs, and mostPieces how many of a pattern are worth
// looking for.
const (
	leastPiece = 3
	mostPieces = 64
	signs      = "©|/[@#→›•("
)

// neededPieces returns pieces of text, in lower case, one of which stands in
// everything that re matches, or nil when there are none worth looking for.
func neededPieces(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		piece := strings.ToLower(string(re.Rune))
		if len(piece) >= leastPiece {
			return []string{piece}
		}
		if k := strings.IndexAny(piece, signs); k >= 0 {
			_, size := utf8.DecodeRuneInString(piece[k:])
			return []string{piece[k : k+size]}
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
