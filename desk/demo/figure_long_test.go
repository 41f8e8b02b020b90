//go:build long

package demo_test

import (
	"slices"
	"testing"

	"bihuan/internal/district"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// TestTheFiveRatesAreReported: every one of the five main growth rates has returns at each step, reviewed by somebody who did not report them,
// and a corrected one keeps what it was before.
func TestTheFiveRatesAreReported(t *testing.T) {
	x := district.Demo(t)
	who := x.As(t, "statistics", "statistician", 0)
	states, corrected := map[string]int{}, 0
	for _, rate := range []string{"gdp", "retail", "investment", "industry-output", "services-revenue"} {
		page, err := x.Desk.Worklist(t.Context(), who, journal.Query{Kinds: []string{"economy/return"}, Limit: 200,
			Facets: []journal.Facet{{Name: "indicator", Text: rate}}})
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
			t.Errorf("%d returns of %s are filed, want 2 or more", filed, rate)
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

// TestTheHeadlineFollowsTheReturns: the report's headline is five goals that nobody reports: each follows the returns of its rate, month by month, and
// is lit by how far the district is ahead of the city.
func TestTheHeadlineFollowsTheReturns(t *testing.T) {
	x := district.Demo(t)
	goals, err := x.Desk.AllGoals(t.Context(), x.As(t, "office", "issuer", 0), 2023)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, g := range goals {
		if g.Feed.Mode != indicator.Derived {
			continue
		}
		n++
		series := g.Series()
		if len(series) < 2 || g.Matter == "" || g.Source.Sentence == "" {
			t.Errorf("%s has %d figures, task %q", g.Title, len(series), g.Matter)
			continue
		}
		last := series[len(series)-1]
		t.Logf("%s: %s in %s, %s", g.Title, last.Value, last.Period, g.Reading.Light)
		if last.Value.Sign() <= 0 || g.Reading.Light != indicator.Green {
			t.Errorf("%s stands at %s, %s", g.Title, last.Value, g.Reading.Light)
		}
	}
	if n != 5 {
		t.Errorf("%d goals are derived, want 5", n)
	}
}

// TestWhatTakesTwoIsInTheDemo: one road was put off by two persons, another one waits for a leader.
func TestWhatTakesTwoIsInTheDemo(t *testing.T) {
	x := district.Demo(t)
	leader, office := x.As(t, "government", "leader", 0), x.As(t, "office", "issuer", 0)
	waits, err := x.Desk.Asked(t.Context(), leader)
	if err != nil || len(waits) != 1 || waits[0].Matter.Pending.Act != "cancel" {
		t.Fatalf("%+v, %v", waits, err)
	}
	page, err := x.Desk.Worklist(t.Context(), office, journal.Query{Kinds: []string{"works/site"}, Text: "演示道路22号", Limit: 5})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("%d roads, %v", len(page.Rows), err)
	}
	m, err := x.Desk.Matter(t.Context(), office, page.Rows[0].Stream)
	if err != nil || m.Fields["due"] != "2023-12-28" || m.Fields["approved-by"] != string(x.As(t, "office", "head", 0).Person) {
		t.Errorf("due %s, approved by %s: %v", m.Fields["due"], m.Fields["approved-by"], err)
	}
}
