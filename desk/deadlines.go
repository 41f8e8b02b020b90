package desk

import (
	"context"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// Deadline is a clock that runs on what waits for somebody.
type Deadline struct {
	Matter  name.ID
	Number  string
	Title   string // empty where the kind does not let it leave the house
	Kind    name.Text
	Clock   ClockView
	Whole   bool  // due at the end of a day, otherwise at a moment
	Changed int64 // µs, when the matter was changed last
}

// Key names the deadline, the same however often it moves.
func (l *Deadline) Key() string {
	return string(l.Matter) + "-" + l.Clock.Key + "-" + calendar.Instant(l.Clock.Begun()).Time().UTC().Format("20060102T150405.000000Z")
}

// Moved is how often its due time, or whether it counts, has changed: it never goes back.
func (l *Deadline) Moved() int {
	n := len(l.Clock.Shifts)
	if l.Clock.Extended > 0 {
		n++
	}
	for _, p := range l.Clock.Pauses {
		if n++; p.To != 0 {
			n++
		}
	}
	return n
}

// Deadlines returns the clocks that run on what waits for the caller, nearest matter first; of a matter in the order in
// which they were started. Behind them stand those on what the caller may decide.
func (d *Desk) Deadlines(ctx context.Context, who Caller) (all []Deadline, err error) {
	page, err := d.Work(ctx, who, Waiting, journal.Query{})
	if err != nil {
		return nil, err
	}
	for i := range page.Rows {
		d.Refresh(&page.Rows[i])
		m, err := d.loadMatter(ctx, page.Rows[i].Stream)
		if err != nil {
			return nil, err
		}
		k, err := d.kindOf(&m)
		if err != nil {
			return nil, err
		}
		all = append(all, d.deadlines(k, &m, false)...)
	}
	asked, err := d.Asked(ctx, who)
	for i := range asked {
		all = append(all, d.deadlines(asked[i].Def, &asked[i].Matter, true)...)
	}
	return all, err
}

// deadlines are the clocks that run on a matter, or on the decision that was asked for.
func (d *Desk) deadlines(k *matter.Kind, m *matter.Matter, decision bool) (all []Deadline) {
	if !m.IsOpen() {
		return nil
	}
	title := m.Title()
	if f := field.Find(k.Fields, "title"); f == nil || f.Class != field.P {
		title = ""
	}
	for _, c := range m.Running() {
		if c.Decision == decision {
			all = append(all, Deadline{Matter: m.ID, Number: m.Number, Title: title, Kind: k.Words, Clock: d.clockView(k, c),
				Whole: calendar.Instant(c.Due).TimeOfDay() == 0, Changed: m.Changed})
		}
	}
	return all
}
