package index

import (
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onrecord/corpus"
)

// Question is what somebody asks.
type Question struct {
	Text  string
	After string // the question before it, which a follow-up leans on
	Limit int    // how many quotes are wanted; 3 when 0
	// Explain asks for the reasons of every quote.
	Explain bool
}

// Answer is what is on record: quotes, best first.
type Answer struct {
	Question   string        `json:"question"`
	Answered   bool          `json:"answered"`   // whether the quotes are worth showing
	Confidence float64       `json:"confidence"` // 0 to 1, how sure it is that the answer is on record
	Took       time.Duration `json:"-"`
	Quotes     []Quote       `json:"quotes"` // the best there are, even where not answered
}

// Quote is a contiguous piece of one paragraph of an article as read: Text is
// exactly bytes Start to End of it.
type Quote struct {
	Text       string          `json:"text"`
	Speaker    string          `json:"speaker,omitempty"` // of the answering sentence; empty when nobody or several
	Role       string          `json:"role,omitempty"`    // the speaker's, as the article gives it
	Direct     bool            `json:"-"`                 // the speaker's own words stand in it
	Article    string          `json:"article"`
	Paragraph  int             `json:"paragraph"`
	Start      int             `json:"start"`
	End        int             `json:"end"`
	Heading    string          `json:"heading,omitempty"`
	Title      string          `json:"title,omitempty"`
	Author     string          `json:"author,omitempty"`
	Publisher  string          `json:"publisher,omitempty"`
	Published  string          `json:"published,omitempty"`
	URL        string          `json:"url,omitempty"`
	Link       string          `json:"link,omitempty"` // URL with a text fragment that opens the page at the quote
	Language   string          `json:"language,omitempty"`
	ReportedBy []corpus.Source `json:"reported_by,omitempty"`
	Score      float64         `json:"score"` // chance that the answer lies in it
	Marks      []corpus.Span   `json:"-"`     // words of the question in Text, byte ranges
	Why        []Reason        `json:"why,omitempty"`
}

// Reason is a feature's part in the choice of a quote.
type Reason struct {
	Feature string  `json:"feature"`
	Value   float64 `json:"value"`
	Weight  float64 `json:"weight"`
}

// textFragment returns address with a text fragment that finds quote on the
// page (WICG Scroll To Text Fragment): the whole quote when it is short, else
// its first and last words.
func textFragment(address, quote string) string {
	if address == "" {
		return ""
	}
	words := strings.Fields(quote)
	const ends = 5
	fragment := escapeFragment(strings.Join(words, " "))
	if len(words) > 2*ends+2 {
		fragment = escapeFragment(strings.Join(words[:ends], " ")) + "," + escapeFragment(strings.Join(words[len(words)-ends:], " "))
	}
	if strings.Contains(address, "#") {
		return address + ":~:text=" + fragment
	}
	return address + "#:~:text=" + fragment
}

// escapeFragment escapes a part of a text fragment, in which commas, hyphens
// and ampersands have a meaning.
func escapeFragment(s string) string {
	return fragmentMarks.Replace(url.PathEscape(s))
}

// fragmentMarks escapes what PathEscape leaves.
var fragmentMarks = strings.NewReplacer("-", "%2D", ",", "%2C", "&", "%26")

// marksIn returns where words of the question stand in a quote, joined where
// they are neighbours.
func marksIn(q *query, s *scored, span corpus.Span) []corpus.Span {
	var out []corpus.Span
	for i, t := range s.tokens {
		if t.start < span.Start || t.end > span.End {
			continue
		}
		best := 0.0
		for k, sim := range s.words[i].sims {
			if q.concepts[k].weight >= carriedWeight {
				best = max(best, sim)
			}
		}
		if best < .6 {
			continue
		}
		at := corpus.Span{Start: t.start - span.Start, End: t.end - span.Start}
		if n := len(out); n > 0 && onlySpace(s.passage.text[out[n-1].End+span.Start:t.start]) {
			out[n-1].End = at.End
			continue
		}
		out = append(out, at)
	}
	return out
}

func onlySpace(s string) bool {
	return utf8.RuneCountInString(s) <= 1 && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && r != '-' }) < 0
}
