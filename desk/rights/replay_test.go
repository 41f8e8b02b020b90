package rights_test

import (
	"context"
	"testing"

	"bihuan/desk"
	"bihuan/desk/rights"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/store"
)

// hiding is a store of which somebody has edited the rows of a kind, so that they are not found any more.
type hiding struct {
	*store.Store
	kind string
}

func (s *hiding) Row(ctx context.Context, stream name.ID) (journal.Row, error) {
	row, err := s.Store.Row(ctx, stream)
	if row.Kind == s.kind {
		row.Kind = "x"
	}
	return row, err
}

// held plays the log and holds the rows against it: as they are there is nothing to find, and where those of a kind are hidden the last event of one
// of them is named.
func held(t *testing.T, x *district.District, kinds ...string) {
	t.Helper()
	var log []ledger.Entry
	r, err := x.Store.Verify(t.Context(), x.Desk.District(), func(e *ledger.Entry) error { log = append(log, *e); return nil })
	must(t, err)
	if r.Flaw != nil {
		t.Fatal(r.Flaw)
	}
	for _, kind := range append(kinds, "") {
		d, err := desk.Open(t.Context(), &hiding{x.Store, kind}, district.World(t, day))
		must(t, err)
		replay := d.Replay()
		rights.Keep(replay)
		for i := range log {
			if kind == "" || log[i].Kind == ledger.Account { // what is hidden is of accounts: the others are as they are when nothing is
				must(t, replay.Each(t.Context(), &log[i].Event))
			}
		}
		seq, why, err := replay.End(t.Context())
		must(t, err)
		if (seq != 0) != (kind != "") {
			t.Errorf("with rows of kind %q hidden: record %d %s", kind, seq, why)
		}
	}
}
