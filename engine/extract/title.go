package extract

// titles finds 被命名为…, 争创…, 打造国家4A级景区.
func titles(r []rune, s span) []finding {
	if fs := furtherTitles(r, s); len(fs) > 0 {
		return fs
	}
	for i := s.a; i < s.b-3; i++ {
		k, tag := titleVerbs.at(r[:s.b], i)
		if k == 0 || k == 1 && !awarded(r, s, i) {
			continue
		}
		if inQuotes(r, s.a, i) || tag == 3 && !fronted(r, s.a, i) || contains(r[s.a:i], "有条件的") { // 支持有条件的地方创建…
			i += k - 1
			continue
		}
		if fs := entitled(r, s, span{i, i + k}, tag); len(fs) > 0 {
			return fs
		}
		i += k - 1
	}
	return nil
}

// furtherTitles finds the rest of a list of titles in quotation marks, whose verb stands in the clause before: 以及“甲县”“乙县”等多项荣誉.
func furtherTitles(r []rune, s span) []finding {
	a := s.a
	for _, w := range []string{"以及", "及", "和", "还有"} {
		if reads(r[:s.b], a, w) {
			a += len([]rune(w))
			break
		}
	}
	if a == s.a || a+4 > s.b || r[a] != '“' || !hasSuffix(r[a:s.b], "荣誉") && !hasSuffix(r[a:s.b], "称号") {
		return nil
	}
	for i := s.b - 2; i > a; i-- { // “甲县”“乙县”|等多项荣誉
		if r[i] == '”' && r[i+1] == '等' {
			s.b = i + 1
		}
	}
	return entitled(r, s, span{s.a, a}, 1)
}

// awarded tells 获|国家地理标志 from 收获, 荣获, 获得.
func awarded(r []rune, s span, i int) bool {
	if i > s.a && oneOf(r[i-1], "收斩荣捕抓查喜所可截缴破俘") {
		return false
	}
	for _, w := range []string{"国家", "全国", "中国", "省", "市", "“", "首批", "联合国", "国务院", "全省", "部级", "我省", "我市", "我县", "我区"} {
		if reads(r[:s.b], i+1, w) {
			return true
		}
	}
	return false
}

// fronted reports whether only openers stand before the verb at i, or a subject that is short.
func fronted(r []rune, a, i int) bool {
	b, _ := strip(r, a, i, false)
	return i-b < 30
}

func entitled(r []rune, s, v span, tag int) []finding {
	if hasSuffix(r[v.a:v.b], "全国") { // the level belongs to the title
		v.b -= 2
	}
	title := trimNoun2(r, span{v.b, s.b})
	if w := words(r, v); (w == "纳入" || w == "列入") && contains(r[s.a:v.a], "更多") { // 争取更多项目纳入…规划: nothing in particular
		return nil
	}
	for j := title.a; j+1 < title.b; j++ {
		if r[j] == '并' && !inQuotes(r, title.a, j) {
			title.b = j
		}
	}
	title.b = beforeStep(r, title)
	if hasSuffix(r[title.a:title.b], "之一") { // 荣获全国先进地区、|全省4个达标县之一: a rank behind a title
		for j := title.b - 1; j > title.a+3; j-- {
			if r[j] == '、' && !inQuotes(r, title.a, j) {
				title.b = j
				break
			}
		}
	}
	if tag == 2 && hasSuffix(r[title.a:title.b], "先进行列") { // 跨入全国先进行列: a rank
		return nil
	}
	if words(r, v) == "进入" && !hasSuffix(r[title.a:title.b], "百强") { // 进入国家卫生城市|行列, 进入中国创新型企业百强
		if !hasSuffix(r[title.a:title.b], "行列") {
			return nil
		}
		title.b -= 2
	}
	if k, _ := noTitles.before(r[:title.b], title.b); k > 0 || title.b-title.a < 3 {
		return nil
	}
	if praised(r[title.a:title.b]) {
		return nil
	}
	if tag == 1 {
		if title.b-title.a < 4 || ranked(r[title.a:title.b]) {
			return nil
		}
	} else if !official(r, title, tag) {
		return nil
	}
	var fs []finding
	for _, n := range titleParts(r, title, tag) {
		fs = append(fs, finding{quote: n, subject: bareTitle(r, n), verb: v, rule: RuleTitle})
	}
	if len(fs) == 0 {
		return nil
	}
	fs[0].quote.a = v.a
	fs[len(fs)-1].quote.b = title.b
	if tag == 2 && (words(r, v) == "成为") {
		if who := subjectBefore(r, s.a, v.a); who.b-who.a >= 2 {
			fs[0].quote.a = who.a
		}
	}
	return fs
}

// praised reports whether a title is nothing but praise by several levels: 获得|国家和省州表彰.
func praised(r []rune) bool {
	if !hasSuffix(r, "表彰") && !hasSuffix(r, "表扬") {
		return false
	}
	for _, c := range r[:len(r)-2] {
		if !oneOf(c, "国家省州市县级部委和及、") {
			return false
		}
	}
	return true
}

// noTitles end what something is made without a title: 被列为学习参阅|资料.
var noTitles = newLexicon(
	group{1, `资料 教材 等次 等级 好评 话题 热点 焦点 内容 议程 议题 材料 依据`, "a city's report of 2018"},
)

// ranked reports whether a title ends in a rank: 荣登百强县|榜首.
func ranked(r []rune) bool {
	if contains(r, "、") { // 荣获幸福城区、排名全省第一
		return false
	}
	for _, w := range []string{"榜首", "首位", "前列", "前茅", "第一"} {
		if hasSuffix(r, w) {
			return true
		}
	}
	return false
}

// titleParts splits a list of titles; a list whose members are no titles by themselves stays whole.
func titleParts(r []rune, title span, tag int) []span {
	parts := cut(r, title, func(i int) (int, bool) { return i, !(r[i] == '和' && i+1 < title.b && oneOf(r[i+1], "谐美平")) })
	for k, p := range parts {
		if len(parts) > 2 && tag == 1 && honour(r, p, k == len(parts)-1) {
			continue
		}
		if strong, _ := strongHeads.before(r[:p.b], p.b); tag == 3 && strong > 0 && p.b-p.a >= strong+3 && p.a > title.a { // 争创国家农业示范区和|农业现代化示范区
			continue
		}
		if len(parts) > 1 && r[p.a] == '“' && quotedTitle(r, p, tag) {
			continue
		}
		if head, _ := titleHeads.before(r[:p.b], p.b); !official(r, p, min(tag, 2)) && (tag != 1 || head == 0 || p.b-p.a < head+2 || contains(r[p.a:p.b], "等")) {
			return ownLevels(r, title, tag)
		}
	}
	return parts
}

// honour reports whether one of several titles that were won begins with its level: 中国天然氧吧; the last one may be closed by 等殊荣.
func honour(r []rune, p span, last bool) bool {
	if i := index(r[p.a:p.b], "等"); i > 3 && last && (hasSuffix(r[p.a:p.b], "荣誉") || hasSuffix(r[p.a:p.b], "殊荣")) {
		p.b = p.a + i
	}
	k, _ := titleLevels.at(r[:p.b], p.a)
	return k > 0 && p.b-p.a >= k+3 && !contains(r[p.a:p.b], "等") && !ranked(r[p.a:p.b])
}

// quotedTitle reports whether one of several names in quotation marks is a title by its verb or its level.
func quotedTitle(r []rune, p span, tag int) bool {
	if r[p.b-1] != '”' {
		return false
	}
	level, _ := titleLevels.at(r[:p.b], p.a+1)
	return tag == 1 || tag == 2 && level > 0
}

// ownLevels splits a list of titles only before those that name their own level, if all are titles then:
// 甲、乙等领域国家制造业创新中心、|国家工程化中心.
func ownLevels(r []rune, title span, tag int) []span {
	var out []span
	a := title.a
	for i := title.a + 4; i+4 < title.b; i++ {
		if k, _ := titleLevels.at(r[:title.b], i+1); r[i] != '、' || k == 0 || inQuotes(r, title.a, i) {
			continue
		}
		out = append(out, span{a, i})
		a = i + 1
	}
	out = append(out, span{a, title.b})
	for _, p := range out {
		head, _ := titleHeads.before(r[:p.b], p.b)
		if head == 0 || p.b-p.a < head+2 || !official(r, p, min(tag, 2)) {
			return []span{title}
		}
	}
	return out
}

// official reports whether n reads like an official title.
func official(r []rune, n span, tag int) bool {
	b := n.b
	if r[n.a] == '“' && (hasSuffix(r[n.a:b], "”称号") || hasSuffix(r[n.a:b], "”荣誉称号")) && tag < 3 { // 获“某省面粉加工第一县”称号
		return true
	}
	for _, w := range []string{"称号", "创建", "建设", "名单", "荣誉称号", "荣誉", "工作"} {
		if k := len([]rune(w)); b-n.a > k+3 && hasSuffix(r[n.a:b], w) && w != "名单" {
			b -= k
			break
		}
	}
	if b > n.a && r[b-1] == '）' { // 旅游景区（点）
		for k := b - 1; k > n.a+3; k-- {
			if r[k] == '（' {
				b = k
				break
			}
		}
	}
	for b > n.a && oneOf(r[b-1], "”）") {
		b--
	}
	if tag == 2 && raised(r, n, b) {
		return true
	}
	if k, _ := titleLevels.in(r[n.a:b]); k > 0 && tag < 3 && contains(r[n.a:b], "十大") && hasSuffix(r[n.a:b], "案例") { // 中国改革十大年度案例
		return true
	}
	if k, _ := dreams.in(r[n.a:b]); k > 0 && !(n.a >= 2 && reads(r, n.a-2, "入选") && (hasSuffix(r[n.a:b], "案例") || hasSuffix(r[n.a:b], "名单"))) { // 入选全球减贫最佳案例
		return false
	}
	for i := n.a; i+1 < b; i++ {
		if r[i] == '第' && oneOf(r[i+1], "一二三四五六七八九十") && !(i+2 < b && oneOf(r[i+2], "批届")) && !ordinalTitle(r, i, b) || reads(r[:b], i, "之一") || r[i] == '最' && contains(r[i:b], "的") {
			return false
		}
	}
	if i := index(r[n.a:b], "等"); i > 3 && tag > 1 && !reads(r[:b], n.a+i+1, "领域") && !reads(r[:b], n.a+i+1, "方向") && !reads(r[:b], n.a+i+1, "产业") { // 国家大学科技园等国家级平台, but 铜基新材料等领域国家制造业创新中心
		b = n.a + i
	}
	head, _ := titleHeads.before(r[:b], b)
	quotes := contains(r[n.a:b], "“")
	level, _ := titleLevels.in(r[n.a:b])
	if level == 0 && tag < 3 && ofPlace(r[n.a:b]) {
		level = 1
	}
	if level > 0 && tag < 3 && (contains(r[n.a:b], "十佳") || contains(r[n.a:b], "百佳")) { // 中国城市十佳诚信政府
		return true
	}
	if strong, _ := strongHeads.before(r[:b], b); strong > 0 && b-strong > n.a+1 && n.a >= 2 && (hasSuffix(r[:n.a], "创建") || hasSuffix(r[:n.a], "争创") || hasSuffix(r[:n.a], "申创") || hasSuffix(r[:n.a], "申建")) {
		return true
	}
	known, _ := knownTitles.before(r[:b], b)
	if known > 0 && b-known >= n.a {
		return true
	}
	if tag == 2 && level > 0 && n.a >= 2 && (reads(r, n.a-2, "入选") || reads(r, n.a-2, "入围") || reads(r, n.a-2, "获批")) {
		return true
	}
	if tag == 3 && n.a >= 2 && hasSuffix(r[:n.a], "打造") && b-n.a > 2 && (hasSuffix(r[n.a:b], "之都") || hasSuffix(r[n.a:b], "之城") || hasSuffix(r[n.a:b], "之乡")) { // 打造中国光热之都: an aim
		return false
	}
	if tag == 3 && n.a >= 2 && hasSuffix(r[:n.a], "打造") && b-n.a > 2 && r[b-2] == '强' && oneOf(r[b-1], "省市县区镇") { // 打造新时代文化强市
		return false
	}
	if k, _ := titleLevels.at(r[:b], n.a); tag == 3 && k > 0 && hasPrefix(r[n.a:b], "国家") && hasSuffix(r[n.a:b], "中心") && n.a >= 2 && (hasSuffix(r[:n.a], "争创") || hasSuffix(r[:n.a], "申创") || hasSuffix(r[:n.a], "申建")) {
		return true
	}
	if tag == 3 && level == 0 && hasSuffix(r[n.a:b], "品牌") { // 打造“…”品牌
		return false
	}
	if tag == 2 && approved(r, span{n.a, b}) || placeTitle(r[n.a:b]) {
		return true
	}
	if head == 0 || b-head < n.a {
		return tag == 2 && quotes && level > 0
	}
	return level > 0 || quotes && tag < 3 || quotes && head > 0 && b-n.a < 24
}

// approved reports whether n is a thing that was approved: 获批|外国人过境免签政策.
func approved(r []rune, n span) bool {
	for _, w := range []string{"获批", "获批建设", "获批创建", "获批设立", "获批筹建"} {
		if hasSuffix(r[:n.a], w) {
			return n.b-n.a >= 4 && !isDigit(r[n.a]) && !generic(r, n) && !vague(r, n)
		}
	}
	return false
}

// placeTitle reports whether a title is that of a place whose level stands in front: 国家农产品质量安全市.
func placeTitle(r []rune) bool {
	k, _ := titleLevels.at(r, 0)
	return k > 0 && (len(r) >= k+4 && oneOf(r[len(r)-1], "市县区镇村乡旗校院") || len(r) >= k+3 && r[len(r)-1] == '馆') // 国家一级馆
}

// ordinalTitle reports whether an official title follows the ordinal at i: 成为东北地区|第二个国家卫生城市.
func ordinalTitle(r []rune, i, b int) bool {
	if i+4 > b || !oneOf(r[i+2], "个家座") {
		return false
	}
	k, _ := titleLevels.at(r[:b], i+3)
	h, _ := titleHeads.before(r[:b], b)
	return k > 0 && h > 0 && b-h >= i+3+k
}

// raised reports whether a title is only the level that something is raised to: 创业服务中心晋升为|国家级.
func raised(r []rune, n span, b int) bool {
	if n.a < 3 || r[n.a-1] != '为' || !oneOf(r[n.a-3], "晋升上") {
		return false
	}
	switch words(r, span{n.a, b}) {
	case "国家级", "省级", "部级", "市级", "自治区级":
		return true
	}
	return false
}

// ofPlace reports whether a title begins with the name of a province or city that gives it: 合肥市龙头企业.
func ofPlace(r []rune) bool {
	for i := 2; i < len(r)-2 && i < 4; i++ {
		if oneOf(r[i], "省市州") {
			return r[i+1] != '级' && r[i+1] != '场'
		}
	}
	return false
}

// beforeStep returns the end of a title behind which the step is told that its applicants have taken: 创建省级卫生县城|工作均已通过验收.
func beforeStep(r []rune, n span) int {
	for i := n.a + 4; i+2 < n.b; i++ {
		if inQuotes(r, n.a, i) {
			continue
		}
		for _, w := range []string{"工作均", "工作已", "工作通过", "工作顺利通过", "均已", "已通过", "已经通过", "通过", "顺利通过"} {
			if !reads(r[:n.b], i, w) {
				continue
			}
			if k, _ := titleHeads.before(r[:i], i); k > 0 && i-k >= n.a {
				return i
			}
		}
	}
	return n.b
}

func bareTitle(r []rune, n span) span {
	n = trimNoun(r, n)
	for _, w := range []string{"荣誉称号", "称号", "桂冠"} {
		if k := len([]rune(w)); n.b-n.a > k+4 && hasSuffix(r[n.a:n.b], w) {
			n.b -= k
			break
		}
	}
	if n.b < len(r) && r[n.b] == '”' && contains(r[n.a:n.b], "“") {
		n.b++
	}
	return n
}
