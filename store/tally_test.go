package store

import (
	"testing"

	"bihuan/kernel/journal"
)

// TestWhatIsCountedFromTheIndexOfBoardsAlone: a noun does not lead away from the index, a filter that stands elsewhere does.
func TestWhatIsCountedFromTheIndexOfBoardsAlone(t *testing.T) {
	open := true
	plain := journal.Query{Log: "220105", Now: 1, Scope: journal.Scope{All: true}, Noun: "matter", Kinds: []string{"urban/case"}, Open: &open}
	of := func(change func(*journal.Query)) journal.Query { q := plain; change(&q); return q }
	for _, c := range []struct {
		name string
		t    journal.Tally
		want bool
	}{
		{"the open matters of a kind", journal.Tally{Query: plain}, true},
		{"by state", journal.Tally{Query: plain, By: "state"}, true},
		{"by a facet", journal.Tally{Query: plain, By: "class"}, false},
		{"those of a person", journal.Tally{Query: of(func(q *journal.Query) { q.Person = "p1" })}, false},
		{"those with a light", journal.Tally{Query: of(func(q *journal.Query) { q.Lights = []string{"red"} })}, false},
		{"those that somebody may see", journal.Tally{Query: of(func(q *journal.Query) { q.Scope = journal.Scope{Public: true} })}, false},
	} {
		if got := covered(&c.t); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
