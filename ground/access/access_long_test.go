//go:build long

package access

import (
	"slices"
	"testing"
)

// TestBar_A01_PlantedDefectsAreFound shows that the comparison can fail: each of these
// policies differs from the written one in a single row or rule.
func TestBar_A01_PlantedDefectsAreFound(t *testing.T) {
	src, _ := district(t)
	for _, c := range []struct {
		name  string
		plant func(*Source)
	}{
		{"own unit becomes everything", func(s *Source) { changeScope(s, OwnUnit, All) }},
		{"the subtree is only the unit", func(s *Source) { changeScope(s, Subtree, OwnUnit) }},
		{"supervising becomes everything", func(s *Source) { changeScope(s, Supervising, All) }},
		{"assigned becomes involved", func(s *Source) { changeScope(s, Assigned, Involved) }},
		{"the exclusive roles are forgotten", func(s *Source) { s.Exclusive = nil }},
		{"administrators do business", func(s *Source) { s.Alone = nil }},
		{"one class is raised", func(s *Source) { s.Grants[3].Class = Restricted }},
		{"the last row is missing", func(s *Source) { s.Grants = s.Grants[:len(s.Grants)-1] }},
		{"a role is let out of its grids", func(s *Source) { s.Roles = slices.Clone(s.Roles); unbind(s.Roles) }},
		{"a free row is bound", func(s *Source) { bind(s.Grants) }},
		{"no proof has to be fresh", func(s *Source) {
			s.Conditions = without(s.Conditions, func(c ConditionRow) bool { return c.Fresh != 0 })
		}},
		{"no purpose is asked for", func(s *Source) {
			s.Conditions = without(s.Conditions, func(c ConditionRow) bool { return c.Purpose != "" })
		}},
		{"every network will do", func(s *Source) {
			s.Conditions = without(s.Conditions, func(c ConditionRow) bool { return c.Network != "" })
		}},
		{"every hour will do", func(s *Source) { s.Conditions = without(s.Conditions, func(c ConditionRow) bool { return c.Duty }) }},
		{"nobody keeps out of their own case", func(s *Source) { s.Apart = without(s.Apart, func(r ApartRow) bool { return r.Who == Concerned }) }},
		{"who made it approves it", func(s *Source) { s.Apart = without(s.Apart, func(r ApartRow) bool { return r.Who == Made }) }},
		{"everything can be done for others", func(s *Source) { s.InPerson = nil }},
	} {
		bad := src
		bad.Grants = slices.Clone(src.Grants)
		c.plant(&bad)
		policy, err := Compile(bad)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		w, found := newWorld(7, src), 0
		for range 30_000 {
			a, typ := w.action()
			s := w.likely(w.subject(), src, a)
			o := w.object(typ)
			if policy.Evaluate(s, a, o).Allowed != oracle(src, s, a, o) {
				found++
			}
		}
		if found == 0 {
			t.Errorf("%s: not found", c.name)
		}
	}
}
