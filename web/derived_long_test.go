//go:build long

package web

import (
	"testing"

	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
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

// TestAGoalHasTheCitysFigureBesideIt: where a pack names an indicator beside another one, its newest figure stands on the page of each goal on that one.
func TestAGoalHasTheCitysFigureBesideIt(t *testing.T) {
	h := standDemo(t)
	b := h.desk.Begin(t.Context(), h.desk.NewCommand())
	id, err := b.PublishGoal(name.Actor{Person: "p109", Unit: "office", Role: "issuer"}, indicator.Terms{Title: "固定资产投资增速不低于8%", Subject: "固定资产投资", Year: 2023, Shape: indicator.Growth, Lead: "development-reform",
		Target: indicator.Target{Op: "ge", Value: money.Int(8), Unit: "%"}, Start: calendar.NewDate(2023, 1, 1), Due: calendar.NewDate(2023, 12, 31), Feed: indicator.Feed{Mode: indicator.Reported, Indicator: "economy/investment-growth"}})
	h.must(err)
	_, err = b.Commit()
	h.must(err)
	p := h.page(h.one("government", "leader"), "/goals/"+string(id))
	p.Contains("main", "对照：全市固定资产投资增速3.6%（2023年8月）。")
}
