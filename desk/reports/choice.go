package reports

import (
	"bihuan/engine/extract"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// Choice is one value that a form offers.
type Choice struct {
	Key   string
	Words name.Text
}

// Ops are the relations between a goal and its figure that a form offers, in the engine's order.
func Ops() []Choice {
	var all []Choice
	for _, op := range extract.Ops() {
		if op != extract.From && op != extract.Range && op != extract.GrowthRange && op != extract.DeclineRange {
			all = append(all, Choice{string(op), op.Name()})
		}
	}
	return all
}

// RuleWords says in words how a statement was found.
func RuleWords(rule string) name.Text {
	if rule == SheetRule {
		return name.Text{ZH: "来自表格的一行", EN: "a row of a spreadsheet"}
	}
	if w := extract.Rule(rule).Name(); !w.IsZero() {
		return w
	}
	return name.Text{ZH: rule, EN: rule}
}

// Problem returns why a draft cannot be confirmed as it is, nil if it can or if it is none of the office's business
// any more: a fact, or a draft that was published or dropped.
func (d *Draft) Problem() *fault.Refusal {
	if d.State != Proposed && d.State != Confirmed {
		return nil
	}
	if err := d.Terms.Check(); err != nil {
		r, _ := err.(*fault.Refusal)
		return r
	}
	return nil
}

// Ready returns the ids of the drafts that are proposed, pass a filter, and could be confirmed as they are; and how
// many pass the filter but could not.
func (r *Report) Ready(pass func(*Draft) bool) (ids []string, lacking int) {
	for i := range r.Drafts {
		d := &r.Drafts[i]
		switch {
		case d.State != Proposed || !pass(d):
		case d.Problem() != nil:
			lacking++
		default:
			ids = append(ids, d.ID)
		}
	}
	return ids, lacking
}

// ByUnit counts drafts of a state by lead unit, in the order in which the units first appear.
func (r *Report) ByUnit(s State) (units []name.Unit, count map[name.Unit]int) {
	count = map[name.Unit]int{}
	for _, d := range r.Drafts {
		if d.State != s {
			continue
		}
		if count[d.Terms.Lead] == 0 {
			units = append(units, d.Terms.Lead)
		}
		count[d.Terms.Lead]++
	}
	return units, count
}

// ByShape counts drafts of a state by shape.
func (r *Report) ByShape(s State) map[indicator.Shape]int {
	count := map[indicator.Shape]int{}
	for _, d := range r.Drafts {
		if d.State == s {
			count[d.Terms.Shape]++
		}
	}
	return count
}

// OpWords returns the words of a relation between a goal and its figure, empty for an unknown one.
func OpWords(op string) name.Text { return extract.Op(op).Name() }
