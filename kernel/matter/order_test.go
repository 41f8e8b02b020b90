package matter

import (
	"reflect"
	"slices"
	"testing"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// TestAMatterRemembersTheOrdersAboutIt: from the opening of an order until it is withdrawn, beyond its striking off and
// whatever else there is; what it remembers already is no news.
func TestAMatterRemembersTheOrdersAboutIt(t *testing.T) {
	env := Env{Supervision: "supervision"}
	order := func(id name.ID, by name.Unit, about name.ID, phase Phase) *Matter {
		return &Matter{ID: id, Version: 1, Issuer: Hand{Unit: by}, Links: []Link{{RaisedBy, about}}, Phase: phase}
	}
	m := Matter{ID: "a", Version: 1}
	for _, c := range []struct {
		name  string
		order *Matter
		news  bool
		want  []name.Unit
	}{
		{"a matter that it raised for somebody else", order("x", "housing", "a", Dispatched), false, nil},
		{"an order about another matter", order("x", "supervision", "b", Dispatched), false, nil},
		{"an order", order("o", "supervision", "a", Dispatched), true, []name.Unit{"supervision"}},
		{"the same order, later", order("o", "supervision", "a", Handling), false, []name.Unit{"supervision"}},
		{"a second one", order("p", "supervision", "a", Dispatched), true, []name.Unit{"supervision"}},
		{"the first is struck off", order("o", "supervision", "a", Closed), false, []name.Unit{"supervision"}},
		{"and archived", order("o", "supervision", "a", Archived), false, []name.Unit{"supervision"}},
		{"the second is withdrawn", order("p", "supervision", "a", Stopped), true, []name.Unit{"supervision"}},
		{"and archived", order("p", "supervision", "a", Archived), false, []name.Unit{"supervision"}},
		{"the first is withdrawn after all", order("o", "supervision", "a", Stopped), true, nil},
	} {
		was := slices.Clone(m.Orders)
		dec, news := Ordered(&m, c.order, env)
		if news != c.news {
			t.Errorf("%s: news %v, want %v", c.name, news, c.news)
		}
		if news {
			next := m.After(&ledger.Event{}, &dec.Change)
			if !reflect.DeepEqual(m.Orders, was) && len(was)+len(m.Orders) > 0 {
				t.Errorf("%s: the matter before was changed: %v", c.name, m.Orders)
			}
			m = next
		}
		if got := m.Supervisors(); !slices.Equal(got, c.want) {
			t.Errorf("%s: supervised by %v, want %v", c.name, got, c.want)
		}
	}
	if _, news := Ordered(&Matter{ID: "a"}, order("o", "", "a", Dispatched), Env{}); news {
		t.Error("without a supervision office there are orders")
	}
}
