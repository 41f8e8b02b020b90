package pack_test

import (
	"io/fs"
	"slices"
	"sync"
	"testing"

	"bihuan/pack"
	"bihuan/packs"
)

// carried are the packs that the binary carries, compiled once: no test changes them.
var carried = sync.OnceValues(func() (*pack.Set, error) { return pack.Load(packs.FS) })

// TestEmbedded compiles every pack that the binary carries.
func TestEmbedded(t *testing.T) {
	set, err := carried()
	if err != nil {
		t.Fatal(err)
	}
	indicators := len(slices.Collect(set.Indicators()))
	if len(set.Packs()) < 6 || len(set.Kinds()) == 0 || len(set.Registers()) == 0 || indicators == 0 {
		t.Errorf("got %d packs, %d kinds, %d registers, %d indicators", len(set.Packs()), len(set.Kinds()), len(set.Registers()), indicators)
	}
}

// BenchmarkLoad compiles every pack that the binary carries, as each start does, and with their cases.
func BenchmarkLoad(b *testing.B) {
	for name, load := range map[string]func(fs.FS, ...string) (*pack.Set, error){"to run": pack.LoadToRun, "with cases": pack.Load} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := load(packs.FS); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
