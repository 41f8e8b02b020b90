package web

import (
	"slices"
	"testing"
)

// TestCompareNatural: numbers in names are ordered by their value, as people count.
func TestCompareNatural(t *testing.T) {
	in := []string{"小区10号", "小区9号", "第2批1号", "小区", "小区010号甲", "小区9号乙", "第10批", ""}
	slices.SortFunc(in, compareNatural)
	want := []string{"", "小区", "小区9号", "小区9号乙", "小区10号", "小区010号甲", "第2批1号", "第10批"}
	if !slices.Equal(in, want) {
		t.Errorf("got %q, want %q", in, want)
	}
}
