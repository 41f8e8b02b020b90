package extract

import "strings"

// list resolves numbers that stand side by side: 分别增长10%、15%、12%.
func (e *reader) list(p *paragraph, c span, fs []frame, m moment) {
	r, head := p.r, fs[0]
	spreadBound(p.r, fs)
	pred := head.side.pred
	level := pred != predNone && pred != predDo || head.n.dim == dimRate || head.side.bound == boundGt && head.n.a-head.side.boundAt > 1
	noun, verb := leftNoun(r, head.left, head.rest, level)
	at, tag := referenceIn(r, head)
	if at >= 0 {
		noun, verb = leftNoun(r, head.left, at, true)
		pred = tag
	}
	action := words(r, verb)
	if pred != predNone {
		action = words(r, head.side.predAt)
	}
	if i := multipleOf(r, head); i >= 0 { // 分别是上年的2.9倍和2倍
		noun, _ = leftNoun(r, head.left, i, true)
	}
	for i := noun.a + 1; i+2 < noun.b; i++ { // 教育支出、医疗支出|分别占财政支出的18%和9%
		if reads(r, i, "分别占") {
			noun.b = i
		}
	}
	subjects := align(dropRemark(words(r, noun)), len(fs))
	last := fs[len(fs)-1].n.qb
	switch {
	case pred == predNone && scopeFree(r, noun).empty() && last < c.b && r[last] == '的' && head.n.unit != fs[len(fs)-1].n.unit: // 对5405间、8万平方米的平房进行翻建
		if thing, _ := rightNoun(r, last, c.b); !thing.empty() {
			subjects = repeat(words(r, thing), len(fs))
		}
	case scopeFree(r, noun).empty() && peopleOf(fs) && befell(r, fs[len(fs)-1].n.qb) != "": // 5万户、13万人享受低保
		subjects = repeat(befell(r, fs[len(fs)-1].n.qb), len(fs))
	case noun.empty(), r[noun.a] == '占' && len(e.told) >= len(fs) && e.sentence == e.now: // 甲企业30家，乙企业9家，分别占全省的3%、2%
		subjects = e.aligned(len(fs))
	}
	if at >= 0 && len(subjects) != len(fs) {
		subjects = repeat(words(r, noun), len(fs))
	}
	if subjects[0] == "" {
		subjects = repeat(head.n.unit, len(fs))
	}
	for k, f := range fs {
		q := pred
		if f.side.pred != predNone {
			q = f.side.pred
		}
		op := f.op(q)
		if q == predNone {
			op = f.opOf(r, verb)
		}
		e.emit(p, f, subjects[k], action, op, RuleList, m)
	}
	e.carried, e.sentence = subjects, e.now
	for _, s := range subjects {
		e.tell(s)
	}
}

// peopleOf reports whether the numbers of a list count the people of one group: 5万户、13万人. They have no noun of their own.
func peopleOf(fs []frame) bool {
	for _, f := range fs {
		if f.n.dim != dimPeople && f.n.unit != "户" {
			return false
		}
	}
	return fs[0].n.unit != fs[1].n.unit
}

// multipleOf finds 是 in 是上年的2.9倍, -1 if it is not there.
func multipleOf(r []rune, f frame) int {
	b := f.side.boundAt
	if f.n.unit != "倍" || b <= f.left || r[b-1] != '的' {
		return -1
	}
	for i := f.left; i < b; i++ {
		if k, tag := predicates.at(r[:b], i); k > 0 && predKind(tag) == predIs || reads(r[:b], i, "相当于") {
			return i
		}
	}
	return -1
}

// referenceIn finds 分别高于全国、全省 before the head of a list, -1 if it is not there.
func referenceIn(r []rune, f frame) (int, predKind) {
	if f.n.dim != dimRate {
		return -1, predNone
	}
	for i := f.left; i < f.side.boundAt; i++ {
		if k, tag := referenced.at(r[:f.side.boundAt], i); (k == 2 || k == 1 && endsAim(r[i+k:f.side.boundAt])) && i+k < f.side.boundAt && !containsPredicate(r, i+k, f.side.boundAt) {
			return i, predKind(tag)
		}
	}
	return higherThan(r, f.left, f.side.boundAt)
}

// higherThan finds 比 in 分别比全国、全省和全市高, what stands right before the head of a list; -1 if it is not there.
func higherThan(r []rune, a, b int) (int, predKind) {
	last := b - 1
	if last > a && r[last] == '出' {
		last--
	}
	if last <= a || !oneOf(r[last], "高快多低慢少") {
		return -1, predNone
	}
	tag := predOver
	if oneOf(r[last], "低慢少") {
		tag = predUnder
	}
	for i := last - 2; i >= a && i > last-24; i-- {
		if oneOf(r[i], "，；") {
			break
		}
		if oneOf(r[i], "比较") && !(i > a && oneOf(r[i-1], "占同环对")) {
			return i, tag
		}
	}
	return -1, predNone
}

// spreadBound gives the bound behind the last number to all, unless one before has its own, and the bound
// before the first one if 分别 stands before it: 分别超过2%、5%.
func spreadBound(r []rune, fs []frame) {
	if b := fs[0].side; b.bound != boundNone && (hasSuffix(r[fs[0].left:b.boundAt], "分别") || b.bound == boundGt && fs[0].n.a-b.boundAt > 1 && sameUnit(fs)) {
		for _, f := range fs[1:] {
			if f.n.post == boundNone && f.side.bound == boundNone {
				f.n.post = b.bound
			}
		}
		return
	}
	last := fs[len(fs)-1].n
	for _, f := range fs[:len(fs)-1] {
		if f.n.post != boundNone {
			return
		}
	}
	for _, f := range fs[:len(fs)-1] {
		f.n.post = last.post
	}
}

// sameUnit reports whether all numbers of a list are of one unit: 先后突破5亿元、10亿元.
func sameUnit(fs []frame) bool {
	for _, f := range fs[1:] {
		if f.n.unit != fs[0].n.unit {
			return false
		}
	}
	return true
}

// aligned returns the carried subjects for a list of n numbers.
func (e *reader) aligned(n int) []string {
	if e.head != "" && strings.Contains(e.head, "、") { // 事故起数、死亡人数“双下降”，|分别下降25%和33%
		if parts := align(e.head, n); parts[0] != parts[n-1] {
			return parts
		}
	}
	if len(e.carried) == n {
		return e.carried
	}
	if k := len(e.told); k >= n {
		return append([]string(nil), e.told[k-n:]...)
	}
	subject := e.head
	if len(e.carried) > 0 {
		subject = e.carried[len(e.carried)-1]
	}
	if parts := align(subject, n); parts[0] != parts[n-1] {
		return parts
	}
	return repeat(subject, n)
}

func repeat(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

// align splits a subject into the n subjects of a list; all are the whole if it has not n parts.
func align(subject string, n int) []string {
	r := []rune(subject)
	if parts := pair(r, n); parts != nil {
		return parts
	}
	for _, marks := range []string{"、和与及", "、"} {
		if parts := splitList(r, marks); len(parts) == n {
			return shareTail(parts)
		}
	}
	return repeat(subject, n)
}

// pairs are words that stand for two subjects (wuwei-2021: 存贷款余额).
var pairs = []struct{ joint, first, second string }{
	{"存贷款", "存款", "贷款"},
	{"进出口", "进口", "出口"},
	{"城乡居民", "城镇居民", "农村居民"},
	{"城乡低保", "城市低保", "农村低保"},
	{"城乡", "城市", "农村"},
	{"国省干线", "国道", "省道"},
	{"中小学", "中学", "小学"},
	{"工农业", "工业", "农业"},
	{"供排水", "供水", "排水"},
	{"养老、医疗", "养老", "医疗"},
}

func pair(r []rune, n int) []string {
	if n != 2 || contains(r, "、") && !contains(r, "养老、医疗") || contains(r, "和") {
		return nil
	}
	for _, p := range pairs {
		if i := index(r, p.joint); i >= 0 {
			before, after := string(r[:i]), string(r[i+len([]rune(p.joint)):])
			return []string{before + p.first + after, before + p.second + after}
		}
	}
	return nil
}

func splitList(r []rune, marks string) [][]rune {
	var out [][]rune
	a, depth := 0, 0
	for i, c := range r {
		switch {
		case c == '“' || c == '（':
			depth++
		case c == '”' || c == '）':
			depth--
		case depth <= 0 && oneOf(c, marks) && i > a && !joinInside(r, i):
			out = append(out, r[a:i])
			a = i + 1
		case depth <= 0 && c == '以' && i+1 < len(r) && r[i+1] == '及':
			if i > a {
				out = append(out, r[a:i])
			}
			a = i + 2
		}
	}
	if a < len(r) {
		out = append(out, r[a:])
	}
	return out
}

// joinInside reports whether the 和, 与 or 及 at i belongs to a word: 和谐, 参与, 普及.
func joinInside(r []rune, i int) bool {
	switch r[i] {
	case '和':
		return i+1 < len(r) && oneOf(r[i+1], "谐平睦气") || i > 0 && oneOf(r[i-1], "共总温")
	case '与':
		return i > 0 && oneOf(r[i-1], "参") || i+1 < len(r) && oneOf(r[i+1], "会")
	case '及':
		return accessories(r, i+1) || i > 0 && oneOf(r[i-1], "普以涉") || i+1 < len(r) && oneOf(r[i+1], "时格以")
	}
	return false
}

// shareTail gives the parts of a list the head noun that only the last one has: 人参、食用菌全产业链产值,
// 国家级、部级创新平台, 食品、石化等产业增加值; and the first one's owner to a bare measure behind it.
func shareTail(parts [][]rune) []string {
	n := len(parts)
	last := parts[n-1]
	tail := tailOf(last)
	if i := index(last, "等"); i > 0 && len(last)-i > 3 {
		tail = string(last[i+1:])
		last = append(append([]rune{}, last[:i]...), last[i+1:]...)
	}
	out := make([]string, n)
	for i, p := range parts[:n-1] {
		out[i] = string(p)
		switch {
		case hasMeasureEnd(p):
		case industry(p, last):
			out[i] += "产业"
		case otherScope(p, last) != "":
			out[i] = overlap(out[i], otherScope(p, last))
		case sameClass(p, last) != "":
			out[i] += sameClass(p, last)
		case tail != "":
			out[i] += tail
		}
	}
	out[n-1] = string(last)
	if head := headOf(parts[0]); head != "" {
		for i := 1; i < n; i++ {
			if shortMeasure(parts[i]) && !standsAlone(parts[i]) {
				out[i] = head + out[i]
			}
		}
	}
	return out
}

// industry reports whether p is one of 一、二、三产业.
func industry(p, last []rune) bool {
	return oneOf(p[len(p)-1], "一二") && len(p) <= 2 && (hasPrefix(last, "三产") || hasPrefix(last, "第三产") || hasPrefix(last, "二产") || hasPrefix(last, "第二产"))
}

// overlap joins a and b without saying twice what ends a and begins b: 城市低保, 低保标准.
func overlap(a, b string) string {
	r, s := []rune(a), []rune(b)
	for k := min(len(r), len(s)); k > 0; k-- {
		if string(r[len(r)-k:]) == string(s[:k]) {
			return a + string(s[k:])
		}
	}
	return a + b
}

// otherScope returns what last says of its own scope, if p is another one: 城镇、农村|居民收入.
func otherScope(p, last []rune) string {
	for _, w := range []string{"农村", "城镇", "城市", "省外", "境外", "入境", "下游", "二产", "三产", "女性", "国有", "民营", "省级", "县级", "村级"} {
		if len(p) <= 4 && len(last) > 4 && hasPrefix(last, w) && !contains(last[len([]rune(w)):], string(p)) {
			if k := len([]rune(w)); len(p) >= 2 {
				return string(last[k:])
			}
		}
	}
	return ""
}

// sameClass returns what follows in last behind the letter that p ends in: 国家级 and 部级创新平台 share 创新平台.
func sameClass(p, last []rune) string {
	c := p[len(p)-1]
	if !oneOf(c, "级类型镇乡区线岗") {
		return ""
	}
	for i := len(last) - 2; i > 0; i-- {
		if last[i] == c {
			return string(last[i+1:])
		}
	}
	return ""
}

func hasMeasureEnd(r []rune) bool {
	k, _ := measureNouns.before(r, len(r))
	return k > 0
}

// standsAlone reports whether a measure needs nobody whose it is: 地区生产总值、|固定资产投资.
func standsAlone(r []rune) bool {
	switch string(r) {
	case "固定资产投资", "工业投资", "民间投资", "进出口", "财政收入", "财政总收入", "零售总额":
		return true
	}
	return false
}

func shortMeasure(r []rune) bool {
	k, _ := measureNouns.before(r, len(r))
	return k == len(r)
}

// headOf returns what stands before the measure in r: 建成区 in 建成区人口.
func headOf(r []rune) string {
	k, _ := measureNouns.before(r, len(r))
	if k == 0 || k == len(r) || hasSuffix(r, "生产总值") {
		return ""
	}
	return string(r[:len(r)-k])
}

// tails are measures with the modifiers that belong to them rather than to the thing measured.
var tails = newLexicon(
	group{1, `常住居民人均可支配收入 居民人均可支配收入 居民人均纯收入 居民人均收入 人均可支配收入 人均纯收入 贷款余额 存款余额 存贷款余额
		各项贷款 净入学率 毛入学率 入园率 参合率 综合参保率 保险参保率 基本医疗保险参保率 人均收入 消费价格指数 生产者价格 固定资产投资
		产业投资 普及水平 实验室 创新平台 技术企业 示范区 示范村 全产业链产值 产业链产值 总产值 产值 增加值 营业收入 主营业务收入
		销售收入 销售额 总量 总额 产量 产能 规模 投资 收入 支出 余额 排放量 排放总量 平均浓度 年均浓度 浓度 面积 人口 覆盖率 参保率 普及率 入学率
		毛入园率 达标率 办结率 综合利用率 利用率 巩固率 合格率 改造率 处理率 普及 保障标准 补助标准 标准 里程 装机 装机容量 数量
		运输周转量 周转量 客运量 货运量 客货运量 吞吐量 发电量 用电量
		比重 占比 增速 人次 经费 储量 存栏 出栏 存栏量 出栏量 增长率 研发投入 贡献率`, "jilin-2026, tongchuan-2010, general usage"},
)

func tailOf(r []rune) string {
	k, _ := tails.before(r, len(r))
	if words(r, span{len(r) - k, len(r)}) == "比重" { // 增加值占生产总值比重
		for i := len(r) - k - 1; i > 0; i-- {
			if r[i] == '占' {
				k = len(r) - i
				break
			}
		}
	}
	if j, _ := tails.before(r, len(r)-k); k > 0 && j > 1 { // 增加值|占比
		k += j
	}
	if k == 0 || k == len(r) {
		return ""
	}
	return string(r[len(r)-k:])
}
