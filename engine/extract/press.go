package extract

// Texts without the parts of a report: newspapers, lists of deeds, notices. Titles and sentences say there what is past and what is to come.

// ofDeeds reports whether a line announces the practical things (实事) that a government promises for a year.
func ofDeeds(r []rune) bool {
	if !contains(r, "实事") || ofReached(r) {
		return false
	}
	dated := lastYear(r) > 0 || contains(r, "今年")
	for _, w := range []string{"完成", "回顾", "总结", "兑现", "去年", "成效", "全部", "圆满", "已", "落实", "满意", "过去", "年来", "超额", "进度", "上半年", "通报"} {
		if contains(r, w) {
			return false
		}
	}
	for _, w := range []string{"办好", "兴办", "要办", "将办", "再办", "承诺", "为民办", "办理", "清单", "项目", "件", "工程"} {
		if contains(r, w) {
			return true
		}
	}
	return dated && hasSuffix(r, "实事") // 2022年的十大惠民实事
}

// promisesDeeds reports whether a paragraph sets out to list them: 今年，我市将办好“十件实事”.
func promisesDeeds(r []rune) bool {
	at := index(r, "实事")
	if at < 0 || len(r) > 200 || !ofDeeds(r) {
		return false
	}
	if hasSuffix(r, "：") && at+24 > len(r) {
		return true
	}
	for _, w := range []string{"出炉", "票决", "票选", "敲定", "揭晓"} { // 2025年度十件民生实事项目正式出炉！
		if contains(r, w) {
			return true
		}
	}
	for _, w := range []string{"今年", "将", "承诺", "要为", "继续"} {
		if contains(r[:at], w) && !contains(r[:at], "今年以来") {
			return true
		}
	}
	return false
}

// plansByTitle reports whether the title of a text says that it only looks ahead: a list of deeds, a programme of work.
func plansByTitle(r []rune) bool {
	if ofDeeds(r) || announces(r) {
		return true
	}
	if divides(r) {
		return true
	}
	if contains(r, "报告") || contains(r, "回顾") || contains(r, "总结") || ofReached(r) {
		return false
	}
	if contains(r, "今年") && (contains(r, "排定") || contains(r, "安排") || contains(r, "计划")) {
		return true
	}
	for _, w := range []string{"工作要点", "重点工作", "工作计划", "工作安排", "工作打算", "任务分解", "项目计划", "行动方案", "工作目标", "重点任务"} {
		if contains(r, w) {
			return true
		}
	}
	return false
}

// divides reports whether a title says that the tasks of a report are shared out: 2024年政府工作报告任务分解表, 重点工作分工方案.
func divides(r []rune) bool {
	if ofReached(r) {
		return false
	}
	for _, w := range []string{"任务分解", "责任分解", "目标分解", "工作分解", "分工方案", "任务分工", "工作分工", "责任分工", "部门分工", "任务清单", "责任清单", "任务责任", "推进计划", "目标责任"} {
		if contains(r, w) {
			return true
		}
	}
	return false
}

// announces reports whether r says what this year is to bring: 今年将开工5条高速, 全区今年计划改造小区19个, 今年…的主要预期目标是.
func announces(r []rune) bool {
	for i := range r {
		if !reads(r, i, "今年") || i > 0 && oneOf(r[i-1], "成占为了") { // 完成今年计划的80%
			continue
		}
		at := i + 2
		if at < len(r) && r[at] == '，' { // 今年，将实现…
			at++
		}
		for _, w := range []string{"将", "拟", "计划", "要", "还将", "还要", "安排", "力争", "确保"} {
			if k := len([]rune(w)); reads(r, at, w) && at+k < len(r) && !oneOf(r[at+k], "的，。；、求") {
				return true
			}
		}
		for j := at; j < min(len(r), at+20) && !oneOf(r[j], "，。；"); j++ {
			if reads(r, j, "目标是") || reads(r, j, "目标为") || reads(r, j, "目标：") {
				return true
			}
		}
	}
	return false
}

// tellsOfLast reports whether a paragraph of a text about the year's deeds tells what became of the last ones.
func tellsOfLast(r []rune) bool {
	k, _ := reached.in(r)
	return k > 0 && contains(r, "实事") && (contains(r, "取得") || contains(r, "去年") || contains(r, "已"))
}

// looksBack reports whether a paragraph in the plan tells nothing but what the last year brought, as newspapers do before
// they come to the aims: 报告指出，过去的一年实现生产总值….
func looksBack(r []rune) bool {
	for _, w := range []string{"今年", "新的一年", "将", "力争", "确保", "目标", "计划", "明年", "预期"} {
		if contains(r, w) {
			return false
		}
	}
	for i := range r {
		if i > 0 && !oneOf(r[i-1], "，。：； ") {
			continue
		}
		for _, w := range []string{"过去的一年", "过去一年", "刚刚过去的一年"} {
			if reads(r, i, w) {
				return true
			}
		}
	}
	return false
}

// looksAhead reports whether a text without headings is the excerpt of a plan: it has words of what is to be done and none of what
// was. Unless the caller knows the year, two different ones are asked for.
func (doc *document) looksAhead() bool {
	ahead := map[string]bool{}
	for k := range doc.paragraphs {
		r := doc.paragraphs[k].r
		if y := yearAt(unmarked(r), 0); y > 0 && y < doc.plan && tellsPast(r) { // 2023年生产总值达到…, before the aims of 2024
			return false
		}
		for _, w := range []string{"同比", "比上年", "较上年", "去年", "过去", "年来", "累计", "荣获", "获评", "被评为", "已", "了", "回顾", "预计全年"} {
			if contains(r, w) {
				return false
			}
		}
		for _, w := range []string{"力争", "确保", "今年", "%左右", "争取", "计划", "目标"} {
			if contains(r, w) && (doc.given || w != "计划" && w != "目标") {
				ahead[w] = true
			}
		}
	}
	return len(ahead) > 1 || len(ahead) == 1 && doc.given
}

// ofThisYear reports whether the title of a newspaper is about this year as a whole, which in its first months is still to come.
func ofThisYear(r []rune) bool {
	return contains(r, "今年") && !contains(r, "今年以来") && !contains(r, "季度") && !contains(r, "月") && !ofReached(r)
}

// leadPlanned makes paragraph k part of the plan, and those before it if they tell nothing that was done.
func (doc *document) leadPlanned(k int) {
	for ; k >= 0; k-- {
		p := &doc.paragraphs[k]
		p.part = partPlan
		if k > 0 && tellsPast(doc.paragraphs[k-1].r) {
			return
		}
	}
}

// turnsInside reports whether a paragraph of a text without parts goes over to what this year is to bring, and notes in which sentence:
// 去年，…。今年，将…; 会议提出，2022年…的预期目标是….
func (doc *document) turnsInside(p *paragraph) bool {
	for _, s := range p.sentences() {
		r := p.r[s.a:s.b]
		lead := r[:min(len(r), 120)]
		if announces(lead) || demands(lead) || doc.aims(lead) || doc.spoken > 0 && doc.spoken < 6 && setsYear(lead) {
			if p.turn = s.a; !tellsPast(p.r[:s.a]) {
				p.turn = 0
			}
			return true
		}
	}
	return false
}

// tellsPast reports whether r tells something that was done.
func tellsPast(r []rune) bool {
	for _, w := range []string{"去年", "过去", "已", "完成", "同比", "增长", "实现", "达到", "建成", "新增", "了"} {
		if contains(r, w) {
			return true
		}
	}
	return contains(r, "突破") && !contains(r, "力争") && !willBe(r) // 经济总量突破3万亿元
}

// aims reports whether r names the aims of the year planned, or says what that year will bring: 指出，2006年我省将….
func (doc *document) aims(r []rune) bool {
	for i := range r {
		if doc.plan == 0 || yearAt(r, i) != doc.plan || i > 0 && !oneOf(r[i-1], "，：了是出看") {
			continue
		}
		rest := r[i+5 : min(len(r), i+30)]
		if i == 0 && setsOut(rest) { // 2023年启动…
			return true
		}
		if contains(rest, "预期目标") || contains(rest, "主要目标") || willBe(rest[:min(len(rest), 9)]) {
			return true
		}
	}
	return false
}

// willBe reports whether r has 将 as the word of what is to come, not in 即将 or 必将.
func willBe(r []rune) bool {
	at := index(r, "将")
	return at == 0 || at > 0 && !oneOf(r[at-1], "即必行")
}

// setsYear reports whether a newspaper of the first months quotes here what a report sets for this year: 《报告》明确，今年新增就业5200人.
func setsYear(r []rune) bool {
	for i := range r {
		if !reads(r, i, "今年") || reads(r, i, "今年以来") || i < 4 || !oneOf(r[i-1], "，：") {
			continue
		}
		for _, w := range []string{"明确", "提出", "确定", "安排", "部署"} {
			if hasSuffix(r[:i-1], w) && contains(r[:i], "报告") && !contains(r[i:min(len(r), i+12)], "已") && !contains(r[i:min(len(r), i+12)], "了") {
				return true
			}
		}
	}
	return false
}

// demands reports whether a newspaper quotes here what somebody wants to be done: 市长表示，要继续推进….
func demands(r []rune) bool {
	for i := range r {
		if r[i] != '，' || !reads(r, i+1, "要") && !reads(r, i+1, "今年要") || i < 2 {
			continue
		}
		for _, w := range []string{"表示", "指出", "强调", "提出", "要求", "说"} {
			if hasSuffix(r[:i], w) {
				return true
			}
		}
	}
	return false
}

// headlines returns the lines of a newspaper that only head what stands below: the short ones above its first paragraph, and,
// if one of these first lines says that it is a newspaper, a short one alone between paragraphs. They state nothing of their own.
func headlines(src []rune, ls []line, rows map[int]*row, broken bool) map[int]bool {
	out := map[int]bool{}
	first, press := 0, false
	for first < len(ls) && first < 6 && ls[first].b-ls[first].a < 60 {
		first++
	}
	if broken || first == 6 || first == len(ls) {
		return out
	}
	for i := 0; i <= first; i++ {
		r := src[ls[i].a:min(ls[i].b, ls[i].a+60)]
		for _, w := range []string{"记者", "本报讯", "通讯员", "日报", "晚报", "新京报", "新华社", "新华网", "发自"} {
			press = press || contains(r, w)
		}
		if i < first && rows[i] == nil && !hasPrefix(r, "附件") && headline(src, ls[i], 40) && !hasDate(src[ls[i].a:ls[i].b]) {
			out[i] = true
		}
	}
	for i := first + 1; press && i+1 < len(ls); i++ {
		prev, next := ls[i-1], ls[i+1]
		if rows[i] == nil && headline(src, ls[i], 24) && oneOf(src[prev.b-1], "。！？”") && prev.b-prev.a > 30 && next.b-next.a > 40 {
			out[i] = true
		}
	}
	return out
}

// hasDate reports whether a line tells a day.
func hasDate(r []rune) bool {
	for i := range r {
		if y, _, _ := dateAt(r, i); y > 0 {
			return true
		}
	}
	return false
}

// headline reports whether a line of at most most characters is no sentence and no numbered point.
func headline(src []rune, l line, most int) bool {
	level, _ := numbering(src[l.a:l.b])
	return level == 0 && l.b-l.a <= most && !oneOf(src[l.a], "■●◆▲★□○◎•·-*#") && !oneOf(src[l.b-1], "。！？；：，、!?;:,")
}
