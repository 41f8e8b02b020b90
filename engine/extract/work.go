package extract

import "strings"

// What a clause works on, for the count or the event that the next one tells of it.

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
	n = ofProgram(r, n)
	if n.b-n.a < 3 || n.b-n.a > 24 || vague(r, n) || contains(r[n.a:n.b], "、") && n.b-n.a > 16 {
		return ""
	}
	return words(r, n)
}

// ofProgram returns what a program in quotation marks is to multiply: “规上企业|倍增计划”.
func ofProgram(r []rune, n span) span {
	if n.b-n.a < 6 || r[n.a] != '“' || r[n.b-1] != '”' {
		return n
	}
	for _, w := range []string{"梯度培育计划", "倍增计划", "培育计划", "培优计划", "倍增行动", "培育行动", "培育工程", "倍增工程"} {
		if hasSuffix(r[n.a:n.b-1], w) {
			return span{n.a + 1, n.b - 1 - len([]rune(w))}
		}
	}
	return n
}

// workSubject returns what the clause before works on, or else what this sentence has counted so far; empty if there is neither.
func (e *reader) workSubject(n *number) string {
	if e.object == "" && len(e.carried) > 0 && e.sentence == e.now {
		return e.counted(n)
	}
	return e.object
}

// counted returns what a number that only tells a stage goes on about: what the sentence has counted in works, if an amount was told
// since (项目31个，投资9亿元，竣工|21个), else the last subject.
func (e *reader) counted(n *number) string {
	if k := len(e.res.Statements); e.tallied != "" && n.dim == dimCount && countsWorks(n.unit) && k > 0 && !countsWorks(e.res.Statements[k-1].Unit) {
		return e.tallied
	}
	return e.carried[len(e.carried)-1]
}

// countsWorks reports whether a unit counts projects and works.
func countsWorks(unit string) bool {
	switch unit {
	case "项", "个", "处", "座", "条", "家", "所":
		return true
	}
	return false
}

// stageOfWork reports whether a noun only names the stage of a work whose object stands in the clause before: 开工建设|1万户, 治理|20条.
func stageOfWork(noun string) bool {
	switch strings.TrimPrefix(strings.TrimPrefix(noun, "新"), "重点") {
	case "开工", "开工建设", "竣工", "投产", "试投产", "治理", "整治", "养护", "改造", "维修", "加固", "安排", "实施", "建成", "完工", "修复", "更新", "拆除", "提升", "升级", "交付", "搬迁":
		return true
	}
	return false
}

// clauseRead is a clause of this sentence that was read, and whether a number of it is an item.
type clauseRead struct {
	span
	counted bool
}

func holdsItem(ns []number) bool {
	for _, n := range ns {
		if n.item {
			return true
		}
	}
	return false
}

// recall sets the thing that an event without its own is about: what one of the clauses before works on, unless a milestone was told since.
func (e *reader) recall(r []rune) {
	for i := len(e.past) - 1; i >= 0; i-- {
		if thing, ok := underWay(r, e.past[i].span); ok {
			if e.thing = thing; thing == "" {
				e.thing = e.label
			} else if e.past[i].counted { // the count stands for it
				e.thing = ""
			}
			return
		}
	}
}

// underWay returns the thing that a clause says is being built, of which the next may tell what becomes: 加快东环路建设，确保年底前通车.
// ok is false if the clause has no verb of work at its front; the thing is empty if it names none.
func underWay(r []rune, c span) (thing string, ok bool) {
	for c.b > c.a && oneOf(r[c.b-1], "，。；：！") {
		c.b--
	}
	a, _ := strip(r, c.a, c.b, false)
	k := 0
	for i := max(c.a, a-4); i <= a && k == 0; i++ {
		if k, _ = building.at(r[:c.b], i); k > 0 {
			a = i
		}
	}
	if k == 0 {
		return "", false
	}
	a += k
	if a < c.b && r[a] == '了' {
		a++
	}
	if v, _ := building.at(r[:c.b], a); v > 0 { // 加快|建设…
		a += v
	}
	n := bareName(r, trimNoun2(r, span{a, c.b}))
	for _, w := range []string{"收尾工作", "收尾", "建设进度", "施工进度", "施工", "进度", "步伐", "前期工作", "前期"} {
		if k := len([]rune(w)); n.b-n.a > k+2 && hasSuffix(r[n.a:n.b], w) {
			n.b -= k
			break
		}
	}
	if n.b-n.a < 3 || n.b-n.a > 2*maxSubject || !hasHead(r, n) || vague(r, n) || generic(r, n) {
		return "", true
	}
	return words(r, n), true
}

// headingWork returns the work that a sentence names and says nothing of, as the heading of a point does: ②水厂三期工程。 Empty if it is none.
func headingWork(r []rune, s span) string {
	for s.b > s.a && oneOf(r[s.b-1], "。：") {
		s.b--
	}
	for i := s.b - 1; i > s.a; i-- { // …；②水厂三期工程。
		if r[i] == '；' {
			s.a = i + 1
			break
		}
	}
	if s.b-s.a < 4 || s.b-s.a > 2*maxSubject || !oneOf(r[s.b-1], "目程") { // 项目, 工程: the heads of works
		return ""
	}
	a, verb := strip(r, s.a, s.b, true)
	n := span{a, s.b}
	if !verb.empty() || n.b-n.a < 4 || n.b-n.a > maxSubject || headTag(r, n) != 2 || generic(r, n) {
		return ""
	}
	for i := n.a; i < n.b; i++ {
		if oneOf(r[i], "，；、：") {
			return ""
		}
	}
	return words(r, n)
}

// workOfRow returns the name of a row if it is one of a work or a facility, which a cell beside it may tell an event of.
func workOfRow(r []rune) string {
	if level, mark := numbering(r); level > 0 {
		r = r[mark:]
	}
	n := span{0, len(r)}
	if n.b < 4 || n.b > maxSubject || holds(r, "，；：。0123456789") {
		return ""
	}
	if a, verb := strip(r, 0, n.b, true); !verb.empty() { // 新建|口袋公园
		n.a = a
	}
	if n.b-n.a < 3 || generic(r, n) || vague(r, n) {
		return ""
	}
	return string(r[n.a:])
}

// opensPoint reports whether a sentence begins a point of its own: ③…, （3）….
func opensPoint(r []rune, s span) bool {
	level, _ := numbering(r[s.a:s.b])
	return level > 0 || r[s.a] >= '①' && r[s.a] <= '⑳'
}

// building are the verbs of a clause whose object is under way, so that the next clause may tell its end.
var building = newLexicon(
	group{1, `加快 加快推进 加快建设 推进 推动 全力推进 全面推进 加速推进 抓紧推进 抓好 建设 新建 改建 扩建 改扩建 续建 实施 继续实施 推进实施 谋划实施 启动实施 组织实施 抓紧实施 实施好 加速`, "general usage"},
)
