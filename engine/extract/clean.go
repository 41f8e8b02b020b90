package extract

import "unicode"

// paragraph is a stretch of the report without the accidents of its page: blanks and the
// line breaks inside a sentence are gone, digits and marks have one width. at maps each
// rune to its place in the report, so that every quotation is exact.
type paragraph struct {
	r       []rune
	at      []int32
	section int // index into Result.Sections, -1 above the first heading
	part    part
	title   bool   // the first line, which names the report: it states nothing
	row     []cell // the cells of a row of a table that are figures
	point   bool   // it had the number of a point before it
}

// span is a stretch [a, b) of a slice of runes.
type span struct{ a, b int }

func (s span) empty() bool { return s.b <= s.a }

// line is a line of the report, trimmed: [a, b) in code points.
type line struct {
	a, b     int
	indented bool // begins with two blanks or an ideographic one: the start of a paragraph
}

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
		if a < b && !pageNumber(src[a:b]) && !rule(src[a:b]) {
			out = append(out, runOn(src, line{a, b, a-i >= 2 || a > i && src[i] == '　'})...)
		}
		i = j + 1
	}
	return out
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
			out = append(out, line{l.a, k + 1, l.indented})
			l = line{i, l.b, true}
			continue
		}
		level, mark := numbering(src[i:l.b])
		if !oneOf(src[k], "。！？") && (level != 1 || namedPart(src[i:l.b], mark) == 0) {
			continue
		}
		if level == 1 || level == 2 {
			out = append(out, line{l.a, k + 1, l.indented})
			l = line{i, l.b, true}
		}
	}
	return append(out, l)
}

func isBreak(c rune) bool {
	return c == '\n' || c == '\r' || c == '\u2028' || c == '\u2029' || c == '\f'
}

func isBlank(c rune) bool { return c == 0xfeff || c == 0x200b || unicode.IsSpace(c) }

// wrapLen is the shortest line that can have been broken by the width of a page
// (erdao-2022, wuwei-2021: breaks after 40 and more; tables and lists have shorter lines).
const wrapLen = 30

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

// minWidth is the narrowest page in columns, eighteen letters: shorter lines of one length are a list.
const minWidth = 36

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
	if reads(src[:next.b], next.a, "单位：") || reads(src[:next.b], next.a, "（单位：") || isRow(src[prev.a:prev.b]) || isRow(src[next.a:next.b]) {
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
	running := prev.b-prev.a >= wrapLen || prev.b-prev.a >= wrapLen/2 && holds(src[prev.a:prev.b], "，。,、；")
	return running && !oneOf(last, "”』）)") && !oneOf(head, "#*—-•●■◆")
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

// unmark blanks the tags and entities of a web page, so that every rune keeps its place; the
// end of a block becomes a line break. A text without them is returned as it is.
func unmark(src []rune) []rune {
	out := src
	blank := func(a, b int, c rune) {
		if &out[0] == &src[0] {
			out = append([]rune(nil), src...)
		}
		for i := a; i < b; i++ {
			out[i] = ' '
		}
		out[a] = c
	}
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '<':
			if e := tagEnd(src, i); e > 0 {
				c := ' '
				if reads(src, i, "<br") || reads(src, i, "<p") || reads(src, i, "</p") || reads(src, i, "</div") || reads(src, i, "</h") || reads(src, i, "</li") || reads(src, i, "</tr") {
					c = '\n'
				} else if reads(src, i, "</td") || reads(src, i, "</th") {
					c = '\t'
				}
				blank(i, e, c)
				i = e - 1
			}
		case '&':
			for _, w := range []string{"&nbsp;", "&ensp;", "&emsp;", "&#160;", "&#12288;", "&thinsp;"} {
				if reads(src, i, w) {
					blank(i, i+len(w), ' ')
				}
			}
		}
	}
	return out
}

// tagEnd returns where the tag that opens at r[i] ends, 0 if it is none.
func tagEnd(r []rune, i int) int {
	if i+2 >= len(r) || r[i+1] != '/' && r[i+1] != '!' && !isLetter(r[i+1]) {
		return 0
	}
	for j := i + 1; j < len(r) && j < i+400; j++ {
		switch {
		case r[j] == '>':
			return j + 1
		case r[j] == '<' || isHan(r[j]):
			return 0
		}
	}
	return 0
}

// clean appends the runes of src[a:b) to p, narrowed and without blanks.
func (p *paragraph) clean(src []rune, a, b int) {
	spaced, cells := letterSpaced(src[a:b]), isRow(src[a:b])
	for i := a; i < b; i++ {
		c := src[i]
		if cells && (c == '\t' || c == '|') {
			if n := len(p.r); n > 0 && p.r[n-1] != '；' {
				p.r, p.at = append(p.r, '；'), append(p.at, int32(i))
			}
			continue
		}
		if isBlank(c) || isBreak(c) {
			if singles(src[a:b], i-a) { // 5 6 0 0 人
				continue
			}
			if n := len(p.r); n > 0 && i+1 < b && grouped(p.r, src[i+1:b]) { // 1 200 公里
				continue
			}
			if n := len(p.r); n > 0 && i+1 < b && !spaced && isASCIIWord(p.r[n-1]) && isASCIIWord(narrow(src[i+1])) {
				p.r, p.at = append(p.r, ' '), append(p.at, int32(i))
			}
			continue
		}
		if c == '*' && (i+1 < b && src[i+1] == '*' || i > a && src[i-1] == '*') {
			continue // Markdown's bold face
		}
		p.r, p.at = append(p.r, narrow(c)), append(p.at, int32(i))
	}
}

// isRow reports whether a line is the row of a table, whose cells are parted by tabs or upright strokes.
func isRow(r []rune) bool {
	tabs, strokes, stops := 0, 0, 0
	for i, c := range r {
		switch {
		case c == '\t' && i > 0 && r[i-1] != '\t':
			tabs++
		case c == '|':
			strokes++
		case c == '。' && i+1 < len(r):
			stops++
		}
	}
	return tabs > 1 || tabs == 1 && stops == 0 || strokes > 1 && r[0] == '|'
}

// rule reports whether a line only parts the head of a table from its rows: |---|:--:|.
func rule(r []rune) bool {
	for _, c := range r {
		if !oneOf(c, "|-:+=") && !isBlank(c) {
			return false
		}
	}
	return r[0] == '|' || r[0] == '+'
}

// singles reports whether the blank at i stands in a figure of at least three digits, its point counted, that are spaced one by one.
func singles(r []rune, i int) bool {
	if !digitCell(r, i-1) || !digitCell(r, i+1) {
		return false
	}
	n := 2
	for j := i - 3; digitCell(r, j); j -= 2 {
		n++
	}
	for j := i + 3; digitCell(r, j); j += 2 {
		n++
	}
	return n > 2
}

// digitCell reports whether r[i] is a digit or decimal point with no digit beside it.
func digitCell(r []rune, i int) bool {
	return i >= 0 && i < len(r) && (isDigit(narrow(r[i])) || narrow(r[i]) == '.') && (i == 0 || !isDigit(narrow(r[i-1]))) && (i+1 >= len(r) || !isDigit(narrow(r[i+1])))
}

// grouped reports whether a blank between left and right parts the thousands of one number: one to three digits, three
// digits, and a unit that is no year.
func grouped(left, right []rune) bool {
	n := 0
	for n < len(left) && n < 4 && isDigit(left[len(left)-1-n]) {
		n++
	}
	if n == 0 || n > 3 || left[len(left)-n] == '0' || n < len(left) && (isASCIIWord(left[len(left)-1-n]) || oneOf(left[len(left)-1-n], ".- 第年月—")) {
		return false
	}
	d := 0
	for d < len(right) && isDigit(narrow(right[d])) {
		d++
	}
	if d != 3 {
		return false
	}
	for d < len(right) && d < 6 && isBlank(right[d]) {
		d++
	}
	return d < len(right) && (oneOf(right[d], "万亿余多") || right[d] != '年' && right[d] != '号' && unitAt(right[d:min(len(right), d+6)]))
}

// settle gives punctuation its Chinese form: a comma between digits stays what it is, and
// straight quotation marks open and close in turn.
func (p *paragraph) settle() {
	p.lostQuotes()
	open := false
	for i, c := range p.r {
		between := i > 0 && i+1 < len(p.r) && isDigit(p.r[i-1]) && isDigit(p.r[i+1])
		switch c {
		case ',':
			if !between || !thousands(p.r, i) {
				p.r[i] = '，'
			}
		case ':':
			if !between {
				p.r[i] = '：'
			}
		case '.': // 改造危桥35座.
			if i > 0 && (isHan(p.r[i-1]) || oneOf(p.r[i-1], "%”）")) && (i+1 == len(p.r) || isHan(p.r[i+1])) && (i > 1 || i+1 == len(p.r)) {
				p.r[i] = '。'
			}
		case ';':
			p.r[i] = '；'
		case '(', '[', '〔', '【':
			p.r[i] = '（'
		case ')', ']', '〕', '】':
			p.r[i] = '）'
		case '!':
			p.r[i] = '！'
		case '?':
			p.r[i] = '？'
		case '『', '「', '‘', '‚':
			p.r[i] = '“'
		case '』', '」', '’', '‛':
			p.r[i] = '”'
		case '"', '＂':
			p.r[i] = '“'
			if open {
				p.r[i] = '”'
			}
			open = !open
		case '﹪':
			p.r[i] = '%'
		}
	}
}

// lostQuotes gives back the quotation marks that a conversion has turned into ;;, and drops such marks
// at the front of a paragraph, where they stand for blanks.
func (p *paragraph) lostQuotes() {
	open, k := false, 0
	for i := 0; i < len(p.r); i++ {
		c := p.r[i]
		if c == ';' && i+1 < len(p.r) && p.r[i+1] == ';' {
			i++
			if k == 0 {
				continue
			}
			if c = '“'; open {
				c = '”'
			}
			open = !open
		}
		p.r[k], p.at[k] = c, p.at[i]
		k++
	}
	p.r, p.at = p.r[:k], p.at[:k]
}

// thousands reports whether the comma at i parts groups of three digits.
func thousands(r []rune, i int) bool {
	if i+3 >= len(r) {
		return false
	}
	for k := 1; k <= 3; k++ {
		if !isDigit(r[i+k]) {
			return false
		}
	}
	return i+4 >= len(r) || !isDigit(r[i+4])
}

// narrow returns the half-width form of a full-width digit, letter or sign.
func narrow(c rune) rune {
	switch {
	case c >= '！' && c <= '～':
		return c - '！' + '!'
	case c == '　':
		return ' '
	case c == '％':
		return '%'
	}
	return c
}

func isDigit(c rune) bool  { return c >= '0' && c <= '9' }
func isLetter(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isASCIIWord(c rune) bool { return isDigit(c) || isLetter(c) }

// src returns the place of the rune i in the report; len(p.r) is the place behind the last one.
func (p *paragraph) src(i int) int {
	if i < len(p.at) {
		return int(p.at[i])
	}
	if n := len(p.at); n > 0 {
		return int(p.at[n-1]) + 1
	}
	return 0
}

// end returns the place in the report behind the rune before i.
func (p *paragraph) end(i int) int {
	if i == 0 {
		return p.src(0)
	}
	return int(p.at[i-1]) + 1
}

// A longer sentence or clause is cut, so that the time of a reading stays in proportion to the length
// whatever the text; the longest of the four texts have 600 and 110.
const (
	maxSentence = 1200
	maxClause   = 240
)

// sentences cuts p at full stops, exclamation and question marks.
func (p *paragraph) sentences() []span {
	var out []span
	a := 0
	for i, c := range p.r {
		if i-a >= maxSentence && (c == '，' || c == '；' || i-a >= 2*maxSentence) { // no sentence: a text without full stops
			out = append(out, span{a, i + 1})
			a = i + 1
			continue
		}
		if c != '。' && c != '！' && c != '？' {
			continue
		}
		if i+1 < len(p.r) && oneOf(p.r[i+1], "”）") {
			continue
		}
		if i+1 > a {
			out = append(out, span{a, i + 1})
		}
		a = i + 1
	}
	if a < len(p.r) {
		out = append(out, span{a, len(p.r)})
	}
	return out
}
