package matter

import (
	"cmp"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// merged takes down into which matter a merged one goes (并案), where the command says so: exactly one link, to another matter.
// Whoever reported the one that ends is answered by the one that goes on.
func (d *decider) merged() error {
	if d.law.verb != Merge || len(d.c.Links) == 0 {
		return nil
	}
	l := d.c.Links[0]
	if _, err := name.ParseID(string(l.To)); err != nil || len(d.c.Links) > 1 || l.Kind != MergedInto || l.To == d.m.ID {
		return fault.Refuse(fault.ErrInvalid, "field-not-asked", "links")
	}
	d.out.Change.Links = d.c.Links
	return nil
}

// TakeOver returns what the matter that goes on takes over from the one that was merged into it: its clocks that run begin when
// those of the other began, where these began earlier (并案，时限从早起算), so that nobody waits longer because somebody else
// reported too. It returns false where none did. The limits stay its own, and so do what has fired and what was extended; a clock
// that ends with a date has no start to count from, a decision was asked for of one matter only, and one that is past its first stage has been begun anew since.
func TakeOver(k *Kind, m, merged *Matter, env Env, reason string) (Decision, bool, error) {
	d := Decision{Type: "matter.clock", Reason: reason}
	for i := range m.Clocks {
		c := &m.Clocks[i]
		ck, other := k.Clock(c.Key), merged.Clock(c.Key)
		if ck == nil || ck.Until != "" || c.Decision || c.Stopped != 0 || m.Clock(c.Key) != c || c.Laid.index(c.Stage) > 0 || other == nil || other.Started >= c.Started {
			continue
		}
		earlier := *c
		if earlier.Started = other.Started; c.IsPaused() {
			earlier.Pauses = c.Pauses[:len(c.Pauses)-1]
		}
		cc, err := env.times(k, ck, earlier, ClockChange{Op: Earlier, Clock: c.Key, Since: other.Started, Of: cmp.Or(merged.Number, string(merged.ID)), Was: c.Due})
		if err != nil {
			return Decision{}, false, err
		}
		d.Change.Clocks = append(d.Change.Clocks, *cc)
	}
	return d, len(d.Change.Clocks) > 0, nil
}
