// Command testlog reads the stream of go test -json and prints what a person wants of it:
// a line per package as it ends, the output of every test that failed, every test that was
// skipped with its reason, the bars that tests have shown (lines of package internal/bar), and
// the number of each. It ends with 1 when something failed,
// and also when the stream held no test at all.
//
//	go test -json ./... | testlog
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

// event is the part of a line of go test -json that is used; see go doc test2json.
type event struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   float64
}

// summary is what has been seen so far.
type summary struct {
	passed, failed, skipped int
	output                  map[string][]string // of tests that still run, and of packages under their name
	withFailures            map[string]bool     // packages whose failing tests were shown already
	bars                    []string            // what passed tests have said of the bar
	out                     io.Writer
}

func main() {
	s, err := read(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testlog:", err)
		os.Exit(1)
	}
	slices.Sort(s.bars)
	for _, b := range slices.Compact(s.bars) {
		fmt.Println("bar " + b)
	}
	fmt.Printf("%d tests passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped)
	if s.failed > 0 || s.passed == 0 {
		os.Exit(1)
	}
}

func read(in io.Reader, out io.Writer) (*summary, error) {
	s := &summary{output: map[string][]string{}, withFailures: map[string]bool{}, out: out}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			s.line(line)
		}
		if err == io.EOF {
			return s, nil
		}
		if err != nil {
			return s, err
		}
	}
}

// line takes one line in; what is not an event, as the go command writes some, is passed on.
func (s *summary) line(line []byte) {
	var ev event
	if json.Unmarshal(line, &ev) != nil {
		s.out.Write(line)
		return
	}
	key := ev.Package + "." + ev.Test
	switch ev.Action {
	case "output":
		s.output[key] = append(s.output[key], ev.Output)
	case "build-output":
		fmt.Fprint(s.out, ev.Output)
	case "build-fail":
		s.failed++
	case "pass", "fail", "skip":
		s.end(ev, s.output[key])
		delete(s.output, key)
	}
}

// end closes the account of a test or, when ev names none, of a package.
func (s *summary) end(ev event, output []string) {
	if ev.Test == "" {
		s.endPackage(ev, output)
		return
	}
	switch ev.Action {
	case "pass":
		s.passed++
		s.bars = append(s.bars, bars(output)...)
	case "fail":
		s.failed++
		s.withFailures[ev.Package] = true
		fmt.Fprintf(s.out, "FAIL %s %s\n%s", ev.Package, ev.Test, indent(output))
	case "skip":
		s.skipped++
		fmt.Fprintf(s.out, "skip %s %s: %s\n", ev.Package, ev.Test, reason(output))
	}
}

// endPackage prints the package's line; a package that failed outside of its tests, by a
// panic or a time limit, shows everything that was still unaccounted for.
func (s *summary) endPackage(ev event, output []string) {
	if ev.Action == "skip" {
		return // it has no tests
	}
	word := "ok  "
	if ev.Action == "fail" {
		word = "FAIL"
	}
	fmt.Fprintf(s.out, "%s %s %.1fs\n", word, ev.Package, ev.Elapsed)
	if ev.Action == "fail" && !s.withFailures[ev.Package] {
		s.failed++
		for key, lines := range s.output {
			if strings.HasPrefix(key, ev.Package+".Test") || strings.HasPrefix(key, ev.Package+".Fuzz") {
				fmt.Fprint(s.out, indent(lines))
			}
		}
		fmt.Fprint(s.out, indent(output))
	}
}

func indent(lines []string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.Join(lines, "")) {
		if !strings.HasPrefix(line, "=== ") {
			b.WriteString("    " + line)
		}
	}
	return b.String()
}

// reason is what a skipped test said, on one line.
func reason(output []string) string {
	var said []string
	for line := range strings.Lines(strings.Join(output, "")) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}

// barLine is how a test says what it has shown: a row of the bar and a sentence.
var barLine = regexp.MustCompile(`\bbar ([A-Z]-\d\d: .*)`)

// bars are the rows that a test has shown.
func bars(output []string) (shown []string) {
	for line := range strings.Lines(strings.Join(output, "")) {
		if m := barLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			shown = append(shown, m[1])
		}
	}
	return shown
}
