package desk

import (
	"context"

	"bihuan/kernel/journal"
)

// Filed returns where a command came to stand in the log, and whether it was carried out at all.
func (d *Desk) Filed(ctx context.Context, command string) (journal.Receipt, bool, error) {
	return d.store.Receipt(ctx, d.world.District, command)
}
