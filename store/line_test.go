package store

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// TestALogIsBroughtIntoLine opens a database as the version before had it, with two districts' events in it: both logs
// verify, in their order, and go on.
func TestALogIsBroughtIntoLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	c, err := openSQLite(path, sqlite.OpenReadWrite|sqlite.OpenCreate|sqlite.OpenWAL)
	if err != nil {
		t.Fatal(err)
	}
	names, err := migrationNames()
	if err != nil {
		t.Fatal(err)
	}
	before := slices.IndexFunc(names, func(n string) bool { return strings.Contains(n, "0010_line") })
	for i, name := range names[:before] {
		if err := step(c, SQLite, name, i+1); err != nil {
			t.Fatal(err)
		}
	}
	const events = 30
	logs := []name.District{erdao, "110101"}
	for _, log := range logs {
		writeOldLog(t, c, log, events)
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	if _, err := s.Append(ctx, stepBatch("next", id(200), 0, journal.Row{Title: "x"})); err != nil {
		t.Fatal(err)
	}
	for i, log := range logs {
		r, err := s.Verify(ctx, log, nil)
		if err != nil || r.Flaw != nil || r.Events != int64(events+1-i) {
			t.Errorf("log %s: %+v, %v", log, r, err)
		}
	}
}

// writeOldLog writes events of streams with one event each, and their rows, as the version before did.
func writeOldLog(t *testing.T, c conn, log name.District, events int) {
	var chain ledger.Chainer
	head := chain.Start(log)
	for seq := range events {
		e := ledger.Event{Log: log, Seq: int64(seq) + 1, Stream: name.NewID(log, [16]byte{byte(seq)}), Kind: ledger.Matter, Version: 1, At: 1,
			Actor: name.Actor{Person: "p", Unit: "u", Role: "r"}, Type: "matter.note", Schema: 1, Suite: ledger.SM3, Command: fmt.Sprint("c", seq), Body: []byte("{}")}
		leaf := chain.Leaf(&e)
		head = chain.Head(e.Suite, head, leaf)
		if _, err := c.exec(`INSERT INTO event (log, seq, stream, kind, version, at, person, acting_for, unit, role, type, schema, suite, number, reason, command, part, salt, body, leaf, head)
			VALUES ($1, $2, $3, 'matter', 1, 1, 'p', '', 'u', 'r', 'matter.note', 1, 1, '', '', $7, 0, $4, '{}', $5, $6)`,
			string(log), e.Seq, string(e.Stream), e.Salt[:], leaf[:], head[:], e.Command); err != nil {
			t.Fatal(err)
		}
		if _, err := c.exec(`INSERT INTO row (log, stream, noun, kind, version, number, title, find, state, open, unit, person, area, parent, opened, closed, due, yellow, wake, light, public, facets, body)
			VALUES ($1, $2, 'matter', 'k', 1, '', '', $3, '', 1, '', '', '', '', 0, 0, 0, 0, 0, '', 0, '[]', '{}')`, string(log), string(e.Stream), findText(&journal.Row{})); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.exec("INSERT INTO head (log, seq, head) VALUES ($1, $2, $3)", string(log), events, head[:]); err != nil {
		t.Fatal(err)
	}
}
