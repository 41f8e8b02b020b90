package web

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"bihuan/web/face"
)

// TestStyleIsReadAndUsed: every sheet of the folder style is sent, its lines can be read, and each class in it stands on a page, in a drawing
// or in a script.
func TestStyleIsReadAndUsed(t *testing.T) {
	sent := map[string]bool{}
	for _, s := range face.Sheets() {
		sent[s+".css"] = true
	}
	sheets, err := fs.ReadDir(files, "style")
	if err != nil {
		t.Fatal(err)
	}
	used := wordsOf(t, "templates", "assets", "draw", ".")
	note, selector, class := regexp.MustCompile(`(?s)/\*.*?\*/`), regexp.MustCompile(`([^{}]+)\{`), regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	for _, f := range sheets {
		if !sent[f.Name()] {
			t.Errorf("style/%s is sent by nobody", f.Name())
		}
		b, err := fs.ReadFile(files, "style/"+f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(note.ReplaceAllString(string(b), ""), "\n") {
			if len(line) > 160 {
				t.Errorf("style/%s: %d letters in one line: %.80s…", f.Name(), len(line), line)
			}
		}
		for _, rule := range selector.FindAllStringSubmatch(note.ReplaceAllString(string(b), ""), -1) {
			for _, c := range class.FindAllStringSubmatch(rule[1], -1) {
				if !used[c[1]] && !strings.HasPrefix(c[1], "maplibregl-") {
					t.Errorf("style/%s: class %s stands nowhere", f.Name(), c[1])
				}
			}
		}
	}
}

// wordsOf returns every word, hyphens included, of the files of these folders that are not tests.
func wordsOf(t *testing.T, folders ...string) map[string]bool {
	word, words := regexp.MustCompile(`[a-z][a-z0-9-]*`), map[string]bool{}
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range entries {
			if f.IsDir() || strings.HasSuffix(f.Name(), "_test.go") || strings.HasSuffix(f.Name(), ".gz") {
				continue
			}
			b, err := os.ReadFile(filepath.Join(folder, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range word.FindAllString(string(b), -1) {
				words[w] = true
			}
		}
	}
	return words
}
