package indicator_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/calendar"
	"bihuan/ground/money"
	. "bihuan/kernel/indicator"
)

// TestRead has every shape in every light, with the reason.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		name     string
		goal     *Goal
		on       string
		light    Light
		why      Why
		progress string
		gap      string
		planned  string
	}{
		// 新增21个: thirteen are there at the end of October, when 83.29 % of the year are gone.
		{"accumulate: behind by more than ten points", with(goal(Accumulate, "eq", "21", "个"), "2023-10", "13"), "2023-10-31", Yellow, WhyBehind, "61.9", "-21.39", "17.4904"},
		{"accumulate: behind by more than thirty", with(goal(Accumulate, "eq", "21", "个"), "2023-10", "11"), "2023-10-31", Red, WhyBehind, "52.38", "-30.91", "17.4904"},
		{"accumulate: ten points behind are still on plan", with(goal(Accumulate, "eq", "100", "个"), "2023-10", "74"), "2023-10-31", Green, WhyOnPlan, "74", "-9.29", "83.2877"},
		{"accumulate: ahead of plan (占97.2%, 超过时间进度13.9个百分点)", with(goal(Accumulate, "reach", "1000", "万元"), "2023-10", "972"), "2023-10-31", Green, WhyOnPlan, "97.2", "13.91", "832.8767"},
		{"accumulate: 105 per cent are not clamped", with(goal(Accumulate, "eq", "20", "个"), "2023-10", "21"), "2023-10-31", Green, WhyReached, "105", "21.71", "16.6575"},
		{"accumulate: reached to the last piece", with(goal(Accumulate, "eq", "21", "个"), "2023-12", "21"), "2023-12-31", Green, WhyReached, "100", "0", "21"},
		{"accumulate: one short when the year is over", with(goal(Accumulate, "eq", "21", "个"), "2023-12", "20"), "2024-01-01", Red, WhyOverdue, "95.24", "-4.76", "21"},
		{"accumulate: a figure is held against the plan of its own month", with(goal(Accumulate, "eq", "12", "个"), "2023-09", "9"), "2023-10-20", Green, WhyOnPlan, "75", "0.21", "8.9753"},
		{"accumulate: more than a month later it is held against today", with(goal(Accumulate, "eq", "12", "个"), "2023-09", "9"), "2023-11-20", Yellow, WhyBehind, "75", "-13.77", "10.6521"},
		{"accumulate: a counted figure is always of the day", with(goal(Accumulate, "eq", "12", "个", counted), "2023-10", "8"), "2023-10-05", Green, WhyOnPlan, "66.67", "-9.49", "9.1397"},
		{"accumulate: no figure yet", goal(Accumulate, "eq", "12", "个"), "2023-03-01", Grey, WhyNoFigure, "0", "0", "1.9726"},
		{"accumulate: no figure while the plan wants a third", goal(Accumulate, "eq", "12", "个"), "2023-05-01", Yellow, WhyNoFigure, "0", "0", "3.9781"},
		{"accumulate: no figure when the year is over", goal(Accumulate, "eq", "12", "个"), "2024-01-01", Red, WhyOverdue, "0", "0", "12"},
		{"accumulate: nothing is a figure too", with(goal(Accumulate, "eq", "12", "个"), "2023-05", "0"), "2023-05-31", Red, WhyBehind, "0", "-41.37", "4.9644"},
		{"accumulate: figures of later months do not count yet", with(goal(Accumulate, "eq", "12", "个"), "2023-11", "12"), "2023-01-15", Grey, WhyNoFigure, "0", "0", "0.4932"},
		{"accumulate: a target of nothing is reached", with(goal(Accumulate, "eq", "0", "个"), "2023-01", "0"), "2023-01-31", Green, WhyReached, "0", "0", "0"},

		{"level: on its way from the base", with(goal(Level, "reach", "60", "%", base("50", "%")), "2023-06", "55"), "2023-06-30", Green, WhyOnPlan, "50", "0.41", "54.9589"},
		{"level: below the way", with(goal(Level, "reach", "60", "%", base("50", "%")), "2023-06", "52"), "2023-06-30", Yellow, WhyBehind, "20", "-29.59", "54.9589"},
		{"level: worse than the base", with(goal(Level, "reach", "60", "%", base("50", "%")), "2023-06", "48"), "2023-06-30", Red, WhyBehind, "-20", "-69.59", "54.9589"},
		{"level: a base that makes the plan a long fraction", with(goal(Level, "reach", "1010", "米", base("1000", "米")), "2023-01", "1000.9"), "2023-01-31", Green, WhyOnPlan, "9", "0.51", "1000.8493"},
		{"level: less is better", with(goal(Level, "at_most", "30", "天", base("40", "天"), lower), "2023-06", "34"), "2023-06-30", Green, WhyOnPlan, "60", "10.41", "35.0411"},
		{"level: less is better, and it is more", with(goal(Level, "at_most", "30", "天", base("40", "天"), lower), "2023-06", "41"), "2023-06-30", Red, WhyBehind, "-10", "-59.59", "35.0411"},
		{"level: reached at once", with(goal(Level, "reach", "60", "%", base("50", "%")), "2023-02", "61"), "2023-02-28", Green, WhyReached, "110", "93.84", "51.6164"},
		{"level: a level that is to be held", with(goal(Level, "reach", "100", "%", base("100", "%")), "2023-06", "95"), "2023-06-30", Green, WhyOnPlan, "95", "-5", "100"},
		{"level: a level that is to be held and is not", with(goal(Level, "reach", "100", "%", base("100", "%")), "2023-06", "60"), "2023-06-30", Red, WhyBehind, "60", "-40", "100"},
		{"level: better before than is wanted", with(goal(Level, "reach", "60", "%", base("70", "%")), "2023-06", "50"), "2023-06-30", Yellow, WhyBehind, "83.33", "-16.67", "60"},
		{"level: without base or curve it is due at its date", with(goal(Level, "reach", "60", "%"), "2023-06", "40"), "2023-06-30", Green, WhyNotYet, "66.67", "0", "0"},
		{"level: the same when four fifths of the time are gone", with(goal(Level, "reach", "60", "%"), "2023-10", "40"), "2023-10-31", Yellow, WhyBelowTarget, "66.67", "0", "0"},
		{"level: the same when the date has passed", with(goal(Level, "reach", "60", "%"), "2023-12", "59"), "2024-01-01", Red, WhyOverdue, "98.33", "0", "0"},
		{"level: a base in another unit is none", with(goal(Level, "reach", "60", "%", base("120", "户")), "2023-06", "40"), "2023-06-30", Green, WhyNotYet, "66.67", "0", "0"},
		{"level: a curve is enough", with(goal(Level, "reach", "60", "%", curve("2023-06", "50", "2023-12", "60")), "2023-06", "40"), "2023-06-30", Yellow, WhyBehind, "66.67", "-16.67", "50"},
		{"level: before the first point of a curve there is no plan", with(goal(Level, "reach", "60", "%", curve("2023-06", "50")), "2023-02", "40"), "2023-02-28", Green, WhyNotYet, "66.67", "0", "0"},

		{"growth: above", with(goal(Growth, "growth", "10", "%"), "2023-09", "11.2"), "2023-10-20", Green, WhyReached, "112", "12", "10"},
		{"growth: a little below", with(goal(Growth, "growth", "10", "%"), "2023-09", "9"), "2023-10-20", Green, WhyOnPlan, "90", "-10", "10"},
		{"growth: a quarter below", with(goal(Growth, "growth", "10", "%"), "2023-09", "7.5"), "2023-10-20", Yellow, WhyBelowTarget, "75", "-25", "10"},
		{"growth: minus ninety per cent is not clamped", with(goal(Growth, "growth", "10", "%"), "2023-09", "-90"), "2023-10-20", Red, WhyBelowTarget, "-900", "-1000", "10"},
		{"growth: of nothing", with(goal(Growth, "growth", "0", "%"), "2023-09", "-0.5"), "2023-10-20", Green, WhyOnPlan, "0", "-0.5", "0"},
		{"growth: in step with the city (与全市同步)", with(goal(Growth, "ge", "0", "百分点"), "2023-09", "0.3"), "2023-10-20", Green, WhyReached, "100", "0.3", "0"},
		{"growth: half a point behind the city", with(goal(Growth, "ge", "0", "百分点"), "2023-09", "-0.5"), "2023-10-20", Green, WhyOnPlan, "0", "-0.5", "0"},
		{"growth: a point and a half behind it", with(goal(Growth, "ge", "0", "百分点"), "2023-09", "-1.5"), "2023-10-20", Yellow, WhyBelowTarget, "0", "-1.5", "0"},
		{"growth: four points behind it", with(goal(Growth, "ge", "0", "个百分点"), "2023-09", "-4.1"), "2023-10-20", Red, WhyBelowTarget, "0", "-4.1", "0"},
		{"growth: a level of the base", with(goal(Growth, "growth", "10", "%", base("200", "户")), "2023-09", "221"), "2023-10-20", Green, WhyReached, "100.45", "0.45", "220"},
		{"growth: by an amount", with(goal(Growth, "growth", "3.5", "个百分点", base("60", "%")), "2023-09", "63.5"), "2023-10-20", Green, WhyReached, "100", "0", "63.5"},
		{"growth: an amount without a base cannot be judged", with(goal(Growth, "growth", "20", "户"), "2023-09", "63"), "2023-10-20", Grey, WhyNoBase, "0", "0", "20"},
		{"growth: not below at the end", with(goal(Growth, "growth", "10", "%"), "2023-12", "9.9"), "2024-02-01", Red, WhyBelowTarget, "99", "-1", "10"},
		{"growth: no figure", goal(Growth, "growth", "10", "%"), "2023-10-20", Grey, WhyNoFigure, "0", "0", "10"},
		{"growth: no figure when the year is over", goal(Growth, "growth", "10", "%"), "2024-01-20", Red, WhyOverdue, "0", "0", "10"},

		// 拥堵指数再下降15%: on the base of last year's level, 63 points, not of last year's rate.
		{"ceiling: fifteen per cent less than the base", with(goal(Ceiling, "decline", "15", "%", base("63", "点")), "2023-09", "53.5"), "2023-10-20", Green, WhyReached, "99.91", "0.09", "53.55"},
		{"ceiling: not yet fifteen per cent less", with(goal(Ceiling, "decline", "15", "%", base("63", "点")), "2023-09", "60"), "2023-10-20", Yellow, WhyOverLimit, "112.04", "-12.04", "53.55"},
		{"ceiling: far more than the base", with(goal(Ceiling, "decline", "15", "%", base("63", "点")), "2023-09", "80"), "2023-10-20", Red, WhyOverLimit, "149.39", "-49.39", "53.55"},
		{"ceiling: a decline reported as a rate is better when it is more", with(goal(Ceiling, "decline", "15", "%"), "2023-09", "16"), "2023-10-20", Green, WhyReached, "106.67", "6.67", "15"},
		{"ceiling: a smaller decline as a rate", with(goal(Ceiling, "decline", "15", "%"), "2023-09", "10"), "2023-10-20", Red, WhyBelowTarget, "66.67", "-33.33", "15"},
		{"ceiling: a limit that is kept", with(goal(Ceiling, "at_most", "15", "起"), "2023-09", "15"), "2023-10-20", Green, WhyReached, "100", "0", "15"},
		{"ceiling: one over the limit", with(goal(Ceiling, "at_most", "15", "起"), "2023-09", "16"), "2023-10-20", Green, WhyOnPlan, "106.67", "-6.67", "15"},
		{"ceiling: a limit of nothing", with(goal(Ceiling, "at_most", "0", "起"), "2023-09", "11"), "2023-10-20", Yellow, WhyOverLimit, "0", "-11", "0"},

		{"zero: it has not occurred", with(goal(Zero, "eq", "0", "户"), "2023-09", "0"), "2023-10-20", Green, WhyReached, "100", "0", "0"},
		{"zero: it has occurred once", with(goal(Zero, "eq", "0", "户"), "2023-09", "1"), "2023-10-20", Red, WhyOccurred, "0", "-1", "0"},
		{"zero: nobody has said", goal(Zero, "eq", "0", "户"), "2023-10-20", Grey, WhyNoFigure, "0", "0", "0"},
		{"zero: nobody has said by the end", goal(Zero, "eq", "0", "户"), "2024-01-01", Red, WhyOverdue, "0", "0", "0"},

		{"milestone: not yet", goal(Milestone, "", "1", ""), "2023-06-30", Green, WhyNotYet, "0", "0", "0"},
		{"milestone: soon", goal(Milestone, "", "1", ""), "2023-10-20", Yellow, WhySoon, "0", "0", "0"},
		{"milestone: on the day", goal(Milestone, "", "1", ""), "2023-12-31", Yellow, WhySoon, "0", "0", "0"},
		{"milestone: missed", goal(Milestone, "", "1", ""), "2024-01-01", Red, WhyOverdue, "0", "0", "0"},
		{"milestone: done", with(goal(Milestone, "", "1", ""), "2023-11", "1"), "2024-01-01", Green, WhyReached, "100", "0", "0"},
		{"milestone: a figure of nothing is not done", with(goal(Milestone, "", "1", ""), "2023-11", "0"), "2024-01-01", Red, WhyOverdue, "0", "0", "0"},

		{"a shape that there is not is grey", with(goal("spiral", "eq", "1", ""), "2023-11", "0"), "2023-11-30", Grey, WhyNoFigure, "0", "0", "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.goal.Read(date(c.on), workdays(), DefaultThresholds())
			got := fmt.Sprint(r.Light, r.Why, " progress ", r.Progress, " gap ", r.Gap, " planned ", r.Planned)
			want := fmt.Sprint(c.light, c.why, " progress ", dec(c.progress), " gap ", dec(c.gap), " planned ", dec(c.planned))
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestElapsedAndRequired(t *testing.T) {
	leap := span("2024-01-01", "2024-12-31")
	for _, c := range []struct {
		name     string
		goal     *Goal
		on       string
		elapsed  string
		days     int
		required string
	}{
		{"before it begins", goal(Accumulate, "eq", "12", "个"), "2022-12-31", "0", 260, "0"},
		{"the first day is gone", goal(Accumulate, "eq", "12", "个"), "2023-01-01", "0.27", 260, "0"},
		{"the last day", with(goal(Accumulate, "eq", "12", "个"), "2023-12", "10"), "2023-12-31", "100", 0, "2"},
		{"Friday before the last week-end", with(goal(Accumulate, "eq", "12", "个"), "2023-12", "10"), "2023-12-29", "99.45", 1, "2"},
		{"a month before the end", with(goal(Accumulate, "eq", "12", "个"), "2023-11", "10"), "2023-12-01", "91.78", 21, "0.1"},
		{"over", with(goal(Accumulate, "eq", "12", "个"), "2023-12", "10"), "2024-01-02", "100", 0, "0"},
		{"reached", with(goal(Accumulate, "eq", "12", "个"), "2023-12", "12"), "2023-12-01", "91.78", 21, "0"},
		{"a leap year has 366 days", goal(Accumulate, "eq", "12", "个", leap), "2024-02-29", "16.39", 219, "0"},
		{"a goal of one day", goal(Accumulate, "eq", "12", "个", span("2023-05-01", "2023-05-01")), "2023-05-01", "100", 1, "0"},
	} {
		r := c.goal.Read(date(c.on), workdays(), DefaultThresholds())
		if r.Elapsed != dec(c.elapsed) || r.DaysLeft != c.days || r.Required != dec(c.required) {
			t.Errorf("%s: elapsed %s, %d days, %s a day; want %s, %d, %s", c.name, r.Elapsed, r.DaysLeft, r.Required, c.elapsed, c.days, c.required)
		}
	}
}

func TestPlanCurve(t *testing.T) {
	quarters := goal(Accumulate, "eq", "20", "个", counted, curve("2023-03", "5", "2023-06", "10", "2023-09", "15", "2023-12", "20"))
	leap := goal(Accumulate, "eq", "29", "个", counted, span("2024-02-01", "2024-03-31"), curve("2024-02", "29", "2024-03", "29"))
	for _, c := range []struct {
		name    string
		goal    *Goal
		on      string
		planned string
	}{
		{"before the first point nothing is wanted", quarters, "2023-02-28", "0"},
		{"within its month the plan goes by days", quarters, "2023-03-01", "0.1613"},
		{"at the end of its month it is there", quarters, "2023-03-31", "5"},
		{"between two points it stands", quarters, "2023-05-15", "5"},
		{"half of June", quarters, "2023-06-15", "7.5"},
		{"on the due day it is the target", quarters, "2023-12-31", "20"},
		{"and afterwards", quarters, "2024-05-01", "20"},
		{"February of a leap year has 29 days", leap, "2024-02-01", "1"},
		{"and ends on the 29th", leap, "2024-02-29", "29"},
	} {
		if got := with(c.goal, "2023-01", "0").Read(date(c.on), workdays(), DefaultThresholds()).Planned; got != dec(c.planned) {
			t.Errorf("%s: %s, want %s", c.name, got, c.planned)
		}
	}
}

func TestSeriesAndLatest(t *testing.T) {
	g := with(goal(Accumulate, "eq", "12", "个"), "2023-03", "3", "2023-01", "1", "2023-02", "2", "2023-02", "2.5")
	var got string
	for _, f := range g.Series() {
		got += f.Period + ":" + f.Value.String() + " "
	}
	if want := "2023-01:1 2023-02:2.5 2023-03:3 "; got != want {
		t.Errorf("series %s, want %s: a correction is valid, and those before it are still recorded", got, want)
	}
	if len(g.Figures) != 4 {
		t.Errorf("%d figures are recorded, want 4", len(g.Figures))
	}
	for _, c := range []struct{ on, value string }{{"2023-01-01", "1"}, {"2023-02-28", "2.5"}, {"2023-12-31", "3"}} {
		if f, ok := g.Latest(date(c.on)); !ok || f.Value != dec(c.value) {
			t.Errorf("on %s the figure is %v, %v; want %s", c.on, f.Value, ok, c.value)
		}
	}
	if _, ok := g.Latest(date("2022-12-31")); ok {
		t.Error("before the first period there is no figure")
	}
}

func TestNeedsBase(t *testing.T) {
	for _, c := range []struct {
		name string
		goal *Goal
		want bool
	}{
		{"growth in per cent reported as a rate needs none", goal(Growth, "growth", "10", "%"), false},
		{"an increase by an amount does", goal(Growth, "growth_ge", "20", "户"), true},
		{"not once it has one", goal(Growth, "growth_ge", "20", "户", base("100", "户")), false},
		{"a ceiling that is a level needs none", goal(Ceiling, "at_most", "15", "起"), false},
		{"a decline by an amount does", goal(Ceiling, "decline", "3", "起"), true},
		{"what accumulates needs none", goal(Accumulate, "eq", "3", "起"), false},
	} {
		if got := c.goal.NeedsBase(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// drawGoal draws a goal of any shape with or without base and curve.
func drawGoal(t *rapid.T) *Goal {
	shape := rapid.SampledFrom(Shapes).Draw(t, "shape")
	op := map[Shape][]string{Growth: {"growth", "growth_ge"}, Ceiling: {"decline", "at_most"}}[shape]
	if op == nil {
		op = []string{"eq", "reach"}
	}
	g := goal(shape, rapid.SampledFrom(op).Draw(t, "op"), fmt.Sprint(rapid.IntRange(0, 200).Draw(t, "target")), rapid.SampledFrom([]string{"%", "户"}).Draw(t, "unit"))
	g.Lower = shape == Level && rapid.Bool().Draw(t, "lower")
	if rapid.Bool().Draw(t, "base") {
		base(fmt.Sprint(rapid.IntRange(0, 200).Draw(t, "base value")), rapid.SampledFrom([]string{"%", "户", "点"}).Draw(t, "base unit"))(&g.Terms)
	}
	if (shape == Accumulate || shape == Level) && rapid.Bool().Draw(t, "curve") {
		from := money.Zero
		if g.Base != nil {
			from = g.Base.Value
		}
		if shape == Accumulate {
			from = money.Zero
		}
		g.Curve = Curve(rapid.SampledFrom(Presets).Draw(t, "preset"), g.Start, g.Due, from, g.Target.Value)
	}
	if rapid.Bool().Draw(t, "counted") {
		counted(&g.Terms)
	}
	return g
}

var gravity = map[Light]int{Green: 0, Grey: 1, Yellow: 2, Red: 3}

// isLowerBetter is the direction of a goal's figures, told once more for the test.
func isLowerBetter(g *Goal) bool {
	switch g.Shape {
	case Zero:
		return true
	case Ceiling:
		return g.Target.Op != "decline" || g.Base != nil && g.Base.Unit != g.Target.Unit
	}
	return g.Lower
}

// TestBetterNeverWorsensALight: with a better figure, and all else alike, the light is never worse, nor is the gap.
func TestBetterNeverWorsensALight(t *testing.T) {
	seen := map[Light]int{}
	one := func(t *rapid.T) {
		g := drawGoal(t)
		on := g.Start + calendar.Date(rapid.IntRange(0, 400).Draw(t, "day"))
		month := Month(min(on, g.Due))
		worse := rapid.IntRange(-100, 300).Draw(t, "worse")
		better := worse + rapid.IntRange(0, 200).Draw(t, "by")
		if isLowerBetter(g) {
			worse, better = better, worse
		}
		a := *g
		b := *g
		ra := with(&a, month, fmt.Sprint(worse)).Read(on, workdays(), DefaultThresholds())
		rb := with(&b, month, fmt.Sprint(better)).Read(on, workdays(), DefaultThresholds())
		seen[ra.Light]++
		if gravity[rb.Light] > gravity[ra.Light] || rb.Gap.Less(ra.Gap) && g.Shape != Milestone {
			t.Fatalf("%s of %s %s %s: %d is %s (gap %s), %d is %s (gap %s)", g.Shape, g.Target.Op, g.Target.Value, g.Target.Unit, worse, ra.Light, ra.Gap, better, rb.Light, rb.Gap)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for range 4 { // one in twenty is yellow, and as many grey: of a hundred, none might be
			one(t)
		}
	})
	for l := range gravity {
		if seen[l] == 0 {
			t.Errorf("no goal was ever %s: %v", l, seen)
		}
	}
}

// TestWaitingNeverHelps: while nobody reports, a later day never shows a better light.
func TestWaitingNeverHelps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGoal(t)
		if g.Shape != Accumulate && g.Shape != Milestone {
			g.Shape, g.Curve = Accumulate, nil
		}
		if rapid.Bool().Draw(t, "reported once") {
			with(g, "2023-01", fmt.Sprint(rapid.IntRange(0, 100).Draw(t, "value")))
		}
		on := g.Start + 31 + calendar.Date(rapid.IntRange(0, 380).Draw(t, "day"))
		later := on + calendar.Date(rapid.IntRange(0, 60).Draw(t, "later"))
		a, b := g.Read(on, workdays(), DefaultThresholds()), g.Read(later, workdays(), DefaultThresholds())
		if gravity[b.Light] < gravity[a.Light] && a.Light != Grey {
			t.Fatalf("on %s %s, on %s %s: %+v", on, a.Light, later, b.Light, g.Terms)
		}
	})
}

// TestReadIsPure: reading changes neither the goal nor itself.
func TestReadIsPure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := with(drawGoal(t), "2023-03", "5")
		before := fmt.Sprintf("%+v", *g)
		a := g.Read(date("2023-05-05"), workdays(), DefaultThresholds())
		b := g.Read(date("2023-05-05"), workdays(), DefaultThresholds())
		if fmt.Sprintf("%+v", *g) != before || fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatal("reading changed something")
		}
	})
}
