package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"bihuan/ground/name"
	"bihuan/packs"
)

// ownPeople returns a folder with the packs of the binary, whose people are said to be real.
func ownPeople(t *testing.T) string {
	t.Helper()
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
	return dir
}

// TestADistrictsOwnPeopleAreNotMixedWithMadeUpOnes brings a district's own people, and starts once without the folder they came from: the demo's would stand in
// the official register for good.
func TestADistrictsOwnPeopleAreNotMixedWithMadeUpOnes(t *testing.T) {
	dir := ownPeople(t)
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

// TestACommandTakesADatabaseAsItStands: one that is told the file alone, such as bihuan key, works on the log that is in it, with its packs; it took the usual
// district and the packs of the binary, and began a second log with the demo's people.
func TestACommandTakesADatabaseAsItStands(t *testing.T) {
	dir := ownPeople(t)
	c := defaults()
	c.Database, c.Packs, c.District = filepath.Join(t.TempDir(), "d.db"), dir, "370102"
	h, err := build(t.Context(), c, systemTime, systemChance, logger(io.Discard, "error"))
	if err != nil {
		t.Fatal(err)
	}
	before, _, err := h.store.Head(t.Context(), "370102")
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
	type seen struct {
		district name.District
		logs     []name.District
		made     string
		events   int64
	}
	got, err := in(t.Context(), c.Database, "/none", func(ctx context.Context, h *house) (s seen, err error) {
		s.district, s.made = h.desk.District(), h.madeUp()
		if s.logs, err = h.store.Logs(ctx); err != nil {
			return s, err
		}
		s.events, _, err = h.store.Head(ctx, "370102")
		return s, err
	})
	if want := (seen{"370102", []name.District{"370102"}, "", before}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("a command finds %+v, %v, want %+v", got, err, want)
	}
}
