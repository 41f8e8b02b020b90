package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// rungs is what happens to a goal that is behind: 提醒 when it turns yellow, 催办 when it turns red, 督办 when it
// has stayed red for so many working days; each once until it is green again.
var rungs = []struct {
	rung  matter.RungKind
	light indicator.Light
	after string // parameter: working days since the light; empty for at once
	days  int    // without such a parameter
}{
	{matter.RungRemind, indicator.Yellow, "", 0},
	{matter.RungUrge, indicator.Red, "", 0},
	{matter.RungSupervise, indicator.Red, "behind-supervise-days", 5},
}

// Press looks at one goal on the server's day: it announces a light that has changed and takes the rungs that are
// due, each as an event of the goal and of its promise in one batch, and those of a change that waits for a decision.
// Looking again changes nothing.
func (d *Desk) Press(ctx context.Context, id name.ID) error {
	g, err := d.loadGoal(ctx, id)
	if err != nil || g.Closed != 0 || !d.isPressing(&g) {
		return err
	}
	command := fmt.Sprintf("press-%s-%d-%s", id, g.Version, d.Today())
	return d.onGoal(ctx, command, id, func(b *Batch, p *part) error {
		if err := b.light(p); err != nil {
			return err
		}
		if err := b.urge(p); err != nil {
			return err
		}
		for _, r := range rungs {
			if !b.isDue(p.goal, r.rung, r.light, d.days(r.after, r.days)) {
				continue
			}
			if err := b.press(p, r.rung); err != nil {
				return err
			}
		}
		return nil
	})
}

// isPressing reports whether there is anything to say about a goal today: most days there is not, and looking is cheap.
func (d *Desk) isPressing(g *indicator.Goal) bool {
	if d.read(g).Light != g.Light || len(d.unurged(g)) > 0 {
		return true
	}
	b := Batch{d: d, at: d.world.Now()}
	for _, r := range rungs {
		if b.isDue(g, r.rung, r.light, d.days(r.after, r.days)) {
			return true
		}
	}
	return false
}

// days returns a parameter that counts days.
func (d *Desk) days(parameter string, otherwise int) int {
	if v, ok := d.Packs().Parameter(parameter, d.Today()); ok && parameter != "" {
		return atoi(v)
	}
	return otherwise
}

func (b *Batch) isDue(g *indicator.Goal, rung matter.RungKind, light indicator.Light, days int) bool {
	if g.Light != light {
		return false
	}
	for _, done := range g.Pressed {
		if done == string(rung) {
			return false
		}
	}
	cal := b.d.Env().Calendar
	since := calendar.Instant(g.LitAt).Date()
	return cal.WorkingBetween(since, calendar.Instant(b.at).Date()) >= days
}

// press takes one rung: the promise is told, from 督办 on by a matter of its own.
func (b *Batch) press(goal *part, rung matter.RungKind) error {
	press := indicator.Press{Rung: string(rung)}
	if goal.goal.Matter != "" {
		p, err := b.matterPart(goal.goal.Matter)
		if err != nil {
			return err
		}
		if p.matter.IsOpen() {
			dec := matter.Decision{Type: "matter.rung", Reason: "goal-behind", Change: matter.Change{Count: string(rung),
				Rung: &matter.Fired{Clock: "goal", Rung: rung, To: p.matter.Holder}}}
			if kind := raisedBy(p.def, rung); kind != "" {
				dec.Raises = []matter.Opening{{Kind: kind, Link: matter.RaisedBy, Issuer: matter.Hand{Unit: b.d.Env().Supervision},
					Fields: map[string]string{"unit": string(p.matter.Holder.Unit), "title": goal.goal.Title, "about": string(p.stream), "reason": "目标落后序时进度，亮红灯", "urgency": "normal"}}}
			}
			before := len(b.parts)
			if err := b.decide(p, name.System, dec); err != nil {
				return err
			}
			if len(b.parts) > before {
				press.Matter = b.parts[before].stream
			}
		}
	}
	body, err := json.Marshal(press)
	if err != nil {
		return err
	}
	return b.add(goal, name.System, indicator.Pressed, "", body)
}

// raisedBy returns the kind of matter that a rung of any of the kind's ladders raises.
func raisedBy(k *matter.Kind, rung matter.RungKind) string {
	for _, l := range k.Ladders {
		for _, r := range l.Rungs {
			if r.Key == rung && r.Raises != "" {
				return r.Raises
			}
		}
	}
	return ""
}

// Refresh forgets the state in memory of a row's stream if it is older than the row: another process has written to it.
func (d *Desk) Refresh(r *journal.Row) {
	if _, v, ok := d.matters.get(r.Stream); ok && v < r.Version {
		d.matters.drop(r.Stream)
	}
	if _, v, ok := d.goals.get(r.Stream); ok && v < r.Version {
		d.goals.drop(r.Stream)
	}
}

// Ring fires the rungs of a matter that are due, in one batch. Ringing again fires nothing.
func (d *Desk) Ring(ctx context.Context, id name.ID) (fired int, err error) {
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return 0, err
	}
	do := Do{Command: fmt.Sprintf("ring-%s-%d", id, m.Version), Matter: id}
	_, err = d.run(ctx, do, func(b *Batch) (*part, error) {
		p, err := b.matterPart(id)
		if err != nil {
			return nil, err
		}
		fired = 0
		for _, dec := range matter.Tick(p.def, p.matter, b.at, d.Env()) {
			if err := b.decide(p, name.System, dec); err != nil {
				return nil, err
			}
			fired++
		}
		return p, nil
	})
	if fired == 0 && err == nil {
		d.matters.drop(id) // another process rang it
	}
	return fired, err
}

// Recalendar computes the clocks of a matter again after a holiday notice has come out, and reports whether one moved.
func (d *Desk) Recalendar(ctx context.Context, id name.ID, reason string) (moved bool, err error) {
	_, err = d.run(ctx, Do{Matter: id}, func(b *Batch) (*part, error) {
		p, err := b.matterPart(id)
		if err != nil {
			return nil, err
		}
		dec, changed, err := matter.RecomputeClocks(p.def, p.matter, d.Env(), reason)
		if moved = changed; err != nil || !changed {
			return p, err
		}
		return p, b.decide(p, name.System, dec)
	})
	return moved && err == nil, err
}
