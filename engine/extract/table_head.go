package extract

import (
	"slices"
	"unicode"
)

// What the head of a column and the name of a row say.

// column is what the head of a column says.
type column struct {
	measure string // 生产总值; empty if the head only tells time, aim or change
	suffix  string // 增速: a rate as a noun, which goes with the measure
	unit    string
	pred    predKind
	year    int
	aim     int
	role    int
	yesno   bool // 是否达标: a yes or a no
}

// What a column is for.
const (
	roleFigure = iota
	roleLabel  // names what the row is about
	roleUnit   // the units of the rows
	roleNone   // words that are none of these: 责任单位, 备注
	roleIndex  // numbers that are no figures: 序号, 排名, 完成计划的%
	roleWords  // tells in words what is to be done
	roleTime   // tells by when
)

// headRoles are the heads of columns that hold no figures.
var headRoles = newLexicon(
	group{roleLabel, `指标 指标名称 主要指标 项目 项目名称 实事项目 工程项目 建设项目 重点项目 名称 工程名称 任务 任务名称 类别 类型 分类 领域 地区 区域 乡镇 镇街 街道 县区 区县 县市区 部门 行业 事项 事项名称 工作事项 工作名称 重点工作 年份 年度 时间 月份`, "tables of plans, general usage"},
	group{roleWords, `目标任务 重点任务 主要任务 工作任务 任务内容 任务分解 任务清单 工作内容 主要内容 内容 项目内容 建设内容 建设规模 建设规模及内容 建设内容及规模 工作措施 主要措施 具体措施 工作举措 工作要求`, "tables of plans and of tasks, general usage"},
	group{roleTime, `完成时限 完成期限 时限 时限要求 完成时间 时间节点 时间要求 办结时限 计划完成时间 完成时间节点 竣工时间 开工时间`, "tables of tasks, general usage"},
	group{roleUnit, `单位 计量单位 计算单位`, "tables of plans, general usage"},
	group{roleIndex, `序号 编号 排名 排序 位次 名次 代码`, "tables of plans, general usage"},
	group{roleNone, `备注 说明 属性 指标属性 责任单位 责任部门 牵头单位 牵头部门 配合单位 配合部门 协办单位 主办单位 实施单位 建设单位 业主单位 主管部门 主管单位 责任人 责任领导 分管领导 牵头领导 包保领导 联系人 建设地点 地点 建设性质 性质 建设年限 起止年限 建设起止年限`, "tables of plans, general usage"},
)

// headTimes tell time, aim or change in the head of a column; what is left names a measure. Tag 1: a promise; -1: what was reached.
var headTimes = newLexicon(
	group{1, `预期目标 目标值 目标数 目标任务 目标 预期 计划数 计划 任务数 任务量 任务 安排`, "tables of plans, general usage"},
	group{-1, `实际完成 预计完成 完成情况 推进情况 进展情况 工作进展 目前进展 进展 完成进度 完成数 完成值 完成 实际 实绩 实现 执行数`, "tables of plans, general usage"},
	group{0, `预计 绝对值 绝对额 绝对数 累计 全年 年底 年末 年度 今年 去年 上年 本年 当年 本期`, "tables of plans, general usage"},
)

// headChanges tell a change in the head of a column or at the end of a row's name.
var headChanges = newLexicon(
	group{int(predGrow), `同比增长 比上年增长 较上年增长 比去年增长 年均增长 增长 上升 提高 同比 增减`, "tables of plans, general usage"},
	group{int(predFall), `同比下降 比上年下降 下降 降低 减少`, "tables of plans, general usage"},
	group{int(predIs), `同比增速 同比增幅 年均增速 增速 增幅 涨幅 增长率`, "README: the rate as a noun"},
)

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
		if first < 0 && (c.role == roleFigure || c.role == roleWords) {
			first = k
		}
	}
	if named >= 0 {
		return named
	}
	return max(first, 0)
}

// readHead reads the head of a column.
func readHead(r []rune) column {
	c := column{}
	r, c.unit = bracketUnit(r)
	if k, role := headRoles.at(r, 0); k > 0 && k == len(r) {
		if c.role = role; role == roleWords && (contains(r, "目标") || contains(r, "任务")) {
			c.aim = 1
		}
		return c
	}
	if contains(r, "完成") && contains(r, "计划") && isRate(c.unit) || contains(r, "占计划") || contains(r, "完成率") { // how much of the plan
		c.role = roleIndex
		return c
	}
	c.yesno = hasPrefix(r, "是否")
	var rest []rune
	for i := 0; i < len(r); {
		if b := monthsAt(r, i); b > i { // 1-10月
			i = b
			continue
		}
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

// monthsAt returns where the name of months ends that begins at r[i] (1-10月), i if there is none.
func monthsAt(r []rune, i int) int {
	b := i
	for b < len(r) && (isDigit(r[b]) || b > i && oneOf(r[b], "-—–～~至月")) {
		b++
	}
	if b > i+1 && r[b-1] == '月' {
		return b
	}
	return i
}

// anyMeasure reports whether what is left of a head names no measure of its own.
func anyMeasure(s string) bool {
	switch s {
	case "总量", "数值", "数量", "指标值", "指标", "数据", "规模", "情况", "工作", "主要", "具体", "建设", "总体", "绩效", "考核":
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
	if !slices.ContainsFunc(r, unicode.IsLetter) { // **, ！
		return "", "", predNone
	}
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
