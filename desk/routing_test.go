package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/engine/routing"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// filed brings a case of a class at a place to where it is dispatched.
func filed(t *testing.T, x *district.District, class, condition, place string) name.ID {
	t.Helper()
	photo := paper("现场照片")
	photos := []matter.Evidence{{Kind: matter.Photo, File: photo.Hash.String(), Name: "现场.jpg"}}
	with := map[string]string{"title": "测试案卷", "class": class, "condition": condition, "place": place, "address": "东盛大街"}
	done, err := x.Desk.Start(ctx, x.As(t, "watch-centre", "collector", 0), desk.Do{Kind: "urban/case", Act: "collect", With: with, Evidence: photos, Files: []journal.File{photo}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Desk.Act(ctx, x.As(t, "watch-centre", "operator", 0), desk.Do{Matter: done.Matter, Act: "file", With: map[string]string{}}); err != nil {
		t.Fatal(err)
	}
	return done.Matter
}

// act does an act or fails.
func act(t *testing.T, x *district.District, who desk.Caller, id name.ID, key, reason string, with ...string) {
	t.Helper()
	if _, err := x.Desk.Act(ctx, who, form(id, key, reason, with...)); err != nil {
		t.Fatalf("%s: %v", key, err)
	}
}

func form(id name.ID, key, reason string, with ...string) desk.Do {
	do := desk.Do{Matter: id, Act: key, Reason: reason, With: map[string]string{}}
	for i := 0; i < len(with); i += 2 {
		do.With[with[i]] = with[i+1]
	}
	return do
}

// TestTheReceiverReadsWhy: the rules propose, the reason stands in the matter, a unit that refuses says why, and the second
// refusal goes to arbitration, after which it is not given back.
func TestTheReceiverReadsWhy(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	id := filed(t, x, "C01003", "C01003-1", manhole.String())
	dispatcher := x.As(t, "command-centre", "dispatcher", 0)
	v, err := x.Desk.Matter(ctx, dispatcher, id)
	if err != nil {
		t.Fatal(err)
	}
	r, has, err := x.Desk.Route(ctx, v.Def, v.Def.Act("dispatch"), v.Fields)
	if err != nil || !has || r.Unit != "road-maintenance" || r.Rule.Key != "R100" || r.Field != "unit" || len(r.Tried) == 0 || r.Words.ZH == "" {
		t.Fatalf("%+v %v %v", r, has, err)
	}
	act(t, x, dispatcher, id, "dispatch", "", "unit", "road-maintenance", "why-unit", r.Words.ZH)
	if v, _ = x.Desk.Matter(ctx, dispatcher, id); v.Reason("unit") == nil || v.Reason("unit").Rule != "R100" || v.Reason("unit").Value != "road-maintenance" || v.Reason("cell") == nil {
		t.Fatalf("reasons %+v", v.Reasons)
	}
	road := x.As(t, "road-maintenance", "handler", 0)
	if _, err := x.Desk.Act(ctx, road, form(id, "refuse", "", "refusal", "不属我单位")); code(err) != "reason-missing" {
		t.Errorf("refused without a reason: %v", err)
	}
	act(t, x, road, id, "refuse", "该井盖属供水公司", "refusal", "井盖上有供水标识")
	act(t, x, dispatcher, id, "dispatch", "", "unit", "water-company", "why-unit", "改派供水公司")
	if v, _ = x.Desk.Matter(ctx, dispatcher, id); v.Reason("unit").Value != "road-maintenance" || !strings.HasPrefix(v.Reason("unit").Words.ZH, "派遣人另选了供水公司") {
		t.Errorf("chosen otherwise: %+v", v.Reason("unit"))
	}
	act(t, x, x.As(t, "water-company", "handler", 0), id, "refuse", "不是供水井盖", "refusal", "现场核对为雨水井")
	if _, err := x.Desk.Act(ctx, dispatcher, form(id, "dispatch", "", "unit", "road-maintenance", "why-unit", "再派")); code(err) != "arbitrate-first" {
		t.Errorf("a second refusal is simply sent on: %v", err)
	}
	act(t, x, x.As(t, "command-centre", "head", 0), id, "arbitrate", "现场核对为雨水井，由市政维护中心处置", "unit", "road-maintenance")
	if _, err := x.Desk.Act(ctx, road, form(id, "refuse", "还是不属我单位", "refusal", "无")); code(err) != "arbitrated" {
		t.Errorf("what was arbitrated is given back: %v", err)
	}
	x.Verify(t)
}

func TestRulesKnowPlaceTimeAndDictionary(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 16)) // a Monday
	urban, _ := x.Desk.Packs().Kind("urban/case")
	grid, _ := x.Desk.Packs().Kind("grid/event")
	for _, c := range []struct {
		name   string
		kind   *matter.Kind
		fields []string
		hours  int // from nine in the morning
		unit   name.Unit
		rule   string
	}{
		{"an event goes to the street of its place", urban, []string{"class", "E01004", "place", manhole.String()}, 0, "dongsheng", "R200"},
		{"what was filled in is believed before the outline", urban, []string{"class", "E01004", "place", manhole.String(), "area", "220105003"}, 0, "rongguang", "R200"},
		{"where nobody knows the place, whoever is in charge", urban, []string{"class", "E01004"}, 0, "sanitation", "R290"},
		{"a component goes to its own owner", urban, []string{"class", "C01003", "component", "22010501001000001"}, 0, "water-company", "R100"},
		{"an emergency within hours goes to the street", urban, []string{"class", "E05005", "place", manhole.String()}, 0, "dongsheng", "R200"},
		{"after hours to the emergency bureau", urban, []string{"class", "E05005", "place", manhole.String()}, 9, "emergency", "R050"},
		{"on a Saturday too", urban, []string{"class", "E05005", "place", manhole.String()}, 5*24 + 1, "emergency", "R060"},
		{"snow in October is nobody's season", urban, []string{"class", "E05007", "place", manhole.String()}, 0, "dongsheng", "R200"},
		{"snow in November goes to sanitation", urban, []string{"class", "E05007", "place", manhole.String()}, 30 * 24, "sanitation", "R040"},
		{"a grid's event to its community", grid, []string{"class", "G02-01", "community", "dongsheng-one"}, 0, "dongsheng-one", "R300"},
		{"a district's event by the dictionary that it is equal to", grid, []string{"class", "G01-08", "street", "dongsheng"}, 0, "water-company", "R320"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x.Clock.Forward(time.Duration(c.hours) * time.Hour)
			defer x.Clock.Forward(-time.Duration(c.hours) * time.Hour)
			fields := map[string]string{}
			for i := 0; i < len(c.fields); i += 2 {
				fields[c.fields[i]] = c.fields[i+1]
			}
			r, has, err := x.Desk.Route(ctx, c.kind, c.kind.Act("dispatch"), fields)
			if err != nil || !has || r.Rule == nil || r.Unit != c.unit || r.Rule.Key != c.rule {
				t.Errorf("%s by %+v, want %s by %s (%v)", r.Unit, r.Rule, c.unit, c.rule, err)
			}
		})
	}
}

// TestADraftIsTriedBeforeItIsPublished: a trial counts what would change and changes nothing; the published rule holds from
// its day, and the old one until then.
func TestADraftIsTriedBeforeItIsPublished(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 9, 18))
	for _, place := range []string{"125.3604,43.8631", "125.3620,43.8640", "125.3590,43.8620"} { // too far apart to recur
		filed(t, x, "E01004", "E01004-1", place)
	}
	filed(t, x, "C01003", "C01003-1", manhole.String())
	filed(t, x, "E01004", "E01004-1", "125.34409,43.87648") // 荣光街道
	x.Clock.Forward(30 * 24 * time.Hour)
	issuer, september := x.As(t, "office", "issuer", 0), calendar.NewDate(2023, 9, 1)
	draft := map[string]string{"code": "R150", "name": "东盛街道的道路不洁派环卫中心", "order": "150", "of": "urban/case", "classes": "E01004", "places": "220105001", "to": "unit", "unit": "sanitation"}
	trial, err := x.Desk.TryRoute(ctx, issuer, draft, false, september, calendar.NewDate(2023, 10, 1))
	if err != nil {
		t.Fatal(err)
	}
	want := []desk.UnitShift{{Unit: "dongsheng", Now: 3, Then: 0}, {Unit: "sanitation", Now: 0, Then: 3}}
	if trial.Looked != 5 || trial.Changed != 3 || len(trial.Matters) != 3 || len(trial.Units) != 2 || trial.Units[0] != want[0] || trial.Units[1] != want[1] || trial.Matters[0].Then.Rule.Key != "R150" {
		t.Errorf("%+v", trial)
	}
	if rules, _ := x.Desk.Routes(ctx); hasRule(rules, "R150") {
		t.Fatal("trying published it")
	}
	if out, err := x.Desk.TryRoute(ctx, issuer, map[string]string{"code": "R200"}, true, september, calendar.NewDate(2023, 10, 1)); err != nil || out.Changed != 4 {
		t.Errorf("without the rule for events: %+v %v", out, err)
	}
	for name, c := range map[string]struct{ key, value, code string }{
		"hours that are none":       {"hours", "late", "route-hours"},
		"a unit that there is not":  {"unit", "nobody", "unit-unknown"},
		"a kind that there is not":  {"of", "urban/cases", "route-kind-unknown"},
		"a field that there is not": {"colour", "red", "field-not-asked"},
		"no name":                   {"name", "", "route-field-missing"},
	} {
		bad := map[string]string{}
		for k, v := range draft {
			bad[k] = v
		}
		bad[c.key] = c.value
		if _, err := x.Desk.TryRoute(ctx, issuer, bad, false, september, september+30); code(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	today := x.Desk.Today()
	if err := x.Desk.PublishRoute(ctx, x.As(t, "command-centre", "dispatcher", 0), "c1", draft, today, "试"); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a dispatcher publishes: %v", err)
	}
	if err := x.Desk.PublishRoute(ctx, issuer, "c1", draft, today-1, "昨天起"); code(err) != "route-day-passed" {
		t.Errorf("from yesterday: %v", err)
	}
	draft["code"] = "R200"
	for range 2 {
		if err := x.Desk.PublishRoute(ctx, issuer, "c2", draft, today+1, "明天起"); err != nil {
			t.Fatal(err)
		}
	}
	if rules, _ := x.Desk.Routes(ctx); !hasRule(rules, "R200") || rules[len(rules)-1].Key == "R200" {
		t.Error("the old rule ended before its day")
	}
	x.Clock.Forward(24 * time.Hour)
	rules, _ := x.Desk.Routes(ctx)
	for _, r := range rules {
		if r.Key == "R200" && (r.Order != 150 || r.To != routing.Named) {
			t.Errorf("the new rule does not hold: %+v", r)
		}
	}
	x.Verify(t)
}

func hasRule(rules []routing.Rule, key string) bool {
	for _, r := range rules {
		if r.Key == key {
			return true
		}
	}
	return false
}
