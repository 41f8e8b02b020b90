package desk

import (
	"encoding/json"
	"slices"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
)

// This file is what happens while a change of a goal waits for a decision (催促审定), as the packs' clocks with decides do for acts of matters.

// decideDays is by how many working days a change is to be decided where the packs have no parameter decide-days.
const decideDays = 3

// DecideBy returns the last day on which the change that a goal waits for is to be decided, 0 where none waits: so many working days after
// the day of asking.
func (d *Desk) DecideBy(g *indicator.Goal) calendar.Date {
	if g.Pending == nil {
		return 0
	}
	by, _ := d.Env().Calendar.AddWorking(calendar.Instant(g.Pending.At).Date(), d.days("promise/decide-days", decideDays))
	return by
}

// unurged are the rungs of an asking that are due on the server's day and have not been taken: 提醒 on its last day, 催办 once that has passed.
func (d *Desk) unurged(g *indicator.Goal) (due []matter.RungKind) {
	by, today := d.DecideBy(g), d.Today()
	if by == 0 || g.Closed != 0 {
		return nil
	}
	for _, r := range []struct {
		rung matter.RungKind
		is   bool
	}{{matter.RungRemind, today >= by}, {matter.RungUrge, today > by && d.Env().Calendar.WorkingBetween(by, today) > 0}} {
		if r.is && !slices.Contains(g.Pending.Urged, string(r.rung)) {
			due = append(due, r.rung)
		}
	}
	return due
}

// urge takes the rungs of an asking that are due: whoever was asked to decide is told, and from 催办 on the head of the supervision office.
func (b *Batch) urge(p *part) error {
	for _, rung := range b.d.unurged(p.goal) {
		asked := p.goal.Pending
		u := indicator.Urge{Asked: asked.Version, Rung: string(rung), To: []name.Person{asked.Approver}, Unit: asked.By.Unit, Due: b.d.DecideBy(p.goal)}
		if heads := b.d.StaffWith(b.d.Env().Supervision, "head"); rung != matter.RungRemind && len(heads) > 0 && heads[0].Key != asked.By.Person {
			u.To = append(u.To, heads[0].Key)
		}
		body, err := json.Marshal(u)
		if err != nil {
			return err
		}
		if err := b.add(p, name.System, indicator.Urged, "", body); err != nil {
			return err
		}
	}
	return nil
}
