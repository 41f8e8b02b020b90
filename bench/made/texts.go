package made

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// What cases are made of; places and organisations are drawn, so that there is a long tail.
var (
	things = strings.Fields("路灯 井盖 雨水箅子 护栏 垃圾箱 公交站牌 电线杆 绿化带 人行道 消防栓 污水管 热力管道 健身器材 指示牌 电梯 单元门 天然气管 自来水管 充电桩 停车位 " +
		"广告牌 行道树 报刊亭 垃圾 积水 积雪 噪音 油烟 违建 占道")
	faults    = strings.Fields("不亮 破损 缺失 倾斜 堵塞 外溢 脱落 松动 漏水 积存 结冰 被占用 无人清理 反复出现 影响通行 存在隐患 冒水 断裂 锈蚀 塌陷")
	witnesses = strings.Fields("居民 老人 学生 商户 业主 司机 环卫工人 物业 路人 家长")
	says      = strings.Fields(`
		{thing}{fault}已经{n}天，{who}多次反映没有人处理。 小区东门口的{thing}{fault}，晚上经过的{who}都很担心。 请有关部门尽快到现场查看，该处{thing}{fault}，距离学校不足{n}米。
		上个月刚修过的{thing}又{fault}，维修质量请核实一下。 {who}说物业公司一直推给{firm}，{firm}又推给街道。 现场照片已经上传，车牌吉A{plate}的货车长期停在旁边。
		当天派单给{firm}处置，承办单位在{n}小时内到达并设置围挡。 经核查，{thing}{fault}的情况属实，已更换{n}处，恢复正常。 回访时{who}表示满意，希望今后加强巡查。
		联系人愿意配合，热线工单编号12345-{plate}。 {firm}答复称计划列入下一季度的改造，{who}要求给出具体日期。 降雪之后{thing}周边结冰，社区组织{who}清理，共出动{n}人次。
		取暖期开始以来室内温度只有{n}度，{who}家里还有孩子。 楼道灯感应失灵，夜里上楼只能摸黑。 早市摊贩把三轮车摆到机动车道上，公交车进不了站。
		凌晨两点工地还在浇筑混凝土，{who}无法休息。 井下有污水翻涌，气味刺鼻，苍蝇很多。 健身广场的音响开得太大，影响对面住户午休。
		幼儿园门前没有减速带，接送时段车辆拥堵。 老楼外墙保温板松动，刮风时往下掉碎块。 二次供水水箱多久清洗一次，水质报告在哪里公示。
		办理居住证需要哪些材料，窗口几点下班。 医保报销比例调整以后，慢性病门诊怎么结算。 装修垃圾堆在绿地旁边，没有人运走。
		电动车在单元门内飞线充电，存在火灾危险。 河道两侧芦苇枯死，漂浮物没有打捞。 乡道路面坑洼，下雨之后变成泥塘。
		拖欠农民工工资一事，劳动监察已经约谈{firm}。 快递柜超时收费，{who}认为没有事先告知。 烧烤店排烟管直对窗户，衣服都是油味。
		公园儿童滑梯的螺丝外露，划伤了{n}名孩子。 无障碍坡道被花箱挡住，轮椅过不去。 供电线路老化，空调一开就跳闸。
		请依据供热条例退还不达标期间的费用。 该案卷由监督员现场确认，拍照留存。 权属不清，指挥中心已组织{firm}和街道会商。
		施工围挡未贴公示牌，扬尘覆盖不到位。 大型犬不牵绳，追赶放学的小学生。 共享单车倒在盲道上，占了一半宽度。
		修缮资金从维修基金列支，业主代表签字同意。 雨污分流改造后，接户支管仍有{n}处没有接通。 临时停电通知只贴了一张，很多{who}没有看到。
		网格员入户走访，登记独居情况并留下联系卡。 树枝遮挡信号灯，司机要到跟前才看得见。 菜市场秤不准，缺斤少两问题要求复核。
		养老服务站的助餐点换了承包方，饭菜凉了。 抢险队关闭阀门，抽排积存的水，{n}小时后恢复通车。 处置不符合立案条件，退回重新研判。
		专家论证认为边坡稳定，建议继续监测。 历史建筑外立面修补要用原来的工艺。 夜间货运车辆绕行，噪声明显下降。`)
	syllables = []rune("安邦昌成诚达大德东鼎方丰福富光广国海和恒宏华辉汇嘉建健金锦景久君凯康乐利联隆龙美明铭宁鹏平启乾庆荣瑞润森盛世顺泰天同通万旺祥新鑫信兴旭亚阳业益永裕元源远悦云运泽展兆振正志中众卓")
)

// Writer writes what people report: about 200 characters, with a long tail of places and organisations.
type Writer struct{ streets, firms []string }

// NewWriter draws the places and organisations.
func NewWriter(r *rand.Rand) *Writer {
	return &Writer{names(r, 400, []string{"大街", "路", "胡同", "街"}), names(r, 8000, []string{"物业公司", "市政公司", "热力公司", "商贸公司", "小区", "市场"})}
}

// Report writes one report.
func (w *Writer) Report(r *rand.Rand) (title, body string) {
	thing, bad := zipf(r, things), zipf(r, faults)
	title = fmt.Sprintf("%s%s：%s%d号%s门前", thing, bad, zipf(r, w.streets), 1+r.IntN(300), pick(r, w.firms))
	var b strings.Builder
	for range 6 + r.IntN(6) {
		fill := strings.NewReplacer("{thing}", pick(r, []string{thing, zipf(r, things)}), "{fault}", zipf(r, faults), "{n}", fmt.Sprint(1+r.IntN(90)),
			"{plate}", fmt.Sprintf("%05d", r.IntN(100_000)), "{who}", zipf(r, witnesses), "{firm}", pick(r, w.firms))
		b.WriteString(fill.Replace(pick(r, says)))
	}
	return title, b.String()
}

func names(r *rand.Rand, n int, ends []string) []string {
	all := make([]string, n)
	for i := range all {
		s := ""
		for range 2 + r.IntN(2) {
			s += string(syllables[r.IntN(len(syllables))])
		}
		all[i] = s + ends[r.IntN(len(ends))]
	}
	return all
}

func pick(r *rand.Rand, all []string) string { return all[r.IntN(len(all))] }

// zipf picks the first ones most often.
func zipf(r *rand.Rand, all []string) string {
	i := int(float64(len(all)) * r.Float64() * r.Float64())
	return all[min(i, len(all)-1)]
}
