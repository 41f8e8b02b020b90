package extract

import (
	"strings"
	"testing"
)

// tableCase is a table below the title of a report of 2023 and the heading of its review, or a text of its own.
type tableCase struct {
	name, text string
	want       []string
}

// examineTables reads each text behind the given opening.
func examineTables(t *testing.T, opening string, cs []tableCase) {
	t.Helper()
	for _, c := range cs {
		res, err := Read(opening+c.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range res.Statements {
			got = append(got, told(s))
			if r := []rune(opening + c.text); string(r[s.Start:s.Start+len([]rune(s.Text))]) != s.Text {
				t.Errorf("%s: %q does not stand at %d", c.name, s.Text, s.Start)
			}
		}
		if strings.Join(got, "; ") != strings.Join(c.want, "; ") {
			t.Errorf("%s:\n  got  %s\n  want %s", c.name, strings.Join(got, "; "), strings.Join(c.want, "; "))
		}
	}
}

// Tables as they come out of files: cells divided by tabs or upright strokes. The places and figures are ours.
func TestTables(t *testing.T) {
	examineTables(t, "某县2023年政府工作报告\n一、2022年工作回顾\n", []tableCase{
		{"units in a column of their own, aims and changes by the heads",
			"指标\t单位\t2022年完成\t增长（%）\t2023年预期目标\n粮食产量\t万吨\t25.3\t0.8\t≥25\n城镇登记失业率\t%\t3.2\t\t4.5以内\n社会消费品零售总额增长\t%\t8.2\t\t9左右",
			[]string{"a2022 粮食产量|eq 253000 吨", "a2022 粮食产量|growth 0.8 %", "c2023 粮食产量|ge 250000 吨", "a2022 城镇登记失业率|eq 3.2 %", "c2023 城镇登记失业率|le 4.5 %",
				"a2022 社会消费品零售总额|growth 8.2 %", "c2023 社会消费品零售总额|growth_approx 9 %"}},
		{"units above the table, a minus is a fall, numbers of rows and cells without a unit are no figures",
			"单位：亿元、%\n序号\t指标\t2022年\t比上年增长\t备注\n1\t一、地区生产总值\t132.5\t6.1\t12\n2\t其中：第一产业\t12.5\t-3.2\t\n3\t工业用电\t\t增长7%\t",
			[]string{"a2022 地区生产总值|eq 13250000000 元", "a2022 地区生产总值|growth 6.1 %", "a2022 第一产业|eq 1250000000 元", "a2022 第一产业|decline 3.2 %", "a2022 工业用电|growth 7 %"}},
		{"measures in the heads, places in the rows",
			"| 街道 | 生产总值（亿元） | 增速（%） | 安置就业（人） |\n|---|---:|---:|---:|\n| 东街街道 | 12.3 | 5.6 | 1,200 |\n| 全区 | **30** | 6% | 4000 |",
			[]string{"a2022 东街街道生产总值|eq 1230000000 元", "a2022 东街街道生产总值增速|eq 5.6 %", "a2022 东街街道安置就业|eq 1200 人", "a2022 生产总值|eq 3000000000 元", "a2022 生产总值增速|eq 6 %", "a2022 安置就业|eq 4000 人"}},
		{"projects, and another table right below",
			"序号\t项目名称\t总投资（亿元）\t2023年计划投资（万元）\n1\t东环路改造\t3.2\t1100\n指标\t单位\t完成\n公厕\t座\t12",
			[]string{"a2022 东环路改造总投资|eq 320000000 元", "c2023 东环路改造投资|eq 11000000 元", "a2022 公厕|eq 12 座"}},
		{"a head of two rows", "指标\t单位\t2022年\t\t2023年目标\n\t\t完成\t增长（%）\n学位\t个\t500\t3\t600",
			[]string{"a2022 学位|eq 500 个", "a2022 学位|growth 3 %", "c2023 学位|eq 600 个"}},
		{"rows that are years", "年份\t粮食产量（万吨）\t增长（%）\n2021年\t12\t3.5\n2022年\t13\t4", []string{"a2021 粮食产量|eq 120000 吨", "a2021 粮食产量|growth 3.5 %", "a2022 粮食产量|eq 130000 吨", "a2022 粮食产量|growth 4 %"}},
		{"the plan of the year that is over is no promise", "指标\t单位\t2022年计划\t2022年完成\t完成计划（%）\n公厕\t座\t10\t12\t120", []string{"a2022 公厕|eq 12 座"}},
		{"an aim far below the level may be a rate", "指标\t单位\t2022年完成\t2023年目标\n地区生产总值\t亿元\t132.5\t6.5", []string{"a2022 地区生产总值|eq 13250000000 元"}},
		{"without a unit that is certain nothing is read", "指标\t2022年\t2023年目标\n幸福指数\t92.1\t93", nil},
		{"a row whose name is nothing but a mark", "指标\t单位\t2022年完成\n**\t座\t8\n！\t座\t9\n公厕\t座\t12", []string{"a2022 公厕|eq 12 座"}},
		{"without a head nothing is read", "公厕\t12\t13\n学位\t500\t600", nil},
		{"words in cells are read as before", "任务\t单位\t数量\n改造老旧小区15个\t住建局\t15\n新建公厕\t座\t8", []string{"a2022 老旧小区|eq 15 个", "a2022 新建公厕|eq 8 座"}},
	})
}
