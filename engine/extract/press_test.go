package extract

import (
	"strings"
	"testing"
)

// examineTold reads each text and compares every statement, its kind and its year.
func examineTold(t *testing.T, cases []toldCase) {
	t.Helper()
	for _, c := range cases {
		res, err := Read(c.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range res.Statements {
			got = append(got, told(s))
		}
		if strings.Join(got, "; ") != strings.Join(c.want, "; ") {
			t.Errorf("%s:\n  text %s\n  got  %s\n  want %s", c.name, c.text, strings.Join(got, "; "), strings.Join(c.want, "; "))
		}
	}
}

type toldCase struct {
	name, text string
	want       []string
}

// Newspapers, lists of deeds and notices of progress, which have no parts to tell past from future. The sentences are ours.
func TestPress(t *testing.T) {
	const body = "区里昨日公布了要为群众办的实事，涉及居住、出行、就学等许多方面，由各部门和街道分头负责，并接受居民监督和评议。"
	examineTold(t, []toldCase{
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
		{"done by then", "云岭路工程、东湖路工程已全部完工并通车。截至2020年底，新增单行道18处。", []string{"a2020 云岭路工程", "a2020 东湖路工程", "a2020 单行道|eq 18 处"}},
	})
}

// Numbers and names that the same texts have. The sentences are ours.
func TestFiguresOfDeeds(t *testing.T) {
	plan := "某区2026年政府工作报告\n二、2026年工作安排\n"
	examineTold(t, []toldCase{
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

// A report in traditional characters is read like one in simplified ones; title, quotations and subjects keep their characters.
func TestTraditionalCharacters(t *testing.T) {
	text := "雲嶺縣2026年政府工作報告\n二、2026年工作安排\n開工建設雲嶺至東湖等5條公路，建成東湖機場，改造瓶頸路25條，投資達到3億元，新增綠地2萬畝。"
	examineTold(t, []toldCase{{"traditional characters", text,
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

// One name in traditional characters does not make a report one.
func TestSimplifiedTextIsLeftAlone(t *testing.T) {
	text := []rune("引进云岭電子公司，新增就业5600人。" + strings.Repeat("全县经济平稳运行。", 20))
	if got := simplify(text); &got[0] != &text[0] {
		t.Errorf("changed to %s", string(got))
	}
}
