package web

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A piece that pages share has one place: the last of two that are named alike would silently stand for both.
func TestNoTwoSharedPiecesHaveOneName(t *testing.T) {
	files, err := filepath.Glob("templates/part_*.html")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	named := regexp.MustCompile(`{{define "([^"]+)"}}`)
	where := map[string]string{}
	for _, f := range append(files, "templates/layout.html") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(b), -1) {
			if was := where[m[1]]; was != "" && strings.HasPrefix(filepath.Base(f), "part_") {
				t.Errorf("%q is defined in %s and in %s", m[1], was, f)
			}
			where[m[1]] = f
		}
	}
}
