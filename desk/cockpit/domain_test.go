package cockpit

import "testing"

func TestDomainWords(t *testing.T) {
	for _, c := range []struct{ name, domain, want string }{
		{"a heading of one theme", "以招商强区", "Attracting business"},
		{"two themes in the order of the table, not more", "以招商强区，壮大产业集群，改善民生", "Attracting business; Industry"},
		{"a heading that only names the year", "2023年工作安排", "Work of 2023"},
		{"a heading that speaks of nothing known keeps its words", "其他", "“其他”"},
		{"English stays as it is", "Well-being", "Well-being"},
		{"no heading, no words", "", ""},
	} {
		got := DomainWords(c.domain)
		if got.EN != c.want || got.ZH != c.domain {
			t.Errorf("%s: %q is %q in English and %q in Chinese, want %q", c.name, c.domain, got.EN, got.ZH, c.want)
		}
	}
}
