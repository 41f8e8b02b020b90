package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// spans is how many intervals of cells a box is asked by: with sixteen, a square box has about half as many cells again.
const spans = 16

// cellOf is the cell of a row's place, -1 if it has none.
func cellOf(r *journal.Row) any {
	if r.Place.IsZero() {
		return int64(-1)
	}
	return int64(r.Place.Cell())
}

// within adds that the place of a row lies in a box; the zero box does not narrow.
func (b *builder) within(box geo.Box) {
	if box == (geo.Box{}) {
		return
	}
	west, south := box.Min.E7()
	east, north := box.Max.E7()
	b.add("row.cell >= 0")
	b.add("row.lng >= " + b.arg(west))
	b.add("row.lng <= " + b.arg(east))
	b.add("row.lat >= " + b.arg(south))
	b.add("row.lat <= " + b.arg(north))
}

// boxDriver yields the streams of the cells that a box meets: nearly those within it.
func boxDriver(q *journal.Query) driver {
	return func(b *builder) string {
		sql := "SELECT stream FROM (SELECT stream FROM row WHERE 1 = 0"
		for _, s := range q.Box.Spans(spans) {
			sql += " UNION ALL " + rowDriver(q, func(b *builder) {
				b.add("cell >= 0") // what the index is about
				b.add("cell >= " + b.arg(int64(s.From)))
				b.add("cell < " + b.arg(int64(s.Until)))
			})(b)
		}
		return sql + ") AS near"
	}
}

// fillPlaces gives rows that were written before places were kept the one that stands in their body. Every pack of that time
// called the field so.
func fillPlaces(c conn) error {
	log, stream := "", ""
	for {
		type placed struct {
			log, stream string
			at          geo.Point
		}
		var some []placed
		n := 0
		if err := c.query("SELECT log, stream, body FROM row WHERE log > $1 OR (log = $1 AND stream > $2) ORDER BY log, stream LIMIT 2000", []any{log, stream}, func(r cells) error {
			n++
			log, stream = r.text(0), r.text(1)
			if p := placeIn(r.bytes(2)); !p.IsZero() {
				some = append(some, placed{log, stream, p})
			}
			return nil
		}); err != nil || n == 0 {
			return err
		}
		for _, p := range some {
			lng, lat := p.at.E7()
			if _, err := c.exec("UPDATE row SET lng = $1, lat = $2, cell = $3 WHERE log = $4 AND stream = $5", lng, lat, int64(p.at.Cell()), p.log, p.stream); err != nil {
				return err
			}
		}
	}
}

// placeIn reads the field place of a row's body, the zero Point if there is none.
func placeIn(body []byte) geo.Point {
	if !bytes.Contains(body, []byte(`"place"`)) {
		return geo.Point{}
	}
	var fields struct {
		Place string `json:"place"`
	}
	if json.Unmarshal(body, &fields) != nil {
		return geo.Point{}
	}
	p, err := geo.ParsePoint(fields.Place)
	if err != nil {
		return geo.Point{}
	}
	return p
}

// placedRow is [selectRow] without what stands on a list: titles, numbers and bodies are left empty.
var placedRow = func() string {
	empty := map[string]string{"number": "''", "title": "''", "find": "''", "body": "'{}'"}
	names := slices.Clone(columnNames)
	for i, n := range names {
		if e, ok := empty[n]; ok {
			names[i] = e
		}
	}
	return "SELECT stream, " + strings.Join(names, ", ") + " FROM row"
}()

// MaxPlaced is the most rows of one answer of [Store.Placed].
const MaxPlaced = 10_000

// Placed returns the matters of a log that have a place and whose stream comes after one, at most so many, in the order of their
// streams and without title, number and body: a map that keeps them reads all of them so, some thousand at a time.
func (s *Store) Placed(ctx context.Context, log name.District, after name.ID, most int) (out []journal.Row, err error) {
	if most <= 0 || most > MaxPlaced {
		return nil, fmt.Errorf("%d rows at once, at most %d: %w", most, MaxPlaced, fault.ErrInvalid)
	}
	err = s.settled(ctx, "placed rows", func(c conn) error {
		out = out[:0]
		return c.query(placedRow+s.dialect.Hint(s.dialect.Key)+" WHERE log = $1 AND stream > $2 AND noun = 'matter' AND cell >= 0 ORDER BY stream LIMIT $3",
			[]any{string(log), string(after), most}, func(r cells) error {
				row, err := scanRow(r)
				out = append(out, row)
				return err
			})
	})
	return out, err
}
