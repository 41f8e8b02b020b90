package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// small is so little that the table of commands may lack that a test fills lots: 32 commands.
var small = Options{Behind: 1}

// TestACommandThatComesAgainIsTold sends commands again that are remembered, that lie in lots, and that are read back from the log after a
// process has ended, with the filter and without.
func TestACommandThatComesAgainIsTold(t *testing.T) {
	s, ctx := fresh(t, small), context.Background()
	var batches []journal.Batch
	var receipts []journal.Receipt
	for i := range byte(100) {
		b := stepBatch(fmt.Sprint("c", i), id(i), 0, journal.Row{Title: "x"})
		if i%5 == 0 {
			b.Log = "110101"
			b.Appends[0].Stream = name.NewID(b.Log, [16]byte{i})
		}
		r, err := s.Append(ctx, b)
		if err != nil {
			t.Fatal(err)
		}
		r.Again = true
		batches, receipts = append(batches, b), append(receipts, r)
	}
	again := func(what string, s *Store) {
		t.Helper()
		for i, b := range batches {
			if r, err := s.Append(ctx, b); err != nil || !reflect.DeepEqual(r, receipts[i]) {
				t.Fatalf("%s, command %d: %+v, %v; want %+v", what, i, r, err, receipts[i])
			}
			if r, found, err := s.Receipt(ctx, b.Log, b.Command); err != nil || !found || r.FirstSeq != receipts[i].FirstSeq {
				t.Fatalf("%s, receipt of command %d: %+v, %v, %v", what, i, r, found, err)
			}
		}
		if _, found, err := s.Receipt(ctx, erdao, "never"); found || err != nil {
			t.Fatalf("%s, a command that never came: %v, %v", what, found, err)
		}
		for _, log := range []name.District{erdao, "110101"} {
			if r, err := s.Verify(ctx, log, nil); err != nil || r.Flaw != nil {
				t.Fatalf("%s: %+v, %v", what, r, err)
			}
		}
	}
	if lots, late := s.writer.commands.lots, len(s.writer.commands.late); lots < 2 || late == 0 {
		t.Fatalf("%d lots, %d late: nothing is shown", lots, late)
	}
	again("in the same process", s)
	if err := s.makeFilter(ctx, s.writer.commands); err != nil {
		t.Fatal(err)
	}
	again("with a new filter", s)
	left, err := Open(crashed(t, s), small)
	if err != nil {
		t.Fatal(err)
	}
	defer left.Close()
	left.writer.commands.mu.Lock()
	left.writer.commands.filter, left.writer.commands.making = nil, nil
	left.writer.commands.mu.Unlock()
	again("after the process ended, without a filter", left)
}

// TestCommandsOfOneSpotAreTold gives several commands one spot, which no two commands have shown to have.
func TestCommandsOfOneSpotAreTold(t *testing.T) {
	s, ctx := fresh(t, Options{}), context.Background()
	const spot = 7
	lines := map[string]int64{}
	for i, command := range []string{"a", "b", "c"} {
		r, err := s.Append(ctx, stepBatch(command, id(byte(i)), 0, journal.Row{Title: "x"}))
		if err != nil {
			t.Fatal(err)
		}
		lines[command] = lineOf(1, r.FirstSeq)
	}
	if err := s.writer.write(ctx, func(w *txn) error {
		m := newCommands(2)
		m.filter = newFilter(minFilter)
		look := func(where string, own []placed, want map[string]int64) error {
			for _, command := range []string{"a", "b", "c", "d"} {
				if line, err := m.find(w.c, own, spot, string(erdao), command); err != nil || line != want[command] {
					return fmt.Errorf("%s, command %s: line %d, %v; want %d", where, command, line, err, want[command])
				}
			}
			return nil
		}
		m.advance(false, []placed{{spot, lines["a"]}, {spot, lines["b"]}, {8, lines["c"]}})
		if err := look("late", []placed{{spot, lines["c"]}}, lines); err != nil {
			return err
		}
		m.bound = 1
		lot := m.due()
		if len(lot) != 3 {
			return fmt.Errorf("a lot of %d", len(lot))
		}
		if err := m.putLot(w.c, lot); err != nil {
			return err
		}
		m.advance(true, nil)
		delete(lines, "c") // has another spot
		return look("in a lot", nil, lines)
	}); err != nil {
		t.Error(err)
	}
}

func TestAFilterForgetsNothingAndIsSeldomWrong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "n")
		from := rapid.Int64Range(0, 1<<61).Draw(t, "from")
		f, spot := newFilter(int64(n)), func(i int) int64 { return spotOf("220105", fmt.Sprint(from, i)) }
		for i := range n {
			f.add(spot(i))
		}
		wrong := 0
		for i := range n {
			if !f.has(spot(i)) {
				t.Fatalf("number %d is forgotten", i)
			}
			if f.has(spot(i + n)) {
				wrong++
			}
		}
		if wrong > 5+n/50 {
			t.Fatalf("wrong about %d of %d", wrong, n)
		}
	})
}

// TestAnOlderDatabaseIsBroughtBehind opens what a process of the version before has left: with an index of streams and one of commands, and
// with entries of rows that do not name their last event.
func TestAnOlderDatabaseIsBroughtBehind(t *testing.T) {
	s, ctx := held(t, Options{}), context.Background()
	read := stepBatch("asked", id(99), 0, journal.Row{Kind: "audit/read"})
	read.Appends[0].Events[0].Type = "audit.read"
	if _, err := s.Append(ctx, read); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Rows(ctx, journal.Query{Log: erdao}); err != nil { // brings the tables up to date
		t.Fatal(err)
	}
	threeSteps(t, s, 20)
	path := crashed(t, s)
	c, err := openSQLite(path, sqlite.OpenReadWrite|sqlite.OpenWAL)
	if err != nil {
		t.Fatal(err)
	}
	asBefore(t, c)
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
	old, err := Open(path, small)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	for i := range byte(20) {
		events, err := old.Events(ctx, id(i), 0)
		if err != nil || len(events) != 3 || events[2].Version != 3 {
			t.Fatalf("stream %d: %+v, %v", i, events, err)
		}
		if r, found, err := old.Receipt(ctx, erdao, fmt.Sprintf("%d/1", i)); err != nil || !found || r.Streams[0].Version != 2 {
			t.Fatalf("command of stream %d: %+v, %v, %v", i, r, found, err)
		}
	}
	if r, err := old.Verify(ctx, erdao, nil); err != nil || r.Flaw != nil || r.Rows != 21 {
		t.Errorf("verify: %+v, %v", r, err)
	}
	if old.writer.commands.lots != 1 {
		t.Errorf("%d lots of 61 commands", old.writer.commands.lots)
	}
}

// asBefore undoes migration 0018 and what came after it, and takes what it brought out of the entries of rows.
func asBefore(t *testing.T, c *sqliteConn) {
	t.Helper()
	names, err := migrationNames()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"DELETE FROM row WHERE kind = 'audit/read'", "ALTER TABLE event DROP COLUMN previous", "ALTER TABLE row DROP COLUMN seq", "ALTER TABLE head DROP COLUMN commands", "DROP TABLE command", "DROP INDEX row_live",
		"CREATE UNIQUE INDEX event_stream ON event (log, stream, version)", "CREATE UNIQUE INDEX event_command ON event (log, command) WHERE part = 0",
		fmt.Sprint("PRAGMA user_version = ", slices.Index(names, "migrations/0018_previous.sql")),
	} {
		if _, err := c.exec(q); err != nil {
			t.Fatal(q, err)
		}
	}
	changed := map[int64][]byte{}
	if err := c.query("SELECT line, rows FROM behind", nil, func(r cells) error {
		b := binary.AppendUvarint([]byte{0}, uint64(len(entryColumns)-1))
		for _, col := range entryColumns {
			if col.name != "seq" {
				b = append(putText(b, col.name), byte(num(col.text)))
			}
		}
		err := decodeEntry(r.bytes(1), func(row *entryRow) error {
			now, err := row.onto(journal.Row{})
			if err != nil {
				return err
			}
			sum, bit := uint64(0), 0
			var values []byte
			for _, col := range entryColumns {
				if col.name == "seq" {
					continue
				}
				for _, has := range row.columns {
					if has.name == col.name {
						sum |= 1 << bit
						values = col.put(values, &now)
					}
				}
				bit++
			}
			b = append(binary.AppendUvarint(putText(b, string(row.stream)), sum), values...)
			return nil
		})
		changed[r.int(0)] = b
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for line, b := range changed {
		if _, err := c.exec("UPDATE behind SET rows = $1 WHERE line = $2", b, line); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAHistoryWithoutALinkIsNotShownAsWhole cuts a stream in two.
func TestAHistoryWithoutALinkIsNotShownAsWhole(t *testing.T) {
	s, ctx := fresh(t, Options{}), context.Background()
	threeSteps(t, s, 2)
	for _, edit := range []string{"UPDATE event SET previous = 0 WHERE stream = $1 AND version = 2", "UPDATE event SET previous = 99 WHERE stream = $1 AND version = 3"} {
		if err := s.writer.write(ctx, func(w *txn) error { _, err := w.exec(edit, string(id(1))); return err }); err != nil {
			t.Fatal(err)
		}
		if events, err := s.Events(ctx, id(1), 0); err == nil {
			t.Errorf("%s: %d events are shown as a whole history", edit, len(events))
		}
		if r, err := s.Verify(ctx, erdao, nil); err != nil || r.Flaw == nil || r.Flaw.Code != FlawPrevious {
			t.Errorf("%s: %+v, %v", edit, r.Flaw, err)
		}
	}
}

// TestBar_V01_ACommandThatIsMadeForgottenIsFound alters what tells that a command was carried out, in lots of it.
func TestBar_V01_ACommandThatIsMadeForgottenIsFound(t *testing.T) {
	for _, edit := range []string{
		"DELETE FROM command WHERE page = (SELECT min(page) FROM command)",
		"DELETE FROM command",
		"UPDATE command SET places = substr(places, 17) WHERE page = (SELECT min(page) FROM command)",
		"UPDATE command SET places = places || places WHERE page = (SELECT min(page) FROM command)",
		"UPDATE command SET places = zeroblob(length(places))",
		"UPDATE event SET part = 1 WHERE seq = 5",
		"UPDATE head SET commands = commands + 1", // what is not in a lot would not be read back
	} {
		s, ctx := fresh(t, small), context.Background()
		for i := range byte(40) {
			if _, err := s.Append(ctx, stepBatch(fmt.Sprint("c", i), id(i), 0, journal.Row{Title: "x"})); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.writer.write(ctx, func(w *txn) error { _, err := w.exec(edit); return err }); err != nil {
			t.Fatal(edit, err)
		}
		left, err := Open(crashed(t, s), small)
		if err != nil {
			t.Fatal(edit, err)
		}
		defer left.Close()
		var want ledger.FlawCode = FlawCommand
		if r, err := left.Verify(ctx, erdao, nil); err != nil || r.Flaw == nil || r.Flaw.Code != want {
			t.Errorf("%s: %+v, %v", edit, r.Flaw, err)
		}
	}
}
