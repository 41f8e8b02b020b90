package desk

import (
	"context"
	"fmt"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// FindingKind is the kind of matter by which the auditor says what the record shows. Opening and closing it is all that the auditor
// changes, so it has an action of its own; the unit answers as with any matter.
const FindingKind = "audit/finding"

// OpenFinding opens a finding.
func (d *Desk) OpenFinding(ctx context.Context, who Caller, do Do) (Done, error) {
	if err := d.allow(who, access.FindingKeep, access.Object{Type: access.Log}); err != nil {
		return Done{}, err
	}
	def, ok := d.Packs().Kind(FindingKind)
	if !ok {
		return Done{}, fmt.Errorf("kind %q: %w", FindingKind, fault.ErrNotFound)
	}
	do.Act = "open"
	return d.run(ctx, do, func(b *Batch) (*part, error) {
		p := b.newMatter(def)
		return p, b.act(p, who, do)
	})
}

// SettleFinding closes a finding or sends it back. It wraps [fault.ErrNotFound] for a matter that is none.
func (d *Desk) SettleFinding(ctx context.Context, who Caller, do Do) (Done, error) {
	if err := d.allow(who, access.FindingKeep, access.Object{Type: access.Log}); err != nil {
		return Done{}, err
	}
	return d.run(ctx, do, func(b *Batch) (*part, error) {
		p, err := b.matterPart(do.Matter)
		if err != nil {
			return nil, err
		}
		if p.matter.Kind != FindingKind {
			return nil, fmt.Errorf("finding %s: %w", do.Matter, fault.ErrNotFound)
		}
		return p, b.act(p, who, do)
	})
}

// Finding returns a finding to whoever keeps findings.
func (d *Desk) Finding(ctx context.Context, who Caller, id name.ID) (matter.Matter, error) {
	if err := d.allow(who, access.FindingKeep, access.Object{Type: access.Log}); err != nil {
		return matter.Matter{}, err
	}
	m, err := d.loadMatter(ctx, id)
	if err == nil && m.Kind != FindingKind {
		return matter.Matter{}, fmt.Errorf("finding %s: %w", id, fault.ErrNotFound)
	}
	return m, err
}
