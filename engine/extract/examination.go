package extract

// Examinations: titles, places and works that pass one before a higher level.

// examinations end what a title or a place with one has to pass.
var examinations = newLexicon(
	group{1, `验收 初审 初验 评估 复审 复核 复评 复查 复检 考核 评审 认定 评估验收 考核验收 检查验收 考核评估 督导评估 督导验收 中期评估 达标验收 创建验收 技术评估 现场评估 现场考核 暗访 综合评估 复查验收 复审验收 复核验收 考评验收 复检验收 评审验收 省级验收 国家验收 国家评估 省级评估`, "a city's report of 2008, counties' reports of 2017"},
)

// passes finds 甲县通过国家义务教育均衡发展县评估: a title that is passed for, between the verb and the examination.
func passes(r []rune, s span) []finding {
	k, _ := examinations.before(r[:s.b], s.b)
	if k == 0 {
		return nil
	}
	for i := s.a; i+2 <= s.b-k; i++ {
		if !reads(r[:s.b], i, "通过") || inQuotes(r, s.a, i) {
			continue
		}
		n := trimNoun2(r, span{i + 2, s.b - k})
		for n.a < n.b && oneOf(r[n.a], "了") {
			n.a++
		}
		if n.empty() { // 甲县通过|省级验收
			return examined(r, s, i, n)
		}
		level, _ := titleLevels.at(r[:n.b], n.a)
		if k, _ := knownTitles.before(r[:n.b], n.b); k > 0 && n.b-k == n.a { // 通过三级乙等医院评审
			return []finding{{quote: span{i, s.b}, subject: bareTitle(r, n), verb: span{i, i + 2}, rule: RuleTitle}}
		}
		head, _ := titleHeads.before(r[:n.b], n.b)
		if r[n.b-1] == '）' && head == 0 && level > 0 { // 省教育强县（区）
			head = 1
		}
		if n.b-n.a < 5 || level == 0 || head == 0 && !placeTitle(r[n.a:n.b]) && !hasSuffix(r[n.a:n.b], "工作") && !hasSuffix(r[n.a:n.b], "创建") {
			return examined(r, s, i, n)
		}
		return []finding{{quote: span{i, s.b}, subject: bareTitle(r, n), verb: span{i, i + 2}, rule: RuleTitle}}
	}
	return nil
}

// examiners are the ones before whom something passes that is no title: 通过|省、市考核评估.
var examiners = newLexicon(
	group{1, `国家 国务院 中央 部 省 自治区 市 县 第三方 上级 全国 全省 行业 “`, "city's and county's reports of 2018, 2019"},
)

// examined finds a place or a work that passes an examination of a higher level, n being what stands between 通过 and its name:
// 甲县通过|省级验收, 通过|国家和省义务教育均衡发展评估. Without its own subject it is told of the examination.
func examined(r []rune, s span, at int, n span) []finding {
	if by, _ := examiners.at(r[:s.b], n.a); by == 0 {
		return nil
	}
	what := subjectBefore(r, s.a, at)
	switch {
	case n.empty() && !(what.b-what.a < 4 || oneOf(r[what.b-1], "市县区旗镇乡村州盟") || hasHead(r, what)): // 法制宣传通过省级验收
		return nil
	case what.b-what.a < 2 || what.b-what.a > maxSubject/2 || generic2(r, what) || vague(r, what) || r[what.a] == '在':
		what = span{n.a, s.b}
	}
	if what.b-what.a < 2 || s.b-n.a < 4 {
		return nil
	}
	return []finding{{quote: span{min(what.a, at), s.b}, subject: what, verb: span{at, at + 2}, rule: RuleTitle}}
}
