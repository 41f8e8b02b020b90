package pack_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/width"

	"bihuan/ground/fault"
	"bihuan/pack"
)

// TestSayings holds both languages of a saying to the same values, and Chinese to its own punctuation.
func TestSayings(t *testing.T) {
	value := regexp.MustCompile(`\{[a-z0-9]+\}`)
	for _, code := range pack.Codes() {
		s := pack.Says(code)
		if s[0] == "" || s[1] == "" || (s[2] == "") != (s[3] == "") {
			t.Errorf("%s is not said in both languages: %q", code, s)
		}
		if code != "bad-rule" && code != "no-such-kind" {
			zh, en := value.FindAllString(s[0], -1), value.FindAllString(s[1], -1)
			if len(zh) > len(en)+2 || len(en) > len(zh)+2 {
				t.Errorf("%s says %v in Chinese and %v in English", code, zh, en)
			}
		}
		if strings.ContainsAny(s[0], ",;?!") && code != "bad-input" && code != "title-not-asked" {
			t.Errorf("%s: half-width punctuation in %q", code, s[0])
		}
	}
}

// display is how many columns a text takes, counted in another way than the room does.
func display(s string) (n int) {
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// TestCaret puts the caret under the very characters that a fault is about.
func TestCaret(t *testing.T) {
	tests := []struct {
		name, line   string
		column, wide int
		under        string
	}{
		{"plain text", "  key: value", 3, 3, "key"},
		{"behind Chinese", "words: {zh: 工程台账, enn: x}", 19, 3, "enn"},
		{"Chinese itself", "words: 工程台账", 8, 4, "工程台账"},
		{"full-width punctuation", "zh: “工程”，（台账）, x", 16, 1, "x"},
		{"a rare character of two UTF-16 units", "zh: 𠀀𠀁, x", 9, 1, "x"},
		{"a long Chinese line is cut", strings.Repeat("工程", 60) + "X" + strings.Repeat("台账", 60), 121, 1, "X"},
		{"beyond the end of the line", "ab", 9, 1, ""},
	}
	for _, tt := range tests {
		f := pack.Fault{File: "x", Line: 1, Column: tt.column, Width: tt.wide, Source: tt.line, Code: "yaml-forbidden"}
		lines := strings.Split(f.In("en"), "\n")
		if len(lines) < 3 {
			t.Fatalf("%s: got %q", tt.name, lines)
		}
		shown, caret := lines[1], lines[2]
		start := display(caret[:strings.Index(caret, "^")])
		var under strings.Builder
		at := 0
		for _, r := range shown {
			if at >= start && at < start+strings.Count(caret, "^") {
				under.WriteRune(r)
			}
			at += display(string(r))
		}
		if under.String() != tt.under {
			t.Errorf("%s: the caret stands under %q, want %q:\n%s\n%s", tt.name, under.String(), tt.under, lines[1], caret)
		}
		if display(lines[1]) > 115 {
			t.Errorf("%s: the line takes %d columns", tt.name, display(lines[1]))
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"statutory", "promised", "internal", "due"}
	for typed, want := range map[string]string{"statuory": "statutory", "promissed": "promised", "interanl": "internal", "deu": "due", "xyz": "", "": ""} {
		if got := pack.Nearest(typed, known); got != want {
			t.Errorf("nearest to %q: got %q, want %q", typed, got, want)
		}
	}
}

// TestFaultsAreInvalid holds the kind that faces ask for.
func TestFaultsAreInvalid(t *testing.T) {
	_, err := pack.Load(os.DirFS("testdata/base"), "no-such-pack")
	if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "there is no pack") {
		t.Errorf("got %v", err)
	}
}

// FuzzRead reads anything: it never panics, stays within its bounds, and every fault has its place in the text.
func FuzzRead(f *testing.F) {
	for _, file := range []string{"testdata/base/bridge/pack.yaml", "testdata/base/bridge/cases.yaml"} {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, s := range []string{"", "a", "{", "[[[", "- - -", "a: |\n  x\n", "a: &x [*x]", "\t", "a: 'x", "? a", "--- a\n--- b", "a: {b: c, d}", "%YAML 1.2\n---\na: b", "\"\\ud800\": x", "a:\r\n- b", "a: >-\n\n x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<16 {
			return
		}
		lines := strings.Split(strings.TrimPrefix(string(text), "\uFEFF"), "\n")
		for _, fl := range pack.ReadText(text) {
			if said := fl.In("zh"); !utf8.ValidString(said) || strings.Contains(said, "{key}") || fl.Says("en") == "" {
				t.Errorf("said badly: %q", said)
			}
			if fl.Line < 0 || fl.Line > len(lines)+1 || fl.Line > 0 && fl.Column < 1 {
				t.Errorf("%s stands at %d:%d of %d lines", fl.Code, fl.Line, fl.Column, len(lines))
			}
		}
	})
}
