package matter

import (
	"cmp"
	"slices"

	"bihuan/ground/calendar"
)

// Tick returns the rungs of the matter's clocks that are due at now and have not fired, in the order of
// their times: invariant 7, each rung once. A rung that the matter has passed while nobody looked fires too.
func Tick(k *Kind, m *Matter, now int64, env Env) (fired []Decision) {
	type dueRung struct {
		clock *Clock
		rung  RungAt
	}
	var due []dueRung
	for c, r := range m.waiting() {
		if r.At <= now {
			due = append(due, dueRung{c, r})
		}
	}
	slices.SortStableFunc(due, func(a, b dueRung) int { return cmp.Compare(a.rung.At, b.rung.At) })
	for _, dr := range due {
		fired = append(fired, k.fire(m, dr.clock, dr.rung, env))
	}
	return fired
}

// waiting yields the rungs that have not fired of the clocks that count, and each with its clock. What has been brought
// to its end waits for nothing.
func (m *Matter) waiting() func(yield func(*Clock, RungAt) bool) {
	return func(yield func(*Clock, RungAt) bool) {
		for i := range m.Clocks {
			c := &m.Clocks[i]
			if !m.IsOpen() || !c.counts() {
				continue
			}
			for _, r := range c.Rungs {
				if !r.Fired && !yield(c, r) {
					return
				}
			}
		}
	}
}

// fire returns the decision of one rung. A matter that it raises is told whose it is, what it is about and why, in
// the fields unit, title, about and reason, as far as its opening asks for them.
func (k *Kind) fire(m *Matter, c *Clock, at RungAt, env Env) Decision {
	d := Decision{Type: "matter.rung", Change: Change{Rung: &Fired{Clock: c.Key, Rung: at.Key, To: m.Holder, Decision: c.Decision}}}
	if !c.Decision {
		d.Change.Count = string(at.Key) // whoever works on the matter was urged, not whoever is to decide
	}
	ck := k.Clock(c.Key)
	if ck == nil || k.Ladder(ck.Ladder) == nil {
		return d
	}
	for _, r := range k.Ladder(ck.Ladder).Rungs {
		if r.Key != at.Key {
			continue
		}
		d.Change.Rung.To, d.Change.Rung.As = told(m, c, r.To, &env)
		if r.Raises != "" {
			d.Raises = []Opening{{Kind: r.Raises, Link: RaisedBy, Issuer: Hand{Unit: env.Supervision}, Fields: map[string]string{
				"unit": string(m.Holder.Unit), "title": m.Title(), "about": string(m.ID), "reason": ck.Words.ZH + "：" + r.Words.ZH}}}
		}
	}
	return d
}

// RecomputeClocks returns the change that a new calendar makes to the times of the matter's clocks, and false if
// it makes none. The old times stay in the earlier events. A paused clock gets its times when it is resumed.
func RecomputeClocks(k *Kind, m *Matter, env Env, reason string) (Decision, bool, error) {
	d := Decision{Type: "matter.clock", Reason: reason}
	for i := range m.Clocks {
		c := &m.Clocks[i]
		ck := k.Clock(c.Key)
		if ck == nil || c.Stopped != 0 || c.IsPaused() || m.Clock(c.Key) != c {
			continue
		}
		cc, err := env.times(k, ck, *c, ClockChange{Op: Recompute, Clock: c.Key})
		if err != nil {
			return Decision{}, false, err
		}
		if cc.Due != c.Due || cc.Yellow != c.Yellow || cc.Provisional != c.Provisional || !slices.Equal(cc.Rungs, c.Rungs) {
			cc.Was = c.Due
			cc.Notices = env.notices(c.Started, max(c.Due, cc.Due))
			d.Change.Clocks = append(d.Change.Clocks, *cc)
		}
	}
	return d, len(d.Change.Clocks) > 0, nil
}

// notices are the holiday notices that speak of the days from one instant to another, each once.
func (env *Env) notices(from, to int64) (names []string) {
	for _, d := range env.Calendar.Days(calendar.Instant(from).Date(), calendar.Instant(to).Date()) {
		if d.Notice != "" && !slices.Contains(names, d.Notice) {
			names = append(names, d.Notice)
		}
	}
	return names
}
