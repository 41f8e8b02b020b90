package rights

import (
	"cmp"
	"context"
	"slices"
	"time"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// AskGlass asks for a role for some hours because something cannot wait.
func (r *Room) AskGlass(ctx context.Context, who desk.Caller, role name.Role, hours int, why string) (account.Glass, error) {
	if err := r.desk.Allow(who, access.GlassAsk, platform); err != nil {
		return account.Glass{}, err
	}
	r.one.Lock()
	defer r.one.Unlock()
	now := r.desk.Now()
	open := r.glassesWhere(func(g *account.Glass) bool {
		return g.By.Person == who.Person && (g.Waits(now) || g.Unreviewed())
	})
	return r.glass(ctx, who, access.GlassAsk, account.Glass{}, account.GlassCommand{Step: account.GlassAsk, Reason: why,
		With: account.GlassChange{Role: role, Span: int64(hours) * time.Hour.Microseconds()}, Most: r.glassRoles()[role], Open: len(open) > 0})
}

// steps are the permissions of the steps after asking.
var steps = map[account.GlassStep]access.Action{account.GlassApprove: access.GlassApprove, account.GlassRefuse: access.GlassApprove,
	account.GlassClose: access.GlassApprove, account.GlassReview: access.GlassReview}

// StepGlass approves, refuses, ends or reviews a glass. Ending one's own needs no permission.
func (r *Room) StepGlass(ctx context.Context, who desk.Caller, id name.ID, step account.GlassStep, reason, finding string) (account.Glass, error) {
	r.one.Lock()
	defer r.one.Unlock()
	r.mu.RLock()
	g, known := r.glasses[id]
	r.mu.RUnlock()
	action, ok := steps[step]
	if !ok {
		return g, fault.Refuse(fault.ErrInvalid, "no-such-option", "step")
	}
	if step != account.GlassClose || !known || g.By.Person != who.Person {
		o := platform
		o.MadeBy = append(o.MadeBy, g.By.Person)
		if err := r.desk.Allow(who, action, o); err != nil {
			return g, err
		}
	}
	return r.glass(ctx, who, action, g, account.GlassCommand{Step: step, Reason: reason, With: account.GlassChange{Finding: finding}})
}

func (r *Room) glass(ctx context.Context, who desk.Caller, a access.Action, g account.Glass, c account.GlassCommand) (account.Glass, error) {
	c.By, c.At = r.hand(r.actor(who, a)), r.desk.Now()
	return r.stepGlass(ctx, g, c)
}

func (r *Room) stepGlass(ctx context.Context, g account.Glass, c account.GlassCommand) (account.Glass, error) {
	if c.Step == account.GlassApprove {
		c.Review = r.reviewBy(c.At + g.Span)
	}
	typ, body, err := g.Decide(c)
	if err != nil {
		return g, err
	}
	step := &change[account.Glass]{kind: GlassKind, state: g, id: g.ID, old: g.Version, by: c.By.Actor, typ: typ, reason: c.Reason, body: body,
		apply: account.ApplyGlass, row: glassRow, put: r.putGlass}
	err = r.commit(ctx, step)
	return step.state, err
}

// reviewBy is by when a glass that ends at an instant has to be reviewed: the end of the second working day after.
func (r *Room) reviewBy(end int64) int64 {
	due, _ := r.desk.Env().Calendar.AddWorking(calendar.Instant(end).Date(), account.GlassReviewIn)
	return int64((due + 1).Start())
}

func glassRow(g *account.Glass) journal.Row {
	row := journal.Row{Title: string(g.Role), State: glassState(g), Open: g.Refused == 0 && g.Reviewed == 0, Unit: g.By.Unit, Person: g.By.Person, Opened: g.Asked, Due: g.ReviewBy,
		Facets: []journal.Facet{{Name: "role", Text: string(g.Role)}}}
	if g.Late != 0 || g.Finding != "" {
		row.Facets = append(row.Facets, journal.Facet{Name: FindingFacet, Text: "yes"})
	}
	if !row.Open {
		row.Closed, row.Due = max(g.Refused, g.Reviewed), 0
	}
	return row
}

func glassState(g *account.Glass) string {
	switch {
	case g.Refused != 0:
		return "refused"
	case g.Reviewed != 0:
		return "reviewed"
	case g.Opened != 0:
		return "broken"
	}
	return "asked"
}

func (r *Room) glassesWhere(holds func(*account.Glass) bool) (all []account.Glass) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, g := range r.glasses {
		if holds(&g) {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, func(a, b account.Glass) int { return cmp.Or(cmp.Compare(b.Asked, a.Asked), cmp.Compare(a.ID, b.ID)) })
	return all
}
