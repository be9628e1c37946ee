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
// synonyms, words of one root. Phrases are left out: they need all their words.
var synonyms = sync.OnceValue(func() map[string][]alternative {
	m := make(map[string][]alternative)
	join := func(words []string, weight float64) {
		for _, a := range words {
			for _, b := range words {
				w := weight
				if strings.HasPrefix(a, "~") || strings.HasPrefix(b, "~") {
					w = relatedWeight
				}
				from, to := stem(strings.TrimPrefix(a, "~"), "en"), stem(strings.TrimPrefix(b, "~"), "en")
				if from != to && !strings.Contains(a, " ") && !strings.Contains(b, " ") {
					m[from] = append(m[from], alternative{to, w})
				}
			}
		}
	}
	for _, row := range rows("en-synonyms.txt") {
		join(list(row[0], ","), synonymWeight)
	}
	for _, row := range rows("en-derivations.txt") {
		join(list(row[0], ","), derivationWeight)
	}
	return m
})

// phrase is a synonym of several words, and the single words that may stand
// for it.
type phrase struct {
	terms        []string // stems, small words included
	alternatives []alternative
}

// phrases maps the first stem of a synonym of several words to such synonyms.
var phrases = sync.OnceValue(func() map[string][]phrase {
	m := make(map[string][]phrase)
	for _, row := range rows("en-synonyms.txt") {
		words := list(row[0], ",")
		var single []alternative
		for _, w := range words {
			if !strings.Contains(w, " ") {
				weight := synonymWeight
				if strings.HasPrefix(w, "~") {
					weight = relatedWeight
				}
				single = append(single, alternative{stem(strings.TrimPrefix(w, "~"), "en"), weight})
			}
		}
		for _, w := range words {
			if !strings.Contains(w, " ") || len(single) == 0 {
				continue
			}
			var p phrase
			for _, t := range analyze(strings.TrimPrefix(w, "~"), "en") {
				p.terms = append(p.terms, t.term)
			}
			p.alternatives = single
			m[p.terms[0]] = append(m[p.terms[0]], p)
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

// lexicon holds the English equivalents of another language's words, by stem.
type lexicon map[string][]alternative

// lookUp returns the equivalents of a stem, or of the one that is most like it:
// inflection changes more than endings (обломок, обломки).
func (l lexicon) lookUp(term string) []alternative {
	if found, ok := l[term]; ok || len([]rune(term)) < 5 {
		return found
	}
	prefix := string([]rune(term)[:4])
	best := ""
	for key := range l {
		if strings.HasPrefix(key, prefix) && editDistance(key, term, 1) <= 1 && (best == "" || key < best) {
			best = key
		}
	}
	return l[best]
}

// lexicons are loaded when a question first needs them.
var lexicons = struct {
	sync.Mutex
	into, from map[string]lexicon
}{into: make(map[string]lexicon), from: make(map[string]lexicon)}

// intoEnglish returns the lexicon from lang into English, fromEnglish the
// reverse; both are nil for a language without one.
func intoEnglish(lang string) lexicon { into, _ := loadLexicon(lang); return into }
func fromEnglish(lang string) lexicon { _, from := loadLexicon(lang); return from }

func loadLexicon(lang string) (into, from lexicon) {
	switch lang {
	case "ru", "uk", "de", "es":
	default:
		return nil, nil
	}
	lexicons.Lock()
	defer lexicons.Unlock()
	if lexicons.into[lang] == nil {
		lexicons.into[lang], lexicons.from[lang] = readLexicon(lang)
	}
	return lexicons.into[lang], lexicons.from[lang]
}

// readLexicon reads one lexicon both ways. The first equivalent of a word
// counts full, later ones less; of a phrase each word counts a part.
func readLexicon(lang string) (into, from lexicon) {
	into, from = make(lexicon), make(lexicon)
	for _, row := range rows(lang + "-en.tsv") {
		heads := contentWords(row[0], lang)
		for j, equivalent := range list(row[2], ";") {
			glosses := contentWords(strings.TrimPrefix(equivalent, "to "), "en")
			if len(heads) == 0 || len(glosses) == 0 || len(heads) > 3 {
				continue
			}
			weight := 1 / (1 + .25*float64(j))
			if len(glosses) > 1 {
				weight *= .7
			}
			if len(heads) > 1 {
				weight *= .8
			}
			for _, h := range heads {
				for _, g := range glosses {
					into[h] = addAlternative(into[h], g, weight)
					from[g] = addAlternative(from[g], h, weight)
				}
			}
		}
	}
	return into, from
}

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
	var all, content []string
	for _, t := range analyze(phrase, lang) {
		all = append(all, t.term)
		if !stopWords[lang][t.word] {
			content = append(content, t.term)
		}
	}
	if len(content) == 0 {
		return all
	}
	return content
}
