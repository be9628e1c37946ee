package corpus

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// frontMatter is what an operator writes between two lines of --- at the top
// of a file. It wins over what the page says.
type frontMatter struct {
	Title     string `yaml:"title"`
	Author    names  `yaml:"author"`
	Publisher string `yaml:"publisher"`
	Source    string `yaml:"source"` // another word for publisher
	Published string `yaml:"published"`
	Date      string `yaml:"date"` // another word for published
	URL       string `yaml:"url"`
	Language  string `yaml:"language"`
}

// names is one name or a list of names.
type names string

func (n *names) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.SequenceNode {
		*n = names(node.Value)
		return nil
	}
	var list []string
	for _, item := range node.Content {
		list = append(list, item.Value)
	}
	*n = names(strings.Join(list, ", "))
	return nil
}

// cutFrontMatter splits the front matter off. Text that opens with --- but is
// not closed, or is not YAML, is an error: the operator meant something by it.
func cutFrontMatter(text string) (frontMatter, string, error) {
	var meta frontMatter
	rest, ok := strings.CutPrefix(strings.TrimLeft(text, "\n"), "---\n")
	if !ok {
		return meta, text, nil
	}
	head, body, ok := strings.Cut("\n"+rest, "\n---\n")
	if !ok {
		if head, ok = strings.CutSuffix("\n"+strings.TrimRight(rest, "\n"), "\n---"); !ok {
			return meta, "", errors.New("front matter: opened with --- but not closed by a line ---")
		}
		body = ""
	}
	if err := yaml.Unmarshal([]byte(head), &meta); err != nil {
		return meta, "", fmt.Errorf("front matter: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return meta, body, nil
}

// overlay puts what the front matter says over what the page says.
func (m frontMatter) overlay(a *Article) {
	set := func(dst *string, values ...string) {
		for _, v := range values {
			if v = strings.TrimSpace(v); v != "" {
				*dst = v
				return
			}
		}
	}
	set(&a.Title, m.Title)
	set(&a.Author, string(m.Author))
	set(&a.Publisher, m.Publisher, m.Source)
	set(&a.URL, m.URL)
	set(&a.Language, baseLanguage(m.Language))
	if raw := strings.TrimSpace(m.Published + m.Date); raw != "" {
		set(&raw, m.Published, m.Date)
		if iso := parseDate(raw); iso != "" {
			a.Published = iso
		} else {
			a.Warnings = append(a.Warnings, fmt.Sprintf("front matter: cannot read the date %q; write it as 2025-12-30", raw))
		}
	}
	if m.URL != "" && webURL(m.URL) == "" {
		a.Warnings = append(a.Warnings, fmt.Sprintf("front matter: url %q is not an http or https address", m.URL))
	}
}
