package field

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// EndMonth returns the last month of a reporting period (报告期), which is the month a figure of that period stands for, and false for a text
// that is no period. What is returned for a quarter, a half-year or a year is cumulated to its end, so that 前三季度 and 2023-Q3 are both 2023-09.
//
// Read are months (2023-09, 2023年9月, 2023年1-9月), quarters (2023-Q3, 2023年三季度, 2023年前三季度), half-years (2023-S1 or 2023-H1,
// 2023年上半年) and years (2023, 2023年, 2023年全年). The Latin forms are those of SDMX as we read about them; 2023-H1 is ours beside them.
func EndMonth(period string) (month string, ok bool) {
	if len(period) < len("2006") {
		return "", false
	}
	year, rest := period[:4], period[4:]
	if i := slices.IndexFunc(ends, func(e end) bool { return slices.Contains(e.written, rest) }); i >= 0 {
		rest = "-" + ends[i].month
	} else if strings.HasPrefix(rest, "年") && strings.HasSuffix(rest, "月") {
		rest = "-" + twoDigits(since.Replace(rest))
	}
	month = year + rest
	t, err := time.Parse("2006-01", month)
	return month, err == nil && isInReach(t)
}

func checkMonth(f *Field, v string) (string, error) {
	if month, ok := EndMonth(norm.NFKC.String(v)); ok {
		return month, nil
	}
	return "", f.refuse("not-period")
}

// since takes away what a month of the calendar is written with: 年1-9月.
var since = strings.NewReplacer("年1-", "", "年1—", "", "年1－", "", "年1–", "", "年1至", "", "年", "", "月", "")

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// end is a month with which periods end.
type end struct {
	month   string
	written []string
}

// ends are the periods longer than a month, as they are written behind the year.
var ends = []end{
	{"03", []string{"-Q1", "年一季度", "年第一季度", "年1季度"}},
	{"06", []string{"-Q2", "-S1", "-H1", "年上半年", "年二季度", "年第二季度", "年2季度"}},
	{"09", []string{"-Q3", "年前三季度", "年三季度", "年第三季度", "年3季度"}},
	{"12", []string{"-Q4", "-S2", "-H2", "", "年", "年全年", "年度", "年下半年", "年四季度", "年第四季度", "年4季度"}},
}
