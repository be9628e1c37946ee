package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// asRead collapses runs of white space to one space and removes characters
// that show nothing. It is the only change made to an article's words.
func asRead(s string) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	last := rune(0)
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029' || r == 0:
			space = true
			continue
		case invisible(r) && (r != '\u200d' || !emoji(last)):
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// asReadKind is asRead, keeping the tabs between a table row's cells.
func asReadKind(s string, k Kind) string {
	if k != TableRow {
		return asRead(s)
	}
	cells := strings.Split(s, "\t")
	for i, c := range cells {
		cells[i] = asRead(c)
	}
	return strings.TrimRight(strings.Join(cells, "\t"), "\t")
}

// clean reports whether asRead would change nothing, for the common case.
func clean(s string) bool {
	if s == "" {
		return true
	}
	space := true // a leading space is not clean
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == ' ':
			if space {
				return false
			}
			space = true
		case c < ' ' || c == 0x7f || c >= utf8.RuneSelf:
			return cleanRunes(s)
		default:
			space = false
		}
	}
	return !space
}

func cleanRunes(s string) bool {
	space := true
	for _, r := range s {
		switch {
		case r == ' ':
			if space {
				return false
			}
			space = true
		case unicode.IsSpace(r), invisible(r), r == utf8.RuneError, r == '\u2028', r == '\u2029', r == 0:
			return false
		default:
			space = false
		}
	}
	return !space
}

// invisible reports whether r shows nothing: zero-width and bidirectional
// controls, soft hyphens, other control characters.
func invisible(r rune) bool {
	switch {
	case r == '\u00ad', r == '\u034f', r == '\u061c', r == '\ufeff', r == '\u180e':
		return true
	case r >= '\u200b' && r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u206f':
		return true
	case r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return unicode.IsControl(r) && !unicode.IsSpace(r)
}

// emoji reports whether r may stand before a zero-width joiner that joins
// pictures: there the joiner is part of what is seen.
func emoji(r rune) bool { return r >= 0x1f000 || r == '\ufe0f' || (r >= 0x2600 && r <= 0x27bf) }
