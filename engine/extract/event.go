package extract

// bringVerbs take the thing that comes to be as object: 建成疾控中心, 启动…工程.
// Tag 2 marks those that may stand behind a subject (推动企业建成技术中心).
var bringVerbs = newLexicon(
	group{2, `建成 建成投用 建成运营 建成投运 建成启用 建成使用 建成投产 建成开放 建成通车 建好 完成 编制完成 全面完成 基本完成 全面建成 基本建成 如期完成 顺利完成 组建 成立 设立 启动 启动建设 启动实施 组建成立 下线`, "the four texts, README"},
	group{1, `开行 上线 上线运行 上线运营 上线启用 开工 开工建设 动工 动工建设 新开工 新开工建设 开工兴建 动工兴建 开建 竣工 完工 投产 投用 投入使用 投运 启用 签约 签约落地 开通 落成 正式启动
		开放 贯通 全线贯通 建成并投用 建成并投入使用 挂牌成立 揭牌 揭牌成立 新组建 获批设立 获批建设 获批筹建 新设 新设立 新成立 筹建成立 复工
		续建完成 竣工投用 竣工投产 收官`, "the four texts, README, general usage"},
)

// comeVerbs stand behind the thing that came to be. Tag 2 marks words that are verbs of this kind
// only with an adverb or a facility before them.
var comeVerbs = newLexicon(
	group{1, joined(fields("建成 竣工 建成并 建设完成并 竣工并"), "投用", "投运", "投产", "运营", "营运", "通车", "使用", "开放", "启用", "营业", "开业", "投入使用", "投入运营", "交付", "交付使用", "投入运行", "通航", "通水", "通气", "合龙", "贯通", "通水通航", "达产", "达效", "达产运营", "并网", "入驻", "开街", "开馆", "开园", "开诊", "招生"), "the four texts, general usage"},
	group{1, `全面建成 基本建成 开工 动工 开工建设 动工建设 启动建设 启动实施 建成 建成投用 建成投运 建成投产 建成运营 建成通车 建成使用
		建成开放 建成启用 建成并投入使用 建成并投用 建成交付 竣工 竣工投产 竣工验收 竣工通车 竣工投运 竣工投用 竣工交付 主体竣工 结顶 主体结顶
		主体完工 主体封顶 主体建成 封顶 完工 完工投用 投产 达产 达产运营 投产运营 投产达效 量产 满产 满产达效 达产满产 授牌 量产销售 量产上市 量产下线 投用 投入使用 投入运营 投入运行 投入生产 投入临床治疗 投入商业运营 投入商业运行 投入商运 投入商用 完成建设任务 完成建设 实现商业运营 投运
		投运使用 启用 投入试运行 试运行 试运营 开业 挂牌营业 正式营业 开港 开港运营 开港运行 开工兴建 动工兴建 开板 开市 完成铺设 完成安装 获批落地 开通运行 开园 开馆 开街 开诊 开学 开班招生 招生 通车 试验通车 通车运营 开通运营 通航
		首飞 全线贯通 贯通 开通 下闸蓄水 下线 收官 圆满收官 交付 交付使用 交付入住 落成 揭牌 挂牌 挂牌成立 揭牌成立 揭牌运营
		挂牌运营 揭牌运作 挂牌运作 揭牌运行 成立 组建 组建完成 组建运营 组建运行 挂牌运行 获批成立 获批创建 获批筹建 通车运行 开通首发 启动运行 启动运营 上线启用
		投产上市 建成上市 开建 挂牌运行 封关 封关运行 封关运营 获批立项 全线铺轨 铺轨贯通 截流 成功截流 送电成功 成功送电 倒送电 年内核准 年底前核准 获核准 获得核准 完成核准 合龙 开诊 获批 获批建设 获批设立 获批复 签约 签约入驻 签约落户
		签约落地 上线 上线运行 上线运营 建成上线 并网发电 并网 点火 通水 通气 通电 复航 通过竣工验收 获批实施 批复实施 获批启用 恢复开放 恢复运营 恢复通车 恢复运行 开街迎客 开园迎客 开馆迎客 开业迎客 开门迎客 开机 关停 脱贫摘帽 摘帽
		编制完成 完成改制 完成改造 完成征收 完成征拆 完成供地 实现供地 完成拆迁 完成征迁 完成迁建 完成移交 完成重组 完成脱钩 完成换届 完成整改 完成整治 完成治理 完成加固 完成修缮 完成组建 完成编制 完成验收 完成竣工验收 完成主体施工 完成搬迁 全面完成 如期完成 顺利完成 圆满完成 基本完成 建设完成 建成完工 出让 划定完成`, "the four texts, README, general usage"},
	group{1, joined(fields("建成 竣工 完工 改造完成 建设完成 验收"), "投入使用", "投入运营", "投入运行", "投入生产", "交付使用", "交付运营", "移交使用"), "a county's report of 2019"},
	group{1, joined(fields("实现常年 实现常态化 实现全年 实现季节性 实现正式 实现全线"), "开放", "通关", "运营", "通航", "通车", "通行", "开行", "运行", "供热", "贯通"), "a banner's report of 2018"},
	group{1, joined(joinedWords("获 获得 得到 取得 通过 喜获", "国家 国务院 省 省政府 省里 省上 市政府 自治区 自治区政府 国家发改委 省发改委 上级"), "批复", "批准", "同意", "同意开展前期工作", "批准设立", "批准建设", "批准成立", "批准筹建", "批复设立", "批复建设", "立项", "核准", "认定", "审批"), "cities' reports of 2006, 2014, 2019"},
	group{2, joined(joinedWords("通过 通过了", "国家 国家级 省 省级 自治区 自治区级 市 市级 省政府 省里 上级 部级 国家部委 第三方"), "验收", "检查验收", "考核验收", "评估验收", "督查验收", "考核评估", "评估", "复核", "复审", "复评", "复查", "认定", "认证", "核查", "考核", "普查"), "a city's report of 2009"},
	group{2, `通过验收 通过行业验收 通过国家验收 通过省级验收 通过评审 通过专家评审 通过项目评审 通过可研评审 通过环评 通过初步设计评审 通过论证 通过专家论证 通过审查 通过技术审查 通过鉴定 通过复审 通过省级评审 通过市级评审 通过国家评审 通过国家级评审 开行 启动 完成 开放 向公众开放 向社会开放 免费开放 对外开放 运营 全面实现 运行 设立 建立 上市 面世`, "the four texts, README"},
)

// bringsAbout finds 建成…, 开工…, 启动….
func bringsAbout(r []rune, s span) []finding {
	a, _ := strip(r, s.a, s.b, false)
	if k, _ := bringVerbs.at(r[:s.b], a); k > 0 {
		return brought(r, span{a, a + k}, s.b)
	}
	for i := a; i < s.b-3; i++ {
		k, tag := bringVerbs.at(r[:s.b], i)
		if k == 0 {
			continue
		}
		if tag == 2 && !inQuotes(r, s.a, i) && !oneOf(r[i-1], "的为") && !nounAfterVerb(r, i, i+k, s.b) {
			if fs := brought(r, span{i, i + k}, s.b); len(fs) > 0 {
				return behindSubject(r, s, i, fs)
			}
		}
		i += k - 1
	}
	return nil
}

// behindSubject lengthens the quotation of a milestone to the one who brings it about.
func behindSubject(r []rune, s span, at int, fs []finding) []finding {
	who := subjectBefore(r, s.a, at)
	if who.b > who.a && oneOf(r[who.a], "超逾近") { // 超过六成企业完成…
		return nil
	}
	if who.b-who.a >= 2 && who.b-who.a <= maxSubject {
		fs[0].quote.a = who.a
		if task(r, fs[0].subject) {
			fs[0].subject = span{who.a, fs[0].subject.b}
		}
	}
	return fs
}

// madeInto reports whether the verb at i says what a place is to become, which is an aim: 把我市|建成重要的生产基地.
func madeInto(r []rune, i int) bool {
	for j := i - 1; j > 0 && j > i-16 && isHan(r[j]); j-- {
		if oneOf(r[j], "把将") && !(r[j] == '将' && j == i-1) {
			return true
		}
	}
	return false
}

// task reports whether a noun is only the stage of a work whose name stands elsewhere: 主体施工.
func task(r []rune, n span) bool {
	for _, w := range []string{"主体", "前期", "基础", "封顶", "选址", "立项", "可研", "土建", "征地", "招标", "环评"} {
		if reads(r[:n.b], n.a, w) {
			return true
		}
	}
	for _, w := range []string{"改造", "扩建", "迁建", "升级", "扩容", "加固", "修缮"} { // 佳山铁路完成|提速改造
		if n.b-n.a <= 6 && hasSuffix(r[n.a:n.b], w) {
			return true
		}
	}
	return n.b-n.a < 4 || n.b-n.a <= 6 && hasSuffix(r[n.a:n.b], "验收") // 云岭水库完成|蓄水验收
}

func inQuotes(r []rune, a, i int) bool {
	depth := 0
	for ; a < i; a++ {
		switch r[a] {
		case '“', '《':
			depth++
		case '”', '》':
			depth--
		}
	}
	return depth > 0
}

// brought reads the objects of the verb v up to end.
func brought(r []rune, v span, end int) []finding {
	if nounAfterVerb(r, v.a, v.b, end) {
		return nil
	}
	for i := v.b; i+1 < end; i++ { // 建成…并投入使用
		if r[i] == '并' && !oneOf(r[i+1], "网行重购列") && !inQuotes(r, v.b, i) {
			end = i
			break
		}
	}
	if hasSuffix(r[v.a:v.b], "建成") && madeInto(r, v.a) {
		return nil
	}
	object := trimNoun2(r, span{v.b, end})
	if k := index(r[v.b:end], "完成"); k > 1 && !hasSuffix(r[v.a:v.b], "完成") && hasSuffix(r[:end], "工程量") { // 开工社区完成主要工程量
		return nil
	}
	if k, _ := comeVerbs.before(r[:object.b], object.b); k == object.b-object.a { // 建成|投入使用
		return nil
	}
	if object.b-object.a < 3 || vague(r, object) || generic(r, object) || sentenceLike(r, object) {
		return nil
	}
	if hasSuffix(r[v.a:v.b], "完成") && !ownContent(r, object) {
		return nil
	}
	parts := names(r, object)
	fs := make([]finding, len(parts))
	for i, n := range parts {
		fs[i] = finding{quote: n, subject: bareName(r, n), verb: v, rule: RuleBringAbout}
	}
	fs[0].quote.a = v.a
	fs[len(fs)-1].quote.b = max(fs[len(fs)-1].quote.b, object.b)
	return fs
}

// trimNoun2 trims marks without shortening: an enumeration may be long.
func trimNoun2(r []rune, n span) span {
	for n.a < n.b && oneOf(r[n.a], "、，：；的和与及并了） ") {
		n.a++
	}
	for n.b > n.a && oneOf(r[n.b-1], "、，：；的（ ") {
		n.b--
	}
	return n
}

// sentenceLike reports whether an object goes on into another predicate, so that it is no thing.
func sentenceLike(r []rune, n span) bool {
	if reads(r[:n.b], n.a, "取得") || reads(r[:n.b], n.a, "获得") || hasSuffix(r[n.a:n.b], "位推进") || hasSuffix(r[n.a:n.b], "力推进") || hasSuffix(r[n.a:n.b], "筹推进") { // 国家公园设立|取得进展, 成立领导小组|高位推进
		return true
	}
	for _, w := range []string{"的新", "以来", "之后", "后，", "情况", "为目标", "周年", "的五年", "的一年", "之年", "小康社会", "更加", "越来越", "努力奋斗", "不懈奋斗", "实现"} {
		if contains(r[n.a:n.b], w) {
			return true
		}
	}
	return false
}

// nounAfterVerb reports whether the verb r[a:b) is part of a noun: 建成区, 启动资金, 签约项目, 完成率.
func nounAfterVerb(r []rune, a, b, end int) bool {
	if b >= end {
		return true
	}
	if hasSuffix(r[a:b], "建好") && (reads(r[:end], b, "用好") || reads(r[:end], b, "管好") || reads(r[:end], b, "办好")) { // 建好用好…: care, no event
		return true
	}
	if k, _ := openNouns.at(r[:end], b); k > 0 && hasSuffix(r[a:b], "开放") {
		return true
	}
	for _, w := range []string{"空间", "格局", "水平", "型", "高地", "合作", "率", "后", "以来", "资金", "情况", "项目", "企业", "时间", "的", "仪式", "前", "面积", "比例", "进度", "里程", "商户", "工业", "之", "周年", "规模", "率先", "一批", "一大批", "了一批", "条件", "复产", "验收", "达效", "、", "，", "区", "是"} {
		if w == "区" && r[b-1] != '成' || w == "区" && hasSuffix(r[a:b], "完成") {
			continue
		}
		if reads(r[:end], b, w) {
			return w != "区" || !builtThing(r, b, end)
		}
	}
	return b+1 == end || hasSuffix(r[b:end], "率")
}

// openNouns stand behind 开放 where it is no verb: 推动|开放平台升级.
var openNouns = newLexicon(
	group{1, `平台 通道 大通道 经济 发展 门户 口岸 枢纽 体系 创新 环境 举措 政策 步伐 窗口 前沿 力度 优势 大局 战略 办学 共享 包容 式 度 新`, "a region's plan of 2026, general usage"},
)

// builtThing tells 建成|区疾控中心 from 建成区|面积.
func builtThing(r []rune, a, b int) bool {
	k, tag := facilityHeads.before(r[:b], b)
	return k > 1 && tag == 1 && b-k > a
}

// comesAbout finds …建成投运, …竣工, …收官.
func comesAbout(r []rune, s span) []finding {
	end := s.b
	for end > s.a && oneOf(r[end-1], "了”") {
		end--
	}
	k, tag := comeVerbs.before(r[:end], end)
	if k == 0 || end-k <= s.a {
		k, tag, end = innerEvent(r, s)
	}
	if k == 0 || end-k <= s.a {
		return nil
	}
	v := span{end - k, end}
	if k2, t := comeVerbs.before(r[:v.a], v.a); k2 > 1 && t == 1 && v.a-k2 > s.a { // 开工|达产
		v.a -= k2
	}
	noun := subjectBefore(r, s.a, v.a)
	noun.b = beforePlace(r, span{noun.a, beforeFigure(r, noun)})
	if n := noun.b - noun.a; n > 1 && n <= 8 && r[noun.b-1] == '前' && tag == 1 { // 收尾，确保|省运会前|投入使用
		return []finding{{quote: span{s.a, v.b}, verb: v, rule: RuleComeAbout}}
	}
	if noun.empty() && tag == 1 && v.a > s.a && (trimAdverbs(r, s.a, v.a) == s.a || openingPeriod(r, s.a, v.a) > s.a) { // 6月开工，三季度实现并网发电
		return []finding{{quote: span{s.a, v.b}, verb: v, rule: RuleComeAbout}}
	}
	stage := noun.b-noun.a == 2 && r[noun.b-1] == '期' && oneOf(r[noun.a], "一二三四五") && tag == 1 // 一期并网，|二期开工
	place := noun.b-noun.a == 2 && hasSuffix(r[v.a:v.b], "摘帽") && !generic2(r, noun)           // 望州|率先脱贫摘帽
	if !stage && !place && generic(r, noun) || vague(r, noun) || noun.b-noun.a > 2*maxSubject || verbsOnly(r, noun) {
		return nil
	}
	if reads(r[:s.b], s.a, "标志着") { // 标志着“十四五”胜利收官
		return nil
	}
	if hasSuffix(r[:v.a], "部分") && noun.b < v.a { // 交通设施|部分|完工
		return nil
	}
	if r[v.a-1] == '早' || reads(r, v.a-2, "即将") { // 在建项目早建成: a wish
		return nil
	}
	if w := words(r, v); w == "出让" && v.a == noun.b || w == "并网" && contains(r[noun.a:noun.b], "管网") { // 推进征地拆迁、土地出让; 供水管网延伸并网
		return nil
	}
	if hasPrefix(r[v.a:v.b], "签约") && s.a < v.a && oneOf(r[s.a], "与同和") { // 与…等企业签约: no thing
		return nil
	}
	if tag == 2 && !definite(r, noun, v) || words(r, v) == "开放" && hasSuffix(r[noun.a:noun.b], "改革") { // 深化改革开放
		return nil
	}
	if y, end := fiveYearEnd(r[:noun.b], noun.a); end == noun.b || y > 0 && string(r[end:noun.b]) == "规划" { // “十四五”圆满收官, “十三五”规划圆满收官
		return nil
	}
	if hasSuffix(r[v.a:v.b], "完成") && (!ownContent(r, noun) || !hasHead(r, noun) && !hasSuffix(r[noun.a:noun.b], "试点")) {
		return nil
	}
	if i := bringIn(r, noun); i >= 0 { // 建成A并投用: the verb stands in front
		return nil
	}
	noun = afterGoingOn(r, noun)
	parts := names(r, noun)
	fs := make([]finding, len(parts))
	for i, n := range parts {
		fs[i] = finding{quote: n, subject: bareName(r, n), verb: v, rule: RuleComeAbout}
	}
	fs[len(fs)-1].quote.b = v.b
	return fs
}

// afterGoingOn drops from the front of n what is said to go on: 基地项目全面建设、|首套装置.
func afterGoingOn(r []rune, n span) span {
	for i := n.b - 3; i > n.a; i-- {
		if r[i] != '、' {
			continue
		}
		for _, w := range []string{"全面建设", "加快建设", "抓紧建设", "有序建设", "加快推进", "稳步推进", "有序推进", "顺利推进", "扎实推进", "进展顺利"} {
			if hasSuffix(r[n.a:i], w) {
				return span{i + 1, n.b}
			}
		}
	}
	return n
}

// beforePlace returns where a name ends behind which a place is told: 云岭一号车型|在东湖量产.
func beforePlace(r []rune, n span) int {
	for i := n.b - 2; i > n.a+2 && i > n.b-8; i-- {
		if !isHan(r[i]) {
			return n.b
		}
		if r[i] == '在' && !oneOf(r[i-1], "存所现正实内旨好潜") && !oneOf(r[i+1], "建线岗职校园") {
			return i
		}
	}
	return n.b
}

// beforeFigure returns where a name ends that a figure without unit stands behind, as in the cells of a table: 云岭路|1.2|年底通车.
func beforeFigure(r []rune, n span) int {
	b, point := n.b, false
	for b > n.a && (isDigit(r[b-1]) || r[b-1] == '.') {
		b--
		point = point || r[b] == '.'
	}
	if !point || b-n.a < 2 || !isHan(r[b-1]) {
		return n.b
	}
	return b
}

// verbsOnly reports whether n lists nothing but verbs, so that the event is one more of them: 谋划、包装、开工.
func verbsOnly(r []rune, n span) bool {
	for i := n.b - 1; i > n.a; i-- {
		if r[i] == '、' {
			k, _ := verbs.at(r[:n.b], i+1)
			return k > 1 && i+1+k == n.b
		}
	}
	return false
}

// bringIn finds a verb of bringing about at the front of n, -1 if there is none.
func bringIn(r []rune, n span) int {
	if k, _ := bringVerbs.at(r[:n.b], n.a); k > 0 && !nounAfterVerb(r, n.a, n.a+k, n.b) {
		return n.a
	}
	return -1
}

// innerEvent finds a verb of coming about that is followed by another predicate: 竣工并交付, 建成投用，惠及….
func innerEvent(r []rune, s span) (length, tag, end int) {
	for i := s.a + 3; i+1 < s.b; i++ {
		if r[i] != '并' || oneOf(r[i+1], "网行购列重") {
			continue
		}
		if k, t := comeVerbs.before(r[:i], i); k > 0 && i-k > s.a {
			return k, t, i
		}
	}
	return 0, 0, s.b
}

// definite reports whether a weak verb (启动, 完成, 运营, 开放) tells an event: something stands before it that can be it.
func definite(r []rune, n, v span) bool {
	if hasHead(r, n) {
		return true
	}
	w := words(r, v)
	if hasPrefix(r[v.a:v.b], "通过") && n.b-n.a > 5 {
		for _, head := range []string{"均衡发展县", "均衡县", "示范县", "示范市", "普惠县", "普惠区", "普惠县创建", "普惠区创建", "均衡区", "达标县", "先进县", "县城", "城市", "城区", "强县", "强区"} { // 义务教育优质均衡发展县通过国家验收
			if hasSuffix(r[n.a:n.b], head) {
				return true
			}
		}
	}
	if w == "启动" && n.b-n.a >= 4 && (hasSuffix(r[:v.a], "全面") || hasSuffix(r[:v.a], "正式")) && !hasSuffix(r[n.a:n.b], "工作") && !hasSuffix(r[n.a:n.b], "活动") { // 大病保险全面启动
		return true
	}
	return (w == "全面实现" || w == "启动" || w == "完成") && n.b-n.a >= 6 && r[n.b-1] != '式' || w == "全面实现"
}
