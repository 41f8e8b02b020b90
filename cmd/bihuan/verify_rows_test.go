//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"database/sql"
	"testing"
)

// TestVerifyHoldsTheRowsOfRooms: the command tells of a row of an account that somebody edited, as of those of matters.
func TestVerifyHoldsTheRowsOfRooms(t *testing.T) {
	h := opened(t, t.TempDir())
	if _, err := h.people.First(t.Context()); err != nil { // three accounts are invited
		t.Fatal(err)
	}
	if f, err := h.check(t.Context()); err != nil || f.Bad != 0 {
		t.Fatalf("before: %+v, %v", f, err)
	}
	db, err := sql.Open("sqlite", h.config.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE row SET person = 'x' WHERE kind = 'account'"); err != nil {
		t.Fatal(err)
	}
	if f, err := h.check(t.Context()); err != nil || f.Bad == 0 {
		t.Errorf("an account of somebody else: %+v, %v", f, err)
	}
}
