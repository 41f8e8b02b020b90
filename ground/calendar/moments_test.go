package calendar

import (
	"testing"

	"pgregory.net/rapid"
)

// TestMoments: what is foretold is what the standing says then, and not a moment before.
func TestMoments(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	rapid.Check(t, func(t *rapid.T) {
		c := drawClock(t)
		if rapid.Bool().Draw(t, "extended") {
			c.Extensions = []int{rapid.IntRange(1, 10).Draw(t, "extension")}
		}
		if len(c.Pauses) > 0 && rapid.IntRange(0, 3).Draw(t, "open") == 0 {
			c.Pauses[0].To = c.Pauses[0].From + Instant(hourMicros)
			c.Pauses = append(c.Pauses, Pause{From: c.Start + Instant(5*dayMicros)})
		}
		n := rapid.IntRange(1, 12).Draw(t, "n")
		p := rapid.IntRange(1, 100).Draw(t, "per cent")
		w := Warning{UsedPercent: rapid.SampledFrom([]int{0, 50, 100}).Draw(t, "warn at"), DaysLeft: rapid.SampledFrom([]int{0, 3, -1}).Draw(t, "days left")}
		due, err := s.Due(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []struct {
			name string
			when func() (Instant, bool, error)
			is   func(Standing) bool
		}{
			{"used", func() (Instant, bool, error) { return s.UsedFrom(c, p) }, func(st Standing) bool { return st.Used*100 >= st.Total*int64(p) }},
			{"left", func() (Instant, bool, error) { return s.LeftFrom(c, n) }, func(st Standing) bool { return !st.Overdue && !more(st.Left, n) || st.Overdue }},
			{"over", func() (Instant, bool, error) { return s.OverFrom(c, n) }, func(st Standing) bool { return st.Overdue && more(st.Over, n-1) && !less(st.Over, n) }},
			{"yellow", func() (Instant, bool, error) { return s.YellowFrom(c, w) }, func(st Standing) bool { return st.Light == Yellow || st.Light == Red }},
		} {
			if m.name == "left" && due.Open || c.Term.Basis == Month && len(c.Pauses) > 0 && m.name == "left" {
				continue // months left are told without pauses to come
			}
			at, known, err := m.when()
			if err != nil {
				t.Fatal(err)
			}
			if !known {
				if !due.Open {
					t.Fatalf("%s: not known of a clock that is due %s", m.name, due.Due)
				}
				continue
			}
			// Grey hides yellow: ask as if no pause touched that instant.
			if m.name == "yellow" && (isPaused(c.Pauses, at) || isPaused(c.Pauses, at-1)) {
				continue
			}
			if st, _ := s.Standing(c, at, w); !m.is(st) {
				t.Fatalf("%s %d (%d %%) is foretold for %s, but then it is %s, %d of %d, %s", m.name, n, p, at, st.In("en"), st.Used, st.Total, st.Light)
			}
			if st, _ := s.Standing(c, at-1, w); at > c.Start && m.is(st) {
				t.Fatalf("%s %d (%d %%) is foretold for %s, but the moment before it is so already: %s, %d of %d, %s", m.name, n, p, at, st.In("en"), st.Used, st.Total, st.Light)
			}
		}
	})
}

// more reports whether an amount is above n of its units.
func more(a Amount, n int) bool { return compare(a, n) > 0 }

func less(a Amount, n int) bool { return compare(a, n) < 0 }

// compare holds an amount against n of its units.
func compare(a Amount, n int) int64 {
	switch a.Basis {
	case Month:
		return int64(a.Months-n)*31 + int64(a.Days)
	case WorkingHour, EmergencyHour:
		return a.Micros - int64(n)*hourMicros
	}
	return int64(a.Days-n)*dayMicros + a.Micros
}

func TestMomentsOfALicence(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	c := Clock{Start: moment(t, "2022-12-19T10:00"), Term: Term{WorkingDay, 20}} // due 2023-01-17
	for _, v := range []struct {
		name string
		when func() (Instant, bool, error)
		want string
	}{
		{"half used", func() (Instant, bool, error) { return s.UsedFrom(c, 50) }, "2023-01-03T00:00+08:00"},
		{"nothing used", func() (Instant, bool, error) { return s.UsedFrom(c, 0) }, "2022-12-19T10:00+08:00"},
		{"all used on the due day", func() (Instant, bool, error) { return s.UsedFrom(c, 100) }, "2023-01-17T00:00+08:00"},
		{"yellow at 16 of 20", func() (Instant, bool, error) { return s.YellowFrom(c, Warning{}) }, "2023-01-11T00:00+08:00"},
		{"five days left", func() (Instant, bool, error) { return s.LeftFrom(c, 5) }, "2023-01-10T00:00+08:00"},
		{"more left than there is", func() (Instant, bool, error) { return s.LeftFrom(c, 50) }, "2022-12-19T10:00+08:00"},
		{"three days over, before Spring Festival", func() (Instant, bool, error) { return s.OverFrom(c, 3) }, "2023-01-20T00:00+08:00"},
		{"four days over, on the make-up Saturday", func() (Instant, bool, error) { return s.OverFrom(c, 4) }, "2023-01-28T00:00+08:00"},
	} {
		if at, known, err := v.when(); at.String() != v.want || !known || err != nil {
			t.Errorf("%s: %s %v %v, want %s", v.name, at, known, err, v.want)
		}
	}
}
