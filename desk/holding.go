package desk

import (
	"context"

	"bihuan/ground/access"
	"bihuan/kernel/journal"
)

// Holding returns the open matters that hold a goal back: of a counted goal the open ones of those it counts
// from, of any other, or where there are none of those, its own open matters; and how many there are.
func (d *Desk) Holding(ctx context.Context, who Caller, g *GoalView, most int) ([]journal.Row, int64, error) {
	yes := true
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: d.Scope(who, access.MatterRead, access.Matter), Noun: "matter", Open: &yes, Order: journal.ByDue, Limit: most}
	own := q
	own.Facets = []journal.Facet{{Name: facetLink, Text: string(g.ID)}}
	if g.Definition == nil || g.Definition.Count == nil {
		return d.withCount(ctx, own)
	}
	feeding, err := d.countQuery(g.Definition, &g.Goal, d.world.Now())
	if err != nil {
		return nil, 0, err
	}
	q.Kinds, q.Where = feeding.Kinds, withoutState(feeding.Where)
	rows, count, err := d.withCount(ctx, q)
	if err != nil || count > 0 {
		return rows, count, err
	}
	return d.withCount(ctx, own)
}

// withCount returns a page of rows with how many there are in all.
func (d *Desk) withCount(ctx context.Context, q journal.Query) ([]journal.Row, int64, error) {
	page, err := d.store.Rows(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	total, err := d.tally(ctx, q, "")
	return page.Rows, total.Count, err
}
