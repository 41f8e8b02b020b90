package store

import (
	"fmt"

	"bihuan/ground/geo"
	"bihuan/kernel/journal"
)

// A driver writes a statement that yields, from an index alone, the streams that one filter
// of a query leaves.
type driver func(*builder) string

// drivers returns those that a query offers besides the streams that it names, see among.
func drivers(q *journal.Query) []driver {
	var out []driver
	add := func(wanted bool, d driver) {
		if wanted {
			out = append(out, d)
		}
	}
	add(len(q.Numbers) > 0, rowDriver(q, func(b *builder) { in(b, "number", q.Numbers) }))
	add(q.Parent != "", rowDriver(q, func(b *builder) { b.equal("parent", string(q.Parent)); b.add("parent <> ''") }))
	add(q.Person != "", rowDriver(q, func(b *builder) { b.equal("person", string(q.Person)); b.add("person <> ''"); b.open(q) }))
	for _, f := range q.Facets {
		add(true, facetDriver(q, f.Name, []string{f.Text}))
	}
	out = append(out, predicateDrivers(q)...)
	add(len(q.Units) > 0, rowDriver(q, func(b *builder) { in(b, "unit", q.Units); b.open(q); in(b, "kind", q.Kinds) }))
	add(len(q.Kinds) > 0, rowDriver(q, func(b *builder) { b.open(q); in(b, "kind", q.Kinds); in(b, "state", q.States) }))
	add(q.Box != geo.Box{}, boxDriver(q))
	add(q.Area != "", rowDriver(q, func(b *builder) { b.open(q); b.prefix("area", q.Area); b.add("area <> ''") }))
	add(q.Wake.Until != 0, rowDriver(q, func(b *builder) { b.between("wake", q.Wake, never); b.add(orderings[journal.ByWake].only) }))
	add(q.Due != journal.Between{}, rowDriver(q, func(b *builder) { b.open(q); b.between("due", q.Due, never) }))
	add(q.Opened != journal.Between{}, rowDriver(q, func(b *builder) { in(b, "kind", q.Kinds); b.between("opened", q.Opened, 0) }))
	add(q.Closed != journal.Between{} && len(q.Kinds) > 0, rowDriver(q, func(b *builder) { in(b, "kind", q.Kinds); b.between("closed", q.Closed, 0); b.add("closed > 0") }))
	add(!granted(q) && !q.Scope.Public && (q.Scope.There == nil || !q.Scope.There.Public), scopeDriver(q))
	return out
}

// open narrows to open or closed rows.
func (b *builder) open(q *journal.Query) { b.add("row.open IN " + oneOrBoth(q.Open)) }

// oneOrBoth names what is asked for, or both where it does not matter, so that what stands behind it in an index narrows too.
func oneOrBoth(open *bool) string {
	if open == nil {
		return "(0, 1)"
	}
	return fmt.Sprintf("(%d)", num(*open))
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
		sub.add("open IN " + oneOrBoth(q.Open))
		if len(q.Kinds) > 0 {
			sub.add("kind IN (" + list(sub, q.Kinds) + ")")
		}
		b.args = sub.args
		return "SELECT stream FROM facet WHERE " + sub.where()
	}
}

// textDriver yields the streams whose title or number holds the text, by reading the whole of
// the index that they stand in: slow at a million rows, but ten times faster than reading the rows.
func (s *Store) textDriver(q *journal.Query) driver {
	return func(b *builder) string {
		return "SELECT stream FROM row" + s.dialect.Hint("row_find") + " WHERE row.log = " + b.arg(string(q.Log)) + " AND " + b.finds(q.Text)
	}
}

func size(c conn, d driver, bound int) (n int, err error) {
	b := &builder{}
	sql := d(b)
	sql = fmt.Sprintf("SELECT count(*) FROM (%s LIMIT %s) AS some", sql, b.arg(bound))
	_, err = one(c, sql, b.args, func(r cells) { n = int(r.int(0)) })
	return n, err
}

// few is how many streams a filter of one question leaves at the most for the question to be led by it where others are to be had anyway: looking
// so many up costs less than looking at those.
const few = 64

// among returns what leads a query that names its streams: a filter that leaves few, otherwise nil, for the streams are looked up one by
// one as it is. To count them would cost as much as the question.
func among(c conn, q *journal.Query) (driver, error) {
	if q.Person == "" && q.Parent == "" && len(q.Facets)+len(q.Numbers) == 0 {
		return nil, nil // what is left narrows little
	}
	best, _, err := narrowest(c, drivers(q), 0, min(few, len(q.Streams)))
	return best, err
}

// firstCount is how far the drivers of a query are counted at first, and counting goes how many times further in each round.
const (
	firstCount = 128
	further    = 4
)

// lead returns the driver of a query that leaves fewest streams, best if they are at most
// narrow, wide if they are below the bound; otherwise nil. Where the query names its streams it is what among returns.
func (s *Store) lead(c conn, q *journal.Query, bound int) (best, wide driver, err error) {
	if len(q.Streams) > 0 {
		best, err = among(c, q)
		return best, best, err
	}
	wide, n, err := narrowest(c, drivers(q), 0, bound)
	if wide != nil && n <= s.narrow {
		best = wide
	}
	return best, wide, err
}

// narrowest returns the driver that leaves fewest streams and how many, nil if all leave more than so many as is known already, and the
// bound. They are counted side by side, each no further than the narrowest so far, so that a filter that leaves nearly
// everything costs no more than the one that leaves little.
func narrowest(c conn, all []driver, known, bound int) (best driver, least int, err error) {
	if len(all) == 0 {
		return nil, 0, nil
	}
	for upto := min(max(firstCount, known*further), bound); ; upto = min(upto*further, bound) {
		least = upto
		for _, d := range all {
			if least == 0 {
				break
			}
			n, err := size(c, d, least)
			if err != nil {
				return nil, 0, err
			}
			if n < least {
				least, best = n, d
			}
		}
		if best != nil || upto >= bound {
			return best, least, nil
		}
	}
}
