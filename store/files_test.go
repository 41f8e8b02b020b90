package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/kernel/journal"
)

// TestAFileThatWasAlteredIsFound: somebody with every right over the database puts other bytes in the place of a piece of evidence, or takes it away. It is
// not handed out, and verifying names the event that gives it.
func TestAFileThatWasAlteredIsFound(t *testing.T) {
	for _, c := range []struct {
		name, sql  string
		read       error
		seq        int64
		text       string
		isEvidence bool
	}{
		{"other bytes as evidence", "UPDATE blob SET bytes = x'ff'", fault.ErrUnavailable, 2, "the bytes kept as the file %s are others", true},
		{"other bytes of what a form names", "UPDATE blob SET bytes = x'ff'", fault.ErrUnavailable, 2, "the bytes kept as the file %s are others", false},
		{"evidence that is gone", "DELETE FROM blob", fault.ErrNotFound, 2, "it names the file %s, which is gone", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, ctx := fresh(t, Options{}), context.Background()
			f := journal.File{Name: "竣工.jpg", Media: "image/jpeg", Bytes: make([]byte, maxRecentFile+1)} // more than stays in memory
			f.Hash = hashFile(f.Bytes)
			for i := range byte(3) {
				b := stepBatch(fmt.Sprint("c", i), id(i), 0, journal.Row{})
				if i == 1 {
					b.Files = []journal.File{f}
					b.Appends[0].Events[0].Body = []byte(`{"with":{"picture":"` + f.Hash.String() + `"}}`)
					if c.isEvidence {
						b.Appends[0].Events[0].Body = []byte(`{"evidence":[{"kind":"photo","file":"` + f.Hash.String() + `"}]}`)
					}
				}
				if _, err := s.Append(ctx, b); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := s.File(ctx, f.Hash); err != nil {
				t.Fatal(err)
			}
			if r, err := s.Verify(ctx, erdao, nil); err != nil || r.Flaw != nil {
				t.Fatalf("before: %+v, %v", r, err)
			}
			tamper(t, s, c.sql)
			if _, err := s.File(ctx, f.Hash); !errors.Is(err, c.read) {
				t.Errorf("read: %v", err)
			}
			want := ledger.Flaw{Seq: c.seq, Code: FlawFile, Text: fmt.Sprintf(c.text, f.Hash)}
			if r, err := s.Verify(ctx, erdao, nil); err != nil || r.Flaw == nil || *r.Flaw != want {
				t.Errorf("verified: %+v, %v", r.Flaw, err)
			}
		})
	}
}

// tamper does something to a database behind the store's back.
func tamper(t *testing.T, s *Store, sql string) {
	t.Helper()
	c, err := openSQLite(s.path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if n, err := c.exec(sql); err != nil || n == 0 {
		t.Fatalf("%s: %d, %v", sql, n, err)
	}
}

// TestARowThatListsDoNotShowIsFound: what lists, filters and maps find a row by is altered, and the row itself is not.
func TestARowThatListsDoNotShowIsFound(t *testing.T) {
	for _, c := range []struct{ name, sql, text string }{
		{"a text that is not found", "UPDATE row SET find = 'x' WHERE title = '危房1'", "the row of %s: its column find is not what the others make it"},
		{"a place that is on no map", "UPDATE row SET cell = -1 WHERE title = '危房1'", "the row of %s: its column cell is not what the others make it"},
		{"a facet that is gone", "DELETE FROM facet WHERE text = '1'", "the row of %s: filters do not find it by what it says"},
		{"a facet of another kind", "UPDATE facet SET kind = 'x' WHERE text = '1'", "the row of %s: filters do not find it by what it says"},
		{"a facet of what is closed", "UPDATE facet SET open = 0 WHERE text = '1'", "the row of %s: filters do not find it by what it says"},
		{"another number", "UPDATE facet SET number = 7 WHERE text = '1'", "the row of %s: filters do not find it by what it says"},
		{"a facet too many", "INSERT INTO facet (log, stream, name, text, open, kind, number) SELECT log, stream, 'z', text, open, kind, number FROM facet WHERE text = '1'",
			"the row of %s: filters do not find it by what it says"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, ctx := fresh(t, Options{}), context.Background()
			for i := range byte(3) {
				row := journal.Row{Kind: "works/site", Title: fmt.Sprint("危房", i), Open: true, Place: bridge, Facets: []journal.Facet{{Name: "unit", Text: fmt.Sprint(i)}}}
				if _, err := s.Append(ctx, stepBatch(fmt.Sprint("c", i), id(i), 0, row)); err != nil {
					t.Fatal(err)
				}
			}
			if r, err := s.Verify(ctx, erdao, nil); err != nil || r.Flaw != nil {
				t.Fatalf("before: %+v, %v", r.Flaw, err)
			}
			tamper(t, s, c.sql)
			want := ledger.Flaw{Seq: 2, Code: FlawRow, Text: fmt.Sprintf(c.text, id(1))}
			if r, err := s.Verify(ctx, erdao, nil); err != nil || r.Flaw == nil || *r.Flaw != want {
				t.Errorf("verified: %+v, %v", r.Flaw, err)
			}
		})
	}
}
