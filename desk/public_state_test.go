package desk_test

import (
	"testing"

	"bihuan/desk"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

// TestStatesThatReadAlikeAreOneToThePublic: what a unit gave back stands for the public where what was never sent stands, and is found there.
func TestStatesThatReadAlikeAreOneToThePublic(t *testing.T) {
	x := district.New(t, day)
	k, ok := x.Desk.Packs().Kind("grid/event")
	if !ok || k.State("returned") == nil || desk.PublicWords(k.State("returned")) != desk.PublicWords(k.State("to-district")) {
		t.Fatal("the pack has no two states that read alike")
	}
	r := journal.Row{Kind: "grid/event", State: "returned", Title: "路灯不亮", Light: "red", Due: 1, Yellow: 1, Wake: 1, Person: "p1", Body: []byte(`{}`)}
	if err := x.Desk.OpenRow(&r); err != nil {
		t.Fatal(err)
	}
	if r.State != "to-district" || r.Light != "" || r.Due+r.Yellow+r.Wake != 0 || r.Person != "" || r.Title != "路灯不亮" {
		t.Errorf("the public reads %+v", r)
	}
	r.State = "done"
	if err := x.Desk.OpenRow(&r); err != nil || r.State != "done" {
		t.Errorf("what reads like nothing else is %q: %v", r.State, err)
	}
}
