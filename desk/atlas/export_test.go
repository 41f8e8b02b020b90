package atlas

import (
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Query returns the question for the rows of what an Ask shows, for lists beside the map.
func (a Ask) Query() journal.Query {
	q := journal.Query{Kinds: a.Kinds, States: a.States, Lights: a.Lights, Open: a.Open, Opened: a.Opened}
	if a.Unit != "" {
		q.Units = []name.Unit{a.Unit}
	}
	if a.Class != "" {
		q.Facets = []journal.Facet{{Name: classFacet, Text: a.Class}}
	}
	if len(a.Lights) > 0 {
		open := true
		q.Open = &open
	}
	return q
}
