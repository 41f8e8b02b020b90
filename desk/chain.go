package desk

import (
	"context"
	"fmt"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/kernel/matter"
)

// Chain does several acts to one matter in one transaction: all of them or none. The first opens the matter if it names a
// kind; the others need name only the act and its form. Files of all steps are kept; the command and the version are the
// first's. It refuses like [Desk.Act], for the first step that is refused.
func (d *Desk) Chain(ctx context.Context, who Caller, steps ...Do) (Done, error) {
	if len(steps) == 0 {
		return Done{}, fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", "")
	}
	first := steps[0]
	for _, s := range steps[1:] {
		first.Files = append(first.Files[:len(first.Files):len(first.Files)], s.Files...)
	}
	return d.run(ctx, first, func(b *Batch) (p *part, err error) {
		for i, s := range steps {
			if p, err = b.step(p, who, s, i == 0); err != nil {
				return nil, err
			}
		}
		return p, nil
	})
}

// step does one act of a chain.
func (b *Batch) step(p *part, who Caller, do Do, first bool) (*part, error) {
	d := b.d
	if first && do.Kind != "" {
		def, ok := d.Packs().Kind(do.Kind)
		if !ok {
			return nil, fmt.Errorf("kind %q: %w", do.Kind, fault.ErrNotFound)
		}
		if err := d.allow(who, access.MatterOpen, access.Object{Type: access.Matter, Unit: who.Unit}); err != nil {
			return nil, err
		}
		p = b.newMatter(def)
		return p, b.act(p, who, do)
	}
	if first {
		var err error
		if p, err = b.matterPart(do.Matter); err != nil {
			return nil, err
		}
		if do.Version != 0 && do.Version != p.matter.Version {
			return nil, fault.Refuse(fault.ErrConflict, "late-version", "")
		}
	}
	act := p.def.Meant(do.Act, do.With)
	if act == nil {
		return nil, fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", do.Act)
	}
	if err := d.allow(who, act.Permission(), d.asking(p.matter)); err != nil {
		return nil, err
	}
	if act.Verb == matter.Register {
		return nil, fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", do.Act)
	}
	return p, b.act(p, who, do)
}
