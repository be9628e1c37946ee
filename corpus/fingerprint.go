package corpus

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"sync"
)

// readingVersion changes whenever code changes what is read from a file; data
// files are watched by themselves.
const readingVersion = "1"

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
	return hex.EncodeToString(h.Sum(nil))
})
