package password

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"bihuan/ground/fault"
)

// TestCommonPasswordsAreRefused holds every password of the list that is long enough against both profiles (ASVS 5.0 6.2.4).
func TestCommonPasswordsAreRefused(t *testing.T) {
	for _, p := range []Profile{Dengbao3, ASVS} {
		p.Classes = 0
		n := 0
		for s := range guesses() {
			if utf8.RuneCountInString(s) < p.Least {
				continue
			}
			n++
			var r *fault.Refusal
			if err := p.Check(strings.ToUpper(s)); !errors.As(err, &r) || r.Code != "password-common" {
				t.Fatalf("%s takes %q: %v", p.Name, s, err)
			}
		}
		if n < 3000 {
			t.Errorf("%s: %d common passwords are long enough, 3000 are asked for", p.Name, n)
		}
		t.Logf("%s refuses %d common passwords of its length", p.Name, n)
	}
}

// TestLongOnesAreTakenWhole: 64 characters and more are taken (ASVS 5.0 6.2.9), and each counts, the last and its case as well, with
// the blanks around it (6.2.8).
func TestLongOnesAreTakenWhole(t *testing.T) {
	h := Hasher{Key: []byte("a key that is for tests alone, ok"), Cost: Cost{Time: 1, Memory: 64}}
	for _, chosen := range []string{
		"Rivers-7 "[:8] + strings.Repeat("kvjw-QmZ", 7), // 64 characters
		strings.Repeat("云从龙风从虎Ab7", 7),                  // 63 characters, 147 bytes
		"  Vq8-tundra harbour-Qd3  ",
	} {
		for _, p := range []Profile{Dengbao3, ASVS} {
			if err := p.Check(chosen); err != nil {
				t.Errorf("%s refuses %d characters: %v", p.Name, utf8.RuneCountInString(chosen), err)
			}
		}
		v := h.Make(chosen, [16]byte{1})
		if ok, err := h.Matches(v, chosen); !ok || err != nil {
			t.Errorf("%q does not match itself: %v", chosen, err)
		}
		for _, other := range []string{chosen[:len(chosen)-1], chosen + " ", " " + chosen, strings.TrimSpace(chosen) + "x", strings.ToUpper(chosen), strings.ToLower(chosen)} {
			if ok, _ := h.Matches(v, other); ok && other != chosen {
				t.Errorf("%q matches %q", other, chosen)
			}
		}
	}
}

func breachedOf(t *testing.T, width int, more string, all ...string) *Breached {
	t.Helper()
	var lines []string
	for i, s := range all {
		sum := sha1.Sum([]byte(s))
		lines = append(lines, strings.ToUpper(hex.EncodeToString(sum[:]))[:width]+strings.Repeat(more, i%3))
	}
	slices.Sort(lines)
	text := []byte(strings.Join(lines, "\n"))
	b, err := NewBreached(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBreachedPasswordsAreFound looks for every password of sets of different sizes, and for as many that are in none.
func TestBreachedPasswordsAreFound(t *testing.T) {
	for _, size := range []int{1, 2, 3, 7, 100, 1000} {
		for _, width := range []int{10, 40} {
			var all []string
			for i := range size {
				all = append(all, fmt.Sprint("tundra-", i))
			}
			b := breachedOf(t, width, ":12", all...)
			for i, s := range all {
				if found, err := b.Has(s); !found || err != nil {
					t.Fatalf("%d lines of %d digits: the one of %d is not found, %v", size, width, i, err)
				}
				if found, err := b.Has(s + "x"); found || err != nil {
					t.Fatalf("%d lines of %d digits: one is found that is not there, %v", size, width, err)
				}
			}
		}
	}
	for _, bad := range []string{"", "hello", "ABCDEF\n", "password123\n", strings.Repeat("A", 500)} {
		if _, err := NewBreached(strings.NewReader(bad), int64(len(bad))); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%.20q is taken for a set: %v", bad, err)
		}
	}
}

func FuzzBreached(f *testing.F) {
	f.Add("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:3\n", "password")
	f.Fuzz(func(t *testing.T, text, s string) {
		if b, err := NewBreached(strings.NewReader(text), int64(len(text))); err == nil {
			b.Has(s)
		}
	})
}
