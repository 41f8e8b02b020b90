package extract

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"bihuan/ground/fault"
)

const report = `二〇二三年政府工作报告
——2023年1月6日在清溪县第十七届人民代表大会第三次会议上
一、2022年工作回顾
全县生产总值增长5.2%。改造老旧小区12个，建成清溪大桥。
二、2023年工作安排
（一）扩大有效投资
力争引进项目30个以上，新建公园3处。`

func TestReadOutline(t *testing.T) {
	res, err := Read(report, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if res.ReviewYear != 2022 || res.PlanYear != 2023 {
		t.Errorf("years %d and %d, want 2022 and 2023", res.ReviewYear, res.PlanYear)
	}
	if want := "二〇二三年政府工作报告"; res.Title != want {
		t.Errorf("title %q, want %q", res.Title, want)
	}
	want := []struct {
		title string
		level int
		kind  Kind
	}{{"一、2022年工作回顾", 1, Achievement}, {"二、2023年工作安排", 1, Commitment}, {"（一）扩大有效投资", 2, Commitment}}
	if len(res.Sections) != len(want) {
		t.Fatalf("sections %+v", res.Sections)
	}
	for i, w := range want {
		if s := res.Sections[i]; s.Title != w.title || s.Level != w.level || s.Kind != w.kind {
			t.Errorf("section %d is %+v, want %+v", i, s, w)
		}
	}
	last := res.Statements[len(res.Statements)-1]
	if last.Section != "（一）扩大有效投资" {
		t.Errorf("section of the last statement %q", last.Section)
	}
	span := res.Sentence(last.Start)
	if got, want := string([]rune(report)[span.Start:span.End]), "力争引进项目30个以上，新建公园3处。"; got != want {
		t.Errorf("sentence %q, want %q", got, want)
	}
	if got := res.Sentence(0); got != (Span{}) && got.End <= 0 {
		t.Errorf("sentence at 0 %+v", got)
	}
}

func TestOptionsYearGoesFirst(t *testing.T) {
	res, err := Read("生产总值增长5%。", Options{Year: 2031})
	if err != nil {
		t.Fatal(err)
	}
	if res.ReviewYear != 2030 || res.Statements[0].Year != 2030 {
		t.Errorf("review year %d, statement %+v", res.ReviewYear, res.Statements[0])
	}
}

func TestReadIsDeterministic(t *testing.T) {
	a, _ := Read(report, Options{})
	b, _ := Read(report, Options{})
	if !reflect.DeepEqual(a, b) {
		t.Error("two readings differ")
	}
}

func TestProgressIsTold(t *testing.T) {
	last, total, calls := 0, 0, 0
	res, err := Read(report, Options{Progress: func(done, all int) {
		if done < last {
			t.Errorf("progress went back from %d to %d", last, done)
		}
		last, total = done, all
		calls++
	}})
	if err != nil || calls == 0 || total != res.Length || last > total {
		t.Errorf("%d calls, last %d of %d, length %d, %v", calls, last, total, res.Length, err)
	}
}

func TestReadRefusesWhatIsTooLong(t *testing.T) {
	if _, err := Read(strings.Repeat("长", MaxLength+1), Options{}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("error %v, want ErrInvalid", err)
	}
}

func TestReadEmpty(t *testing.T) {
	for _, text := range []string{"", "\n\n", "　　", "。", "\xff\xfe"} {
		res, err := Read(text, Options{})
		if err != nil || len(res.Statements) != 0 {
			t.Errorf("Read(%q) = %+v, %v", text, res.Statements, err)
		}
	}
}

func TestIdentity(t *testing.T) {
	ids := func(text string) map[string]Statement {
		res, err := Read(text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]Statement{}
		for _, s := range res.Statements {
			if _, twice := out[s.ID]; twice {
				t.Errorf("identity of %+v is not its own", s)
			}
			out[s.ID] = s
		}
		return out
	}
	first := ids(report)
	for id := range ids("（第 2 页）\n" + report + "\n") {
		if _, ok := first[id]; !ok {
			t.Errorf("moved text has a new identity %s", id)
		}
	}
	changed := ids(strings.Replace(report, "30个以上", "40个以上", 1))
	fresh := 0
	for id := range changed {
		if _, ok := first[id]; !ok {
			fresh++
		}
	}
	if fresh == 0 || fresh == len(changed) {
		t.Errorf("%d of %d identities are new after one change", fresh, len(changed))
	}
	ids(report + "\n力争引进项目30个以上，新建公园3处。\n力争引进项目30个以上，新建公园3处。")
}

func TestJSON(t *testing.T) {
	res, err := Read("2023年，投入资金3.5亿元。力争用3-5年时间完成改造。建成清溪大桥。", Options{Year: 2024})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(res.Statements)
	if err != nil {
		t.Fatal(err)
	}
	var back []Statement
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, res.Statements) {
		t.Errorf("%s comes back as %+v, %v", b, back, err)
	}
	for _, want := range []string{`"value":350000000`, `"value":3,"value_max":5`, `"unit":"元"`, `"type":"milestone"`, `"section":""`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s lacks %s", b, want)
		}
	}
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		digits string
		power  int
		want   Decimal
	}{{"1.28", 12, "1280000000000"}, {"0.8", 0, "0.8"}, {"007", 0, "7"}, {"15.50", 0, "15.5"}, {"0.05", 1, "0.5"}, {"-0.80", 0, "-0.8"}, {"0.0", 4, "0"}, {"-0", 0, "0"}} {
		if got := shift(c.digits, c.power); got != c.want {
			t.Errorf("%s times ten to the %d = %s, want %s", c.digits, c.power, got, c.want)
		}
	}
	for _, bad := range []string{`"1e5"`, `1e5`, `"x"`, `"1."`, `true`, `""`} {
		var d Decimal
		if err := json.Unmarshal([]byte(bad), &d); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s is read as %q, %v", bad, d, err)
		}
	}
	if _, err := json.Marshal(Decimal("NaN")); err == nil {
		t.Error("NaN is written")
	}
}

func TestWords(t *testing.T) {
	for _, o := range Ops() {
		if n := o.Name(); n.ZH == "" || n.EN == "" {
			t.Errorf("operator %s lacks a name", o)
		}
	}
	for _, row := range ruleNames {
		r := row.rule
		if n := r.Name(); n.ZH == "" || n.EN == "" {
			t.Errorf("rule %s lacks a name", r)
		}
		if trust[r] == 0 {
			t.Errorf("rule %s lacks a measure of trust", r)
		}
	}
	for _, k := range Kinds() {
		if k.Name().IsZero() {
			t.Errorf("kind %s lacks a name", k)
		}
	}
	for _, y := range []Type{Number, Milestone} {
		if y.Name().IsZero() {
			t.Errorf("type %s lacks a name", y)
		}
	}
}

// check holds what must be true of every reading, whatever the text.
func check(t *testing.T, text string) {
	t.Helper()
	res, err := Read(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	src := []rune(text)
	if res.Length != len(src) {
		t.Fatalf("length %d of %d", res.Length, len(src))
	}
	ops := map[Op]bool{}
	for _, o := range Ops() {
		ops[o] = true
	}
	seen := map[string]bool{}
	last := 0
	for _, s := range res.Statements {
		if s.Start < last || s.End() > len(src) || s.Text == "" || string(src[s.Start:s.End()]) != s.Text {
			t.Fatalf("%+v does not quote the text", s)
		}
		last = s.Start
		if seen[s.ID] || s.Subject == "" || s.Confidence <= 0 || s.Confidence > 1 || s.Rule.Name().IsZero() || s.Kind.Name().IsZero() {
			t.Fatalf("incomplete or twice: %+v", s)
		}
		seen[s.ID] = true
		if s.Type == Number != (s.Value != "") || s.Type == Number != ops[s.Op] || (s.ValueMax != "") != (s.Op == Range || s.Op == GrowthRange || s.Op == DeclineRange || s.Op == Above && s.ValueMax != "" || s.Op == Below && s.ValueMax != "") {
			t.Fatalf("contradicts itself: %+v", s)
		}
		if _, err := json.Marshal(s); err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
	}
	for i, s := range res.Sentences {
		if s.Start >= s.End || s.End > len(src) || i > 0 && s.Start < res.Sentences[i-1].End {
			t.Fatalf("sentence %d is %+v", i, s)
		}
	}
	for i, s := range res.Sections {
		if s.Start > s.End || s.End > len(src) || i > 0 && s.Start != res.Sections[i-1].End || s.Title == "" {
			t.Fatalf("section %d is %+v", i, s)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(report)
	f.Add("由20个工作日压缩至30分钟，分别增长10%、15%、12%左右；是“十二五”的1.8倍")
	f.Add("总投资23亿元的5个产业园区\xff（一）\n**x**\n# 一\n——\n第1部分")
	f.Add("翻番翻一番三分之一百分之五十过百亿元1,234.5万余户3-5年2.41∶1")
	f.Add("建成、全部、全覆盖、与同步、创新高、被命名为、争创")
	f.Add("序号\n项目\n目标\n总投资\n（万元）\n责任单位\n时限\n一、民生\n1\n水厂\n建成\n5\n水务局\n2\n公路\n新建8公里\n改建2公里\n交通局\n年底\n3\n指标\n单位\n增长（%）\n产值\n亿元\n3\n收入\n—\n5")
	f.Add("单位：亿元、%\n指标\t单位\t2022年\t\t目标\n\t\t完成\t增长\n产值（亿元）\t亿元\t-1.5\t≥6%\t≤\n|a|b（%）|\n|c|1—2左右|")
	f.Fuzz(func(t *testing.T, text string) {
		if utf8.RuneCountInString(text) > 4000 {
			t.Skip()
		}
		check(t, text)
	})
}

// long returns reports one behind the other, 70,000 code points in all.
func long(b testing.TB) string {
	dir := shared
	if _, err := os.Stat(dir); err != nil {
		b.Logf("no reports at %s, own texts instead", dir)
		dir = "testdata"
	}
	var all []rune
	for len(all) < 70_000 {
		for _, name := range reports(b, dir) {
			all = append(all, []rune(readText(b, dir, name)+"\n")...)
		}
	}
	return string(all[:70_000])
}

func BenchmarkRead(b *testing.B) {
	text := long(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(text, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
