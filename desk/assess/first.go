package assess

import (
	"context"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// first is the way through all matters that count in a month: those to which something happened in it, which the log tells, and those that were open when it
// ended. What is not finished when nobody waits any more goes on where it was.
type first struct {
	in    map[name.ID]bool // matters that were looked at
	stage int              // of stages
	after int64            // place in the log, 0 before the first
	next  string           // page of a list
}

// stages are the parts of the way, in order.
var stages = [...]func(*first, context.Context, *Room, *month) (over bool, err error){
	(*first).happenings, (*first).open, (*first).closedLater, (*first).moved,
}

// play goes what is left of the way, as of the month's moment.
func (f *first) play(ctx context.Context, r *Room, m *month) error {
	for f.stage < len(stages) {
		over, err := stages[f.stage](f, ctx, r, m)
		if err != nil {
			return err
		}
		if over {
			f.stage, f.next = f.stage+1, ""
		}
	}
	return nil
}

// happenings plays the matters of the next entries of the log, from the month's beginning to its moment.
func (f *first) happenings(ctx context.Context, r *Room, m *month) (over bool, err error) {
	if f.after == 0 {
		if f.after, err = r.placeOf(ctx, m.from-ripe, m.at.seq); err != nil {
			return false, err
		}
	}
	page, err := r.store.Log(ctx, r.desk.District(), f.after, 0)
	if err != nil {
		return false, err
	}
	for i := range page {
		e := &page[i]
		if e.Seq > m.at.seq || e.At >= m.span.until+ripe {
			f.after = m.at.seq
			return true, nil
		}
		if e.Kind == ledger.Matter && e.At >= m.from && e.At < m.at.until {
			if err := f.add(ctx, r, m, e.Stream); err != nil {
				return false, err
			}
		}
		f.after = e.Seq
	}
	return len(page) == 0, nil
}

// placeOf returns a place in the log, at most last, behind which everything stands that was written at an instant (µs) or later.
func (r *Room) placeOf(ctx context.Context, at, last int64) (int64, error) {
	low, high := int64(0), last
	for low < high {
		middle := (low + high) / 2
		page, err := r.store.Log(ctx, r.desk.District(), middle, 1)
		if err != nil {
			return 0, err
		}
		if len(page) > 0 && page[0].At < at {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// open plays the open matters of the next page.
func (f *first) open(ctx context.Context, r *Room, m *month) (over bool, err error) {
	open := true
	return f.list(ctx, r, m, journal.Query{Open: &open})
}

// closedLater plays, of the next page, matters that were open when a month ended that is over.
func (f *first) closedLater(ctx context.Context, r *Room, m *month) (over bool, err error) {
	open := false
	return f.list(ctx, r, m, journal.Query{Open: &open, Closed: journal.Between{From: m.at.until}})
}

func (f *first) list(ctx context.Context, r *Room, m *month, q journal.Query) (over bool, err error) {
	q.Log, q.Now, q.Scope = r.desk.District(), r.desk.Now(), journal.Scope{All: true}
	q.Opened.Until, q.Order, q.Limit, q.Cursor = m.at.until, journal.ByDue, 500, f.next
	for _, k := range m.packs.Kinds() {
		q.Kinds = append(q.Kinds, k.Ref)
	}
	page, err := r.store.Rows(ctx, q)
	if err != nil {
		return false, err
	}
	for i := range page.Rows {
		row := &page.Rows[i]
		if !f.in[row.Stream] && row.Open && row.Seq <= m.at.seq && m.at.until < m.span.until && (row.Due == 0 || row.Due >= m.at.until) {
			f.in[row.Stream] = true // nothing happened to it in the month, and it is not late: it need not be played
			m.fall(row.Stream, row.Due)
			continue
		}
		if err := f.add(ctx, r, m, row.Stream); err != nil {
			return false, err
		}
	}
	f.next = page.Next
	return f.next == "", nil
}

// moved plays the matters that something happened to since: one that changed from open to closed, or back, while the lists were read may stand in neither.
func (f *first) moved(ctx context.Context, r *Room, m *month) (over bool, err error) {
	page, err := r.store.Log(ctx, r.desk.District(), f.after, 0)
	if err != nil {
		return false, err
	}
	for i := range page {
		if page[i].Kind == ledger.Matter {
			if err := f.add(ctx, r, m, page[i].Stream); err != nil {
				return false, err
			}
		}
		f.after = page[i].Seq
	}
	return len(page) == 0, nil
}

// add plays a matter that was not looked at yet.
func (f *first) add(ctx context.Context, r *Room, m *month, id name.ID) error {
	if f.in[id] {
		return nil
	}
	t, err := r.tape(ctx, m.packs, id)
	if err != nil {
		return err
	}
	deeds, next, err := t.play(m.at, m.from)
	if err != nil {
		return err
	}
	f.in[id] = true
	m.count(deeds, 1)
	m.fall(id, next)
	return nil
}
