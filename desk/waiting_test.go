package desk_test

import (
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

// TestWhatWaitsIsMineToDo: what a unit has in hand and nobody is named for waits for those of its people whose role has a step to
// take, and for no other; narrowing it narrows what waits and never widens it.
func TestWhatWaitsIsMineToDo(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "office")
	waits := func(who desk.Caller, q journal.Query) bool {
		work, err := x.Desk.Desktop(ctx, who, desk.Waiting, q)
		if err != nil {
			t.Fatal(err)
		}
		listed := slices.ContainsFunc(work.Page.Rows, func(r journal.Row) bool { return r.Stream == id })
		if listed != (work.Counts[0] > 0) {
			t.Errorf("%s: listed %v, counted %d", who.Roles, listed, work.Counts[0])
		}
		return listed
	}
	head, publisher := x.As(t, "office", "head", 0), x.As(t, "office", "publisher", 0)
	if !waits(head, journal.Query{}) || waits(publisher, journal.Query{}) {
		t.Errorf("a promise to sign for waits for the head %v, for who publishes %v; want true, false", waits(head, journal.Query{}), waits(publisher, journal.Query{}))
	}
	for _, q := range []journal.Query{{Kinds: []string{"works/site"}}, {States: []string{"under-way"}}, {Kinds: []string{"promise/promise"}, States: []string{"none"}}} {
		if waits(head, q) {
			t.Errorf("narrowed to %v in %v the head still has it", q.Kinds, q.States)
		}
	}
	if !waits(head, journal.Query{Kinds: []string{"works/site", "promise/promise"}}) {
		t.Error("narrowed to its kind the head has it no more")
	}
}

// TestStepsOfARole: over all packs and every role, the questions for what waits ask for exactly those states in which the role has
// an act, each once.
func TestStepsOfARole(t *testing.T) {
	x := district.New(t, day)
	steps := 0
	roles := map[name.Role]bool{"": true}
	for _, k := range x.Desk.Packs().Kinds() {
		for _, a := range k.Acts {
			for _, p := range a.By {
				roles[p.Role] = true
			}
		}
	}
	for role := range roles {
		for _, k := range x.Desk.Packs().Kinds() {
			for _, st := range k.States {
				want := 0
				if k.IsActive(st.Key, []name.Role{role}) {
					want = 1
				}
				if got := x.Desk.StepsOf([]name.Role{role}, k.Ref, st.Key); got != want {
					t.Errorf("%s of %s for %q: %d questions, want %d", st.Key, k.Ref, role, got, want)
				}
				steps += want
			}
		}
	}
	if len(roles) < 8 || steps < 100 {
		t.Errorf("%d roles with %d steps were looked at", len(roles), steps)
	}
}
