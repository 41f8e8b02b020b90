package packs

import (
	"fmt"
	"strings"
	"testing"
)

// TestDivisionsOfThePack: each division's digits say its level and under which it stands, and that one is there before it.
func TestDivisionsOfThePack(t *testing.T) {
	count, seen := map[string]int{}, map[string]bool{}
	for _, r := range records(t, load(t), "cn", "cn/division") {
		code, parent, level := r["code"], r["parent"], r["level"]
		want := map[string]string{"province": "", "city": code[:2] + "0000", "county": code[:4] + "00", "street": code[:6]}[level]
		whole := map[string]string{"province": code[:2] + "0000", "city": code[:4] + "00"}[level]
		direct := level == "county" && parent == code[:2]+"0000" // 省直辖县级
		switch length := map[string]int{"street": 9}[level]; {
		case strings.Trim(code, "0123456789") != "" || len(code) != max(length, 6) || whole != "" && code != whole || r["name"] == "":
			t.Errorf("%v is no division of its level", r)
		case parent != want && !direct:
			t.Errorf("%s %s stands under %q, its digits say %q", code, r["name"], parent, want)
		case seen[code] || parent != "" && !seen[parent]:
			t.Errorf("%s %s is there twice or before its parent %s", code, r["name"], parent)
		}
		seen[code] = true
		count[level]++
		if level == "county" && code[:2] == "22" {
			count["counties of Jilin"]++
		}
	}
	// 民政部, 2023: 34 provinces, 333 prefectures, and 60 counties in Jilin.
	want := map[string]int{"province": 34, "city": 333, "counties of Jilin": 60, "street": 12, "county": 92}
	if fmt.Sprint(count) != fmt.Sprint(want) {
		t.Errorf("counted %v, want %v", count, want)
	}
}

// TestIndustriesOfThePack: the twenty sections A to T hold the divisions 01 to 97 in their order (GB/T 4754-2017).
func TestIndustriesOfThePack(t *testing.T) {
	section, next := "", 1
	sections := 0
	for _, r := range records(t, load(t), "cn", "cn/industry") {
		switch {
		case r["name"] == "" || r["name-en"] == "":
			t.Errorf("%v has no name", r)
		case r["level"] == "1":
			if want := string(rune('A' + sections)); r["code"] != want || r["parent"] != "" {
				t.Errorf("section %s under %q, want %s", r["code"], r["parent"], want)
			}
			section = r["code"]
			sections++
		default:
			if want := fmt.Sprintf("%02d", next); r["code"] != want || r["parent"] != section {
				t.Errorf("division %s under %s, want %s under %s", r["code"], r["parent"], want, section)
			}
			next++
		}
	}
	if sections != 20 || next != 98 {
		t.Errorf("%d sections and %d divisions, want 20 and 97", sections, next-1)
	}
}
