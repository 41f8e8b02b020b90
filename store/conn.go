package store

import "errors"

// errStop ends a query early without being an error.
var errStop = errors.New("stop")

// conn is one connection to a database, used by one goroutine at a time. It is all that
// the statements of this room need, so that they serve another database unchanged.
//
// Statements are written in the portable subset with parameters $1, $2 …. Arguments are
// string, []byte, int64, int or bool, or point to a string, an int64 or an array of 16 or 32 bytes. A statement is prepared once per connection.
type conn interface {
	// exec runs a statement and returns how many rows it changed.
	exec(sql string, args ...any) (int64, error)
	// query runs a statement and calls each for every row. The cells are valid
	// during the call. errStop from each ends the query.
	query(sql string, args []any, each func(cells) error) error
	// given returns how many bytes of texts and byte strings its statements were given so far.
	given() int64
	// large reads a byte string of a row of table, which is found by the number that the dialect's Number yields, without holding it more than once.
	large(table, column string, number int64) ([]byte, error)
	close() error
}

// cells are the columns of one row, from 0.
type cells interface {
	text(i int) string
	int(i int) int64
	bool(i int) bool
	bytes(i int) []byte // a copy
	copy(i int, to []byte) int
}

// one runs a query of at most one row and reports whether there was one.
func one(c conn, sql string, args []any, each func(cells)) (found bool, err error) {
	err = c.query(sql, args, func(r cells) error {
		found = true
		each(r)
		return nil
	})
	return found, err
}
