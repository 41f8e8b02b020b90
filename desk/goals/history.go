package goals

import (
	"context"
	"encoding/json"
	"fmt"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// Entry is one event of a goal's life with its body read. The one part that its type has is set.
type Entry struct {
	ledger.Event
	Terms  *indicator.Terms
	Amend  *indicator.Amend
	Figure *indicator.Figure
	Base   *indicator.Base
	Lamp   *indicator.Lamp
	Press  *indicator.Press
	Join   *indicator.Join
	Urge   *indicator.Urge
}

// History returns every event of a goal that the caller may read, in the order they happened.
func (r *Room) History(ctx context.Context, who desk.Caller, id name.ID) ([]Entry, error) {
	if _, err := r.desk.Goal(ctx, who, id); err != nil {
		return nil, err
	}
	events, err := r.store.Events(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(events))
	for i := range events {
		if err := entries[i].read(&events[i]); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// read takes an event and its body.
func (e *Entry) read(ev *ledger.Event) error {
	e.Event = *ev
	var to any
	switch ev.Type {
	case indicator.Published:
		e.Terms = &indicator.Terms{}
		to = e.Terms
	case indicator.Asked, indicator.Changed:
		e.Amend = &indicator.Amend{}
		to = e.Amend
	case indicator.Recorded:
		e.Figure = &indicator.Figure{}
		to = e.Figure
	case indicator.Based:
		e.Base = &indicator.Base{}
		to = e.Base
	case indicator.Lit:
		e.Lamp = &indicator.Lamp{}
		to = e.Lamp
	case indicator.Pressed:
		e.Press = &indicator.Press{}
		to = e.Press
	case indicator.Urged:
		e.Urge = &indicator.Urge{}
		to = e.Urge
	case indicator.Joined:
		e.Join = &indicator.Join{}
		to = e.Join
	default:
		return nil
	}
	if err := json.Unmarshal(ev.Body, to); err != nil {
		return fmt.Errorf("event %d of goal %s: %w", ev.Version, ev.Stream, err)
	}
	return nil
}

// AllAt returns the goals of a year as the log had them at an instant, read on its day: only events up to it
// count. What it returns for a time that has passed never changes, which is what makes an edition of the race frozen.
func (r *Room) AllAt(ctx context.Context, who desk.Caller, year int, at int64) ([]desk.GoalView, error) {
	now, err := r.desk.AllGoals(ctx, who, year)
	if err != nil {
		return nil, err
	}
	then := make([]desk.GoalView, 0, len(now))
	for i := range now {
		v, ok, err := r.At(ctx, &now[i], at)
		if err != nil {
			return nil, err
		}
		if ok {
			then = append(then, v)
		}
	}
	return then, nil
}

// At returns a goal as it stood at an instant, and false if it was not there yet. Where nothing but figures has
// come since it was published, those that came later are left out; otherwise its events are added up anew.
func (r *Room) At(ctx context.Context, v *desk.GoalView, at int64) (desk.GoalView, bool, error) {
	if v.Opened > at {
		return desk.GoalView{}, false, nil
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
		events, err := r.store.Events(ctx, v.ID, 0)
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
	then.Reading = r.desk.ReadOn(&then.Goal, calendar.Instant(at).Date())
	return then, true, nil
}
