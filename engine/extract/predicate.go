package extract

// side is what stands to the left of a number, taken apart.
type side struct {
	pred    predKind // the predicate right before the number
	predAt  span
	bound   boundKind
	boundAt int // where the bound word begins; the number's start if there is none
}

// peel reads r[a:b), the text before a number, from the number backwards: bound, predicate, adverbs.
// What is left, [a, rest), holds the subject and perhaps a verb.
func peel(r []rune, a, b int) (s side, rest int) {
	j := b
	s.boundAt = b
	for {
		j = trimPer(r, a, j)
		k, tag := bounds.before(r[:j], j)
		if k == 0 || j-k < a || tag == int(boundNone) {
			break
		}
		if s.bound == boundNone {
			s.bound = boundKind(tag)
		}
		s.boundAt = j - k
		j -= k
	}
	if j-1 > a && r[j-1] == '的' && knownEnd(r, a, j-1) && oneOf(r[j-2], "到至") { // 预计提高到的|1.95万亿元
		j--
	}
	j = trimTrailing(r, a, j, "了到")
	if j-1 > a && oneOf(r[j-1], "均都") && s.bound != boundNone { // 增长均|超20%
		if k, tag := predicates.before(r[:j-1], j-1); k > 1 && (predKind(tag) == predGrow || predKind(tag) == predFall) {
			j--
		}
	}
	if i := ofPeriod(r, a, j); i < j { // 增加到2021年的142.7亿元
		if k, _ := predicates.before(r[:i], i); k > 1 {
			j = i
		}
	}
	k, tag := predicates.before(r[:j], j)
	if k > 0 && j-k >= a && !insideNoun(r, a, j, k) && !numbersItem(r, a, j) {
		s.pred, s.predAt = predKind(tag), span{j - k, j}
		j -= k
		j = s.before(r, a, j)
	}
	return s, j
}

// ofPeriod returns where a period that ends in 的 before j begins (2021年的, 上年的, “十二五”末的), j if there is none.
func ofPeriod(r []rune, a, j int) int {
	if j-6 > a && r[j-1] == '年' && yearAt(r, j-5) > 0 && oneOf(r[j-6], "到至") { // 提高到2016年|8600亿元
		return j - 5
	}
	if j-2 < a || r[j-1] != '的' || !endsPeriod(r[a:j-1]) {
		return j
	}
	i := j - 2
	for i > a && j-i < 14 && (isDigit(r[i-1]) || oneOf(r[i-1], "年末底初上去今当同前期“”十一二三四五六七八九时")) {
		i--
	}
	return i
}

// before looks at what stands before the predicate: 增长达5% is a growth, 增幅达5% a level.
func (s *side) before(r []rune, a, j int) int {
	if s.pred != predReach || s.predAt.b-s.predAt.a > 2 || r[s.predAt.a] != '达' {
		return j
	}
	k, tag := predicates.before(r[:j], j)
	if k > 1 && j-k >= a && (predKind(tag) == predGrow || predKind(tag) == predFall) {
		s.pred, s.predAt = predKind(tag), span{j - k, s.predAt.b}
		return j - k
	}
	return j
}

// insideNoun reports whether the predicate of length k before j is the end of a longer word: 有, 增, 升, 占.
func insideNoun(r []rune, a, j, k int) bool {
	if k > 1 {
		return false
	}
	w, _ := notPredicates.before(r[:j], j)
	return w > k && j-w >= a
}

// numbersItem reports whether the 是 that ends at j numbers what follows, and says nothing of its amount: 二是|59个村通上自来水.
func numbersItem(r []rune, a, j int) bool {
	if r[j-1] != '是' {
		return false
	}
	i := j - 1
	for i > a && (chineseDigit(r[i-1]) || r[i-1] == '十') {
		i--
	}
	return i < j-1 && (i == a || !isHan(r[i-1]))
}

// notPredicates end in a one-letter predicate and are none.
var notPredicates = newLexicon(
	group{1, `新增 净增 倍增 激增 递增 晋升 提升 公升 毫升 减少 缺少 至少 多少 上涨 涨跌 所有 国有 公有 私有 享有 含有 占有 富有
		具有 没有 作为 成为 认为 行为 人为 确定为 确认为 命名为 评为 列为 定为 转为 变为 视为 体系 关系 联系 院系 水系 直系
		发达 到达 传达 下达 抵达 通达 直达 表达 可达 电压 高压 低压 血压 水压 但是 就是 于是 还是 凡是 节水增 减压`, "general usage"},
)

// trimPer drops the words that make an amount one per head or year: 达到人均每月577元.
func trimPer(r []rune, a, j int) int {
	for {
		k, _ := pers.before(r[:j], j)
		if k == 0 && (hasSuffix(r[a:j], "到人均") || hasSuffix(r[a:j], "至人均")) { // 提高到人均|320元
			k = 2
		}
		if k == 0 || j-k < a {
			return j
		}
		j -= k
	}
}

var pers = newLexicon(
	group{1, `人均每月 每人每月 每人每年 人均每年 每年 每月 每天 每日 每亩 每人 每户 每公里 每吨 每平方米 平均每天 平均每年 全年 每千人 每万人 每生每年 每人每天 每次 每家 每场 每件 每张 每台 每辆 每头 每只 每村 每镇 每校 每人次 每立方米 平均 最低 最高 年人均 月人均 年户均 人民币 共 共计 总计 合计`, "wuwei-2021, general usage"},
)

func trimTrailing(r []rune, a, j int, set string) int {
	for j > a && oneOf(r[j-1], set) && !knownEnd(r, a, j) {
		j--
	}
	return j
}

// knownEnd reports whether a predicate ends at j, so that its 到 must stay.
func knownEnd(r []rune, a, j int) bool {
	k, _ := predicates.before(r[:j], j)
	return k > 1 && j-k >= a
}

// trimRight drops the adverbs, comparisons and marks before the predicate: 总体, 比上年, 分别, 在年初.
func trimRight(r []rune, a, j int) int {
	for {
		was := j
		for _, w := range []string{"半年度", "上半年", "前三季度", "一季度"} {
			if n := len([]rune(w)); j-n >= a && hasSuffix(r[a:j], w) {
				j -= n
			}
		}
		if k, _ := trailers.before(r[:j], j); k > 0 && j-k >= a && !keepsTrailer(r, a, j, k) {
			j -= k
		}
		if i := comparison(r, a, j); i >= 0 {
			j = i
		}
		if j-5 > a+1 && yearAt(r, j-5) > 0 && isHan(r[j-6]) && !oneOf(r[j-6], "比较从由自到至与") { // 通车里程|2025年达到…
			j -= 5
		}
		for j > a && oneOf(r[j-1], "、，：；-— ·") {
			j--
		}
		if j == was {
			return j
		}
	}
}

// keepsTrailer protects the nouns that end in a trailer's letter: 公共, 以上, 目的, 各地.
func keepsTrailer(r []rune, a, j, k int) bool {
	if k == 2 && reads(r, j-2, "年内") { // 五年内翻了一番
		_, ok := yearDigit(r[max(0, j-3)])
		return ok && j-3 >= a
	}
	if k > 1 {
		return false
	}
	n, _ := nounsEnding.before(r[:j], j)
	return n > 0 && j-n >= a
}

var nounsEnding = newLexicon(
	group{1, `签约 节约 集约 合约 条约 违约 预约 公约 落地 公共 人均 户均 亩均 日均 月均 年人均 公均 以上 网上 线上 规上 限上 海上
		水上 地上 云上 四上 陆上 土地 用地 林地 草地 湿地 绿地 耕地 基地 场地 产地 工地 营地 园地 各地 当地 目的 荒地 高地
		宅基地 农地 山地 坡地 滩地 墓地 驻地 属地 腹地 飞地 实地 缘由 自由 理由 主从 中共 大都 首都 成都 古都 必要 主要 重要
		需要 概要 摘要 响应 供应 反应 效应 适应 感应 相应 许可 认可 名将 北上 南下 以上” 规上” 四上” 发达 机动 主动 互动
		下达 送达 传达 表达 抵达 流动 活动 劳动 移动 电动 新能源”`, "general usage"},
)

// comparison returns where a phrase of comparison or place that ends at j begins, -1 if there is none.
func comparison(r []rune, a, j int) int {
	for i := j - 2; i >= a && i > j-18; i-- {
		if oneOf(r[i], "，；：。、") {
			return -1
		}
		switch r[i] {
		case '比', '较', '与', '同', '按', '在', '于', '截', '到', '自':
		default:
			continue
		}
		if r[i] == '比' && (i > a && oneOf(r[i-1], "占同环对") || i+1 < len(r) && oneOf(r[i+1], "重例率")) {
			continue
		}
		if r[i] == '自' && i+1 < len(r) && oneOf(r[i+1], "治主然来动") { // 比|自治区的规定
			continue
		}
		if r[i] == '到' && hasSuffix(r[i+1:j], "水平") { // 争取|到2010年城镇化水平: a measure
			continue
		}
		if endsPeriod(r[i+1 : j]) {
			return i
		}
	}
	return -1
}

// endsPeriod reports whether r ends in the name of a period or of a reference.
func endsPeriod(r []rune) bool {
	for _, w := range []string{"年", "年末", "年底", "年初", "末", "期", "同期", "时期", "相比", "上年", "去年", "计划", "目标", "预期", "预算", "平均水平", "水平", "全国", "全省", "全市", "之前", "年前", "底", "初", "上月", "口径", "价格", "规定", "规定时限", "法定时限", "承诺时限", "法定时间", "承诺时间", "基础上", "基数", "前", "今", "期间", "时", "低时"} {
		if hasSuffix(r, w) {
			return true
		}
	}
	return false
}
