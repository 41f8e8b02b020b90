package calendar

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
)

// load reads the table that the product ships.
func load(t testing.TB) *Calendar {
	t.Helper()
	table, err := os.ReadFile("../../packs/cn/records/holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse(table)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func date(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func moment(t testing.TB, s string) Instant {
	t.Helper()
	i, err := ParseInstant(s)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// TestAddWorking has vectors that were computed from the published notices by hand.
func TestAddWorking(t *testing.T) {
	c := load(t)
	for _, v := range []struct {
		why, start string
		n          int
		want       string
	}{
		{"New Year", "2022-12-19", 20, "2023-01-17"},
		{"Spring Festival, 28 and 29 January are working weekend days", "2023-01-18", 5, "2023-01-30"},
		{"Spring Festival and three weeks more", "2023-01-18", 20, "2023-02-20"},
		{"a make-up Saturday", "2023-01-20", 1, "2023-01-28"},
		{"a make-up Sunday", "2023-04-21", 1, "2023-04-23"},
		{"Labour Day", "2023-04-27", 3, "2023-05-05"},
		{"Dragon Boat, Sunday 25 June works", "2023-06-21", 2, "2023-06-26"},
		{"National Day, 7 and 8 October work", "2023-09-27", 5, "2023-10-10"},
		{"National Day, the first day after", "2023-09-28", 1, "2023-10-07"},
		{"Saturday 7 May works", "2022-04-29", 5, "2022-05-10"},
		{"the make-up Saturday after National Day", "2022-09-30", 1, "2022-10-08"},
		{"nothing to add", "2023-10-01", 0, "2023-10-01"},
		{"one working day back", "2023-10-07", -1, "2023-09-28"},
		{"from a day off, back", "2023-10-03", -1, "2023-09-28"},
	} {
		got, provisional := c.AddWorking(date(t, v.start), v.n)
		if got.String() != v.want || provisional {
			t.Errorf("%s: %s %+d = %s, provisional %v, want %s", v.why, v.start, v.n, got, provisional, v.want)
		}
	}
}

func TestWorkingDaysOfAYear(t *testing.T) {
	c := load(t)
	for year, want := range map[int]int{2022: 249, 2023: 249} {
		if got := c.WorkingBetween(NewDate(year, 1, 1)-1, NewDate(year, 12, 31)); got != want {
			t.Errorf("%d has %d working days, want %d", year, got, want)
		}
	}
}

func TestProvisional(t *testing.T) {
	c := load(t)
	var early []Day // as it was before the notices of 2019 and later were out
	for _, d := range c.days {
		if d.Notice == "国办发明电〔2017〕12号" {
			early = append(early, d)
		}
	}
	old, err := New(early, []int{2018})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		name                 string
		cal                  *Calendar
		date                 string
		working, provisional bool
	}{
		{"an ordinary Wednesday", c, "2023-10-11", true, false},
		{"a holiday", c, "2023-10-02", false, false},
		{"a make-up Saturday", c, "2023-10-07", true, false},
		{"the last day of the last notice, its New Year a Friday", c, "2026-12-31", true, false},
		{"the first day without a notice", c, "2027-01-01", true, true},
		{"a weekend without a notice", c, "2027-01-02", false, true},
		{"a day before the first notice", c, "2017-12-29", true, true},
		{"28 December before a New Year on Tuesday", old, "2018-12-28", true, false},
		{"29 December before a New Year on Tuesday, worked in the end", old, "2018-12-29", false, true},
		{"31 December before a New Year on Tuesday, off in the end", old, "2018-12-31", true, true},
		{"the same day once the notice is out", c, "2018-12-31", false, false},
		{"no calendar at all", nil, "2023-10-02", true, true},
	} {
		working, provisional := v.cal.IsWorking(date(t, v.date))
		if working != v.working || provisional != v.provisional {
			t.Errorf("%s: %s working %v provisional %v, want %v %v", v.name, v.date, working, provisional, v.working, v.provisional)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	day := func(s string, off bool) Day { return Day{Date: date(t, s), Name: "元旦", Off: off} }
	for _, v := range []struct {
		name  string
		days  []Day
		years []int
	}{
		{"two rows that contradict", []Day{day("2023-01-01", true), day("2023-01-01", false)}, nil},
		{"a row without a date", []Day{{Name: "元旦"}}, nil},
		{"a year with a slip of the pen", []Day{day("2023-01-01", true), day("2230-01-01", true)}, nil},
		{"the year zero", nil, []int{0}},
	} {
		if _, err := New(v.days, v.years); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: error %v, want ErrInvalid", v.name, err)
		}
	}
	if _, err := New([]Day{day("2023-01-01", true), day("2023-01-01", true)}, nil); err != nil {
		t.Errorf("the same row twice: %v", err)
	}
}

// TestWorkingAgainstTranscription holds the tables against a walk from day to day with the
// standard library's dates, the rule as a child would apply it.
func TestWorkingAgainstTranscription(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		start := NewDate(2015, 1, 1) + Date(rapid.IntRange(0, 15*365).Draw(t, "start"))
		n := rapid.IntRange(-600, 600).Draw(t, "n")
		got, _ := c.AddWorking(start, n)
		if want := slowAdd(c, start, n); got != want {
			t.Fatalf("%s %+d = %s, slowly %s", start, n, got, want)
		}
		if n != 0 && start.Year() < 2029 { // the count agrees with the walk
			if counted := c.WorkingBetween(start, got); n > 0 && counted != n {
				t.Fatalf("between %s and %s are %d, want %d", start, got, counted, n)
			}
		}
	})
}

func slowWorks(c *Calendar, t time.Time) bool {
	y, m, d := t.Date()
	if row, spoken := c.Day(NewDate(y, int(m), d)); spoken {
		return !row.Off
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

func slowAdd(c *Calendar, start Date, n int) Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	at, _ := time.Parse("2006-01-02", start.String())
	for n > 0 {
		at = at.AddDate(0, 0, step)
		if slowWorks(c, at) {
			n--
		}
	}
	y, m, d := at.Date()
	return NewDate(y, int(m), d)
}

func TestWorkingLaws(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		start := NewDate(2010, 1, 1) + Date(rapid.IntRange(0, 25*365).Draw(t, "start"))
		n := rapid.IntRange(1, 2000).Draw(t, "n")
		there, _ := c.AddWorking(start, n)
		if works, _ := c.IsWorking(start); works {
			if back, _ := c.AddWorking(there, -n); back != start {
				t.Fatalf("%s %+d %+d = %s: added and taken away do not cancel", start, n, -n, back)
			}
		}
		if more, _ := c.AddWorking(start, n+1); more <= there {
			t.Fatalf("%s +%d = %s is not after +%d = %s", start, n+1, more, n, there)
		}
		if later, _ := c.AddWorking(start+1, n); later < there {
			t.Fatalf("starting a day later ends earlier: %s < %s", later, there)
		}
		latest, _ := c.LatestStart(there, n)
		fits, _ := c.AddWorking(latest, n)
		late, _ := c.AddWorking(latest+1, n)
		if fits > there || late <= there || latest < start {
			t.Fatalf("latest start for %d before %s is %s: it gives %s, a day later gives %s", n, there, latest, fits, late)
		}
	})
}

func TestBackward(t *testing.T) {
	c := load(t)
	starts, provisional := c.Backward(date(t, "2023-10-10"), []int{3, 5, 2})
	want := []string{"2023-09-20", "2023-09-25", "2023-10-08"}
	for i, w := range want {
		if starts[i].String() != w {
			t.Errorf("step %d starts %s, want %s", i, starts[i], w)
		}
	}
	if provisional {
		t.Error("a plan within 2023 is provisional")
	}
	if _, p := c.Backward(date(t, "2027-01-08"), []int{5, 20}); !p {
		t.Error("a plan into 2027 is not provisional")
	}
}

// TestSharedHolidays holds our table against one gathered by others from the same notices.
func TestSharedHolidays(t *testing.T) {
	const other = "../../../shared/data/codes/holidays_cn_2018_2026.csv"
	f, err := os.Open(other)
	if err != nil {
		t.Skipf("NOT COMPARED: the holiday table of others is not there (%s)", filepath.Base(other))
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	c := load(t)
	if len(rows)-1 != len(c.days) {
		t.Errorf("they have %d rows, we have %d", len(rows)-1, len(c.days))
	}
	for _, row := range rows[1:] {
		d, ok := c.Day(date(t, row[0]))
		if !ok || d.Name != row[1] || d.Off != (row[2] == "holiday") || d.Notice == "" {
			t.Errorf("%s: they have %q %s, we have %+v", row[0], row[1], row[2], d)
		}
	}
}

func BenchmarkAddWorking20(b *testing.B) {
	c := load(b)
	start := date(b, "2022-12-19")
	for b.Loop() {
		c.AddWorking(start, 20)
	}
}

func BenchmarkDueWorking20(b *testing.B) {
	s := Schedule{Calendar: load(b)}
	clock := Clock{Start: moment(b, "2022-12-19"), Term: Term{WorkingDay, 20}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Due(clock); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStandingWithPause(b *testing.B) {
	s := Schedule{Calendar: load(b)}
	clock := Clock{Start: moment(b, "2022-12-19"), Term: Term{WorkingDay, 20},
		Pauses: []Pause{{From: moment(b, "2023-01-03"), To: moment(b, "2023-01-10")}}}
	now := moment(b, "2023-01-12T10:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Standing(clock, now, Warning{}); err != nil {
			b.Fatal(err)
		}
	}
}
