package corpus

import (
	"bytes"
	"errors"
	"regexp"
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
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n"), nil
}

func decodeBytes(data []byte, ending string) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return decodeWith(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), data)
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

// binary reports whether text holds what no article holds: NUL characters, or
// control and broken characters in more than one place in twenty.
func binary(text string) bool {
	odd, total := 0, 0
	for _, r := range text {
		if r == 0 {
			odd += 20
		}
		if r == utf8.RuneError || (r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f') {
			odd++
		}
		total++
	}
	return odd*20 > total
}
