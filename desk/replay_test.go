//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package desk_test

import (
	"context"
	"testing"

	"bihuan/desk"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/store"
)

// edited is a store of which somebody has edited one row.
type edited struct {
	*store.Store
	stream name.ID
	edit   func(*journal.Row) error
}

func (s *edited) Row(ctx context.Context, stream name.ID) (journal.Row, error) {
	row, err := s.Store.Row(ctx, stream)
	if err == nil && stream == s.stream {
		err = s.edit(&row)
	}
	return row, err
}

// TestWhoLookedIsHeldAgainstTheLog: a row by which the auditor finds who was shown a person is found when somebody edits it.
func TestWhoLookedIsHeldAgainstTheLog(t *testing.T) {
	x := district.New(t, day)
	done := call(t, x, "13800000000", "路灯不亮")
	op := x.As(t, "hotline-centre", "call-operator", 2)
	if _, err := x.Desk.Reveal(ctx, op, desk.Unmask{Matter: done.Matter, Fields: []string{"phone"}, Why: desk.ToHandle, Reason: "核对地点"}); err != nil {
		t.Fatal(err)
	}
	var log []ledger.Entry
	if r, err := x.Store.Verify(ctx, x.Desk.District(), func(e *ledger.Entry) error { log = append(log, *e); return nil }); err != nil || r.Flaw != nil {
		t.Fatalf("%+v, %v", r, err)
	}
	look := log[len(log)-1]
	if look.Type != desk.TypeViewed {
		t.Fatalf("the last record is %s", look.Type)
	}
	for name, c := range map[string]struct {
		edit func(*journal.Row)
		seq  int64
	}{
		"as it was":       {func(*journal.Row) {}, 0},
		"somebody else":   {func(r *journal.Row) { r.Person = "p1" }, look.Seq},
		"of another kind": {func(r *journal.Row) { r.Kind = "x" }, look.Seq},
		"at another time": {func(r *journal.Row) { r.Opened = 1 }, look.Seq},
		"of no matter":    {func(r *journal.Row) { r.Facets = nil }, look.Seq},
	} {
		rows := &edited{Store: x.Store, stream: look.Stream, edit: func(r *journal.Row) error { c.edit(r); return nil }}
		d, err := desk.Open(ctx, rows, district.World(t, day))
		if err != nil {
			t.Fatal(err)
		}
		r := d.Replay()
		for i := range log {
			if err := r.Each(ctx, &log[i].Event); err != nil {
				t.Fatal(err)
			}
		}
		if seq, why, err := r.End(ctx); err != nil || seq != c.seq {
			t.Errorf("%s: record %d (%s), %v; want %d", name, seq, why, err, c.seq)
		}
	}
}
