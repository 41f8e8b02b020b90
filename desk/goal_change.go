package desk

import (
	"context"
	"errors"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
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
		pending := p.goal.Pending
		body, err := settle(p.goal, by)
		if err != nil {
			return err
		}
		if err := b.add(p, by, typ, reason, body); err != nil || typ != indicator.Changed {
			return err
		}
		return b.follow(p.goal, pending, by)
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

// facetDecides names who was asked to decide a change of the goal, while it waits; of a matter the parties that may decide what was asked for.
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

// follow takes the promise that is to fulfil a goal along with a change of it, so that the task's target, due date and unit are those of
// the goal. A promise that is over stays as it is, and so does one under a version of its pack that does not know of it.
func (b *Batch) follow(g *indicator.Goal, a *indicator.Pending, by name.Actor) error {
	if g.Matter == "" || a.Target == nil && a.Due == nil && a.Lead == nil {
		return nil
	}
	p, err := b.matterPart(g.Matter)
	if err != nil {
		return err
	}
	if !p.matter.IsOpen() {
		return nil
	}
	terms := map[string]string{}
	if a.Target != nil {
		terms["target"], terms["target-value"], terms["measure"] = TargetText(g.Shape, g.Target), targetValue(g), g.Target.Unit
	}
	if a.Due != nil {
		terms["due"] = g.Due.String()
	}
	lead := map[string]string{}
	if a.Lead != nil {
		lead["unit"] = string(g.Lead)
	}
	for _, s := range []struct {
		verb matter.Verb
		with map[string]string
	}{{matter.Adjust, terms}, {matter.Reassign, lead}} {
		act := ofPlatform(p.def, s.verb)
		if len(s.with) == 0 || act == nil {
			continue
		}
		s.with["approved-by"] = string(by.Person) // asked for by the forms of older versions of the pack; newer ones sign it themselves
		actor := name.System
		actor.For = by.Person
		dec, err := matter.Decide(p.def, p.matter, matter.Command{ID: b.command, Matter: p.stream, Act: act.Key, Actor: actor, At: b.at, With: asked(act, s.with), Reason: a.Reason}, b.d.Env())
		if r := (*fault.Refusal)(nil); errors.As(err, &r) && r.Code == "wrong-state" {
			return fault.Refuse(fault.ErrConflict, "task-elsewhere", "") // whoever decides looks at the goal, and has to be told of the task
		}
		if err != nil {
			return err
		}
		if err := b.decide(p, actor, dec); err != nil {
			return err
		}
	}
	return nil
}

// leads has a goal follow its task to the unit that the office gives the task to, so that whoever has the work has the light too.
func (b *Batch) leads(p *part, by name.Actor, dec matter.Decision) error {
	ch := &dec.Change
	if ch.Holder == nil || !slices.Contains([]matter.Verb{matter.Dispatch, matter.Reassign, matter.Arbitrate}, ch.Verb) {
		return nil
	}
	for _, id := range p.matter.Linked(matter.Fulfils) {
		g, err := b.goalPart(id)
		if err != nil {
			return err
		}
		body, err := g.goal.FollowTask(p.stream, ch.Holder.Unit)
		if err != nil || body == nil {
			return err
		}
		if err := b.add(g, by, indicator.Changed, dec.Reason, body); err != nil {
			return err
		}
	}
	return nil
}

// ofPlatform returns the act of a verb that the platform does as well as people, nil for none.
func ofPlatform(k *matter.Kind, v matter.Verb) *matter.Act {
	for i := range k.Acts {
		if a := &k.Acts[i]; a.Verb == v && slices.Contains(a.By, matter.Party{Part: matter.Platform}) {
			return a
		}
	}
	return nil
}

// goalDecides reports whether an act would change what the matter's goal lays down: that is asked for on the goal's page, or the two
// would say different things of one promise.
func (d *Desk) goalDecides(k *matter.Kind, m *matter.Matter, act *matter.Act) bool {
	act = k.Fills(act)
	return act.Verb == matter.Adjust && ofPlatform(k, act.Verb) == act && slices.ContainsFunc(m.Linked(matter.Fulfils), func(id name.ID) bool {
		g, err := d.loadGoal(context.Background(), id) // that of an open task is in memory
		return err == nil && g.Matter == m.ID
	})
}
