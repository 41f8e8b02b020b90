package extract

// reviewWords and planWords tell the part that a heading opens.
var partWords = newLexicon(
	group{int(partReview), `回顾 总结 完成情况 过去 去年 成就 成效 成绩 以来 收官 工作情况 走过`, "the four texts, general usage"},
	group{int(partPlan), `安排 部署 任务 目标 思路 要求 打算 重点工作 工作重点 建议 展望 未来 今后 新的一年 今年 下一步 下阶段 奋斗 蓝图 规划 政策取向 明年 新征程`, "the four texts, general usage"},
)

// lengthYear is how long a section's look ahead is: 今后五年.
var ahead = newLexicon(
	group{5, `今后五年 未来五年 今后5年 未来5年 下一个五年 新的五年`, "general usage"},
	group{3, `今后三年 未来三年 今后3年 未来3年`, "general usage"},
	group{4, `今后四年 未来四年`, "general usage"},
)

var planNumbers = map[rune]int{'一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// fiveYearEnd reads “十四五” at r[i] and returns the last year of the plan and the end of the name, 0 if there is none.
func fiveYearEnd(r []rune, i int) (year, end int) {
	if i < len(r) && r[i] == '“' {
		i++
	}
	if i+2 >= len(r) || r[i] != '十' || r[i+2] != '五' {
		return 0, 0
	}
	n := planNumbers[r[i+1]]
	if n == 0 {
		return 0, 0
	}
	end = i + 3
	if end < len(r) && r[end] == '”' {
		end++
	}
	return 1955 + 5*(10+n), end
}

// yearAt reads 2030年 at r[i]: the year, 0 if there is none.
func yearAt(r []rune, i int) int {
	if i+4 >= len(r) || r[i+4] != '年' || i > 0 && (isDigit(r[i-1]) || r[i-1] == '.') {
		return 0
	}
	y := 0
	for _, c := range r[i : i+4] {
		d, ok := yearDigit(c)
		if !ok {
			return 0
		}
		y = y*10 + d
	}
	if y < 1949 || y > 2100 {
		return 0
	}
	return y
}

// yearDigit reads a digit of a year, also in Chinese: 二〇〇六年.
func yearDigit(c rune) (int, bool) {
	switch {
	case isDigit(c):
		return int(c - '0'), true
	case oneOf(c, "〇○零"):
		return 0, true
	}
	d, ok := planNumbers[c]
	return d, ok
}

// lastYear returns the last year named in r, 0 if none.
func lastYear(r []rune) int {
	last := 0
	for i := range r {
		if y := yearAt(r, i); y > 0 {
			last = y
		}
	}
	return last
}

// settleYears finds review and plan year, and the part of every paragraph. year is the caller's, 0 if unknown.
func (doc *document) settleYears(year int) {
	doc.given = year > 0
	doc.sure = doc.given
	if doc.plan = year; year == 0 {
		doc.plan = doc.weighYears()
	}
	if doc.plan > 0 {
		doc.review = doc.plan - 1
	}
	doc.settleParts()
}

// weighYears adds up what speaks for each year to be the one planned, and returns the heaviest
// (the later of equals), 0 if nothing speaks.
func (doc *document) weighYears() int {
	votes := map[int]int{}
	doc.headingVotes(votes)
	if year, month, weight := doc.dateline(); year > 0 {
		if doc.spoken = month; month >= 10 {
			year++
		}
		votes[year] += weight
	}
	title := []rune(doc.title)
	if y := lastYear(append(title, '年')); y > 0 {
		switch {
		case headingPart(title, 0, 0) == partReview || contains(title, "盘点"):
			votes[y+1] += 4
		case contains(title, "报告") || contains(title, "任务") || contains(title, "工作"):
			votes[y] += 4
		}
	}
	doc.openingVotes(votes)
	if len(votes) == 0 {
		doc.mentionVotes(votes)
	}
	best := 0
	for y, n := range votes {
		if n > votes[best] || n == votes[best] && y > best {
			best = y
		}
	}
	doc.sure = votes[best] >= 6
	return best
}

// headingVotes reads the years that headings name: 一、2009年工作回顾; 二、2026年工作安排.
func (doc *document) headingVotes(votes map[int]int) {
	for _, h := range doc.headings {
		y := lastYear(h.text)
		if y == 0 || h.level == 0 || h.level > 2 {
			continue
		}
		switch headingPart(h.text, 0, 0) {
		case partReview:
			votes[y+1] += 6
		case partPlan:
			if !contains(h.text, "到") && !contains(h.text, "远景") {
				votes[y] += 6
			}
		}
	}
}

// dateline finds when the report was given: the first date before the name of a meeting, or else the
// first full date, among its first lines. weight says how much the date is worth as a sign of the year:
// a web page's own date (2021-07-27 17:49) may be years later.
func (doc *document) dateline() (year, month, weight int) {
	for k := 0; k < len(doc.paragraphs) && k < 14; k++ {
		r := doc.paragraphs[k].r
		r = r[:min(len(r), 300)]
		for i := range r {
			y, m, end := dateAt(r, i)
			if y == 0 {
				continue
			}
			rest := r[end:min(len(r), end+40)]
			switch {
			case contains(rest, "会议") || contains(rest, "人代会"):
				return y, m, 8
			case len(r) > 100:
			case weight == 0 && (r[i+4] != '年' || stamped(r)):
				year, month, weight = y, m, 4
			case weight < 6 && r[i+4] == '年':
				year, month, weight = y, m, 6
			}
		}
	}
	return year, month, weight
}

// stamped reports whether a line tells when a page was made: 发布时间, 来源, 更新.
func stamped(r []rune) bool {
	for _, w := range []string{"发布", "时间", "来源", "更新", "日期", "点击", "浏览", "阅读"} {
		if contains(r, w) {
			return true
		}
	}
	return false
}

// dateAt reads 2013年1月, 二〇一三年一月 or 2013-01- at r[i]: year, month and the end of both; year 0 if there is none.
func dateAt(r []rune, i int) (year, month, end int) {
	y := yearAt(r, i)
	if y == 0 {
		y = isoYear(r, i)
	}
	if y == 0 {
		return 0, 0, 0
	}
	if m := monthAt(r, i+5); m > 0 {
		return y, m, i + 6
	}
	return 0, 0, 0
}

// monthAt reads the month at r[i] (2月, 02-, 十二月), 0 if there is none.
func monthAt(r []rune, i int) int {
	m, j := 0, i
	for j < len(r) && j < i+2 {
		d, ok := yearDigit(r[j])
		if r[j] == '十' {
			d, ok = 10, true
		}
		if !ok {
			break
		}
		if isDigit(r[j]) || m == 0 {
			m = m*10 + d
		} else {
			m += d
		}
		j++
	}
	if m >= 1 && m <= 12 && j < len(r) && oneOf(r[j], "月-/.") {
		return m
	}
	return 0
}

// isoYear reads 2013-01-28 at r[i]: the year, 0 if there is none.
func isoYear(r []rune, i int) int {
	if i+7 >= len(r) || !oneOf(r[i+4], "-/.") || i > 0 && isDigit(r[i-1]) {
		return 0
	}
	y := 0
	for _, c := range r[i : i+4] {
		if !isDigit(c) {
			return 0
		}
		y = y*10 + int(c-'0')
	}
	if y < 1949 || y > 2100 {
		return 0
	}
	return y
}

// goalVotes finds 2013年…主要预期目标 anywhere in a paragraph.
func goalVotes(r []rune, votes map[int]int) {
	for i := range r {
		if y := yearAt(r, i); y > 0 {
			rest := r[i+5 : min(len(r), i+35)]
			if contains(rest, "预期目标") || contains(rest, "主要目标") || contains(rest, "发展目标") {
				votes[y] += 3
			}
		}
	}
}

// setsOut reports whether r begins with work that is still to be done, right behind its year: 2023年|启动….
func setsOut(r []rune) bool {
	for _, w := range []string{"启动", "加快", "推进", "推动", "力争", "确保", "计划", "拟"} {
		if hasPrefix(r, w) {
			return true
		}
	}
	return false
}

// endedVotes counts a plan period that is over: 十二五时期，是…的五年.
func endedVotes(r []rune, votes map[int]int) {
	if end, at := fiveYearEnd(r, 0); end > 0 && contains(r[at:], "的五年") {
		votes[end+1] += 2
	}
}

// openingVotes judges by the years that paragraphs begin with (erdao-2022, a digest without dated heading).
func (doc *document) openingVotes(votes map[int]int) {
	for k := range doc.paragraphs {
		r := doc.paragraphs[k].r
		goalVotes(r, votes)
		r = r[:min(len(r), 60)]
		endedVotes(r, votes)
		i := 0
		for _, w := range []string{"回眸", "回顾", "回望", "刚刚过去的"} {
			if hasPrefix(r, w) {
				i = len([]rune(w))
			}
		}
		y := yearAt(r, i)
		if y > 0 && monthAt(r, i+5) > 0 {
			continue
		}
		switch {
		case y > 0 && i == 0 && opensPlan(doc.paragraphs[k].r):
			votes[y] += 6
		case y > 0 && i > 0:
			votes[y+1] += 4
		case y > 0 && (contains(r, "将") && !contains(r, "即将") || contains(r, "之年") && !contains(r, "收官") || contains(r, "预期目标") || contains(r, "主要目标")):
			votes[y] += 2
		case y > 0 && setsOut(r[i+5:]):
			votes[y] += 2
		case y > 0 && !contains(r, "之年"):
			votes[y+1] += 2
		case hasPrefix(r, "今年是"):
			if end := firstPlan(r); end > 0 && contains(r, "开局") {
				votes[end-4] += 5
			} else if end > 0 && (contains(r, "收官") || contains(r, "最后一年")) {
				votes[end] += 5
			}
		}
	}
}

// mentionVotes counts the years named anywhere but as an aim or for comparison, if nothing better speaks.
func (doc *document) mentionVotes(votes map[int]int) {
	for k := range doc.paragraphs {
		r := doc.paragraphs[k].r
		for i := range r {
			if y := yearAt(r, i); y > 0 && !compared(r, 0, i) && (i == 0 || !oneOf(r[i-1], "到至")) {
				votes[y+1]++
			}
		}
	}
}

// firstPlan returns the last year of the first five-year plan named in r, 0 if none.
func firstPlan(r []rune) int {
	for i := range r {
		if y, _ := fiveYearEnd(r, i); y > 0 {
			return y
		}
	}
	return 0
}

// headingPart judges a heading. With years 0 it judges by words alone.
func headingPart(r []rune, review, plan int) part {
	if contains(r, "回顾") || contains(r, "总结") {
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
	if _, k, tag := partWords.in(r); k > 0 {
		return part(tag)
	}
	return partUnknown
}

// settleParts walks the report and tells review from plan.
func (doc *document) settleParts() {
	parts := make([]part, len(doc.headings))
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
			if p == partPlan {
				horizon = doc.horizonOf(h.text)
			}
		} else if h.level == 2 && now == partPlan {
			if y := doc.horizonOf(h.text); y > 0 {
				horizon = y
			}
		}
		parts[k], doc.horizons[k] = now, horizon
	}
	section, current := -2, partReview
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
	}
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
	if _, k, years := ahead.in(r); k > 0 && doc.plan > 0 {
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
	this := doc.spoken < 10 && hasPrefix(r, "今年") && !hasPrefix(r, "今年以来")
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

// moment is what a clause says of its time.
type moment struct {
	kind Kind
	year int
}

// base is the moment of a paragraph by its place.
func (doc *document) base(p *paragraph) moment {
	if p.part != partPlan {
		return moment{Achievement, doc.review}
	}
	if p.section >= 0 && doc.horizons[p.section] > 0 {
		return moment{Commitment, doc.horizons[p.section]}
	}
	return moment{Commitment, doc.plan}
}

// moment reads the signs of time in a clause; without any it stays at m.
func (doc *document) moment(p *paragraph, c span, m moment) moment {
	r := p.r[:c.b]
	for i := c.a; i < c.b; i++ {
		switch {
		case isDigit(r[i]) || r[i] == '二' || r[i] == '一':
			if y := yearAt(r, i); y > 0 {
				m = doc.named(p, r, c, i, y, m)
				i += 4
			}
		case r[i] == '十' || r[i] == '“':
			if y, end := fiveYearEnd(r, i); y > doc.plan && p.part == partPlan && planPeriod(r, end) && !compared(r, c.a, i) {
				m = moment{Commitment, y}
			}
		case r[i] == '今' || r[i] == '未':
			if k, n := ahead.at(r, i); k > 0 && p.part == partPlan {
				m = moment{Commitment, doc.plan + n - 1}
			} else if reads(r, i, "今年") && p.part == partPlan && i <= c.a+6 && doc.plan > 0 {
				m = moment{Commitment, doc.plan}
			}
		case r[i] == '去' && p.part == partPlan && i <= c.a+2 && reads(r, i, "去年") && !compared(r, c.a, i):
			m = moment{Achievement, doc.review}
		case r[i] == '明' && reads(r, i, "明年") && i <= c.a+2:
			m = moment{Commitment, doc.plan}
		case p.part != partPlan && promises(r, c, i):
			m = moment{Commitment, max(m.year, doc.plan)}
		}
	}
	return m
}

// planPeriod reports whether the name of a plan that ends at i stands for its period, not for the document.
func planPeriod(r []rune, i int) bool {
	for _, w := range []string{"末", "期末", "时期", "期间", "规划期", "目标", "收官"} {
		if reads(r, i, w) {
			return true
		}
	}
	return false
}

// compared reports whether a period at i is only what something is compared with.
func compared(r []rune, a, i int) bool {
	for _, w := range []string{"比", "较", "与", "由", "从", "自", "是", "超", "同", "高于", "为", "相当于"} {
		if hasSuffix(r[a:i], w) {
			return true
		}
	}
	return false
}

// named applies a year named at r[i].
func (doc *document) named(p *paragraph, r []rune, c span, i, y int, m moment) moment {
	if compared(r, c.a, i) || doc.plan == 0 {
		return m
	}
	rest := r[i+5:]
	if hasPrefix(rest, "相比") || hasPrefix(rest, "的") || hasPrefix(rest, "以来") || hasPrefix(rest, "版") {
		return m
	}
	opening := i <= c.a+8
	until := i > c.a && oneOf(r[i-1], "到至") || hasPrefix(rest, "底") || hasPrefix(rest, "前") || hasPrefix(rest, "末")
	switch {
	case y == doc.plan && i <= c.a+6 && (i+5 >= c.b || !isDigit(r[i+5]) && planNumbers[r[i+5]] == 0 && r[i+5] != '十') || y == doc.plan && contains(r[c.a:c.b], "目标"):
		return moment{Commitment, y}
	case y > doc.review && (p.part == partPlan || until) && (opening || until):
		return moment{Commitment, y}
	case y <= doc.review && opening && p.part == partPlan:
		return moment{Achievement, y}
	case y <= doc.review && opening:
		return moment{m.kind, y}
	}
	return m
}

// promises reports whether a word of the future stands at r[i] in a clause of the review:
// 将 before a verb or adverb (not before the object that it moves to the front), 力争, 拟.
func promises(r []rune, c span, i int) bool {
	switch r[i] {
	case '将':
		if i > c.a && oneOf(r[i-1], "即大名必行主") {
			return false
		}
		k, _ := verbs.at(r[:c.b], i+1)
		o, tag := openers.at(r[:c.b], i+1)
		return k > 1 || o > 1 && (tag == wordLead || tag == wordManner)
	case '力':
		return reads(r, i, "力争") && i <= c.a+4
	case '拟':
		return i <= c.a+2 && i+1 < c.b && !oneOf(r[i+1], "定订上")
	case '计':
		return reads(r, i, "计划") && i <= c.a+2 && i+2 < c.b && func() bool { k, _ := verbs.at(r[:c.b], i+2); return k > 1 }()
	}
	return false
}
