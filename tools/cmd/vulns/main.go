// Command vulns reads the stream of govulncheck -format json and says which known vulnerabilities the program can reach.
//
//	govulncheck -format json ./cmd/bihuan | vulns -toolchain go1.26.10
//
// It ends with 1 when a module that is required, or the standard library of the toolchain named, has one that is called;
// what an older toolchain on this machine has, and what is not called, is told and no failure: releases are built with the
// toolchain of go.mod.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// message is one message of the stream; see golang.org/x/vuln/internal/govulncheck.
type message struct {
	Config  *struct{ DB string }
	OSV     *struct{ ID, Summary string }
	Finding *struct {
		OSV          string
		FixedVersion string `json:"fixed_version"`
		Trace        []struct{ Module, Version, Package, Function string }
	}
}

// flaw is one vulnerability as far as it concerns the program.
type flaw struct {
	id, module, version, fixed, summary string
	called                              bool
}

// standard is what govulncheck calls the standard library.
const standard = "stdlib"

func main() {
	toolchain := flag.String("toolchain", "", "the toolchain that releases are built with, such as go1.26.10")
	flag.Parse()
	flaws, err := read(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "vulns:", err)
		os.Exit(2)
	}
	if !tell(os.Stdout, flaws, "v"+strings.TrimPrefix(*toolchain, "go")) {
		os.Exit(1)
	}
}

// read gathers what the stream finds, one flaw for each vulnerability and module. A stream without its first message is none.
func read(in io.Reader) ([]flaw, error) {
	byKey, summaries, begun := map[string]*flaw{}, map[string]string{}, false
	for d := json.NewDecoder(in); ; {
		var m message
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		begun = begun || m.Config != nil
		if m.OSV != nil {
			summaries[m.OSV.ID] = m.OSV.Summary
		}
		if m.Finding == nil || len(m.Finding.Trace) == 0 {
			continue
		}
		at := m.Finding.Trace[0]
		f := byKey[m.Finding.OSV+at.Module]
		if f == nil {
			f = &flaw{id: m.Finding.OSV, module: at.Module, version: at.Version, fixed: m.Finding.FixedVersion}
			byKey[m.Finding.OSV+at.Module] = f
		}
		f.called = f.called || at.Function != ""
	}
	if !begun {
		return nil, errors.New("this is no output of govulncheck -format json")
	}
	all := make([]flaw, 0, len(byKey))
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		f := byKey[key]
		f.summary = summaries[f.id]
		all = append(all, *f)
	}
	return all, nil
}

// tell prints the flaws and reports whether none of them stands against a release.
func tell(out io.Writer, flaws []flaw, toolchain string) bool {
	fine, older, unused := true, 0, 0
	for _, f := range flaws {
		switch {
		case !f.called:
			unused++
		case f.module == standard && f.fixed != "" && semver.Compare(f.fixed, toolchain) <= 0:
			older++
		default:
			fine = false
			fmt.Fprintf(out, "%s %s %s is called: %s (fixed in %s)\n", f.id, f.module, f.version, f.summary, or(f.fixed, "no version yet"))
		}
	}
	if older > 0 {
		fmt.Fprintf(out, "%d of this machine's older toolchain are mended in the one that go.mod names, %s\n", older, strings.Replace(toolchain, "v", "go", 1))
	}
	if unused > 0 {
		fmt.Fprintf(out, "%d stand in code that is not called\n", unused)
	}
	if fine {
		fmt.Fprintln(out, "no known vulnerability is called")
	}
	return fine
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
