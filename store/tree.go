package store

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Limits of the tree.
const (
	MaxLeafHashes = 10_000 // of one answer of [Store.LeafHashes]
	maxTiles      = 1000   // written at once
	maxTile       = 256 * 32
	maxNote       = 64 << 10
)

// LeafHashes returns the leaves of a log's entries behind the given place, in order, at most limit and [MaxLeafHashes].
func (s *Store) LeafHashes(ctx context.Context, log name.District, after int64, limit int) (out []ledger.Hash, err error) {
	if limit <= 0 || limit > MaxLeafHashes {
		limit = MaxLeafHashes
	}
	err = s.read(ctx, "leaves of "+string(log), func(c conn) error {
		return c.query("SELECT leaf FROM event WHERE "+ofLog+" LIMIT $3", []any{string(log), after, limit}, func(r cells) error {
			var h ledger.Hash
			r.copy(0, h[:])
			out = append(out, h)
			return nil
		})
	})
	return out, err
}

// Tree returns how many leaves the tree of a log has and by which algorithm, 0 and "" if it was not begun.
func (s *Store) Tree(ctx context.Context, log name.District) (algorithm string, size int64, err error) {
	err = s.read(ctx, "tree of "+string(log), func(c conn) error {
		_, err := one(c, "SELECT algorithm, size FROM tree WHERE log = $1", []any{string(log)}, func(r cells) { algorithm, size = r.text(0), r.int(1) })
		return err
	})
	return algorithm, size, err
}

// PutTiles takes the tree of a log from one size to a greater one and writes the tiles that changed. It wraps
// [fault.ErrConflict] if the tree does not have the size from, or another algorithm: somebody else has done the work.
func (s *Store) PutTiles(ctx context.Context, log name.District, algorithm string, from, size int64, tiles []journal.Tile) error {
	if size <= from || from < 0 || len(tiles) > maxTiles {
		return fmt.Errorf("tree of %s from %d to %d leaves with %d tiles: %w", log, from, size, len(tiles), fault.ErrInvalid)
	}
	return s.writer.write(ctx, func(t *txn) error {
		n, err := int64(0), error(nil)
		if from == 0 {
			n, err = t.exec("INSERT INTO tree (log, algorithm, size) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", string(log), algorithm, size)
		} else {
			n, err = t.exec("UPDATE tree SET size = $1 WHERE log = $2 AND algorithm = $3 AND size = $4", size, string(log), algorithm, from)
		}
		if err == nil && n != 1 {
			err = fmt.Errorf("the tree of %s does not have %d leaves: %w", log, from, fault.ErrConflict)
		}
		if err != nil {
			return err
		}
		for _, tile := range tiles {
			if len(tile.Hashes) == 0 || len(tile.Hashes) > maxTile || len(tile.Hashes)%32 != 0 {
				return fmt.Errorf("tile of %d bytes: %w", len(tile.Hashes), fault.ErrInvalid)
			}
			if _, err := t.exec(`INSERT INTO tile (log, level, place, hashes) VALUES ($1, $2, $3, $4)
				ON CONFLICT (log, level, place) DO UPDATE SET hashes = excluded.hashes`, string(log), tile.Level, tile.Place, tile.Hashes); err != nil {
				return err
			}
		}
		return nil
	})
}

// Tile returns the hashes of a tile as far as it goes. It wraps [fault.ErrNotFound].
func (s *Store) Tile(ctx context.Context, log name.District, level int, place int64) (hashes []byte, err error) {
	err = s.read(ctx, "tile of "+string(log), func(c conn) error {
		found, err := one(c, "SELECT hashes FROM tile WHERE log = $1 AND level = $2 AND place = $3", []any{string(log), level, place},
			func(r cells) { hashes = r.bytes(0) })
		return foundOr(found, err)
	})
	return hashes, err
}

// DropTree forgets the tree of a log, which can be computed anew from the log.
func (s *Store) DropTree(ctx context.Context, log name.District) error {
	return s.writer.write(ctx, func(t *txn) error {
		for _, sql := range []string{"DELETE FROM tile WHERE log = $1", "DELETE FROM tree WHERE log = $1"} {
			if _, err := t.exec(sql, string(log)); err != nil {
				return err
			}
		}
		return nil
	})
}

// PutCheckpoint remembers a checkpoint. One of the same size is replaced, and stays kept if it was.
func (s *Store) PutCheckpoint(ctx context.Context, c journal.Checkpoint) error {
	if c.Size < 0 || len(c.Note) > maxNote {
		return fmt.Errorf("checkpoint of %d records and %d bytes: %w", c.Size, len(c.Note), fault.ErrInvalid)
	}
	return s.writer.write(ctx, func(t *txn) error {
		_, err := t.exec(`INSERT INTO checkpoint (log, size, at, kept, note) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (log, size) DO UPDATE SET at = excluded.at, note = excluded.note,
			kept = CASE WHEN excluded.kept > checkpoint.kept THEN excluded.kept ELSE checkpoint.kept END`,
			string(c.Log), c.Size, c.At, num(c.Kept), c.Note)
		return err
	})
}

// Checkpoints returns the checkpoints of a log with fewer records than below, the largest first, at most limit; below 0
// means all sizes.
func (s *Store) Checkpoints(ctx context.Context, log name.District, below int64, limit int) (out []journal.Checkpoint, err error) {
	if below < 0 {
		below = never
	}
	err = s.read(ctx, "checkpoints of "+string(log), func(c conn) error {
		return c.query("SELECT size, at, kept, note FROM checkpoint WHERE log = $1 AND size < $2 ORDER BY size DESC LIMIT $3",
			[]any{string(log), below, min(limit, MaxPage)}, func(r cells) error {
				out = append(out, journal.Checkpoint{Log: log, Size: r.int(0), At: r.int(1), Kept: r.bool(2), Note: r.text(3)})
				return nil
			})
	})
	return out, err
}

// DropCheckpoints drops what was signed before an instant (µs) and is not kept, the largest checkpoint excepted.
func (s *Store) DropCheckpoints(ctx context.Context, log name.District, before int64) error {
	return s.writer.write(ctx, func(t *txn) error {
		_, err := t.exec(`DELETE FROM checkpoint WHERE log = $1 AND kept = 0 AND at < $2
			AND size < (SELECT MAX(size) FROM checkpoint WHERE log = $1)`, string(log), before)
		return err
	})
}

// PutExamination remembers what verifying found.
func (s *Store) PutExamination(ctx context.Context, x journal.Examination) error {
	return s.writer.write(ctx, func(t *txn) error {
		_, err := t.exec(`INSERT INTO examination (log, at, events, head, bad, reason, took) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (log, at) DO UPDATE SET events = excluded.events, head = excluded.head, bad = excluded.bad, reason = excluded.reason, took = excluded.took`,
			string(x.Log), x.At, x.Events, x.Head, x.Bad, x.Reason, x.Took)
		return err
	})
}

// Examinations returns what verifying found, the last first, at most limit.
func (s *Store) Examinations(ctx context.Context, log name.District, limit int) (out []journal.Examination, err error) {
	err = s.read(ctx, "examinations of "+string(log), func(c conn) error {
		return c.query("SELECT at, events, head, bad, reason, took FROM examination WHERE log = $1 ORDER BY at DESC LIMIT $2",
			[]any{string(log), min(limit, MaxPage)}, func(r cells) error {
				out = append(out, journal.Examination{Log: log, At: r.int(0), Events: r.int(1), Head: r.text(2), Bad: r.int(3), Reason: r.text(4), Took: r.int(5)})
				return nil
			})
	})
	return out, err
}

// AllPersonal returns the personal values of a log in the order of subject and field, behind the given ones, at most limit.
func (s *Store) AllPersonal(ctx context.Context, log name.District, after name.ID, field string, limit int) (out []journal.Personal, err error) {
	err = s.read(ctx, "personal values of "+string(log), func(c conn) error {
		return c.query(`SELECT subject, field, suite, salt, value FROM personal WHERE log = $1 AND (subject > $2 OR subject = $2 AND field > $3)
			ORDER BY subject, field LIMIT $4`, []any{string(log), string(after), field, min(limit, MaxPage)}, func(r cells) error {
			p := journal.Personal{Subject: name.ID(r.text(0)), Field: r.text(1), Suite: r.text(2), Value: r.text(4)}
			r.copy(3, p.Salt[:])
			out = append(out, p)
			return nil
		})
	})
	return out, err
}
