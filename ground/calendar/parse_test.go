package calendar

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
)

// TestDateAgainstTime holds the arithmetic of dates against the standard library's.
func TestDateAgainstTime(t *testing.T) {
	for d := MinDate; d <= MaxDate; d += 97 {
		want := time.Date(1, 1, int(d), 0, 0, 0, 0, time.UTC)
		y, m, day := d.Civil()
		if wy, wm, wd := want.Date(); y != wy || m != int(wm) || day != wd || d.Weekday() != want.Weekday() || d.String() != want.Format("2006-01-02") {
			t.Fatalf("day %d is %s %s, the library says %s", d, d, d.Weekday(), want.Format("2006-01-02 Mon"))
		}
		if back := NewDate(y, m, day); back != d {
			t.Fatalf("%s is day %d and %d", d, d, back)
		}
		if end := want.AddDate(0, 1, -day+1).AddDate(0, 0, -1); d.MonthEnd().String() != end.Format("2006-01-02") {
			t.Fatalf("the month of %s ends %s, the library says %s", d, d.MonthEnd(), end)
		}
	}
	if MaxDate.String() != "9999-12-31" || MinDate.String() != "0001-01-01" || Date(0).String() != "" {
		t.Errorf("from %s to %s, none is %q", MinDate, MaxDate, Date(0))
	}
}

func TestInstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := Instant(rapid.Int64Range(-60_000_000_000_000_000, 250_000_000_000_000_000).Draw(t, "instant"))
		if got, want := i.Date().String(), i.Time().Format("2006-01-02"); got != want {
			t.Fatalf("%d is on %s, the library says %s", i, got, want)
		}
		if i.Date().Start()+Instant(i.TimeOfDay()) != i || i.TimeOfDay() < 0 || i.TimeOfDay() >= dayMicros {
			t.Fatalf("%d is %d after midnight of %s", i, i.TimeOfDay(), i.Date())
		}
	})
	for in, want := range map[string]string{
		"2023-01-17":                       "2023-01-17T00:00+08:00",
		"2023-01-17T09:30:00+08:00":        "2023-01-17T09:30+08:00",
		"2023-01-17T01:30:00Z":             "2023-01-17T09:30+08:00",
		"2023-01-16T20:30:00.123456-05:00": "2023-01-17T09:30+08:00",
		"2023-01-17T09:30:00":              "2023-01-17T09:30+08:00",
		"2023-01-17T09:30":                 "2023-01-17T09:30+08:00",
		"2023-01-17T09:30+08:00":           "2023-01-17T09:30+08:00",
		"2023-01-17t09:30:59z":             "2023-01-17T17:30+08:00",
	} {
		if i, err := ParseInstant(in); err != nil || i.String() != want {
			t.Errorf("%s = %s, %v, want %s", in, i, err, want)
		}
	}
	for _, bad := range []string{"", "T", "2023-1-17", "2023-01-17 09:30", "2023-02-30T09:30", "2023-01-17T24:30", "0001-01-01T00:00:00+14:00", "明天"} {
		if i, err := ParseInstant(bad); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q = %s, %v, want ErrInvalid", bad, i, err)
		}
	}
}

func TestOffice(t *testing.T) {
	for in, want := range map[string]string{
		"08:30-11:30,13:00-17:00":              "08:30-11:30,13:00-17:00 420",
		"09:00-12:00, 12:00-17:30":             "09:00-17:30 510",
		"00:00-24:00":                          "00:00-24:00 1440",
		"08:00-08:01":                          "08:00-08:01 1",
		"08:00-09:00,10:00-11:00, 12:00-13:00": "08:00-09:00,10:00-11:00,12:00-13:00 180",
	} {
		o, err := ParseOffice(in)
		if got := fmt.Sprint(o, " ", o.Minutes()); err != nil || got != want {
			t.Errorf("%s = %s, %v, want %s", in, got, err, want)
		}
	}
	if got := (Office{}).String(); got != "08:30-11:30,13:00-17:00" {
		t.Errorf("the zero office has %s", got)
	}
	for bad, reason := range map[string]string{
		"":                                 "not written HH:MM-HH:MM",
		"8:30-11:30":                       "not written HH:MM-HH:MM",
		"08:30":                            "not written HH:MM-HH:MM",
		"08:30-24:01":                      "not written HH:MM-HH:MM",
		"08:60-11:30":                      "not written HH:MM-HH:MM",
		"11:30-08:30":                      "end before they begin",
		"08:30-08:30":                      "end before they begin",
		"08:30-11:30,11:00-17:00":          "before the interval ahead of them ends",
		"13:00-17:00,08:30-11:30":          "before the interval ahead of them ends",
		strings.Repeat("00:00-00:01,", 30): "31 intervals",
	} {
		if _, err := ParseOffice(bad); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: %v, want %s", bad, err, reason)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, v := range []struct{ name, table, want string }{
		{"nothing", "", "holiday table: empty: invalid"},
		{"another header", "date,name,isOff,notice\n", `holiday table: line 1: column 3 is "isOff", not "off": invalid`},
		{"too few columns", "date,name,off,notice\n2023-01-01,元旦\n", "holiday table: line 2: wrong number of fields: invalid"},
		{"a date that does not exist", "date,name,off,notice\n2023-02-30,元旦,true,n\n", `holiday table: line 2: date "2023-02-30" does not exist: invalid`},
		{"no name", "date,name,off,notice\n2023-01-01,,true,n\n", "holiday table: line 2: 2023-01-01 has no name: invalid"},
		{"a word that is no truth", "date,name,off,notice\n2023-01-01,元旦,休,n\n", `holiday table: line 2: off is "休", neither yes nor no: invalid`},
		{"two faults at once", "date,name,off,notice\nx,元旦,true,n\n2023-01-01,元旦,,n\n",
			"holiday table: line 2: date \"x\" is not written YYYY-MM-DD: invalid\nholiday table: line 3: off is \"\", neither yes nor no: invalid"},
		{"a contradiction", "date,name,off,notice\n2023-01-01,元旦,true,n\n2023-01-01,元旦,false,n\n", "two rows for 2023-01-01: invalid"},
	} {
		_, err := Parse([]byte(v.table))
		if !errors.Is(err, fault.ErrInvalid) || err.Error() != v.want {
			t.Errorf("%s:\n got %v\nwant %s", v.name, err, v.want)
		}
	}
}

// TestNoticesAreNamed: each row of the shipped table names its notice in the one written form.
func TestNoticesAreNamed(t *testing.T) {
	for _, d := range load(t).days {
		if !strings.HasPrefix(d.Notice, "国办发明电〔20") || !strings.HasSuffix(d.Notice, "号") {
			t.Errorf("%s %s: notice %q", d.Date, d.Name, d.Notice)
		}
	}
	for y := 2018; y <= 2026; y++ {
		if !load(t).Covers(y) {
			t.Errorf("%d is not covered", y)
		}
	}
}

func TestJSON(t *testing.T) {
	type all struct {
		D Date
		O Office
		C Clock
	}
	in := all{NewDate(2023, 1, 17), Office{}, Clock{Start: 5, Term: Term{Month, 3}, Pauses: []Pause{{From: 7}}}}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"D":"2023-01-17","O":"08:30-11:30,13:00-17:00","C":{"start":5,"term":{"basis":"month","length":3},"pauses":[{"from":7}]}}`
	if string(b) != want {
		t.Errorf("written %s, want %s", b, want)
	}
	var out all
	if err := json.Unmarshal(b, &out); err != nil || out.D != in.D || out.O.String() != in.O.String() || out.C.Term != in.C.Term {
		t.Errorf("read again %+v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"D":"17 January"}`), &out); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a bad date: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	table, err := os.ReadFile("../../packs/cn/records/holidays.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(table[:400]), "2023-01-17T09:30:00+08:00", "08:30-11:30,13:00-17:00", 20)
	f.Add("date,name,off,notice\n", "2023-01-17", "00:00-24:00", -1)
	f.Add("date,name,off,notice\n9999-12-31,\"a\nb\",true,\n", "9999-12-31T23:59:59Z", "00:00-00:01", 100_000)
	f.Fuzz(func(t *testing.T, table, at, office string, n int) {
		c, _ := Parse([]byte(table))
		start, err := ParseInstant(at)
		if err == nil {
			if again, err := ParseInstant(start.Time().Format(time.RFC3339Nano)); err != nil || again != start {
				t.Fatalf("%q is %d and then %d, %v", at, start, again, err)
			}
		}
		o, err := ParseOffice(office)
		if err == nil {
			if again, err := ParseOffice(o.String()); err != nil || again.String() != o.String() {
				t.Fatalf("%q is %s and then %s, %v", office, o, again, err)
			}
		}
		s := Schedule{c, o}
		for _, b := range Bases() {
			if d, err := s.Due(Clock{Start: start, Term: Term{b, n}}); err == nil && d.End <= start {
				t.Fatalf("%d %s from %s end %s", n, b, start, d.End)
			}
		}
	})
}
