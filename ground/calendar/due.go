package calendar

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"bihuan/ground/fault"
)

// Schedule is what a clock is counted against: the working days and the office hours.
// The zero Schedule has weekdays only, the usual hours, and provisional answers.
type Schedule struct {
	Calendar *Calendar
	Office   Office
}

// Deadline says when a clock runs out.
type Deadline struct {
	// Due is the last day of the period, for hours the day on which it ends.
	// Zero while Open.
	Due Date `json:"due"`
	// End is the first instant that is late: 24:00 of Due for dated bases (民法典 art. 203),
	// otherwise the moment itself. Zero while Open.
	End Instant `json:"end"`
	// Provisional: a day that decides awaits its holiday notice, see [Schedule.Recompute].
	Provisional bool `json:"provisional,omitempty"`
	// Open: the clock stands still in a pause without an end, so there is no due yet.
	Open bool `json:"open,omitempty"`
}

// Due returns when the clock runs out. It wraps [fault.ErrInvalid] for a clock that cannot
// run (see [Term], [Pause]) or one that ends after the year 9999. The cost does not grow
// with the length, only with the number of pauses and extensions.
func (s Schedule) Due(c Clock) (Deadline, error) {
	r, err := s.run(c)
	if err != nil {
		return Deadline{}, err
	}
	return r.deadline, nil
}

// run is a clock played to its end.
type run struct {
	clock    Clock
	axis     axis
	gaps     []gap
	legs     []leg // the term, then each extension, as far as reached
	deadline Deadline
	start    int64 // on the axis
	left     int64 // while Open: what is left when the open pause begins
}

// leg is one stretch of a run: the term or one extension, on the axis.
type leg struct {
	start int64
	last  int64 // where the length is used up
	due   int64 // last, moved off rest days
	ahead int64 // length in units of the axis
}

// axis measures time for one basis. Its points are dates, or instants for hours; rank is how
// much has been counted up to and including a point, point the earliest one of a rank.
type axis interface {
	rank(point int64) int64
	point(rank int64) int64
}

type (
	everyUnit   struct{}            // calendar days, emergency hours: each point counts one
	workingDays struct{ *Calendar } // working days among dates
	workingTime struct{ Schedule }  // office time among instants
)

func (everyUnit) rank(p int64) int64      { return p }
func (everyUnit) point(r int64) int64     { return r }
func (w workingDays) rank(p int64) int64  { return w.Calendar.rank(Date(p)) }
func (w workingDays) point(r int64) int64 { return int64(w.Calendar.nthDate(r)) }

func (w workingTime) rank(p int64) int64 {
	i := Instant(p)
	d := i.Date()
	before := w.Calendar.rank(d - 1)
	sum := before * w.Office.day()
	if w.Calendar.rank(d) > before {
		sum += w.Office.worked(i.TimeOfDay())
	}
	return sum
}

func (w workingTime) point(r int64) int64 {
	day := w.Office.day()
	full := floorDiv64(r-1, day)
	d := w.Calendar.nthDate(full + 1)
	return int64(d.Start()) + w.Office.when(r-full*day)
}

func (s Schedule) axis(b Basis) axis {
	switch b {
	case WorkingDay:
		return workingDays{s.Calendar}
	case WorkingHour:
		return workingTime{s}
	}
	return everyUnit{}
}

// place puts an instant on the basis's axis.
func (b Basis) place(i Instant) int64 {
	if b.IsDated() {
		return int64(i.Date())
	}
	return int64(i)
}

// gap is a stretch of the axis that does not count: after from, up to and including to.
type gap struct {
	from, to int64
	pause    Pause
}

const never = math.MaxInt64

// gaps puts pauses on the axis, in order and without overlap.
func (b Basis) gaps(pauses []Pause) []gap {
	if len(pauses) == 0 {
		return nil
	}
	var all []gap
	for _, p := range pauses {
		if p.From == p.To {
			continue
		}
		g := gap{int64(p.From), int64(p.To), p}
		if b.IsDated() {
			// Any part of a day that is paused takes the day out. Ours, see docs/clocks.md.
			g.from, g.to = int64(p.From.Date()-1), int64((p.To - 1).Date())
		}
		if p.To == 0 {
			g.to = never
		}
		all = append(all, g)
	}
	slices.SortStableFunc(all, func(a, b gap) int { return cmp.Compare(a.from, b.from) })
	merged := all[:0]
	for _, g := range all {
		if n := len(merged); n > 0 && g.from <= merged[n-1].to {
			g.from = merged[n-1].to
		}
		if g.from < g.to {
			merged = append(merged, g)
		}
	}
	return merged
}

// run plays the clock: each leg in turn, around the gaps.
func (s Schedule) run(c Clock) (run, error) {
	if err := c.check(); err != nil {
		return run{}, err
	}
	b := c.Term.Basis
	r := run{clock: c, axis: s.axis(b), gaps: b.gaps(c.Pauses), start: b.place(c.Start)}
	at := r.start
	for i := -1; i < len(c.Extensions); i++ {
		n := c.Term.Length
		if i >= 0 {
			n = c.Extensions[i]
		}
		l := leg{start: at, ahead: b.units(at, n)}
		if r.deadline.Open {
			r.left += l.ahead
			continue
		}
		if err := s.advance(&r, &l); err != nil {
			return run{}, err
		}
		r.legs = append(r.legs, l)
		at = l.due
	}
	s.conclude(&r)
	return r, nil
}

// units is a length in the units of the axis. A month has as many days as it takes to reach
// the corresponding day (民法典 art. 202), so a pause of days can be added to it.
func (b Basis) units(at int64, n int) int64 {
	switch b {
	case Month:
		return int64(Date(at).AddMonths(n)) - at
	case WorkingHour, EmergencyHour:
		return int64(n) * hourMicros
	case EmergencyDay:
		return int64(n) * dayMicros
	}
	return int64(n)
}

// advance runs one leg to its due, or into an open gap.
func (s Schedule) advance(r *run, l *leg) error {
	last, left, open := walk(r.axis, r.gaps, l.start, l.ahead)
	l.last, l.due = last, last
	if !open && (r.clock.Term.Basis == CalendarDay || r.clock.Term.Basis == Month) {
		l.due, open = s.move(last, r.gaps)
	}
	if open {
		r.deadline.Open, r.left = true, left
	}
	end := Date(l.due)
	if !r.clock.Term.Basis.IsDated() {
		end = Instant(l.due).Date()
	}
	if end > MaxDate {
		return fmt.Errorf("the clock ends after the year 9999: %w", fault.ErrInvalid)
	}
	return nil
}

// walk counts n units on from at, around the gaps. In a gap without end it stops where the
// gap begins and says how much is left.
func walk(a axis, gaps []gap, at, n int64) (end, left int64, open bool) {
	for _, g := range gaps {
		if g.to <= at {
			continue
		}
		free := a.rank(max(g.from, at)) - a.rank(at)
		if n <= free {
			break
		}
		n -= free
		if g.to == never {
			return max(g.from, at), n, true
		}
		at = g.to
	}
	return a.point(a.rank(at) + n), 0, false
}

// move carries the last day of a period over rest days to the next day that is none
// (民法典 art. 203), and over paused days, on which nothing can fall due. Rest days
// (法定休假日) are days off by notice and weekends that are not made working days: the
// older wording of the rule named Sundays (民法通则 art. 154), and where rest days were
// exchanged the day really taken off counts (最高人民法院, 民通意见 (1988) 198; both known
// from the literature, not re-read). The reading is ours, see docs/clocks.md.
func (s Schedule) move(last int64, gaps []gap) (due int64, open bool) {
	for due = last; ; {
		next := int64(s.Calendar.NextWorking(Date(due)))
		i := slices.IndexFunc(gaps, func(g gap) bool { return g.from < next && next <= g.to })
		if i < 0 {
			return next, false
		}
		if gaps[i].to == never {
			return gaps[i].from, true
		}
		due = gaps[i].to + 1
	}
}

// conclude writes the deadline from the last leg.
func (s Schedule) conclude(r *run) {
	if r.deadline.Open {
		return
	}
	first, last := r.legs[0], r.legs[len(r.legs)-1]
	d := &r.deadline
	switch r.clock.Term.Basis {
	case WorkingDay:
		d.Due = Date(last.due)
		d.Provisional = s.Calendar.isProvisional(Date(first.start), d.Due)
	case CalendarDay, Month:
		d.Due = Date(last.due)
		for _, l := range r.legs {
			d.Provisional = d.Provisional || s.Calendar.isProvisional(Date(l.last-1), Date(l.due))
		}
	case WorkingHour:
		d.Due = Instant(last.due).Date()
		d.Provisional = s.Calendar.isProvisional(r.clock.Start.Date()-1, d.Due)
	default:
		d.Due = Instant(last.due).Date()
	}
	d.End = Instant(last.due)
	if r.clock.Term.Basis.IsDated() {
		// 民法典 art. 203: the last day ends at 24:00. Where an office closes earlier the act
		// must be done by closing time; as a limit on the office itself we take 24:00.
		d.End = (d.Due + 1).Start()
	}
}
