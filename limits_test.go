//go:build !race

package bihuan

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestLimits holds docs/limits.md against the constants that it names: each stands where it says, with the value that it says.
func TestLimits(t *testing.T) {
	seen := 0
	for _, row := range tableRows(t, "docs/limits.md") {
		if len(row) != 4 || !strings.HasPrefix(row[2], "`") {
			continue
		}
		value, where := ticked(row[1]), ticked(row[2])
		if len(value) != 1 || len(where) != 2 {
			t.Errorf("%s: the row names no value and no place", row[0])
			continue
		}
		source, err := os.ReadFile(where[0])
		if err != nil {
			t.Errorf("%s: %v", row[0], err)
			continue
		}
		stands := regexp.MustCompile(`(?m)^\s*(?:const )?` + regexp.QuoteMeta(where[1]) + `\s*=\s*([^/\n]+?)\s*(?://.*)?$`).FindSubmatch(source)
		if stands == nil || string(stands[1]) != value[0] {
			t.Errorf("%s: %s in %s is %s, the document says %s", row[0], where[1], where[0], stands, value[0])
		}
		seen++
	}
	if seen < 50 {
		t.Errorf("only %d limits: the test has looked at too little", seen)
	}
}
