package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Promises returns every published goal of a year that anybody may read, in the order of the report. text narrows to
// those whose title, sentence or lead unit has it. Year 0 is the year of today.
func (d *Desk) Promises(ctx context.Context, year int, text string) (all []GoalView, err error) {
	if year == 0 {
		year = d.Today().Year()
	}
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: d.Scope(Nobody, access.PublicRead, access.Goal), Noun: "indicator", Kinds: []string{GoalKind},
		Facets: []journal.Facet{{Name: "year", Text: yearText(year)}}, Order: journal.ByOpened, Limit: 500}
	for {
		page, err := d.store.Rows(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			v, err := d.goalView(ctx, r.Stream)
			if err != nil {
				return nil, err
			}
			if v.Parent == "" && d.SpeaksOf(&v, text) { // parts of a promise are shown inside
				all = append(all, v)
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			slices.SortStableFunc(all, func(a, b GoalView) int { return a.Source.Start - b.Source.Start })
			return all, nil
		}
	}
}

// SpeaksOf reports whether every word of text is in the goal's title, sentence, domain or lead unit.
func (d *Desk) SpeaksOf(v *GoalView, text string) bool {
	u := d.Directory().Unit(v.Lead)
	in := strings.ToLower(strings.Join([]string{v.Title, v.Source.Sentence, v.Domain, u.Words.ZH, u.Words.EN, u.Short.ZH, u.Short.EN}, "\n"))
	for _, w := range strings.Fields(strings.ToLower(text)) {
		if !strings.Contains(in, w) {
			return false
		}
	}
	return true
}

// Promise returns one goal that anybody may read; one that is not public is not found.
func (d *Desk) Promise(ctx context.Context, id name.ID) (GoalView, error) {
	v, err := d.goalView(ctx, id)
	if err != nil {
		return v, err
	}
	if err := d.allow(Nobody, access.PublicRead, d.goalObject(&v.Goal)); err != nil {
		return GoalView{}, fmt.Errorf("promise %s: %w", id, fault.ErrNotFound)
	}
	return v, nil
}

// PromiseMatters returns the public matters that a published goal is counted from, or that fulfil it.
func (d *Desk) PromiseMatters(ctx context.Context, v *GoalView, limit int) ([]journal.Row, error) {
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: d.Scope(Nobody, access.PublicRead, access.Matter), Noun: "matter", Order: journal.ByOpened, Limit: limit}
	if v.Definition != nil && v.Definition.Count != nil {
		where, err := d.predicate(v.Definition.Count.Of, v.Definition.Count.Where)
		if err != nil {
			return nil, err
		}
		q.Kinds, q.Where = []string{v.Definition.Count.Of}, withoutState(where)
	} else {
		q.Facets = []journal.Facet{{Name: facetLink, Text: string(v.ID)}}
	}
	page, err := d.store.Rows(ctx, q)
	return page.Rows, err
}
