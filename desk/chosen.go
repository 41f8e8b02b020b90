package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"bihuan/ground/ledger"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// chosen reads the records that an act's clocks take their limits from, as they are in force now. One that is not in force
// is left out; the clock then has the length of its kind.
func (b *Batch) chosen(p *part, act string, with map[string]string) (map[string]matter.Chosen, error) {
	a := p.def.Meant(act, with)
	if a == nil {
		return nil, nil
	}
	var found map[string]matter.Chosen
	for _, ask := range matter.AsksFor(p.def, p.matter, a, with) {
		c, ok, err := b.d.inForce(b.ctx, ask.Register, ask.Key, b.at)
		if err != nil {
			return nil, fmt.Errorf("record %s of %s: %w", ask.Key, ask.Register, err)
		}
		if ok {
			if found == nil {
				found = map[string]matter.Chosen{}
			}
			found[ask.Field] = c
		}
	}
	return found, nil
}

// inForce returns the record of a register under its natural key that is valid at an instant.
func (d *Desk) inForce(ctx context.Context, register, key string, at int64) (c matter.Chosen, ok bool, err error) {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: at, Scope: journal.Scope{All: true}, Noun: ledger.Record,
		Kinds: []string{register}, Facets: []journal.Facet{{Name: "key", Text: key}}, Order: journal.ByOpened, Limit: 100})
	if err != nil {
		return c, false, err
	}
	for _, r := range page.Rows {
		if r.Opened > at || r.Closed != 0 && r.Closed <= at {
			continue
		}
		c = matter.Chosen{Record: r.Stream, Version: r.Version, Key: key}
		return c, true, json.Unmarshal(r.Body, &c.Fields)
	}
	return c, false, nil
}
