package doors

import (
	"context"
	"fmt"

	"bihuan/desk"
	"bihuan/ground/fault"
)

// Record returns the place in the log, from 1, of what a receipt stands for: the report as it was filed, or that somebody follows
// another's. It refuses what [Room.Follow] refuses.
func (r *Room) Record(ctx context.Context, who desk.Caller, typed string) (seq int64, err error) {
	if _, err := r.Follow(ctx, who, typed); err != nil {
		return 0, err
	}
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
