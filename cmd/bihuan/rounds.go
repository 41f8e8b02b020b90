package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bihuan/ground/fault"
)

// tick runs the scheduler every so often until ctx ends.
func (h *house) tick(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	h.daily(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if _, err := h.watch.Tick(ctx); err != nil && ctx.Err() == nil {
				h.log.Error("scheduler", "error", err)
			}
			h.daily(ctx)
			h.settle(ctx)
			h.keepWatch(ctx)
		}
	}
}

// settle has the log told of accounts that were locked.
func (h *house) settle(ctx context.Context) {
	if err := h.people.Settle(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("locked accounts", "error", err)
	}
}

// daily has the log signed, cosigned and verified, each once a day.
func (h *house) daily(ctx context.Context) {
	if err := h.proof.Daily(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("daily proofs", "error", err)
	}
	if err := h.remind(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("keys that end", "error", err)
	}
}

// retain destroys what has been kept long enough.
func (h *house) retain(ctx context.Context) error {
	k, err := h.persons.Tick(ctx)
	if k.Purged+k.Logs > 0 {
		h.log.Info("retention", "looked", k.Looked, "purged", k.Purged, "log_days", k.Logs)
	}
	return err
}

// rest is how long the scheduler leaves files alone after none of them has waited: it walks along all of their hashes to know.
const rest = 10 * time.Minute

// rescan has the scanner asked again about files that it could not look at. That it is away holds nothing else up.
func (h *house) rescan(ctx context.Context) error {
	if now := h.desk.Now(); now < h.rested {
		return nil
	}
	looked, found, err := h.desk.Rescan(ctx)
	if looked == 0 && err == nil {
		h.rested = h.desk.Now() + rest.Microseconds()
	}
	if looked > 0 {
		h.log.Info("files looked at that had waited", "files", looked, "found", found)
	}
	if errors.Is(err, fault.ErrUnavailable) {
		h.log.Warn("files wait for the scanner", "error", err)
		return nil
	}
	return err
}

// process names this very process on the scheduler's lease: two that are configured alike are not the same.
func process(holder string) string {
	var b [4]byte
	systemChance(b[:])
	return fmt.Sprintf("%s-%x", holder, b)
}
