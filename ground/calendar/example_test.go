package calendar_test

import (
	"fmt"

	"bihuan/ground/calendar"
)

// A licence is accepted on 19 December 2022; the organ has 20 working days (行政许可法 art. 42).
func Example() {
	cal, _ := calendar.Parse([]byte(`date,name,off,notice
2022-01-01,元旦,true,国办发明电〔2021〕11号
2022-12-31,元旦,true,国办发明电〔2022〕16号
2023-01-01,元旦,true,国办发明电〔2022〕16号
2023-01-02,元旦,true,国办发明电〔2022〕16号
`))
	s := calendar.Schedule{Calendar: cal}
	accepted, _ := calendar.ParseInstant("2022-12-19T10:05:00+08:00")
	clock := calendar.Clock{Start: accepted, Term: calendar.Term{Basis: calendar.WorkingDay, Length: 20}}

	due, _ := s.Due(clock)
	fmt.Println(due.Due)

	now, _ := calendar.ParseInstant("2023-01-12T09:00")
	standing, _ := s.Standing(clock, now, calendar.Warning{})
	fmt.Println(standing.In("zh"), standing.Light)

	why, _ := s.Derive(clock)
	for _, line := range why.Lines("en") {
		fmt.Println(line)
	}
	// Output:
	// 2023-01-17
	// 剩余3个工作日 yellow
	// 20 working days from 19 Dec 2022, that day not counted (Civil Code art. 201)
	// 20 Dec 2022 to 30 Dec 2022  days 1 to 9 (2 weekend days in between not counted)
	// 31 Dec 2022 to 2 Jan 2023  not counted: New Year's Day (国办发明电〔2022〕16号)
	// 3 Jan 2023 to 17 Jan 2023  days 10 to 20 (4 weekend days in between not counted)
	// due 17 Jan 2023 (until 24:00)
}

// Backwards: the report is due on 10 November; printing takes 2 working days, review 5.
func ExampleCalendar_Backward() {
	var cal *calendar.Calendar // no notice known: weekdays
	due, _ := calendar.ParseDate("2023-11-10")
	starts, provisional := cal.Backward(due, []int{5, 2})
	fmt.Println(starts, provisional)
	// Output: [2023-11-01 2023-11-08] true
}
