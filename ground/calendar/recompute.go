package calendar

import (
	"slices"
	"strings"

	"bihuan/ground/name"
)

// Change is a deadline that came out differently under a new calendar. It is what a matter
// records: the old value, the new value, and why.
type Change struct {
	Old, New Deadline
	Reason   name.Text
}

// Recompute counts the clock again under this schedule, usually after a holiday notice has
// arrived, and reports whether the deadline differs from old: another due, or no longer
// provisional. The reason names the notices that speak of the days between start and due.
// It wraps [fault.ErrInvalid] as [Schedule.Due] does.
func (s Schedule) Recompute(c Clock, old Deadline) (change Change, changed bool, err error) {
	d, err := s.Due(c)
	if err != nil {
		return Change{}, false, err
	}
	change = Change{Old: old, New: d}
	if d == old {
		return change, false, nil
	}
	change.Reason = s.reason(c, change)
	return change, true, nil
}

func (s Schedule) reason(c Clock, ch Change) name.Text {
	notices := s.notices(c.Start.Date(), max(ch.Old.Due, ch.New.Due))
	t := name.Text{ZH: "日历更新后重新计算", EN: "counted again under the new calendar"}
	if len(notices) > 0 {
		t.ZH = "按放假通知" + strings.Join(notices, "、") + "重新计算"
		t.EN = "counted again under the holiday notices " + strings.Join(notices, ", ")
	}
	if ch.Old.Due == ch.New.Due && ch.Old.End == ch.New.End {
		t.ZH, t.EN = t.ZH+"，到期不变", t.EN+", the due stays"
	}
	return t
}

// notices lists the notices of the rows in a span, each once, in order of date.
func (s Schedule) notices(from, to Date) []string {
	var names []string
	for _, d := range s.Calendar.Days(from, to) {
		if d.Notice != "" && !slices.Contains(names, d.Notice) {
			names = append(names, d.Notice)
		}
	}
	return names
}
