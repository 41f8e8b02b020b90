package calendar

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
)

func pause(t testing.TB, from, to string) Pause {
	t.Helper()
	p := Pause{From: moment(t, from)}
	if to != "" {
		p.To = moment(t, to)
	}
	return p
}

// shown is a deadline as bihuan clock prints it.
func shown(b Basis, d Deadline) string {
	switch {
	case d.Open:
		return "open"
	case b.IsDated():
		return d.Due.String()
	}
	return d.End.String()
}

func TestDue(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	type spans [][2]string
	for _, v := range []struct {
		name   string
		basis  Basis
		start  string
		length int
		pauses spans
		extend []int
		want   string
	}{
		{"working days over New Year", WorkingDay, "2022-12-19", 20, nil, nil, "2023-01-17"},
		{"working days from a moment of the day count from that day", WorkingDay, "2022-12-19T23:59:00+08:00", 20, nil, nil, "2023-01-17"},
		{"a moment elsewhere is taken to Shanghai's date", WorkingDay, "2022-12-18T16:00:00Z", 20, nil, nil, "2023-01-17"},
		{"a start on a day off", WorkingDay, "2023-10-02", 1, nil, nil, "2023-10-07"},

		{"calendar days that end on National Day move to the make-up Saturday", CalendarDay, "2023-08-02", 60, nil, nil, "2023-10-07"},
		{"calendar days that end on a plain Saturday move to Monday", CalendarDay, "2023-03-01", 10, nil, nil, "2023-03-13"},
		{"calendar days that end on a make-up Saturday stay", CalendarDay, "2023-04-27", 9, nil, nil, "2023-05-06"},
		{"calendar days that end on a working day stay", CalendarDay, "2023-03-01", 9, nil, nil, "2023-03-10"},

		{"a month ends on the corresponding day", Month, "2023-03-15", 1, nil, nil, "2023-04-17"},
		{"a month without a corresponding day ends with the month", Month, "2023-01-31", 1, nil, nil, "2023-02-28"},
		{"the same in a leap year", Month, "2024-01-31", 1, nil, nil, "2024-02-29"},
		{"a year of months from 29 February", Month, "2024-02-29", 12, nil, nil, "2025-02-28"},
		{"months that end within a holiday move", Month, "2023-04-01", 6, nil, nil, "2023-10-07"},
		{"the end of a month is not sticky", Month, "2023-02-28", 1, nil, nil, "2023-03-28"},

		{"working hours within a morning", WorkingHour, "2023-03-01T09:00", 2, nil, nil, "2023-03-01T11:00+08:00"},
		{"working hours skip the lunch break", WorkingHour, "2023-03-01T10:30", 2, nil, nil, "2023-03-01T14:00+08:00"},
		{"working hours that fill the morning end at its closing", WorkingHour, "2023-03-01T08:30", 3, nil, nil, "2023-03-01T11:30+08:00"},
		{"working hours that fill the day end at closing time", WorkingHour, "2023-03-01T08:30", 7, nil, nil, "2023-03-01T17:00+08:00"},
		{"a start before opening begins at opening", WorkingHour, "2023-03-01T06:00", 1, nil, nil, "2023-03-01T09:30+08:00"},
		{"a start at lunch begins after lunch", WorkingHour, "2023-03-01T12:00", 1, nil, nil, "2023-03-01T14:00+08:00"},
		{"a start after closing begins the next morning", WorkingHour, "2023-03-01T17:00", 1, nil, nil, "2023-03-02T09:30+08:00"},
		{"a start on Friday evening begins on Monday", WorkingHour, "2023-03-03T20:00", 4, nil, nil, "2023-03-06T14:00+08:00"},
		{"a start in a holiday begins on the make-up Saturday", WorkingHour, "2023-10-02T10:00", 8, nil, nil, "2023-10-08T09:30+08:00"},
		{"a bare date begins at opening", WorkingHour, "2023-03-01", 1, nil, nil, "2023-03-01T09:30+08:00"},

		{"emergency hours run through the night", EmergencyHour, "2023-01-20T20:00", 12, nil, nil, "2023-01-21T08:00+08:00"},
		{"emergency days are blocks of 24 hours through holidays", EmergencyDay, "2023-01-20T20:00", 3, nil, nil, "2023-01-23T20:00+08:00"},

		{"a pause takes out working days only", WorkingDay, "2023-03-01", 5, spans{{"2023-03-03", "2023-03-07"}}, nil, "2023-03-10"},
		{"the day of the pausing act and of the resuming act do not count", WorkingDay, "2023-03-01", 5, spans{{"2023-03-03T10:00", "2023-03-07T15:00"}}, nil, "2023-03-13"},
		{"a pause of a minute takes out its day", WorkingDay, "2023-03-01", 5, spans{{"2023-03-03T10:00", "2023-03-03T10:01"}}, nil, "2023-03-09"},
		{"a pause of nothing takes out nothing", WorkingDay, "2023-03-01", 5, spans{{"2023-03-03T10:00", "2023-03-03T10:00"}}, nil, "2023-03-08"},
		{"a pause over a weekend takes out nothing", WorkingDay, "2023-03-01", 5, spans{{"2023-03-04", "2023-03-06"}}, nil, "2023-03-08"},
		{"a pause on the day of the start takes out nothing", WorkingDay, "2023-03-01", 5, spans{{"2023-03-01T10:00", "2023-03-01T15:00"}}, nil, "2023-03-08"},
		{"a pause after the due changes nothing", WorkingDay, "2023-03-01", 5, spans{{"2023-03-09", "2023-03-20"}}, nil, "2023-03-08"},
		{"a pause that covers the start delays day one", WorkingDay, "2023-03-01", 1, spans{{"2023-02-01", "2023-03-10"}}, nil, "2023-03-10"},
		{"overlapping pauses count once", WorkingDay, "2023-03-01", 5, spans{{"2023-03-06", "2023-03-08"}, {"2023-03-03", "2023-03-07"}}, nil, "2023-03-13"},
		{"two acts on one day take it out once", WorkingDay, "2023-03-01", 5, spans{{"2023-03-03T09:00", "2023-03-03T10:00"}, {"2023-03-03T14:00", "2023-03-03T15:00"}}, nil, "2023-03-09"},
		{"calendar days are paused by every day", CalendarDay, "2023-03-01", 9, spans{{"2023-03-03", "2023-03-07"}}, nil, "2023-03-14"},
		{"a month is paused by days behind its corresponding day", Month, "2023-03-15", 1, spans{{"2023-04-01", "2023-04-11"}}, nil, "2023-04-25"},
		{"a last day moved into a pause moves behind it", CalendarDay, "2023-03-01", 10, spans{{"2023-03-13", "2023-03-15"}}, nil, "2023-03-15"},
		{"working hours are paused to the minute", WorkingHour, "2023-03-01T09:00", 4, spans{{"2023-03-01T10:00", "2023-03-01T13:30"}}, nil, "2023-03-01T16:30+08:00"},
		{"a pause out of office hours costs nothing", WorkingHour, "2023-03-01T09:00", 4, spans{{"2023-03-01T11:30", "2023-03-01T13:00"}}, nil, "2023-03-01T14:30+08:00"},
		{"hours used up as the pause begins are due then", WorkingHour, "2023-03-01T09:00", 2, spans{{"2023-03-01T11:00", "2023-03-02T09:00"}}, nil, "2023-03-01T11:00+08:00"},
		{"emergency hours are paused to the minute", EmergencyHour, "2023-03-01T09:00", 4, spans{{"2023-03-01T10:15", "2023-03-01T22:00"}}, nil, "2023-03-02T00:45+08:00"},

		{"an open pause has no due", WorkingDay, "2023-03-01", 5, spans{{"2023-03-03", ""}}, nil, "open"},
		{"an open pause after the due changes nothing", WorkingDay, "2023-03-01", 5, spans{{"2023-03-09", ""}}, nil, "2023-03-08"},
		{"a last day moved into an open pause has no due", CalendarDay, "2023-03-01", 10, spans{{"2023-03-13", ""}}, nil, "open"},

		{"an extension counts on from the due", WorkingDay, "2022-12-19", 20, nil, []int{10}, "2023-02-03"},
		{"an extension of calendar days counts on from the moved due", CalendarDay, "2023-08-02", 60, nil, []int{30}, "2023-11-06"},
		{"an extension of months counts on from the moved due", Month, "2023-04-01", 6, nil, []int{1}, "2023-11-07"},
		{"an extension of hours counts on from the moment", WorkingHour, "2023-03-01T08:30", 7, nil, []int{1}, "2023-03-02T09:30+08:00"},
		{"a pause within the extension holds", WorkingDay, "2023-03-01", 5, spans{{"2023-03-09", "2023-03-11"}}, []int{1}, "2023-03-13"},
	} {
		c := Clock{Start: moment(t, v.start), Term: Term{v.basis, v.length}, Extensions: v.extend}
		for _, p := range v.pauses {
			c.Pauses = append(c.Pauses, pause(t, p[0], p[1]))
		}
		d, err := s.Due(c)
		if err != nil {
			t.Errorf("%s: %v", v.name, err)
			continue
		}
		if got := shown(v.basis, d); got != v.want || d.Provisional {
			t.Errorf("%s: due %s provisional %v, want %s", v.name, got, d.Provisional, v.want)
		}
		if v.basis.IsDated() && !d.Open && d.End != (d.Due+1).Start() {
			t.Errorf("%s: ends %s, not at 24:00 of %s", v.name, d.End, d.Due)
		}
	}
}

func TestDueProvisional(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	for _, v := range []struct {
		name  string
		clock Clock
		want  bool
	}{
		{"working days into a year without notice", Clock{Start: moment(t, "2026-12-20"), Term: Term{WorkingDay, 20}}, true},
		{"working days up to the last day with notice", Clock{Start: moment(t, "2026-12-20"), Term: Term{WorkingDay, 9}}, false},
		{"calendar days that end in a year without notice", Clock{Start: moment(t, "2026-12-20"), Term: Term{CalendarDay, 30}}, true},
		{"calendar days that end before", Clock{Start: moment(t, "2026-12-20"), Term: Term{CalendarDay, 10}}, false},
		{"months that end in a year without notice", Clock{Start: moment(t, "2026-12-20"), Term: Term{Month, 2}}, true},
		{"working hours into a year without notice", Clock{Start: moment(t, "2026-12-31T16:00"), Term: Term{WorkingHour, 2}}, true},
		{"emergency hours never ask the calendar", Clock{Start: moment(t, "2026-12-31T16:00"), Term: Term{EmergencyHour, 48}}, false},
		{"emergency days neither", Clock{Start: moment(t, "2026-12-31T16:00"), Term: Term{EmergencyDay, 48}}, false},
	} {
		d, err := s.Due(v.clock)
		if err != nil || d.Provisional != v.want {
			t.Errorf("%s: due %s provisional %v (%v), want %v", v.name, d.Due, d.Provisional, err, v.want)
		}
	}
}

func TestDueRefuses(t *testing.T) {
	start := moment(t, "2023-03-01")
	for _, v := range []struct {
		name  string
		clock Clock
	}{
		{"no basis", Clock{Start: start, Term: Term{"", 5}}},
		{"an unknown basis", Clock{Start: start, Term: Term{"fortnight", 5}}},
		{"no length", Clock{Start: start, Term: Term{WorkingDay, 0}}},
		{"a length without measure", Clock{Start: start, Term: Term{WorkingDay, 100_001}}},
		{"a pause that ends before it begins", Clock{Start: start, Term: Term{WorkingDay, 5}, Pauses: []Pause{{From: start + 1, To: start}}}},
		{"an extension back in time", Clock{Start: start, Term: Term{WorkingDay, 5}, Extensions: []int{-1}}},
		{"a start out of range", Clock{Start: 1 << 62, Term: Term{WorkingDay, 5}}},
		{"an end out of range", Clock{Start: moment(t, "9999-12-30"), Term: Term{Month, 5}}},
	} {
		if d, err := (Schedule{}).Due(v.clock); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: due %v, error %v, want ErrInvalid", v.name, d, err)
		}
	}
}

// slowDue is the rules word for word, minute by minute or day by day, with the standard
// library's dates. It knows pauses with an end only.
func slowDue(c *Calendar, k Clock) string {
	zone := time.FixedZone("", 8*3600)
	at := time.UnixMicro(int64(k.Start)).In(zone)
	paused := func(from, to time.Time) bool { // any part of [from, to)
		for _, p := range k.Pauses {
			a, b := time.UnixMicro(int64(p.From)), time.UnixMicro(int64(p.To))
			if a.Before(b) && a.Before(to) && from.Before(b) {
				return true
			}
		}
		return false
	}
	day := func(t time.Time) (from, to time.Time) {
		from = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
		return from, from.AddDate(0, 0, 1)
	}
	rest := func(t time.Time) bool { return !slowWorks(c, t) }
	n := k.Term.Length
	switch k.Term.Basis {
	case WorkingDay, CalendarDay:
		for n > 0 {
			at = at.AddDate(0, 0, 1)
			if !paused(day(at)) && (k.Term.Basis == CalendarDay || !rest(at)) {
				n--
			}
		}
	case Month:
		y, m, d := at.Date()
		last := time.Date(y, m+time.Month(n)+1, 0, 0, 0, 0, 0, zone)
		target := time.Date(last.Year(), last.Month(), min(d, last.Day()), 0, 0, 0, 0, zone)
		from, _ := day(at)
		for left := int(target.Sub(from).Hours()) / 24; left > 0; {
			at = at.AddDate(0, 0, 1)
			if !paused(day(at)) {
				left--
			}
		}
	default:
		minutes := n * 60
		if k.Term.Basis == EmergencyDay {
			minutes *= 24
		}
		for ; minutes > 0; at = at.Add(time.Minute) {
			hm := at.Hour()*60 + at.Minute()
			open := k.Term.Basis != WorkingHour || !rest(at) && (510 <= hm && hm < 690 || 780 <= hm && hm < 1020)
			if open && !paused(at, at.Add(time.Minute)) {
				minutes--
			}
		}
		return at.Format("2006-01-02T15:04-07:00")
	}
	for k.Term.Basis != WorkingDay && (rest(at) || paused(day(at))) {
		at = at.AddDate(0, 0, 1)
	}
	return at.Format("2006-01-02")
}

// drawClock draws a clock of whole minutes in the years of the table.
func drawClock(t *rapid.T) Clock {
	day := NewDate(2018, 1, 1) + Date(rapid.IntRange(0, 8*365).Draw(t, "day"))
	k := Clock{
		Start: day.At(rapid.IntRange(0, 1439).Draw(t, "minute")),
		Term:  Term{rapid.SampledFrom(Bases()).Draw(t, "basis"), rapid.IntRange(1, 40).Draw(t, "length")},
	}
	for range rapid.IntRange(0, 3).Draw(t, "pauses") {
		from := k.Start + Instant(int64(rapid.IntRange(-5*1440, 30*1440).Draw(t, "from"))*minuteMicros)
		length := rapid.SampledFrom([]int{0, 1, 45, 1440, 4000, 12000}).Draw(t, "for")
		k.Pauses = append(k.Pauses, Pause{From: from, To: from + Instant(int64(length)*minuteMicros)})
	}
	return k
}

func TestDueAgainstTranscription(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	rapid.Check(t, func(t *rapid.T) {
		k := drawClock(t)
		if k.Term.Basis == WorkingHour || k.Term.Basis == EmergencyDay {
			k.Term.Length = min(k.Term.Length, 12) // the slow one walks every minute
		}
		d, err := s.Due(k)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := shown(k.Term.Basis, d), slowDue(s.Calendar, k); got != want {
			t.Fatalf("%+v from %s: due %s, slowly %s", k, k.Start, got, want)
		}
	})
}

func TestDueLaws(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	rapid.Check(t, func(t *rapid.T) {
		k := drawClock(t)
		d, err := s.Due(k)
		if err != nil {
			t.Fatal(err)
		}
		if d.End <= k.Start {
			t.Fatalf("due %s is not after the start %s", d.End, k.Start)
		}
		longer := k
		longer.Term.Length++
		if l, _ := s.Due(longer); l.End < d.End {
			t.Fatalf("one more is due earlier: %s < %s", l.End, d.End)
		}
		unpaused := k
		unpaused.Pauses = nil
		if u, _ := s.Due(unpaused); u.End > d.End {
			t.Fatalf("without pauses it is due later: %s > %s", u.End, d.End)
		}
		later := k
		later.Start += Instant(dayMicros)
		if l, _ := s.Due(later); len(k.Pauses) == 0 && l.End < d.End {
			t.Fatalf("a day later it is due earlier: %s < %s", l.End, d.End)
		}
	})
}
