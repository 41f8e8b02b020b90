package web

import (
	"strings"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// This file is how a goal's terms are changed on its page: one person asks, another decides.

// changeShown is a change that waits for a decision, as the goal's page shows it.
type changeShown struct {
	What, By, Reason, Of string // Of is whom it was asked of
	Waited               waited
	At, Version          int64
	Decide, Withdraw     bool // the caller may
}

// changeOf returns the change of a goal that waits for a decision, nil for none.
func (q *request) changeOf(g goalShown) *changeShown {
	p := g.Pending
	if p == nil {
		return nil
	}
	return &changeShown{What: q.amendWords(g, &p.Amend, true), By: q.byline(p.By), Reason: p.Reason, Of: q.Person(p.Approver).Words.In(q.Lang), At: p.At, Waited: q.waits(p.At, q.changeDue(&g.Goal)), Version: p.Version,
		Decide: q.s.Desk.MayDecideChange(q.Who, &g.Goal), Withdraw: p.By.Person == q.Who.Person && q.s.Desk.MayGoal(q.Who, access.GoalRequestChange, &g.Goal)}
}

// changeDue is the first instant at which deciding a goal's change is late.
func (q *request) changeDue(g *indicator.Goal) int64 {
	return int64((q.s.Desk.DecideBy(g) + 1).Start())
}

// GoalWaits says how long a goal's change has waited and by when it is to be decided.
func (q *request) GoalWaits(g *indicator.Goal) waited { return q.waits(g.Pending.At, q.changeDue(g)) }

// MatterWaits says so of an act of a matter.
func (q *request) MatterWaits(a desk.AskedView) waited {
	if a.Clock == nil {
		return q.waits(a.Matter.Pending.At, 0)
	}
	return q.waits(a.Matter.Pending.At, a.Clock.Due)
}

// decisions is what waits for the caller to decide.
type decisions struct {
	Goals   []goalShown      // whose change they were asked to decide
	Matters []desk.AskedView // in which somebody asked for an act that they may do
}

// N is how many there are.
func (d decisions) N() int { return len(d.Goals) + len(d.Matters) }

// First are at most so many of them, goals before matters.
func (d decisions) First(n int) decisions {
	d.Goals = d.Goals[:min(n, len(d.Goals))]
	d.Matters = d.Matters[:min(n-len(d.Goals), len(d.Matters))]
	return d
}

// ToDecide are the goals and matters that wait for a decision of the caller's.
func (q *request) ToDecide() (d decisions, err error) {
	goals, err := q.s.Desk.ToDecide(q.Context(), q.Who)
	if err != nil {
		return d, err
	}
	d.Goals = q.shownGoals(goals)
	d.Matters, err = q.s.Desk.Asked(q.Context(), q.Who)
	return d, err
}

// askChange asks for other terms of a goal. What was left empty stays as it is.
func (s *server) askChange(q *request) error {
	id := name.ID(q.PathValue("id"))
	g, err := s.Desk.Goal(q.Context(), q.Who, id)
	if err != nil {
		return err
	}
	a, err := q.amend(&g.Goal)
	if err == nil {
		err = s.Desk.AskChange(q.Context(), q.Who, q.sentCommand(), id, a, strings.TrimSpace(q.FormValue("reason")))
	}
	return s.backToGoal(q, "change", err)
}

// amend reads the form of a change.
func (q *request) amend(g *indicator.Goal) (indicator.Amend, error) {
	a := indicator.Amend{Approver: name.Person(q.FormValue("approver"))}
	if v := number(q.FormValue("target")); v != "" && v != g.Target.Value.String() {
		d, err := money.Parse(v)
		if err != nil {
			return a, fault.Refuse(fault.ErrInvalid, "not-decimal", "target")
		}
		t := g.Target
		t.Value, t.Max = d, nil
		a.Target = &t
	}
	if v := number(q.FormValue("base")); v != "" && g.Base != nil && v != g.Base.Value.String() {
		d, err := money.Parse(v)
		if err != nil {
			return a, fault.Refuse(fault.ErrInvalid, "not-decimal", "base")
		}
		b := *g.Base
		b.Value, b.From = d, string(q.Who.Person)
		a.Base = &b
	}
	if v := q.FormValue("due"); v != "" && v != g.Due.String() {
		d, err := calendar.ParseDate(v)
		if err != nil {
			return a, fault.Refuse(fault.ErrInvalid, "not-date", "due")
		}
		a.Due = &d
	}
	if v := name.Unit(q.FormValue("lead")); v != "" && v != g.Lead {
		a.Lead = &v
	}
	return a, nil
}

// decideChange agrees to the change that was read, or declines it.
func (s *server) decideChange(q *request) error {
	id, command, of := name.ID(q.PathValue("id")), q.sentCommand(), int64(atoi(q.FormValue("of")))
	if q.FormValue("do") == "agree" {
		return s.backToGoal(q, "agree", s.Desk.AgreeChange(q.Context(), q.Who, command, id, of))
	}
	return s.backToGoal(q, "decline", s.Desk.DeclineChange(q.Context(), q.Who, command, id, of, strings.TrimSpace(q.FormValue("reason"))))
}

// withdrawChange takes back what the caller asked for.
func (s *server) withdrawChange(q *request) error {
	return s.backToGoal(q, "withdraw", s.Desk.WithdrawChange(q.Context(), q.Who, q.sentCommand(), name.ID(q.PathValue("id")), int64(atoi(q.FormValue("of")))))
}
