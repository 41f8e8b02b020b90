package extract

import "strings"

// ofAll returns the length of what says of all that were counted that they were served, 0 if nothing does: 126件|全部办复, 806人|应保尽保.
func ofAll(r []rune, i, b int) int {
	switch {
	case reads(r[:b], i, "全部"):
		return 2
	case i+3 < b && r[i] == '应' && r[i+2] == '尽' && r[i+1] == r[i+3]:
		return 4
	}
	return 0
}

// maxSubject bounds a subject: what is longer is a sentence.
const maxSubject = 40

// leftNoun takes [a, b) apart into verb and noun phrase. level says that the number is said of
// a measure by a predicate, so verbs in front belong to its name (引进内资, 新增就业).
func leftNoun(r []rune, a, b int, level bool) (noun, verb span) {
	b = trimRight(r, a, b)
	for i := a + 1; i < min(b-2, a+10); i++ { // 清溪区|今年计划改造老旧小区19个
		if reads(r[:b], i, "今年") {
			a = i
		}
		if v, _ := verbs.at(r[:b], i+1); r[i] == '将' && v > 1 && oneOf(r[i-1], "省市区县镇乡州旗") { // 云岭区将|新建公园2个
			a = i + 1
		}
	}
	if b-a == 4 && yearAt(r, a) > 0 { // 2022|年度1万亩…
		return span{b, b}, span{}
	}
	if level {
		a = basis(r, a, b)
	}
	if level && remark(r, a, b) {
		return span{b, b}, span{}
	}
	s, v := strip(r, a, b, !level)
	if s >= b || s+1 < b && oneOf(r[s], "比较") && (isDigit(r[s+1]) || oneOf(r[s+1], "“上去年")) { // 比2005年的30亿元翻了…
		return span{b, b}, v
	}
	if !level && !v.empty() && s < b && countsDoers(r[s:b]) { // 转移|就业人数
		_, before := strip(r, a, v.a, true)
		return trimNoun(r, span{v.a, b}), before
	}
	if !level {
		if k := danglingVerb(r, s, b); k > 0 { // 谋划多年、惠及3400万人的工程
			return span{b, b}, span{b - k, b}
		}
		if c, w := lastCut(r, s, b); c > s {
			s2, v2 := strip(r, c, b, true)
			if s2 < b && countsDoers(r[s2:b]) { // 城镇新增就业|人数: of those who do what the verb says
				return trimNoun(r, span{s, b}), v
			}
			if s2 < b {
				s, v = s2, w
				if !v2.empty() {
					v = v2
				}
			} else { // 城镇新增就业: the last verb is the noun
				return trimNoun(r, span{s, b}), w
			}
		}
	}
	if k, _ := endVerbs.before(r[:b], b); k > 0 && b-k >= s+3 && !level { // 亿元以上项目|开工50个
		return trimNoun(r, span{s, b - k}), span{b - k, b}
	}
	return trimNoun(r, span{s, b}), v
}

// countsDoers reports whether a noun is nothing without the verb before it.
func countsDoers(r []rune) bool {
	switch string(r) {
	case "人数", "人员", "总人数", "人口", "户数", "家数", "规模", "总规模":
		return true
	}
	return false
}

// bases begin what a rate is reckoned by, each with the ends of it: 按可比价计算|增长12%, 剔除减税因素后|增长8%.
var bases = []struct {
	begin string
	ends  []string
}{

	{"按", []string{"计算", "价", "价格", "口径", "计价"}},
	{"以", []string{"计", "计算", "计价"}},
	{"剔除", []string{"后", "因素", "影响"}},
	{"扣除", []string{"后", "因素", "影响"}},
	{"自然", []string{"口径"}},
	{"现", []string{"价"}},
	{"名义", []string{"价"}},
}

// basis returns the end of what a rate is reckoned by at the front of r[a:b), a if nothing of it stands there.
func basis(r []rune, a, b int) int {
	for _, w := range bases {
		k := len([]rune(w.begin))
		if !reads(r[:b], a, w.begin) || reads(r[:b], a, "按揭") {
			continue
		}
		end := a
		for _, e := range w.ends {
			for i := a + k; i+len([]rune(e)) <= b && i < a+16; i++ {
				if reads(r[:b], i, e) {
					end = max(end, i+len([]rune(e)))
				}
			}
		}
		return end
	}
	return a
}

// remark reports whether r[a:b) is no more than the beginning of a remark that says the same of another scope: 增长6%（不含新区|增长7%）.
func remark(r []rune, a, b int) bool {
	for a < b && r[a] != '（' && oneOf(r[a], "，、 ") {
		a++
	}
	if a >= b || r[a] != '（' {
		return false
	}
	for _, w := range []string{"不含", "不包括", "含", "剔除", "扣除", "同口径", "可比口径", "按可比", "可比价", "不变价", "若", "如"} {
		if reads(r[:b], a+1, w) {
			return !contains(r[a:b], "）")
		}
	}
	return false
}

// danglingVerb returns the length of a verb that is all that stands behind the last enumeration comma of r[a:b).
func danglingVerb(r []rune, a, b int) int {
	for i := b - 2; i > a && b-i < 8; i-- {
		if r[i] == '、' {
			if k, _ := verbs.at(r[:b], i+1); k > 0 && i+1+k == b {
				return k
			}
			return 0
		}
	}
	return 0
}

// endVerbs stand between a thing and its number.
var endVerbs = newLexicon(
	group{1, `开工 复工 投产 竣工 落地 签约 建成 投运 投用 完工 入库 开业 入驻 上市 竣工投产 开工复工 签约落地 建成投产 开工建设 建成投用 新增 新开工 新签约 新投产 新竣工 新入库`, "erdao-2022, general usage"},
)

// workName reports whether the verb of length k at i ends the name of works of which more is told: 城市提升|项目完成投资.
func workName(r []rune, a, i, b, k int) bool {
	if i < a+2 || i+k+4 > b || !reads(r[:b], i+k, "项目") && !reads(r[:b], i+k, "工程") && !reads(r[:b], i+k, "行动") {
		return false
	}
	v, _ := verbs.at(r[:b], i+k+2)
	return v > 1
}

// lastCut returns the place behind the last verb in [a, b) that may be cut anywhere, and the verb.
func lastCut(r []rune, a, b int) (int, span) {
	at, verb := a, span{}
	if b-a > 4 && r[b-1] == '等' && !oneOf(r[b-2], "平同均一二三") { // 发放粮食直补、购置补贴|等63亿元
		b--
	}
	for i := a; i < b; {
		if n, _ := verbNouns.at(r[:b], i); n > 0 {
			i += n
			continue
		}
		k, tag := verbs.at(r[:b], i)
		if k < 2 || tag != wordCut || i > a && oneOf(r[i-1], "“《") {
			i++
			continue
		}
		modifies := b-i-k <= 2 // of the short noun behind it: 技术培训, 就业服务
		if !modifies && !verbInNoun(r, i, b, k) && !workName(r, a, i, b, k) {
			at, verb = i+k, span{i, i + k}
		}
		i += k
	}
	return at, verb
}

// trimNoun drops what cannot begin or end a noun phrase .
func trimNoun(r []rune, n span) span {
	for n.a < n.b && oneOf(r[n.a], "、，：；的和与及了”） -—") && !(r[n.a] == '和' && n.a+1 < n.b && oneOf(r[n.a+1], "美谐平")) {
		n.a++
	}
	for n.b > n.a+1 && oneOf(r[n.b-1], "、，：；的“（ -—和与及") && !oneOf(r[n.b-2], "参普涉总") {
		n.b--
	}
	return n
}

// shortSubject shortens a subject to maxSubject from the front, at a mark of a list if there is one.
func shortSubject(subject string) string {
	r := []rune(subject)
	if len(r) <= maxSubject {
		return subject
	}
	for i := len(r) - maxSubject; i < len(r)-2; i++ {
		if oneOf(r[i], "、和与及") {
			return string(r[i+1:])
		}
	}
	return string(r[len(r)-maxSubject:])
}

// rightNoun reads the noun behind a number up to what is said of it.
func rightNoun(r []rune, a, b int) (noun, verb span) {
	if a < b && oneOf(r[a], "和与及、，或以（为是被由均已等") && !reads(r[:b], a, "为民") && !(r[a] == '以' && a+2 < b && oneOf(r[a+2], "换代")) && !(r[a] == '和' && a+1 < b && oneOf(r[a+1], "美谐平")) || a+1 < b && r[a] == '并' && r[a+1] != '购' && r[a+1] != '网' {
		return span{a, a}, verb
	}
	for a < b && oneOf(r[a], "的”") {
		a++
	}
	if a < b && (r[a] == '未' || reads(r[:b], a, "尚未")) { // 29个|未完成补偿的城中村
		for j := a + 2; j < b-2 && j < a+16 && isHan(r[j]); j++ {
			if r[j] == '的' {
				a = j + 1
				break
			}
		}
	}
	i := a
	for i < b && i < a+maxSubject && (!endsNoun(r[i]) || isDigit(r[i])) {
		if isDigit(r[i]) {
			e := className(r, i, b)
			if e == i {
				break
			}
			i = e
			continue
		}
		if r[i] == '“' { // a quotation is part of the noun
			if e := index(r[i:b], "”"); e > 0 {
				i += e + 1
				continue
			}
		}
		if r[i] == '（' { // 县（市、区）
			if e := bracketEnd(r, i, b); e > 0 && e-i < 10 {
				i = e + 1
				continue
			}
		}
		if n, _ := verbNouns.at(r[:b], i); n > 0 {
			i += n
			continue
		}
		if k := saidAfter(r, a, i, b); k > 0 {
			verb = span{i, i + k}
			break
		}
		if whereabouts(r, a, i, b) {
			verb = firstSaid(r, i, b)
			break
		}
		i++
	}
	if n := afterPraise(r, a, i, b); !n.empty() {
		return n, verb
	}
	return trimNoun(r, span{a, i}), verb
}

// whereabouts reports whether 在 at i tells where somebody who is counted does something: 2.8万贫困群众|在产业链上实现增收.
func whereabouts(r []rune, a, i, b int) bool {
	if r[i] != '在' || i < a+2 || b-i < 4 || oneOf(r[i-1], "存现潜内外所实正旨") || oneOf(r[i+1], "建校册职线岗编研营用读押逃途谈审批学") {
		return false
	}
	for j := i + 1; j < b && !endsNoun(r[j]); j++ {
		if r[j] == '的' { // 群众在企业的股份: what is counted comes behind
			return false
		}
	}
	return true
}

// firstSaid returns the first predicate from i on, empty if there is none.
func firstSaid(r []rune, i, b int) span {
	for ; i < b && !endsNoun(r[i]); i++ {
		if k, _ := predicatesAfter.at(r[:b], i); k > 1 {
			return span{i, i + k}
		}
	}
	return span{}
}

// afterPraise finds the noun behind a list of adjectives: 40个|吸引力强、带动面广的消费场景.
func afterPraise(r []rune, a, i, b int) span {
	if i >= b || r[i] != '、' || i-a > 8 || i-a < 2 || !oneOf(r[i-1], "强高大优好广多新美精") {
		return span{}
	}
	for j := b - 1; j > i; j-- {
		if r[j] == '的' && b-j > 2 && b-j < 20 {
			return trimNoun(r, span{j + 1, b})
		}
	}
	return span{}
}

func endsNoun(c rune) bool {
	switch c {
	case '，', '；', '：', '。', '！', '？', '、':
		return true
	}
	return isDigit(c)
}

// adverbial reports whether a word that may open a predicate is the attribute of a noun here: 36起|成功案例.
func adverbial(r []rune, i, b, k int) bool {
	m, tag := openers.at(r[:b], i)
	if m < k || tag != wordManner {
		return false
	}
	v, _ := verbs.at(r[:b], i+k)
	w, _ := bringVerbs.at(r[:b], i+k)
	p, _ := predicatesAfter.at(r[:b], i+k)
	return v == 0 && w == 0 && p == 0
}

// className returns the end of a class name with digits at i (750千伏, 4A级, 5G), i if it is a number.
func className(r []rune, i, b int) int {
	n, ok := digitNumber(r[:b], i)
	if ok && afterCount(r, i) { // 230个|50户以上村寨
		if n.readAfterBound(r[:b]); n.post != boundNone {
			return n.qb
		}
	}
	if ok && afterCount(r, i) && n.dim == dimSize && n.b < b && isHan(r[n.b]) && n.inName(r[:b], span{i, b}) { // 3座|35万千瓦光热电站
		return n.b
	}
	if ok && (n.drop != "" || n.dim == dimVoltage || n.dim == dimRank || n.dim == dimAge) && n.b > i {
		return n.b
	}
	return i
}

// saidAfter returns the length of the predicate at i that ends the noun begun at a, 0 if none.
func saidAfter(r []rune, a, i, b int) int {
	if i == a {
		if k := ofAll(r, i, b); k > 0 {
			return k
		}
	}
	if k, _ := predicatesAfter.at(r[:b], i); k > 1 || k == 1 && i > a+1 {
		if (i > a || !adverbial(r, i, b, k)) && !tellsWhich(r, a, i, b, k) && !reads(r[:b], i+k, "项目") && !reads(r[:b], i+k, "企业") && !reads(r[:b], i, "增长点") && !reads(r[:b], i, "增长极") {
			return k
		}
	}
	if i < a+2 && !(i == a+1 && oneOf(r[a], "村县乡镇")) { // 4个村|开展项目
		return 0
	}
	k, tag := verbs.at(r[:b], i)
	if k < 2 || tag != wordCut || b-i-k < 2 || verbInNoun(r, i, b, k) {
		return 0
	}
	if tellsWhich(r, a, i, b, k) {
		return 0
	}
	if i == a+1 {
		return k
	}
	for j := i + k + 1; j <= min(b, i+k+8); j++ { // 计划|新开工项目: the verb belongs to the noun
		if h, _ := facilityHeads.before(r[:j], j); h > 1 && j-h >= i+k {
			return 0
		}
	}
	if h, _ := facilityHeads.before(r[:b], b); h > 0 {
		return 0
	}
	return k
}

// tellsWhich reports whether the verb at i is part of what tells which things are counted: 3项|适合本地种植的新品种.
func tellsWhich(r []rune, a, i, b, k int) bool {
	return i > a+2 && b-i-k > 2 && r[i+k] == '的'
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
	for _, w := range []string{"预计", "下同", "口径", "验资", "不变价", "剔除", "扣除", "不含", "现价", "快报", "可比价", "含"} {
		if strings.Contains(subject[a:a+n], w) {
			return subject[:a] + subject[a+n+len("）"):]
		}
	}
	return subject
}
