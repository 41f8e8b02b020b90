package matter_test

import (
	"testing"

	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

// TestAMergedMatterNamesTheOneThatGoesOn, exactly one, another one, and by that link only.
func TestAMergedMatterNamesTheOneThatGoesOn(t *testing.T) {
	const other name.ID = "220105-01890000-0000-7000-8000-000000000002"
	merging := func() *trail {
		tr := begin(t)
		tr.k.Acts = append(tr.k.Acts, Act{Key: "join", Verb: Merge, From: []string{"sent"}, To: "gone", By: by(Issuer), Clocks: effects(Stop, "ack", "work", "due")})
		tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"))
		return tr
	}
	links := func(ls ...Link) func(*Command) { return func(c *Command) { c.Links = ls } }
	for name, bad := range map[string][]Link{
		"into two":               {{MergedInto, other}, {MergedInto, other}},
		"by another link":        {{SameAs, other}},
		"into itself":            {{MergedInto, jobID}},
		"into what is no matter": {{MergedInto, "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			merging().refused("field-not-asked", "join", chen, "2023-03-01T10:00", because("the same"), links(bad...))
		})
	}
	tr := merging()
	tr.must("join", chen, "2023-03-01T10:00", because("the same"), links(Link{MergedInto, other}))
	if into := tr.m.Linked(MergedInto); len(into) != 1 || into[0] != other || tr.m.IsOpen() {
		t.Errorf("%v in %s", tr.m.Links, tr.m.Phase)
	}
}
