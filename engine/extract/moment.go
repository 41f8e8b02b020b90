package extract

// moment is what a clause says of its time.
type moment struct {
	kind Kind
	year int
}

// base is the moment of a paragraph by its place.
func (doc *document) base(p *paragraph) moment {
	if p.part == partPlan && doc.period > 0 && (p.section < 0 || doc.horizons[p.section] == 0) {
		return moment{Commitment, doc.period}
	}
	if p.part != partPlan {
		if p.part == partReview && p.section >= 0 && doc.horizons[p.section] > 0 {
			return moment{Achievement, doc.horizons[p.section]}
		}
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
			if doc.partless && doc.spoken > 0 && doc.spoken < 10 && doc.plan > 0 && untilNow(r, c.a, i) {
				m = moment{Achievement, doc.plan} // a notice of September: 截至今年8月底
			} else if k, n := ahead.at(r, i); k > 0 && (p.part == partPlan || doc.plan > 0 && contains(r[i:], "目标")) {
				m = moment{Commitment, doc.plan + n - 1}
			} else if reads(r, i, "今年以来") && p.part != partPlan && doc.spoken > 0 && doc.spoken < 10 && doc.plan > 0 && i <= c.a+2 {
				m = moment{Achievement, doc.plan} // a report given in May
			} else if p.part != partPlan && doc.spoken > 0 && doc.spoken < 5 && doc.plan > 0 && reads(r, i, "今年") && willCome(r[:c.b], i+2) {
				m = moment{Commitment, doc.plan} // a project that is to end this year
			} else if reads(r, i, "今年") && p.part == partPlan && i <= c.a+6 && doc.plan > 0 {
				m = moment{Commitment, doc.plan}
			}
		case r[i] == '去' && p.part == partPlan && i <= c.a+2 && reads(r, i, "去年") && !compared(r, c.a, i):
			m = moment{Achievement, doc.review}
		case r[i] == '明' && p.part == partPlan && doc.plan > 0 && doc.spoken < 10 && nextYear(r, i) && !compared(r, c.a, i):
			m = moment{Commitment, doc.plan + 1}
		case r[i] == '明' && reads(r, i, "明年") && i <= c.a+2:
			m = moment{Commitment, doc.plan}
		case p.part != partPlan && r[i] == '计' && ownPlan(r, c, i):
			m = moment{Commitment, m.year}
		case p.part != partPlan && promises(r, c, i):
			m = moment{Commitment, max(m.year, doc.plan)}
			if doc.midyear {
				m.year = doc.review
			}
		case m.kind == Commitment && i == c.a && p.part != partPlan && p.turn == 0 && soFar(r[:c.b], i): // 全年计划开发…，|现已开工…
			m = doc.base(p)
		}
	}
	return m
}

// untilNow reports whether what was reached by a month of this year is told: 截至|今年8月底.
func untilNow(r []rune, a, i int) bool {
	return (hasSuffix(r[a:i], "截至") || hasSuffix(r[a:i], "截止") || hasSuffix(r[a:i], "截止到")) && i+3 < len(r) && isDigit(r[i+2])
}

// willCome reports whether an event stands at i, at most behind a part of the year: 今年|投产, 今年|底建成, 今年|6月开工建设.
func willCome(r []rune, i int) bool {
	for _, w := range []string{"上半年", "下半年", "年底前", "年底", "底前", "底", "内", "即可", "可", "将"} {
		if reads(r, i, w) {
			i += len([]rune(w))
		}
	}
	for i < len(r) && (isDigit(r[i]) || oneOf(r[i], "月份底前")) {
		i++
	}
	k, _ := comeVerbs.at(r, i)
	b, _ := bringVerbs.at(r, i)
	return max(k, b) > 1
}

// labels are the words before a colon that say what follows in a notice of progress: the aim, or what became of it.
var labels = []struct {
	word string
	kind Kind
}{
	{"任务目标", Commitment}, {"目标任务", Commitment}, {"工作目标", Commitment}, {"年度目标", Commitment}, {"年度任务", Commitment}, {"承诺事项", Commitment}, {"承诺内容", Commitment},
	{"进展情况", Achievement}, {"完成情况", Achievement}, {"工作进展", Achievement}, {"目前进展", Achievement}, {"落实情况", Achievement}, {"办理情况", Achievement}, {"实施情况", Achievement}, {"推进情况", Achievement},
}

// maxLabel bounds a label that holds for what follows in its paragraph; a longer clause is one only for its sentence.
const maxLabel = 8

// labelOf returns the kind that a clause of nothing but a label gives to what follows, empty if it is none.
func labelOf(r []rune, c span) Kind {
	if c.b < len(r) && r[c.b] == '：' || c.b > c.a && r[c.b-1] == '：' { // 2021年民生实事（…）目标任务为：开工小区1500个
		for _, w := range []string{"目标任务为", "任务目标为", "工作目标为", "年度目标为", "年度任务为"} {
			if k := c.b - len([]rune(w)) - 1; k > c.a && (hasSuffix(r[c.a:c.b], w) || hasSuffix(r[c.a:c.b-1], w)) {
				return Commitment
			}
		}
	}
	if c.b-c.a < 4 || c.b-c.a > maxLabel || c.b >= len(r) && r[c.b-1] != '：' || c.b < len(r) && r[c.b] != '：' && r[c.b-1] != '：' {
		return ""
	}
	for _, l := range labels {
		if contains(r[c.a:c.b], l.word) {
			return l.kind
		}
	}
	return ""
}

// ownPlan reports whether 计划 at i tells what the year reviewed was to bring: 当年|计划投资63亿元.
func ownPlan(r []rune, c span, i int) bool {
	if !reads(r[:c.b], i, "计划") {
		return false
	}
	for _, w := range []string{"当年", "全年", "年度", "本年"} {
		if hasSuffix(r[c.a:i], w) {
			k, _ := verbs.at(r[:c.b], i+2)
			n, _ := measureNouns.at(r[:c.b], i+2)
			return k > 1 || n > 1
		}
	}
	return false
}

// soFar reports whether a clause begins with what was reached by now.
func soFar(r []rune, i int) bool {
	for _, w := range []string{"现已", "目前已", "已完成", "已开工", "已建成", "截至目前", "截止目前", "实际完成", "实际已"} {
		if reads(r, i, w) {
			return true
		}
	}
	return false
}

// nextYear reports whether a term of next year stands at r[i]: 明年上半年, 明年底.
func nextYear(r []rune, i int) bool {
	if !reads(r, i, "明年") {
		return false
	}
	for _, w := range []string{"上半年", "底", "年底", "末", "初", "年初", "年中", "春", "汛期", "第", "一季度", "二季度", "三季度"} {
		if reads(r, i+2, w) {
			return true
		}
	}
	return i+3 < len(r) && isDigit(r[i+2]) && (r[i+3] == '月' || i+4 < len(r) && r[i+4] == '月')
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
	if i-2 >= a && r[i-1] == '是' && chineseDigit(r[i-2]) { // 一是|去年脱贫的3403人
		return false
	}
	for _, w := range []string{"比", "较", "与", "由", "从", "自", "是", "超", "超过", "多于", "相当于", "同", "高于", "为"} {
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
	if hasPrefix(rest, "相比") || hasPrefix(rest, "的") && !contains(rest, "目标") || hasPrefix(rest, "以来") || hasPrefix(rest, "版") {
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
	case '可': // 今年上半年|可建成
		k, _ := comeVerbs.at(r[:c.b], i+1)
		return k > 1 && (contains(r[c.a:i], "今年") || contains(r[c.a:i], "明年"))
	case '力':
		return reads(r, i, "力争") && i <= c.a+4
	case '拟':
		return i <= c.a+2 && i+1 < c.b && !oneOf(r[i+1], "定订上")
	case '计':
		return reads(r, i, "计划") && i <= c.a+2 && i+2 < c.b && func() bool { k, _ := verbs.at(r[:c.b], i+2); return k > 1 }()
	}
	return false
}

// aimsFirst reports whether a point of a notice tells the aim of the year first, and then what a part of the year has reached of it:
// 1.引进项目不少于3个。上半年，引进项目2个.
func aimsFirst(p *paragraph) bool {
	ss := p.sentences()
	for k, s := range ss {
		if tellsStage(p.r[s.a:s.b]) {
			return k > 0
		}
		if r := p.r[s.a:s.b]; contains(r, "已") || contains(r, "同比") || contains(r, "累计") || contains(r, "了") {
			return false
		}
	}
	return false
}

// tellsStage reports whether a sentence begins with a part of the year that is over.
func tellsStage(r []rune) bool {
	for _, w := range []string{"上半年，", "1-6月", "1—6月", "前三季度，", "一季度，", "截至目前", "截止目前", "目前，"} {
		if hasPrefix(r, w) {
			return true
		}
	}
	return false
}
