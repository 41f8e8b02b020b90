package store

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Together returns the first rows of what several queries ask for, all of them taken together: 1 to 20 queries of one log, time, scope, order and
// limit, by due time or the newest first, without a cursor. Each row comes once, whichever ask for it. There is no next page.
// It wraps [fault.ErrInvalid] for none or too many queries, and for what is not of one kind.
//
// Of each query only streams and their places in the order are read, and the rows of those that are on the page.
func (s *Store) Together(ctx context.Context, queries []journal.Query) (rows []journal.Row, err error) {
	all, o, err := ofOneOrder(queries)
	if err != nil {
		return nil, err
	}
	err = s.settled(ctx, "rows of several", func(c conn) error {
		var places []ranked
		for i := range all {
			w := walk{s: s, c: c, q: &all[i], o: o, page: &journal.Page{}, bare: true}
			if err := w.fill(); err != nil {
				return err
			}
			places = append(places, w.places...)
		}
		rows, err = o.first(places, all[0].Limit).whole(c, &all[0])
		return err
	})
	return rows, err
}

// ofOneOrder checks that queries can be answered together, and returns them with their order.
func ofOneOrder(queries []journal.Query) (all []journal.Query, o ordering, err error) {
	if len(queries) == 0 || len(queries) > maxCounts {
		return nil, o, fmt.Errorf("%d queries together: %w", len(queries), fault.ErrInvalid)
	}
	all = slices.Clone(queries)
	for i := range all {
		q := &all[i]
		q.Order, q.Limit = cmp.Or(q.Order, journal.ByDue), cmp.Or(q.Limit, 50)
		if err := checkQuery(q); err != nil {
			return nil, o, err
		}
		f := &all[0]
		if q.Log != f.Log || q.Now != f.Now || q.Order != f.Order || q.Limit != f.Limit || q.Cursor != "" || !reflect.DeepEqual(q.Scope, f.Scope) {
			return nil, o, fmt.Errorf("query %d is of another log, time, scope, order or limit than the first, or of a later page: %w", i, fault.ErrInvalid)
		}
	}
	if o = orderings[all[0].Order]; o.column != "due" && o.column != "opened" {
		return nil, o, fmt.Errorf("several queries by %q: %w", all[0].Order, fault.ErrInvalid)
	}
	return all, o, nil
}

// ranked is a stream with its place in an order.
type ranked struct {
	stream name.ID
	at     int64
}

// chosen are streams in their order.
type chosen []name.ID

// first returns the first streams of an order, each once.
func (o ordering) first(places []ranked, limit int) chosen {
	slices.SortFunc(places, func(a, b ranked) int {
		x, y := a.at, b.at
		if o.down {
			x, y = y, x
		}
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.stream, b.stream))
	})
	places = slices.Compact(places)
	var streams chosen
	for _, p := range places[:min(len(places), limit)] {
		streams = append(streams, p.stream)
	}
	return streams
}

// whole reads the rows of streams.
func (streams chosen) whole(c conn, q *journal.Query) ([]journal.Row, error) {
	if len(streams) == 0 {
		return nil, nil
	}
	b := &builder{}
	b.add("row.log = " + b.arg(string(q.Log)))
	in(b, "stream", streams)
	at := make(map[name.ID]int, len(streams))
	for i, stream := range streams {
		at[stream] = i
	}
	rows := make([]journal.Row, len(streams))
	return rows, c.query("SELECT "+listed+" FROM row WHERE "+b.where(), b.args, func(r cells) error {
		row, err := scanRow(r)
		row.Light = row.LightAt(q.Now)
		rows[at[row.Stream]] = row
		return err
	})
}
