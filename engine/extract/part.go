package extract

// partWords tell the part that a heading opens.
var partWords = newLexicon(
	group{int(partReview), `回顾 总结 完成情况 过去 去年 成就 成效 成绩 成绩单 以来 收官 工作情况 走过`, "the four texts, general usage"},
	group{int(partPlan), `安排 部署 任务 目标 思路 要求 打算 重点工作 工作重点 建议 展望 未来 今后 新的一年 今年 下一步 下阶段 奋斗 蓝图 规划 政策取向 明年 新征程`, "the four texts, general usage"},
)

// ahead are the words for so many years to come: 今后五年.
var ahead = newLexicon(
	group{5, `今后五年 未来五年 今后5年 未来5年 下一个五年 新的五年`, "general usage"},
	group{3, `今后三年 未来三年 今后3年 未来3年`, "general usage"},
	group{4, `今后四年 未来四年`, "general usage"},
)

// reached are the words that make a heading of aims one of what became of them: “十五”计划目标提前实现.
var reached = newLexicon(
	group{1, `提前实现 全面实现 圆满实现 胜利实现 如期实现 顺利实现 全面完成 圆满完成 胜利完成 顺利完成 超额完成 如期完成 提前完成 完成情况 执行情况
		落实情况 进展情况 推进情况 办理情况 进展 工作进度 完成进度`, "a city's report of 2006, plans of work"},
)

// ofReached reports whether a heading tells of aims that were reached, not of the will to reach them.
func ofReached(r []rune) bool {
	k, _ := reached.in(r)
	return k > 0 && !contains(r, "确保") && !contains(r, "力争") && !contains(r, "努力") && !contains(r, "奋力")
}

// ofBoth reports whether a title names review and plan: 2022年工作总结及2023年工作思路.
func ofBoth(r []rune) bool {
	at := -1
	for _, w := range []string{"回顾", "总结", "成效", "情况"} {
		at = max(at, index(r, w))
	}
	if at < 0 {
		return false
	}
	for i := at; i+2 < len(r); i++ {
		if !oneOf(r[i], "及和与暨、") {
			continue
		}
		k, tag := partWords.in(r[i:])
		if (k > 0 && part(tag) == partPlan || contains(r[i:], "计划")) && !ofReached(r[i:]) {
			return true
		}
	}
	return false
}

// headingPart judges a heading. With years 0 it judges by words alone.
func headingPart(r []rune, review, plan int) part {
	if ofBoth(r) {
		return partUnknown
	}
	if contains(r, "回顾") || contains(r, "总结") || ofReached(r) {
		return partReview
	}
	if y := lastYear(r); y > 0 && plan > 0 {
		if y >= plan {
			return partPlan
		}
		if y <= review {
			return partReview
		}
	}
	for i := range r {
		if end, _ := fiveYearEnd(r, i); end > 0 && plan > 0 {
			if end <= review {
				return partReview
			}
			break
		}
	}
	if k, tag := partWords.in(r); k > 0 {
		return part(tag)
	}
	if ofDeeds(r) {
		return partPlan
	}
	return partUnknown
}

// settleParts walks the report and tells review from plan.
func (doc *document) settleParts() {
	parts := make([]part, len(doc.headings))
	doc.ofHalf = doc.tellsOfHalf()
	doc.midyear = doc.ofHalf || doc.opensMidyear()
	doc.horizons = make([]int, len(doc.headings))
	now, horizon := partUnknown, 0
	for k, h := range doc.headings {
		p := headingPart(h.text, doc.review, doc.plan)
		if h.level > 2 || h.level == 2 && p != partUnknown && !decisive(h.text) {
			p = partUnknown
		}
		if h.level == 0 {
			p = partUnknown
		}
		if p != partUnknown {
			now, horizon = p, 0
			if y := periodOf(h.text); p == partReview && h.level == 1 && y > 0 && y < doc.review && lastYear(h.text) == 0 { // “十三五”工作回顾, of a report given two years later
				horizon = y
			}
			if p == partPlan {
				horizon = doc.horizonOf(h.text)
				if contains(h.text, "下半年") && lastYear(h.text) == 0 && doc.ofHalf { // the second half of the year that is told of
					horizon = doc.review
				}
			}
		} else if h.level == 2 && now == partPlan {
			if y := doc.horizonOf(h.text); y > 0 {
				horizon = y
			}
		}
		parts[k], doc.horizons[k] = now, horizon
	}
	section, current := -2, partReview
	byTitle := plansByTitle([]rune(doc.title)) || doc.spoken > 0 && doc.spoken < 5 && ofThisYear([]rune(doc.title))
	doc.partless = !named(parts)
	if byTitle || doc.period > 0 || doc.partless && doc.looksAhead() {
		current = partPlan
	}
	switched := false
	for k := range doc.paragraphs {
		p := &doc.paragraphs[k]
		if p.section != section {
			section = p.section
			if section >= 0 && parts[section] != partUnknown && !(switched && parts[section] == partReview && doc.headings[section].level > 1) {
				current = parts[section]
			}
		}
		if current == partReview && doc.turns(p) {
			current, switched = partPlan, true
			for j := max(0, section); j < len(parts); j++ {
				if parts[j] == partReview && (j == section || doc.headings[j].level > 1 && headingPart(doc.headings[j].text, doc.review, doc.plan) != partReview) {
					parts[j] = partPlan
				}
			}
		}
		p.part = current
		if current == partReview && doc.partless && doc.spoken < 10 && doc.turnsInside(p) {
			current = partPlan
			if p.turn == 0 {
				doc.leadPlanned(k)
			}
		}
		if current == partPlan && (byTitle && tellsOfLast(p.r) || looksBack(p.r)) {
			p.part = partReview
		}
	}
}

// tellsOfHalf reports whether a text is what somebody says in summer of the first half of the year.
func (doc *document) tellsOfHalf() bool {
	if ofHalf([]rune(doc.title)) {
		return true
	}
	for _, h := range doc.headings {
		if h.level < 3 && ofHalf(h.text) {
			return true
		}
	}
	return len(doc.paragraphs) > 0 && ofHalf(doc.paragraphs[0].r[:min(len(doc.paragraphs[0].r), 24)])
}

// opensMidyear reports whether the first paragraph of a text begins with a part of a year: 2014年上半年，….
func (doc *document) opensMidyear() bool {
	for k := range doc.paragraphs {
		p := &doc.paragraphs[k]
		if p.title {
			continue
		}
		if yearAt(p.r, 0) == 0 {
			return false
		}
		for _, w := range []string{"上半年", "前三季度", "一季度", "1—", "1-", "1至"} {
			if reads(p.r, 5, w) {
				return true
			}
		}
		return false
	}
	return false
}

// ofHalf reports whether a title or heading is that of a summary of half a year.
func ofHalf(r []rune) bool {
	return (contains(r, "上半年") || contains(r, "半年度")) && (contains(r, "总结") || contains(r, "回顾") || contains(r, "情况") || contains(r, "成效") || contains(r, "进度"))
}

// named reports whether a heading names a part.
func named(parts []part) bool {
	for _, p := range parts {
		if p != partUnknown {
			return true
		}
	}
	return false
}

// decisive reports whether a heading of the second level opens a part by itself.
func decisive(r []rune) bool {
	return contains(r, "回顾") || contains(r, "主要预期目标") || contains(r, "工作安排") || contains(r, "今年") || contains(r, "主要任务")
}

// horizonOf returns the year that a plan heading aims at, 0 for the plan year itself.
func (doc *document) horizonOf(r []rune) int {
	if y := lastYear(r); y == doc.plan {
		return 0
	} else if y > doc.plan {
		return y
	}
	if contains(r, "今年") {
		return 0
	}
	if k, years := ahead.in(r); k > 0 && doc.plan > 0 {
		return doc.plan + years - 1
	}
	for i := range r {
		if y, _ := fiveYearEnd(r, i); y > doc.plan {
			return y
		}
	}
	return 0
}

// opensPlan reports whether a paragraph that begins with a year goes on like the heading of a plan, in the same line as what is planned:
// 2024年工作安排：新增…; 2024年重点工作。改造….
func opensPlan(r []rune) bool {
	for i := 0; i < len(r) && i < 24; i++ {
		if oneOf(r[i], "：:。， 　") {
			return headingPart(r[:i], 0, 0) == partPlan
		}
	}
	return false
}

// turns reports whether a paragraph without heading opens the plan: 今年是…之年; 2023年，…将.
func (doc *document) turns(p *paragraph) bool {
	r := p.r[:min(len(p.r), 60)]
	named := yearAt(r, 0) > doc.review && doc.review > 0 && yearAt(r, 0) <= doc.plan
	this := doc.spoken < 10 && !doc.ofHalf && hasPrefix(r, "今年") && !hasPrefix(r, "今年以来")
	if named && opensPlan(p.r) || named && doc.given && len(r) > 5 && r[5] == '，' {
		return true
	}
	if named || this || hasPrefix(r, "新的一年") {
		return contains(r, "之年") || contains(r, "将") || contains(r, "目标") || contains(r, "要") || contains(r, "我们") || contains(r, "一年")
	}
	for _, w := range []string{"总体目标", "主要目标", "主要预期目标", "预期目标", "工作目标", "奋斗目标", "总体要求", "总的要求", "今年工作"} {
		if hasPrefix(r, w) {
			return true
		}
	}
	if doc.spoken > 0 && doc.spoken < 10 && !hasPrefix(r, "过去") && (contains(r, "，今年将") || contains(r, "，今年要") || contains(r, "：今年将") || hasPrefix(r, "今年将")) { // a digest: 报告明确，今年将…
		return true
	}
	if promisesDeeds(p.r) {
		return true
	}
	return hasPrefix(r, "做好今年") || hasPrefix(r, "今后五年") && contains(r, "目标") || hasPrefix(r, "未来五年")
}

// nameParts copies the parts into the sections.
func (doc *document) nameParts(res *Result) {
	seen := make([]bool, len(res.Sections))
	for k := range doc.paragraphs {
		p := &doc.paragraphs[k]
		if p.section >= 0 && !seen[p.section] {
			seen[p.section] = true
			res.Sections[p.section].Kind = kindOf(p.part)
		}
	}
	next := Achievement
	for k := len(res.Sections) - 1; k >= 0; k-- {
		if !seen[k] {
			res.Sections[k].Kind = next
		}
		next = res.Sections[k].Kind
	}
}

func kindOf(p part) Kind {
	if p == partPlan {
		return Commitment
	}
	return Achievement
}
