package money

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a whole number", "1200", "1200"},
		{"trailing zeros are dropped", "10.500", "10.5"},
		{"a zero has no sign", "-0.00", "0"},
		{"leading zeros are dropped", "007.5", "7.5"},
		{"a plus sign is read", "+3", "3"},
		{"nineteen digits are kept", "1234567890.123456789", "1234567890.123456789"},
		{"zeros beyond nineteen digits do no harm", "1.00000000000000000000000", "1"},
		{"twenty digits are refused", "12345678901234567890", ""},
		{"twenty places are refused", "0.00000000000000000001", ""},
		{"an exponent is refused", "1e3", ""},
		{"a comma is refused", "1,000", ""},
		{"a point needs digits before it", ".5", ""},
		{"a point needs digits behind it", "5.", ""},
		{"two signs are refused", "--5", ""},
		{"nothing is refused", "", ""},
		{"words are refused", "NaN", ""},
		{"full-width digits are refused", "１２", ""},
	} {
		got, err := Parse(c.in)
		if c.want == "" {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Errorf("%s: Parse(%q) = %s, %v, want ErrInvalid", c.name, c.in, got, err)
			}
			continue
		}
		if err != nil || got.String() != c.want {
			t.Errorf("%s: Parse(%q) = %s, %v, want %s", c.name, c.in, got, err, c.want)
		}
	}
}

func TestRound(t *testing.T) {
	for _, c := range []struct {
		in     string
		places int
		want   string
	}{
		{"2.5", 0, "3"}, {"-2.5", 0, "-3"}, {"3.5", 0, "4"}, {"2.449", 1, "2.4"}, {"0.05", 1, "0.1"},
		{"-0.04", 1, "0"}, {"9.99", 1, "10"}, {"1.2", 3, "1.2"}, {"149", -2, "149"},
	} {
		if got := MustParse(c.in).Round(c.places); got.String() != c.want {
			t.Errorf("%s to %d places = %s, want %s", c.in, c.places, got, c.want)
		}
	}
}

// quantity is [ParseQuantity] of what a test writes.
func quantity(s string) Quantity {
	q, err := ParseQuantity(s)
	if err != nil {
		panic(err)
	}
	return q
}

// TestSpan: both ends of a range are written alike, with the unit once where it is the same.
func TestSpan(t *testing.T) {
	for _, c := range []struct{ low, high, unit, lang, want string }{
		{"500000000", "600000000", "元", "zh", "5–6亿元"},
		{"500000000", "600000000", "元", "en", "500–600 million yuan"},
		{"80000000", "120000000", "元", "zh", "8,000万元–1.2亿元"},
		{"10", "12", "%", "zh", "10–12%"},
		{"3", "5", "工作日", "zh", "3–5个工作日"},
		{"1", "2", "户", "en", "1 household–2 households"},
		{"7", "16", "条", "en", "7–16"}, // roads, lines, measures: what it counts, the words before it say
	} {
		if got := Span(MustParse(c.low), MustParse(c.high), c.unit, c.lang); got != c.want {
			t.Errorf("%s to %s %s in %s is %q, want %q", c.low, c.high, c.unit, c.lang, got, c.want)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct{ in, zh, en string }{
		{"2300000000元", "23亿元", "2.3 billion yuan"},
		{"23亿元", "23亿元", "2.3 billion yuan"},
		{"1234567元", "1,234,567元", "1,234,567 yuan"},
		{"12500元", "1.25万元", "12,500 yuan"},
		{"5000万元", "5,000万元", "50 million yuan"},
		{"12345个", "12,345个", "12,345"},
		{"21个", "21个", "21"},
		{"60%", "60%", "60%"},
		{"30000%", "30,000%", "30,000%"},
		{"-3.5百分点", "-3.5个百分点", "-3.5 percentage points"},
		{"1个百分点", "1个百分点", "1 percentage point"},
		{"-123456.5元", "-123,456.5元", "-123,456.5 yuan"},
		{"3万人", "3万人", "30,000 people"},
		{"1户", "1户", "1 household"},
		{"8", "8", "8"},
		{"0元", "0元", "0 yuan"},
		{"4筐", "4筐", "4 筐"},
		{"1工作日", "1个工作日", "1 working day"},
		{"2工作时", "2个工作时", "2 working hours"},
		{"6月", "6个月", "6 months"},
		{"20分钟", "20分钟", "20 minutes"},
	} {
		q := quantity(c.in)
		if zh, en := q.Format("zh"), q.Format("en"); zh != c.zh || en != c.en {
			t.Errorf("%s: %q, %q, want %q, %q", c.in, zh, en, c.zh, c.en)
		}
	}
	if got := (Quantity{Value: Int(0), Unit: "百分点"}).Format("zh"); got != "0个百分点" {
		t.Errorf("a unit spelt without its counter: %q", got)
	}
}

func TestParseQuantity(t *testing.T) {
	for _, c := range []struct{ name, in, value, unit string }{
		{"a unit of money", "23亿元", "23", "亿元"},
		{"blanks and commas", " 1,234.5 万元 ", "1234.5", "万元"},
		{"full-width writing", "－１２．５％", "-12.5", "%"},
		{"a bare number", "21", "21", ""},
		{"percentage points by their short name", "3.5百分点", "3.5", PercentagePoint},
		{"misplaced commas", "12,34", "", ""},
		{"a unit alone", "亿元", "", ""},
		{"an unending unit", "1" + fmt.Sprintf("%030d", 0) + "一二三四五六七八九十一二三四五六七八九十一二三四五", "", ""},
		{"a control character", "1\x00元", "", ""},
	} {
		got, err := ParseQuantity(c.in)
		if c.value == "" {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Errorf("%s: %v, %v, want ErrInvalid", c.name, got, err)
			}
			continue
		}
		if want := (Quantity{MustParse(c.value), c.unit}); err != nil || got != want {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, want)
		}
	}
}

func TestSplitUnit(t *testing.T) {
	for _, c := range []struct {
		in, base string
		power    int
	}{
		{"亿元", "元", 8}, {"万亿元", "元", 12}, {"万平方米", "平方米", 4}, {"百分点", PercentagePoint, 0},
		{"个 百分点", PercentagePoint, 0}, {"千瓦", "瓦", 3}, {"万", "", 4}, {"", "", 0}, {"％", Percent, 0},
	} {
		if base, power := SplitUnit(c.in); base != c.base || power != c.power {
			t.Errorf("%q = %q, %d, want %q, %d", c.in, base, power, c.base, c.power)
		}
	}
}

func TestJSON(t *testing.T) {
	got, err := json.Marshal(quantity("12.50%"))
	if want := `{"value":"12.5","unit":"%"}`; err != nil || string(got) != want {
		t.Errorf("Marshal = %s, %v, want %s", got, err, want)
	}
	for _, in := range []string{`{"value":"12.5","unit":"%"}`, `{"value":12.50,"unit":"%"}`} {
		var q Quantity
		if err := json.Unmarshal([]byte(in), &q); err != nil || q != quantity("12.5%") {
			t.Errorf("Unmarshal(%s) = %v, %v", in, q, err)
		}
	}
	for _, in := range []string{`"`, `"1`, `1e5`, `true`, `null`, `[]`} {
		if err := new(Decimal).UnmarshalJSON([]byte(in)); !errors.Is(err, fault.ErrInvalid) && in != `"1` {
			t.Errorf("UnmarshalJSON(%s) = %v, want ErrInvalid", in, err)
		}
	}
}

// TestArithmeticEqualsRationals holds every operation against math/big.
func TestArithmeticEqualsRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawDecimal(t, "a"), drawDecimal(t, "b")
		x, y := rat(a), rat(b)
		if got := a.Cmp(b); got != x.Cmp(y) {
			t.Fatalf("Cmp(%s, %s) = %d", a, b, got)
		}
		if (a == b) != (x.Cmp(y) == 0) {
			t.Fatalf("%s == %s is %v", a, b, a == b)
		}
		if s, err := a.Add(b); err == nil && rat(s).Cmp(new(big.Rat).Add(x, y)) != 0 {
			t.Fatalf("%s + %s = %s", a, b, s)
		}
		if s, err := a.Sub(b); err == nil && rat(s).Cmp(new(big.Rat).Sub(x, y)) != 0 {
			t.Fatalf("%s - %s = %s", a, b, s)
		}
		again, err := Parse(a.String())
		if err != nil || again != a {
			t.Fatalf("Parse(%s) = %s, %v", a, again, err)
		}
		n, err := a.ToScaled(a.Places())
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Scaled(n, a.Places()); err != nil || back != a {
			t.Fatalf("Scaled(%d, %d) = %s, %v, want %s", n, a.Places(), back, err, a)
		}
	})
}

func drawDecimal(t *rapid.T, label string) Decimal {
	n := rapid.Int64Range(-1e15, 1e15).Draw(t, label)
	d, err := Scaled(n, rapid.IntRange(0, 6).Draw(t, label+" scale"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func rat(d Decimal) *big.Rat {
	r, _ := new(big.Rat).SetString(d.String())
	return r
}

func TestFen(t *testing.T) {
	for _, c := range []struct {
		in           string
		fen          Fen
		text, zh, en string
	}{
		{"12.34", 1234, "12.34", "12.34元", "12.34 yuan"},
		{"1,234.5元", 123450, "1234.50", "1,234.50元", "1,234.50 yuan"},
		{"5000万元", 5_000_000_000, "50000000.00", "5,000万元", "50 million yuan"},
		{"23亿", 230_000_000_000, "2300000000.00", "23亿元", "2.3 billion yuan"},
		{"-0.07", -7, "-0.07", "-0.07元", "-0.07 yuan"},
		{"0", 0, "0.00", "0元", "0 yuan"},
	} {
		f, err := ParseFen(c.in)
		if err != nil || f != c.fen {
			t.Errorf("ParseFen(%q) = %d, %v, want %d", c.in, f, err, c.fen)
			continue
		}
		if f.String() != c.text || f.Format("zh") != c.zh || f.Format("en") != c.en {
			t.Errorf("%d: %q, %q, %q, want %q, %q, %q", f, f.String(), f.Format("zh"), f.Format("en"), c.text, c.zh, c.en)
		}
		if back, err := ParseFen(f.String()); err != nil || back != f {
			t.Errorf("%s reads again as %d, %v", f, back, err)
		}
	}
	for _, bad := range []string{"0.001", "5%", "5家", "92233720368547758.08", "x", ""} {
		if f, err := ParseFen(bad); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("ParseFen(%q) = %d, %v, want ErrInvalid", bad, f, err)
		}
	}
	if got := Fen(-1 << 63).String(); got != "-92233720368547758.08" {
		t.Errorf("the smallest amount is %s", got)
	}
}

func FuzzParseQuantity(f *testing.F) {
	for _, s := range []string{"23亿元", "1,234.5 万元", "-３.5％", "5个百分点", "", "1 2", "0.0000000000000000001x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := ParseQuantity(s)
		if err != nil {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Fatalf("%q: %v wraps no kind", s, err)
			}
			return
		}
		if again, err := ParseQuantity(q.String()); err != nil || again != q {
			t.Fatalf("%q: %v prints as %q and reads again as %v, %v", s, q, q.String(), again, err)
		}
		_, _ = q.Format("zh"), q.Format("en")
	})
}

func ExampleQuantity_Format() {
	q := Fen(235_000_000_000).Quantity()
	fmt.Println(q.Format("zh"))
	fmt.Println(q.Format("en"))
	// Output:
	// 23.5亿元
	// 2.35 billion yuan
}
