package storetest

import (
	"cmp"
	"slices"
	"strings"

	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/ground/rule"
	"bihuan/kernel/journal"
)

// model answers questions over rows by looking at each of them.
type model struct {
	rows map[name.ID]journal.Row
}

// matching returns the rows that a query asks for and its scope allows, unordered.
func (m *model) matching(q *journal.Query) (out []journal.Row) {
	for _, r := range m.rows {
		if r.Stream.District() == q.Log && q.Scope.Sees(&r) && matches(q, &r) {
			out = append(out, r)
		}
	}
	return out
}

func matches(q *journal.Query, r *journal.Row) bool {
	return (q.Noun == "" || r.Noun == q.Noun) &&
		among(q.Kinds, r.Kind) && among(q.States, r.State) && among(q.Units, r.Unit) && among(q.Lights, r.LightAt(q.Now)) && among(q.Streams, r.Stream) && among(q.Numbers, r.Number) &&
		(q.Open == nil || r.Open == *q.Open) &&
		(q.Person == "" || r.Person == q.Person) && !(q.Unnamed && r.Person != "") &&
		(q.Parent == "" || r.Parent == q.Parent) &&
		strings.HasPrefix(r.Area, q.Area) && lies(q.Box, r.Place) &&
		(q.Text == "" || strings.Contains(fold(r.Title), fold(q.Text)) || strings.Contains(fold(r.Number), fold(q.Text))) &&
		has(q.Facets, r) && satisfies(q.Where, r) &&
		within(q.Opened, r.Opened) && within(q.Closed, r.Closed) && within(q.Due, r.Due) && within(q.Wake, r.Wake)
}

// lies reports whether a place is known and in a box, edges included.
func lies(b geo.Box, p geo.Point) bool { return b == geo.Box{} || !p.IsZero() && b.Has(p) }

// fold lowers letters and makes full-width ones ASCII; the texts drawn have no others that fold.
func fold(s string) string {
	return strings.ToLower(strings.NewReplacer("Ａ", "a", "Ｎ", "n").Replace(s))
}

func among[T comparable](choice []T, v T) bool { return len(choice) == 0 || slices.Contains(choice, v) }

func has(wanted []journal.Facet, r *journal.Row) bool {
	for _, w := range wanted {
		if !slices.ContainsFunc(r.Facets, func(f journal.Facet) bool { return f.Name == w.Name && f.Text == w.Text }) {
			return false
		}
	}
	return true
}

// satisfies answers a rule from the facts of a row, as [rule.Predicate.Match] does.
func satisfies(p *rule.Predicate, r *journal.Row) bool {
	if p == nil {
		return true
	}
	facts := rule.Facts{}
	for _, f := range r.Facets {
		facts[f.Name] = f.Text
	}
	facts["state"], facts["unit"], facts["area"] = r.State, string(r.Unit), r.Area
	v, err := p.Match(facts)
	if err != nil {
		panic(err) // the facts were drawn of their kinds
	}
	return v.Answer == rule.Yes
}

func within(b journal.Between, t int64) bool {
	return b == journal.Between{} || t != 0 && t >= b.From && (b.Until == 0 || t < b.Until)
}

// rowsOf returns all rows of a query in its order.
func (m *model) rowsOf(q *journal.Query) []journal.Row {
	rows := m.matching(q)
	if q.Order == journal.ByWake {
		rows = slices.DeleteFunc(rows, func(r journal.Row) bool { return r.Wake == 0 })
	}
	slices.SortFunc(rows, func(a, b journal.Row) int {
		return cmp.Or(compare(q.Order, &a, &b), cmp.Compare(a.Stream, b.Stream))
	})
	for i := range rows {
		rows[i].Light = rows[i].LightAt(q.Now)
	}
	return rows
}

func compare(o journal.Order, a, b *journal.Row) int {
	switch o {
	case journal.ByOpened:
		return cmp.Compare(b.Opened, a.Opened)
	case journal.ByNumber:
		return cmp.Compare(a.Number, b.Number)
	case journal.ByTitle:
		return cmp.Or(cmp.Compare(fold(a.Title), fold(b.Title)), cmp.Compare(a.Number, b.Number))
	case journal.ByWake:
		return cmp.Compare(uint64(a.Wake-1), uint64(b.Wake-1))
	}
	return cmp.Compare(uint64(a.Due-1), uint64(b.Due-1)) // none, which is 0, comes last
}

// tallyOf counts as Tally should.
func (m *model) tallyOf(t *journal.Tally) []journal.Bucket {
	buckets := map[string]journal.Bucket{}
	if t.By == "" {
		buckets[""] = journal.Bucket{}
	}
	for _, r := range m.matching(&t.Query) {
		for _, k := range keys(t.By, t.Query.Now, &r) {
			b := buckets[k]
			b.Key = k
			b.Count++
			for _, f := range r.Facets {
				if t.Sum != "" && f.Name == t.Sum {
					b.Sum += f.Number
				}
			}
			buckets[k] = b
		}
	}
	var out []journal.Bucket
	for _, b := range buckets {
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b journal.Bucket) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

func keys(by string, now int64, r *journal.Row) []string {
	switch by {
	case "":
		return []string{""}
	case "state":
		return []string{r.State}
	case "unit":
		return []string{string(r.Unit)}
	case "person":
		return []string{string(r.Person)}
	case "area":
		return []string{r.Area}
	case "light":
		return []string{r.LightAt(now)}
	case "kind":
		return []string{r.Kind}
	}
	var out []string
	for _, f := range r.Facets {
		if f.Name == by {
			out = append(out, f.Text)
		}
	}
	if out == nil {
		return []string{""}
	}
	return out
}
