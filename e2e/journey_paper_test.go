package e2e

import (
	"testing"

	"bihuan/e2e/browser"
)

// TestJourneyPaper prints what is meant for paper: the morning brief is one sheet, as it says of itself; tables of many columns
// lie down and lose none of them; what is pressed stays on the screen.
func TestJourneyPaper(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	p.as(p.of("government", "leader"))
	for _, c := range []struct {
		path string
		most int
	}{
		{"/cockpit/brief", 1},
		{"/cockpit/brief?days=7", 1},
		{"/cockpit/wall", 3},
		{"/assessment/2023-09/circular", 4},
		{"/assessment/2023-09", 4},
		{"/boards/urban/monthly?by=unit&month=2023-09", 1},
	} {
		p.visit(c.path)
		n, err := p.Sheets()
		p.must(err)
		if n == 0 || n > c.most {
			t.Errorf("%s takes %d sheets, want at most %d", c.path, n, c.most)
		}
	}
	for _, table := range []string{"/assessment/2023-09", "/boards/urban/monthly?by=unit&month=2023-09"} {
		p.visit(table)
		p.must(p.Paper())
		p.must(p.Resize(1046, 720)) // A4 lying down, without its margins
		cut, err := browser.Ask[int](p.Tab, `Math.max(0, ...[...document.querySelectorAll("main table")].map(t => Math.ceil(t.getBoundingClientRect().right - innerWidth)))`)
		p.must(err)
		if cut > 0 {
			t.Errorf("%s: the paper cuts %d pixels off a table", table, cut)
		}
	}
	receipt := p.report("东盛大街68号门前的路灯不亮", "东盛大街68号门前", "E06002")
	p.visit(receipt)
	if n, err := p.Sheets(); err != nil || n != 1 {
		t.Errorf("a receipt takes %d sheets, %v", n, err)
	}
}
