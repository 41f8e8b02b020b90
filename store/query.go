package store

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Limits of a question.
const (
	MaxPage   = 500 // rows of one page
	maxChoice = 500 // values of one filter
	maxSearch = 200 // bytes of a text searched for
)

// ordering is how an order is kept: by a column and an index on (log, column, stream).
type ordering struct {
	column, index string
	down, number  bool
	only          string // condition that the index needs
	split         bool   // the index is on (log, open, column, stream)
	byKind        string // an index on (log, kind, column, stream)
}

var orderings = map[journal.Order]ordering{
	journal.ByDue:    {column: "due", index: "row_due", number: true, split: true},
	journal.ByOpened: {column: "opened", index: "row_opened", byKind: "row_kind_opened", number: true, down: true},
	journal.ByNumber: {column: "number", index: "row_number"},
	journal.ByTitle:  {column: "find", index: "row_find"},
	journal.ByWake:   {column: "wake", index: "row_wake", number: true, only: "wake < 9223372036854775807"},
}

// of returns the interval of a query over the order's column.
func (o ordering) of(q *journal.Query) journal.Between {
	switch o.column {
	case "due":
		return q.Due
	case "opened":
		return q.Opened
	case "wake":
		return q.Wake
	}
	return journal.Between{}
}

// none is what stands in the column where there is no instant.
func (o ordering) none() int64 {
	if o.column == "opened" {
		return 0
	}
	return never
}

// Rows returns one page of the rows that a query asks for and its scope allows.
//
// The order is the query's, [journal.ByDue] if it has none, and ties go by stream.
// [journal.ByWake] leaves out what never wakes; an interval leaves out rows without that instant.
// A cursor goes on behind the last row of its page, also when rows came or went meanwhile.
// It wraps [fault.ErrInvalid] for an unknown order, a limit passed, or a cursor of another query.
func (s *Store) Rows(ctx context.Context, q journal.Query) (journal.Page, error) {
	if q.Order == "" {
		q.Order = journal.ByDue
	}
	o, known := orderings[q.Order]
	if !known {
		return journal.Page{}, fmt.Errorf("order %q: %w", q.Order, fault.ErrInvalid)
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	if err := checkQuery(&q); err != nil {
		return journal.Page{}, err
	}
	from, err := parseCursor(&q)
	if err != nil {
		return journal.Page{}, err
	}
	var page journal.Page
	err = s.settled(ctx, "rows", func(c conn) error {
		page = journal.Page{}
		w := walk{s: s, c: c, q: &q, o: o, from: from, page: &page}
		return w.fill()
	})
	return page, err
}

// fill fills a page. There are two ways to it: led by a driver, which costs all that it leaves, fetched and sorted; or along the
// order's index until the page is full. Nobody knows before which is shorter, so the drivers are counted and the order is walked by turns,
// each time further; then whatever narrows most leads, and where all leave much the order is walked to its end.
func (w *walk) fill() error {
	lead, err := w.begin()
	if err == nil && !w.full() {
		w.page.Rows, w.places = w.page.Rows[:0], w.places[:0]
		err = w.list(listing{lead: lead})
	}
	if w.full() && w.bare {
		w.places = w.places[:w.q.Limit]
	} else if w.full() {
		w.page.Rows = w.page.Rows[:w.q.Limit]
		w.page.Next = newCursor(w.q, w.o, &w.page.Rows[w.q.Limit-1])
	}
	return err
}

// walk goes along an order.
type walk struct {
	s    *Store
	c    conn
	q    *journal.Query
	o    ordering
	from *place
	page *journal.Page
	past int // rows that it has come past

	bare   bool // places are looked for in place of rows, see [Store.Together]
	places []ranked
}

// found is how many rows, or places of rows, are found.
func (w *walk) found() int { return len(w.page.Rows) + len(w.places) }

func (w *walk) full() bool { return w.found() > w.q.Limit }

// turns are how far drivers are counted and then the order is walked, as parts of [Options.Narrow]. A row that is walked past is looked
// up, which costs as much as counting some twenty.
var turns = []struct{ count, walk int }{{8, 16}, {2, 4}, {1, 1}}

// begin returns what leads a page, nil for nothing, unless it has filled the page.
func (w *walk) begin() (driver, error) {
	if len(w.q.Streams) > 0 {
		return among(w.c, w.q)
	}
	all, narrow, known := drivers(w.q), w.s.narrow, 0
	if len(all) == 0 && w.q.Text == "" {
		return nil, nil
	}
	for _, t := range turns {
		bound := max(1, narrow/t.count)
		best, _, err := narrowest(w.c, all, known, bound)
		if err != nil || best != nil {
			return best, err
		}
		known = bound
		if err := w.on(max(1, narrow/t.walk)); err != nil || w.full() {
			return nil, err
		}
	}
	wide, _, err := narrowest(w.c, all, known, narrow*listBound)
	if wide == nil && w.q.Text != "" {
		wide = w.s.textDriver(w.q)
	}
	return wide, err
}

// steps is into how many steps the longest way is cut at the most.
const steps = 16

// on goes on until the page is full or so many rows are passed, by steps as long as what was found on the way lets expect to be enough.
func (w *walk) on(until int) error {
	for w.past < until && !w.full() {
		step := max(1, w.s.narrow/steps)
		if found := w.found(); found > 0 {
			step = max(step, (w.q.Limit+1-found)*w.past/found*5/4)
		} else {
			step = max(step, w.past)
		}
		step = min(step, until-w.past)
		if err := w.list(listing{skip: w.past, walk: step}); err != nil {
			return err
		}
		w.past += step
	}
	return nil
}

// How many times narrow the counting of a filter goes, for a list and for a tally.
const (
	listBound  = 4
	tallyBound = 20
)

func checkQuery(q *journal.Query) error {
	if _, err := name.ParseDistrict(string(q.Log)); err != nil {
		return err
	}
	if q.Limit < 0 || q.Limit > MaxPage {
		return fmt.Errorf("limit %d, at most %d: %w", q.Limit, MaxPage, fault.ErrInvalid)
	}
	for _, n := range append(sizes(&q.Scope), len(q.Kinds), len(q.States), len(q.Units), len(q.Lights), len(q.Streams), len(q.Numbers), len(q.Facets)) {
		if n > maxChoice {
			return fmt.Errorf("%d values of one filter, at most %d: %w", n, maxChoice, fault.ErrInvalid)
		}
	}
	if len(q.Facets) > 20 {
		return fmt.Errorf("%d facets, at most 20: %w", len(q.Facets), fault.ErrInvalid)
	}
	if q.Box != (geo.Box{}) && !(q.Box.Min.IsValid() && q.Box.Max.IsValid()) {
		return fmt.Errorf("a box from %v to %v: %w", q.Box.Min, q.Box.Max, fault.ErrInvalid)
	}
	if err := checkPredicate(q.Where); err != nil {
		return err
	}
	return plain("text to look for", q.Text, maxSearch)
}
