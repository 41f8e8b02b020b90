package boards

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// followed is a month in memory: as it was counted, and which matters have changed since.
type followed struct {
	mu    sync.Mutex // held while it is counted, so that those who ask meanwhile wait and do not count too
	sheet *Sheet

	of      string           // kind of its matters
	asked   int64            // when it was asked for last, in asks; under the room's lock
	changed map[name.ID]bool // under the room's lock
	size    int              // matters, under the room's lock
}

// mostChanged bounds what is remembered of a month that nobody looks at; then it is counted anew.
const mostChanged = 20_000

// heard notes the matters that changed.
func (r *Room) heard(a desk.Announcement) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range a.Batch.Appends {
		p := &a.Batch.Appends[i]
		if p.Kind != ledger.Matter || p.Row == nil {
			continue
		}
		for key, m := range r.kept {
			if m.of != p.Row.Kind {
				continue
			}
			if m.changed[p.Stream] = true; len(m.changed) > mostChanged {
				delete(r.kept, key)
			}
		}
	}
}

// month returns a month as it is now. The first time takes time in proportion to its matters, later ones to those that changed.
func (r *Room) month(ctx context.Context, card *indicator.Scorecard, first calendar.Date) (*Sheet, error) {
	m := r.follow(card, first)
	m.mu.Lock()
	defer m.mu.Unlock()
	changed := r.since(m)
	var err error
	switch s := m.sheet; {
	case s == nil || s.At > r.desk.Now() || s.Frozen == 0 && s.Card != card: // a clock that was set back, or another scorecard
		m.sheet, err = r.settledOrCounted(ctx, card, first)
	case s.Frozen == 0:
		m.sheet, err = r.renewed(ctx, s, changed)
	}
	if err != nil {
		m.sheet = nil
		return nil, err
	}
	r.weigh(m, m.sheet.lines.len())
	return m.sheet, nil
}

// weigh notes how many matters a month has, and lets go of others, those first that were asked for the longest time ago, until all that are kept are not too many.
func (r *Room) weigh(m *followed, size int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m.size = size
	for all := 0; len(r.kept) > 1; all = 0 {
		for _, one := range r.kept {
			all += one.size
		}
		if all <= r.most {
			return
		}
		r.forget()
	}
}

// follow returns the month from memory, or one that is yet to be counted and hears what changes from now on.
func (r *Room) follow(card *indicator.Scorecard, first calendar.Date) *followed {
	key := card.Ref + " " + indicator.Month(first)
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.kept[key]
	if m == nil {
		if len(r.kept) >= maxKept {
			r.forget()
		}
		m = &followed{of: card.Of, changed: map[name.ID]bool{}}
		r.kept[key] = m
	}
	r.asks++
	m.asked = r.asks
	return m
}

// forget lets go of the month that was asked for the longest time ago. It is called under the room's lock.
func (r *Room) forget() {
	oldest := ""
	for key, m := range r.kept {
		if oldest == "" || m.asked < r.kept[oldest].asked {
			oldest = key
		}
	}
	delete(r.kept, oldest)
}

// since takes the matters that have changed.
func (r *Room) since(m *followed) map[name.ID]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed := m.changed
	m.changed = map[name.ID]bool{}
	return changed
}

func (r *Room) settledOrCounted(ctx context.Context, card *indicator.Scorecard, first calendar.Date) (*Sheet, error) {
	s, err := r.frozen(ctx, card, indicator.Month(first))
	if err == nil && s == nil {
		s, err = r.count(ctx, card, first)
	}
	return s, err
}

// renewed returns a month with the lines of the matters that changed. The one before stays as it is, for those who read it.
func (r *Room) renewed(ctx context.Context, s *Sheet, changed map[name.ID]bool) (*Sheet, error) {
	now := *s
	now.At = r.desk.Now()
	if len(changed) == 0 {
		return &now, nil
	}
	var lines []indicator.ScoreLine
	for id := range changed {
		row, err := r.store.Row(ctx, id)
		if errors.Is(err, fault.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		line, err := s.sorted.line(&row)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	if now.lines = s.lines.with(lines); now.lines.len() > maxLines {
		return nil, fmt.Errorf("more than %d matters in %s: %w", maxLines, s.Month, fault.ErrInvalid)
	}
	return &now, nil
}

// Warm counts what is asked for first, the running month of every scorecard and the one before, so that nobody has to wait for it.
func (r *Room) Warm(ctx context.Context) error {
	running := firstOf(r.desk.Today())
	for _, card := range r.Cards() {
		for _, month := range []calendar.Date{running, firstOf(running - 1)} {
			if _, err := r.month(ctx, card, month); err != nil {
				return err
			}
		}
	}
	return nil
}

// firstOf returns the first day of a day's month.
func firstOf(d calendar.Date) calendar.Date {
	_, _, day := d.Civil()
	return d - calendar.Date(day-1)
}
