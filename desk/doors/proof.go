package doors

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
)

// Record returns the place in the log, from 1, of what a receipt stands for: the report as it was filed, or that somebody follows
// another's. It wraps [fault.ErrNotFound] for an unknown receipt.
func (r *Room) Record(ctx context.Context, typed string) (seq int64, err error) {
	receipt, err := ReadReceipt(typed)
	if err != nil {
		return 0, err
	}
	at, found, err := r.desk.Filed(ctx, command(receipt))
	if err == nil && !found {
		err = fmt.Errorf("receipt: %w", fault.ErrNotFound)
	}
	return at.FirstSeq, err
}
