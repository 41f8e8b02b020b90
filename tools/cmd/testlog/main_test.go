package main

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	tests := []struct {
		name, in                string
		passed, failed, skipped int
		out                     []string
	}{
		{"a test that passed is counted and says nothing",
			`{"Action":"output","Package":"p","Test":"TestA","Output":"noise\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Elapsed":0.5}`, 1, 0, 0, []string{"ok   p 0.5s"}},
		{"a test that failed shows what it said",
			`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: got 1\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`, 0, 1, 0, []string{"FAIL p TestA", "got 1", "FAIL p 0.0s"}},
		{"a skipped test says why",
			`{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: no reports here\n"}
{"Action":"skip","Package":"p","Test":"TestA"}`, 0, 0, 1, []string{"skip p TestA: a_test.go:3: no reports here"}},
		{"a package that does not build has failed",
			`{"ImportPath":"p","Action":"build-output","Output":"x.go:1: undefined: y\n"}
{"ImportPath":"p","Action":"build-fail"}`, 0, 1, 0, []string{"undefined: y"}},
		{"a panic shows the test that was running",
			`{"Action":"output","Package":"p","Test":"TestA","Output":"panic: boom\n"}
{"Action":"output","Package":"p","Output":"FAIL\tp\n"}
{"Action":"fail","Package":"p"}`, 0, 1, 0, []string{"panic: boom"}},
		{"a line that is no event is passed on", "go: downloading x\n", 0, 0, 0, []string{"go: downloading x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			s, err := read(strings.NewReader(tt.in), &out)
			if err != nil {
				t.Fatal(err)
			}
			if s.passed != tt.passed || s.failed != tt.failed || s.skipped != tt.skipped {
				t.Errorf("got %d passed, %d failed, %d skipped; want %d, %d, %d", s.passed, s.failed, s.skipped, tt.passed, tt.failed, tt.skipped)
			}
			for _, want := range tt.out {
				if !strings.Contains(out.String(), want) {
					t.Errorf("output lacks %q:\n%s", want, out.String())
				}
			}
		})
	}
}

func TestBarsOfTestsThatPassedAreGathered(t *testing.T) {
	s, err := read(strings.NewReader(`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: bar V-01: 500 tamperings, all found\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestB","Output":"    a_test.go:9: bar V-02: never\n"}
{"Action":"fail","Package":"p","Test":"TestB"}`), &strings.Builder{})
	if err != nil || len(s.bars) != 1 || s.bars[0] != "V-01: 500 tamperings, all found" {
		t.Errorf("bars %q, %v", s.bars, err)
	}
}
