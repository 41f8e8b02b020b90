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
//   - timeliness 时效, quality 质量, satisfaction 满意 and deductions: see [tape].
type gather struct {
	room  *Room
	span  span
	units map[name.Unit]*gathered
}

// score scores every unit that leads a goal or had anything recorded in the month, and names of its matters what stands behind the scores of some.
func (r *Room) score(ctx context.Context, who desk.Caller, e *Edition, behind func(name.Unit) bool) ([]Unit, error) {
	first, err := calendar.ParseDate(e.Month + "-01")
	if err != nil {
		return nil, err
	}
	month := span{int64(first.Start()), int64((first.MonthEnd() + 1).Start())}
	g := &gather{room: r}
	if g.units, g.span, err = r.kept.played(ctx, r, month, behind); err != nil {
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

// goals gathers completion and vetoes from the goals as they stood at the end of the month.
func (g *gather) goals(ctx context.Context, who desk.Caller, year int) error {
	goals, err := g.room.goals.AllAt(ctx, who, year, g.span.until-1)
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
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.At, b.At), cmp.Compare(a.Of, b.Of), cmp.Compare(a.Seq, b.Seq))
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
