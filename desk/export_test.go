package desk

import (
	"context"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// RowOf is what lists know of a matter.
func RowOf(k *matter.Kind, m *matter.Matter) (*journal.Row, error) { return matterRow(k, m) }

// MayRead is the decision about a matter itself.
func (d *Desk) MayRead(c Caller, m *matter.Matter) bool {
	return d.allow(c, access.MatterRead, d.object(m)) == nil
}

// Hasty makes a replay ask the rows after a few streams, and returns how many it holds.
func (r *Replay) Hasty(unasked int) (held func() int) {
	r.unasked = unasked
	return func() int { return len(r.streams) }
}

// SubjectsOf are the subjects that are found by the blind index of a value.
func (d *Desk) SubjectsOf(ctx context.Context, field, value string, limit int) ([]name.ID, error) {
	return d.subjectsOf(ctx, field, value, limit)
}

// Masked returns the personal values of a matter as its page shows them.
func (d *Desk) Masked(ctx context.Context, who Caller, id name.ID) ([]MaskedValue, error) {
	v, err := d.Matter(ctx, who, id)
	if err != nil {
		return nil, err
	}
	return d.MaskedOf(ctx, &v.Matter)
}

// Remembered are the matters of which the state is kept, used last first.
func (d *Desk) Remembered() (ids []name.ID) {
	for e := d.matters.used.Front(); e != nil; e = e.Next() {
		ids = append(ids, e.Value.(*cached[matter.Matter]).id)
	}
	return ids
}

// StepsOf says of a state of a kind how many of the questions for what waits in the roles ask for it.
func (d *Desk) StepsOf(roles []name.Role, kind, state string) (asked int) {
	for _, s := range d.stepsOf(roles) {
		if slices.Contains(s.kinds, kind) && slices.Contains(s.states, state) {
			asked++
		}
	}
	return asked
}
