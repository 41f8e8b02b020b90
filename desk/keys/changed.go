package keys

import (
	"context"
	"encoding/json"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// ChangeKind is the kind of the row of a changed key of the house.
const ChangeKind = "house-key"

// Change is that a key of the house was changed for another (换钥), as the log tells it: by fingerprints, never by a key.
type Change struct {
	What string `json:"what"` // log, accounts or blind
	From string `json:"from"` // the fingerprint of the key before, or lost
	To   string `json:"to"`
	Note string `json:"note,omitempty"` // of the log's key: the note by which it follows, signed by both
	At   int64  `json:"-"`              // µs
	Why  string `json:"-"`
}

const typeChanged = "house.key-changed"

// Changed records that a key was changed, once: the change that is on record already stays as it is. It wraps [fault.ErrInvalid] without a reason.
func (r *Room) Changed(ctx context.Context, by name.Actor, c Change, reason string) error {
	if reason == "" {
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	q := r.changes()
	q.Facets, q.Limit = []journal.Facet{{Name: "to", Text: c.What + " " + c.To}}, 1
	page, err := r.store.Rows(ctx, q)
	if err != nil || len(page.Rows) > 0 {
		return err
	}
	b := r.desk.Begin(ctx, "house-key-"+c.What+"-"+c.To)
	id := r.desk.NewID()
	own := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return changeRow(id, &c, b.At()), nil })
	if err := own.Add(by, typeChanged, reason, c); err != nil {
		return err
	}
	_, err = b.Commit()
	return err
}

func changeRow(id name.ID, c *Change, at int64) *journal.Row {
	return &journal.Row{Stream: id, Noun: ledger.Account, Kind: ChangeKind, Title: c.What, State: "done", Opened: at, Facets: []journal.Facet{{Name: "to", Text: c.What + " " + c.To}}}
}

// changeNext plays the change of a key.
func changeNext(_ *journal.Row, e *ledger.Event) (*journal.Row, error) {
	var c Change
	err := json.Unmarshal(e.Body, &c)
	return changeRow(e.Stream, &c, e.At), err
}

func (r *Room) changes() journal.Query {
	q := r.query()
	q.Kinds = []string{ChangeKind}
	return q
}

// Changes returns the changes of the house's keys, the newest first, at most 500: for the pages of the administrators and of the auditor,
// who are asked before.
func (r *Room) Changes(ctx context.Context) (all []Change, err error) {
	q := r.changes()
	q.Limit = 500
	page, err := r.store.Rows(ctx, q)
	if err != nil {
		return nil, err
	}
	for i := range page.Rows {
		events, err := r.store.Events(ctx, page.Rows[i].Stream, 0)
		if err != nil || len(events) == 0 {
			return nil, fmt.Errorf("change of a key %s: %w", page.Rows[i].Stream, err)
		}
		c := Change{At: events[0].At, Why: events[0].Reason}
		if err := json.Unmarshal(events[0].Body, &c); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}
