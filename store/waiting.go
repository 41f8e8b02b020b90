package store

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// PutWaiting keeps files under a key, instead of those that it kept there before, as of an instant (µs). None takes away what is
// there. Files of other keys go, the oldest first, until all of the log together have at most so many bytes. It wraps
// [fault.ErrInvalid] for files that are more than that.
func (s *Store) PutWaiting(ctx context.Context, log name.District, key string, files []journal.File, at, most int64) error {
	size := int64(0)
	for _, f := range files {
		size += int64(len(f.Bytes))
	}
	if key == "" || size > most {
		return fmt.Errorf("%d bytes wait under a key, %d are allowed: %w", size, most, fault.ErrInvalid)
	}
	return s.writer.write(ctx, func(t *txn) error {
		if _, err := t.exec("DELETE FROM waiting WHERE log = $1 AND key = $2", string(log), key); err != nil {
			return err
		}
		if err := t.makeRoom(log, most-size); err != nil {
			return err
		}
		for i, f := range files {
			if _, err := t.exec("INSERT INTO waiting (log, key, nr, at, hash, name, media, size, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
				string(log), key, int64(i), at, f.Hash.String(), f.Name, f.Media, int64(len(f.Bytes)), f.Bytes); err != nil {
				return err
			}
		}
		return nil
	})
}

// makeRoom drops what waits longest until the rest has at most so many bytes.
func (t *txn) makeRoom(log name.District, most int64) error {
	var old []string
	sum := int64(0)
	if err := t.c.query("SELECT key, sum(size) FROM waiting WHERE log = $1 GROUP BY key ORDER BY max(at) DESC", []any{string(log)}, func(r cells) error {
		if sum += r.int(1); sum > most {
			old = append(old, r.text(0))
		}
		return nil
	}); err != nil {
		return err
	}
	for _, key := range old {
		if _, err := t.exec("DELETE FROM waiting WHERE log = $1 AND key = $2", string(log), key); err != nil {
			return err
		}
	}
	return nil
}

// Waiting returns the files that wait under a key and were put there after an instant (µs), in their order.
func (s *Store) Waiting(ctx context.Context, log name.District, key string, after int64) (files []journal.File, err error) {
	err = s.read(ctx, "files that wait", func(c conn) error {
		files = nil
		return c.query("SELECT hash, name, media, bytes FROM waiting WHERE log = $1 AND key = $2 AND at > $3 ORDER BY nr", []any{string(log), key, after}, func(r cells) error {
			hash, err := ledger.ParseHash(r.text(0))
			files = append(files, journal.File{Hash: hash, Name: r.text(1), Media: r.text(2), Bytes: r.bytes(3)})
			return err
		})
	})
	return files, err
}

// DropWaiting drops the files that were put there up to an instant (µs), and returns how many.
func (s *Store) DropWaiting(ctx context.Context, log name.District, until int64) (n int64, err error) {
	some := false
	if err := s.read(ctx, "files that wait", func(c conn) (err error) { // most of the time there are none: nothing is written
		some, err = one(c, "SELECT 1 FROM waiting WHERE log = $1 AND at <= $2 LIMIT 1", []any{string(log), until}, func(cells) {})
		return err
	}); err != nil || !some {
		return 0, err
	}
	err = s.writer.write(ctx, func(t *txn) error {
		n, err = t.exec("DELETE FROM waiting WHERE log = $1 AND at <= $2", string(log), until)
		return err
	})
	return n, err
}
