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
	state, version, err := replayed(ctx, d, id, apply)
	if err == nil {
		c.put(id, version, state)
	}
	return state, err
}

// glance returns the state of a stream after at least so many events for who walks past many: what the cache holds is used, but the walk
// neither fills it nor counts as use, so that it stays with those that people work on.
func glance[T any](ctx context.Context, d *Desk, c *cache[T], id name.ID, version int64, apply func(T, *ledger.Event) (T, error)) (T, error) {
	if state, v, ok := c.peek(id); ok && v >= version {
		return state, nil
	}
	state, _, err := replayed(ctx, d, id, apply)
	return state, err
}

// replayed adds up all events of a stream, and says how many they are.
func replayed[T any](ctx context.Context, d *Desk, id name.ID, apply func(T, *ledger.Event) (T, error)) (state T, version int64, err error) {
	events, err := d.store.Events(ctx, id, 0)
	if err != nil {
		return state, 0, fmt.Errorf("read stream %s: %w", id, err)
	}
	if len(events) == 0 {
		return state, 0, fmt.Errorf("stream %s: %w", id, fault.ErrNotFound)
	}
	for i := range events {
		if state, err = apply(state, &events[i]); err != nil {
			return state, 0, err
		}
	}
	return state, events[len(events)-1].Version, nil
}

func (d *Desk) loadMatter(ctx context.Context, id name.ID) (matter.Matter, error) {
	return load(ctx, d, d.matters, id, matter.Apply)
}

func (d *Desk) glanceMatter(ctx context.Context, id name.ID, version int64) (matter.Matter, error) {
	return glance(ctx, d, d.matters, id, version, matter.Apply)
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
