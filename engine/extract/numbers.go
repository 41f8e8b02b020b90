package extract

// number is a numeral of a sentence with its unit, in the runes of the paragraph.
type number struct {
	a, b    int // numeral with 余/多 and unit
	qa, qb  int // the quotation: with the words that bound it
	value   Decimal
	max     Decimal
	unit    string
	dim     int
	more    bool   // 余, 多
	least   bool   // 至少 stands before the verb
	bare    bool   // no unit in the text
	doubled bool   // 翻番 without a numeral: grows by one doubling
	word    bool   // a magnitude word without digits: 百亿
	drop    string // why it is no item; empty for an item
	pre     boundKind
	post    boundKind
	item    bool // has become a statement
}

// literal is a numeral without unit: digits with point and thousands, and the power of ten behind them.
type literal struct {
	a, b   int
	digits string
	power  int
	more   bool
}

// numbers finds every numeral of r[s.a:s.b), with or without unit, in order of place.
func numbers(r []rune, s span) []number {
	var out []number
	for i := s.a; i < s.b; {
		c := r[i]
		var n number
		var ok bool
		switch {
		case isDigit(c):
			n, ok = digitNumber(r[:s.b], i)
		case c == '翻' && i+1 < s.b && r[i+1] == '番': // 实现翻番
			n, ok = number{a: i, b: i + 2, qa: i, qb: i + 2, value: "1", unit: "番", dim: dimTimes, doubled: true}, true
		case c == '百' && reads(r[:s.b], i, "百分之"):
			n, ok = wordPercent(r[:s.b], i)
		case c == '百' || c == '千' || c == '万' || c == '亿' || c == '十' || c == '上':
			if n, ok = spelledNumber(r[:s.b], i); !ok {
				n, ok = magnitudeWord(r[:s.b], i)
			}
		case chineseDigit(c):
			if n, ok = wordNumber(r[:s.b], i); !ok {
				n, ok = spelledNumber(r[:s.b], i)
			}
		}
		if !ok {
			for i++; isDigit(c) && i < s.b && isDigit(r[i]); { // no figure has so many digits
				i++
			}
			continue
		}
		out = append(out, n)
		i = max(n.b, i+1)
	}
	borrowUnits(r, out)
	return out
}

// scanLiteral reads digits at i: 1,234.5万, 30多万, 8000余.
func scanLiteral(r []rune, i int) (literal, bool) {
	l := literal{a: i}
	j := i
	point := false
	var digits []rune
	for j < len(r) && j < i+64 {
		c := r[j]
		if isDigit(c) {
			digits = append(digits, c)
		} else if c == '.' && !point && j+1 < len(r) && isDigit(r[j+1]) {
			point = true
			digits = append(digits, c)
		} else if !(c == ',' && !point) {
			break
		}
		j++
	}
	for j > i && r[j-1] == ',' {
		j--
	}
	if len(digits) == 0 || len(digits) > 24 {
		return l, false
	}
	l.digits = string(digits)
	l.b = j
	for k := -1; k != l.b; { // 30多万, 4万多亿
		k = l.b
		l.scanMore(r)
		l.scanPower(r)
	}
	l.scanLower(r)
	return l, true
}

// scanMore reads 余, 多, 来 where a magnitude or a unit follows.
func (l *literal) scanMore(r []rune) {
	if l.b < len(r) && oneOf(r[l.b], "余多来") && !l.more {
		if n, _ := units.at(r, l.b+1); n > 0 || l.b+1 < len(r) && oneOf(r[l.b+1], "十百千万亿") || l.power > 0 && (l.b+1 == len(r) || !isHan(r[l.b+1])) {
			l.more = true
			l.b++
		}
	}
}

func (l *literal) scanPower(r []rune) {
	for l.b < len(r) {
		switch r[l.b] {
		case '万':
			l.power += 4
		case '亿':
			l.power += 8
		case '百', '千':
			next := l.b + 1
			if next+1 < len(r) && oneOf(r[next], "余多") && !l.more && (unitFollows(r, next+1) || oneOf(r[next+1], "万亿")) { // 8千余户, 1千余万元
				next++
			}
			if next < len(r) && oneOf(r[next], "万亿") {
				if l.power += 2; r[l.b] == '千' {
					l.power++
				}
			} else if n, dim := units.at(r, next); n > 0 && (dim != dimSize || !unitFollows(r, l.b)) && dim != dimRank {
				if l.power += 2; r[l.b] == '千' {
					l.power++
				}
			} else {
				return
			}
		default:
			return
		}
		l.b++
	}
}

// scanLower adds the lower part of a figure that is written in two: 2万5千公里, 3亿5000万元.
func (l *literal) scanLower(r []rune) {
	if l.power < 4 || l.more || l.b >= len(r) || !isDigit(r[l.b]) || !wholeNumber(l.digits) {
		return
	}
	low, ok := scanLiteral(r, l.b)
	room := l.power - low.power - len(low.digits)
	if !ok || room < 0 || !wholeNumber(low.digits) || low.power == 0 && room > 0 {
		return
	}
	for ; room > 0; room-- {
		l.digits += "0"
	}
	l.digits, l.power, l.more, l.b = l.digits+low.digits, low.power, low.more, low.b
}

func wholeNumber(digits string) bool {
	for _, c := range digits {
		if c == '.' {
			return false
		}
	}
	return len(digits) < 12
}

func (l literal) value() Decimal { return shift(l.digits, l.power) }

func digitNumber(r []rune, i int) (number, bool) {
	l, ok := scanLiteral(r, i)
	if !ok {
		return number{}, false
	}
	n := number{a: i, b: l.b, more: l.more, value: l.value()}
	if part, ok := slashed(r, i, l); ok {
		return part, true
	}
	if l.power > 0 && bandwidth(r, l.b) { // 1.7万G
		n.unit, n.dim = string(r[l.b]), dimSize
		n.b++
		n.qa, n.qb = n.a, n.b
		return n, true
	}
	if drop := codeDrop(r, i, l.b); drop != "" {
		n.drop = drop
		n.b = codeEnd(r, l.b)
		return n, true
	}
	if hi, ok := rangeEnd(r, l); ok {
		low := l
		if l.power == 0 && hi.power > 0 && !unitFollows(r, l.b) {
			low.power = hi.power
		}
		n.value, n.max, n.b, n.more = low.value(), hi.value(), hi.b, hi.more
	}
	n.readUnit(r)
	return n, true
}

// bandwidth reports whether the letter of a unit of bandwidth stands alone at i: 出省带宽1.7万|G. Without 万 it is a name: 5G.
func bandwidth(r []rune, i int) bool {
	return i < len(r) && oneOf(r[i], "GT") && (i+1 == len(r) || !isASCIIWord(r[i+1]))
}

func unitFollows(r []rune, i int) bool {
	n, _ := units.at(r, i)
	return n > 0
}

// readUnit reads the unit behind the numeral; without one the number is bare.
func (n *number) readUnit(r []rune) {
	u, dim := units.at(r, n.b)
	if k := moreOfTime(r, n.b); k > 0 { // 5个多月
		n.unit, n.dim, n.more = string(r[n.b])+string(r[n.b+2:n.b+k]), dimTime, true
		n.b += k
		if plain, ok := plainUnits[n.unit]; ok {
			n.unit = plain
		}
		n.qa, n.qb = n.a, n.b
		return
	}
	if w, _ := notUnits.at(r, n.b); w > u && !(reads(r, n.b, "名城") && n.b+2 < len(r) && oneOf(r[n.b+2], "乡镇市区")) { // 20名|城乡妇女
		u = 0
	}
	if u == 0 {
		n.bare = true
		n.qa, n.qb = n.a, n.b
		return
	}
	n.unit, n.dim = string(r[n.b:n.b+u]), dim
	n.b += u
	for n.b+1 < len(r) && oneOf(r[n.b], "/每") { // 克/千克, 吨/日, 微克每立方米
		k, _ := units.at(r, n.b+1)
		if k == 0 {
			break
		}
		n.unit += string(r[n.b : n.b+1+k])
		n.b += 1 + k
	}
	if n.dim == dimCount && n.b < len(r) && r[n.b] == '（' { // 个（套）, 条（段）
		if e := index(r[n.b:min(len(r), n.b+5)], "）"); e > 0 && e <= 2 {
			n.b += e + 1
		}
	}
	if n.b < len(r) && oneOf(r[n.b], "余多") && (n.b+1 == len(r) || !isHan(r[n.b+1])) { // 1倍多
		n.more = true
		n.b++
	}
	if n.dim != dimRank && n.b < len(r) && r[n.b] == '级' && !reads(r, n.b, "级别") && !reads(r, n.b, "级以上") { // 150座级客机, 20万千瓦级电站
		n.drop = "class"
		n.b++
	}
	if plain, ok := plainUnits[n.unit]; ok {
		n.unit = plain
	}
	n.qa, n.qb = n.a, n.b
}

// moreOfTime returns the length of a unit of time that 多 stands inside of: 个多月, 个多小时; 0 if there is none.
func moreOfTime(r []rune, i int) int {
	if i+2 >= len(r) || r[i] != '个' || !oneOf(r[i+1], "多余") {
		return 0
	}
	for _, w := range []string{"月", "小时", "工作日", "季度"} {
		if reads(r, i+2, w) {
			return 2 + len([]rune(w))
		}
	}
	return 0
}

// rangeEnd reads the upper end of a range behind l: 3-5年, 5－6亿元, 5%—6%, 3至5个, 500万到1000万元.
func rangeEnd(r []rune, l literal) (literal, bool) {
	i := l.b
	unit, _ := units.at(r, i)
	if unit > 0 {
		i += unit
	}
	if i >= len(r) {
		return literal{}, false
	}
	dash := 0
	for i+dash < len(r) && oneOf(r[i+dash], "-—–－~～─") {
		dash++
	}
	if dash == 0 && oneOf(r[i], "至到") {
		dash = 1
	}
	if dash == 0 || i+dash >= len(r) || !isDigit(r[i+dash]) {
		return literal{}, false
	}
	hi, ok := scanLiteral(r, i+dash)
	if !ok {
		return literal{}, false
	}
	n, dim := units.at(r, hi.b)
	if n == 0 && hi.power == 0 || dim == dimRank {
		return literal{}, false
	}
	if unit > 0 && string(r[l.b:l.b+unit]) != string(r[hi.b:hi.b+n]) {
		return literal{}, false
	}
	return hi, true
}

// borrowUnits gives bare numbers of a list the unit of the next one: 1.2和0.8个百分点.
func borrowUnits(r []rune, ns []number) {
	for k := len(ns) - 2; k >= 0; k-- {
		n, next := &ns[k], &ns[k+1]
		if n.unit == "个" && n.drop == "" && next.drop == "" && next.dim == dimRate && listGap(r[n.b:next.a]) { // 0.7个、1.1个百分点
			n.unit, n.dim = next.unit, next.dim
			continue
		}
		if n.word && n.drop == "" && n.unit == "元" && r[n.b-1] != '元' && next.drop == "" && !next.bare && next.dim == dimSize && next.a-n.b < 5 && r[n.b] == '、' { // 装机破亿、达到1.35亿千瓦
			n.unit, n.dim = next.unit, next.dim
			continue
		}
		if !n.bare || n.drop != "" || next.bare || next.drop != "" {
			continue
		}
		gap := r[n.b:next.a]
		if len(gap) == 0 || len(gap) > 2 || !listGap(gap) {
			continue
		}
		n.unit, n.dim, n.bare = next.unit, next.dim, false
		if n.value == shift(string(n.value), 0) && next.power10(r) > 0 && !hasMagnitude(r, *n) {
			n.value = shift(string(n.value), next.power10(r))
		}
	}
}

func listGap(gap []rune) bool {
	s := string(gap)
	return s == "、" || s == "和" || s == "与" || s == "及" || s == "，" || s == "以及" || s == "或"
}

// power10 returns the power of ten that 万 and 亿 in the numeral stand for.
func (n number) power10(r []rune) int {
	l, ok := scanLiteral(r, n.a)
	if !ok {
		return 0
	}
	if n.max != "" && l.power == 0 { // 50—60万
		if hi, ok := rangeEnd(r, l); ok {
			return hi.power
		}
	}
	return l.power
}

func hasMagnitude(r []rune, n number) bool { return n.power10(r) > 0 }

func isHan(c rune) bool { return c >= 0x3400 && c <= 0x9fff || c == '〇' }
