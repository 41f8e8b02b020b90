package demo

import (
	"strings"

	"bihuan/desk"
	"bihuan/desk/reports"
	"bihuan/ground/money"
	"bihuan/kernel/indicator"
)

// headline splits the report's headline, five growth rates in step with the city's (增速与全市同步), into five goals on what the district is ahead of the
// city. Nobody reports these: they are worked out of the returns of the statistics bureau.
func (b *Builder) headline(office desk.Caller, rep *reports.Report) (*reports.Report, error) {
	for _, d := range rep.Drafts {
		if d.State != reports.Proposed || !strings.Contains(d.Terms.Title, "与全市同步") {
			continue
		}
		var parts []indicator.Terms
		for _, r := range rates {
			t := d.Terms
			t.Title, t.Subject, t.Shape, t.Base = r.called+"与全市同步", r.called, indicator.Growth, nil // held at any time, not only at the end
			t.Target = indicator.Target{Op: "ge", Value: money.Int(0), Unit: "百分点"}
			t.Feed = indicator.Feed{Mode: indicator.Derived, Indicator: "economy/" + r.ahead()}
			parts = append(parts, t)
		}
		return b.Reports.Edit(b.ctx, office, rep.ID, reports.Edit{Command: "demo-headline", What: "split", Drafts: []string{d.ID}, Parts: parts})
	}
	return rep, nil
}

// ahead is the indicator of how far the district is ahead of the city.
func (r *rate) ahead() string { return r.indicator + "-ahead" }

// isDerived is 1 for a goal that is worked out of others, and 0 for the others.
func isDerived(g *desk.GoalView) int {
	if g.Feed.Mode == indicator.Derived {
		return 1
	}
	return 0
}
