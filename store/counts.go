package store

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

// maxCounts is how many questions are counted at a time; each is a part of one statement.
const maxCounts = 20

// Counts returns how many rows each of several queries asks for, in their order, each counted up to most as [Store.Tally] does: 1 to 20 queries of
// one log, time and scope. Those that ask for the same streams, and alike for what is open, are counted in one pass over what they have in
// common, where that leaves little; the others one by one. It wraps [fault.ErrInvalid] for no or too many queries, and for what is not of one
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
	err = s.settled(ctx, "counts", func(c conn) error {
		counts = make([]int64, len(all))
		for _, g := range alike(all) {
			if err := s.together(c, all, g, most, counts); err != nil {
				return err
			}
		}
		return nil
	})
	return counts, err
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
	if len(group) > 1 {
		q := common(all, group)
		bound := s.narrow / turns[1].count
		if q.Scope.All {
			bound = s.narrow / turns[0].count // most of what these ask for is counted from an index alone
		}
		best, _, err := narrowest(c, drivers(&q), 0, max(1, bound))
		if err != nil {
			return err
		}
		if best != nil {
			return s.onePass(c, &q, best, all, group, most, counts)
		}
	}
	for _, i := range group {
		n, err := s.upTo(c, all[i], covering(&journal.Tally{Query: *all[i]}), int(most))
		if err != nil {
			return err
		}
		counts[i] = n
	}
	return nil
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

// onePass counts a group among the rows of what its queries have in common, which a driver leads to.
func (s *Store) onePass(c conn, q *journal.Query, lead driver, all []*journal.Query, group []int, most int64, counts []int64) error {
	b := s.filter(q)
	b.add("row.stream IN (" + lead(b) + ")")
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
