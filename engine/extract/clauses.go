package extract

// clauses cuts r[s.a:s.b) at commas, semicolons and colons; brackets that hold digits are a clause of their own.
func clauses(r []rune, s span) []span {
	var out []span
	a := s.a
	cut := func(b, next int) {
		if b > a {
			out = append(out, span{a, b})
		}
		a = next
	}
	inner := -1 // where an open bracket with digits ends
	depth := 0
	for i := s.a; i < s.b; i++ {
		if i-a >= maxClause && (r[i] == '、' || i-a >= 2*maxClause) {
			cut(i, i)
			depth = 0
		}
		switch r[i] {
		case '“', '《':
			if closes(r, i, s.b) {
				depth++
			}
		case '”', '》':
			depth = max(0, depth-1)
		case '（':
			if e := bracketEnd(r, i, s.b); inner < 0 && e > 0 && countsSomething(r[i+1:e]) {
				cut(i, i+1)
				inner = e
			} else if inner < 0 && e > 0 && e-i < 24 { // （预计，下同） is no clause
				i = e
			}
		case '）':
			if i == inner {
				cut(i, i+1)
				inner = -1
			}
		case '，', '；', '。', '！', '？', '…':
			if depth == 0 || r[i] == '。' || r[i] == '；' {
				cut(i, i+1)
			}
		case '、':
			if k, _ := predicates.at(r[:s.b], i+6); depth == 0 && i > a+6 && k > 0 && yearAt(r[:s.b], i+1) > 0 { // 2025年达到4400公里、|2035年达到5700公里
				cut(i, i+1)
			}
		case '：':
			if i > s.a && i+1 < s.b && isDigit(r[i-1]) && isDigit(r[i+1]) {
				continue
			}
			if depth == 0 {
				cut(i, i+1)
			}
		case '—':
			if i+1 < s.b && r[i+1] == '—' && depth == 0 {
				cut(i, i+2)
				i++
			}
		}
	}
	cut(s.b, s.b)
	return out
}

// closes reports whether the quotation or title that opens at r[i] ends in this sentence: a copy may have lost the mark.
func closes(r []rune, i, end int) bool {
	mark := '”'
	if r[i] == '《' {
		mark = '》'
	}
	for j := i + 1; j < end && j < i+120; j++ {
		if r[j] == mark {
			return true
		}
	}
	return false
}

func bracketEnd(r []rune, i, end int) int {
	for j := i + 1; j < end && j < i+80; j++ {
		if r[j] == '）' {
			return j
		}
	}
	return -1
}

// countsSomething reports whether the words in a bracket hold a number with a unit.
func countsSomething(r []rune) bool {
	for i := 0; i < len(r); i++ {
		if !isDigit(r[i]) {
			continue
		}
		l, ok := scanLiteral(r, i)
		if !ok {
			continue
		}
		if k, dim := units.at(r, l.b); k > 0 && dim != dimRank && dim != dimVoltage && dim != dimTime && l.b+k >= len(r)-2 && i > 1 {
			return true
		}
		i = l.b
	}
	return false
}

// frame is a number in its clause: what stands around it.
type frame struct {
	n     *number
	left  int // where its own text begins: the clause, or the end of the number before
	side  side
	rest  int  // end of the text that holds the subject
	joins bool // goes on with the list of the frame before
}

// frames sets up the numbers of a clause that may be items, and drops the ones that only delimit.
func frames(r []rune, c span, ns []number) []frame {
	var out []frame
	left := c.a
	for i := range ns {
		n := &ns[i]
		if n.drop != "" {
			if i := index(r[n.qb:min(c.b, n.qb+10)], "台阶、"); i >= 0 { // 跨过3个万亿元台阶、|年均增长5%
				left = n.qb + i + 2
			}
			continue
		}
		side, rest := peel(r, left, n.a)
		n.pre = side.bound
		if comparedBase(r, left, side.boundAt) {
			n.drop = "what is compared with"
			continue
		}
		if asGuide(r, c, n.a) {
			n.drop = "background"
			continue
		}
		if n.inName(r, c) {
			n.drop = "project name"
			if k := len(out) - 1; k >= 0 && out[k].n.unit == n.unit && r[out[k].n.qb] == '、' && out[k].side.pred == predNone && out[k].side.bound == boundNone { // 甲2万千瓦、乙20万千瓦风电并网
				out[k].n.drop = n.drop
				out = out[:k]
			}
			continue
		}
		if n.threshold(r, c, laterNumber(ns[i+1:])) {
			n.drop = "threshold"
			continue
		}
		n.qa = side.boundAt
		n.least = side.bound == boundNone && side.pred == predNone && atLeast(r, left, rest)
		f := frame{n: n, left: left, side: side, rest: rest}
		if len(out) > 0 {
			f.joins = joinsList(r, out[len(out)-1].n, n)
		}
		out = append(out, f)
		left = n.qb
	}
	return out
}

// atLeast reports whether 至少 and a verb stand right before b: 至少建成|1家.
func atLeast(r []rune, a, b int) bool {
	for i := b - 1; i >= a && i > b-8; i-- {
		if reads(r[:b], i, "至少") {
			at := i + 2
			for at < b {
				k, _ := verbs.at(r[:b], at)
				if k == 0 {
					break
				}
				at += k
			}
			return at == b && b > i+2
		}
	}
	return false
}

// comparedBase reports whether an amount is only the base of a comparison: 比2005年的30亿元翻了一番.
func comparedBase(r []rune, a, b int) bool {
	i := ofPeriod(r, a, b)
	return i < b && i > a && oneOf(r[i-1], "比较")
}

// asGuide reports whether the number at i stands in a phrase of background: 以省上12个规划为指导.
func asGuide(r []rune, c span, i int) bool {
	a := c.a
	for a < i && oneOf(r[a], "要并且和") {
		a++
	}
	if r[a] != '以' || reads(r, a, "以上") {
		return false
	}
	for j := i; j < c.b; j++ {
		if r[j] == '为' && c.b-j <= 8 && c.b-j > 1 && !isDigit(r[j+1]) {
			return true
		}
	}
	return false
}

func laterNumber(ns []number) bool {
	for _, n := range ns {
		if n.drop == "" && n.dim != dimRate {
			return true
		}
	}
	return false
}

// joinsList reports whether nothing but a separator stands between two numbers.
func joinsList(r []rune, prev, n *number) bool {
	if prev.dim == dimRate && n.dim != dimRate { // 增长6%左右、突破2.6万亿元
		return false
	}
	gap := r[prev.qb:n.qa]
	k := trimPer(gap, 0, len(gap))
	return listGap(gap[:k])
}
