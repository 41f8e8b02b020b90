package notice

import (
	"fmt"
	"strings"
	"time"

	"bihuan/ground/fault"
)

// Quiet is the hours of a day in which nobody is woken (免打扰时段), which may go over midnight. The zero Quiet is none.
type Quiet struct{ from, to int } // minutes since midnight

// ParseQuiet reads hours such as 21:30-07:30, and none. It wraps [fault.ErrInvalid].
func ParseQuiet(s string) (Quiet, error) {
	if s == "" || s == "none" {
		return Quiet{}, nil
	}
	from, to, ok := strings.Cut(s, "-")
	a, errA := time.Parse("15:04", from)
	b, errB := time.Parse("15:04", to)
	if !ok || errA != nil || errB != nil || a.Equal(b) {
		return Quiet{}, fmt.Errorf("quiet hours %q are not written HH:MM-HH:MM: %w", Line(s, 40), fault.ErrInvalid)
	}
	return Quiet{a.Hour()*60 + a.Minute(), b.Hour()*60 + b.Minute()}, nil
}

// String writes the hours as ParseQuiet reads them.
func (q Quiet) String() string {
	if q == (Quiet{}) {
		return "none"
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", q.from/60, q.from%60, q.to/60, q.to%60)
}

// civil is the time of all districts: no summer time since 1991.
var civil = time.FixedZone("CST", 8*3600)

// Release returns the first moment from at on that is not quiet, in µs.
func (q Quiet) Release(at int64) int64 {
	if q == (Quiet{}) {
		return at
	}
	t := time.UnixMicro(at).In(civil)
	minute := t.Hour()*60 + t.Minute()
	late := q.from > q.to // over midnight
	quiet := minute >= q.from && minute < q.to
	if late {
		quiet = minute >= q.from || minute < q.to
	}
	if !quiet {
		return at
	}
	day := time.Date(t.Year(), t.Month(), t.Day(), q.to/60, q.to%60, 0, 0, civil)
	if late && minute >= q.from {
		day = day.AddDate(0, 0, 1)
	}
	return day.UnixMicro()
}
