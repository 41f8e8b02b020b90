//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/store"
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
	db, err := sql.Open("sqlite", h.config.Database+"?_pragma=busy_timeout(10000)")
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

// edited runs statements on a closed database behind the platform's back and returns what verify then finds.
func edited(t *testing.T, c config, statements ...string) (finding, error) {
	t.Helper()
	db, err := sql.Open("sqlite", c.Database)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range statements {
		if r, err := db.Exec(q); err != nil {
			t.Fatal(err)
		} else if n, _ := r.RowsAffected(); n == 0 {
			t.Fatalf("%s edits nothing", q)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return verifyFile(t.Context(), c, "", nil)
}

// closed makes a database with the embedded packs and no more.
func closed(t *testing.T) config {
	t.Helper()
	h := opened(t, t.TempDir())
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	return h.config
}

// TestVerifyTellsWhatNoEventMade: a row that was put in, packs that were altered, and events that are gone together with the head that counts
// them: each is a bad record, and none is called fine because no event can be named or no desk be opened.
func TestVerifyTellsWhatNoEventMade(t *testing.T) {
	for name, c := range map[string]struct{ edit, says string }{
		"a row put in":                {"INSERT INTO row SELECT log, '220105-00000000-0000-7000-8000-000000000000', noun, kind, version, number, title, find, state, open, unit, person, area, parent, opened, closed, due, yellow, wake, light, public, facets, body, lng, lat, cell, seq FROM row WHERE seq = 5", "row: the row of 220105-00000000"},
		"a log cut off with its head": {"DELETE FROM event WHERE seq > 2000; UPDATE head SET seq = 2000, head = (SELECT head FROM event WHERE seq = 2000)", "row: "},
		"no event left":               {"DELETE FROM event; UPDATE head SET seq = 0, head = x''", "row: "},
		"a pack altered":              {"UPDATE blob SET bytes = x'00' WHERE name = 'promise.pack'", "file: the bytes kept"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := edited(t, closed(t), strings.Split(c.edit, "; ")...)
			if err != nil || f.Bad < 1 || !strings.HasPrefix(f.Reason, c.says) {
				t.Errorf("%+v, %v; want a bad record: %s", f, err, c.says)
			}
		})
	}
}

// TestVerifyAddsNothing: an older database that a newer binary verifies gets none of its packs, and what is not begun is not begun by it.
func TestVerifyAddsNothing(t *testing.T) {
	c := closed(t)
	before, err := verifyFile(t.Context(), c, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Packs = t.TempDir()
	if err := os.CopyFS(c.Packs, os.DirFS("../../packs")); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(c.Packs, "promise", "pack.yaml")
	text, err := os.ReadFile(newer)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(newer, append(text, "\n# newer\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if after, err := verifyFile(t.Context(), c, "", nil); err != nil || after.Head != before.Head {
		t.Errorf("by a newer binary: %+v, %v; before: %+v", after, err, before)
	}
	for _, p := range examine(t.Context(), c) {
		if strings.HasPrefix(p.what, "chain") && !strings.Contains(p.what, before.Head) {
			t.Errorf("the doctor: %s; before: %s", p.what, before.Head)
		}
	}

	c.Database = filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(c.Database, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if f, err := verifyFile(t.Context(), c, "", nil); err == nil || !strings.Contains(err.Error(), "the file is empty") {
		t.Errorf("an empty file: %+v, %v", f, err)
	}
	c.Database = filepath.Join(t.TempDir(), "begun.db")
	st, err := store.Open(c.Database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if f, err := verifyFile(t.Context(), c, "", nil); err != nil || f.Bad != 0 || f.Events != 0 {
		t.Errorf("a database without a record: %+v, %v", f, err)
	}
}

// TestVerifyTellsOfWhoeverIsAheadOfTheLog: a consumer or a subscription that somebody moved on would pass over what comes.
func TestVerifyTellsOfWhoeverIsAheadOfTheLog(t *testing.T) {
	h := opened(t, t.TempDir())
	db, err := sql.Open("sqlite", h.config.Database+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, c := range []struct {
		insert, remove string
		bad            bool
	}{
		{"INSERT INTO cursor (log, name, seq) SELECT log, 'x', seq FROM head", "DELETE FROM cursor WHERE name = 'x'", false},
		{"INSERT INTO cursor (log, name, seq) SELECT log, 'x', seq + 1 FROM head", "DELETE FROM cursor WHERE name = 'x'", true},
		{"INSERT INTO cursor (log, name, seq) SELECT log, 'security/syslog', 1000000 FROM head", "DELETE FROM cursor WHERE name = 'security/syslog'", false},
		{"INSERT INTO cursor (log, name, seq) SELECT log, 'calendar', 99999999 FROM head WHERE true ON CONFLICT (log, name) DO UPDATE SET seq = 99999999", "DELETE FROM cursor WHERE name = 'calendar'", true},
		{"INSERT INTO hook (log, hook, seq, fails, until, off) SELECT log, 'x', seq + 1, 0, 0, '' FROM head", "DELETE FROM hook", true},
	} {
		if _, err := db.Exec(c.insert); err != nil {
			t.Fatal(err)
		}
		if f, err := h.check(t.Context()); err != nil || (f.Bad != 0) != c.bad || c.bad && !strings.HasPrefix(f.Reason, "ahead: ") {
			t.Errorf("%s: %+v, %v", c.insert, f, err)
		}
		if _, err := db.Exec(c.remove); err != nil {
			t.Fatal(err)
		}
	}
}

// TestVerifyHoldsTheSecurityLog: a line of the security log that somebody altered in the file of a house that is closed is found by the command, and
// so is one of a house that is served; what the house itself writes and seals meanwhile is not.
func TestVerifyHoldsTheSecurityLog(t *testing.T) {
	h := testHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)))
	for _, p := range []name.Person{"p101", "p102", "p103"} {
		h.notProven(p, "203.0.113.9", "sign-in-refused")
	}
	h.keepWatch(t.Context())
	if f, err := h.check(t.Context()); err != nil || f.Bad != 0 {
		t.Fatalf("before: %+v, %v", f, err)
	}
	db, err := sql.Open("sqlite", h.config.Database+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE security SET person = 'p104' WHERE person = 'p102'"); err != nil {
		t.Fatal(err)
	}
	h.notProven("p105", "203.0.113.9", "sign-in-refused")
	h.keepWatch(t.Context())
	if f, err := h.check(t.Context()); err != nil || !strings.HasPrefix(f.Reason, "security: lines 1 to ") {
		t.Errorf("while it is served: %+v, %v", f, err)
	}
	if _, err := db.Exec("UPDATE security SET person = 'p102' WHERE person = 'p104'"); err != nil {
		t.Fatal(err)
	}
	if f, err := h.check(t.Context()); err != nil || f.Bad != 0 {
		t.Errorf("as it was: %+v, %v", f, err)
	}
	if _, err := db.Exec("DELETE FROM security WHERE person = 'p103'"); err != nil {
		t.Fatal(err)
	}
	if f, err := h.check(t.Context()); err != nil || !strings.HasPrefix(f.Reason, "security: ") {
		t.Errorf("one gone: %+v, %v", f, err)
	}
}

// TestVerifyOfAnotherDistrictSaysSo: a district that the database is not of is no log that was cut off, though more was signed of it than there is.
func TestVerifyOfAnotherDistrictSaysSo(t *testing.T) {
	h := testHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)))
	if _, err := h.proof.Checkpoint(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	c := h.config
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if f, err := verifyFile(t.Context(), c, "", nil); err != nil || f.Bad != 0 || f.Signed == 0 {
		t.Fatalf("of its own: %+v, %v", f, err)
	}
	c.District = "220106"
	if f, err := verifyFile(t.Context(), c, "", nil); err == nil || !strings.Contains(err.Error(), "is the database of district 220105") {
		t.Errorf("%+v, %v", f, err)
	}
}
