//go:build !race

package bihuan

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestNoCgo asks what would be linked on a machine that has a C compiler: outside of the
// standard library, nothing may want one, or the binary would differ from place to place.
func TestNoCgo(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{if and (not .Standard) .CgoFiles}}cgo{{end}}", "./cmd/bihuan")
	list.Env = append(os.Environ(), "CGO_ENABLED=1")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list -deps: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 20 {
		t.Fatalf("only %d packages listed: the test has looked at next to nothing", len(lines))
	}
	for _, line := range lines {
		if pkg, needs := strings.CutSuffix(line, " cgo"); needs {
			t.Errorf("%s needs cgo", pkg)
		}
	}
}
