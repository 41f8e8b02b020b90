package extract

import (
	"fmt"
	"strings"
	"testing"
)

// Events and titles as whole reports of a city, a county and two provinces wrote them (README, sets W and X).
func TestEventsOfWholeReports(t *testing.T) {
	readAll(t, []construction{
		{"a short place sheds its poverty, another is examined for it", "望川率先脱贫摘帽，平山通过省级验收，法制宣传通过省级验收。", []string{"望川", "平山"}},
		{"what is passed is no title, and has no subject of its own", "顺利通过省、市考核评估，通过了国家和省教育均衡发展督导评估验收，在全省率先通过“智造2030”试点城市评审。", []string{"省、市考核评估", "国家和省教育均衡发展督导评估验收", "“智造2030”试点城市评审"}},
		{"offices are founded together", "云岭市应急管理局、县区两级行政审批局组建运行。", []string{"云岭市应急管理局", "县区两级行政审批局"}},
		{"a section joined by 和 is one of the roads that open", "确保北山高速东河和西河段、南港高速、云海高速青坪段贯通。", []string{"北山高速东河和西河段", "南港高速", "云海高速青坪段"}},
		{"roads that share a work, and roads that share the word for it", "完成了朝阳路、建设大街北段（东门至西门）翻新改造和北环东段、三号路一期道路建设。", []string{"朝阳路、建设大街北段（东门至西门）翻新改造", "北环东段、三号路一期道路"}},
		{"work that is over by now or by plan", "中医院迁建项目选址已经完成，供水厂移交按计划完成。", []string{"中医院迁建项目选址", "供水厂移交"}},
		{"the point of a list names the thing, its last clause the end", "①东郊水厂深度治理工程。抓紧推进，确保年底前投入运行；②日处理污水6万吨的西郊水厂三期工程。改进方案，加紧推进实施，确保年底前投入使用。", []string{"东郊水厂深度治理工程", "日处理污水|eq 60000 吨", "日处理污水6万吨的西郊水厂三期工程"}},
		{"who is left of the poor is lifted out as a whole", "针对剩余的490名贫困人口，因户施策，确保年内全部稳定脱贫。如期完成脱贫任务。", []string{"贫困人口|eq 490 名", "贫困人口", "脱贫任务"}},
		{"a list that was counted is no title again", "人才创业基地、外籍专家许可等10项改革，被纳入省级改革试点。", []string{"改革|eq 10 项"}},
		{"what is no title, decision or chance", "扶贫经验被列为培训学习资料，项目跨入全国先进行列，连续5年获国家考核“好”的等次，党中央、国务院决定设立东海新区，抓住设立东海新区的重大机遇。", nil},
		{"a network reaches every city, rates keep step behind a level", "铁路总里程达到800公里、实现市市通高铁，居民收入超过4万元、增速与经济增长基本同步。", []string{"铁路总里程|reach 800 公里", "市市通高铁", "居民收入|gt 40000 元", "增速"}},
		{"records by other words", "近岸海域水质优良率创近年来最好水平，大气主要污染物连续8年全指标达标。", []string{"近岸海域水质优良率", "大气主要污染物"}},
		{"one task ends, another thing is rid of wholly", "如期完成全域无隐性债务试点、全省存量隐性债务全部化解。", []string{"全域无隐性债务试点", "全省存量隐性债务"}},
		{"what goes on stands before what began", "云海化工基地项目全面建设、首套装置投产，东江高铁、南海通道开工建设。", []string{"首套装置", "东江高铁", "南海通道"}},
		{"roads named with how many they are, a shared head, sides of a list that both have one", "东高速新线一期、京东高速和容城、安阳两条通道确保上半年通车，东岭城际、西岭城际铁路开工建设，建成徐家、曲河城镇污水处理厂和顺山、阜川垃圾发电厂。", []string{"东高速新线一期", "京东高速", "容城、安阳两条通道", "东岭城际、西岭城际铁路", "徐家、曲河城镇污水处理厂", "顺山、阜川垃圾发电厂"}},
		{"roads go on to the west and the south", "完成复新路西延、长乐大街南延。", []string{"复新路西延", "长乐大街南延"}},
		{"titles of cases, works and roads", "云岭减贫驿站入选第二届全球减贫最佳案例，东湖锂业工厂跻身全国首批卓越级智能工厂，“北岭9号公路”成为中国最美自驾线路。", []string{"第二届全球减贫最佳案例", "全国首批卓越级智能工厂", "中国最美自驾线路"}},
		{"places inside the name of a work, and a task of the plan with its own content", "云山3县5乡“大电网建设”工程建成投运，提前完成“十四五”主要污染物减排目标任务，完成“十四五”目标任务，标志着“十四五”胜利收官。", []string{"云山3县5乡“大电网建设”工程", "“十四五”主要污染物减排目标任务"}},
		{"a record of the measure just told is its number, units keep theirs", "空气优良天数比例达95%、创有纪录以来最好水平，东湾核电1、2号机组获国家核准。", []string{"空气优良天数比例|reach 95 %", "东湾核电1、2号机组"}},
		{"where a thing opens is no part of it", "国家版本馆分馆在东湖落成开馆，云岭一号车型在东湖量产，在建项目全部复工。", []string{"国家版本馆分馆", "云岭一号车型", "在建项目"}},
		{"a zone rises to a level, activities are none", "云岭开发区上升为国家级，协同发展上升为国家战略，启动百家民企进云岭活动。", []string{"国家级"}},
		{"marks of footnotes are no part of names", "太行驿站[22]、云岭体检站入选全国典型案例，“三供一业”改革[12]全部完成，开展7个“专项行动”[5]。", []string{"全国典型案例", "“三供一业”改革", "“专项行动”|eq 7 个"}},
		{"titles that begin with their level, among others", "荣获全国民族团结进步示范县、全国信访工作“三无”县、中国天然氧吧、全国森林康养示范县等殊荣。", []string{"全国民族团结进步示范县", "全国信访工作“三无”县", "中国天然氧吧", "全国森林康养示范县等殊荣"}},
		{"titles in quotation marks need no comma between", "荣获“国家卫生县城”“全国电子商务示范县”，以及“某省环保模范县”“某省食品安全先进单位”等多项荣誉，一批先进个人获得国家和省州表彰。", []string{"“国家卫生县城”", "“全国电子商务示范县”", "“某省环保模范县”", "“某省食品安全先进单位”"}},
		{"what is ready in part, what stands on so much land, and what goes with a work", "占地1200亩的云岭文化园建成开园，总长达25公里的绕城路路基全线完成，车站部分完工，东湖中学、云岭医院签约入驻，贯通北环路、云岭隧道及接线工程，贫困县摘帽通过市级初审。",
			[]string{"占|eq 1200 亩", "云岭文化园", "总长|reach 25 公里", "绕城路路基", "东湖中学", "云岭医院", "北环路", "云岭隧道及接线工程", "贫困县摘帽"}},
		{"out of poverty, examinations of places, and leading groups that push on", "云岭成功退出贫困县序列，学前教育普及普惠区创建通过省级验收，全省成立领导小组高位推进，床位和日接诊量分别扩容20%和30%。", []string{"贫困县序列", "学前教育普及普惠区创建", "床位|growth 20 %", "日接诊量|growth 30 %"}},
		{"a county that is covered, and a number of works put into effect", "实现5G网络信号全县覆盖。推进薄弱学校改造工程，年度实施10所以上。", []string{"5G网络信号", "薄弱学校改造工程|ge 10 所"}},
		{"the size of a work that came to be is part of its name", "云岭公司12万吨电解铝产能达产运营，东湖粮油20万吨粮食储备库建成投产，新增粮食20万吨。", []string{"云岭公司12万吨电解铝产能", "东湖粮油20万吨粮食储备库", "粮食|eq 200000 吨"}},
		{"the size of a work inside a list of works", "云芯二期、海风公司20万辆汽车扩产、北山炼化等项目建成投产。", []string{"云芯二期、海风公司20万辆汽车扩产、北山炼化等项目"}},
	})
}

// In a report of January, this year is the year to come also where the text looks back.
func TestThisYearInTheReviewIsToCome(t *testing.T) {
	const frame = "——20%s在云岭县第十七届人民代表大会第三次会议上\n一、2018年工作回顾\n实施了云岭县垃圾热解项目一期工程，今年上半年可建成投入使用。北山钢铁升级项目今年投产。今年以来，建成东湖中学。\n二、2019年工作安排\n新建公园3个。"
	for _, c := range []struct{ date, want string }{
		{"19年1月17日", "commitment 2019 云岭县垃圾热解项目一期工程; commitment 2019 北山钢铁升级项目; achievement 2019 东湖中学; commitment 2019 公园"},
		{"18年12月17日", "commitment 2019 云岭县垃圾热解项目一期工程; achievement 2018 北山钢铁升级项目; achievement 2018 东湖中学; commitment 2019 公园"},
	} {
		res, err := Read(fmt.Sprintf(frame, c.date), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range res.Statements {
			got = append(got, fmt.Sprint(s.Kind, " ", s.Year, " ", s.Subject))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("given in 20%s:\n  got  %s\n  want %s", c.date, strings.Join(got, "; "), c.want)
		}
	}
}
