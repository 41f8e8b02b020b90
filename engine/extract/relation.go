package extract

// reference resolves a distance from another figure: 高于全市2个百分点, 比全国高1.2个百分点.
func (e *reader) reference(p *paragraph, f frame, m moment) bool {
	r, b := p.r, f.side.boundAt
	for i := f.left; i < b; i++ {
		k, tag := referenced.at(r[:b], i)
		if k == 0 || i+k >= b || i+k == b {
			continue
		}
		if k == 1 && predKind(tag) == predUnder && !endsAim(r[i+k:b]) { // 差目标2个百分点
			continue
		}
		if k == 1 && f.n.dim != dimRate && !(predKind(tag) == predOver && i == f.left && (f.n.dim == dimCount || f.n.dim == dimMoney) && endsAim(r[i+k:b])) || f.n.dim != dimRate && !endsPeriod(r[i+k:b]) && !endsAim(r[i+k:b]) && !(f.n.unit == "倍" && k == 2 && reads(r, i, "高于")) || containsPredicate(r, i+k, b) {
			continue
		}
		if (tag == int(predOver) && k == 2 && reads(r, i, "超过") || k == 1) && f.n.unit != "百分点" && f.n.unit != "倍" && !endsAim(r[i+k:b]) {
			continue
		}
		e.compare(p, f, i, predKind(tag), words(r, span{i, i + k}), m)
		return true
	}
	if f.side.pred != predNone && f.side.predAt.b-f.side.predAt.a > 1 {
		return false
	}
	// 比全国高1.2个百分点
	last := b - 1
	if last > f.left+2 && r[last] == '差' { // 距目标还差1.8个百分点
		for i := last - 1; i >= f.left && i > last-16; i-- {
			end := last
			for end > i && oneOf(r[end-1], "还尚仍相") {
				end--
			}
			if oneOf(r[i], "距离较比与") && endsAim(r[i+1:end]) {
				if i > f.left && r[i] == '离' && r[i-1] == '距' {
					i--
				}
				e.compare(p, f, i, predUnder, "差", m)
				return true
			}
		}
		return false
	}
	if last > f.left && r[last] == '出' {
		last--
	}
	if last <= f.left || !oneOf(r[last], "高快多低慢少") {
		return false
	}
	for i := last - 1; i >= f.left && i > last-16; i-- {
		if r[i] == '比' || r[i] == '较' {
			tag := predOver
			if oneOf(r[last], "低慢少") {
				tag = predUnder
			}
			e.compare(p, f, i, tag, words(r, span{last, b}), m)
			return true
		}
	}
	return false
}

// referenceAgain resolves the second of two references: 高于全省0.8个百分点、全市0.5个百分点.
func (e *reader) referenceAgain(p *paragraph, f frame, m moment) bool {
	r, b, n := p.r, f.side.boundAt, len(e.res.Statements)
	if f.n.unit != "百分点" || n == 0 || e.res.Statements[n-1].Rule != RuleReference || e.sentence != e.now || f.left >= b || !oneOf(r[f.left], "、和与") {
		return false
	}
	for _, w := range []string{"平均水平", "平均", "水平"} {
		if hasSuffix(r[f.left:b], w) {
			b -= len([]rune(w))
			break
		}
	}
	if b-f.left != 3 || r[f.left+1] != '全' || !oneOf(r[f.left+2], "国省市区县州盟旗") {
		return false
	}
	last := e.res.Statements[n-1]
	e.take(p, f, last.Subject, last.Action, last.Op, RuleReference, m)
	return true
}

// endsAim reports whether r names a plan that can be surpassed: 超年度计划28%.
func endsAim(r []rune) bool {
	for len(r) > 0 && oneOf(r[len(r)-1], "的数") {
		r = r[:len(r)-1]
	}
	for _, w := range []string{"计划", "目标", "预期", "任务", "预算", "进度", "指标"} {
		if hasSuffix(r, w) {
			return true
		}
	}
	return false
}

func containsPredicate(r []rune, a, b int) bool {
	for i := a; i < b; i++ {
		if oneOf(r[i], "，、；") && i+1 == b {
			return true
		}
	}
	k, _ := predicates.before(r[:b], b)
	return k > 1 && b-k >= a
}

func (e *reader) compare(p *paragraph, f frame, at int, tag predKind, action string, m moment) {
	noun, _ := leftNoun(p.r, f.left, at, true)
	subject := words(p.r, noun)
	if noun.empty() {
		if subject = e.head; len(e.carried) > 0 {
			subject = e.lately(f.n)
		}
	}
	if subject == "" {
		subject = action
	}
	e.take(p, f, subject, action, operator(tag, boundNone, false), RuleReference, m)
}

// multiple resolves 是“十二五”的1.8倍.
func (e *reader) multiple(p *paragraph, f frame, m moment) bool {
	r, b := p.r, f.side.boundAt
	if f.n.unit != "倍" || b <= f.left || r[b-1] != '的' {
		return false
	}
	for i := f.left; i < b; i++ {
		k, tag := predicates.at(r[:b], i)
		if k == 0 || predKind(tag) != predIs && predKind(tag) != predReach && !reads(r, i, "相当") {
			continue
		}
		noun, _ := leftNoun(r, f.left, i, true)
		subject := words(r, noun)
		if noun.empty() && len(e.carried) > 0 {
			subject = e.carried[len(e.carried)-1]
		}
		if subject == "" {
			subject = e.head
		}
		if subject == "" {
			return false
		}
		pred := predKind(tag)
		e.take(p, f, subject, words(r, span{i, i + k}), f.op(pred), RuleMultiple, m)
		return true
	}
	return false
}

// doubles resolves 实现翻番.
func (e *reader) doubles(p *paragraph, f frame, noun span, m moment) {
	subject := words(p.r, noun)
	if noun.empty() {
		if subject = e.head; len(e.carried) > 0 {
			subject = e.carried[len(e.carried)-1]
		}
	}
	if subject != "" {
		e.take(p, f, subject, "翻番", f.op(predGrow), RulePredicate, m)
	}
}

// beside returns how many numbers at the front count one thing side by side: 136户412人.
func beside(fs []frame) int {
	if len(fs) > 1 && fs[0].n.qb == fs[1].n.qa {
		return 2
	}
	return 1
}

// fromTo resolves a change of level (由20个工作日压缩至30分钟, 由136户412人减至9户20人) at the front
// of fs, and returns how many numbers it took, 0 if there is none.
func (e *reader) fromTo(p *paragraph, fs []frame, m moment) int {
	r, k := p.r, beside(fs)
	if len(fs) < 2*k || k != beside(fs[k:]) && k == 2 {
		return 0
	}
	f, g := fs[0], fs[k]
	at, qa := -1, trimPer(r, f.left, f.n.qa)
	for i := f.n.qa - 1; i >= f.left; i-- {
		if oneOf(r[i], "由从") {
			at = i
			break
		}
	}
	if at < 0 || !levelBefore(r, at+1, qa) {
		return 0
	}
	gap := r[fs[k-1].n.qb:g.side.boundAt]
	if g.side.pred != predReach && (len(gap) == 0 || !oneOf(gap[len(gap)-1], "到至为")) {
		return 0
	}
	noun, _ := leftNoun(r, f.left, at, true)
	subject := words(r, noun)
	if subject == "" {
		if subject = e.head; len(e.carried) > 0 && e.sentence == e.now {
			subject = e.carried[len(e.carried)-1]
		}
	}
	if subject == "" {
		return 0
	}
	action := words(r, g.side.predAt)
	for _, f := range fs[:k] {
		e.emit(p, f, subject, action, f.fromOp(), RuleFrom, m)
	}
	for _, g := range fs[k : 2*k] {
		e.take(p, g, subject, action, g.op(predReach), RuleTo, m)
	}
	return 2 * k
}

// before resolves the level before a change whose end is no number: 由3天缩短到半天.
func (e *reader) before(p *paragraph, f frame, end int, m moment) bool {
	r := p.r
	at := f.side.boundAt - 1
	if at <= f.left || !oneOf(r[at], "由从") {
		return false
	}
	to := f.n.qb
	if to == end && to < len(r) && r[to] == '，' { // 由0.9亿元，增长到2.1亿元
		to, end = to+1, len(r)
	}
	k, tag := predicates.at(r[:end], to)
	if k < 2 || predKind(tag) != predReach {
		return false
	}
	noun, _ := leftNoun(r, f.left, at, true)
	subject := words(r, noun)
	if noun.empty() {
		if subject = e.head; len(e.carried) > 0 && e.sentence == e.now {
			subject = e.carried[len(e.carried)-1]
		}
	}
	if subject == "" {
		return false
	}
	e.take(p, f, subject, words(r, span{to, to + k}), f.fromOp(), RuleFrom, m)
	return true
}

// fromOp is the operator of a level before a change: a range stays one (人口由50—60万增至100万).
func (f frame) fromOp() Op {
	if f.n.max != "" {
		return Range
	}
	return From
}

// levelBefore reports whether only the name of a period stands between 由 and the number.
func levelBefore(r []rune, a, b int) bool {
	if a >= b {
		return true
	}
	if b-a > 14 {
		return false
	}
	return r[b-1] == '的' || endsPeriod(r[a:b]) || oneOf(r[b-1], "原来前足近约余年过")
}

// pace resolves a rate of change that is told by its speed: 以年均25%的速度递增.
func (e *reader) pace(p *paragraph, f frame, m moment) bool {
	r, i := p.r, f.n.qb
	if f.n.dim != dimRate || f.side.pred != predNone {
		return false
	}
	for _, w := range []string{"的速度", "的幅度", "的增速", "的速率"} {
		if reads(r, i, w) {
			i += len([]rune(w))
			break
		}
	}
	for k, _ := trailers.at(r, i); i > f.n.qb && k > 0; k, _ = trailers.at(r, i) {
		i += k
	}
	k, tag := predicates.at(r, i)
	if i == f.n.qb || k < 2 || predKind(tag) != predGrow && predKind(tag) != predFall {
		return false
	}
	at := f.side.boundAt
	for at > f.left && at > f.side.boundAt-8 && !oneOf(r[at], "以按") {
		at--
	}
	if !oneOf(r[at], "以按") {
		return false
	}
	noun, _ := leftNoun(r, f.left, at, true)
	subject := words(r, noun)
	if subject == "" {
		if subject = e.spoken(f.n); subject == "" {
			return false
		}
	}
	e.take(p, f, subject, string(r[i:i+k]), f.op(predKind(tag)), RulePredicate, m)
	return true
}

// growths end a rate that is the attribute of the change itself: 20%以上的|快速增长.
var growths = newLexicon(
	group{int(predGrow), joined(fields("的 的快速 的高速 的较快 的高 的稳定 的平稳 的持续 的中高速 的正 的两位数 的同比"), "增长", "增长率", "增幅", "增速", "涨幅", "上涨"), "a city's report of 2009"},
	group{int(predFall), joined(fields("的 的同比 的大幅"), "下降", "降幅", "负增长"), "general usage"},
)

// paced resolves a rate in front of the change that it measures: 实现连续8个季度20%以上的快速增长, 保持了10%的增速.
// A change that something else comes of (10%的增长目标) is left to others.
func (e *reader) paced(p *paragraph, f frame, m moment) bool {
	r, i := p.r, f.n.qb
	k, tag := growths.at(r, i)
	if k == 0 || f.n.dim != dimRate || i+k < len(r) && isHan(r[i+k]) || f.side.pred != predNone && f.side.pred != predDo && f.side.pred != predHold {
		return false
	}
	at := f.side.boundAt
	if f.side.pred != predNone {
		at = f.side.predAt.a
	}
	for j := f.left; j+1 < at; j++ {
		if reads(r, j, "连续") {
			at = j
			break
		}
	}
	noun, _ := leftNoun(r, f.left, at, true)
	subject := words(r, noun)
	if weak(subject) || subject == "" || subject == "保持" {
		if subject = e.spoken(f.n); subject == "" {
			return false
		}
	}
	op := f.op(predKind(tag))
	if n := i + k; r[n-1] != '长' && r[n-1] != '涨' && r[n-1] != '降' { // 10%的增速: the rate is the noun
		op = f.op(predNone)
	}
	e.take(p, f, subject, string(r[i+1:i+k]), op, RulePredicate, m)
	return true
}

// reachIn finds 达到 or 占到 in r[a:b), -1 if it is not there.
func reachIn(r []rune, a, b int) int {
	for i := a; i+2 < b; i++ {
		if reads(r, i, "达到") || reads(r, i, "提高到") {
			return i
		}
	}
	return -1
}

// tookTime returns where what is said of the time that something took begins in r[a:b): 项目|从洽谈到开工用时, 项目|仅用时; -1 if that is not said.
func tookTime(r []rune, a, b int) int {
	for _, w := range []string{"仅用时", "只用时", "用时", "耗时"} {
		if !hasSuffix(r[a:b], w) {
			continue
		}
		b -= len([]rune(w))
		if i := index(r[a:b], "从"); i > 0 && contains(r[a+i:b], "到") {
			return a + i
		}
		return b
	}
	return -1
}

// term resolves a duration: 力争用3-5年时间打造…; 15分钟办结.
func (e *reader) term(p *paragraph, cs []span, at int, f frame, end int, m moment) bool {
	r := p.r
	if f.n.dim != dimTime || f.side.pred != predNone {
		return false
	}
	if noun, _ := leftNoun(r, f.left, f.rest, true); noun.b-noun.a > 1 && r[noun.b-1] != '用' && tookTime(r, f.left, f.side.boundAt) < 0 && noun.b == f.rest && !promisedTerm(r, f.n.a) {
		return false
	}
	if at := tookTime(r, f.left, f.side.boundAt); at > f.left {
		if noun, _ := leftNoun(r, f.left, at, true); noun.b-noun.a > 1 {
			e.take(p, f, words(r, noun), "用时", f.op(predNone), RuleTerm, m)
			return true
		}
	}
	subject := ""
	a := f.n.qb
	for _, w := range []string{"左右的时间", "左右时间", "的时间", "时间", "内"} {
		if reads(r[:end], a, w) {
			a += len([]rune(w))
			break
		}
	}
	if hasSuffix(r[f.left:f.side.boundAt], "用") {
		if a >= end && at+1 < len(cs) {
			a, end = cs[at+1].a, cs[at+1].b
		}
		if a < end && oneOf(r[a], "就便即") { // 仅用5个月就|完成了征地拆迁
			a, _ = strip(r, a+1, end, true)
			for a < end && r[a] == '了' {
				a++
			}
		}
		subject = words(r, trimNoun(r, span{a, min(end, a+maxSubject)}))
	}
	if w := reads(r[:end], a, "实现") || reads(r[:end], a, "完成"); subject == "" && w && r[a-1] == '内' && end-a > 4 { // 14天内|实现疫情零扩散
		subject = words(r, trimNoun(r, span{a + 2, min(end, a+maxSubject)}))
	}
	if subject == "" && promisedTerm(r, f.n.a) {
		i, _ := strip(r, a, end, false)
		subject = words(r, trimNoun(r, span{i, min(end, i+maxSubject)}))
	}
	if subject == "" {
		if e.head != "" {
			subject = e.head
		} else if len(e.carried) > 0 {
			subject = e.carried[len(e.carried)-1]
		} else {
			subject = words(r, trimNoun(r, span{a, min(end, a+maxSubject)}))
		}
	}
	if subject == "" {
		return false
	}
	e.emit(p, f, subject, "用", f.op(predNone), RuleTerm, m)
	return true
}
