package password

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"bihuan/ground/fault"
)

// Profile is which passwords are accepted 口令策略.
type Profile struct {
	Name    string
	Least   int // characters
	Classes int // of upper-case letters, lower-case letters, digits and others, how many have to be in it; 0 for no such rule
	Days    int // after how many days it has to be changed; 0 for never
	History int // how many earlier ones may not come back
	Rest    int // how many characters have to be left when everything that can be guessed is taken out
}

// The profiles. Dengbao3 follows what GB/T 22239-2019 (等保2.0 level 3, 8.1.4.1 a as read about) and the offices' own rules
// ask: complexity and change. ASVS follows OWASP ASVS 5.0, 6.2.1, 6.2.5 and 6.2.10: length instead of both. The
// lengths are ours.
var (
	Dengbao3 = Profile{Name: "dengbao3", Least: 12, Classes: 3, Days: 90, History: 5, Rest: 6}
	ASVS     = Profile{Name: "asvs", Least: 15, Rest: 6}
)

// Most is the longest password, in bytes: what comes in is hashed.
const Most = 512

// ParseProfile returns the profile with a name. It wraps [fault.ErrInvalid].
func ParseProfile(s string) (Profile, error) {
	for _, p := range []Profile{Dengbao3, ASVS} {
		if p.Name == s {
			return p, nil
		}
	}
	return Profile{}, fmt.Errorf("password profile %q is neither dengbao3 nor asvs: %w", s, fault.ErrInvalid)
}

// Check returns nil if somebody may choose the password, otherwise a [fault.Refusal] that says what is missing. context are
// words that others would try: the name to sign in with, the unit, the district. The password itself is in no error.
func (p Profile) Check(password string, context ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return fault.Refuse(fault.ErrInvalid, "password-unreadable", "password")
	case len(password) > Most:
		return fault.Refuse(fault.ErrInvalid, "password-long", "password", "limit", strconv.Itoa(Most))
	case n < p.Least:
		return fault.Refuse(fault.ErrInvalid, "password-short", "password", "least", strconv.Itoa(p.Least))
	case classes(password) < p.Classes:
		return fault.Refuse(fault.ErrInvalid, "password-classes", "password", "classes", strconv.Itoa(p.Classes))
	case isListed(password):
		return fault.Refuse(fault.ErrInvalid, "password-common", "password")
	case rest(password, context) < p.Rest:
		return fault.Refuse(fault.ErrInvalid, "password-guessable", "password")
	}
	return nil
}

// classes counts which of the four sorts of character are there. Hanzi are others.
func classes(s string) int {
	var upper, lower, digit, other int
	for _, r := range s {
		switch {
		case r >= 'A' && r <= 'Z':
			upper = 1
		case r >= 'a' && r <= 'z':
			lower = 1
		case r >= '0' && r <= '9':
			digit = 1
		default:
			other = 1
		}
	}
	return upper + lower + digit + other
}

// likeness reads the characters by which letters are commonly written.
var likeness = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "l")

// rest counts the characters that are left when common words, the context, years, runs and keyboard walks are taken out, each as
// itself and as it is spelled with digits and signs.
func rest(password string, context []string) int {
	folded := strings.Map(unicode.ToLower, password)
	taken := make([]bool, len(folded))
	take := func(in, word string) {
		if len(word) < 3 || len(in) != len(folded) {
			return
		}
		for at := 0; ; {
			i := strings.Index(in[at:], word)
			if i < 0 {
				return
			}
			for j := range word {
				taken[at+i+j] = true
			}
			at += i + 1
		}
	}
	spelled := likeness.Replace(folded)
	for _, words := range [][]string{common(), context} {
		for _, w := range words {
			for _, part := range append(strings.FieldsFunc(strings.ToLower(w), notWord), strings.ToLower(w)) {
				take(folded, part)
				take(spelled, part)
			}
		}
	}
	walks(folded, taken)
	n := 0
	for i := range folded { // by the beginnings of characters
		if !taken[i] {
			n++
		}
	}
	return n
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// rows are what fingers walk along, both ways.
var rows = []string{"01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn", "!@#$%^&*()", "qazwsxedcrfvtgbyhnujm"}

// walks takes out three or more of the same character, and four or more along a row: 1234, fdsa, 1qaz.
func walks(s string, taken []bool) {
	same := 1
	for i := 1; i <= len(s); i++ {
		if i < len(s) && s[i] == s[i-1] {
			same++
			continue
		}
		if same >= 3 {
			for j := i - same; j < i; j++ {
				taken[j] = true
			}
		}
		same = 1
	}
	for i := 0; i+4 <= len(s); i++ {
		for _, row := range rows {
			if strings.Contains(row, s[i:i+4]) || strings.Contains(row, reversed(s[i:i+4])) {
				for j := i; j < i+4; j++ {
					taken[j] = true
				}
			}
		}
	}
	for i := 0; i+4 <= len(s); i++ { // years
		if y, err := strconv.Atoi(s[i : i+4]); err == nil && y >= 1940 && y <= 2060 {
			for j := i; j < i+4; j++ {
				taken[j] = true
			}
		}
	}
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
