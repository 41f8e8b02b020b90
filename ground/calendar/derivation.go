package calendar

import (
	"slices"

	"bihuan/ground/name"
)

// StepKind says what a step of a derivation tells.
type StepKind string

// The kinds of steps.
const (
	StepStart         StepKind = "start"         // 起算: First, From; Opening where the start lies outside hours
	StepCounted       StepKind = "counted"       // 计入: First to Last, Nth to NthLast, or Count
	StepMakeUp        StepKind = "make-up"       // 调休上班: counted, with Name and Notice
	StepWeekend       StepKind = "weekend"       // 周末: not counted
	StepHoliday       StepKind = "holiday"       // 放假: not counted, with Name and Notice
	StepPaused        StepKind = "paused"        // 暂停计时: not counted, with Reason
	StepCorresponding StepKind = "corresponding" // 对应日: First, the month's end where MonthEnd
	StepMoved         StepKind = "moved"         // 顺延: from First to Last
	StepExtended      StepKind = "extended"      // 延期: by Length, from First on
	StepOpen          StepKind = "open"          // 尚未恢复: Count is left
	StepDue           StepKind = "due"           // 到期: Last, To
	StepProvisional   StepKind = "provisional"   // 暂定: Years have no notice
)

// Step is one line of a derivation.
type Step struct {
	Kind         StepKind
	First, Last  Date    // the days it speaks of, both included
	From, To     Instant // the same to the moment, for hours and emergency days
	Nth, NthLast int     // which days of the period these are, counted from 1
	Weekend      int     // weekend days in between, not counted
	Length       int     // of the term or the extension
	Count        Amount  // what was counted, for hours, or what is left
	Opening      Instant // where the start lies outside office hours: when counting begins
	MonthEnd     bool    // there was no corresponding day
	Name, Notice string  // of the holiday
	Reason       name.Text
	Years        []int
}

// Derivation explains how a deadline came about, step by step in order of time.
type Derivation struct {
	Clock    Clock
	Office   Office
	Deadline Deadline
	Steps    []Step
}

// Derive returns the deadline of the clock with its explanation. It wraps
// [fault.ErrInvalid] as [Schedule.Due] does. The cost grows with the days passed over.
func (s Schedule) Derive(c Clock) (Derivation, error) {
	r, err := s.run(c)
	if err != nil {
		return Derivation{}, err
	}
	d := Derivation{Clock: c, Office: s.Office, Deadline: r.deadline}
	for i, l := range r.legs {
		d.Steps = append(d.Steps, s.opening(&r, i, l))
		switch c.Term.Basis {
		case WorkingDay:
			d.Steps = append(d.Steps, s.days(&r, l, true)...)
		case CalendarDay:
			d.Steps = append(d.Steps, s.days(&r, l, false)...)
			d.Steps = append(d.Steps, s.moved(&r, l)...)
		case Month:
			d.Steps = append(d.Steps, corresponding(&r, i, l))
			d.Steps = append(d.Steps, r.pausesIn(l.start, l.last)...)
			d.Steps = append(d.Steps, s.moved(&r, l)...)
		case WorkingHour:
			d.Steps = append(d.Steps, s.officeTime(&r, l)...)
		default:
			d.Steps = append(d.Steps, r.hours(l)...)
		}
	}
	d.Steps = append(d.Steps, s.closing(&r)...)
	return d, nil
}

// opening is the first step of a leg.
func (s Schedule) opening(r *run, i int, l leg) Step {
	st := Step{Kind: StepStart, Length: r.clock.Term.Length}
	if i > 0 {
		st = Step{Kind: StepExtended, Length: r.clock.Extensions[i-1]}
	}
	if r.clock.Term.Basis.IsDated() {
		st.First = Date(l.start)
		return st
	}
	st.From = Instant(l.start)
	st.First = st.From.Date()
	// The first microsecond that counts ends at the next rank.
	if at := r.axis.point(r.axis.rank(l.start)+1) - 1; i == 0 && at > l.start {
		st.Opening = Instant(at)
	}
	return st
}

// days walks a leg of days. Where only working days count, weekends and holidays are told.
func (s Schedule) days(r *run, l leg, working bool) []Step {
	var steps []Step
	nth, gaps := 0, r.gaps
	for at := l.start + 1; at <= l.last; at++ {
		for len(gaps) > 0 && gaps[0].to < at {
			gaps = gaps[1:]
		}
		st := Step{First: Date(at), Last: Date(at)}
		switch {
		case len(gaps) > 0 && gaps[0].from < at:
			st.Kind, st.Reason = StepPaused, gaps[0].pause.Reason
		case !working:
			st.Kind = StepCounted
		default:
			s.classify(&st)
		}
		if st.Kind == StepCounted || st.Kind == StepMakeUp {
			nth++
			st.Nth, st.NthLast = nth, nth
		}
		steps = appendStep(steps, st)
	}
	return steps
}

// classify says what the calendar makes of the step's day.
func (s Schedule) classify(st *Step) {
	row, spoken := s.Calendar.Day(st.First)
	st.Name, st.Notice = row.Name, row.Notice
	switch weekend := st.First.IsWeekend(); {
	case spoken && row.Off:
		st.Kind = StepHoliday
	case spoken && weekend:
		st.Kind = StepMakeUp
	case weekend:
		st.Kind = StepWeekend
	default:
		st.Kind, st.Name, st.Notice = StepCounted, "", ""
	}
}

// appendStep joins a day to the run before it: the same thing said of the next day, and
// ordinary days across an ordinary weekend.
func appendStep(steps []Step, st Step) []Step {
	n := len(steps)
	if n > 0 && steps[n-1].joins(st) {
		last := &steps[n-1]
		last.Last, last.NthLast, last.To = st.Last, st.NthLast, st.To
		last.Weekend += st.Weekend
		last.Count.Micros += st.Count.Micros
		return steps
	}
	if n > 1 && st.Kind == StepCounted && steps[n-1].Kind == StepWeekend && steps[n-2].joins(st) {
		weekend := int(steps[n-1].Last - steps[n-1].First + 1)
		steps = steps[:n-1]
		steps[n-2].Weekend += weekend
		return appendStep(steps, st)
	}
	return append(steps, st)
}

// joins reports whether st can be told in the same line as s. Parts of days stand alone.
func (s Step) joins(st Step) bool {
	return s.Kind == st.Kind && s.Name == st.Name && s.Notice == st.Notice && s.Reason == st.Reason &&
		s.From == 0 && st.From == 0 && s.Kind != StepStart && s.Kind != StepExtended
}

// moved tells why a last day was carried on, and to where.
func (s Schedule) moved(r *run, l leg) []Step {
	if l.due == l.last {
		return nil
	}
	rest := leg{start: l.last - 1, last: l.due - 1}
	steps := s.days(r, rest, true)
	if r.deadline.Open && l == r.legs[len(r.legs)-1] {
		return steps // carried into the open pause: where to is not known yet
	}
	return append(steps, Step{Kind: StepMoved, First: Date(l.last), Last: Date(l.due)})
}

// corresponding tells the day of the month that a leg of months aims at.
func corresponding(r *run, i int, l leg) Step {
	n := r.clock.Term.Length
	if i > 0 {
		n = r.clock.Extensions[i-1]
	}
	from, to := Date(l.start), Date(l.start).AddMonths(n)
	_, _, a := from.Civil()
	_, _, b := to.Civil()
	return Step{Kind: StepCorresponding, First: to, Last: to, Length: n, MonthEnd: a != b}
}

// pausesIn lists the pauses that fall after from, up to and including to.
func (r *run) pausesIn(from, to int64) []Step {
	var steps []Step
	for _, g := range r.gaps {
		a, b := max(g.from, from), min(g.to, to)
		if a >= b {
			continue
		}
		st := Step{Kind: StepPaused, Reason: g.pause.Reason}
		if r.clock.Term.Basis.IsDated() {
			st.First, st.Last = Date(a+1), Date(b)
			st.Count = Amount{Basis: CalendarDay, Days: int(b - a)}
		} else {
			st.From, st.To = Instant(a), Instant(b)
			st.First, st.Last = st.From.Date(), st.To.Date()
		}
		steps = append(steps, st)
	}
	return steps
}

// closing tells the due, what is left in an open pause, and what is provisional.
func (s Schedule) closing(r *run) []Step {
	d, b := r.deadline, r.clock.Term.Basis
	if d.Open {
		at := r.end()
		st := Step{Kind: StepOpen, Count: b.amount(at, r.left)}
		if i := slices.IndexFunc(r.gaps, func(g gap) bool { return g.to == never }); i >= 0 {
			st.From = r.gaps[i].pause.From
			st.First, st.Reason = st.From.Date(), r.gaps[i].pause.Reason
		}
		return []Step{st}
	}
	steps := []Step{{Kind: StepDue, First: d.Due, Last: d.Due, From: d.End, To: d.End}}
	if d.Provisional {
		var years []int
		for y := r.clock.Start.Date().Year(); y <= d.Due.Year()+1; y++ {
			next := NewDate(y, 1, 1)
			// The year itself, or the next one whose notice may reach back.
			if !s.Calendar.Covers(y) && (y <= d.Due.Year() || s.Calendar.isProvisional(next-4, min(next-1, d.Due))) {
				years = append(years, y)
			}
		}
		steps = append(steps, Step{Kind: StepProvisional, Years: years})
	}
	return steps
}
