package corpus

import (
	"strings"
	"unicode/utf8"
)

// sideNames maps every name, adjective and institution of a side to the side.
var sideNames = func() map[string]string {
	m := make(map[string]string)
	for _, row := range rows(sidesTSV) {
		for _, field := range row[:min(5, len(row))] {
			for _, name := range splitList(field) {
				name = strings.TrimPrefix(name, "~")
				if _, taken := m[name]; !taken && name != "-" && utf8.RuneCountInString(name) > 1 && strings.ToLower(name) != name {
					m[name] = row[0]
				}
			}
		}
	}
	return m
}()

// SideOf returns the country or organisation for which a speaker speaks, as
// their name and role tell, or "".
func SideOf(speaker, role string) string {
	for _, text := range []string{speaker, role} {
		words := appendWords(nil, text, 0, grammarOf("en"))
		for n := min(5, len(words)); n > 0; n-- { // the longest name first
			for i := 0; i+n <= len(words); i++ {
				parts := make([]string, n)
				for j, w := range words[i : i+n] {
					parts[j] = w.text
				}
				if side := sideNames[strings.Join(parts, " ")]; side != "" {
					return side
				}
			}
		}
	}
	return ""
}
