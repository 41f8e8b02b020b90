//go:build long

package demo_test

import (
	"slices"
	"testing"

	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

// TestTheFiveRatesAreReported: every one of the five main growth rates has returns at each step, reviewed by somebody who did not report them,
// and a corrected one keeps what it was before.
func TestTheFiveRatesAreReported(t *testing.T) {
	x := district.Demo(t)
	who := x.As(t, "statistics", "statistician", 0)
	states, corrected := map[string]int{}, 0
	for _, indicator := range []string{"gdp", "retail", "investment", "industry-output", "services-revenue"} {
		page, err := x.Desk.Worklist(t.Context(), who, journal.Query{Kinds: []string{"economy/return"}, Limit: 200,
			Facets: []journal.Facet{{Name: "indicator", Text: indicator}}})
		if err != nil {
			t.Fatal(err)
		}
		filed := 0
		for _, r := range page.Rows {
			states[r.State]++
			v, err := x.Desk.Matter(t.Context(), who, r.Stream)
			if err != nil {
				t.Fatal(err)
			}
			var values []string
			for _, s := range v.History {
				switch s.Change.Act {
				case "report":
					values = append(values, s.Change.Fields["value"])
				case "correct":
					corrected++
				}
			}
			t.Logf("%s %s %s: quick %s, reported %v, the city %s", r.Number, r.Title, r.State, v.Fields["quick-value"], values, v.Fields["city-value"])
			if r.State == "filed" {
				filed++
				if v.Worker.Person == "" || slices.Contains(v.Checked, v.Worker.Person) || len(values) == 0 || values[len(values)-1] != v.Fields["value"] {
					t.Errorf("%s is filed as %s: reported %v by %s, reviewed by %v", r.Number, v.Fields["value"], values, v.Worker.Person, v.Checked)
				}
			}
		}
		if filed < 2 {
			t.Errorf("%d returns of %s are filed, want 2 or more", filed, indicator)
		}
	}
	for _, state := range []string{"due", "reported", "filed"} {
		if states[state] == 0 {
			t.Errorf("no return is %s: %v", state, states)
		}
	}
	if corrected < 2 {
		t.Errorf("%d returns were corrected, want 2 or more", corrected)
	}
}
