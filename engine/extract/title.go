package extract

// titleVerbs lead to an official title. Tag 1: whatever follows is one; tag 2: it must look like one;
// tag 3: an aim, it must be unmistakable.
var titleVerbs = newLexicon(
	group{1, `被命名为 被评为 被确定为 被授予 被认定为 被列为 被列入 被纳入 被确认为 被选为 被表彰为 被评定为 荣获 荣膺 蝉联 获评 获评为 获评全国 荣评 喜获 摘得 斩获 荣登 再获 捧回 被誉为 命名为 评为 授予`, "erdao-2022, wuwei-2021, README"},
	group{2, `入选 获批 获批为 获批建设 获批创建 获 获得 列入 入列 纳入 列为 成为 确定为 认定为 创建为 成功创建 成功创建为 成功争取 成功申报 成功申报为 成功入选 成功列入 晋级 晋升 晋升为 摘取 成功摘取 夺得 创成 获建 创建成为 晋升为 升级为 升格为 上升为 跻身 跨入 进入 晋级为 入围 上榜 获得全国 创建`, "wuwei-2021, README"},
	group{3, `争创 打造 争取创建 力争创建 申创 创建成 争当 申建 申报创建 争取列入 争取纳入 争取获批`, "erdao-2022, README"},
)

// titleHeads end an official title.
var titleHeads = newLexicon(
	group{1, `示范区 示范县 示范市 示范城市 示范基地 示范点 示范村 示范镇 示范乡 示范乡镇 示范园 示范园区 示范带 示范项目 示范单位 示范校
		示范学校 示范街 示范街区 示范社区 示范站 示范州 示范旗 示范省 示范企业 龙头企业 示范中心 示范工程 示范区创建 试点 试点区 试点县 试点市
		试点城市 试点省 试点单位 试点地区 试点项目 试验区 实验区 先行区 先行县 先导区 文明城市 文明县城 文明城区 文明村镇 文明单位
		文明校园 卫生城市 卫生县城 卫生县 卫生城区 卫生乡镇 卫生村 园林城市 园林县城 园林县 园林城区 森林城市 森林县城 模范城 模范县
		模范市 模范区 模范城市 双拥模范城 双拥模范县 先进县 先进市 先进区 先进集体 先进单位 先进城市 优秀市 优秀县 优秀区 优秀城市
		平安市 平安县 平安区 百强县 百强区 百强市 强县 强市 百强 十强 十佳 百佳 名城 名镇 名村 名县 之乡 之都 之城 楷模 称号
		荣誉 荣誉称号 名录 名单 目录 案例 发展区 规划 计划 清单 试点名单 行列 景区 度假区 旅游区 风景区 基地 大奖 一等奖 二等奖 三等奖 特等奖
		金奖 银奖 奖 激励 表彰 督查激励 通报表扬 实验室 技术中心 创新中心 研究中心 工程中心 医学中心 医疗中心 科创中心 检测中心
		企业技术中心 研发中心 服务业集聚区 集聚区 综合保税区 保税区 自贸区 高新区 开发区 经开区 国家公园 湿地公园 森林公园 地质公园
		考古遗址公园 非遗 遗产 文化遗产 灌溉工程遗产 地理标志 地理标志产品 地标产品 科技园 大学科技园 科创平台 创新平台 平台 科普基地
		众创空间 孵化器 小巨人 单项冠军 三甲医院 三甲 三级甲等医院 二甲医院 二级甲等医院 骨干高职院校 高职院校 双高计划 典型案例 典型
		品牌 商标 产品 街区 城市 县城 枢纽 枢纽布局 规划布局 枢纽城市 承载城市 集群 产业集群 国家队 无废城市 驰名商标 驻地 园区 产业园 农业产业园
		现代农业产业园 特色小镇 重点镇 重点村 休闲农业 美丽乡村 传统村落 优秀组织奖 第一方阵 先行示范区 改革试点 野外站 观测站 认证`, "the four texts, README, general usage"},
	group{1, `智能工厂 绿色工厂 灯塔工厂 未来工厂 工厂 自驾线路 旅游线路 旅游公路 公路 示范机构 示范医院 示范窗口 示范岗 示范家庭 示范性养老机构 示范集群 示范平台 植物园 动物园 自然公园 国家步道 气象公园 矿山公园 海洋公园 沙漠公园 工程化中心 产业创新中心 质检中心 检验检测中心 测试中心 区域医疗中心 桂冠 千强镇 百强镇 千强 千强乡镇 强镇 示范性高中 示范高中 示范幼儿园 示范性幼儿园 示范性学校 特色学校 地理标志产品保护 地理标志保护产品 证明商标`, "general usage"},
)

// titleLevels are the words that make a head an official title.
var titleLevels = newLexicon(
	group{1, `国家 国家级 全国 中国 国际 联合国 世界 省级 全省 省 市级 全市 首批 首个 时代 全球 亚洲 西部 自治区 区级 甘肃 陕西 吉林
		部级 中央 5A级 4A级 AAAA级 AAAAA级 5A 4A 3A级 国务院 央视 中华 部委 教育部 科技部 工信部 住建部
		农业农村部 文旅部 生态环境部 水利部`, "the four texts, general usage"},
)

// knownTitles are titles without a word of level.
var knownTitles = newLexicon(
	group{1, `文明城市 卫生城市 园林城市 森林城市 双拥模范城 三甲医院 三级甲等医院 无废城市 全域旅游示范区 百强县 卫生县城 文明县城 园林县城
		高新区 综合保税区 海绵城市 平安建设先进 三级甲等 三级乙等 二级甲等 三级乙等医院 二级甲等医院 三级综合医院 三级医院
		三级甲等综合医院 三级甲等中医医院 三级甲等中医院 二级甲等中医院 三级乙等综合医院 二级甲等综合医院 三级甲等妇幼保健院
		二级甲等妇幼保健院 百强区 环保模范城市 环境保护模范城市 优秀旅游城市 中国驰名商标 地理标志 三甲 二甲 三乙 二乙 三乙医院 二乙医院 综保区 双一流 气候适应型城市 历史文化名城`, "wuwei-2021, general usage"},
)

// strongHeads end a title by themselves where the verb is one of applying for it: 积极创建|人工智能创新应用先导区.
var strongHeads = newLexicon(
	group{1, `示范区 示范县 示范市 示范城市 示范城区 示范基地 示范园区 试验区 实验区 先行区 先导区 试点城市 试点县 试点市`, "a region's plan of 2026, general usage"},
)

// dreams are the words that make a title an aim.
var dreams = newLexicon(
	group{1, `一流 千亿 百亿 万亿 榜首 首位 支持范围 政策范围 支持盘子 重要 具有 知名 影响力 特色鲜明 领先 高品质 高能级 有影响 世界级 首选 最佳 最优 区域性 竞争力 前列 辐射 面向 年度 目标考核 日程 管理范围 统筹范围 保障范围 考核范围 监管范围 常态 主渠道 增长 战略高地 国际竞争 战略支点 议程 共识 财政预算 绩效考核 考核体系 法治化轨道`, "tongchuan-2010, general usage"},
)

// titles finds 被命名为…, 争创…, 打造国家4A级景区.
func titles(r []rune, s span) []finding {
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
	for _, p := range parts {
		if strong, _ := strongHeads.before(r[:p.b], p.b); tag == 3 && strong > 0 && p.b-p.a >= strong+3 && p.a > title.a { // 争创国家农业示范区和|农业现代化示范区
			continue
		}
		if head, _ := titleHeads.before(r[:p.b], p.b); !official(r, p, min(tag, 2)) && (tag != 1 || head == 0 || p.b-p.a < head+2 || contains(r[p.a:p.b], "等")) {
			return ownLevels(r, title, tag)
		}
	}
	return parts
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
