package web

import (
	"testing"

	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/kernel/indicator"
)

func TestShortValues(t *testing.T) {
	for _, c := range []struct{ value, unit, zh, en string }{
		{"232000000", "元", "2.32亿", "232m"},
		{"26300000", "元", "2,630万", "26.3m"},
		{"45.5", "%", "45.5%", "45.5%"},
		{"9.87", "万平方米", "9.87万", "98.7k"},
		{"14", "个", "14", "14"},
		{"41.6", "个", "41.6", "41.6"},
		{"1163.8", "个", "1,164", "1,164"}, // nobody reads a tenth of a place in a school
	} {
		v, err := money.Parse(c.value)
		if err != nil {
			t.Fatal(err)
		}
		if zh, en := shortValue("zh", v, c.unit), shortValue("en", v, c.unit); zh != c.zh || en != c.en {
			t.Errorf("%s%s is %s and %s, want %s and %s", c.value, c.unit, zh, en, c.zh, c.en)
		}
	}
}

// TestAGreenGoalDoesNotLag: what is a little below plan and within what is allowed is not called behind.
func TestAGreenGoalDoesNotLag(t *testing.T) {
	g := goalShown{lang: "zh"}
	g.Shape = indicator.Accumulate
	g.Reading = indicator.Reading{Has: true, HasPlan: true, Gap: money.Int(-5), Light: indicator.Green}
	if got := g.GapText(); got != "略低于计划5个百分点" {
		t.Errorf("a green goal: %q", got)
	}
	g.Reading.Light = indicator.Yellow
	if got := g.GapText(); got != "落后5个百分点" {
		t.Errorf("a yellow goal: %q", got)
	}
}

// TestThatThereIsNoFigureIsSaidOnce: as why the goal stands as it does, and neither as how far it is nor as how old its figure is.
func TestThatThereIsNoFigureIsSaidOnce(t *testing.T) {
	g := goalShown{lang: "zh"}
	g.Shape, g.Reading.Why = indicator.Accumulate, indicator.WhyNoFigure
	if g.IsKnown() || g.StaleText(calendar.NewDate(2023, 10, 16)) != "" || g.WhyText() != "尚无数据" {
		t.Errorf("known %v, stale %q, why %q", g.IsKnown(), g.StaleText(calendar.NewDate(2023, 10, 16)), g.WhyText())
	}
	if g.Shape = indicator.Milestone; !g.IsKnown() {
		t.Error("a milestone that is not done has no word for it")
	}
}

// TestAMonthIsMissedWhenItIsOver: of a month that still runs, and within some days of the next, no figure is owed.
func TestAMonthIsMissedWhenItIsOver(t *testing.T) {
	for _, c := range []struct{ period, today, want string }{
		{"2023-09", "2023-10-31", ""},
		{"2023-09", "2023-11-01", ""},
		{"2023-09", "2023-11-10", "最近数据为2023年9月，已1个月未报"},
		{"2023-03", "2023-10-16", "最近数据为2023年3月，已6个月未报"},
		{"2022-12", "2023-01-20", ""},
	} {
		g := goalShown{lang: "zh"}
		g.Reading.Has, g.Reading.Figure.Period = true, c.period
		today, err := calendar.ParseDate(c.today)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.StaleText(today); got != c.want {
			t.Errorf("with a figure of %s on %s: %q, want %q", c.period, c.today, got, c.want)
		}
	}
}
