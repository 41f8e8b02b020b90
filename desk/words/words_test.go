package words

import (
	"regexp"
	"strings"
	"testing"
)

// TestCatalogue reads every file: no key stands twice, and every key has words in both languages with the same blanks to fill.
func TestCatalogue(t *testing.T) {
	all, err := read()
	if err != nil {
		t.Fatal(err)
	}
	for k, w := range all {
		if w.ZH == "" || w.EN == "" {
			t.Errorf("%s has no words in one language: %q", k, w)
		}
		for _, blank := range blanks(w.ZH) {
			if !strings.Contains(w.EN, blank) {
				t.Errorf("%s: %s is filled in Chinese only", k, blank)
			}
		}
		for _, blank := range blanks(w.EN) {
			if !strings.Contains(w.ZH, blank) {
				t.Errorf("%s: %s is filled in English only", k, blank)
			}
		}
	}
	if len(all) < 50 {
		t.Errorf("only %d keys were read", len(all))
	}
}

// blanks are the {names} in a sentence.
func blanks(s string) (all []string) {
	for {
		from := strings.IndexByte(s, '{')
		if from < 0 {
			return all
		}
		to := strings.IndexByte(s[from:], '}')
		if to < 0 {
			return all
		}
		all = append(all, s[from:from+to+1])
		s = s[from+to+1:]
	}
}

// counted matches a space between Chinese and a count: the house writes 第3条, 已超2天, 共{n}件. A label before its
// figure (红灯 4), a form to type (如 17:00-08:30) and Latin words keep theirs.
var counted = regexp.MustCompile(`\p{Han} (?:\{(?:n|count|days|seq)\}|\d+) ?\p{Han}|(?:\{(?:n|count|limit|most|min|days|seconds|minutes)\}|\p{Han}\d+) \p{Han}`)

func TestCountsStandWithoutSpaces(t *testing.T) {
	for _, c := range []struct {
		says string
		want bool
	}{{"存证第 {seq} 条", true}, {"最多{limit} 份", true}, {"填1 到3", true}, {"存证第{seq}条", false}, {"红灯 {n}、黄灯", false}, {"用 SM3 杂凑", false}, {"如 17:00-08:30，可跨零点", false}} {
		if counted.MatchString(c.says) != c.want {
			t.Errorf("%q: %v", c.says, !c.want)
		}
	}
	for _, k := range Keys() {
		if says := catalogue()[k].ZH; counted.MatchString(says) {
			t.Errorf("%s: a space stands beside a count: %q", k, says)
		}
	}
}
