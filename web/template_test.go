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

// Each page holds the layout for itself in each language, as it calls what the page defines: what stands around that is a piece that pages share. With all
// in the layout the pages of both languages took 8 MB more.
func TestTheLayoutThatEachPageHoldsIsSmall(t *testing.T) {
	const most = 1000 // bytes
	f, err := os.Stat("templates/layout.html")
	if err != nil {
		t.Fatal(err)
	}
	if f.Size() > most {
		t.Errorf("the layout has %d bytes, at most %d: what calls nothing of a page belongs in part_frame.html", f.Size(), most)
	}
}
