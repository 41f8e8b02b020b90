package store

import (
	"fmt"
	"strings"

	"bihuan/kernel/journal"
)

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

func and(a, b string) string {
	if a == "" {
		return b
	}
	return a + " AND " + b
}
