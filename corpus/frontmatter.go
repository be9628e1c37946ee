package corpus

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
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
	opening := frontOpening.FindString(text)
	if opening == "" {
		return meta, text, nil
	}
	rest := text[len(opening):]
	closing := frontClosing.FindStringIndex(rest)
	switch {
	case closing == nil:
		return meta, "", errors.New("front matter: opened with --- but not closed by a line ---")
	case closing[0] > mostFrontMatter:
		return meta, "", errors.New("front matter: too long")
	}
	if err := meta.read(rest[:closing[0]]); err != nil {
		return meta, "", fmt.Errorf("front matter: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return meta, rest[closing[1]:], nil
}

// mostFrontMatter is the length in bytes that front matter may have.
const mostFrontMatter = 64 << 10

var (
	frontOpening = regexp.MustCompile(`^\n*---[ \t]*\n`)
	frontClosing = regexp.MustCompile(`(?m)^---[ \t]*(?:\n|\z)`)
)

// read takes the keys that it knows; unknown ones may be anything, also there
// twice.
func (m *frontMatter) read(head string) error {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(head), &doc); err != nil || len(doc.Content) == 0 {
		return err
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return errors.New("not of the form key: value")
	}
	known := yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(root.Content); i += 2 {
		if key := root.Content[i].Value; slices.Contains(frontKeys, key) && !seen[key] {
			seen[key] = true
			known.Content = append(known.Content, root.Content[i], root.Content[i+1])
		}
	}
	return known.Decode(m)
}

var frontKeys = []string{"title", "author", "publisher", "source", "published", "date", "url", "language"}

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
