package matter_test

import (
	"cmp"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

const (
	minute = int64(60_000_000)
	hour   = 60 * minute
)

// drawEnv draws holidays and make-up days around the spring of 2023.
func drawEnv(t *rapid.T) Env {
	first := calendar.NewDate(2023, 2, 1)
	var days []calendar.Day
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 150), 0, 25, rapid.ID).Draw(t, "holidays") {
		d := first + calendar.Date(n)
		days = append(days, calendar.Day{Date: d, Name: "holiday", Off: !d.IsWeekend(), Notice: "n"})
	}
	cal, err := calendar.New(days, []int{2022, 2023, 2024, 2025})
	if err != nil {
		t.Fatal(err)
	}
	return Env{Calendar: cal, Supervision: "watch"}
}

// drawClockKind draws a clock with a length or a date, and a ladder of four rungs.
func drawClockKind(t *rapid.T, dated bool) *Kind {
	k := job()
	ck := k.Clock("work")
	ck.Basis = rapid.SampledFrom(calendar.Bases()).Draw(t, "basis")
	ck.Length = rapid.IntRange(1, 30).Draw(t, "length")
	ck.Extend.Most = 20
	if dated {
		ck.Basis = rapid.SampledFrom([]calendar.Basis{calendar.CalendarDay, calendar.WorkingDay}).Draw(t, "basis of a date")
		ck.Until, ck.Length, ck.Extend.Most = "due", 0, 400
	}
	for i := range k.Ladders[1].Rungs {
		r := &k.Ladders[1].Rungs[i]
		r.Used, r.Before, r.After = 0, 0, 0
		n := rapid.IntRange(0, 12).Draw(t, fmt.Sprint("rung ", i))
		switch rapid.IntRange(0, 2).Draw(t, fmt.Sprint("rung kind ", i)) {
		case 0:
			r.Used = n * 10 // up to 120 %
		case 1:
			r.Before = n
		case 2:
			r.After = n
		}
	}
	k.Acts[0].Clocks = starts("work")
	k.Act("tell").Clocks, k.Act("redo").Clocks, k.Act("alter").Clocks = nil, nil, nil
	k.Act("take").Clocks, k.Act("longer").Clocks = nil, effects(Lengthen, "work")
	k.Act("wait").Clocks, k.Act("on").Clocks = effects(Hold, "work"), effects(Go, "work")
	return k
}

// walk takes a matter with one clock through pauses, resumptions and extensions, and calls look between them at drawn
// instants with the clock as it stands then.
func walk(t *rapid.T, dated bool, look func(k *Kind, c *Clock, now int64, env Env)) {
	tr := &trail{t: t, k: drawClockKind(t, dated), env: drawEnv(t)}
	now := at("2023-02-10") + rapid.Int64Range(0, 20*24).Draw(t, "start")*hour
	due := calendar.Instant(now).Date() + calendar.Date(rapid.IntRange(0, 60).Draw(t, "due"))
	do := func(act string, who name.Actor, with ...func(*Command)) error {
		_, err := tr.do(act, who, calendar.Instant(now).String(), with...)
		return err
	}
	if err := do("file", chen, form("title", "x", "unit", "roads", "due", due.String())); err != nil {
		t.Fatal(err)
	}
	if err := do("take", lin); err != nil {
		t.Fatal(err)
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "steps") {
		until := now + rapid.Int64Range(0, 12*24*60).Draw(t, fmt.Sprint("wait ", i))*minute
		for j := range 3 {
			look(tr.k, tr.m.Clock("work"), rapid.Int64Range(now, until).Draw(t, fmt.Sprint("look ", i, ".", j)), tr.env)
		}
		now = until
		var err error
		switch {
		case tr.m.State == "waiting" && rapid.Bool().Draw(t, "resume"):
			err = do("on", lin)
		case rapid.IntRange(0, 3).Draw(t, "extend") == 0:
			d, _ := calendar.ParseDate(tr.m.Fields["due"])
			err = do("longer", gao, because("x"), moreUnits(rapid.IntRange(1, 20).Draw(t, "units")), until2(d+7))
		case tr.m.State == "doing":
			err = do("wait", lin, because("x"), code("frost"))
		}
		if err != nil && !isRefused(err, "extension-used") {
			t.Fatal(err)
		}
	}
	for j := range 4 {
		look(tr.k, tr.m.Clock("work"), now+rapid.Int64Range(0, 60*24*60).Draw(t, fmt.Sprint("last ", j))*minute, tr.env)
	}
}

func until2(d calendar.Date) func(*Command) { return until(d.String()) }

// TestLightIsTheCalendarsStanding: the light of a clock with a length, which needs no calendar, is the one that the
// calendar's own standing shows, at every instant, whatever was paused, resumed and extended before.
func TestLightIsTheCalendarsStanding(t *testing.T) {
	seen := map[Light]int{}
	rapid.Check(t, func(t *rapid.T) {
		walk(t, false, func(k *Kind, c *Clock, now int64, env Env) {
			clock, _ := c.Running(k.Clock("work"))
			st, err := (calendar.Schedule{Calendar: env.Calendar, Office: env.Office}).Standing(clock, calendar.Instant(now), calendar.Warning{})
			if err != nil {
				t.Fatal(err)
			}
			seen[c.Light(now)]++
			if c.Light(now) != Light(st.Light) {
				t.Fatalf("at %s the clock is %s, its standing %s (%s): %+v", day(now), c.Light(now), st.Light, st.In("en"), c)
			}
		})
	})
	for _, l := range []Light{Grey, Green, Yellow, Red} {
		if seen[l] == 0 {
			t.Errorf("no clock was ever %s: %v", l, seen)
		}
	}
}

// TestLightOfADate holds a clock that ends with a date against a slow reading of docs/clocks.md.
func TestLightOfADate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		walk(t, true, func(k *Kind, c *Clock, now int64, env Env) {
			if got, want := c.Light(now), slowLight(c, now, env.Calendar); got != want {
				t.Fatalf("at %s the clock is %s, want %s: %+v", day(now), got, want, c)
			}
		})
	})
}

func slowLight(c *Clock, now int64, cal *calendar.Calendar) Light {
	due, _ := calendar.ParseDate(c.Until)
	over := func(at int64) bool { return calendar.Instant(at).Date() > due }
	if c.IsPaused() {
		if over(c.Pauses[len(c.Pauses)-1].From) {
			return Red
		}
		return Grey
	}
	today, start := calendar.Instant(now).Date(), calendar.Instant(c.Started).Date()
	working := 0
	for d := today + 1; d <= due; d++ {
		if w, _ := cal.IsWorking(d); w {
			working++
		}
	}
	switch {
	case over(now):
		return Red
	case 10*int(today-start) >= 8*int(due-start), working <= 1:
		return Yellow
	}
	return Green
}

// TestRungsFireWhenTheyHold: each rung's instant is the first at which its condition holds by the calendar's standing.
func TestRungsFireWhenTheyHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		walk(t, false, func(k *Kind, c *Clock, _ int64, env Env) {
			if c.IsPaused() {
				return
			}
			clock, _ := c.Running(k.Clock("work"))
			s := calendar.Schedule{Calendar: env.Calendar, Office: env.Office}
			for i, r := range k.Ladders[1].Rungs {
				holds := func(at int64) bool {
					st, err := s.Standing(clock, calendar.Instant(at), calendar.Warning{})
					if err != nil {
						t.Fatal(err)
					}
					return holdsRung(&r, &st, clock.Term.Basis)
				}
				since := c.Started // or when it went on last: what holds by then fires then
				if n := len(c.Pauses); n > 0 {
					since = c.Pauses[n-1].To
				}
				if when := max(c.Rungs[i].At, since); !holds(when) || when > since && holds(when-1) {
					t.Fatalf("rung %+v at %s: holds then %v, just before %v; clock %+v", r, day(when), holds(when), holds(when-1), c)
				}
			}
		})
	})
}

func holdsRung(r *Rung, st *calendar.Standing, b calendar.Basis) bool {
	switch {
	case r.After > 0:
		return st.Overdue && compare(st.Over, b, r.After) >= 0
	case r.Used > 0:
		return st.Used*100 >= st.Total*int64(min(r.Used, 100))
	}
	return compare(st.Left, b, r.Before) <= 0
}

// compare compares an amount with n units of its basis.
func compare(a calendar.Amount, b calendar.Basis, n int) int {
	switch b {
	case calendar.Month:
		return cmp.Or(cmp.Compare(a.Months, n), cmp.Compare(a.Days, 0))
	case calendar.WorkingDay, calendar.CalendarDay:
		return cmp.Compare(a.Days, n)
	case calendar.EmergencyDay:
		return cmp.Or(cmp.Compare(a.Days, n), cmp.Compare(a.Micros, 0))
	}
	return cmp.Compare(a.Micros, int64(n)*hour)
}
