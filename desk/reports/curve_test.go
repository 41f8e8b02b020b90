package reports

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/kernel/indicator"
)

func TestPlanCurve(t *testing.T) {
	day := calendar.NewDate
	for _, c := range []struct {
		name       string
		preset     Preset
		shape      indicator.Shape
		target     string
		start, due calendar.Date
		want       string
	}{
		{"a straight line needs no points", StraightLine, indicator.Accumulate, "12", day(2023, 1, 1), day(2023, 12, 31), ""},
		{"quarters bring their part at their end", QuarterSteps, indicator.Accumulate, "20", day(2023, 1, 1), day(2023, 12, 31),
			"01:0 02:0 03:5 04:5 05:5 06:10 07:10 08:10 09:15 10:15 11:15 12:20"},
		{"the building season stands still in winter", BuildSeason, indicator.Accumulate, "21", day(2023, 3, 1), day(2023, 12, 31),
			"03:0 04:3 05:6 06:9 07:12 08:15 09:18 10:21 11:21 12:21"},
		{"a plan that ends inside a quarter ends at its target", QuarterSteps, indicator.Accumulate, "8", day(2023, 1, 1), day(2023, 8, 31),
			"01:0 02:0 03:3 04:3 05:3 06:6 07:6 08:8"},
		{"a growth has no curve", BuildSeason, indicator.Growth, "10", day(2023, 1, 1), day(2023, 12, 31), ""},
		{"a season that does not meet the plan gives none", BuildSeason, indicator.Accumulate, "10", day(2023, 11, 1), day(2023, 12, 31), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			terms := indicator.Terms{Shape: c.shape, Target: indicator.Target{Value: money.MustParse(c.target)}, Start: c.start, Due: c.due}
			var got []string
			for _, p := range PlanCurve(c.preset, &terms) {
				got = append(got, p.Month[5:]+":"+p.Value.String())
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("got %s, want %s", g, c.want)
			}
		})
	}
}

// A curve never falls, ends at the target, and can be published.
func TestPlanCurveRises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := calendar.NewDate(2023, 1, 1) + calendar.Date(rapid.IntRange(0, 400).Draw(t, "start"))
		terms := indicator.Terms{Title: "x", Lead: "u", Year: 2023, Shape: indicator.Accumulate, Target: indicator.Target{Op: "eq", Value: money.Int(int64(rapid.IntRange(1, 1e6).Draw(t, "target")))},
			Start: start, Due: start + calendar.Date(rapid.IntRange(0, 1200).Draw(t, "days")), Feed: indicator.Feed{Mode: indicator.Reported}}
		terms.Curve = PlanCurve(rapid.SampledFrom([]Preset{QuarterSteps, BuildSeason}).Draw(t, "preset"), &terms)
		for i := 1; i < len(terms.Curve); i++ {
			if terms.Curve[i].Value.Less(terms.Curve[i-1].Value) {
				t.Fatalf("falls at %s", fmt.Sprint(terms.Curve[i]))
			}
		}
		if n := len(terms.Curve); n > 0 && terms.Curve[n-1].Value != terms.Target.Value {
			t.Fatalf("ends at %s, not at %s", terms.Curve[n-1].Value, terms.Target.Value)
		}
		if err := terms.Check(); err != nil {
			t.Fatal(err)
		}
	})
}
