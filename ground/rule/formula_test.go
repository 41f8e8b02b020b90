package rule

import (
	"errors"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/field"
)

func TestFormula(t *testing.T) {
	schema, err := NewSchema([]field.Field{{Key: "growth", Kind: field.Decimal, Class: field.P}, {Key: "city-growth", Kind: field.Decimal, Class: field.P}, {Key: "name", Kind: field.Text, Class: field.P}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, source string
		facts        Facts
		want         string
		bad          bool
	}{
		{"a difference is exact", "growth - city_growth", Facts{"growth": "6.3", "city-growth": "4.1"}, "2.2", false},
		{"a negative growth stays negative", "growth - city_growth", Facts{"growth": "-90", "city-growth": "5"}, "-95", false},
		{"a missing fact has no result", "growth - city_growth", Facts{"growth": "6.3"}, "", true},
		{"division by zero has no result", "growth / city_growth", Facts{"growth": "6.3", "city-growth": "0"}, "", true},
		{"a yes or no is no number", "growth > city_growth", nil, "", true},
		{"a text is no number", "name", nil, "", true},
	} {
		f, err := CompileFormula(c.source, schema)
		if err == nil {
			var got any
			v, evalErr := f.Eval(c.facts)
			if got, err = v.String(), evalErr; err == nil && got != c.want {
				t.Errorf("%s: %v, want %s", c.name, got, c.want)
			}
		}
		if (err != nil) != c.bad || err != nil && !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: error %v", c.name, err)
		}
	}
}
