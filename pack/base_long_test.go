//go:build long

package pack_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestRejected compares what is said of each rejected form, in both languages, with its archive. An
// archive is named after the fault that it shows first.
func TestRejected(t *testing.T) {
	for file, form := range loaded() {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, faults := form.archive, form.faults()
			if len(faults) == 0 {
				t.Fatalf("got %v, want faults", form.err)
			}
			for _, lang := range []string{"zh", "en"} {
				golden(t, a, "want."+lang, faults.In(lang))
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
