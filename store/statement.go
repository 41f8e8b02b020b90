package store

import (
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"
)

// statement is a prepared statement of SQLite with the short texts that it holds, by their places. Each text that SQLite is given costs it
// an allocation and a copy, and from one event to the next most short ones are the same: log, kind, person, unit, role, type, and what is empty.
type statement struct {
	*sqlite.Stmt
	holds []string
}

// shortText is up to how many bytes a text is compared with the one before.
const shortText = 32

// otherwise stands for a place that holds no short text: no short text equals it.
var otherwise = strings.Repeat(" ", shortText+1)

// bind gives the statement the value of its i-th place, from 0, and returns the bytes of a text or byte string.
func (s *statement) bind(i int, a any) (n int, err error) {
	switch a := a.(type) {
	case string:
		return s.text(i, a), nil
	case *string:
		return s.text(i, *a), nil
	}
	if i < len(s.holds) {
		s.holds[i] = otherwise
	}
	switch a := a.(type) {
	case int64:
		s.BindInt64(i+1, a)
	case int:
		s.BindInt64(i+1, int64(a))
	case bool:
		s.BindBool(i+1, a)
	case []byte:
		s.BindBytes(i+1, a)
		n = len(a)
	case *int64:
		s.BindInt64(i+1, *a)
	case *[16]byte:
		s.BindBytes(i+1, a[:])
	case *[32]byte:
		s.BindBytes(i+1, a[:])
	default:
		return 0, fmt.Errorf("argument %d of a statement is a %T", i+1, a)
	}
	return n, nil
}

// text gives a text, unless the place holds it already.
func (s *statement) text(i int, t string) int {
	for len(s.holds) <= i {
		s.holds = append(s.holds, otherwise)
	}
	short := len(t) <= shortText
	if short && s.holds[i] == t {
		return len(t)
	}
	s.BindText(i+1, t)
	if s.holds[i] = otherwise; short {
		s.holds[i] = t
	}
	return len(t)
}
