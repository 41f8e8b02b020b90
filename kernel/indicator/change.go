package indicator

import (
	"encoding/json"
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// This file is how the terms of a published goal are changed (目标调整): one person asks, another agrees or declines. The terms
// as first published stay beside what holds.

// Amend is a change of terms. Only what is set is changed; the reason stands in the envelope.
type Amend struct {
	Target   *Target        `json:"target,omitempty"`
	Base     *Base          `json:"base,omitempty"`
	Due      *calendar.Date `json:"due,omitempty"`
	Lead     *name.Unit     `json:"lead,omitempty"`
	Assist   *[]name.Unit   `json:"assist,omitempty"`
	Leader   *name.Person   `json:"leader,omitempty"`
	Person   *name.Person   `json:"person,omitempty"`
	Curve    *[]Point       `json:"curve,omitempty"`
	Feed     *Feed          `json:"feed,omitempty"`
	Parent   *name.ID       `json:"parent,omitempty"`
	Approver name.Person    `json:"approver,omitempty"` // of an asking who is asked, of a change who agreed
	Cause    name.ID        `json:"cause,omitempty"`    // the goal's task, if the goal follows it: nobody asked then
	Settled
}

// Settled says which asking an event ends. It is empty in changes of before 2026-11-26, whose approver was only named.
type Settled struct {
	Asked int64       `json:"asked,omitempty"` // the version of the goal's event that asked
	Asker name.Person `json:"asker,omitempty"` // who asked
}

// Pending is a change that somebody has asked for and nobody has decided.
type Pending struct {
	Amend
	By      name.Actor
	At      int64 // µs
	Reason  string
	Version int64    // of the event that asked
	Urged   []string // rungs reached while it waits
}

// Urge is a rung of the ladder that an asking has reached which nobody decides, each once.
type Urge struct {
	Asked int64         `json:"asked"` // the version of the event that asked
	Rung  string        `json:"rung"`
	To    []name.Person `json:"to"`   // who is told: first whoever was asked to decide, then those above
	Unit  name.Unit     `json:"unit"` // that asked
	Due   calendar.Date `json:"due"`  // the last day for deciding
}

// isEmpty reports whether an amendment would change nothing.
func (a *Amend) isEmpty() bool {
	return a.Target == nil && a.Base == nil && a.Due == nil && a.Lead == nil && a.Assist == nil && a.Leader == nil && a.Person == nil && a.Curve == nil && a.Feed == nil && a.Parent == nil
}

// AskChange returns the body of the event that asks for other terms. Somebody else must be asked to decide than who asks, and than
// whom they act for; the result must still be a goal; one change is asked for at a time.
func (g *Goal) AskChange(a Amend, by name.Actor, reason string) ([]byte, error) {
	switch {
	case g.Closed != 0:
		return nil, fault.Refuse(fault.ErrConflict, "goal-closed", "")
	case g.Pending != nil:
		return nil, fault.Refuse(fault.ErrConflict, "change-pending", "")
	case a.isEmpty():
		return nil, fault.Refuse(fault.ErrInvalid, "nothing-changed", "target")
	case strings.TrimSpace(reason) == "":
		return nil, fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	case len(reason) > maxNote:
		return nil, fault.Refuse(fault.ErrInvalid, "too-long", "reason", "limit", limits["reason"])
	case a.Approver == "" || a.Approver == by.Person || a.Approver == by.For:
		return nil, fault.Refuse(fault.ErrDenied, "approver-missing", "approver")
	}
	if err := g.wouldHold(&a); err != nil {
		return nil, err
	}
	a.Settled = Settled{}
	return json.Marshal(a)
}

// AgreeChange returns the body of the event that changes the terms as they were asked for. Of is the version of the asking that was
// read, so that nobody agrees to another one; who agrees is not who asked.
func (g *Goal) AgreeChange(of int64, by name.Actor) ([]byte, error) {
	if err := g.maySettle(of, by); err != nil {
		return nil, err
	}
	a := g.Pending.Amend
	if err := g.wouldHold(&a); err != nil { // a base may have been told since
		return nil, err
	}
	a.Approver, a.Settled = by.Person, g.Pending.settled()
	return json.Marshal(a)
}

// DeclineChange returns the body of the event that declines what was asked for, with a reason.
func (g *Goal) DeclineChange(of int64, by name.Actor, reason string) ([]byte, error) {
	if err := g.maySettle(of, by); err != nil {
		return nil, err
	}
	switch {
	case strings.TrimSpace(reason) == "":
		return nil, fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	case len(reason) > maxNote:
		return nil, fault.Refuse(fault.ErrInvalid, "too-long", "reason", "limit", limits["reason"])
	}
	return json.Marshal(g.Pending.settled())
}

// WithdrawChange returns the body of the event by which whoever asked takes it back.
func (g *Goal) WithdrawChange(of int64, by name.Actor) ([]byte, error) {
	switch {
	case g.Pending == nil || g.Pending.Version != of:
		return nil, fault.Refuse(fault.ErrConflict, "change-settled", "")
	case !sameHands(g.Pending.By, by):
		return nil, fault.Refuse(fault.ErrDenied, "not-asker", "")
	}
	return json.Marshal(g.Pending.settled())
}

// FollowTask returns the body of the event by which a goal follows its task to the unit that the task was given to, nil where it leads
// already, or has ended.
func (g *Goal) FollowTask(task name.ID, to name.Unit) ([]byte, error) {
	if g.Closed != 0 || g.Matter != task || to == "" || g.Lead == to {
		return nil, nil
	}
	a := Amend{Lead: &to, Cause: task}
	if slices.Contains(g.Assist, to) { // who leads does not assist
		rest := slices.DeleteFunc(slices.Clone(g.Assist), func(u name.Unit) bool { return u == to })
		a.Assist = &rest
	}
	if err := g.wouldHold(&a); err != nil {
		return nil, err
	}
	return json.Marshal(a)
}

// settled is the body of what ends the asking without a change.
func (p *Pending) settled() Settled { return Settled{Asked: p.Version, Asker: p.By.Person} }

// maySettle reports what keeps somebody from deciding the asking of a version.
func (g *Goal) maySettle(of int64, by name.Actor) error {
	switch {
	case g.Closed != 0:
		return fault.Refuse(fault.ErrConflict, "goal-closed", "")
	case g.Pending == nil || g.Pending.Version != of:
		return fault.Refuse(fault.ErrConflict, "change-settled", "")
	case sameHands(g.Pending.By, by):
		return fault.Refuse(fault.ErrDenied, "asker-decides", "")
	}
	return nil
}

// wouldHold checks the terms as an amendment would leave them.
func (g *Goal) wouldHold(a *Amend) error {
	next := *g
	next.amend(a)
	return next.Terms.Check()
}

func (g *Goal) amend(a *Amend) {
	set(&g.Target, a.Target)
	set(&g.Due, a.Due)
	set(&g.Lead, a.Lead)
	set(&g.Assist, a.Assist)
	set(&g.Leader, a.Leader)
	set(&g.Person, a.Person)
	set(&g.Curve, a.Curve)
	set(&g.Feed, a.Feed)
	set(&g.Parent, a.Parent)
	if a.Base != nil {
		g.Base, g.BaseAsked = a.Base, false
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
