package desk

import (
	"context"
	"encoding/json"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// RestrictKind is the kind of the rows of restrictions (限制处理): while one holds, nobody is shown the values in the clear.
const RestrictKind = "restriction"

// TypeCorrected is the event by which a personal value of a matter was corrected.
const TypeCorrected = "personal.corrected"

// Correct puts a value in the place of one that is held of a matter, with a commitment of its own; the old one is gone. It refuses a field that holds
// nothing, and what the field does not take. Whether it may be done is asked before.
func (d *Desk) Correct(ctx context.Context, by name.Actor, subject name.ID, key, value string) error {
	b := d.Begin(ctx, d.NewCommand())
	p, err := b.matterPart(subject)
	if err != nil {
		return err
	}
	f := field.Find(p.def.Fields, key)
	if f == nil || !f.Class.IsPersonal() || p.matter.Personal[key] == "" {
		return fault.Refuse(fault.ErrInvalid, "not-personal", key)
	}
	_, commits, err := b.private(p, map[string]string{key: value})
	if err != nil {
		return err
	}
	if len(commits) == 0 {
		return fault.Refuse(fault.ErrInvalid, "field-missing", key, "field", key)
	}
	j, err := json.Marshal(matter.Change{Personal: commits})
	if err == nil {
		err = b.add(p, by, TypeCorrected, "asked", j)
	}
	if err == nil {
		_, err = b.Commit()
	}
	return err
}

// Restrict keeps the values of a subject from being shown to anybody, or ends that. Whether it may be done is asked before.
func (d *Desk) Restrict(ctx context.Context, by name.Actor, subject name.ID, reason string, on bool) error {
	rows, err := d.restrictions(ctx, subject)
	if err != nil || on == (len(rows) > 0) {
		return err
	}
	b := d.Begin(ctx, d.NewCommand())
	row, typ := restriction(d.NewID(), by, subject, b.At()), typeRestricted
	if !on {
		row, typ = &rows[0], typeUnrestricted
		unrestrict(row, b.At())
	}
	own := b.Own(row.Stream, ledger.Account, row.Version, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return row, nil })
	if err := own.Add(by, typ, reason, map[string]name.ID{"of": subject}); err != nil {
		return err
	}
	_, err = b.Commit()
	return err
}

// The events of a restriction.
const (
	typeRestricted   = "personal.restricted"
	typeUnrestricted = "personal.unrestricted"
)

func restriction(id name.ID, by name.Actor, subject name.ID, at int64) *journal.Row {
	return &journal.Row{Stream: id, Noun: ledger.Account, Kind: RestrictKind, State: "restricted", Open: true, Unit: by.Unit, Person: by.Person, Parent: subject, Opened: at, Body: []byte("{}")}
}

func unrestrict(row *journal.Row, at int64) { row.Open, row.State, row.Closed = false, "ended", at }

// restrictionNext plays a restriction.
func restrictionNext(row *journal.Row, e *ledger.Event) (*journal.Row, error) {
	var body struct {
		Of name.ID `json:"of"`
	}
	switch err := json.Unmarshal(e.Body, &body); {
	case err != nil:
		return row, err
	case row == nil:
		return restriction(e.Stream, e.Actor, body.Of, e.At), nil
	case e.Type == typeUnrestricted:
		unrestrict(row, e.At)
	}
	return row, nil
}

// IsRestricted reports whether the values of a subject are shown to nobody.
func (d *Desk) IsRestricted(ctx context.Context, subject name.ID) (bool, error) {
	rows, err := d.restrictions(ctx, subject)
	return len(rows) > 0, err
}

func (d *Desk) restrictions(ctx context.Context, subject name.ID) ([]journal.Row, error) {
	yes := true
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{RestrictKind},
		Parent: subject, Open: &yes, Order: journal.ByOpened, Limit: 1})
	return page.Rows, err
}
