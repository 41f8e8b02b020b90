//go:build long

package storetest

import (
	"testing"

	"bihuan/store"
)

// TestSQLiteAsIfLarge has lists choose their way as they do with many rows.
func TestSQLiteAsIfLarge(t *testing.T) {
	Run(t, opener(store.Options{Narrow: 1, Group: 3, Readers: 1}))
	Run(t, opener(store.Options{Narrow: 7, Group: 1, Behind: 2}))
}
