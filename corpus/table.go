package corpus

import "strings"

// rows splits a data file into its rows of tab-separated fields, leaving out
// blank lines and the comment lines that begin with #.
func rows(tsv string) [][]string {
	var out [][]string
	for line := range strings.SplitSeq(tsv, "\n") {
		if line = strings.TrimRight(line, "\r"); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}

// splitList splits a field that holds several values.
func splitList(field string) []string {
	var out []string
	for v := range strings.SplitSeq(field, ";") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}
