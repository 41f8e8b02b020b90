package main

import (
	"log/slog"
	"path/filepath"
	"testing"

	"bihuan/desk/demo"
)

// TestAKeptDemoDrawsNothingTwice opens a demo's house three times: a key for a form that it gives out is never one that it gave before.
func TestAKeptDemoDrawsNothingTwice(t *testing.T) {
	c := defaults()
	c.Database = filepath.Join(t.TempDir(), "bihuan.db")
	c.people = demoPeople()
	seen := map[string]int{}
	for n := range 3 {
		h, fresh, err := buildDemo(t.Context(), c, demo.NewClock(int64(demo.Start), systemTime), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if want := n == 0; fresh != want {
			t.Errorf("at start %d the database is new: %t, want %t", n, fresh, want)
		}
		for range 3 {
			key := h.desk.NewCommand()
			if before, ok := seen[key]; ok {
				t.Errorf("start %d gives out the key %s that start %d gave out", n, key, before)
			}
			seen[key] = n
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
