package extract

// paragraph is a stretch of the report without the accidents of its page: blanks and the
// line breaks inside a sentence are gone, digits and marks have one width. at maps each
// rune to its place in the report, so that every quotation is exact.
type paragraph struct {
	r       []rune
	at      []int32
	section int // index into Result.Sections, -1 above the first heading
	part    part
	title   bool // the first line, which names the report: it states nothing
	row     *row // what its table says of it, if it is a row of one
	point   bool // it had the number of a point before it
	turn    int  // where a paragraph of the review turns to what is to come, 0 if it does not
}

// span is a stretch [a, b) of a slice of runes.
type span struct{ a, b int }

func (s span) empty() bool { return s.b <= s.a }

// wrapLen is the shortest line that can have been broken by the width of a page
// (erdao-2022, wuwei-2021: breaks after 40 and more; tables and lists have shorter lines).
const wrapLen = 30

// minWidth is the narrowest page in columns, eighteen letters: shorter lines of one length are a list.
const minWidth = 36

// unmark blanks the tags and entities of a web page, and the readings that some put behind characters, so that every rune keeps its place; the
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
		case '[', '［':
			if e := footnoteEnd(src, i); e > 0 {
				blank(i, e, ' ')
				i = e - 1
			}
		case '(':
			if e := pinyinEnd(src, i); e > 0 {
				blank(i, e, ' ')
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
			if n := len(p.r); n > 2 && i+1 < b && cutPoint(p.r, src[i+1:b]) { // 24. 3 亿元
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

// cleanCells appends the cells of a row whose cells were lines.
func (p *paragraph) cleanCells(src []rune, cells []span) {
	for _, c := range cells {
		if c.empty() {
			continue
		}
		if n := len(p.r); n > 0 && p.r[n-1] != '；' {
			p.r, p.at = append(p.r, '；'), append(p.at, int32(c.a-1))
		}
		p.clean(src, c.a, c.b)
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

// singles reports whether the blank at i stands in a figure of at least three digits, its point counted, that are spaced one by one,
// or of two that have blanks on both sides.
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
	return n > 2 || n == 2 && i > 1 && isBlank(r[i-2]) && i+2 < len(r) && isBlank(r[i+2]) // 企业 1 2 家
}

// digitCell reports whether r[i] is a digit or decimal point with no digit beside it.
func digitCell(r []rune, i int) bool {
	return i >= 0 && i < len(r) && (isDigit(narrow(r[i])) || narrow(r[i]) == '.') && (i == 0 || !isDigit(narrow(r[i-1]))) && (i+1 >= len(r) || !isDigit(narrow(r[i+1])))
}

// cutPoint reports whether a blank between left and right stands behind the point of one figure: letters, digits, a point; one or
// two digits and a unit. At the front of a paragraph the point is that of a list.
func cutPoint(left, right []rune) bool {
	n := len(left) - 1
	if left[n] != '.' || !isDigit(left[n-1]) {
		return false
	}
	for n > 0 && isDigit(left[n-1]) {
		n--
	}
	if n == 0 || len(left)-1-n > 4 || !isHan(left[n-1]) && !oneOf(left[n-1], "、，和") {
		return false
	}
	d := 0
	for d < len(right) && isDigit(narrow(right[d])) {
		d++
	}
	if d == 0 || d > 2 {
		return false
	}
	for d < len(right) && d < 5 && isBlank(right[d]) {
		d++
	}
	return d < len(right) && (oneOf(right[d], "万亿%％‰、") || right[d] != '年' && right[d] != '月' && unitAt(right[d:min(len(right), d+6)]))
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
	case c == '％' || c == '℅' || c == '﹪' || c == '٪': // what scanners and input methods make of per cent
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
