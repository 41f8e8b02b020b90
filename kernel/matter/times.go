package matter

import (
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// times fills in the due time, the change to yellow and the rungs of a clock that runs. Rungs of c that have fired stay
// fired: each fires once.
func (env *Env) times(k *Kind, ck *ClockKind, c Clock, cc ClockChange) (*ClockChange, error) {
	t := env.timing(ck, &c)
	due, err := t.due()
	if err != nil {
		return nil, err
	}
	cc.Due, cc.Provisional = int64(due.End), due.Provisional
	yellow, err := t.yellow()
	if err != nil {
		return nil, err
	}
	cc.Yellow = int64(min(yellow, due.End))
	l := k.Ladder(ck.Ladder)
	if l == nil {
		return &cc, nil
	}
	for _, r := range l.Rungs {
		at, err := r.at(t)
		if err != nil {
			return nil, err
		}
		cc.Rungs = append(cc.Rungs, RungAt{Key: r.Key, At: int64(at), Fired: c.hasFired(r.Key)})
	}
	return &cc, nil
}

func (c *Clock) hasFired(key RungKind) bool {
	for _, r := range c.Rungs {
		if r.Key == key && r.Fired {
			return true
		}
	}
	return false
}

// timing foretells when a running clock will stand how. Each answer is the first instant at which it does; none lies
// before the start.
type timing interface {
	due() (calendar.Deadline, error)
	yellow() (calendar.Instant, error)
	used(perCent int) (calendar.Instant, error)
	left(units int) (calendar.Instant, error) // at most so many are left; 0 is the due day or moment
	over(units int) (calendar.Instant, error)
}

func (env *Env) timing(ck *ClockKind, c *Clock) timing {
	s := env.schedule()
	if ck.Until != "" {
		return untilDate{cal: s.Calendar, basis: c.BasisOf(ck), c: c}
	}
	clock, _ := c.Running(ck)
	return counted{s, clock}
}

// at returns when the rung fires.
func (r *Rung) at(t timing) (calendar.Instant, error) {
	switch {
	case r.After > 0:
		return t.over(r.After)
	case r.Used > 0:
		return t.used(r.Used)
	}
	return t.left(r.Before)
}

// counted is the timing of a clock with a length: the calendar's own answers, so that lights, rungs and
// [calendar.Schedule.Standing] never disagree.
type counted struct {
	s calendar.Schedule
	c calendar.Clock
}

func (t counted) due() (calendar.Deadline, error) { return t.s.Due(t.c) }

func (t counted) yellow() (calendar.Instant, error) {
	return known(t.s.YellowFrom(t.c, calendar.Warning{}))
}

func (t counted) used(perCent int) (calendar.Instant, error) {
	return known(t.s.UsedFrom(t.c, perCent))
}
func (t counted) left(units int) (calendar.Instant, error) { return known(t.s.LeftFrom(t.c, units)) }
func (t counted) over(units int) (calendar.Instant, error) { return known(t.s.OverFrom(t.c, units)) }

// known is for clocks that run: only one that stands still has a moment that is not known.
func known(at calendar.Instant, known bool, err error) (calendar.Instant, error) {
	if err == nil && !known {
		return 0, fault.Refuse(fault.ErrConflict, "clock-not-running", "")
	}
	return at, err
}

// Running returns the clock in the calendar's form, for its standing and its derivation; false for
// one that ends with a date, which needs none.
func (c *Clock) Running(ck *ClockKind) (calendar.Clock, bool) {
	if ck.Until != "" {
		return calendar.Clock{}, false
	}
	cal := calendar.Clock{Start: calendar.Instant(c.Started), Term: calendar.Term{Basis: c.BasisOf(ck), Length: c.Length}}
	for _, p := range c.Pauses {
		cal.Pauses = append(cal.Pauses, calendar.Pause{From: calendar.Instant(p.From), To: calendar.Instant(p.To), Reason: ck.PauseWords(p.Reason)})
	}
	if c.Extended > 0 {
		cal.Extensions = []int{c.Extended}
	}
	return cal, true
}

// PauseWords are the words of a coded reason with its article, the code itself for one that is not there.
func (ck *ClockKind) PauseWords(code string) name.Text {
	for _, p := range ck.Pauses {
		if p.Code == code && p.Article.IsZero() {
			return p.Words
		}
		if p.Code == code {
			return name.Text{ZH: p.Words.ZH + "（" + p.Article.ZH + "）", EN: p.Words.EN + " (" + p.Article.EN + ")"}
		}
	}
	return name.Text{ZH: code, EN: code}
}
