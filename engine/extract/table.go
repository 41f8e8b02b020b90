package extract

import "strconv"

// Tables: what the head of a column, the name of a row and the line above a table say of a cell that holds nothing but a figure.

// cell is a cell that holds nothing but a figure, or words under a head that promises or tells what was reached, in the code points of the report.
type cell struct {
	span
	subject string
	unit    string   // that the head, the row or the line above gives; the cell may have its own
	pred    predKind // predGrow below 增长, predFall below 下降
	year    int      // that the head names, 0 if it names none
	words   bool     // it holds words
	paired  bool     // its table has a column of aims and one of what became of them, without years
	aim     int      // 1 for what is promised, -1 for what was reached, 0 if the head does not tell
}

// row is what a table says of one of its rows.
type row struct {
	cells []cell // that are figures, or words whose column says on which side of now they stand
	head  bool   // it says what the columns are for, and states nothing itself
	about string // what it is about, for a cell that tells an event and not of what
	due   int    // the year by which it is to be done, 0 if no column tells
}

// tables reads the runs of rows in ls, by the index of each row. What a row has no figures in may be missing.
func tables(src []rune, ls []line) map[int]*row {
	var out map[int]*row
	for i := 0; i < len(ls); {
		n := i
		for n < len(ls) && ls[n].isRow(src) {
			n++
		}
		if n-i > 1 {
			for k, r := range tableOf(src, ls[i:n], unitsAbove(src, ls, i)) {
				if out == nil {
					out = map[int]*row{}
				}
				out[i+k] = r
			}
		}
		i = max(n, i+1)
	}
	return out
}

// tableOf reads the rows of one table. Its first row must be a head: words only, as many cells as the rows have.
func tableOf(src []rune, ls []line, above []string) map[int]*row {
	columns, body := headRows(src, ls)
	if columns == nil {
		return nil
	}
	label, read, pair := labelColumn(columns), speak(columns), paired(columns)
	out := map[int]*row{}
	for i := range body {
		out[i] = &row{head: true}
	}
	for i := body; i < len(ls); i++ {
		cells := cellsOf(src, ls[i])
		if next := headRow(src, ls[i]); next != nil && hasRole(next) { // another table right below
			columns, label, pair = next, labelColumn(next), paired(next)
			out[i] = &row{head: true}
			continue
		}
		if len(cells) <= label || len(cells) > len(columns) || ls[i].loose {
			continue
		}
		if r := rowOf(src, cells, columns, label, above); r != nil {
			for k := range r.cells {
				r.cells[k].paired = pair
			}
			out[i], read = r, true
		}
	}
	if !read { // no table of figures
		return nil
	}
	return out
}

// paired reports whether a table has a column of aims and one of what became of them, and no year in either.
func paired(columns []column) bool {
	aims, reached := false, false
	for _, c := range columns {
		aims, reached = aims || c.aim > 0 && c.year == 0, reached || c.aim < 0 && c.year == 0
	}
	return aims && reached
}

// rowOf reads a row, nil if its columns say nothing of it. An aim far below the level that was reached is in doubt: it may be a rate.
func rowOf(src []rune, cells []span, columns []column, label int, above []string) *row {
	out := &row{}
	level, of := 0.0, ""
	for k, c := range cells {
		h := columns[k]
		if h.role == roleTime {
			out.due = max(out.due, lastYear(cellText(src, c)))
		}
		if out.about == "" && (h.role == roleLabel || k == label && h.role == roleFigure) {
			out.about = workOfRow(cellText(src, c))
		}
		f, ok := figureCell(src, cells, k, columns, label, above)
		if !ok || k == label {
			if h.aim != 0 && h.measure == "" && !c.empty() && k != label && speak(columns) {
				out.cells = append(out.cells, cell{span: c, aim: h.aim, year: h.year, words: true})
			}
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
		out.cells = append(out.cells, f)
	}
	if len(out.cells) == 0 && out.about == "" && out.due == 0 {
		return nil
	}
	return out
}

// cellsOf returns the cells of a row, trimmed, with the empty ones: those before the first word count too.
func cellsOf(src []rune, l line) []span {
	if l.cells != nil {
		return l.cells
	}
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

// figure returns the cell in which the clause c begins, nil if none does.
func (p *paragraph) figure(c span) *cell {
	if p.row == nil || c.empty() {
		return nil
	}
	at := int(p.at[c.a])
	for i := range p.row.cells {
		if f := &p.row.cells[i]; at >= f.a && at < f.b {
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
	if title := []rune(doc.title); f.paired && f.aim != 0 && (f.words || ofReached(title)) { // both of one year: that of the title
		if y = doc.plan; ofReached(title) {
			y = doc.review
		}
		if f.aim > 0 {
			return moment{Commitment, y}, true
		}
		return moment{Achievement, y}, true
	}
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
