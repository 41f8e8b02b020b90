package bar

import (
	"fmt"
	"testing"
)

// deaf is a test that only remembers what it was told.
type deaf struct {
	testing.TB
	failed bool
	said   []string
}

func (d *deaf) Helper()                   {}
func (d *deaf) Failed() bool              { return d.failed }
func (d *deaf) Logf(f string, a ...any)   { d.said = append(d.said, fmt.Sprintf(f, a...)) }
func (d *deaf) Fatalf(f string, a ...any) { d.failed = true }

func TestReportSaysTheRowAndItsCounts(t *testing.T) {
	d := &deaf{}
	Report(d, "V-01", "%d tamperings, all found", 500)
	if len(d.said) != 1 || d.said[0] != "bar V-01: 500 tamperings, all found" {
		t.Errorf("said %q", d.said)
	}
}

func TestAFailedTestReportsNothing(t *testing.T) {
	d := &deaf{failed: true}
	if Report(d, "V-01", "all found"); len(d.said) != 0 {
		t.Errorf("said %q", d.said)
	}
}

func TestARowThatDoesNotExistFails(t *testing.T) {
	d := &deaf{}
	if Report(d, "V1", "all found"); !d.failed {
		t.Error("V1 passed for a row")
	}
}

func TestCountsAreThoseOfTheDayOfTheNightOrAsked(t *testing.T) {
	for _, c := range []struct {
		night, asked string
		want         int
	}{{"", "", 5}, {"1", "", 50}, {"", "6", 6}, {"1", "6", 6}} {
		t.Setenv("BIHUAN_NIGHTLY", c.night)
		t.Setenv("BIHUAN_COUNT", c.asked)
		if got := Count(5, 50); got != c.want {
			t.Errorf("by night %q, asked %q: %d, want %d", c.night, c.asked, got, c.want)
		}
	}
	for _, bad := range []string{"0", "-1", "many", "1e3"} {
		t.Setenv("BIHUAN_COUNT", bad)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q counts", bad)
				}
			}()
			Count(5, 50)
		}()
	}
}
