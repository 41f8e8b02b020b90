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

// maxCounts is how many questions are counted at a time; each is a part of one statement.
const maxCounts = 20

// Counts returns how many rows each of several queries asks for, in their order, each counted up to most as [Store.Tally] does: 1 to 20 queries of
// one log, time and scope. Those that ask for the same streams, and alike for what is open, are counted in one pass over what they have in
// common, where that leaves little; the others one by one. Of one that asks for what is open and closed beside some that ask for what is open, the
// open part is counted with these, and of the closed only what is missing. It wraps [fault.ErrInvalid] for no or too many queries, and for what is not of one
// log, time and scope.
func (s *Store) Counts(ctx context.Context, queries []journal.Query, most int64) (counts []int64, err error) {
	if len(queries) == 0 || len(queries) > maxCounts || most <= 0 {
		return nil, fmt.Errorf("%d counts up to %d: %w", len(queries), most, fault.ErrInvalid)
	}
	all := make([]*journal.Query, len(queries))
	for i := range queries {
		q := queries[i]
		q.Order, q.Cursor, q.Limit = "", "", 0
		if err := checkQuery(&q); err != nil {
			return nil, err
		}
		if q.Log != queries[0].Log || q.Now != queries[0].Now || !reflect.DeepEqual(q.Scope, queries[0].Scope) {
			return nil, fmt.Errorf("count %d is of another log, time or scope than the first: %w", i, fault.ErrInvalid)
		}
		all[i] = &q
	}
	halves := halve(all)
	err = s.settled(ctx, "counts", func(c conn) error {
		counts = make([]int64, len(all))
		for _, g := range alike(all) {
			if err := s.together(c, all, g, most, counts); err != nil {
				return err
			}
		}
		for _, closed := range halves {
			if missing := most - counts[closed.of]; missing > 0 {
				n, err := s.upTo(c, &closed.rest, "", int(missing))
				if err != nil {
					return err
				}
				counts[closed.of] += n
			}
		}
		return nil
	})
	return counts, err
}

// half is what is closed of what a query asks for.
type half struct {
	of   int
	rest journal.Query
}

// halve narrows queries for what is open and closed to what is open, where others ask for that anyway and no index knows all that they ask,
// and returns their other halves.
func halve(all []*journal.Query) (halves []half) {
	if !slices.ContainsFunc(all, func(q *journal.Query) bool { return isOpen(q) && len(q.Streams) == 0 }) {
		return nil
	}
	yes, no := true, false
	for i, q := range all {
		if q.Open != nil || len(q.Streams) > 0 || q.Scope.All {
			continue
		}
		h := half{i, *q}
		q.Open, h.rest.Open = &yes, &no
		halves = append(halves, h)
	}
	return halves
}

// alike groups queries by their place: those of a group ask for the same streams, and for what is open, closed or both.
func alike(all []*journal.Query) (groups [][]int) {
next:
	for i, q := range all {
		for g, of := range groups {
			if first := all[of[0]]; reflect.DeepEqual(first.Open, q.Open) && reflect.DeepEqual(first.Streams, q.Streams) {
				groups[g] = append(of, i)
				continue next
			}
		}
		groups = append(groups, []int{i})
	}
	return groups
}

// together counts a group in one pass if what its queries have in common leaves little, and otherwise one by one.
func (s *Store) together(c conn, all []*journal.Query, group []int, most int64, counts []int64) error {
	alone, shared := group, []int(nil)
	if len(group) > 1 {
		q := common(all, group)
		bound := s.narrow / turns[1].count
		if q.Scope.All {
			bound = s.narrow / turns[0].count // most of what these ask for is counted from an index alone
		}
		var best driver
		ways, least, err := drivers(&q), len(q.Streams), error(nil)
		if least == 0 {
			best, least, err = narrowest(c, ways, 0, max(1, bound))
		}
		if err != nil {
			return err
		}
		if best != nil || len(q.Streams) > 0 {
			if alone, shared, err = parted(c, &q, all, group, least); err != nil {
				return err
			}
			seen := granted(&q)
			if !seen && isExact(&q.Scope) {
				if seen = best != nil && len(ways) == 1; !seen { // otherwise that is what leads
					if best, seen, err = seenExactly(c, &q, best, least); err != nil {
						return err
					}
				}
			}
			if err := s.onePass(c, &q, best, seen, all, shared, most, counts); err != nil {
				return err
			}
		}
	}
	for _, i := range alone {
		n, err := s.upTo(c, all[i], covering(&journal.Tally{Query: *all[i]}), int(most))
		if err != nil {
			return err
		}
		counts[i] = n
	}
	return nil
}

// parted tells those of a group that a filter of their own leaves few of from those that are counted together among so many.
func parted(c conn, common *journal.Query, all []*journal.Query, group []int, among int) (alone, shared []int, err error) {
	for _, i := range group {
		own := besides(all[i], common)
		own.Log, own.Open, own.Kinds = all[i].Log, all[i].Open, all[i].Kinds // by which an index is narrowed further
		own.Scope = journal.Scope{All: true}                                 // which has no filter: what the asker may see is in common
		var filters []driver
		if own.Person != "" || len(own.Facets) > 0 {
			filters = drivers(own)
		}
		narrow, _, err := narrowest(c, filters, 0, min(few, among))
		if err != nil {
			return nil, nil, err
		}
		if narrow != nil {
			alone = append(alone, i)
		} else {
			shared = append(shared, i)
		}
	}
	return alone, shared, nil
}

// common is what all queries of a group ask for: each field that is the same in all of them.
func common(all []*journal.Query, group []int) journal.Query {
	out := *all[group[0]]
	fields := reflect.ValueOf(&out).Elem()
	for _, i := range group[1:] {
		other := reflect.ValueOf(all[i]).Elem()
		for f := range fields.NumField() {
			if !reflect.DeepEqual(fields.Field(f).Interface(), other.Field(f).Interface()) {
				fields.Field(f).SetZero()
			}
		}
	}
	return out
}

// besides is what a query asks for that is not in common.
func besides(q *journal.Query, common *journal.Query) *journal.Query {
	out := *q
	fields, of := reflect.ValueOf(&out).Elem(), reflect.ValueOf(common).Elem()
	for f := range fields.NumField() {
		if reflect.DeepEqual(fields.Field(f).Interface(), of.Field(f).Interface()) {
			fields.Field(f).SetZero()
		}
	}
	out.Now = q.Now
	return &out
}

// onePass counts a group among the rows of what its queries have in common to which a driver leads, or, without one, that they name. seen says that
// the asker may see all of those.
func (s *Store) onePass(c conn, q *journal.Query, lead driver, seen bool, all []*journal.Query, group []int, most int64, counts []int64) error {
	if len(group) == 0 {
		return nil
	}
	b := &builder{}
	b.add("row.log = " + b.arg(string(q.Log)))
	if !seen {
		b.add(scope(b, q.Scope))
	}
	b.narrow(q)
	if lead != nil {
		b.add("row.stream IN (" + lead(b) + ")")
	}
	knows := liveKnows(q)
	var sums []string
	for _, i := range group {
		part := &builder{args: b.args}
		part.add("1 = 1") // also where a query asks for nothing besides
		part.narrow(besides(all[i], q))
		b.args = part.args
		sums = append(sums, fmt.Sprintf("COALESCE(SUM(CASE WHEN %s THEN 1 ELSE 0 END), 0)", part.where()))
		knows = knows && liveKnows(all[i])
	}
	hint := s.dialect.Hint(s.dialect.Key)
	if knows {
		hint = s.dialect.Hint("row_live")
	}
	_, err := one(c, fmt.Sprintf("SELECT %s FROM row%s WHERE %s", strings.Join(sums, ", "), hint, b.where()), b.args, func(r cells) {
		for k, i := range group {
			counts[i] = min(r.int(k), most)
		}
	})
	return err
}

// isExact reports whether the driver of a scope yields what the asker may see and nothing else: places are found by their beginning and then looked
// at, and what is public has no index.
func isExact(s *journal.Scope) bool { return !s.Public && s.There == nil }

// seenExactly returns the driver of all that the asker may see in place of what leads to so many streams, so that the scope need not be asked of each
// row again, if it leaves no more.
func seenExactly(c conn, q *journal.Query, lead driver, most int) (driver, bool, error) {
	d := scopeDriver(q)
	n, err := size(c, d, most+1)
	if err != nil || n > most {
		return lead, false, err
	}
	return d, true, nil
}
