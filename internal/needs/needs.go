// Package needs is for tests that need something of the machine that not every machine has: another program, a file system of their
// own. At home they are skipped aloud; with CI=true nothing may be skipped, and they fail.
package needs

import (
	"os"
	"os/exec"
	"testing"
)

// Missing ends a test that cannot be run here, and says why.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf("SKIPPED: "+format, args...)
}

// Program returns the path of another program.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, "%s is not installed", name)
	}
	return path
}
