//go:build long

package main

import (
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"bihuan": func() { os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})) },
	})
}

// TestScripts runs testdata/script/*.txtar: one per sub-command and per promise of the README.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"certificate": certificate, "makefile": makeFile, "sheettext": sheetText, "until": until},
	})
}

// until runs a command again and again until it succeeds, a minute at most: until exec bihuan doctor.
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || args[0] != "exec" {
		ts.Fatalf("usage: until exec COMMAND [ARG…]")
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if err := ts.Exec(args[1], args[2:]...); err == nil {
			return
		} else if time.Now().After(deadline) {
			ts.Fatalf("%s did not succeed in a minute: %v", args[1], err)
		}
	}
}
