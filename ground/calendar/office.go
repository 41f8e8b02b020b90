package calendar

import (
	"fmt"
	"strings"

	"bihuan/ground/fault"
)

// Office is the office hours (办公时间) of a working day: intervals that do not overlap.
// The zero Office is the usual one, 08:30-11:30,13:00-17:00.
type Office struct{ hours []hours }

// hours is an interval in minutes since midnight, the end not included.
type hours struct{ from, to int }

var usual = []hours{{8*60 + 30, 11*60 + 30}, {13 * 60, 17 * 60}}

// More intervals a day than this are a slip of the pen.
const maxIntervals = 24

// ParseOffice reads intervals such as 08:30-11:30,13:00-17:00: HH:MM-HH:MM, up to 24:00,
// each later than the one before. Intervals that touch are one. It wraps
// [fault.ErrInvalid] and names the interval that is wrong.
func ParseOffice(s string) (Office, error) {
	parts := strings.Split(s, ",")
	if len(parts) > maxIntervals {
		return Office{}, fmt.Errorf("office hours have %d intervals, more than %d: %w", len(parts), maxIntervals, fault.ErrInvalid)
	}
	var o Office
	for _, part := range parts {
		part = strings.TrimSpace(part)
		from, to, ok := strings.Cut(part, "-")
		a, okA := minuteOfDay(from)
		b, okB := minuteOfDay(to)
		if !ok || !okA || !okB {
			return Office{}, fmt.Errorf("office hours %q are not written HH:MM-HH:MM: %w", clip(part), fault.ErrInvalid)
		}
		if a >= b {
			return Office{}, fmt.Errorf("office hours %q end before they begin: %w", part, fault.ErrInvalid)
		}
		last := len(o.hours) - 1
		switch {
		case last >= 0 && o.hours[last].to > a:
			return Office{}, fmt.Errorf("office hours %q begin before the interval ahead of them ends: %w", part, fault.ErrInvalid)
		case last >= 0 && o.hours[last].to == a:
			o.hours[last].to = b
		default:
			o.hours = append(o.hours, hours{a, b})
		}
	}
	return o, nil
}

// minuteOfDay reads HH:MM, 00:00 to 24:00.
func minuteOfDay(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	h, ok1 := digits(s[:2])
	m, ok2 := digits(s[3:])
	n := h*60 + m
	return n, ok1 && ok2 && m < 60 && n <= 24*60
}

// String returns the intervals as [ParseOffice] reads them.
func (o Office) String() string {
	var b strings.Builder
	for i, h := range o.intervals() {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%02d:%02d-%02d:%02d", h.from/60, h.from%60, h.to/60, h.to%60)
	}
	return b.String()
}

// MarshalText writes the hours as [Office.String] does.
func (o Office) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads them as [ParseOffice] does.
func (o *Office) UnmarshalText(b []byte) error {
	v, err := ParseOffice(string(b))
	if err != nil {
		return err
	}
	*o = v
	return nil
}

// Minutes returns the length of a working day in minutes, at least 1.
func (o Office) Minutes() int {
	n := 0
	for _, h := range o.intervals() {
		n += h.to - h.from
	}
	return n
}

func (o Office) intervals() []hours {
	if len(o.hours) == 0 {
		return usual
	}
	return o.hours
}

// day is the length of a working day in microseconds.
func (o Office) day() int64 { return int64(o.Minutes()) * minuteMicros }

// IsOpen reports whether a time of day, in microseconds since midnight, lies in the hours of office.
func (o Office) IsOpen(timeOfDay int64) bool {
	for _, h := range o.intervals() {
		if int64(h.from)*minuteMicros <= timeOfDay && timeOfDay < int64(h.to)*minuteMicros {
			return true
		}
	}
	return false
}

// worked is the office time, in microseconds, of a working day up to a time of day.
func (o Office) worked(timeOfDay int64) int64 {
	var sum int64
	for _, h := range o.intervals() {
		from, to := int64(h.from)*minuteMicros, int64(h.to)*minuteMicros
		if timeOfDay <= from {
			break
		}
		sum += min(timeOfDay, to) - from
	}
	return sum
}

// when is the earliest time of day by which that much office time has been worked;
// worked lies above zero and at most at the length of the day.
func (o Office) when(worked int64) int64 {
	for _, h := range o.intervals() {
		length := int64(h.to-h.from) * minuteMicros
		if worked <= length {
			return int64(h.from)*minuteMicros + worked
		}
		worked -= length
	}
	return dayMicros
}
