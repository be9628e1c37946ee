package corpus

import (
	"strings"
	"testing"
)

// BenchmarkParse reads one article of each form, repeated to the length of a
// news page.
func BenchmarkParse(b *testing.B) {
	for _, s := range seeds[:3] {
		head, body, _ := strings.Cut(s.text, "\n\n")
		text := []byte(head + "\n\n" + strings.Repeat(body+"\n\n", 8))
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := Parse(s.name, text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
