package extract

// What never is a number item (README, "Never a number item").

// codeDrop says why the digits r[a:b) belong to a name or code: T800, 4A, 5G, 8+N, 7×24, 第5, 10:30.
func codeDrop(r []rune, a, b int) string {
	if a > 0 {
		p := r[a-1]
		switch {
		case isLetter(p) || oneOf(p, "+×*/#&@_=ⅠⅡⅢⅣⅤ"):
			return "code"
		case p == '第':
			return "ordinal"
		case p == '.':
			return "code"
		case oneOf(p, "-—–－") && a > 1 && isLetter(r[a-2]):
			return "code"
		}
	}
	if b >= len(r) {
		return ""
	}
	q := r[b]
	if oneOf(q, "+×*/＋") {
		return "code"
	}
	if isLetter(q) && !unitFollows(r, b) {
		return "code"
	}
	if isLetter(q) {
		if n, _ := units.at(r, b); b+n < len(r) && isASCIIWord(r[b+n]) {
			return "code"
		}
	}
	return ""
}

// codeEnd returns the end of the code that goes on at i.
func codeEnd(r []rune, i int) int {
	for i < len(r) && (isASCIIWord(r[i]) || oneOf(r[i], "+×/.＋*") && i+1 < len(r) && (isASCIIWord(r[i+1]) || isHan(r[i+1]) && r[i] != '.')) {
		i++
	}
	return i
}

// quoted marks the runes of r[s.a:s.b) that stand in quotation marks or title marks.
func quoted(r []rune, s span) []bool {
	in := make([]bool, s.b-s.a)
	depth, from := 0, 0
	for i := s.a; i < s.b; i++ {
		switch r[i] {
		case '“', '《', '〈':
			if depth == 0 {
				from = i
			}
			depth++
		case '”', '》', '〉':
			if depth == 0 {
				continue
			}
			if depth--; depth == 0 {
				for k := from; k <= i; k++ {
					in[k-s.a] = true
				}
			}
		}
	}
	return in
}

// lookback are the words before a number of years that make it a window into the past or a plan's length.
var lookback = newLexicon(
	group{1, `近 过去 连续 连年 最近 前 历时 时隔 创 自 持续 已连续 未来 今后 每 第 任期 届满 成立 建党 建国 建市 改革开放 实施 这 整整 长达 一晃 十 经过 历经 近期 为期 以来 前后`, "README, wuwei-2021"},
)

// timeWork are the words behind a duration that make it a term promised or kept: 15分钟办结.
var timeWork = newLexicon(
	group{1, `办结 内办结 以内办结 之内办结 内完成 内办理 办理 办成 内办成 完成 内送达 内到达 到达 内响应 响应 内答复 答复 内回复 内处置
		时间 的努力 努力 左右时间 左右的时间 的时间 时限 领证 拿证 拿到 取证 开办 内开办 审批 出证 即可 办好 内办好 办照 立等可取
		快办 内反馈 内解决 内拨付 内审结 内签约 以内 工期`, "README, tongchuan-2010, erdao-2022"},
)

// circles are the nouns that make a duration part of a name: 30分钟循环圈, 24小时自助.
var circles = newLexicon(
	group{1, `圈 生活圈 经济圈 通勤圈 交通圈 服务圈 循环圈 循环 行动 计划 规划 攻坚 攻坚战 倍增 滚动 自助 不打烊 服务 值守 值班 在线
		全天候 全天 热线 无休 制 期 前 来 间 以来 后 代 级 龄 免费 义务 大事 历史 的历史 发展历程 高新 专项 整治 提升 建设
		改造 贷款 国债 可达 直达 工作 任务 目标 中 度 货币 会战 大会战 待 保质 质保 试点 应急 监测 供水 行`, "README, erdao-2022"},
)

// capacityPrefix stands before what a plant makes or handles: 年产400万件.
var capacityPrefix = newLexicon(
	group{1, `年产 日产 月产 年产能 年加工 日处理 日加工 年处理 年生产 年屠宰 年出栏 日供水 日供 年发电 年吞吐 年出产 年新增产能 年出栏量 年存栏 日生产 年回收 年存储 年冶炼`, "erdao-2022, tongchuan-2010, jilin-2026"},
)

// projectNouns end the name of a project, in which a capacity is no item without 的.
var projectNouns = newLexicon(
	group{1, `项目 工程 生产线 装置 电站 机组 电厂 基地 线路 输变电 变电站 码头 泊位 产线 热电联产 矿井 煤矿 锅炉 电池 光伏 风电`, "tongchuan-2010, jilin-2026"},
)

// moneyNouns are nouns of money: 4亿元以上资金 is an amount, no threshold.
var moneyNouns = newLexicon(
	group{1, `资金 贷款 投资 融资 补助 补贴 债券 专项债 授信 奖补 资产 订单 红包 消费券 支持 财政 基金 产值 社会资本 信贷 税收 收入 营收 销售 合同 奖励`, "tongchuan-2010, general usage"},
)

// drops gives the reason why n is no item by what stands around it; empty if nothing speaks against it.
func (n *number) drops(r []rune, s span, in []bool) string {
	if n.drop != "" {
		return n.drop
	}
	if in[n.a-s.a] {
		return "quoted"
	}
	if noneOf(r[s.a:n.a]) {
		return "none of it"
	}
	switch n.dim {
	case dimRank, dimVoltage:
		return "class"
	case dimTime:
		return n.dropsTime(r, s)
	case dimPlace:
		return "place"
	case dimCount:
		return n.dropsCount(r, s)
	case dimPeople:
		if n.b < s.b && r[n.b] == '制' { // 3人制篮球场
			return "class"
		}
		if n.unit == "位" && n.ranks(r, s) {
			return "rank"
		}
		if n.unit == "位" && rankBefore(r, s.a, n.a) || n.a > s.a && oneOf(r[n.a-1], "前第") {
			return "rank"
		}
	case dimScore:
		if !scored(r, s.a, n.a) {
			return "score without a measure"
		}
	case dimSize:
		if n.unit == "度" && n.b < len(r) && (isHan(r[n.b]) && n.power10(r) == 0) {
			return "figure of speech"
		}
	}
	if n.bare {
		return n.dropsBare(r, s)
	}
	return ""
}

// noneOf reports whether a denial ends r, so that the number behind it counts nothing: 无|1人感染, 未发生|1起.
func noneOf(r []rune) bool {
	for _, w := range []string{"未发生", "没有发生", "未出现", "没有"} {
		if hasSuffix(r, w) {
			return true
		}
	}
	return hasSuffix(r, "无") && !hasSuffix(r, "有无")
}

func (n *number) dropsCount(r []rune, s span) string {
	for i := n.b; i+1 < s.b && i < n.b+7; i++ { // 跨越3个千亿元台阶
		if n.unit == "个" && n.b < s.b && oneOf(r[n.b], "百千万亿") && (reads(r, i, "台阶") || reads(r, i, "大关")) {
			return "figure of speech"
		}
	}
	for i := n.b; i < s.b && i < n.b+16 && !oneOf(r[i], "，；。、"); i++ {
		if reads(r, i, "之一") {
			return "rank"
		}
	}
	if amongPlaces(r, s.a, n.a) { // 在15个副省级城市中排名…
		for i := n.b; i < s.b && i < n.b+14 && !oneOf(r[i], "，；。"); i++ {
			if reads(r, i, "中排") || reads(r, i, "中位") || reads(r, i, "中列") || reads(r, i, "中居") || reads(r, i, "中继续排") || reads(r, i, "中连续") || reads(r, i, "中稳居") {
				return "rank"
			}
		}
	}
	if n.unit == "个" && (reads(r[:s.b], n.b, "位次") || reads(r[:s.b], n.b, "名次")) || n.unit == "条" && n.policyName(r, s) {
		return "rank or name"
	}
	switch n.unit {
	case "期", "路", "门", "层", "层楼", "吨级", "线", "厅", "室", "站", "班", "单", "对", "类", "款", "班级", "口", "点次", "枝", "卡", "次", "批":
		if n.a > s.a && r[n.a-1] == '第' {
			return "ordinal"
		}
	}
	if n.unit == "期" && n.b < s.b && isHan(r[n.b]) && len(n.value) < 2 || n.unit == "吨级" || n.unit == "路" && n.b < s.b && isHan(r[n.b]) {
		return "class"
	}
	if n.a > s.a && r[n.a-1] == '前' {
		return "rank"
	}
	return ""
}

// amongPlaces reports whether 在, and perhaps the area, stands before the count at b: 在|15个城市, 在全省|91个县.
func amongPlaces(r []rune, a, b int) bool {
	for _, w := range []string{"", "全国", "全省", "全市", "全区", "全县", "全州", "省内", "市内"} {
		if hasSuffix(r[a:b], "在"+w) {
			return true
		}
	}
	return false
}

// policyTopics end what a bundle of measures is named after, before the number of its clauses: 稳经济|47条, 助企纾困|22条.
var policyTopics = newLexicon(
	group{1, `稳经济 稳增长 促增长 稳投资 稳外贸 促消费 扩消费 助企 惠企 助企纾困 纾困 惠企利民 利企便民 降成本 减负 优化营商环境 营商环境 民营经济 复工复产 稳就业 稳岗 房地产 招商引资 人才新政`, "a county's report of 2023"},
)

// policyName reports whether a count of 条 is the name of a policy, not a count of things: 出台稳经济47条、助企22条等措施.
func (n *number) policyName(r []rune, s span) bool {
	if n.b < s.b && !oneOf(r[n.b], "、，；。等和及与”") || n.max != "" || n.pre != boundNone {
		return false
	}
	if k, _ := policyTopics.before(r[s.a:n.a], n.a-s.a); k > 0 {
		return true
	}
	for i := n.b; i+2 < s.b && i < n.b+60 && !oneOf(r[i], "，；。"); i++ {
		if r[i] == '等' && (isPolicy(r[i+1:], "措施") || isPolicy(r[i+1:], "政策") || isPolicy(r[i+1:], "举措")) {
			return true
		}
	}
	return false
}

// isPolicy reports whether noun stands within the first words of r: 一揽子政策, 系列措施.
func isPolicy(r []rune, noun string) bool {
	return contains(r[:min(len(r), 6)], noun)
}

// ranks reports whether the clause around a number of 位 speaks of ranks: 由39位提升到31位, 位次分别前移14位、3位和8位.
func (n *number) ranks(r []rune, s span) bool {
	for _, w := range []string{"提升", "上升", "跃升", "前移", "升至", "攀升", "下降", "降至", "晋升", "升到"} {
		if reads(r[:s.b], n.b, w) {
			return true
		}
	}
	a := n.a
	for a > s.a && !oneOf(r[a-1], "，；。") && n.a-a < 40 {
		a--
	}
	for _, w := range []string{"位次", "排名", "名次", "前移", "进位", "晋位", "升到", "提升到", "上升到"} {
		if contains(r[a:n.a], w) {
			return true
		}
	}
	return false
}

func rankBefore(r []rune, a, b int) bool {
	for _, w := range []string{"前移", "上升", "提升", "跃升", "第", "前进", "居", "列", "排名", "位次", "前", "晋升", "攀升", "跃居", "进位", "排", "至"} {
		if hasSuffix(r[a:b], w) {
			return true
		}
	}
	return false
}

func scored(r []rune, a, b int) bool {
	left := r[max(a, b-16):b]
	for _, w := range []string{"得分", "满意度", "评分", "测评", "指数", "均分", "考核", "总分", "成绩"} {
		if contains(left, w) {
			return true
		}
	}
	return false
}

// dropsBare lets a bare number pass if its unit can be filled in, if it is the level of an index, or a ratio a∶1.
func (n *number) dropsBare(r []rune, s span) string {
	if n.b+1 < s.b && oneOf(r[n.b], "∶:：") && r[n.b+1] == '1' && !(n.b+2 < s.b && (isDigit(r[n.b+2]) || oneOf(r[n.b+2], ".∶:"))) && (n.a == s.a || !oneOf(r[n.a-1], "∶:")) {
		n.unit, n.dim, n.bare = "比", dimTimes, false
		n.b += 2
		n.qb = n.b
		return ""
	}
	if n.word {
		return "figure of speech"
	}
	if n.power10(r) > 0 {
		return n.fillUnit(r, s)
	}
	if k, _ := bounds.before(r, n.a); k > 0 && n.a-k-2 >= s.a && (reads(r, n.a-k-2, "人数") || reads(r, n.a-k-2, "人口")) { // 上线人数突破2000
		n.unit, n.bare, n.dim = "人", false, dimPeople
		return ""
	}
	left := r[max(s.a, n.a-12):n.a]
	for _, w := range []string{"指数", "系数", "得分"} {
		if contains(left, w) && predicateBefore(r, n.a) {
			n.bare = false
			return ""
		}
	}
	return "no unit"
}

// fillUnit finds the unit of 5.96万高深山区群众 and 人口达到55万 by the noun that is counted.
func (n *number) fillUnit(r []rune, s span) string {
	fill := func(tag int) string {
		n.unit, n.bare, n.dim = missingNames[tag], false, dimPeople
		return ""
	}
	begin := n.b
	if k, _ := afterBounds.at(r, begin); k > 0 {
		begin += k
	}
	end := begin
	for end < s.b && !oneOf(r[end], "，、；：。") && end < n.b+14 {
		end++
	}
	if _, k, tag := missingUnits.in(r[begin:end]); k > 0 && !(n.a > s.a && oneOf(r[n.a-1], "由从")) {
		return fill(tag)
	}
	start := n.a
	for start > s.a && !oneOf(r[start-1], "，；：。") && start > n.a-20 {
		start--
	}
	if _, k, tag := missingUnits.in(r[start:n.a]); k > 0 && (end == begin || predicateBefore(r, n.a) || oneOf(r[n.a-1], "由从")) {
		return fill(tag)
	}
	for start > s.a && r[start-1] != '；' && start > n.a-30 {
		start--
	}
	if k, _ := predicatesAfter.at(r[:s.b], begin); end == begin || k > 0 {
		if _, k, _ := sums.in(r[start:n.a]); k > 0 { // 收入任务174万，完成198万
			n.unit, n.bare, n.dim = "元", false, dimMoney
			return ""
		}
	}
	return "no unit"
}

// sums are the measures of money whose 元 is left out.
var sums = newLexicon(
	group{1, `收入 支出 财政预算 总产值 税收 投资 存款 贷款 利润 资金`, "reports of townships"},
)

// dropsTime tells a duration promised or achieved from dates, windows and names.
func (n *number) dropsTime(r []rune, s span) string {
	left, right := r[s.a:n.a], r[n.b:s.b]
	if n.unit == "年" && n.max == "" && isYear(string(n.value)) || n.unit == "日" {
		return "date"
	}
	if n.unit == "年" && n.max != "" && isYear(string(n.max)) {
		return "date"
	}
	if hasSuffix(left, "提前") || hasSuffix(left, "提前了") || hasSuffix(left, "提早") { // 提前|3个月开工
		return "early completion"
	}
	if hasPrefix(right, "一遇") { // 防洪标准由20年|一遇提高到50年一遇
		return "class"
	}
	if k, _ := timeWork.at(right, 0); k > 0 {
		if b, _ := lookback.before(left, len(left)); b == 0 || n.unit != "年" {
			return ""
		}
	}
	if hasPrefix(right, "内") && (n.unit != "年" && n.unit != "个月" || promisedTerm(r, n.a)) {
		return ""
	}
	if b, _ := lookback.before(left, len(left)); b > 0 {
		if k, tag := predicates.before(left, len(left)); k <= b || predKind(tag) == predIs {
			return "look-back window"
		}
	}
	if k, _ := circles.at(right, 0); k > 0 {
		return "name"
	}
	if k, tag := predicates.before(left, len(left)); k > 0 && predKind(tag) != predIs && predKind(tag) != predDo {
		return ""
	}
	for _, w := range []string{"由", "从", "用", "再用", "力争通过", "通过", "缩短", "压缩", "天数", "时限", "时间", "仅需", "只需", "不超过", "周期", "时长", "超过", "日数", "为", "天数为", "寿命", "延长"} {
		if hasSuffix(left, w) {
			if n.unit == "年" && (w == "为" || w == "超过") {
				continue
			}
			return ""
		}
	}
	if n.unit == "课时" || n.unit == "学时" {
		return ""
	}
	if n.unit == "天" && contains(left[max(0, len(left)-10):], "天数") {
		return ""
	}
	return "time"
}

// promisedTerm reports whether a word of promise stands right before the term at b: 争取|3年内让矿山复绿.
func promisedTerm(r []rune, b int) bool {
	for _, w := range []string{"力争", "争取", "努力", "确保", "计划", "力争在", "争取在", "确保在", "计划在"} {
		if hasSuffix(r[:b], w) {
			return true
		}
	}
	return false
}

func isYear(s string) bool {
	return len(s) == 4 && (s[:2] == "19" || s[:2] == "20" || s[:2] == "21")
}

// threshold reports whether n only delimits the thing that is counted (5000万元以上项目50个;
// 年产值超3亿元的企业20家), rather than measure it. more says that a further number follows in the clause.
func (n *number) threshold(r []rune, c span, more bool) bool {
	right := r[n.qb:c.b]
	if n.dim == dimMoney && (n.post == boundGe || n.pre == boundGt) && len(right) > 1 && isDigit(right[0]) { // 其中10亿元以上|5个
		if k, ok := digitNumber(r[:c.b], n.qb); ok && k.drop == "" && !k.bare && k.dim == dimCount {
			return true
		}
	}
	if len(right) == 0 || !isHan(right[0]) && right[0] != '“' {
		return false
	}
	if n.dim == dimSize && n.qa > c.a+3 && superlative(r[c.a:n.qa]) && right[0] != '的' { // 全球最高10米液压支架
		return true
	}
	if n.post != boundNone && n.dim != dimRate && n.dim != dimTime && right[0] != '的' && contains(right, "全部") && !directObject(r, c, n.qa) { // 20户以上自然村全部…
		return true
	}
	if n.post != boundNone && n.dim != dimRate && afterCount(r, n.qa) { // 230个50户以上村寨
		return true
	}
	if k, _ := moneyNouns.at(right, 0); k > 0 && n.dim == dimMoney && n.post != boundNone {
		return false
	}
	de := right[0] == '的'
	switch {
	case de && n.dim == dimMoney && n.qa > c.a+1 && (r[n.qa-1] == '上' || n.word && r[n.a] == '上') && more: // 投资上千万元的|30个项目
		return true
	case n.post != boundNone && !de:
		if k, _ := predicatesAfter.at(right, 0); k > 0 {
			return false
		}
		return n.dim == dimMoney || n.dim == dimAge || n.dim == dimSize && !directObject(r, c, n.qa) || n.dim == dimTime && !isWork(right) && !promisedTerm(r, n.a) || more
	case n.post != boundNone && de:
		return n.dim != dimRate && !aimNoun(right[1:]) && (n.dim != dimCount || more)
	case n.pre != boundNone && n.pre != boundApprox && de:
		return !totalBefore(r[c.a:n.qa]) && !aimNoun(right[1:]) && (more || n.dim != dimRate)
	case n.pre == boundGt && n.word && !de:
		return n.dim == dimMoney && !aimNoun(right)
	case n.pre != boundNone && !de && n.dim == dimMoney:
		k, _ := moneyNouns.at(right, 0)
		w, _ := predicatesAfter.at(right, 0)
		return k == 0 && w == 0 && more
	case n.dim == dimAge && !de:
		k, _ := predicates.at(right, 0)
		return k == 0 && (!measureBefore(r[c.a:n.qa]) || n.qa > c.a && r[n.qa-1] == '为' && n.max != "") // 为0-6岁儿童
	}
	return false
}

// superlative reports whether r ends in a word that makes the figure behind it part of a name: 全国最大|15兆瓦机组.
func superlative(r []rune) bool {
	for _, w := range []string{"最高", "最大", "最长", "最深", "首台", "首个", "首艘", "首座"} {
		if hasSuffix(r, w) {
			for _, v := range []string{"全球", "全国", "世界", "国内", "亚洲", "全省"} {
				if hasSuffix(r[:len(r)-2], v) {
					return true
				}
			}
		}
	}
	return false
}

// afterCount reports whether a count with its classifier ends at i.
func afterCount(r []rune, i int) bool {
	return i > 1 && oneOf(r[i-1], "个户家名所座处条") && (isDigit(r[i-2]) || oneOf(r[i-2], "万千百余多"))
}

func isWork(right []rune) bool {
	k, _ := timeWork.at(right, 0)
	return k > 0 || hasPrefix(right, "内")
}

func measureBefore(left []rune) bool {
	k, _ := predicates.before(left, len(left))
	return k > 0
}

// aimNoun reports whether r begins with a noun for the level itself: 产值过百亿元的目标.
func aimNoun(r []rune) bool {
	end := 0
	for end < len(r) && !oneOf(r[end], "，；。、：") {
		end++
	}
	for _, w := range []string{"大关", "门槛", "关口", "台阶", "新台阶"} {
		if hasPrefix(r, w) {
			return true
		}
	}
	for _, w := range []string{"目标", "水平", "标准", "规模", "增速", "速度", "幅度", "增幅", "任务", "高位"} {
		if end <= 6 && hasSuffix(r[:end], w) {
			return true
		}
	}
	return false
}

func totalBefore(left []rune) bool {
	for i := len(left); i > 0 && i > len(left)-8; i-- {
		if left[i-1] == '总' || left[i-1] == '共' {
			return true
		}
	}
	return false
}

// directObject reports whether the amount at b is the object of a verb right before it: 完成10公里以上道路改造.
func directObject(r []rune, c span, b int) bool {
	k, _ := verbs.before(r[:b], b)
	return k > 0 && b-k >= c.a
}

// inName reports whether n is part of a project's name: 日产4500吨水泥熟料生产线, 60万吨赖氨酸等项目.
func (n *number) inName(r []rune, c span) bool {
	if n.dim != dimSize && n.dim != dimCount && n.dim != dimPeople || n.qb >= c.b || !isHan(r[n.qb]) || r[n.qb] == '的' {
		return false
	}
	k, _ := capacityPrefix.before(r[c.a:n.qa], n.qa-c.a)
	rest := r[n.qb:c.b]
	if k == 0 && n.unit != "条" && hasSuffix(r[c.a:n.qa], "新增") && ofLine(rest) { // 新增80万套线束|生产线
		return true
	}
	stop := len(rest)
	for i, ch := range rest {
		if isDigit(ch) || ch == '的' {
			stop = i
			break
		}
	}
	if k > 0 {
		_, p, _ := projectNouns.in(rest)
		return p > 0 && (stop == len(rest) || rest[stop] != '的')
	}
	_, p, _ := projectNouns.in(rest[:stop])
	if n.dim != dimSize || lengthUnit(n.unit) || directObject(r, c, n.qa) && p == 0 {
		return false
	}
	return p > 0 || contains(rest, "等") && n.pre == boundNone
}

// ofLine reports whether the noun at the front of r is a line that makes something.
func ofLine(r []rune) bool {
	for i := 0; i < len(r) && i < 14 && isHan(r[i]) && r[i] != '的'; i++ {
		if i > 1 && (reads(r, i, "生产线") || reads(r, i, "产线")) {
			return true
		}
	}
	return false
}

// lengthUnit reports whether a unit counts works rather than a capacity: 完成20公里管网改造工程 is an item.
func lengthUnit(u string) bool {
	switch u {
	case "公里", "千米", "米", "亩", "平方米", "平米", "平方", "公顷", "平方公里", "延米", "里":
		return true
	}
	return false
}
