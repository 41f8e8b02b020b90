package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

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
	if index := covering(t); index != "" {
		b.open(&t.Query)
		hint = s.dialect.Hint(index)
	} else if _, best, err := s.lead(c, &t.Query, s.narrow*tallyBound); err != nil {
		return err
	} else if best != nil || len(t.Query.Streams) > 0 {
		if best != nil {
			b.add("row.stream IN (" + best(b) + ")")
		}
		hint = s.dialect.Hint(s.dialect.Key)
		if t.By != "state" {
			hint = s.byStream(&t.Query)
		}
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

// atMost counts the rows of a query up to a bound, and no further: led by what leaves little; from an index that knows all that is asked; or
// else by looking through what the drivers leave until there are enough, and where that takes long along the index of due times,
// as lists ask for them.
func (s *Store) atMost(c conn, t *journal.Tally, out *[]journal.Bucket) error {
	n, err := s.upTo(c, &t.Query, covering(t), int(t.Most))
	*out = []journal.Bucket{{Count: n}}
	return err
}

func (s *Store) upTo(c conn, q *journal.Query, index string, most int) (int64, error) {
	if len(q.Streams) > 0 {
		return s.amongThem(c, q, most)
	}
	all, bound := drivers(q), s.narrow
	if index != "" {
		bound = max(1, bound/turns[0].count) // looking so many up costs as much as walking past all that is open
	}
	if len(all) == 1 && index == "" && most <= fewMissing { // counting what it leaves would cost more than looking at the first
		if n, err := s.amongFirst(c, q, all[0], max(firstLook, 2*most), most); err != nil || n == int64(most) {
			return n, err
		}
	}
	best, _, err := narrowest(c, all, 0, bound)
	switch {
	case err != nil:
		return 0, err
	case best == nil && index != "":
		return s.walked(c, q, index, most)
	case best == nil:
		if n, err := s.lookedThrough(c, q, all, most); err != nil || n == int64(most) {
			return n, err
		}
		if best, _, err = narrowest(c, all, s.narrow, s.narrow*tallyBound); err != nil {
			return 0, err
		}
	}
	if best == nil {
		return s.walked(c, q, "row_due", most)
	}
	b := s.filter(q)
	b.add("row.stream IN (" + best(b) + ")")
	return number(c, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM row%s WHERE %s LIMIT %s) AS some", s.byStream(q), b.where(), b.arg(most)), b.args)
}

// amongThem counts among the streams that a query names.
func (s *Store) amongThem(c conn, q *journal.Query, most int) (int64, error) {
	lead, err := among(c, q)
	if err != nil {
		return 0, err
	}
	b := s.filter(q)
	if lead != nil {
		b.add("row.stream IN (" + lead(b) + ")")
	}
	return number(c, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM row%s WHERE %s LIMIT %s) AS some", s.byStream(q), b.where(), b.arg(most)), b.args)
}

// walked counts along an index. What is red stands in two places of that of due times.
func (s *Store) walked(c conn, q *journal.Query, index string, most int) (int64, error) {
	b := s.filter(q)
	b.open(q)
	limit := b.arg(most)
	places := []string{""}
	if isRed(q) && q.Open != nil && *q.Open {
		places = []string{"row.due <= " + b.arg(q.Now), "row.due = " + b.arg(int64(never))}
	}
	var arms []string
	for _, place := range places {
		arms = append(arms, fmt.Sprintf("SELECT * FROM (SELECT 1 FROM row%s WHERE %s LIMIT %s) AS some", s.dialect.Hint(index), and(place, b.where()), limit))
	}
	return number(c, fmt.Sprintf("SELECT count(*) FROM (%s LIMIT %s) AS some", strings.Join(arms, " UNION ALL "), limit), b.args)
}

// How many streams of a driver are looked at first, and how many for each row that is to be counted at the most.
const (
	firstLook  = 256
	mostLook   = 8
	fewMissing = 500 // of so many rows that are to be counted at the most the first streams are looked at before anything is counted
)

// lookedThrough counts up to a bound of what drivers leave by looking at the first streams of each, and then at those of the one where most
// are what is asked for, if that promises to be enough. What it returns below the bound is not all.
func (s *Store) lookedThrough(c conn, q *journal.Query, all []driver, most int) (n int64, err error) {
	var best driver
	for _, d := range all {
		some, err := s.amongFirst(c, q, d, firstLook, most)
		if err != nil || some == int64(most) {
			return some, err
		}
		if some > n {
			n, best = some, d
		}
	}
	if n*mostLook < firstLook {
		return 0, nil
	}
	return s.amongFirst(c, q, best, most*mostLook, most)
}

// amongFirst counts up to a bound what is asked for among the first streams of a driver, which may yield one twice.
func (s *Store) amongFirst(c conn, q *journal.Query, d driver, first, most int) (int64, error) {
	b := s.filter(q)
	led := d(b)
	return number(c, fmt.Sprintf("SELECT count(*) FROM (SELECT DISTINCT led.stream FROM (SELECT stream FROM (%s) AS everything LIMIT %s) AS led CROSS JOIN row%s WHERE %s AND row.stream = led.stream LIMIT %s) AS some",
		led, b.arg(first), s.byStream(q), b.where(), b.arg(most)), b.args)
}

// number runs a statement that yields one number.
func number(c conn, sql string, args []any) (n int64, err error) {
	_, err = one(c, sql, args, func(r cells) { n = r.int(0) })
	return n, err
}

// covering returns the index in which everything stands that a tally asks for, that of boards or that of due times; empty if none has it.
func covering(t *journal.Tally) string {
	q := t.Query
	boards := journal.Query{Log: q.Log, Now: q.Now, Scope: q.Scope, Noun: q.Noun, Kinds: q.Kinds, States: q.States, Open: q.Open, Units: q.Units}
	due := journal.Query{Log: q.Log, Now: q.Now, Scope: q.Scope, Noun: q.Noun, Kinds: q.Kinds, Open: q.Open, Units: q.Units, Due: q.Due}
	if isRed(&q) {
		due.Lights = q.Lights
	}
	switch {
	case !q.Scope.All || t.Sum != "":
	case slices.Contains([]string{"", "state", "unit", "kind"}, t.By) && reflect.DeepEqual(q, boards):
		return "row_board"
	case slices.Contains([]string{"", "unit", "kind"}, t.By) && reflect.DeepEqual(q, due):
		return "row_due"
	}
	return ""
}

// isRed reports whether a query asks for what is overdue.
func isRed(q *journal.Query) bool { return len(q.Lights) == 1 && q.Lights[0] == "red" }

func facetJoin(b *builder, as, facet string) string {
	return fmt.Sprintf(" LEFT JOIN facet AS %[1]s ON %[1]s.log = row.log AND %[1]s.stream = row.stream AND %[1]s.name = %[2]s", as, b.arg(facet))
}
