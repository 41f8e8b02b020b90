// Package bar is how a test tells that it has shown a promise of the bar: a row such as V-01 of the promises that we
// make under crash, attack and bad input. ./check gathers what was told into one table.
package bar

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// Mark stands before each line that [Report] logs.
const Mark = "bar "

var id = regexp.MustCompile(`^[A-Z]-\d\d$`)

// Report logs what a test has shown of the row id: a sentence with its counts, such as "500 tamperings, 500 found".
// A test that has failed reports nothing, and an id that is none of a row fails the test.
func Report(t testing.TB, row, format string, args ...any) {
	t.Helper()
	if !id.MatchString(row) {
		t.Fatalf("%q is no row of the bar", row)
	}
	if !t.Failed() {
		t.Logf("%s%s: %s", Mark, row, fmt.Sprintf(format, args...))
	}
}

// Nightly reports whether the longer counts are asked for: BIHUAN_NIGHTLY is set.
func Nightly() bool { return os.Getenv("BIHUAN_NIGHTLY") != "" }

// Count returns how often a test tries what it shows: every on each day, night with BIHUAN_NIGHTLY, and whatever BIHUAN_COUNT says of the one test
// that is run by its name. Anything there but a number above zero panics: a night that counts less than was asked for shows nothing.
func Count(every, night int) int {
	switch asked := os.Getenv("BIHUAN_COUNT"); {
	case asked != "":
		n, err := strconv.Atoi(asked)
		if err != nil || n <= 0 {
			panic("BIHUAN_COUNT is no number above zero: " + asked)
		}
		return n
	case Nightly():
		return night
	}
	return every
}
