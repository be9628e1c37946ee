package say

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Message is a message of the bot, a key of the files in words. Those with a
// verb in their text take the arguments named in the comment.
type Message string

// The messages.
const (
	Start            Message = "start"              // topic
	StartGroup       Message = "start-group"        // username
	StartGroupHidden Message = "start-group-hidden" // username; where Telegram hides mentions
	Help             Message = "help"               // username
	HelpAdmin        Message = "help-admin"
	About            Message = "about"   // topic
	Privacy          Message = "privacy" // what is kept
	PrivacyJournal   Message = "privacy-journal"
	PrivacyKept      Message = "privacy-kept"
	PrivacyNotKept   Message = "privacy-not-kept"
	AskHow           Message = "ask-how"
	Nothing          Message = "nothing" // topic
	NothingGroup     Message = "nothing-group"
	NoText           Message = "no-text"
	Unknown          Message = "unknown"
	Failed           Message = "failed"
	TooMany          Message = "too-many"
	OutOfDate        Message = "out-of-date"
	Gone             Message = "gone"
	Sources          Message = "sources" // number of articles
	AdminsOnly       Message = "admins-only"
	NotForward       Message = "not-forward"
	NotAnonymous     Message = "not-anonymous"
	Reindexing       Message = "reindexing"
	ReindexAt        Message = "reindex-at" // done, total
	ReindexBusy      Message = "reindex-busy"
	ReindexDone      Message = "reindex-done"   // what changed
	ReindexFailed    Message = "reindex-failed" // why
	ReindexStopped   Message = "reindex-stopped"
	Status           Message = "status" // articles, passages, files skipped, when read, where kept, whether busy, uptime, questions, waiting, ratings
	StatusMemory     Message = "status-memory"
	StatusDisk       Message = "status-disk"
	StatusBusy       Message = "status-busy"
	TooLong          Message = "too-long"
	More             Message = "more"
	First            Message = "first"
	Around           Message = "context"
	Back             Message = "back"
	Source           Message = "source"
	Share            Message = "share"
	Previous         Message = "previous"
	Next             Message = "next"
	ThanksGood       Message = "thanks-good"
	ThanksBad        Message = "thanks-bad"
	InlineTip        Message = "inline-tip"
	InlineTipText    Message = "inline-tip-text"
	InlineNothing    Message = "inline-nothing"
	Description      Message = "description"       // of the bot's empty chat, at most 512 characters
	ShortDescription Message = "short-description" // of its profile, at most 120

	changesLine    Message = "changes" // articles, passages, added, changed, removed, skipped, time
	changesSkipped Message = "changes-skipped"
	changesMore    Message = "changes-more"
	topicNone      Message = "topic-none"
	topicOne       Message = "topic-one"
	topicAll       Message = "topic-all"
	topicSome      Message = "topic-some"
	titleMarks     Message = "title"
	quotedIn       Message = "quoted-in"
	reportedIn     Message = "reported-in"
	reportedBy     Message = "reported-by"
	andOthers      Message = "and-others"
	sameArticle    Message = "same-article"
)

// Noun is something that is counted, a key of counts in the files in words.
type Noun string

// The nouns.
const (
	Article  Noun = "article"
	File     Noun = "file"
	Passage  Noun = "passage"
	Question Noun = "question"
)

// wording is what a file in words holds.
type wording struct {
	Messages map[Message]string         `yaml:"messages"`
	Commands map[string]string          `yaml:"commands"`
	Counts   map[Noun]map[string]string `yaml:"counts"`
	Months   []string                   `yaml:"months"`
	Day      string                     `yaml:"day"`
	tag      language.Tag
}

//go:embed words
var files embed.FS

// wordings holds every language by its code. The files are part of the
// program: one that cannot be read is a fault that the first test finds.
var wordings = sync.OnceValue(func() map[string]*wording {
	out := make(map[string]*wording)
	names, err := fs.Glob(files, "words/*.yaml")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		raw, err := files.ReadFile(name)
		w := &wording{}
		if err == nil {
			err = yaml.Unmarshal(raw, w)
		}
		if err != nil {
			panic(fmt.Errorf("%s: %w", name, err))
		}
		code := strings.TrimSuffix(strings.TrimPrefix(name, "words/"), ".yaml")
		w.tag = language.Make(code)
		out[code] = w
	}
	return out
})

// English stands in for what is not spoken.
const English = "en"

// Languages returns the codes of what the bot speaks, English first.
func Languages() []string {
	codes := slices.Sorted(maps.Keys(wordings()))
	i := slices.Index(codes, English)
	return append([]string{English}, slices.Delete(codes, i, i+1)...)
}

// in returns the wording for a language code of Telegram's, such as pt-BR.
func in(lang string) *wording {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w := wordings()[base]; w != nil {
		return w
	}
	return wordings()[English]
}

// Text returns a message in a language, English where that is not spoken, with
// its arguments filled in.
func Text(lang string, m Message, args ...any) string {
	text := in(lang).Messages[m]
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// CommandHelp returns the description of a command, or "".
func CommandHelp(lang, command string) string { return in(lang).Commands[command] }

var pluralForms = map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}

// Count writes a number with its noun.
func Count(lang string, n int, noun Noun) string {
	w := in(lang)
	forms := w.Counts[noun]
	form, ok := forms[pluralForms[plural.Cardinal.MatchPlural(w.tag, n, 0, 0, 0, 0)]]
	if !ok {
		form = forms["other"]
	}
	return fmt.Sprintf(form, n)
}

// Day writes an ISO date for reading: 30 December 2025.
func Day(lang, iso string) string {
	if len(iso) < len(time.DateOnly) {
		return iso
	}
	t, err := time.Parse(time.DateOnly, iso[:len(time.DateOnly)])
	if err != nil {
		return iso
	}
	w := in(lang)
	return fmt.Sprintf(w.Day, t.Day(), w.Months[t.Month()-1], t.Year())
}
