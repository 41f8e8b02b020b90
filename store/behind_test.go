package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/emmansun/gmsm/sm3"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// held opens a store whose tables of lists are brought up to date only for who waits.
func held(t *testing.T, o Options) *Store {
	o.hold = true
	return fresh(t, o)
}

// threeSteps takes streams 0 to n-1 through three versions; the facet a tells the last.
func threeSteps(t *testing.T, s *Store, n byte) {
	t.Helper()
	for i := range n {
		for v := range int64(3) {
			row := journal.Row{Title: "口袋公园", Kind: "works/site", Facets: []journal.Facet{{Name: "a", Text: fmt.Sprint(v)}}}
			if _, err := s.Append(context.Background(), stepBatch(fmt.Sprintf("%d/%d", i, v), id(i), v, row)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// crashed returns a copy of a store's files as an ended process would leave them.
func crashed(t *testing.T, s *Store) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "left.db")
	for _, end := range []string{"", "-wal"} {
		from, err := os.Open(s.path + end)
		if err != nil {
			t.Fatal(err)
		}
		defer from.Close()
		to, err := os.Create(path + end)
		if err != nil {
			t.Fatal(err)
		}
		defer to.Close()
		if _, err := io.Copy(to, from); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// stale names a stream whose row or facets are not what its last event left, as writeForEver and threeSteps make them.
func stale(s *Store) (string, error) {
	ctx, last := context.Background(), map[name.ID]int64{}
	for e, err := range s.Entries(ctx, erdao, 0) {
		if err != nil {
			return "", err
		}
		last[e.Stream] = e.Version
	}
	for stream, version := range last {
		var row *journal.Row
		facets := ""
		if err := s.settled(ctx, "row", func(c conn) (err error) {
			if row, err = storedRow(c, stream); err != nil {
				return err
			}
			return c.query("SELECT text FROM facet WHERE log = $1 AND stream = $2", []any{string(erdao), string(stream)}, func(r cells) error {
				facets += r.text(0)
				return nil
			})
		}); err != nil {
			return "", err
		}
		if row != nil && len(row.Facets) == 0 {
			facets = fmt.Sprint(version-1) + facets
		}
		if row == nil || row.Version != version || facets != fmt.Sprint(version-1) {
			return fmt.Sprintf("the row of %s is %+v with facets %q, its events end with %d", stream, row, facets, version), nil
		}
	}
	return "", nil
}

func entriesOf(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.read(context.Background(), "entries", func(c conn) error {
		_, err := one(c, "SELECT count(*) FROM behind", nil, func(r cells) { n = int(r.int(0)) })
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatWasLeftBehindIsInTheTablesAfterOpening(t *testing.T) {
	s := held(t, Options{})
	threeSteps(t, s, 20)
	if n := entriesOf(t, s); n != 60 {
		t.Fatalf("%d entries are left behind: nothing is shown", n)
	}
	left, err := Open(crashed(t, s), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer left.Close()
	if n := entriesOf(t, left); n != 0 {
		t.Errorf("%d entries are still there", n)
	}
	if bad, err := stale(left); bad != "" || err != nil {
		t.Error(bad, err)
	}
	if r, err := left.Verify(context.Background(), erdao, nil); err != nil || r.Flaw != nil || r.Rows != 20 {
		t.Errorf("verify: %+v, %v", r, err)
	}
}

// TestAProcessThatEndsWhileBehind has the process end at each step of taking rows to the tables.
func TestAProcessThatEndsWhileBehind(t *testing.T) {
	s := held(t, Options{Behind: 3})
	for i := range byte(12) {
		threeSteps(t, s, i) // repeats what is there, and adds one stream
		left, err := Open(crashed(t, s), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if bad, err := stale(left); bad != "" || err != nil {
			t.Errorf("after %d streams: %s, %v", i, bad, err)
		}
		left.Close()
	}
	if n := entriesOf(t, s); n == 0 || n > 12 {
		t.Errorf("%d entries with a bound of 3 rows", n)
	}
}

func TestListsSeeWhatWasAcknowledged(t *testing.T) {
	s, ctx := held(t, Options{}), context.Background()
	all := journal.Query{Log: erdao, Scope: journal.Scope{All: true}, Facets: []journal.Facet{{Name: "a", Text: "2"}}}
	var wg sync.WaitGroup
	for i := range byte(16) {
		wg.Go(func() {
			for v := range int64(3) {
				row := journal.Row{Title: fmt.Sprint(i), Facets: []journal.Facet{{Name: "a", Text: fmt.Sprint(v)}}}
				if _, err := s.Append(ctx, stepBatch(fmt.Sprintf("%d/%d", i, v), id(i), v, row)); err != nil {
					t.Error(err)
				}
				p, err := s.Rows(ctx, journal.Query{Log: erdao, Scope: all.Scope, Streams: []name.ID{id(i)}})
				if err != nil || len(p.Rows) != 1 || p.Rows[0].Version != v+1 {
					t.Errorf("stream %d after version %d: %+v, %v", i, v+1, p.Rows, err)
				}
				if r, err := s.Row(ctx, id(i)); err != nil || r.Version != v+1 {
					t.Errorf("row %d after version %d: %+v, %v", i, v+1, r, err)
				}
			}
		})
	}
	wg.Wait()
	if n, err := s.Tally(ctx, journal.Tally{Query: all}); err != nil || n[0].Count != 16 {
		t.Errorf("counted %+v, %v", n, err)
	}
	if n := entriesOf(t, s); n != 0 {
		t.Errorf("%d entries after everybody was answered", n)
	}
}

func TestARowCannotBeChangedThroughWhatWasRead(t *testing.T) {
	s, ctx := held(t, Options{}), context.Background()
	b := stepBatch("a", id(1), 0, journal.Row{Title: "x", Body: []byte(`{"a":1}`), Facets: []journal.Facet{{Name: "a", Text: "1"}}})
	if _, err := s.Append(ctx, b); err != nil {
		t.Fatal(err)
	}
	want, _ := s.Row(ctx, id(1))
	got, _ := s.Row(ctx, id(1))
	got.Body[2], got.Facets[0].Text, b.Appends[0].Row.Body[2], b.Appends[0].Row.Facets[0].Text = 'X', "X", 'Y', "Y"
	if again, err := s.Row(ctx, id(1)); err != nil || !reflect.DeepEqual(again, want) {
		t.Errorf("got %+v, want %+v, %v", again, want, err)
	}
}

func TestABackupTakenWhileBehindIsComplete(t *testing.T) {
	s := held(t, Options{})
	threeSteps(t, s, 10)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	b, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if bad, err := stale(b); bad != "" || err != nil {
		t.Error(bad, err)
	}
}

// TestBar_D11_AnEditedRowStaysVisible edits a row while a later change of it has not come to its table:
// what the change does not touch must not be mended silently.
func TestBar_D11_AnEditedRowStaysVisible(t *testing.T) {
	s, ctx := held(t, Options{}), context.Background()
	threeSteps(t, s, 3)
	if _, err := stale(s); err != nil { // brings the tables up to date
		t.Fatal(err)
	}
	if err := s.writer.write(ctx, func(t *txn) error {
		_, err := t.exec("UPDATE row SET title = 'edited' WHERE stream = $1", string(id(1)))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Append(ctx, stepBatch("on", id(1), 3, journal.Row{Title: "口袋公园", Kind: "works/site"})); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Verify(ctx, erdao, nil); err != nil || r.Flaw == nil || r.Flaw.Code != FlawRow {
		t.Errorf("verify: %+v, %v", r, err)
	}
	if r, err := s.Row(ctx, id(1)); err != nil || r.Title != "edited" || r.Version != 4 {
		t.Errorf("the edited row: %+v, %v", r, err)
	}
}

// TestBar_D11_AnEditedEntryIsFound edits what was left behind before it is opened.
func TestBar_D11_AnEditedEntryIsFound(t *testing.T) {
	s := held(t, Options{})
	threeSteps(t, s, 3)
	for edit, opens := range map[string]bool{
		"DELETE FROM behind WHERE seq = 6":                              true,
		"UPDATE behind SET rows = substr(rows, 1, length(rows) - 3)":    false,
		"UPDATE behind SET rows = replace(rows, 'version', 'Version')":  false,
		"UPDATE behind SET rows = CAST('no entry' AS BLOB) WHERE seq=9": false,
	} {
		path := crashed(t, s)
		c, err := openSQLite(path, sqlite.OpenReadWrite)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := c.exec(edit); err != nil || n == 0 {
			t.Fatal(edit, n, err)
		}
		c.close()
		left, err := Open(path, Options{})
		if !opens {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Errorf("%s: opened, %v", edit, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if r, err := left.Verify(context.Background(), erdao, nil); err != nil || r.Flaw == nil || r.Flaw.Code != FlawRow {
			t.Errorf("%s: found %v, %v", edit, r.Flaw, err)
		}
		left.Close()
	}
}

// TestReadingGoesOnWhenTheTablesCannotBeWritten has the disk be full.
func TestReadingGoesOnWhenTheTablesCannotBeWritten(t *testing.T) {
	full := false
	s, ctx := held(t, Options{fail: func(string) error {
		if full {
			return sqlite.ResultFull.ToError()
		}
		return nil
	}}), context.Background()
	threeSteps(t, s, 3)
	full = true
	all := journal.Query{Log: erdao, Scope: journal.Scope{All: true}}
	if p, err := s.Rows(ctx, all); err != nil || len(p.Rows) != 0 {
		t.Errorf("lists while full: %d rows, %v", len(p.Rows), err)
	}
	if r, err := s.Row(ctx, id(1)); err != nil || r.Version != 3 {
		t.Errorf("a row while full: %+v, %v", r, err)
	}
	full = false
	if p, err := s.Rows(ctx, all); err != nil || len(p.Rows) != 3 {
		t.Errorf("lists with room again: %d rows, %v", len(p.Rows), err)
	}
	if bad, err := stale(s); bad != "" || err != nil {
		t.Error(bad, err)
	}
}

// TestTheLogFileStaysShort writes on while the log file is carried over, with a reader that holds it up for a while.
func TestTheLogFileStaysShort(t *testing.T) {
	s, ctx := fresh(t, Options{pages: 100}), context.Background()
	size := func() int64 {
		f, err := os.Stat(s.path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return f.Size()
	}
	write := func(from, to int) {
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for n := from + w; n < to; n += 4 {
					if _, err := s.Append(ctx, stepBatch(fmt.Sprint(n), numberedID(n), 0, journal.Row{Title: "x", Body: fmt.Appendf(nil, `{"a":"%0900d"}`, n)})); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
	write(0, 2000)
	if n := size(); n > 2000*pageSize {
		t.Errorf("the log file has %d pages", n/pageSize)
	}
	if err := s.snapshot(ctx, "hold up", func(c conn) error {
		if _, err := one(c, selectHead, []any{string(erdao)}, func(cells) {}); err != nil {
			return err
		}
		write(2000, 3000)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	held := size()
	write(3000, 5000)
	if n := size(); n > held+2000*pageSize {
		t.Errorf("the log file had %d pages while a reader held it up and has %d now", held/pageSize, n/pageSize)
	}
	if r, err := s.Verify(ctx, erdao, nil); err != nil || r.Flaw != nil || r.Events != 5000 {
		t.Errorf("verify: %+v, %v", r, err)
	}
}

// TestLargeFilesCountForTheLogFile stores few and large files, which are few steps.
func TestLargeFilesCountForTheLogFile(t *testing.T) {
	s, ctx := fresh(t, Options{pages: 1000}), context.Background()
	for n := range 40 {
		b := stepBatch(fmt.Sprint(n), numberedID(n), 0, journal.Row{})
		f := journal.File{Name: "a", Media: "text/plain", Bytes: bytes.Repeat([]byte{byte(n)}, 1<<20)}
		f.Hash = sm3.Sum(f.Bytes)
		b.Files = []journal.File{f}
		if _, err := s.Append(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	if i, err := os.Stat(s.path + "-wal"); err != nil || i.Size() > 25<<20 {
		t.Errorf("the log file has %d bytes, %v", i.Size(), err)
	}
}

func TestAnEntryReadsAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want, got []journal.Row
		var b []byte
		var before *journal.Row // the first is new, the others are what the one before became
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			text := func(label string) string { return rapid.StringMatching(`[a<"\\ é口\x{2028}]{0,5}`).Draw(t, label) }
			at := func(label string) int64 { return rapid.Int64Range(0, 1<<60).Draw(t, label) }
			r := journal.Row{Stream: id(1), Noun: ledger.Matter, Kind: text("kind"), Version: at("version"), Number: text("number"), Title: text("title"),
				State: text("state"), Open: rapid.Bool().Draw(t, "open"), Unit: name.Unit(text("unit")), Person: name.Person(text("person")), Area: text("area"), Parent: name.ID(text("parent")),
				Opened: at("opened"), Closed: at("closed"), Due: at("due"), Yellow: at("yellow"), Wake: at("wake"), Light: text("light"), Public: rapid.Bool().Draw(t, "public"),
				Facets: []journal.Facet{{Name: text("facet"), Text: text("facet text"), Number: at("number of facet")}}, Body: []byte("{}" + text("body"))}
			want = append(want, r)
			if before != nil && rapid.Bool().Draw(t, "only the state") {
				state := r.State
				r = *before
				r.State = state
				want[len(want)-1] = r
			}
			b = appendEntry(b, before, &r)
			before = &r
		}
		if err := decodeEntry(b, func(e *entryRow) error {
			base := journal.Row{}
			if len(got) > 0 {
				base = got[len(got)-1]
			}
			r, err := e.onto(base)
			got = append(got, r)
			return err
		}); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, %v\nwant %+v", got, err, want)
		}
	})
}

// An entry that an older program left lacks the columns that came later: they stay as they are.
func TestAnEntryWithoutAColumnLeavesIt(t *testing.T) {
	b := append(putText([]byte{0, 2}, "version"), 0)
	b = append(putText(b, "title"), 1)
	b = putText(append(putText(b, string(id(1))), 3, 8), "neu")
	if err := decodeEntry(b, func(e *entryRow) error {
		r, err := e.onto(journal.Row{Stream: id(1), State: "open", Title: "alt", Version: 3})
		if want := (journal.Row{Stream: id(1), State: "open", Title: "neu", Version: 4}); err != nil || !reflect.DeepEqual(r, want) {
			t.Errorf("got %+v, %v, want %+v", r, err, want)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func FuzzDecodeEntry(f *testing.F) {
	r := journal.Row{Stream: id(1), Title: "口袋公园", Body: []byte("{}"), Facets: []journal.Facet{{Name: "a", Text: "b", Number: 1}}}
	f.Add(appendEntry(nil, nil, &r))
	f.Add([]byte{1})
	f.Add(bytes.Repeat([]byte{255}, 20))
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := decodeEntry(b, func(e *entryRow) error { _, err := e.onto(journal.Row{}); return err }); err != nil && strings.Contains(err.Error(), "panic") {
			t.Error(err)
		}
	})
}
