package desk

import (
	"context"
	"fmt"

	"bihuan/ground/calendar"
	"bihuan/kernel/indicator"
)

// GoalsAt returns the goals of a year as the log had them at an instant, read on its day: only events up to it
// count. What it returns for a time that has passed never changes, which is what makes an edition of the race frozen.
func (d *Desk) GoalsAt(ctx context.Context, who Caller, year int, at int64) ([]GoalView, error) {
	now, err := d.AllGoals(ctx, who, year)
	if err != nil {
		return nil, err
	}
	then := make([]GoalView, 0, len(now))
	for i := range now {
		v, ok, err := d.GoalAt(ctx, &now[i], at)
		if err != nil {
			return nil, err
		}
		if ok {
			then = append(then, v)
		}
	}
	return then, nil
}

// GoalAt returns a goal as it stood at an instant, and false if it was not there yet. Where nothing but figures has
// come since it was published, those that came later are left out; otherwise its events are added up anew.
func (d *Desk) GoalAt(ctx context.Context, v *GoalView, at int64) (GoalView, bool, error) {
	if v.Opened > at {
		return GoalView{}, false, nil
	}
	then := *v
	if v.Changes == 0 && v.Base == v.First.Base {
		then.Figures = nil
		for _, f := range v.Figures {
			if f.At <= at {
				then.Figures = append(then.Figures, f)
			}
		}
	} else {
		events, err := d.store.Events(ctx, v.ID, 0)
		if err != nil {
			return then, false, fmt.Errorf("goal %s as it was: %w", v.ID, err)
		}
		then.Goal = indicator.Goal{}
		for i := range events {
			if events[i].At > at {
				break
			}
			if then.Goal, err = indicator.Apply(then.Goal, &events[i]); err != nil {
				return then, false, err
			}
		}
	}
	then.Reading = d.readOn(&then.Goal, calendar.Instant(at).Date())
	return then, true, nil
}
