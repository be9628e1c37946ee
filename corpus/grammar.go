package corpus

import (
	_ "embed"
	"strings"
)

//go:embed data/grammar.tsv
var grammarTSV string

//go:embed data/speech.tsv
var speechTSV string

// class is a set of parts that a word can play around speech.
type class uint32

const (
	verb class = 1 << iota // of speech
	noun                   // of speech: claim, statement
	aid
	also
	article
	be
	by
	he
	her
	his
	it
	like
	miss
	mister
	nameless
	oblique
	she
	source
	speaks
	the
	their
	they
	who
	manner // of speech: laughed, went on
	thinks // a verb of what a person holds
	starts // an expression of several words
	head   // a noun for who can speak, as people.mentionsOf finds
)

const pronounClass = he | she | it | they

var classNames = map[string]class{
	"noun": noun, "aid": aid, "also": also, "article": article, "be": be, "by": by, "he": he, "her": her, "his": his, "it": it,
	"like": like, "miss": miss, "mister": mister, "nameless": nameless, "oblique": oblique, "she": she, "source": source, "speaks": speaks, "the": the,
	"their": their, "they": they, "who": who,
}

// trait is a set of ways in which a language differs from English.
type trait uint8

const (
	dashes   trait = 1 << iota // speech may stand behind a dash
	elides                     // l'agence is two words
	inflects                   // names take cases, and there are no articles
	inverts                    // a subject may follow its verb anywhere
	nouns                      // have capitals
)

var traitNames = map[string]trait{"dashes": dashes, "elides": elides, "inflects": inflects, "inverts": inverts, "nouns": nouns}

// grammar is what the tables say of one language.
type grammar struct {
	trait   trait
	words   map[string]class    // classes of single words
	phrases map[string][]phrase // longer ones under their first word
}

// phrase is the rest of an expression of several words.
type phrase struct {
	rest  []string
	class class
}

// grammars are the languages of the tables; a text in any other is read as
// English.
var grammars = func() map[string]*grammar {
	all := make(map[string]*grammar)
	add := func(lang string, c class, forms string) {
		g := all[lang]
		if g == nil {
			g = &grammar{words: make(map[string]class), phrases: make(map[string][]phrase)}
			all[lang] = g
		}
		for _, form := range splitList(forms) {
			if first, rest, long := strings.Cut(form, " "); long {
				g.phrases[first] = append(g.phrases[first], phrase{strings.Fields(rest), c})
				g.words[first] |= starts
			} else {
				g.words[form] |= c
			}
		}
	}
	for _, row := range rows(grammarTSV) {
		if row[1] == "trait" {
			add(row[0], 0, "")
			for _, name := range splitList(row[2]) {
				all[row[0]].trait |= traitNames[name]
			}
			continue
		}
		c, ok := classNames[row[1]]
		if !ok {
			panic("grammar.tsv: " + row[1] + " is no class")
		}
		add(row[0], c, row[2])
	}
	for _, row := range rows(speechTSV) {
		c := verb
		switch row[1] {
		case "noun":
			c = noun
		case "thought":
			c |= thinks
		case "manner":
			c |= manner
		}
		add(row[0], c, row[2])
	}
	return all
}()

// is reports whether the language has a trait.
func (g *grammar) is(t trait) bool { return g.trait&t != 0 }

func grammarOf(lang string) *grammar {
	if g := grammars[lang]; g != nil {
		return g
	}
	return grammars["en"]
}

// speaks reports whether there is a verb of speech in text.
func (g *grammar) speaks(text string) bool {
	for _, w := range appendWords(nil, text, 0, g) {
		if w.class&verb != 0 {
			return true
		}
	}
	return false
}

// match returns how many words at i form an expression of class c, the longest
// there is, or 0.
func (g *grammar) match(words []word, i int, c class) int {
	best := 0
	if words[i].class&c != 0 {
		best = 1
	}
	if words[i].class&starts == 0 {
		return best
	}
	for _, p := range g.phrases[words[i].lower] {
		n := len(p.rest) + 1
		if p.class&c == 0 || n <= best || i+n > len(words) {
			continue
		}
		same := true
		for k, w := range p.rest {
			same = same && words[i+1+k].lower == w
		}
		if same {
			best = n
		}
	}
	return best
}
