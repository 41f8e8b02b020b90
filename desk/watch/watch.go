// Package watch looks at what falls due: it rings the ladders of clocks, and once a day it presses the goals.
//
// The door calls [Watch.Tick] again and again; the demo's time bar calls it after each step forward. What fires is
// decided by the events alone, so a restart anywhere loses no rung and fires none twice, and two processes that
// watch the same log share a lease.
package watch

import (
	"context"
	"errors"
	"fmt"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

// Leases lets one of several processes do a piece of work.
type Leases interface {
	Lease(ctx context.Context, name, holder string, now, until int64) (token int64, err error)
}

// Watch is the scheduler. It serves one goroutine.
type Watch struct {
	desk   *desk.Desk
	store  desk.Store
	leases Leases
	holder string
	day    calendar.Date // the day on which the goals were pressed last
}

// New returns a scheduler; holder names this process.
func New(d *desk.Desk, store desk.Store, leases Leases, holder string) *Watch {
	return &Watch{desk: d, store: store, leases: leases, holder: holder}
}

// Looked is what a tick found.
type Looked struct {
	Rungs int // fired
	Goals int // pressed
}

// leaseSpan is how long a tick may take before another process may take over, in µs.
const leaseSpan = 60_000_000

// atOnce is how many matters one question of a tick asks for.
const atOnce = 200

// Tick fires every rung that is due at the server's time and, on a new day, presses every open goal. A process
// that does not get the lease does nothing.
func (w *Watch) Tick(ctx context.Context) (Looked, error) {
	var l Looked
	now := w.desk.Now()
	if _, err := w.leases.Lease(ctx, "watch", w.holder, now, now+leaseSpan); err != nil {
		if errors.Is(err, fault.ErrConflict) {
			return l, nil
		}
		return l, err
	}
	if err := w.ring(ctx, &l); err != nil {
		return l, err
	}
	if today := w.desk.Today(); today != w.day {
		if err := w.press(ctx, &l); err != nil {
			return l, err
		}
		w.day = today
	}
	return l, nil
}

// ring fires the rungs that are due. A matter that cannot be rung is left for the next tick, after the others.
func (w *Watch) ring(ctx context.Context, l *Looked) error {
	var first error
	for {
		page, err := w.store.Rows(ctx, journal.Query{Log: w.desk.District(), Now: w.desk.Now(), Scope: journal.Scope{All: true}, Noun: "matter",
			Wake: journal.Between{From: 1, Until: w.desk.Now() + 1}, Order: journal.ByWake, Limit: atOnce})
		if err != nil {
			return err
		}
		fired := 0
		for _, r := range page.Rows {
			n, err := w.desk.Ring(ctx, r.Stream)
			if err != nil && first == nil {
				first = fmt.Errorf("ring matter %s: %w", r.Stream, err)
			}
			fired += n
		}
		l.Rungs += fired
		if fired == 0 || len(page.Rows) < atOnce {
			return first
		}
	}
}

// press looks at every open goal.
func (w *Watch) press(ctx context.Context, l *Looked) error {
	yes := true
	q := journal.Query{Log: w.desk.District(), Now: w.desk.Now(), Scope: journal.Scope{All: true}, Noun: "indicator", Kinds: []string{desk.GoalKind}, Open: &yes,
		Order: journal.ByOpened, Limit: atOnce}
	for {
		page, err := w.store.Rows(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range page.Rows {
			if err := w.desk.Press(ctx, r.Stream); err != nil {
				return fmt.Errorf("press goal %s: %w", r.Stream, err)
			}
			l.Goals++
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return nil
		}
	}
}

// Recalendar computes every running clock again, after a holiday notice was installed; each change stands in the
// matter's events with the old time, the new one and the reason.
func (w *Watch) Recalendar(ctx context.Context, reason string) (changed int, err error) {
	yes := true
	q := journal.Query{Log: w.desk.District(), Now: w.desk.Now(), Scope: journal.Scope{All: true}, Noun: "matter", Open: &yes, Order: journal.ByDue, Limit: atOnce}
	for {
		page, err := w.store.Rows(ctx, q)
		if err != nil {
			return changed, err
		}
		for _, r := range page.Rows {
			if err := w.desk.Recalendar(ctx, r.Stream, reason); err != nil {
				return changed, fmt.Errorf("recalendar matter %s: %w", r.Stream, err)
			}
			changed++
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return changed, nil
		}
	}
}
