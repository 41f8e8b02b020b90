//go:build long

package demo_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/internal/district"
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
