package web

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// A piece that pages share has a name of its own: of two with one name the page that comes later in the alphabet would win everywhere.
func TestSharedPiecesHaveNamesOfTheirOwn(t *testing.T) {
	defined := regexp.MustCompile(`\{\{-? *define "([^"]+)"`)
	by := map[string]string{}
	files, err := fs.Glob(templates, "templates/*.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d templates, %v", len(files), err)
	}
	for _, file := range files {
		if !strings.HasPrefix(file, "templates/part_") {
			continue
		}
		b, err := fs.ReadFile(templates, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range defined.FindAllStringSubmatch(string(b), -1) {
			if other, twice := by[m[1]]; twice {
				t.Errorf("%s and %s both define %q", other, file, m[1])
			}
			by[m[1]] = file
		}
	}
}
