//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package rule

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bihuan/ground/fault"
	"bihuan/internal/bar"
)

// TestBar_I09_CostIsBounded: 2,000³ steps of nested all, and what else we found to be
// slow, are stopped or refused in bounded time.
func TestBar_I09_CostIsBounded(t *testing.T) {
	s := siteSchema(t)
	keys := make([]string, 2000)
	for i := range keys {
		keys[i] = fmt.Sprintf("u%d", i)
	}
	facts := without(site)
	facts["helpers"] = strings.Join(keys, " ")
	ones := "[" + strings.Repeat("1,", 500) + "1]"
	tried, slowest := 0, time.Duration(0)
	for name, source := range map[string]string{
		"three loops over 2,000 units":   `helpers.all(x, helpers.all(y, helpers.all(z, x != "" || y != z)))`,
		"four loops over 2,000 units":    strings.Repeat("helpers.exists(x, ", maxLoops) + "urgent" + strings.Repeat(")", maxLoops),
		"three loops over written lists": strings.Repeat(ones+".all(x, ", 3) + "true)))",
		"texts that double":              `helpers.map(x, x + x).map(x, x + x).map(x, x + x + x + x).all(x, helpers.all(y, (x + y).contains("zz")))`,
		"450 parts":                      strings.TrimSuffix(strings.Repeat("urgent&&", 450), "&&"),
		"thousands of brackets":          strings.Repeat("(", MaxSource),
		"a long sum":                     strings.Repeat("1.5+", 900) + "1.5 > 0.0",
		"a list in a list in a list":     strings.Repeat("[1.5].map(x, ", 50) + "urgent" + strings.Repeat(")", 50) + " == []",
	} {
		start := time.Now()
		r, err := Compile(source, s)
		compiled := time.Since(start)
		if err == nil {
			_, err = r.Eval(facts)
		}
		took := time.Since(start) - compiled
		t.Logf("%s: compiled in %v, answered in %v: %.60v", name, compiled, took, err)
		if err != nil && !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v wraps no kind", name, err)
		}
		if strings.Contains(name, "2,000") && !strings.Contains(fmt.Sprint(err), "cost limit") {
			t.Errorf("%s: %v, want the cost limit", name, err)
		}
		if compiled+took > 5*time.Second { // far above the usual, so that a busy machine does not fail it
			t.Errorf("%s: took %v", name, compiled+took)
		}
		tried, slowest = tried+1, max(slowest, compiled+took)
	}
	bar.Report(t, "I-09", "%d rules made to cost, each refused or stopped at its limit; the slowest %v", tried, slowest.Round(time.Millisecond))
}
