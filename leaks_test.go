//go:build !race

package bihuan

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// leaks are what no file may hold: paths of the machine that somebody happened to work on,
// and promises to do something later that no issue keeps. The patterns are written so that
// they do not match themselves.
var leaks = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"a path of one machine", regexp.MustCompile(`(?:^|[^\w.])/(?:work|tmp/w|root|home/[a-z]+)/[A-Za-z0-9.]`)},
	{"a note to oneself without its issue", regexp.MustCompile(`\bTO` + `DO\b(?:[^(]|$|\([^#]|\(#[^0-9])`)},
	{"the registry that a lock file was made with (npm install --omit-lockfile-registry-resolved)", regexp.MustCompile(`"resolved"` + `: *"http`)},
	{"a mark that a merge left behind", regexp.MustCompile(`(?m)^(?:<{7}|>{7})(?: |$)`)},
}

// TestLeaks reads every file of the tree that is text.
func TestLeaks(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".git" { // a folder, or in a second worktree a file
			return skip(d)
		}
		if d.IsDir() {
			if d.Name() == "node_modules" || d.Name() == "shots" || d.Name() == "vendored" {
				return fs.SkipDir
			}
			return nil
		}
		if !isText(file) {
			return nil
		}
		seen++
		for _, fault := range leaksIn(read(t, file)) {
			t.Errorf("%s holds %s", file, fault)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Errorf("only %d files read: the test has looked at next to nothing", seen)
	}
}

// TestLeakPatterns plants each leak.
func TestLeakPatterns(t *testing.T) {
	tests := []struct {
		name, text string
		leaks      int
	}{
		{"a path in a comment is found", "// see /wo" + "rk/main/x.go", 1},
		{"a worktree is found", "cd /tmp" + "/w/check", 1},
		{"a bare note to oneself is found", "// TO" + "DO: later", 1},
		{"a note with a name but no issue is found", "// TO" + "DO(li): later", 1},
		{"a note with its issue is fine", "// TO" + "DO(#12): later", 0},
		{"a lock file's registry is found", `"resolved"` + `: "https://npm.example/x.tgz"`, 1},
		{"a merge mark is found", "<<<<" + "<<< HEAD", 1},
		{"a web path called work is fine", `href="/work"`, 0},
	}
	for _, tt := range tests {
		if got := leaksIn(tt.text); len(got) != tt.leaks {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
}

func skip(d fs.DirEntry) error {
	if d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func leaksIn(text string) (found []string) {
	for _, l := range leaks {
		if at := l.pattern.FindStringIndex(text); at != nil {
			line, _, _ := strings.Cut(text[at[0]:], "\n")
			found = append(found, l.what+": "+line)
		}
	}
	return found
}

// isText tells by name and first bytes whether a file is text that somebody wrote: what is
// packed or minified by others is not.
func isText(file string) bool {
	switch filepath.Ext(file) {
	case ".gz", ".png", ".ico", ".woff2", ".db", ".sum", ".test":
		return false
	}
	if strings.Contains(filepath.Base(file), ".min.") {
		return false
	}
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := f.Read(head)
	for i := range min(4, n) { // the cut may fall into a rune
		if utf8.Valid(head[:n-i]) && !strings.ContainsRune(string(head[:n-i]), 0) {
			return true
		}
	}
	return n == 0
}
