package extract

// Numbers in words: magnitudes, Chinese numerals, fractions, tenths.

var magnitude = map[rune]int{'十': 1, '百': 2, '千': 3, '万': 4, '亿': 8}

// magnitudeWord reads a magnitude without digits where it is the predicate of a measure:
// 过百亿元, 新增百万吨产能, 千余家企业 (tongchuan-2010, README). 千亿产业 and 千名干部 are figures of speech.
func magnitudeWord(r []rune, i int) (number, bool) {
	j, power, more := i, 0, false
	if r[i] == '上' { // 上千人, 上百家
		if i > 0 && oneOf(r[i-1], "迈跨跃站登冲踏再以") {
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
	if n.b < len(r) && isHan(r[n.b]) && r[n.b] != '大' && r[n.b] != '的' && !reads(r, n.b, "目标") && !reads(r, n.b, "台阶") {
		return false
	}
	n.unit, n.dim, n.bare = "元", dimMoney, false
	a := n.a - k
	for a > 0 && n.a-a < 16 && isHan(r[a-1]) {
		a--
	}
	switch _, tag := missingUnits.in(r[a:n.a]); {
	case tag > 0:
		n.unit, n.dim = missingNames[tag], dimPeople
	case contains(r[a:n.a], "车") && (contains(r[a:n.a], "销量") || contains(r[a:n.a], "产量") || contains(r[a:n.a], "保有量") || contains(r[a:n.a], "产销")): // 汽车销量突破百万
		n.unit, n.dim = "辆", dimCount
	}
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
		left := i
		if i > 0 && r[i-1] == '近' {
			left--
		}
		k, tag := predicates.before(r, left)
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
	if r[i+1] == '番' && (i == 0 || r[i-1] != '翻' && r[i-1] != '了' && !hasSuffix(r[:i], "翻近") && !hasSuffix(r[:i], "翻了近")) {
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

// spelledNumber reads a numeral in words where it is a rate or the step that a sum has reached: 提高近十个百分点, 突破两百亿元大关.
// Other counts in words (三家, 十件实事) are no items.
func spelledNumber(r []rune, i int) (number, bool) {
	if i > 0 && (isDigit(r[i-1]) || oneOf(r[i-1], "第数几百千万亿零〇一二三四五六七八九两十")) {
		return number{}, false
	}
	j, whole, last := i, 0, 0
numeral:
	for ; j < len(r) && j < i+8; j++ {
		d := chineseDigits[r[j]]
		switch {
		case d != "":
			last = int(d[0] - '0')
		case r[j] == '十':
			whole, last = whole+10*max(1, last), 0
		case r[j] == '百' && last > 0:
			whole, last = whole+100*last, 0
		case r[j] == '千' && last > 0:
			whole, last = whole+1000*last, 0
		case r[j] != '零' || whole == 0:
			break numeral
		}
	}
	if whole += last; whole == 0 {
		return number{}, false
	}
	for _, w := range []string{"个百分点", "百分点"} {
		if reads(r, j, w) {
			b := j + len([]rune(w))
			return number{a: i, b: b, qa: i, qb: b, value: shift(itoa(whole), 0), unit: "百分点", dim: dimRate}, true
		}
	}
	power := 0
	for j < len(r) && (r[j] == '万' || r[j] == '亿') {
		power += magnitude[r[j]]
		j++
	}
	if power == 0 || j == len(r) || r[j] != '元' {
		return number{}, false
	}
	k, tag := bounds.before(r, i)
	if k < 2 || boundKind(tag) != boundGt {
		return number{}, false
	}
	return number{a: i, b: j + 1, qa: i, qb: j + 1, value: shift(itoa(whole), power), unit: "元", dim: dimMoney}, true
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
	if n.b < len(r) && (oneOf(r[n.b], "强多") && (n.b+1 == len(r) || !isHan(r[n.b+1])) || reads(r, n.b, "多的")) { // 占全区的三分之二强
		n.more = true
		n.b++
		n.qb++
	}
	return n, true
}

// slashed reads 1/4 and 2/3 as per cent where a word of a share stands before: 占全省的1/4.
func slashed(r []rune, i int, l literal) (number, bool) {
	b := l.b
	if len(l.digits) != 1 || l.power > 0 || b+1 >= len(r) || r[b] != '/' || !isDigit(r[b+1]) || i == 0 || !oneOf(r[i-1], "的占近约过超达到将") && !shareBefore(r, i) {
		return number{}, false
	}
	end := b + 2
	if end < len(r) && isDigit(r[end]) {
		end++
	}
	num, den := int(r[i]-'0'), 0
	for _, c := range r[b+1 : end] {
		den = den*10 + int(c-'0')
	}
	if num == 0 || num >= den || den > 20 || end < len(r) && (isASCIIWord(r[end]) || oneOf(r[end], "/年月日号")) {
		return number{}, false
	}
	n := number{a: i, b: end, qa: i, qb: end, unit: "%", dim: dimRate, value: percent((num*10000 + den/2) / den)}
	if end < len(r) && (oneOf(r[end], "强多") && (end+1 == len(r) || !isHan(r[end+1]))) {
		n.more = true
		n.b++
		n.qb++
	}
	return n, true
}

// shareBefore reports whether 占 and the name of the whole stand right before i: 占全国|1/7.
func shareBefore(r []rune, i int) bool {
	for _, w := range []string{"占全国", "占全省", "占全市", "占全县", "占全区", "占全球", "占世界", "占总数", "占总量", "占比"} {
		if hasSuffix(r[:i], w) {
			return true
		}
	}
	return false
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
