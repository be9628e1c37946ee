package corpus

import (
	_ "embed"
	"regexp"
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

// pageLine is one line of a copied page.
type pageLine struct {
	text   string
	block  int               // lines of one block have no blank line between them
	kind   string            // of the rule that matched, or ""
	groups map[string]string // named groups of that rule
}

// classify finds the first rule that matches a line.
func classify(line string) (kind string, groups map[string]string) {
	if utf8.RuneCountInString(line) > longestRuleLine {
		return "", nil
	}
	for _, rule := range pageRules() {
		m := rule.pattern.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		for i, name := range rule.pattern.SubexpNames() {
			if name != "" && m[i] != "" {
				if groups == nil {
					groups = make(map[string]string)
				}
				groups[name] = m[i]
			}
		}
		return rule.kind, groups
	}
	return "", nil
}
