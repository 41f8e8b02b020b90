package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// GoalEntry is one event of a goal's life with its body read. The one part that its type has is set.
type GoalEntry struct {
	ledger.Event
	Terms  *indicator.Terms
	Amend  *indicator.Amend
	Figure *indicator.Figure
	Base   *indicator.Base
	Lamp   *indicator.Lamp
	Press  *indicator.Press
	Join   *indicator.Join
}

// GoalHistory returns every event of a goal that the caller may read, in the order they happened.
func (d *Desk) GoalHistory(ctx context.Context, who Caller, id name.ID) ([]GoalEntry, error) {
	if _, err := d.Goal(ctx, who, id); err != nil {
		return nil, err
	}
	events, err := d.store.Events(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	entries := make([]GoalEntry, len(events))
	for i := range events {
		if err := entries[i].read(&events[i]); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// read takes an event and its body.
func (e *GoalEntry) read(ev *ledger.Event) error {
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
