package store

import (
	"encoding/binary"
	"fmt"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// An entry of the table behind holds rows as they were after a transaction: the number of
// columns; for each its name and whether it holds texts; then for each row its stream and its
// columns. Names, so that a later program with other columns can read it. A text is its length
// and its bytes; lengths are uvarints, numbers varints (encoding/binary). A stream that stands
// in it twice is as it stands last.

// late are the columns that only the writer knows, early the others; what is derived is in neither.
var late, early = entryColumns()

func entryColumns() (late, early []column) {
	for _, c := range rowColumns {
		switch {
		case c.put == nil:
		case c.name == "version" || c.name == "number":
			late = append(late, c)
		default:
			early = append(early, c)
		}
	}
	return late, early
}

// entryHead begins an entry.
var entryHead = func() []byte {
	all := append(append([]column(nil), late...), early...)
	b := binary.AppendUvarint(nil, uint64(len(all)))
	for _, c := range all {
		b = append(putText(b, c.name), byte(num(c.text)))
	}
	return b
}()

// encodeEarly encodes what the asker's goroutine can encode.
func encodeEarly(r *journal.Row) []byte {
	b := make([]byte, 0, 256+len(r.Body))
	for i := range early {
		b = early[i].put(b, r)
	}
	return b
}

// appendEntry adds a row to an entry, which it begins if it is empty.
func appendEntry(b []byte, r *journal.Row, encoded []byte) []byte {
	if len(b) == 0 {
		b = append(b, entryHead...)
	}
	b = putText(b, string(r.Stream))
	for i := range late {
		b = late[i].put(b, r)
	}
	return append(b, encoded...)
}

// reader reads an entry. After the first fault it yields zero values.
type reader struct {
	b     []byte
	wrong bool
}

func (r *reader) text() string {
	n, k := binary.Uvarint(r.b)
	if k <= 0 || n > uint64(len(r.b)-k) {
		r.b, r.wrong = nil, true
		return ""
	}
	s := string(r.b[k : k+int(n)])
	r.b = r.b[k+int(n):]
	return s
}

func (r *reader) number() int64 {
	n, k := binary.Varint(r.b)
	if k <= 0 {
		r.b, r.wrong = nil, true
		return 0
	}
	r.b = r.b[k:]
	return n
}

// entryRow is one row of an entry.
type entryRow struct {
	stream  name.ID
	columns []*column
	values  values
}

// values are cells that were read from an entry.
type values []any

func (v values) text(i int) string         { s, _ := v[i].(string); return s }
func (v values) int(i int) int64           { n, _ := v[i].(int64); return n }
func (v values) bool(i int) bool           { return v.int(i) != 0 }
func (v values) bytes(i int) []byte        { return []byte(v.text(i)) }
func (v values) copy(i int, to []byte) int { return copy(to, v.text(i)) }

// onto returns base with the row's columns set. What the entry does not know stays.
func (e *entryRow) onto(base journal.Row) (journal.Row, error) {
	base.Stream = e.stream
	for i, c := range e.columns {
		if err := c.set(&base, e.values, i); err != nil {
			return base, fmt.Errorf("row %s, %s: %w", e.stream, c.name, err)
		}
	}
	return base, nil
}

// knows reports whether the entry has a column.
func (e *entryRow) knows(of string) bool {
	return slices.ContainsFunc(e.columns, func(c *column) bool { return c.name == of })
}

// decodeEntry calls each for every row of an entry. It wraps [fault.ErrInvalid] for what is no entry.
func decodeEntry(b []byte, each func(*entryRow) error) error {
	r := &reader{b: b}
	columns, err := decodeHead(r)
	if err != nil {
		return err
	}
	for len(r.b) > 0 {
		row := entryRow{stream: name.ID(r.text()), columns: columns, values: make(values, len(columns))}
		for i, c := range columns {
			if c.text {
				row.values[i] = r.text()
			} else {
				row.values[i] = r.number()
			}
		}
		if r.wrong {
			return fmt.Errorf("an entry that ends in the middle of row %q: %w", row.stream, fault.ErrInvalid)
		}
		if err := each(&row); err != nil {
			return err
		}
	}
	return nil
}

func decodeHead(r *reader) ([]*column, error) {
	n, k := binary.Uvarint(r.b)
	if k <= 0 || n == 0 || n > uint64(len(r.b)) {
		return nil, fmt.Errorf("an entry without columns: %w", fault.ErrInvalid)
	}
	r.b = r.b[k:]
	columns := make([]*column, n)
	for i := range columns {
		of := r.text()
		if r.wrong || len(r.b) == 0 {
			return nil, fmt.Errorf("an entry that ends in its columns: %w", fault.ErrInvalid)
		}
		text := r.b[0] == 1
		r.b = r.b[1:]
		for j := range rowColumns {
			if c := &rowColumns[j]; c.name == of && c.text == text && c.put != nil {
				columns[i] = c
			}
		}
		if columns[i] == nil {
			return nil, fmt.Errorf("an entry with a column %q: use a newer bihuan: %w", of, fault.ErrInvalid)
		}
	}
	return columns, nil
}
