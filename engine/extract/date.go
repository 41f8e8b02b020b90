package extract

var planNumbers = map[rune]int{'一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// fiveYearEnd reads “十四五” at r[i] and returns the last year of the plan and the end of the name, 0 if there is none.
func fiveYearEnd(r []rune, i int) (year, end int) {
	if i < len(r) && r[i] == '“' {
		i++
	}
	if i > 0 && r[i-1] == '“' && i+2 < len(r) && r[i+1] == '五' && r[i+2] == '”' { // “十五”, “九五”: the plans up to 2005
		switch r[i] {
		case '十':
			return 2005, i + 3
		case '九':
			return 2000, i + 3
		}
	}
	if i+2 >= len(r) || r[i] != '十' || r[i+2] != '五' {
		return 0, 0
	}
	n := planNumbers[r[i+1]]
	if n == 0 {
		return 0, 0
	}
	end = i + 3
	if end < len(r) && r[end] == '”' {
		end++
	}
	return 1955 + 5*(10+n), end
}

// yearAt reads 2030年 at r[i]: the year, 0 if there is none.
func yearAt(r []rune, i int) int {
	if i+4 >= len(r) || r[i+4] != '年' || i > 0 && (isDigit(r[i-1]) || r[i-1] == '.') {
		return 0
	}
	y := 0
	for _, c := range r[i : i+4] {
		d, ok := yearDigit(c)
		if !ok {
			return 0
		}
		y = y*10 + d
	}
	if y < 1949 || y > 2100 {
		return 0
	}
	return y
}

// yearDigit reads a digit of a year, also in Chinese: 二〇〇六年.
func yearDigit(c rune) (int, bool) {
	switch {
	case isDigit(c):
		return int(c - '0'), true
	case oneOf(c, "〇○零Oo"): // letters in the place of 〇
		return 0, true
	}
	d, ok := planNumbers[c]
	return d, ok
}

// lastYear returns the last year named in r, 0 if none.
func lastYear(r []rune) int {
	last := 0
	for i := range r {
		if y := yearAt(r, i); y > 0 {
			last = y
		}
	}
	return last
}

// dateAt reads 2013年1月, 二〇一三年一月 or 2013-01- at r[i]: year, month and the end of both; year 0 if there is none.
func dateAt(r []rune, i int) (year, month, end int) {
	y := yearAt(r, i)
	if y == 0 {
		y = isoYear(r, i)
	}
	if y == 0 {
		return 0, 0, 0
	}
	if m := monthAt(r, i+5); m > 0 {
		return y, m, i + 6
	}
	return 0, 0, 0
}

// monthAt reads the month at r[i] (2月, 02-, 十二月), 0 if there is none.
func monthAt(r []rune, i int) int {
	m, j := 0, i
	for j < len(r) && j < i+2 {
		d, ok := yearDigit(r[j])
		if r[j] == '十' {
			d, ok = 10, true
		}
		if !ok {
			break
		}
		if isDigit(r[j]) || m == 0 {
			m = m*10 + d
		} else {
			m += d
		}
		j++
	}
	if m >= 1 && m <= 12 && j < len(r) && oneOf(r[j], "月-/.") {
		return m
	}
	return 0
}

// isoYear reads 2013-01-28 at r[i]: the year, 0 if there is none.
func isoYear(r []rune, i int) int {
	if i+7 >= len(r) || !oneOf(r[i+4], "-/.") || i > 0 && isDigit(r[i-1]) {
		return 0
	}
	y := 0
	for _, c := range r[i : i+4] {
		if !isDigit(c) {
			return 0
		}
		y = y*10 + int(c-'0')
	}
	if y < 1949 || y > 2100 {
		return 0
	}
	return y
}
