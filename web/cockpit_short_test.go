package web

import (
	"testing"

	"bihuan/ground/money"
)

func TestShortValues(t *testing.T) {
	for _, c := range []struct{ value, unit, zh, en string }{
		{"232000000", "元", "2.32亿", "232m"},
		{"26300000", "元", "2630万", "26.3m"},
		{"45.5", "%", "45.5%", "45.5%"},
		{"9.87", "万平方米", "9.87万", "98.7k"},
		{"14", "个", "14", "14"},
		{"41.6", "个", "41.6", "41.6"},
		{"1163.8", "个", "1164", "1164"}, // nobody reads a tenth of a place in a school
	} {
		v, err := money.Parse(c.value)
		if err != nil {
			t.Fatal(err)
		}
		if zh, en := shortValue("zh", v, c.unit), shortValue("en", v, c.unit); zh != c.zh || en != c.en {
			t.Errorf("%s%s is %s and %s, want %s and %s", c.value, c.unit, zh, en, c.zh, c.en)
		}
	}
}
