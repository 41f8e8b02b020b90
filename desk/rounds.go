package desk

import (
	"context"
	"time"

	"bihuan/kernel/journal"
)

// EachRow calls do with every row that a query finds, 500 at a time, until do returns an error.
func EachRow(ctx context.Context, rows func(context.Context, journal.Query) (journal.Page, error), q journal.Query, do func(*journal.Row) error) error {
	for q.Limit = 500; ; {
		page, err := rows(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			if err := do(&page.Rows[i]); err != nil {
				return err
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return nil
		}
	}
}

// Rounds calls do again and again until ctx ends: at once, whenever every has passed, and a second after each wake, so that
// what is appended together is seen together. What do returns is told to failed, except once ctx has ended.
func Rounds(ctx context.Context, every time.Duration, wake <-chan struct{}, do func(context.Context) error, failed func(error)) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-wake:
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
			}
		}
	}
}

// eachRow visits every row of a question, page by page, of the whole district.
func (d *Desk) eachRow(ctx context.Context, q journal.Query, visit func(*journal.Row) error) error {
	q.Log, q.Now, q.Scope = d.world.District, d.world.Now(), journal.Scope{All: true}
	return EachRow(ctx, d.store.Rows, q, visit)
}
