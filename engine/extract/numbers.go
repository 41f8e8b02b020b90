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
			n, ok = magnitudeWord(r[:s.b], i)
		case chineseDigit(c):
			n, ok = wordNumber(r[:s.b], i)
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

func unitFollows(r []rune, i int) bool {
	n, _ := units.at(r, i)
	return n > 0
}

// readUnit reads the unit behind the numeral; without one the number is bare.
func (n *number) readUnit(r []rune) {
	u, dim := units.at(r, n.b)
	if w, _ := notUnits.at(r, n.b); w > u {
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
	if n.dim == dimCount && n.unit == "个" && n.b < len(r) && r[n.b] == '（' { // 个（套）
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

var magnitude = map[rune]int{'十': 1, '百': 2, '千': 3, '万': 4, '亿': 8}

// magnitudeWord reads a magnitude without digits where it is the predicate of a measure:
// 过百亿元, 新增百万吨产能, 千余家企业 (tongchuan-2010, README). 千亿产业 and 千名干部 are figures of speech.
func magnitudeWord(r []rune, i int) (number, bool) {
	j, power, more := i, 0, false
	if r[i] == '上' { // 上千人, 上百家
		if i > 0 && oneOf(r[i-1], "迈跨跃站登冲踏再") {
			return number{}, false
		}
		j++
	}
	if i > 0 && (isDigit(r[i-1]) || oneOf(r[i-1], "一二两三四五六七八九十几数百千万亿零〇")) {
		return number{}, false
	}
	first := j
	for j < len(r) && magnitude[r[j]] > 0 {
		power += magnitude[r[j]]
		j++
	}
	if j == first || r[first] == '十' && j == first+1 {
		return number{}, false
	}
	if j < len(r) && oneOf(r[j], "余多") {
		more = true
		j++
	}
	n := number{a: i, b: j, qa: i, qb: j, word: true, more: more || r[i] == '上', value: shift("1", power)}
	if w, _ := notUnits.at(r, j); w > 0 {
		n.bare = true
	} else if u, dim := units.at(r, j); u > 0 && dim != dimRank && dim != dimVoltage && dim != dimPlace {
		n.unit, n.dim, n.b, n.qb = string(r[j:j+u]), dim, j+u, j+u
		if plain, ok := plainUnits[n.unit]; ok {
			n.unit = plain
		}
	} else {
		n.bare = true
	}
	if !n.predicate(r) {
		n.drop = "figure of speech"
	}
	return n, true
}

// predicate reports whether the magnitude word is said of a measure.
func (n *number) predicate(r []rune) bool {
	if n.more {
		if w, _ := notUnits.at(r, n.b); w > 0 { // 上千万家庭
			n.unit, n.dim, n.bare = "户", dimCount, false
		}
		return !n.bare
	}
	k, tag := bounds.before(r, n.a)
	if tag == int(boundNone) {
		k = 0
	}
	isNew := n.a >= 2 && (reads(r, n.a-2, "新增") || reads(r, n.a-2, "形成"))
	if k == 0 && !isNew {
		return false
	}
	if !n.bare {
		return true
	}
	if n.b < len(r) && isHan(r[n.b]) && r[n.b] != '大' && r[n.b] != '的' && !reads(r, n.b, "目标") {
		return false
	}
	n.unit, n.dim, n.bare = "元", dimMoney, false
	return true
}

var chineseDigits = map[rune]string{'一': "1", '二': "2", '两': "2", '三': "3", '四': "4", '五': "5", '六': "6", '七': "7", '八': "8", '九': "9"}

// wordNumber reads the Chinese numerals that count: 翻一番, 一倍 (after a predicate), 百分之五, 三分之一.
func wordNumber(r []rune, i int) (number, bool) {
	d, ok := chineseDigits[r[i]]
	if !ok || i > 0 && oneOf(r[i-1], "第十百千万零〇一二三四五六七八九两") {
		return number{}, false
	}
	if i+3 < len(r) && reads(r, i+1, "分之") {
		return fraction(r, i)
	}
	if reads(r, i, "一半") { // 天数减少一半
		k, tag := predicates.before(r, i)
		n := number{a: i, b: i + 2, qa: i, qb: i + 2, value: "50", unit: "%", dim: dimRate}
		if reads(r, i, "一半以上") && i+4 < len(r) && isHan(r[i+4]) { // 一半以上|天数达标
			return n, true
		}
		return n, k > 0 && (predKind(tag) == predGrow || predKind(tag) == predFall) && (i+2 == len(r) || !isHan(r[i+2]) || oneOf(r[i+2], "以左"))
	}
	if i+1 < len(r) && r[i+1] == '成' {
		return tenths(r, i, d)
	}
	if i+1 >= len(r) || r[i+1] != '番' && r[i+1] != '倍' {
		return number{}, false
	}
	if r[i+1] == '番' && (i == 0 || r[i-1] != '翻' && r[i-1] != '了') {
		return number{}, false
	}
	if r[i+1] == '倍' && i > 0 && !predicateBefore(r, i) {
		return number{}, false
	}
	n := number{a: i, b: i + 2, qa: i, qb: i + 2, value: Decimal(d), unit: string(r[i+1]), dim: dimTimes}
	if n.b < len(r) && oneOf(r[n.b], "多") {
		n.more = true
		n.b++
		n.qb++
	}
	return n, true
}

func chineseDigit(c rune) bool {
	switch c {
	case '一', '二', '两', '三', '四', '五', '六', '七', '八', '九':
		return true
	}
	return false
}

func predicateBefore(r []rune, i int) bool {
	k, _ := predicates.before(r, i)
	b, _ := bounds.before(r, i)
	return k > 0 || b > 0 || oneOf(r[i-1], "了近超的")
}

// fraction reads 三分之一 and 五分之二 as per cent, two places exact.
func fraction(r []rune, i int) (number, bool) {
	top, ok := chineseDigits[r[i+3]]
	if !ok {
		return number{}, false
	}
	den := int(chineseDigits[r[i]][0] - '0')
	num := int(top[0] - '0')
	if den < 2 || num >= den {
		return number{}, false
	}
	hundredths := (num*10000 + den/2) / den
	n := number{a: i, b: i + 4, qa: i, qb: i + 4, unit: "%", dim: dimRate, value: shift(itoa(hundredths), 0)}
	n.value = percent(hundredths)
	return n, true
}

// wordPercent reads 百分之五, 百分之十二点五.
func wordPercent(r []rune, i int) (number, bool) {
	j, whole, point := i+3, 0, ""
	last := 0
numeral:
	for ; j < len(r) && j < i+7; j++ {
		switch d := planNumbers[r[j]]; {
		case d > 0:
			last = d
		case r[j] == '十':
			whole, last = 10*max(1, last), 0
		case r[j] == '百' && last <= 1 && whole == 0:
			whole, last = 100, 0
		default:
			break numeral
		}
	}
	end := j
	whole += last
	if j < len(r) && r[j] == '点' {
		for j++; j < len(r) && j < end+4; j++ {
			d, ok := planNumbers[r[j]]
			if !ok && r[j] != '零' {
				break
			}
			point += itoa(d)
		}
		end = j
	}
	if point != "" {
		point = "." + point
	}
	n := number{a: i, b: end, qa: i, qb: end, unit: "%", dim: dimRate, value: shift(itoa(whole)+point, 0)}
	return n, whole > 0 || point != ""
}

// tenths reads 七成 as 70 per cent where it is a rate: behind a predicate or a bound, or bounded itself (六成以上的企业). 一成不变 is none.
func tenths(r []rune, i int, digit string) (number, bool) {
	n := number{a: i, b: i + 2, qa: i, qb: i + 2, value: shift(digit, 1), unit: "%", dim: dimRate}
	if n.b < len(r) && r[n.b] == '多' {
		n.more = true
		n.b++
		n.qb++
	}
	ends := n.b == len(r) || !isHan(r[n.b])
	after, _ := afterBounds.at(r, n.b)
	return n, after > 0 || (ends || n.more || r[n.b] == '的') && i > 0 && predicateBefore(r, i)
}

// percent returns n hundredths of a per cent as per cent.
func percent(n int) Decimal {
	return shift(itoa(n/100)+"."+itoa(n%100/10)+itoa(n%10), 0)
}

func itoa(n int) string {
	if n == 0 {
		return "0"
	}
	var b []byte
	for ; n > 0; n /= 10 {
		b = append([]byte{byte('0' + n%10)}, b...)
	}
	return string(b)
}
