package demo

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"

	"bihuan/desk"
	"bihuan/desk/reports"
	"bihuan/desk/watch"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// Report is the demo's work report, written by us with the figures of the district's real one.
//
//go:embed report.txt
var Report string

// Builder makes the district's past.
type Builder struct {
	Desk    *desk.Desk
	Reports *reports.Room
	Watch   *watch.Watch
	Clock   *Clock

	ctx   context.Context
	rnd   *rand.Rand
	steps []step
}

// step is something that somebody does at a time.
type step struct {
	at int64
	do func() error
}

// seed makes every demo the same.
const seed = 20221219

// Build reads the report, publishes its goals and lets ten months pass, up to [Start]. The desk must be empty but for
// its packs; everything goes through the same commands that people give.
func (b *Builder) Build(ctx context.Context) error {
	b.ctx, b.rnd = ctx, rand.New(rand.NewPCG(seed, seed))
	b.Clock.Set(int64((Opening + 1).At(9 * 60)))
	if err := b.publish(); err != nil {
		return fmt.Errorf("publish the report: %w", err)
	}
	goals, err := b.Desk.AllGoals(ctx, b.as("office", "issuer"), Opening.Year()+1)
	if err != nil {
		return err
	}
	slices.SortStableFunc(goals, func(a, c desk.GoalView) int { return cmp.Compare(a.Source.Start, c.Source.Start) }) // ids are drawn, the report is not
	slices.SortStableFunc(goals, func(a, c desk.GoalView) int { return cmp.Compare(isDerived(&a), isDerived(&c)) })   // the paces of the others stay theirs
	for i := range goals {
		b.promise(&goals[i], i)
	}
	b.changes(goals)
	b.sites()
	b.cases()
	b.events()
	b.callers()
	b.returns()
	if err := b.run(); err != nil {
		return err
	}
	b.Clock.Set(int64(Start))
	_, err = b.Watch.Tick(ctx)
	return err
}

// as returns the first person of a unit with a role, as a caller.
func (b *Builder) as(unit name.Unit, role name.Role) desk.Caller { return b.nth(unit, role, 0) }

// nth returns the n-th such person, or the last there is; a unit without one is stood in for by its head.
func (b *Builder) nth(unit name.Unit, role name.Role, n int) desk.Caller {
	dir := b.Desk.Directory()
	all := dir.Of(unit, role)
	if len(all) == 0 {
		all = dir.Of(unit, "head")
	}
	if len(all) == 0 {
		return desk.Nobody
	}
	who, _ := dir.Caller(all[min(n, len(all)-1)].Key, "zh")
	return who
}

// publish reads the report in, splits its headline, confirms every commitment, and publishes it.
func (b *Builder) publish() error {
	office := b.as("office", "issuer")
	rep, err := b.Reports.Import(b.ctx, office, reports.Upload{Command: "demo-import", Name: "政府工作报告.txt", Text: Report})
	if err != nil {
		return err
	}
	if rep, err = b.headline(office, rep); err != nil {
		return err
	}
	var ids []string
	for _, d := range rep.Drafts {
		if (d.State == reports.Proposed || d.State == reports.Confirmed) && d.Terms.Lead != "" && d.Terms.Check() == nil {
			ids = append(ids, d.ID)
		}
	}
	if _, err := b.Reports.Edit(b.ctx, office, rep.ID, reports.Edit{Command: "demo-confirm", What: "confirm", Drafts: ids}); err != nil {
		return err
	}
	_, err = b.Reports.Publish(b.ctx, office, rep.ID, reports.Publication{Command: "demo-publish", Drafts: ids})
	return err
}

// plan adds a step. Steps of one day run in the order in which they were planned.
func (b *Builder) plan(day calendar.Date, minute int, do func() error) {
	b.steps = append(b.steps, step{int64(day.At(minute)), do})
}

// run does the steps in the order of time, those of one instant side by side, and lets the scheduler look once a week.
func (b *Builder) run() error {
	slices.SortStableFunc(b.steps, func(x, y step) int { return cmp.Compare(x.at, y.at) })
	looked := calendar.Instant(b.Clock.Now()).Date()
	for i := 0; i < len(b.steps); {
		at := b.steps[i].at
		day := calendar.Instant(at).Date()
		for looked+7 <= day {
			looked += 7
			b.Clock.Set(int64(looked.At(8 * 60)))
			if _, err := b.Watch.Tick(b.ctx); err != nil {
				return fmt.Errorf("the scheduler on %s: %w", looked, err)
			}
			b.Clock.Set(int64(looked.At(8*60 + 20)))
			if err := b.orders(); err != nil {
				return fmt.Errorf("orders on %s: %w", looked, err)
			}
		}
		b.Clock.Set(at)
		j := i
		for j < len(b.steps) && b.steps[j].at == at {
			j++
		}
		if err := together(b.steps[i:j]); err != nil {
			return fmt.Errorf("on %s: %w", day, err)
		}
		i = j
	}
	return nil
}

// together does steps side by side, sixteen at a time, and returns the first error.
func together(steps []step) error {
	errs := make(chan error, len(steps))
	gate := make(chan struct{}, 16)
	for _, s := range steps {
		gate <- struct{}{}
		go func() {
			errs <- s.do()
			<-gate
		}()
	}
	var first error
	for range steps {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// act does an act to a matter whoever's it is.
func (b *Builder) act(who desk.Caller, id name.ID, act string, do desk.Do) error {
	do.Matter, do.Act = id, act
	if _, err := b.Desk.Act(b.ctx, who, do); err != nil {
		return fmt.Errorf("%s %s by %s of %s: %w", act, id, who.Person, who.Unit, err)
	}
	return nil
}

// working moves a day on to the next working day.
func (b *Builder) working(d calendar.Date) calendar.Date {
	return b.Desk.Env().Calendar.NextWorking(d)
}

// share returns how much of the target a goal has reached by a month's end, by its pace: 1 is on plan.
func share(g *indicator.Goal, d calendar.Date, pace float64) float64 {
	return pace * float64(d-g.Start+1) / float64(g.Due-g.Start+1)
}
