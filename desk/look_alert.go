package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// AlertKind is the kind of the rows of what the auditor is told about looks at personal data (个人信息访问告警).
const AlertKind = "look-alert"

// HoneyKind is the kind of the rows of honey records (诱饵记录): matters about nobody, which no task leads to.
const HoneyKind = "honey"

// Why the auditor is told.
const (
	AlertBudget = "budget" // 一小时内查看过多
	AlertHoney  = "honey"  // 查看了诱饵记录
	AlertSecret = "secret" // 同意查看举报人
)

// alertBody is the body of an alert: who, why, and of which matters.
type alertBody struct {
	Person name.Person `json:"person"`
	Cause  string      `json:"cause"`
	Of     []name.ID   `json:"of,omitempty"`
}

// alert tells the auditor, once an hour of each person and cause; of secret reporters each time.
func (d *Desk) alert(ctx context.Context, who Caller, cause string, of []name.ID) error {
	now := d.world.Now()
	if cause != AlertSecret {
		page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: now, Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{AlertKind},
			Person: who.Person, States: []string{cause}, Opened: journal.Between{From: now - time.Hour.Microseconds()}, Order: journal.ByOpened, Limit: 1})
		if err != nil || len(page.Rows) > 0 {
			return err
		}
	}
	b := d.Begin(ctx, d.NewCommand())
	id, body := d.NewID(), alertBody{Person: who.Person, Cause: cause, Of: of}
	own := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return alertRow(id, who.Unit, b.At(), &body) })
	if err := own.Add(name.System, typeAlert, cause, body); err != nil {
		return err
	}
	_, err := b.Commit()
	return err
}

// The events of an alert and of a honey record.
const (
	typeAlert = "personal.alert"
	typeHoney = "personal.honey-set"
)

// alertRow projects an alert.
func alertRow(id name.ID, unit name.Unit, at int64, body *alertBody) (*journal.Row, error) {
	j, err := json.Marshal(body)
	return &journal.Row{Stream: id, Noun: ledger.Account, Kind: AlertKind, State: body.Cause, Open: true, Unit: unit, Person: body.Person, Opened: at, Body: j}, err
}

// alertNext plays an alert, which tells of no unit.
func alertNext(row *journal.Row, e *ledger.Event) (*journal.Row, error) {
	var body alertBody
	if err := json.Unmarshal(e.Body, &body); err != nil || row != nil {
		return row, err
	}
	return alertRow(e.Stream, "", e.At, &body)
}

// honeyRow projects a honey record.
func honeyRow(id name.ID, number string, by name.Actor, of name.ID, at int64) *journal.Row {
	return &journal.Row{Stream: id, Noun: ledger.Account, Kind: HoneyKind, Number: number, Person: by.Person, Unit: by.Unit, Parent: of, Opened: at, Body: []byte("{}")}
}

// honeyNext plays a honey record, which does not tell the number of the matter.
func honeyNext(row *journal.Row, e *ledger.Event) (*journal.Row, error) {
	var body struct {
		Of name.ID `json:"of"`
	}
	if err := json.Unmarshal(e.Body, &body); err != nil || row != nil {
		return row, err
	}
	return honeyRow(e.Stream, "", e.Actor, body.Of, e.At), nil
}

// honey tells the auditor when one of the matters at which somebody looked is a honey record.
func (d *Desk) honey(ctx context.Context, who Caller, of []name.ID) error {
	for _, id := range of {
		is, err := d.isHoney(ctx, id)
		if err != nil {
			return err
		}
		if is {
			return d.alert(ctx, who, AlertHoney, []name.ID{id})
		}
	}
	return nil
}

func (d *Desk) isHoney(ctx context.Context, id name.ID) (bool, error) {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{HoneyKind}, Parent: id, Limit: 1, Order: journal.ByOpened})
	return len(page.Rows) > 0, err
}

// SetHoney marks a matter as a honey record: whoever looks at its persons is told to the auditor. It is the auditor's to do, about a matter that was made for it.
func (d *Desk) SetHoney(ctx context.Context, who Caller, number string) error {
	if err := d.allow(who, access.LooksRead, access.Object{Type: access.Log}); err != nil {
		return err
	}
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Matter, Numbers: []string{number}, Limit: 2, Order: journal.ByOpened})
	if err != nil {
		return err
	}
	if len(page.Rows) != 1 {
		return fault.Refuse(fault.ErrInvalid, "no-such-number", "number")
	}
	of := page.Rows[0].Stream
	if is, err := d.isHoney(ctx, of); err != nil || is {
		return err
	}
	b := d.Begin(ctx, d.NewCommand())
	id := d.NewID()
	by := who.actor("auditor")
	own := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return honeyRow(id, number, by, of, b.At()), nil })
	if err := own.Add(by, typeHoney, "", map[string]name.ID{"of": of}); err != nil {
		return err
	}
	_, err = b.Commit()
	return err
}

// Alert is what the auditor is told.
type Alert struct {
	At     int64
	Person name.Person
	Unit   name.Unit
	Cause  string
	Of     []string // numbers of the matters, no titles
}

// Alerts returns what the auditor was told within the last 30 days, newest first, at most 100.
func (d *Desk) Alerts(ctx context.Context, who Caller) (all []Alert, err error) {
	if err := d.allow(who, access.LooksRead, access.Object{Type: access.Log}); err != nil {
		return nil, err
	}
	now := d.world.Now()
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: now, Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{AlertKind},
		Opened: journal.Between{From: now - 30*24*time.Hour.Microseconds()}, Order: journal.ByOpened, Limit: 100})
	for i := range page.Rows {
		r := &page.Rows[i]
		var body alertBody
		if err := json.Unmarshal(r.Body, &body); err != nil {
			return nil, fmt.Errorf("alert %s: %w", r.Stream, err)
		}
		of, err := d.numbers(ctx, body.Of)
		if err != nil {
			return nil, err
		}
		all = append(all, Alert{r.Opened, r.Person, r.Unit, body.Cause, of})
	}
	return all, err
}
