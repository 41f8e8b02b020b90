package assess

import (
	"cmp"
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// span is the time that is assessed, [from, until).
type span struct{ from, until int64 }

// gathered is what was recorded of one unit in a month.
type gathered struct {
	record indicator.Record
	causes []Cause
	goals  int
}

// gather collects the records of all units in a month. What counts is ours, and the same for everybody:
//
//   - completion 完成: each goal that the unit leads counts with its weight, in full when it is on plan or reached, less
//     one per cent for each percentage point behind plan; one without any figure counts nothing, one that cannot be
//     judged, because its base is missing or its time has not come, is left out;
//   - timeliness 时效: each clock or stage of one that was ended in the month while the unit held the matter, in time or not; a clock
//     that is overdue at the month's end and still runs counts as not in time, so that finishing late never costs more
//     than not finishing;
//   - quality 质量: what the unit reported done and somebody else looked at in the month, passed at the first time or not;
//   - satisfaction 满意: ratings in the month, by the field satisfied.
//
// Deductions are counted from rungs and from the counts of verbs in the month, each at the unit whose work it was.
type gather struct {
	room  *Room
	span  span
	units map[name.Unit]*gathered
}

// score scores every unit that leads a goal or had anything recorded in the month.
func (r *Room) score(ctx context.Context, who desk.Caller, e *Edition) ([]Unit, error) {
	first, err := calendar.ParseDate(e.Month + "-01")
	if err != nil {
		return nil, err
	}
	g := &gather{room: r, span: span{int64(first.Start()), min(int64((first.MonthEnd() + 1).Start()), r.desk.Now()+1)}, units: map[name.Unit]*gathered{}}
	if g.units, err = r.kept.played(ctx, g); err != nil {
		return nil, err
	}
	if err := g.goals(ctx, who, first.Year()); err != nil {
		return nil, err
	}
	for _, b := range e.Bonuses {
		g.of(b.Unit).record.Bonus += b.Points
	}
	return r.ranked(g.units), nil
}

func (g *gather) of(u name.Unit) *gathered {
	if g.units[u] == nil {
		g.units[u] = &gathered{record: indicator.Record{Done: map[indicator.PieceKind]indicator.Share{}, Count: map[string]int{}}}
	}
	return g.units[u]
}

// add adds to a piece of a unit's record.
func (x *gathered) add(k indicator.PieceKind, part, whole money.Decimal) {
	s := x.record.Done[k]
	if sum, err := s.Part.Add(part); err == nil {
		s.Part = sum
	}
	if sum, err := s.Whole.Add(whole); err == nil {
		s.Whole = sum
	}
	x.record.Done[k] = s
}

// one adds one case to a piece, and remembers the ones that did not do.
func (x *gathered) one(k indicator.PieceKind, good bool, c Cause) {
	part := money.Zero
	if good {
		part = money.One
	}
	x.add(k, part, money.One)
	if !good {
		c.Line = string(k)
		x.causes = append(x.causes, c)
	}
}

// goals gathers completion and vetoes from the goals as they stood at the end of the month.
func (g *gather) goals(ctx context.Context, who desk.Caller, year int) error {
	goals, err := g.room.desk.GoalsAt(ctx, who, year, g.span.until-1)
	if err != nil {
		return err
	}
	for i := range goals {
		v := &goals[i]
		x := g.of(v.Lead)
		g.veto(x, v)
		share, ok := reached(&v.Reading)
		if !ok {
			continue
		}
		x.goals++
		weight := money.Int(int64(max(v.Weight, 1)))
		part, err := share.Mul(weight)
		if err != nil {
			return err
		}
		x.add(indicator.Completion, part, weight)
		if share.Less(money.One) {
			x.causes = append(x.causes, Cause{Line: string(indicator.Completion), Of: v.ID, Goal: true, Title: v.Title})
		}
	}
	return nil
}

// reached returns how much of what was planned a goal has, from 0 to 1, and false for one that cannot be judged.
func reached(r *indicator.Reading) (money.Decimal, bool) {
	switch {
	case r.Light == indicator.Green || r.Reached:
		return money.One, true
	case r.Why == indicator.WhyNoFigure:
		return money.Zero, true
	case r.Light == indicator.Grey:
		return money.Zero, false
	case r.Gap.Sign() >= 0:
		return money.Zero, true // over a limit, or it has happened: nothing to be measured in points
	}
	behind, err := r.Gap.Quo(money.Hundred)
	if err != nil {
		return money.Zero, true
	}
	share, err := money.One.Add(behind)
	if err != nil || share.Sign() < 0 {
		return money.Zero, true
	}
	return share.Round(4), true
}

// veto counts what sets a score to nothing: an indicator of the list that is not nil.
func (g *gather) veto(x *gathered, v *desk.GoalView) {
	for _, veto := range g.room.Sheet().Veto {
		if v.Feed.Indicator == veto.Event && v.Reading.Has && v.Reading.Actual.Sign() > 0 {
			x.record.Count[veto.Event]++
			x.causes = append(x.causes, Cause{Line: veto.Event, Of: v.ID, Goal: true, Title: v.Title})
		}
	}
}

// matters plays the matters of the month: those opened before its end that were not closed before its beginning.
func (g *gather) matters(ctx context.Context) error {
	kinds := []string{}
	for _, k := range g.room.desk.Packs().Kinds() {
		kinds = append(kinds, k.Ref)
	}
	yes, no := true, false
	base := journal.Query{Log: g.room.desk.District(), Now: g.room.desk.Now(), Scope: journal.Scope{All: true}, Kinds: kinds, Order: journal.ByOpened, Limit: 500,
		Opened: journal.Between{Until: g.span.until}}
	open, closed := base, base
	open.Open, closed.Open = &yes, &no
	closed.Closed = journal.Between{From: g.span.from}
	for _, q := range []journal.Query{open, closed} {
		for {
			page, err := g.room.store.Rows(ctx, q)
			if err != nil {
				return err
			}
			for _, row := range page.Rows {
				if err := g.play(ctx, row.Stream); err != nil {
					return err
				}
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
	}
	return nil
}

// play plays one matter up to the end of the month and takes down what happened in it.
func (g *gather) play(ctx context.Context, id name.ID) error {
	events, err := g.room.store.Events(ctx, id, 0)
	if err != nil {
		return err
	}
	var m matter.Matter
	for i := range events {
		e := &events[i]
		if e.At >= g.span.until {
			break
		}
		c, err := matter.ReadChange(e)
		if err != nil {
			return err
		}
		if e.At >= g.span.from && m.Version > 0 {
			g.happened(&m, &c, Cause{Of: id, Number: m.Number, Title: m.Title(), At: e.At, Seq: e.Seq})
		}
		if m, err = matter.Apply(m, e); err != nil {
			return err
		}
	}
	for i := range m.Clocks {
		c := &m.Clocks[i]
		if m.IsOpen() && !c.Decision && c.Stopped == 0 && !c.IsPaused() && c.Due <= g.span.until-1 && m.Holder.Unit != "" {
			g.of(m.Holder.Unit).one(indicator.Timeliness, false, Cause{Of: id, Number: m.Number, Title: m.Title(), At: c.Due})
		}
	}
	return nil
}

// happened takes down one event: m is the matter before it.
func (g *gather) happened(m *matter.Matter, c *matter.Change, cause Cause) {
	holder := g.of(m.Holder.Unit)
	for _, cc := range c.Clocks {
		old := m.Clock(cc.Clock)
		if (cc.Op == matter.Stop || cc.Op == matter.Restart || cc.Op == matter.Pass) && old != nil && !old.Decision && old.Stopped == 0 && !old.IsPaused() {
			holder.one(indicator.Timeliness, cause.At < old.Due, cause)
		}
	}
	if worker := m.Worker.Unit; worker != "" {
		switch {
		case c.Verb == matter.Verify && m.Counts["reworks"] == 0:
			g.of(worker).one(indicator.Quality, true, cause)
		case c.Verb == matter.Rework:
			g.of(worker).one(indicator.Quality, false, cause)
		case c.Verb == matter.Rate && c.Fields["satisfied"] != "":
			g.of(worker).one(indicator.Satisfaction, c.Fields["satisfied"] == "yes", cause)
		}
	}
	g.deduct(m, c, cause)
}

// deduct counts an event that the sheet takes points for: a rung at the unit that held the matter, the count of a
// verb at the unit whose work it was.
func (g *gather) deduct(m *matter.Matter, c *matter.Change, cause Cause) {
	event, unit := c.Count, m.Holder.Unit
	if c.Rung != nil && c.Rung.Decision {
		return // it waited for somebody above the unit
	}
	if c.Rung != nil {
		event = string(c.Rung.Rung)
	} else if m.Worker.Unit != "" {
		unit = m.Worker.Unit
	}
	if event == "" || !slices.ContainsFunc(g.room.Sheet().Deductions, func(d indicator.Deduction) bool { return d.Event == event }) {
		return
	}
	x := g.of(unit)
	x.record.Count[event]++
	cause.Line = event
	x.causes = append(x.causes, cause)
}

// ranked scores the units and ranks them within their peer groups.
func (r *Room) ranked(units map[name.Unit]*gathered) []Unit {
	dir, sheet := r.desk.Directory(), r.Sheet()
	all := map[string]Unit{}
	var runners []indicator.Runner
	for key, x := range units {
		if key == "" || !dir.Has(key) {
			continue
		}
		u := Unit{Unit: key, Group: dir.Unit(key).Group, Goals: x.goals, Score: sheet.Score(x.record), Causes: x.causes}
		slices.SortStableFunc(u.Causes, func(a, b Cause) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.At, b.At), cmp.Compare(a.Of, b.Of))
		})
		all[string(key)] = u
		runners = append(runners, indicator.Runner{Key: string(key), Group: u.Group, Value: u.Score.Total, Sample: x.goals})
	}
	var out []Unit
	for _, p := range indicator.Rank(runners, nil, dir.FewGoals) {
		u := all[p.Key]
		u.Rank, u.Few = p.Rank, p.Few
		out = append(out, u)
	}
	return out
}
