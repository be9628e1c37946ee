package index

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"onrecord/corpus"
)

// The sketches of the articles of a part lie beside it, in their order, for
// recognising copies among articles that come later: the number of sentences
// and their hashes, eight bytes each, then of paragraphs, four bytes each.

func writeSketch(w io.Writer, s corpus.Sketch) error {
	b := binary.AppendUvarint(nil, uint64(len(s.Sentences)))
	for _, h := range s.Sentences {
		b = binary.LittleEndian.AppendUint64(b, h)
	}
	b = binary.AppendUvarint(b, uint64(len(s.Paragraphs)))
	for _, h := range s.Paragraphs {
		b = binary.LittleEndian.AppendUint32(b, h)
	}
	_, err := w.Write(b)
	return err
}

// readSketches reads those of all parts of a generation.
func readSketches(path string, parts int) ([]corpus.Sketch, error) {
	var out []corpus.Sketch
	for n := range parts {
		f, err := os.Open(filepath.Join(path, partFile(sketchPrefix, n)))
		if err != nil {
			return nil, err
		}
		out, err = appendSketches(out, bufio.NewReader(f))
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", partFile(sketchPrefix, n), err)
		}
	}
	return out, nil
}

// mostHashes bounds the entries of a sketch.
const mostHashes = corpus.MaxFileSize

func appendSketches(out []corpus.Sketch, r *bufio.Reader) ([]corpus.Sketch, error) {
	for {
		n, err := binary.ReadUvarint(r)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil || n > mostHashes {
			return out, errDamaged
		}
		s := corpus.Sketch{Sentences: make([]uint64, n)}
		if err := binary.Read(r, binary.LittleEndian, s.Sentences); err != nil {
			return out, errDamaged
		}
		if n, err = binary.ReadUvarint(r); err != nil || n > mostHashes {
			return out, errDamaged
		}
		s.Paragraphs = make([]uint32, n)
		if err := binary.Read(r, binary.LittleEndian, s.Paragraphs); err != nil {
			return out, errDamaged
		}
		out = append(out, s)
	}
}
