package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

// columns that a tally may count by, besides the names of facets.
var tallyColumns = []string{"state", "unit", "person", "area", "light", "kind"}

// MaxBuckets is the most lines of a tally.
const MaxBuckets = 10000

// Tally counts the rows of a query by a column or a facet, and adds a facet up. Lines come
// in the order of their key. Counting by nothing yields one line, also when there are no rows.
// By a facet, a row counts once for each of its texts, and one without the facet under "".
// It wraps [fault.ErrInvalid] if there are more than [MaxBuckets] keys.
func (s *Store) Tally(ctx context.Context, t journal.Tally) (out []journal.Bucket, err error) {
	t.Query.Order, t.Query.Cursor, t.Query.Limit = "", "", 0
	if err := checkQuery(&t.Query); err != nil {
		return nil, err
	}
	if t.Most < 0 || t.Most > 0 && (t.By != "" || t.Sum != "") {
		return nil, fmt.Errorf("a tally of at most %d by %q: %w", t.Most, t.By+t.Sum, fault.ErrInvalid)
	}
	err = s.settled(ctx, "tally", func(c conn) error {
		out = nil
		if t.Most > 0 {
			return s.atMost(c, &t, &out)
		}
		return s.tally(c, &t, &out)
	})
	if err == nil && t.By == "" && len(out) == 0 {
		out = []journal.Bucket{{}}
	}
	return out, err
}

func (s *Store) tally(c conn, t *journal.Tally, out *[]journal.Bucket) error {
	b := s.filter(&t.Query)
	hint := ""
	if covered(t) {
		b.open(&t.Query)
		hint = s.dialect.Hint("row_board")
	} else if _, best, err := s.lead(c, &t.Query, s.narrow*tallyBound); err != nil {
		return err
	} else if best != nil {
		b.add("row.stream IN (" + best(b) + ")")
		hint = s.dialect.Hint(s.dialect.Key)
	}
	join, key := "", "''"
	switch {
	case t.By == "":
	case t.By == "light":
		key = b.light(t.Query.Now)
	case slices.Contains(tallyColumns, t.By):
		key = "row." + t.By
	default:
		join, key = facetJoin(b, "by_facet", t.By), "COALESCE(by_facet.text, '')"
	}
	sum := "0"
	if t.Sum != "" {
		sum = "COALESCE(SUM((SELECT SUM(facet.number) FROM facet WHERE facet.log = row.log AND facet.stream = row.stream AND facet.name = " + b.arg(t.Sum) + ")), 0)"
	}
	sql := fmt.Sprintf("SELECT %s AS bucket, count(*), %s FROM row%s%s WHERE %s GROUP BY bucket ORDER BY bucket LIMIT %s",
		key, sum, hint, join, b.where(), b.arg(MaxBuckets+1))
	err := c.query(sql, b.args, func(r cells) error {
		*out = append(*out, journal.Bucket{Key: r.text(0), Count: r.int(1), Sum: r.int(2)})
		return nil
	})
	if err == nil && len(*out) > MaxBuckets {
		err = fmt.Errorf("more than %d different values of %s: %w", MaxBuckets, t.By, fault.ErrInvalid)
	}
	return err
}

// atMost counts the rows of a query up to a bound: led by what narrows most, or along the index of boards, and no further.
func (s *Store) atMost(c conn, t *journal.Tally, out *[]journal.Bucket) error {
	b := s.filter(&t.Query)
	hint := ""
	if covered(t) {
		b.open(&t.Query)
		hint = s.dialect.Hint("row_board")
	} else if _, wide, err := s.lead(c, &t.Query, s.narrow*tallyBound); err != nil {
		return err
	} else if wide != nil {
		b.add("row.stream IN (" + wide(b) + ")")
		hint = s.dialect.Hint(s.dialect.Key)
	} else { // there are many: the nearest due are met first, as lists ask for them
		b.open(&t.Query)
		hint = s.dialect.Hint("row_due")
	}
	sql := fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM row%s WHERE %s LIMIT %s) AS some", hint, b.where(), b.arg(t.Most))
	return c.query(sql, b.args, func(r cells) error {
		*out = []journal.Bucket{{Count: r.int(0)}}
		return nil
	})
}

// covered reports whether a tally asks only for what stands in the index of boards.
func covered(t *journal.Tally) bool {
	q := t.Query
	plain := journal.Query{Log: q.Log, Now: q.Now, Scope: q.Scope, Noun: q.Noun, Kinds: q.Kinds, States: q.States, Open: q.Open, Units: q.Units}
	return q.Scope.All && t.Sum == "" && slices.Contains([]string{"", "state", "unit", "kind"}, t.By) && reflect.DeepEqual(q, plain)
}

func facetJoin(b *builder, as, facet string) string {
	return fmt.Sprintf(" LEFT JOIN facet AS %[1]s ON %[1]s.log = row.log AND %[1]s.stream = row.stream AND %[1]s.name = %[2]s", as, b.arg(facet))
}
