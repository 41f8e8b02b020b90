//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/notices"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
)

// TestBar_V08_WhatVanishedIsToldFromWhatWasErased: a value of a person that a record erased is no flaw; one that somebody with rights over the database took
// away, shut by taking its key, or replaced by an older one of the same person with its key, is named. A copy has no keys and is not called bad; once they
// are put back, what was erased after it was made is recorded as erased.
func TestBar_V08_WhatVanishedIsToldFromWhatWasErased(t *testing.T) {
	h := testHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)))
	ctx := t.Context()
	reach := func(p name.Person, mail string) name.ID {
		t.Helper()
		c, known := h.desk.Directory().Caller(p, "zh")
		if !known {
			t.Fatalf("nobody is %s", p)
		}
		if err := h.out.notices.SetReach(ctx, c, notices.Reach{Mail: mail, ByMail: true}); err != nil {
			t.Fatal(err)
		}
		return notices.SubjectOf(h.desk.District(), p)
	}
	one, other, third := reach("p101", "one@erdao.example.cn"), reach("p108", "other@erdao.example.cn"), reach("p109", "third@erdao.example.cn")
	db, err := sql.Open("sqlite", h.config.Database+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := db.Exec(sql, args...); err != nil {
			t.Fatal(sql, err)
		}
	}
	verify := func(what, says string) {
		t.Helper()
		f, err := h.check(ctx)
		if err != nil || (f.Bad == 0) != (says == "") || !strings.Contains(f.Reason, says) {
			t.Errorf("%s: %+v, %v; want %q", what, f, err, says)
		}
	}
	exec(`CREATE TABLE kept AS SELECT * FROM personal`)
	exec(`CREATE TABLE kept_key AS SELECT * FROM subject_key`)
	back := func(values, keys string) {
		t.Helper()
		for table, from := range map[string]string{"personal": values, "subject_key": keys} {
			exec(`DELETE FROM ` + table)
			exec(fmt.Sprintf(`INSERT INTO %s SELECT * FROM %s`, table, from))
		}
	}
	verify("as it was", "")
	exec(`DELETE FROM personal WHERE subject = ?`, string(one))
	verify("a value taken away", "personal: the value of reach of "+string(one)+" is gone, and no record erased it")
	back("kept", "kept_key")
	exec(`DELETE FROM subject_key WHERE subject = ?`, string(other))
	verify("a key taken away", "of "+string(other)+" cannot be opened")
	back("kept", "kept_key")
	verify("put back", "")

	reach("p108", "new@erdao.example.cn")
	verify("changed by its person", "")
	exec(`CREATE TABLE newer AS SELECT * FROM personal`)
	exec(`CREATE TABLE newer_key AS SELECT * FROM subject_key`)
	back("kept", "kept_key")
	verify("an older value of the same person put back", "of "+string(other)+" is none that a record commits to")
	back("newer", "newer_key")
	verify("the newer one put back", "")

	// A copy, and what is erased after it was made.
	dir := t.TempDir()
	c := h.config
	c.Database = filepath.Join(dir, "test.db")
	if err := h.store.Backup(ctx, c.Database); err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.Erase(ctx, name.System, desk.Erasure{Subject: third, Why: "asked"}); err != nil {
		t.Fatal(err)
	}
	verify("erased by a record", "")
	list := filepath.Join(dir, "keys")
	if _, err := h.saveKeyList(ctx, list); err != nil {
		t.Fatal(err)
	}
	copyFile(t, h.config.ringPath(), c.Database+".ring")
	copyFile(t, h.config.blindKey(), c.Database+".key")
	f, err := verifyFile(ctx, c, "", nil)
	if err != nil || f.Bad != 0 || f.Shut != 3 {
		t.Errorf("a copy without keys: %+v, %v", f, err)
	}
	restored, err := build(ctx, c, h.desk.Now, systemChance, h.log)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := restored.loadKeyList(ctx, list); err != nil || n != 2 {
		t.Errorf("%d keys, %v", n, err)
	}
	if f, err := restored.check(ctx); err != nil || f.Bad != 0 || f.Shut != 0 {
		t.Errorf("a copy that was put back: %+v, %v", f, err)
	}
	if values, err := restored.store.PersonalOf(ctx, third); err != nil || len(values) != 0 {
		t.Errorf("what was erased since is there: %d values, %v", len(values), err)
	}
	if err := restored.Close(); err != nil {
		t.Error(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
