package field

import (
	"strings"

	"bihuan/ground/money"
)

// Limits of numbers: what a facet can hold as an integer, see [Scaled].
const (
	maxInteger = 1_000_000_000_000_000
	places     = 4
)

// maxDecimal is the first decimal that is too large.
var maxDecimal = money.Int(100_000_000_000_000)

// Scaled returns a stored integer, decimal or amount × 10⁴, for databases that compare numbers as
// integers, within ±10¹⁸. It reports false for anything else, the empty text included, and for
// more than four digits behind the point.
func Scaled(stored string) (int64, bool) {
	d, err := money.Parse(stored)
	if err != nil || !d.Abs().Less(maxDecimal) {
		return 0, false
	}
	n, err := d.ToScaled(places)
	return n, err == nil
}

// quantity reads a number with its unit; the long dash of a Chinese keyboard is a minus.
func quantity(v string) (money.Quantity, error) {
	return money.ParseQuantity(strings.Replace(v, "—", "-", 1))
}

// number reads a number, alone or with the field's own unit behind it.
func (f *Field) number(v string) (money.Decimal, bool) {
	q, err := quantity(v)
	return q.Value, err == nil && (q.Unit == "" || q.Unit == f.Unit)
}

func checkInteger(f *Field, v string) (string, error) {
	d, ok := f.number(v)
	if !ok || !d.IsInt() || money.Int(maxInteger).Less(d.Abs()) {
		return "", f.refuse("not-integer")
	}
	return f.bounded(d)
}

// checkMoney reads an amount: a bare number is fen, as it is stored; with a unit (1,234.5元, 5000万元) it is what it says.
func checkMoney(f *Field, v string) (string, error) {
	q, err := quantity(v)
	if err != nil {
		return "", f.refuse("not-integer")
	}
	if q.Unit == "" {
		return checkInteger(f, v)
	}
	fen, err := money.ParseFen(q.String())
	if err != nil || fen > maxInteger || fen < -maxInteger {
		return "", f.refuse("not-integer")
	}
	return f.bounded(money.Int(int64(fen)))
}

func checkDecimal(f *Field, v string) (string, error) {
	d, ok := f.number(v)
	if !ok || d.Places() > places || !d.Abs().Less(maxDecimal) {
		return "", f.refuse("not-decimal")
	}
	return f.bounded(d)
}

// bounded returns the text of a number within the field's bounds.
func (f *Field) bounded(d money.Decimal) (string, error) {
	if limit, err := money.Parse(f.Min); err == nil && d.Less(limit) {
		return "", f.refuse("too-small", "limit", f.Min)
	}
	if limit, err := money.Parse(f.Max); err == nil && limit.Less(d) {
		return "", f.refuse("too-large", "limit", f.Max)
	}
	return d.String(), nil
}

// checkPlace reads “lng,lat” in degrees of WGS-84, to seven digits behind the point: a centimetre.
func checkPlace(f *Field, v string) (string, error) {
	lng, lat, ok := strings.Cut(strings.ReplaceAll(v, "，", ","), ",")
	x, errX := money.Parse(strings.TrimSpace(lng))
	y, errY := money.Parse(strings.TrimSpace(lat))
	if !ok || errX != nil || errY != nil || money.Int(180).Less(x.Abs()) || money.Int(90).Less(y.Abs()) {
		return "", f.refuse("not-place")
	}
	return x.Round(7).String() + "," + y.Round(7).String(), nil
}
