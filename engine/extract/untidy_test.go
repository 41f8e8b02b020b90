package extract

import (
	"fmt"
	"strings"
	"testing"
)

// dated writes a statement in one line with its year and kind.
func dated(s Statement) string { return fmt.Sprintf("%.1s%d %s", s.Kind, s.Year, brief(s)) }

// Texts as word processors and web pages leave them.
func TestUntidyTexts(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"the date of the meeting goes before the date of the page",
			"发布时间：2023-05-11 09:30 来源：清溪县政府网\n清溪县政府工作报告\n——2021年1月12日在清溪县第十七届人民代表大会第六次会议上\n过去一年，全县生产总值增长5%。",
			[]string{"a2020 全县生产总值|growth 5 %"}},
		{"a date in words",
			"政府工作报告\n——二〇一九年一月八日在清溪县第十六届人民代表大会第四次会议上\n过去一年，全县生产总值增长5%。",
			[]string{"a2018 全县生产总值|growth 5 %"}},
		{"the number of a page stands inside an amount",
			"2022年工作回顾\n预计实现农业总产值4022\n- 7 -\n万元，同比增长6%。",
			[]string{"a2022 农业总产值|eq 40220000 元", "a2022 农业总产值|growth 6 %"}},
		{"the width of the page cuts a figure",
			"2016年11月25日在清溪县第十七届人民代表大会第一次会议上\n一、过去五年工作回顾\n2016年,预计(下同)全县生产总值34\n0亿元,增长47.7%。",
			[]string{"a2016 全县生产总值|eq 34000000000 元", "a2016 全县生产总值|growth 47.7 %"}},
		{"numbered points that are sentences",
			"2017年工作安排\n1.开工建设市一中新校区、市实验幼儿园。\n2.开工建设第六水厂。\n3.新增公交车50台。",
			[]string{"c2017 市一中新校区", "c2017 市实验幼儿园", "c2017 第六水厂", "c2017 公交车|eq 50 台"}},
		{"work to be done right behind its year",
			"解读政府工作报告\n1、优化教育资源布局。2023年启动第二小学等10所学校新建。\n2、改善居住条件。2023年启动793户老旧小区改造。\n3、加快交通建设。2023年加快100公里农村路改建。",
			[]string{"c2023 学校新建|eq 10 所", "c2023 老旧小区改造|eq 793 户", "c2023 农村路改建|eq 100 公里"}},
		{"quotation marks are lost in a conversion",
			"2020年6月8日在清溪市第八届人民代表大会第五次会议上\n;;;;全市生产总值增长7%，获评全省;;五型;;政府先进集体。",
			[]string{"a2019 全市生产总值|growth 7 %", "a2019 全省“五型”政府先进集体"}},
		{"tags and entities of a web page",
			"<p>2021年1月12日在清溪县第十七届人民代表大会第六次会议上</p><p style=\"text-indent:2em\">&nbsp;&nbsp;一、2020年工作回顾</p><p>&emsp;全县生产总值增长<b>5</b>%。</p><p>&nbsp;二、2021年工作安排<br/>新建公园<span>3</span>处。</p>",
			[]string{"a2020 全县生产总值|growth 5 %", "c2021 公园|eq 3 处"}},
		{"every letter spaced",
			"一 、 2 0 2 4 年 工 作 回 顾\n全 县 生 产 总 值 达 到 1 2 6 . 5 亿 元 ， 增 长 5 . 2 % 。\n二 、 2 0 2 5 年 工 作 安 排\n新 建 改 建 农 村 公 路 1 2 0 公 里 。",
			[]string{"a2024 全县生产总值|reach 12650000000 元", "a2024 全县生产总值|growth 5.2 %", "c2025 农村公路|eq 120 公里"}},
		{"no line breaks and no numbers before the parts",
			"——2021年1月12日在清溪县第十七届人民代表大会第六次会议上各位代表：现在，我代表县人民政府，向大会报告工作，请予审议，并请县政协委员和列席人员提出意见。过去一年，全县上下团结奋斗，经济社会平稳发展。全县生产总值增长5%，改造老旧小区12个。2021年重点工作今年经济社会发展的主要预期目标是：生产总值增长6%左右。",
			[]string{"a2020 全县生产总值|growth 5 %", "a2020 老旧小区|eq 12 个", "c2021 生产总值|growth_approx 6 %"}},
		{"the width of the page cuts an abbreviation",
			"一、2024年工作回顾\n全县上下坚持绿色发展，节能降碳和循环经济工作继续走在前面，单位G\nDP能耗下降3%。",
			[]string{"a2024 单位GDP能耗|decline 3 %"}},
		{"a newspaper tells of the last year under the heading of this one's aims",
			"建设美丽清溪\n2019年政府工作总体要求\n1月26日，清溪县第十八届人民代表大会第三次会议开幕。报告指出，过去的一年实现地区生产总值40亿元，增长8%。完成税收2亿元。\n面对新的一年，报告中指出，地区生产总值增长9%。\n2019年主要预期目标\n地区生产总值增长9%。",
			[]string{"a2018 地区生产总值|eq 4000000000 元", "a2018 地区生产总值|growth 8 %", "a2018 税收|eq 200000000 元", "c2019 地区生产总值|growth 9 %", "c2019 地区生产总值|growth 9 %"}},
		{"the name of a part has no mark behind it",
			"清溪县政府工作报告 2020年6月8日在清溪县第十六届人民代表大会第五次会议上 各位代表： 现在，我代表县人民政府向大会报告工作，请予审议。 一、2019年工作回顾 过去一年，全县上下团结一心，完成了全年任务。全年完成生产总值106亿元，增长5%。 二、2020年工作安排 全县生产总值增长6%左右。",
			[]string{"a2019 生产总值|eq 10600000000 元", "a2019 生产总值|growth 5 %", "c2020 全县生产总值|growth_approx 6 %"}},
		{"a period that is over dates a report without any year",
			"政府工作报告\n——在柳林乡第三届人民代表大会第一次会议上\n一、前五年工作回顾\n“十二五”时期，是我乡变化最大的五年。五年来，农业总产值由2亿元增加到4亿元。",
			[]string{"a2015 农业总产值|from 200000000 元", "a2015 农业总产值|reach 400000000 元"}},
		{"the year stands in a heading that names no part",
			"政府工作报告\n各位代表：\n一、过去五年工作回顾\n五年来，农业总产值年均增长7%。\n二、今后五年总体要求\n农业总产值年均增长6%。\n三、2017年主要工作\n新建公厕20座。",
			[]string{"a2016 农业总产值|growth 7 %", "c2021 农业总产值|growth 6 %", "c2017 公厕|eq 20 座"}},
		{"letters in the place of the Chinese nought",
			"政府工作报告\n一、二OO九年工作回顾\n新建公厕10座。\n二、二O一O年工作任务\n新建公厕20座。",
			[]string{"a2009 公厕|eq 10 座", "c2010 公厕|eq 20 座"}},
		{"a plenary session dates a report without any year",
			"各位代表：\n一、本届政府工作回顾\n全面贯彻党的十八届三中、四中、五中、六中全会精神，农业总产值增长7%。\n二、今年工作安排\n新建公厕20座。",
			[]string{"a2016 农业总产值|growth 7 %", "c2017 公厕|eq 20 座"}},
		{"the points of a list belong to the sentence that announces it",
			"刚刚过去的2020年，市政府实施36个项目。今年，市政府将实施39个项目。项目如下：\n1。 新建公厕20座；\n2。 完善养老服务；\n3。 新建公园10个。\n去年新建步道3000米。",
			[]string{"a2020 项目|eq 36 个", "c2021 项目|eq 39 个", "c2021 公厕|eq 20 座", "c2021 公园|eq 10 个", "a2020 步道|eq 3000 米"}},
		{"the rows of a table", "某县2022年重点工作任务分解表\n序号\t任务\t单位\n1\t新建公园3处\t住建局\n2\t改造老旧小区15个，惠及居民2600户\t住建局\n3\t建成县文化中心\t文旅局\n指标\t单位\t完成\t增长\n粮食产量\t万吨\t12.5\t6.8%",
			[]string{"c2022 公园|eq 3 处", "c2022 老旧小区|eq 15 个", "c2022 居民|eq 2600 户", "c2022 县文化中心", "a2021 粮食产量|eq 125000 吨", "a2021 粮食产量|growth 6.8 %"}},
		{"the rows of a table in Markdown and on a web page", "某县2022年工作要点\n| 任务 | 单位 |\n|---|---|\n| 新建公园3处 | 住建局 |\n<table><tr><td>新建公厕5座</td><td>城管局</td></tr></table>",
			[]string{"c2022 公园|eq 3 处", "c2022 公厕|eq 5 座"}},
		{"digits spaced one by one", "2022年工作回顾\n城镇新增就业 5 6 0 0 人，一般公共预算收入 1 2 . 5 亿元。", []string{"a2022 城镇新增就业|eq 5600 人", "a2022 一般公共预算收入|eq 1250000000 元"}},
		{"a report in summer on the plan of its own year", "关于某区2023年上半年国民经济和社会发展计划执行\n情况的报告\n——2023年8月31日在区第十七届人大常委会第十五次会议上\n一、2023年上半年国民经济和社会发展计划执行情况\n粮食产量增长5%。",
			[]string{"a2023 粮食产量|growth 5 %"}},
		{"the width of a narrow page", "政府工作报告\n——2022年1月8日在清溪县第十七届人民代表大会上\n一、2021年工作回顾\n　　过去一年，全县上下团结一心，保持了经济社会\n平稳健康发展的良好态势。全县粮食总产量达到12\n5万吨、增长4.5%，新建改建了农村公路120公里，\n全县面貌发生了新的变化群众生活得到了新的改善\n二、2022年工作安排\n　　今年发展的主要预期目标是：全县地区生产总值\n增长6%左右。全县上下要把发展作为第一要务抓好\n（一）推动产业转型升级和城乡融合发展，增强发展\n新动能。新建公园3处。",
			[]string{"a2021 全县粮食总产量|reach 1250000 吨", "a2021 全县粮食总产量|growth 4.5 %", "a2021 农村公路|eq 120 公里", "c2022 全县地区生产总值|growth_approx 6 %", "c2022 公园|eq 3 处"}},
		{"a digest turns to the plan by 今年将",
			"2025年1月6日，云岭州第十五届人民代表大会第四次会议开幕。\n报告明确，今年将办好十件实事。\n（一）\n新增公共停车位2500个。",
			[]string{"c2025 公共停车位|eq 2500 个"}},
	} {
		res, err := Read(c.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range res.Statements {
			got = append(got, dated(s))
		}
		if strings.Join(got, "; ") != strings.Join(c.want, "; ") {
			t.Errorf("%s:\n  got  %s\n  want %s", c.name, strings.Join(got, "; "), strings.Join(c.want, "; "))
		}
	}
}
