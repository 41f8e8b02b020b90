//go:build !race

package bihuan

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// decisionHeadings are the parts of every decision, in order.
var decisionHeadings = []string{"## Context", "## Decision", "## What gets better", "## What gets worse"}

// TestDecisions keeps the index of docs/decisions true: it lists every record once, by
// number and title, and every record has its four parts with something in each.
func TestDecisions(t *testing.T) {
	const dir = "docs/decisions"
	index := read(t, filepath.Join(dir, "README.md"))
	records, err := filepath.Glob(filepath.Join(dir, "[0-9]*.md"))
	if err != nil || len(records) == 0 {
		t.Fatalf("no decisions found: %v", err)
	}
	numbers := map[string]string{}
	for _, file := range records {
		base, text := filepath.Base(file), read(t, file)
		number := base[:4]
		if other := numbers[number]; other != "" {
			t.Errorf("%s and %s have the same number", other, base)
		}
		numbers[number] = base
		first, _, _ := strings.Cut(text, "\n")
		title, ok := strings.CutPrefix(first, "# "+number+": ")
		if !ok {
			t.Errorf("%s begins with %q instead of “# %s: title”", base, first, number)
			continue
		}
		if row := "| [" + number + "](" + base + ") | " + title + " |"; strings.Count(index, row) != 1 {
			t.Errorf("the index of %s lacks the row %s", dir, row)
		}
		for _, fault := range faultsOfDecision(text) {
			t.Errorf("%s: %s", base, fault)
		}
	}
	last := ""
	for _, m := range regexp.MustCompile(`\]\((\d{4}[^)]*)\)`).FindAllStringSubmatch(index, -1) {
		if m[1] <= last {
			t.Errorf("the index of %s names %s behind %s", dir, m[1], last)
		}
		last = m[1]
		if numbers[m[1][:4]] != m[1] {
			t.Errorf("the index of %s names %s, which is not there", dir, m[1])
		}
	}
}

// TestDecisionFaults plants each fault that TestDecisions is there to find.
func TestDecisionFaults(t *testing.T) {
	good := "# 0009: x\n\n## Context\n\na\n\n## Decision\n\nb\n\n## What gets better\n\nc\n\n## What gets worse\n\nd\n"
	tests := []struct {
		name, text string
		faults     int
	}{
		{"a whole record has no fault", good, 0},
		{"a missing heading is found", strings.Replace(good, "## Decision\n\n", "", 1), 1},
		{"an empty part is found", strings.Replace(good, "\nd\n", "", 1), 1},
		{"a part out of order is found", strings.Replace(strings.Replace(good, "## Context", "## Decision", 1), "## Decision\n\nb", "## Context\n\nb", 1), 1},
	}
	for _, tt := range tests {
		if got := faultsOfDecision(tt.text); len(got) != tt.faults {
			t.Errorf("%s: got %q, want %d faults", tt.name, got, tt.faults)
		}
	}
}

func faultsOfDecision(text string) (faults []string) {
	at := 0
	for _, heading := range decisionHeadings {
		i := strings.Index(text[at:], heading+"\n")
		if i < 0 {
			faults = append(faults, "lacks “"+heading+"”, or has it out of order")
			continue
		}
		at += i + len(heading)
		part, _, _ := strings.Cut(text[at:], "\n## ")
		if strings.TrimSpace(part) == "" {
			faults = append(faults, "has nothing under “"+heading+"”")
		}
	}
	return faults
}
