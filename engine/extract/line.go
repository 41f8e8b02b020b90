package extract

import "unicode"

// Lines: what belongs together although a page broke it.

// line is a line of the report, trimmed: [a, b) in code points.
type line struct {
	a, b     int
	indented bool // begins with two to eight blanks or an ideographic one: the start of a paragraph

	cells []span // if it is a row of a stacked table, put together from lines: its cells
	loose bool   // of such a row it is not certain to which columns the cells belong
}

// isRow reports whether a line is the row of a table.
func (l line) isRow(src []rune) bool { return l.cells != nil || isRow(src[l.a:l.b]) }

// deepIndent is the most blanks that begin a paragraph: what stands further in was set there by a page or a program.
const deepIndent = 8

// lines cuts the report into its lines that are not blank.
func lines(src []rune) []line {
	var out []line
	for i := 0; i < len(src); {
		j := i
		for j < len(src) && !isBreak(src[j]) {
			j++
		}
		a, b := i, j
		for a < b && isBlank(src[a]) {
			a++
		}
		for b > a && isBlank(src[b-1]) {
			b--
		}
		if b-a > 1 && src[b-1] == '|' && !holds(src[a:b-1], "|") { // a cell in a line of its own
			for b--; b > a && isBlank(src[b-1]); b-- {
			}
		}
		if a < b && !pageNumber(src[a:b]) && !rule(src[a:b]) {
			out = append(out, runOn(src, line{a: a, b: b, indented: a-i >= 2 && a-i <= deepIndent || a > i && src[i] == '　'})...)
		}
		i = j + 1
	}
	return unpaged(src, out)
}

// unpaged drops the numbers that a site of documents puts before each page of a text (1、…, 2、…) where one stands inside a sentence.
func unpaged(src []rune, ls []line) []line {
	next := 2
	for k := range ls {
		l := &ls[k]
		if k == 0 {
			if !reads(src[:l.b], l.a, "1、") {
				return ls
			}
			continue
		}
		w := itoa(next) + "、"
		if !reads(src[:l.b], l.a, w) {
			continue
		}
		if prev := ls[k-1]; !oneOf(src[prev.b-1], "。！？；：!?;:…") && prev.b-prev.a > 2*wrapLen {
			l.a += len(w) - len("、") + 1
			for l.a < l.b-1 && isBlank(src[l.a]) {
				l.a++
			}
		}
		next++
	}
	return ls
}

// opensPart reports whether a sentence of a text without line breaks begins the plan: 今年…主要预期目标, 2020年工作安排.
func opensPart(r []rune) bool {
	if hasPrefix(r, "今年") {
		return contains(r[:min(len(r), 24)], "预期目标")
	}
	return yearPart(r[:min(len(r), 24)]) > 0
}

// pageNumber reports whether a line is only the number of a page: - 12 -, —12—, 第3页, 3/15 (files made by word processors).
func pageNumber(r []rune) bool {
	digits, marks := 0, 0
	for _, c := range r {
		switch {
		case isDigit(narrow(c)):
			digits++
		case oneOf(c, "-—–－·第页共/"):
			marks++
		case !isBlank(c):
			return false
		}
	}
	return digits > 0 && digits <= 6 && (marks >= 2 || marks == 1 && holds(r, "/"))
}

// furniture reports whether a paragraph is what a web page says of itself: 共计15258个字，预计阅读时长51分钟; 浏览次数：120次.
func furniture(r []rune) bool {
	if len(r) > 100 {
		return false
	}
	for _, w := range []string{"阅读时长", "阅读量", "阅读次数", "浏览次数", "浏览量", "点击次数", "点击量", "访问量", "字体：", "加入收藏", "打印本页"} {
		if contains(r, w) {
			return true
		}
	}
	return false
}

// runOn cuts a line that holds several parts of a report (its breaks are lost) before the headings inside.
func runOn(src []rune, l line) []line {
	if l.b-l.a < 120 {
		return []line{l}
	}
	var out []line
	for i := l.a + 1; i < l.b-2; i++ {
		if c := src[i]; c != '（' && c != '(' && c != '第' && c != '今' && c != '2' && !oneOf(c, "一二三四五六七八九十") {
			continue
		}
		k := i - 1
		for k > l.a && isBlank(src[k]) {
			k--
		}
		if n, _ := headingWords.before(src[l.a:i], i-l.a); opensPart(src[i:l.b]) && (n > 0 || oneOf(src[k], "。！？")) {
			out = append(out, line{a: l.a, b: k + 1, indented: l.indented})
			l = line{a: i, b: l.b, indented: true}
			continue
		}
		level, mark := numbering(src[i:l.b])
		if !oneOf(src[k], "。！？") && (level != 1 || namedPart(src[i:l.b], mark) == 0) {
			continue
		}
		if level == 1 || level == 2 {
			out = append(out, line{a: l.a, b: k + 1, indented: l.indented})
			l = line{a: i, b: l.b, indented: true}
		}
	}
	return append(out, l)
}

func isBreak(c rune) bool {
	return c == '\n' || c == '\r' || c == '\u2028' || c == '\u2029' || c == '\f'
}

func isBlank(c rune) bool { return c == 0xfeff || c == 0x200b || unicode.IsSpace(c) }

// pageWidth returns the width that the lines of a text were broken at, in columns (a Chinese letter has two), 0 if they
// were not: a third of them end within two letters of it, and hardly any goes beyond.
func pageWidth(src []rune, ls []line) int {
	widths := map[int]int{}
	for _, l := range ls {
		widths[l.columns(src)]++
	}
	best := 0
	for w := range widths {
		near, beyond := 0, 0
		for k, n := range widths {
			switch {
			case k > w:
				beyond += n
			case k >= w-4:
				near += n
			}
		}
		if w > best && w >= minWidth && near >= 6 && near*3 >= len(ls) && beyond*20 <= len(ls) {
			best = w
		}
	}
	return best
}

// columns returns the width of a line on its page, the indent of a paragraph included.
func (l line) columns(src []rune) int {
	n := 0
	if l.indented {
		n = 4
	}
	for _, c := range src[l.a:l.b] {
		if isBreak(c) { // joined: its last line counts
			n = 0
			continue
		}
		if n++; c > 0x2e7f {
			n++
		}
	}
	return n
}

// continues reports whether the line after prev goes on with its sentence. A line of full columns was broken by the width of
// the page; full is negative if the text was not broken so.
func continues(src []rune, prev, next line, full int) bool {
	last, head := src[prev.b-1], src[next.a]
	if reads(src[:next.b], next.a, "单位：") || reads(src[:next.b], next.a, "（单位：") || prev.isRow(src) || next.isRow(src) {
		return false
	}
	if next.indented || oneOf(last, "。！？；：!?;:…") {
		return false
	}
	if isDigit(narrow(last)) && (oneOf(head, "%％‰万亿") || !isDigit(narrow(head)) && unitAt(src[next.a:min(next.b, next.a+6)])) {
		return true
	}
	if oneOf(last, "，、,（(“《") {
		return true
	}
	if labelled(src[next.a:next.b]) {
		return false
	}
	if brokenNumber(src, prev, next) {
		return true
	}
	if full > 0 && prev.columns(src) >= full {
		level, _ := numbering(src[next.a:next.b])
		return level == 0 && !oneOf(head, "#*—-•●■◆")
	}
	if full <= 0 && parted(src[prev.b:next.a]) && beginsItem(src[:next.b], next.a) { // 新建幼儿园50所，新增托位1万个⏎⏎打通断头路20条
		return false
	}
	running := prev.b-prev.a >= wrapLen || prev.b-prev.a >= wrapLen/2 && holds(src[prev.a:prev.b], "，。,、；")
	return running && !oneOf(last, "”』）)") && !oneOf(head, "#*—-•●■◆")
}

// beginsItem reports whether a verb stands at a, or what may stand before one.
func beginsItem(r []rune, a int) bool {
	k, _ := verbs.at(r, a)
	n, _ := openers.at(r, a)
	return max(k, n) > 1
}

// parted reports whether an empty line stands between two lines.
func parted(between []rune) bool {
	breaks := 0
	for _, c := range between {
		if c == '\n' {
			breaks++
		}
	}
	return breaks > 1
}

// labelled reports whether a line begins with a short label and a colon, so that it is an entry of its own: 投资：推进….
func labelled(r []rune) bool {
	for i := 0; i < len(r) && i < 8; i++ {
		if r[i] == '：' {
			return i > 1
		}
		if !isHan(r[i]) {
			return false
		}
	}
	return false
}

// brokenNumber reports whether the width of the page has cut a number in two: 34⏎0亿元, 1.⏎37倍.
func brokenNumber(src []rune, prev, next line) bool {
	last := narrow(src[prev.b-1])
	if prev.b-prev.a < wrapLen/2 || !isDigit(last) && last != '.' || !isDigit(narrow(src[next.a])) {
		return false
	}
	i := next.a
	for i < next.b && (isDigit(narrow(src[i])) || narrow(src[i]) == '.') {
		i++
	}
	return i < next.b && (oneOf(src[i], "万亿%％余多") || unitAt(src[i:min(next.b, i+6)]))
}

// brokenName reports whether the width of the page has cut an abbreviation in two: G⏎DP.
func brokenName(src []rune, prev, next line) bool {
	return prev.b-prev.a >= wrapLen && isLetter(narrow(src[prev.b-1])) && isLetter(narrow(src[next.a])) && narrow(src[next.a]) <= 'Z'
}

// holds reports whether r has one of the runes of set.
func holds(r []rune, set string) bool {
	for _, c := range r {
		if oneOf(c, set) {
			return true
		}
	}
	return false
}

func unitAt(r []rune) bool {
	n, _ := units.at(r, 0)
	return n > 0
}

// letterSpaced reports whether a blank stands behind almost every letter, so that blanks part no words.
func letterSpaced(r []rune) bool {
	blanks := 0
	for i := 1; i < len(r); i++ {
		if isBlank(r[i]) && !isBlank(r[i-1]) {
			blanks++
		}
	}
	return len(r) > 16 && blanks*5 >= len(r)*2
}
