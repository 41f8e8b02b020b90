package storetest

import (
	"path/filepath"
	"testing"

	"bihuan/store"
)

func TestSQLite(t *testing.T) { Run(t, opener(store.Options{})) }

// TestSQLiteAsIfLarge has lists choose their way as they do with many rows.
func TestSQLiteAsIfLarge(t *testing.T) {
	Run(t, opener(store.Options{Narrow: 1, Group: 3, Readers: 1}))
	Run(t, opener(store.Options{Narrow: 7, Group: 1, Behind: 2}))
}

func opener(o store.Options) Open {
	return func(t testing.TB, dir string) Store {
		s, err := store.Open(filepath.Join(dir, "bihuan.db"), o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}
