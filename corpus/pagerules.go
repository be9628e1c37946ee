package corpus

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed data/page-rules.tsv
var pageRulesTSV string

// pageRule recognises a line of a copied page that is no part of the article's
// text. The table says what it is; named groups hold what is worth keeping.
type pageRule struct {
	kind     string
	language string
	pattern  *regexp.Regexp
	example  string
}

var pageRules = sync.OnceValue(func() []pageRule {
	var rules []pageRule
	for _, row := range rows(pageRulesTSV) {
		rules = append(rules, pageRule{row[0], row[1], regexp.MustCompile("(?i)" + row[2]), row[3]})
	}
	return rules
})

// longestRuleLine is the length in characters above which no line is
// boilerplate of a known form.
const longestRuleLine = 420

// shortLine is the length in characters up to which every kind of line is
// looked for; longer ones can only be of the kinds in longKinds.
const shortLine = 120

var longKinds = []string{"bio", "caption", "comments", "contrib", "cookies", "copyright", "correction", "newsletter", "paywall", "related", "updated", "ads", "follow", "nav", "meta"}

// ruleSet holds the rules that can matter on a page of one language, and what
// finds those that can match a line: all for a short line, or those of the
// kinds that long lines can be of.
type ruleSet struct {
	all, long           []pageRule
	allFinds, longFinds *patternSet
}

var ruleSets sync.Map // of language to *ruleSet

// rulesFor returns the rules of a page's language, of English, whose furniture
// stands on pages of every language, and of any.
func rulesFor(lang string) *ruleSet {
	if set, ok := ruleSets.Load(lang); ok {
		return set.(*ruleSet)
	}
	set := &ruleSet{}
	for _, r := range pageRules() {
		if lang != "" && r.language != lang && r.language != "en" && r.language != "any" {
			continue
		}
		set.all = append(set.all, r)
		if slices.Contains(longKinds, r.kind) {
			set.long = append(set.long, r)
		}
	}
	set.allFinds, set.longFinds = newPatternSet(patternsOf(set.all)), newPatternSet(patternsOf(set.long))
	ruleSets.Store(lang, set)
	return set
}

func patternsOf(rules []pageRule) []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(rules))
	for i, r := range rules {
		out[i] = r.pattern
	}
	return out
}

// classify finds the first rule of a page's language that matches a line.
func classify(line, lang string) (kind string, groups map[string]string) {
	n := utf8.RuneCountInString(line)
	if n > longestRuleLine {
		return "", nil
	}
	set := rulesFor(lang)
	rules, finds := set.all, set.allFinds
	if n > shortLine {
		rules, finds = set.long, set.longFinds
	}
	for _, i := range finds.candidates(strings.ToLower(line)) {
		m := rules[i].pattern.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		for g, name := range rules[i].pattern.SubexpNames() {
			if name != "" && m[g] != "" {
				if groups == nil {
					groups = make(map[string]string)
				}
				groups[name] = m[g]
			}
		}
		return rules[i].kind, groups
	}
	return "", nil
}
