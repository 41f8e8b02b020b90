package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
)

// sqliteConn is a connection through zombiezen.com/go/sqlite: modernc's code without database/sql.
type sqliteConn struct {
	c     *sqlite.Conn
	stmts map[string]*statement
	bytes int64 // that statements were given
}

// largeValue is from how many bytes on a value is large. SQLite keeps the room for the largest that a statement was given and has yielded as long
// as the statement is kept: two parts of an index of a million documents would take 19 MB for ever, and a file that was sent in as much as it has.
const largeValue = 128 << 10

// maxStatements bounds the prepared statements of a connection; lists make many shapes.
const maxStatements = 500

func openSQLite(path string, flags sqlite.OpenFlags) (*sqliteConn, error) {
	c, err := sqlite.OpenConn(path, flags)
	if err != nil {
		return nil, err
	}
	return &sqliteConn{c: c, stmts: map[string]*statement{}}, nil
}

func (c *sqliteConn) close() error {
	c.forget()
	return c.c.Close()
}

func (c *sqliteConn) forget() {
	for _, s := range c.stmts {
		s.Finalize()
	}
	clear(c.stmts)
}

// marks writes arguments for SQLite: ?1, for $1 would be a name, numbered by its first place in the text. A bound after LIMIT gets a sign,
// because SQLite looks at a bare one when it plans, and plans the statement anew whenever it is given: half the cost of a short one.
var marks = strings.NewReplacer("LIMIT $", "LIMIT +?", "$", "?")

// toPrepare is told of every statement that a connection meets for the first time; tests listen.
var toPrepare = func(sql string) {}

// prepare returns the statement ready to be stepped, and whether it was given a large value.
func (c *sqliteConn) prepare(sql string, args []any) (s *statement, large bool, err error) {
	if s = c.stmts[sql]; s == nil {
		if len(c.stmts) >= maxStatements {
			c.forget()
		}
		made, _, err := c.c.PrepareTransient(marks.Replace(sql))
		if err != nil {
			return nil, false, err
		}
		s = &statement{Stmt: made}
		c.stmts[sql] = s
		toPrepare(sql)
	}
	for i, a := range args {
		n, err := s.bind(i, a)
		if err != nil {
			return nil, false, err
		}
		c.bytes += int64(n)
		large = large || n >= largeValue
	}
	return s, large, nil
}

func (c *sqliteConn) given() int64 { return c.bytes }

// large reads piece by piece: as the value of a column SQLite would hold all of it, and its allocator keep the room for it for ever.
func (c *sqliteConn) large(table, column string, number int64) ([]byte, error) {
	blob, err := c.c.OpenBlob("main", table, column, number, false)
	if err != nil {
		return nil, err
	}
	b := make([]byte, blob.Size())
	_, err = io.ReadFull(blob, b)
	return b, errors.Join(err, blob.Close())
}

// done makes a statement ready for the next time, and gives it up if it holds a large value.
func (c *sqliteConn) done(sql string, s *statement, large bool) error {
	err := s.Reset()
	if large {
		delete(c.stmts, sql)
		err = errors.Join(err, s.Finalize())
	}
	return err
}

func (c *sqliteConn) exec(sql string, args ...any) (int64, error) {
	if err := c.query(sql, args, nil); err != nil {
		return 0, err
	}
	return int64(c.c.Changes()), nil
}

func (c *sqliteConn) query(sql string, args []any, each func(cells) error) (err error) {
	s, large, err := c.prepare(sql, args)
	if err != nil {
		return err
	}
	defer func() {
		if e := c.done(sql, s, large); err == nil {
			err = e
		}
	}()
	for {
		more, err := s.Step()
		if err != nil {
			s.holds = nil // what failed may have been the giving
			return err
		}
		if !more {
			return nil
		}
		if each != nil {
			if err := each(sqliteCells{s.Stmt, &large}); err == errStop {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
}

// during makes the connection stop when ctx ends; the function returned takes that back.
func (c *sqliteConn) during(ctx context.Context) (undo func()) {
	old := c.c.SetInterrupt(ctx.Done())
	return func() { c.c.SetInterrupt(old) }
}

// leave ends the transaction that is open, if one is, without keeping what it did.
func (c *sqliteConn) leave() error {
	if c.c.AutocommitEnabled() {
		return nil
	}
	_, err := c.exec("ROLLBACK")
	return err
}

type sqliteCells struct {
	s     *sqlite.Stmt
	large *bool // whether one of them was large
}

func (r sqliteCells) met(n int) {
	if n >= largeValue {
		*r.large = true
	}
}

func (r sqliteCells) text(i int) string {
	s := r.s.ColumnText(i)
	r.met(len(s))
	return s
}

func (r sqliteCells) int(i int) int64           { return r.s.ColumnInt64(i) }
func (r sqliteCells) bool(i int) bool           { return r.s.ColumnInt64(i) != 0 }
func (r sqliteCells) copy(i int, to []byte) int { return r.s.ColumnBytes(i, to) }
func (r sqliteCells) bytes(i int) []byte {
	b := make([]byte, r.s.ColumnLen(i))
	r.met(len(b))
	r.s.ColumnBytes(i, b)
	return b
}

// damage says what an error of the database means for the store.
type damage int

const (
	harmless damage = iota // the statement failed, the database is fine
	full                   // no room on the disk: reading goes on, writing may later
	stopped                // the asker gave up
	fatal                  // reading or writing the file failed: nothing more may be written
)

// damageOf classifies an error. After a failed sync the system may have thrown the pages away
// and a second try would wrongly succeed (PostgreSQL's lesson of 2018), so it is never tried.
func damageOf(err error) damage {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultOK, sqlite.ResultError, sqlite.ResultConstraint, sqlite.ResultBusy, sqlite.ResultTooBig,
		sqlite.ResultMismatch, sqlite.ResultRange, sqlite.ResultLocked:
		return harmless
	case sqlite.ResultFull:
		return full
	case sqlite.ResultInterrupt:
		return stopped
	}
	return fatal
}

// wrap gives an error of a read its kind.
func wrap(ctx context.Context, doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case fault.KindOf(err) != nil:
		return fmt.Errorf("%s: %w", doing, err)
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w: %w", doing, fault.ErrUnavailable, context.Cause(ctx))
	case damageOf(err) == harmless:
		return fmt.Errorf("%s: %w", doing, err)
	}
	return fmt.Errorf("%s: %w: %w", doing, fault.ErrUnavailable, err)
}
