package calendar

import (
	"fmt"
	"time"

	"bihuan/ground/fault"
)

// Date is a civil date of the proleptic Gregorian calendar: the number of days since
// 31 December of the year 0, so that 1 is Monday 0001-01-01. Zero is no date. Dates are
// compared and subtracted as numbers; d+7 is a week later.
type Date int32

// The first and last date that can be written.
const (
	MinDate Date = 1       // 0001-01-01
	MaxDate Date = 3652059 // 9999-12-31

	unixDate = 719163 // 1970-01-01
)

// NewDate returns the date of a year, month (1 to 12) and day. A day beyond the end of the
// month runs over into the next one, as in [time.Date].
func NewDate(year, month, day int) Date {
	y := year
	if month <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*((month+9)%12)+2)/5 + day - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	// The era starts on 1 March of the year 0, which is day -305 here.
	return Date(era*146097 + doe - 305)
}

// ParseDate reads YYYY-MM-DD, a date that exists, of the years 0001 to 9999.
// It wraps [fault.ErrInvalid] and says what is wrong.
func ParseDate(s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, fmt.Errorf("date %q is not written YYYY-MM-DD: %w", clip(s), fault.ErrInvalid)
	}
	y, ok1 := digits(s[:4])
	m, ok2 := digits(s[5:7])
	d, ok3 := digits(s[8:])
	if !ok1 || !ok2 || !ok3 {
		return 0, fmt.Errorf("date %q is not written YYYY-MM-DD: %w", clip(s), fault.ErrInvalid)
	}
	if y < 1 || m < 1 || m > 12 || d < 1 || d > monthDays(y, m) {
		return 0, fmt.Errorf("date %q does not exist: %w", s, fault.ErrInvalid)
	}
	return NewDate(y, m, d), nil
}

// Civil returns year, month (1 to 12) and day of the month.
func (d Date) Civil() (year, month, day int) {
	z := int(d) + 305
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	month = (mp+2)%12 + 1
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

// months are the months in English, in order.
var months = [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// In writes the date as people do in a language: 2023年10月16日, and 16 Oct 2023 where it is "en".
// No date is no words.
func (d Date) In(lang string) string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Civil()
	if lang == "en" {
		return fmt.Sprintf("%d %s %d", day, months[m-1], y)
	}
	return fmt.Sprintf("%d年%d月%d日", y, m, day)
}

// Year returns the year.
func (d Date) Year() int {
	y, _, _ := d.Civil()
	return y
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday(((int(d) % 7) + 7) % 7) }

// IsWeekend reports whether the date is a Saturday or Sunday, the weekly rest days
// (周休息日) of state organs: 国务院关于职工工作时间的规定 (1995), art. 7.
func (d Date) IsWeekend() bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == 0 }

// IsValid reports whether the date lies in the years 0001 to 9999.
func (d Date) IsValid() bool { return MinDate <= d && d <= MaxDate }

// AddMonths returns the corresponding day (对应日) n months later, or earlier for a
// negative n; where that month has no such day, its last day: 民法典 (2020) art. 202.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Civil()
	months := y*12 + m - 1 + n
	y, m = floorDiv(months, 12), months-floorDiv(months, 12)*12+1
	return NewDate(y, m, min(day, monthDays(y, m)))
}

// MonthStart returns the first day of the date's month.
func (d Date) MonthStart() Date {
	y, m, _ := d.Civil()
	return NewDate(y, m, 1)
}

// MonthEnd returns the last day of the date's month.
func (d Date) MonthEnd() Date {
	y, m, _ := d.Civil()
	return NewDate(y, m, monthDays(y, m))
}

// At returns the instant minutes after the date's midnight in Asia/Shanghai.
// 1440 minutes are 24:00, which is midnight of the next day.
func (d Date) At(minutes int) Instant {
	return Instant(int64(d-unixDate)*dayMicros + int64(minutes)*minuteMicros - zoneMicros)
}

// Start returns the instant at which the date begins in Asia/Shanghai, 00:00.
func (d Date) Start() Instant { return d.At(0) }

// String returns YYYY-MM-DD, and nothing for the zero date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Civil()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
}

// MarshalText writes the date as [Date.String] does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes; empty text is the zero date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

func monthDays(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// digits reads a short run of ASCII digits.
func digits(s string) (n int, ok bool) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, s != ""
}

// clip keeps a message readable whatever it was given.
func clip(s string) string {
	const limit = 40
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
