package desk

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
)

// load returns the state of a stream: from the cache, or by adding up its events.
// It wraps fault.ErrNotFound for a stream without events.
func load[T any](ctx context.Context, d *Desk, c *cache[T], id name.ID, apply func(T, *ledger.Event) (T, error)) (T, error) {
	if state, _, ok := c.get(id); ok {
		return state, nil
	}
	var state T
	events, err := d.store.Events(ctx, id, 0)
	if err != nil {
		return state, fmt.Errorf("read stream %s: %w", id, err)
	}
	if len(events) == 0 {
		return state, fmt.Errorf("stream %s: %w", id, fault.ErrNotFound)
	}
	for i := range events {
		if state, err = apply(state, &events[i]); err != nil {
			return state, err
		}
	}
	c.put(id, events[len(events)-1].Version, state)
	return state, nil
}

func (d *Desk) loadMatter(ctx context.Context, id name.ID) (matter.Matter, error) {
	return load(ctx, d, d.matters, id, matter.Apply)
}

func (d *Desk) loadGoal(ctx context.Context, id name.ID) (indicator.Goal, error) {
	return load(ctx, d, d.goals, id, indicator.Apply)
}

func (d *Desk) loadRecord(ctx context.Context, id name.ID) (register.Record, error) {
	return load(ctx, d, d.records, id, register.Apply)
}

// kindOf returns the kind that a matter was opened under: invariant 9.
func (d *Desk) kindOf(m *matter.Matter) (*matter.Kind, error) {
	if k, ok := d.Packs().KindAt(m.Kind, m.Pack); ok {
		return k, nil
	}
	return nil, fmt.Errorf("kind %s of matter %s at version %.12s is not installed", m.Kind, m.ID, m.Pack)
}
