package extract

import "strconv"

// Tables: what the head of a column, the name of a row and the line above a table say of a cell that holds nothing but a figure.

// cell is a cell that holds nothing but a figure, in the code points of the report.
type cell struct {
	span
	subject string
	unit    string   // that the head, the row or the line above gives; the cell may have its own
	pred    predKind // predGrow below 增长, predFall below 下降
	year    int      // that the head names, 0 if it names none
	aim     int      // 1 for what is promised, -1 for what was reached, 0 if the head does not tell
}

// column is what the head of a column says.
type column struct {
	measure string // 生产总值; empty if the head only tells time, aim or change
	suffix  string // 增速: a rate as a noun, which goes with the measure
	unit    string
	pred    predKind
	year    int
	aim     int
	role    int
}

// What a column is for.
const (
	roleFigure = iota
	roleLabel  // names what the row is about
	roleUnit   // the units of the rows
	roleNone   // numbers that are no figures: 序号, 备注, 完成计划的%
)

// headRoles are the heads of columns that hold no figures.
var headRoles = newLexicon(
	group{roleLabel, `指标 指标名称 主要指标 项目 项目名称 名称 工程名称 任务 任务名称 目标任务 重点任务 内容 建设内容 类别 类型 领域 地区 区域 乡镇 镇街 街道 县区 区县 县市区 部门 行业 事项 年份 年度 时间 月份`, "tables of plans, general usage"},
	group{roleUnit, `单位 计量单位 计算单位`, "tables of plans, general usage"},
	group{roleNone, `序号 编号 排名 排序 位次 名次 备注 说明 代码 属性 指标属性 责任单位 牵头单位 责任人 分管领导 完成时限 时限 完成时间`, "tables of plans, general usage"},
)

// headWords tell time, aim or change in the head of a column; what is left names a measure. Tag 1: a promise; -1: what was reached.
var headTimes = newLexicon(
	group{1, `预期目标 目标值 目标数 目标任务 目标 预期 计划数 计划 任务数 任务量 任务 安排`, "tables of plans, general usage"},
	group{-1, `实际完成 预计完成 完成情况 完成数 完成值 完成 实际 实绩 实现 执行数`, "tables of plans, general usage"},
	group{0, `预计 绝对值 绝对额 绝对数 累计 全年 年底 年末 年度 今年 去年 上年 本年 当年 本期`, "tables of plans, general usage"},
)

// headChanges tell a change in the head of a column or at the end of a row's name.
var headChanges = newLexicon(
	group{int(predGrow), `同比增长 比上年增长 较上年增长 比去年增长 年均增长 增长 上升 提高 同比 增减`, "tables of plans, general usage"},
	group{int(predFall), `同比下降 比上年下降 下降 降低 减少`, "tables of plans, general usage"},
	group{int(predIs), `同比增速 同比增幅 年均增速 增速 增幅 涨幅 增长率`, "README: the rate as a noun"},
)

// tables reads the runs of rows in ls: for the index of each row, its cells that are figures; a head has none and is not nil.
func tables(src []rune, ls []line) map[int][]cell {
	var out map[int][]cell
	for i := 0; i < len(ls); {
		n := i
		for n < len(ls) && isRow(src[ls[n].a:ls[n].b]) {
			n++
		}
		if n-i > 1 {
			for k, row := range tableOf(src, ls[i:n], unitsAbove(src, ls, i)) {
				if out == nil {
					out = map[int][]cell{}
				}
				out[i+k] = row
			}
		}
		i = max(n, i+1)
	}
	return out
}

// tableOf reads the rows of one table. Its first row must be a head: words only, as many cells as the rows have.
func tableOf(src []rune, ls []line, above []string) map[int][]cell {
	columns, body := headRows(src, ls)
	if columns == nil {
		return nil
	}
	label, read := labelColumn(columns), false
	out := map[int][]cell{}
	for i := range body {
		out[i] = []cell{}
	}
	for i := body; i < len(ls); i++ {
		row := cellsOf(src, ls[i])
		if next := headRow(src, ls[i]); next != nil && hasRole(next) { // another table right below
			columns, label = next, labelColumn(next)
			out[i] = []cell{}
			continue
		}
		if len(row) <= label || len(row) > len(columns) {
			continue
		}
		if out[i] = rowOf(src, row, columns, label, above); out[i] != nil {
			read = true
		}
	}
	if !read { // no table of figures
		return nil
	}
	return out
}

// rowOf returns the cells of a row that are figures of something. An aim far below the level that was reached is in doubt: it may be a rate.
func rowOf(src []rune, row []span, columns []column, label int, above []string) []cell {
	var out []cell
	level, of := 0.0, ""
	for k, c := range row {
		f, ok := figureCell(src, row, k, columns, label, above)
		if !ok || k == label {
			continue
		}
		f.span = c
		n, _ := readFigure(cellText(src, c), f.unit)
		v, _ := strconv.ParseFloat(string(n.value), 64)
		if f.pred == predNone && n.pred == predNone && n.dim != dimRate {
			if f.aim > 0 && of == f.subject && v < level/5 {
				f.unit = ""
			}
			level, of = v, f.subject
		}
		out = append(out, f)
	}
	return out
}

// headRows reads the head of a table, of one row or of two whose second one goes on below the empty places of the first. body is the first row below it.
func headRows(src []rune, ls []line) (columns []column, body int) {
	if len(ls) > 2 {
		first, second := cellsOf(src, ls[0]), cellsOf(src, ls[1])
		if len(second) > 2 && second[0].empty() {
			text := make([][]rune, max(len(first), len(second)))
			for k := range text {
				over := min(k, len(first)-1)
				for over > 0 && first[over].empty() {
					over--
				}
				text[k] = cellText(src, first[over])
				if k < len(second) {
					text[k] = append(text[k], cellText(src, second[k])...)
				}
			}
			return heads(text), 2
		}
	}
	return headRow(src, ls[0]), 1
}

// headRow reads a row as the head of a table, nil if a cell of it is a figure.
func headRow(src []rune, l line) []column {
	cells := cellsOf(src, l)
	text := make([][]rune, len(cells))
	for k, c := range cells {
		text[k] = cellText(src, c)
	}
	return heads(text)
}

// heads reads the heads of columns, nil if one is a figure. A column that tells a change goes with the time of the one to its left.
func heads(cells [][]rune) []column {
	columns := make([]column, len(cells))
	for k, text := range cells {
		if isFigure(text) && yearCell(text) == 0 {
			return nil
		}
		c := readHead(text)
		if k > 0 && c.role == roleFigure && c.year == 0 && c.aim == 0 && (c.pred != predNone || c.suffix != "") {
			c.year, c.aim = columns[k-1].year, columns[k-1].aim
		}
		columns[k] = c
	}
	return columns
}

// hasRole reports whether a head says of one of its columns what it is for.
func hasRole(columns []column) bool {
	for _, c := range columns {
		if c.role != roleFigure {
			return true
		}
	}
	return false
}

// labelColumn returns the column whose cells name what their rows are about: the last one whose head says so, else the first that may.
func labelColumn(columns []column) int {
	first, named := -1, -1
	for k, c := range columns {
		if c.role == roleLabel {
			named = k
		}
		if first < 0 && c.role != roleUnit && c.role != roleNone {
			first = k
		}
	}
	if named >= 0 {
		return named
	}
	return max(first, 0)
}

// figureCell returns what row and heads say of the cell k; ok is false if it is no figure or they do not say of what.
func figureCell(src []rune, row []span, k int, columns []column, label int, above []string) (cell, bool) {
	h := columns[k]
	if h.role != roleFigure || !isFigure(cellText(src, row[k])) {
		return cell{}, false
	}
	name, unit, pred := rowName(cellText(src, row[label]))
	f := cell{unit: h.unit, pred: h.pred, year: h.year, aim: h.aim}
	measure := h.measure
	if measure == "" && (h.pred != predNone || h.suffix != "") { // 增长 goes on about the measure to its left
		for j := k - 1; j >= 0 && measure == ""; j-- {
			measure = columns[j].measure
		}
	}
	if f.pred == predNone && h.suffix == "" {
		f.pred = pred
	}
	if y := yearCell(cellText(src, row[label])); y > 0 && f.year == 0 { // the rows are years
		f.year = y
	}
	if f.subject = measure + h.suffix; measure == "" {
		f.subject = name + h.suffix
	} else if name != "" && !wholeArea(name) && len([]rune(name)) <= 14 {
		f.subject = name + f.subject
	}
	if measure == "" && name == "" {
		return cell{}, false
	}
	if f.unit == "" {
		f.unit = unitOfRow(src, row, columns, unit, f, above)
	}
	return f, true
}

// unitOfRow returns the unit that the row or the line above the table gives.
func unitOfRow(src []rune, row []span, columns []column, unit string, f cell, above []string) string {
	change := f.pred == predGrow || f.pred == predFall
	for k, c := range columns {
		if c.role == roleUnit && k < len(row) {
			if u := unitIn(cellText(src, row[k])); !change || isRate(u) {
				return u
			}
		}
	}
	if unit != "" && (!change || isRate(unit)) {
		return unit
	}
	for _, u := range above {
		if isRate(u) == change {
			return u
		}
	}
	return ""
}

// wholeArea reports whether the name of a row only says that it is about the whole area.
func wholeArea(name string) bool {
	switch name {
	case "全市", "全县", "全区", "全省", "全镇", "合计", "总计", "小计", "全部", "汇总":
		return true
	}
	return false
}

func isRate(unit string) bool {
	return unit == "%" || unit == "‰" || unit == "百分点" || unit == "个百分点"
}

// readHead reads the head of a column.
func readHead(r []rune) column {
	c := column{}
	r, c.unit = bracketUnit(r)
	if k, role := headRoles.at(r, 0); k > 0 && k == len(r) {
		c.role = role
		return c
	}
	if contains(r, "完成") && contains(r, "计划") && isRate(c.unit) || contains(r, "占计划") || contains(r, "完成率") { // how much of the plan
		c.role = roleNone
		return c
	}
	var rest []rune
	for i := 0; i < len(r); {
		if y := yearAt(r, i); y > 0 {
			c.year = max(c.year, y)
			i += 5
			continue
		}
		if y, end := fiveYearEnd(r, i); y > 0 && end > i {
			c.year, i = max(c.year, y), end
			continue
		}
		if k, tag := headChanges.at(r, i); k > 0 {
			i += k
			if predKind(tag) == predIs {
				c.suffix = string(r[i-k : i])
			} else {
				c.pred = predKind(tag)
			}
			continue
		}
		if k, tag := headTimes.at(r, i); k > 0 {
			if c.aim == 0 || tag == 1 {
				c.aim = tag
			}
			i += k
			continue
		}
		if !oneOf(r[i], "的底末、/-—：:.·") {
			rest = append(rest, r[i])
		}
		i++
	}
	if y := yearAlone(r); y > 0 {
		c.year, rest = y, nil
	}
	if s := string(rest); len(rest) > 1 && !anyMeasure(s) {
		c.measure = s
	}
	if c.unit == "" && hasSuffix(r, "%") {
		c.unit, c.measure = "%", trimEnd(c.measure, "%")
	}
	return c
}

// anyMeasure reports whether what is left of a head names no measure of its own.
func anyMeasure(s string) bool {
	switch s {
	case "总量", "数值", "数量", "指标值", "指标", "数据", "规模", "情况":
		return true
	}
	return false
}

func trimEnd(s, end string) string {
	if r := []rune(s); hasSuffix(r, end) {
		return string(r[:len(r)-len([]rune(end))])
	}
	return s
}

// yearAlone returns the year that r is, 0 if it is none: 2023.
func yearAlone(r []rune) int {
	if len(r) != 4 {
		return 0
	}
	return yearAt(append(append([]rune(nil), r...), '年'), 0)
}

// yearCell returns the year that names a row: 2022, 2022年; 0 if it is none.
func yearCell(r []rune) int {
	if n := len(r); n == 5 && r[4] == '年' {
		r = r[:4]
	}
	return yearAlone(r)
}

// rowName reads the name of a row: without its number, with the unit in brackets and the change at its end taken apart.
func rowName(r []rune) (name, unit string, pred predKind) {
	if level, mark := numbering(r); level > 0 && mark < len(r) {
		r = r[mark:]
	}
	for _, w := range []string{"其中：", "其中:", "其中", "#"} {
		if hasPrefix(r, w) {
			r = r[len([]rune(w)):]
		}
	}
	r, unit = bracketUnit(r)
	if isFigure(r) || holds(r, "0123456789。") || len(r) > maxSubject {
		return "", unit, predNone
	}
	if k, tag := headChanges.before(r, len(r)); k > 0 && len(r)-k > 1 && predKind(tag) != predIs {
		r, pred = r[:len(r)-k], predKind(tag)
	}
	return string(r), unit, pred
}

// bracketUnit takes the unit in brackets from the end of r: 生产总值（亿元）.
func bracketUnit(r []rune) ([]rune, string) {
	n := len(r)
	if n < 3 || r[n-1] != '）' && r[n-1] != ')' {
		return r, ""
	}
	a := n - 2
	for a > 0 && r[a] != '（' && r[a] != '(' {
		a--
	}
	in := r[a+1 : n-1]
	for _, w := range []string{"单位：", "单位:"} {
		if hasPrefix(in, w) {
			in = in[len([]rune(w)):]
		}
	}
	if u := unitIn(in); u != "" && a > 0 {
		return r[:a], u
	}
	return r, ""
}

// unitIn returns r if it is a unit with or without 万 and 亿, else nothing.
func unitIn(r []rune) string {
	if len(r) == 0 || len(r) > 10 || isDigit(r[0]) {
		return ""
	}
	syn := append([]rune{'1'}, r...)
	ns := numbers(syn, span{0, len(syn)})
	if len(ns) != 1 || ns[0].b != len(syn) || ns[0].unit == "" || ns[0].dim == dimRank {
		return ""
	}
	return string(r)
}

// unitsAbove returns the units that one of the two lines above the table gives: 单位：亿元、%.
func unitsAbove(src []rune, ls []line, i int) []string {
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		t := cellText(src, span{ls[k].a, ls[k].b})
		at := index(t, "单位")
		if at < 0 || at+3 >= len(t) || t[at+2] != '：' && t[at+2] != ':' {
			continue
		}
		var out []string
		a := at + 3
		for j := a; j <= len(t); j++ {
			if j == len(t) || oneOf(t[j], "、，,；;/）)") {
				if u := unitIn(t[a:j]); u != "" {
					out = append(out, u)
				}
				a = j + 1
			}
		}
		return out
	}
	return nil
}

// cellsOf returns the cells of a row, trimmed, with the empty ones: those before the first word count too.
func cellsOf(src []rune, l line) []span {
	mark := '|'
	a, b := l.a, l.b
	for i := l.a; i < l.b; i++ {
		if src[i] == '\t' {
			mark = '\t'
		}
	}
	if mark == '\t' {
		for a > 0 && isBlank(src[a-1]) && !isBreak(src[a-1]) {
			a--
		}
	} else if src[a] == '|' {
		a++
		if src[b-1] == '|' && b-1 > a {
			b--
		}
	}
	var out []span
	for i := a; i <= b; i++ {
		if i < b && src[i] != mark {
			continue
		}
		c := span{a, i}
		for c.a < c.b && isBlank(src[c.a]) {
			c.a++
		}
		for c.b > c.a && isBlank(src[c.b-1]) {
			c.b--
		}
		out, a = append(out, c), i+1
	}
	return out
}

// cellText returns the words of a cell narrowed, without blanks.
func cellText(src []rune, c span) []rune {
	out := make([]rune, 0, c.b-c.a)
	for _, x := range src[c.a:c.b] {
		if !isBlank(x) && x != '*' {
			out = append(out, narrow(x))
		}
	}
	return out
}

// isFigure reports whether r is nothing but a figure with its unit, bound and predicate: 12.5, ≥6.5%, 增长5.6%左右, -3.2.
func isFigure(r []rune) bool {
	_, ok := readFigure(r, "")
	return ok
}

// figure is a number that a cell holds.
type figure struct {
	number
	negative bool     // a minus stands before it
	pred     predKind // that the cell itself says: 增长6%
}

// readFigure reads a cell as a number whose unit is the given one unless the cell has its own.
func readFigure(r []rune, unit string) (f figure, ok bool) {
	word := ""
	if k, tag := predicates.at(r, 0); k > 0 {
		f.pred, r = predKind(tag), r[k:]
	}
	if k, tag := bounds.at(r, 0); k > 0 && tag != int(boundNone) {
		word, r = string(r[:k]), r[k:]
	}
	if len(r) > 1 && word == "" {
		switch r[0] {
		case '≥':
			word = "不低于"
		case '≤':
			word = "不超过"
		case '＞', '>':
			word = "超过"
		case '＜', '<':
			word = "低于"
		case '-', '−', '－':
			f.negative = true
		case '+', '＋':
		default:
			word = " "
		}
		if word != " " {
			r = r[1:]
		}
	}
	i := 0
	for i < len(r) && (isDigit(r[i]) || oneOf(r[i], ".,-—－~～") && i > 0) {
		i++
	}
	if i == 0 || !isDigit(r[i-1]) {
		return f, false
	}
	rest := r[i:]
	if k, _ := afterBounds.at(rest, 0); len(rest) == 0 || k == len(rest) {
		rest = append([]rune(unit), rest...)
	}
	syn := append([]rune(word), r[:i]...)
	syn = append(syn, rest...)
	ns := numbers(syn, span{0, len(syn)})
	if len(ns) != 1 {
		return f, false
	}
	f.number = ns[0]
	f.readAfterBound(syn)
	if max(f.b, f.qb) != len(syn) {
		return f, false
	}
	if k, tag := bounds.before(syn, f.a); k > 0 {
		f.pre = boundKind(tag)
	}
	return f, true
}

// figure returns the cell that begins with the clause c, nil if none does.
func (p *paragraph) figure(c span) *cell {
	if len(p.row) == 0 || c.empty() {
		return nil
	}
	at := int(p.at[c.a])
	for i := range p.row {
		if f := &p.row[i]; at >= f.a && at < f.b {
			return f
		}
	}
	return nil
}

// cell turns a figure of a table into a statement; false if it has no unit that is certain.
func (e *reader) cell(p *paragraph, c span, f *cell, m moment) bool {
	for c.b > c.a && oneOf(p.r[c.b-1], "；，。") {
		c.b--
	}
	n, ok := readFigure(p.r[c.a:c.b], f.unit)
	if !ok || n.unit == "" {
		return false
	}
	pred := f.pred
	if n.pred != predNone {
		pred = n.pred
	}
	if n.negative {
		switch pred {
		case predGrow:
			pred = predFall
		case predFall:
			pred = predGrow
		default:
			return false
		}
	}
	m, ok = e.doc.ofCell(f, m)
	if !ok { // nothing to say: the plan of a year that is over
		return true
	}
	n.a, n.b, n.qa, n.qb = c.a, c.b, c.a, c.b
	fr := frame{n: &n.number, side: side{bound: n.pre}}
	e.emit(p, fr, f.subject, "", fr.op(pred), RuleTable, m)
	return true
}

// ofCell returns the moment of a figure by the head of its column; ok is false for the plan of a year that is over.
func (doc *document) ofCell(f *cell, m moment) (moment, bool) {
	y := f.year
	switch {
	case f.aim > 0:
		if y == 0 {
			y = max(doc.plan, m.year)
		}
		return moment{Commitment, y}, doc.plan == 0 || y >= doc.plan
	case f.aim < 0:
		if y == 0 {
			y = doc.review
		}
		return moment{Achievement, y}, true
	case y > 0 && doc.plan > 0 && y >= doc.plan:
		return moment{Commitment, y}, true
	case y > 0 && doc.plan > 0:
		return moment{Achievement, y}, true
	case y > 0:
		return moment{m.kind, y}, true
	}
	return m, true
}
