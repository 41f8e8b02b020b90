package money

import (
	"strings"
	"unicode/utf8"
)

// Units that the arithmetic knows. Every other unit is text that must match.
const (
	Yuan            = "元"
	Percent         = "%"
	PercentagePoint = "个百分点"
	PerMille        = "‰"
)

// scales are the Chinese words that multiply a unit, longest first.
var scales = []struct {
	word  string
	power int // of ten
}{
	{"万亿", 12}, {"千亿", 11}, {"百亿", 10}, {"十亿", 9}, {"千万", 7}, {"百万", 6}, {"十万", 5},
	{"亿", 8}, {"万", 4}, {"千", 3}, {"百", 2},
}

// wholeUnits begin with a scale word and are units all the same.
var wholeUnits = map[string]string{
	"百分点": PercentagePoint, PercentagePoint: PercentagePoint, "百分比": Percent, "百分之": Percent, "％": Percent,
	"pp": PercentagePoint, "千分点": "个千分点", "人民币": Yuan,
}

// english are the units that English pages say in English, one and many.
var english = map[string][2]string{
	Yuan: {"yuan", "yuan"}, PercentagePoint: {"percentage point", "percentage points"},
	"人": {"person", "people"}, "个": {"", ""}, "户": {"household", "households"}, "家": {"firm", "firms"},
	"项": {"item", "items"}, "件": {"case", "cases"}, "处": {"place", "places"}, "条": {"", ""},
	"工作日": {"working day", "working days"}, "工作时": {"working hour", "working hours"}, "自然日": {"calendar day", "calendar days"},
	"紧急工作时": {"emergency hour", "emergency hours"}, "紧急工作日": {"emergency day", "emergency days"}, "月": {"month", "months"},
	"次": {"time", "times"}, "天": {"day", "days"}, "日": {"day", "days"}, "年": {"year", "years"},
	"平方米": {"m²", "m²"}, "平方公里": {"km²", "km²"}, "公里": {"km", "km"}, "米": {"m", "m"}, "克": {"g", "g"},
	"吨": {"tonne", "tonnes"}, "亩": {"mu", "mu"}, "公顷": {"hectare", "hectares"}, "座": {"", ""}, "所": {"", ""},
	"名": {"person", "people"}, "起": {"case", "cases"}, "分钟": {"minute", "minutes"}, "小时": {"hour", "hours"},
	"套": {"flat", "flats"}, "个学位": {"seat", "seats"}, "辆": {"vehicle", "vehicles"}, "分": {"point", "points"}, "倍": {"times", "times"},
}

// SplitUnit returns the base of a unit and the power of ten before it: 亿元 is 元 and 8,
// 万人 is 人 and 4, 万 alone is the empty unit and 4, % is itself and 0. Blanks are dropped
// and spellings joined: 百分点 is 个百分点. A unit it does not know is its own base.
func SplitUnit(unit string) (base string, power int) {
	unit = strings.Join(strings.Fields(unit), "")
	if whole, ok := wholeUnits[unit]; ok {
		return whole, 0
	}
	for _, s := range scales {
		if rest, ok := strings.CutPrefix(unit, s.word); ok {
			if whole, ok := wholeUnits[rest]; ok {
				rest = whole
			}
			return rest, s.power
		}
	}
	return unit, 0
}

// unitWord returns the unit behind a number in English, with its blank, for a value that is one or not.
func unitWord(base string, one bool) string {
	w, ok := english[base]
	if !ok {
		w = [2]string{base, base}
	}
	word := w[1]
	if one {
		word = w[0]
	}
	if word == "" || word == Percent || word == PerMille {
		return word
	}
	return " " + word
}

// group sets a comma between every three digits of the whole part of a plain decimal.
func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, point := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if point {
		b.WriteByte('.')
		b.WriteString(frac)
	}
	return b.String()
}

// narrow turns full-width digits, signs, points, commas and percent signs into ASCII ones.
func narrow(s string) string {
	if utf8.RuneCountInString(s) == len(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '－' || r == '−':
			return '-'
		case r == '＋':
			return '+'
		case r == '．':
			return '.'
		case r == '，':
			return ','
		case r == '％':
			return '%'
		case r == '　':
			return ' '
		}
		return r
	}, s)
}
