package storetest

import (
	"path/filepath"
	"testing"

	"bihuan/store"
)

func TestSQLite(t *testing.T) { Run(t, opener(store.Options{})) }

func opener(o store.Options) Open {
	return func(t testing.TB, dir string) Store {
		s, err := store.Open(filepath.Join(dir, "bihuan.db"), o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}
