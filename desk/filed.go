package desk

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Filed returns where a command came to stand in the log, and whether it was carried out at all.
func (d *Desk) Filed(ctx context.Context, command string) (journal.Receipt, bool, error) {
	return d.store.Receipt(ctx, d.world.District, command)
}

// FiledBy returns the place in the log of the record by which the caller opened a matter. It wraps [fault.ErrNotFound] for one that
// somebody else opened: what they filed is theirs to prove.
func (d *Desk) FiledBy(ctx context.Context, who Caller, id name.ID) (int64, error) {
	if _, err := d.Matter(ctx, who, id); err != nil {
		return 0, err
	}
	events, err := d.store.Events(ctx, id, 0)
	if err != nil {
		return 0, err
	}
	if who.IsNobody() || len(events) == 0 || events[0].Actor.Person != who.Person {
		return 0, fmt.Errorf("matter %s was opened by somebody else: %w", id, fault.ErrNotFound)
	}
	return events[0].Seq, nil
}
