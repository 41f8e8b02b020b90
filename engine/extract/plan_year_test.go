package extract_test

import (
	"testing"

	"bihuan/engine/extract"
)

// A plan of which the heading stands in one line with what is planned is a plan, also as of a year that the caller names.
func TestAPlanInOneLineIsAPlan(t *testing.T) {
	for _, c := range []struct {
		name, text string
		year       int
		kind       extract.Kind
		of         int
	}{
		{"the heading ends with a colon", "2024年工作安排：新增就业1.2万人，改造老旧小区21个。", 2024, extract.Commitment, 2024},
		{"with a full stop", "2024年工作安排。新增就业1.2万人，改造老旧小区21个。", 2024, extract.Commitment, 2024},
		{"with a blank", "2024年重点工作 新增就业1.2万人，改造老旧小区21个。", 2024, extract.Commitment, 2024},
		{"nobody says which year", "2024年工作安排。新增就业1.2万人，改造老旧小区21个。", 0, extract.Commitment, 2024},
		{"a sentence of the year that the caller names, and the next", "2024年，改造老旧小区21个。新增就业1.2万人。", 2024, extract.Commitment, 2024},
		{"the same as of the next year is what was done", "2024年工作安排。新增就业1.2万人，改造老旧小区21个。", 2025, extract.Achievement, 2024},
		{"half a year that is over", "2021年上半年工作总结和下半年工作思路\n2021年，街道财政收入实现12亿元，增长8%。", 0, extract.Achievement, 2021},
		{"half a year that only a congress dates", "一、上半年工作总结 今年是全面贯彻党的二十大精神的开局之年，也是实施“十四五”规划承上启下的一年。1-6月完成财政收入5亿元，增长17%。", 0, extract.Achievement, 2023},
		{"the half year to come", "一、2024年上半年工作总结\n上半年工作有序推进。\n二、下半年工作打算\n新增就业1.2万人，改造老旧小区21个。", 0, extract.Commitment, 2024},
		{"a newspaper on what a report holds", "县长作政府工作报告。报告分三个部分：一是2010年工作回顾；二是2011年工作安排。报告指出，全县生产总值实现13亿元，增长15%。", 0, extract.Achievement, 2010},
		{"a title without 年 and the review of a plan that ended before", "某镇2022政府工作报告\n一、“十三五”工作回顾\n五年来，税收由0.2亿元增加到0.4亿元。", 0, extract.Achievement, 2020},
		{"pages that a site has numbered", "1、2022年某镇政府工作报告 各位代表：现在，我代表镇人民政府向大会报告工作，请予审议，并请列席会议的同志提出意见。一年来，我们凝心聚力、真抓实干，全镇各项事业实现新发展，预计2021年全镇可实现地区生产总值\n\n2、7.1亿元，到位资金2.05亿元。", 0, extract.Achievement, 2021},
		{"first lines that ran together", "标题：某市政府工作报告\n某市政府工作报告 。2012年1月8日 某某） 各位代表： 2011年工作回顾 过去一年里，市政府紧紧围绕率先基本实现现代化的目标，依靠全市人民，坚持不懈稳增长、调结构、抓创新，持之以恒重统筹、惠民生、促和谐，较好地完成了市人大会议确定的目标任务。地区生产总值达到105亿元，增长12%。", 0, extract.Achievement, 2011},
		{"next year in a plan", "2024年工作安排\n确保甲大桥明年上半年通车。乙水库明年底建成。", 0, extract.Commitment, 2025},
		{"a review in one line stays one", "2023年工作回顾。新增就业1.2万人，改造老旧小区21个。", 2024, extract.Achievement, 2023},
		{"this year with its number", "省长作省政府工作报告时表示，今年（2024年）有利条件强于不利因素。\n省长指出，今年经济社会发展的主要预期目标是：地区生产总值增长5%，粮食产量1270万吨。", 0, extract.Commitment, 2024},
		{"points of last year before those of this one", "报告指出：\n●2023年某省生产总值达到5.2万亿元；\n●某市经济总量突破1万亿元。\n2024年某省经济社会发展\n有这些目标\n报告提出，今年某省经济社会发展的主要预期目标是：完成任务。", 0, extract.Achievement, 2023},
		{"and those of this one behind them", "报告指出：\n●2023年工作扎实推进，工业增加值实现增长；\n2024年某省经济社会发展\n有这些目标\n报告提出，今年某省经济社会发展的主要预期目标是：\n◆生产总值增长5%；\n◆粮食产量1270万吨。", 0, extract.Commitment, 2024},
		{"lines of their own with empty ones between", "2月14日，市人大会议开幕，市长作政府工作报告，回顾2022年工作、安排2023年工作。\n今年，全市将建设一批项目。\n\n新建托幼一体化幼儿园50所,扩大学位供给\n\n打通断头路20条", 0, extract.Commitment, 2023},
		{"nothing but the year", "2024年", 2024, "", 0},
	} {
		r, err := extract.Read(c.text, extract.Options{Year: c.year})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if c.kind != "" && len(r.Statements) != 2 {
			t.Errorf("%s: %d statements", c.name, len(r.Statements))
		}
		for _, s := range r.Statements {
			if s.Kind != c.kind || s.Year != c.of {
				t.Errorf("%s: %s is %s of %d, want %s of %d", c.name, s.Text, s.Kind, s.Year, c.kind, c.of)
			}
		}
	}
}
