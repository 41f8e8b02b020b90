package extract

import "strings"

// On which side of a number its subject stands, and what is said of it there.

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
	case pred == predNone && f.n.dim == dimRate && s.de && !s.right.empty() && bareVerb(r, s.noun): // 取消了58%的审批事项
		e.take(p, f, words(r, s.right), words(r, s.noun), f.op(predNone), RuleShare, m)
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
	case pred == predGrow && f.n.dim == dimCount && !s.right.empty() && !s.de && (hasSuffix(r[f.left:f.side.predAt.a], "各") || ofDistrict(r[s.noun.a:s.noun.b])): // 市区和新区各增加|1条公交线路
		e.take(p, f, words(r, s.right), s.action, f.op(pred), RuleCounted, m)
		e.taken = s.right.b
	case !s.noun.empty() && pred == predNone && s.right.empty() && stageOfWork(words(r, s.noun)) && e.workSubject(f.n) != "": // 实施背街小巷整治工程，完成治理20条
		e.take(p, f, e.workSubject(f.n), words(r, s.noun), f.op(predNone), RuleCarried, m)
	case !s.noun.empty():
		e.ofLeft(p, f, s, m)
	case s.right.empty() && pred == predNone && f.side.bound == boundNone && ofAll(r, s.after.a, len(r)) > 0: // 1326户5401人全部搬迁入住
		e.ofAll(p, f, s, m)
	case s.right.empty() && s.verb.empty() && pred == predNone && adverbAlone(words(r, s.after)) && e.spoken(f.n) != "" && (f.n.dim != dimPeople || sameMeasure(e.res.Statements, f.n)): // 6个项目竣工，4个即将验收
		e.take(p, f, e.spoken(f.n), words(r, s.after), f.op(predNone), RuleCarried, m)
	case f.n.dim == dimMoney && s.right.empty() && pred == predNone && spends(words(r, s.verb)): // 投入3.2亿元|实施10件民生实事
		e.take(p, f, words(r, s.verb), s.action, f.op(predNone), RuleObject, m)
	case s.right.empty() && s.verb.empty() && pred == predNone && f.n.dim == dimCount && f.n.qa > 0 && r[f.n.qa-1] == '、' && stageOfWork(words(r, s.after)) && len(e.carried) > 0 && e.sentence == e.now && sameMeasure(e.res.Statements, f.n): // 80个项目开工、175个|建成投产
		e.take(p, f, e.counted(f.n), words(r, s.after), f.op(predNone), RuleCarried, m)
	case s.right.empty() && !s.after.empty() && pred == predNone && f.side.bound == boundNone && s.cameAbout(r): // 实现412人脱贫
		what := words(r, s.after)
		if b := hanRun(r, s.after.b); adverbAlone(what) && b-s.after.b > 1 { // 15250人如期|脱贫
			what = words(r, span{s.after.b, b})
		}
		if b := befell(r, s.after.a); (weak(what) || receives(what)) && b != "" { // 6471户1.97万人实现|预脱贫, 24600人次得到|农村医疗救助
			what = b
		}
		e.take(p, f, what, words(r, s.after), f.op(predNone), RuleCounted, m)
	default:
		e.subjectless(p, f, s, m)
	}
}

// ofDistrict reports whether a noun phrase is the bare name of a district, so that what it adds stands behind: 城南区增加|20辆公交车.
func ofDistrict(r []rune) bool {
	n := len(r)
	return n > 1 && n < 6 && (oneOf(r[n-1], "省市区县镇乡州旗") && n > 2 || hasSuffix(r, "街道")) && !hasSuffix(r, "小区") && !hasSuffix(r, "园区") && !hasSuffix(r, "主城区") && !hasSuffix(r, "中心城区")
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
	what := span{s.after.b, hanRun(p.r, s.after.b)}
	if what.empty() {
		what = s.after
	}
	e.take(p, f, words(p.r, what), words(p.r, what), f.op(predNone), RuleCounted, m)
}

// hanRun returns where the run of letters at i ends, at most twelve further.
func hanRun(r []rune, i int) int {
	b := i
	for b < len(r) && b < i+12 && isHan(r[b]) {
		b++
	}
	return b
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
		if s.verb.empty() && r[f.left] == '、' {
			switch e.action {
			case "净增": // 净增甲企业10家、乙企业2家
				op = f.op(predGrow)
			case "压减", "减少", "削减", "压降", "压缩": // 压减粗钢产能700万吨、炼铁500万吨
				op = f.op(predFall)
			}
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
	case "减少", "降低", "压减", "削减", "精简", "压缩", "压降", "缩减", "下调":
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
	case pred == predNone && e.object != "" && right == "" && f.n.dim != dimRate && (verb == "" && f.side.bound == boundNone || transitive(verb) || stageOfWork(verb) || verb == "新增"): // 推进退耕还林，拟安排5万亩
		e.take(p, f, e.object, verb, f.op(predNone), RuleCarried, m)
	case pred == predNone && f.n.dim == dimRate && right == "" && len(e.carried) > 0 && e.sentence == e.now: // 增长10%、力争12%
		e.take(p, f, e.carried[len(e.carried)-1], s.action, f.op(e.pred), RuleCarried, m)
	case transitive(verb) && right == "" && len(e.carried) > 0 && e.sentence == e.now: // 新开工住宅…，竣工54万平方米
		e.take(p, f, e.counted(f.n), verb, f.op(predNone), RuleCarried, m)
	case verb != "" && p.r[f.left] == '、' && len(e.carried) > 0 && e.sentence == e.now: // 生猪出栏42万头、存栏23万头
		e.take(p, f, joinVerb(e.carried[len(e.carried)-1], verb), verb, f.op(predNone), RuleObject, m)
	case f.n.dim == dimPeople && right == "" && (verb == "" || weak(verb)) && befell(p.r, f.n.qb) != "": // 有12.8万人与企业解除劳动关系
		e.take(p, f, befell(p.r, f.n.qb), verb, f.op(predNone), RuleCounted, m)
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

// befell returns what the people counted before i did or got: 享受|城乡低保, 与企业解除了劳动关系; empty if the clause ends there.
func befell(r []rune, i int) string {
	b := i
	for b < len(r) && b < i+maxSubject && isHan(r[b]) {
		b++
	}
	if k, _ := predicatesAfter.at(r[:b], i); k > 1 && b-i-k >= 3 {
		i += k
	}
	if b-i < 3 {
		return ""
	}
	return string(r[i:b])
}

// spends reports whether a verb says that money is spent, so that it is the measure if nothing else is named.
func spends(verb string) bool {
	switch verb {
	case "投入", "投资", "筹资", "支出", "筹集":
		return true
	}
	return false
}

// receives reports whether a verb only says that people got something, not what: 得到, 享受.
func receives(verb string) bool {
	switch verb {
	case "得到", "获得", "享受", "接受", "受到", "领取", "参加", "用上", "喝上", "住上", "吃上", "告别":
		return true
	}
	return false
}

// bareVerb reports whether a noun phrase is nothing but a verb.
func bareVerb(r []rune, n span) bool {
	k, _ := verbs.at(r[:n.b], n.a)
	return k > 1 && n.a+k == n.b
}

// sameMeasure reports whether the statement before counts in the unit of n.
func sameMeasure(before []Statement, n *number) bool {
	return len(before) > 0 && before[len(before)-1].Unit == n.unit
}

// joinVerb puts a verb in the place of the one that ends the subject before: 生猪出栏, 存栏.
func joinVerb(subject, verb string) string {
	r := []rune(subject)
	if k, _ := verbs.before(r, len(r)); k > 0 {
		r = r[:len(r)-k]
	}
	return string(r) + verb
}

// transitive reports whether a verb wants an object, so that without one it goes on about the last.
func transitive(verb string) bool {
	switch strings.TrimPrefix(strings.TrimPrefix(verb, "预计"), "新") {
	case "开工建设", "建成投用", "竣工投产", "开工", "竣工", "投产", "交付", "完工", "建成", "发行", "投用", "落地", "复工", "完成", "实现", "优化调整", "调整", "下放", "取消", "承接", "续建", "改建", "扩建", "更新",
		"建", "建改建", "建、改建", "改扩建", "改造", "建改造", "整治", "修复", "治理", "铺设", "维修", "提升改造", "改造提升":
		return true
	}
	return false
}

// weak reports whether a verb only says that something came about, not what: 实现, 完成.
func weak(verb string) bool {
	switch verb {
	case "实现", "完成", "有", "共有", "确保", "剩余", "保障", "组织", "推动", "促进":
		return true
	}
	return false
}
