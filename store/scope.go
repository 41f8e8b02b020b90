package store

import (
	"slices"
	"strings"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// scope is the condition that a row is among what the asker may see; any one reason is enough.
func scope(b *builder, s journal.Scope) string {
	if s.All {
		return ""
	}
	any := reasons(b, &s)
	if s.There != nil && len(s.Grids) > 0 {
		lies := facetLies(b, "facet.", s.Grids)
		there := "EXISTS (SELECT 1 FROM facet WHERE facet.log = row.log AND facet.name = " + b.arg(journal.Lies) + " AND " + lies + " AND facet.stream = row.stream)"
		switch more := reasons(b, s.There); {
		case s.There.All:
			any = append(any, there)
		case len(more) > 0:
			any = append(any, "("+there+" AND ("+strings.Join(more, " OR ")+"))")
		}
	}
	if len(any) == 0 {
		return "1 = 0"
	}
	return "(" + strings.Join(any, " OR ") + ")"
}

// granted reports whether what a query asks for is by itself a reason to see it: what the asker's unit has, what is named to them, what their unit
// has set. Then no row is asked whether they may see it.
func granted(q *journal.Query) bool {
	all := func(some, of []name.Unit) bool {
		return len(some) > 0 && !slices.ContainsFunc(some, func(u name.Unit) bool { return !slices.Contains(of, u) })
	}
	s := &q.Scope
	return s.All || all(q.Units, s.Units) || q.Person != "" && slices.Contains(s.Persons, q.Person) || slices.ContainsFunc(scopeFacets(s), func(shows scopeFacet) bool {
		return slices.ContainsFunc(q.Facets, func(f journal.Facet) bool { return f.Name == shows.name && slices.Contains(shows.texts, f.Text) })
	})
}

// reasons are the conditions of which each is enough to see a row, places aside.
func reasons(b *builder, s *journal.Scope) (any []string) {
	if len(s.Units) > 0 {
		any = append(any, "unit IN ("+list(b, s.Units)+")")
	}
	if len(s.Persons) > 0 {
		any = append(any, "person IN ("+list(b, s.Persons)+")")
	}
	var facets []string // looked for together: finding the first facet of a row costs more than reading them all
	for _, f := range scopeFacets(s) {
		if len(f.texts) > 0 {
			facets = append(facets, "facet.name = "+b.arg(f.name)+" AND facet.text IN ("+list(b, f.texts)+")")
		}
	}
	if len(facets) > 0 {
		any = append(any, "EXISTS (SELECT 1 FROM facet WHERE facet.log = row.log AND facet.stream = row.stream AND ("+strings.Join(facets, " OR ")+"))")
	}
	if s.Public {
		any = append(any, "public = 1")
	}
	return any
}

// scopeFacet is a facet that shows a row to who is among its texts.
type scopeFacet struct {
	name  string
	texts []string
}

// scopeFacets are those of a scope; one without texts shows nothing.
func scopeFacets(s *journal.Scope) []scopeFacet {
	return []scopeFacet{{journal.Involved, texts(s.Assist)}, {journal.Issuer, texts(s.SetBy)}, {journal.Supervisor, texts(s.Supervise)}, {journal.Took, texts(s.Took)}}
}

func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return out
}

// facetLies is the condition that a facet's text is one of some places in a tree or below it: 0 follows / in every collation by bytes.
func facetLies(b *builder, of string, places []string) string {
	var any []string
	for _, p := range places {
		any = append(any, of+"text = "+b.arg(p), "("+of+"text > "+b.arg(p+"/")+" AND "+of+"text < "+b.arg(p+"0")+")")
	}
	return "(" + strings.Join(any, " OR ") + ")"
}

// sizes are how many values each list of a scope has.
func sizes(s *journal.Scope) []int {
	all := []int{len(s.Units), len(s.Assist), len(s.SetBy), len(s.Supervise), len(s.Persons), len(s.Took), len(s.Grids)}
	if s.There != nil {
		all = append(all, len(s.There.Units), len(s.There.Assist), len(s.There.SetBy), len(s.There.Supervise), len(s.There.Persons), len(s.There.Took))
	}
	return all
}

// scopeDriver yields what the asker may see by unit, person or place, and may yield more.
func scopeDriver(q *journal.Query) driver {
	return func(b *builder) string {
		s := &q.Scope
		sql := "SELECT stream FROM (SELECT stream FROM row WHERE 1 = 0"
		add := func(wanted bool, d driver) {
			if wanted {
				sql += " UNION ALL " + d(b)
			}
		}
		add(len(s.Units) > 0, rowDriver(q, func(b *builder) { in(b, "unit", s.Units); b.open(q); in(b, "kind", q.Kinds) }))
		for _, f := range scopeFacets(s) {
			add(len(f.texts) > 0, facetDriver(q, f.name, f.texts))
		}
		add(len(s.Persons) > 0, rowDriver(q, func(b *builder) { in(b, "person", s.Persons); b.add("person <> ''"); b.open(q) }))
		add(s.There != nil && len(s.Grids) > 0, func(b *builder) string {
			sub := &builder{args: b.args}
			sub.add("log = " + sub.arg(string(q.Log)))
			sub.add("name = " + sub.arg(journal.Lies))
			sub.add(facetLies(sub, "", s.Grids))
			sub.add("open IN " + oneOrBoth(q.Open))
			b.args = sub.args
			return "SELECT stream FROM facet WHERE " + sub.where()
		})
		return sql + ") AS seen"
	}
}
