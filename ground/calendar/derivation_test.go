package calendar

import (
	"flag"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/name"
)

var update = flag.Bool("update", false, "renew the golden files")

// TestDerivationGolden shows derivations that bihuan clock cannot ask for: reasons, open
// pauses, extensions.
func TestDerivationGolden(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	hearing := name.Text{ZH: "听证", EN: "hearing"}
	var b strings.Builder
	for _, v := range []struct {
		title string
		clock Clock
	}{
		{"a licence, paused for a hearing and extended", Clock{Start: moment(t, "2022-12-19"), Term: Term{WorkingDay, 20},
			Pauses: []Pause{{From: moment(t, "2022-12-28T09:00"), To: moment(t, "2023-01-04T16:00"), Reason: hearing}}, Extensions: []int{10}}},
		{"a petition, extended once", Clock{Start: moment(t, "2023-08-02"), Term: Term{CalendarDay, 60}, Extensions: []int{30}}},
		{"a pause that goes on", Clock{Start: moment(t, "2023-03-01"), Term: Term{WorkingDay, 15}, Pauses: []Pause{{From: moment(t, "2023-03-13T10:00"), Reason: hearing}}}},
		{"a last day moved into a pause", Clock{Start: moment(t, "2023-03-01"), Term: Term{CalendarDay, 10}, Pauses: []Pause{{From: moment(t, "2023-03-13"), To: moment(t, "2023-03-15"), Reason: hearing}}}},
		{"months from the end of a month, paused", Clock{Start: moment(t, "2022-12-31"), Term: Term{Month, 2}, Pauses: []Pause{{From: moment(t, "2023-01-10"), To: moment(t, "2023-01-13"), Reason: hearing}}}},
		{"nine hours from lunch", Clock{Start: moment(t, "2023-09-28T12:10"), Term: Term{WorkingHour, 9}}},
		{"800 working days, into years without notice", Clock{Start: moment(t, "2026-11-02"), Term: Term{WorkingDay, 800}}},
	} {
		d, err := s.Derive(v.clock)
		if err != nil {
			t.Fatalf("%s: %v", v.title, err)
		}
		for _, lang := range []string{"zh", "en"} {
			b.WriteString("# " + v.title + "\n" + strings.Join(d.Lines(lang), "\n") + "\n\n")
		}
	}
	const golden = "testdata/derivations.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("derivations differ from %s (renew with -update):\n%s", golden, b.String())
	}
}

// TestDerivationAddsUp: what the steps count is the length, and steps of working days tell
// each day after the start up to the due once and only once.
func TestDerivationAddsUp(t *testing.T) {
	s := Schedule{Calendar: load(t)}
	rapid.Check(t, func(t *rapid.T) {
		c := drawClock(t)
		d, err := s.Derive(c)
		if err != nil {
			t.Fatal(err)
		}
		due, err := s.Due(c)
		if err != nil || due != d.Deadline {
			t.Fatalf("derived %+v, due %+v, %v", d.Deadline, due, err)
		}
		var micros int64
		days, at := 0, c.Start.Date()+1
		for _, st := range d.Steps {
			counts := st.Kind == StepCounted || st.Kind == StepMakeUp
			if counts {
				micros += st.Count.Micros + int64(st.Count.Days)*dayMicros
			}
			if st.Nth > 0 {
				days += st.NthLast - st.Nth + 1
			}
			if c.Term.Basis == WorkingDay && st.Kind != StepStart && st.Kind != StepDue {
				if st.First != at || st.Last < st.First {
					t.Fatalf("step %s to %s does not begin on %s: %v", st.First, st.Last, at, d.Lines("en"))
				}
				if length := int(st.Last - st.First + 1); counts && length != st.NthLast-st.Nth+1+st.Weekend {
					t.Fatalf("step %s to %s counts %d to %d: %v", st.First, st.Last, st.Nth, st.NthLast, d.Lines("en"))
				}
				at = st.Last + 1
			}
		}
		switch c.Term.Basis {
		case WorkingDay:
			if days != c.Term.Length || at != d.Deadline.Due+1 {
				t.Fatalf("%d days told up to %s: %v", days, at-1, d.Lines("en"))
			}
		case CalendarDay:
			if days != c.Term.Length {
				t.Fatalf("%d days told: %v", days, d.Lines("en"))
			}
		case WorkingHour, EmergencyHour, EmergencyDay:
			if want := c.Term.Basis.units(0, c.Term.Length); micros != want {
				t.Fatalf("%d of %d microseconds told: %v", micros, want, d.Lines("en"))
			}
		}
		for _, lang := range []string{"zh", "en"} {
			for _, line := range d.Lines(lang) {
				if strings.Contains(line, "%!") || strings.TrimSpace(line) != line || line == "" {
					t.Fatalf("line %q", line)
				}
			}
		}
	})
}
