package desk

import (
	"context"

	"bihuan/engine/classify"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// Classed returns the texts of the newest matters of a kind that were brought to their end, with the class that they had
// then: what a classifier learns from, at most n. Fields that tell who reported are not asked for.
func (d *Desk) Classed(ctx context.Context, kind, text, class string, n int) (all []classify.Example, err error) {
	ended := false
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "matter", Kinds: []string{kind}, Open: &ended,
		Order: journal.ByOpened, Limit: min(n, 500)}
	for len(all) < n {
		page, err := d.store.Rows(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			m, err := d.glanceMatter(ctx, r.Stream, r.Version)
			if err != nil {
				return nil, err
			}
			if m.Phase != matter.Stopped && m.Fields[class] != "" && m.Fields[text] != "" && len(all) < n {
				all = append(all, classify.Example{Text: m.Fields[text], Code: m.Fields[class]})
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	return all, nil
}
