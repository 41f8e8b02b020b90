package cockpit

import (
	"bihuan/desk"
	"bihuan/ground/name"
)

// Parts are the goals that other goals were handed out in, by the goal of the report that each belongs to in the end.
// A part of a part stands behind the part that it is of.
type Parts map[name.ID][]desk.GoalView

// withoutParts keeps the goals that stand for themselves and returns the others by the goal they are part of 分解.
// A part whose parent is not among the goals, because the caller may not read it, stands for itself, so that nobody
// looks at an empty page while there is work to do. The order of what is kept does not change.
func withoutParts(goals []desk.GoalView) (own []desk.GoalView, parts Parts) {
	at, under := map[name.ID]bool{}, map[name.ID][]int{}
	for i := range goals {
		at[goals[i].ID] = true
	}
	var tops []int
	for i := range goals {
		if p := goals[i].Parent; p != "" && p != goals[i].ID && at[p] {
			under[p] = append(under[p], i)
			continue
		}
		tops = append(tops, i)
	}
	parts = Parts{}
	placed := map[name.ID]bool{}
	var gather func(top, of name.ID)
	gather = func(top, of name.ID) {
		below := under[of]
		delete(under, of) // each goal has one parent, so nothing is met twice
		for _, i := range below {
			parts[top] = append(parts[top], goals[i])
			placed[goals[i].ID] = true
			gather(top, goals[i].ID)
		}
	}
	for _, i := range tops {
		own = append(own, goals[i])
		placed[goals[i].ID] = true
		gather(goals[i].ID, goals[i].ID)
	}
	for i := range goals {
		if !placed[goals[i].ID] { // goals that are parts of each other: nothing may vanish
			own = append(own, goals[i])
		}
	}
	return own, parts
}
