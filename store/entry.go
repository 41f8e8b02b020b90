package store

import (
	"encoding/binary"
	"fmt"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// An entry of the table behind holds what a transaction changed in rows: a zero; the number of columns that
// may follow; for each its name and whether it holds texts; then for each row its stream, the sum of
// 2^i of the columns that follow, and those. Names, so that a later program with other columns can
// read it. A text is its length and its bytes; lengths and sums are uvarints, numbers varints
// (encoding/binary). Entries are applied in their order to what the tables have. The first entries
// had no zero and no sums: all columns followed.

// entryColumns are those that stand in an entry: all but what is made from others.
var entryColumns = func() (all []*column) {
	for i := range rowColumns {
		if rowColumns[i].put != nil {
			all = append(all, &rowColumns[i])
		}
	}
	return all
}()

// entryHead begins an entry.
var entryHead = func() []byte {
	b := binary.AppendUvarint([]byte{0}, uint64(len(entryColumns)))
	for _, c := range entryColumns {
		b = append(putText(b, c.name), byte(num(c.text)))
	}
	return b
}()

// appendEntry adds to an entry what distinguishes a row from what it was before, nil for a new one.
func appendEntry(b []byte, before, r *journal.Row) []byte {
	if len(b) == 0 {
		b = append(b, entryHead...)
	}
	if before == nil {
		before = &journal.Row{}
	}
	changed := uint64(0)
	for i, c := range entryColumns {
		if !c.same(before, r) {
			changed |= 1 << i
		}
	}
	b = binary.AppendUvarint(putText(b, string(r.Stream)), changed)
	for i, c := range entryColumns {
		if changed&(1<<i) != 0 {
			b = c.put(b, r)
		}
	}
	return b
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

func (r *reader) sum() uint64 {
	n, k := binary.Uvarint(r.b)
	if k <= 0 {
		r.b, r.wrong = nil, true
		return 0
	}
	r.b = r.b[k:]
	return n
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
	columns []*column // that it sets
	values  values
	known   []*column // that its entry could have set
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
	return slices.ContainsFunc(e.known, func(c *column) bool { return c.name == of })
}

// decodeEntry calls each for every row of an entry. It wraps [fault.ErrInvalid] for what is no entry.
func decodeEntry(b []byte, each func(*entryRow) error) error {
	r := &reader{b: b}
	sums := len(b) > 0 && b[0] == 0
	if sums {
		r.b = b[1:]
	}
	columns, err := decodeHead(r)
	if err != nil {
		return err
	}
	for len(r.b) > 0 {
		row := entryRow{stream: name.ID(r.text()), known: columns}
		changed := ^uint64(0)
		if sums {
			changed = r.sum()
		}
		for i, c := range columns {
			if changed&(1<<i) == 0 {
				continue
			}
			row.columns = append(row.columns, c)
			if c.text {
				row.values = append(row.values, r.text())
			} else {
				row.values = append(row.values, r.number())
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

// maxColumns is what fits into a sum.
const maxColumns = 64

func decodeHead(r *reader) ([]*column, error) {
	n, k := binary.Uvarint(r.b)
	if k <= 0 || n == 0 || n > maxColumns {
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
