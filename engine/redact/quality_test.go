package redact

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/quality.txt anew")

var mark = regexp.MustCompile(`\[([a-z-]+)\|([^\]]*)\]`)

// gold reads a marked line: the bare text, and what must be found in it.
func gold(line string) (text string, want []Found) {
	var b strings.Builder
	at := 0
	for _, m := range mark.FindAllStringSubmatchIndex(line, -1) {
		b.WriteString(line[at:m[0]])
		if m[4] < m[5] {
			want = append(want, Found{Start: b.Len(), End: b.Len() + m[5] - m[4], Kind: Kind(line[m[2]:m[3]])})
		}
		b.WriteString(line[m[4]:m[5]])
		at = m[1]
	}
	b.WriteString(line[at:])
	return b.String(), want
}

type count struct{ right, missed, wrong int }

// compare counts what was found of what should be, by kind. A find that hides the very place is right; one that hides more
// or less of it counts as missed and wrong.
func compare(want, got []Found, by map[Kind]*count) (misses []Found) {
	for _, k := range Kinds {
		if by[k] == nil {
			by[k] = &count{}
		}
	}
	has := map[Found]bool{}
	for _, g := range got {
		has[Found{Start: g.Start, End: g.End, Kind: g.Kind}] = true
	}
	for _, w := range want {
		if has[w] {
			by[w.Kind].right++
			delete(has, w)
		} else {
			by[w.Kind].missed++
			misses = append(misses, w)
		}
	}
	for g := range has {
		by[g.Kind].wrong++
	}
	return misses
}

// The quality on texts of our own, kept as a file so that better and worse both show.
func TestQualityOnOurOwnTexts(t *testing.T) {
	file, err := os.ReadFile("testdata/own.txt")
	if err != nil {
		t.Fatal(err)
	}
	by := map[Kind]*count{}
	lines := 0
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		lines++
		text, want := gold(line)
		got := Find(text)
		if misses := compare(want, got, by); len(misses) > 0 || len(got) != len(want) {
			t.Logf("%s\n  want %v\n  got  %v", text, show(text, want), show(text, got))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d texts of our own; kind: right, missed, wrong\n", lines)
	for _, k := range Kinds {
		fmt.Fprintf(&b, "%-10s %3d %3d %3d\n", k, by[k].right, by[k].missed, by[k].wrong)
	}
	golden(t, "testdata/quality.txt", b.String())
}

func show(text string, all []Found) (s []string) {
	for _, f := range all {
		s = append(s, string(f.Kind)+":"+text[f.Start:f.End])
	}
	return s
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s has changed; look at it and run with -update\n got:\n%s\nwant:\n%s", file, got, want)
	}
}
