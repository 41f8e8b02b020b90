// Package watch looks at what falls due: it rings the ladders of clocks, counts clocks anew when a holiday notice has come
// out, and once a day presses the goals.
//
// The door calls [Watch.Tick] again and again; the demo's time bar calls it after each step forward. What fires is
// decided by the events alone, and a rung is appended under the version of the matter that it was decided on, so a process
// killed anywhere loses no rung and two of them fire none twice. The lease saves them doing the same work: who has it renews
// it while working and stops when another process has taken it over.
package watch

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Leases lets one of several processes do a piece of work, and remembers how far it is.
type Leases interface {
	Lease(ctx context.Context, name, holder string, now, until int64) (token int64, err error)
	Cursor(ctx context.Context, log name.District, consumer string) (seq int64, err error)
	SetCursor(ctx context.Context, log name.District, consumer string, seq int64) error
}

// Watch is the scheduler. It is safe for many goroutines, which wait for one another.
type Watch struct {
	mu     sync.Mutex
	desk   *desk.Desk
	store  desk.Store
	leases Leases
	holder string
	token  int64         // of the lease that was had last
	day    calendar.Date // the day on which the goals were pressed last
	also   []func(context.Context) error
	after  int64 // before which clocks are not counted anew again, since some could not be
}

// New returns a scheduler; holder names this process, and no other that runs.
func New(d *desk.Desk, store desk.Store, leases Leases, holder string) *Watch {
	return &Watch{desk: d, store: store, leases: leases, holder: holder}
}

// Also has each tick do something more, behind the rest and under the same lease, such as retention. It is called before the first tick.
func (w *Watch) Also(do func(context.Context) error) { w.also = append(w.also, do) }

// Looked is what a tick found.
type Looked struct {
	Rungs int // fired
	Goals int // pressed
	Moved int // matters whose clocks were counted anew
}

// leaseSpan is how long the lease lasts without being renewed, in µs: so long nothing fires when its holder is killed.
const leaseSpan = 60_000_000

// atOnce is how many matters one question of a tick asks for. Before each question the lease is renewed.
const atOnce = 200

// errLost says that another process has the lease now.
var errLost = errors.New("another process watches")

// Tick counts clocks anew if the holidays have changed, fires every rung that is due at the server's time and, on a new
// day, presses every open goal. A process that does not get the lease, or loses it, leaves the rest to the one that has it.
// What cannot be rung is left for the next tick and told in the error, after everything else.
func (w *Watch) Tick(ctx context.Context) (l Looked, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, err = w.tick(ctx)
	if errors.Is(err, errLost) {
		err = nil
	}
	return l, err
}

func (w *Watch) tick(ctx context.Context) (l Looked, err error) {
	if err := w.hold(ctx); err != nil {
		return l, err
	}
	var first error
	looks := []func(context.Context, *Looked) error{w.recount, w.ring, w.press}
	for _, do := range w.also {
		looks = append(looks, func(ctx context.Context, _ *Looked) error { return do(ctx) })
	}
	for _, look := range looks {
		err := look(ctx, &l)
		if errors.Is(err, errLost) {
			return l, err
		}
		if first == nil {
			first = err
		}
	}
	return l, first
}

// hold takes the lease or renews it. A new token tells that another process may have worked in between.
func (w *Watch) hold(ctx context.Context) error {
	now := w.desk.Now()
	token, err := w.leases.Lease(ctx, "watch", w.holder, now, now+leaseSpan)
	if errors.Is(err, fault.ErrConflict) {
		return errLost
	}
	if err != nil {
		return err
	}
	if token != w.token {
		w.token, w.day = token, 0
	}
	return nil
}

// each asks for the rows of a question page by page and does something with each, whose state in memory is no older than
// the row. One that fails does not keep the others waiting; the first error is returned at the end.
func (w *Watch) each(ctx context.Context, q journal.Query, do func(id name.ID) error) error {
	q.Log, q.Scope, q.Limit = w.desk.District(), journal.Scope{All: true}, atOnce
	var first error
	for {
		if err := w.hold(ctx); err != nil {
			return err
		}
		q.Now = w.desk.Now()
		page, err := w.store.Rows(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			w.desk.Refresh(&page.Rows[i])
			if err := do(page.Rows[i].Stream); err != nil && first == nil {
				first = err
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return first
		}
	}
}

// ring fires the rungs that are due.
func (w *Watch) ring(ctx context.Context, l *Looked) error {
	q := journal.Query{Noun: "matter", Wake: journal.Between{From: 1, Until: w.desk.Now() + 1}, Order: journal.ByWake}
	return w.each(ctx, q, func(id name.ID) error {
		n, err := w.desk.Ring(ctx, id)
		if l.Rungs += n; err != nil {
			return fmt.Errorf("ring matter %s: %w", id, err)
		}
		return nil
	})
}

// press looks at every open goal, on a day on which that was not done to its end.
func (w *Watch) press(ctx context.Context, l *Looked) error {
	today := w.desk.Today()
	if today == w.day {
		return nil
	}
	yes := true
	q := journal.Query{Noun: "indicator", Kinds: []string{desk.GoalKind}, Open: &yes, Order: journal.ByOpened}
	err := w.each(ctx, q, func(id name.ID) error {
		if err := w.desk.Press(ctx, id); err != nil {
			return fmt.Errorf("press goal %s: %w", id, err)
		}
		l.Goals++
		return nil
	})
	if err == nil {
		w.day = today
	}
	return err
}

// Calendar is the name, among those who read a log, of how far the clocks have been counted anew: the version of the holidays.
const Calendar = "calendar"

// retryAfter is how long after a matter could not be counted anew all of them are looked at again, in µs.
const retryAfter = 3_600_000_000

// recount takes over packs that another process has installed, and counts the clocks anew where the holidays have changed since that was last done to its end, by whichever
// process. One whose own holidays are older than those reads them again.
func (w *Watch) recount(ctx context.Context, l *Looked) error {
	done, err := w.leases.Cursor(ctx, w.desk.District(), Calendar)
	if err != nil {
		return err
	}
	if err := w.desk.CatchUp(ctx); err != nil {
		return err
	}
	if done > w.desk.Holidays() {
		if err := w.desk.Reload(ctx); err != nil {
			return err
		}
	}
	if done >= w.desk.Holidays() || w.desk.Now() < w.after {
		return nil
	}
	if l.Moved, err = w.recalendar(ctx, "calendar-changed"); err != nil && !errors.Is(err, errLost) {
		w.after = w.desk.Now() + retryAfter
	}
	return err
}

// Recalendar counts every running clock again, after a holiday notice was installed, and returns how many matters it
// changed; each change stands in the matter's events with the old time, the new one and the notices. Interrupted, the next
// tick goes on with it.
func (w *Watch) Recalendar(ctx context.Context, reason string) (changed int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	changed, err = w.recalendar(ctx, reason)
	if errors.Is(err, errLost) {
		err = nil // the process that watches does it at its next tick
	}
	return changed, err
}

func (w *Watch) recalendar(ctx context.Context, reason string) (changed int, err error) {
	version := w.desk.Holidays()
	yes := true
	err = w.each(ctx, journal.Query{Noun: "matter", Open: &yes, Order: journal.ByOpened}, func(id name.ID) error {
		moved, err := w.desk.Recalendar(ctx, id, reason)
		if err != nil {
			return fmt.Errorf("recalendar matter %s: %w", id, err)
		}
		if moved {
			changed++
		}
		return nil
	})
	if err != nil {
		return changed, err
	}
	err = w.leases.SetCursor(ctx, w.desk.District(), Calendar, version)
	if errors.Is(err, fault.ErrConflict) {
		err = nil // done already
	}
	return changed, err
}
