package matter

import (
	"cmp"
	"slices"
	"strconv"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
)

// clocks turns the act's effects into changes of clocks with all their times: invariant 4.
func (d *decider) clocks() error {
	for _, e := range d.act.Clocks {
		ck := d.k.Clock(e.Clock)
		if ck == nil {
			continue // the compiler of packs has refused such an effect
		}
		cc, err := d.effect(e.Op, ck)
		if e.Op == Pass {
			cc, err = d.pass(ck, e.Stage, d.m.Clock(ck.Key))
		}
		if err != nil {
			return err
		}
		if cc != nil {
			d.out.Change.Clocks = append(d.out.Change.Clocks, *cc)
		}
	}
	switch {
	case d.law.verb == Pause && !d.did(Hold), d.law.pauses && d.leftRunning():
		return d.notPaused()
	case d.law.verb == Extend && !d.did(Lengthen) && slices.ContainsFunc(d.act.Clocks, func(e ClockEffect) bool { return e.Op == Lengthen }):
		return fault.Refuse(fault.ErrConflict, "clock-not-running", "clock", "clock", d.c.Clock)
	}
	return nil
}

func (d *decider) did(op ClockOp) bool {
	return slices.ContainsFunc(d.out.Change.Clocks, func(c ClockChange) bool { return c.Op == op })
}

// leftRunning reports whether a clock that the act should have paused runs on, because it does not know the reason.
func (d *decider) leftRunning() bool {
	return slices.ContainsFunc(d.act.Clocks, func(e ClockEffect) bool {
		ck, now := d.k.Clock(e.Clock), d.m.Clock(e.Clock)
		return e.Op == Hold && ck != nil && now != nil && now.Stopped == 0 && !now.IsPaused() && !ck.allows(d.code())
	})
}

// code returns for what a clock pauses: what the command says, or the verb itself where it is a reason of its own.
func (d *decider) code() string {
	if d.law.pauses {
		return string(d.law.verb)
	}
	return d.c.Code
}

// notPaused tells why an act that pauses paused no clock.
func (d *decider) notPaused() error {
	for _, e := range d.act.Clocks {
		if ck := d.k.Clock(e.Clock); e.Op == Hold && ck != nil && ck.allows(d.code()) {
			return fault.Refuse(fault.ErrConflict, "clock-not-running", "", "clock", ck.Key)
		}
	}
	return fault.Refuse(fault.ErrInvalid, "pause-reason-unknown", "code", "code", d.code())
}

func (ck *ClockKind) allows(code string) bool {
	return slices.ContainsFunc(ck.Pauses, func(p PauseReason) bool { return p.Code == code })
}

// effect returns what one effect does, nil where it does nothing: what runs is not started again, what does not
// run is not stopped, and what stands still is not paused.
func (d *decider) effect(op ClockOp, ck *ClockKind) (*ClockChange, error) {
	now := d.m.Clock(ck.Key)
	running := now != nil && now.Stopped == 0
	switch {
	case op == Start && !running, op == Restart:
		return d.start(op, ck, now)
	case op == Stop && running:
		return &ClockChange{Op: Stop, Clock: ck.Key}, nil
	case op == Hold && running && !now.IsPaused() && ck.allows(d.code()):
		return &ClockChange{Op: Hold, Clock: ck.Key, Reason: d.code()}, nil
	case op == Go && running && now.IsPaused():
		c := *now
		c.Pauses = ended(c.Pauses, d.c.At)
		return d.env.times(d.k, ck, c, ClockChange{Op: Go, Clock: ck.Key})
	case op == Lengthen:
		return d.extend(ck, now)
	}
	return nil, nil
}

// start starts a clock, in the place of the one that ran before, if any. One that ends with a date has nothing to run to
// without a date. Where it begins anew with the same date, as after rework, it is the same promise still: its extension
// stays used, and rungs that have fired stay fired.
func (d *decider) start(op ClockOp, ck *ClockKind, before *Clock) (*ClockChange, error) {
	c := Clock{Key: ck.Key, Started: d.c.At, Length: ck.Length, Decision: len(ck.Decides) > 0}
	if ck.Until != "" {
		c.Until = d.value(ck.Until)
		if c.Until == "" {
			return d.effect(Stop, ck)
		}
	}
	d.lay(ck, &c, before)
	cc := c.began(op)
	if same := before != nil && c.Until != "" && before.Until == c.Until; same {
		c.Extended, cc.By, c.Rungs = before.Extended, before.Extended, before.Rungs
	}
	return d.env.times(d.k, ck, c, cc)
}

// extend gives a clock more time, once, within its cap, by the named approver. While it is paused its times are those that
// it would have without the pause, until it is resumed; by them it is seen whether it was overdue before.
func (d *decider) extend(ck *ClockKind, now *Clock) (*ClockChange, error) {
	if d.c.Clock != "" && d.c.Clock != ck.Key {
		return nil, nil
	}
	switch {
	case now == nil || now.Stopped != 0:
		return nil, fault.Refuse(fault.ErrConflict, "clock-not-running", "", "clock", ck.Key)
	case ck.Extend == nil || now.Extended > 0:
		return nil, fault.Refuse(fault.ErrConflict, "extension-used", "", "clock", ck.Key)
	case !d.trying && !d.isParty(ck.Extend.By):
		return nil, fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", d.act.Key)
	}
	c, err := d.longer(ck, *now)
	if err != nil {
		return nil, err
	}
	if now.IsPaused() {
		c.Pauses = c.Pauses[:len(c.Pauses)-1]
	}
	return d.env.times(d.k, ck, c, ClockChange{Op: Lengthen, Clock: ck.Key, By: c.Extended, Until: c.Until})
}

// longer returns the clock with the units, or the date, that the command asks for. The date becomes that of the field
// that the clock ends with.
func (d *decider) longer(ck *ClockKind, c Clock) (Clock, error) {
	asked := "units"
	if c.Extended = d.c.Units; ck.Until != "" {
		asked = "until"
		until, err := d.until(ck)
		if err != nil {
			return c, err
		}
		old, err := calendar.ParseDate(c.Until)
		if err != nil {
			return c, fault.Refuse(fault.ErrInvalid, "not-date", ck.Until)
		}
		c.Extended, c.Until = int(until-old), until.String()
		d.setField(ck.Until, c.Until)
	}
	switch {
	case c.Extended <= 0:
		return c, fault.Refuse(fault.ErrInvalid, "extension-missing", asked)
	}
	if most := ck.Extend.MostOf(cmp.Or(c.Basis, ck.Basis)); c.Extended > most {
		return c, fault.Refuse(fault.ErrInvalid, "extension-too-long", asked, "limit", strconv.Itoa(most))
	}
	return c, nil
}

// until reads the new date, within the bounds of the field that it is for.
func (d *decider) until(ck *ClockKind) (calendar.Date, error) {
	f := field.Find(d.k.Fields, ck.Until)
	if f == nil {
		f = &field.Field{Key: ck.Until, Kind: field.Date}
	}
	v, err := f.Check(d.c.Until)
	if err != nil || v == "" {
		return 0, fault.Refuse(fault.ErrInvalid, "extension-missing", "until")
	}
	return calendar.ParseDate(v)
}
