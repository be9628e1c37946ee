package index

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"onrecord/corpus"
)

// asks is what a question asks for.
type asks string

// The kinds of question; data/asks.tsv gives their openings.
const (
	asksWhat      asks = "what"
	asksWho       asks = "who"
	asksSpeaker   asks = "speaker"   // who said it
	asksStatement asks = "statement" // what somebody said
	asksWhen      asks = "when"
	asksWhere     asks = "where"
	asksNumber    asks = "number"
	asksWhy       asks = "why"
	asksHow       asks = "how"
	asksYesNo     asks = "yesno"
	asksSides     asks = "sides"
	asksOrder     asks = "order" // no question: it tells the bot to do something
)

// query is a question understood: what it asks for, and the concepts that an
// answer should hold.
type query struct {
	lang      string
	asks      asks
	tokens    []token
	concepts  []concept
	negated   bool // not, never, no
	defines   bool // asks who or what its last concept is
	figure    figure
	fourGrams int      // how many different character 4-grams the concepts have
	thread    *thread  // of a follow-up: where the question before was answered
	limits    []string // stems of words that single out: first, last, only, largest
}

// concept is a content word of the question and all that may stand for it.
type concept struct {
	token
	alternatives []alternative // best first; the word itself where the record has it
	weight       float64       // 1 in the question, less in what stands around it
	rarity       float64       // in its language at large, 0 to 1
	idf          float64       // of the best alternative; set against the record
	found        bool          // the record holds an alternative
	name, number bool
	head         bool          // the noun that which, what or how many asks for
	speaker      bool          // in what somebody said: that somebody
	carried      bool          // from the question before
	standIns     []alternative // of a phrase of the question that it belongs to
	fourGrams    []int         // of its word: their numbers among the question's
	phrases      []phrase      // what may stand for it, or for its phrase, in several words
	loose        []alternative // the rarest words of those, to find passages by
	associated   []alternative // what tells of the same without standing for it
	searched     []alternative // what passages are found by
}

// longestQuestion is the length in bytes beyond which a question is cut: no
// one asks more, and a message may hold a book.
const longestQuestion = 4096

// mostConcepts bounds the work that one question can cause.
const mostConcepts = 24

// understand reads a question, with the question before it where it follows
// one up. recordLang is the language of most of the record, taken where the
// question's own words do not tell; known tells whether the record holds a stem.
func understand(question, after, recordLang string, known func(stem string) bool) *query {
	question = clip(strings.ToValidUTF8(question, "\ufffd"))
	q := &query{lang: corpus.DetectLanguage(question)}
	if q.lang == "" || q.lang == "fr" && recordLang != "fr" {
		q.lang = recordLang
		if isCyrillic(question) && recordLang != "ru" && recordLang != "uk" {
			q.lang = "ru"
		}
	}
	q.tokens = analyze(question, q.lang)
	correct(q.tokens, q.lang, known)
	q.asks = asksOf(q.tokens, q.lang)
	if isCommand(question) || onlySmallTalk(q.tokens, q.lang) {
		q.asks = asksOrder
	}
	q.figure = figureOf(q)
	q.addConcepts(question)
	q.addLimits()
	q.defines = q.asksDefinition()
	if after != "" && q.followsUp() {
		q.carry(understand(after, "", recordLang, known))
		q.thread = &thread{passage: -1}
	}
	return q
}

// asksDefinition reports whether a question asks who or what something is, and
// nothing else: the opening is followed by an article and the name or term.
func (q *query) asksDefinition() bool {
	for _, opening := range definings()[q.lang] {
		if !matchesAt(q.tokens, opening) {
			continue
		}
		rest := q.tokens[len(opening):]
		if len(rest) > 0 && wordClasses[rest[0].word]&article != 0 {
			rest = rest[1:]
		}
		return len(rest) > 0 && len(q.concepts) > 0 && !slices.ContainsFunc(rest, func(t token) bool { return isStop(q.lang, t.word) })
	}
	return false
}

// definings holds by language how questions begin that ask what something is.
var definings = sync.OnceValue(func() map[string][][]string {
	m := make(map[string][][]string)
	for _, row := range rows("defining.tsv") {
		m[row[0]] = append(m[row[0]], strings.Fields(row[1]))
	}
	return m
})

// latestWords ask for how things stand now.
var latestWords = setOf("now still latest last current currently today recent recently already newest remaining far сейчас теперь ещё еще пока последние последний сегодня уже зараз досі ще поки останні останній сьогодні вже jetzt noch bisher aktuell aktuelle derzeit zuletzt heute inzwischen ahora todavía aún actualmente hoy último últimos ya hasta")

// wantsLatest reports whether a question asks for how things stand now: by its
// words, or because it asks for a figure, which grows with the event.
func (q *query) wantsLatest() bool {
	return q.asks == asksNumber || slices.ContainsFunc(q.tokens, func(t token) bool { return latestWords[t.word] })
}

// isCommand reports whether a text is a command to a bot and nothing else:
// /start, /help@some_bot.
func isCommand(text string) bool { return commandForm.MatchString(strings.TrimSpace(text)) }

var commandForm = regexp.MustCompile(`^/[A-Za-z0-9_]+(@[A-Za-z0-9_]+)?$`)

// onlySmallTalk reports whether a message is a greeting, a word of thanks or the
// like. A question word alone is none: How? follows up.
func onlySmallTalk(tokens []token, lang string) bool {
	if len(tokens) == 1 && isStop(lang, tokens[0].word) {
		return false
	}
	for _, words := range smallTalk() {
		if !slices.ContainsFunc(tokens, func(t token) bool { return !words[t.word] }) {
			return true
		}
	}
	return false
}

// smallTalk holds the words of small talk by language.
var smallTalk = sync.OnceValue(func() map[string]map[string]bool {
	m := make(map[string]map[string]bool)
	for _, row := range rows("smalltalk.tsv") {
		m[row[0]] = setOf(row[1])
	}
	return m
})

func clip(s string) string {
	if len(s) <= longestQuestion {
		return s
	}
	n := longestQuestion
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func isCyrillic(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) >= 0
}

// measures are words behind how that tell what is asked for.
var measures = setOf("many much far long often old large big high tall deep soon late early close near")

var negations = map[string]bool{
	"not": true, "no": true, "never": true, "none": true, "n't": true, "не": true, "нет": true, "ни": true, "ні": true, "без": true,
	"nicht": true, "kein": true, "keine": true, "keinen": true, "sin": true, "nunca": true, "ne": true, "pas": true,
}

// addConcepts takes the content words of the question, each once.
func (q *query) addConcepts(question string) {
	asking := askingPart(question)
	seen := make(map[string]int)
	headAt := q.headPosition()
	for i, t := range q.tokens {
		if negations[t.word] || strings.HasSuffix(t.word, "n't") {
			q.negated = true
		}
		if isStop(q.lang, t.word) || strings.HasSuffix(t.word, "n't") || utf8.RuneCountInString(t.word) < 2 && !isDigit(t.word) {
			if !q.titleWord(question, i) {
				continue
			}
		}
		if i > 0 && q.tokens[i-1].word == "how" && measures[t.word] {
			continue // how many, how far: what is asked, not what is looked for
		}
		weight := 1.0
		if len(asking) == 2 && (t.start < asking[0] || t.start >= asking[1]) {
			weight = .3
		}
		if at, ok := seen[t.term]; ok {
			q.concepts[at].weight = max(q.concepts[at].weight, weight)
			continue
		}
		if len(q.concepts) == mostConcepts {
			break
		}
		seen[t.term] = len(q.concepts)
		c := newConcept(t, weight)
		c.name = t.upper && i > 0 && q.lang != "de" || t.upper && t.word == strings.ToUpper(t.word)
		c.head = i == headAt
		c.rarity = rarityOf(c.term, q.lang)
		if c.name || c.number {
			c.rarity = 1
		}
		q.concepts = append(q.concepts, c)
	}
	if q.lang == "en" {
		q.addPhrases()
	}
	q.markSpeaker()
}

// addPhrases gives the concept that stands in a phrase of the question what may
// stand for the phrase; a phrase of small words only becomes a concept.
func (q *query) addPhrases() {
	for i := range q.tokens {
		for _, g := range phrases().groups[q.tokens[i].term] {
			if !startsWith(q.tokens[i:], g.terms) {
				continue
			}
			c := q.conceptIn(q.tokens[i].start, q.tokens[i+len(g.terms)-1].end)
			if c == nil {
				if len(q.concepts) == mostConcepts {
					return
				}
				q.concepts = append(q.concepts, newConcept(q.tokens[i+len(g.terms)-1], 1))
				c = &q.concepts[len(q.concepts)-1]
				c.rarity = phraseRarity
			}
			c.standIns = append(c.standIns, g.words...)
			c.phrases = append(c.phrases, g.phrases...)
			c.phrases = append(c.phrases, phrase{g.terms, 1})
		}
	}
}

// phraseRarity is the rarity of a phrase of small words.
const phraseRarity = .5

// limiting are words that single one out of many, as superlatives do.
var limiting = setOf("first last only second third final latest earliest biggest largest highest lowest oldest youngest longest worst best most least deadliest closest " +
	"первый первая первое последний последняя единственный единственная самый самая перший перша останній остання єдиний найбільший " +
	"erste ersten erster letzte letzten letzter einzige größte größten höchste primera primero primer última último única único mayor peor mejor")

// addLimits takes the words of the question that single out.
func (q *query) addLimits() {
	for _, t := range q.tokens {
		if limiting[t.word] {
			q.limits = append(q.limits, t.term)
		}
	}
}

// conceptIn returns the first concept between two offsets, or nil.
func (q *query) conceptIn(start, end int) *concept {
	for i := range q.concepts {
		if c := &q.concepts[i]; c.start >= start && c.end <= end && !c.carried {
			return c
		}
	}
	return nil
}

// isStop reports whether word is a stop word of lang, or of the languages of
// its own letters where those are not lang's.
func isStop(lang, word string) bool {
	if stopWords[lang][word] {
		return true
	}
	cyrillic := lang == "ru" || lang == "uk"
	switch {
	case isCyrillic(word) && !cyrillic:
		return stopWords["ru"][word] || stopWords["uk"][word]
	case cyrillic && !isCyrillic(word):
		return stopWords["en"][word]
	}
	return false
}

func newConcept(t token, weight float64) concept {
	return concept{token: t, weight: weight, number: isDigit(t.word)}
}

func isDigit(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsDigit(r)
}

// titleWord reports whether a stop word belongs to a name: it has a capital
// and stands behind one, as in Doctor Who.
func (q *query) titleWord(question string, i int) bool {
	if i == 0 || q.lang == "de" {
		return false
	}
	before, t := q.tokens[i-1], q.tokens[i]
	return t.upper && before.upper && question[before.end:t.start] == " " && !isStop(q.lang, before.word)
}

// askingPart returns the range of the sentence that asks, where a message has
// several sentences and not all of them ask; otherwise nothing.
func askingPart(question string) []int {
	mark := strings.LastIndexAny(question, "?？")
	if mark < 0 {
		return nil
	}
	start := strings.LastIndexAny(question[:mark], ".!?\n") + 1
	if len(strings.Fields(question[start:mark])) < 4 || start < 20 {
		return nil
	}
	return []int{start, mark}
}

// headPosition returns the position of the noun that the question asks for:
// the first content word within three tokens behind which, what, how many.
func (q *query) headPosition() int {
	for i, t := range q.tokens {
		switch t.word {
		case "which", "what", "many", "much", "какой", "какая", "какие", "каком", "сколько", "який", "яка", "які", "скільки", "welche", "welcher", "welches", "viele", "qué", "cuántos", "cuántas":
		default:
			continue
		}
		for j := i + 1; j < len(q.tokens) && j <= i+3; j++ {
			if !stopWords[q.lang][q.tokens[j].word] {
				return j
			}
		}
	}
	return -1
}

// followsUp reports whether a question leans on the one before it: it opens
// with and or but, uses a pronoun, or has at most one content word.
func (q *query) followsUp() bool {
	if len(q.tokens) == 0 {
		return false
	}
	content := 0
	for _, c := range q.concepts {
		if c.weight >= 1 {
			content++
		}
	}
	if content <= 1 || leanOpenings[q.tokens[0].word] {
		return true
	}
	for _, t := range q.tokens {
		if leanWords[t.word] {
			return true
		}
	}
	return false
}

var (
	leanOpenings = setOf("and but so а и но і й але und aber y pero et mais")
	leanWords    = setOf("he she it they him her them his their its that this those these then there he's it's он она оно они его её ее их ему ей им это этот там тогда він вона воно вони його її їх йому їм це там тоді er sie es ihn ihm ihr ihnen das dies dort dann él ella ellos ellas eso esto su sus allí entonces")
)

func setOf(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// carriedWeight is the weight of what a follow-up takes over.
const carriedWeight = .5

// carry takes over the concepts of the question before. Where the follow-up
// names somebody, the names before are dropped: the subject is new.
func (q *query) carry(before *query) {
	named := false
	for _, c := range q.concepts {
		named = named || c.name
	}
	for _, c := range before.concepts {
		if len(q.concepts) == mostConcepts {
			return
		}
		if named && c.name && before.asks == asksStatement && c.speaker {
			continue
		}
		dup := false
		for _, own := range q.concepts {
			dup = dup || own.term == c.term
		}
		if !dup {
			c.weight *= carriedWeight
			c.carried, c.head, c.speaker = true, false, c.speaker && q.asks == asksStatement
			q.concepts = append(q.concepts, c)
		}
	}
	if q.asks == asksWhat && len(q.tokens) <= 2 {
		q.asks = before.asks
	}
}

// markSpeaker finds who is asked about in "what did X say": the first name.
func (q *query) markSpeaker() {
	if q.asks != asksStatement {
		return
	}
	for i := range q.concepts {
		if q.concepts[i].name {
			q.concepts[i].speaker = true
			return
		}
	}
}

// opening is a form in which questions of a kind begin.
type opening struct {
	words []string // "…" stands for one to five words
	asks  asks
}

var openings = sync.OnceValue(func() map[string][]opening {
	m := make(map[string][]opening)
	for _, row := range rows("asks.tsv") {
		m[row[0]] = append(m[row[0]], opening{strings.Fields(row[2]), asks(row[1])})
	}
	return m
})

// asksOf finds what a question asks for: by its opening, or else by the
// longest opening that stands anywhere in it.
func asksOf(tokens []token, lang string) asks {
	best, kind := 0, asksWhat
	for at := range tokens {
		for _, o := range openings()[lang] {
			n := len(o.words)
			if at == 0 {
				n += 100
			} else if n < 2 && o.asks == asksYesNo {
				continue
			}
			if n > best && matchesAt(tokens[at:], o.words) {
				best, kind = n, o.asks
			}
		}
		if at > 40 {
			break
		}
	}
	return kind
}

func matchesAt(tokens []token, words []string) bool {
	if len(words) == 0 {
		return true
	}
	if words[0] == "…" {
		for skip := 1; skip <= 5 && skip <= len(tokens); skip++ {
			if matchesAt(tokens[skip:], words[1:]) {
				return true
			}
		}
		return false
	}
	return len(tokens) > 0 && tokens[0].word == words[0] && matchesAt(tokens[1:], words[1:])
}
