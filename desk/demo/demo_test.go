package demo_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

func goal(t *testing.T, x *district.District, title string) desk.GoalView {
	t.Helper()
	goals, err := x.Desk.AllGoals(context.Background(), x.As(t, "office", "issuer", 0), 2023)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range goals {
		if strings.Contains(g.Title, title) {
			return g
		}
	}
	t.Fatalf("no goal with %q in its title", title)
	return desk.GoalView{}
}

// TestDistrict walks the demo's first minute at the desk: the report is there, a site that is accepted moves figure and
// light, time turns a goal red and urges its unit, and the chain holds.
func TestDistrict(t *testing.T) {
	x := district.Demo(t)
	ctx := context.Background()
	office := x.As(t, "office", "issuer", 1)

	cockpit, err := x.Desk.Cockpit(ctx, office, 2023)
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

// checked returns a site of a category that waits for acceptance.
func checked(t *testing.T, x *district.District, category string) name.ID {
	t.Helper()
	page, err := x.Desk.Worklist(context.Background(), x.As(t, "office", "issuer", 1), journal.Query{Kinds: []string{"works/site"}, States: []string{"checked"},
		Facets: []journal.Facet{{Name: "category", Text: category}}})
	if err != nil || len(page.Rows) == 0 {
		t.Fatalf("no site of %s waits for acceptance: %v", category, err)
	}
	return page.Rows[0].Stream
}

// TestTheCityIsAtWork: the demo's cases, events and calls stand at every step, some of them the hard ones.
func TestTheCityIsAtWork(t *testing.T) {
	x := district.Demo(t)
	who := x.As(t, "supervision", "supervisor", 0)
	for _, c := range []struct {
		kind   string
		states []string
	}{
		{"urban/case", []string{"handling", "reported", "closed", "postponed", "shelved", "difficult", "dispatched"}},
		{"grid/event", []string{"handling", "with-street", "closed", "with-grid"}},
		{"hotline/call", []string{"handling", "closed", "taken", "split"}},
	} {
		for _, state := range c.states {
			page, err := x.Desk.Worklist(t.Context(), who, journal.Query{Kinds: []string{c.kind}, States: []string{state}, Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			if t.Logf("%s %s: %d", c.kind, state, len(page.Rows)); len(page.Rows) == 0 {
				t.Errorf("no %s is %s", c.kind, state)
			}
		}
	}
}
