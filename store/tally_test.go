package store

import (
	"testing"

	"bihuan/kernel/journal"
)

// TestWhatIsCountedFromAnIndexAlone: a noun does not lead away from the index, a filter that stands elsewhere does.
func TestWhatIsCountedFromAnIndexAlone(t *testing.T) {
	open := true
	plain := journal.Query{Log: "220105", Now: 1, Scope: journal.Scope{All: true}, Noun: "matter", Kinds: []string{"urban/case"}, Open: &open}
	of := func(change func(*journal.Query)) journal.Query { q := plain; change(&q); return q }
	for _, c := range []struct {
		name string
		t    journal.Tally
		want string
	}{
		{"the open matters of a kind", journal.Tally{Query: plain}, "row_board"},
		{"by state", journal.Tally{Query: plain, By: "state"}, "row_board"},
		{"by a facet", journal.Tally{Query: plain, By: "class"}, ""},
		{"those of a person", journal.Tally{Query: of(func(q *journal.Query) { q.Person = "p1" })}, ""},
		{"those that are overdue", journal.Tally{Query: of(func(q *journal.Query) { q.Lights = []string{"red"} })}, "row_due"},
		{"those of a state that are overdue", journal.Tally{Query: of(func(q *journal.Query) { q.Lights, q.States = []string{"red"}, []string{"handling"} })}, ""},
		{"those that are yellow", journal.Tally{Query: of(func(q *journal.Query) { q.Lights = []string{"yellow"} })}, ""},
		{"those due in a while, by unit", journal.Tally{Query: of(func(q *journal.Query) { q.Due = journal.Between{From: 1, Until: 9} }), By: "unit"}, "row_due"},
		{"those due in a while, by state", journal.Tally{Query: of(func(q *journal.Query) { q.Due = journal.Between{From: 1, Until: 9} }), By: "state"}, ""},
		{"those that somebody may see", journal.Tally{Query: of(func(q *journal.Query) { q.Scope = journal.Scope{Public: true} })}, ""},
	} {
		if got := covering(&c.t); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
