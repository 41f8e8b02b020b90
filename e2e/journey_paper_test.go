package e2e

import (
	"testing"

	"bihuan/e2e/browser"
)

// TestJourneyPaper prints what is meant for paper: the morning brief is one sheet, as it says of itself.
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
	} {
		p.visit(c.path)
		n, err := p.Sheets()
		p.must(err)
		if n == 0 || n > c.most {
			t.Errorf("%s takes %d sheets, want at most %d", c.path, n, c.most)
		}
	}
}
