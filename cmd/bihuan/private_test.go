//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOlderFilesAreTightened opens a database that others could read, with its keys, and looks at every file again: the owner alone has it. A file whose mode
// cannot be changed is told with its name, and the house is served all the same.
func TestOlderFilesAreTightened(t *testing.T) {
	c := defaults()
	c.Database = filepath.Join(t.TempDir(), "d.db")
	h, err := build(t.Context(), c, systemTime, systemChance, logger(io.Discard, "error"))
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
	loosened := 0
	for _, path := range c.kept() {
		if os.Chmod(path, 0o664) == nil {
			loosened++
		}
	}
	if loosened < 5 {
		t.Fatalf("%d files were there", loosened)
	}
	var log bytes.Buffer
	if h, err = build(t.Context(), c, systemTime, systemChance, logger(&log, "info")); err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, path := range c.kept() {
		f, err := os.Stat(path)
		if err == nil && f.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, f.Mode())
		}
	}
	if n := strings.Count(log.String(), "now its owner alone can"); n != loosened {
		t.Errorf("%d of %d files were told:\n%s", n, loosened, &log)
	}
	log.Reset()
	c.tighten(logger(&log, "info"), os.Chmod)
	if log.Len() > 0 {
		t.Errorf("told again:\n%s", &log)
	}
	for _, chmod := range []func(string, fs.FileMode) error{
		func(string, fs.FileMode) error { return fs.ErrPermission }, // somebody else's
		func(string, fs.FileMode) error { return nil },              // a file system without modes
	} {
		if err := os.Chmod(c.blindKey(), 0o640); err != nil {
			t.Fatal(err)
		}
		log.Reset()
		c.tighten(logger(&log, "info"), chmod)
		if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "cannot be changed") || !strings.Contains(said, c.blindKey()) {
			t.Errorf("what cannot be changed is not told:\n%s", said)
		}
	}
}
