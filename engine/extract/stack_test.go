package extract

import (
	"strings"
	"testing"
)

// under puts each of the cells, which blanks part, in a line of its own.
func under(cells string) string { return strings.Join(strings.Fields(cells), "\n") + "\n" }

// Tables whose cells each stand in a line of their own, as they are copied from pages and PDF files. The places and figures are ours.
func TestStackedTables(t *testing.T) {
	examineTables(t, "某县2023年政府工作报告\n一、2022年工作回顾\n", []tableCase{
		{"rows without numbers come in the period of the head", "单位：亿元、%\n" + under("指标 单位 2022年完成 增长（%） 2023年预期目标 粮食产量 万吨 25.3 0.8 ≥25 城镇登记失业率 % 3.2 — 4.5以内 地区生产总值 亿元 120.5 6.2 增长6%") + "过去一年，新建公厕12座。",
			[]string{"a2022 粮食产量|eq 253000 吨", "a2022 粮食产量|growth 0.8 %", "c2023 粮食产量|ge 250000 吨", "a2022 城镇登记失业率|eq 3.2 %", "c2023 城镇登记失业率|le 4.5 %",
				"a2022 地区生产总值|eq 12050000000 元", "a2022 地区生产总值|growth 6.2 %", "c2023 地区生产总值|growth 6 %", "a2022 公厕|eq 12 座"}},
		{"an empty cell leaves no line, and the number of the next row tells it", under("序号 指标 单位 2022年 比上年增长 备注 1 公厕 座 12 预计 2 生产总值 亿元 35.2 6.1% 3 学位 个 500"),
			[]string{"a2022 公厕|eq 12 座", "a2022 生产总值|eq 3520000000 元", "a2022 生产总值|growth 6.1 %", "a2022 学位|eq 500 个"}},
		{"where it is not certain which cell is empty no figure is read", under("序号 指标 2021年（万元） 2022年（万元） 1 税收 120 130 2 规费 50 3 基金 20 30"),
			[]string{"a2021 税收|eq 1200000 元", "a2022 税收|eq 1300000 元", "a2021 基金|eq 200000 元", "a2022 基金|eq 300000 元"}},
		{"without a head nothing is read", under("公厕 12 13 学位 500 600 道路 5 6"), nil},
		{"words under words are no table", "指标\n单位\n任务\n我们新建公厕12座。\n我们新建学校3所。", []string{"a2022 公厕|eq 12 座", "a2022 学校|eq 3 所"}},
	})
	examineTables(t, "", []tableCase{
		{"tasks, offices and terms", "某县2024年政府工作报告任务分解表\n" + under("序号 项目 工作目标 责任单位 完成时限 备注 1 老旧小区改造 改造老旧小区15个，惠及居民1200户。 县住建局 2024年11月底 2 东湖水厂 年底前建成投用 县水务局 2024年12月底 省级 3 农村公路 新建改建80公里 县交通局 12月底 4 城镇新增就业 2500人以上 县人社局 全年 5 产业园二期 完成投资3亿元 园区管委会 2025年6月底") + "附件：责任单位名单\n",
			[]string{"c2024 老旧小区|eq 15 个", "c2024 居民|eq 1200 户", "c2024 东湖水厂", "c2024 农村公路|eq 80 公里", "c2024 城镇新增就业|ge 2500 人", "c2025 投资|eq 300000000 元"}},
		{"aims, what became of them, groups of rows, and a cell of two points", "2023年全区重点工作推进情况表\n" + under("序号 重点工作 年度目标 完成情况 责任单位 一、民生实事 1 新建口袋公园 10个 已建成12个 区住建局 2 供热 新建换热站3座 1.建成换热站2座。 2.改造管网5.6公里。 区供热中心 二、产业项目 3 数字经济中心 10月底前投入使用 已投入使用 区工信局"),
			[]string{"c2023 新建口袋公园|eq 10 个", "a2023 口袋公园|eq 12 个", "c2023 换热站|eq 3 座", "a2023 换热站|eq 2 座", "a2023 管网|eq 5.6 公里", "c2023 数字经济中心", "a2023 数字经济中心"}},
		{"a stroke behind each cell, a name that rows share, months, and the numbers of rows from a later page", "2023年区重点实事推进情况（1-11月）\n" + strings.ReplaceAll(under("序号 主要任务 全年目标任务 分管领导 牵头单位 1-10月推进情况 1-11月推进情况 是否达序 说明 24 优化提升50条街巷。 张三 城管局 已进场，完成30%。 已完成20条。 是 25 新建中转站8个、分类池20个。 李四 城管局 已建成中转站3个。 已建成中转站7个、分类池17个。 否 已加快。"), "\n", " |\n"),
			[]string{"c2023 街巷|eq 50 条", "a2023 完成|eq 30 %", "a2023 街巷|eq 20 条", "c2023 中转站|eq 8 个", "c2023 分类池|eq 20 个", "a2023 中转站|eq 3 个", "a2023 中转站|eq 7 个", "a2023 分类池|eq 17 个"}},
		{"the unit of a head and the rest of a cell in lines of their own, blank lines between", "附件\n2025年民生实事项目任务分解表\n" + strings.ReplaceAll(under("序号 项目名称 建设内容及规模 总投资 （万元） 牵头单位 完成时限 1 城乡供水一体化 新建水厂1座，铺设管网36公里， 解决2.3万人饮水问题。 5600 县水务局 2025年10月 2 县医院新院区 完成主体工程 12000 县卫健局 2025年12月"), "\n", "\n\n"),
			[]string{"c2025 水厂|eq 1 座", "c2025 管网|eq 36 公里", "c2025 饮水问题|eq 23000 人", "c2025 城乡供水一体化总投资|eq 56000000 元", "c2025 县医院新院区主体工程", "c2025 县医院新院区总投资|eq 120000000 元"}},
	})
}
