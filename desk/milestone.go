package desk

import (
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
)

// reach lets a milestone follow the matter that fulfils it: brought to its end, the goal is reached; opened again, because that proved
// untrue, it is not. A milestone has no number that anybody would report with the work, so without this a promise that three persons
// struck off would stay undone and turn red on its day.
func (b *Batch) reach(p *part, was matter.Phase) error {
	ended := func(ph matter.Phase) bool { return ph == matter.Closed || ph == matter.Archived }
	done := ended(p.matter.Phase)
	if done == ended(was) || was == "" {
		return nil
	}
	for _, id := range p.matter.Linked(matter.Fulfils) {
		g, err := b.goalPart(id)
		if err != nil {
			return err
		}
		if g.goal.Shape != indicator.Milestone || g.goal.Matter != p.stream {
			continue
		}
		today := calendar.Instant(b.at).Date()
		last, has := g.goal.Latest(today)
		reached := has && last.Value.Sign() > 0
		f := indicator.Figure{Period: indicator.Month(today), Cause: p.stream}
		switch {
		case done && reached:
			f.Period, f.Value = last.Period, last.Value // whoever did the work said so in that month
		case done:
			f.Value = money.Int(1)
		case !reached:
			continue
		}
		if err := b.take(g, name.System, f, was == matter.Verified || !done, p.matter.Number); err != nil {
			return err
		}
	}
	return nil
}
