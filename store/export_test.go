package store

import "context"

// Prepared has f told of every statement that a connection meets for the first time, until undo is called.
func Prepared(f func(sql string)) (undo func()) {
	old := toPrepare
	toPrepare = f
	return func() { toPrepare = old }
}

// Plan returns how SQLite would find what a statement asks for or changes, a step a line.
func (s *Store) Plan(ctx context.Context, sql string) (plan []string, err error) {
	err = s.read(ctx, "explain", func(c conn) error {
		return c.query("EXPLAIN QUERY PLAN "+sql, nil, func(r cells) error {
			plan = append(plan, r.text(3))
			return nil
		})
	})
	return plan, err
}
