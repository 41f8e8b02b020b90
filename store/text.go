package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Limits of full text.
const (
	MaxLeaves = 256      // leaves written or read at once
	maxCards  = 1 << 28  // bytes of a part's cards
	maxLeaf   = 64 << 20 // bytes of a leaf
)

// Parts returns the parts of a book by age.
func (s *Store) Parts(ctx context.Context, log name.District, book journal.Book) (out []journal.Part, err error) {
	err = s.snapshot(ctx, "parts of "+string(book), func(c conn) error {
		out = nil
		return c.query("SELECT id, age, docs, "+s.dialect.Number+" FROM part WHERE log = $1 AND book = $2 ORDER BY age, id", []any{string(log), string(book)}, func(r cells) error {
			cards, err := c.large("part", "cards", r.int(3)) // of a million documents 12 MB
			out = append(out, journal.Part{ID: r.int(0), Age: r.int(1), Docs: r.int(2), Cards: cards})
			return err
		})
	})
	return out, err
}

// PutPart adds a part to a book and takes others away, all at once; the leaves of a part are written before it, and those of
// one taken away are dropped afterwards, see [Store.DropLeaves].
func (s *Store) PutPart(ctx context.Context, log name.District, book journal.Book, p journal.Part, instead []int64) error {
	if len(p.Cards) > maxCards {
		return fmt.Errorf("part of %s with %d bytes of cards: %w", book, len(p.Cards), fault.ErrInvalid)
	}
	return s.writer.write(ctx, func(t *txn) error {
		for _, id := range instead {
			if _, err := t.exec("DELETE FROM part WHERE log = $1 AND book = $2 AND id = $3", string(log), string(book), id); err != nil {
				return err
			}
		}
		_, err := t.exec("INSERT INTO part (log, book, id, age, docs, cards) VALUES ($1, $2, $3, $4, $5, $6)",
			string(log), string(book), p.ID, p.Age, p.Docs, p.Cards)
		return err
	})
}

// PutLeaves writes leaves of a part, at most [MaxLeaves]; one that is there already is written anew.
func (s *Store) PutLeaves(ctx context.Context, log name.District, book journal.Book, part int64, leaves []journal.Leaf) error {
	if len(leaves) > MaxLeaves {
		return fmt.Errorf("%d leaves at once, at most %d: %w", len(leaves), MaxLeaves, fault.ErrInvalid)
	}
	for _, l := range leaves {
		if len(l.Bytes) > maxLeaf {
			return fmt.Errorf("leaf of %d bytes: %w", len(l.Bytes), fault.ErrInvalid)
		}
	}
	return s.writer.write(ctx, func(t *txn) error {
		for _, l := range leaves {
			if _, err := t.exec(`INSERT INTO leaf (log, book, part, first, bytes) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (log, book, part, first) DO UPDATE SET bytes = excluded.bytes`, string(log), string(book), part, l.First, l.Bytes); err != nil {
				return err
			}
		}
		return nil
	})
}

// LooseParts returns the parts of a book that have leaves and are not among its parts: what a merge left that was never ended.
// It hops from part to part: a part may have a hundred thousand leaves.
func (s *Store) LooseParts(ctx context.Context, log name.District, book journal.Book) (out []int64, err error) {
	err = s.read(ctx, "loose parts of "+string(book), func(c conn) error {
		return c.query(`WITH RECURSIVE with_leaves(part) AS (
			SELECT MIN(part) FROM leaf WHERE log = $1 AND book = $2
			UNION ALL SELECT (SELECT MIN(leaf.part) FROM leaf WHERE log = $1 AND book = $2 AND leaf.part > with_leaves.part) FROM with_leaves WHERE with_leaves.part IS NOT NULL)
			SELECT part FROM with_leaves WHERE part IS NOT NULL AND part NOT IN (SELECT id FROM part WHERE log = $1 AND book = $2) ORDER BY part`,
			[]any{string(log), string(book)}, func(r cells) error {
				out = append(out, r.int(0))
				return nil
			})
	})
	return out, err
}

// DropLeaves drops leaves of a part, at most [MaxLeaves] at once, and returns how many it dropped.
func (s *Store) DropLeaves(ctx context.Context, log name.District, book journal.Book, part int64) (int64, error) {
	var dropped int64
	err := s.writer.write(ctx, func(t *txn) (err error) {
		dropped, err = t.exec(`DELETE FROM leaf WHERE log = $1 AND book = $2 AND part = $3 AND first IN
			(SELECT first FROM leaf WHERE log = $1 AND book = $2 AND part = $3 ORDER BY first LIMIT $4)`, string(log), string(book), part, MaxLeaves)
		return err
	})
	if err != nil {
		return 0, err
	}
	return dropped, nil
}

// LeavesAt returns for each question its leaf, an empty one where the part has none that begins early enough.
func (s *Store) LeavesAt(ctx context.Context, log name.District, book journal.Book, asks []journal.LeafAt) (out []journal.Leaf, err error) {
	out = make([]journal.Leaf, len(asks))
	err = s.snapshot(ctx, "leaves of "+string(book), func(c conn) error {
		for i, a := range asks {
			if _, err := one(c, "SELECT first, bytes FROM leaf WHERE log = $1 AND book = $2 AND part = $3 AND first <= $4 ORDER BY first DESC LIMIT 1",
				[]any{string(log), string(book), a.Part, a.Term}, func(r cells) { out[i] = journal.Leaf{First: r.int(0), Bytes: r.bytes(1)} }); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// Leaves returns leaves of a part in order, from the one that begins at from or behind it, at most limit.
func (s *Store) Leaves(ctx context.Context, log name.District, book journal.Book, part, from int64, limit int) (out []journal.Leaf, err error) {
	err = s.read(ctx, "leaves of "+string(book), func(c conn) error {
		return c.query("SELECT first, bytes FROM leaf WHERE log = $1 AND book = $2 AND part = $3 AND first >= $4 ORDER BY first LIMIT $5",
			[]any{string(log), string(book), part, from, min(limit, MaxLeaves)}, func(r cells) error {
				out = append(out, journal.Leaf{First: r.int(0), Bytes: r.bytes(1)})
				return nil
			})
	})
	return out, err
}

// Docs returns the numbers of streams in a book, in their order, -1 for one that has none.
func (s *Store) Docs(ctx context.Context, log name.District, book journal.Book, streams []name.ID) (out []int64, err error) {
	out = make([]int64, len(streams))
	err = s.read(ctx, "numbers of "+string(book), func(c conn) error {
		for i, stream := range streams {
			out[i] = -1
			if _, err := one(c, "SELECT doc FROM doc WHERE log = $1 AND book = $2 AND stream = $3", []any{string(log), string(book), string(stream)},
				func(r cells) { out[i] = r.int(0) }); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// PutDocs gives streams the numbers from first on. It refuses a number that another stream has.
func (s *Store) PutDocs(ctx context.Context, log name.District, book journal.Book, first int64, streams []name.ID) error {
	return s.writer.write(ctx, func(t *txn) error {
		for i, stream := range streams {
			if _, err := t.exec(`INSERT INTO doc (log, book, stream, doc) VALUES ($1, $2, $3, $4)
				ON CONFLICT (log, book, stream) DO UPDATE SET doc = excluded.doc`, string(log), string(book), string(stream), first+int64(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// NextDoc returns the first number of a book that no stream has.
func (s *Store) NextDoc(ctx context.Context, log name.District, book journal.Book) (next int64, err error) {
	err = s.read(ctx, "numbers of "+string(book), func(c conn) error {
		_, err := one(c, "SELECT COALESCE(MAX(doc), -1) + 1 FROM doc WHERE log = $1 AND book = $2", []any{string(log), string(book)}, func(r cells) { next = r.int(0) })
		return err
	})
	return next, err
}

// DocStreams returns the streams of numbers in a book, in their order; an unknown number has an empty one.
func (s *Store) DocStreams(ctx context.Context, log name.District, book journal.Book, docs []int64) (out []name.ID, err error) {
	at := make(map[int64]name.ID, len(docs))
	err = s.read(ctx, "documents of "+string(book), func(c conn) error {
		for some := range slices.Chunk(docs, maxChoice) {
			b := &builder{args: []any{string(log), string(book)}}
			marks := make([]string, marked(len(some)))
			for i := range marks { // those behind the last repeat it, see list
				marks[i] = b.arg(some[min(i, len(some)-1)])
			}
			if err := c.query("SELECT doc, stream FROM doc WHERE log = $1 AND book = $2 AND doc IN ("+strings.Join(marks, ", ")+")", b.args, func(r cells) error {
				at[r.int(0)] = name.ID(r.text(1))
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, d := range docs {
		out = append(out, at[d])
	}
	return out, err
}
