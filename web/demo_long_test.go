//go:build long

package web

import (
	"slices"
	"testing"

	"bihuan/ground/name"
)

// Whoever works in the demo's district can be acted as, and begins on a page that their role opens.
func TestEveryRoleOfTheDemoCanBeActedAs(t *testing.T) {
	h := standDemo(t)
	begins := h.page("", "/demo/persons").All(".persona input[name=to]")
	if len(begins) != len(rolesInOrder) {
		t.Fatalf("%d roles are offered of %d", len(begins), len(rolesInOrder))
	}
	for i, role := range rolesInOrder {
		who := h.desk.StaffWith("", role)[0].Key
		if w := h.ask(who, "zh", "GET", begins[i].Attr("value"), nil); w.Code >= 400 && w.Code != 404 { // 404: a room that the tests' house does not have
			t.Errorf("%s begins at %s, which answers %d", role, begins[i].Attr("value"), w.Code)
		}
	}
	for _, p := range h.desk.Directory().Persons {
		if len(p.Roles) > 0 && !slices.ContainsFunc(p.Roles, func(r name.Role) bool { return slices.Contains(rolesInOrder, r) }) {
			t.Errorf("nobody can be %s, who is %v", p.Key, p.Roles)
		}
	}
	asked := h.page("", "/demo/persons?to=/cockpit").All(".persona input[name=to]")
	if to := asked[len(asked)-1].Attr("value"); to == "/cockpit" {
		t.Error("the auditor is led to the cockpit, which is not open to them")
	}
}
