package store

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// This file keeps the keys of subjects and destroys them. What they lock it cannot read.

// maxWrapped is the most bytes of a locked key.
const maxWrapped = 400

func checkKeys(b *journal.Batch) error {
	for _, k := range b.Keys {
		if err := checkKey(b.Log, &k); err != nil {
			return err
		}
	}
	for _, s := range b.Erase {
		if s.District() != b.Log {
			return fmt.Errorf("erase %q in log %s: %w", s, b.Log, fault.ErrInvalid)
		}
	}
	return nil
}

func checkKey(log name.District, k *journal.Key) error {
	if k.Subject.District() != log || k.Under == "" || len(k.Wrapped) == 0 || len(k.Wrapped) > maxWrapped {
		return fmt.Errorf("key of %q under %q of %d bytes: %w", k.Subject, k.Under, len(k.Wrapped), fault.ErrInvalid)
	}
	return plain("id of a key", k.Under, 40)
}

// persons destroys what a batch erases and writes its keys and personal values, in this order. A batch without any costs nothing.
func (t *txn) persons(b *journal.Batch) error {
	for _, s := range b.Erase {
		for _, sql := range []string{"DELETE FROM personal WHERE log = $1 AND subject = $2", "DELETE FROM subject_key WHERE log = $1 AND subject = $2"} {
			if _, err := t.exec(sql, string(b.Log), string(s)); err != nil {
				return err
			}
		}
	}
	for _, h := range b.Drop {
		for _, sql := range []string{"DELETE FROM blob WHERE hash = $1", "DELETE FROM scanned WHERE hash = $1"} {
			if _, err := t.exec(sql, h.String()); err != nil {
				return err
			}
		}
	}
	for i := range b.Keys {
		if err := t.newKey(b.Log, &b.Keys[i]); err != nil {
			return err
		}
	}
	return t.personal(b.Log, b.Personal)
}

func (t *txn) newKey(log name.District, k *journal.Key) error {
	n, err := t.exec("INSERT INTO subject_key (log, subject, under, wrapped, made, due) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
		string(log), string(k.Subject), k.Under, k.Wrapped, k.Made, k.Due)
	if err == nil && n == 0 {
		err = fmt.Errorf("%s has a key already: %w", k.Subject, fault.ErrConflict)
	}
	return err
}

const selectKey = "SELECT subject, under, wrapped, made, due FROM subject_key "

func keyOf(r cells) journal.Key {
	return journal.Key{Subject: name.ID(r.text(0)), Under: r.text(1), Wrapped: r.bytes(2), Made: r.int(3), Due: r.int(4)}
}

func (s *Store) keys(ctx context.Context, where string, args ...any) (all []journal.Key, err error) {
	err = s.read(ctx, "keys of subjects", func(c conn) error {
		return c.query(selectKey+where, args, func(r cells) error {
			all = append(all, keyOf(r))
			return nil
		})
	})
	return all, err
}

// KeyOf returns the locked key of a subject. It wraps [fault.ErrNotFound] for a subject that has none, or none any more.
func (s *Store) KeyOf(ctx context.Context, subject name.ID) (k journal.Key, err error) {
	err = s.read(ctx, "key of "+string(subject), func(c conn) error {
		found, err := one(c, selectKey+"WHERE log = $1 AND subject = $2", []any{string(subject.District()), string(subject)}, func(r cells) { k = keyOf(r) })
		return foundOr(found, err)
	})
	return k, err
}

// Keys returns the locked keys of a log behind a subject, in the order of the subjects, at most limit.
func (s *Store) Keys(ctx context.Context, log name.District, after name.ID, limit int) ([]journal.Key, error) {
	return s.keys(ctx, "WHERE log = $1 AND subject > $2 ORDER BY subject LIMIT $3", string(log), string(after), min(limit, MaxPage))
}

// KeysDue returns the keys at whose subjects retention has to look by now, at most limit, those that are due longest first.
func (s *Store) KeysDue(ctx context.Context, log name.District, now int64, limit int) ([]journal.Key, error) {
	return s.keys(ctx, "WHERE log = $1 AND due <= $2 ORDER BY due, subject LIMIT $3", string(log), now, min(limit, MaxPage))
}

// SetDue says when retention looks at subjects again; one without a key is left out. No subjects mean all of the log.
func (s *Store) SetDue(ctx context.Context, log name.District, due int64, subjects ...name.ID) error {
	return s.writer.write(ctx, func(t *txn) error {
		if len(subjects) == 0 {
			_, err := t.exec("UPDATE subject_key SET due = $1 WHERE log = $2 AND due <> $1", due, string(log))
			return err
		}
		for _, subject := range subjects {
			if _, err := t.exec("UPDATE subject_key SET due = $1 WHERE log = $2 AND subject = $3", due, string(log), string(subject)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Rewrap locks keys anew in one transaction and returns how many were: one that was destroyed or changed meanwhile is left.
func (s *Store) Rewrap(ctx context.Context, log name.District, all []journal.Rewrap) (done int, err error) {
	for i := range all {
		if err := checkKey(log, &all[i].Key); err != nil {
			return 0, err
		}
	}
	var n int // apart from the result, which is read even when the write goes on behind an ended ctx
	err = s.writer.write(ctx, func(t *txn) error {
		n = 0
		for i := range all {
			k := &all[i].Key
			changed, err := t.exec("UPDATE subject_key SET under = $1, wrapped = $2 WHERE log = $3 AND subject = $4 AND wrapped = $5",
				k.Under, k.Wrapped, string(log), string(k.Subject), all[i].Was)
			if err != nil {
				return err
			}
			n += int(changed)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// Reindex gives personal values other blind indexes in one transaction and returns how many got theirs: one that was erased or changed meanwhile is
// left. It wraps [fault.ErrInvalid] for an index that is no plain short text.
func (s *Store) Reindex(ctx context.Context, log name.District, all []journal.Reindex) (done int, err error) {
	for i := range all {
		if err := plain("blind index", all[i].Blind, maxValue); err != nil {
			return 0, err
		}
	}
	var n int // apart from the result, which is read even when the write goes on behind an ended ctx
	err = s.writer.write(ctx, func(t *txn) error {
		n = 0
		for _, x := range all {
			changed, err := t.exec("UPDATE personal SET blind = $1 WHERE log = $2 AND subject = $3 AND field = $4 AND blind = $5",
				x.Blind, string(log), string(x.Subject), x.Field, x.Was)
			if err != nil {
				return err
			}
			n += int(changed)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// PutKeys puts locked keys back, for a database that came from a copy; a subject that has one keeps it.
func (s *Store) PutKeys(ctx context.Context, log name.District, keys []journal.Key) error {
	for i := range keys {
		if err := checkKey(log, &keys[i]); err != nil {
			return err
		}
	}
	return s.writer.write(ctx, func(t *txn) error {
		for i := range keys {
			k := &keys[i]
			if _, err := t.exec(`INSERT INTO subject_key (log, subject, under, wrapped, made, due)
				SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM personal WHERE log = $1 AND subject = $2) ON CONFLICT DO NOTHING`,
				string(log), string(k.Subject), k.Under, k.Wrapped, k.Made, k.Due); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unsealed returns personal values that are not sealed behind one, in the order of subject and field, at most limit.
func (s *Store) Unsealed(ctx context.Context, log name.District, after journal.Personal, limit int) (all []journal.Personal, err error) {
	err = s.read(ctx, "values that are not sealed", func(c conn) error {
		return c.query("SELECT subject, field, salt, value, blind FROM personal WHERE log = $1 AND suite = 'plain' AND (subject > $2 OR subject = $2 AND field > $3) ORDER BY subject, field LIMIT $4",
			[]any{string(log), string(after.Subject), after.Field, min(limit, MaxPage)}, func(r cells) error {
				p := journal.Personal{Subject: name.ID(r.text(0)), Field: r.text(1), Suite: "plain", Value: r.text(3), Blind: r.text(4)}
				r.copy(2, p.Salt[:])
				all = append(all, p)
				return nil
			})
	})
	return all, err
}

// Seal puts sealed values in the place of plain ones, with the keys that are new, in one transaction; a value that is no longer
// plain is left. It wraps [fault.ErrConflict] if a subject has got a key meanwhile.
func (s *Store) Seal(ctx context.Context, log name.District, keys []journal.Key, values []journal.Personal) error {
	if err := checkKeys(&journal.Batch{Log: log, Keys: keys}); err != nil {
		return err
	}
	return s.writer.write(ctx, func(t *txn) error {
		for i := range keys {
			if err := t.newKey(log, &keys[i]); err != nil {
				return err
			}
		}
		for _, p := range values {
			if _, err := t.exec("UPDATE personal SET suite = $1, salt = $2, value = $3 WHERE log = $4 AND subject = $5 AND field = $6 AND suite = 'plain'",
				p.Suite, p.Salt[:], p.Value, string(log), string(p.Subject), p.Field); err != nil {
				return err
			}
		}
		return nil
	})
}

// Scrub writes the log file of the database over, so that nothing which was destroyed stands in it: it carries everything over
// and cuts the file off. It waits for readers, at most as long as one may wait for a lock. With whole it also makes the database anew without
// the room that deleted rows left; that takes as long as a copy, and nothing is written meanwhile.
func (s *Store) Scrub(ctx context.Context, whole bool) error {
	done := make(chan error, 1)
	if err := s.writer.alone(ctx, func(c conn) error {
		if whole {
			if _, err := c.exec("VACUUM"); err != nil {
				return err
			}
		}
		busy := false
		_, err := one(c, "PRAGMA wal_checkpoint(TRUNCATE)", nil, func(r cells) { busy = r.bool(0) })
		if err == nil && busy {
			err = fmt.Errorf("somebody reads: %w", fault.ErrUnavailable)
		}
		return err
	}, done); err != nil {
		return err
	}
	select {
	case err := <-done:
		return wrap(ctx, "scrub", err)
	case <-ctx.Done():
		return wrap(ctx, "scrub", ctx.Err())
	}
}

// alone has the writer do something between transactions. A failure of the file stops it for good.
func (w *writer) alone(ctx context.Context, do func(conn) error, done chan<- error) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return fmt.Errorf("%w: %w", fault.ErrUnavailable, errClosed)
	}
	select {
	case w.errands <- func() {
		w.checkpoints.mu.Lock()
		defer w.checkpoints.mu.Unlock()
		err := do(w.c)
		if damageOf(err) == fatal {
			err = w.stopFor(err)
		}
		done <- err
	}:
		return nil
	case <-ctx.Done():
		return wrap(ctx, "wait for the writer", ctx.Err())
	}
}

// withoutKeys takes the keys out of a copy of the database, which nobody else has open.
func withoutKeys(path string) error {
	c, err := openSQLite(path, sqlite.OpenReadWrite)
	if err != nil {
		return err
	}
	defer c.close()
	for _, sql := range []string{"PRAGMA journal_mode = MEMORY", "PRAGMA secure_delete = ON", "PRAGMA synchronous = FULL", "DELETE FROM subject_key"} {
		if _, err := c.exec(sql); err != nil {
			return err
		}
	}
	return nil
}
