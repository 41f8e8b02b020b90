package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// GoalView is a goal with where it stands today.
type GoalView struct {
	indicator.Goal
	Reading    indicator.Reading
	Definition *indicator.Definition // nil for a goal reported by hand
}

// GoalQuery asks for goals. Empty fields do not narrow.
type GoalQuery struct {
	Year   int
	Unit   name.Unit
	Light  indicator.Light
	Domain string
	Report name.ID
	Parent name.ID
	Text   string
	Cursor string
	Limit  int
}

// Goals returns a page of goals that the caller may read, in the order of their titles, and the cursor of the next one.
func (d *Desk) Goals(ctx context.Context, who Caller, q GoalQuery) ([]GoalView, string, error) {
	return d.goalsIn(ctx, d.Scope(who, access.GoalRead, access.Goal), q)
}

func (d *Desk) goalsIn(ctx context.Context, scope journal.Scope, q GoalQuery) ([]GoalView, string, error) {
	jq := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: scope, Noun: "indicator", Kinds: []string{GoalKind},
		Parent: q.Parent, Text: q.Text, Order: journal.ByOpened, Cursor: q.Cursor, Limit: q.Limit}
	if q.Unit != "" {
		jq.Units = []name.Unit{q.Unit}
	}
	if q.Light != "" {
		jq.Lights = []string{string(q.Light)}
	}
	for _, f := range []journal.Facet{{Name: "year", Text: yearText(q.Year)}, {Name: "domain", Text: q.Domain}, {Name: "report", Text: string(q.Report)}} {
		if f.Text != "" {
			jq.Facets = append(jq.Facets, f) // always in this order: a cursor holds for the same question
		}
	}
	page, err := d.store.Rows(ctx, jq)
	if err != nil {
		return nil, "", err
	}
	views := make([]GoalView, 0, len(page.Rows))
	for _, r := range page.Rows {
		v, err := d.goalView(ctx, r.Stream)
		if err != nil {
			return nil, "", err
		}
		views = append(views, v)
	}
	return views, page.Next, nil
}

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

func (d *Desk) goalView(ctx context.Context, id name.ID) (GoalView, error) {
	g, err := d.loadGoal(ctx, id)
	if err != nil {
		return GoalView{}, err
	}
	v := GoalView{Goal: g, Reading: d.read(&g)}
	if def, ok := d.Packs().Indicator(g.Feed.Indicator); ok {
		v.Definition = def
	}
	return v, nil
}

func (d *Desk) read(g *indicator.Goal) indicator.Reading { return d.ReadOn(g, d.Today()) }

// ReadOn reads a goal on a day, by the calendar and the limits of today.
func (d *Desk) ReadOn(g *indicator.Goal, on calendar.Date) indicator.Reading {
	d.mu.RLock()
	cal, limits := d.env.Calendar, d.limits
	d.mu.RUnlock()
	return g.Read(on, cal, limits)
}

// Goal returns one goal that the caller may read; one that it may not is not found.
func (d *Desk) Goal(ctx context.Context, who Caller, id name.ID) (GoalView, error) {
	v, err := d.goalView(ctx, id)
	if err != nil {
		return v, err
	}
	if err := d.allow(who, access.GoalRead, d.goalObject(&v.Goal)); err != nil {
		return GoalView{}, fmt.Errorf("goal %s: %w", id, fault.ErrNotFound)
	}
	return v, nil
}

// AllGoals returns every goal of a year that the caller may read, open or not: what the cockpit looks at.
// A district has a few hundred.
func (d *Desk) AllGoals(ctx context.Context, who Caller, year int) (all []GoalView, err error) {
	for q := (GoalQuery{Year: year, Limit: 500}); ; {
		page, next, err := d.Goals(ctx, who, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if q.Cursor = next; next == "" {
			return all, nil
		}
	}
}

// GoalYears returns the years for which there are goals that the caller may read, the latest first.
func (d *Desk) GoalYears(ctx context.Context, who Caller) (years []int, err error) {
	buckets, err := d.store.Tally(ctx, journal.Tally{By: "year", Query: journal.Query{Log: d.world.District, Now: d.world.Now(),
		Scope: d.Scope(who, access.GoalRead, access.Goal), Noun: "indicator", Kinds: []string{GoalKind}}})
	for _, b := range buckets {
		if year, err := strconv.Atoi(b.Key); err == nil {
			years = append(years, year)
		}
	}
	slices.SortFunc(years, func(a, b int) int { return b - a })
	return years, err
}

// PublishGoal adds the events that publish one goal: the goal itself, and the promise that is to fulfil it, held by
// the lead unit. It returns the goal's id.
func (b *Batch) PublishGoal(by name.Actor, t indicator.Terms) (name.ID, error) {
	body, err := indicator.Publish(t)
	if err != nil {
		return "", err
	}
	p := &part{stream: b.d.NewID(), kind: "indicator", goal: &indicator.Goal{}}
	b.parts = append(b.parts, p)
	if err := b.add(p, by, indicator.Published, "", body); err != nil {
		return "", err
	}
	promise, err := b.promise(p, by)
	if err != nil || promise == "" {
		return p.stream, err
	}
	join, err := json.Marshal(indicator.Join{Matter: promise})
	if err != nil {
		return "", err
	}
	return p.stream, b.add(p, by, indicator.Joined, "", join)
}

// promise opens the matter of kind promise for a goal. Without such a kind installed there is none.
func (b *Batch) promise(goal *part, by name.Actor) (name.ID, error) {
	def, ok := b.d.Packs().KindNamed("promise")
	if !ok || len(def.Opening()) == 0 {
		return "", nil
	}
	g := goal.goal
	act := def.Opening()[0]
	with := asked(act, map[string]string{"title": g.Title, "goal": string(g.ID), "sentence": g.Source.Sentence, "unit": string(g.Lead),
		"assist": joinUnits(g.Assist), "leader": string(g.Leader), "person": string(g.Person), "due": g.Due.String(),
		"target": TargetText(g.Shape, g.Target), "original-target": TargetText(g.Shape, g.Target), "original-due": g.Due.String(),
		"target-value": targetValue(g), "measure": g.Target.Unit, "report": g.Source.Title, "evidence-required": g.Evidence, "domain": g.Domain, "year": strconv.Itoa(g.Year)})
	p := b.newMatter(def)
	c := matter.Command{ID: b.command, Act: act.Key, Actor: by, At: b.at, With: with, Links: []matter.Link{{Kind: matter.Fulfils, To: g.ID}}}
	var err error
	if c.Chosen, err = b.chosen(p, c.Act, c.With); err != nil {
		return "", err
	}
	dec, err := matter.Decide(def, p.matter, c, b.d.Env())
	if err != nil {
		return "", err
	}
	return p.stream, b.decide(p, by, dec)
}

// targetValue is the number of a goal's target: none of a milestone, which is reached or not.
func targetValue(g *indicator.Goal) string {
	if g.Shape == indicator.Milestone {
		return ""
	}
	return g.Target.Value.String()
}

func joinUnits(units []name.Unit) string {
	s := ""
	for i, u := range units {
		if i > 0 {
			s += " "
		}
		s += string(u)
	}
	return s
}

// TargetText writes a target as a clerk would: 新增21个 is “21个”, a growth “增长10%”, a ceiling “下降15%”.
func TargetText(shape indicator.Shape, t indicator.Target) string {
	if shape == indicator.Milestone {
		return ""
	}
	q := money.Quantity{Value: t.Value, Unit: t.Unit}.Format("zh")
	if t.Max != nil {
		q = money.Span(t.Value, *t.Max, t.Unit, "zh")
	}
	if shape == indicator.Growth && t.Op == "ge" && t.Value.IsZero() {
		return "持平或领先" // 增速与全市同步
	}
	if shape == indicator.Ceiling && t.Op == "reach" {
		return "不超过" + q // 压缩至30分钟: it is not to be reached from below
	}
	for _, w := range []struct{ op, before, after string }{
		{"growth_ge", "增长", "以上"}, {"growth_gt", "增长超", ""}, {"growth_approx", "增长", "左右"}, {"growth_le", "增长", "以内"}, {"growth", "增长", ""},
		{"decline_ge", "下降", "以上"}, {"decline_gt", "下降超", ""}, {"decline_approx", "下降", "左右"}, {"decline_le", "下降", "以内"}, {"decline", "下降", ""},
		{"reach", "达到", ""}, {"ge", "", "以上"}, {"gt", "超", ""}, {"le", "", "以内"}, {"lt", "低于", ""}, {"approx", "", "左右"},
		{"above", "高于", ""}, {"below", "低于", ""},
	} {
		if w.op == t.Op {
			return w.before + q + w.after
		}
	}
	return q
}

// Report is a figure as somebody fills it in.
type Report struct {
	Command  string
	Asked    ledger.Hash // see [Do]
	Goal     name.ID
	Period   string // 2023-10; empty for the month of today
	Value    string
	Standing indicator.Standing
	Note     string
	Evidence []string
	Files    []journal.File
}

// Record records a figure on a goal that is reported by hand.
func (d *Desk) Record(ctx context.Context, who Caller, r Report) error {
	action := access.GoalReportFigure
	if r.Standing != indicator.Quick && r.Standing != "" {
		action = access.GoalConfirmFigure
	}
	return d.onGoal(ctx, r.Command, r.Goal, func(b *Batch, p *part) error {
		if err := d.allow(who, action, d.goalObject(p.goal)); err != nil {
			return err
		}
		b.asked, b.files = r.Asked, r.Files
		if r.Standing == "" {
			r.Standing = indicator.Quick
		}
		return b.record(p, who.actor("statistician", "handler", "head"), r.Period, r.Value, r.Standing, r.Note, r.Evidence)
	})
}

// onGoal runs a command on one goal, again when it lost a race.
func (d *Desk) onGoal(ctx context.Context, command string, id name.ID, do func(*Batch, *part) error) error {
	if command == "" {
		command = d.NewCommand()
	} else if _, done, err := d.store.Receipt(ctx, d.world.District, command); err != nil || done {
		return err
	}
	for try := 1; ; try++ {
		b := d.Begin(ctx, command)
		p, err := b.goalPart(id)
		if err != nil {
			return err
		}
		if err := do(b, p); err != nil {
			return err
		}
		if _, err = b.Commit(); err == nil || try == attempts || !errors.Is(err, fault.ErrConflict) {
			return err
		}
	}
}

// record adds the event of a figure.
func (b *Batch) record(p *part, by name.Actor, period, value string, s indicator.Standing, note string, evidence []string) error {
	v, err := money.Parse(value)
	if err != nil {
		return fault.Refuse(fault.ErrInvalid, "not-decimal", "value")
	}
	if period == "" || period == "month" {
		period = indicator.Month(calendar.Instant(b.at).Date())
	}
	if _, err := calendar.ParseDate(period + "-01"); err == nil && period > indicator.Month(calendar.Instant(b.at).Date()) { // what is no month is told so
		return fault.Refuse(fault.ErrInvalid, "too-late", "period")
	}
	if s != indicator.Quick && b.d.reported(p.goal, period, by) {
		return fault.Refuse(fault.ErrDenied, "same-reporter", "")
	}
	body, err := p.goal.Record(indicator.Figure{Period: period, Value: v, Standing: s, Note: note, Evidence: evidence}, by)
	if err != nil {
		return err
	}
	return b.add(p, by, indicator.Recorded, note, body)
}

// reported reports whether a natural person behind an actor reported the figure that stands for a period, by whichever account.
func (d *Desk) reported(g *indicator.Goal, period string, by name.Actor) bool {
	for i := range g.Figures {
		if f := &g.Figures[len(g.Figures)-1-i]; f.Period == period {
			return slices.ContainsFunc(d.Hands(Caller{Person: by.Person, For: by.For}), func(p name.Person) bool { return p != "" && (p == f.By.Person || p == f.By.For) })
		}
	}
	return false
}

// AnswerBase tells the base that a goal was missing.
func (d *Desk) AnswerBase(ctx context.Context, who Caller, command string, id name.ID, base indicator.Base) error {
	return d.onGoal(ctx, command, id, func(b *Batch, p *part) error {
		if err := d.allow(who, access.GoalReportFigure, d.goalObject(p.goal)); err != nil {
			return err
		}
		base.From = string(who.Person)
		body, err := p.goal.AnswerBase(base)
		if err != nil {
			return err
		}
		return b.add(p, who.actor("statistician", "handler", "head"), indicator.Based, "", body)
	})
}

// MayGoal reports whether the caller may do an action to this very goal: for buttons.
func (d *Desk) MayGoal(who Caller, a access.Action, g *indicator.Goal) bool {
	return d.AllowGoal(who, a, g) == nil
}

// AllowGoal returns why the caller may not do an action to this very goal, nil if it may: for sub-rooms.
func (d *Desk) AllowGoal(who Caller, a access.Action, g *indicator.Goal) error {
	return d.allow(who, a, d.goalObject(g))
}

// GoalFile returns an upload that came with a figure of a goal, if the caller may read the evidence of the unit that leads it.
func (d *Desk) GoalFile(ctx context.Context, who Caller, id name.ID, hash ledger.Hash) (journal.File, error) {
	v, err := d.Goal(ctx, who, id)
	if err != nil {
		return journal.File{}, err
	}
	i := slices.IndexFunc(v.Figures, func(f indicator.Figure) bool { return slices.Contains(f.Evidence, hash.String()) })
	if i < 0 || !d.MayReadEvidence(who, &v.Goal) {
		return journal.File{}, fmt.Errorf("file %s of goal %s: %w", hash, id, fault.ErrNotFound)
	}
	return d.fileAs(ctx, hash, v.Figures[i].Period)
}

// MayReadEvidence reports whether the caller may read what was handed in with a goal's figures. Who confirms a figure sees what
// it rests on.
func (d *Desk) MayReadEvidence(who Caller, g *indicator.Goal) bool {
	o := d.goalObject(g)
	if d.allow(who, access.GoalConfirmFigure, o) == nil {
		return true
	}
	o.Type, o.Public, o.Class = access.Evidence, false, access.Internal
	return d.allow(who, access.EvidenceRead, o) == nil
}
