package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

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

func and(a, b string) string {
	if a == "" {
		return b
	}
	return a + " AND " + b
}

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

// builder gathers conditions and their arguments.
type builder struct {
	args  []any
	conds []string
	place []string // those of a cursor, which are also among conds
}

func (b *builder) arg(v any) string {
	b.args = append(b.args, v)
	return fmt.Sprintf("$%d", len(b.args))
}

func (b *builder) add(cond string) {
	if cond != "" {
		b.conds = append(b.conds, cond)
	}
}

func (b *builder) where() string { return strings.Join(b.conds, " AND ") }

// equal adds column = v unless v is empty.
func (b *builder) equal(column, v string) {
	if v != "" {
		b.add("row." + column + " = " + b.arg(v))
	}
}

// in adds column IN (values) unless there are none.
func in[T ~string](b *builder, column string, values []T) {
	if len(values) > 0 {
		b.add("row." + column + " IN (" + list(b, values) + ")")
	}
}

// list writes values. Of many the last is repeated until their number is a power of two: each number of marks makes a statement
// of its own, to be prepared and kept.
func list[T ~string](b *builder, values []T) string {
	marks := make([]string, 0, marked(len(values)))
	for _, v := range values {
		marks = append(marks, b.arg(string(v)))
	}
	for n := len(marks); n > 0 && len(marks) < cap(marks); {
		marks = append(marks, b.arg(string(values[n-1])))
	}
	return strings.Join(marks, ", ")
}

// marked is how many marks a list of n values has.
func marked(n int) int {
	if n <= 8 {
		return n
	}
	marks := 16
	for marks < n {
		marks *= 2
	}
	return marks
}

// between adds a half-open interval; none is the value that stands for no instant.
func (b *builder) between(column string, t journal.Between, none int64) {
	if t == (journal.Between{}) {
		return
	}
	if t.From != 0 {
		b.add("row." + column + " >= " + b.arg(t.From))
	}
	if t.Until != 0 {
		b.add("row." + column + " < " + b.arg(t.Until))
	}
	b.add("row." + column + " <> " + b.arg(none))
}

// filter returns a builder with every condition of a query and its scope, but no order.
func (s *Store) filter(q *journal.Query) *builder {
	b := &builder{}
	b.add("row.log = " + b.arg(string(q.Log)))
	if !granted(q) {
		b.add(scope(b, q.Scope))
	}
	b.narrow(q)
	return b
}

// narrow adds every condition of a query but its log and scope.
func (b *builder) narrow(q *journal.Query) {
	b.equal("noun", string(q.Noun))
	in(b, "kind", q.Kinds)
	in(b, "state", q.States)
	switch {
	case isOpen(q):
		b.add("row.open = 1") // written out, as the index of what is open has it
	case q.Open != nil:
		b.add("row.open = 0")
	}
	in(b, "unit", q.Units)
	b.equal("person", string(q.Person))
	if q.Unnamed {
		b.add("row.person = ''")
	}
	switch {
	case isRed(q):
		b.add(b.red(q.Now))
	case len(q.Lights) > 0:
		b.add(b.light(q.Now) + " IN (" + list(b, q.Lights) + ")")
	}
	b.equal("parent", string(q.Parent))
	b.prefix("area", q.Area)
	for _, f := range q.Facets {
		b.add(facetIs(b, f.Name, "= "+b.arg(f.Text)))
	}
	if q.Where != nil {
		b.add(b.holds(q.Where))
	}
	if q.Text != "" {
		b.add(b.finds(q.Text))
	}
	in(b, "stream", q.Streams)
	in(b, "number", q.Numbers)
	b.within(q.Box)
	b.between("opened", q.Opened, 0)
	b.between("closed", q.Closed, 0)
	b.between("due", q.Due, never)
	b.between("wake", q.Wake, never)
}

// prefix adds that column begins with p, as a range that an index serves.
func (b *builder) prefix(column, p string) {
	if p == "" {
		return
	}
	b.add("row." + column + " >= " + b.arg(p))
	b.add("row." + column + " < " + b.arg(p+"\U0010ffff"))
}

// finds is the condition that title or number holds a text.
func (b *builder) finds(text string) string {
	return "row.find LIKE " + b.arg("%"+escape(fold(text))+"%") + ` ESCAPE '\'`
}

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// facetIs is the condition that a row has a facet of that name whose text satisfies test.
func facetIs(b *builder, facet, test string) string {
	return "EXISTS (SELECT 1 FROM facet WHERE facet.log = row.log AND facet.name = " + b.arg(facet) +
		" AND facet.text " + test + " AND facet.stream = row.stream)"
}

// light is the light of a row at now, as [journal.Row.LightAt] has it.
func (b *builder) light(now int64) string {
	n := b.arg(now)
	return "CASE WHEN row.open = 0 OR row.due = " + b.arg(int64(never)) + " THEN row.light WHEN row.due <= " + n + " THEN 'red' WHEN row.yellow <= " + n + " THEN 'yellow' ELSE 'green' END"
}

// red is the condition that light is red, from what the index of due times knows.
func (b *builder) red(now int64) string {
	none := b.arg(int64(never))
	return "(row.open = 1 AND row.due <> " + none + " AND row.due <= " + b.arg(now) + " OR (row.open = 0 OR row.due = " + none + ") AND row.light = 'red')"
}
