package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

const erdao = name.District("220105")

// fresh opens a store in a folder of the test's own.
func fresh(t *testing.T, o Options) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "bihuan.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func id(n byte) name.ID { return name.NewID(erdao, [16]byte{n}) }

// stepBatch is a batch of one event and its row.
func stepBatch(command string, stream name.ID, expected int64, row journal.Row) journal.Batch {
	return journal.Batch{Log: erdao, Command: command, Appends: []journal.Append{{
		Stream: stream, Kind: ledger.Matter, Expected: expected,
		Events: []ledger.Event{{At: 1_700_000_000_000_000 + expected, Actor: name.System, Type: "matter.step", Schema: 1, Body: []byte(`{"a":1}`)}},
		Row:    &row,
	}}}
}

func TestAppendRowAndVerify(t *testing.T) {
	s, ctx := fresh(t, Options{}), context.Background()
	for v := range int64(3) {
		b := stepBatch(fmt.Sprint("c", v), id(1), v, journal.Row{Kind: "works/site", Title: "口袋公园", State: fmt.Sprint(v),
			Facets: []journal.Facet{{Name: "street", Text: fmt.Sprint(v)}}})
		if v == 0 {
			b.Appends[0].Series = "工〔2026〕"
		}
		r, err := s.Append(ctx, b)
		if err != nil || r.FirstSeq != v+1 || r.LastSeq != v+1 || r.Streams[0].Version != v+1 {
			t.Fatalf("step %d: %+v, %v", v, r, err)
		}
		again, found, err := s.Receipt(ctx, erdao, b.Command)
		if err != nil || !found || fmt.Sprint(again) != fmt.Sprint(r) {
			t.Fatalf("receipt %+v, want %+v, %v", again, r, err)
		}
	}
	row, err := s.Row(ctx, id(1))
	if err != nil || row.Number != "工〔2026〕00001" || row.Version != 3 || row.State != "2" || len(row.Facets) != 1 {
		t.Fatalf("row %+v, %v", row, err)
	}
	if _, err := s.Append(ctx, stepBatch("late", id(1), 2, row)); !errors.Is(err, fault.ErrConflict) {
		t.Fatalf("an append to a version that has passed: %v", err)
	}
	report, err := s.Verify(ctx, erdao, nil)
	if err != nil || report.Flaw != nil || report.Events != 3 || report.Rows != 1 {
		t.Fatalf("report %+v, %v", report, err)
	}
}

// numberedID is a stream's id for any number.
func numberedID(n int) name.ID {
	return name.NewID(erdao, [16]byte{12: byte(n >> 24), 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)})
}
