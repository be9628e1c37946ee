package index

import (
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
)

// token is a word of a text as the index knows it.
type token struct {
	*lexeme
	start, end int  // byte offsets in the text
	upper      bool // begins with a capital
}

// lexeme is what is known of a word however often it stands somewhere.
type lexeme struct {
	raw       string // as it is written
	hash      uint32 // of raw
	term      string // stem, folded; what is searched
	word      string // lower case, not stemmed
	class     wordClass
	grams     grams // of the stem
	mask      uint64
	fourGrams []uint32 // of the word, hashed

	everywhere bool // not indexed: nearly every passage has it
}

// analyze splits text into tokens. Words are sequences of letters and digits
// with inner apostrophes and hyphens split; a possessive ending is cut, dots
// inside acronyms and commas inside numbers are dropped.
func analyze(text, lang string) []token {
	tokens := make([]token, 0, len(text)/5+1)
	eachToken(text, lang, func(t token) { tokens = append(tokens, t) })
	return tokens
}

// eachToken visits the tokens that analyze returns.
func eachToken(text, lang string, visit func(token)) {
	known := lexemesOf(lang, isShouting(text))
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			i += size
			continue
		}
		end := wordEnd(text, i)
		visit(token{known.of(text[i:end]), i, end, unicode.IsUpper(r)})
		i = end
	}
}

// lexemes caches the lexemes of words as they are written, in texts of one
// language. A word has two places by its hash; who comes last takes the first
// of them and moves who was there to the second.
type lexemes struct {
	lang     string
	shouting bool // texts in capitals
	slots    [lexemeSlots]atomic.Pointer[lexeme]
}

const lexemeSlots = 1 << 15

type lexemesKey struct {
	lang     string
	shouting bool
}

var (
	allLexemes sync.Map // lexemesKey to *lexemes
	lexemeSeed = maphash.MakeSeed()
)

func lexemesOf(lang string, shouting bool) *lexemes {
	if _, ok := stemmers[lang]; !ok && lang != "uk" {
		lang = "" // all languages without rules of their own are read alike
	}
	key := lexemesKey{lang, shouting}
	if l, ok := allLexemes.Load(key); ok {
		return l.(*lexemes)
	}
	l, _ := allLexemes.LoadOrStore(key, &lexemes{lang: lang, shouting: shouting})
	return l.(*lexemes)
}

// of returns the lexeme of a word.
func (l *lexemes) of(raw string) *lexeme {
	hash := uint32(maphash.String(lexemeSeed, raw))
	first, second := &l.slots[hash%lexemeSlots], &l.slots[hash%lexemeSlots^1]
	was := first.Load()
	if was != nil && was.raw == raw {
		return was
	}
	if known := second.Load(); known != nil && known.raw == raw {
		return known
	}
	made := newLexeme(strings.Clone(raw), l.lang, l.shouting) // raw is part of a text
	made.hash = hash
	if was != nil {
		second.Store(was)
	}
	first.Store(made)
	return made
}

// wordEnd returns the end of the word that begins at i.
func wordEnd(text string, i int) int {
	start := i
	digits := true
	for i < len(text) {
		if c := text[i] | 0x20; 'a' <= c && c <= 'z' {
			digits = false
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			digits = false
		case unicode.IsDigit(r):
		default:
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			inner := apostrophe(r) && unicode.IsLetter(next) ||
				(r == '.' || r == ',') && digits && unicode.IsDigit(next) ||
				r == '.' && acronymDot(text, start, i, next)
			if !inner {
				return i
			}
		}
		i += size
	}
	return i
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// acronymDot reports whether the dot at i stands between single capitals, as
// in U.S.
func acronymDot(text string, start, i int, next rune) bool {
	if !unicode.IsUpper(next) {
		return false
	}
	last, size := utf8.DecodeLastRuneInString(text[start:i])
	before := text[start : i-size]
	return unicode.IsUpper(last) && (before == "" || strings.HasSuffix(before, "."))
}

// newLexeme works out the lexeme of a word as it is written.
func newLexeme(raw, lang string, shouting bool) *lexeme {
	first, _ := utf8.DecodeRuneInString(raw)
	word := strings.ToLower(raw)
	if strings.ContainsAny(word, "'’ʼ.,") {
		word = strings.Map(func(r rune) rune {
			switch r {
			case '’', 'ʼ':
				return '\''
			case '.':
				if unicode.IsDigit(first) {
					return r
				}
				return -1
			case ',':
				return -1
			}
			return r
		}, word)
		word = strings.TrimSuffix(word, "'s")
	}
	l := &lexeme{raw: raw, word: word, class: wordClasses[word]}
	// A stop word in capitals is a name: US, WHO, IT.
	if unicode.IsUpper(first) && !shouting && len(word) >= 2 && len(word) <= 3 && strings.ToUpper(word) == strings.ReplaceAll(raw, ".", "") && stopWords[lang][word] {
		l.word = strings.ToUpper(word)
		l.term = l.word
		l.class = wordClasses[l.word]
	} else {
		l.term = stem(word, lang)
	}
	l.grams = gramsOf(l.term)
	l.mask = maskOf(l.grams)
	l.fourGrams = fourGramsOf(l.word)
	l.everywhere = standsEverywhere(lang, l.word, l.term)
	return l
}

// isShouting reports whether most letters of text are capitals.
func isShouting(text string) bool {
	upper, lower := 0, 0
	for _, r := range text {
		switch {
		case 'a' <= r && r <= 'z':
			lower++
		case 'A' <= r && r <= 'Z':
			upper++
		case r < utf8.RuneSelf:
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper > lower
}

// stems caches what the stemmers gave; it is emptied when it grows large.
var stems = struct {
	sync.RWMutex
	m map[[2]string]string
}{m: make(map[[2]string]string)}

const stemCacheSize = 1 << 16

// stem reduces a word to its stem by the rules of its language, or of the
// language of its letters where those differ.
func stem(word, lang string) string {
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case unicode.IsDigit(first):
		return word
	case unicode.Is(unicode.Cyrillic, first):
		if lang != "ru" && lang != "uk" {
			lang = "ru"
		}
	case lang == "ru" || lang == "uk":
		lang = "en"
	}
	key := [2]string{lang, word}
	stems.RLock()
	s, ok := stems.m[key]
	stems.RUnlock()
	if ok {
		return s
	}
	s = foldLetters(stemOf(word, lang))
	stems.Lock()
	if len(stems.m) >= stemCacheSize {
		clear(stems.m)
	}
	stems.m[key] = s
	stems.Unlock()
	return s
}

func stemOf(word, lang string) string {
	if lang == "uk" {
		return stemUkrainian(word)
	}
	run, ok := stemmers[lang]
	if !ok {
		return word
	}
	if lang == "ru" {
		word = strings.ReplaceAll(word, "ё", "е")
	}
	if lang == "en" {
		if lemma, ok := irregular[word]; ok {
			word = lemma
		}
	}
	env := snowballstem.NewEnv(word)
	run(env)
	return env.Current()
}

var stemmers = map[string]func(*snowballstem.Env) bool{
	"en": english.Stem, "ru": russian.Stem, "de": german.Stem, "es": spanish.Stem, "fr": french.Stem,
}

// foldLetters drops the marks of Latin letters, so that Orbán is Orban.
func foldLetters(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return letterFolds.Replace(s)
}

var letterFolds = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ä", "a", "ã", "a", "å", "a", "ą", "a", "ă", "a", "æ", "ae", "ç", "c", "ć", "c", "č", "c",
	"ď", "d", "đ", "d", "é", "e", "è", "e", "ê", "e", "ë", "e", "ę", "e", "ě", "e", "ğ", "g", "í", "i", "ì", "i", "î", "i", "ï", "i", "ı", "i",
	"ł", "l", "ñ", "n", "ń", "n", "ň", "n", "ó", "o", "ò", "o", "ô", "o", "ö", "o", "õ", "o", "ø", "o", "ő", "o", "œ", "oe", "ř", "r",
	"ś", "s", "š", "s", "ş", "s", "ș", "s", "ß", "ss", "ť", "t", "ţ", "t", "ț", "t", "ú", "u", "ù", "u", "û", "u", "ü", "u", "ů", "u", "ű", "u",
	"ý", "y", "ź", "z", "ż", "z", "ž", "z", "ё", "е", "ґ", "г",
)
