package extract

// The figure of a cell, and where its unit stands.

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
