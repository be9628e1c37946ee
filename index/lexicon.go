package index

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// lexicon holds the English equivalents of another language's words.
type lexicon struct {
	byStem map[string][]headword
	sorted []headword // by how they are written, to find what a form may belong to
}

// headword is a word of a lexicon and the English stems that stand for it.
type headword struct {
	written string // lower case
	minor   bool   // a form of another headword, or a part of one of several words
	english []alternative
}

// otherHead is what the equivalents weigh of a headword that shares the stem of
// a word while another one is more like it: завод, заводить.
const otherHead = .6

// lookUp returns the equivalents of a word: those of the headwords with its
// stem, or else of the one that it looks a form of.
func (l *lexicon) lookUp(t token) []alternative {
	if l == nil {
		return nil
	}
	heads, word := l.byStem[t.term], plainYo.Replace(t.word)
	if len(heads) == 0 {
		heads = l.nearest(word)
	}
	most := 0
	for _, h := range heads {
		most = max(most, h.likeness(word))
	}
	var out []alternative
	for _, h := range heads {
		factor := 1.0
		if h.likeness(word) < most-2 {
			factor = otherHead
		}
		for _, a := range h.english {
			out = addAlternative(out, a.term, factor*a.weight)
		}
	}
	slices.SortStableFunc(out, byWeight)
	return out
}

// likeness is how many letters a word begins with like a headword. The headword
// itself is more like it than all others; minor ones count half.
func (h *headword) likeness(word string) int {
	alike := 2 * commonPrefix(h.written, word)
	if h.written == word {
		alike *= 2
	}
	if h.minor {
		alike /= 2
	}
	return alike
}

// plainYo writes ё as most people do.
var plainYo = strings.NewReplacer("ё", "е")

// commonPrefix counts the letters that two words begin with alike.
func commonPrefix(a, b string) int {
	n := 0
	for a != "" && b != "" {
		ra, sa := utf8.DecodeRuneInString(a)
		rb, sb := utf8.DecodeRuneInString(b)
		if ra != rb {
			break
		}
		n++
		a, b = a[sa:], b[sb:]
	}
	return n
}

// A word may be a form of a headword when they begin with so many letters
// alike, that are so much of the word, and the headword has few more.
const (
	leastAlike   = 4
	leastOfForm  = .6
	mostAddition = 5
)

// nearest returns the headwords that a word looks a form of: those that begin
// most like it, and of these the shortest.
func (l *lexicon) nearest(word string) []headword {
	for _, form := range withoutParticiple(word) {
		if found := l.beginningLike(form); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (l *lexicon) beginningLike(word string) []headword {
	runes := []rune(word)
	if len(runes) <= leastAlike {
		return nil
	}
	start := string(runes[:leastAlike])
	at, _ := slices.BinarySearchFunc(l.sorted, start, func(h headword, s string) int { return strings.Compare(h.written, s) })
	var best []headword
	most, least := 0, 0
	for ; at < len(l.sorted) && strings.HasPrefix(l.sorted[at].written, start); at++ {
		h := l.sorted[at]
		alike, length := commonPrefix(h.written, word), utf8.RuneCountInString(h.written)
		if float64(alike) < leastOfForm*float64(len(runes)) || length-alike > mostAddition {
			continue
		}
		if alike > most || alike == most && length < least {
			best, most, least = best[:0], alike, length
		}
		if alike == most && length == least {
			best = append(best, h)
		}
	}
	return best
}

// separable are the particles of German verbs that stand before the ge of their
// participles: zurückgezogen.
var separable = strings.Fields("zurück zusammen heraus herunter hinaus hinunter nieder unter über wieder weiter vorbei voraus fest fort frei teil statt ab an auf aus bei da ein her hin los mit nach um vor weg zu")

// withoutParticiple returns a word, and before it what it is without the mark of
// a German participle.
func withoutParticiple(word string) []string {
	for _, particle := range append([]string{""}, separable...) {
		if rest, ok := strings.CutPrefix(word, particle+"ge"); ok && len(rest) >= leastAlike {
			return []string{particle + rest, word}
		}
	}
	return []string{word}
}

// lexicons are loaded when a question first needs them.
var lexicons = struct {
	sync.Mutex
	into map[string]*lexicon
	from map[string]map[string][]alternative
}{into: make(map[string]*lexicon), from: make(map[string]map[string][]alternative)}

// intoEnglish returns the lexicon from lang into English, fromEnglish stems by
// English ones; both are nil for a language without one.
func intoEnglish(lang string) *lexicon                 { into, _ := loadLexicon(lang); return into }
func fromEnglish(lang string) map[string][]alternative { _, from := loadLexicon(lang); return from }

func loadLexicon(lang string) (into *lexicon, from map[string][]alternative) {
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

// Weights of what stands for a word: the first equivalent counts full, later
// ones less, of a phrase each word counts a part.
const (
	laterEquivalent = .25
	ofPhrase        = .7
	ofHeadPhrase    = .8
)

// readLexicon reads one lexicon both ways.
func readLexicon(lang string) (into *lexicon, from map[string][]alternative) {
	into, from = &lexicon{byStem: make(map[string][]headword)}, make(map[string][]alternative)
	for _, row := range rows(lang + "-en.tsv") {
		heads := contentTokens(row[0], lang)
		if len(heads) == 0 || len(heads) > 3 {
			continue
		}
		var english []alternative
		for j, equivalent := range list(row[2], ";") {
			glosses := contentWords(strings.TrimPrefix(equivalent, "to "), "en")
			weight := 1 / (1 + laterEquivalent*float64(j))
			if len(glosses) > 1 {
				weight *= ofPhrase
			}
			if len(heads) > 1 {
				weight *= ofHeadPhrase
			}
			for _, g := range glosses {
				english = addAlternative(english, g, weight)
			}
		}
		for _, h := range heads {
			into.add(h, len(heads) > 1 || row[1] == "form", english)
			for _, e := range english {
				from[e.term] = addAlternative(from[e.term], h.term, e.weight)
			}
		}
	}
	into.sort()
	return into, from
}

// add adds the equivalents of a headword, or of a minor one.
func (l *lexicon) add(head token, minor bool, english []alternative) {
	heads, written := l.byStem[head.term], plainYo.Replace(head.word)
	for i := range heads {
		if heads[i].written == written && heads[i].minor == minor {
			for _, e := range english {
				heads[i].english = addAlternative(heads[i].english, e.term, e.weight)
			}
			return
		}
	}
	l.byStem[head.term] = append(heads, headword{written, minor, slices.Clone(english)})
}

func (l *lexicon) sort() {
	for _, heads := range l.byStem {
		l.sorted = append(l.sorted, heads...)
	}
	slices.SortFunc(l.sorted, func(a, b headword) int { return strings.Compare(a.written, b.written) })
}
