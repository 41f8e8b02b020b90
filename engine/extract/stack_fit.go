package extract

// Which lines of a stacked table belong to which of its columns.

// align spreads n lines over the columns in their order, nil if there is more than one way that fits, or none.
func (t *stacked) align(j, n int) []span {
	k := len(t.columns)
	if n > k {
		return t.gather(j, n)
	}
	// ways[c] counts in how many ways the lines read so far end in column c.
	ways := make([][]int, n)
	for e := range ways {
		ways[e] = make([]int, k)
		for c := e; c < k; c++ {
			if !t.columns[c].takes(t.text(j + e)) {
				continue
			}
			if e == 0 {
				ways[e][c] = boolInt(c == 0)
				continue
			}
			for b := e - 1; b < c; b++ {
				if b < c-1 && t.columns[c].changes() && t.columns[c-1].typed() && !t.columns[c-1].changes() { // no change without its level
					continue
				}
				ways[e][c] = min(2, ways[e][c]+ways[e-1][b])
			}
		}
	}
	sum, end := 0, k
	for _, w := range ways[n-1] {
		sum += w
	}
	if sum > 1 && ways[n-1][n-1] > 0 && remarks(t.columns[n:]) { // what is left out are the remarks at the end
		sum, end = 1, n
	}
	if sum != 1 {
		return nil
	}
	out := make([]span, k)
	for e := n - 1; e >= 0; e-- {
		for c := end - 1; c >= 0; c-- {
			if ways[e][c] > 0 {
				out[c], end = span{t.ls[j+e].a, t.ls[j+e].b}, c
				break
			}
		}
	}
	return out
}

// remarks reports whether columns hold nothing that would be missed.
func remarks(columns []column) bool {
	for _, c := range columns {
		if c.role != roleNone {
			return false
		}
	}
	return true
}

// gather spreads more lines than there are columns: one column that tells what is to be done holds several, best those that
// are points or end as sentences.
func (t *stacked) gather(j, n int) []span {
	k, best, least := len(t.columns), -1, 0
	for c := range t.columns {
		if t.columns[c].role != roleWords && t.columns[c].aim == 0 {
			continue
		}
		fits := true
		for e := 0; e < k && fits; e++ {
			at := j + e
			if e > c {
				at += n - k
			}
			fits = e == c || t.columns[e].takes(t.text(at))
		}
		if !fits {
			continue
		}
		breaks := 0
		for e := j + c; e < j+c+n-k; e++ {
			if level, _ := numbering(t.text(e + 1)); level == 0 {
				breaks++
			}
			if !oneOf(t.src[t.ls[e].b-1], "。；;") {
				breaks++
			}
		}
		if best < 0 || breaks < least {
			best, least = c, breaks
		}
	}
	if best < 0 {
		return nil
	}
	last := j + best + n - k
	out := append(t.row(j, j+best).cells, span{t.ls[j+best].a, t.ls[last].b})
	return append(out, t.row(last+1, j+n).cells...)
}

// typed reports whether a column holds units or figures and no words.
func (c *column) typed() bool {
	return c.role == roleUnit || c.role == roleFigure && (c.unit != "" || c.pred != predNone || c.suffix != "" || c.year > 0 && c.aim == 0)
}

// changes reports whether a column tells by how much the one to its left has changed.
func (c *column) changes() bool { return c.pred != predNone || c.suffix != "" }

// takes reports whether the words of a cell are what the column holds.
func (c *column) takes(r []rune) bool {
	switch {
	case dash(r):
		return c.role != roleLabel
	case c.role == roleUnit:
		return unitIn(r) != "" && !isFigure(r)
	case c.typed():
		return isFigure(r)
	case c.role == roleLabel:
		return len(r) <= maxNameRun && !isFigure(r) || yearCell(r) > 0
	case c.role == roleNone && isFigure(r):
		return false
	case c.role == roleTime:
		return len(r) <= maxNameRun && holds(r, "年月底前季期")
	case c.role == roleWords || c.aim != 0:
		return len(r) <= maxCellRun
	}
	return len(r) <= maxNameRun
}

// dash reports whether a cell says that it is empty.
func dash(r []rune) bool {
	for _, c := range r {
		if !oneOf(c, "-—–－/") {
			return false
		}
	}
	return len(r) > 0 && len(r) < 4
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
