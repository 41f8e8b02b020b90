package desk

import (
	"cmp"
	"context"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// Cockpit is all goals of a year at a glance. What is counted are the goals of the report: the parts that one was
// handed out in stand under it and are counted with it, in its figure.
type Cockpit struct {
	Year    int
	On      calendar.Date
	Goals   []GoalView
	Parts   Parts      // by the goal that they are part of
	All     []GoalView // goals and parts, each part behind its goal
	Lights  map[indicator.Light]int
	Domains []Group // in the order of the report
	Units   []Group // in the order of the register
	Stuck   []Stuck // behind plan, the worst first
	Race    []indicator.Place
	Years   []int // that have goals
}

// Group is the goals of one domain or unit.
type Group struct {
	Key    string
	Words  name.Text
	Goals  []GoalView
	Lights map[indicator.Light]int
}

// Stuck is a goal behind plan and the open matters that hold it back.
type Stuck struct {
	GoalView
	Holding []journal.Row // nearest due time first, at most three
	Count   int64         // how many there are
}

// Cockpit returns the goals of a year that the caller may read, grouped, with what is stuck and why. Year 0 is the year of today.
func (d *Desk) Cockpit(ctx context.Context, who Caller, year int) (Cockpit, error) {
	c := Cockpit{Year: year, On: d.Today(), Lights: map[indicator.Light]int{}}
	if c.Year == 0 {
		c.Year = c.On.Year()
	}
	all, err := d.AllGoals(ctx, who, c.Year)
	if err != nil {
		return c, err
	}
	slices.SortStableFunc(all, func(a, b GoalView) int { return cmp.Compare(a.Source.Start, b.Source.Start) })
	c.Goals, c.Parts = withoutParts(all)
	for _, g := range c.Goals {
		c.Lights[g.Reading.Light]++
		c.All = append(append(c.All, g), c.Parts[g.ID]...)
	}
	c.Domains = group(c.Goals, func(g *GoalView) (string, name.Text) { return g.Domain, DomainWords(g.Domain) })
	dir := d.Directory()
	c.Units = group(c.Goals, func(g *GoalView) (string, name.Text) { return string(g.Lead), dir.Unit(g.Lead).Short })
	c.Race = indicator.Rank(d.runners(c.Units), nil, dir.FewGoals)
	c.Stuck, err = d.stuck(ctx, who, c.Goals)
	return c, err
}

func group(goals []GoalView, key func(*GoalView) (string, name.Text)) (groups []Group) {
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
func (d *Desk) runners(units []Group) (all []indicator.Runner) {
	dir := d.Directory()
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
func (d *Desk) stuck(ctx context.Context, who Caller, goals []GoalView) (all []Stuck, err error) {
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
		if all[i].Holding, all[i].Count, err = d.Holding(ctx, who, &all[i].GoalView, 3); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Holding returns the open matters that hold a goal back: of a counted goal the open ones of those it counts
// from, of any other, or where there are none of those, its own open matters; and how many there are.
func (d *Desk) Holding(ctx context.Context, who Caller, g *GoalView, most int) ([]journal.Row, int64, error) {
	yes := true
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: d.Scope(who, access.MatterRead, access.Matter), Noun: "matter", Open: &yes, Order: journal.ByDue, Limit: most}
	own := q
	own.Facets = []journal.Facet{{Name: facetLink, Text: string(g.ID)}}
	if g.Definition == nil || g.Definition.Count == nil {
		return d.withCount(ctx, own)
	}
	feeding, err := d.countQuery(g.Definition, &g.Goal, d.world.Now())
	if err != nil {
		return nil, 0, err
	}
	q.Kinds, q.Where = feeding.Kinds, withoutState(feeding.Where)
	rows, count, err := d.withCount(ctx, q)
	if err != nil || count > 0 {
		return rows, count, err
	}
	return d.withCount(ctx, own)
}

// withCount returns a page of rows with how many there are in all.
func (d *Desk) withCount(ctx context.Context, q journal.Query) ([]journal.Row, int64, error) {
	page, err := d.store.Rows(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	total, err := d.tally(ctx, q, "")
	return page.Rows, total.Count, err
}
