//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package codelist

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"bihuan/internal/bar"
)

// TestBar_I13_NumbersAreCheckedByTheirOwnRule: of valid numbers made by another transcription of the standards none is refused, and every
// one of their single mistyped symbols is found.
func TestBar_I13_NumbersAreCheckedByTheirOwnRule(t *testing.T) {
	r := rand.New(rand.NewPCG(11643, 32100))
	heads := []string{"110105", "220105", "440300", "654003", "810000", "820000", "830000", "911156", "922840"}
	valid, errors, swaps := 0, 0, 0
	// mod is a slow transcription of ISO 7064: the weights are made, not listed.
	mod := func(s, symbols string, base, m int, ends string) byte {
		sum, w := 0, 1
		if ends == "" { // weights grow from the left (GB 32100)
			for i := range len(s) {
				sum += w * strings.IndexByte(symbols, s[i])
				w = w * base % m
			}
			return symbols[(m-sum%m)%m]
		}
		for i := len(s) - 1; i >= 0; i-- { // from the right (ISO 7064)
			w = w * base % m
			sum += w * strings.IndexByte(symbols, s[i])
		}
		return ends[(m+1-sum%m)%m]
	}
	wrong := func(good, symbols string, parse func(string) bool) {
		i := r.IntN(len(good))
		c := symbols[r.IntN(len(symbols))]
		if c == good[i] {
			return
		}
		if errors++; parse(good[:i] + string(c) + good[i+1:]) {
			t.Errorf("%s passes with place %d made %c", good, i+1, c)
		}
		if j := r.IntN(len(good) - 2); good[j] != good[j+1] {
			b := []byte(good)
			b[j], b[j+1] = b[j+1], b[j]
			if swaps++; parse(string(b)) {
				t.Errorf("%s passes with places %d and %d swapped", good, j+1, j+2)
			}
		}
	}
	isID := func(s string) bool { _, err := ParseIDNumber(s); return err == nil }
	isCredit := func(s string) bool { _, err := ParseCreditCode(s); return err == nil }
	const symbols = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	for i := range 5000 {
		day := time.Date(1920+r.IntN(100), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
		id := heads[i%len(heads)] + day.Format("20060102") + fmt.Sprintf("%03d", r.IntN(1000))
		id += string(mod(id, "0123456789X", 2, 11, "0123456789X"))
		if valid++; !isID(id) {
			t.Errorf("%s is refused", id)
		}
		credit := "91220105"
		for range 9 {
			credit += string(symbols[r.IntN(len(symbols))])
		}
		credit += string(mod(credit, symbols, 3, 31, ""))
		if valid++; !isCredit(credit) {
			t.Errorf("%s is refused", credit)
		}
		for range 10 {
			wrong(id, "0123456789", isID)
			wrong(credit, symbols, isCredit)
		}
	}
	for old, want := range map[string]string{"110105491231002": "11010519491231002X", "220105800101001": ""} {
		n, err := ParseIDNumber(old)
		if err != nil || want != "" && n.Reveal() != want {
			t.Errorf("%s is read as %s, %v", old, n.Reveal(), err)
		}
	}
	if n, err := ParseIDNumber("911156198001010015"[:17] + string(mod("91115619800101001", "0123456789X", 2, 11, "0123456789X"))); err != nil || n.IsZero() {
		t.Errorf("a foreigner's card: %v %v", n, err)
	}
	bar.Report(t, "I-13", "%d valid numbers of citizens, residents of Hong Kong, Macao and Taiwan, foreigners and firms, 0 refused; %d mistyped symbols and %d swaps, all found", valid, errors, swaps)
}
