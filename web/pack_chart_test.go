//go:build !race

package web

import (
	"net/url"
	"testing"
)

// TestAChartOfNothingSaysSo: whoever may see no matter of a kind reads a sentence, not a table of zeros; with the first matter the
// pictures come.
func TestAChartOfNothingSaysSo(t *testing.T) {
	h := stand(t)
	op := h.one("watch-centre", "operator")
	p := h.page(op, "/packs/urban/chart")
	p.Contains(".board .empty", "您能查看的范围内没有这类事项")
	p.Lacks(".board table")
	w := h.ask(h.one("watch-centre", "operator"), "zh", "POST", "/matters", url.Values{"kind": {"urban/case"}, "act": {"report"}, "command": {h.desk.NewCommand()},
		"f.title": {"井盖松动"}, "f.text": {"井盖松动"}, "f.source": {"public"}})
	if len(h.cases(op)) != 1 {
		t.Fatalf("reported: %d", w.Code)
	}
	p = h.page(op, "/packs/urban/chart")
	p.Has(".board table")
	p.Has(".wide-only .draw-gantt") // words before the bars, and for a phone above them
	p.Has(".narrow-only .draw-gantt")
	p.Lacks(".board .empty")
	h.page(h.one("housing", "handler"), "/packs/urban/chart").Contains(".board .empty", "您能查看的范围内没有这类事项")
}
