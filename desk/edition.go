package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// GoalsAt returns the goals of a year as the log had them at an instant, read on its day: only events up to it
// count. What it returns for a time that has passed never changes, which is what makes an edition of the race frozen.
func (d *Desk) GoalsAt(ctx context.Context, who Caller, year int, at int64) ([]GoalView, error) {
	now, err := d.AllGoals(ctx, who, year)
	if err != nil {
		return nil, err
	}
	then := make([]GoalView, 0, len(now))
	for i := range now {
		v, ok, err := d.goalAt(ctx, &now[i], at)
		if err != nil {
			return nil, err
		}
		if ok {
			then = append(then, v)
		}
	}
	return then, nil
}

// goalAt returns a goal as it stood at an instant, and false if it was not there yet. Where nothing but figures has
// come since it was published, those that came later are left out; otherwise its events are added up anew.
func (d *Desk) goalAt(ctx context.Context, v *GoalView, at int64) (GoalView, bool, error) {
	if v.Opened > at {
		return GoalView{}, false, nil
	}
	then := *v
	if v.Changes == 0 && v.Base == v.First.Base {
		then.Figures = nil
		for _, f := range v.Figures {
			if f.At <= at {
				then.Figures = append(then.Figures, f)
			}
		}
	} else {
		events, err := d.store.Events(ctx, v.ID, 0)
		if err != nil {
			return then, false, fmt.Errorf("goal %s as it was: %w", v.ID, err)
		}
		then.Goal = indicator.Goal{}
		for i := range events {
			if events[i].At > at {
				break
			}
			if then.Goal, err = indicator.Apply(then.Goal, &events[i]); err != nil {
				return then, false, err
			}
		}
	}
	then.Reading = d.readOn(&then.Goal, calendar.Instant(at).Date())
	return then, true, nil
}

// Race is one edition of the race with what stands behind it.
type Race struct {
	Year    int
	Month   string // of a frozen edition; empty for the race as it runs
	On      calendar.Date
	Before  calendar.Date // the cut-off of the edition that changes are told against
	Places  []indicator.Place
	Goals   map[string][]GoalView // of each unit, furthest behind first; without a figure last
	Months  []string              // the frozen editions that there are, newest first
	Missing []string              // units whose goals have no figure, so that they cannot be ranked
}

// Race returns the race of a year: as it runs for an empty month, otherwise the edition frozen at that month's end.
// Either is told against the edition frozen at the end of the month before.
func (d *Desk) Race(ctx context.Context, who Caller, year int, month string) (Race, error) {
	today := d.Today()
	if year == 0 {
		year = today.Year()
	}
	r := Race{Year: year, Month: month, On: today}
	at := d.Now()
	if month != "" {
		first, err := calendar.ParseDate(month + "-01")
		if err != nil || first.Year() != year || first.MonthEnd() >= today {
			return r, fault.Refuse(fault.ErrNotFound, "no-edition", "month")
		}
		r.On = first.MonthEnd()
		at = int64((r.On + 1).Start()) - 1
	}
	r.Before = monthBefore(r.On)
	goals, err := d.GoalsAt(ctx, who, year, at)
	if err != nil {
		return r, err
	}
	before, err := d.GoalsAt(ctx, who, year, int64((r.Before+1).Start())-1)
	if err != nil {
		return r, err
	}
	was := map[string]int{}
	for _, p := range indicator.Rank(d.runners(d.byUnit(before)), nil, d.Directory().FewGoals) {
		was[p.Key] = p.Rank
	}
	units := d.byUnit(goals)
	r.Places = indicator.Rank(d.runners(units), was, d.Directory().FewGoals)
	r.Goals = map[string][]GoalView{}
	for _, u := range units {
		slices.SortStableFunc(u.Goals, byGap)
		r.Goals[u.Key] = u.Goals
		if !slices.ContainsFunc(r.Places, func(p indicator.Place) bool { return p.Key == u.Key }) {
			r.Missing = append(r.Missing, u.Key)
		}
	}
	for end := monthBefore(today); end.Year() == year; end = monthBefore(end) {
		r.Months = append(r.Months, indicator.Month(end))
	}
	return r, nil
}

// byUnit groups the goals of the report by their lead unit. Parts do not run: their goal does.
func (d *Desk) byUnit(goals []GoalView) []Group {
	dir := d.Directory()
	own, _ := withoutParts(goals)
	return group(own, func(g *GoalView) (string, name.Text) { return string(g.Lead), dir.Unit(g.Lead).Short })
}

// byGap sorts goals that are furthest behind first; those that cannot be judged stand last.
func byGap(a, b GoalView) int {
	judged := func(g *GoalView) int {
		if g.Reading.Has && g.Reading.Light != indicator.Grey {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(judged(&a), judged(&b)), a.Reading.Gap.Cmp(b.Reading.Gap))
}

// monthBefore returns the last day of the month before that of the day.
func monthBefore(on calendar.Date) calendar.Date {
	y, m, _ := on.Civil()
	return calendar.NewDate(y, m, 1) - 1
}

// MayGoal reports whether the caller may do an action to this very goal: for buttons.
func (d *Desk) MayGoal(who Caller, a access.Action, g *indicator.Goal) bool {
	return d.allow(who, a, d.goalObject(g)) == nil
}
