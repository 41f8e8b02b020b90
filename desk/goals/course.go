package goals

import (
	"slices"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// Month is a goal in one month: what was planned by its end, what was done, and the light then.
type Month struct {
	Month   string        // 2023-10
	On      calendar.Date // the day it is judged on: the month's end, today in the current month, the due date in the last
	Figure  indicator.Figure
	Has     bool // whether a figure of this very month is there
	Planned money.Decimal
	HasPlan bool
	Share   Share
	Light   indicator.Light // empty for a month to come
}

// Share is actual and plan in per cent of the target, for pictures that put goals of all shapes side by side.
type Share struct {
	Actual  money.Decimal
	Has     bool
	Plan    money.Decimal
	HasPlan bool
}

// Course returns a goal month by month, from the month of its start to that of its due date or of its last figure,
// whichever is later; at most ten years.
func (r *Room) Course(g *indicator.Goal) (course []Month) {
	last := g.Due
	if s := g.Series(); len(s) > 0 {
		if end, err := calendar.ParseDate(s[len(s)-1].Period + "-01"); err == nil && end > last {
			last = end.MonthEnd()
		}
	}
	y, m, _ := g.Start.Civil()
	for first := calendar.NewDate(y, m, 1); first <= last && len(course) < 120; first = first.AddMonths(1) {
		course = append(course, r.month(g, first))
	}
	return course
}

// month reads a goal at the end of the month that begins on first.
func (r *Room) month(g *indicator.Goal, first calendar.Date) Month {
	v := Month{Month: indicator.Month(first), On: first.MonthEnd()}
	if first <= g.Due && g.Due < v.On {
		v.On = g.Due
	}
	bare := *g // the plan alone, whatever was reported
	bare.Figures = nil
	plan := r.desk.ReadOn(&bare, v.On)
	v.Planned, v.HasPlan = plan.Planned, plan.HasPlan
	v.Share = ShareOf(&bare, plan)
	today := r.desk.Today()
	if first > today {
		return v
	}
	v.On = min(v.On, today)
	read := r.desk.ReadOn(g, v.On)
	v.Light = read.Light
	v.Figure, v.Has = read.Figure, read.Has && read.Figure.Period == v.Month
	s := ShareOf(g, read)
	v.Share.Actual, v.Share.Has = s.Actual, s.Has
	return v
}

// ShareOf puts a reading on a scale that goals of all shapes share: per cent of the target done, and per cent of the
// target that the plan wants. Of a rate or a ceiling the plan is the target itself; a milestone is 0 or 100 and its plan
// the time gone; what must not occur is done as long as it has not. Nothing is clamped.
func ShareOf(g *indicator.Goal, r indicator.Reading) Share {
	s := Share{Actual: r.Progress, Has: r.Has}
	switch g.Shape {
	case indicator.Accumulate:
		s.Plan, s.HasPlan = percentOf(r.Planned, g.Target.Value), r.HasPlan
	case indicator.Level:
		if s.HasPlan = r.HasPlan; !s.HasPlan {
			break
		}
		from := money.Decimal{}
		if g.Base != nil && g.Base.Unit == g.Target.Unit {
			from = g.Base.Value
		}
		planned, err := r.Planned.Sub(from)
		way, err2 := g.Target.Value.Sub(from)
		switch s.HasPlan = err == nil && err2 == nil; {
		case s.HasPlan && way.IsZero(): // last year was there already: the plan is to stay
			s.Plan = money.Hundred
		case s.HasPlan:
			s.Plan = percentOf(planned, way)
		}
	case indicator.Growth, indicator.Ceiling:
		s.Plan, s.HasPlan = money.Hundred, r.HasPlan
	case indicator.Milestone:
		s.Plan, s.HasPlan, s.Has = r.Elapsed, true, r.Reached
	}
	return s
}

// percentOf returns part in per cent of whole, 0 of nothing or where it does not fit.
func percentOf(part, whole money.Decimal) money.Decimal {
	if whole.IsZero() {
		return money.Zero
	}
	n, err := part.Mul(money.Hundred)
	if err != nil {
		return money.Zero
	}
	if n, err = n.Quo(whole); err != nil {
		return money.Zero
	}
	return n.Round(1)
}

// IfCounted returns how a counted goal would stand today if one more row counted: what a person can do about it.
func (r *Room) IfCounted(g *desk.GoalView, row *journal.Row) (indicator.Reading, error) {
	c := g.Definition.Count
	add := money.One
	if c.Measure == indicator.Sum {
		for _, f := range row.Facets {
			if f.Name == c.Sum {
				n, err := money.Scaled(f.Number, 4)
				if err != nil {
					return indicator.Reading{}, err
				}
				add = n
			}
		}
	}
	value, err := g.Reading.Actual.Add(add)
	if err != nil {
		return indicator.Reading{}, err
	}
	then := g.Goal
	then.Figures = append(slices.Clone(g.Figures), indicator.Figure{Period: indicator.Month(r.desk.Today()), Value: value, Standing: indicator.Confirmed})
	return r.desk.ReadOn(&then, r.desk.Today()), nil
}
