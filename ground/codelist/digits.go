package codelist

import "strings"

// provinces are the first two digits that GB/T 2260 gives out, in ten rows by first digit.
var provinces = [10]string{1: "12345", 2: "123", 3: "1234567", 4: "123456", 5: "01234", 6: "12345", 7: "1", 8: "12"}

func isProvince(two string) bool {
	return strings.IndexByte(provinces[two[0]-'0'], two[1]) >= 0
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// clip keeps a message readable whatever it was given.
func clip(s string) string {
	const limit = 24
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
