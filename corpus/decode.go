package corpus

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

var errBinary = errors.New("binary, not text")

// metaCharset finds what an HTML page declares within its first kilobytes.
var metaCharset = regexp.MustCompile(`(?i)<meta[^>]+charset\s*=\s*["']?([a-z0-9_:-]+)`)

// decode returns a file's content as valid UTF-8 with plain line ends. The
// encoding is taken from a byte order mark, from what an HTML page declares,
// or from the bytes themselves.
func decode(data []byte, ending string) (string, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return "", errEmpty
	}
	text, err := decodeBytes(data, ending)
	if err != nil {
		return "", err
	}
	text = strings.ToValidUTF8(strings.TrimPrefix(text, "\ufeff"), "\ufffd")
	if binary(text) {
		return "", errBinary
	}
	text = strings.ReplaceAll(repaired(text), "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n"), nil
}

func decodeBytes(data []byte, ending string) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return decodeWith(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), data)
	case wide(data) != nil:
		return decodeWith(wide(data), data)
	case utf8.Valid(data):
		return string(data), nil
	}
	if strings.HasPrefix(ending, ".htm") {
		if m := metaCharset.FindSubmatch(data[:min(len(data), 4096)]); m != nil {
			if enc, _ := charset.Lookup(string(m[1])); enc != nil {
				return decodeWith(enc, data)
			}
		}
	}
	if mostlyUTF8(data) {
		return string(data), nil
	}
	return decodeWith(singleByte(data), data)
}

// wide returns the encoding of UTF-16 without a byte order mark, or nil: in
// Latin and Cyrillic text every other byte is 0 or 4.
func wide(data []byte) encoding.Encoding {
	sample := data[:min(len(data), 4096)&^1]
	if len(sample) < 32 {
		return nil
	}
	var small [2]int
	for i, c := range sample {
		if c == 0 || c == 4 || c == 0x20 && i%2 == 1 {
			small[i%2]++
		}
	}
	half := len(sample) / 2
	switch {
	case bytes.IndexByte(sample, 0) < 0:
		return nil
	case small[1]*10 >= half*9 && small[0]*2 < half:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case small[0]*10 >= half*9 && small[1]*2 < half:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// leastMojibake is how many runs of letters must turn out to be misread UTF-8
// before a text is repaired.
const leastMojibake = 3

var foreignRun = regexp.MustCompile(`[^\x00-\x7f]+`)

// repaired undoes one round of UTF-8 read as Windows-1252 or 1251, where that
// is certain: every run of letters beyond ASCII turns into valid UTF-8.
func repaired(text string) string {
	if !slices.ContainsFunc([]string{"Ã", "Â", "â€", "Ð", "Ñ", "вЂ", "Р", "С"}, func(sign string) bool { return strings.Contains(text, sign) }) {
		return text
	}
	for _, enc := range []*charmap.Charmap{charmap.Windows1252, charmap.Windows1251} {
		if first := foreignRun.FindString(text); first != "" {
			if _, ok := reread(first, enc); !ok {
				continue
			}
		}
		good, bad := 0, 0
		fixed := foreignRun.ReplaceAllStringFunc(text, func(run string) string {
			if bad > 0 {
				return run
			}
			out, ok := reread(run, enc)
			if !ok {
				bad++
				return run
			}
			good++
			return out
		})
		if bad == 0 && good >= leastMojibake {
			return fixed
		}
	}
	return text
}

// reread writes run as bytes of enc and reads them as UTF-8.
func reread(run string, enc *charmap.Charmap) (string, bool) {
	out := make([]byte, 0, len(run))
	for _, r := range run {
		b, ok := enc.EncodeRune(r)
		if !ok {
			if r > 0xff {
				return "", false
			}
			b = byte(r) // a control character that the encoding does not define
		}
		out = append(out, b)
	}
	return string(out), utf8.Valid(out)
}

func decodeWith(enc encoding.Encoding, data []byte) (string, error) {
	out, err := enc.NewDecoder().Bytes(data)
	return string(out), err
}

// mostlyUTF8 reports whether data is UTF-8 with a few broken places rather
// than text of another encoding.
func mostlyUTF8(data []byte) bool {
	broken, multi := 0, 0
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			broken++
		} else if size > 1 {
			multi++
		}
		data = data[size:]
	}
	return broken*4 < multi
}

// singleByte chooses between the two single-byte encodings of news pages: in
// Cyrillic text most letters stand above 0xC0 and stand together.
func singleByte(data []byte) encoding.Encoding {
	pairs, high := 0, 0
	for i, c := range data {
		if c >= 0xc0 {
			high++
			if i > 0 && data[i-1] >= 0xc0 {
				pairs++
			}
		}
	}
	if pairs*2 > high {
		return charmap.Windows1251
	}
	return charmap.Windows1252
}

// binary reports whether text holds what no article holds: control and broken
// characters in more than one place in twenty, or NUL characters in more than
// one in four hundred.
func binary(text string) bool {
	odd, total := 0, 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == 0 {
			odd += 20
		}
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' {
			odd++
		}
		if c < utf8.RuneSelf || utf8.RuneStart(c) {
			total++
		}
	}
	odd += strings.Count(text, "\ufffd")
	return odd*20 > total
}
