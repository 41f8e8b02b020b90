package cockpit

import (
	"cmp"
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// Race is one edition of the race with what stands behind it.
type Race struct {
	Year    int
	Month   string // of a frozen edition; empty for the race as it runs
	On      calendar.Date
	Before  calendar.Date // the cut-off of the edition that changes are told against
	Places  []indicator.Place
	Goals   map[string][]desk.GoalView // of each unit, furthest behind first; without a figure last
	Months  []string                   // the frozen editions that there are, newest first
	Missing []string                   // units whose goals have no figure, so that they cannot be ranked
}

// Race returns the race of a year: as it runs for an empty month, otherwise the edition frozen at that month's end.
// Either is told against the edition frozen at the end of the month before.
func (r *Room) Race(ctx context.Context, who desk.Caller, year int, month string) (Race, error) {
	today := r.desk.Today()
	if year == 0 {
		year = today.Year()
	}
	v := Race{Year: year, Month: month, On: today}
	at := r.desk.Now()
	if month != "" {
		first, err := calendar.ParseDate(month + "-01")
		if err != nil || first.Year() != year || first.MonthEnd() >= today {
			return v, fault.Refuse(fault.ErrNotFound, "no-edition", "month")
		}
		v.On = first.MonthEnd()
		at = int64((v.On + 1).Start()) - 1
	}
	v.Before = monthBefore(v.On)
	goals, err := r.goals.AllAt(ctx, who, year, at)
	if err != nil {
		return v, err
	}
	before, err := r.goals.AllAt(ctx, who, year, int64((v.Before+1).Start())-1)
	if err != nil {
		return v, err
	}
	was := map[string]int{}
	for _, p := range indicator.Rank(r.runners(r.byUnit(before)), nil, r.desk.Directory().FewGoals) {
		was[p.Key] = p.Rank
	}
	units := r.byUnit(goals)
	v.Places = indicator.Rank(r.runners(units), was, r.desk.Directory().FewGoals)
	v.Goals = map[string][]desk.GoalView{}
	for _, u := range units {
		slices.SortStableFunc(u.Goals, byGap)
		v.Goals[u.Key] = u.Goals
		if !slices.ContainsFunc(v.Places, func(p indicator.Place) bool { return p.Key == u.Key }) {
			v.Missing = append(v.Missing, u.Key)
		}
	}
	for end := monthBefore(today); end.Year() == year; end = monthBefore(end) {
		v.Months = append(v.Months, indicator.Month(end))
	}
	return v, nil
}

// byUnit groups the goals of the report by their lead unit. Parts do not run: their goal does.
func (r *Room) byUnit(goals []desk.GoalView) []Group {
	dir := r.desk.Directory()
	own, _ := withoutParts(goals)
	return group(own, func(g *desk.GoalView) (string, name.Text) { return string(g.Lead), dir.Unit(g.Lead).Short })
}

// byGap sorts goals that are furthest behind first; those that cannot be judged stand last.
func byGap(a, b desk.GoalView) int {
	judged := func(g *desk.GoalView) int {
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
