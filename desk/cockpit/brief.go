package cockpit

import (
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// Brief is what leaders read in the morning: where the goals stand, what has changed, and what is due.
type Brief struct {
	View
	Since   calendar.Date // what has changed is told since the end of this day
	Days    int
	Changed []Moved         // lights that changed, those that turned worse first
	Figures int             // figures recorded since
	Due     []desk.GoalView // open and not reached, due within seven days
	Soon    []journal.Row   // open matters due within seven days
	Overdue []journal.Row   // open matters past their time, the longest first
	Late    int64           // how many those are in all
	Next    int64           // how many matters are due within seven days in all
}

// Moved is a goal whose light is another than it was.
type Moved struct {
	desk.GoalView
	Was   indicator.Light
	Value money.Decimal // its figure then
	Had   bool
	Worse bool
}

// mostRows is how many matters a brief lists.
const mostRows = 8

// Brief returns the brief of today, told against days before, at least one and at most 31.
func (r *Room) Brief(ctx context.Context, who desk.Caller, days int) (Brief, error) {
	b := Brief{Days: min(max(days, 1), 31)}
	var err error
	if b.View, err = r.View(ctx, who, 0); err != nil {
		return b, err
	}
	b.Since = b.On - calendar.Date(b.Days)
	since := int64((b.Since + 1).Start()) - 1
	then, err := r.goals.AllAt(ctx, who, b.Year, since)
	if err != nil {
		return b, err
	}
	b.Changed = moved(b.Goals, then)
	for _, g := range b.Goals {
		if g.Closed == 0 && !g.Reading.Reached && b.On <= g.Due && g.Due <= b.On+7 {
			b.Due = append(b.Due, g)
		}
		for _, f := range g.Figures {
			if f.At > since {
				b.Figures++
			}
		}
	}
	return b, r.briefMatters(ctx, who, &b)
}

// MovedSince returns the goals among those given whose light is another than it was at an instant, those that turned worse first.
func (r *Room) MovedSince(ctx context.Context, goals []desk.GoalView, at int64) ([]Moved, error) {
	var then []desk.GoalView
	for i := range goals {
		v, ok, err := r.goals.At(ctx, &goals[i], at)
		if err != nil {
			return nil, err
		}
		if ok {
			then = append(then, v)
		}
	}
	return moved(goals, then), nil
}

// moved holds goals against what they were then.
func moved(goals, then []desk.GoalView) []Moved {
	was := map[string]*desk.GoalView{}
	for i := range then {
		was[string(then[i].ID)] = &then[i]
	}
	var worse, better []Moved
	for _, g := range goals {
		w, ok := was[string(g.ID)]
		if !ok || w.Reading.Light == g.Reading.Light {
			continue
		}
		m := Moved{GoalView: g, Was: w.Reading.Light, Value: w.Reading.Actual, Had: w.Reading.Has, Worse: gravity[g.Reading.Light] > gravity[w.Reading.Light]}
		if m.Worse {
			worse = append(worse, m)
		} else {
			better = append(better, m)
		}
	}
	slices.SortStableFunc(worse, func(a, b Moved) int { return gravity[b.Reading.Light] - gravity[a.Reading.Light] })
	return append(worse, better...)
}

// gravity orders lights from good to bad.
var gravity = map[indicator.Light]int{indicator.Green: 0, indicator.Grey: 1, indicator.Yellow: 2, indicator.Red: 3}

func (r *Room) briefMatters(ctx context.Context, who desk.Caller, b *Brief) (err error) {
	now := r.desk.Now()
	if b.Overdue, b.Late, err = r.dueWithin(ctx, who, journal.Between{From: 1, Until: now + 1}); err != nil {
		return err
	}
	b.Soon, b.Next, err = r.dueWithin(ctx, who, journal.Between{From: now + 1, Until: int64((b.On + 8).Start())})
	return err
}

// dueWithin returns the open matters due in a span, those due first, and how many there are.
func (r *Room) dueWithin(ctx context.Context, who desk.Caller, span journal.Between) (first []journal.Row, all int64, err error) {
	yes := true
	page, err := r.desk.Worklist(ctx, who, journal.Query{Open: &yes, Order: journal.ByDue, Due: span, Limit: mostRows})
	if err != nil {
		return nil, 0, err
	}
	lines, err := r.desk.Tally(ctx, who, journal.Tally{Query: journal.Query{Open: &yes, Due: span}})
	for _, l := range lines {
		all += l.Count
	}
	return page.Rows, all, err
}
