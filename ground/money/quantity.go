package money

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"bihuan/ground/fault"
)

// maxUnit is the longest unit, in characters, that ParseQuantity accepts.
const maxUnit = 24

// Quantity is a value with its unit, both as their author wrote them: 23 亿元 stays 23 亿元.
// The zero value is 0 without a unit.
type Quantity struct {
	Value Decimal `json:"value" yaml:"value"`
	Unit  string  `json:"unit" yaml:"unit"`
}

// ParseQuantity reads a number and the unit behind it, such as “23亿元”, “1,234.5 万元”,
// “60%”, “-3.5 个百分点” or “21”. Full-width digits and signs are read as ASCII, commas must
// stand before every three digits, blanks around the number are ignored. It wraps
// [fault.ErrInvalid]; a unit may have up to 24 characters, none of them a digit at its start.
func ParseQuantity(s string) (Quantity, error) {
	text := strings.TrimSpace(narrow(s))
	end := strings.IndexFunc(text, func(r rune) bool { return !isNumeral(r) })
	if end < 0 {
		end = len(text)
	}
	number, err := ungroup(text[:end])
	if err != nil {
		return Quantity{}, fmt.Errorf("%q: %w", clip(s), err)
	}
	value, err := Parse(number)
	if err != nil {
		return Quantity{}, err
	}
	unit := strings.Join(strings.Fields(text[end:]), " ")
	if utf8.RuneCountInString(unit) > maxUnit || strings.IndexFunc(unit, isNumeral) == 0 || strings.ContainsFunc(unit, isControl) {
		return Quantity{}, fmt.Errorf("%q has no unit of at most %d characters: %w", clip(s), maxUnit, fault.ErrInvalid)
	}
	if whole, ok := wholeUnits[unit]; ok {
		unit = whole
	}
	return Quantity{value, unit}, nil
}

func isNumeral(r rune) bool { return strings.ContainsRune("+-.,0123456789", r) }

func isControl(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }

// ungroup takes the commas out of a number, if they are where they belong.
func ungroup(s string) (string, error) {
	if !strings.Contains(s, ",") {
		return s, nil
	}
	plain := strings.ReplaceAll(s, ",", "")
	sign := s[:len(s)-len(strings.TrimLeft(s, "+-"))]
	if sign+group(strings.TrimPrefix(plain, sign)) != s {
		return "", fmt.Errorf("commas must stand before every three digits: %w", fault.ErrInvalid)
	}
	return plain, nil
}

// In returns q in another unit of the same kind, 23 亿元 in 万元 as 230000 万元. It wraps
// [fault.ErrInvalid] if the kinds differ or the value needs more than 19 digits.
func (q Quantity) In(unit string) (Quantity, error) {
	from, fromPower := SplitUnit(q.Unit)
	to, toPower := SplitUnit(unit)
	if from != to {
		return Quantity{}, fmt.Errorf("%q is not of the kind of %q: %w", q.Unit, unit, fault.ErrInvalid)
	}
	v, err := q.Value.shift(fromPower - toPower)
	return Quantity{v, unit}, err
}

// shift returns d times ten to the power of n, exactly; n is between -12 and 12.
func (d Decimal) shift(n int) (Decimal, error) {
	there, back := Decimal.Mul, Decimal.Quo
	if n < 0 {
		there, back, n = back, there, -n
	}
	p := tenTo(n)
	r, err := there(d, p)
	if err != nil {
		return Zero, err
	}
	if again, err := back(r, p); err != nil || again != d {
		return Zero, fmt.Errorf("%s has too many digits to move its point: %w", d, fault.ErrInvalid)
	}
	return r, nil
}

func tenTo(n int) Decimal {
	p := int64(1)
	for range n {
		p *= 10
	}
	return Int(p)
}

// String returns value and unit without a blank: 23亿元. [ParseQuantity] reads it again.
func (q Quantity) String() string { return q.Value.String() + q.Unit }

// Format returns q for a person, exactly: never rounded. lang is "en" or anything else for
// Chinese. In Chinese a bare unit is raised to 万 or 亿 when at most two digits then stand
// behind the point (2300000000 元 is 23亿元), otherwise digits are grouped (12,345个), and a
// unit that wants a counter has it (3个工作日). In
// English the scale is million or billion (2.3 billion yuan).
func (q Quantity) Format(lang string) string {
	base, power := SplitUnit(q.Unit)
	if lang == "en" {
		return q.english(base)
	}
	if power == 0 && isCountable(base) {
		for _, s := range []struct {
			word  string
			power int
		}{{"亿", 8}, {"万", 4}} {
			if v, err := q.Value.shift(-s.power); err == nil && v.Abs().Cmp(One) >= 0 && v.Places() <= 2 {
				return group(v.String()) + s.word + base
			}
		}
	}
	return group(q.Value.String()) + counted(q.Unit)
}

// Span says from which value to which something goes in a unit, as people write it: the unit once where both have the same (5–6亿元, 10–12%), twice
// where not (8,000万元–1.2亿元).
func Span(low, high Decimal, unit, lang string) string {
	a, b := Quantity{low, unit}.Format(lang), Quantity{high, unit}.Format(lang)
	if tail := behindNumber(b); behindNumber(a) == tail {
		a = strings.TrimSuffix(a, tail)
	}
	return a + "–" + b
}

// behindNumber is what stands behind the last digit of a text.
func behindNumber(s string) string { return s[strings.LastIndexAny(s, "0123456789")+1:] }

func (q Quantity) english(base string) string {
	flat, err := q.In(base)
	if err != nil {
		return group(q.Value.String()) + " " + q.Unit
	}
	one := flat.Value.Abs() == One
	if isCountable(base) {
		for _, s := range []struct {
			word  string
			power int
		}{{"billion", 9}, {"million", 6}} {
			if v, err := flat.Value.shift(-s.power); err == nil && v.Abs().Cmp(One) >= 0 && v.Places() <= 2 {
				return group(v.String()) + " " + s.word + unitWord(base, false)
			}
		}
	}
	return group(flat.Value.String()) + unitWord(base, one)
}

// counted is a unit as it stands behind a number in Chinese: those that want a counter between get it (3个工作日, 0.5个百分点).
func counted(unit string) string {
	switch plain := strings.Join(strings.Fields(unit), ""); plain {
	case "百分点", "千分点", "工作日", "工作时", "自然日", "紧急工作时", "紧急工作日", "月":
		return "个" + plain
	}
	return unit
}

func isCountable(base string) bool {
	return base != Percent && base != PercentagePoint && base != PerMille
}
