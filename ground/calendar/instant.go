package calendar

import (
	"fmt"
	"strings"
	"time"

	"bihuan/ground/fault"
)

// Instant is a moment: microseconds since 1970-01-01T00:00:00Z. Zero stands for no moment
// where a field says so.
type Instant int64

const (
	minuteMicros = int64(60_000_000)
	hourMicros   = 60 * minuteMicros
	dayMicros    = 24 * hourMicros
	zoneMicros   = 8 * hourMicros // Asia/Shanghai, see the package comment
)

var shanghai = time.FixedZone("+08:00", 8*60*60)

// FromTime returns the instant of t, cut to whole microseconds.
func FromTime(t time.Time) Instant { return Instant(t.UnixMicro()) }

// The ways in which a time may be written; without an offset it is Asia/Shanghai.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04",
}

// ParseInstant reads RFC 3339, also without seconds and without offset; without an offset
// the time is that of Asia/Shanghai. A bare YYYY-MM-DD is the beginning of that day there.
// It wraps [fault.ErrInvalid] and says what is wrong.
func ParseInstant(s string) (Instant, error) {
	if !strings.ContainsAny(s, "Tt") {
		d, err := ParseDate(s)
		return d.Start(), err
	}
	for _, layout := range layouts {
		t, err := time.ParseInLocation(layout, strings.ToUpper(s), shanghai)
		if err == nil && FromTime(t).Date().IsValid() {
			return FromTime(t), nil
		}
	}
	return 0, fmt.Errorf("time %q is neither YYYY-MM-DD nor RFC 3339 such as 2023-01-17T09:30:00+08:00, or does not exist: %w", clip(s), fault.ErrInvalid)
}

// Time returns the instant as a [time.Time] at +08:00.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).In(shanghai) }

// Date returns the civil date in Asia/Shanghai.
func (i Instant) Date() Date {
	local := int64(i) + zoneMicros
	return Date(floorDiv64(local, dayMicros)) + unixDate
}

// TimeOfDay returns the microseconds since midnight in Asia/Shanghai, 0 to 86,399,999,999.
func (i Instant) TimeOfDay() int64 { return int64(i - i.Date().Start()) }

// IsZero reports whether there is no instant.
func (i Instant) IsZero() bool { return i == 0 }

// String returns the instant to the minute, YYYY-MM-DDTHH:MM+08:00, as deadlines are shown.
// A second begun is cut off.
func (i Instant) String() string { return i.Time().Format("2006-01-02T15:04-07:00") }

// In writes the instant to the minute as people do in a language: 2023年10月16日 09:30, and
// 16 Oct 2023 09:30 where it is "en". No instant is no words.
func (i Instant) In(lang string) string {
	if i == 0 {
		return ""
	}
	return i.Date().In(lang) + " " + i.Time().Format("15:04")
}

func floorDiv64(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
