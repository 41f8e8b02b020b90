package cockpit

import (
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

func TestPartsStandUnderTheirGoal(t *testing.T) {
	goal := func(id, parent name.ID) desk.GoalView {
		return desk.GoalView{Goal: indicator.Goal{ID: id, Terms: indicator.Terms{Parent: parent}}}
	}
	for _, c := range []struct {
		name  string
		goals []desk.GoalView
		own   []name.ID
		parts map[name.ID][]name.ID
	}{
		{"no goals, no parts", nil, nil, nil},
		{"goals of the report stay in their order", []desk.GoalView{goal("b", ""), goal("a", "")}, []name.ID{"b", "a"}, nil},
		{"parts are taken out, whatever comes first", []desk.GoalView{goal("a1", "a"), goal("a", ""), goal("a2", "a"), goal("b", "")},
			[]name.ID{"a", "b"}, map[name.ID][]name.ID{"a": {"a1", "a2"}}},
		{"a part of a part stands behind its part", []desk.GoalView{goal("a", ""), goal("a1", "a"), goal("a2", "a"), goal("a11", "a1")},
			[]name.ID{"a"}, map[name.ID][]name.ID{"a": {"a1", "a11", "a2"}}},
		{"a part whose goal cannot be seen stands for itself", []desk.GoalView{goal("a1", "a"), goal("b", "")}, []name.ID{"a1", "b"}, nil},
		{"goals that are parts of each other do not vanish", []desk.GoalView{goal("a", "b"), goal("b", "a")}, []name.ID{"a", "b"}, nil},
	} {
		own, parts := withoutParts(c.goals)
		if got := ids(own); !slices.Equal(got, c.own) {
			t.Errorf("%s: %q stand for themselves, want %q", c.name, got, c.own)
		}
		if len(parts) != len(c.parts) {
			t.Errorf("%s: %d goals have parts, want %d", c.name, len(parts), len(c.parts))
		}
		for top, want := range c.parts {
			if got := ids(parts[top]); !slices.Equal(got, want) {
				t.Errorf("%s: the parts of %s are %q, want %q", c.name, top, got, want)
			}
		}
	}
}

func ids(goals []desk.GoalView) (all []name.ID) {
	for i := range goals {
		all = append(all, goals[i].ID)
	}
	return all
}
