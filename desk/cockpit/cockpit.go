// Package cockpit puts all goals of a year together for leaders 驾驶舱: at a glance with what is stuck and why, as the
// brief of a morning 晨报, and as the race of the units 赛马. It decides nothing and remembers nothing: every answer is
// made from the goals and matters that the caller may read.
//
// Faces call [Room.View], [Room.Brief] and [Room.Race].
package cockpit

import (
	"cmp"
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/desk/goals"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// Room is where goals are put together.
type Room struct {
	desk  *desk.Desk
	goals *goals.Room
}

// New returns the room over a desk and the goals as they were.
func New(d *desk.Desk, g *goals.Room) *Room { return &Room{d, g} }

// View is all goals of a year at a glance. What is counted are the goals of the report: the parts that one was
// handed out in stand under it and are counted with it, in its figure.
type View struct {
	Year    int
	On      calendar.Date
	Goals   []desk.GoalView
	Parts   Parts           // by the goal that they are part of
	All     []desk.GoalView // goals and parts, each part behind its goal
	Lights  map[indicator.Light]int
	Domains []Group // in the order of the report
	Units   []Group // in the order of the register
	Stuck   []Stuck // behind plan, the worst first
	Race    []indicator.Place
	Years   []int // that have goals, this year and the one asked for; the latest first
}

// Group is the goals of one domain or unit.
type Group struct {
	Key    string
	Words  name.Text
	Goals  []desk.GoalView
	Lights map[indicator.Light]int
}

// Stuck is a goal behind plan and the open matters that hold it back.
type Stuck struct {
	desk.GoalView
	Holding []journal.Row // nearest due time first, at most three
	Count   int64         // how many there are
}

// View returns the goals of a year that the caller may read, grouped, with what is stuck and why. Year 0 is the year of today.
func (r *Room) View(ctx context.Context, who desk.Caller, year int) (View, error) {
	c := View{Year: year, On: r.desk.Today(), Lights: map[indicator.Light]int{}}
	if c.Year == 0 {
		c.Year = c.On.Year()
	}
	all, err := r.desk.AllGoals(ctx, who, c.Year)
	if err != nil {
		return c, err
	}
	slices.SortStableFunc(all, func(a, b desk.GoalView) int { return cmp.Compare(a.Source.Start, b.Source.Start) })
	c.Goals, c.Parts = withoutParts(all)
	for _, g := range c.Goals {
		c.Lights[g.Reading.Light]++
		c.All = append(append(c.All, g), c.Parts[g.ID]...)
	}
	c.Domains = group(c.Goals, func(g *desk.GoalView) (string, name.Text) { return g.Domain, DomainWords(g.Domain) })
	dir := r.desk.Directory()
	c.Units = group(c.Goals, func(g *desk.GoalView) (string, name.Text) { return string(g.Lead), dir.Unit(g.Lead).Short })
	c.Race = indicator.Rank(r.runners(c.Units), nil, dir.FewGoals)
	if c.Years, err = r.years(ctx, who, c.Year, c.On.Year()); err != nil {
		return c, err
	}
	c.Stuck, err = r.stuck(ctx, who, c.Goals)
	return c, err
}

// years are those that somebody may turn to.
func (r *Room) years(ctx context.Context, who desk.Caller, also ...int) ([]int, error) {
	all, err := r.desk.GoalYears(ctx, who)
	all = append(all, also...)
	slices.SortFunc(all, func(a, b int) int { return cmp.Compare(b, a) })
	return slices.Compact(all), err
}

func group(goals []desk.GoalView, key func(*desk.GoalView) (string, name.Text)) (groups []Group) {
	at := map[string]int{}
	for i := range goals {
		k, words := key(&goals[i])
		j, ok := at[k]
		if !ok {
			j = len(groups)
			at[k] = j
			groups = append(groups, Group{Key: k, Words: words, Lights: map[indicator.Light]int{}})
		}
		groups[j].Goals = append(groups[j].Goals, goals[i])
		groups[j].Lights[goals[i].Reading.Light]++
	}
	return groups
}

// runners are the units in the race: each with the mean of its goals' percentage points ahead of or behind plan.
// A goal without a figure cannot run and is not in the sample.
func (r *Room) runners(units []Group) (all []indicator.Runner) {
	dir := r.desk.Directory()
	for _, u := range units {
		r := indicator.Runner{Key: u.Key, Group: dir.Unit(name.Unit(u.Key)).Group}
		var sum money.Decimal
		for _, g := range u.Goals {
			if g.Reading.Has && g.Reading.Light != indicator.Grey {
				if s, err := sum.Add(g.Reading.Gap); err == nil {
					sum = s
					r.Sample++
				}
			}
		}
		if r.Sample == 0 {
			continue
		}
		if mean, err := sum.Quo(money.Int(int64(r.Sample))); err == nil {
			r.Value = mean.Round(1)
			all = append(all, r)
		}
	}
	return all
}

// mostStuck is how many goals behind plan are looked into.
const mostStuck = 60

// stuck returns the goals that are behind, the red ones and those furthest behind first, with what holds them back.
func (r *Room) stuck(ctx context.Context, who desk.Caller, goals []desk.GoalView) (all []Stuck, err error) {
	for _, g := range goals {
		if g.Reading.Light == indicator.Red || g.Reading.Light == indicator.Yellow {
			all = append(all, Stuck{GoalView: g})
		}
	}
	slices.SortStableFunc(all, func(a, b Stuck) int {
		if a.Reading.Light != b.Reading.Light {
			return cmp.Compare(a.Reading.Light, b.Reading.Light) // red before yellow
		}
		return a.Reading.Gap.Cmp(b.Reading.Gap)
	})
	all = all[:min(len(all), mostStuck)]
	for i := range all {
		if all[i].Holding, all[i].Count, err = r.desk.Holding(ctx, who, &all[i].GoalView, 3); err != nil {
			return nil, err
		}
	}
	return all, nil
}
