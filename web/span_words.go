package web

import (
	"bihuan/ground/calendar"
	"bihuan/ground/money"
)

// countedIn is the unit in which a length of each basis is counted.
var countedIn = map[calendar.Basis]string{
	calendar.WorkingDay: "工作日", calendar.CalendarDay: "天", calendar.Month: "月",
	calendar.WorkingHour: "工作时", calendar.EmergencyHour: "小时", calendar.EmergencyDay: "天",
}

// span writes a length of time in the unit of its basis: 3个工作日, 4小时（昼夜连续）; 1 working day.
func (q *request) span(n int, basis calendar.Basis) string {
	said := money.Quantity{Value: money.Int(int64(n)), Unit: countedIn[basis]}.Format(q.Lang)
	if basis == calendar.EmergencyHour || basis == calendar.EmergencyDay {
		said += q.Says("basis.round-the-clock")
	}
	return said
}
