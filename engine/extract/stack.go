package extract

// Stacked tables: each cell in a line of its own, as web pages and PDF files give them when they are copied. The lines of the head
// come again as a period: 序号⏎项目⏎责任单位⏎1⏎老旧小区改造⏎住建局⏎2⏎….

// Limits of a stacked table, in columns and in characters.
const (
	maxColumns = 14
	maxHeadRun = 16  // of a cell of the head
	maxCellRun = 600 // of a cell that tells what is to be done
	maxNameRun = 60  // of another cell of words
)

// stack puts the lines of each stacked table together into rows, whose cells it notes; other lines stay as they are.
func stack(src []rune, ls []line) []line {
	var out []line // nil as long as nothing was put together
	for i := 0; i < len(ls); {
		rows, used := stackAt(src, ls, i)
		if used > 0 && out == nil {
			out = append(make([]line, 0, len(ls)), ls[:i]...)
		}
		if used == 0 {
			if out != nil {
				out = append(out, ls[i])
			}
			i++
			continue
		}
		out = append(out, rows...)
		i += used
	}
	if out == nil {
		return ls
	}
	return out
}

// stackAt returns the rows of the stacked table whose head begins with line i, and how many lines they are; used is 0 if none does.
func stackAt(src []rune, ls []line, i int) (rows []line, used int) {
	first := cellText(src, span{ls[i].a, ls[i].b})
	if len(first) > maxHeadRun {
		return nil, 0
	}
	if k, _ := headRoles.at(first, 0); k == 0 || readHead(first).role == roleFigure {
		return nil, 0
	}
	heads := 1
	for heads < maxColumns && i+heads < len(ls) && headCell(src, ls[i+heads]) {
		heads++
	}
	if readHead(first).role == roleIndex { // 序号: the rows are numbered
		return newStack(src, ls, i, heads).numbered()
	}
	for k := 3; k <= heads; k++ {
		if r, n := newStack(src, ls, i, k).periodic(); n > used {
			rows, used = r, n
		}
	}
	return rows, used
}

// headCell reports whether a line may be a cell of a head: a few words, no sentence, no figure and no number of a point.
func headCell(src []rune, l line) bool {
	r := cellText(src, span{l.a, l.b})
	if len(r) > maxHeadRun || holds(r, "。，；！？") || serial(r) > 0 {
		return false
	}
	level, _ := numbering(r)
	return level == 0 && (!isFigure(r) || yearCell(r) > 0)
}

// stacked is a stacked table as it is read: its lines, its head, and the kinds of its columns.
type stacked struct {
	src     []rune
	ls      []line
	at      int // where the head begins in ls
	body    int // where the rows begin
	head    []span
	columns []column
}

func newStack(src []rune, ls []line, at, k int) *stacked {
	t := &stacked{src: src, ls: ls, at: at, body: at + k}
	for _, l := range ls[at:t.body] {
		if n := len(t.head); n > 0 && oneOf(src[l.a], "（(") { // the unit in a line of its own: 总投资⏎（万元）
			t.head[n-1].b = l.b
			continue
		}
		t.head = append(t.head, span{l.a, l.b})
	}
	text := make([][]rune, len(t.head))
	for j, c := range t.head {
		text[j] = cellText(src, c)
	}
	t.columns = heads(text)
	return t
}

// speak reports whether at least two columns of a head say what they are for.
func speak(columns []column) bool {
	n := 0
	for _, c := range columns {
		if c.role != roleFigure || c.typed() || c.aim != 0 {
			n++
		}
	}
	return n > 1
}

// numbered reads the rows of a table whose first column counts them, so that empty cells, which leave no line, are made up for.
func (t *stacked) numbered() (rows []line, used int) {
	k := len(t.columns)
	if k < 2 || !speak(t.columns) {
		return nil, 0
	}
	j := t.body
	rows = append(rows, line{a: t.ls[t.at].a, b: t.ls[j-1].b, cells: t.head})
	for next := max(1, t.serial(j)); j < len(t.ls); next++ {
		if t.serial(j) != next && t.serial(j+1) == next { // the name of a group of rows
			rows = append(rows, t.row(j, j+1))
			j++
		}
		if t.serial(j) != next {
			break
		}
		cells, n := t.cells(j, next+1)
		if n == 0 {
			break
		}
		l := t.row(j, j+n)
		if l.cells = cells; cells == nil {
			l.cells, l.loose = t.row(j, j+n).cells, true
		}
		rows = append(rows, l)
		j += n
	}
	if len(rows) < 2 {
		return nil, 0
	}
	return rows, j - t.at
}

// cells fits the lines from j on to the columns: as many as there are before the row numbered next, or up to a full row if none
// follows. n is 0 if no row can be told; the cells are nil if it is not certain which of them are empty.
func (t *stacked) cells(j, next int) (cells []span, n int) {
	k := len(t.columns)
	if t.serial(j+k) == next && t.fits(j, k) {
		return t.row(j, j+k).cells, k
	}
	for e := j + 2; e <= j+3*k && e < len(t.ls); e++ {
		if t.serial(e) != next && (t.serial(e+1) != next || !t.groups(e)) {
			continue
		}
		if cells := t.align(j, e-j); cells != nil {
			return cells, e - j
		}
		if n == 0 { // the first one, unless a later one fits
			n = e - j
		}
	}
	if n > 0 {
		return nil, n
	}
	for n := min(k, len(t.ls)-j); n > 1; n-- { // the last row
		if t.closes(j, n) {
			if n == k && t.fits(j, k) {
				return t.row(j, j+k).cells, n
			}
			if cells := t.align(j, n); cells != nil {
				return cells, n
			}
		}
	}
	return nil, 0
}

// groups reports whether a line names a group of rows: 一、民生实事.
func (t *stacked) groups(e int) bool {
	level, _ := numbering(t.text(e))
	return level == 1 || level == 2
}

// closes reports whether n lines from j on can be the last row: no heading and no note among them.
func (t *stacked) closes(j, n int) bool {
	for e := j + 1; e < j+n; e++ {
		r := t.text(e)
		level, _ := numbering(r)
		if level == 1 || level == 2 || hasPrefix(r, "注：") || hasPrefix(r, "注:") || hasPrefix(r, "附件") {
			return false
		}
	}
	return true
}

// periodic reads the rows of a table without numbers: as long as each has a line for every column.
func (t *stacked) periodic() (rows []line, used int) {
	k := len(t.columns)
	if k == 0 || !speak(t.columns) {
		return nil, 0
	}
	label, anchors := labelColumn(t.columns), 0
	j := t.body
	rows = append(rows, line{a: t.ls[t.at].a, b: t.ls[j-1].b, cells: t.head})
	for ; j+k <= len(t.ls) && t.fits(j, k); j += k {
		name := t.text(j + label)
		if n, _, _ := rowName(name); n == "" && yearCell(name) == 0 || readHead(name).role != roleFigure {
			break
		}
		for c := range t.columns {
			if t.columns[c].typed() && !dash(t.text(j+c)) {
				anchors++
			}
		}
		rows = append(rows, t.row(j, j+k))
	}
	if len(rows) < 3 || anchors < len(rows)-1 {
		return nil, 0
	}
	return rows, j - t.at
}

// fits reports whether each of k lines is what its column holds.
func (t *stacked) fits(j, k int) bool {
	if j+k > len(t.ls) {
		return false
	}
	for c := range t.columns {
		if !t.columns[c].takes(t.text(j + c)) {
			return false
		}
	}
	return true
}

// row returns lines a to b as one row.
func (t *stacked) row(a, b int) line {
	l := line{cells: make([]span, 0, len(t.columns))}
	for _, c := range t.ls[a:b] {
		l.cells = append(l.cells, span{c.a, c.b})
	}
	if b > a {
		l.a, l.b = t.ls[a].a, t.ls[b-1].b
	}
	return l
}

func (t *stacked) text(e int) []rune { return cellText(t.src, span{t.ls[e].a, t.ls[e].b}) }

// serial returns the number of a row that line e is, 0 if it is none.
func (t *stacked) serial(e int) int {
	if e >= len(t.ls) {
		return 0
	}
	return serial(t.text(e))
}

// serial reads the number of a row: 1, 01, 12., （3）.
func serial(r []rune) int {
	for len(r) > 0 && oneOf(r[0], "（(") {
		r = r[1:]
	}
	for len(r) > 0 && oneOf(r[len(r)-1], ".．、)）") {
		r = r[:len(r)-1]
	}
	if len(r) == 0 || len(r) > 3 {
		return 0
	}
	n := 0
	for _, c := range r {
		if !isDigit(c) {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}
