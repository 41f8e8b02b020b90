package codelist

import (
	"fmt"
	"strings"

	"bihuan/ground/fault"
)

// CreditCode is a unified social credit code (统一社会信用代码, GB 32100): 18 symbols, of
// firms and of public bodies alike: registrar, category, 6 digits of the division, 9 of the
// organisation code (GB 11714), and a check symbol.
type CreditCode string

// The 31 symbols of GB 32100: no I, O, S, V, Z.
const creditSymbols = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditWeights are 3^i mod 31.
var creditWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// ParseCreditCode returns s as a CreditCode in capitals. It checks length, symbols, the
// digits of the division and the check symbol; not the organisation code's own check (GB 11714), since codes of old
// registrations are known to miss it.
func ParseCreditCode(s string) (CreditCode, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	if len(s) != 18 {
		return "", fmt.Errorf("credit code %q has %d characters, not 18: %w", clip(s), len([]rune(s)), fault.ErrInvalid)
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune(creditSymbols, r) }); i >= 0 {
		return "", fmt.Errorf("credit code %q has %q at place %d; I, O, S, V and Z do not occur: %w", s, []rune(s[i:])[0], i+1, fault.ErrInvalid)
	}
	if !allDigits(s[2:8]) {
		return "", fmt.Errorf("credit code %q: places 3 to 8 are not the digits of a division: %w", s, fault.ErrInvalid)
	}
	if want := creditCheck(s[:17]); s[17] != want {
		return "", fmt.Errorf("credit code %q: the check symbol is %c, by the others it should be %c: %w", s, s[17], want, fault.ErrInvalid)
	}
	return CreditCode(s), nil
}

// creditCheck is the check symbol of the first 17: (31 − Σ mod 31) mod 31, GB 32100.
func creditCheck(s string) byte {
	sum := 0
	for i, w := range creditWeights {
		sum += w * strings.IndexByte(creditSymbols, s[i])
	}
	return creditSymbols[(31-sum%31)%31]
}
