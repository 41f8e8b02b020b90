package extract

// Which lines of a stacked table belong to which of its columns.

// align spreads n lines over the columns in their order, in the way in which the least is missing that hardly ever is; nil if there
// is none, or if two ways are as good.
func (t *stacked) align(j, n int) []span {
	k := len(t.columns)
	if n > k {
		return t.gather(j, n)
	}
	before := make([]int, k+1) // before[c] is what it costs that the columns left of c are missing
	for c := range k {
		before[c+1] = before[c] + t.missing(c)
	}
	// ways[e][c] is the best way in which line e stands in column c.
	ways := make([][]way, n)
	for e := range ways {
		ways[e] = make([]way, k)
		for c := e; c < k; c++ {
			r := t.text(j + e)
			if !t.columns[c].takes(r) || e == 0 && c > 0 {
				continue
			}
			w := way{count: 1}
			if e > 0 {
				w = t.reach(ways[e-1], before, c)
			}
			w.cost += t.columns[c].unlike(r)
			ways[e][c] = w
		}
	}
	best := way{}
	for c, w := range ways[n-1] {
		w.from, w.cost = c, w.cost+before[k]-before[c+1]
		best = best.or(w)
	}
	if best.count != 1 {
		return nil
	}
	out := make([]span, k)
	for e, c := n-1, best.from; e >= 0; e-- {
		out[c] = span{t.ls[j+e].a, t.ls[j+e].b}
		c = ways[e][c].from
	}
	return out
}

// way is how lines stand in columns: what it costs, how many ways cost as little, and the column of the line before.
type way struct{ cost, count, from int }

// or returns the better of two ways.
func (w way) or(v way) way {
	switch {
	case v.count == 0 || w.count > 0 && w.cost < v.cost:
		return w
	case w.count == 0 || v.cost < w.cost:
		return v
	}
	w.count += v.count
	return w
}

// reach returns the best way to column c from those that the line before stands in.
func (t *stacked) reach(last []way, before []int, c int) way {
	best := way{}
	for b, w := range last[:c] {
		if w.count == 0 || b < c-1 && t.columns[c].changes() && t.columns[c-1].typed() && !t.columns[c-1].changes() { // no change without its level
			continue
		}
		w.from, w.cost = b, w.cost+before[c]-before[b+1]
		best = best.or(w)
	}
	return best
}

// missing is what it costs that column c has no cell: little for remarks at the end, and for a name that several rows share.
func (t *stacked) missing(c int) int {
	for e := c; t.columns[e].role == roleNone; e++ {
		if e == len(t.columns)-1 {
			return 1
		}
	}
	if r := t.columns[c].role; c == 1 && len(t.columns) > 3 && (r == roleLabel || r == roleWords) {
		return 2
	}
	return 5
}

// unlike is what it costs that a column of what is to be done holds a few words that are nothing of the kind.
func (c *column) unlike(r []rune) int {
	if (c.role == roleWords || c.aim != 0) && !c.typed() && len(r) <= 6 && !holds(r, "0123456789。成完") {
		return 4
	}
	return 0
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
	case c.yesno:
		return len(r) <= 2
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
