//go:build !race

package bihuan

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// asvsTotal is how many requirements OWASP ASVS 5.0.0 has.
const asvsTotal = 345

// asvsLevels are how many of them are first asked for at level 1, 2 and 3.
var asvsLevels = [3]int{70, 183, 92}

// TestASVS holds docs/asvs.md to itself and to the tree: each number once, one status, evidence that exists, true counts. No requirement is left open.
func TestASVS(t *testing.T) {
	tests := testNames(t)
	id := regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	seen, told, levels := map[string]bool{}, map[string]string{}, map[string]*[3]int{}
	counts := map[string]int{"met": 0, "deviation": 0, "not applicable": 0}
	for _, row := range tableRows(t, "docs/asvs.md") {
		if !id.MatchString(row[0]) {
			told[row[0]] = strings.Join(row[1:], " ")
			continue
		}
		if len(row) != 5 {
			t.Errorf("%s has %d cells instead of 5", row[0], len(row))
			continue
		}
		if seen[row[0]] {
			t.Errorf("%s stands twice", row[0])
		}
		seen[row[0]] = true
		if _, known := counts[row[3]]; !known {
			t.Errorf("%s has the status %q", row[0], row[3])
		}
		counts[row[3]]++
		if levels[row[3]] == nil {
			levels[row[3]] = new([3]int)
		}
		if n, err := strconv.Atoi(row[1]); err != nil || n < 1 || n > 3 {
			t.Errorf("%s has the level %q", row[0], row[1])
		} else {
			levels[row[3]][n-1]++
		}
		if row[4] == "" || row[3] == "met" && len(ticked(row[4])) == 0 {
			t.Errorf("%s is %s without a reason or a proof", row[0], row[3])
		}
		for _, word := range ticked(row[4]) {
			_, err := os.Stat(word)
			if !tests[word] && err != nil {
				t.Errorf("%s names %s, which is neither a test nor a file", row[0], word)
			}
		}
	}
	if len(seen) != asvsTotal {
		t.Errorf("%d requirements instead of %d", len(seen), asvsTotal)
	}
	var all [3]int
	for status, n := range levels {
		if want := fmt.Sprintf("%d %d %d", n[0], n[1], n[2]); told[status] != want {
			t.Errorf("the page counts %q as %s by level; its rows are %s", told[status], status, want)
		}
		for i := range all {
			all[i] += n[i]
		}
	}
	if all != asvsLevels {
		t.Errorf("%v requirements by level instead of %v", all, asvsLevels)
	}
	page := read(t, "docs/asvs.md")
	for status, n := range counts {
		if line := fmt.Sprintf("- %s: %d\n", status, n); !strings.Contains(page, line) {
			t.Errorf("the page does not say %q", line)
		}
	}
}

// TestSecurityNamesTests looks for every test that docs/security.md names.
func TestSecurityNamesTests(t *testing.T) {
	tests := testNames(t)
	for _, word := range ticked(read(t, "docs/security.md")) {
		if strings.HasPrefix(word, "Test") && !tests[word] {
			t.Errorf("docs/security.md names %s, which is not there", word)
		}
	}
}

// TestEveryTableSaysWhatHoldsIt: whoever makes a table says what somebody would gain by writing into it, and what finds that: a test that tampers, or “no” in so
// many words.
func TestEveryTableSaysWhatHoldsIt(t *testing.T) {
	tables := tablesOf(t)
	_, section, _ := strings.Cut(read(t, "docs/security.md"), "\n## With every right over the database")
	section, _, _ = strings.Cut(section, "\n## ")
	told, head := map[string]bool{}, true
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if name := strings.TrimSpace(cells[0]); head {
			head = false
		} else if told[name] || !tables[name] || len(cells) != 4 {
			t.Errorf("%s: it stands twice, or is no table, or has %d cells", name, len(cells))
		} else if told[name] = true; len(ticked(cells[3])) == 0 && !strings.HasPrefix(cells[2], "no") && name != "reach" {
			t.Errorf("%s: %q, and no test shows it", name, cells[2])
		}
	}
	for name := range tables {
		if !told[name] {
			t.Errorf("docs/security.md does not say what somebody gains who writes into the table %s, and what finds that", name)
		}
	}
}

// tablesOf are the tables that the migrations leave.
func tablesOf(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("store/migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d migrations, %v", len(files), err)
	}
	tables := map[string]bool{}
	statement := regexp.MustCompile(`(?m)^(CREATE TABLE|DROP TABLE|ALTER TABLE) (\w+)(?: RENAME TO (\w+))?`)
	for _, f := range files { // in their order
		for _, m := range statement.FindAllStringSubmatch(read(t, f), -1) {
			switch {
			case m[1] == "CREATE TABLE":
				tables[m[2]] = true
			case m[1] == "DROP TABLE":
				delete(tables, m[2])
			case m[3] != "":
				delete(tables, m[2])
				tables[m[3]] = true
			}
		}
	}
	return tables
}

// testNames are the names of all tests of the tree.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	out, err := exec.Command("git", "grep", "-hE", `^func Test\w+\(`, "--", "*_test.go").Output()
	if err != nil {
		t.Fatalf("git grep: %v", err)
	}
	names := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "func "), "(")
		names[name] = true
	}
	return names
}
