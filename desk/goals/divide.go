package goals

import (
	"context"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// Child is one part of a goal that is to be handed out 分解: a share of its target, whose, and how long it needs.
type Child struct {
	Title  string
	Lead   name.Unit
	Person name.Person
	Value  string // the share of the target, in the parent's unit
	Days   int    // working days that it needs; 0 for the parent's own span
}

// Division is a decomposition before or after it is handed out.
type Division struct {
	Terms       []indicator.Terms
	Coverage    indicator.Coverage
	Provisional bool            // some start depends on a holiday notice that is not out
	Late        []calendar.Date // latest starts that have passed already
}

// mostChildren is how many parts a goal may have.
const mostChildren = 60

// Divide works out what a decomposition comes to: each child's terms with its latest start, and how far the children's
// targets cover the parent's. In sequence the children follow each other backwards from the parent's due date (倒排工期);
// otherwise each has until the due date. Nothing is remembered.
func (r *Room) Divide(parent *indicator.Goal, children []Child, sequence bool) (Division, error) {
	var v Division
	if len(children) == 0 || len(children) > mostChildren {
		return v, fault.Refuse(fault.ErrInvalid, "children-count", "children")
	}
	lengths := make([]int, len(children))
	for i, c := range children {
		if c.Days < 0 || c.Days > 2000 || sequence && c.Days == 0 {
			return v, fault.Refuse(fault.ErrInvalid, "child-days", "days")
		}
		lengths[i] = c.Days
	}
	starts, provisional := r.starts(parent, lengths, sequence)
	v.Provisional = provisional
	goals := make([]indicator.Goal, len(children))
	for i, c := range children {
		t, err := childTerms(parent, c)
		if err != nil {
			return v, err
		}
		t.Start = starts[i]
		if sequence && i+1 < len(starts) {
			t.Due = starts[i+1] // it ends on the day on which the next one starts
		}
		if t.Due < t.Start {
			t.Due = t.Start
		}
		if t.Start < r.desk.Today() && c.Days > 0 {
			v.Late = append(v.Late, t.Start)
		}
		if err := t.Check(); err != nil {
			return v, err
		}
		v.Terms = append(v.Terms, t)
		goals[i].Terms = t
	}
	v.Coverage = indicator.Cover(parent, goals)
	return v, nil
}

// starts returns each child's latest start by backward schedule from the parent's due date.
func (r *Room) starts(parent *indicator.Goal, lengths []int, sequence bool) (starts []calendar.Date, provisional bool) {
	cal := r.desk.Env().Calendar
	if sequence {
		return cal.Backward(parent.Due, lengths)
	}
	for _, n := range lengths {
		start := parent.Start
		if n > 0 {
			var p bool
			start, p = cal.LatestStart(parent.Due, n)
			provisional = provisional || p
		}
		starts = append(starts, start)
	}
	return starts, provisional
}

// childTerms are the parent's terms with what is the child's own. A child is reported by hand: what its parent is
// counted from is counted once.
func childTerms(parent *indicator.Goal, c Child) (indicator.Terms, error) {
	t := parent.Terms
	t.Title, t.Lead, t.Person, t.Parent = c.Title, c.Lead, c.Person, parent.ID
	t.Assist, t.Curve, t.Base, t.BaseAsked, t.Weight = nil, nil, nil, false, 0
	t.Feed = indicator.Feed{Mode: indicator.Reported}
	if parent.Shape == indicator.Milestone {
		return t, nil
	}
	value, err := money.Parse(c.Value)
	if err != nil {
		return t, fault.Refuse(fault.ErrInvalid, "not-decimal", "value")
	}
	t.Target.Value, t.Target.Max = value, nil
	return t, nil
}

// Decompose hands a goal out in parts: each child becomes a goal with a promise of its own, all in one batch. The office that
// publishes goals may hand out to any unit; who leads the goal may hand out to their own unit and those below it.
func (r *Room) Decompose(ctx context.Context, who desk.Caller, command string, id name.ID, children []Child, sequence bool) (Division, error) {
	parent, err := r.desk.Goal(ctx, who, id)
	if err != nil {
		return Division{}, err
	}
	if parent.Closed != 0 {
		return Division{}, fault.Refuse(fault.ErrConflict, "goal-closed", "")
	}
	if err := r.mayDecompose(who, &parent.Goal, children); err != nil {
		return Division{}, err
	}
	v, err := r.Divide(&parent.Goal, children, sequence)
	if err != nil {
		return v, err
	}
	if command == "" {
		command = r.desk.NewCommand()
	}
	if _, done, err := r.store.Receipt(ctx, r.desk.District(), command); err != nil || done {
		return v, err
	}
	b := r.desk.Begin(ctx, command)
	for _, t := range v.Terms {
		if _, err := b.PublishGoal(who.As("issuer", "head", "handler"), t); err != nil {
			return v, err
		}
	}
	_, err = b.Commit()
	return v, err
}

// MayDecompose reports whether the caller may hand out parts of a goal to anybody at all: for buttons.
func (r *Room) MayDecompose(who desk.Caller, parent *indicator.Goal) bool {
	return parent.Closed == 0 && r.mayDecompose(who, parent, nil) == nil
}

func (r *Room) mayDecompose(who desk.Caller, parent *indicator.Goal, children []Child) error {
	dir := r.desk.Directory()
	for _, c := range children {
		if !dir.Has(c.Lead) {
			return fault.Refuse(fault.ErrInvalid, "field-missing", "lead")
		}
	}
	if r.desk.AllowGoal(who, access.GoalPublish, parent) == nil {
		return nil
	}
	if err := r.desk.AllowGoal(who, access.GoalRequestChange, parent); err != nil {
		return err
	}
	for _, c := range children {
		if !dir.IsBelow(c.Lead, who.Unit) {
			return fault.Refuse(fault.ErrDenied, "not-below-you", "lead")
		}
	}
	return nil
}

// Children returns the goals that a goal was handed out in, and how far they cover it.
func (r *Room) Children(ctx context.Context, who desk.Caller, parent *indicator.Goal) ([]desk.GoalView, indicator.Coverage, error) {
	views, _, err := r.desk.Goals(ctx, who, desk.GoalQuery{Parent: parent.ID, Limit: 500})
	if err != nil || len(views) == 0 {
		return nil, indicator.Coverage{}, err
	}
	goals := make([]indicator.Goal, len(views))
	for i := range views {
		goals[i] = views[i].Goal
	}
	return views, indicator.Cover(parent, goals), nil
}
