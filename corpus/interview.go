package corpus

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// What makes an article an interview: how many questions at least, and what
// share of its paragraphs in percent.
const (
	leastQuestions = 3
	questionShare  = 18
	longestAsked   = 600 // characters of a question
)

// speakerLabel is who speaks, before a colon at the head of a paragraph.
var speakerLabel = regexp.MustCompile(`^(?:— )?(\p{Lu}[\p{L}.’'ʼ-]{0,24}(?: \p{Lu}[\p{L}.’'ʼ-]{0,24}){0,2})(?: \([^()]{2,40}\))?: `)

// askLabels are labels of whoever asks, in lower case.
var askLabels = wordSet("q question frage f вопрос в питання п pregunta p journalist reporter корреспондент кореспондент")

// questions marks the paragraphs of an interview in which the interviewer
// asks: those with the label that asks, or all
// that end in a question mark where there are enough of them.
func questions(a *Article) {
	if asking := askingLabel(a.Paragraphs); asking != "" {
		for i := range a.Paragraphs {
			if label(a.Paragraphs[i].Text) == asking {
				a.Paragraphs[i].Kind = Question
			}
		}
		return
	}
	asked, prose, twice := 0, 0, 0
	was := false
	for _, p := range a.Paragraphs {
		if p.Kind == Question {
			return // the page marks them itself
		}
		if p.Kind != Prose {
			continue
		}
		prose++
		is := asks(p.Text)
		if is {
			asked++
			if was {
				twice++
			}
		}
		was = is
	}
	if asked < leastQuestions || asked*100 < prose*questionShare || twice*3 > asked {
		return
	}
	for i := range a.Paragraphs {
		if p := &a.Paragraphs[i]; p.Kind == Prose && asks(p.Text) && i+1 < len(a.Paragraphs) {
			p.Kind = Question
		}
	}
}

// asks reports whether a paragraph has the form of a question.
func asks(text string) bool {
	n := utf8.RuneCountInString(text)
	return n <= longestAsked && strings.HasSuffix(text, "?")
}

func label(text string) string {
	if m := speakerLabel.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// askingLabel returns the label of the interviewer, where paragraphs open with
// two labels or more by turns: the one that asks most.
func askingLabel(paragraphs []Paragraph) string {
	times, asked := make(map[string]int), make(map[string]int)
	for _, p := range paragraphs {
		if l := label(p.Text); l != "" {
			times[l]++
			if strings.Contains(p.Text, "?") {
				asked[l]++
			}
		}
	}
	repeated, best := 0, ""
	for l, n := range times {
		if n >= 2 {
			repeated++
		}
		if n >= 2 && askLabels[strings.ToLower(strings.TrimSuffix(l, "."))] && (best == "" || n > times[best] || n == times[best] && l < best) {
			best = l
		}
	}
	if repeated < 2 {
		return ""
	}
	if best != "" {
		return best
	}
	for l, n := range times {
		if n >= 2 && asked[l]*3 >= n*2 && (best == "" || asked[l] > asked[best] || asked[l] == asked[best] && l < best) {
			best = l
		}
	}
	return best
}
