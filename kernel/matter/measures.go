package matter

import (
	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
)

// The measures of a matter, by which scorecards tell its cohort and what became of it.
const (
	MeasureDue    = "due-month" // the month in which the measured clock is due, such as 2023-09; none while it is paused
	MeasureInTime = "in-time"   // yes, no, running, or none
)

// Measures returns what a matter adds to a month's assessment: in which month the clock falls due and whether it was stopped in
// time, and “yes” under the name of each verb that was counted. A clock that is paused, as for what is shelved, places the
// matter in no cohort.
func (m *Matter) Measures(clock string) map[string]string {
	out := map[string]string{}
	for key, n := range m.Counts {
		if n > 0 {
			out[key] = "yes"
		}
	}
	c := m.Clock(clock)
	if c == nil || c.Due == 0 || c.Stopped == 0 && c.IsPaused() {
		return out
	}
	y, mo, _ := calendar.Instant(c.Due - 1).Date().Civil()
	out[MeasureDue] = calendar.NewDate(y, mo, 1).String()[:7]
	switch {
	case c.Stopped == 0:
		out[MeasureInTime] = "running"
	case c.Stopped < c.Due && !m.stageWasLate(c):
		out[MeasureInTime] = "yes"
	default:
		out[MeasureInTime] = "no"
	}
	return out
}

// MeasureFields are the measures as fields that rules may speak of.
func MeasureFields() []field.Field {
	yes := field.Option{Key: "yes", Words: name.Text{ZH: "是", EN: "yes"}}
	all := []field.Field{
		{Key: MeasureDue, Kind: field.Text, Words: name.Text{ZH: "到期月份", EN: "month due"}},
		{Key: MeasureInTime, Kind: field.Choice, Words: name.Text{ZH: "按期", EN: "in time"},
			Options: []field.Option{yes, {Key: "no", Words: name.Text{ZH: "否", EN: "no"}}, {Key: "running", Words: name.Text{ZH: "未完成", EN: "still running"}},
				{Key: "none", Words: name.Text{ZH: "没有时限", EN: "no limit"}}}},
	}
	for i := range laws {
		if l := &laws[i]; l.count != "" {
			all = append(all, field.Field{Key: l.count, Kind: field.Choice, Words: l.words, Options: []field.Option{yes, {Key: "no", Words: name.Text{ZH: "否", EN: "no"}}}})
		}
	}
	return all
}
