package field

import (
	"strings"
	"time"
)

// Years that a date or an instant may lie in.
const (
	firstYear = 1900
	lastYear  = 2200
)

// narrowTime makes the digits and signs of a Chinese keyboard ASCII, and 年月日 hyphens.
var narrowTime = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"－", "-", "—", "-", "／", "-", "/", "-", "：", ":", "年", "-", "月", "-", "日", "")

// checkDate reads 2023-03-05, 2023-3-5, 2023/3/5 and 2023年3月5日.
func checkDate(f *Field, v string) (string, error) {
	t, err := time.Parse("2006-1-2", narrowTime.Replace(v))
	if err != nil || !isInReach(t) {
		return "", f.refuse("not-date")
	}
	d := t.Format(time.DateOnly)
	if f.Min != "" && d < f.Min {
		return "", f.refuse("too-early", "limit", f.Min)
	}
	if f.Max != "" && d > f.Max {
		return "", f.refuse("too-late", "limit", f.Max)
	}
	return d, nil
}

func isInReach(t time.Time) bool { return t.Year() >= firstYear && t.Year() <= lastYear }

// shanghai is fixed: the country has had one time and no summer time since 1991.
var shanghai = time.FixedZone("+08:00", 8*3600)

// checkInstant reads RFC 3339, or a date and a time of Shanghai; parts of a second are dropped.
func checkInstant(f *Field, v string) (string, error) {
	v = narrowTime.Replace(v)
	for _, layout := range []string{time.RFC3339, "2006-1-2T15:04:05", "2006-1-2T15:04", "2006-1-2 15:04:05", "2006-1-2 15:04"} {
		if t, err := time.ParseInLocation(layout, v, shanghai); err == nil && isInReach(t.In(shanghai)) {
			return t.In(shanghai).Format(time.RFC3339), nil
		}
	}
	return "", f.refuse("not-instant")
}
