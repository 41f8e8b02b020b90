package extract

// sides is what stands on both sides of a number: the noun and verb before it, the noun it may
// count behind it, and what is said after that.
type sides struct {
	noun, verb   span
	left         span // noun, empty if it only names an area
	right, after span
	de           bool // 的 follows the number
	action       string
}

// look takes apart what stands on both sides of the number i; it may correct the number's predicate.
func (e *reader) look(r []rune, c span, fs []frame, i, end int) sides {
	f := &fs[i]
	s := e.lookLeft(r, fs, i)
	s.left = scopeFree(r, s.noun)
	behind := f.n.qb
	for j := i + 1; j < len(fs) && fs[j].n.qa == behind; j++ { // 136户412人
		behind, end = fs[j].n.qb, c.b
		if j+1 < len(fs) {
			end = fs[j+1].n.qa
		}
	}
	s.right, s.after = rightNoun(r, behind, end)
	if behind > f.n.qb && !s.right.empty() && (onlyPlace(r[s.noun.a:s.noun.b]) || hasSuffix(r[s.noun.a:s.noun.b], "城区") || hasSuffix(r[s.noun.a:s.noun.b], "片区")) { // 南部城区|12万平方米987套安置房
		s.left = span{s.noun.b, s.noun.b}
	}
	if k, tag := openers.at(r[:s.right.b], s.right.a); f.n.dim == dimPeople && k > 1 && tag == wordManner && s.right.a+k == s.right.b && s.after.a == s.right.b { // 2万人|稳定脱贫
		s.right.b = s.after.b
	}
	if f.n.dim == dimMoney && !s.right.empty() && spends(words(r, s.verb)) && bareVerb(r, s.right) { // 投入3亿元|实施10件实事
		s.right, s.after = span{s.right.a, s.right.a}, s.right
	}
	if f.bound() != boundNone && aimNoun(r[s.right.a:s.right.b]) && f.n.dim != dimRate { // 突破10万户大关
		s.right.b = s.right.a
	}
	if words(r, s.noun) == "免费" && f.side.pred == predIs { // 免费为80名老人体检
		s.noun.a = s.noun.b
	}
	if k, tag := predicates.at(r[:s.verb.b], s.verb.a); f.side.pred == predNone && s.verb.a+k == s.verb.b && (predKind(tag) == predGrow || predKind(tag) == predFall) && s.noun.b-s.noun.a > 2 { // 扩大种植面积至|8000亩
		if r[s.noun.b-1] == '至' || f.rest < f.side.boundAt && r[f.rest] == '到' {
			f.side.pred, f.side.predAt = predReach, s.verb
			if r[s.noun.b-1] == '至' {
				s.noun.b--
			}
			s.left = scopeFree(r, s.noun)
		}
	}
	s.de = f.n.qb < end && r[f.n.qb] == '的'
	if s.de && f.n.dim == dimRate && f.side.pred == predNone && f.n.qa > 0 && oneOf(r[f.n.qa-1], "和与及") && !s.right.empty() { // 所有市州和|98%的县市区
		s.noun, s.left = span{f.n.qa, f.n.qa}, span{f.n.qa, f.n.qa}
	}
	if end := s.noun.b; f.side.pred == predNone && s.noun.b > s.noun.a && end+1 == f.n.qa && r[end] == '的' && orders(r[s.noun.a:end]) && !s.right.empty() { // 国家下达|的110万人就业任务
		s.noun, s.left = span{end, end}, span{end, end}
	}
	if s.de && (hasSuffix(r[:f.n.qa], "下达") || hasSuffix(r[:f.n.qa], "下达了")) { // 下达了2万户的改造任务: what is counted stands behind
		s.de = false
	}
	if f.side.pred == predDo && f.n.dim == dimCount && f.side.bound == boundNone && !s.de && !s.right.empty() && !s.after.empty() && words(r, f.side.predAt) == "实现" { // 枢纽实现|4台机组|全部投产
		f.side.pred, s.verb = predNone, f.side.predAt
		s.noun, s.left = span{s.verb.a, s.verb.a}, span{s.verb.a, s.verb.a}
	}
	if s.de && lengthUnit(f.n.unit) && !s.verb.empty() && !s.right.empty() && onlyPlace(r[s.noun.a:s.noun.b]) { // 完成东村4公里的水泥路: a length of the road
		s.noun, s.left, s.de = span{s.noun.b, s.noun.b}, span{s.noun.b, s.noun.b}, false
	}
	if has(words(r, f.side.predAt)) && f.side.pred == predIs && (f.n.dim == dimCount || f.n.dim == dimPeople) && s.right.b-s.right.a > 2 && !s.de { // 核心区已有|11家意向单位
		f.side.pred, s.verb = predNone, f.side.predAt
		s.noun, s.left = span{s.verb.a, s.verb.a}, span{s.verb.a, s.verb.a}
	}
	if words(r, f.side.predAt) == "为" && f.n.dim == dimCount && !s.right.empty() && !s.de && bareVerb(r, s.noun) { // 整合为|243个项目
		f.side.pred, s.verb = predNone, s.noun
		s.noun, s.left = span{s.noun.b, s.noun.b}, span{s.noun.b, s.noun.b}
	}
	if v := madeBefore(r, f); !v.empty() && !s.de && f.side.pred == predNone && !s.right.empty() && s.noun.b > s.noun.a && s.noun.b <= v.b {
		s.noun, s.left, s.verb = span{v.a, v.a}, span{v.a, v.a}, v
	}
	if v := given(r, f); !v.empty() && f.side.pred == predNone && !s.right.empty() && (f.n.dim != dimMoney || endsInMoney(r[s.right.a:s.right.b])) {
		s.noun, s.left, s.verb = span{v.a, v.a}, span{v.a, v.a}, v
	}
	if improves(r, f.side) && (f.n.dim == dimCount || f.n.dim == dimPeople || f.n.dim == dimSize && reads(r, f.side.predAt.a, "加快")) && !s.right.empty() { // 提升40所普通高中办学能力: work done
		f.side.pred, s.verb = predNone, f.side.predAt
		s.noun, s.left = span{s.verb.a, s.verb.a}, span{s.verb.a, s.verb.a}
	}
	if s.noun.empty() && (f.side.pred == predDo || f.side.pred == predIs && !isLink(r, f.side.predAt)) { // 完成…, 为…: no measure before it
		f.side.pred, s.verb = predNone, f.side.predAt
	}
	s.action = words(r, s.verb)
	if f.side.pred != predNone {
		s.action = words(r, f.side.predAt)
	}
	return s
}

// has reports whether a predicate says what there is somewhere, so that what is counted stands behind.
func has(verb string) bool {
	return verb == "有" || verb == "已有" || verb == "现有" || verb == "共有" || verb == "拥有"
}

// madeBefore returns the verb of making right before an area or a length that is measured of the noun behind it:
// 汽车城|新增1.1万亩城镇开发边界.
func madeBefore(r []rune, f *frame) span {
	if f.n.dim != dimSize || !lengthUnit(f.n.unit) {
		return span{}
	}
	for _, w := range []string{"新增", "新建", "建成", "新建成", "新增加", "完成", "改造", "新改建", "修复", "治理", "盘活", "收储", "供应"} {
		if k := len([]rune(w)); f.n.qa-k > f.left && reads(r, f.n.qa-k, w) {
			return span{f.n.qa - k, f.n.qa}
		}
	}
	return span{}
}

// onlyPlace reports whether a noun phrase names a village or town and nothing in it.
func onlyPlace(r []rune) bool {
	n := len(r)
	return n > 1 && n < 8 && (oneOf(r[n-1], "村镇乡屯") || hasSuffix(r, "街道") || hasSuffix(r, "社区"))
}

// givers are the governments and purses that set something up, and giving what they do.
var (
	givers = newLexicon(
		group{1, `国家 中央 省 市 县 区 州 省里 市里 县里 区里 上级 本级 省级 市级 县级 区级 州级 镇级 财政 省财政 市财政 县财政 区财政 本级财政 市级财政 县级财政 区级财政
			各级财政 省市 省政府 市政府 县政府 区政府`, "a city's report of 2007"},
	)
	giving = newLexicon(
		group{1, `设立 安排 投入 拨付 下达 列支 配套 划拨 筹集 筹措 落实 统筹 吸引 撬动 引进 募集 融通 整合 争取 达成 初步达成 签订 签署`, "cities' reports of 2007, 2009"},
	)
)

// byMeans reports whether r[a:b) only says by what means, or with whom, something is done: 运用融资方式|吸引3亿元社会资本.
func byMeans(r []rune, a, b int) bool {
	if a < b && oneOf(r[a], "与同") { // 与建行|达成6亿元合作意向
		return true
	}
	for _, w := range []string{"运用", "采用", "采取", "通过", "利用", "以"} {
		if reads(r[:b], a, w) {
			return hasSuffix(r[a:b], "方式") || hasSuffix(r[a:b], "模式") || hasSuffix(r[a:b], "渠道") || hasSuffix(r[a:b], "机制") || hasSuffix(r[a:b], "形式")
		}
	}
	return false
}

// given returns the verb of giving right before the number of f, if nothing but a giver stands before that: 完成省|下达3万亩造林任务, 市|设立300万元基金.
func given(r []rune, f *frame) span {
	end := trimTrailing(r, f.left, f.n.qa, "了")
	k, _ := giving.before(r[f.left:end], end-f.left)
	if k == 0 {
		return span{}
	}
	v := span{end - k, end}
	if byMeans(r, f.left, v.a) {
		return v
	}
	a, _ := strip(r, f.left, v.a, true)
	g, _ := givers.at(r[:v.a], a)
	if to := a + g; to+2 < v.a && v.a-to < 8 && oneOf(r[to], "给向对为") && oneOf(r[v.a-1], "省市区县州旗镇乡") { // 市政府给我县|下达了2万户改造任务
		g = v.a - a
	}
	if (g == 0 || a+g != v.a) && a != v.a {
		return span{}
	}
	return v
}

// orders reports whether a noun phrase is only who sets a task: 国家下达, 市里确定.
func orders(r []rune) bool {
	for _, w := range []string{"下达", "确定", "分配", "核定", "要求", "规定"} {
		if hasSuffix(r, w) {
			k, _ := givers.at(r, 0)
			return k > 0 && k+len([]rune(w)) == len(r)
		}
	}
	return false
}

// endsInMoney reports whether a noun phrase is one of money: 专项创业资金.
func endsInMoney(r []rune) bool {
	k, _ := moneyNouns.before(r, len(r))
	return k > 0 || hasSuffix(r, "经费") || hasSuffix(r, "资本") || hasSuffix(r, "资金支持") || hasSuffix(r, "意向") || hasSuffix(r, "协议")
}

// improves reports whether the predicate is a verb of betterment, which counts things, not growth: 提升, 巩固提高.
func improves(r []rune, s side) bool {
	switch words(r, s.predAt) {
	case "提升", "提高", "增强", "拓展", "延长", "扩增", "加快":
		return true
	}
	return false
}

// lookLeft finds noun and verb before the number i.
func (e *reader) lookLeft(r []rune, fs []frame, i int) (s sides) {
	f := &fs[i]
	begin := from(r, fs, i)
	if e.taken > begin && e.taken <= f.rest { // the noun behind the number before is not this one's
		begin = e.taken
	}
	s.noun, s.verb = leftNoun(r, begin, f.rest, f.side.pred != predNone && f.side.pred != predDo || f.n.dim == dimRate)
	if f.side.pred != predNone || f.n.dim != dimRate {
		return s
	}
	if n, v := leftNoun(r, begin, f.rest, false); !n.empty() && f.opOf(r, v) != f.op(predNone) { // 压减一般性支出10%
		s.noun, s.verb = n, v
	}
	if b := f.side.boundAt; b > f.left && r[b-1] == '的' { // 达到耕地总面积的64%
		if at := reachIn(r, f.left, b-1); at > f.left {
			s.noun, _ = leftNoun(r, f.left, at, true)
			f.side.pred, f.side.predAt = predReach, span{at, at + 2}
		}
	}
	return s
}

// from returns where the text that belongs to the number i begins: behind the noun that the number before it counts.
func from(r []rune, fs []frame, i int) int {
	a := fs[i].left
	if i == 0 || oneOf(r[a], "、和与及以") {
		return a
	}
	for j := fs[i].rest - 1; j > a; j-- {
		if r[j] == '、' {
			return j + 1
		}
	}
	return a
}

// scopeFree returns the empty span for a noun that only names the whole area: 全市, 我区.
func scopeFree(r []rune, noun span) span {
	if noun.b-noun.a > 1 && oneOf(r[noun.a], "为对向给") {
		if s := scopeFree(r, span{noun.a + 1, noun.b}); s.empty() {
			return s
		}
	}
	switch words(r, noun) {
	case "对", "向", "为", "给", "在", "以", "按", "免费", "免费为", "帮助", "推动", "推进", "确保", "力争", "促进", "实现", "支持", "带动", "组织", "使", "让", "近", "已有", "共有":
		return span{noun.b, noun.b}
	case "全市", "全省", "全县", "全区", "全国", "全镇", "全乡", "全州", "全旗", "全盟", "我市", "我省", "我县", "我区", "城市", "农村", "城乡", "各地", "各类", "城区":
		return span{noun.b, noun.b}
	}
	if n := noun.b - noun.a; n > 1 && n < 5 && r[noun.a] == '每' && !hasMeasureEnd(r[noun.a:noun.b]) { // 每村|至少2名医生
		return span{noun.b, noun.b}
	}
	if noun.b > noun.a && r[noun.b-1] == '等' {
		return span{noun.b, noun.b}
	}
	return noun
}
