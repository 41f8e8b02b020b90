package store

import (
	"fmt"

	"bihuan/kernel/journal"
)

// A driver writes a statement that yields, from an index alone, the streams that one filter
// of a query leaves. The narrowest one leads the query if it is narrow enough.
type driver func(*builder) string

// drivers returns those that a query offers.
func drivers(q *journal.Query) []driver {
	var out []driver
	add := func(wanted bool, d driver) {
		if wanted {
			out = append(out, d)
		}
	}
	add(len(q.Streams) > 0, rowDriver(q, func(b *builder) { in(b, "stream", q.Streams) }))
	add(q.Parent != "", rowDriver(q, func(b *builder) { b.equal("parent", string(q.Parent)); b.add("parent <> ''") }))
	add(q.Person != "", rowDriver(q, func(b *builder) { b.equal("person", string(q.Person)); b.add("person <> ''") }))
	for _, f := range q.Facets {
		add(true, facetDriver(q, f.Name, []string{f.Text}))
	}
	for _, d := range predicateDrivers(q) {
		add(true, d)
	}
	add(len(q.Units) > 0, rowDriver(q, func(b *builder) { in(b, "unit", q.Units); b.open(q) }))
	add(len(q.Kinds) > 0, rowDriver(q, func(b *builder) { in(b, "kind", q.Kinds); b.open(q); in(b, "state", q.States) }))
	add(q.Area != "", rowDriver(q, func(b *builder) { b.prefix("area", q.Area); b.add("area <> ''") }))
	add(q.Wake.Until != 0, rowDriver(q, func(b *builder) { b.between("wake", q.Wake, never); b.add(orderings[journal.ByWake].only) }))
	add(q.Due.Until != 0, rowDriver(q, func(b *builder) { b.open(q); b.between("due", q.Due, never) }))
	add(q.Opened.From != 0, rowDriver(q, func(b *builder) { b.between("opened", q.Opened, 0) }))
	add(!q.Scope.All && !q.Scope.Public, scopeDriver(q))
	return out
}

// open narrows to open or closed rows; both are named where it does not matter, so that what
// stands behind it in an index narrows too.
func (b *builder) open(q *journal.Query) {
	if q.Open != nil {
		b.add("row.open = " + b.arg(num(*q.Open)))
	} else {
		b.add("row.open IN (0, 1)")
	}
}

func rowDriver(q *journal.Query, conds func(*builder)) driver {
	return func(b *builder) string {
		sub := &builder{args: b.args}
		sub.add("row.log = " + sub.arg(string(q.Log)))
		conds(sub)
		b.args = sub.args
		return "SELECT stream FROM row WHERE " + sub.where()
	}
}

func facetDriver[T ~string](q *journal.Query, facet string, texts []T) driver {
	return func(b *builder) string {
		sub := &builder{args: b.args}
		sub.add("log = " + sub.arg(string(q.Log)))
		sub.add("name = " + sub.arg(facet))
		sub.add("text IN (" + list(sub, texts) + ")")
		if len(q.Kinds) > 0 {
			sub.add("kind IN (" + list(sub, q.Kinds) + ")")
		}
		b.args = sub.args
		return "SELECT stream FROM facet WHERE " + sub.where()
	}
}

// scopeDriver yields what the asker may see by unit or person.
func scopeDriver(q *journal.Query) driver {
	return func(b *builder) string {
		sql := "SELECT stream FROM row WHERE 1 = 0"
		if u := q.Scope.Units; len(u) > 0 {
			sql += " UNION ALL " + rowDriver(q, func(b *builder) { in(b, "unit", u); b.open(q) })(b)
			sql += " UNION ALL " + facetDriver(q, journal.Involved, u)(b)
		}
		if p := q.Scope.Person; p != "" {
			sql += " UNION ALL " + rowDriver(q, func(b *builder) { b.equal("person", string(p)); b.add("person <> ''") })(b)
		}
		return sql
	}
}

// driver returns the narrowest driver of a query if its streams are few enough to be fetched
// and sorted one by one, and otherwise nil: then the order's index is walked until the page is
// full. At a million rows fetching 5,000 costs about as much as walking past the others does.
// Each driver is counted no further than the best so far.
func (s *Store) driver(c conn, q *journal.Query) (best driver, err error) {
	least := s.narrow + 1
	for _, d := range drivers(q) {
		b := &builder{}
		sql := d(b)
		n := 0
		sql = fmt.Sprintf("SELECT count(*) FROM (%s LIMIT %s) AS some", sql, b.arg(least))
		if _, err := one(c, sql, b.args, func(r cells) { n = int(r.int(0)) }); err != nil {
			return nil, err
		}
		if n < least {
			best, least = d, n
		}
		if least < 50 {
			break
		}
	}
	return best, nil
}
