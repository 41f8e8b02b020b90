package storetest

import (
	"path/filepath"
	"testing"

	"bihuan/store"
)

func TestSQLite(t *testing.T) { Run(t, opener(store.Options{})) }

// TestSQLiteByOrder has lists walk the order's index, as they do with many rows.
func TestSQLiteByOrder(t *testing.T) { Run(t, opener(store.Options{Narrow: 1, Group: 3, Readers: 1})) }

func opener(o store.Options) Open {
	return func(t testing.TB, dir string) Store {
		s, err := store.Open(filepath.Join(dir, "bihuan.db"), o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}
