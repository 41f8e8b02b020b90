package matter

import (
	"cmp"
	"slices"
	"strconv"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// clocks turns the act's effects into changes of clocks with all their times.
func (d *decider) clocks() error {
	for _, e := range d.act.Clocks {
		ck := d.k.Clock(e.Clock)
		if ck == nil {
			continue // the compiler of packs has refused such an effect
		}
		cc, err := d.effect(e.Op, ck)
		if err != nil {
			return err
		}
		if cc != nil {
			d.out.Change.Clocks = append(d.out.Change.Clocks, *cc)
		}
	}
	if d.law.verb == Pause && !slices.ContainsFunc(d.out.Change.Clocks, func(c ClockChange) bool { return c.Op == Hold }) {
		return fault.Refuse(fault.ErrInvalid, "pause-reason-unknown", "code", "code", d.c.Code)
	}
	return nil
}

// effect returns what one effect does, nil where it does nothing.
func (d *decider) effect(op ClockOp, ck *ClockKind) (*ClockChange, error) {
	now := d.m.Clock(ck.Key)
	running := now != nil && now.Stopped == 0
	switch op {
	case Start, Restart:
		if op == Start && running {
			return nil, nil
		}
		return d.start(op, ck)
	case Stop:
		if !running {
			return nil, nil
		}
		return &ClockChange{Op: Stop, Clock: ck.Key}, nil
	case Hold:
		known := slices.ContainsFunc(ck.Pauses, func(p PauseReason) bool { return p.Code == d.c.Code })
		if !running || now.IsPaused() || !known {
			return nil, nil
		}
		return &ClockChange{Op: Hold, Clock: ck.Key, Reason: d.c.Code}, nil
	case Go:
		if !running || !now.IsPaused() {
			return nil, nil
		}
		c := *now
		c.Pauses = ended(c.Pauses, d.c.At)
		return d.env.times(d.k, ck, c, ClockChange{Op: Go, Clock: ck.Key})
	case Lengthen:
		return d.extend(ck, now)
	}
	return nil, nil
}

func (d *decider) start(op ClockOp, ck *ClockKind) (*ClockChange, error) {
	c := Clock{Key: ck.Key, Started: d.c.At, Length: ck.Length}
	if ck.Until != "" {
		if c.Until = d.value(ck.Until); c.Until == "" {
			return nil, nil // no date, no clock
		}
	}
	return d.env.times(d.k, ck, c, ClockChange{Op: op, Clock: ck.Key, Length: c.Length, Until: c.Until})
}

// extend gives a clock more time, once, within its cap, by the named approver.
func (d *decider) extend(ck *ClockKind, now *Clock) (*ClockChange, error) {
	if d.c.Clock != "" && d.c.Clock != ck.Key {
		return nil, nil
	}
	switch {
	case now == nil || now.Stopped != 0:
		return nil, fault.Refuse(fault.ErrConflict, "clock-not-running", "", "clock", ck.Key)
	case ck.Extend == nil || now.Extended > 0:
		return nil, fault.Refuse(fault.ErrConflict, "extension-used", "", "clock", ck.Key)
	case !d.isParty(ck.Extend.By):
		return nil, fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", d.act.Key)
	}
	c := *now
	units := d.c.Units
	if ck.Until != "" {
		until, err := calendar.ParseDate(d.c.Until)
		old, oldErr := calendar.ParseDate(c.Until)
		if err != nil || oldErr != nil || until <= old {
			return nil, fault.Refuse(fault.ErrInvalid, "extension-missing", "until")
		}
		units, c.Until = int(until-old), until.String()
		d.setField(ck.Until, c.Until)
	}
	if units <= 0 {
		return nil, fault.Refuse(fault.ErrInvalid, "extension-missing", "units")
	}
	if units > ck.Extend.Most {
		return nil, fault.Refuse(fault.ErrInvalid, "extension-too-long", cmp.Or(map[bool]string{true: "until"}[ck.Until != ""], "units"), "limit", strconv.Itoa(ck.Extend.Most))
	}
	c.Extended = units
	return d.env.times(d.k, ck, c, ClockChange{Op: Lengthen, Clock: ck.Key, By: units, Until: c.Until})
}

// times fills in the due time, the change to yellow and the rungs of a clock.
func (env *Env) times(k *Kind, ck *ClockKind, c Clock, cc ClockChange) (*ClockChange, error) {
	t := timing{s: calendar.Schedule{Calendar: env.Calendar, Office: env.Office}, ck: ck, c: c}
	due, err := t.due()
	if err != nil {
		return nil, err
	}
	cc.Due, cc.Provisional = int64(due.End), due.Provisional
	if cc.Yellow, err = t.yellow(due); err != nil {
		return nil, err
	}
	if l := k.Ladder(ck.Ladder); l != nil {
		for _, r := range l.Rungs {
			at, err := t.rung(r, due)
			if err != nil {
				return nil, err
			}
			cc.Rungs = append(cc.Rungs, RungAt{Key: r.Key, At: at})
		}
	}
	return &cc, nil
}

// timing computes the times of one clock.
type timing struct {
	s  calendar.Schedule
	ck *ClockKind
	c  Clock
}

// Running returns the clock in the calendar's form, for its standing and its derivation; false for
// one that ends with a date, which needs none.
func (c *Clock) Running(ck *ClockKind) (calendar.Clock, bool) {
	if ck.Until != "" {
		return calendar.Clock{}, false
	}
	cal := calendar.Clock{Start: calendar.Instant(c.Started), Term: calendar.Term{Basis: ck.Basis, Length: c.Length}}
	for _, p := range c.Pauses {
		cal.Pauses = append(cal.Pauses, calendar.Pause{From: calendar.Instant(p.From), To: calendar.Instant(p.To), Reason: ck.pause(p.Reason)})
	}
	if c.Extended > 0 {
		cal.Extensions = []int{c.Extended}
	}
	return cal, true
}

func (ck *ClockKind) pause(code string) name.Text {
	for _, p := range ck.Pauses {
		if p.Code == code {
			return p.Words
		}
	}
	return name.Text{ZH: code, EN: code}
}

// due returns the clock's deadline. One that ends with a date is due at the end of that day, whatever
// kind of day it is, and pauses do not move it: the date was promised.
func (t *timing) due() (calendar.Deadline, error) {
	if t.ck.Until == "" {
		c, _ := t.c.Running(t.ck)
		return t.s.Due(c)
	}
	d, err := calendar.ParseDate(t.c.Until)
	if err != nil {
		return calendar.Deadline{}, fault.Refuse(fault.ErrInvalid, "not-date", t.ck.Until)
	}
	return calendar.Deadline{Due: d, End: (d + 1).Start()}, nil
}

// share returns the deadline of the first n units of the clock, without extension.
func (t *timing) share(n int) (calendar.Deadline, error) {
	c, _ := t.c.Running(t.ck)
	c.Term.Length, c.Extensions = n, nil
	return t.s.Due(c)
}

// yellow returns when the clock turns yellow: 80 % used or at most one working day left, whichever comes
// first; for bases of hours only the share counts.
func (t *timing) yellow(due calendar.Deadline) (int64, error) {
	if t.ck.Until != "" {
		start := calendar.Instant(t.c.Started).Date()
		used := start + calendar.Date((int(due.Due-start)*8+9)/10)
		left := t.s.Calendar.NextWorking(mustDate(t.s.Calendar.AddWorking(due.Due, -1)))
		return int64(min(used, left).Start()), nil
	}
	n := (t.c.Length + t.c.Extended)
	k := (n*8 + 9) / 10
	if t.ck.Basis.IsDated() {
		if k = min(k, n-1); k <= 0 {
			return t.c.Started, nil
		}
	}
	at, err := t.share(k)
	if err != nil {
		return 0, err
	}
	if t.ck.Basis.IsDated() {
		return int64(at.Due.Start()), nil
	}
	return int64(at.End), nil
}

func mustDate(d calendar.Date, _ bool) calendar.Date { return d }

// rung returns when a rung fires: at the due time, so many units before or after it, or when a share of the
// period is used. Before a clock that ends with a date, units are working days if that is its basis, otherwise days.
func (t *timing) rung(r Rung, due calendar.Deadline) (int64, error) {
	switch {
	case r.After > 0:
		from := due.End
		if t.ck.Basis.IsDated() {
			from-- // within the day that was due, which does not count
		}
		late, err := t.s.Due(calendar.Clock{Start: from, Term: calendar.Term{Basis: t.ck.Basis, Length: r.After}})
		return int64(late.End), err
	case r.Before > 0 && t.ck.Until != "":
		if t.ck.Basis == calendar.WorkingDay {
			return int64((mustDate(t.s.Calendar.AddWorking(due.Due, -r.Before)) + 1).Start()), nil
		}
		return int64((due.Due - calendar.Date(r.Before) + 1).Start()), nil
	case r.Used > 0 && t.ck.Until != "":
		start := calendar.Instant(t.c.Started).Date()
		return int64((start + calendar.Date((int(due.Due-start)*r.Used+99)/100)).Start()), nil
	case r.Before > 0 || r.Used > 0:
		n := t.c.Length + t.c.Extended - r.Before
		if r.Used > 0 {
			n = ((t.c.Length+t.c.Extended)*r.Used + 99) / 100
		}
		if n <= 0 {
			return t.c.Started, nil
		}
		at, err := t.share(n)
		return int64(at.End), err
	}
	return int64(due.End), nil
}

// Tick returns the rungs of the matter's clocks that are due at now and have not fired, in the order of
// their times: invariant 7, each rung once. A rung that the matter has passed while nobody looked fires too.
func Tick(k *Kind, m *Matter, now int64, env Env) (fired []Decision) {
	type dueRung struct {
		clock *Clock
		rung  RungAt
	}
	var due []dueRung
	for i := range m.Clocks {
		c := &m.Clocks[i]
		if !c.runs() || !m.IsOpen() {
			continue
		}
		for _, r := range c.Rungs {
			if !r.Fired && r.At <= now {
				due = append(due, dueRung{c, r})
			}
		}
	}
	slices.SortStableFunc(due, func(a, b dueRung) int { return cmp.Compare(a.rung.At, b.rung.At) })
	for _, dr := range due {
		fired = append(fired, k.fire(m, dr.clock, dr.rung, env))
	}
	return fired
}

// fire returns the decision of one rung.
func (k *Kind) fire(m *Matter, c *Clock, at RungAt, env Env) Decision {
	d := Decision{Type: "matter.rung", Change: Change{Rung: &Fired{Clock: c.Key, Rung: at.Key, To: m.Holder}, Count: string(at.Key)}}
	l := k.Ladder(k.Clock(c.Key).ladder())
	if l == nil {
		return d
	}
	for _, r := range l.Rungs {
		if r.Key != at.Key {
			continue
		}
		d.Change.Rung.To = told(m, r.To, env)
		if r.Raises != "" {
			d.Raises = []Opening{{Kind: r.Raises, Link: RaisedBy, Issuer: Hand{Unit: env.Supervision},
				Fields: map[string]string{"unit": string(m.Holder.Unit), "title": m.Title()}}}
		}
	}
	return d
}

func (ck *ClockKind) ladder() string {
	if ck == nil {
		return ""
	}
	return ck.Ladder
}

// told returns who is told of a rung.
func told(m *Matter, p Party, env Env) Hand {
	switch p.Part {
	case Giver:
		return m.Giver
	case Issuer:
		return m.Issuer
	case Supervision:
		return Hand{Unit: env.Supervision}
	}
	if p.Role != "" && p.Role != "handler" {
		return Hand{Unit: m.Holder.Unit}
	}
	return m.Holder
}

// RecomputeClocks returns the change that a new calendar makes to the matter's running clocks, and false if
// it makes none. The old times stay in the earlier events.
func RecomputeClocks(k *Kind, m *Matter, env Env, reason string) (Decision, bool, error) {
	d := Decision{Type: "matter.clock", Reason: reason}
	for i := range m.Clocks {
		c := &m.Clocks[i]
		ck := k.Clock(c.Key)
		if ck == nil || !c.runs() {
			continue
		}
		cc, err := env.times(k, ck, *c, ClockChange{Op: Recompute, Clock: c.Key})
		if err != nil {
			return Decision{}, false, err
		}
		if cc.Due != c.Due || cc.Provisional != c.Provisional {
			d.Change.Clocks = append(d.Change.Clocks, *cc)
		}
	}
	return d, len(d.Change.Clocks) > 0, nil
}
