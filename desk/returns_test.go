//go:build !race

package desk_test

import (
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// TestReturnsMoveGoals: what the statistics office returns stands with the goal on its indicator, quick, confirmed by somebody else, corrected when
// the city revises it; what is ahead of the city is worked out of both confirmed figures month by month. Nobody reports it to the goals.
func TestReturnsMoveGoals(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 9))
	on := func(ref string, shape indicator.Shape, mode indicator.Mode, unit string, value int64) name.ID {
		terms := goalTerms()
		terms.Title, terms.Subject, terms.Shape, terms.Feed = ref, ref, shape, indicator.Feed{Mode: mode, Indicator: ref}
		terms.Target = indicator.Target{Op: "ge", Value: money.Int(value), Unit: unit}
		return publish(t, x, terms)
	}
	growth := on("economy/gdp-growth", indicator.Level, indicator.Reported, "%", 7)
	ahead := on("economy/gdp-ahead", indicator.Level, indicator.Derived, "百分点", 0)
	tong, nie, head := x.As(t, "statistics", "statistician", 0), x.As(t, "statistics", "statistician", 1), x.As(t, "statistics", "head", 0)
	says := func(id name.ID) (all []string) {
		t.Helper()
		g, err := x.Desk.Goal(ctx, head, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range g.Figures {
			all = append(all, f.Period+" "+f.Value.String()+" "+string(f.Standing))
		}
		return all
	}
	is := func(what string, id name.ID, want ...string) {
		t.Helper()
		if got := says(id); len(got) != len(want) || len(got) > 0 && got[len(got)-1] != want[len(want)-1] {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	done, err := x.Desk.Start(ctx, tong, desk.Do{Kind: "economy/return", With: map[string]string{"title": "三季度地区生产总值增速", "indicator": "gdp", "period": "2023-09", "unit": "statistics", "due": "2023-10-25"}})
	if err != nil {
		t.Fatal(err)
	}
	act := func(who desk.Caller, act, reason string, with ...string) {
		t.Helper()
		do := desk.Do{Matter: done.Matter, Act: act, Reason: reason, With: map[string]string{}}
		for i := 0; i < len(with); i += 2 {
			do.With[with[i]] = with[i+1]
		}
		if act == "report" {
			f := paper("市局反馈单" + with[1])
			do.Files, do.Evidence = []journal.File{f}, []matter.Evidence{{Kind: matter.Document, File: f.Hash.String(), Name: f.Name}}
		}
		if _, err := x.Desk.Act(ctx, who, do); err != nil {
			t.Fatalf("%s: %v", act, err)
		}
		x.Clock.Forward(1000)
	}
	act(tong, "report-quick", "", "quick-value", "8.2")
	is("quick", growth, "2023-09 8.2 quick")
	is("quick", ahead)
	act(tong, "report", "", "value", "8.1", "city-value", "6")
	is("reported", growth, "", "2023-09 8.1 quick")
	is("before anybody else has looked", ahead)
	act(nie, "confirm", "")
	is("confirmed", growth, "", "", "2023-09 8.1 confirmed")
	is("confirmed", ahead, "2023-09 2.1 confirmed")
	act(head, "file", "")
	act(tong, "correct", "市局修正")
	act(tong, "report", "", "value", "8.4", "city-value", "6.1")
	is("what stands is firmer", growth, "", "", "2023-09 8.1 confirmed")
	act(nie, "confirm", "") // who confirmed the first figure: the return's own two persons are apart
	is("corrected", growth, "", "", "", "2023-09 8.4 corrected")
	is("corrected", ahead, "", "2023-09 2.3 confirmed")
	g, err := x.Desk.Goal(ctx, head, growth)
	if err != nil {
		t.Fatal(err)
	}
	if f := g.Figures[len(g.Figures)-1]; f.Cause != done.Matter || f.Note != done.Number {
		t.Errorf("the corrected figure comes of %s, noted %q", f.Cause, f.Note)
	}
	v, err := x.Desk.Matter(ctx, head, done.Matter)
	if err != nil {
		t.Fatal(err)
	}
	if feeds, err := x.Desk.Feeds(ctx, &v); err != nil || len(feeds) != 2 {
		t.Errorf("the return moves %d goals: %v", len(feeds), err)
	}
	if b, ok, err := x.Desk.BesideOf(ctx, &g); err != nil || !ok || b.Definition.Ref != "economy/gdp-growth-city" || b.Month != "2023-09" || b.Value != money.MustParse("6.1") {
		t.Errorf("beside it stands %+v, %v, %v", b, ok, err)
	}
	late := on("economy/gdp-ahead", indicator.Level, indicator.Derived, "百分点", 1)
	is("published when the figures are there", late, "2023-09 2.3 confirmed")
	is("reported, and published when the figures are there", on("economy/gdp-growth", indicator.Level, indicator.Reported, "%", 6), "", "2023-09 8.4 confirmed")
	is("nothing is returned yet", on("economy/retail-growth", indicator.Level, indicator.Reported, "%", 6))
	done, err = x.Desk.Start(ctx, tong, desk.Do{Kind: "economy/return", With: map[string]string{"title": "十月零售", "indicator": "retail", "period": "2023-10", "unit": "statistics", "due": "2023-10-25"}})
	if err != nil {
		t.Fatal(err)
	}
	act(tong, "report-quick", "", "quick-value", "5.5")
	quick := on("economy/retail-growth", indicator.Level, indicator.Reported, "%", 5)
	is("a quick one, and published when it is there", quick, "2023-10 5.5 quick")
	act(tong, "report", "", "value", "5.6", "city-value", "5")
	act(nie, "confirm", "")
	is("confirmed after that", quick, "", "", "2023-10 5.6 confirmed")
	x.Verify(t)
}

// TestADerivedGoalFollowsTheGoalsOfItsOperands: where an operand has a goal, a figure reported there moves what is derived of it.
func TestADerivedGoalFollowsTheGoalsOfItsOperands(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 9))
	on := func(ref string, mode indicator.Mode) name.ID {
		terms := goalTerms()
		terms.Title, terms.Subject, terms.Shape, terms.Feed = ref, ref, indicator.Level, indicator.Feed{Mode: mode, Indicator: ref}
		terms.Target = indicator.Target{Op: "ge", Value: money.Int(0), Unit: "%"}
		return publish(t, x, terms)
	}
	ahead, own, city := on("economy/retail-ahead", indicator.Derived), on("economy/retail-growth", indicator.Reported), on("economy/retail-growth-city", indicator.Reported)
	handler := x.As(t, "human-resources", "handler", 0)
	for _, r := range []struct {
		id    name.ID
		value string
	}{{own, "8.5"}, {city, "7.2"}} {
		if err := x.Desk.Record(ctx, handler, desk.Report{Goal: r.id, Period: "2023-08", Value: r.value}); err != nil {
			t.Fatal(err)
		}
	}
	g, err := x.Desk.Goal(ctx, handler, ahead)
	if err != nil || len(g.Figures) != 1 || g.Figures[0].Period != "2023-08" || g.Figures[0].Value.String() != "1.3" {
		t.Errorf("ahead: %+v, %v", g.Figures, err)
	}
}

// TestReturnsOfLongerPeriodsMoveTheMonthTheyEndWith: what a quarter, a half-year or a year is cumulated to stands for its last month, for goals and for what is
// derived; a text that is no period is refused, which would move nothing without anybody noticing.
func TestReturnsOfLongerPeriodsMoveTheMonthTheyEndWith(t *testing.T) {
	x := district.New(t, calendar.NewDate(2024, 1, 22))
	on := func(ref string, mode indicator.Mode, unit string) name.ID {
		terms := goalTerms()
		terms.Title, terms.Subject, terms.Shape, terms.Feed = ref, ref, indicator.Level, indicator.Feed{Mode: mode, Indicator: ref}
		terms.Target = indicator.Target{Op: "ge", Value: money.Int(0), Unit: unit}
		return publish(t, x, terms)
	}
	growth, ahead := on("economy/gdp-growth", indicator.Reported, "%"), on("economy/gdp-ahead", indicator.Derived, "百分点")
	tong, nie, head := x.As(t, "statistics", "statistician", 0), x.As(t, "statistics", "statistician", 1), x.As(t, "statistics", "head", 0)
	ask := func(period string) (desk.Done, error) {
		x.Clock.Forward(1000)
		return x.Desk.Start(ctx, tong, desk.Do{Kind: "economy/return", With: map[string]string{"title": "地区生产总值增速", "indicator": "gdp", "period": period, "unit": "statistics", "due": "2024-01-25"}})
	}
	if _, err := ask("三季度"); code(err) != "not-period" {
		t.Errorf("a quarter of no year: %v", err)
	}
	for _, r := range []struct{ period, value, city string }{{"2023年上半年", "7.9", "6.2"}, {"2023-Q3", "8.1", "6"}, {"2023年", "8.3", "6.5"}} {
		done, err := ask(r.period)
		if err != nil {
			t.Fatal(err)
		}
		f := paper("市局反馈单" + r.period)
		for _, do := range []struct {
			who desk.Caller
			do  desk.Do
		}{
			{tong, desk.Do{Act: "report", With: map[string]string{"value": r.value, "city-value": r.city}, Files: []journal.File{f}, Evidence: []matter.Evidence{{Kind: matter.Document, File: f.Hash.String(), Name: f.Name}}}},
			{nie, desk.Do{Act: "confirm"}},
		} {
			do.do.Matter = done.Matter
			if _, err := x.Desk.Act(ctx, do.who, do.do); err != nil {
				t.Fatal(err)
			}
			x.Clock.Forward(1000)
		}
		v, err := x.Desk.Matter(ctx, head, done.Matter)
		if err != nil {
			t.Fatal(err)
		}
		if feeds, err := x.Desk.Feeds(ctx, &v); err != nil || len(feeds) != 2 {
			t.Errorf("%s moves %d goals: %v", r.period, len(feeds), err)
		}
	}
	for _, g := range []struct {
		id   name.ID
		want []string
	}{
		{growth, []string{"2023-06 7.9 quick", "2023-06 7.9 confirmed", "2023-09 8.1 quick", "2023-09 8.1 confirmed", "2023-12 8.3 quick", "2023-12 8.3 confirmed"}},
		{ahead, []string{"2023-06 1.7 confirmed", "2023-09 2.1 confirmed", "2023-12 1.8 confirmed"}},
	} {
		v, err := x.Desk.Goal(ctx, head, g.id)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range v.Figures {
			got = append(got, f.Period+" "+f.Value.String()+" "+string(f.Standing))
		}
		if !slices.Equal(got, g.want) {
			t.Errorf("%s: %q, want %q", g.id, got, g.want)
		}
	}
	late := on("economy/gdp-ahead", indicator.Derived, "百分点")
	if v, err := x.Desk.Goal(ctx, head, late); err != nil || len(v.Figures) != 3 {
		t.Errorf("published when the returns are there: %d figures, %v", len(v.Figures), err)
	}
	x.Verify(t)
}
