package codelist

import (
	"fmt"
	"strings"
	"time"

	"bihuan/ground/fault"
)

// IDNumber is a citizen's identity number (公民身份号码, GB 11643): 6 digits of the division
// of first registration, 8 of the birth date, 3 of a sequence, and a check symbol.
//
// It prints itself masked, so that it does not slip into a log; [IDNumber.Reveal] is for
// the few places that may have it.
type IDNumber struct{ number string }

var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// Residents of Hong Kong, Macao and Taiwan with a residence permit have these provinces in
// place of their own: 港澳台居民居住证申领发放办法 (2018), 810000, 820000 and 830000.
const taiwanPermit = "83"

// foreigner begins the number of a foreigner's permanent residence card of 2023; two digits of the province where it was asked for and
// three of the nationality (ISO 3166-1, numeric) follow instead of a county. 外国人永久居留身份证, as read about.
const foreigner = '9'

// ParseIDNumber returns s as an IDNumber. A number of 15 digits, as they were given until 1999 and hold no longer, is read as the
// one of 18 that took its place. It checks length, digits, province, birth date
// (from 1800 on; whether it lies in the future is the caller's to ask) and check symbol.
// Errors say what is wrong without the number.
func ParseIDNumber(s string) (IDNumber, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	wrong := func(reason string) (IDNumber, error) {
		return IDNumber{}, fmt.Errorf("identity number: %s: %w", reason, fault.ErrInvalid)
	}
	if len(s) == 15 && allDigits(s) {
		s = s[:6] + "19" + s[6:] // GB 11643-1999: the year gets its century, and the check symbol is added
		s += string(idCheck(s))
	}
	switch {
	case len(s) != 18:
		return wrong(fmt.Sprintf("it has %d characters, not 18", len([]rune(s))))
	case !allDigits(s[:17]):
		return wrong("the first 17 characters are not all digits")
	case !isProvince(s[:2]) && s[:2] != taiwanPermit && !(s[0] == foreigner && isProvince(s[1:3])):
		return wrong("the first two digits are no province")
	case !isBirthDate(s[6:14]):
		return wrong("digits 7 to 14 are no date of birth")
	case s[17] != idCheck(s[:17]):
		return wrong("the check symbol does not fit the digits; one of them is mistyped")
	}
	return IDNumber{s}, nil
}

// idCheck is the check symbol of 17 digits, ISO 7064 MOD 11-2 as GB 11643 has it.
func idCheck(s string) byte {
	sum := 0
	for i, w := range idWeights {
		sum += w * int(s[i]-'0')
	}
	return "10X98765432"[sum%11]
}

func isBirthDate(s string) bool {
	t, err := time.Parse("20060102", s)
	return err == nil && t.Year() >= 1800
}

// IsZero reports whether there is no number.
func (n IDNumber) IsZero() bool { return n.number == "" }

// String returns the number masked, 220105********002X, and nothing for none.
func (n IDNumber) String() string {
	if n.number == "" {
		return ""
	}
	return n.number[:6] + "********" + n.number[14:]
}

// GoString masks too: %#v of a struct that holds a number must not tell it.
func (n IDNumber) GoString() string { return "codelist.IDNumber(" + n.String() + ")" }

// Reveal returns the number in clear.
func (n IDNumber) Reveal() string { return n.number }
