package extract

// coverageWords end a statement that nothing is left out or nothing left over.
var coverageWords = newLexicon(
	group{1, `全覆盖 二级达标 全面达标 全指标达标 全域达标 全域覆盖 全县覆盖 全市覆盖 全区覆盖 全镇覆盖 全面覆盖 清零 动态清零 全面清零 零发生 “零发生” “零的突破” 零的突破 零突破 “零突破” “零”突破 “零”的突破 “清零” “全覆盖” 见底清零 清仓见底 基本清零 全清零 全部清零 “动态清零” 零感染 零输入 零扩散 零确诊 零伤亡 零发案 零上访 零非访 零拖欠 零新增 零死亡 “零新增” 零事故 “零事故”`, "the four texts, README"},
)

// coverage finds 实现…全覆盖, 零就业家庭动态清零.
func coverage(r []rune, s span) []finding {
	end := s.b
	for _, w := range []string{"目标", "任务", "了"} {
		if hasSuffix(r[s.a:end], w) {
			end -= len([]rune(w))
		}
	}
	k, _ := coverageWords.before(r[:end], end)
	if k == 0 || end-k <= s.a {
		return nil
	}
	v := span{end - k, end}
	if hasSuffix(r[v.a:v.b], "全覆盖") && goesOn(r, s.a, v.a) { // 加快推进…全覆盖
		return nil
	}
	var left int
	between := v.a
	if i := index(r[s.a:v.a], "实现"); i >= 0 {
		left, between = s.a+i, s.a+i+2
	} else {
		left = v.a
	}
	noun := subjectBefore(r, s.a, left)
	if noun.b-noun.a < 2 || generic2(r, noun) {
		noun = subjectBefore(r, between, v.a)
	}
	if noun.b-noun.a < 2 || generic2(r, noun) {
		return nil
	}
	a := noun.a
	if noun.a >= between && left < v.a {
		a = left
	}
	return []finding{{quote: span{a, end}, subject: shorten(r, beforeRow(r, noun)), verb: v, rule: RuleCoverage}}
}

// goesOn reports whether r[a:b) begins with a verb of work that goes on, and says nowhere that it comes to its end.
func goesOn(r []rune, a, b int) bool {
	if contains(r[a:b], "实现") || contains(r[a:b], "达到") {
		return false
	}
	i, _ := strip(r, a, b, false)
	for _, from := range []int{a, i} {
		for _, w := range []string{"推进", "加快推进", "加快", "有序推进", "稳步推进", "扎实推进", "持续推进", "深入推进", "全面推进", "大力推进"} {
			if reads(r[:b], from, w) {
				return true
			}
		}
	}
	return false
}

func generic2(r []rune, n span) bool {
	switch words(r, n) {
	case "全市", "我市", "全县", "全区", "全省", "我们", "工作":
		return true
	}
	return false
}

// throughout finds 实现村村通硬化路, 乡乡通油路: a way or a service that reaches every place.
func throughout(r []rune, s span) []finding {
	for i := s.a; i+4 < s.b; i++ {
		if r[i] != r[i+1] || r[i+2] != '通' || !oneOf(r[i], "省市州县区乡镇村组户岛") || inQuotes(r, s.a, i) {
			continue
		}
		n := trimNoun2(r, span{i, s.b})
		for _, w := range []string{"工程", "项目", "建设", "力度", "任务", "问题", "计划", "行动"} {
			if hasSuffix(r[n.a:n.b], w) {
				return nil
			}
		}
		a := trimTrailing(r, s.a, i, "了")
		if hasSuffix(r[s.a:a], "实现") {
			a -= 2
		} else if subjectBefore(r, s.a, a).b > s.a && a > s.a {
			return nil
		}
		return []finding{{quote: span{a, n.b}, subject: shorten(r, n), verb: span{i, i + 3}, rule: RuleCoverage}}
	}
	if fs := reachesAll(r, s); len(fs) > 0 {
		return fs
	}
	return allReached(r, s)
}

// reachesAll finds 5G县县通, 光纤和动力电村村通: the service stands before.
func reachesAll(r []rune, s span) []finding {
	i := s.b - 3
	if i < s.a+2 || r[i+2] != '通' || r[i] != r[i+1] || !oneOf(r[i], "省市州县区乡镇村组户岛") {
		return nil
	}
	n := subjectBefore(r, s.a, i)
	a := n.a
	if reads(r[:n.b], n.a, "实现") {
		n.a += 2
	}
	if n.b-n.a < 2 || inQuotes(r, s.a, i) {
		return nil
	}
	return []finding{{quote: span{a, s.b}, subject: shorten(r, n), verb: span{i, i + 3}, rule: RuleCoverage}}
}

// services are the ways and services that come to every place: 所有建制村通|硬化路.
var services = newLexicon(
	group{1, `硬化路 硬化公路 水泥路 油路 沥青路 公路 客车 公交 班车 动力电 生活用电 自来水 安全水 天然气 燃气 宽带 光纤 网络 快递 邮`, "general usage"},
)

// allReached finds 所有建制村通硬化路.
func allReached(r []rune, s span) []finding {
	a, _ := strip(r, s.a, s.b, false)
	if !reads(r[:s.b], a, "所有") {
		return nil
	}
	for i := a + 4; i+1 < s.b; i++ {
		if k, _ := services.at(r[:s.b], i+1); r[i] != '通' || k == 0 {
			continue
		}
		if n := trimNoun2(r, span{a + 2, trimAdverbs(r, a+2, i)}); n.b-n.a > 1 {
			return []finding{{quote: span{a, s.b}, subject: shorten(r, n), verb: span{i, i + 1}, rule: RuleAll}}
		}
	}
	return nil
}

// hats finds 摘掉国家级贫困县帽子: a title that is taken off.
func hats(r []rune, s span) []finding {
	end := s.b
	if out := outOfPoverty(r, s); out != nil {
		return out
	}
	if !hasSuffix(r[s.a:end], "帽子") {
		return nil
	}
	at := index(r[s.a:end], "摘掉")
	if at < 0 {
		return nil
	}
	n := trimNoun2(r, span{s.a + at + 2, end - 2})
	for n.a < n.b && oneOf(r[n.a], "了") {
		n.a++
	}
	if n.b-n.a < 3 {
		return nil
	}
	return []finding{{quote: span{s.a + at, end}, subject: shorten(r, n), verb: span{s.a + at, s.a + at + 2}, rule: RuleTitle}}
}

// outOfPoverty finds a place that has left the list of poor ones: 成功退出|贫困县序列.
func outOfPoverty(r []rune, s span) []finding {
	if !hasSuffix(r[s.a:s.b], "贫困县序列") && !hasSuffix(r[s.a:s.b], "贫困县行列") {
		return nil
	}
	for i := s.b - 7; i >= s.a && i > s.b-14; i-- {
		if reads(r, i, "退出") || reads(r, i, "摆脱") || reads(r, i, "告别") {
			return []finding{{quote: span{i, s.b}, subject: span{i + 2, s.b}, verb: span{i, i + 2}, rule: RuleTitle}}
		}
	}
	return nil
}

// allVerbs follow 全部 in a milestone (README: 全部 + 达标/脱贫/通…/完成).
var allVerbs = newLexicon(
	group{1, `达标 脱贫 通 完成 建成 投用 投入使用 竣工 完工 开工 摘帽 退出 办结 销号 整改 验收 通过 入住 复工 达到 关停 搬迁 脱贫摘帽 交付 清零 投产 运营 修复 恢复 修缮 消除 拆除 消灭 解决 安置 开通 化解 取缔 出清 移交 交接 签约 到位 兑付 硬化 免除 减免 取消 通车 联网 通水 通电 上楼`, "wuwei-2021, erdao-2022, a city's report of 2006, README"},
)

// wholes finds …全部达标.
func wholes(r []rune, s span) []finding {
	for i := s.a; i+2 < s.b; i++ {
		if !reads(r[:s.b], i, "全部") {
			continue
		}
		j := i + 2
		for {
			k, _ := eventAdverbs.at(r[:s.b], j)
			if k == 0 {
				break
			}
			if v, _ := allVerbs.at(r[:s.b], j); v >= k {
				break
			}
			j += k
		}
		k, _ := allVerbs.at(r[:s.b], j)
		if k == 0 {
			continue
		}
		noun := subjectBefore(r, s.a, i)
		if noun.empty() && trimAdverbs(r, s.a, i) == s.a && !hasPrefix(r[j:s.b], "完成") && j+k == s.b { // 因户施策帮扶贫困人口，确保2020年|全部脱贫
			return []finding{{quote: span{s.a, s.b}, verb: span{i, j + k}, rule: RuleAll}}
		}
		if hasPrefix(r[j:s.b], "完成") && !ownContent(r, noun) { // 考核任务全部完成
			return nil
		}
		if noun.b-noun.a > 2 && oneOf(r[noun.b-1], "县市区乡镇村") && isDigit(r[noun.b-2]) { // 山区26县: a count
			return nil
		}
		if noun.b-noun.a < 2 || generic2(r, noun) || hasSuffix(r[s.a:i], "将") || hasSuffix(r[s.a:i], "时间") {
			return nil
		}
		var fs []finding
		for _, n := range names(r, noun) { // 甲路工程、乙路工程已全部完工
			fs = append(fs, finding{quote: n, subject: shorten(r, n), verb: span{i, j + k}, rule: RuleAll})
		}
		fs[len(fs)-1].quote.b = s.b
		return fs
	}
	return nil
}

// standards finds …达到国家四类标准.
func standards(r []rune, s span) []finding {
	if !hasSuffix(r[s.a:s.b], "标准") && !hasSuffix(r[s.a:s.b], "标准以上") && !hasSuffix(r[s.a:s.b], "类及以上") && !hasSuffix(r[s.a:s.b], "类以上") && !hasSuffix(r[s.a:s.b], "类水质") && !hasSuffix(r[s.a:s.b], "类水体") && !classed(r[s.a:s.b]) {
		return nil
	}
	i := index(r[s.a:s.b], "达到")
	if i < 0 && classed(r[s.a:s.b]) { // 保持Ⅱ类
		i = index(r[s.a:s.b], "保持")
	}
	if i < 2 || s.a+i+4 > s.b {
		return nil
	}
	noun := subjectBefore(r, s.a, s.a+i)
	noun = beforeRow(r, noun)
	if noun.b-noun.a < 2 {
		return nil
	}
	return []finding{{quote: span{noun.a, s.b}, subject: shorten(r, noun), verb: span{s.a + i, s.a + i + 2}, rule: RuleStandard}}
}

// beforeRow drops the row of years that ends n: 河水|连续6年.
func beforeRow(r []rune, n span) span {
	if n.empty() || r[n.b-1] != '年' {
		return n
	}
	for k := n.b - 3; k > n.a+1; k-- {
		if reads(r, k, "连续") {
			return span{n.a, k}
		}
	}
	return n
}

// classed reports whether r ends in a class of water: Ⅱ类, 三类.
func classed(r []rune) bool {
	for _, w := range []string{"及以上", "以上"} {
		if hasSuffix(r, w) {
			r = r[:len(r)-len([]rune(w))]
			break
		}
	}
	n := len(r)
	return n > 3 && r[n-1] == '类' && (oneOf(r[n-2], "ⅠⅡⅢⅣⅤ") || planNumbers[r[n-2]] > 0)
}

// steps finds …与经济增长同步.
func steps(r []rune, s span) []finding {
	end := s.b
	if hasSuffix(r[s.a:end], "增长") {
		end -= 2
	}
	if !hasSuffix(r[s.a:end], "同步") {
		return nil
	}
	for i := end - 3; i >= s.a+2; i-- {
		if !oneOf(r[i], "与和同跟") || i+1 < end && reads(r, i, "同步") || r[i] != '与' && i < end-16 {
			continue
		}
		noun := subjectBefore(r, s.a, i)
		if noun.b-noun.a < 2 {
			return nil
		}
		return []finding{{quote: span{noun.a, s.b}, subject: shorten(r, noun), verb: span{end - 2, end}, rule: RuleStep}}
	}
	return nil
}

// records finds …创历史新高.
func records(r []rune, s span) []finding {
	ok := false
	for _, w := range []string{"新高", "新低", "历史最好水平", "历史最高", "历史最高水平", "历史之最", "历史最好成绩", "历史新高水平", "来最好水平", "来最高水平", "以来最好", "以来最高", "来最好成绩", "来最优水平", "历史最优", "历史最佳"} {
		ok = ok || hasSuffix(r[s.a:s.b], w)
	}
	if !ok {
		return nil
	}
	for i := s.b - 3; i > s.a+1; i-- {
		if r[i] != '创' {
			continue
		}
		noun := subjectBefore(r, s.a, i)
		for noun.b > noun.a && oneOf(r[noun.b-1], "连再屡续又") { // 连创新高
			noun.b--
		}
		if noun.b-noun.a < 2 {
			return nil
		}
		return []finding{{quote: span{noun.a, s.b}, subject: shorten(r, noun), verb: span{i, s.b}, rule: RuleRecord}}
	}
	return nil
}

// shorten bounds a subject: of a list closed by 等 the common noun stays.
func shorten(r []rune, n span) span {
	if n.b-n.a <= maxSubject {
		return n
	}
	for i := n.b - 1; i > n.a; i-- {
		if r[i] == '等' && n.b-i > 3 {
			return span{i + 1, n.b}
		}
	}
	return span{n.b - maxSubject, n.b}
}
