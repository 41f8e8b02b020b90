package codelist

import (
	"fmt"
	"strings"

	"bihuan/ground/fault"
)

// Division is an administrative division code (行政区划代码): 6 digits down to the county
// (GB/T 2260), 9 down to the street, town or township (GB/T 10114), 12 down to the
// community or village (统计用区划代码). 220105 is 长春市二道区.
type Division string

// Level is how deep a division stands.
type Level int

// The levels, from the top.
const (
	Province  Level = 1 + iota // 省级
	City                       // 地级
	County                     // 县级
	Street                     // 乡级
	Community                  // 村级
)

// provinces are the first two digits that GB/T 2260 gives out, in ten rows by first digit.
var provinces = [10]string{1: "12345", 2: "123", 3: "1234567", 4: "123456", 5: "01234", 6: "12345", 7: "1", 8: "12"}

// ParseDivision returns s as a Division: 6, 9 or 12 ASCII digits that begin with a province,
// each level below filled in only if the one above is.
func ParseDivision(s string) (Division, error) {
	s = strings.TrimSpace(s)
	if n := len(s); n != 6 && n != 9 && n != 12 || !allDigits(s) {
		return "", fmt.Errorf("division %q is not 6, 9 or 12 digits: %w", clip(s), fault.ErrInvalid)
	}
	if !isProvince(s[:2]) {
		return "", fmt.Errorf("division %q begins with %s, which is no province: %w", s, s[:2], fault.ErrInvalid)
	}
	below := false // a level is empty: those under it must be
	for _, part := range parts(s) {
		empty := strings.Trim(part, "0") == ""
		if below && !empty {
			return "", fmt.Errorf("division %q skips a level: %w", s, fault.ErrInvalid)
		}
		below = empty
	}
	return Division(s), nil
}

func isProvince(two string) bool {
	return strings.IndexByte(provinces[two[0]-'0'], two[1]) >= 0
}

// parts cuts a code into its levels.
func parts(s string) []string {
	all := []string{s[:2], s[2:4], s[4:6]}
	for rest := s[6:]; rest != ""; rest = rest[3:] {
		all = append(all, rest[:3])
	}
	return all
}

// Level returns the deepest level that is filled in. The receiver comes from [ParseDivision].
func (d Division) Level() Level {
	level := Level(0)
	for _, part := range parts(string(d)) {
		if strings.Trim(part, "0") == "" {
			break
		}
		level++
	}
	return level
}

// Parent returns the division one level up, written as short as its level allows, and
// nothing for a province. The parent of a county directly under its province (直辖县级,
// such as 429004 and 110105) is what its digits say; the register knows better.
func (d Division) Parent() Division {
	switch d.Level() {
	case City:
		return d[:2] + "0000"
	case County:
		return d[:4] + "00"
	case Street:
		return d[:6]
	case Community:
		return d[:9]
	}
	return ""
}

// Within reports whether d is e or lies within e, by its digits.
func (d Division) Within(e Division) bool {
	for i, part := range parts(string(e)) {
		mine := parts(string(d))
		if strings.Trim(part, "0") == "" {
			return true
		}
		if i >= len(mine) || mine[i] != part {
			return false
		}
	}
	return true
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// clip keeps a message readable whatever it was given.
func clip(s string) string {
	const limit = 24
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
