package desk

import (
	"context"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/field"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// Feeds returns the goals that a matter is counted for, or will be once it comes into a state that counts, and those that a return moves: the way
// back from a case to what was promised. It asks the store once for each goal that is counted from matters of its kind.
func (d *Desk) Feeds(ctx context.Context, m *MatterView) (all []GoalView, err error) {
	row, err := matterRow(m.Def, &m.Matter)
	if err != nil {
		return nil, err
	}
	for _, id := range d.following(row) {
		g, err := d.goalView(ctx, id)
		if err != nil {
			return nil, err
		}
		if g.Definition == nil || g.Definition.Count == nil {
			if g.Definition != nil && d.isDerivedFrom(g.Definition, m) {
				all = append(all, g)
			}
			continue
		}
		q, err := d.countQuery(g.Definition, &g.Goal, d.world.Now())
		if err != nil {
			return nil, err
		}
		if m.Closed == 0 {
			q.Closed = journal.Between{} // it is counted when it is closed, if that is in time
			if g.Definition.Count.Cohort == indicator.ByClosing && d.world.Now() >= int64((g.Due+1).Start()) {
				continue
			}
		}
		q.Noun, q.Where, q.Order, q.Limit = "matter", withoutState(q.Where), journal.ByOpened, 1
		q.Streams = append(q.Streams, m.ID)
		page, err := d.store.Rows(ctx, q)
		if err != nil {
			return nil, err
		}
		if len(page.Rows) > 0 {
			all = append(all, g)
		}
	}
	return d.returnedTo(ctx, m, all)
}

// isDerivedFrom reports whether a derived indicator reads one that a return is of.
func (d *Desk) isDerivedFrom(def *indicator.Definition, m *MatterView) bool {
	return slices.ContainsFunc(def.Operands, func(ref string) bool {
		o, ok := d.Packs().Indicator(ref)
		return ok && o.Returns != nil && o.Returns.Of == m.Def.Ref && isOf(o.Returns, m.Fields)
	})
}

// returnedTo adds the goals on the indicators that a return is of.
func (d *Desk) returnedTo(ctx context.Context, m *MatterView, all []GoalView) ([]GoalView, error) {
	for def := range d.Packs().Indicators() {
		r := def.Returns
		if r == nil || r.Of != m.Def.Ref || !isOf(r, m.Fields) {
			continue
		}
		month, ok := field.EndMonth(m.Fields[r.Period])
		if !ok {
			continue
		}
		ids, err := d.goalsOn(ctx, def.Ref, month[:4])
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			g, err := d.goalView(ctx, id)
			if err != nil {
				return nil, err
			}
			all = append(all, g)
		}
	}
	return all, nil
}

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
