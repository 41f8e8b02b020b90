package desk

import (
	"bihuan/ground/access"
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
