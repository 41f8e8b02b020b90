package extract

import (
	"strings"
	"testing"
)

// Newspapers, lists of deeds and notices of progress, which have no parts to tell past from future. The sentences are ours.
func TestPress(t *testing.T) {
	const body = "区里昨日公布了要为群众办的实事，涉及居住、出行、就学等许多方面，由各部门和街道分头负责，并接受居民监督和评议。"
	examineTold(t, []construction{
		{"this year of a newspaper in spring is still to come, and headlines state nothing",
			"城南老旧小区今年增600个停车位\n\n完成3所幼儿园改造，新增780个学位\n\n2015年03月18日 星期三\n\n本报讯（记者 李林）" + body + "\n\n今年新建公厕45座。" + body + "\n\n今年增加1000辆公租自行车\n\n" + body + "城南区还将增加1000辆公租自行车。",
			[]string{"c2015 公厕|eq 45 座", "c2015 公租自行车|growth 1000 辆"}},
		{"a title of deeds without their number", "清溪区2022年的十大惠民实事\n一是加快教育提质。建成、改造清溪一小等11所中小学；遴选12所学校。\n二是提升医疗。建成移动公厕12座。",
			[]string{"c2022 中小学|eq 11 所", "c2022 学校|eq 12 所", "c2022 移动公厕|eq 12 座"}},
		{"a list that is made public", "4月20日，清溪区公示2021年第一批实践活动项目清单，着力解决群众的操心事、烦心事。\n在城市建设方面，清溪区今年计划改造老旧小区19个。\n在教育方面，新增学位900个。",
			[]string{"c2021 老旧小区|eq 19 个", "c2021 学位|eq 900 个"}},
		{"aim and progress under labels", "全市完成利民实事\n任务目标：对全市100个老旧小区进行改造。 进展情况：截至2014年12月底，改造老旧小区101个。 任务目标：新建50所幼儿园。进展情况：全部建成。",
			[]string{"c2014 老旧小区|eq 100 个", "a2014 老旧小区|eq 101 个", "c2014 幼儿园|eq 50 所"}},
		{"a plan for a period, whose years are all ahead", "镇“十四五”工作谋划报告\n到2025年，力争生产总值达3亿元，比“十三五”末增0.8亿元。\n保持优质水稻5000亩。",
			[]string{"c2025 生产总值|reach 300000000 元", "c2025 生产总值|growth 80000000 元", "c2025 优质水稻|eq 5000 亩"}},
		{"the excerpt of a plan without its heading", "云岭市政府工作报告（2015年）\n办好13个省级示范点，力争云岭铁路纳入国家规划。争取甲高速早日联通，完成农村通畅工程600公里。",
			[]string{"c2015 省级示范点|eq 13 个", "c2015 国家规划", "c2015 农村通畅工程|eq 600 公里"}},
		{"the mayor says what is to be done", "1月11日发自现场报道：云岭市人大会议今天开幕，市长作政府工作报告。市长表示，今年要继续推进基础设施建设，2012年建成云岭铁路支线改造工程。\n市长说，要继续推进交通建设。启动郊环线越江工程。",
			[]string{"c2012 云岭铁路支线改造工程", "c2012 郊环线越江工程"}},
		{"a newspaper turns to this year in the middle of a paragraph", "2010年1月 云岭\n市长在报告中说，去年新增公厕30座。今年，将拆迁改造危旧房400万m2、棚户区70万m2。\n新增高速公路400公里。",
			[]string{"a2009 公厕|eq 30 座", "c2010 危旧房|eq 4000000 m2", "c2010 棚户区|eq 700000 m2", "c2010 高速公路|eq 400 公里"}},
		{"aims of a year that a meeting names", "会议提出，2022年，我市交通工作的主要预期目标是：完成投资51亿元。云岭高速公路4月底前开工建设，铁路、公路运输周转量分别增长16%、3%以上，水毁公路全部修复。",
			[]string{"c2022 投资|eq 5100000000 元", "c2022 云岭高速公路", "c2022 铁路运输周转量|growth_ge 16 %", "c2022 公路运输周转量|growth_ge 3 %", "c2022 水毁公路"}},
		{"half a year: what is planned is for the same year, what is begun is done", "2014年上半年，云岭县经济平稳增长。\n新增个体工商户7700户。全年计划开发住宅160万平方米，现已开工127万平方米。计划新建道路8条。",
			[]string{"a2014 个体工商户|eq 7700 户", "c2014 住宅|eq 1600000 平方米", "a2014 住宅|eq 1270000 平方米", "c2014 道路|eq 8 条"}},
		{"what the year was to bring", "2021年，我县重点工程共30项，总投资519亿元，当年计划投资63亿元。截止目前，完成投资77亿元，投资完成率122%。",
			[]string{"a2021 重点工程|eq 30 项", "a2021 总投资|eq 51900000000 元", "c2021 投资|eq 6300000000 元", "a2021 投资|eq 7700000000 元", "a2021 投资完成率|eq 122 %"}},
		{"a year that is about to begin is no plan yet", "12月19日，云岭区人大会议开幕，成绩令人振奋。2022年即将过去，2023年新的征程即将开启。\n2022年，改造小区3个。\n2023年，云岭区将新建公园2个。",
			[]string{"a2022 小区|eq 3 个", "c2023 公园|eq 2 个"}},
		{"names and figures of a table that has lost its columns", "2021年重点项目\n项目名称 总投资（亿元） 进度\n云岭路 1.2 年底通车\n东湖学校 0.8 主体完工", []string{"a2021 云岭路", "a2021 东湖学校"}},
		{"work set for a year in a newspaper", "全市交通系统2008年工作部署大会昨日召开。今年，在去年工作的基础上，市交通部门将加大力度。全年将完成投资19亿元。", []string{"c2008 投资|eq 1900000000 元"}},
		{"points that tell the aim first and then the half year", "现将2021年重点工作上半年完成情况通报如下：\n一、主要指标完成情况\n1.引进行业龙头项目不少于3个；新开工项目100个。上半年，引进龙头项目2个；新开工项目80个。",
			[]string{"c2021 引进行业龙头项目|ge 3 个", "c2021 项目|eq 100 个", "a2021 龙头项目|eq 2 个", "a2021 项目|eq 80 个"}},
		{"done by then", "云岭路工程、东湖路工程已全部完工并通车。截至2020年底，新增单行道18处。", []string{"a2020 云岭路工程", "a2020 东湖路工程", "a2020 单行道|eq 18 处"}},
	})
}

// Numbers and names that the same texts have. The sentences are ours.
func TestFiguresOfDeeds(t *testing.T) {
	plan := "某区2026年政府工作报告\n二、2026年工作安排\n"
	examineTold(t, []construction{
		{"a digit, 千 and 余", plan + "解决8千余户群众用水问题。", []string{"c2026 群众用水问题|gt 8000 户"}},
		{"doors of a house are no count", plan + "解决3号楼1-6单元下水井堵塞问题。", nil},
		{"people of towns, not famous towns", plan + "救助20名城乡妇女。", []string{"c2026 城乡妇女|eq 20 名"}},
		{"two figures of one thing behind them", plan + "对5405间、8.03万平方米的平房进行翻建。", []string{"c2026 平房|eq 5405 间", "c2026 平房|eq 80300 平方米"}},
		{"what is not yet done to the thing counted", plan + "实施29个未完成补偿的城中村改造工作。", []string{"c2026 城中村改造工作|eq 29 个"}},
		{"works are no level", plan + "完成6处以上试点改造任务。", []string{"c2026 试点改造任务|ge 6 处"}},
		{"a level for each of two years", plan + "运营里程2028年达到4400公里、2035年达到5700公里。", []string{"c2028 运营里程|reach 4400 公里", "c2035 运营里程|reach 5700 公里"}},
		{"titles of which the second names its level", plan + "争创铜基材料、飞行器等领域国家制造业创新中心、国家产业技术工程化中心。",
			[]string{"c2026 铜基材料、飞行器等领域国家制造业创新中心", "c2026 国家产业技术工程化中心"}},
		{"a date is no thing that comes about", plan + "停车方案已经通过，并于2026年1月1日正式启动实施。", nil},
	})
}

// What reviews of counties and districts showed on a further reading. The sentences are ours.
func TestFiguresOfReviews(t *testing.T) {
	past := "某县2023年政府工作报告\n一、2022年工作回顾\n"
	examineTold(t, []construction{
		{"a named title in quotation marks", past + "我县获“云岭省面粉加工第一县”称号。", []string{"a2022 “云岭省面粉加工第一县”"}},
		{"a threshold in words", past + "7个投资上亿元的大项目落户云岭。", []string{"a2022 投资上亿元的大项目|eq 7 个"}},
		{"early", past + "财政收入3亿元，增长37%，提前两年实现翻番目标。", []string{"a2022 财政收入|eq 300000000 元", "a2022 财政收入|growth 37 %", "a2022 财政收入|growth 1 番"}},
		{"the counters of a page", "云岭县2023年政府工作报告\n加入收藏 共计15258个字，预计阅读时长51分钟\n一、2022年工作回顾\n新建公厕3座。", []string{"a2022 公厕|eq 3 座"}},
		{"people are no villages", past + "17个贫困村顺利出列，15250人如期脱贫。", []string{"a2022 贫困村|eq 17 个", "a2022 脱贫|eq 15250 人"}},
		{"a policy named by its points", past + "在全市率先出台科技创新21条。出台惠企政策措施35条。", []string{"a2022 惠企政策措施|eq 35 条"}},
		{"houses in operation", past + "东湖中心、西岭中心等商务楼宇相继建成营运。", []string{"a2022 东湖中心、西岭中心等商务楼宇"}},
		{"a level behind its verb", past + "扩大高山茶种植面积至8000亩。", []string{"a2022 高山茶种植面积|reach 8000 亩"}},
		{"two figures of flats in a quarter", past + "南部城区12万平方米987套回迁安置房正在施工。", []string{"a2022 回迁安置房|eq 120000 平方米", "a2022 回迁安置房|eq 987 套"}},
		{"gardens and belts", past + "东湖滨水景观带、西岭游园先后开工建设。", []string{"a2022 东湖滨水景观带", "a2022 西岭游园"}},
		{"none of it, three times over, behind a quotation mark that was lost", past + "率先推行大数据、外管家”“安居码应用，实现确诊病例零死亡、医务人员零感染、境外病例零输入。",
			[]string{"a2022 确诊病例", "a2022 医务人员", "a2022 境外病例"}},
		{"machines of a plant", past + "云岭航电枢纽实现4台机组全部投产发电。", []string{"a2022 机组|eq 4 台"}},
		{"what is applied for, and what is only hoped", "某省2026年政府工作报告\n三、2026年重点工作\n争创国家农业高新技术产业示范区和农业现代化示范区。建好办好西南研究生院。国家公园设立取得突破性进展。力争更多项目纳入国家规划。",
			[]string{"c2026 国家农业高新技术产业示范区", "c2026 农业现代化示范区"}},
		{"a rate and a level side by side", past + "地区生产总值增长6%左右、突破2.6万亿元。", []string{"a2022 地区生产总值|growth_approx 6 %", "a2022 地区生产总值|gt 2600000000000 元"}},
		{"a step in words in the unit of the level behind it", past + "新能源装机率先破亿、达到1.35亿千瓦。", []string{"a2022 新能源装机|gt 100000000 千瓦", "a2022 新能源装机|reach 135000000 千瓦"}},
		{"policies for a topic", past + "制定稳经济40条、推进工业经济高质量发展36条，改造道路5条。", []string{"a2022 道路|eq 5 条"}},
		{"money whose unit is left out", past + "实施投资3737万的土地整理，投资1千余万元改造水库。", []string{"a2022 投资|eq 37370000 元", "a2022 投资|gt 10000000 元"}},
		{"lines that a page has set far in", "某市2018年政府工作报告\n一、2017年工作回顾\n过去一年我们坚持稳中求进，多项主要指标增速全省领先，地区生产总值增长8.1%，财政总收入增长\n                        12.5%，推进小微企业成长计划并加大倒逼转型力度，深化亩均论英雄改革，建成小微企业园 109\n                        个，云岭方特主题公园签约落地各项前期工作有序开展，云岭一号车型在东湖基地量产销售。",
			[]string{"a2017 地区生产总值|growth 8.1 %", "a2017 财政总收入|growth 12.5 %", "a2017 小微企业园|eq 109 个", "a2017 云岭一号车型"}},
		{"a stage of what is told before, and a term that is no thing", "某县2026年政府工作报告\n二、2026年工作安排\n加快东湖水厂建设，年内完成主体工程。抓好县体育中心收尾，确保省运会前投入使用。建成区供热管网实现互联互通。云岭水库完成蓄水验收。云岭锂电项目满产达效。",
			[]string{"c2026 东湖水厂主体工程", "c2026 县体育中心", "c2026 云岭水库完成蓄水验收", "c2026 云岭锂电项目"}},
		{"levels that belong to the title, and houses that rise", past + "获得全国法治政府建设示范县称号。县档案馆晋升国家一级馆。东湖国家湿地公园正式授牌。",
			[]string{"a2022 全国法治政府建设示范县", "a2022 国家一级馆", "a2022 东湖国家湿地公园"}},
		{"nearly doubled, and a kind of investment", past + "财政收入比上年翻了近一番。完成技改投资86亿元。", []string{"a2022 财政收入|growth_approx 1 番", "a2022 技改投资|eq 8600000000 元"}},
		{"two plants named by what they make", past + "云岭2万千瓦、东湖20万千瓦风电成功并网。", []string{"a2022 云岭2万千瓦、东湖20万千瓦风电"}},
		{"new policies by their points", past + "出台股改新政和上市新政双10条，新增上市企业11家。", []string{"a2022 上市企业|eq 11 家"}},
		{"readings behind characters", "云岭縣2023年政府工作報(bào)告\n一、2022年工作回顧\n城鎮(zhèn)和農(nóng)村居民收入分別達(dá)到29782元、17059元。",
			[]string{"a2022 城鎮居民收入|reach 29782 元", "a2022 農村居民收入|reach 17059 元"}},
	})
}

// A report in traditional characters is read like one in simplified ones; title, quotations and subjects keep their characters.
func TestTraditionalCharacters(t *testing.T) {
	text := "雲嶺縣2026年政府工作報告\n二、2026年工作安排\n開工建設雲嶺至東湖等5條公路，建成東湖機場，改造瓶頸路25條，投資達到3億元，新增綠地2萬畝。"
	examineTold(t, []construction{{"traditional characters", text,
		[]string{"c2026 公路|eq 5 条", "c2026 東湖機場", "c2026 瓶頸路|eq 25 条", "c2026 投資|reach 300000000 元", "c2026 綠地|eq 20000 亩"}}})
	res, err := Read(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "雲嶺縣2026年政府工作報告"; res.Title != want {
		t.Errorf("title %s, want %s", res.Title, want)
	}
	for _, s := range res.Statements {
		if got := string([]rune(text)[s.Start:s.End()]); got != s.Text {
			t.Errorf("%q is quoted as %q", got, s.Text)
		}
	}
}

// Newspapers tell what a year will bring by a year and 将, or by a year in front of work that sets out.
func TestNewspapersOnWhatAYearWillBring(t *testing.T) {
	examineTold(t, []construction{
		{"deeds that a report names", "某市人代会开幕\n本报1月16日讯（记者张三）今天上午，大会开幕。\n《政府工作报告》提出，2020年，某市将集中力量办好10件实事：建成云岭公园；新增停车位3000个以上。", []string{"c2020 实事|eq 10 件", "c2020 云岭公园", "c2020 停车位|ge 3000 个"}},
		{"what will change", "政府工作报告解读\n我们来看看2018年，我们身边将会发生哪些变化？\n交通大格局——\n全面开工云岭机场建设。建成高速公路133公里。", []string{"c2018 云岭机场", "c2018 高速公路|eq 133 公里"}},
		{"what a report sets for this year", "某市锚定新目标\n本报1月22日讯（记者张三）在2026年1月21日召开的人代会上，《政府工作报告》关注民生。\n《报告》明确，今年城镇新增就业5200人。\n创建学前教育普及普惠县，落地3所公办园项目。", []string{"c2026 城镇新增就业|eq 5200 人", "c2026 学前教育普及普惠县", "c2026 公办园项目|eq 3 所"}},
		{"deeds that a congress has chosen", "某县人代会票选表决县政府2025年度十件民生实事项目正式出炉！\n一、2025年村内基础设施提升工程\n硬化道路10万平方米。\n二、水利工程\n加固河堤8600延长米。", []string{"c2025 道路|eq 100000 平方米", "c2025 河堤|eq 8600 延长米"}},
		{"points that set out with the year", "解读某市政府工作报告\n1、优化教育布局。2023年启动云岭高中扩建工程，完成6所学校改造。支持100个村创建示范村。\n2、完善路网。新建农村公路100公里。", []string{"c2023 云岭高中扩建工程", "c2023 学校改造|eq 6 所", "c2023 村|eq 100 个", "c2023 农村公路|eq 100 公里"}},
	})
}

// A text whose marks are all of half width is read like one with full ones: its sentences end at points.
func TestHalfWidthMarks(t *testing.T) {
	examineTold(t, []construction{{"half-width marks", "某县2023年政府工作报告\n一、2022年工作回顾\n(一)工业经济.58户贫困户完成危房改造.3个贫困村退出,投资增长5.5%.\n(二)农村经济.新建公路1.2万公里;建成云岭\"一号\"水厂.\"零就业\"家庭动态清零.G331线通车.\n二、2023年工作安排\n(一)扩大投资.新建学校3所.",
		[]string{"a2022 贫困户|eq 58 户", "a2022 贫困村|eq 3 个", "a2022 投资|growth 5.5 %", "a2022 公路|eq 12000 公里", "a2022 云岭“一号”水厂", "a2022 “零就业”家庭", "a2022 G331线", "c2023 学校|eq 3 所"}}})
}

// One name in traditional characters does not make a report one.
func TestSimplifiedTextIsLeftAlone(t *testing.T) {
	text := []rune("引进云岭電子公司，新增就业5600人。" + strings.Repeat("全县经济平稳运行。", 20))
	if got := simplify(text); &got[0] != &text[0] {
		t.Errorf("changed to %s", string(got))
	}
}
