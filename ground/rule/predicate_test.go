package rule

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
	"bihuan/ground/field"
)

func TestPredicate(t *testing.T) {
	s := siteSchema(t)
	for _, c := range []struct{ name, source, tree, zh, en string }{
		{"a choice", `state == "accepted"`, `{"op":"=","field":"state","kind":"choice","value":"accepted"}`, "状态为“已验收”", "state is “accepted”"},
		{"the value stands first", `3 < homes`, `{"op":"\u003e","field":"homes","kind":"integer","value":"3"}`, "惠及户数大于3户", "homes is more than 3 households"},
		{"a negative decimal", `floor_area >= -2.50`, `{"op":"\u003e=","field":"floor-area","kind":"decimal","value":"-2.5"}`, "建筑面积不低于-2.5万平方米", "floor area is at least -25,000 m²"},
		{"an amount", `cost >= yuan(5e7)`, `{"op":"\u003e=","field":"cost","kind":"money","value":"5000000000"}`, "投资额不低于5,000万元", "cost is at least 50 million yuan"},
		{"two fields", `accepted_on <= due`, `{"op":"\u003c=","field":"accepted-on","kind":"date","other":"due"}`, "验收日期不晚于到期日", "accepted on is no later than due"},
		{"an instant in another zone", `reported_at < timestamp("2023-10-16T16:00:00Z")`, `{"op":"\u003c","field":"reported-at","kind":"instant","value":"2023-10-17T00:00:00+08:00"}`, "上报时间早于2023-10-17T00:00:00+08:00", "reported at is before 2023-10-17T00:00:00+08:00"},
		{"a list", `"water" in helpers`, `{"op":"has","field":"helpers","kind":"units","value":"water"}`, "协办单位包含“water”", "helpers include “water”"},
		{"one of several", `state in ["open", "accepted", "open"]`, `{"op":"in","field":"state","kind":"choice","values":["open","accepted"]}`, "状态为“施工”、“已验收”之一", "state is one of “under way”, “accepted”"},
		{"a beginning", `title.startsWith("东")`, `{"op":"starts-with","field":"title","kind":"text","value":"东"}`, "名称以“东”开头", "title begins with “东”"},
		{"and, or and not", `urgent && (homes > 3 || !(street == "a"))`,
			`{"op":"and","args":[{"op":"=","field":"urgent","kind":"yes-no","value":"yes"},{"op":"or","args":[{"op":"\u003e","field":"homes","kind":"integer","value":"3"},{"op":"not","args":[{"op":"=","field":"street","kind":"unit","value":"a"}]}]}]}`,
			"加急为是，且（惠及户数大于3户，或并非（街道为“a”））", "urgent is yes and (homes is more than 3 households or not (street is “a”))"},
		{"always", `true`, `{"op":"and"}`, "不限", "anything"},
	} {
		p, err := mustCompile(t, s, c.source).Predicate()
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		tree, err := json.Marshal(p)
		if err != nil || string(tree) != c.tree {
			t.Errorf("%s: tree %s, %v, want %s", c.name, tree, err, c.tree)
		}
		if zh, en := p.Words("zh", NamerOf(siteFields, "zh")), p.Words("en", NamerOf(siteFields, "en")); zh != c.zh || en != c.en {
			t.Errorf("%s: %q, %q, want %q, %q", c.name, zh, en, c.zh, c.en)
		}
	}
}

func TestPredicateNamesThePlaceOutsideTheSubset(t *testing.T) {
	s := siteSchema(t)
	for source, column := range map[string]int{
		`urgent && homes + 1 > 3`:        21,
		`homes > 3 && size(helpers) > 1`: 28,
		`helpers.all(h, h != "a")`:       12,
		`urgent ? homes > 3 : homes > 5`: 8,
		`title > "a"`:                    7,
		`1 == 1`:                         3,
		`homes == homes_planned * 2`:     24,
		`title == ""`:                    10,
		`street in helpers`:              1,
		`urgent && title.contains("东")`:  25,
	} {
		_, err := mustCompile(t, s, source).Predicate()
		fs := Faults(err)
		if !errors.Is(err, fault.ErrInvalid) || len(fs) != 1 || fs[0].Column != column || fs[0].What.ZH == "" {
			t.Errorf("%s: %v, want a fault at column %d", source, err, column)
		}
	}
}

func TestBind(t *testing.T) {
	p, err := mustCompile(t, siteSchema(t), `homes >= homes_planned && budget >= cost`).Predicate()
	if err != nil {
		t.Fatal(err)
	}
	got := p.Bind(Facts{"homes-planned": "300", "budget": "100"}).Args
	want := []Predicate{
		{Op: AtLeast, Field: "homes", Kind: field.Integer, Value: "300"},
		{Op: AtMost, Field: "cost", Kind: field.Money, Value: "100"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Bind = %+v, want %+v", got, want)
	}
	if p.Args[0].Other != "homes-planned" {
		t.Error("Bind changed its receiver")
	}
}

// written draws an expression of the subset, with values that the drawn facts often meet.
func written(t *rapid.T, depth int) string {
	if depth > 0 && rapid.IntRange(0, 2).Draw(t, "inner") > 0 {
		a, b := written(t, depth-1), written(t, depth-1)
		return fmt.Sprintf(rapid.SampledFrom([]string{"(%[1]s) && (%[2]s)", "(%[1]s) || (%[2]s)", "!(%[1]s)"}).Draw(t, "join")+"%.0[2]s", a, b)
	}
	op := rapid.SampledFrom([]string{"==", "!=", "<", "<=", ">", ">="}).Draw(t, "op")
	same := rapid.SampledFrom([]string{"==", "!="}).Draw(t, "same")
	return rapid.SampledFrom([]string{
		"homes " + op + " 3", "3 " + op + " homes", "homes " + op + " homes_planned", "floor_area " + op + " 2", "floor_area " + op + " 2.50",
		"cost " + op + " yuan(3)", "cost " + op + " budget", "due " + op + ` date("2023-10-16")`, "accepted_on " + op + " due",
		"reported_at " + op + ` timestamp("2023-10-16T00:00:00Z")`, "urgent", "urgent " + same + " false", "state " + same + ` "open"`,
		`state in ["open", "dropped"]`, "homes in [1, 3]", "floor_area in [1, 2.5]", `"a" in helpers`, `title.startsWith("东")`, "street " + same + ` "a"`, "true", "false",
	}).Draw(t, "leaf")
}

var drawnValues = map[string][]string{
	"state": {"open", "accepted", "dropped"}, "homes": {"1", "3", "5", "-2"}, "homes-planned": {"1", "3"}, "floor-area": {"2", "2.5", "1", "2.0"},
	"cost": {"300", "299", "301"}, "budget": {"300", "301"}, "accepted-on": {"2023-10-16", "2023-10-15"}, "due": {"2023-10-16", "2023-10-17"},
	"reported-at": {"2023-10-16T08:00:00+08:00", "2023-10-16T07:59:59+08:00"}, "urgent": {"yes", "no"}, "street": {"a", "b"},
	"helpers": {"a", "b", "a b"}, "title": {"东盛", "英俊"},
}

func drawFacts(t *rapid.T, missing []string) Facts {
	facts := Facts{}
	for _, f := range siteFields {
		if vs, ok := drawnValues[f.Key]; ok {
			facts[f.Key] = rapid.SampledFrom(append(slices.Clone(vs), missing...)).Draw(t, f.Key)
		}
	}
	return facts
}

// TestMatchEqualsEval holds the portable tree against CEL, on complete facts and on
// incomplete ones: the answer, and the facts it waits for.
func TestMatchEqualsEval(t *testing.T) {
	s := siteSchema(t)
	answers := map[Answer]int{}
	for name, missing := range map[string][]string{"complete facts": nil, "incomplete facts": {""}} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				source := written(t, 3)
				r, err := Compile(source, s)
				if err != nil {
					t.Fatalf("%s: %v", source, err)
				}
				p, err := r.Predicate()
				if err != nil {
					t.Fatalf("%s: %v", source, err)
				}
				for range 5 {
					facts := drawFacts(t, missing)
					want, err := r.Eval(facts)
					if err != nil {
						t.Fatalf("%s: %v", source, err)
					}
					got, err := p.Match(facts)
					slices.Sort(want.Missing)
					if err != nil || !reflect.DeepEqual(got, want) {
						t.Fatalf("%s on %v: Match %+v, %v, Eval %+v", source, facts, got, err, want)
					}
					if missing == nil && want.Answer == Unknown {
						t.Fatalf("%s is unknown on complete facts", source)
					}
					answers[want.Answer]++
				}
				if zh := p.Words("zh", NamerOf(siteFields, "zh")); zh == "" || strings.Contains(zh, "%") {
					t.Fatalf("%s is said as %q", source, zh)
				}
			})
		})
	}
	for _, a := range []Answer{Yes, No, Unknown} {
		if answers[a] < 20 {
			t.Errorf("the answer %s came only %d times", a, answers[a])
		}
	}
}
