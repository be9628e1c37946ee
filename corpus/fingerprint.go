package corpus

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sync"
)

// readingVersion changes with a change of code that the probes do not show.
const readingVersion = "4"

// probes are small files with something of everything: what is read from them
// tells one way of reading from another.
var probes = []struct{ name, text string }{
	{"a.md", "---\ntitle: A\n---\n# B\n\n## C\n\nMayor Ann Bell said: \"It is *open*.\" She left at 5 p.m. on Dec. 3.[^a]\n\n- one\n- two\n\n|x|y|\n|-|-|\n|1|2|\n\n> q\n\n[^a]: P, \"T\", 2025-12-30, https://p.example/"},
	{"a.txt", "The Post\nThe Post\n\nA bridge opens after three long years of work\n\nBy Ann Bell\n30 December 2025\n\nThe bridge opened on Tuesday, and 'nobody was hurt', the mayor of the town, Tom Dell, said to reporters.\n\nRead more: Old bridge\n\n«Мост открыт», — сказал министр Иван Петров, и добавил, что по мосту уже прошли две тысячи человек.\n\n© 2025 The Post"},
	{"a.html", "<html lang=en><head><title>T</title></head><body><article><h1>T</h1><p>One &amp; two<br>three.</p><ul><li>a</li></ul><table><tr><td>1</td><td>2</td></tr></table></article></body></html>"},
}

//go:embed data
var dataFiles embed.FS

// Fingerprint identifies how files are read: a record that was built with
// another fingerprint is built again.
var Fingerprint = sync.OnceValue(func() string {
	h := sha256.New()
	h.Write([]byte(readingVersion))
	_ = fs.WalkDir(dataFiles, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := dataFiles.ReadFile(name)
		h.Write([]byte(name))
		h.Write(b)
		return err
	})
	for _, p := range probes {
		a, err := Parse(p.name, []byte(p.text))
		fmt.Fprintf(h, "%+v %v\n", a, err)
	}
	return hex.EncodeToString(h.Sum(nil))
})
