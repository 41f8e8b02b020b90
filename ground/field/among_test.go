package field_test

import (
	"testing"

	. "bihuan/ground/field"
)

// TestAFieldTakesTheUnitOfAChoice: kilometres for a road, square metres for a park, none where nothing is chosen or the option has none.
func TestAFieldTakesTheUnitOfAChoice(t *testing.T) {
	fields := []Field{
		{Key: "category", Kind: Choice, Options: []Option{{Key: "road", Unit: "公里"}, {Key: "park", Unit: "平方米"}, {Key: "other"}}},
		{Key: "size", Kind: Decimal, UnitOf: "category"},
		{Key: "cost", Kind: Decimal, Unit: "万元"},
		{Key: "measure", Kind: Text},
		{Key: "done", Kind: Decimal, UnitOf: "measure"},
		{Key: "stray", Kind: Decimal, Unit: "个", UnitOf: "nothing"},
	}
	for _, c := range []struct{ field, category, want string }{
		{"size", "road", "公里"}, {"size", "park", "平方米"}, {"size", "other", ""}, {"size", "bridge", ""}, {"size", "", ""}, {"cost", "road", "万元"}, {"done", "平方米", "平方米"}, {"done", " ", ""}, {"stray", "road", "个"},
	} {
		f := Find(fields, c.field)
		if got := f.Among(fields, map[string]string{"category": c.category, "measure": c.category}).Unit; got != c.want {
			t.Errorf("%s of %q in %q, want %q", c.field, c.category, got, c.want)
		}
	}
	if fields[1].Unit != "" {
		t.Error("the field itself has taken the unit")
	}
}
