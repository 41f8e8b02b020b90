package extract

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
		if doc.spoken = month; month >= 10 || month >= 6 && doc.halfYear() {
			year++
		}
		votes[year] += weight
	}
	title := []rune(doc.title)
	y := lastYear(append(title, '年'))
	for i := 4; y == 0 && i < len(title); i++ { // XX镇2022政府工作报告
		if (reads(title, i, "政府工作报告") || reads(title, i, "工作报告")) && isDigit(title[i-1]) {
			y = yearAt(append(append([]rune(nil), title[i-4:i]...), '年'), 0)
		}
	}
	if y > 0 {
		switch {
		case headingPart(title, 0, 0) == partReview || contains(title, "盘点") || ofBoth(title) && contains(title, "半年"):
			votes[y+1] += 4
		case contains(title, "实事"):
			votes[y] += 4
		case contains(title, "报告") || contains(title, "任务") || contains(title, "工作"):
			votes[y] += 4
		}
	}
	doc.openingVotes(votes)
	doc.flowingVotes(votes)
	if end := periodOf(title); end > 0 && doc.planned(title) {
		doc.period = end
		if len(votes) == 0 {
			return end - 4
		}
	}
	if len(votes) == 0 {
		doc.mentionVotes(votes)
		if y := doc.lastPlenum(); y > 0 {
			votes[y+1] += 2
		}
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

// periodOf returns the last year of the plan period that a heading names, 0 if it names none.
func periodOf(r []rune) int {
	for i := range r {
		if y, _ := fiveYearEnd(r, i); y > 0 {
			return y
		}
	}
	return 0
}

// planned reports whether the title of a text says that it plans a period of five years: 镇“十四五”工作谋划报告.
func (doc *document) planned(title []rune) bool {
	for _, w := range []string{"规划", "谋划", "纲要", "思路", "目标", "计划", "蓝图"} {
		if contains(title, w) {
			return !ofReached(title) && headingPart(title, 0, 0) != partReview
		}
	}
	return false
}

// halfYear reports whether the text tells what became of a plan within its year: 上半年计划执行情况.
func (doc *document) halfYear() bool {
	for _, h := range doc.headings {
		if h.level < 3 && (contains(h.text, "上半年") || contains(h.text, "前三季度")) && ofReached(h.text) {
			return true
		}
	}
	return false
}

// headingVotes reads the years that headings name: 一、2009年工作回顾; 二、2026年工作安排.
func (doc *document) headingVotes(votes map[int]int) {
	first := true
	for _, h := range doc.headings {
		y := lastYear(h.text)
		if end := periodOf(h.text); y == 0 && h.level == 1 && end > 0 && contains(h.text, "回顾") { // 一、“十三五”工作回顾
			votes[end+1] += 2
		}
		if y == 0 || h.level == 0 || h.level > 2 {
			first = first && h.level != 1
			continue
		}
		if ofBoth(h.text) {
			if contains(h.text, "半年") { // 2021年上半年工作总结和下半年工作思路
				y++
			}
			votes[y] += 6
			continue
		}
		switch headingPart(h.text, 0, 0) {
		case partReview:
			votes[y+1] += 6
		case partPlan:
			if !contains(h.text, "到") && !contains(h.text, "远景") {
				votes[y] += 6
			}
		default: // 一、关于2016年的工作; 三、2017年主要工作
			if h.level == 1 && len(h.text) < 24 {
				if first {
					y++
				}
				votes[y] += 3
			}
		}
		first = first && h.level != 1
	}
}

// dateline finds when the report was given: the first date before the name of a meeting, or else the
// first full date, among its first lines. weight says how much the date is worth as a sign of the year:
// a web page's own date (2021-07-27 17:49) may be years later.
func (doc *document) dateline() (year, month, weight int) {
	for k := 0; k < len(doc.paragraphs) && k < 14; k++ {
		if doc.paragraphs[k].row != nil { // a date in a table is a term
			continue
		}
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

// flowingVotes reads the heading of the review and the date of a report whose first lines have run together:
// 某市政府工作报告 2012年1月8日 各位代表：2011年工作回顾 过去一年里….
func (doc *document) flowingVotes(votes map[int]int) {
	for k := 0; k < len(doc.paragraphs) && k < 3; k++ {
		r := doc.paragraphs[k].r
		if len(r) <= 100 {
			continue
		}
		r = r[:min(len(r), 200)]
		for i := range r {
			if y := yearAt(r, i); y > 0 && (reads(r, i+5, "工作回顾") || reads(r, i+5, "政府工作回顾") || reads(r, i+5, "的工作回顾")) {
				votes[y+1] += 6
			}
			if y, m, end := dateAt(r, i); y > 0 && m < 6 && contains(r[end:min(len(r), end+16)], "各位代表") {
				votes[y] += 6
			}
		}
	}
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

// goalVotes finds 2013年…主要预期目标, 今年（2024年）, 安排2023年工作 and 刚刚过去的2020年 anywhere in a paragraph.
func goalVotes(r []rune, votes map[int]int) {
	for i := range r {
		if y := yearAt(r, i); y > 0 {
			if hasSuffix(r[:i], "今年（") || hasSuffix(r[:i], "安排") && reads(r, i+5, "工作") { // 回顾2022年工作、安排2023年工作
				votes[y] += 6
			}
			rest := r[i+5 : min(len(r), i+35)]
			if hasSuffix(r[:i], "刚刚过去的") {
				votes[y+1] += 4
			}
			if contains(rest, "预期目标") || contains(rest, "主要目标") || contains(rest, "发展目标") {
				votes[y] += 3
			}
		}
	}
}

// announcedVotes reads what a newspaper says that the report holds: 报告分四个部分：一是2010年政府工作回顾…三是对2011年政府工作总体安排.
func announcedVotes(r []rune, votes map[int]int) {
	if !contains(r, "报告分") && !contains(r, "报告共分") {
		return
	}
	for i := range r {
		y := yearAt(r, i)
		if y == 0 {
			continue
		}
		end := i + 5
		for end < len(r) && end < i+20 && !oneOf(r[end], "；。，、") {
			end++
		}
		switch part := r[i+5 : end]; {
		case contains(part, "回顾") || contains(part, "总结"):
			votes[y+1] += 6
		case contains(part, "安排") || contains(part, "部署") || contains(part, "任务") || contains(part, "重点工作"):
			votes[y] += 6
		}
	}
}

// yearOfPlan returns which year of a five-year plan r says that this one is: “十四五”开局之年, 承上启下的一年, 收官之年; 0 if it does not.
func yearOfPlan(r []rune) int {
	for i := range r {
		end, at := fiveYearEnd(r, i)
		if end == 0 {
			continue
		}
		b := at
		for b < len(r) && !oneOf(r[b], "，。；、") {
			b++
		}
		switch said := r[at:b]; {
		case contains(said, "开局"):
			return end - 4
		case contains(said, "承上启下") || contains(said, "承前启后") || contains(said, "第三年"):
			return end - 2
		case contains(said, "收官") || contains(said, "最后一年"):
			return end
		}
	}
	return 0
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

// unmarked returns a paragraph without the mark of a list before it.
func unmarked(r []rune) []rune {
	for len(r) > 0 && oneOf(r[0], "●◆■▲★○◇□·•") {
		r = r[1:]
	}
	return r
}

// bareHeading reports whether a few words behind a year say nothing of it yet: 2024年|经济社会发展.
func bareHeading(r []rune) bool {
	return len(r) < 16 && !holds(r, "，。；：、0123456789") && hasSuffix(r, "发展")
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
		r := unmarked(doc.paragraphs[k].r)
		if doc.paragraphs[k].title {
			continue
		}
		if y := yearAt(r, 0); y > 0 && promisesDeeds(r) {
			votes[y] += 4
			continue
		}
		if y := lastYear(r); y > 0 && promisesDeeds(r) { // 票选表决县政府2025年度十件民生实事项目
			votes[y] += 4
			continue
		}
		goalVotes(r, votes)
		announcedVotes(r, votes)
		doc.congressVotes(r, votes)
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
		case y > 0 && i == 0 && opensPlan(unmarked(doc.paragraphs[k].r)):
			votes[y] += 6
		case y > 0 && i > 0:
			votes[y+1] += 4
		case y > 0 && (contains(r, "将") && !contains(r, "即将") || contains(r, "之年") && !contains(r, "收官") || contains(r, "预期目标") || contains(r, "主要目标")):
			votes[y] += 2
		case y > 0 && setsOut(r[i+5:]):
			votes[y] += 2
		case y > 0 && !contains(r, "之年") && !bareHeading(r[i+5:]):
			votes[y+1] += 2
		case hasPrefix(r, "今年是"):
			if y := yearOfPlan(r); y > 0 {
				if doc.tellsOfHalf() {
					y++
				}
				votes[y] += 5
			}
		}
	}
}

// mentionVotes counts the years named anywhere but as an aim or for comparison, if nothing better speaks.
func (doc *document) mentionVotes(votes map[int]int) {
	for k := range doc.paragraphs {
		r := doc.paragraphs[k].r
		for i := range r {
			if y := yearAt(r, i); y > 0 && hasSuffix(r[:i], "截至") && (reads(r, i+5, "12月底") || reads(r, i+5, "底") || reads(r, i+5, "末") || reads(r, i+5, "年底")) {
				votes[y+1] += 2
			} else if y > 0 && !compared(r, 0, i) && (i == 0 || !oneOf(r[i-1], "到至")) {
				switch rest := r[i+5 : min(len(r), i+45)]; {
				case hasPrefix(rest, "，") && willBe(rest[:min(len(rest), 12)]): // 报告提出，2020年，我市将…
					votes[y] += 2
				case namesWork(rest): // 2008年工作部署动员大会
					votes[y] += 2
				case announces(r[:i]), contains(rest[:min(len(rest), 30)], "清单") && !ofReached(rest): // 今年要…，2012年建成…; 公示2021年第一批…清单
					votes[y] += 2
				case hasPrefix(rest, "是") && (contains(rest, "第一年") || contains(rest, "开局之年")): // 2013年是…的第一年
					votes[y]++
				case i > 1 && (hasSuffix(r[:i], "实现") || hasSuffix(r[:i], "完成")) && contains(rest, "目标"): // 为实现2013年…目标
					votes[y] += 2
				default:
					votes[y+1]++
				}
			}
		}
	}
}

// namesWork reports whether r goes on, right behind a year, with the work set for it.
func namesWork(r []rune) bool {
	for _, w := range []string{"工作部署", "工作安排", "工作会议", "工作任务", "工作要点", "工作计划", "目标任务", "重点工作任务"} {
		if hasPrefix(r, w) {
			return true
		}
	}
	return false
}
