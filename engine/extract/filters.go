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
		if attending(r, s, n) {
			return "attendance"
		}
		if n.b < s.b && r[n.b] == '制' { // 3人制篮球场
			return "class"
		}
		if n.unit == "位" && n.ranks(r, s) {
			return "rank"
		}
		if n.unit == "位" && rankBefore(r, s.a, n.a) || n.a > s.a && oneOf(r[n.a-1], "前第") {
			return "rank"
		}
	case dimRate:
		if n.a > s.a && r[n.a-1] == '前' && !hasSuffix(r[s.a:n.a], "提前") { // 入选排名前|1%
			return "rank"
		}
	case dimScore:
		if !scored(r, s.a, n.a) {
			return "score without a measure"
		}
	case dimSize:
		if (n.unit == "微米" || n.unit == "毫米" || n.unit == "厘米") && n.b < s.b && isHan(r[n.b]) && !oneOf(r[n.b], "以左的") && !predicateBefore(r, n.a) { // 3.5微米铜箔实现量产
			return "class"
		}
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

// attending reports whether n are the deputies of a meeting: 应到代表172人, 实到155人, 邀请全镇47名代表.
func attending(r []rune, s span, n *number) bool {
	a := n.a
	for a > s.a && n.a-a < 16 && !oneOf(r[a-1], "，；。") {
		a--
	}
	for _, w := range []string{"应到", "实到", "应出席", "实出席", "出席本次", "出席大会", "出席会议", "列席", "到会", "应参加", "实参加", "因事因病请假", "请假", "代表名额", "实有代表", "缺席会议", "缺席大会", "委员名额", "实有委员"} {
		if contains(r[a:n.a], w) {
			return true
		}
	}
	return reads(r[:s.b], n.b, "人大代表") && contains(r[a:n.a], "邀请") || reads(r[:s.b], n.b, "代表参加") || reads(r[:s.b], n.b, "代表与会") || reads(r[:s.b], n.b, "代表出席")
}

func (n *number) dropsCount(r []rune, s span) string {
	if n.unit == "次" && hasSuffix(r[s.a:n.a], "连续") { // 质量考核连续7次获得A级
		return "look-back window"
	}
	for i := n.b; i+1 < s.b && i < n.b+7; i++ { // 跨越3个千亿元台阶
		if n.unit == "个" && n.b < s.b && oneOf(r[n.b], "百千万亿") && (reads(r, i, "台阶") || reads(r, i, "大关")) {
			return "figure of speech"
		}
	}
	for i := n.b; i < s.b && i < n.b+24 && !oneOf(r[i], "，；。、"); i++ {
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
	if n.ofTopic(r, s) {
		return true
	}
	for i := n.a - 2; i >= s.a && i > n.a-14 && !oneOf(r[i], "，；。"); i-- { // 出台科技创新|21条
		if reads(r, i, "出台") && n.a-i > 3 {
			return !contains(r[i:n.a], "措施") && !contains(r[i:n.a], "政策") && !contains(r[i:n.a], "举措") && !contains(r[i:n.a], "意见") && !contains(r[i:n.a], "办法")
		}
	}
	for i := n.b; i+2 < s.b && i < n.b+60 && !oneOf(r[i], "，；。"); i++ {
		if r[i] == '等' && (isPolicy(r[i+1:], "措施") || isPolicy(r[i+1:], "政策") || isPolicy(r[i+1:], "举措")) {
			return true
		}
	}
	return false
}

// ofTopic reports whether what is to be brought forward stands right before n in a clause that sets up policies: 制定稳经济40条、推进工业高质量发展|36条.
func (n *number) ofTopic(r []rune, s span) bool {
	topic := false
	for _, w := range []string{"发展", "创新", "增长", "振兴", "转型", "复苏", "回升", "新政", "新政双"} {
		topic = topic || hasSuffix(r[s.a:n.a], w)
	}
	for i := n.a - 3; topic && i >= s.a && i > n.a-40 && !oneOf(r[i], "，；。"); i-- {
		if reads(r, i, "制定") || reads(r, i, "出台") {
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
		n.readAfterBound(r)
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
	if k, tag := predicates.before(r, n.a); k > 1 && (hasSuffix(r[:n.a], "增长") || hasSuffix(r[:n.a], "下降")) && (predKind(tag) == predGrow || predKind(tag) == predFall) && oneOf('.', string(n.value)) && len(n.value) < 6 && (n.b == s.b || oneOf(r[n.b], "，；。")) { // 增长16.2；
		n.unit, n.dim, n.bare = "%", dimRate, false
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
	if n.b < s.b && r[n.b] == '的' && (hasSuffix(r[s.a:n.a], "投资") || hasSuffix(r[s.a:n.a], "资金")) { // 投资3737万的整理工程
		n.unit, n.bare, n.dim = "元", false, dimMoney
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
	if k, tag := missingUnits.in(r[begin:end]); k > 0 && !(n.a > s.a && oneOf(r[n.a-1], "由从")) {
		return fill(tag)
	}
	start := n.a
	for start > s.a && !oneOf(r[start-1], "，；：。") && start > n.a-20 {
		start--
	}
	if k, tag := missingUnits.in(r[start:n.a]); k > 0 && (end == begin || predicateBefore(r, n.a) || oneOf(r[n.a-1], "由从")) {
		return fill(tag)
	}
	for start > s.a && r[start-1] != '；' && start > n.a-30 {
		start--
	}
	if k, _ := predicatesAfter.at(r[:s.b], begin); end == begin || k > 0 {
		if k, _ := sums.in(r[start:n.a]); k > 0 { // 收入任务174万，完成198万
			n.unit, n.bare, n.dim = "元", false, dimMoney
			return ""
		}
	}
	return "no unit"
}

// sums are the measures of money whose 元 is left out.
var sums = newLexicon(
	group{1, `收入 支出 财政预算 总产值 工业产值 产业产值 农业产值 生产总值 增加值 零售额 销售额 交易额 成交额 营业额 营收 产业规模 税收 投资 存款 贷款 利润 资金`, "reports of townships"},
)
