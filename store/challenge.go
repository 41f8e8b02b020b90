package store

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// PutChallenge keeps a challenge and forgets those that ended before now. It wraps [fault.ErrUnavailable] when too many are open.
func (s *Store) PutChallenge(ctx context.Context, log name.District, c account.Challenge, now int64) error {
	if len(c.Body) > MaxCredential || c.Kind == "" || c.ID == "" || c.Until <= now {
		return fmt.Errorf("challenge %s of %d bytes: %w", c.Kind, len(c.Body), fault.ErrInvalid)
	}
	return s.writer.write(ctx, func(t *txn) error {
		if _, err := t.exec("DELETE FROM challenge WHERE log = $1 AND until <= $2", string(log), now); err != nil {
			return err
		}
		open := int64(0)
		if _, err := one(t.c, "SELECT COUNT(*) FROM challenge WHERE log = $1", []any{string(log)}, func(r cells) { open = r.int(0) }); err != nil {
			return err
		}
		if open >= account.MaxChallenges {
			return fmt.Errorf("%d challenges are open: %w", open, fault.ErrUnavailable)
		}
		_, err := t.exec("INSERT INTO challenge (log, kind, id, owner, body, tries, until) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			string(log), c.Kind, c.ID, string(c.Owner), c.Body, c.Tries, c.Until)
		return err
	})
}

// TakeChallenge returns a challenge and ends it. It wraps [fault.ErrNotFound].
func (s *Store) TakeChallenge(ctx context.Context, log name.District, kind, id string, now int64) (c account.Challenge, err error) {
	err = s.writer.write(ctx, func(t *txn) error {
		if c, err = readChallenge(t, log, kind, id, now); err != nil {
			return err
		}
		return t.endChallenge(log, kind, id)
	})
	return c, err
}

// TryChallenge counts one more try and returns the challenge; the one after the last that most allows ends it. It wraps
// [fault.ErrNotFound].
func (s *Store) TryChallenge(ctx context.Context, log name.District, kind, id string, most, now int64) (c account.Challenge, err error) {
	gone := false
	err = s.writer.write(ctx, func(t *txn) error {
		gone = false
		if c, err = readChallenge(t, log, kind, id, now); err != nil {
			return err
		}
		if c.Tries++; c.Tries > most {
			gone = true
			return t.endChallenge(log, kind, id)
		}
		_, err := t.exec("UPDATE challenge SET tries = $1 WHERE log = $2 AND kind = $3 AND id = $4", c.Tries, string(log), kind, id)
		return err
	})
	if err == nil && gone {
		return account.Challenge{}, fmt.Errorf("challenge %s was tried too often: %w", kind, fault.ErrNotFound)
	}
	return c, err
}

func readChallenge(t *txn, log name.District, kind, id string, now int64) (c account.Challenge, err error) {
	ok, err := one(t.c, "SELECT owner, body, tries, until FROM challenge WHERE log = $1 AND kind = $2 AND id = $3 AND until > $4",
		[]any{string(log), kind, id, now}, func(r cells) {
			c = account.Challenge{Kind: kind, ID: id, Owner: name.ID(r.text(0)), Body: r.bytes(1), Tries: r.int(2), Until: r.int(3)}
		})
	return c, foundOr(ok, err)
}

func (t *txn) endChallenge(log name.District, kind, id string) error {
	_, err := t.exec("DELETE FROM challenge WHERE log = $1 AND kind = $2 AND id = $3", string(log), kind, id)
	return err
}
