package calendar

import "slices"

// hours tells a leg of emergency hours or days: everything counts but the pauses.
func (r *run) hours(l leg) []Step {
	pauses := r.pausesIn(l.start, l.last)
	var steps []Step
	at := l.start
	add := func(to int64) {
		if at < to {
			steps = append(steps, Step{Kind: StepCounted, From: Instant(at), To: Instant(to), First: Instant(at).Date(), Last: Instant(to).Date(),
				Count: r.clock.Term.Basis.amount(at, to-at)})
		}
	}
	for _, p := range pauses {
		add(int64(p.From))
		steps, at = append(steps, p), int64(p.To)
	}
	add(l.last)
	return steps
}

// officeTime tells a leg of working hours day by day, whole working days in runs.
func (s Schedule) officeTime(r *run, l leg) []Step {
	var steps []Step
	for d := Instant(l.start).Date(); d <= Instant(l.last).Date(); d++ {
		from, to := max(l.start, int64(d.Start())), min(l.last, int64((d+1).Start()))
		st := Step{First: d, Last: d}
		s.classify(&st)
		if st.Kind == StepHoliday || st.Kind == StepWeekend {
			if len(r.running(from, to)) > 0 {
				steps = appendStep(steps, st)
			}
			continue
		}
		for _, g := range r.running(from, to) {
			if r.axis.rank(g.to) > r.axis.rank(g.from) {
				steps = appendStep(steps, s.piece(r, st, g))
			}
		}
	}
	steps = append(steps, r.pausesIn(l.start, l.last)...)
	slices.SortStableFunc(steps, func(a, b Step) int { return int(a.begin() - b.begin()) })
	return steps
}

// begin orders steps in time.
func (s Step) begin() Instant {
	if s.From != 0 {
		return s.From
	}
	return s.First.Start()
}

// piece tells office time within one working day; the whole day without its hours.
func (s Schedule) piece(r *run, st Step, g gap) Step {
	micros := r.axis.rank(g.to) - r.axis.rank(g.from)
	st.Count = Amount{Basis: WorkingHour, Micros: micros}
	if micros < s.Office.day() {
		st.From = Instant(max(g.from, r.axis.point(r.axis.rank(g.from)+1)-1))
		st.To = Instant(min(g.to, r.axis.point(r.axis.rank(g.to))))
	}
	return st
}

// running lists the stretches after from, up to and including to, that are not paused.
func (r *run) running(from, to int64) []gap {
	var all []gap
	for _, g := range r.gaps {
		if g.from >= to {
			break
		}
		if from < g.from {
			all = append(all, gap{from: from, to: g.from})
		}
		from = max(from, g.to)
	}
	if from < to {
		all = append(all, gap{from: from, to: to})
	}
	return all
}
