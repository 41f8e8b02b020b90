package codelist

import (
	"fmt"
	"strings"

	"bihuan/ground/fault"
)

// Industry is a class of GB/T 4754-2017 国民经济行业分类: a section letter A to T (门类), or
// 2, 3 or 4 digits (大类, 中类, 小类). C is 制造业, 36 汽车制造业 in it.
type Industry string

// sections gives the first and last division (大类) of each section, GB/T 4754-2017.
var sections = []struct {
	letter      byte
	first, last int
}{
	{'A', 1, 5}, {'B', 6, 12}, {'C', 13, 43}, {'D', 44, 46}, {'E', 47, 50}, {'F', 51, 52}, {'G', 53, 60},
	{'H', 61, 62}, {'I', 63, 65}, {'J', 66, 69}, {'K', 70, 70}, {'L', 71, 72}, {'M', 73, 75}, {'N', 76, 79},
	{'O', 80, 82}, {'P', 83, 83}, {'Q', 84, 85}, {'R', 86, 90}, {'S', 91, 96}, {'T', 97, 97},
}

// ParseIndustry returns s as an Industry. The letter that many papers put before the digits
// (C36) is checked against them and dropped. Whether a 3- or 4-digit class exists within its
// division is not checked.
func ParseIndustry(s string) (Industry, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	if s == "" || len(s) > 5 {
		return "", fmt.Errorf("industry %q is neither a letter nor 2 to 4 digits: %w", clip(s), fault.ErrInvalid)
	}
	letter, digits := "", s
	if s[0] >= 'A' && s[0] <= 'Z' {
		letter, digits = s[:1], s[1:]
	}
	if digits == "" {
		if letter > "T" {
			return "", fmt.Errorf("industry section %q is not A to T: %w", letter, fault.ErrInvalid)
		}
		return Industry(letter), nil
	}
	if !allDigits(digits) || len(digits) < 2 || len(digits) > 4 {
		return "", fmt.Errorf("industry %q is neither a letter nor 2 to 4 digits: %w", s, fault.ErrInvalid)
	}
	section := Industry(digits).Section()
	if section == "" {
		return "", fmt.Errorf("industry %q: there is no division %s: %w", s, digits[:2], fault.ErrInvalid)
	}
	if letter != "" && letter != string(section) {
		return "", fmt.Errorf("industry %q: division %s belongs to section %s: %w", s, digits[:2], section, fault.ErrInvalid)
	}
	return Industry(digits), nil
}

// Section returns the letter of the section that the class belongs to, empty if none does.
func (i Industry) Section() Industry {
	if len(i) == 1 {
		return i
	}
	if len(i) < 2 || !allDigits(string(i)) {
		return ""
	}
	n := int(i[0]-'0')*10 + int(i[1]-'0')
	for _, s := range sections {
		if s.first <= n && n <= s.last {
			return Industry(s.letter)
		}
	}
	return ""
}

// Parent returns the class one step up: 3610 to 361 to 36 to C, and nothing for a section.
func (i Industry) Parent() Industry {
	switch len(i) {
	case 3, 4:
		return i[:len(i)-1]
	case 2:
		return i.Section()
	}
	return ""
}

// Within reports whether i is j or a class of it.
func (i Industry) Within(j Industry) bool {
	for at := i; at != ""; at = at.Parent() {
		if at == j {
			return true
		}
	}
	return false
}
