package index

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// figure is the kind of number that a question asks for, as data/figures.tsv
// names it; "" is none, or one without a unit.
type figure string

// count is a number of what the question names: how many people.
const count figure = "count"

var figureOpenings = sync.OnceValue(func() map[string][]opening {
	m := make(map[string][]opening)
	for _, row := range rows("figures.tsv") {
		m[row[0]] = append(m[row[0]], opening{strings.Fields(row[2]), asks(row[1])})
	}
	return m
})

// units maps a word or sign that stands beside a number to the kinds of figure
// that it makes of it.
var units = sync.OnceValue(func() map[string][]figure {
	m := make(map[string][]figure)
	for _, row := range rows("units.tsv") {
		for _, w := range strings.Fields(row[1]) {
			m[w] = append(m[w], figure(row[0]))
		}
	}
	return m
})

// figureOf finds which figure a question asks for: by the longest opening that
// stands in it, or else the count of what it names.
func figureOf(q *query) figure {
	best, kind := 0, figure("")
	for at := range q.tokens {
		for _, o := range figureOpenings()[q.lang] {
			if len(o.words) > best && matchesAt(q.tokens[at:], o.words) {
				best, kind = len(o.words), figure(o.asks)
			}
		}
	}
	if kind == "" && q.asks == asksNumber {
		return count
	}
	return kind
}

const (
	besideUnit  = 2 // tokens between a number and its unit, at most
	besideCount = 4 // tokens from a number to what it counts, at most
)

// figures reports whether u holds a figure of the kind that the question asks
// for.
func (u *unit) figures(q *query) bool {
	for i := range u.tokens {
		if !isDigit(u.tokens[i].word) && u.words[i].class&numeral == 0 {
			continue
		}
		if q.figure == count {
			if u.counts(q, i) {
				return true
			}
			continue
		}
		if slices.Contains(unitsBeside(u.text, u.tokens, i), q.figure) {
			return true
		}
	}
	return false
}

// counts reports whether the number at token i counts what the question asks
// for; where the question does not name it, any number does.
func (u *unit) counts(q *query, i int) bool {
	head := slices.IndexFunc(q.concepts, func(c concept) bool { return c.head })
	if head < 0 {
		return true
	}
	for j := max(0, i-1); j < min(len(u.words), i+besideCount+1); j++ {
		if j != i && u.words[j].sims[head] >= .6 {
			return true
		}
	}
	return false
}

// unitsBeside returns the kinds of figure that the words and signs beside the
// number at token i make of it.
func unitsBeside(text string, tokens []token, i int) []figure {
	var kinds []figure
	before, _ := utf8.DecodeLastRuneInString(text[:tokens[i].start])
	after, _ := utf8.DecodeRuneInString(text[tokens[i].end:])
	kinds = append(kinds, units()[string(before)]...)
	kinds = append(kinds, units()[string(after)]...)
	if clockTime(text, tokens, i) {
		kinds = append(kinds, "clock")
	}
	if after == ',' && before == ' ' && i > 0 && tokens[i-1].upper && len(tokens[i].word) == 2 { // Ann Bell, 67,
		kinds = append(kinds, "age")
	}
	for j := max(0, i-1); j <= min(len(tokens)-1, i+besideUnit); j++ {
		if j != i {
			kinds = append(kinds, units()[tokens[j].word]...)
		}
	}
	return kinds
}

// clockTime reports whether the number at token i is the hour of a time of day
// like 5:07, 17.30 or 5 a.m.
func clockTime(text string, tokens []token, i int) bool {
	if strings.Contains(tokens[i].word, ".") {
		hour, minute, _ := strings.Cut(tokens[i].word, ".")
		return len(hour) <= 2 && len(minute) == 2
	}
	if i+2 < len(tokens) && (tokens[i+1].word == "a" || tokens[i+1].word == "p") && tokens[i+2].word == "m" {
		return true
	}
	return len(tokens[i].word) <= 2 && i+1 < len(tokens) && len(tokens[i+1].word) == 2 && isDigit(tokens[i+1].word) && text[tokens[i].end:tokens[i+1].start] == ":"
}
