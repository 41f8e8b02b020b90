//go:build long

package demo_test

import (
	"context"
	"testing"

	"bihuan/desk"
	"bihuan/desk/cockpit"
	"bihuan/desk/goals"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
)

// TestDistrict walks the demo's first minute at the desk: the report is there, a site that is accepted moves figure and
// light, time turns a goal red and urges its unit, and the chain holds.
func TestDistrict(t *testing.T) {
	x := district.Demo(t)
	ctx := context.Background()
	office := x.As(t, "office", "issuer", 1)

	cockpit, err := cockpit.New(x.Desk, goals.New(x.Desk, x.Store)).View(ctx, office, 2023)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d goals, lights %v, %d stuck, %d in the race", len(cockpit.Goals), cockpit.Lights, len(cockpit.Stuck), len(cockpit.Race))
	if len(cockpit.Goals) < 45 || cockpit.Lights[indicator.Red] == 0 || cockpit.Lights[indicator.Yellow] == 0 || cockpit.Lights[indicator.Green] < 20 {
		t.Errorf("the district looks unreal: %d goals, lights %v", len(cockpit.Goals), cockpit.Lights)
	}

	estates := goal(t, x, "老旧小区改造")
	if got := estates.Reading.Actual.String(); got != "14" || estates.Reading.Light != indicator.Yellow {
		t.Fatalf("old estates stand at %s, %s; want 14, yellow", got, estates.Reading.Light)
	}
	site := checked(t, x, "old-estate")
	if _, err := x.Desk.Act(ctx, office, desk.Do{Matter: site, Act: "accept"}); err != nil {
		t.Fatal(err)
	}
	after := goal(t, x, "老旧小区改造")
	if got := after.Reading.Actual.String(); got != "15" || after.Reading.Light != indicator.Green {
		t.Errorf("after the acceptance they stand at %s, %s; want 15, green", got, after.Reading.Light)
	}

	water := goal(t, x, "二次供水")
	if water.Reading.Light != indicator.Yellow {
		t.Fatalf("secondary water is %s before the time bar moves, want yellow", water.Reading.Light)
	}
	x.Forward(t, 21)
	water = goal(t, x, "二次供水")
	m, err := x.Desk.Matter(ctx, office, water.Matter)
	if err != nil {
		t.Fatal(err)
	}
	if water.Reading.Light != indicator.Red || m.Counts["urge"] == 0 {
		t.Errorf("after three weeks secondary water is %s and its promise was urged %d times, want red and at least once", water.Reading.Light, m.Counts["urge"])
	}
	x.Verify(t)
}

// TestUnitsAskForChanges: one change of a goal was asked for and declined, one waits for the leader.
func TestUnitsAskForChanges(t *testing.T) {
	x := district.Demo(t)
	leader := x.As(t, "government", "leader", 0)
	waiting, err := x.Desk.ToDecide(t.Context(), leader)
	if err != nil || len(waiting) != 1 || waiting[0].Pending.Due == nil {
		t.Fatalf("%d goals wait for the leader's decision, %v", len(waiting), err)
	}
	all, err := x.Desk.AllGoals(t.Context(), leader, 2023)
	if err != nil {
		t.Fatal(err)
	}
	declined := 0
	for i := range all {
		history, err := goals.New(x.Desk, x.Store).History(t.Context(), leader, all[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range history {
			if e.Type == indicator.Declined {
				declined++
			}
		}
	}
	if declined != 1 {
		t.Errorf("%d changes were declined, want 1", declined)
	}
}
