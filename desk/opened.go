package desk

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/seal"
	"bihuan/kernel/journal"
)

// OpenForProof opens a stored personal value so that verifying can compare it with the commitments of the log; nobody is shown it.
// It wraps [fault.ErrNotFound] for one whose key was destroyed.
func (d *Desk) OpenForProof(ctx context.Context, p journal.Personal) (journal.Personal, error) {
	if p.Suite == seal.Plain {
		return p, nil
	}
	if d.vault.holder == nil {
		return p, fmt.Errorf("no keys are at hand: %w", fault.ErrNotFound)
	}
	d.vault.mu.RLock()
	defer d.vault.mu.RUnlock()
	key, err := d.keyFor(ctx, p.Subject, false)
	if err != nil {
		return p, err
	}
	return d.openValue(key, p)
}
