package store

import (
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// listing is a way to a page: led by a driver, or along the order's index, no more than walk rows behind the first skip if that is not 0.
type listing struct {
	lead       driver
	skip, walk int
	bare       bool // stream and place are all that is asked for
}

func (w *walk) list(l listing) error {
	l.bare = w.bare
	b := w.s.filter(w.q)
	b.add(w.o.only)
	if w.from != nil {
		b.behind(w.o, w.from)
	}
	return w.c.query(w.s.statement(b, w.q, w.o, l), b.args, func(r cells) error {
		if w.bare {
			w.places = append(w.places, ranked{name.ID(r.text(0)), r.int(1)})
			return nil
		}
		row, err := scanRow(r)
		row.Light = row.LightAt(w.q.Now)
		w.page.Rows = append(w.page.Rows, row)
		return err
	})
}

// statement writes the statement of a listing.
func (s *Store) statement(b *builder, q *journal.Query, o ordering, l listing) string {
	order := "row." + o.column + o.direction() + ", row.stream"
	limit := b.arg(q.Limit + 1)
	columns := listed
	if l.bare {
		columns = "row.stream, row." + o.column
	}
	named := len(q.Streams) > 0
	live := liveKnows(q) && (o.column == "due" || o.column == "opened")
	from := "row" + s.dialect.Hint(s.dialect.Key)
	if live {
		from = "row" + s.dialect.Hint("row_live")
	}
	switch {
	case l.lead != nil:
		b.add("row.stream IN (" + l.lead(b) + ")")
	case named: // and looked up one by one
	case l.walk > 0: // the beginning of the order is cut out of its index first, then looked at
		from = "(" + s.part(b, q, o, l) + ") AS part CROSS JOIN " + from
		b.add("row.stream = part.at")
	default:
		index, places := o.along(b, q)
		from = "row" + s.dialect.Hint(index)
		return arms(places, func(place string) string {
			return fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %s", columns, from, and(place, b.where()), order, limit)
		}, o.column+o.direction()+", stream", limit)
	}
	if (live || named) && !l.bare { // what is not on the page is not fetched
		return s.fetched(fmt.Sprintf("SELECT row.stream AS at, row.%s AS place FROM %s WHERE %s ORDER BY %s LIMIT %s", o.column, from, b.where(), order, limit), o)
	}
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %s", columns, from, b.where(), order, limit)
}

// fetched writes a statement for the rows of a page that another one yields by stream and place in the order.
func (s *Store) fetched(sql string, o ordering) string {
	return fmt.Sprintf("SELECT %s FROM (%s) AS chosen CROSS JOIN row%s WHERE row.log = $1 AND row.stream = chosen.at ORDER BY chosen.place%s, chosen.at",
		listed, sql, s.dialect.Hint(s.dialect.Key), o.direction())
}

// isOpen reports whether a query asks for what is open and nothing else.
func isOpen(q *journal.Query) bool { return q.Open != nil && *q.Open }

// liveKnows reports whether the index of what is open, row_live, knows all that a query asks; facets have a table of their own.
func liveKnows(q *journal.Query) bool {
	return isOpen(q) && q.Parent == "" && q.Where == nil && q.Text == "" && len(q.Numbers) == 0 && q.Box == (geo.Box{}) &&
		q.Closed == (journal.Between{}) && q.Wake == (journal.Between{})
}

// byStream returns the index in which the rows of a query are looked up by their streams.
func (s *Store) byStream(q *journal.Query) string {
	if liveKnows(q) {
		return s.dialect.Hint("row_live")
	}
	return s.dialect.Hint(s.dialect.Key)
}

// part writes a statement for streams of an order that lie together in it, from its index alone.
func (s *Store) part(b *builder, q *journal.Query, o ordering, l listing) string {
	part := &builder{args: b.args, conds: slices.Clone(b.place)}
	part.add("row.log = $1") // the first argument of every filter
	part.add(o.only)
	part.between(o.column, o.of(q), o.none())
	if o.index == "row_due" { // which knows more than the order
		part.equal("noun", string(q.Noun))
		in(part, "kind", q.Kinds)
		in(part, "unit", q.Units)
	}
	first := part.arg(l.skip + l.walk)
	index, places := o.along(part, q)
	b.args = part.args
	sql := arms(places, func(place string) string {
		return fmt.Sprintf("SELECT row.stream AS at, row.%s AS place FROM row%s WHERE %s ORDER BY row.%s%s, row.stream LIMIT %s",
			o.column, s.dialect.Hint(index), and(place, part.where()), o.column, o.direction(), first)
	}, "place"+o.direction()+", at", first)
	if l.skip == 0 {
		return sql
	}
	return fmt.Sprintf("SELECT * FROM (%s) AS passed ORDER BY place%s, at LIMIT %s OFFSET %s", sql, o.direction(), b.arg(l.walk), b.arg(l.skip))
}

// mostPlaces is how many places of an index are read side by side; a statement for more would be long.
const mostPlaces = 16

// along returns the index that a query is walked along, and the places in it, each in the order, in which what is asked for stands.
func (o ordering) along(b *builder, q *journal.Query) (index string, places []string) {
	switch {
	case o.split && q.Open != nil:
		return o.index, []string{fmt.Sprintf("row.open = %d", num(*q.Open))}
	case o.split:
		return o.index, []string{"row.open = 0", "row.open = 1"}
	case o.byKind != "" && len(q.Kinds) > 0 && len(q.Kinds) <= mostPlaces:
		for i, k := range q.Kinds {
			if !slices.Contains(q.Kinds[:i], k) {
				places = append(places, "row.kind = "+b.arg(k))
			}
		}
		return o.byKind, places
	}
	return o.index, []string{""}
}

// arms writes a statement for what stands in one place of an index, or the beginning of what several yield, taken together.
func arms(places []string, arm func(place string) string, order, limit string) string {
	if len(places) == 1 {
		return arm(places[0])
	}
	var all []string
	for _, p := range places {
		all = append(all, fmt.Sprintf("SELECT * FROM (%s) AS some", arm(p)))
	}
	return fmt.Sprintf("SELECT * FROM (%s) AS page ORDER BY %s LIMIT %s", strings.Join(all, " UNION ALL "), order, limit)
}

func (o ordering) direction() string {
	if o.down {
		return " DESC"
	}
	return ""
}
