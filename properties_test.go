//go:build !race

package bihuan

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCheckFindsEveryProperty: the step of ./check that runs property tests with more cases goes by their names, which it finds where rapid.Check
// stands in the test's own function. One in a helper would be left out.
func TestCheckFindsEveryProperty(t *testing.T) {
	begins, draws := regexp.MustCompile(`^func ([A-Za-z0-9_]*)`), regexp.MustCompile(`rapid\.(Check|MakeCheck)\(`)
	found := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "node_modules" || path == "e2e" || path == "bench" || path == "tools") {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") || path == "properties_test.go" {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		in := ""
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			line := lines.Text()
			if m := begins.FindStringSubmatch(line); m != nil {
				in = m[1]
			}
			if line == "}" {
				in = ""
			}
			if draws.MatchString(line) {
				if found++; !strings.HasPrefix(in, "Test") {
					t.Errorf("%s: %s draws in %q, where ./check does not look for a property", path, strings.TrimSpace(line), in)
				}
			}
		}
		return lines.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 50 {
		t.Errorf("found %d properties only: does this test still read the house?", found)
	}
}
