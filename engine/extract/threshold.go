package extract

// Figures that only delimit what is counted, or belong to its name.

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

// threshold reports whether n only delimits the thing that is counted (5000万元以上项目50个;
// 年产值超3亿元的企业20家), rather than measure it. more says that a further number follows in the clause.
func (n *number) threshold(r []rune, c span, more bool) bool {
	right := r[n.qb:c.b]
	if n.dim == dimMoney && (n.post == boundGe || n.pre == boundGt) && len(right) > 1 && isDigit(right[0]) { // 其中10亿元以上|5个
		if k, ok := digitNumber(r[:c.b], n.qb); ok && k.drop == "" && !k.bare && k.dim == dimCount {
			return true
		}
	}
	if n.post != boundNone && len(right) > 1 && isDigit(right[0]) && (lengthUnit(n.unit) || n.dim == dimAge) { // 边境3公里以内|120个自然村
		if k, ok := digitNumber(r[:c.b], n.qb); ok && k.drop == "" && !k.bare && k.dim == dimCount {
			return true
		}
	}
	if len(right) == 0 || !isHan(right[0]) && right[0] != '“' {
		return false
	}
	if n.dim == dimMoney && n.pre == boundNone && n.post == boundNone && more { // 10亿元企业6家
		for _, w := range []string{"企业", "工业企业", "项目", "园区", "强村", "镇", "村", "税收企业", "级企业", "产值企业"} {
			if k := len([]rune(w)); hasPrefix(right, w) && len(right) > k && isDigit(right[k]) {
				return true
			}
		}
	}
	if n.dim == dimRate && n.ofOthers(r, c) {
		return true
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
	if n.max != "" && n.dim == dimMoney && more && (hasPrefix(right, "项目") || hasPrefix(right, "企业") || hasPrefix(right, "以上项目")) { // 1—10亿元|项目4个
		return true
	}
	de := right[0] == '的'
	switch {
	case de && n.dim == dimMoney && n.qa > c.a+1 && (r[n.qa-1] == '上' || n.word && r[n.a] == '上') && (more || hasDigit(r[c.a:n.qa])): // 投资上千万元的|30个项目, 7个投资上亿元的项目
		return true
	case n.post != boundNone && !de:
		if k, _ := predicatesAfter.at(right, 0); k > 0 {
			return false
		}
		return n.dim == dimMoney || n.dim == dimAge || n.dim == dimSize && !directObject(r, c, n.qa) || n.dim == dimTime && !isWork(right) && !promisedTerm(r, n.a) || more && !(n.dim == dimCount && ownNoun(right))
	case n.post != boundNone && de:
		return n.dim != dimRate && !aimNoun(right[1:]) && (n.dim != dimCount || more)
	case n.pre != boundNone && n.pre != boundApprox && de:
		return !totalBefore(r[c.a:n.qa]) && !aimNoun(right[1:]) && (more || n.dim != dimRate)
	case n.pre == boundGt && n.word && !de:
		return n.dim == dimMoney && !aimNoun(right)
	case n.pre != boundNone && len(right) > 1 && oneOf(right[0], "和与及") && (isDigit(right[1]) || chineseDigit(right[1])): // 分别突破5亿元|和3亿元
		return false
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

func hasDigit(r []rune) bool {
	for _, c := range r {
		if isDigit(c) {
			return true
		}
	}
	return false
}

// ownNoun reports whether the noun behind a count ends at an enumeration comma before the next number, so that it is counted
// itself: 建设5家左右验证中心、|10家左右中试平台.
func ownNoun(right []rune) bool {
	for i, c := range right {
		if isDigit(c) || oneOf(c, "的“，；") {
			return false
		}
		if c == '、' {
			return i > 2 && i+1 < len(right) && isDigit(right[i+1])
		}
	}
	return false
}

// ofOthers reports whether n is what somebody else asks for, not what was reached: 超过|自治区|85%|的要求.
func (n *number) ofOthers(r []rune, c span) bool {
	asked := false
	for _, w := range []string{"的要求", "的规定", "的标准", "的控制线", "的底线", "的平均水平", "的控制要求", "的考核要求", "的规定要求", "的达标要求"} {
		asked = asked || reads(r[:c.b], n.qb, w)
	}
	if !asked {
		return false
	}
	for i := n.qa - 3; i >= c.a && i > n.qa-14; i-- {
		if oneOf(r[i], "，；：、") {
			return false
		}
		if k, _ := referenced.at(r[:n.qa], i); k > 1 && i+k < n.qa-1 {
			return true
		}
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
		if end <= 6 && hasSuffix(r[:end], w) && (w != "任务" || end <= 4) { // 完成6处以上|试点改造任务: a count of works
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
		p, _ := projectNouns.in(rest)
		return p > 0 && (stop == len(rest) || rest[stop] != '的')
	}
	if n.dim != dimTime && listedWork(r[:n.qa], rest) {
		return true
	}
	p, _ := projectNouns.in(rest[:stop])
	if n.dim != dimSize || lengthUnit(n.unit) || directObject(r, c, n.qa) && p == 0 {
		return false
	}
	return p > 0 || contains(rest, "等") && n.pre == boundNone || n.sizeOfBuilt(r, c)
}

// sizeOfBuilt reports whether n is the size of a named work of which the clause tells that it came to be: 云岭公司|20万吨粮食储备库建成投产.
func (n *number) sizeOfBuilt(r []rune, c span) bool {
	if n.pre != boundNone || n.post != boundNone || n.qa-c.a < 2 || !isHan(r[n.qa-1]) || hasMeasureEnd(r[c.a:n.qa]) {
		return false
	}
	b := c.b
	for b > n.qb && oneOf(r[b-1], "，；。") {
		b--
	}
	k, tag := comeVerbs.before(r[:b], b)
	return tag == 1 && k > 1 && trimAdverbs(r, n.qb, b-k)-n.qb >= 3 && !holds(r[n.qb:b], "0123456789，、的")
}

// listedWork reports whether a number that stands inside a name is the size of a work in a list of works: 甲公司20万辆新能源汽车|扩产、乙炼化等项目.
func listedWork(before, rest []rune) bool {
	if !contains(rest, "等项目") && !contains(rest, "等工程") && !contains(rest, "等一批") || len(before) == 0 || !isHan(before[len(before)-1]) {
		return false
	}
	for i := 2; i < len(rest) && i < 16 && !oneOf(rest[i], "，；的"); i++ {
		if oneOf(rest[i], "、和等") {
			for _, w := range []string{"扩产", "扩能", "技改", "扩建", "改造", "搬迁", "迁建", "扩容"} {
				if hasSuffix(rest[:i], w) {
					return true
				}
			}
			return false
		}
	}
	return false
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
	case "公里", "千米", "米", "亩", "平方米", "平米", "平方", "公顷", "平方公里", "延米", "延长米", "里":
		return true
	}
	return false
}
