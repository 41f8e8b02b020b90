package store

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
)

// TestALargeValueIsReadByPieces: whole, and an error for a row that is not there.
func TestALargeValueIsReadByPieces(t *testing.T) {
	c, err := openSQLite(filepath.Join(t.TempDir(), "pieces.db"), sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, sql := range []string{"CREATE TABLE a (b)", "INSERT INTO a (b) VALUES (zeroblob(0)), (x'010203'), (zeroblob(10000) || x'07')"} {
		if _, err := c.exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	for number, want := range map[int64][]byte{1: {}, 2: {1, 2, 3}} {
		if got, err := c.large("a", "b", number); err != nil || !bytes.Equal(got, want) {
			t.Errorf("row %d: %x, %v", number, got, err)
		}
	}
	want := make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{5}).Read(want)
	if _, err := c.exec("INSERT INTO a (b) VALUES ($1)", want); err != nil {
		t.Fatal(err)
	}
	if got, err := c.large("a", "b", 4); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := c.large("a", "b", 9); err == nil {
		t.Error("a row that is not there was read")
	}
}

// TestAStatementWithALargeValueIsGivenUp: SQLite would keep the room for it as long as the statement. Others are kept, also where one runs within another.
func TestAStatementWithALargeValueIsGivenUp(t *testing.T) {
	c, err := openSQLite(filepath.Join(t.TempDir(), "large.db"), sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	run := func(sql string, each func(cells) error, args ...any) {
		t.Helper()
		if err := c.query(sql, args, each); err != nil {
			t.Fatal(err)
		}
	}
	const put, get, length = "INSERT INTO a (b) VALUES ($1)", "SELECT b FROM a ORDER BY length(b)", "SELECT max(length(b)) FROM a"
	run("CREATE TABLE a (b)", nil)
	run(put, nil, []byte("small"))
	run(get, func(r cells) error { r.bytes(0); return nil })
	if c.stmts[put] == nil || c.stmts[get] == nil {
		t.Error("a statement with a small value is not kept")
	}
	for name, large := range map[string]any{"bytes": make([]byte, largeValue), "text": strings.Repeat("x", largeValue)} {
		run(put, nil, large)
		if c.stmts[put] != nil {
			t.Errorf("%s: what was given stays", name)
		}
		run(put, nil, []byte("small"))
		if c.stmts[put] == nil {
			t.Errorf("%s: the next small one is given up too", name)
		}
	}
	for name, read := range map[string]func(cells){"bytes": func(r cells) { r.bytes(0) }, "text": func(r cells) { r.text(0) }} {
		n, most := 0, int64(0)
		run(get, func(r cells) error {
			n++
			read(r)
			run(length, func(r cells) error { most = r.int(0); return nil })
			return nil
		})
		if n != 5 || most != largeValue {
			t.Errorf("%s: %d rows, the longest of %d", name, n, most)
		}
		if c.stmts[length] == nil {
			t.Error("the statement within is not kept")
		}
		if c.stmts[get] != nil {
			t.Errorf("%s: what was yielded stays", name)
		}
	}
}
