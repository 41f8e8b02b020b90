package money

import (
	"bytes"
	"cmp"
	"fmt"
	"math/bits"
	"strings"

	"bihuan/ground/fault"
)

// Ratio is an exact fraction in lowest terms, such as a share or a tax rate. The zero value is 0.
type Ratio struct{ num, den int64 }

// NewRatio returns num/den. It wraps [fault.ErrInvalid] if den is not positive or num is
// the smallest integer, whose magnitude is none.
func NewRatio(num, den int64) (Ratio, error) {
	if den <= 0 || num == -1<<63 {
		return Ratio{}, fmt.Errorf("%d/%d is no ratio: %w", num, den, fault.ErrInvalid)
	}
	a, b := num, den
	for b != 0 {
		a, b = b, a%b
	}
	g := int64(magnitude(a))
	if num == 0 {
		return Ratio{}, nil
	}
	return Ratio{num / g, den / g}, nil
}

// ParseRatio reads “3/8”, “12.5%”, “0.3‰” or “0.125”. It wraps [fault.ErrInvalid].
func ParseRatio(s string) (Ratio, error) {
	if num, den, ok := strings.Cut(strings.TrimSpace(s), "/"); ok {
		n, err := wholeNumber(num)
		if err != nil {
			return Ratio{}, fmt.Errorf("ratio %q: %w", clip(s), err)
		}
		d, err := wholeNumber(den)
		if err != nil {
			return Ratio{}, fmt.Errorf("ratio %q: %w", clip(s), err)
		}
		return NewRatio(n, d)
	}
	q, err := ParseQuantity(s)
	if err != nil {
		return Ratio{}, err
	}
	places, ok := map[string]int{"": 0, Percent: 2, PerMille: 3}[q.Unit]
	scale := q.Value.Places()
	if !ok || scale+places > 18 {
		return Ratio{}, fmt.Errorf("%q is no ratio: %w", clip(s), fault.ErrInvalid)
	}
	num, err := q.Value.ToScaled(scale)
	if err != nil {
		return Ratio{}, err
	}
	den, _ := tenTo(scale + places).ToScaled(0) // at most 10^18
	return NewRatio(num, den)
}

func wholeNumber(s string) (int64, error) {
	d, err := Parse(strings.TrimSpace(s))
	if err != nil {
		return 0, err
	}
	return d.ToScaled(0)
}

func (r Ratio) parts() (num, den int64) { return r.num, max(r.den, 1) }

// Decimal returns the ratio to 19 significant digits, rounded half to even.
func (r Ratio) Decimal() Decimal {
	num, den := r.parts()
	d, _ := Int(num).Quo(Int(den)) // den is at least 1
	return d
}

// Percent returns the ratio as a percentage, rounded half away from zero to the given digits behind the point.
func (r Ratio) Percent(places int) Quantity {
	num, den := r.parts()
	v, err := Int(num).Mul(Hundred)
	if err == nil {
		v, err = v.Quo(Int(den))
	}
	if err != nil { // more than 10^17 hundredths: divide first
		v, _ = r.Decimal().Mul(Hundred)
	}
	return Quantity{v.Round(places), Percent}
}

// Cmp returns -1, 0 or 1 as r is less than, equal to or greater than o, exactly.
func (r Ratio) Cmp(o Ratio) int {
	rn, rd := r.parts()
	on, od := o.parts()
	if (rn < 0) != (on < 0) || rn == 0 || on == 0 {
		return cmp.Compare(rn, on)
	}
	h1, l1 := bits.Mul64(magnitude(rn), uint64(od))
	h2, l2 := bits.Mul64(magnitude(on), uint64(rd))
	c := cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2))
	if rn < 0 {
		return -c
	}
	return c
}

// String returns the ratio as a fraction in lowest terms, such as 3/8. [ParseRatio] reads it again.
func (r Ratio) String() string {
	num, den := r.parts()
	return fmt.Sprintf("%d/%d", num, den)
}

// MarshalText returns what String returns.
func (r Ratio) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what [ParseRatio] reads.
func (r *Ratio) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRatio(string(bytes.TrimSpace(text)))
	return err
}
