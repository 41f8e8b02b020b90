package routing_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"bihuan/engine/routing"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

func at(s string) calendar.Instant {
	i, err := calendar.ParseInstant(s)
	if err != nil {
		panic(err)
	}
	return i
}

func rule(t testing.TB, fields ...string) routing.Rule {
	t.Helper()
	f := map[string]string{"code": "r", "to": "unit", "unit": "sanitation"}
	for i := 0; i < len(fields); i += 2 {
		f[fields[i]] = fields[i+1]
	}
	r, err := routing.ReadRule(f, calendar.NewDate(2022, 1, 1), 0)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// snow is a case on a winter evening of a working day in one street.
var snow = routing.Case{Kind: "urban/case", Class: "E01004", Line: "area-first", Places: []string{"220105001001003", "220105001001G01", "220105001001", "220105001"},
	At: at("2023-12-05T18:30"), Owner: "sanitation", Street: "dongsheng", Community: "dongsheng-one"}

func TestOneRule(t *testing.T) {
	for _, c := range []struct {
		name   string
		fields []string
		change func(*routing.Case)
		miss   routing.Miss // empty: it fits
	}{
		{"a rule that asks for nothing fits", nil, nil, ""},
		{"of its kind", []string{"of", "urban/case"}, nil, ""},
		{"of another kind", []string{"of", "grid/event"}, nil, routing.Kind},
		{"by the beginning of the class", []string{"classes", "E01、E04"}, nil, ""},
		{"another class", []string{"classes", "C"}, nil, routing.Class},
		{"a class that nobody knows", []string{"classes", "E"}, func(c *routing.Case) { c.Class = "" }, routing.Class},
		{"whom the class goes to first", []string{"line", "owner-first"}, nil, routing.Line},
		{"in the street", []string{"places", "220105003 220105001"}, nil, ""},
		{"in the grid", []string{"places", "220105001001G01"}, nil, ""},
		{"in another street", []string{"places", "220105003"}, nil, routing.Place},
		{"nowhere", []string{"places", "220105001"}, func(c *routing.Case) { c.Places = nil }, routing.Place},
		{"after hours", []string{"hours", "17:00-08:30"}, nil, ""},
		{"within hours", []string{"hours", "08:30-11:30，13:00-17:00"}, nil, routing.Hours},
		{"at the first minute", []string{"hours", "18:30-19:00"}, nil, ""},
		{"at the last minute no longer", []string{"hours", "18:00-18:30"}, nil, routing.Hours},
		{"to the end of the day", []string{"hours", "18:00-24:00"}, nil, ""},
		{"on working days", []string{"days", "working"}, nil, ""},
		{"on days off", []string{"days", "off"}, nil, routing.DayKind},
		{"in a season over the new year", []string{"season", "11-01~03-31"}, nil, ""},
		{"on its last day", []string{"season", "04-01~12-05"}, nil, ""},
		{"out of season", []string{"season", "04-01~10-31"}, nil, routing.Seasons},
		{"before its first day", nil, func(c *routing.Case) { c.At = at("2021-12-31T23:59") }, routing.NotYet},
		{"to the street", []string{"to", "street", "unit", ""}, nil, ""},
		{"to a street that is not known", []string{"to", "street", "unit", ""}, func(c *routing.Case) { c.Street = "" }, routing.Nobody},
	} {
		t.Run(c.name, func(t *testing.T) {
			one := snow
			if c.change != nil {
				c.change(&one)
			}
			got := routing.Choose([]routing.Rule{rule(t, c.fields...)}, one)
			if c.miss == "" {
				if got.Rule == nil || got.Unit == "" || len(got.Tried) != 0 {
					t.Errorf("it does not fit: %+v", got)
				}
				return
			}
			if got.Rule != nil || got.Unit != "" || len(got.Tried) != 1 || got.Tried[0].Why != c.miss {
				t.Errorf("got %+v, want %s", got, c.miss)
			}
		})
	}
}

func TestTheFirstThatFitsDecides(t *testing.T) {
	rules := []routing.Rule{rule(t, "code", "c", "order", "20", "to", "street", "unit", ""), rule(t, "code", "b", "order", "10", "classes", "C"), rule(t, "code", "d", "order", "20")}
	routing.Sort(rules)
	got := routing.Choose(rules, snow)
	if got.Unit != "dongsheng" || got.Rule.Key != "c" || len(got.Tried) != 1 || got.Tried[0].Rule.Key != "b" {
		t.Errorf("%+v", got)
	}
}

func TestReadRuleRefuses(t *testing.T) {
	for name, c := range map[string]struct{ key, value, field string }{
		"hours without an end":         {"hours", "17:00", "hours"},
		"hours that are none":          {"hours", "25:00-26:00", "hours"},
		"hours of no length":           {"hours", "08:00-08:00", "hours"},
		"minutes of one digit":         {"hours", "8:3-9:0", "hours"},
		"a season that is none":        {"season", "13-01~14-01", "season"},
		"a season of one day":          {"season", "11-01", "season"},
		"an order that is no number":   {"order", "first", "order"},
		"days that there are not":      {"days", "sundays", "days"},
		"a target that there is not":   {"to", "anybody", "to"},
		"no unit where one is named":   {"unit", "", "unit"},
		"no key":                       {"code", "", "code"},
		"a unit that would not be met": {"to", "street", "unit"},
	} {
		f := map[string]string{"code": "r", "to": "unit", "unit": "sanitation"}
		f[c.key] = c.value
		_, err := routing.ReadRule(f, 0, 0)
		if r, ok := errors.AsType[*fault.Refusal](err); !ok || r.Field != c.field {
			t.Errorf("%s: %v, want a refusal on %s", name, err, c.field)
		}
	}
}

// TestChooseIsTheFirstOfItsOwn: whatever the rules, the choice is that of the first rule that would be chosen alone, and every
// rule before it is told with what did not fit.
func TestChooseIsTheFirstOfItsOwn(t *testing.T) {
	pick := func(t *rapid.T, what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, what) }
	rapid.Check(t, func(rt *rapid.T) {
		var rules []routing.Rule
		for i := range rapid.IntRange(0, 8).Draw(rt, "rules") {
			to, unit := pick(rt, "to", "unit", "owner", "street", "community"), ""
			if to == "unit" {
				unit = pick(rt, "unit", "a", "b")
			}
			rules = append(rules, rule(t, "code", fmt.Sprint(i), "order", pick(rt, "order", "1", "2", "3"), "classes", pick(rt, "class", "", "E", "C", "E01"), "hours", pick(rt, "hours", "", "08:00-18:00"),
				"days", pick(rt, "days", "", "working", "off"), "to", to, "unit", unit))
		}
		c := snow
		c.Class, c.DayOff, c.Owner = pick(rt, "of", "E01004", "C01001", ""), rapid.Bool().Draw(rt, "off"), name.Unit(pick(rt, "owner", "x", ""))
		routing.Sort(rules)
		var want routing.Choice
		for i := range rules {
			alone := routing.Choose(rules[i:i+1], c)
			want.Tried = append(want.Tried, alone.Tried...)
			if alone.Rule != nil {
				want.Unit, want.Rule = alone.Unit, alone.Rule
				break
			}
		}
		if got := routing.Choose(rules, c); !reflect.DeepEqual(got, want) {
			rt.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func FuzzReadRule(f *testing.F) {
	f.Add("10", "E01、E02", "17:00-08:30", "11-01~03-31")
	f.Fuzz(func(t *testing.T, order, classes, hours, season string) {
		r, err := routing.ReadRule(map[string]string{"code": "r", "order": order, "classes": classes, "hours": hours, "season": season, "to": "street"}, 0, 0)
		if err != nil {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		routing.Choose([]routing.Rule{r}, snow)
	})
}

func BenchmarkChoose(b *testing.B) {
	var rules []routing.Rule
	for i := range 200 {
		rules = append(rules, rule(b, "code", fmt.Sprint(i), "classes", "C0"+fmt.Sprint(i%10), "hours", "08:30-17:00"))
	}
	rules = append(rules, rule(b, "to", "street", "unit", ""))
	for b.Loop() {
		routing.Choose(rules, snow)
	}
}

func ExampleChoose() {
	night, _ := routing.ReadRule(map[string]string{"code": "night", "order": "10", "classes": "E05", "hours": "17:00-08:30", "to": "unit", "unit": "emergency"}, 0, 0)
	area, _ := routing.ReadRule(map[string]string{"code": "area", "order": "20", "classes": "E", "to": "street"}, 0, 0)
	c := routing.Choose([]routing.Rule{night, area}, snow)
	fmt.Println(c.Unit, "by", c.Rule.Key)
	for _, t := range c.Tried {
		fmt.Println("not by", t.Rule.Key, "because of the", t.Why)
	}
	// Output:
	// dongsheng by area
	// not by night because of the class
}
