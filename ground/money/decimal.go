package money

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/govalues/decimal"

	"bihuan/ground/fault"
)

// MaxDigits is the largest number of significant digits of a Decimal.
const MaxDigits = decimal.MaxPrec

// Decimal is an exact decimal number of up to 19 significant digits, of which up to 19
// stand behind the point. The zero value is 0. Trailing zeros are dropped wherever a
// Decimal is made, so == compares values and one value has one text.
type Decimal struct{ d decimal.Decimal }

// The decimals that formulas need by name.
var (
	Zero    = Decimal{}
	One     = Int(1)
	Hundred = Int(100)
)

func wrap(d decimal.Decimal) Decimal { return Decimal{d.Trim(0)} }

// Int returns n as a Decimal.
func Int(n int64) Decimal { return wrap(decimal.MustNew(n, 0)) }

// Scaled returns n divided by ten to the power of scale: Scaled(1234, 2) is 12.34.
// It is the inverse of [Decimal.ToScaled] and wraps [fault.ErrInvalid] if scale is not 0 to 19.
func Scaled(n int64, scale int) (Decimal, error) {
	d, err := decimal.New(n, scale)
	if err != nil {
		return Zero, fmt.Errorf("scale %d is not 0 to %d: %w", scale, decimal.MaxScale, fault.ErrInvalid)
	}
	return wrap(d), nil
}

// Parse reads a plain decimal: an optional sign, ASCII digits, and at most one point with
// digits on both sides. Separators, exponents, blanks and units are not read; see
// [ParseQuantity]. It wraps [fault.ErrInvalid], also for more than 19 significant digits:
// nothing is rounded silently.
func Parse(s string) (Decimal, error) {
	digits := strings.TrimLeft(s, "+-")
	whole, frac, point := strings.Cut(digits, ".")
	switch {
	case len(s) > 64, len(s)-len(digits) > 1, !allDigits(whole), point && !allDigits(frac):
		return Zero, fmt.Errorf("%q is not a decimal number: %w", clip(s), fault.ErrInvalid)
	}
	frac = strings.TrimRight(frac, "0")
	if len(frac) > decimal.MaxScale || len(strings.TrimLeft(whole+frac, "0")) > MaxDigits {
		return Zero, fmt.Errorf("%q has more than %d digits: %w", clip(s), MaxDigits, fault.ErrInvalid)
	}
	text := s[:len(s)-len(digits)] + whole
	if frac != "" {
		text += "." + frac
	}
	d, err := decimal.Parse(text)
	if err != nil {
		return Zero, fmt.Errorf("%q is not a decimal number: %w", clip(s), fault.ErrInvalid)
	}
	return wrap(d), nil
}

// MustParse is [Parse] for constants and tests; it panics on what Parse refuses.
func MustParse(s string) Decimal {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// clip shortens s for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// String returns the shortest plain text of d, such as -0.5 or 1200.
func (d Decimal) String() string { return d.d.String() }

// Sign returns -1, 0 or 1.
func (d Decimal) Sign() int { return d.d.Sign() }

// IsZero reports whether d is 0.
func (d Decimal) IsZero() bool { return d.d.IsZero() }

// IsInt reports whether d has no fractional part.
func (d Decimal) IsInt() bool { return d.d.IsInt() }

// Places returns how many digits stand behind the point, 0 to 19.
func (d Decimal) Places() int { return d.d.Scale() }

// Cmp returns -1, 0 or 1 as d is less than, equal to or greater than e.
func (d Decimal) Cmp(e Decimal) int { return d.d.Cmp(e.d) }

// Less reports whether d is less than e.
func (d Decimal) Less(e Decimal) bool { return d.d.Cmp(e.d) < 0 }

// Neg returns -d.
func (d Decimal) Neg() Decimal { return wrap(d.d.Neg()) }

// Abs returns d without its sign.
func (d Decimal) Abs() Decimal { return wrap(d.d.Abs()) }

// Add returns d + e, exactly, or wraps [fault.ErrInvalid] if the sum has more than 19 digits.
func (d Decimal) Add(e Decimal) (Decimal, error) {
	s, err := d.d.AddExact(e.d, max(d.d.Scale(), e.d.Scale()))
	return result(s, err, d, "+", e)
}

// Sub returns d - e, exactly, or wraps [fault.ErrInvalid] if the difference has more than 19 digits.
func (d Decimal) Sub(e Decimal) (Decimal, error) {
	s, err := d.d.SubExact(e.d, max(d.d.Scale(), e.d.Scale()))
	return result(s, err, d, "-", e)
}

// Mul returns d × e to 19 significant digits, rounded half to even. It wraps
// [fault.ErrInvalid] if the whole part alone has more than 19 digits.
func (d Decimal) Mul(e Decimal) (Decimal, error) {
	p, err := d.d.Mul(e.d)
	return result(p, err, d, "×", e)
}

// Quo returns d ÷ e to 19 significant digits, rounded half to even. It wraps
// [fault.ErrInvalid] if e is 0 or the whole part alone has more than 19 digits.
func (d Decimal) Quo(e Decimal) (Decimal, error) {
	q, err := d.d.Quo(e.d)
	return result(q, err, d, "÷", e)
}

func result(r decimal.Decimal, err error, d Decimal, op string, e Decimal) (Decimal, error) {
	if err != nil {
		return Zero, fmt.Errorf("%s %s %s has no result of %d digits: %w", d, op, e, MaxDigits, fault.ErrInvalid)
	}
	return wrap(r), nil
}

// Round returns d with at most places digits behind the point, a half away from zero
// (四舍五入), as government statistics are rounded. Negative places count as 0.
func (d Decimal) Round(places int) Decimal {
	places = max(places, 0)
	if d.d.Scale() <= places {
		return d
	}
	cut := d.d.Trunc(places)
	rest, err := d.d.SubAbs(cut)
	half, _ := decimal.New(5, places+1)
	if err != nil || rest.Cmp(half) < 0 {
		return wrap(cut)
	}
	up, err := cut.Add(cut.ULP().CopySign(d.d))
	if err != nil { // 19 nines: there is no larger number of as many digits
		return wrap(cut)
	}
	return wrap(up)
}

// ToScaled returns d times ten to the power of scale as an integer, for stores and
// protocols that know only integers. It wraps [fault.ErrInvalid] if d has more than scale
// digits behind the point or the result does not fit.
func (d Decimal) ToScaled(scale int) (int64, error) {
	if scale < d.d.Scale() || scale > decimal.MaxScale {
		return 0, fmt.Errorf("%s has not %d digits behind the point: %w", d, scale, fault.ErrInvalid)
	}
	p := d.d.Pad(scale)
	if p.Scale() != scale || p.Coef() > 1<<63-1 {
		return 0, fmt.Errorf("%s does not fit an integer of scale %d: %w", d, scale, fault.ErrInvalid)
	}
	n := int64(p.Coef())
	if p.IsNeg() {
		n = -n
	}
	return n, nil
}

// MarshalText returns what String returns.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [Parse] reads.
func (d *Decimal) UnmarshalText(text []byte) (err error) {
	*d, err = Parse(string(text))
	return err
}

// MarshalJSON returns the text in quotes, so that no reader makes a float of it.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(`"` + d.String() + `"`), nil }

// UnmarshalJSON reads a decimal from a JSON string or a JSON number without exponent.
func (d *Decimal) UnmarshalJSON(text []byte) error {
	if len(text) >= 2 && text[0] == '"' {
		text = bytes.Trim(text, `"`)
	}
	return d.UnmarshalText(text)
}
