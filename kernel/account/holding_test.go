package account_test

import (
	"testing"

	"bihuan/ground/name"
	. "bihuan/kernel/account"
)

// TestARoleIsForAUnitsBusiness: it rests in another unit, unless the post there calls for it too, and not where a unit is not known.
func TestARoleIsForAUnitsBusiness(t *testing.T) {
	h := Holding{Unit: "government", Since: 1, Until: 9}
	h.Role = "leader"
	for _, c := range []struct {
		unit name.Unit
		post []name.Role
		want bool
	}{{"government", nil, false}, {"housing", nil, true}, {"housing", []name.Role{"leader"}, false}, {"housing", []name.Role{"head"}, true}, {"", nil, false}} {
		if h.RestsIn(c.unit, c.post) != c.want || h.IsToRest(5, c.unit, c.post) != c.want {
			t.Errorf("in %q with %v", c.unit, c.post)
		}
	}
	h.Unit = ""
	if h.RestsIn("housing", nil) {
		t.Error("one from before units were kept rests")
	}
}
