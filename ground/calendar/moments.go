package calendar

// A scheduler wants to know beforehand when a clock's standing will change, instead of
// asking again and again. The functions below answer with the first instant at which
// [Schedule.Standing] says so, and false where no such instant is known because the clock
// stands still in a pause without an end. They wrap [fault.ErrInvalid] as [Schedule.Due]
// does, and cost as little. An answer holds until the clock is paused, resumed, extended or
// counted under another calendar.

// UsedFrom returns when at least that many per cent of the whole period, extensions
// included, are used; the start for zero or less, and the due day or moment for 100.
func (s Schedule) UsedFrom(c Clock, percentUsed int) (at Instant, known bool, err error) {
	r, err := s.run(c)
	if err != nil {
		return 0, false, err
	}
	at, known = r.usedFrom(percent(r.total(), min(percentUsed, 100)))
	return at, known, nil
}

// LeftFrom returns when at most n units of the basis are left: days, months, hours. With
// n = 0 it is the due day or moment, with more than there are the start.
func (s Schedule) LeftFrom(c Clock, n int) (at Instant, known bool, err error) {
	r, err := s.run(c)
	if err != nil || r.deadline.Open {
		return 0, false, err
	}
	end := r.end()
	if n = min(max(n, 0), maxLength); c.Term.Basis == Month {
		// Months back from the due, pauses or not: what is left is told in months from today.
		return r.at(max(r.start, int64(firstWithin(Date(end), n)))), true, nil
	}
	at, known = r.usedFrom(r.total() - c.Term.Basis.units(end, n))
	return at, known, nil
}

// OverFrom returns when the clock is overdue by n units of its basis, n of at least 1: for
// days, when the n-th day after the due begins.
func (s Schedule) OverFrom(c Clock, n int) (at Instant, known bool, err error) {
	r, err := s.run(c)
	if err != nil || r.deadline.Open {
		return 0, false, err
	}
	end := r.end()
	n = min(max(n, 1), maxLength)
	return r.at(r.axis.point(r.axis.rank(end) + c.Term.Basis.units(end, n))), true, nil
}

// YellowFrom returns when the clock turns yellow by w, whether or not it stands still just
// then; the due day or moment if w is switched off.
func (s Schedule) YellowFrom(c Clock, w Warning) (at Instant, known bool, err error) {
	r, err := s.run(c)
	if err != nil {
		return 0, false, err
	}
	w = w.orDefault()
	share := 100
	if w.UsedPercent > 0 {
		share = min(share, w.UsedPercent)
	}
	at, known = r.usedFrom(percent(r.total(), share))
	if w.DaysLeft > 0 && c.Term.Basis.IsDated() && !r.deadline.Open {
		// The first date after which no more than that many working days come.
		few := s.Calendar.nthDate(s.Calendar.rank(r.deadline.Due) - int64(w.DaysLeft))
		at, known = min(at, max(few.Start(), c.Start)), true
	}
	return at, known, nil
}

// total is the whole period on the axis.
func (r *run) total() int64 { return r.counted(r.start, r.end()) + r.left }

// usedFrom is the first instant at which n units of the axis are used.
func (r *run) usedFrom(n int64) (at Instant, known bool) {
	if n <= 0 {
		return r.clock.Start, true
	}
	end, _, open := walk(r.axis, r.gaps, r.start, n)
	return r.at(end), !open
}

// at is the instant at which a point of the axis begins to count.
func (r *run) at(point int64) Instant {
	if r.clock.Term.Basis.IsDated() {
		return max(Date(point).Start(), r.clock.Start)
	}
	return Instant(point)
}

// firstWithin is the first date from which end lies no more than n months ahead, a date
// from which n months and a day more are not told as more than n.
func firstWithin(end Date, n int) Date {
	d := end.AddMonths(-n)
	for d.AddMonths(n) < end {
		d++
	}
	return d
}
