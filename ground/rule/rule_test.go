package rule

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
)

// siteFields are the facets of a building site.
var siteFields = []field.Field{
	{Key: "state", Kind: field.Choice, Words: name.Text{ZH: "状态", EN: "state"}, Options: []field.Option{
		{Key: "open", Words: name.Text{ZH: "施工", EN: "under way"}},
		{Key: "accepted", Words: name.Text{ZH: "已验收", EN: "accepted"}},
		{Key: "dropped", Words: name.Text{ZH: "已取消", EN: "dropped"}},
	}},
	{Key: "homes", Kind: field.Integer, Unit: "户", Words: name.Text{ZH: "惠及户数", EN: "homes"}},
	{Key: "homes-planned", Kind: field.Integer, Unit: "户", Words: name.Text{ZH: "计划户数", EN: "planned homes"}},
	{Key: "floor-area", Kind: field.Decimal, Unit: "万平方米", Words: name.Text{ZH: "建筑面积", EN: "floor area"}},
	{Key: "cost", Kind: field.Money, Words: name.Text{ZH: "投资额", EN: "cost"}},
	{Key: "budget", Kind: field.Money, Words: name.Text{ZH: "预算", EN: "budget"}},
	{Key: "accepted-on", Kind: field.Date, Words: name.Text{ZH: "验收日期", EN: "accepted on"}},
	{Key: "due", Kind: field.Date, Words: name.Text{ZH: "到期日", EN: "due"}},
	{Key: "reported-at", Kind: field.Instant, Words: name.Text{ZH: "上报时间", EN: "reported at"}},
	{Key: "urgent", Kind: field.YesNo, Words: name.Text{ZH: "加急", EN: "urgent"}},
	{Key: "street", Kind: field.Unit, Words: name.Text{ZH: "街道", EN: "street"}},
	{Key: "helpers", Kind: field.Units, Words: name.Text{ZH: "协办单位", EN: "helpers"}},
	{Key: "title", Kind: field.Text, Words: name.Text{ZH: "名称", EN: "title"}},
	{Key: "sheet", Kind: field.Table},
	{Key: "in", Kind: field.Text},
}

func siteSchema(t testing.TB) *Schema {
	t.Helper()
	s, err := NewSchema(siteFields)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustCompile(t testing.TB, s *Schema, source string) *Rule {
	t.Helper()
	r, err := Compile(source, s)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return r
}

// site is a complete set of facts.
var site = Facts{"state": "accepted", "homes": "320", "homes-planned": "300", "floor-area": "2.5", "cost": "5000000000", "budget": "4800000000",
	"accepted-on": "2023-10-16", "due": "2023-10-31", "reported-at": "2023-10-16T23:30:00+08:00", "urgent": "no", "street": "street-a",
	"helpers": "housing water", "title": "东盛小区"}

func without(f Facts, keys ...string) Facts {
	g := Facts{}
	for k, v := range f {
		g[k] = v
	}
	for _, k := range keys {
		delete(g, k)
	}
	return g
}

func TestEval(t *testing.T) {
	s := siteSchema(t)
	for _, c := range []struct {
		name, source string
		facts        Facts
		want         Verdict
	}{
		{"a choice", `state == "accepted"`, site, Verdict{Answer: Yes}},
		{"a whole number beside a decimal is a decimal", `floor_area > 2 && floor_area <= 2.5 && floor_area in [1, 2.5]`, site, Verdict{Answer: Yes}},
		{"decimals are exact", `floor_area * 0.1 == 0.25 && 0.1 + 0.2 == 0.3`, site, Verdict{Answer: Yes}},
		{"decimals divide", `decimal(homes) / decimal(homes_planned) >= 1.06`, site, Verdict{Answer: Yes}},
		{"money in yuan", `cost >= yuan(5e7) && cost - budget == yuan(2000000)`, site, Verdict{Answer: Yes}},
		{"money times a rate rounds to the fen", `budget * 1.05 == yuan(50400000)`, site, Verdict{Answer: Yes}},
		{"money over money is a number", `cost / budget > 1.04 && -cost < yuan(0)`, site, Verdict{Answer: Yes}},
		{"days", `due - accepted_on == 15 && accepted_on + 15 == due && year(due) == 2023 && month(due) == 10`, site, Verdict{Answer: Yes}},
		{"an instant has a day in China", `date(reported_at) == date("2023-10-16") && reported_at < timestamp("2023-10-16T16:00:00Z")`, site, Verdict{Answer: Yes}},
		{"a list of units", `"water" in helpers && helpers.exists(h, h.startsWith("hous")) && size(helpers) == 2`, site, Verdict{Answer: Yes}},
		{"a yes-no", `!urgent`, site, Verdict{Answer: Yes}},
		{"a missing fact", `state == "accepted"`, Facts{}, Verdict{Missing: []string{"state"}}},
		{"an empty fact is missing", `homes > 3`, Facts{"homes": ""}, Verdict{Missing: []string{"homes"}}},
		{"what is known decides and", `homes > 1000 && urgent`, without(site, "urgent"), Verdict{Answer: No}},
		{"also from the right", `urgent && homes > 1000`, without(site, "urgent"), Verdict{Answer: No}},
		{"what is known decides or", `urgent || homes > 100`, without(site, "urgent"), Verdict{Answer: Yes}},
		{"only what still matters is missing", `(urgent || homes > 100) && due > accepted_on`, without(site, "urgent", "due"), Verdict{Missing: []string{"due"}}},
		{"several are named in the order of the schema", `urgent && due > accepted_on && homes > 5`, without(site, "urgent", "due", "homes"), Verdict{Missing: []string{"homes", "due", "urgent"}}},
		{"a choice of branch waits for its condition only", `urgent ? homes > 5 : due > accepted_on`, without(site, "urgent", "homes"), Verdict{Missing: []string{"urgent"}}},
	} {
		got, err := mustCompile(t, s, c.source).Eval(c.facts)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %s = %+v, %v, want %+v", c.name, c.source, got, err, c.want)
		}
	}
}

func TestEvalErrors(t *testing.T) {
	s := siteSchema(t)
	for _, c := range []struct {
		name, source string
		facts        Facts
	}{
		{"division by nothing", `floor_area / (floor_area - 2.5) > 1`, site},
		{"an overflow", `homes * 9000000000000000000 > 1`, site},
		{"a fact of another kind", `homes > 1`, Facts{"homes": "many"}},
		{"a day that does not exist", `due > accepted_on`, Facts{"due": "2023-02-30"}},
		{"half a yes", `urgent`, Facts{"urgent": "maybe"}},
	} {
		if got, err := mustCompile(t, s, c.source).Eval(c.facts); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %+v, %v, want ErrInvalid", c.name, got, err)
		}
	}
}

func TestCompileFaults(t *testing.T) {
	s := siteSchema(t)
	for _, c := range []struct {
		name, source string
		line, column int
		words        string
	}{
		{"an unknown name", `homes > 3 &&` + "\n" + `  hoems < 5`, 2, 3, "hoems"},
		{"columns count characters", `title == "东盛" && hoems < 5`, 1, 18, "hoems"},
		{"a type that does not fit", `homes == "3"`, 1, 7, "types do not fit"},
		{"money beside a bare number", `cost > 50`, 1, 6, "yuan("},
		{"whole numbers are not divided", `homes / 2 > 3`, 1, 7, "decimal(x)"},
		{"no yes or no", `homes + 1`, 1, 7, "yes or no"},
		{"a syntax error", `homes >`, 1, 8, "syntax"},
		{"a day that does not exist", `due < date("2023-02-30")`, 1, 12, "2023-02-30"},
		{"a computed day", `due < date(title)`, 1, 12, "written text"},
		{"an instant without a zone", `reported_at < timestamp("2023-02-01")`, 1, 25, "instant"},
		{"half a fen", `cost > yuan(0.001)`, 1, 13, "fen"},
		{"no such option", `state in ["open", "acepted"]`, 1, 19, "acepted"},
		{"a table cannot be spoken of", `size(sheet) > 0`, 1, 6, "sheet"},
		{"a regular expression is not offered", `title.matches("a+")`, 1, 14, "matches"},
		{"a hidden function cannot be named", `@number("1") > 0.5`, 1, 1, "syntax"},
		{"a decimal that is no exact number", `floor_area > 0.12345678901234567`, 1, 14, "15 digits"},
		{"too long a source", strings.Repeat(" ", MaxSource) + "urgent", 1, 1, "characters"},
		{"loops too deep in each other", strings.Repeat("helpers.all(x, ", 5) + "urgent" + strings.Repeat(")", 5), 1, 0, "nest at most 4"},
		{"thirty loops in each other", strings.Repeat("helpers.all(x, ", 30) + "urgent" + strings.Repeat(")", 30), 1, 0, "nest at most 4"},
		{"too deep a nest", strings.Repeat("!(", 200) + "urgent" + strings.Repeat(")", 200), 1, 0, ""},
	} {
		_, err := Compile(c.source, s)
		fs := Faults(err)
		if !errors.Is(err, fault.ErrInvalid) || len(fs) == 0 {
			t.Errorf("%s: %v, want faults", c.name, err)
			continue
		}
		f := fs[0]
		if f.Line != c.line || c.column > 0 && f.Column != c.column || !strings.Contains(f.What.EN, c.words) || f.What.ZH == "" || strings.Contains(f.What.ZH+f.What.EN, "%!") {
			t.Errorf("%s: %d:%d %+v, want %d:%d with %q", c.name, f.Line, f.Column, f.What, c.line, c.column, c.words)
		}
	}
	if _, err := Compile(`a > 1 && b > 2`, s); len(Faults(err)) != 2 {
		t.Errorf("two faults were reported as %v", err)
	}
	if _, err := NewSchema([]field.Field{{Key: "a-b", Kind: field.Text}, {Key: "a-b", Kind: field.Text}}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("one key twice: %v", err)
	}
}

func TestFacts(t *testing.T) {
	r := mustCompile(t, siteSchema(t), `state == "accepted" && homes >= 400 && due >= accepted_on && helpers.all(h, h != "")`)
	if got, want := r.Facts(), []string{"state", "homes", "accepted-on", "due", "helpers"}; !reflect.DeepEqual(got, want) {
		t.Errorf("Facts = %v, want %v", got, want)
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{`state == "open"`, `homes / 2 > 3`, `cost > yuan(5e7)`, `helpers.all(h, h in ["a"])`, `due < date("2023-02-30")`, `1.0 in [1, 2.5]`, `{"a": 1.5}.a > 1.0`} {
		f.Add(s)
	}
	schema, err := NewSchema(siteFields)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, source string) {
		r, err := Compile(source, schema)
		if err != nil {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Fatalf("%q: %v wraps no kind", source, err)
			}
			return
		}
		v, err := r.Eval(site)
		p, outside := r.Predicate()
		if err != nil || outside != nil {
			return
		}
		if got, err := p.Match(site); err != nil || got.Answer != v.Answer {
			t.Fatalf("%q: Eval says %v, its predicate %v, %v", source, v, got, err)
		}
	})
}

func BenchmarkEval(b *testing.B) {
	r := mustCompile(b, siteSchema(b), `state == "accepted" && homes >= 100 && floor_area > 2.0 && due >= accepted_on`)
	for b.Loop() {
		if _, err := r.Eval(site); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	r := mustCompile(b, siteSchema(b), `state == "accepted" && homes >= 100 && floor_area > 2.0 && due >= accepted_on`)
	p, err := r.Predicate()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := p.Match(site); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleRule_Eval() {
	schema, _ := NewSchema([]field.Field{
		{Key: "employees", Kind: field.Integer},
		{Key: "r-and-d", Kind: field.Money},
	})
	r, _ := Compile(`employees <= 300 && r_and_d >= yuan(1000000)`, schema)
	for _, facts := range []Facts{
		{"employees": "120", "r-and-d": "150000000"},
		{"employees": "120"},
		{"employees": "5000"},
	} {
		v, _ := r.Eval(facts)
		fmt.Println(v.Answer, v.Missing)
	}
	// Output:
	// yes []
	// unknown [r-and-d]
	// no []
}
