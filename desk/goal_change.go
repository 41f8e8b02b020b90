package desk

import (
	"context"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// This file is how a goal's terms are changed (目标调整): whoever works on it asks, whoever may decide agrees or declines.

// AskChange asks for other terms of a goal, for a reason, of somebody who may decide them.
func (d *Desk) AskChange(ctx context.Context, who Caller, command string, id name.ID, a indicator.Amend, reason string) error {
	return d.onGoal(ctx, command, id, func(b *Batch, p *part) error {
		if err := d.allow(who, access.GoalRequestChange, d.goalObject(p.goal)); err != nil {
			return err
		}
		by := who.actor("issuer", "head", "handler")
		body, err := p.goal.AskChange(a, by, reason)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(d.GoalDeciders(who, access.GoalApproveChange, p.goal), func(x Person) bool { return x.Key == a.Approver }) {
			return fault.Refuse(fault.ErrDenied, "approver-missing", "approver")
		}
		return b.add(p, by, indicator.Asked, reason, body)
	})
}

// AgreeChange changes a goal's terms as they were asked for by the event of version of.
func (d *Desk) AgreeChange(ctx context.Context, who Caller, command string, id name.ID, of int64) error {
	return d.settleChange(ctx, who, command, id, indicator.Changed, "", func(g *indicator.Goal, by name.Actor) ([]byte, error) { return g.AgreeChange(of, by) })
}

// DeclineChange declines the change that was asked for by the event of version of, with a reason.
func (d *Desk) DeclineChange(ctx context.Context, who Caller, command string, id name.ID, of int64, reason string) error {
	return d.settleChange(ctx, who, command, id, indicator.Declined, reason, func(g *indicator.Goal, by name.Actor) ([]byte, error) { return g.DeclineChange(of, by, reason) })
}

func (d *Desk) settleChange(ctx context.Context, who Caller, command string, id name.ID, typ, reason string, settle func(*indicator.Goal, name.Actor) ([]byte, error)) error {
	return d.onGoal(ctx, command, id, func(b *Batch, p *part) error {
		if err := d.allow(who, access.GoalApproveChange, d.changeObject(p.goal)); err != nil {
			return err
		}
		by := who.actor("leader", "head")
		body, err := settle(p.goal, by)
		if err != nil {
			return err
		}
		return b.add(p, by, typ, reason, body)
	})
}

// WithdrawChange takes back the change that the caller asked for by the event of version of.
func (d *Desk) WithdrawChange(ctx context.Context, who Caller, command string, id name.ID, of int64) error {
	return d.onGoal(ctx, command, id, func(b *Batch, p *part) error {
		if err := d.allow(who, access.GoalRequestChange, d.goalObject(p.goal)); err != nil {
			return err
		}
		by := who.actor("issuer", "head", "handler")
		body, err := p.goal.WithdrawChange(of, by)
		if err != nil {
			return err
		}
		return b.add(p, by, indicator.Withdrawn, "", body)
	})
}

// MayDecideChange reports whether the caller may decide the change that is asked for, once they have proved who they are: for buttons.
func (d *Desk) MayDecideChange(who Caller, g *indicator.Goal) bool {
	return g.Pending != nil && d.could(who, access.GoalApproveChange, d.changeObject(g))
}

// facetDecides names who was asked to decide a change of the goal, while it waits.
const facetDecides = "decides"

// mostAsked is how many goals that wait for somebody's decision their page lists.
const mostAsked = 50

// ToDecide returns the goals whose change the caller has been asked to decide, the longest-lived goals first, 50 at most.
func (d *Desk) ToDecide(ctx context.Context, who Caller) ([]GoalView, error) {
	if who.IsNobody() {
		return nil, nil
	}
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: d.Scope(who, access.GoalRead, access.Goal), Noun: "indicator", Kinds: []string{GoalKind},
		Facets: []journal.Facet{{Name: facetDecides, Text: string(who.Person)}}, Order: journal.ByOpened, Limit: mostAsked})
	if err != nil {
		return nil, err
	}
	views := make([]GoalView, 0, len(page.Rows))
	for i := range page.Rows {
		v, err := d.goalView(ctx, page.Rows[i].Stream)
		if err != nil {
			return nil, err
		}
		views = append(views, v)
	}
	return views, nil
}
