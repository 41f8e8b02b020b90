package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Look is one look at personal data of a matter.
type Look struct {
	At     int64 // µs
	Person name.Person
	Unit   name.Unit
	Why    Purpose
	Reason string
	Fields []string
	Second name.Person // who agreed, of a secret reporter
}

// Looks returns who looked at personal data of a matter that the caller may read, newest first, at most 100.
func (d *Desk) Looks(ctx context.Context, who Caller, id name.ID) (all []Look, err error) {
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.allow(who, access.MatterRead, d.object(&m)); err != nil {
		return nil, fmt.Errorf("matter %s: %w", id, fault.ErrNotFound)
	}
	return d.LooksOf(ctx, id)
}

// LooksOf returns who looked at personal data of a subject, newest first, at most 100: for the person whose data it is.
func (d *Desk) LooksOf(ctx context.Context, id name.ID) (all []Look, err error) {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{LookKind},
		Facets: []journal.Facet{{Name: facetLink, Text: string(id)}}, Order: journal.ByOpened, Limit: 100})
	for i := range page.Rows {
		l, _, err := lookOf(&page.Rows[i])
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, err
}

// LooksBy returns the looks of who is signed in themselves, newest first, at most 100.
func (d *Desk) LooksBy(ctx context.Context, who Caller) (all []LookRow, err error) {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{LookKind},
		Person: who.Person, Order: journal.ByOpened, Limit: 100})
	if err != nil || who.IsNobody() {
		return nil, err
	}
	for i := range page.Rows {
		l, of, err := lookOf(&page.Rows[i])
		if err != nil {
			return nil, err
		}
		numbers, err := d.numbers(ctx, of)
		if err != nil {
			return nil, err
		}
		all = append(all, LookRow{l, numbers})
	}
	return all, nil
}

// lookOf reads the row of a look.
func lookOf(r *journal.Row) (Look, []name.ID, error) {
	var body lookBody
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return Look{}, nil, fmt.Errorf("look %s: %w", r.Stream, err)
	}
	return Look{r.Opened, r.Person, r.Unit, body.Why, body.Reason, body.Fields, body.Second}, body.Of, nil
}

// LookRow is a look as the auditor sees it: who, whose data by the matter's number, what for.
type LookRow struct {
	Look
	Of []string // numbers
}

// LookQuery narrows what the auditor asks for.
type LookQuery struct {
	Person name.Person
	From   int64 // µs, 0 for no bound
	Until  int64
	Cursor string
}

// AllLooks returns who looked at personal data, newest first, a page of 100, to the auditor. Whose data it was is told by the number of the matter.
func (d *Desk) AllLooks(ctx context.Context, who Caller, q LookQuery) (all []LookRow, next string, err error) {
	if err := d.allow(who, access.LooksRead, access.Object{Type: access.Log}); err != nil {
		return nil, "", err
	}
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{LookKind},
		Person: q.Person, Opened: journal.Between{From: q.From, Until: q.Until}, Order: journal.ByOpened, Cursor: q.Cursor, Limit: 100})
	for i := range page.Rows {
		l, ids, err := lookOf(&page.Rows[i])
		if err != nil {
			return nil, "", err
		}
		of, err := d.numbers(ctx, ids)
		if err != nil {
			return nil, "", err
		}
		all = append(all, LookRow{l, of})
	}
	return all, page.Next, err
}

// numbers returns the numbers of matters, the ids of those that have none.
func (d *Desk) numbers(ctx context.Context, ids []name.ID) (all []string, err error) {
	for _, id := range ids {
		row, err := d.store.Row(ctx, id)
		switch {
		case err != nil:
			return nil, err
		case row.Number != "":
			all = append(all, row.Number)
		default:
			all = append(all, string(id))
		}
	}
	return all, nil
}
