package matter_test

import (
	"strings"
	"testing"

	. "bihuan/kernel/matter"
)

func reasons(rs ...Reason) func(*Command) { return func(c *Command) { c.Reasons = rs } }

// TestReasonsStandInTheEvent: what the desk worked out travels with the command into the event, and the matter keeps the
// newest reason of each field.
func TestReasonsStandInTheEvent(t *testing.T) {
	tr := begin(t)
	tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"),
		reasons(Reason{Field: "title", Words: text("as it was said")}, Reason{Field: "unit", Value: "roads", Rule: "r1", Words: text("by the map")}))
	tr.must("back", lin, "2023-03-01T10:00", because("not ours"))
	if r := tr.m.Reason("unit"); r == nil || r.Rule != "r1" || len(tr.m.Reasons) != 2 {
		t.Fatalf("an act without reasons changed them: %+v", tr.m.Reasons)
	}
	tr.must("again", chen, "2023-03-01T11:00", form("unit", "parks"), reasons(Reason{Field: "unit", Value: "parks", Words: text("by a rule")}))
	if r := tr.m.Reason("unit"); r.Value != "parks" || tr.m.Reason("title") == nil || tr.m.Reason("note") != nil || len(tr.m.Reasons) != 2 {
		t.Errorf("%+v", tr.m.Reasons)
	}
}

func TestReasonsAreOfFieldsAndShort(t *testing.T) {
	for name, bad := range map[string][]Reason{
		"of a field that there is not": {{Field: "colour", Words: text("so")}},
		"longer than anybody reads":    {{Field: "title", Words: text(strings.Repeat("因", 601))}},
	} {
		t.Run(name, func(t *testing.T) {
			begin(t).refused("field-not-asked", "file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"), reasons(bad...))
		})
	}
	begin(t).refused("too-many-rows", "file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"), reasons(make([]Reason, MaxReasons+1)...))
}
