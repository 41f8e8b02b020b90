package assess

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"bihuan/ground/name"
)

// kept is what playing the matters of some months has gathered, as long as nothing is appended: whoever goes from unit to unit would otherwise have
// every matter of the month played anew for each page.
type kept struct {
	changes atomic.Int64 // batches that were announced
	mu      sync.Mutex   // held by whoever plays, so that nobody else does meanwhile
	months  map[int64]month
}

// month is what was gathered of a month up to an instant, when there had been so many changes.
type month struct {
	until, changes int64
	units          map[name.Unit]*gathered
}

const (
	mostMonths = 12
	// stale is by how many µs what is kept of the running month may be behind the clock, ours: what falls due meanwhile counts so much later.
	stale = 60_000_000
)

// played returns what the matters of a month add up to; it is the caller's.
func (k *kept) played(ctx context.Context, g *gather) (map[name.Unit]*gathered, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	changes := k.changes.Load()
	m, ok := k.months[g.span.from]
	if late := g.span.until - m.until; !ok || m.changes != changes || late < 0 || late >= stale {
		if err := g.matters(ctx); err != nil {
			return nil, err
		}
		if len(k.months) >= mostMonths || k.months == nil {
			k.months = map[int64]month{}
		}
		m = month{g.span.until, changes, g.units}
		k.months[g.span.from] = m
	}
	units := make(map[name.Unit]*gathered, len(m.units))
	for unit, x := range m.units {
		units[unit] = x.clone()
	}
	return units, nil
}

func (x *gathered) clone() *gathered {
	c := *x
	c.record.Done, c.record.Count, c.causes = maps.Clone(x.record.Done), maps.Clone(x.record.Count), slices.Clone(x.causes)
	return &c
}
