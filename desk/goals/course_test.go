package goals_test

import (
	"testing"

	"bihuan/desk/goals"
	"bihuan/ground/money"
	"bihuan/kernel/indicator"
)

// TestThePlanOfALevel: where last year stood below the target the plan climbs from there; where it stood at the target already the plan
// is to stay, all of it from the first month.
func TestThePlanOfALevel(t *testing.T) {
	for _, c := range []struct {
		name                 string
		base, planned, share int64
	}{
		{"halfway up", 40, 50, 50},
		{"at the start of the way", 40, 40, 0},
		{"nothing to climb", 60, 60, 100},
	} {
		g := &indicator.Goal{Terms: indicator.Terms{Shape: indicator.Level, Target: indicator.Target{Value: money.Int(60), Unit: "%"}, Base: &indicator.Base{Value: money.Int(c.base), Unit: "%"}}}
		s := goals.ShareOf(g, indicator.Reading{Planned: money.Int(c.planned), HasPlan: true})
		if want := money.Int(c.share); !s.HasPlan || s.Plan.Cmp(want) != 0 {
			t.Errorf("%s: the plan stands at %v (%v), want %v", c.name, s.Plan, s.HasPlan, want)
		}
	}
}
