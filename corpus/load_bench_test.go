package corpus

import (
	"context"
	"os"
	"testing"
)

// BenchmarkLoad reads the folder of articles that ONRECORD_BENCH_CORPUS names.
func BenchmarkLoad(b *testing.B) {
	name := os.Getenv("ONRECORD_BENCH_CORPUS")
	if name == "" {
		b.Skip("ONRECORD_BENCH_CORPUS names no folder of articles")
	}
	fsys, closer, err := Dir(name)
	if err != nil {
		b.Fatal(err)
	}
	defer closer.Close()
	for b.Loop() {
		bytes := int64(0)
		for f := range Load(context.Background(), fsys) {
			bytes += f.Stamp.Size
		}
		b.SetBytes(bytes)
	}
}
