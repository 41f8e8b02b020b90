//go:build long

package web

import (
	"net/url"
	"strings"
	"testing"
)

// TestABoardOpensItsMattersAndSettles: the figures of a month lead to the very matters, add up under every breakdown, and stay
// once the month is settled.
func TestABoardOpensItsMattersAndSettles(t *testing.T) {
	h := standDemo(t)
	supervisor := h.one("supervision", "supervisor")
	const at = "/boards/urban/monthly?month=2023-09"
	p := h.page(supervisor, at)
	p.Contains("h1", "数字城管月度考评 · 2023年9月")
	p.Contains(".boardtable tfoot", "全部")
	total := strings.Fields(p.Text(".boardtable tfoot"))
	for _, by := range []string{"unit", "area", "class", "source", "collector"} {
		if got := strings.Fields(h.page(supervisor, at+"&by="+by).Text(".boardtable tfoot")); strings.Join(got, " ") != strings.Join(total, " ") {
			t.Errorf("by %s all together is %v, want %v", by, got, total)
		}
	}
	rows := h.page(supervisor, "/boards/urban/monthly/rows?month=2023-09&count=in-time&by=unit&under=sanitation")
	rows.Contains("h1", "按期处置")
	rows.Has(`a[href^="/matters/"]`)
	foreign := h.page(h.one("education", "handler"), "/boards/urban/monthly/rows?month=2023-09&count=in-time&by=unit&under=sanitation")
	foreign.Lacks(`a[href^="/matters/"]`) // they may read none of them
	foreign.Has("tbody tr")
	if w := h.ask(supervisor, "zh", "GET", "/boards/urban/monthly/rows?month=2023-09&count=none", nil); w.Code != 404 {
		t.Errorf("a count that there is not: %d", w.Code)
	}
	if w := h.ask(supervisor, "zh", "GET", "/boards/urban/monthly/export/csv?month=2023-09", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "按期处置") {
		t.Errorf("export: %d %.80q", w.Code, w.Body)
	}
	if w := h.ask(supervisor, "zh", "POST", "/boards/urban/monthly/settle?month=2023-10", url.Values{"command": {"s0"}}); w.Code != 422 {
		t.Errorf("settling a month that runs: %d", w.Code)
	}
	if w := h.ask(h.one("dongsheng", "handler"), "zh", "POST", "/boards/urban/monthly/settle?month=2023-09", url.Values{"command": {"s1"}}); w.Code != 403 {
		t.Errorf("settled by a handler: %d", w.Code)
	}
	h.follow(h.ask(supervisor, "zh", "POST", "/boards/urban/monthly/settle?month=2023-09", url.Values{"command": {"s2"}}))
	frozen := h.page(supervisor, at)
	frozen.Contains("main", "定稿，数字不再变动")
	if got := strings.Fields(frozen.Text(".boardtable tfoot")); strings.Join(got, " ") != strings.Join(total, " ") {
		t.Errorf("settled it is %v, want %v", got, total)
	}
	if w := h.ask(supervisor, "zh", "POST", "/boards/urban/monthly/settle?month=2023-09", url.Values{"command": {"s3"}}); w.Code != 422 {
		t.Errorf("settled twice: %d", w.Code)
	}
	if w := h.ask("", "zh", "GET", at, nil); w.Code != 403 {
		t.Errorf("without login: %d", w.Code)
	}
}
