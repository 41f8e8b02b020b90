package extract

import (
	"fmt"
	"testing"
)

// told writes kind, year and statement in one line.
func told(s Statement) string {
	return fmt.Sprintf("%c%d %s", s.Kind[0], s.Year, brief(s))
}

// examineTold reads each text and compares every statement, its kind and its year.
func examineTold(t *testing.T, cs []construction) {
	t.Helper()
	readAs(t, Options{}, told, cs)
}

// The ways of texts that nobody had tuned the engine for: lists of deeds, digests, reports of towns and of former years. The sentences are ours.
func TestWaysOfUnseenTexts(t *testing.T) {
	examineTold(t, []construction{
		{"a list of deeds is a plan of its year, and its title states nothing", "2019年市政府为民兴办10件实事\n2019年，市政府为民兴办10件实事：\n一是新增学位1.4万个。\n二是新建公厕45座。",
			[]string{"c2019 实事|eq 10 件", "c2019 学位|eq 14000 个", "c2019 公厕|eq 45 座"}},
		{"deeds promised in a digest", "某市承诺今年再办10件实事\n2011年1月20日\n市长在报告中承诺，今年要为市民办好10件实事。\n一、新建社区服务站20个。",
			[]string{"c2011 实事|eq 10 件", "c2011 社区服务站|eq 20 个"}},
		{"deeds under a heading of their own", "某市2017年政府工作报告\n一、2016年工作回顾\n新建公厕3座。\n为市民办好十件实事\n①新建公厕45座。②完成8条道路改造。",
			[]string{"a2016 公厕|eq 3 座", "c2017 公厕|eq 45 座", "c2017 道路改造|eq 8 条"}},
		{"deeds that are done stay a review", "某县2022年政府工作报告\n一、2021年工作回顾\n承诺的10件民生实事全部完成。\n新建公厕45座。", []string{"a2021 民生实事|eq 10 件", "a2021 公厕|eq 45 座"}},
		{"a title of both names the year of the plan", "某街道2022年工作总结及2023年工作思路\n一、2022年工作成效\n新建公厕45座。\n二、2023年工作思路\n新建公厕50座。",
			[]string{"a2022 公厕|eq 45 座", "c2023 公厕|eq 50 座"}},
		{"aims that were reached are a review", "2006年某市政府工作报告\n一、“十五”计划主要预期目标提前实现\n地方财政收入66.5亿元、增长23%，比“九五”末增长1.39倍。",
			[]string{"a2005 地方财政收入|eq 6650000000 元", "a2005 地方财政收入|growth 23 %", "a2005 地方财政收入|growth 1.39 倍"}},
		{"a share is said beside", "某县2023年政府工作报告\n一、2022年工作回顾\n工业总产值540亿元，占计划的100%，同比下降2%；财政收入3.5亿元，自然增幅2%，同口径完成3.6亿元；民间投资占投资比重达到70%，提高3个百分点。",
			[]string{"a2022 工业总产值|eq 54000000000 元", "a2022 占计划|eq 100 %", "a2022 工业总产值|decline 2 %", "a2022 财政收入|eq 350000000 元",
				"a2022 财政收入自然增幅|eq 2 %", "a2022 财政收入|eq 360000000 元", "a2022 民间投资占投资比重|reach 70 %", "a2022 民间投资占投资比重|growth 3 百分点"}},
		{"the object of the clause before", "某县2023年政府工作报告\n二、2023年工作安排\n实施背街小巷整治工程，完成治理20条。加大保障性住房供给力度，新开工700套以上。实施退耕还林，今年拟安排5万亩。新建农村公路300公里，重点养护600公里。",
			[]string{"c2023 背街小巷整治工程|eq 20 条", "c2023 保障性住房供给|ge 700 套", "c2023 退耕还林|eq 50000 亩", "c2023 农村公路|eq 300 公里", "c2023 农村公路|eq 600 公里"}},
		{"nothing is counted by a denial", "某县2023年政府工作报告\n一、2022年工作回顾\n全县无1人感染，全年未发生1起事故。", nil},
		{"a level per head, measures of a policy, others behind 等", "某县2023年政府工作报告\n一、2022年工作回顾\n财政补助标准提高到人均320元。出台降低企业成本35条措施。淘汰水泥42万吨、平板玻璃35万标准箱等落后产能。东城和西城各增加1条公交线路。",
			[]string{"a2022 财政补助标准|reach 320 元", "a2022 措施|eq 35 条", "a2022 水泥|eq 420000 吨", "a2022 平板玻璃|eq 350000 标准箱", "a2022 公交线路|growth 1 条"}},
		{"points of a list are events", "某县2020年将办好15件民生实事\n（1）加快建成东湖产业园。\n（2）完成柳湖片区黑臭水体治理。\n（3）确保三中初中部、第六幼儿园秋季学期投入使用。",
			[]string{"c2020 东湖产业园", "c2020 柳湖片区黑臭水体治理", "c2020 三中初中部", "c2020 第六幼儿园"}},
		{"progress of deeds is no promise", "2015年市政府重点民生实事上半年进展\n上半年，新建公厕45座。", []string{"a2015 公厕|eq 45 座"}},
		{"last year's deeds in a text about this year's", "某市“2021十件民生实事”出炉\n2021-04-15\n市政府今年要办十件民生实事。\n去年的民生实事取得进展，建成公厕45座。\n今年新建公厕50座。", []string{"a2020 公厕|eq 45 座", "c2021 公厕|eq 50 座"}},
		{"a promise in the review ends with its half of the sentence", "某县2018年政府工作报告\n一、2017年工作回顾\n中央投资1.6亿元，将有效解决搬迁问题；东湖水厂投资1.1亿元。", []string{"a2017 中央投资|eq 160000000 元", "a2017 东湖水厂投资|eq 110000000 元"}},
		{"entries with a label are lines of their own", "某省政府工作报告要点\n二、2026年部分重点工作\n预期目标：城镇新增就业70万人以上；粮食产量保持500亿斤以上\n投资：新建公厕12个", []string{"c2026 城镇新增就业|ge 700000 人", "c2026 粮食产量|ge 50000000000 斤", "c2026 公厕|eq 12 个"}},
		{"ranks among places, ages, a place's title", "某市2006年政府工作报告\n一、2005年工作回顾\n综合实力由39位提升到31位，甲县和乙县位次分别前移14位、3位。为0-6岁残疾儿童提供救助。完成投资10.1亿元，创历史新高。某某公司获批甲江市龙头企业。",
			[]string{"a2005 投资|eq 1010000000 元", "a2005 甲江市龙头企业"}},
		{"what is under way and when it will be there", "某县2023年政府工作报告\n二、2023年工作安排\n加快东环路建设，确保年底前通车。推进第二水厂等3个项目建设，力争6月底竣工。启动4个项目年内开工。",
			[]string{"c2023 东环路建设", "c2023 项目建设|eq 3 个", "c2023 项目|eq 4 个"}},
		{"opening is done to things, not to ways", "某县2023年政府工作报告\n二、2023年工作安排\n推动开放平台升级，推进开放通道建设，年内开放城西公园。", []string{"c2023 城西公园"}},
		{"one applies for a title without its level", "某县2023年政府工作报告\n二、2023年工作安排\n积极创建人工智能创新应用先导区，打造一流示范区。", []string{"c2023 人工智能创新应用先导区"}},
		{"a term that is promised", "某县2023年政府工作报告\n二、2023年工作安排\n争取3年内让全部废弃矿山披上绿装。", []string{"c2023 全部废弃矿山披上绿装|le 3 年"}},
		{"names that end behind their head, and lists of verbs", "某县2023年政府工作报告\n一、2022年工作回顾\n东湖快线、工业大道南、市民路三期开工建设。项目在谋划、包装、开工、推进上还有差距。胜利完成县人民代表大会确定的发展任务。粮食企业完成改制。",
			[]string{"a2022 东湖快线", "a2022 工业大道南", "a2022 市民路三期", "a2022 粮食企业"}},
		{"short of a plan, more of the same, people sent out", "某县2023年政府工作报告\n一、2022年工作回顾\n投资下降7%，差目标2个百分点。新增就业5600人，同比新增500余人。派出医护人员7名支援邻县。市政府实施36个为民办实事项目。",
			[]string{"a2022 投资|decline 7 %", "a2022 投资|below 2 百分点", "a2022 就业|eq 5600 人", "a2022 就业|gt 500 人", "a2022 派出医护人员|eq 7 名", "a2022 为民办实事项目|eq 36 个"}},
		{"what is no event", "某县2023年政府工作报告\n一、2022年工作回顾\n较好地完成了全年发展任务。考核任务全部完成。推进征地拆迁、土地出让。全力服务项目开工达产。推动传感器制造等项目落地。推进供水管网延伸并网。打造中国光热之都。开工社区完成主要工程量。", nil},
		{"events of a kind not met before", "某县2023年政府工作报告\n二、2023年工作安排\n上线运行一体化服务平台。全面完成东坝、西坝等3乡供电工程。境内河流水质稳定保持在Ⅱ类及以上。东湖片完成征收、实现供地。",
			[]string{"c2023 一体化服务平台", "c2023 东坝、西坝等3乡供电工程", "c2023 境内河流水质", "c2023 东湖片"}},
		{"a work that a thing has behind it, and handing over", "某县2023年政府工作报告\n一、2022年工作回顾\n佳山铁路完成提速改造。社区养老保险全部移交属地管理。打造“投资清溪”品牌。建好用好国家级创新平台。", []string{"a2022 佳山铁路完成提速改造", "a2022 社区养老保险"}},
		{"titles of one giver", "某县2023年政府工作报告\n一、2022年工作回顾\n被评为全省和谐社区建设示范区、义务教育发展基本均衡示范区，荣获国家卫生县城、全省文明县城等称号。",
			[]string{"a2022 全省和谐社区建设示范区", "a2022 义务教育发展基本均衡示范区", "a2022 国家卫生县城、全省文明县城等"}},
		{"counts behind classes, beyond plans, of terms", "某县2023年政府工作报告\n二、2023年工作安排\n建设东岭、西岭3座35万千瓦光热电站。完成40期培训任务。年投资亿元以上项目新开工43个、竣工38个。■ 新开工重大工程30项，超计划16项。",
			[]string{"c2023 35万千瓦光热电站|eq 3 座", "c2023 培训任务|eq 40 期", "c2023 年投资亿元以上项目|eq 43 个", "c2023 年投资亿元以上项目|eq 38 个", "c2023 重大工程|eq 30 项", "c2023 重大工程|above 16 项"}},
		{"years that are only compared with", "某市2006年政府工作报告\n一、2005年工作回顾\n五年累计投资9亿元，超过1978年到2000年的总和；财政收入由2亿元增加到4亿元。",
			[]string{"a2005 投资|eq 900000000 元", "a2005 财政收入|from 200000000 元", "a2005 财政收入|reach 400000000 元"}},
		{"aims that a line announces, and a year to strive for", "某市2003年政府工作报告\n一、五年工作回顾\n新建公厕3座。\n二、今后工作\n今后五年乃至到2010年的主要目标：\n——生产总值年均增长12%以上，到2007年翻一番。\n争取到2010年城镇化水平达到48%。",
			[]string{"a2002 公厕|eq 3 座", "c2010 生产总值|growth_ge 12 %", "c2007 生产总值|growth 1 番", "c2010 城镇化水平|reach 48 %"}},
		{"adverbs are no subjects", "某街道2023年政府工作报告\n一、2022年工作回顾\n高质高效完成8个改造项目。6个更新项目竣工验收，4个即将竣工验收。产值3亿元，超序时进度24.7%；收入2.9万元，高于全国标准7倍。",
			[]string{"a2022 改造项目|eq 8 个", "a2022 更新项目|eq 6 个", "a2022 更新项目|eq 4 个", "a2022 产值|eq 300000000 元", "a2022 产值|above 24.7 %", "a2022 收入|eq 29000 元", "a2022 收入|above 7 倍"}},
	})
}
