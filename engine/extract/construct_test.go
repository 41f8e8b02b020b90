package extract

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// brief writes a statement in one line: subject|op value unit, or subject alone for a milestone.
func brief(s Statement) string {
	if s.Type == Milestone {
		return s.Subject
	}
	v := string(s.Value)
	if s.ValueMax != "" {
		v += "~" + string(s.ValueMax)
	}
	return fmt.Sprintf("%s|%s %s %s", s.Subject, s.Op, v, s.Unit)
}

// construction is a text and what is read in it, each statement as whoever examines it writes it.
type construction struct {
	name, text string
	want       []string
}

// readAs reads each text and compares all statements.
func readAs(t *testing.T, o Options, write func(Statement) string, cs []construction) {
	t.Helper()
	for _, c := range cs {
		res, err := Read(c.text, o)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range res.Statements {
			got = append(got, write(s))
		}
		if strings.Join(got, "; ") != strings.Join(c.want, "; ") {
			t.Errorf("%s:\n  text %s\n  got  %s\n  want %s", c.name, c.text, strings.Join(got, "; "), strings.Join(c.want, "; "))
		}
	}
}

// readAll reads each text as one of the plan year 2024, and compares what [brief] writes.
func readAll(t *testing.T, cs []construction) {
	t.Helper()
	readAs(t, Options{Year: 2024}, brief, cs)
}

// The constructions one by one; the texts under testdata show them together.
func TestConstructions(t *testing.T) {
	readAll(t, []construction{
		{"a list takes its subjects in order and shares the last bound", "甲投资、乙投资分别增长6%、8%左右。", []string{"甲投资|growth_approx 6 %", "乙投资|growth_approx 8 %"}},
		{"each number keeps its own bound", "甲投资、乙投资分别增长6%以上、8%左右。", []string{"甲投资|growth_ge 6 %", "乙投资|growth_approx 8 %"}},
		{"the head noun of a list is shared", "人参、香菇全产业链产值分别达到3亿元、2亿元。", []string{"人参全产业链产值|reach 300000000 元", "香菇全产业链产值|reach 200000000 元"}},
		{"what numbers an item says nothing of its amount", "一是新建游园3个；二是12个社区完成换届；十一是9个站点建成。", []string{"游园|eq 3 个", "社区|eq 12 个", "站点|eq 9 个"}},
		{"where those who are counted do something is no part of them", "2.8万困难群众在产业链上实现增收，30名学生在新校区开学，扶持5家企业在建项目。", []string{"困难群众|eq 28000 人", "学生|eq 30 名", "企业在建项目|eq 5 家"}},
		{"a verb before 的 tells which they are", "引进3项适合本地种植的新品种，打造5个便于居民参与的文化品牌。", []string{"适合本地种植的新品种|eq 3 项", "便于居民参与的文化品牌|eq 5 个"}},
		{"people are counted with what they do", "城镇新增就业人数5000人以上，转移就业人数2万人，新增参保人员3000人。", []string{"城镇新增就业人数|ge 5000 人", "就业人数|eq 20000 人", "参保人员|eq 3000 人"}},
		{"an empty line before a verb parts what is to be done", "新建托幼一体化幼儿园50所，新增托位1.6万个\n\n新增基础教育学位20万个", []string{"托幼一体化幼儿园|eq 50 所", "托位|eq 16000 个", "基础教育学位|eq 200000 个"}},
		{"a joint word is two subjects", "存贷款余额分别达到8亿元、7亿元。", []string{"存款余额|reach 800000000 元", "贷款余额|reach 700000000 元"}},
		{"two amounts and then their rates", "接待游客12万人次，门票收入3亿元，分别增长5%和6%。", []string{"游客|eq 120000 人次", "门票收入|eq 300000000 元", "游客|growth 5 %", "门票收入|growth 6 %"}},
		{"several subjects of one number stay together", "财政总收入和税收收入增长7%。", []string{"财政总收入和税收收入|growth 7 %"}},
		{"level and change have one subject", "生产总值达到50亿元、净增6亿元，年均增长4%。", []string{"生产总值|reach 5000000000 元", "生产总值|growth 600000000 元", "生产总值|growth 4 %"}},
		{"a change of level is two items", "办理时间由20天压缩至3天。", []string{"办理时间|from 20 天", "办理时间|reach 3 天"}},
		{"a dated change of level", "产值由2016年的8亿元增加到2021年的14亿元。", []string{"产值|from 800000000 元", "产值|reach 1400000000 元"}},
		{"the level before a change in words", "办理时间由3天缩短到半天。", []string{"办理时间|from 3 天"}},
		{"two counts change their level", "贫困人口由136户412人减至9户20人。", []string{"贫困人口|from 136 户", "贫困人口|from 412 人", "贫困人口|reach 9 户", "贫困人口|reach 20 人"}},
		{"a level before a comma and after it", "投资由9亿元，增长到21亿元。", []string{"投资|from 900000000 元", "投资|reach 2100000000 元"}},
		{"growth in the shortest words", "生产总值92亿元，比增5%；投资同比增8%，进口比降3%。", []string{"生产总值|eq 9200000000 元", "生产总值|growth 5 %", "投资|growth 8 %", "进口|decline 3 %"}},
		{"doubling within a period", "生产总值达到42亿元，五年内翻了一番。", []string{"生产总值|reach 4200000000 元", "生产总值|growth 1 番"}},
		{"a net gain is growth, in a list too", "净增甲企业10家、乙企业2家。", []string{"甲企业|growth 10 家", "乙企业|growth 2 家"}},
		{"betterment of counted things is no growth", "提升40所乡村学校办学能力，居民收入提高6%。", []string{"乡村学校办学能力|eq 40 所", "居民收入|growth 6 %"}},
		{"a bound before a list holds for all", "甲、乙增加值占比分别超过2%、5%。", []string{"甲增加值占比|gt 2 %", "乙增加值占比|gt 5 %"}},
		{"plans are surpassed by several", "财政收入2亿元，招商引资4亿元，分别超年初目标任务数的18%、12%。", []string{"财政收入|eq 200000000 元", "招商引资|eq 400000000 元", "财政收入|above 18 %", "招商引资|above 12 %"}},
		{"the goods begin with 和", "建成35个先导区、100个和美乡村。", []string{"先导区|eq 35 个", "和美乡村|eq 100 个"}},
		{"a share behind a verb of leading", "推动60%以上的敬老院三级达标。", []string{"敬老院三级达标|ge 60 %"}},
		{"a superlative's figure and the size of a village delimit", "全球最高10米液压支架成功下线，20户以上自然村全部通硬化路。", []string{"全球最高10米液压支架", "20户以上自然村"}},
		{"a count goes on about the thing before", "新建公园190个，开工建设165个。", []string{"公园|eq 190 个", "公园|eq 165 个"}},
		{"people are counted by their measure", "本科上线人数突破2000，在15个县中排名第3。", []string{"本科上线人数|gt 2000 人"}},
		{"a sum for others is no level", "年均产量保持在12亿吨以上，累计为29个市供煤35亿吨。", []string{"年均产量|ge 1200000000 吨", "市供煤|eq 29 个", "市供煤|eq 3500000000 吨"}},
		{"a plan is surpassed", "重点项目完成投资29亿元，超年度计划28%。", []string{"重点项目完成投资|eq 2900000000 元", "重点项目完成投资|above 28 %"}},
		{"a group that is reached", "网络覆盖95%以上行政村，免费为80名老人体检。", []string{"行政村|ge 95 %", "老人体检|eq 80 名"}},
		{"a figure written in two", "铁路里程增加到2万5千公里，争取资金3亿5000万元。", []string{"铁路里程|reach 25000 公里", "资金|eq 350000000 元"}},
		{"a half as a change", "污染天数减少一半，改革走完一半路程。", []string{"污染天数|decline 50 %"}},
		{"yuan are left out behind sums of money", "财政收入任务174万，完成198万。", []string{"财政收入任务|eq 1740000 元", "财政收入任务|eq 1980000 元"}},
		{"journeys are counted by their measure", "旅游人次由83万增加到1.3亿多。", []string{"旅游人次|from 830000 人次", "旅游人次|gt 130000000 人次"}},
		{"a threshold behind a count", "完成230个50户以上村寨改水，新建3人制篮球场2个。", []string{"50户以上村寨改水|eq 230 个", "3人制篮球场|eq 2 个"}},
		{"terms with more inside, and what was done within them", "仅用7个多月就完成了新港征地任务。", []string{"新港征地任务|gt 7 个月"}},
		{"a rate in front of the change that it measures", "生产总值增长9%，实现连续6个季度8%以上的快速增长；投资保持了12%的增速。", []string{"生产总值|growth 9 %", "生产总值|growth_ge 8 %", "投资|eq 12 %"}},
		{"fractions and a little more", "出口额占全省的六分之一强，用电量占全县的三分之二强。", []string{"出口额占全省|gt 16.67 %", "用电量占全县|gt 66.67 %"}},
		{"what others ask for", "参合率达92%，超过全省85%的要求；完成率超过90%的目标。", []string{"参合率|reach 92 %", "完成率|gt 90 %"}},
		{"a distance delimits", "解决边境3公里以内120个自然村饮水问题。", []string{"自然村饮水问题|eq 120 个"}},
		{"what was agreed is no level", "与甲银行、乙银行初步达成60亿元合作意向，落实贷款7亿多元。", []string{"合作意向|eq 6000000000 元", "贷款|gt 700000000 元"}},
		{"money by what means", "运用代建方式吸引近3亿元社会资本。", []string{"社会资本|approx 300000000 元"}},
		{"people who get something", "全年有2460人次得到农村医疗救助。", []string{"农村医疗救助|eq 2460 人次"}},
		{"less than a rule allows", "办理时限平均缩减7天，比自治区的规定减少50%。", []string{"办理时限|decline 7 天", "办理时限|decline 50 %"}},
		{"above several others", "生产总值增长7.2%，分别比全国、全省和全市高4.2、4.3和3.2个百分点。", []string{"生产总值|growth 7.2 %", "生产总值|above 4.2 百分点", "生产总值|above 4.3 百分点", "生产总值|above 3.2 百分点"}},
		{"a length of a road in a village", "投资80万元，完成东岭村4公里的水泥路建设项目。", []string{"投资|eq 800000 元", "水泥路建设项目|eq 4 公里"}},
		{"villages that do something", "4个村开展“一事一议”试点。", []string{"村|eq 4 个"}},
		{"bandwidth and terms of life", "5G用户增多，出省带宽达到1.7万G，人均受教育年限9.1年。", []string{"出省带宽|reach 17000 G", "人均受教育年限|eq 9.1 年"}},
		{"a range is one before a change too", "规划人口由50—60万增至超100万。", []string{"规划人口|range 500000~600000 人", "规划人口|gt 1000000 人"}},
		{"money that was not spent after all", "规范工程招投标，核减资金2.08亿元。", []string{"资金|eq 208000000 元"}},
		{"services in every place, aims of a work of its own", "实现光网县县通，光纤和动力电村村通，全面完成脱贫攻坚目标任务，完成年度目标任务。", []string{"光网", "光纤和动力电", "脱贫攻坚目标任务"}},
		{"fees that are taken away, works rebuilt", "义务教育全部免除学杂费，灾区民房重建基本完成，成功开行南港至北城班列，甲电厂投入商业运行。", []string{"义务教育", "灾区民房重建", "南港至北城班列", "甲电厂"}},
		{"a fraction in digits", "完成村庄整治246个，占全县村庄总数的1/4；改造占全省示范村的2/3强。", []string{"村庄整治|eq 246 个", "占全县村庄|eq 25 %", "改造占全省示范村|gt 66.67 %"}},
		{"two digits that are spaced, points of a list, money spent on work", "新增企业 1 2 家。投入3.2亿元实施10件实事：1.新建学校3所；2.改造市场5个。", []string{"企业|eq 12 家", "投入|eq 320000000 元", "实事|eq 10 件", "学校|eq 3 所", "市场|eq 5 个"}},
		{"an area of what is told behind it", "甲汽车城新增1.1万亩城镇开发边界，乙项目从洽谈到开工用时60天。", []string{"城镇开发边界|eq 11000 亩", "乙项目|eq 60 天"}},
		{"projects of more than a hundred million", "计划招引20个以上过亿项目，规上工业产值超2000亿，增长8%。", []string{"过亿项目|ge 20 个", "规上工业产值|gt 200000000000 元", "规上工业产值|growth 8 %"}},
		{"who came to the meeting", "会议应到代表172人，出席本次会议的代表155人，邀请47名人大代表座谈。", nil},
		{"titles passed for, lists entered, the best ten; no aims and first places", "东县通过省教育强县（区）评估，通过了国家二类城市语言文字工作评估验收，北镇入列中国百强镇，政府跻身中国城市十佳诚信政府，荣登全国百强县榜首，把东县建成重要的生产基地，西镇成为全省首个千亿产业镇。", []string{"省教育强县（区）", "国家二类城市语言文字工作", "中国百强镇", "中国城市十佳诚信政府"}},
		{"the top of a building, a plan that is passed", "博物馆主体工程结顶，东永高速公路通过项目评审，城东水厂已于6月底建成通水。", []string{"博物馆主体工程", "东永高速公路", "城东水厂"}},
		{"a level before a change that is only expected", "生产总值由2011年的1.2万亿元预计提高到的1.9万亿元，投资从2011年6580亿元预计提高到2016年8600亿元，年均增长8%。", []string{"生产总值|from 1200000000000 元", "生产总值|reach 1900000000000 元", "投资|from 658000000000 元", "投资|reach 860000000000 元", "投资|growth 8 %"}},
		{"what there is somewhere", "核心区已有11家意向餐饮单位，全县现有规上企业90家。", []string{"意向餐饮单位|eq 11 家", "全县现有规上企业|eq 90 家"}},
		{"points cut by a blank, many growths in order", "出口额8426万美元，其中实际利用外资5000万美元，直接利用外资24. 3 亿元，分别增长 36. 8%、25%和19. 6%。", []string{"出口额|eq 84260000 美元", "实际利用外资|eq 50000000 美元", "直接利用外资|eq 2430000000 元", "出口额|growth 36.8 %", "实际利用外资|growth 25 %", "直接利用外资|growth 19.6 %"}},
		{"projects by their size", "招商引资到位资金9亿元，其中1—10亿元项目4个。", []string{"招商引资到位资金|eq 900000000 元", "1—10亿元项目|eq 4 个"}},
		{"months and half years are no subjects", "1-5月，工业产值9亿元，增长10%，半年度预计增长11%；零售额8亿元，1-6月预计完成15亿元。", []string{"工业产值|eq 900000000 元", "工业产值|growth 10 %", "工业产值|growth 11 %", "零售额|eq 800000000 元", "零售额|eq 1500000000 元"}},
		{"what is done within days", "优化服务，14天内实现疫情零扩散。", []string{"疫情零扩散|le 14 天"}},
		{"coverage that is still being brought about", "加快推进产业集群“六个一”全覆盖，推动县级服务中心全覆盖。", []string{"县级服务中心"}},
		{"each of two counts with its bound", "布局建设5家左右验证中心、10家左右中试平台。", []string{"验证中心|approx 5 家", "中试平台|approx 10 家"}},
		{"a span of years is no subject", "2012～2014年每年实现2万人左右稳定脱贫。", []string{"稳定脱贫|approx 20000 人"}},
		{"titles of fields, gardens and cases; supported by others they are none", "争创铜基新材料等领域国家制造业创新中心，争创庐山国家植物园，入选中国改革十大年度案例，率先摘取中国人居环境奖城市桂冠，甲公司进入中国创新型企业百强，乙湖晋级5A级景区，支持有条件的地方创建国家级示范基地，争取更多项目纳入中央预算内投资等支持范围。", []string{"铜基新材料等领域国家制造业创新中心", "庐山国家植物园", "中国改革十大年度案例", "中国人居环境奖城市", "中国创新型企业百强", "5A级景区"}},
		{"works begun, permitted and opened", "国道改建项目开工兴建，甲产业园获省政府批准设立，大病保险全面启动，国家服务业综合改革试点全面完成，市城市发展基金设立，完成老旧小区改造年度任务，完成年度任务。", []string{"国道改建项目", "甲产业园", "大病保险", "国家服务业综合改革试点", "市城市发展基金", "老旧小区改造年度任务"}},
		{"names with what was done to one of them", "高铁北站、玉屏索道改建、农产品物流园（一期）建成运营。", []string{"高铁北站", "玉屏索道改建", "农产品物流园（一期）"}},
		{"rates and steps in words", "工业占比比上年提高近十个百分点，经济总量跨越了两千亿元台阶，审批时限压缩近一半，新建三家企业。", []string{"工业占比|growth_approx 10 百分点", "经济总量|gt 200000000000 元", "审批时限|decline_approx 50 %"}},
		{"bounds with 了, and one for a whole list", "税收突破了2亿元，存款、贷款分别突破5亿元和3亿元，财政收入先后跨越5亿元、10亿元台阶。", []string{"税收|gt 200000000 元", "存款|gt 500000000 元", "贷款|gt 300000000 元", "财政收入|gt 500000000 元", "财政收入|gt 1000000000 元"}},
		{"beyond and short of what was planned", "投资完成30亿元，超出年度任务指标2亿元；收入完成5亿元，超目标任务3000万元；税收距目标还差1.8个百分点。", []string{"投资|eq 3000000000 元", "投资|above 200000000 元", "收入|eq 500000000 元", "收入|above 30000000 元", "税收|below 1.8 百分点"}},
		{"one of several is a rank, the title before it none", "荣获全国改革先进地区、全省4个生态环境质量连续三年持续改善县之一，甲口岸实现常年开放，通过国家园林县城复查验收。", []string{"全国改革先进地区", "甲口岸", "国家园林县城"}},
		{"per cent are left out", "产值增长9.5%，其中利润增长16.2；投资下降3.4。", []string{"产值|growth 9.5 %", "利润|growth 16.2 %", "投资|decline 3.4 %"}},
		{"measures that stand alone in a list", "地区生产总值、固定资产投资、税收分别增长5%、3%、2%，粮食播种面积、产量分别达到5万亩、2万吨。", []string{"地区生产总值|growth 5 %", "固定资产投资|growth 3 %", "税收|growth 2 %", "粮食播种面积|reach 50000 亩", "粮食产量|reach 20000 吨"}},
		{"measures of the clause before", "化解积案43件，化解率97.7%；事故起数、死亡人数实现“双下降”，分别下降25%、33.3%；教育支出、医疗支出分别占财政支出的18%和9%。", []string{"积案|eq 43 件", "化解率|eq 97.7 %", "事故起数|decline 25 %", "死亡人数|decline 33.3 %", "教育支出|eq 18 %", "医疗支出|eq 9 %"}},
		{"firms by what they sell", "亿元企业48家、10亿元企业6家，税收1000万元企业3家。", []string{"亿元企业|eq 48 家", "10亿元企业|eq 6 家", "税收1000万元企业|eq 3 家"}},
		{"far aims are no things, titles that are applied for are", "基本建成具有全国影响力的产业创新中心和西部人才中心，成为国家向西开放战略高地，打造新时代文化强市，争创国家卫生应急综合演训中心，“十三五”规划圆满收官。", []string{"国家卫生应急综合演训中心"}},
		{"stages of a work, permits, titles passed for", "加快推进甲电站前期工作，力争年内核准；乙风电场一期并网发电，二期开工，丙光伏项目全容量并网。县医院通过三级乙等医院评审，义务教育优质均衡发展县通过国家验收。", []string{"甲电站", "乙风电场一期", "二期", "丙光伏项目", "三级乙等医院", "义务教育优质均衡发展县"}},
		{"a hundred million behind 以上, a bound behind a ratio, a lease that goes on", "推动600个以上亿元级工业项目建设，城乡收入比缩小至2.1∶1左右，推进第二轮土地承包到期后再延长30年试点。", []string{"亿元级工业项目建设|ge 600 个", "城乡收入比|approx 2.1 比"}},
		{"days of work", "建设水渠2500米，投工2.4万个工日。", []string{"水渠|eq 2500 米", "投工|eq 24000 工日"}},
		{"what a rate is reckoned by is no subject", "生产总值8亿元，按可比价计算增长12%；税收3亿元，剔除减税因素后增长8%；用电量7万千瓦时，自然口径下降2%；外贸2亿元，以美元计增长5%。", []string{"生产总值|eq 800000000 元", "生产总值|growth 12 %", "税收|eq 300000000 元", "税收|growth 8 %", "用电量|eq 70000 千瓦时", "用电量|decline 2 %", "外贸|eq 200000000 元", "外贸|growth 5 %"}},
		{"dams, rails and hospitals", "甲水库大坝填筑完成，乙高铁县域段全线铺轨，丙变电站送电成功，县妇幼保健院通过二甲复审。", []string{"甲水库大坝填筑", "乙高铁县域段", "丙变电站", "二甲"}},
		{"a slogan with a comma inside", "做到“月月有项目开工，季季有项目竣工”。", nil},
		{"a window of quarters", "经济增速连续16个季度高于全省。", nil},
		{"the unit stays as the text has it", "修建冷库400余平米，清运土方3万立方。", []string{"冷库|gt 400 平米", "土方|eq 30000 立方"}},
		{"the distance from a reference", "工业增速高于全市2个百分点，比全省低1个百分点。", []string{"工业增速|above 2 百分点", "工业增速|below 1 百分点"}},
		{"growth that reaches a rate is growth", "产值同比增长达8%，增幅达到9%。", []string{"产值|growth 8 %", "产值增幅|reach 9 %"}},
		{"a multiple of a reference", "完成造林8万亩，是“十二五”的1.8倍。", []string{"造林|eq 80000 亩", "造林|eq 1.8 倍"}},
		{"doubling with and without a numeral", "甲收入翻两番，乙收入实现翻番。", []string{"甲收入|growth 2 番", "乙收入|growth 1 番"}},
		{"the first digit decides a ratio to one", "城乡收入比缩小到2.4∶1，产业结构为6∶38∶56。", []string{"城乡收入比|reach 2.4 比"}},
		{"attributes and the count of a thing", "总投资23亿元的5个产业园区各具规模。", []string{"总投资|eq 2300000000 元", "产业园区|eq 5 个"}},
		{"a share of a group", "85%的社区建有食堂。", []string{"社区建有食堂|eq 85 %"}},
		{"a threshold delimits, it does not measure", "5000万元以上项目开工50个，年产值超3亿元的企业达到20家。", []string{"5000万元以上项目|eq 50 个", "年产值超3亿元的企业|reach 20 家"}},
		{"an amount with a bound is no threshold", "争取政策资金4亿元以上，新增40名以上工程师。", []string{"政策资金|ge 400000000 元", "工程师|ge 40 名"}},
		{"thresholds without a noun, behind the one that has it", "招引5亿元以上项目12个，其中10亿元以上5个、50亿元以上1个。", []string{"5亿元以上项目|eq 12 个", "10亿元以上|eq 5 个", "50亿元以上|eq 1 个"}},
		{"what befell all that were counted is not what was counted", "某某低保412户806人应保尽保，建议、提案126件全部办复。", []string{"某某低保|eq 412 户", "某某低保|eq 806 人", "建议、提案|eq 126 件"}},
		{"what befell all, if nothing else is named", "1326户5401人全部搬迁入住。", []string{"搬迁入住|eq 1326 户", "搬迁入住|eq 5401 人"}},
		{"a bound before the verb", "每个街道至少建成1家养老服务中心。", []string{"养老服务中心|ge 1 家"}},
		{"tenths are rates, in proverbs they are none", "旅游收入增长三成，七成以上的学校用上清洁能源，作风一成不变。", []string{"旅游收入|growth 30 %", "学校|ge 70 %"}},
		{"a class with a count in it", "150座级大飞机机身成功下线，30万千瓦级电站并网发电。", []string{"150座级大飞机机身", "30万千瓦级电站"}},
		{"a range whose unit is left out", "新增常住人口50—60万。", []string{"常住人口|range 500000~600000 人"}},
		{"a share behind a verb of giving", "民营经济贡献了60%以上的税收、80%以上的就业。", []string{"税收|ge 60 %", "就业|ge 80 %"}},
		{"thousands parted by blanks", "公路总里程达1 200 公里，人口1 200 万，建成2022年 120 个点位。", []string{"公路总里程|reach 1200 公里", "人口|eq 12000000 人", "点位|eq 120 个"}},
		{"units of trades", "发展食用菌1500余万棒，新增纱锭10万锭，养蜂2000群，帮扶300群众。", []string{"食用菌|gt 15000000 棒", "纱锭|eq 100000 锭", "养蜂|eq 2000 群"}},
		{"a quarter as a term, growth against the trend", "外贸出口逆势增长12%，二季度末前东湖大桥建成通车。", []string{"外贸出口|growth 12 %", "东湖大桥"}},
		{"a certificate is a title", "某某红茶获得国家农产品地理标志认证。", []string{"国家农产品地理标志认证"}},
		{"per cent in words", "工业增加值下降百分之五，农民收入增长百分之十二点五，参保率达到百分之百。", []string{"工业增加值|decline 5 %", "农民收入|growth 12.5 %", "参保率|reach 100 %"}},
		{"two references", "生产总值增速高于全省0.8个百分点、全市0.5个百分点。", []string{"生产总值增速|above 0.8 百分点", "生产总值增速|above 0.5 百分点"}},
		{"half-width full stops", "新建农村公路 1,200 公里,改造危桥 35 座.放映电影1.2万场.", []string{"农村公路|eq 1200 公里", "危桥|eq 35 座", "电影|eq 12000 场"}},
		{"new since the beginning of the year, and a second verb about the same things", "存款余额1860亿元，比年初新增156亿元。取消审批事项56项，下放32项。", []string{"存款余额|eq 186000000000 元", "存款余额|eq 15600000000 元", "审批事项|eq 56 项", "审批事项|eq 32 项"}},
		{"a capacity in a project's name is no item", "加快年产60万吨油料项目和110千伏输变电工程。", nil},
		{"magnitude words only as predicates", "服装产业产值过百亿元，千亿产业集群加快形成，千名干部下基层。", []string{"服装产业产值|gt 10000000000 元"}},
		{"a unit that is certain is filled in", "5.9万贫困群众搬出大山，人口达到55万。", []string{"贫困群众搬出大山|eq 59000 人", "人口|reach 550000 人"}},
		{"names, dates, ranks and slogans are none", "12月19日，4A级景区、G334、5G、世界500强、“一三六”思路、第6位、7×24小时、8+N、近3年、前10名。", nil},
		{"a term kept and a window looked back on", "高频事项15分钟办结，连续3年获好评。", []string{"高频事项|eq 15 分钟"}},
		{"two counts side by side", "实现136户412人脱贫。", []string{"脱贫|eq 136 户", "脱贫|eq 412 人"}},
		{"a second aim goes on with the predicate", "投资增长10%、力争12%。", []string{"投资|growth 10 %", "投资|growth 12 %"}},
		{"an age delimits the counted", "为全区5.6万名60周岁以上老人购买保险。", []string{"60周岁以上老人购买保险|eq 56000 名"}},
		{"what is reached", "管网覆盖98%的行政村。", []string{"行政村|eq 98 %"}},
		{"a range", "每个园区投资5－6亿元，增长6%—8%。", []string{"每个园区投资|range 500000000~600000000 元", "每个园区投资|growth_range 6~8 %"}},
		{"the number has the event, the examples none", "开工建设新开大街、香泰大路等23条道路。", []string{"道路|eq 23 条"}},
		{"joined full names are two milestones", "建成东湖中学、江岸实验学校。", []string{"东湖中学", "江岸实验学校"}},
		{"a shared head is one", "启动新区物流园区、会展中心项目建设。", []string{"新区物流园区、会展中心项目"}},
		{"work going on is no milestone", "推进老城改造，优化环境，打造开放高地，完成全年目标任务。", nil},
		{"what is only about to be, the plan as a whole, the nation's aim", "甲医院、乙医院即将建成，“十一五”规划圆满完成，开启全面建成小康社会的关键之年。", nil},
		{"a class of water, an air standard, a market that opens", "河水连续6年达到Ⅱ类，某某市实现空气质量二级达标，某某市场挂牌营业。", []string{"河水", "某某市", "某某市场"}},
		{"titles that share a head word", "成功创建国家卫生城市、环保模范城市，首个跨入全国百强县。", []string{"国家卫生城市", "环保模范城市", "全国百强县"}},
		{"a class that is kept, acceptance, reform that is no event", "河水连续6年保持Ⅱ类，某某机场通过行业验收，某某高铁开通运行，深化改革开放，“十四五”圆满收官。", []string{"河水", "某某机场", "某某高铁"}},
		{"a prize, a step from nothing, a record again", "某某公司获我省首个中国质量奖，国家实验室实现“零”的突破，出口连创新高。", []string{"我省首个中国质量奖", "国家实验室", "出口"}},
		{"the length of works is their number", "完成某某公路19.2公里的路基改造项目。", []string{"某某公路|eq 19.2 公里"}},
		{"an early completion is neither a decline nor an item", "甲水厂提前3个月建成投用，乙工程比计划提前15天完工，办理时限压缩3天。", []string{"甲水厂", "乙工程", "办理时限|decline 3 天"}},
		{"a mean over years has the subject before it", "生产总值9亿元，比上年增长7%，五年平均增长8%。", []string{"生产总值|eq 900000000 元", "生产总值|growth 7 %", "生产总值|growth 8 %"}},
		{"a rate told by its speed", "旅游收入以年均12%的速度递增，煤炭消费按每年3%以上的幅度下降。", []string{"旅游收入|growth 12 %", "煤炭消费|decline_ge 3 %"}},
		{"stages of what was counted, behind an amount", "实施项目31个，完成投资9亿元，竣工21个。", []string{"项目|eq 31 个", "投资|eq 900000000 元", "项目|eq 21 个"}},
		{"people by what they got", "有8万人与企业解除了合同。全区2万户、5万多人享受城乡低保。", []string{"与企业解除了合同|eq 80000 人", "城乡低保|eq 20000 户", "城乡低保|gt 50000 人"}},
		{"shares of two counts in turn", "甲类企业30家，乙类企业9家，分别占全省的3%、2%左右。", []string{"甲类企业|eq 30 家", "乙类企业|eq 9 家", "甲类企业|approx 3 %", "乙类企业|approx 2 %"}},
		{"a share of what a verb works on", "分三批取消了40%的审批事项。", []string{"审批事项|eq 40 %"}},
		{"a share in words, a standard of floods, a noun with a verb in it", "空气质量有一半以上天数达到国家标准。防洪标准由20年一遇提高到50年一遇。32个新增长点项目投产。", []string{"空气质量|ge 50 %", "新增长点项目|eq 32 个"}},
		{"income less, expenses more", "全区支出8亿元，增支2亿元。", []string{"全区支出|eq 800000000 元", "全区支出|growth 200000000 元"}},
		{"what was approved", "东环路通过国家立项，河道治理规划获得省政府批复，获批过境免签政策。", []string{"东环路", "河道治理规划", "过境免签政策"}},
		{"titles behind ordinals, in ranks, before the step of acceptance", "成为全省第二个国家卫生城市，进入全国优秀旅游城市行列，成功创建国家农产品质量安全县，甲镇创建省级卫生乡镇工作已通过考核，创业中心晋升为国家级，东山晋升为国家4A级旅游景区（点）。",
			[]string{"全省第二个国家卫生城市", "全国优秀旅游城市", "国家农产品质量安全县", "省级卫生乡镇", "国家级", "国家4A级旅游景区（点）"}},
		{"ranks that are no titles", "老龄工作进入全国先进行列，开放是发展的出路，东西两条铁路的建成打通了通道，法制宣传通过省级验收，全面完成“十五”计划。", nil},
		{"every village reached, all hardened, a train that runs", "实现了乡乡通油路和村村通公路，乡镇道路全部实现硬化，东山至海口旅游列车顺利开行，推进村村通工程。", []string{"乡乡通油路和村村通公路", "乡镇道路", "东山至海口旅游列车"}},
		{"names joined by 以及", "成立市县服务中心以及投诉中心、审批中心，组建疾控中心、卫生监督所和传染病院。", []string{"市县服务中心", "投诉中心", "审批中心", "疾控中心", "卫生监督所", "传染病院"}},
		{"works with a verb in their name, people by what came of them, thing and count of one verb", "城市提升项目完成投资6亿元。64户197人实现预脱贫。成立产业研究院和6支小分队。山林确权登记颁证基本完成，甲片区完成整改，甲加速器、乙孵化器建成运营。",
			[]string{"城市提升项目完成投资|eq 600000000 元", "预脱贫|eq 64 户", "预脱贫|eq 197 人", "产业研究院", "小分队|eq 6 支", "山林确权登记颁证", "甲片区", "甲加速器", "乙孵化器"}},
		{"a title taken off, ranks of towns, schools, a place that opens again, a plan in force, every village reached", "成功摘掉国家级贫困县帽子，甲镇跻身全国千强镇，甲县一中晋升为省级示范性高中，甲米获国家地理标志产品保护，甲博物馆恢复开放，乙街区开街迎客，县级国土空间规划获批实施，所有建制村通硬化路。",
			[]string{"国家级贫困县", "全国千强镇", "省级示范性高中", "国家地理标志产品保护", "甲博物馆", "乙街区", "县级国土空间规划", "建制村"}},
		{"acceptance under way, a pace, a purpose, a task without content", "竣工验收工作有序开展，投产达效步伐加快，为建成现代化强县而努力奋斗，完成改革任务。", nil},
		{"a policy named by how many points it has is no count of things", "出台稳增长30条、援企12条等措施，落实惠企利民25条，制定便民措施18条，整治河道3条。", []string{"便民措施|eq 18 条", "河道|eq 3 条"}},
		{"ranks told in places", "综合实力两年上升5个位次，跨越3个名次。", nil},
		{"a remark on how a sum was checked", "实际利用外资（验资）2亿元，建成甲小学（二期）2栋。", []string{"实际利用外资|eq 200000000 元", "甲小学（二期）|eq 2 栋"}},
		{"a threshold behind 上", "推进投资上5000万元的18个项目，产值上亿元的企业达到6家，投资上5000万元。", []string{"项目|eq 18 个", "产值上亿元的企业|reach 6 家", "投资|eq 50000000 元"}},
		{"who gives is not what is given", "完成市下达2万亩造林任务，县设立500万元人才资金，省级安排8000万元补助，市财政投入3亿元。", []string{"造林任务|eq 20000 亩", "人才资金|eq 5000000 元", "补助|eq 80000000 元", "市财政投入|eq 300000000 元"}},
		{"at least so many, in every place", "帮助困难家庭实现至少有1人就业，每村至少有2名医生。", []string{"困难家庭|ge 1 人", "医生|ge 2 名"}},
		{"names that share the word for the task only", "完成甲图书馆、乙纪念馆和老年大学建设任务，完成东河、西河整治任务。", []string{"甲图书馆", "乙纪念馆", "老年大学", "东河、西河整治任务"}},
		{"a place among so many of the area", "经济总量在全市12个县（区）中继续排名第二，在全省31个县中稳居前列。", nil},
		{"what a verb of forming brings, a line named by what it makes", "形成5公里沿江绿廊。甲公司新增60万套轴承生产线、乙产业园等项目建成运营，新增3条生产线。", []string{"沿江绿廊|eq 5 公里", "甲公司新增60万套轴承生产线、乙产业园等项目", "生产线|eq 3 条"}},
		{"a title won, a home that has a name, plans that experts pass", "成功争取全国首批县域商业示范县，安置房项目东湖家园主体建成，防洪规划通过专家评审，建成美丽家园。", []string{"全国首批县域商业示范县", "安置房项目东湖家园", "防洪规划"}},
		{"verbs that take turns", "培训3万人、转移2万人。", []string{"培训|eq 30000 人", "转移|eq 20000 人"}},
		{"titles, coverage, standards, steps, records", "我区被命名为全国双拥模范城，农村饮水安全全覆盖，河水达到国家四类标准，居民收入与经济增长同步，用电量创历史新高。", []string{"全国双拥模范城", "农村饮水安全", "河水", "居民收入", "用电量"}},
	})
}

// Times and kinds by the signs in the sentence.
func TestMoments(t *testing.T) {
	const frame = "一、2024年工作回顾\n%s\n二、2025年工作安排\n%s"
	for _, c := range []struct {
		name, review, plan string
		want               []string
	}{
		{"by the part", "改造小区3个。", "改造小区4个。", []string{"achievement 2024", "commitment 2025"}},
		{"the future in the review", "将改造小区3个。", "", []string{"commitment 2025"}},
		{"a year further off holds for the paragraph", "", "到2030年，生产总值达到80亿元。人口超过9万人。", []string{"commitment 2030", "commitment 2030"}},
		{"the plan period", "", "“十五五”末，生产总值达到80亿元。", []string{"commitment 2030"}},
		{"the next five years", "", "今后五年，生产总值达到80亿元。", []string{"commitment 2029"}},
		{"an earlier year in the review", "2022年，改造小区3个。", "", []string{"achievement 2022"}},
		{"a year that is only compared with", "产值比2020年增长9%。", "", []string{"achievement 2024"}},
		{"last year's base in the plan", "", "安排资金3亿元，比去年增加1亿元。", []string{"commitment 2025", "commitment 2025"}},
	} {
		res, err := Read(fmt.Sprintf(frame, c.review, c.plan), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range res.Statements {
			got = append(got, fmt.Sprintf("%s %d", s.Kind, s.Year))
		}
		if strings.Join(got, "; ") != strings.Join(c.want, "; ") {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// A report that is given in May tells of the spring in its review.
func TestThisYearSoFar(t *testing.T) {
	res, err := Read("——2020年5月28日在某县第十七届人民代表大会第五次会议上\n一、2019年工作回顾\n改造小区3个。\n今年以来，发放贷款3亿元。减免房租2万元。\n二、2020年工作安排\n改造小区4个。", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range res.Statements {
		got = append(got, fmt.Sprintf("%s %d", s.Kind, s.Year))
	}
	want := "achievement 2019; achievement 2020; achievement 2020; commitment 2020"
	if strings.Join(got, "; ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// An excerpt without headings whose year is known is read as a plan if it speaks of what is to be done only.
func TestExcerptOfAPlan(t *testing.T) {
	for text, want := range map[string]Kind{
		"改造老旧小区20个。力争新增就业3万人以上。":  Commitment,
		"地区生产总值增长5%左右。新增学位5000个。": Commitment,
		"改造老旧小区20个。生产总值同比增长5%。":   Achievement,
		"改造老旧小区20个。":              Achievement,
	} {
		res, err := Read(text, Options{Year: 2025})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range res.Statements {
			if s.Kind != want {
				t.Errorf("%s: %s is of kind %s, want %s", text, s.Text, s.Kind, want)
			}
		}
	}
}

// What stands before a report moves its statements and changes nothing else.
func TestPlaceIsNoPartOfMeaning(t *testing.T) {
	body := "一、2024年工作回顾\n改造小区3个，建成东湖中学。\n二、2025年工作安排\n力争产值增长5%以上。"
	want, err := Read(body, Options{})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		before := strings.Repeat(rapid.SampledFrom([]string{"\n", "各位代表！\n", "　　\n", "目　录\n"}).Draw(t, "line"), rapid.IntRange(0, 5).Draw(t, "times"))
		got, err := Read(before+body, Options{})
		if err != nil || len(got.Statements) != len(want.Statements) {
			t.Fatalf("%d statements, want %d, %v", len(got.Statements), len(want.Statements), err)
		}
		for i, s := range got.Statements {
			s.Start -= len([]rune(before))
			if s != want.Statements[i] {
				t.Fatalf("got %+v, want %+v", s, want.Statements[i])
			}
		}
	})
}
