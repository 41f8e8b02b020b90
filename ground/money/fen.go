package money

import (
	"fmt"

	"bihuan/ground/fault"
)

// Fen is an amount of money in fen 分, a hundredth of a yuan. It reaches ± 92 万亿元.
type Fen int64

// ParseFen reads an amount in yuan, 万元 or 亿元: “12.34”, “1,234.5元”, “5000万元”, “2.3 亿元”.
// A bare number is yuan. It wraps [fault.ErrInvalid] if the amount is no whole number of
// fen, the unit is no money, or it does not fit.
func ParseFen(s string) (Fen, error) {
	q, err := ParseQuantity(s)
	if err != nil {
		return 0, err
	}
	if base, _ := SplitUnit(q.Unit); base == "" {
		q.Unit += Yuan
	}
	q, err = q.In(Yuan)
	if err != nil {
		return 0, fmt.Errorf("amount %q: %w", clip(s), err)
	}
	n, err := q.Value.ToScaled(2)
	if err != nil {
		return 0, fmt.Errorf("amount %q is no whole number of fen: %w", clip(s), fault.ErrInvalid)
	}
	return Fen(n), nil
}

// Yuan returns the amount in yuan, exactly.
func (f Fen) Yuan() Decimal {
	d, _ := Scaled(int64(f), 2) // scale 2 is always allowed
	return d
}

// Quantity returns the amount as a quantity in 元.
func (f Fen) Quantity() Quantity { return Quantity{f.Yuan(), Yuan} }

// String returns the amount in yuan with two digits behind the point and no unit: 1234.50.
func (f Fen) String() string {
	sign, u := "", uint64(f)
	if f < 0 {
		sign, u = "-", -u
	}
	return fmt.Sprintf("%s%d.%02d", sign, u/100, u%100)
}

// Format returns the amount for a person, exactly: 23亿元, 5.2万元, 1,234.50元; in English
// 2.3 billion yuan, 1,234.50 yuan. Amounts that are no whole yuan show both digits.
func (f Fen) Format(lang string) string {
	if f%100 == 0 {
		return f.Quantity().Format(lang)
	}
	if lang == "en" {
		return group(f.String()) + " yuan"
	}
	return group(f.String()) + Yuan
}
