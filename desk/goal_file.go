package desk

import (
	"context"
	"fmt"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// GoalFile returns an upload that came with a figure of a goal, if the caller may read the evidence of the unit that leads it.
func (d *Desk) GoalFile(ctx context.Context, who Caller, id name.ID, hash ledger.Hash) (journal.File, error) {
	v, err := d.Goal(ctx, who, id)
	if err != nil {
		return journal.File{}, err
	}
	if !d.MayReadEvidence(who, &v.Goal) || !slices.ContainsFunc(v.Figures, func(f indicator.Figure) bool { return slices.Contains(f.Evidence, hash.String()) }) {
		return journal.File{}, fmt.Errorf("file %s of goal %s: %w", hash, id, fault.ErrNotFound)
	}
	return d.store.File(ctx, hash)
}

// MayReadEvidence reports whether the caller may read what was handed in with a goal's figures. Who confirms a figure sees what
// it rests on.
func (d *Desk) MayReadEvidence(who Caller, g *indicator.Goal) bool {
	o := d.goalObject(g)
	if d.allow(who, access.GoalConfirmFigure, o) == nil {
		return true
	}
	o.Type, o.Public, o.Class = access.Evidence, false, access.Internal
	return d.allow(who, access.EvidenceRead, o) == nil
}
