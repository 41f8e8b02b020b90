package extract

import "strings"

// reader carries what one statement leaves to the next.
type reader struct {
	src []rune
	doc *document
	res *Result

	carried  []string // subjects of the last number or list, for a predicate without its own
	aside    string   // subject of a share or rate said beside carried (占计划, 增幅), for percentage points right behind it
	head     string   // noun phrase of the last clause without a number
	object   string   // what is worked on in the clause before, if it has no number: 实施棚户区改造项目
	action   string   // last verb, for 企业91家 after 签约落地项目12个
	told     []string // subjects of the amounts of this sentence, for 分别增长17%和25% behind them
	thing    string   // subject of the last milestone of this sentence, for an event without its own
	foreign  bool     // another government acts in this sentence
	sentence int      // index of the sentence in which carried was set
	pred     predKind // predicate of the last number
	last     int      // where the last item of this sentence stands
	listed   moment   // what the paragraph said that announced the points below it (项目如下：); its year is 0 if there is none
	under    int      // section of listed
	taken    int      // end of the noun that the number before counts, in this clause
	now      int      // index of the current sentence
}

// paragraph reads the sentences of p.
func (e *reader) paragraph(p *paragraph) {
	base := e.doc.base(p)
	if e.listed.year > 0 && base.kind == Achievement && p.section == e.under && p.point {
		base = e.listed
	} else {
		e.listed = moment{}
	}
	e.carried, e.head, e.action = nil, "", ""
	said := base
	for k, s := range p.sentences() {
		e.now++
		before := said
		m := base
		ns := e.sift(p.r, s)
		e.action, e.told, e.foreign, e.thing, e.object, e.aside = "", nil, false, "", "", ""
		cs := clauses(p.r, s)
		for i, c := range cs {
			if c.a > 0 && p.r[c.a-1] == '；' && base.kind == Achievement && m.kind == Commitment { // …，将有力带动就业；贷款全部到位
				m = base
			}
			m = e.doc.moment(p, c, m)
			e.clause(p, cs, i, within(ns, c), m)
			e.milestones(p, c, within(ns, c), m)
		}
		if said = m; said == base && s.b-s.a < 20 { // 今年将实施39个项目。项目如下：
			said = before
		}
		if p.r[s.b-1] == '：' && s.b == len(p.r) && said.kind == Commitment {
			e.listed, e.under = said, p.section
		}
		if k == 0 && m.kind == Commitment && m.year > e.doc.plan && m.year > base.year {
			base = m // 到2030年, … holds for the rest of the paragraph
		}
		if k == 0 && m.kind == Achievement && m.year > base.year && base.kind == Achievement && reads(p.r, s.a, "今年以来") {
			base = m
		}
	}
}

// sift finds the numbers of a sentence and says of each that is no item why.
func (e *reader) sift(r []rune, s span) []number {
	ns := numbers(r, s)
	e.last = s.a
	if len(ns) == 0 {
		return nil
	}
	in := quoted(r, s)
	for i := range ns {
		n := &ns[i]
		n.readAfterBound(r)
		n.drop = n.drops(r, s, in)
		if i > 0 && n.a < ns[i-1].b { // the 1 of a ratio a∶1
			n.drop = "part of the number before"
		}
		if n.drop == "" {
			e.last = n.a
		}
	}
	return ns
}

// within returns the numbers of ns that lie in c.
func within(ns []number, c span) []number {
	a := 0
	for a < len(ns) && ns[a].a < c.a {
		a++
	}
	b := a
	for b < len(ns) && ns[b].b <= c.b && ns[b].qb <= c.b {
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
		if c.a > e.last { // no number follows that could want a subject
			return
		}
		if noun := e.clauseHead(p.r, c); noun != "" {
			e.head = noun
		}
		e.object = workedOn(p.r, c)
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
		if k := e.fromTo(p, fs[i:], m); k > 0 {
			i += k
			continue
		}
		e.single(p, cs, at, fs, i, m)
		i++
	}
	e.head, e.object = "", ""
}

// works are the verbs of a clause whose object the next clause may count: 实施…项目，开工1万户; 加大…力度，新开工700套.
var works = newLexicon(
	group{1, `实施 推进 推动 加快 加快推进 全面推进 统筹推进 大力推进 扎实推进 开展 启动 启动实施 加强 加大 强化 抓好 狠抓 做好 深化 推广 发展 大力发展 扩大 完善 落实`, "lists of deeds of several cities"},
)

// workedOn returns the object of a clause that has a verb of work at its front and no number, empty if there is none.
func workedOn(r []rune, c span) string {
	for c.b > c.a && oneOf(r[c.b-1], "，。；：！") {
		c.b--
	}
	a, k := c.a, 0
	for ; a < c.b && a < c.a+8; a++ {
		if k, _ = works.at(r[:c.b], a); k > 0 {
			break
		}
	}
	if i, _ := strip(r, c.a, a, false); k == 0 || i < a {
		return ""
	}
	n := trimNoun(r, span{a + k, c.b})
	for _, w := range []string{"力度", "步伐", "工作", "建设", "进度"} {
		if m := len([]rune(w)); n.b-n.a > m+2 && hasSuffix(r[n.a:n.b], w) {
			n.b -= m
			break
		}
	}
	if n.b-n.a < 3 || n.b-n.a > 24 || vague(r, n) || contains(r[n.a:n.b], "、") && n.b-n.a > 16 {
		return ""
	}
	return words(r, n)
}

// workSubject returns what the clause before works on, or else what this sentence has counted so far; empty if there is neither.
func (e *reader) workSubject() string {
	if e.object == "" && len(e.carried) > 0 && e.sentence == e.now {
		return e.carried[len(e.carried)-1]
	}
	return e.object
}

// stageOfWork reports whether a noun only names the stage of a work whose object stands in the clause before: 开工建设|1万户, 治理|20条.
func stageOfWork(noun string) bool {
	switch strings.TrimPrefix(strings.TrimPrefix(noun, "新"), "重点") {
	case "开工", "开工建设", "竣工", "治理", "整治", "养护", "改造", "维修", "加固", "安排", "建成", "完工", "修复", "更新", "拆除", "提升", "升级", "交付", "搬迁":
		return true
	}
	return false
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
	for i := n.a + 2; i < n.b && i < n.a+16; i++ { // 粮食总产|连续七年增产
		if k, tag := openers.at(r[:n.b], i); k > 1 && (tag == wordManner || tag == wordTime) || reads(r[:n.b], i, "连续") {
			return string(r[n.a:i])
		}
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
	if rateNoun(subject) && len(e.carried) > 0 && e.sentence == e.now {
		return e.carried[len(e.carried)-1] + subject
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
	case f.n.least:
		return boundGe
	}
	return boundNone
}

func (f frame) op(pred predKind) Op { return operator(pred, f.bound(), f.n.max != "") }

// sides is what stands on both sides of a number: the noun and verb before it, the noun it may
// count behind it, and what is said after that.
type sides struct {
	noun, verb   span
	left         span // noun, empty if it only names an area
	right, after span
	de           bool // 的 follows the number
	action       string
}

// single resolves a number that is neither in a list nor part of a change.
func (e *reader) single(p *paragraph, cs []span, at int, fs []frame, i int, m moment) {
	f, end := fs[i], cs[at].b
	if i+1 < len(fs) {
		end = fs[i+1].n.qa
	}
	switch {
	case e.reference(p, f, m), e.referenceAgain(p, f, m), e.multiple(p, f, m), e.before(p, f, end, m), e.term(p, cs, at, f, end, m):
		return
	}
	s := e.look(p.r, cs[at], fs, i, end)
	e.choose(p, fs[i], s, m)
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
	if f.bound() != boundNone && aimNoun(r[s.right.a:s.right.b]) && f.n.dim != dimRate { // 突破10万户大关
		s.right.b = s.right.a
	}
	if words(r, s.noun) == "免费" && f.side.pred == predIs { // 免费为80名老人体检
		s.noun.a = s.noun.b
	}
	s.de = f.n.qb < end && r[f.n.qb] == '的'
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

// choose decides on which side the subject of f stands.
func (e *reader) choose(p *paragraph, f frame, s sides, m moment) {
	r, pred := p.r, f.side.pred
	switch {
	case f.n.doubled:
		e.doubles(p, f, s.noun, m)
	case capacity(r, f) && !s.right.empty():
		if i := index(r[s.right.a:s.right.b], "的"); i > 0 {
			s.right.b = s.right.a + i
		}
		e.take(p, f, words(r, s.right), "年产", f.op(predNone), RuleAttribute, m)
	case pred == predNone && f.n.dim == dimRate && s.left.empty() && !s.right.empty() && f.side.bound == boundNone:
		e.take(p, f, words(r, s.right), words(r, s.after), f.op(predNone), RuleShare, m)
	case pred == predNone && f.n.dim == dimRate && (s.de || f.n.post != boundNone) && !s.right.empty() && reaches(r[s.noun.a:s.noun.b]): // 体系覆盖98%的行政村
		e.take(p, f, words(r, s.right), "覆盖", f.op(predNone), RuleShare, m)
	case pred == predNone && f.countsRight(s.left, s.right, s.de):
		if s.action == "" {
			s.action = words(r, s.after)
		}
		op := f.opOf(r, s.verb)
		if measureOfPolicy(r[s.right.a:s.right.b]) {
			op = f.op(predNone)
		}
		e.take(p, f, words(r, s.right), s.action, op, RuleCounted, m)
		e.taken = s.right.b
	case pred == predGrow && f.n.dim == dimCount && !s.right.empty() && hasSuffix(r[f.left:f.side.predAt.a], "各"): // 市区和新区各增加|1条公交线路
		e.take(p, f, words(r, s.right), s.action, f.op(pred), RuleCounted, m)
		e.taken = s.right.b
	case !s.noun.empty() && pred == predNone && s.right.empty() && stageOfWork(words(r, s.noun)) && e.workSubject() != "": // 实施背街小巷整治工程，完成治理20条
		e.take(p, f, e.workSubject(), words(r, s.noun), f.op(predNone), RuleCarried, m)
	case !s.noun.empty():
		e.ofLeft(p, f, s, m)
	case s.right.empty() && pred == predNone && f.side.bound == boundNone && ofAll(r, s.after.a, len(r)) > 0: // 1326户5401人全部搬迁入住
		e.ofAll(p, f, s, m)
	case s.right.empty() && s.verb.empty() && pred == predNone && adverbAlone(words(r, s.after)) && e.spoken(f.n) != "": // 6个项目竣工，4个即将验收
		e.take(p, f, e.spoken(f.n), words(r, s.after), f.op(predNone), RuleCarried, m)
	case s.right.empty() && !s.after.empty() && pred == predNone && f.side.bound == boundNone && s.cameAbout(r): // 实现412人脱贫
		e.take(p, f, words(r, s.after), words(r, s.after), f.op(predNone), RuleCounted, m)
	default:
		e.subjectless(p, f, s, m)
	}
}

// measureOfPolicy reports whether what is counted are the measures of a policy, not what they change: 降低企业成本|35条措施.
func measureOfPolicy(r []rune) bool {
	return hasSuffix(r, "措施") || hasSuffix(r, "政策") || hasSuffix(r, "举措") || hasSuffix(r, "办法") || hasSuffix(r, "意见")
}

// ofAll takes the subject of a count that all of something befell: the one before it in the sentence, or what befell them.
func (e *reader) ofAll(p *paragraph, f frame, s sides, m moment) {
	if len(e.carried) > 0 && e.sentence == e.now {
		e.take(p, f, e.carried[len(e.carried)-1], s.action, f.op(predNone), RuleCarried, m)
		return
	}
	b := s.after.b
	for b < len(p.r) && b < s.after.b+12 && isHan(p.r[b]) {
		b++
	}
	what := span{s.after.b, b}
	if what.empty() {
		what = s.after
	}
	e.take(p, f, words(p.r, what), words(p.r, what), f.op(predNone), RuleCounted, m)
}

// reaches reports whether a noun phrase ends in a verb of reaching.
func reaches(r []rune) bool {
	return hasSuffix(r, "覆盖") || hasSuffix(r, "惠及") || hasSuffix(r, "涵盖") || hasSuffix(r, "涉及") || hasSuffix(r, "贡献") || hasSuffix(r, "贡献了")
}

// adverbAlone reports whether what is said behind a number begins with an adverb, which can be no subject.
func adverbAlone(said string) bool {
	switch said {
	case "即将", "圆满", "顺利", "成功", "如期", "按期", "提前", "已", "均", "都", "将", "全面", "基本", "有序", "相继", "先后", "陆续", "抓紧", "尽快":
		return true
	}
	return false
}

// cameAbout reports whether what is said behind the number is the event itself.
func (s sides) cameAbout(r []rune) bool {
	return words(r, s.after) != "用于" && (s.verb.empty() || weak(words(r, s.verb)))
}

// ofLeft takes the noun before the number.
func (e *reader) ofLeft(p *paragraph, f frame, s sides, m moment) {
	r, pred := p.r, f.side.pred
	rule := RuleObject
	switch {
	case s.de && pred == predNone:
		rule = RuleAttribute
	case pred != predNone && pred != predDo || f.side.bound != boundNone || f.n.dim == dimRate:
		rule = RulePredicate
	}
	op := f.op(pred)
	if pred == predNone {
		op = f.opOf(r, s.verb)
		if s.verb.empty() && e.action == "净增" && r[f.left] == '、' { // 净增甲企业10家、乙企业2家
			op = f.op(predGrow)
		}
	}
	if s.action == "" && rule == RuleObject {
		if s.action = words(r, s.after); s.action == "" {
			s.action = e.action
		}
	}
	e.take(p, f, words(r, s.noun), s.action, op, rule, m)
}

// isLink reports whether a predicate of being goes on about the subject of the clause before: 是…的1.8倍.
func isLink(r []rune, at span) bool {
	switch words(r, at) {
	case "为", "累计为", "有", "共有", "拥有", "现有", "已有":
		return false
	}
	return true
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
func (f frame) countsRight(left, right span, de bool) bool {
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
func (e *reader) subjectless(p *paragraph, f frame, s sides, m moment) {
	pred, right := f.side.pred, words(p.r, s.right)
	if pred != predNone || f.side.bound != boundNone && len(e.carried) > 0 {
		if c := e.spoken(f.n); c != "" {
			e.take(p, f, c, s.action, f.op(pred), RuleCarried, m)
			return
		}
		if right != "" {
			e.take(p, f, right, s.action, f.op(pred), RuleCounted, m)
			return
		}
	}
	verb := words(p.r, s.verb)
	switch {
	case verb == "新增" && right == "" && f.n.dim != dimRate && len(e.carried) > 0 && e.sentence == e.now && sameMeasure(e.res.Statements, f.n): // 新增就业5600人，同比新增500人
		e.take(p, f, e.carried[len(e.carried)-1], verb, f.op(predNone), RuleCarried, m)
	case pred == predNone && e.object != "" && right == "" && f.n.dim != dimRate && (verb == "" && f.side.bound == boundNone || transitive(verb) || stageOfWork(verb)): // 推进退耕还林，拟安排5万亩
		e.take(p, f, e.object, verb, f.op(predNone), RuleCarried, m)
	case pred == predNone && f.n.dim == dimRate && right == "" && len(e.carried) > 0 && e.sentence == e.now: // 增长10%、力争12%
		e.take(p, f, e.carried[len(e.carried)-1], s.action, f.op(e.pred), RuleCarried, m)
	case transitive(verb) && right == "" && len(e.carried) > 0 && e.sentence == e.now: // 新开工住宅…，竣工54万平方米
		e.take(p, f, e.carried[len(e.carried)-1], verb, f.op(predNone), RuleCarried, m)
	case verb != "" && p.r[f.left] == '、' && len(e.carried) > 0 && e.sentence == e.now: // 生猪出栏42万头、存栏23万头
		e.take(p, f, joinVerb(e.carried[len(e.carried)-1], verb), verb, f.op(predNone), RuleObject, m)
	case verb != "":
		e.take(p, f, verb, verb, f.op(predNone), RuleObject, m)
	case right != "":
		e.take(p, f, right, s.action, f.op(pred), RuleGuess, m)
	case len(e.carried) > 0:
		e.take(p, f, e.carried[len(e.carried)-1], s.action, f.op(pred), RuleGuess, m)
	case e.head != "":
		e.take(p, f, e.head, s.action, f.op(pred), RuleGuess, m)
	default:
		e.take(p, f, f.n.unit, s.action, f.op(pred), RuleGuess, m)
	}
}

// sameMeasure reports whether the statement before counts in the unit of n.
func sameMeasure(before []Statement, n *number) bool {
	return len(before) > 0 && before[len(before)-1].Unit == n.unit
}

// joinVerb puts a verb in the place of the one that ends the subject before: 生猪出栏, 存栏.
func joinVerb(subject, verb string) string {
	r := []rune(subject)
	if k, _ := verbs.before(r, len(r)); k > 0 && k < len(r) {
		r = r[:len(r)-k]
	}
	return string(r) + verb
}

// transitive reports whether a verb wants an object, so that without one it goes on about the last.
func transitive(verb string) bool {
	switch strings.TrimPrefix(verb, "新") {
	case "开工建设", "建成投用", "竣工投产", "开工", "竣工", "投产", "交付", "完工", "建成", "发行", "投用", "落地", "复工", "完成", "实现", "优化调整", "调整", "下放", "取消", "承接", "续建", "改建", "扩建", "更新":
		return true
	}
	return false
}

// spoken returns the subject that this sentence has been about so far, empty if there is none.
func (e *reader) spoken(n *number) string {
	if len(e.carried) > 0 && e.sentence == e.now {
		return e.lately(n)
	}
	return e.head
}

// take emits and remembers the subject.
func (e *reader) take(p *paragraph, f frame, subject, action string, op Op, rule Rule, m moment) {
	e.emit(p, f, subject, action, op, rule, m)
	e.pred, e.aside = f.side.pred, ""
	if f.n.dim == dimRate && len(e.carried) > 0 && e.sentence == e.now && said(subject) {
		e.aside = subject
		return
	}
	e.carried, e.sentence = []string{subject}, e.now
	e.object = "" // what is counted from now on is this
	e.tell(subject)
}

// said reports whether a subject is only a share or a rate of the one before it, which stays what the sentence is about:
// 总产值540亿元，占计划的100%，下降2%.
func said(subject string) bool {
	return strings.HasPrefix(subject, "占") || rateNoun(subject)
}

// rateNoun reports whether a subject is the bare noun of a rate: 增幅, 自然增幅.
func rateNoun(subject string) bool {
	switch subject {
	case "增幅", "增速", "涨幅", "降幅", "增长率", "同比增幅", "同比增速", "自然增幅", "同口径增幅", "自然增长", "年均增速", "年均增幅", "平均增速", "实际增速", "名义增速", "可比增幅":
		return true
	}
	return false
}

// lately returns the subject that a predicate without its own goes on about: the share just told for percentage points, else the one before it.
func (e *reader) lately(n *number) string {
	if e.aside != "" && n.unit == "百分点" && e.sentence == e.now {
		return e.aside
	}
	return e.carried[len(e.carried)-1]
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
	if noun.b > noun.a && r[noun.b-1] == '等' {
		return span{noun.b, noun.b}
	}
	return noun
}

// weak reports whether a verb only says that something came about, not what: 实现, 完成.
func weak(verb string) bool {
	switch verb {
	case "实现", "完成", "有", "共有", "确保", "剩余", "保障", "组织", "推动", "促进":
		return true
	}
	return false
}
