//go:build !race

// One goroutine does this, and counts what it takes.

package desk_test

import (
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/internal/district"
)

// TestWalkingPastMattersLeavesTheMemoryAsItIs: what an index, the notices or a trial of a new pack ask of all matters neither drives out
// what people work on nor keeps what nobody does, and tells the same.
func TestWalkingPastMattersLeavesTheMemoryAsItIs(t *testing.T) {
	x := district.New(t, day)
	ids := []name.ID{promise(t, x, "housing"), promise(t, x, "education"), promise(t, x, "housing")}
	d, err := desk.Open(ctx, x.Store, district.World(t, day)) // who remembers nothing yet
	if err != nil {
		t.Fatal(err)
	}
	walk := func(id name.ID) {
		t.Helper()
		texts, err := d.TextsOf(ctx, id, 1)
		want, e := x.Desk.Matter(ctx, x.As(t, "office", "issuer", 0), id)
		if err != nil || e != nil || texts.Text.Row.Title != want.Title() || texts.Text.Row.Version != want.Version {
			t.Errorf("the text of %s: %+v, %v, %v", id, texts.Text.Row, err, e)
		}
		if m, _, err := d.Stands(ctx, id, want.Version); err != nil || m.State != want.State {
			t.Errorf("%s stands at %q: %v", id, m.State, err)
		}
	}
	for _, id := range ids {
		walk(id)
	}
	if _, err := d.LookAtMove(ctx, "promise"); err != nil {
		t.Fatal(err)
	}
	if got := d.Remembered(); len(got) != 0 {
		t.Errorf("after a walk the desk remembers %v", got)
	}
	issuer := x.As(t, "office", "issuer", 0)
	for _, id := range ids[:2] {
		if _, err := d.Matter(ctx, issuer, id); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range ids {
		walk(id)
	}
	if got, want := d.Remembered(), []name.ID{ids[1], ids[0]}; !slices.Equal(got, want) {
		t.Errorf("the desk remembers %v, want what was looked at, last first: %v", got, want)
	}
}

// TestAWalkSeesNoLessThanItAsksFor: a state that is older than what is asked for is added up anew.
func TestAWalkSeesNoLessThanItAsksFor(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	d, err := desk.Open(ctx, x.Store, district.World(t, day)) // another process, which does not hear of what is done here
	if err != nil {
		t.Fatal(err)
	}
	before, err := d.Matter(ctx, x.As(t, "office", "issuer", 0), id)
	if err != nil {
		t.Fatal(err)
	}
	handler := x.As(t, "housing", "handler", 0)
	if _, err := x.Desk.Act(ctx, handler, desk.Do{Matter: id, Act: "acknowledge", With: map[string]string{"person": string(handler.Person)}}); err != nil {
		t.Fatal(err)
	}
	m, _, err := d.Stands(ctx, id, before.Version+1)
	if err != nil || m.State == before.State {
		t.Errorf("it stands at %q, version %d (was %q, %d): %v", m.State, m.Version, before.State, before.Version, err)
	}
	texts, err := d.TextsOf(ctx, id, before.Version+1)
	if err != nil || texts.Text.Row.State != m.State {
		t.Errorf("its text is of %q, it stands at %q: %v", texts.Text.Row.State, m.State, err)
	}
}
