package extract

// Headings: which lines are some, where their words end, what their numbers say.

// found is a heading in its line: its words [a, b) and where the body begins.
type found struct{ a, b, level, body int }

// headingOf reads the heading at the front of a line, which may be spaced letter by letter.
func headingOf(src []rune, l line) (found, bool) {
	if !letterSpaced(src[l.a:l.b]) {
		return closeHeading(src, l)
	}
	var r []rune
	var at []int
	for i := l.a; i < l.b; i++ {
		if !isBlank(src[i]) {
			r, at = append(r, src[i]), append(at, i)
		}
	}
	h, ok := closeHeading(r, line{b: len(r), indented: l.indented})
	at = append(at, l.b)
	if !ok || h.b == 0 {
		return found{}, false
	}
	return found{at[h.a], at[h.b-1] + 1, h.level, at[h.body]}, true
}

func closeHeading(src []rune, l line) (found, bool) {
	r := src[l.a:l.b]
	if hashes := count(r, '#'); hashes > 0 {
		a := l.a + hashes
		for a < l.b && isBlank(src[a]) {
			a++
		}
		return found{a, l.b, min(hashes-1, 3), l.b}, a < l.b
	}
	if len(r) > 4 && len(r) <= maxHeading+4 && hasPrefix(r, "**") && hasSuffix(r, "**") {
		return found{l.a + 2, l.b - 2, 2, l.b}, true
	}
	level, mark := numbering(r)
	if level == 0 {
		if e := yearPart(r); e > 0 && len(r) > maxHeading { // 2020年工作安排2020年，…
			return found{l.a, l.a + e, 1, l.a + e}, true
		}
		return plainHeading(r, l)
	}
	if e := namedPart(r, mark); e > 0 && level == 1 && (len(r) > maxHeading || e < len(r) && isBlank(r[e])) { // the body follows without a mark
		return found{l.a, l.a + e, level, l.a + e}, true
	}
	stop := -1
	for i := mark; i < len(r) && i <= maxHeading; i++ {
		if oneOf(r[i], "。：；！") || i > mark+3 && isBlank(r[i]) && !isBreak(r[i]) && len(r) > maxHeading {
			stop = i
			break
		}
	}
	if level == 1 && len(r) > maxHeading && (stop < 0 || stop > mark+30) {
		if e := wordedEnd(r, mark); e > 0 { // 一、2009年工作回顾2009年，…
			return found{l.a, l.a + e, level, l.a + e}, true
		}
	}
	if stop < 0 {
		ok := len(r) <= maxHeading && !oneOf(r[len(r)-1], "，、；") && !measured(r[mark:])
		return found{l.a, l.b, level, l.b}, ok && len(r) > mark
	}
	if level == 3 && stop > mark && eventful(r[mark:stop]) { // 3.开工建设第六水厂。
		return found{}, false
	}
	if stop <= mark || measured(r[mark:stop]) || r[stop] == '；' || r[stop] == '：' && level > 2 || level == 3 && stop-mark > 30 {
		return found{}, false
	}
	a := l.a
	if level == 3 && mark > 0 && r[0] == '—' {
		a += mark
	}
	return found{a, l.a + stop, level, l.a + stop + 1}, true
}

// wordedEnd returns where a heading ends by its words if the body goes on without a mark, 0 if it cannot be told.
func wordedEnd(r []rune, mark int) int {
	for i := mark; i < len(r) && i < mark+24; i++ {
		if oneOf(r[i], "，。") {
			return 0
		}
		if k, _ := headingWords.at(r, i); k > 0 {
			return i + k
		}
	}
	return 0
}

// eventful reports whether the words of a numbered line tell an event, so that they are a sentence.
func eventful(r []rune) bool {
	a, _ := strip(r, 0, len(r), false)
	if k, _ := bringVerbs.at(r, a); k > 1 && a+k < len(r) && !nounAfterVerb(r, a, a+k, len(r)) {
		return !vague(r, span{a + k, len(r)}) && facility(r)
	}
	k, tag := comeVerbs.before(r, len(r))
	return k > 1 && tag == 1 && facility(r[:trimAdverbs(r, a, len(r)-k)])
}

// facility reports whether r ends in the head of a thing that is built or founded.
func facility(r []rune) bool {
	k, _ := facilityHeads.before(r, len(r))
	return k > 0
}

// yearPart returns where the dated name of a part at the front ends (2020年工作安排), 0 if there is none.
func yearPart(r []rune) int {
	if yearAt(r, 0) == 0 {
		return 0
	}
	if e := namedPart(r, 5); e > 0 && e <= 14 {
		return e
	}
	return 0
}

// namedPart returns where the name of a part that stands in front of other words ends
// (一、2019年工作回顾 过去一年，…), 0 if there is none.
func namedPart(r []rune, mark int) int {
	for i := mark; i < len(r) && i < mark+24 && !oneOf(r[i], "，；、。："); i++ {
		if k, _ := headingWords.at(r, i); k > 0 {
			if i+k < len(r) && oneOf(r[i+k], "，；、。：和及与") {
				return 0
			}
			return i + k
		}
	}
	return 0
}

func count(r []rune, c rune) int {
	n := 0
	for n < len(r) && r[n] == c {
		n++
	}
	return n
}

// numbering returns the level of the number before a heading and where its words begin, level 0 if there is none.
func numbering(r []rune) (level, mark int) {
	if n := count(r, '—'); n >= 1 && n <= 2 {
		if contains(r, "会议") || contains(r, "大会") || len(r) <= n {
			return 0, 0
		}
		return 3, n
	}
	if len(r) == 0 {
		return 0, 0
	}
	i := 0
	if r[0] == '第' {
		i = 1
	}
	if r[0] >= '①' && r[0] <= '⑳' && len(r) > 1 {
		return 3, 1
	}
	n := i
	for n < len(r) && n < i+3 && oneOf(r[n], "一二三四五六七八九十") {
		n++
	}
	if n > i && n < len(r) {
		switch {
		case i == 0 && oneOf(r[n], "、．."):
			return 1, n + 1
		case i == 1 && (reads(r, n, "部分") || r[n] == '章'):
			return 1, n + 1
		}
	}
	if r[0] == '（' || r[0] == '(' {
		n = 1
		for n < len(r) && n < 4 && oneOf(r[n], "一二三四五六七八九十") {
			n++
		}
		if n > 1 && n < len(r) && oneOf(r[n], "）)") {
			return 2, n + 1
		}
		n = 1
		for n < len(r) && n < 3 && isDigit(narrow(r[n])) {
			n++
		}
		if n > 1 && n < len(r) && oneOf(r[n], "）)") {
			return 3, n + 1
		}
		return 0, 0
	}
	n = 0
	for n < len(r) && n < 2 && isDigit(narrow(r[n])) {
		n++
	}
	if n > 0 && n+1 < len(r) && (oneOf(r[n], ".．、") && !isDigit(narrow(r[n+1])) || r[n] == '。' && (isBlank(r[n+1]) || isHan(r[n+1]))) {
		return 3, n + 1
	}
	return 0, 0
}

// measured reports whether a heading holds a number with a unit, so that it must be read as a sentence.
func measured(r []rune) bool {
	for i := 0; i < len(r); i++ {
		if !isDigit(narrow(r[i])) {
			continue
		}
		j := i
		for j < len(r) && (isDigit(narrow(r[j])) || oneOf(r[j], ".．万亿多余")) {
			j++
		}
		for j < len(r) && isBlank(r[j]) && j < i+8 { // 42 亿元
			j++
		}
		for j < len(r) && oneOf(r[j], "万亿") {
			j++
		}
		if j < len(r) && (oneOf(r[j], "%％‰") || r[j] != '年' && unitAt(r[j:])) {
			return true
		}
		i = j
	}
	return false
}

// headingWords make a heading of a short line without number or full stop (wuwei-2021, general usage).
var headingWords = newLexicon(
	group{int(partReview), `回顾 总结 工作完成情况 主要成就 主要成绩 发展成就 工作情况 成绩单`, "wuwei-2021, general usage"},
	group{int(partPlan), `工作安排 主要任务 总体要求 工作任务 目标任务 重点工作 工作部署 主要目标 预期目标 奋斗目标 指导思想 工作打算 工作思路 重点任务 总体思路 工作建议 任务安排 总体安排 工作重点 发展目标`, "general usage"},
)

func plainHeading(r []rune, l line) (found, bool) {
	if len(r) > 32 || len(r) < 4 || oneOf(r[len(r)-1], "。，；：！？、…") || contains(r, "各位") || contains(r, "报告工作") || measured(r) || contains(r, "是：") {
		return found{}, false
	}
	for _, c := range r {
		if oneOf(c, "，。；！") {
			return found{}, false
		}
	}
	if k, _ := headingWords.in(r); k > 0 || ofDeeds(r) && !measured(r) {
		return found{l.a, l.b, 1, l.b}, true
	}
	return found{}, false
}
