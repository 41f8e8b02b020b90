package store

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// This file keeps how far each subscription to events has come.

// HookAt returns how far a subscription is; the zero value if it has not begun.
func (s *Store) HookAt(ctx context.Context, log name.District, hook name.ID) (at notice.HookAt, err error) {
	err = s.read(ctx, "subscription "+string(hook), func(c conn) error {
		_, err := one(c, "SELECT seq, fails, until, off FROM hook WHERE log = $1 AND hook = $2", []any{string(log), string(hook)}, func(r cells) {
			at = notice.HookAt{Seq: r.int(0), Fails: int(r.int(1)), Until: r.int(2), Off: r.text(3)}
		})
		return err
	})
	return at, err
}

// PutHook writes how far a subscription is and what became of deliveries, all at once. Deliveries of earlier events than the
// last [MaxKept] that went well are dropped.
func (s *Store) PutHook(ctx context.Context, log name.District, hook name.ID, at notice.HookAt, all []notice.Delivery) error {
	return s.writer.write(ctx, func(t *txn) error {
		if _, err := t.exec(`INSERT INTO hook (log, hook, seq, fails, until, off) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (log, hook) DO UPDATE SET seq = excluded.seq, fails = excluded.fails, until = excluded.until, off = excluded.off`,
			string(log), string(hook), at.Seq, at.Fails, at.Until, at.Off); err != nil {
			return err
		}
		for _, d := range all {
			if d.Hook != hook {
				return fmt.Errorf("delivery of %s: %w", d.Hook, fault.ErrInvalid)
			}
			if _, err := t.exec(`INSERT INTO delivery (log, hook, seq, stream, state, tries, due, status, why, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
				ON CONFLICT (log, hook, seq) DO UPDATE SET state = excluded.state, tries = excluded.tries, due = excluded.due, status = excluded.status, why = excluded.why, at = excluded.at`,
				string(log), string(hook), d.Seq, string(d.Stream), string(d.State), d.Tries, d.Due, d.Status, d.Why, d.At); err != nil {
				return err
			}
		}
		_, err := t.exec("DELETE FROM delivery WHERE log = $1 AND hook = $2 AND state = $3 AND seq <= $4", string(log), string(hook), string(notice.Sent), at.Seq-MaxKept)
		return err
	})
}

// MaxKept is how many events back deliveries that went well are remembered.
const MaxKept = 2000

// Deliveries returns deliveries of a subscription in the order of the log: those in one of the states, all without states, behind
// after, at most limit.
func (s *Store) Deliveries(ctx context.Context, log name.District, hook name.ID, states []notice.State, after int64, limit int) (out []notice.Delivery, err error) {
	return s.deliveries(ctx, "seq > $3 ORDER BY seq", log, hook, states, after, limit)
}

// Lately returns the deliveries of a subscription that were tried last, the latest event first.
func (s *Store) Lately(ctx context.Context, log name.District, hook name.ID, states []notice.State, limit int) (out []notice.Delivery, err error) {
	return s.deliveries(ctx, "seq > $3 ORDER BY seq DESC", log, hook, states, 0, limit)
}

func (s *Store) deliveries(ctx context.Context, behind string, log name.District, hook name.ID, states []notice.State, after int64, limit int) (out []notice.Delivery, err error) {
	sql, args := "SELECT seq, stream, state, tries, due, status, why, at FROM delivery WHERE log = $1 AND hook = $2 AND ", []any{string(log), string(hook), after, int64(min(max(limit, 1), MaxKept))}
	for i, st := range states {
		args = append(args, string(st))
		switch {
		case i == 0:
			sql += "state IN ("
		default:
			sql += ", "
		}
		sql += fmt.Sprintf("$%d", len(args))
		if i == len(states)-1 {
			sql += ") AND "
		}
	}
	err = s.read(ctx, "deliveries", func(c conn) error {
		return c.query(sql+behind+" LIMIT $4", args, func(r cells) error {
			out = append(out, notice.Delivery{Hook: hook, Seq: r.int(0), Stream: name.ID(r.text(1)), State: notice.State(r.text(2)), Tries: int(r.int(3)), Due: r.int(4), Status: int(r.int(5)), Why: r.text(6), At: r.int(7)})
			return nil
		})
	})
	return out, err
}

// Rewind has a subscription begin again behind seq: what was delivered after it is delivered once more, what was given up too.
func (s *Store) Rewind(ctx context.Context, log name.District, hook name.ID, seq int64) error {
	return s.writer.write(ctx, func(t *txn) error {
		if _, err := t.exec("DELETE FROM delivery WHERE log = $1 AND hook = $2 AND seq > $3", string(log), string(hook), seq); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO hook (log, hook, seq, fails, until, off) VALUES ($1, $2, $3, 0, 0, '')
			ON CONFLICT (log, hook) DO UPDATE SET seq = CASE WHEN hook.seq < excluded.seq THEN hook.seq ELSE excluded.seq END, fails = 0, until = 0, off = ''`, string(log), string(hook), seq)
		return err
	})
}

// DeliverAgain has one delivery wait anew, from now. It wraps [fault.ErrNotFound].
func (s *Store) DeliverAgain(ctx context.Context, log name.District, hook name.ID, seq, now int64) error {
	return s.writer.write(ctx, func(t *txn) error {
		n, err := t.exec("UPDATE delivery SET state = $1, tries = 0, due = $2 WHERE log = $3 AND hook = $4 AND seq = $5", string(notice.Waiting), now, string(log), string(hook), seq)
		if err == nil && n == 0 {
			err = fmt.Errorf("delivery %d of %s: %w", seq, hook, fault.ErrNotFound)
		}
		return err
	})
}
