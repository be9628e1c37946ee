package index

import (
	"embed"
	"slices"
	"strings"
	"sync"
)

// The language data of a question: stop words, openings, synonyms, names,
// lexicons. Each file says its format in its first line.
//
//go:embed data
var data embed.FS

// rows returns the tab-separated rows of a data file.
func rows(name string) [][]string {
	raw, err := data.ReadFile("data/" + name)
	if err != nil {
		panic(err) // the file is embedded above
	}
	var out [][]string
	for line := range strings.SplitSeq(string(raw), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}

func list(field, sep string) []string {
	var out []string
	for v := range strings.SplitSeq(field, sep) {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// stopWords are the words that questions are stripped of, by language.
var stopWords = func() map[string]map[string]bool {
	m := make(map[string]map[string]bool)
	for _, row := range rows("stopwords.tsv") {
		m[row[0]] = make(map[string]bool)
		for _, w := range strings.Fields(row[1]) {
			m[row[0]][w] = true
		}
	}
	return m
}()

// irregular maps an irregular English form to its lemma.
var irregular = func() map[string]string {
	m := make(map[string]string)
	for _, row := range rows("en-irregular.txt") {
		lemma, _, _ := strings.Cut(row[1], ",")
		m[row[0]] = strings.TrimSpace(lemma)
	}
	return m
}()

// warm loads what a question needs of the tables, so that the first one need
// not wait. What it does not load is loaded when a question first needs it.
func warm() {
	synonyms()
	phrases()
	associations()
	spellings()
	openings()
	rarityOf("", "en")
	_, _ = theRanker() // a fault is reported to the first question
}

// Weights of an equivalent against the word itself.
const (
	synonymWeight    = .75
	relatedWeight    = .4
	derivationWeight = .6
	spellingWeight   = 1
)

// alternative is a term that may stand for a word of the question.
type alternative struct {
	term   string
	weight float64 // 1 for the word itself
}

// synonyms maps an English stem to the stems that may stand for it: groups of
// synonyms, words of one root, and what is of one root with a synonym.
var synonyms = sync.OnceValue(func() map[string][]alternative {
	same, root := joined("en-synonyms.txt", synonymWeight), joined("en-derivations.txt", derivationWeight)
	m := make(map[string][]alternative, len(same)+len(root))
	for _, terms := range []map[string][]alternative{same, root} {
		for term := range terms {
			if m[term] != nil {
				continue
			}
			var all []alternative
			for _, a := range slices.Concat(same[term], root[term]) {
				all = addAlternative(all, a.term, a.weight)
			}
			all = further(all, same[term], root)
			all = further(all, root[term], same)
			m[term] = slices.DeleteFunc(all, func(a alternative) bool { return a.term == term })
		}
	}
	return m
})

// further adds what stands for the alternatives of a term, where both steps
// are strong.
func further(to, by []alternative, of map[string][]alternative) []alternative {
	for _, a := range by {
		for _, b := range of[a.term] {
			if w := a.weight * b.weight; w >= relatedWeight {
				to = addAlternative(to, b.term, w)
			}
		}
	}
	return to
}

// joined reads groups of words, each of which may stand for the others.
// Phrases are left out: they need all their words.
func joined(file string, weight float64) map[string][]alternative {
	m := make(map[string][]alternative)
	for _, row := range rows(file) {
		var terms []alternative
		for _, w := range list(row[0], ",") {
			related := strings.HasPrefix(w, "~")
			if tokens := analyze(strings.TrimPrefix(w, "~"), "en"); len(tokens) == 1 {
				a := alternative{tokens[0].term, weight}
				if related {
					a.weight = relatedWeight
				}
				terms = append(terms, a)
			}
		}
		for _, a := range terms {
			for _, b := range terms {
				if a.term != b.term {
					m[a.term] = addAlternative(m[a.term], b.term, min(a.weight, b.weight))
				}
			}
		}
	}
	return m
}

// phrase is a synonym of several words: all of them in a row.
type phrase struct {
	terms  []string // stems, small words included
	weight float64  // as of an alternative
}

// phraseGroup is a phrase that a question may hold, and what may stand for it.
type phraseGroup struct {
	terms   []string
	words   []alternative
	phrases []phrase
}

// thesaurus holds the synonyms of several words.
type thesaurus struct {
	phrases map[string][]phrase      // stem to the phrases that may stand for it
	groups  map[string][]phraseGroup // by the first stem of the phrase
}

var phrases = sync.OnceValue(func() thesaurus {
	t := thesaurus{make(map[string][]phrase), make(map[string][]phraseGroup)}
	for _, row := range rows("en-synonyms.txt") {
		var words []alternative
		var several []phrase
		for _, w := range list(row[0], ",") {
			weight := synonymWeight
			if strings.HasPrefix(w, "~") {
				weight, w = relatedWeight, w[1:]
			}
			var terms []string
			for _, tok := range analyze(w, "en") {
				terms = append(terms, tok.term)
			}
			switch len(terms) {
			case 0:
			case 1:
				words = append(words, alternative{terms[0], weight})
			default:
				several = append(several, phrase{terms, weight})
			}
		}
		for _, w := range words {
			for _, p := range several {
				t.phrases[w.term] = append(t.phrases[w.term], phrase{p.terms, min(w.weight, p.weight)})
			}
		}
		for i, p := range several {
			others := slices.Concat(several[:i], several[i+1:])
			t.groups[p.terms[0]] = append(t.groups[p.terms[0]], phraseGroup{p.terms, words, others})
		}
	}
	return t
})

// startsWith reports whether tokens open with the phrase.
func startsWith(tokens []token, terms []string) bool {
	if len(terms) > len(tokens) {
		return false
	}
	for i, t := range terms {
		if tokens[i].term != t {
			return false
		}
	}
	return true
}

// antonyms maps an English stem to the stems of its opposites.
var antonyms = sync.OnceValue(func() map[string][]string {
	m := make(map[string][]string)
	for _, row := range rows("en-antonyms.txt") {
		left, right, _ := strings.Cut(row[0], " / ")
		for _, a := range list(left, ",") {
			for _, b := range list(right, ",") {
				sa, sb := stem(a, "en"), stem(b, "en")
				m[sa], m[sb] = append(m[sa], sb), append(m[sb], sa)
			}
		}
	}
	return m
})

// spellings maps the surname of a person, or a place or body named with one
// word, to its other spellings, stemmed.
var spellings = sync.OnceValue(func() map[string][]alternative {
	m := make(map[string][]alternative)
	for _, row := range rows("names.tsv") {
		names := map[string]bool{}
		for _, n := range append(list(row[2], ";"), row[0]) {
			if strings.HasPrefix(n, "~") {
				continue
			}
			words := strings.Fields(n)
			if row[1] != "person" && len(words) > 1 || slices.Contains(words, "of") {
				continue
			}
			names[stem(strings.ToLower(words[len(words)-1]), "en")] = true
		}
		for a := range names {
			for b := range names {
				if a != b {
					m[a] = append(m[a], alternative{b, spellingWeight})
				}
			}
		}
	}
	return m
})

// addAlternative keeps the best weight of a term.
func addAlternative(list []alternative, term string, weight float64) []alternative {
	for i := range list {
		if list[i].term == term {
			list[i].weight = max(list[i].weight, weight)
			return list
		}
	}
	return append(list, alternative{term, weight})
}

// contentWords returns the stems of a phrase without its stop words, or all of
// them where nothing else is left.
func contentWords(phrase, lang string) []string {
	tokens := contentTokens(phrase, lang)
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = t.term
	}
	return out
}

// contentTokens returns the tokens of a phrase that contentWords returns the
// stems of.
func contentTokens(phrase, lang string) []token {
	all := analyze(phrase, lang)
	content := slices.DeleteFunc(slices.Clone(all), func(t token) bool { return stopWords[lang][t.word] })
	if len(content) == 0 {
		return all
	}
	return content
}
