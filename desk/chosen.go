package desk

import (
	"fmt"

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
