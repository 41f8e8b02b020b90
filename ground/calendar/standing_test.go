package calendar

import (
	"testing"

	"pgregory.net/rapid"
)

func TestStanding(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	twenty := Clock{Start: moment(t, "2022-12-19"), Term: Term{WorkingDay, 20}} // due 2023-01-17
	paused := Clock{Start: moment(t, "2023-03-01"), Term: Term{WorkingDay, 5},
		Pauses: []Pause{{From: moment(t, "2023-03-03T10:00"), To: moment(t, "2023-03-07T15:00")}}} // due 2023-03-13
	open := Clock{Start: moment(t, "2023-03-01"), Term: Term{WorkingDay, 5}, Pauses: []Pause{{From: moment(t, "2023-03-03T10:00")}}}
	month := Clock{Start: moment(t, "2023-03-15"), Term: Term{Month, 3}} // due 2023-06-15
	hours := Clock{Start: moment(t, "2023-03-01T09:00"), Term: Term{WorkingHour, 4}}
	block := Clock{Start: moment(t, "2023-01-20T20:00"), Term: Term{EmergencyDay, 3}}
	sixty := Clock{Start: moment(t, "2023-08-02"), Term: Term{CalendarDay, 60}} // due 2023-10-07
	for _, v := range []struct {
		name   string
		clock  Clock
		now    string
		zh, en string
		light  Light
	}{
		{"on the day of the start all is left", twenty, "2022-12-19T17:00", "剩余20个工作日", "20 working days left", Green},
		{"before the start too", twenty, "2022-12-01", "剩余20个工作日", "20 working days left", Green},
		{"a day is used as it begins", twenty, "2022-12-20T00:00", "剩余19个工作日", "19 working days left", Green},
		{"days off use nothing", twenty, "2023-01-02T12:00", "剩余11个工作日", "11 working days left", Green},
		{"yellow at four fifths", twenty, "2023-01-11T09:00", "剩余4个工作日", "4 working days left", Yellow},
		{"green the day before", twenty, "2023-01-10T23:59", "剩余5个工作日", "5 working days left", Green},
		{"nothing is left on the due day", twenty, "2023-01-17T23:59", "今日到期", "due today", Yellow},
		{"red when the due day is over", twenty, "2023-01-18T00:00", "已超1个工作日", "1 working day overdue", Red},
		{"overrun counts working days", twenty, "2023-01-27T10:00", "已超3个工作日", "3 working days overdue", Red},
		{"due on a Friday, overdue on Saturday by no working day yet", Clock{Start: moment(t, "2023-03-09"), Term: Term{WorkingDay, 1}}, "2023-03-11T10:00", "已超0个工作日", "0 working days overdue", Red},

		{"grey in a pause, the remainder kept", paused, "2023-03-05T10:00", "暂停计时，剩余4个工作日", "paused, 4 working days left", Grey},
		{"resumed, the day of the act uses nothing", paused, "2023-03-07T15:00", "剩余4个工作日", "4 working days left", Green},
		{"the day after the act counts again", paused, "2023-03-08T09:00", "剩余3个工作日", "3 working days left", Green},
		{"grey in an open pause", open, "2023-05-01T09:00", "暂停计时，剩余4个工作日", "paused, 4 working days left", Grey},
		{"before an open pause it runs", open, "2023-03-02T09:00", "剩余4个工作日", "4 working days left", Green},

		{"months are left as months and days", month, "2023-03-20T09:00", "剩余2个月26天", "2 months 26 days left", Green},
		{"months overrun by days", month, "2023-06-20T09:00", "已超5天", "5 days overdue", Red},
		{"months overrun by months", month, "2023-08-20T09:00", "已超2个月5天", "2 months 5 days overdue", Red},
		{"calendar days up to the moved due", sixty, "2023-09-30T09:00", "剩余7天", "7 days left", Yellow},

		{"hours are left to the minute", hours, "2023-03-01T10:30", "剩余2工作时30分钟", "2 working hours 30 minutes left", Green},
		{"hours stand at lunch", hours, "2023-03-01T12:30", "剩余1工作时30分钟", "1 working hour 30 minutes left", Green},
		{"hours are yellow by share only", hours, "2023-03-01T14:00", "剩余30分钟", "30 minutes left", Yellow},
		{"hours are overdue at the moment", hours, "2023-03-01T14:30", "已超0分钟", "0 minutes overdue", Red},
		{"hours overrun in office hours", hours, "2023-03-02T09:30", "已超3工作时30分钟", "3 working hours 30 minutes overdue", Red},
		{"emergency days in days and hours", block, "2023-01-21T22:00", "剩余1天22小时", "1 day 22 hours left", Green},
		{"emergency days overrun", block, "2023-01-24T21:30", "已超1天1小时30分钟", "1 day 1 hour 30 minutes overdue", Red},
	} {
		st, err := s.Standing(v.clock, moment(t, v.now), Warning{})
		if err != nil {
			t.Errorf("%s: %v", v.name, err)
			continue
		}
		if st.In("zh") != v.zh || st.In("en") != v.en || st.Light != v.light {
			t.Errorf("%s: %s / %s / %s (used %d of %d), want %s / %s / %s", v.name, st.In("zh"), st.In("en"), st.Light, st.Used, st.Total, v.zh, v.en, v.light)
		}
	}
}

func TestWarning(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	// Due Wednesday 8 March, asked on Monday 6 March: 3 of 5 used, 2 working days left.
	c := Clock{Start: moment(t, "2023-03-01"), Term: Term{WorkingDay, 5}}
	for _, v := range []struct {
		name string
		w    Warning
		want Light
	}{
		{"the zero warning is 80 % and 1 day", Warning{}, Green},
		{"a lower share warns", Warning{UsedPercent: 60}, Yellow},
		{"two days left warn", Warning{DaysLeft: 2}, Yellow},
		{"both switched off never warn", Warning{UsedPercent: -1, DaysLeft: -1}, Green},
	} {
		st, err := s.Standing(c, moment(t, "2023-03-06T10:00"), v.w)
		if err != nil || st.Light != v.want {
			t.Errorf("%s: %s (%v), want %s", v.name, st.Light, err, v.want)
		}
	}
	off, _ := s.Standing(c, moment(t, "2023-03-08T10:00"), Warning{UsedPercent: -1, DaysLeft: -1})
	if off.Light != Green || off.Used != off.Total {
		t.Errorf("on the due day with warnings off: %s, used %d of %d", off.Light, off.Used, off.Total)
	}
}

func TestStandingLaws(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	rapid.Check(t, func(t *rapid.T) {
		c := drawClock(t)
		if rapid.Bool().Draw(t, "extended") {
			c.Extensions = []int{rapid.IntRange(1, 10).Draw(t, "extension")}
		}
		if len(c.Pauses) > 0 && rapid.Bool().Draw(t, "open") {
			c.Pauses[0].To = 0
		}
		now := c.Start + Instant(int64(rapid.IntRange(0, 90*1440).Draw(t, "now"))*minuteMicros)
		st, err := s.Standing(c, now, Warning{})
		if err != nil {
			t.Fatal(err)
		}
		next, _ := s.Standing(c, now+Instant(rapid.Int64Range(0, 3*dayMicros).Draw(t, "later")), Warning{})
		switch {
		case st.Overdue != (!st.Open && now >= st.End):
			t.Fatalf("overdue %v at %s, ends %s", st.Overdue, now, st.End)
		case next.Used < st.Used:
			t.Fatalf("used falls from %d to %d", st.Used, next.Used)
		case st.Total < 1 || st.Used < 0 || !st.Overdue && st.Used > st.Total:
			t.Fatalf("used %d of %d", st.Used, st.Total)
		case st.Overdue && (st.Left != Amount{Basis: st.Left.Basis}):
			t.Fatalf("overdue with %s left", st.Left.In("en"))
		case st.Overdue && st.Light != Red:
			t.Fatalf("overdue is %s", st.Light)
		}
	})
}
