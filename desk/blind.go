package desk

import (
	"strings"

	"bihuan/ground/seal"
)

// sought are the personal fields by whose value people are found again, and how a value is brought into one form first.
var sought = map[string]func(string) string{"phone": phoneDigits}

// leastDigits is how many digits a number has at least; shorter ones are internal extensions that many share.
const leastDigits = 7

// phoneDigits returns the digits of a phone number without the country's code; empty for what is none.
func phoneDigits(v string) string {
	d := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return -1
	}, v)
	d = strings.TrimPrefix(d, "00")
	if rest, ok := strings.CutPrefix(d, "86"); ok && len(rest) >= 10 {
		d = rest
	}
	if len(d) < leastDigits {
		return ""
	}
	return d
}

// blind returns the blind index of a personal value in its one form. It is empty for a field that nobody looks for, and
// without a key.
func (d *Desk) blind(key, v string) string {
	form, ok := sought[key]
	if !ok || len(d.world.Blind) < 32 {
		return ""
	}
	if v = form(v); v == "" {
		return ""
	}
	return seal.Blind(d.world.Blind, d.world.District, key, v)
}
