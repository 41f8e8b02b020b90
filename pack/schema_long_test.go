//go:build long

package pack_test

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"
)

// TestSchemaRefuses holds the schema against every rejected form: it refuses exactly those files that
// the reader refuses for how they are written.
func TestSchemaRefuses(t *testing.T) {
	all := schemas(t)
	seen := 0
	for file, form := range loaded() {
		files := maps.Clone(form.files)
		var want []string
		for _, f := range form.faults() {
			switch {
			case slices.Contains([]string{"yaml", "yaml-forbidden", "too-deep", "two-documents", "file-empty", "not-utf8", "control-character", "duplicate-key", "too-many"}, f.Code):
				delete(files, f.File) // not for a schema
			case written(f.Code) && !slices.Contains(want, f.File):
				want = append(want, f.File)
			}
		}
		slices.Sort(want)
		seen += len(want)
		if got := refused(t, all, files); !slices.Equal(got, want) {
			t.Errorf("%s: the schema refuses %v, the reader %v", filepath.Base(file), got, want)
		}
	}
	if seen < 25 {
		t.Errorf("only %d files refused: the test has looked at little", seen)
	}
}
