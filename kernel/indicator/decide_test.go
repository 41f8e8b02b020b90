package indicator_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	. "bihuan/kernel/indicator"
)

func TestTermsCheck(t *testing.T) {
	ten := dec("10")
	for _, c := range []struct {
		name  string
		with  func(*Terms)
		code  string // empty for accepted
		field string
	}{
		{"as it should be", func(t *Terms) {}, "", ""},
		{"a title of blanks", func(t *Terms) { t.Title = " " }, "field-missing", "title"},
		{"a title without end", func(t *Terms) { t.Title = strings.Repeat("长", 201) }, "too-long", "title"},
		{"a shape that there is not", func(t *Terms) { t.Shape = "spiral" }, "no-such-option", "shape"},
		{"nobody leads", func(t *Terms) { t.Lead = "" }, "field-missing", "lead"},
		{"a year of two digits", func(t *Terms) { t.Year = 23 }, "not-year", "year"},
		{"no due day", func(t *Terms) { t.Due = 0 }, "field-missing", "due"},
		{"due before it begins", func(t *Terms) { t.Due = t.Start - 1 }, "due-before-start", "due"},
		{"due on the day it begins", func(t *Terms) { t.Due = t.Start }, "", ""},
		{"no target", func(t *Terms) { t.Target.Op = "" }, "field-missing", "target"},
		{"a milestone needs none", func(t *Terms) { t.Shape, t.Target.Op = Milestone, "" }, "", ""},
		{"a target beyond what a goal holds", func(t *Terms) { t.Target.Value = dec("10000000000000") }, "not-decimal", "target"},
		{"a target of five places", func(t *Terms) { t.Target.Value = dec("0.00001") }, "not-decimal", "target"},
		{"a range that ends before it begins", func(t *Terms) { t.Target.Max = &ten }, "too-small", "target"},
		{"a base without its unit", func(t *Terms) { t.Base = &Base{Value: ten} }, "field-missing", "base"},
		{"a feed that there is not", func(t *Terms) { t.Feed.Mode = "guessed" }, "no-such-option", "feed"},
		{"counted from nothing", func(t *Terms) { t.Feed.Mode = Counted }, "field-missing", "feed"},
		{"a lead unit that assists itself", func(t *Terms) { t.Assist = []name.Unit{"housing"} }, "lead-assists", "assist"},
		{"a curve out of order", curve("2023-06", "5", "2023-05", "6"), "curve-order", "curve"},
		{"a month twice", curve("2023-06", "5", "2023-06", "6"), "curve-order", "curve"},
		{"a month that there is not", curve("2023-13", "5"), "curve-order", "curve"},
		{"a plan that falls", curve("2023-05", "6", "2023-06", "5"), "curve-order", "curve"},
		{"of a level it may", func(t *Terms) { t.Shape = Level; curve("2023-05", "6", "2023-06", "5")(t) }, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			terms := goal(Accumulate, "eq", "21", "个").Terms
			c.with(&terms)
			err := terms.Check()
			if code(err) != c.code || err != nil && !strings.Contains(err.Error(), c.field) {
				t.Errorf("got %v, want %q on %s", err, c.code, c.field)
			}
			if _, again := Publish(terms); (again == nil) != (err == nil) {
				t.Errorf("publishing says %v", again)
			}
		})
	}
}

func TestRecord(t *testing.T) {
	figure := func(period, value string, s Standing, note string) Figure {
		return Figure{Period: period, Value: dec(value), Standing: s, Note: note}
	}
	quick := func(t *testing.T) Goal {
		return event(t, *goal(Accumulate, "eq", "21", "个"), Recorded, figure("2023-03", "3", Quick, ""))
	}
	forLin := func(t *testing.T) Goal { // somebody has reported it in lin's name
		g := quick(t)
		g.Figures = slices.Clone(g.Figures)
		g.Figures[0].By = name.Actor{Person: "mo", Unit: "housing", Role: "handler", For: "lin"}
		return g
	}
	confirmed := func(t *testing.T) Goal { return event(t, quick(t), Recorded, figure("2023-03", "3", Confirmed, "")) }
	milestone := func(*testing.T) Goal { return *goal(Milestone, "", "0", "") }
	fresh := func(*testing.T) Goal { return *goal(Accumulate, "eq", "21", "个") }
	for _, c := range []struct {
		name   string
		goal   func(*testing.T) Goal
		figure Figure
		by     name.Actor
		code   string
	}{
		{"a quick one", fresh, figure("2023-03", "3", Quick, ""), lin, ""},
		{"a quick one again", quick, figure("2023-03", "4", Quick, ""), lin, ""},
		{"a confirmed one of what nobody reported", fresh, figure("2023-03", "3", Confirmed, ""), lin, "nothing-to-confirm"},
		{"a quick one confirmed by somebody else", quick, figure("2023-03", "3", Confirmed, ""), sun, ""},
		{"by the same person", quick, figure("2023-03", "3", Confirmed, ""), lin, "same-reporter"},
		{"by somebody acting for them", quick, figure("2023-03", "3", Confirmed, ""), name.Actor{Person: "sun", Unit: "statistics", Role: "statistician", For: "lin"}, "same-reporter"},
		{"by whoever it was reported for", forLin, figure("2023-03", "3", Confirmed, ""), lin, "same-reporter"},
		{"by somebody else for them", forLin, figure("2023-03", "3", Confirmed, ""), name.Actor{Person: "sun", Unit: "statistics", Role: "statistician", For: "lin"}, "same-reporter"},
		{"by whoever reported it for them", forLin, figure("2023-03", "3", Confirmed, ""), name.Actor{Person: "mo", Unit: "statistics", Role: "statistician", For: "sun"}, "same-reporter"},
		{"by a third person", forLin, figure("2023-03", "3", Confirmed, ""), sun, ""},
		{"of another period there is nothing yet", quick, figure("2023-04", "3", Confirmed, ""), lin, "nothing-to-confirm"},
		{"a confirmed one does not become quick", confirmed, figure("2023-03", "5", Quick, ""), sun, "standing-backwards"},
		{"nor is it confirmed again", confirmed, figure("2023-03", "5", Confirmed, ""), sun, "confirmed-already"},
		{"it is corrected", confirmed, figure("2023-03", "5", Corrected, "counted twice"), sun, ""},
		{"not without saying why", confirmed, figure("2023-03", "5", Corrected, " "), sun, "reason-missing"},
		{"what is not there is not corrected", fresh, figure("2023-03", "5", Corrected, "x"), sun, "nothing-to-correct"},
		{"no month", fresh, figure("2023-3", "3", Quick, ""), lin, "not-month"},
		{"a thirteenth month", fresh, figure("2023-13", "3", Quick, ""), lin, "not-month"},
		{"a day is no month", fresh, figure("2023-03-01", "3", Quick, ""), lin, "not-month"},
		{"a standing that there is not", fresh, figure("2023-03", "3", "rumoured", ""), lin, "no-such-option"},
		{"a value beyond what a goal holds", fresh, figure("2023-03", "10000000000000", Quick, ""), lin, "not-decimal"},
		{"a milestone that is done", milestone, figure("2023-03", "1.0", Quick, ""), lin, ""},
		{"one that is not done", milestone, figure("2023-03", "0", Quick, ""), lin, ""},
		{"a milestone has no number", milestone, figure("2023-03", "5", Quick, ""), lin, "not-done-or-not"},
		{"nor half of one", milestone, figure("2023-03", "0.5", Quick, ""), lin, "not-done-or-not"},
		{"nor one below nothing", milestone, figure("2023-03", "-1", Quick, ""), lin, "not-done-or-not"},
		{"minus ninety per cent", fresh, figure("2023-03", "-90", Quick, ""), lin, ""},
		{"a note without end", fresh, figure("2023-03", "1", Quick, strings.Repeat("x", 3001)), lin, "too-long"},
		{"after the end", func(t *testing.T) Goal { return event(t, quick(t), Ended, Join{}) }, figure("2023-04", "3", Quick, ""), lin, "goal-closed"},
		{"after the end a correction", func(t *testing.T) Goal { return event(t, quick(t), Ended, Join{}) }, figure("2023-03", "2", Corrected, "x"), sun, ""},
		{"a person records what is counted", func(*testing.T) Goal { return *goal(Accumulate, "eq", "21", "个", counted) }, figure("2023-03", "3", Confirmed, ""), lin, "counted-by-platform"},
		{"the platform does", func(*testing.T) Goal { return *goal(Accumulate, "eq", "21", "个", counted) }, figure("2023-03", "3", Confirmed, ""), name.System, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := c.goal(t)
			body, err := g.Record(c.figure, c.by)
			if code(err) != c.code {
				t.Fatalf("got %v, want %q", err, c.code)
			}
			if err == nil {
				after := event(t, g, Recorded, body)
				last := after.Figures[len(after.Figures)-1]
				if len(after.Figures) != len(g.Figures)+1 || last.Value != c.figure.Value || last.Version != after.Version || last.At == 0 {
					t.Errorf("recorded %+v behind %d figures", last, len(g.Figures))
				}
			}
		})
	}
}

func TestAnswerBase(t *testing.T) {
	g := goal(Growth, "growth", "20", "户")
	g.BaseAsked = true
	for _, c := range []struct {
		base Base
		code string
	}{{Base{Value: dec("63")}, "field-missing"}, {Base{Value: dec("0.00001"), Unit: "户"}, "not-decimal"}, {Base{Value: dec("63"), Unit: "户", Year: 2022, From: "sun"}, ""}} {
		body, err := g.AnswerBase(c.base)
		if code(err) != c.code {
			t.Errorf("%+v: %v, want %q", c.base, err, c.code)
		}
		if err != nil {
			continue
		}
		if after := event(t, *g, Based, body); after.Base == nil || *after.Base != c.base || after.BaseAsked || g.Base != nil {
			t.Errorf("base %+v, asked %v", after.Base, after.BaseAsked)
		}
	}
	known := event(t, *g, Based, Base{Value: dec("63"), Unit: "户"})
	if _, err := known.AnswerBase(Base{Value: dec("60"), Unit: "户"}); code(err) != "base-known" {
		t.Errorf("one that is there: %v", err)
	}
	if g.Closed = 1; true {
		if _, err := g.AnswerBase(Base{Value: dec("63"), Unit: "户"}); code(err) != "goal-closed" {
			t.Errorf("after the end: %v", err)
		}
	}
}

// TestLife walks a goal from its publication to its end.
func TestLife(t *testing.T) {
	body, err := Publish(goal(Accumulate, "eq", "21", "个").Terms)
	if err != nil {
		t.Fatal(err)
	}
	g := event(t, Goal{}, Published, body)
	if g.ID != goalID || g.Version != 1 || !g.Public || !reflect.DeepEqual(g.First, g.Terms) {
		t.Errorf("published %+v", g)
	}
	g = event(t, g, Joined, Join{Matter: goalID})
	g = event(t, g, Lit, Lamp{Light: Red, Why: WhyBehind})
	g = event(t, g, Pressed, Press{Rung: "urge"})
	g = event(t, g, Pressed, Press{Rung: "supervise", Matter: goalID})
	if !slices.Equal(g.Pressed, []string{"urge", "supervise"}) || g.Light != Red || g.Matter != goalID || g.LitAt != 3000 {
		t.Errorf("%+v", g)
	}
	if still := event(t, g, Lit, Lamp{Light: Yellow}); len(still.Pressed) != 2 {
		t.Error("the rungs stay until it is green again")
	}
	if g = event(t, g, Lit, Lamp{Light: Green}); g.Pressed != nil {
		t.Error("green takes the rungs back")
	}
	if g = event(t, g, "goal.praised", map[string]string{"by": "gao"}); g.Version != 7 {
		t.Error("an event of a type that is not known counts")
	}
	if g = event(t, g, Ended, Join{}); g.Closed == 0 {
		t.Error("it has ended")
	}
}

// TestApplyLeavesItsArgument: a second publication, or one that cannot be read, does not write through what the goal shares
// with its own past.
func TestApplyLeavesItsArgument(t *testing.T) {
	g := *goal(Growth, "growth", "10", "%", base("50", "%"))
	other := goal(Growth, "growth", "10", "%", base("70", "%")).Terms
	event(t, g, Published, other)
	if g.Base.Value != dec("50") || g.First.Base.Value != dec("50") {
		t.Errorf("the base became %s", g.Base.Value)
	}
	for _, typ := range []string{Published, Asked, Changed, Recorded, Based, Lit, Joined, Pressed} {
		for _, body := range []string{``, `{`, `[]`, `{"title":5,"value":{},"light":1,"matter":1,"rung":1,"period":1,"due":"x","unit":2}`} {
			before := fmt.Sprintf("%+v", g)
			after, err := Apply(g, &ledger.Event{Stream: goalID, Version: 2, Type: typ, Body: []byte(body)})
			if err == nil || fmt.Sprintf("%+v", after) != before || fmt.Sprintf("%+v", g) != before {
				t.Errorf("%s %q: %v, %+v", typ, body, err, after)
			}
		}
	}
}

// TestApplyNeverMutates: two futures of one goal do not see each other.
func TestApplyNeverMutates(t *testing.T) {
	draw := func(t *rapid.T) (string, any) {
		switch rapid.IntRange(0, 7).Draw(t, "event") {
		case 0:
			return Recorded, Figure{Period: fmt.Sprintf("2023-%02d", rapid.IntRange(1, 12).Draw(t, "month")), Value: money.Int(rapid.Int64Range(0, 9).Draw(t, "value")), Standing: Quick}
		case 1:
			return Pressed, Press{Rung: rapid.SampledFrom([]string{"urge", "remind"}).Draw(t, "rung")}
		case 2:
			return Lit, Lamp{Light: rapid.SampledFrom([]Light{Green, Red}).Draw(t, "light")}
		case 3:
			return Based, Base{Value: money.Int(rapid.Int64Range(0, 9).Draw(t, "base")), Unit: "%"}
		case 4:
			units := []name.Unit{name.Unit(rapid.SampledFrom([]string{"water", "finance"}).Draw(t, "assist"))}
			return rapid.SampledFrom([]string{Asked, Changed}).Draw(t, "change"), Amend{Assist: &units, Approver: "gao"}
		case 5:
			return Asked, Amend{Base: &Base{Value: money.Int(rapid.Int64Range(0, 9).Draw(t, "base")), Unit: "%"}, Approver: "gao"}
		case 6:
			return rapid.SampledFrom([]string{Declined, Withdrawn}).Draw(t, "end"), map[string]int64{"asked": 2}
		}
		return Joined, Join{Matter: goalID}
	}
	apply := func(t *rapid.T, g Goal, typ string, b any) Goal {
		text, _ := json.Marshal(b)
		after, err := Apply(g, &ledger.Event{Stream: goalID, Version: g.Version + 1, At: 5, Actor: lin, Type: typ, Body: text})
		if err != nil {
			t.Fatal(err)
		}
		return after
	}
	rapid.Check(t, func(t *rapid.T) {
		g := *goal(Accumulate, "eq", "21", "个")
		for range rapid.IntRange(0, 8).Draw(t, "events") {
			typ, b := draw(t)
			g = apply(t, g, typ, b)
		}
		before, _ := json.Marshal(g)
		typ, b := draw(t)
		left := apply(t, g, typ, b)
		kept, _ := json.Marshal(left)
		typ, b = draw(t)
		right := apply(t, g, typ, b)
		typ, b = draw(t)
		apply(t, right, typ, b)
		if after, _ := json.Marshal(g); string(after) != string(before) {
			t.Fatalf("applying changed what it was given:\n%s\n%s", before, after)
		}
		if now, _ := json.Marshal(left); string(now) != string(kept) {
			t.Fatalf("one future changed the other:\n%s\n%s", kept, now)
		}
	})
}

func TestPresets(t *testing.T) {
	for _, c := range []struct {
		name         string
		preset       Preset
		start, due   string
		from, target string
		want         string
	}{
		{"a straight line by days", StraightLine, "2023-01-01", "2023-04-10", "0", "100", "01:31 02:59 03:90 04:100"},
		{"it begins in the middle of a month", StraightLine, "2023-01-16", "2023-02-28", "0", "44", "01:16 02:44"},
		{"quarters", QuarterSteps, "2023-01-01", "2023-12-31", "0", "20", "01:0 02:0 03:5 04:5 05:5 06:10 07:10 08:10 09:15 10:15 11:15 12:20"},
		{"a plan that ends inside a quarter", QuarterSteps, "2023-01-01", "2023-08-31", "0", "8", "01:0 02:0 03:3 04:3 05:3 06:6 07:6 08:8"},
		{"the building season", BuildSeason, "2023-03-01", "2023-12-31", "0", "21", "03:0 04:3 05:6 06:9 07:12 08:15 09:18 10:21 11:21 12:21"},
		{"from a base down to a target", BuildSeason, "2023-04-01", "2023-05-31", "40", "30", "04:35 05:30"},
		{"a season outside the plan", BuildSeason, "2023-11-01", "2023-12-31", "0", "10", ""},
		{"due before it begins", StraightLine, "2023-05-01", "2023-04-30", "0", "10", ""},
		{"longer than five years", StraightLine, "2023-01-01", "2028-01-01", "0", "10", ""},
		{"a preset that there is not", "zigzag", "2023-01-01", "2023-12-31", "0", "10", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, p := range Curve(c.preset, date(c.start), date(c.due), dec(c.from), dec(c.target)) {
				got = append(got, p.Month[5:]+":"+p.Value.String())
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("got %s, want %s", g, c.want)
			}
		})
	}
}

// TestPresetsGoOneWay: a curve has a point for each month, never turns back, ends at the target, and can be published.
func TestPresetsGoOneWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := date("2023-01-01") + calendar.Date(rapid.IntRange(0, 400).Draw(t, "start"))
		due := start + calendar.Date(rapid.IntRange(0, 1700).Draw(t, "days"))
		from, to := dec(fmt.Sprint(rapid.IntRange(0, 1e6).Draw(t, "from"))), dec(fmt.Sprint(rapid.IntRange(0, 1e6).Draw(t, "to")))
		points := Curve(rapid.SampledFrom(Presets).Draw(t, "preset"), start, due, from, to)
		if len(points) == 0 {
			return
		}
		if last := points[len(points)-1]; last.Value != to || last.Month != Month(due) || points[0].Month != Month(start) {
			t.Fatalf("from %s to %s: %v", start, due, points)
		}
		before := from
		for _, p := range points {
			if p.Value.Less(before) && from.Less(to) || before.Less(p.Value) && to.Less(from) {
				t.Fatalf("turns back at %v on the way from %s to %s", p, from, to)
			}
			before = p.Value
		}
		terms := goal(Level, "reach", to.String(), "%").Terms
		terms.Start, terms.Due, terms.Curve = start, due, points
		if err := terms.Check(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestFeedBy: where an indicator says that lower is better, the goals that it measures are read so, whatever their shape.
func TestFeedBy(t *testing.T) {
	fewer, more := &Definition{Ref: "rights/requests", Mode: Counted, Lower: true}, &Definition{Ref: "economy/gdp", Mode: Reported}
	for _, c := range []struct {
		name  string
		shape Shape
		by    *Definition
		want  Terms
	}{
		{"a level reported by hand", Level, nil, Terms{Shape: Level, Feed: Feed{Mode: Reported}}},
		{"a ceiling reported by hand", Ceiling, nil, Terms{Shape: Ceiling, Lower: true, Feed: Feed{Mode: Reported}}},
		{"a level of what should be few", Level, fewer, Terms{Shape: Level, Lower: true, Feed: Feed{Mode: Counted, Indicator: "rights/requests"}}},
		{"a ceiling of what should be much", Ceiling, more, Terms{Shape: Ceiling, Lower: true, Feed: Feed{Mode: Reported, Indicator: "economy/gdp"}}},
		{"a growth", Growth, more, Terms{Shape: Growth, Feed: Feed{Mode: Reported, Indicator: "economy/gdp"}}},
	} {
		got := Terms{Shape: c.shape}
		if got.FeedBy(c.by); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
