package indicator

import "bihuan/ground/money"

// The values of goals have fewer than 14 digits before the point and at most 4 behind it, so that sums and differences
// are exact in the 19 digits of a [money.Decimal]; quotients are rounded to 6 places.
const (
	valuePlaces = 4
	placesKept  = 6
)

var maxValue = money.Int(10_000_000_000_000)

// isValue reports whether a goal may hold the value.
func isValue(d money.Decimal) bool { return d.Places() <= valuePlaces && d.Abs().Less(maxValue) }

// huge stands for what has no decimal: a share of next to nothing.
var huge = money.Int(1_000_000_000_000_000)

// must returns the result of a step that values within the limits cannot fail; where it fails all the same the result is
// huge on the side of its sign.
func must(d money.Decimal, err error, sign int) money.Decimal {
	switch {
	case err == nil:
		return d
	case sign < 0:
		return huge.Neg()
	}
	return huge
}

func add(a, b money.Decimal) money.Decimal {
	d, err := a.Add(b)
	return must(d, err, a.Sign())
}

func sub(a, b money.Decimal) money.Decimal { return add(a, b.Neg()) }

func mul(a, b money.Decimal) money.Decimal {
	d, err := a.Mul(b)
	return must(d, err, a.Sign()*b.Sign()).Round(placesKept)
}

// quo returns a ÷ b, and 0 where b is 0.
func quo(a, b money.Decimal) money.Decimal {
	if b.IsZero() {
		return money.Zero
	}
	d, err := a.Quo(b)
	return must(d, err, a.Sign()*b.Sign()).Round(placesKept)
}

// percent returns how many per cent a part is of a whole, to two places; 0 of nothing.
func percent(part, whole money.Decimal) money.Decimal {
	return quo(mul(part, money.Hundred), whole).Round(2)
}

// line returns from + (to − from) × part ÷ whole.
func line(from, to, part, whole money.Decimal) money.Decimal {
	return add(from, quo(mul(sub(to, from), part), whole)).Round(valuePlaces)
}
