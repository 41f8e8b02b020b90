package extract

import (
	"fmt"
	"strings"
	"testing"
)

// Figures as whole reports of a city, a county and two provinces wrote them (README, sets W and X).
func TestFiguresOfWholeReports(t *testing.T) {
	readAll(t, []construction{
		{"the same of another scope in brackets", "全市生产总值完成300亿元、增长6%（不含新区增长7%，全省第一）。", []string{"全市生产总值|eq 30000000000 元", "全市生产总值|growth 6 %", "全市生产总值|growth 7 %"}},
		{"magnitudes take the unit of what is counted", "云岭汽车销量再次突破百万大关，接待游客突破千万，财政收入突破百亿，工业产值迈上千亿台阶。", []string{"云岭汽车销量|gt 1000000 辆", "游客|gt 10000000 人次", "财政收入|gt 10000000000 元", "工业产值|gt 100000000000 元"}},
		{"so much for each is of the sum before it", "省奖励资金52万元，每次26万元。", []string{"省奖励资金|eq 520000 元", "省奖励资金|eq 260000 元"}},
		{"a count ends where people take part", "涉及的5个乡镇50个村主动作为、积极配合。", []string{"乡镇|eq 5 个", "村|eq 50 个"}},
		{"who sets a task is not the task", "市政府给我县下达了2万户的农村改造任务。超额完成国家下达的11万人就业任务。", []string{"农村改造任务|eq 20000 户", "就业任务|eq 110000 人"}},
		{"years that something has lasted, times in a row, the foremost of a ranking", "遗留时长8年多的医院迁建项目正在搬迁，质量考核连续7次获得A级，16个学科进入排名前1%。", []string{"学科|eq 16 个"}},
		{"parts of a whole in digits", "企业超过70万户、占全国1/7，将1/3以上的资金投向研究。", []string{"企业|gt 700000 户", "占全国|eq 14.29 %", "资金|ge 33.33 %"}},
		{"steps of a sum, and its growth behind them", "生产总值达12万亿元，五年跨过3个万亿元级台阶、年均增长5%。", []string{"生产总值|reach 12000000000000 元", "生产总值|growth 5 %"}},
		{"subsidies of many kinds", "累计发放粮食直补、农机购置补贴等63亿元，医用耗材平均降价50%以上。", []string{"粮食直补、农机购置补贴等|eq 6300000000 元", "医用耗材|decline_ge 50 %"}},
		{"a program says what it adds to, a second unit in brackets, at least so many that begin", "实施“规上企业倍增计划”，新增78家。改造提升11条（段）市政路，每个县至少启动建设2个特色小镇。", []string{"规上企业|eq 78 家", "市政路|eq 11 条", "特色小镇|ge 2 个"}},
		{"how thin a foil is, what is traded in, growth of several, and of what share", "云海公司3.5微米铜箔实现量产，20亿元以旧换新补贴拉动消费200亿元，旅游人次和花费增长均超20%，建有公园的所有乡镇和98%的行政村。", []string{"云海公司3.5微米铜箔", "以旧换新补贴|eq 2000000000 元", "消费|eq 20000000000 元", "旅游人次和花费|growth_gt 20 %", "行政村|eq 98 %"}},
		{"a list that one verb makes less, stages of what was counted, what works are joined to", "压减粗钢产能700万吨、炼铁500万吨、玻璃100万标准重量箱，与央企合作的80个重大项目开工、175个建成投产，整合为24个项目推进实施，160多名代表与会。", []string{"粗钢产能|decline 7000000 吨", "炼铁|decline 5000000 吨", "玻璃|decline 1000000 标准重量箱", "重大项目|eq 80 个", "重大项目|eq 175 个", "项目|eq 24 个"}},
		{"zones counted behind a list, funds that were won", "前海建设风投创投、商品贸易等18个集聚区，争取161亿元超长期特别国债资金支持。", []string{"集聚区|eq 18 个", "超长期特别国债资金支持|eq 16100000000 元"}},
		{"some of those counted are over", "33座水库加固工程开工建设，其中26座已基本完成。", []string{"水库加固工程|eq 33 座", "水库加固工程|eq 26 座"}},
	})
}

// Who left poverty last year is told of in the plan, and stays a thing of last year.
func TestLastYearInAPointOfThePlan(t *testing.T) {
	res, err := Read("一、2018年工作回顾\n新建公园3个。\n二、2019年工作安排\n关注两类人员，一是去年脱贫的3403名贫困人口，二是新识别的20名贫困人口。", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(res.Statements); n != 3 {
		t.Fatalf("%d statements, want 3", n)
	}
	if s := res.Statements[1]; s.Kind != Achievement || s.Year != 2018 {
		t.Errorf("%s is %s of %d, want an achievement of 2018", s.Text, s.Kind, s.Year)
	}
}

// A notice of September tells what this year has brought so far, and in a label what it is to bring; without parts that say so it is less sure.
func TestNoticeOfSeptember(t *testing.T) {
	res, err := Read("2021-09-27\n全市老旧小区改造进展\n2021年老旧小区改造目标任务为：开工小区15个。截至今年8月底，已完成小区12个，惠及居民3万户。累计完成投资8亿元。", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range res.Statements {
		got = append(got, fmt.Sprint(s.Kind, " ", s.Year, " ", s.Text))
		if s.Confidence >= 0.9 {
			t.Errorf("confidence of %s is %.2f, want less than 0.9 in a text without parts", s.Text, s.Confidence)
		}
	}
	want := "commitment 2021 15个; achievement 2021 12个; achievement 2021 3万户; achievement 2021 8亿元"
	if strings.Join(got, "; ") != want {
		t.Errorf("\n  got  %s\n  want %s", strings.Join(got, "; "), want)
	}
}
