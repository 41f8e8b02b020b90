//go:build !race

package bihuan

import (
	"compress/gzip"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNothingIsKeptInTheBrowser: what pages run and say uses no storage of the browser, and listens to no other window
// (ASVS 5.0.0, 14.3.3 and 3.5.5).
func TestNothingIsKeptInTheBrowser(t *testing.T) {
	kept := regexp.MustCompile("localStorage|sessionStorage|indexedDB|caches\\.open|addEventListener\\(\\s*[\"'`]message")
	for _, pattern := range []string{"web/assets/*.js", "web/assets/*.js.gz", "web/assets/*.mjs.gz", "web/templates/*.html"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			t.Errorf("no %s: the test has looked at nothing", pattern)
		}
		for _, file := range files {
			if found := kept.FindString(unpacked(t, file)); found != "" {
				t.Errorf("%s uses %s", file, found)
			}
		}
	}
}

// unpacked is the text of a file, without its compression.
func unpacked(t *testing.T, file string) string {
	t.Helper()
	text := read(t, file)
	if !strings.HasSuffix(file, ".gz") {
		return text
	}
	z, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return string(b)
}
