package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/packs"
)

// TestADistrictsOwnPeopleAreNotMixedWithMadeUpOnes brings a district's own people, and starts once without the folder they came from: the demo's would stand in
// the official register for good.
func TestADistrictsOwnPeopleAreNotMixedWithMadeUpOnes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "packs")
	if err := os.CopyFS(dir, packs.FS); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "erdao", "records", "persons.csv")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), ",yes,", ",no,")), 0o600); err != nil {
		t.Fatal(err)
	}
	c := defaults()
	c.Database, c.Packs = filepath.Join(t.TempDir(), "d.db"), dir
	open := func(c config) (made string, persons int, err error) {
		h, err := build(t.Context(), c, systemTime, systemChance, logger(io.Discard, "error"))
		if err != nil {
			return "", 0, err
		}
		defer h.Close()
		return h.madeUp(), len(h.desk.Directory().Persons), nil
	}
	made, n, err := open(c)
	if err != nil || made != "" || n == 0 {
		t.Fatalf("with people of its own: %q, %d persons, %v", made, n, err)
	}
	without := c
	without.Packs = ""
	if _, _, err := open(without); err == nil || !strings.Contains(err.Error(), "give --packs") {
		t.Errorf("without the folder: %v", err)
	}
	if made, again, err := open(c); err != nil || made != "" || again != n {
		t.Errorf("afterwards: %q, %d persons, %v", made, again, err)
	}
	fresh := defaults()
	fresh.Database = filepath.Join(t.TempDir(), "e.db")
	if made, _, err := open(fresh); err != nil || !strings.Contains(made, "are made up") {
		t.Errorf("with the packs of the binary: %q, %v", made, err)
	}
	fresh.Packs = dir // who has tried it with the demo's and brings their own
	if _, _, err := open(fresh); err != nil {
		t.Errorf("own people over made-up ones: %v", err)
	}
	elsewhere := fresh
	elsewhere.District = "370102"
	if _, _, err := open(elsewhere); err == nil || !strings.Contains(err.Error(), "give --district 220105") {
		t.Errorf("as another district: %v", err)
	}
	if _, _, err := open(fresh); err != nil {
		t.Errorf("and as its own again: %v", err)
	}
}
