package main

import (
	"context"
	"encoding/binary"
	"path/filepath"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"bihuan/desk/search"
	"bihuan/engine/find"
	"bihuan/ground/name"
	"bihuan/store"
)

// ours is the book of matters as it is served: leaves in the store, cards in memory.
type ours struct {
	dir   string
	store *store.Store
	book  *search.Book
}

func (o *ours) name() string { return "ours" }

func (o *ours) path() string { return filepath.Join(o.dir, "ours.db") }

func (o *ours) build(ctx context.Context, docs []document) (err error) {
	if o.store, err = store.Open(o.path(), store.Options{}); err != nil {
		return err
	}
	if o.book, err = search.OpenBook(ctx, o.store, "220105", "matter"); err != nil {
		return err
	}
	const at = 500
	for from := 0; from < len(docs); from += at {
		var some []search.Entry
		for i := from; i < min(from+at, len(docs)); i++ {
			var raw [16]byte
			binary.BigEndian.PutUint64(raw[:], uint64(i+1))
			some = append(some, search.Entry{Stream: name.NewID("220105", raw), Head: docs[i].number + "。" + docs[i].title, Body: docs[i].body, At: int64(i) * 60_000_000})
		}
		if err := o.book.Take(ctx, some); err != nil {
			return err
		}
		if o.book.Loose() >= 4000 {
			if err := o.book.Flush(ctx); err != nil {
				return err
			}
			if err := o.book.Merge(ctx); err != nil {
				return err
			}
		}
	}
	if err := o.book.Flush(ctx); err != nil {
		return err
	}
	return o.book.Merge(ctx)
}

func (o *ours) bytes() (int64, error) { return tables(o.path(), "leaf", "part") }

// memory is what the index keeps at hand.
func (o *ours) memory() int {
	n, _ := o.book.Size()
	return n
}

func (o *ours) count(ctx context.Context, text string) (int, bool, error) {
	return o.ask(ctx, text, 0)
}

func (o *ours) best(ctx context.Context, text string, limit int) (int, bool, error) {
	return o.ask(ctx, text, limit)
}

func (o *ours) ask(ctx context.Context, text string, limit int) (int, bool, error) {
	q, err := find.Parse(text)
	if err != nil {
		return 0, false, nil
	}
	a, err := o.book.Ask(ctx, find.Ask{Query: q, Limit: limit})
	return a.Total, true, err
}

func (o *ours) close() error {
	if o.store == nil {
		return nil
	}
	return o.store.Close()
}

// tables returns how many bytes of a database some tables and their indexes take.
func tables(path string, called ...string) (n int64, err error) {
	c, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	for _, t := range called {
		err = sqlitex.Execute(c, "SELECT COALESCE(SUM(pgsize), 0) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ? OR tbl_name LIKE ? || '\\_%' ESCAPE '\\')",
			&sqlitex.ExecOptions{Args: []any{t, t}, ResultFunc: func(s *sqlite.Stmt) error {
				n += s.ColumnInt64(0)
				return nil
			}})
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}
