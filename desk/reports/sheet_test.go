package reports

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/desk"
	"bihuan/engine/extract"
	"bihuan/ground/name"
)

// people is a small directory for tests.
func people() *desk.Directory {
	dir := &desk.Directory{Units: []desk.Unit{
		{Key: "housing", Words: name.Text{ZH: "二道区住房和城乡建设局", EN: "Housing Bureau"}, Short: name.Text{ZH: "区住建局", EN: "Housing"}, Leader: "p1"},
		{Key: "finance", Words: name.Text{ZH: "二道区财政局", EN: "Finance Bureau"}, Short: name.Text{ZH: "区财政局", EN: "Finance"}},
	}, Persons: []desk.Person{{Key: "p1", Words: name.Text{ZH: "某甲", EN: "A"}, Unit: "housing"}, {Key: "p2", Words: name.Text{ZH: "某乙", EN: "B"}, Unit: "finance"}}}
	return dir
}

// sheetOf makes a sheet of lines whose cells are divided by |; cells are named as a spreadsheet program would.
func sheetOf(lines ...string) Sheet {
	var s Sheet
	for i, line := range lines {
		cells := strings.Split(line, "|")
		if i == 0 {
			s.Header = cells
			continue
		}
		row := make([]Cell, len(cells))
		for j, c := range cells {
			row[j] = Cell{c, fmt.Sprintf("%c%d", 'A'+j, i+1)}
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// TestADayWithoutItsYearIsAskedForIt: whoever wrote 12月底, as the refusal of other days tells to, is told what is missing.
func TestADayWithoutItsYearIsAskedForIt(t *testing.T) {
	r := ReadSheet(sheetOf("任务|责任单位|完成时限", "某事|住建局|12月底"), 0, people())
	if len(r.Faults) != 1 || r.Faults[0].Refusal.Code != "sheet-date-year" {
		t.Errorf("the faults are %+v", r.Faults)
	}
}

func TestReadSheet(t *testing.T) {
	header := "序号|任务内容|目标值|责任单位|配合单位|完成时限"
	for _, c := range []struct {
		name  string
		lines []string
		want  string // goals, then faults, one a line
	}{
		{"a list as offices keep it becomes goals", []string{header, "1|改造老旧小区|21个|区住建局|区财政局|2023年12月底"},
			"改造老旧小区 accumulate eq 21 个 housing [finance] 2023-01-01 2023-12-31 p1"},
		{"目标 beside the task is how much of it", []string{"目标|任务|责任单位|完成时限", "21个|改造老旧小区|区住建局|2023年12月底"},
			"改造老旧小区 accumulate eq 21 个 housing [] 2023-01-01 2023-12-31 p1"},
		{"two names of the task are one too many", []string{"任务|工作内容|责任单位|完成时限", "某事|某事|区住建局|2023-12-31"},
			"! 工作内容  sheet-column-twice"},
		{"a share is a level, a growth is a growth, no figure is a milestone", []string{header, "1|覆盖率|达到60%|住建局||12月底", "2|收入|增长10%以上|财政局||年底", "3|建成某中心||housing||2023-09-30"},
			"覆盖率 level reach 60 % housing [] 2023-01-01 2023-12-31 p1\n收入 growth growth_ge 10 % finance [] 2023-01-01 2023-12-31 \n建成某中心 milestone reach 1  housing [] 2023-01-01 2023-09-30 p1"},
		{"a unit in a column of its own is that of a number in 万", []string{"任务|目标值|计量单位|责任单位|完成时限", "道路改造|1.5万|平方米|住建局|2023-12-31", "绿化|2万|万平方米|住建局|2023-12-31", "公园|3|个|住建局|2023-12-31"},
			"道路改造 accumulate eq 1.5 万平方米 housing [] 2023-01-01 2023-12-31 p1\n绿化 accumulate eq 2 万平方米 housing [] 2023-01-01 2023-12-31 p1\n公园 accumulate eq 3 个 housing [] 2023-01-01 2023-12-31 p1"},
		{"days that lost their shape on the way are days", []string{header, "1|某事|1项|住建局||20231130", "2|另一事|1项|住建局||45291"},
			"某事 accumulate eq 1 项 housing [] 2023-01-01 2023-11-30 p1\n另一事 accumulate eq 1 项 housing [] 2023-01-01 2023-12-31 p1"},
		{"numbers that are no days are none", []string{header, "1|某事|1项|住建局||20231340", "2|某事|1项|住建局||99", "3|某事|1项|住建局||123456"},
			"!F2 完成时限 20231340 sheet-date\n!F3 完成时限 99 sheet-date\n!F4 完成时限 123456 sheet-date"},
		{"a unit that nobody knows is named with its cell", []string{header, "1|某事|1项|某某局||2023-12-31"},
			"!D2 责任单位 某某局 sheet-unit"},
		{"every fault of every row is reported at once", []string{header, "1||x|区住建局||2023-13-01", "2|某事|1项|区住建局、区财政局|某街道|2023-12-31"},
			"!B2 任务内容  sheet-cell-empty\n!C2 目标值 x sheet-target\n!F2 完成时限 2023-13-01 sheet-date\n!D3 责任单位 区住建局、区财政局 sheet-one-lead\n!E3 配合单位 某街道 sheet-unit"},
		{"a day so far off that it would come round to the first one is no day", []string{header, "1|某事|1项|区住建局||2023-12-4294967297"},
			"!F2 完成时限 2023-12-4294967297 sheet-date"},
		{"the same goal twice is a fault of the second row", []string{header, "1|某事|1项|区住建局||2023-12-31", "2|某事|1项|区住建局||2023-12-31"},
			"!B3 任务内容 某事 sheet-row-twice"},
		{"a list without a needed column is refused as a whole", []string{"任务|时限", "某事|2023-12-31"},
			"!   sheet-column-missing"},
		{"two headings for one column are refused", []string{"任务|目标任务|责任单位|时限", "a|b|区住建局|2023-12-31"},
			"! 目标任务  sheet-column-twice"},
		{"a header without rows is refused", []string{header}, "!   sheet-empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := ReadSheet(sheetOf(c.lines...), 2023, people())
			var got []string
			for _, g := range r.Goals {
				if !g.Bad {
					x := g.Terms
					got = append(got, fmt.Sprintf("%s %s %s %s %s %s %v %s %s %s", x.Title, x.Shape, x.Target.Op, x.Target.Value, x.Target.Unit, x.Lead, x.Assist, x.Start, x.Due, x.Leader))
				}
			}
			if len(r.Faults) > 0 {
				got = nil
			}
			for _, f := range r.Faults {
				got = append(got, fmt.Sprintf("!%s %s %s %s", f.Ref, f.Column, f.Value, f.Refusal.Code))
			}
			if g := strings.Join(got, "\n"); g != c.want {
				t.Errorf("got\n%s\nwant\n%s", g, c.want)
			}
		})
	}
}

func TestSheetDraftsQuoteTheirRows(t *testing.T) {
	s := sheetOf("任务|牵头单位|时限", "改造老旧小区|区住建局|2023-12-31", "建成某中心|区财政局|年底")
	r := ReadSheet(s, 2023, people())
	text, drafts := sheetDrafts(s, r.Goals, "清单")
	for i, d := range drafts {
		line := string([]rune(text)[d.Statement.Start:d.Statement.End])
		if !strings.HasPrefix(line, r.Goals[i].Terms.Title+"\t") || strings.Contains(line, "\n") {
			t.Errorf("draft %d quotes %q", i, line)
		}
	}
	if len(drafts) != 2 || drafts[0].ID == drafts[1].ID {
		t.Errorf("drafts are not told apart: %v", drafts)
	}
}

func TestTheTemplateIsReadByItsReader(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		headings, example := SheetTemplate(lang)
		r := ReadSheet(sheetOf(strings.Join(headings, "|"), strings.Join(example, "|")), 2023, people())
		for _, f := range r.Faults {
			if f.Refusal.Code != "sheet-unit" { // the small directory has no street
				t.Errorf("%s: %s %s %s", lang, f.Ref, f.Column, f.Refusal.Code)
			}
		}
	}
}

// Whatever stands in a cell, every fault names a row, and a row without a fault can be published.
func TestSheetNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.SampledFrom([]string{"", "21个", "区住建局", "年底", "2023-02-30", "12月", "增长", "=1+1", "≥60%", "2023"}), rapid.StringN(0, 12, 40))
		lines := []string{"任务|年度|目标类型|目标值|单位|上年基数|开始|时限|牵头单位|配合单位|责任领导|权重"}
		s := sheetOf(lines...)
		for i := range rapid.IntRange(0, 4).Draw(t, "rows") {
			row := make([]Cell, rapid.IntRange(0, 14).Draw(t, "width"))
			for j := range row {
				row[j] = Cell{cell.Draw(t, "cell"), fmt.Sprintf("%c%d", 'A'+j, i+2)}
			}
			s.Rows = append(s.Rows, row)
		}
		r := ReadSheet(s, 2023, people())
		for _, f := range r.Faults {
			if f.Refusal == nil || len(s.Rows) > 0 && f.Row == 0 {
				t.Fatalf("fault without a place: %+v", f)
			}
		}
		for _, g := range r.Goals {
			if err := g.Terms.Check(); !g.Bad && err != nil {
				t.Fatalf("row %d has no fault and cannot be published: %v", g.Row, err)
			}
		}
	})
}

// A fact on another subject is no base, however well its unit fits.
func TestABaseSpeaksOfTheSame(t *testing.T) {
	res, err := extract.Read("工作报告\n一、2022年工作回顾\n供水保障率达到52%。群众满意度达到90%。\n二、2023年工作安排\n今年，供水保障率达到60%，村庄绿化覆盖率达到40%。\n", extract.Options{Year: 2023})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"60%": "52%", "40%": ""}
	for _, d := range propose(res, []rune("工作报告\n一、2022年工作回顾\n供水保障率达到52%。群众满意度达到90%。\n二、2023年工作安排\n今年，供水保障率达到60%，村庄绿化覆盖率达到40%。\n"), people(), nil) {
		if d.State != Proposed {
			continue
		}
		got := ""
		if d.LastYear != nil {
			got = d.LastYear.Text
		}
		if w, ok := want[d.Statement.Text]; !ok || got != w {
			t.Errorf("%s is linked to %q, want %q", d.Statement.Text, got, w)
		}
	}
}
