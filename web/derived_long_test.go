//go:build long

package web

import (
	"testing"

	"bihuan/kernel/journal"
)

// TestADerivedGoalSaysOfWhat: the page of a goal that is worked out of others names them in whole, and a return names the goals that it moves.
func TestADerivedGoalSaysOfWhat(t *testing.T) {
	h := standDemo(t)
	g := h.goal("derived", titled("固定资产投资增速与全市同步"))
	p := h.page(h.one("government", "leader"), "/goals/"+string(g.ID))
	p.Contains("main", "固定资产投资增速 − 全市固定资产投资增速")
	who := h.one("statistics", "statistician")
	page, err := h.desk.Worklist(t.Context(), h.who(who), journal.Query{Kinds: []string{"economy/return"}, Facets: []journal.Facet{{Name: "indicator", Text: "investment"}}, Limit: 1})
	if h.must(err); len(page.Rows) == 0 {
		t.Fatal("no return")
	}
	p = h.page(who, "/matters/"+string(page.Rows[0].Stream))
	p.Contains(`[aria-labelledby="h-feeds"]`, "固定资产投资增速与全市同步")
	p.Contains("#h-feeds", "报送数据计入的目标") // nothing waits for its closing
	p.Contains(".sheet", "2023年")       // the period, stored as 2023-09
}
