package assess

import (
	"context"
	"slices"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// tape is the record of one matter as it is played, and what in it counts in a month. It is ours, and the same for everybody:
//
//   - timeliness 时效: each clock or stage of one that was ended in the month while the unit held the matter, in time or not; a clock
//     that is overdue at the month's end and still runs counts as not in time, so that finishing late never costs more
//     than not finishing;
//   - quality 质量: what the unit reported done and somebody else looked at in the month, passed at the first time or not;
//   - satisfaction 满意: ratings in the month, by the field satisfied.
//
// Deductions are counted from rungs and from the counts of verbs in the month, each at the unit whose work it was.
type tape struct {
	packs  *pack.Set
	events []ledger.Event // of one matter, from its first
}

// deed is one thing of a matter that counts for a unit: a piece of its record, done well or not, or an event that points are taken for; or only that
// something happened to what it had, by which it stands on the sheet.
type deed struct {
	unit  name.Unit
	piece indicator.PieceKind // empty for the latter two
	good  bool
	cause cause // without a line where nothing but that something happened counts
}

// cause is what a deed comes from, in as few bytes as may be: there are tens of thousands.
type cause struct {
	line string
	of   [16]byte // the matter, without its district
	at   int64    // µs
	seq  int64    // of the event, 0 if none
}

// done is a piece of a unit's record.
func done(unit name.Unit, piece indicator.PieceKind, good bool, c cause) deed {
	c.line = string(piece)
	return deed{unit, piece, good, c}
}

// tape reads the record of a matter.
func (r *Room) tape(ctx context.Context, packs *pack.Set, id name.ID) (*tape, error) {
	events, err := r.store.Events(ctx, id, 0)
	return &tape{packs, events}, err
}

// play plays the record from its beginning up to an entry of the log and an instant, and returns what counts in the month, and when the next
// of the clocks that run will be late, 0 if none will.
func (t *tape) play(at moment, from int64) (deeds []deed, next int64, err error) {
	var m matter.Matter
	for i := range t.events {
		e := &t.events[i]
		if e.Seq > at.seq || e.At >= at.until {
			break
		}
		c, err := matter.ReadChange(e)
		if err != nil {
			return nil, 0, err
		}
		if e.At >= from && m.Version > 0 {
			deeds = append(deeds, t.happened(&m, &c, cause{at: e.At, seq: e.Seq})...)
		}
		m = m.After(e, &c)
	}
	if _, known := t.packs.Kind(m.Kind); !known {
		return nil, 0, nil
	}
	id, _ := m.ID.UUID()
	for i := range m.Clocks {
		c := &m.Clocks[i]
		switch {
		case !m.IsOpen() || c.Decision || c.Stopped != 0 || c.IsPaused() || m.Holder.Unit == "":
		case c.Due < at.until:
			deeds = append(deeds, done(m.Holder.Unit, indicator.Timeliness, false, cause{at: c.Due}))
		case next == 0 || c.Due < next:
			next = c.Due
		}
	}
	for i := range deeds {
		deeds[i].cause.of = id
	}
	return deeds, next, nil
}

// happened returns what counts of one event: m is the matter before it.
func (t *tape) happened(m *matter.Matter, c *matter.Change, from cause) (deeds []deed) {
	deeds = append(deeds, deed{unit: m.Holder.Unit})
	for _, cc := range c.Clocks {
		old := m.Clock(cc.Clock)
		if (cc.Op == matter.Stop || cc.Op == matter.Restart || cc.Op == matter.Pass) && old != nil && !old.Decision && old.Stopped == 0 && !old.IsPaused() {
			deeds = append(deeds, done(m.Holder.Unit, indicator.Timeliness, from.at < old.Due, from))
		}
	}
	if worker := m.Worker.Unit; worker != "" {
		switch {
		case c.Verb == matter.Verify && m.Counts["reworks"] == 0:
			deeds = append(deeds, done(worker, indicator.Quality, true, from))
		case c.Verb == matter.Rework:
			deeds = append(deeds, done(worker, indicator.Quality, false, from))
		case c.Verb == matter.Rate && c.Fields["satisfied"] != "":
			deeds = append(deeds, done(worker, indicator.Satisfaction, c.Fields["satisfied"] == "yes", from))
		}
	}
	return append(deeds, t.deducted(m, c, from)...)
}

// deducted returns an event that the sheet takes points for: a rung at the unit that held the matter, the count of a
// verb at the unit whose work it was.
func (t *tape) deducted(m *matter.Matter, c *matter.Change, from cause) []deed {
	event, unit := c.Count, m.Holder.Unit
	if c.Rung != nil && c.Rung.Decision {
		return nil // it waited for somebody above the unit
	}
	if c.Rung != nil {
		event = string(c.Rung.Rung)
	} else if m.Worker.Unit != "" {
		unit = m.Worker.Unit
	}
	if event == "" || !slices.ContainsFunc(t.packs.Assessment().Deductions, func(d indicator.Deduction) bool { return d.Event == event }) {
		return nil
	}
	from.line = event
	return []deed{{unit: unit, cause: from}}
}
