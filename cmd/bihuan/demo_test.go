//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"log/slog"
	"os"
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

// TestOnlyADemoThatIsForgottenIsNotSynced asks what is configured: a folder that somebody keeps is synced, and so is what serve opens.
func TestOnlyADemoThatIsForgottenIsNotSynced(t *testing.T) {
	kept := filepath.Join(t.TempDir(), "kept")
	for _, c := range []struct {
		name, data string
		passing    bool
	}{{"in a temporary folder", "", true}, {"in a folder that is kept", kept, false}} {
		got, cleanUp, err := demoConfig(defaults(), c.data)
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Dir(got.Database)
		if got.passing != c.passing || !got.tray || c.data != "" && folder != c.data {
			t.Errorf("%s: in %s, not synced: %t", c.name, folder, got.passing)
		}
		if _, err := os.Stat(folder); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		cleanUp()
		if _, err := os.Stat(folder); os.IsNotExist(err) != c.passing {
			t.Errorf("%s, cleaned up: %v", c.name, err)
		}
	}
	if defaults().passing {
		t.Error("what serve opens is not synced")
	}
}
