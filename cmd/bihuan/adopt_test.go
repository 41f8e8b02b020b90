//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"crypto/hmac"
	"encoding/json"
	"hash"
	"io"
	"path/filepath"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"bihuan/desk/notices"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
)

// opened stands a house up over the database of a folder.
func opened(t *testing.T, dir string) *house {
	t.Helper()
	c := defaults()
	c.Database = filepath.Join(dir, "d.db")
	h, err := build(t.Context(), c, systemTime, systemChance, logger(io.Discard, "error"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// TestAddressesOfAnOlderDatabaseMoveUnderTheirPersonsKeys plants what a version from before kept: sealed under one key that follows from
// FILE.key. The next start moves it; what that key does not open stays.
func TestAddressesOfAnOlderDatabaseMoveUnderTheirPersonsKeys(t *testing.T) {
	dir := t.TempDir()
	h := opened(t, dir)
	h.Close()
	m := hmac.New(func() hash.Hash { return ledger.SM3.New() }, append([]byte("bihuan/reach/1"), h.world.Blind...))
	m.Write([]byte("220105"))
	var key seal.Key
	copy(key[:], m.Sum(nil))
	j, err := json.Marshal(notices.Reach{Mail: "old@erdao.example.cn", ByMail: true})
	if err != nil {
		t.Fatal(err)
	}
	c, err := sqlite.OpenConn(h.config.Database, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	for person, body := range map[string][]byte{"p112": seal.Seal(key, [16]byte{1}, seal.Place{Log: "220105", Subject: "p112", Field: "reach"}, j), "p113": {1, 2, 3}} {
		if err := sqlitex.Execute(c, "INSERT INTO reach (log, person, body) VALUES ('220105', ?, ?)", &sqlitex.ExecOptions{Args: []any{person, body}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the start after that finds nothing to move
		h = opened(t, dir)
		held, err := h.desk.Held(t.Context(), notices.SubjectOf("220105", "p112"))
		var got notices.Reach
		if err == nil {
			err = json.Unmarshal([]byte(held[notices.ReachField]), &got)
		}
		if err != nil || got.Mail != "old@erdao.example.cn" || !got.ByMail {
			t.Errorf("%+v, %v", got, err)
		}
		if old, err := h.store.OldReaches(t.Context(), "220105"); err != nil || len(old) != 1 || old[0].Person != name.Person("p113") {
			t.Errorf("left of before: %v, %v", old, err)
		}
		h.Close()
	}
}
