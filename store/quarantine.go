package store

import (
	"context"

	"bihuan/ground/ledger"
)

// PutScanned keeps what a scanner said of a file at an instant (µs), found empty for nothing. What was said last stays.
func (s *Store) PutScanned(ctx context.Context, hash ledger.Hash, at int64, found string) error {
	return s.writer.write(ctx, func(t *txn) error {
		_, err := t.exec(`INSERT INTO scanned (hash, at, found) VALUES ($1, $2, $3)
			ON CONFLICT (hash) DO UPDATE SET at = excluded.at, found = excluded.found`, hash.String(), at, found)
		return err
	})
}

// Scanned returns what a scanner said of a file, and whether it was asked at all.
func (s *Store) Scanned(ctx context.Context, hash ledger.Hash) (found string, asked bool, err error) {
	err = s.read(ctx, "scan "+hash.String(), func(c conn) error {
		asked, err = one(c, "SELECT found FROM scanned WHERE hash = $1", []any{hash.String()}, func(r cells) { found = r.text(0) })
		return err
	})
	return found, asked, err
}

// Unscanned returns the hashes of files of which no scanner has said anything, behind after in the order of hashes, at most limit.
func (s *Store) Unscanned(ctx context.Context, after string, limit int) (all []ledger.Hash, err error) {
	err = s.read(ctx, "files that wait for a scanner", func(c conn) error {
		return c.query("SELECT hash FROM blob WHERE hash > $1 AND NOT EXISTS (SELECT 1 FROM scanned WHERE scanned.hash = blob.hash) ORDER BY hash LIMIT $2",
			[]any{after, min(limit, MaxPage)}, func(r cells) error {
				h, err := ledger.ParseHash(r.text(0))
				all = append(all, h)
				return err
			})
	})
	return all, err
}
