//go:build !race

package bihuan

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// nightRow is a line of the first table of docs/nightly.md; nightRun the command of one of the second.
var (
	nightRow = regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\| `([^`]+)` \\|")
	nightRun = regexp.MustCompile("(?m)^\\| ([A-Z])-(\\d\\d) .*-run (Bar_[A-Z]\\d\\d) \\./([^`]+)`")
)

// TestLongerCountsAreRead holds docs/nightly.md to the code: each variable is read where it says, and each command finds a test of its row that counts by it.
func TestLongerCountsAreRead(t *testing.T) {
	doc, err := os.ReadFile("docs/nightly.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := nightRow.FindAllStringSubmatch(string(doc), -1)
	for _, r := range rows {
		code, err := os.ReadFile(r[2])
		if err != nil {
			t.Error(err)
		}
		if !strings.Contains(string(code), `os.Getenv("`+r[1]+`")`) && !strings.Contains(string(code), "${"+r[1]+":-") {
			t.Errorf("%s does not read %s", r[2], r[1])
		}
	}
	runs := nightRun.FindAllStringSubmatch(string(doc), -1)
	for _, r := range runs {
		if r[3] != "Bar_"+r[1]+r[2] {
			t.Errorf("%s-%s is run by %s", r[1], r[2], r[3])
		}
		counts := false
		files, err := os.ReadDir(r[4])
		if err != nil {
			t.Error(err)
		}
		for _, f := range files {
			if !strings.HasSuffix(f.Name(), "_test.go") {
				continue
			}
			code, err := os.ReadFile(r[4] + "/" + f.Name())
			if err != nil {
				t.Error(err)
			}
			_, body, found := strings.Cut(string(code), "func Test"+r[3])
			for found && !counts {
				one, rest, more := strings.Cut(body, "\nfunc ")
				counts = strings.Contains(one, "bar.Count(") || strings.Contains(one, "bar.Nightly()") || strings.Contains(one, "STORE_KILLS")
				_, body, found = strings.Cut(rest, "Test"+r[3])
				found = found && more
			}
		}
		if !counts {
			t.Errorf("no test of %s in %s counts more at night", r[3], r[4])
		}
	}
	if len(rows) < 8 || len(runs) < 11 {
		t.Errorf("only %d variables and %d commands were read", len(rows), len(runs))
	}
}
