package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"bihuan/ground/fault"
)

// Day is one row of a holiday notice (放假安排): a date that is not what its weekday says.
type Day struct {
	Date   Date
	Name   string // the holiday it belongs to, such as 春节
	Off    bool   // true for a day off, false for a working day (make-up day, 调休上班)
	Notice string // the notice that says so, such as 国办发明电〔2022〕16号
}

// Calendar knows which dates are working days (工作日): the rows of the State Council's
// yearly notices, and Monday to Friday where no row speaks.
//
// It is immutable and safe for use by many. The nil Calendar knows no notice: every
// weekday works, and every answer is provisional.
type Calendar struct {
	days    []Day  // sorted by date
	years   []bool // by year since firstYear: the notice is out
	first   int    // the year of years[0]
	from    Date   // the table below holds from…from+len(prefix)-1
	prefix  []int32
	nth     []Date // the working days of the table in order
	base    int64  // working days before the table, by weekday
	baseEnd int64  // weekdays up to the end of the table
}

// The widest span of years that a calendar may hold; a notice file with a slip of the pen
// in a year should not cost memory.
const maxYears = 200

// New builds a calendar from rows in any order and the years whose notice is out.
//
// A year outside years is provisional. A notice may speak of the last days of the year
// before, so load the neighbouring years together: a year's rows are complete only with the
// next year's notice. A row repeated word for word is one row. New wraps [fault.ErrInvalid]
// for two rows that contradict each other, an invalid date or year, or more than 200 years.
func New(days []Day, years []int) (*Calendar, error) {
	c := &Calendar{days: slices.Clone(days)}
	slices.SortStableFunc(c.days, func(a, b Day) int { return cmp.Compare(a.Date, b.Date) })
	c.days = slices.Compact(c.days)
	for i, d := range c.days {
		if !d.Date.IsValid() {
			return nil, fmt.Errorf("holiday %q has no valid date: %w", clip(d.Name), fault.ErrInvalid)
		}
		if i > 0 && c.days[i-1].Date == d.Date {
			return nil, fmt.Errorf("two rows for %s: %w", d.Date, fault.ErrInvalid)
		}
	}
	lo, hi, some := span(c.days, years)
	if !some {
		return c, nil
	}
	if lo < 1 || hi > 9999 || hi-lo >= maxYears {
		return nil, fmt.Errorf("holidays of the years %d to %d, more than %d years or out of range: %w", lo, hi, maxYears, fault.ErrInvalid)
	}
	c.first, c.years = lo, make([]bool, hi-lo+1)
	for _, y := range years {
		c.years[y-lo] = true
	}
	c.count(NewDate(lo, 1, 1), NewDate(hi, 12, 31))
	return c, nil
}

// YearsOf returns the years whose notice is in days: those with a row for 1 January, which
// every notice has (全国年节及纪念日放假办法, art. 2: 新年, 1 January).
func YearsOf(days []Day) []int {
	var years []int
	for _, d := range days {
		if y, m, day := d.Date.Civil(); m == 1 && day == 1 {
			years = append(years, y)
		}
	}
	return years
}

func span(days []Day, years []int) (lo, hi int, some bool) {
	all := slices.Clone(years)
	if n := len(days); n > 0 {
		all = append(all, days[0].Date.Year(), days[n-1].Date.Year())
	}
	if len(all) == 0 {
		return 0, 0, false
	}
	return slices.Min(all), slices.Max(all), true
}

// count fills the table of working days from the first to the last date.
func (c *Calendar) count(from, to Date) {
	c.from, c.base, c.baseEnd = from, weekdays(from-1), weekdays(to)
	c.prefix = make([]int32, to-from+1)
	row := 0
	for d := from; d <= to; d++ {
		works := !d.IsWeekend()
		if row < len(c.days) && c.days[row].Date == d {
			works = !c.days[row].Off
			row++
		}
		if works {
			c.nth = append(c.nth, d)
		}
		c.prefix[d-from] = int32(len(c.nth))
	}
}

// Day returns the row that speaks of the date, if any.
func (c *Calendar) Day(d Date) (Day, bool) {
	if c == nil {
		return Day{}, false
	}
	i, found := slices.BinarySearchFunc(c.days, d, func(e Day, d Date) int { return cmp.Compare(e.Date, d) })
	if !found {
		return Day{}, false
	}
	return c.days[i], true
}

// Days returns the rows from the first to the last date, both included, in order of date.
func (c *Calendar) Days(from, to Date) []Day {
	if c == nil {
		return nil
	}
	at := func(d Date) int {
		i, _ := slices.BinarySearchFunc(c.days, d, func(e Day, d Date) int { return cmp.Compare(e.Date, d) })
		return i
	}
	if lo, hi := at(from), at(to+1); lo < hi {
		return slices.Clone(c.days[lo:hi])
	}
	return nil
}

// Covers reports whether the notice of the year is out.
func (c *Calendar) Covers(year int) bool {
	return c != nil && year >= c.first && year-c.first < len(c.years) && c.years[year-c.first]
}

// IsWorking reports whether the date is a working day, and whether that is provisional:
// the notice that decides it is not out, and the weekday was taken.
func (c *Calendar) IsWorking(d Date) (working, provisional bool) {
	return c.rank(d) > c.rank(d-1), c.isProvisional(d-1, d)
}

// isProvisional reports whether a date after a, up to and including b, awaits its notice.
//
// A covered year's last three days still await the next notice where 1 January is a Sunday,
// Monday or Tuesday: in such years notices have reached back to 29 December (2018–2019 and
// 2022–2023 in the table of pack cn; 2005–2008 and 2011–2012 from memory). The rule is ours.
func (c *Calendar) isProvisional(a, b Date) bool {
	if b <= a {
		return false
	}
	for y := (a + 1).Year(); y <= b.Year(); y++ {
		if !c.Covers(y) {
			return true
		}
		next := NewDate(y+1, 1, 1)
		if b >= next-3 && a < next-1 && next.Weekday() <= time.Tuesday && !c.Covers(y+1) {
			return true
		}
	}
	return false
}

// rank is the number of working days up to and including d, counted from 0001-01-01.
func (c *Calendar) rank(d Date) int64 {
	if c == nil || len(c.prefix) == 0 || d < c.from {
		return weekdays(d)
	}
	if i := int(d - c.from); i < len(c.prefix) {
		return c.base + int64(c.prefix[i])
	}
	return c.base + int64(len(c.nth)) + weekdays(d) - c.baseEnd
}

// nthDate is the date of the working day with that rank, the inverse of rank.
func (c *Calendar) nthDate(rank int64) Date {
	if c == nil || len(c.prefix) == 0 || rank <= c.base {
		return weekday(rank)
	}
	if i := rank - c.base; i <= int64(len(c.nth)) {
		return c.nth[i-1]
	}
	return weekday(rank - c.base - int64(len(c.nth)) + c.baseEnd)
}

// weekdays counts Mondays to Fridays up to and including d; 0001-01-01 is a Monday.
func weekdays(d Date) int64 {
	weeks := floorDiv(int(d), 7)
	return int64(weeks*5 + min(int(d)-weeks*7, 5))
}

// weekday is the inverse of weekdays.
func weekday(n int64) Date {
	weeks := floorDiv64(n-1, 5)
	return Date(weeks*7 + n - weeks*5)
}
