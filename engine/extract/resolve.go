package extract

import "strings"

// reader carries what one statement leaves to the next.
type reader struct {
	src []rune
	doc *document
	res *Result

	carried  []string // subjects of the last number or list, for a predicate without its own
	head     string   // noun phrase of the last clause without a number
	action   string   // last verb, for 企业91家 after 签约落地项目12个
	told     []string // subjects of the amounts of this sentence, for 分别增长17%和25% behind them
	foreign  bool     // another government acts in this sentence
	sentence int      // index of the sentence in which carried was set
	taken    int      // end of the noun that the number before counts, in this clause
	now      int      // index of the current sentence
}

// paragraph reads the sentences of p.
func (e *reader) paragraph(p *paragraph) {
	base := e.doc.base(p)
	e.carried, e.head, e.action = nil, "", ""
	for k, s := range p.sentences() {
		e.now++
		m := base
		in := quoted(p.r, s)
		ns := numbers(p.r, s)
		for i := range ns {
			ns[i].readAfterBound(p.r)
			ns[i].drop = ns[i].drops(p.r, s, in)
		}
		e.action, e.told, e.foreign = "", nil, false
		cs := clauses(p.r, s)
		for i, c := range cs {
			m = e.doc.moment(p, c, m)
			e.clause(p, cs, i, within(ns, c), m)
			e.milestones(p, c, within(ns, c), m)
		}
		if k == 0 && m.kind == Commitment && m.year > e.doc.plan && p.part == partPlan {
			base = m // 到2030年, … holds for the rest of the paragraph
		}
	}
}

// within returns the numbers of ns that lie in c.
func within(ns []number, c span) []number {
	a := 0
	for a < len(ns) && ns[a].a < c.a {
		a++
	}
	b := a
	for b < len(ns) && ns[b].b <= c.b {
		b++
	}
	return ns[a:b]
}

// clause turns the numbers of a clause into statements.
func (e *reader) clause(p *paragraph, cs []span, at int, ns []number, m moment) {
	c := cs[at]
	if e.action != "" && !afterAmong(p.r, cs, at) {
		e.action = ""
	}
	e.taken = 0
	fs := frames(p.r, c, ns)
	if len(fs) == 0 {
		if noun := e.clauseHead(p.r, c); noun != "" {
			e.head = noun
		}
		return
	}
	for i := 0; i < len(fs); {
		j := i + 1
		for j < len(fs) && fs[j].joins {
			j++
		}
		if j-i > 1 {
			e.list(p, c, fs[i:j], m)
			i = j
			continue
		}
		if i+1 < len(fs) && e.fromTo(p, c, fs[i], fs[i+1], m) {
			i += 2
			continue
		}
		e.single(p, cs, at, fs, i, m)
		i++
	}
	e.head = ""
}

// afterAmong reports whether the clauses since 其中 go on with what was said before it: 企业91家。其中，央企9家，民企18家.
func afterAmong(r []rune, cs []span, at int) bool {
	for i := at; i >= 0 && i > at-6; i-- {
		if reads(r, cs[i].a, "其中") {
			return true
		}
	}
	return false
}

// clauseHead returns the noun phrase that a clause without number is about.
func (e *reader) clauseHead(r []rune, c span) string {
	a, _ := strip(r, c.a, c.b, false)
	n, verb := rightNoun(r, a, c.b)
	if n.empty() || n.b-n.a < 2 {
		return ""
	}
	if !verb.empty() && n.b-n.a <= 20 {
		return string(r[n.a:n.b])
	}
	for i := min(n.b, n.a+20); i > n.a+2; i-- { // 地区生产总值|连跨两个万亿元台阶
		if k, _ := measureNouns.before(r[:i], i); k > 1 && i-k > n.a {
			return string(r[n.a:i])
		}
	}
	return ""
}

// emit appends the statement for f.
func (e *reader) emit(p *paragraph, f frame, subject, action string, op Op, rule Rule, m moment) {
	n := f.n
	subject = shortSubject(e.whole(dropRemark(subject)))
	n.item = true
	if n.word {
		rule = RuleMagnitude
	}
	s := Statement{
		Type: Number, Kind: m.kind, Year: m.year, Subject: subject, Action: action, Op: op,
		Value: n.value, ValueMax: n.max, Unit: n.unit, Rule: rule, Section: e.section(p),
	}
	s.Start = p.src(n.qa)
	s.Text = string(e.src[s.Start:p.end(n.qb)])
	s.Confidence = confidence(s, n, e.doc.sure)
	e.res.Statements = append(e.res.Statements, s)
	if f.side.pred == predNone {
		e.action = action
	}
}

// whole gives 人均 the measure that it is a part of: 生产总值4406亿元，人均64331元.
func (e *reader) whole(subject string) string {
	switch subject {
	case "人均", "户均", "亩均":
		if len(e.carried) > 0 && hasMeasureEnd([]rune(e.carried[len(e.carried)-1])) && !strings.HasPrefix(e.carried[len(e.carried)-1], subject) {
			return subject + e.carried[len(e.carried)-1]
		}
	}
	return subject
}

// dropRemark drops a remark of statisticians in brackets: 生产总值（预计，下同）.
func dropRemark(subject string) string {
	a := strings.Index(subject, "（")
	if a < 0 {
		return subject
	}
	n := strings.Index(subject[a:], "）")
	if n < 0 {
		return subject
	}
	for _, w := range []string{"预计", "下同", "口径", "不含", "现价", "快报", "可比价", "含"} {
		if strings.Contains(subject[a:a+n], w) {
			return subject[:a] + subject[a+n+len("）"):]
		}
	}
	return subject
}

func (e *reader) section(p *paragraph) string {
	if p.section < 0 {
		return ""
	}
	return e.res.Sections[p.section].Title
}

// bound returns the bound of n: the one behind it goes before the one in front (达到1000个以上).
func (f frame) bound() boundKind {
	switch {
	case f.n.post != boundNone:
		return f.n.post
	case f.side.bound != boundNone:
		return f.side.bound
	case f.n.more:
		return boundGt
	}
	return boundNone
}

func (f frame) op(pred predKind) Op { return operator(pred, f.bound(), f.n.max != "") }

// single resolves a number that is neither in a list nor part of a change.
func (e *reader) single(p *paragraph, cs []span, at int, fs []frame, i int, m moment) {
	r, f, c := p.r, fs[i], cs[at]
	end := c.b
	if i+1 < len(fs) {
		end = fs[i+1].n.qa
	}
	switch {
	case e.reference(p, f, m), e.multiple(p, f, m), e.before(p, f, end, m), e.term(p, cs, at, f, end, m):
		return
	}
	level := f.side.pred != predNone && f.side.pred != predDo || f.n.dim == dimRate
	begin := from(r, fs, i)
	if e.taken > begin && e.taken <= f.rest { // the noun behind the number before is not this one's
		begin = e.taken
	}
	noun, verb := leftNoun(r, begin, f.rest, level)
	if f.side.pred == predNone && f.n.dim == dimRate { // 压减一般性支出10%
		if n, v := leftNoun(r, from(r, fs, i), f.rest, false); !n.empty() && f.opOf(r, v) != f.op(predNone) {
			noun, verb = n, v
		}
	}
	if f.side.pred == predNone && f.n.dim == dimRate && f.side.boundAt > f.left && r[f.side.boundAt-1] == '的' { // 达到耕地总面积的64%
		if i := reachIn(r, f.left, f.side.boundAt-1); i > f.left {
			noun, _ = leftNoun(r, f.left, i, true)
			f.side.pred, f.side.predAt = predReach, span{i, i + 2}
		}
	}
	left := scopeFree(r, noun)
	behind := f.n.qb
	for j := i + 1; j < len(fs) && fs[j].n.qa == behind; j++ { // 136户412人
		behind, end = fs[j].n.qb, c.b
		if j+1 < len(fs) {
			end = fs[j+1].n.qa
		}
	}
	right, after := rightNoun(r, behind, end)
	if f.bound() != boundNone && aimNoun(r[right.a:right.b]) && f.n.dim != dimRate { // 突破10万户大关
		right.b = right.a
	}
	de := f.n.qb < end && r[f.n.qb] == '的'
	if noun.empty() && (f.side.pred == predDo || f.side.pred == predIs && !isLink(r, f.side.predAt)) { // 完成…, 为…: no measure before it
		f.side.pred, verb = predNone, f.side.predAt
	}
	pred := f.side.pred
	action := words(r, verb)
	if pred != predNone {
		action = words(r, f.side.predAt)
	}
	switch {
	case f.n.doubled:
		e.doubles(p, f, noun, m)
	case capacity(r, f) && !right.empty():
		if i := index(r[right.a:right.b], "的"); i > 0 {
			right.b = right.a + i
		}
		e.take(p, f, words(r, right), "年产", f.op(predNone), RuleAttribute, m)
	case pred == predNone && f.n.dim == dimRate && left.empty() && !right.empty() && f.side.bound == boundNone:
		e.take(p, f, words(r, right), words(r, after), f.op(predNone), RuleShare, m)
	case pred == predNone && f.countsRight(r, left, right, de):
		if action == "" {
			action = words(r, after)
		}
		e.take(p, f, words(r, right), action, f.opOf(r, verb), RuleCounted, m)
		e.taken = right.b
	case !noun.empty():
		rule := RuleObject
		switch {
		case de && pred == predNone:
			rule = RuleAttribute
		case pred != predNone && pred != predDo || f.side.bound != boundNone || f.n.dim == dimRate:
			rule = RulePredicate
		}
		op := f.op(pred)
		if pred == predNone {
			op = f.opOf(r, verb)
		}
		if action == "" && rule == RuleObject {
			if action = words(r, after); action == "" {
				action = e.action
			}
		}
		e.take(p, f, words(r, noun), action, op, rule, m)
	default:
		if right.empty() && !after.empty() && words(r, after) != "用于" && pred == predNone && f.side.bound == boundNone && (verb.empty() || weak(words(r, verb))) { // 实现412人脱贫
			e.take(p, f, words(r, after), words(r, after), f.op(predNone), RuleCounted, m)
			return
		}
		e.subjectless(p, f, right, verb, action, m)
	}
}

// isLink reports whether a predicate of being goes on about the subject of the clause before: 是…的1.8倍.
func isLink(r []rune, at span) bool {
	switch words(r, at) {
	case "为", "有", "共有", "拥有", "现有", "已有":
		return false
	}
	return true
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

// countsRight reports whether the number counts the noun behind it rather than the one before.
func (f frame) countsRight(r []rune, left, right span, de bool) bool {
	if right.empty() || f.side.bound != boundNone && left.b > left.a && f.n.dim == dimRate {
		return false
	}
	if left.empty() {
		return true
	}
	if f.side.bound != boundNone && f.side.bound != boundApprox {
		return false
	}
	if de {
		return false
	}
	return f.n.dim == dimCount || f.n.dim == dimPeople
}

// capacity reports whether the number is what a thing makes in a year: 年产400万件汽车零部件的工厂.
func capacity(r []rune, f frame) bool {
	k, _ := capacityPrefix.before(r[f.left:f.n.qa], f.n.qa-f.left)
	return k > 0
}

// opOf gives the operator of an amount that is the object of a verb: 降低企业用电成本4.1亿元 is a decline.
func (f frame) opOf(r []rune, verb span) Op {
	switch words(r, verb) {
	case "增加", "净增", "扩大", "增产", "新增加":
		return f.op(predGrow)
	case "提高", "提升": // 提升农村公路200公里 is work done, no growth
		if f.n.dim == dimRate || f.n.dim == dimMoney {
			return f.op(predGrow)
		}
	case "减少", "降低", "压减", "削减", "精简", "压缩", "压降", "缩减", "核减", "下调":
		return f.op(predFall)
	}
	return f.op(predNone)
}

// subjectless resolves a number with nothing before it but a verb or predicate.
func (e *reader) subjectless(p *paragraph, f frame, right, verb span, action string, m moment) {
	pred := f.side.pred
	switch {
	case pred != predNone || f.side.bound != boundNone && len(e.carried) > 0:
		if len(e.carried) > 0 && e.sentence == e.now {
			e.take(p, f, e.carried[len(e.carried)-1], action, f.op(pred), RuleCarried, m)
			return
		}
		if e.head != "" {
			e.take(p, f, e.head, action, f.op(pred), RuleCarried, m)
			return
		}
		if !right.empty() {
			e.take(p, f, words(p.r, right), action, f.op(pred), RuleCounted, m)
			return
		}
	}
	switch {
	case !verb.empty():
		e.take(p, f, words(p.r, verb), words(p.r, verb), f.op(predNone), RuleObject, m)
	case !right.empty():
		e.take(p, f, words(p.r, right), action, f.op(pred), RuleGuess, m)
	case len(e.carried) > 0:
		e.take(p, f, e.carried[len(e.carried)-1], action, f.op(pred), RuleGuess, m)
	case e.head != "":
		e.take(p, f, e.head, action, f.op(pred), RuleGuess, m)
	default:
		e.take(p, f, f.n.unit, action, f.op(pred), RuleGuess, m)
	}
}

// take emits and remembers the subject.
func (e *reader) take(p *paragraph, f frame, subject, action string, op Op, rule Rule, m moment) {
	e.emit(p, f, subject, action, op, rule, m)
	e.carried, e.sentence = []string{subject}, e.now
	e.tell(subject)
}

// tell remembers a subject of this sentence, unless it is the one before.
func (e *reader) tell(subject string) {
	if n := len(e.told); n == 0 || e.told[n-1] != subject {
		e.told = append(e.told, subject)
	}
}

func words(r []rune, s span) string {
	if s.empty() {
		return ""
	}
	return string(r[s.a:s.b])
}

// scopeFree returns the empty span for a noun that only names the whole area: 全市, 我区.
func scopeFree(r []rune, noun span) span {
	switch words(r, noun) {
	case "对", "向", "为", "给", "在", "以", "按":
		return span{noun.b, noun.b}
	case "全市", "全省", "全县", "全区", "全国", "全镇", "全乡", "全州", "全旗", "全盟", "我市", "我省", "我县", "我区", "城市", "农村", "城乡", "各地", "各类", "城区":
		return span{noun.b, noun.b}
	}
	if noun.b > noun.a && r[noun.b-1] == '等' {
		return span{noun.b, noun.b}
	}
	return noun
}

// reference resolves a distance from another figure: 高于全市2个百分点, 比全国高1.2个百分点.
func (e *reader) reference(p *paragraph, f frame, m moment) bool {
	r, b := p.r, f.side.boundAt
	for i := f.left; i < b; i++ {
		k, tag := referenced.at(r[:b], i)
		if k == 0 || i+k >= b || i+k == b {
			continue
		}
		if k == 1 && f.n.dim != dimRate || f.n.dim != dimRate && !endsPeriod(r[i+k:b]) || containsPredicate(r, i+k, b) {
			continue
		}
		if (tag == int(predOver) && k == 2 && reads(r, i, "超过") || k == 1) && f.n.unit != "百分点" {
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
			subject = e.carried[len(e.carried)-1]
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

// term resolves a duration: 力争用3-5年时间打造…; 15分钟办结.
func (e *reader) term(p *paragraph, cs []span, at int, f frame, end int, m moment) bool {
	r := p.r
	if f.n.dim != dimTime || f.side.pred != predNone {
		return false
	}
	if noun, _ := leftNoun(r, f.left, f.rest, true); noun.b-noun.a > 1 && r[noun.b-1] != '用' && noun.b == f.rest {
		return false
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
		subject = words(r, trimNoun(r, span{a, min(end, a+maxSubject)}))
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

// fromTo resolves a change of level: 由20个工作日压缩至30分钟.
func (e *reader) fromTo(p *paragraph, c span, f, g frame, m moment) bool {
	r := p.r
	at, qa := -1, trimPer(r, f.left, f.n.qa)
	for i := f.n.qa - 1; i >= f.left; i-- {
		if oneOf(r[i], "由从") {
			at = i
			break
		}
	}
	if at < 0 || !levelBefore(r, at+1, qa) {
		return false
	}
	gap := r[f.n.qb:g.side.boundAt]
	ok := g.side.pred == predReach || len(gap) > 0 && oneOf(gap[len(gap)-1], "到至为")
	if !ok {
		return false
	}
	noun, _ := leftNoun(r, f.left, at, true)
	subject := words(r, noun)
	if subject == "" {
		if len(e.carried) > 0 && e.sentence == e.now {
			subject = e.carried[len(e.carried)-1]
		} else if e.head != "" {
			subject = e.head
		} else {
			return false
		}
	}
	action := words(r, g.side.predAt)
	e.emit(p, f, subject, action, From, RuleFrom, m)
	e.take(p, g, subject, action, g.op(predReach), RuleTo, m)
	return true
}

// before resolves the level before a change whose end is no number: 由3天缩短到半天.
func (e *reader) before(p *paragraph, f frame, end int, m moment) bool {
	r := p.r
	at := f.side.boundAt - 1
	if at <= f.left || !oneOf(r[at], "由从") {
		return false
	}
	k, tag := predicates.at(r[:end], f.n.qb)
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
	e.take(p, f, subject, words(r, span{f.n.qb, f.n.qb + k}), From, RuleFrom, m)
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

// weak reports whether a verb only says that something came about, not what: 实现, 完成.
func weak(verb string) bool {
	switch verb {
	case "实现", "完成", "有", "共有", "确保", "剩余", "保障", "组织", "推动", "促进":
		return true
	}
	return false
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
