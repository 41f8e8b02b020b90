package words

import (
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
