package extract

import "unicode/utf8"

// finding is a milestone in the runes of its paragraph.
type finding struct {
	quote   span
	subject span // empty for the thing that the event before it was about
	verb    span
	rule    Rule
}

// milestones finds the milestones of a clause whose numbers are resolved.
func (e *reader) milestones(p *paragraph, c span, ns []number, m moment) {
	for _, s := range segments(p.r, c, ns) {
		if e.foreign = e.foreign || background(p.r, s); e.foreign {
			continue
		}
		if n := len(e.past); n > 0 && e.past[n-1].counted && s.a < s.b && p.r[s.a] == '被' && listCounted(p.r, e.past[n-1].span) {
			continue
		}
		for _, f := range findMilestones(p.r, s) {
			e.emitMilestone(p, f, m)
		}
	}
	e.past = append(e.past, clauseRead{c, holdsItem(ns)})
}

func (e *reader) emitMilestone(p *paragraph, f finding, m moment) {
	if f.subject.empty() {
		e.recall(p.r)
	} else {
		stage := words(p.r, f.subject)
		e.thing = stage
		if task(p.r, f.subject) && f.rule == RuleBringAbout { // 加快东湖水厂建设，|完成主体工程
			if e.recall(p.r); e.thing == stage && p.row != nil {
				e.thing = e.label
			}
			if e.thing != stage && e.thing != "" {
				e.thing += stage
			} else {
				e.thing = stage
			}
		}
	}
	if e.thing == "" && f.rule == RuleAll && len(e.carried) > 0 && e.sentence == e.now { // 剩余490名贫困人口…，确保全部脱贫
		e.thing = e.carried[len(e.carried)-1]
	}
	e.past = e.past[:0]
	if utf8.RuneCountInString(e.thing) < 2 || f.quote.empty() {
		return
	}
	s := Statement{
		Type: Milestone, Kind: m.kind, Year: m.year, Subject: e.thing,
		Action: words(p.r, f.verb), Rule: f.rule, Section: e.section(p),
	}
	e.inOwnWords(p, &s)
	f.quote.a = max(f.quote.a, f.quote.b-maxQuote)
	s.Start = p.src(f.quote.a)
	s.Text = string(e.src[s.Start:p.end(f.quote.b)])
	s.Confidence = confidence(s, nil, e.doc.certain())
	e.res.Statements = append(e.res.Statements, s)
}

// listCounted reports whether a clause is a list and its number, of which the next one tells what became: 甲、乙等10项改革，|被纳入试点.
func listCounted(r []rune, c span) bool {
	for i := c.b - 2; i > c.a; i-- {
		if r[i] == '等' && isDigit(r[i+1]) {
			return true
		}
	}
	return false
}

// maxQuote bounds the quotation of a milestone, in code points without blanks.
const maxQuote = 100

// segments cuts a clause where a new event begins behind an enumeration comma, and leaves out
// the stretches that a number already stands for. An attribute (总投资15亿元的…) stands for nothing else.
func segments(r []rune, c span, ns []number) []span {
	var out []span
	a, depth := c.a, 0
	for i := c.a; i < c.b; i++ {
		switch {
		case r[i] == '“' || r[i] == '（' || r[i] == '《':
			depth++
		case r[i] == '”' || r[i] == '）' || r[i] == '》':
			depth--
		case depth <= 0 && r[i] == '、' && (endsNumber(ns, i) || opensEvent(r, i+1, c.b) || endsEvent(r, a, i)),
			depth <= 0 && r[i] == '、' && contains(r[i:c.b], "全部") && opensEvent(r, a, i) && len(wholes(r, span{i + 1, c.b})) > 0, // 完成债务试点、|隐性债务全部化解
			depth <= 0 && r[i] == '和' && i+1 < c.b && isDigit(r[i+1]) && opensEvent(r, a, i) && hasHead(r, span{a, i}):           // 成立研究院和|6支小分队
			out = append(out, span{a, i})
			a = i + 1
		}
	}
	out = append(out, span{a, c.b})
	k := 0
	for _, s := range out {
		if !counted(r, s, ns) {
			out[k] = s
			k++
		}
	}
	return out[:k]
}

// ofWhole reports whether the length behind r is the whole one of a thing: 全长58公里的公路.
func ofWhole(r []rune) bool {
	return hasSuffix(r, "长") || hasSuffix(r, "长约") || hasSuffix(r, "长达") || hasSuffix(r, "面积") || hasSuffix(r, "占地")
}

func endsNumber(ns []number, i int) bool {
	for _, n := range ns {
		if n.item && n.qb == i {
			return true
		}
	}
	return false
}

// endsEvent reports whether what stands in [a, i) is a whole event: …全覆盖、…全覆盖.
func endsEvent(r []rune, a, i int) bool {
	k, _ := coverageWords.before(r[:i], i)
	if k == 0 {
		if n, tag := comeVerbs.before(r[:i], i); tag == 1 && n > 1 {
			k = n
		}
	}
	return k > 0 && i-k >= a+3
}

// opensEvent reports whether a verb of bringing about begins at i.
func opensEvent(r []rune, i, b int) bool {
	a, _ := strip(r[:b], i, b, false)
	k, _ := bringVerbs.at(r[:b], a)
	return k > 1 && k < b-a && !nounAfterVerb(r, a, a+k, b)
}

// counted reports whether a number in s stands for the event that s tells.
func counted(r []rune, s span, ns []number) bool {
	for _, n := range ns {
		if n.drop == "place" && n.a >= s.a && n.b <= s.b && !(hasHead(r, s) && opensEvent(r, s.a, s.b)) && !namedWork(r, span{n.b, s.b}) { // 山区26县, but 完成东坝等3乡供电工程
			return true
		}
		if n.item && n.a >= s.a && n.b <= s.b && !(n.dim != dimRate && n.qb < s.b && r[n.qb] == '的' && (!lengthUnit(n.unit) || ofWhole(r[s.a:n.qa]))) && !n.capacityOf(r, s) {
			return true
		}
	}
	return false
}

// namedWork reports whether what stands behind a place and its number is the rest of the name of a work and its event: 3县5乡|电网改造工程建成投运.
func namedWork(r []rune, s span) bool {
	k, tag := comeVerbs.before(r[:s.b], s.b)
	return tag == 1 && k > 1 && s.b-k > s.a+3 && headTag(r, span{s.a, trimAdverbs(r, s.a, s.b-k)}) == 2
}

// capacityOf reports whether n is the capacity of a thing that is named behind it by 的.
func (n number) capacityOf(r []rune, s span) bool {
	k, _ := capacityPrefix.before(r[s.a:n.qa], n.qa-s.a)
	return k > 0 && contains(r[n.qb:s.b], "的")
}

// findMilestones tries the constructions in turn, the most definite first.
func findMilestones(r []rune, s span) []finding {
	for s.b > s.a && (oneOf(r[s.b-1], "，；。、：—－-！") || r[s.b-1] == '等' && s.b > s.a+4 && !oneOf(r[s.b-2], "一二三平均同") && hasSuffix(r[s.a:s.b-1], "全覆盖")) {
		s.b--
	}
	if s.b-s.a < 4 {
		return nil
	}
	for _, try := range []func([]rune, span) []finding{titles, passes, hats, coverage, throughout, wholes, standards, steps, records, comesAbout, bringsAbout} {
		if fs := try(r, s); len(fs) > 0 {
			if halfQuoted(r, fs[0].subject) {
				return nil
			}
			return fs
		}
	}
	return nil
}

// halfQuoted reports whether a quotation begins in n and does not end there, so that n is a part of a slogan: “月月有开工，季季有竣工”.
func halfQuoted(r []rune, n span) bool {
	open := 0
	for _, c := range r[n.a:n.b] {
		switch c {
		case '“':
			open++
		case '”':
			open--
		}
	}
	return open > 0
}

// background reports whether another government is the one who acts: 国家出台了….
func background(r []rune, s span) bool {
	a := s.a
	if contains(r[s.a:s.b], "党中央") && contains(r[s.a:s.b], "决定") { // 党中央、国务院决定设立新区
		return true
	}
	for _, w := range []string{"一是", "二是", "三是", "四是"} {
		if reads(r[:s.b], a, w) {
			a += 2
		}
	}
	for _, w := range []string{"国家出台", "中央出台", "省政府出台", "国务院", "党中央", "国家启动"} {
		if reads(r[:s.b], a, w) {
			return true
		}
	}
	return false
}

// subjectBefore returns the noun phrase of r[a:b), which stands before a verb.
func subjectBefore(r []rune, a, b int) span {
	b = trimAdverbs(r, a, b)
	i, _ := strip(r, a, b, false)
	n := trimNoun2(r, afterAttribute(r, span{i, b}))
	if n.b-n.a > 2 && reads(r[:n.b], n.a, "将") {
		n.a++
	}
	return n
}

// afterAttribute drops the attributes with figures before a name: 总投资15亿元的农业公园.
func afterAttribute(r []rune, n span) span {
	for i := n.b - 3; i > n.a; i-- {
		if r[i] != '的' {
			continue
		}
		for j := n.a; j < i; j++ {
			if isDigit(r[j]) {
				return span{i + 1, n.b}
			}
		}
		return n
	}
	return n
}

// eventAdverbs stand between a thing and what becomes of it: 顺利收官, 全线开工, 主体竣工.
var eventAdverbs = newLexicon(
	group{1, `顺利 正式 成功 如期 按期 按时 提前 圆满 全面 全线 全部 全容量 基本 主体 整体 试验 加快 尽快 早日 尽早 年内 相继 陆续 先后 已
		均 也 即将 将 同步 一次性 率先 高质量 高标准 高效 总体 集中 建成并 并 实现 完成 今年 已于 将于 拟于 预计于 年底前 月底前 上半年 下半年 力争
		可 可望 预计 预计可 按计划 按要求 按进度 按时序 按时序进度 按序时进度 按节点 按时间节点
		确保 稳步 稳定 首次 有序 开始 投资 了 再 已经 部分 一期 全域 动态 保持 目标 得到 取得 “ 都 又 有望 全年 分期 年底 到期 秋季 春季 秋季学期 春季学期`, "the four texts, general usage"},
)

func trimAdverbs(r []rune, a, b int) int {
	for {
		if t := closingTime(r, a, b); t < b {
			b = t
			continue
		}
		if t := closingLead(r, a, b); t < b {
			b = t
			continue
		}
		k, _ := eventAdverbs.before(r[:b], b)
		if k == 0 || b-k < a || k == 1 && b-a == 2 && r[b-1] == '都' { // 望都|脱贫摘帽
			return b
		}
		if k == 2 && (hasSuffix(r[a:b], "一期") || hasSuffix(r[a:b], "主体") && b-a < 5) {
			return b
		}
		b -= k
	}
}

// closingLead returns where the lead of an early completion that ends r[a:b) begins (比计划|提前3个月), b if there is none.
func closingLead(r []rune, a, b int) int {
	i := b
	for _, w := range []string{"个月", "个季度", "个工作日", "天", "日", "年", "周", "月"} {
		if hasSuffix(r[a:b], w) {
			i -= len([]rune(w))
			break
		}
	}
	n := i
	for n > a && n > i-4 && (isDigit(r[n-1]) || chineseDigit(r[n-1]) || oneOf(r[n-1], "十半近多")) {
		n--
	}
	if i == b || n == i || !hasSuffix(r[a:n], "提前") {
		return b
	}
	n -= 2
	for _, w := range []string{"比计划", "较计划", "比原计划", "较原计划", "比预期", "较预期", "比规划"} {
		if hasSuffix(r[a:n], w) {
			return n - len([]rune(w))
		}
	}
	return n
}

// timeTails end a time that stands between a thing and what becomes of it: 6月底前, 三季度末, 2025年.
var timeTails = newLexicon(
	group{1, `月 月份 月初 月中旬 月上旬 月下旬 月底 月末 月前 月份前 月底前 月末前`, "general usage"},
	group{2, `季度 季度内 季度末 季度前 季度末前 季度底 季度底前`, "general usage"},
	group{3, `年 年初 年内 年底 年末 年前 年底前 年末前`, "general usage"},
)

// closingTime returns where a time begins that ends r[a:b), b if there is none.
func closingTime(r []rune, a, b int) int {
	if d := closingDate(r, a, b); d < b {
		return d
	}
	k, tag := timeTails.before(r[:b], b)
	if k == 0 || b-k <= a {
		return b
	}
	d := b - k
	for d > a && (isDigit(r[d-1]) || tag < 3 && oneOf(r[d-1], "一二三四五六七八九十")) {
		d--
	}
	switch n := b - k - d; {
	case n == 0 && tag == 3 && oneOf(r[d-1], "今明当本"):
		return d - 1
	case tag == 1 && (n == 1 || n == 2), tag == 2 && n == 1, tag == 3 && n == 4:
		return d
	}
	return b
}

// closingDate returns where a full date begins that ends r[a:b) (于2015年1月1日), b if there is none.
func closingDate(r []rune, a, b int) int {
	if b-a < 4 || r[b-1] != '日' {
		return b
	}
	d := b - 1
	for d > a && (isDigit(r[d-1]) || oneOf(r[d-1], "年月")) {
		d--
	}
	if d == b-1 || !contains(r[d:b], "月") {
		return b
	}
	for d > a && oneOf(r[d-1], "于在") {
		d--
	}
	return d
}

// vagueNouns are the aims that never become a thing (README: 打造…高地, 走在前列).
var vagueNouns = newLexicon(
	group{1, `大产业 高地 福地 沃土 格局 美丽家园 美好家园 幸福家园 宜居家园 和谐家园 精神家园 生态家园 绿色家园 温馨家园 平安家园 共同家园 共有家园 新家园 的家园 社会 强国 强省 强市 强县 强区 体系 机制 模式 局面 氛围 态势 合力 优势 增长点 增长极 增长级
		引擎 中国梦 样板 标杆 名片 品牌 共识 良性循环 大格局 新篇章 屏障 生态 环境 成效 水平 能力 作用 力度 步伐 目的地 首选地
		打卡地 聚集区 会客厅 后花园 梯队 矩阵 通道经济 关系 现代化 政府 队伍 大市场 使命 小康 承诺 蜕变 联合体 突破 跨越 转变
		转型 步子 场景 机遇 契机 机会 背景 应急响应 活动 成果 方式 理念 优良传统 精神 制度 办法 长城 中坚 主力军`, "README, general usage"},
)

// farAims are said of what a place wants to be in the world, not of a thing (基本建成具有全国影响力的产业创新中心).
var farAims = newLexicon(
	group{1, `影响力的 竞争力的 战略支点 国际一流 世界一流 国内一流 辐射力的 带动力的 吸引力的 话语权的 引领力的`, "provinces' aims of 2026"},
)

func vague(r []rune, n span) bool {
	if k, _ := farAims.in(r[n.a:n.b]); k > 0 {
		return true
	}
	k, _ := vagueNouns.before(r[:n.b], n.b)
	return k > 0 && n.b-k >= n.a
}

// generic are subjects that name nothing in particular.
func generic(r []rune, n span) bool {
	for _, w := range []string{"一批", "一大批", "一系列", "多个", "各项", "项目", "重点项目", "重点工程", "重大项目", "工程", "任务", "工作", "企业", "实事工程", "民生实事", "实事", "全市", "我市", "全县", "全区", "我们", "一个个"} {
		if words(r, n) == w {
			return true
		}
	}
	for _, w := range []string{"服务", "推动", "支持", "促进", "助力", "保障"} { // 服务|项目
		if k := len([]rune(w)); reads(r[:n.b], n.a, w) && n.b-n.a > k && generic(r, span{n.a + k, n.b}) {
			return true
		}
	}
	for _, w := range []string{"一批", "一大批", "一系列", "多个", "各项", "一个", "多项", "一些", "各类", "各级", "若干", "部分", "主要建设", "重点建设"} {
		if reads(r[:n.b], n.a, w) {
			return true
		}
	}
	return n.b-n.a < 3
}
