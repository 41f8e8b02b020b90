package matter

import (
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
)

// untilDate is the timing of a clock that ends with a date. The date was promised: it is due at the end of that day,
// whatever kind of day it is, and pauses do not move it. Days are used and left as for calendar days; where the basis is
// working days, what is left and over is told in working days. The rules stand in docs/clocks.md and are ours.
type untilDate struct {
	cal   *calendar.Calendar
	basis calendar.Basis
	c     *Clock
}

func (t untilDate) due() (calendar.Deadline, error) {
	d, err := calendar.ParseDate(t.c.Until)
	if err != nil {
		return calendar.Deadline{}, fault.Refuse(fault.ErrInvalid, "not-date", "", "value", t.c.Until)
	}
	return calendar.Deadline{Due: d, End: (d + 1).Start()}, nil
}

// day returns an instant reckoned from the due day, not before the start.
func (t untilDate) day(reckon func(due calendar.Date) calendar.Date) (calendar.Instant, error) {
	d, err := t.due()
	if err != nil {
		return 0, err
	}
	return max(reckon(d.Due).Start(), calendar.Instant(t.c.Started)), nil
}

// fewWorking returns the first date after which at most n working days come up to due.
func (t untilDate) fewWorking(due calendar.Date, n int) calendar.Date {
	d, _ := t.cal.AddWorking(due+1, -n-1)
	return d
}

// yellow is at 80 % used or with at most one working day left, whichever comes first, as for a clock with a length.
func (t untilDate) yellow() (calendar.Instant, error) {
	few, err := t.day(func(due calendar.Date) calendar.Date { return t.fewWorking(due, 1) })
	if err != nil {
		return 0, err
	}
	share, err := t.used(80)
	return min(share, few), err
}

func (t untilDate) used(perCent int) (calendar.Instant, error) {
	return t.day(func(due calendar.Date) calendar.Date {
		start := calendar.Instant(t.c.Started).Date()
		days := max(int(due-start), 0)
		return start + calendar.Date((days*min(perCent, 100)+99)/100)
	})
}

func (t untilDate) left(units int) (calendar.Instant, error) {
	return t.day(func(due calendar.Date) calendar.Date {
		if t.basis == calendar.WorkingDay && units > 0 {
			return t.fewWorking(due, units)
		}
		return due - calendar.Date(units)
	})
}

func (t untilDate) over(units int) (calendar.Instant, error) {
	return t.day(func(due calendar.Date) calendar.Date {
		if t.basis == calendar.WorkingDay {
			d, _ := t.cal.AddWorking(due, units)
			return d
		}
		return due + calendar.Date(units)
	})
}
