package store

import (
	"fmt"
	"strings"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// project takes changed rows to the tables row and facet.
func (t *txn) project(changes []*change) error {
	for _, c := range changes {
		log := c.stream.District()
		if err := t.row(log, c); err != nil {
			return fmt.Errorf("row of %s: %w", c.stream, err)
		}
		if err := t.facets(log, c); err != nil {
			return fmt.Errorf("facets of %s: %w", c.stream, err)
		}
	}
	return nil
}

// row writes a row: only the columns that changed, so that only their indexes are touched.
func (t *txn) row(log name.District, c *change) error {
	if c.before == nil {
		return t.whole(log, c.now)
	}
	var changed uint64
	args := []any{string(log), string(c.stream)}
	for i := range rowColumns {
		if !rowColumns[i].same(c.now, c.before) {
			changed |= 1 << i
			args = append(args, rowColumns[i].get(c.now))
		}
	}
	if changed == 0 {
		return nil
	}
	n, err := t.exec(updateRow(changed), args...)
	if err == nil && n != 1 { // somebody took the row away behind our back
		err = t.whole(log, c.now)
	}
	return err
}

func (t *txn) whole(log name.District, r *journal.Row) error {
	_, err := t.exec(putRow, append([]any{string(log), string(r.Stream)}, rowValues(r)...)...)
	return err
}

// updateRow is the statement that sets the columns whose bits are set.
func updateRow(changed uint64) string {
	var sets []string
	for i := range rowColumns {
		if changed&(1<<i) != 0 {
			sets = append(sets, fmt.Sprintf("%s = $%d", rowColumns[i].name, len(sets)+3))
		}
	}
	return "UPDATE row SET " + strings.Join(sets, ", ") + " WHERE log = $1 AND stream = $2"
}

// facets writes the difference between the old facets of a stream and the new ones.
func (t *txn) facets(log name.District, c *change) error {
	add, drop := c.now.Facets, []journal.Facet(nil)
	if c.before != nil {
		if drop = c.before.Facets; c.before.Kind == c.now.Kind && c.before.Open == c.now.Open {
			add, drop = without(add, drop), without(drop, add)
		}
	}
	for _, f := range drop {
		if _, err := t.exec("DELETE FROM facet WHERE log = $1 AND stream = $2 AND name = $3 AND text = $4",
			string(log), string(c.stream), f.Name, f.Text); err != nil {
			return err
		}
	}
	for _, f := range add {
		if _, err := t.exec(`INSERT INTO facet (log, stream, name, text, open, kind, number) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (log, stream, name, text) DO UPDATE SET open = excluded.open, kind = excluded.kind, number = excluded.number`,
			string(log), string(c.stream), f.Name, f.Text, num(c.now.Open), c.now.Kind, f.Number); err != nil {
			return err
		}
	}
	return nil
}

// past forgets entries that the tables now show.
func (t *txn) past(marks []mark) error {
	last := map[name.District]int64{}
	for _, m := range marks {
		last[m.log] = m.line
	}
	for _, line := range last {
		if _, err := t.exec("DELETE FROM behind WHERE line >= $1 AND line <= $2", lineOf(numberOf(line), 0), line); err != nil {
			return err
		}
	}
	return nil
}

// catchUp takes everything that an ended process left behind to the tables, in one transaction.
func catchUp(c conn, d Dialect) error {
	some, err := one(c, "SELECT seq FROM behind LIMIT 1", nil, func(cells) {})
	if err != nil || !some {
		return err
	}
	changes, err := leftBehind(c)
	if err != nil {
		return err
	}
	return transaction(c, d, func() error {
		t := &txn{c: c}
		if err := t.project(changes); err != nil {
			return err
		}
		_, err := c.exec("DELETE FROM behind")
		return err
	})
}

// transaction does something in a transaction of its own, before there is a writer.
func transaction(c conn, d Dialect, do func() error) error {
	if _, err := c.exec(d.Begin); err != nil {
		return err
	}
	err := do()
	if err == nil {
		_, err = c.exec("COMMIT")
	}
	if err != nil {
		c.exec("ROLLBACK")
	}
	return err
}

// leftBehind returns what the table behind holds and the tables do not show, each stream once as it was last.
func leftBehind(c conn) (out []*change, err error) {
	type entry struct {
		log  string
		line int64
		rows []byte
	}
	var entries []entry
	if err := c.query("SELECT log, line, rows FROM behind ORDER BY line", nil, func(r cells) error {
		entries = append(entries, entry{r.text(0), r.int(1), r.bytes(2)})
		return nil
	}); err != nil {
		return nil, err
	}
	last := map[name.ID]*change{}
	for _, e := range entries {
		if err := decodeEntry(e.rows, func(row *entryRow) error { return follow(c, last, &out, row, e.line) }); err != nil {
			return nil, fmt.Errorf("rows behind %s %d: %w", e.log, e.line-lineOf(numberOf(e.line), 0), err)
		}
	}
	return out, nil
}

// follow adds a row of an entry, whose transaction ends at line, to the changes, unless the tables have come past it.
func follow(c conn, last map[name.ID]*change, out *[]*change, row *entryRow, line int64) error {
	ch := last[row.stream]
	if ch == nil {
		if _, err := name.ParseID(string(row.stream)); err != nil {
			return err
		}
		before, err := storedRow(c, row.stream)
		if err != nil {
			return err
		}
		ch = &change{stream: row.stream, before: before, now: before}
		last[row.stream] = ch
	}
	base := journal.Row{}
	if ch.now != nil {
		base = *ch.now
	}
	now, err := row.onto(base)
	if err == nil && !row.knows("lng") { // left by a program that kept no places
		now.Place = placeIn(now.Body)
	}
	if err != nil || ch.now != nil && now.Version <= ch.now.Version {
		return err
	}
	if !row.knows("seq") { // left by a program whose rows did not name their last event
		if _, err := one(c, "SELECT seq FROM event WHERE line <= $1 AND stream = $2 ORDER BY line DESC LIMIT 1", []any{line, string(row.stream)},
			func(r cells) { now.Seq = r.int(0) }); err != nil {
			return err
		}
	}
	if ch.now == ch.before {
		*out = append(*out, ch)
	}
	ch.now = &now
	return nil
}

// storedRow reads a row from its table, nil if it is not there.
func storedRow(c conn, stream name.ID) (row *journal.Row, err error) {
	err = c.query(selectRow+"WHERE log = $1 AND stream = $2", []any{string(stream.District()), string(stream)}, func(r cells) error {
		got, err := scanRow(r)
		row = &got
		return err
	})
	return row, err
}
