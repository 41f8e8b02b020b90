package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// This file is what it takes to be shown a secret reporter (举报人): one person asks, another agrees, and the auditor sees both.

// AskKind is the kind of the rows of those who asked to be shown a secret reporter.
const AskKind = "unmask"

// The states of an asking, and the types of its events.
const (
	StateAsked  = "asked"
	StateAgreed = "agreed"
	StateUsed   = "used"

	TypeAsked  = "personal.unmask-asked"
	TypeAgreed = "personal.unmask-agreed"
	TypeUsed   = "personal.unmask-used"
)

// agreementSpan is how long an agreement may be used. Ours.
const agreementSpan = 24 * time.Hour

// askBody is the body of an asking's events and row.
type askBody struct {
	Of     name.ID     `json:"of"`
	Fields []string    `json:"fields"`
	Why    Purpose     `json:"why"`
	Reason string      `json:"reason"`
	Agreed name.Person `json:"agreed,omitempty"`
	At     int64       `json:"agreed-at,omitempty"` // µs
}

// Ask is an asking to be shown a secret reporter.
type Ask struct {
	ID     name.ID
	Of     name.ID
	State  string
	Person name.Person
	Unit   name.Unit
	At     int64
	Why    Purpose
	Reason string
	Agreed name.Person
}

// AskSecond asks that somebody else agree to what takes two. Whoever asks has to be allowed everything else that [Desk.Reveal] asks for.
func (d *Desk) AskSecond(ctx context.Context, who Caller, u Unmask) (name.ID, error) {
	un, err := d.mayUnmask(ctx, who, u)
	if err != nil {
		return "", err
	}
	if !un.high {
		return "", fault.Refuse(fault.ErrInvalid, "second-needless", "")
	}
	if un.body.Reason == "" {
		return "", fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	if len(u.Fields) == 0 { // who asks for all asks for the originals too
		for _, o := range Originals(&un.m) {
			un.body.Fields = append(un.body.Fields, o.Key)
		}
	}
	b := d.Begin(ctx, d.NewCommand())
	id, at, by := d.NewID(), b.At(), who.actor(who.Roles...)
	body := askBody{Of: u.Matter, Fields: un.body.Fields, Why: u.Why, Reason: un.body.Reason}
	own := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return askRow(id, by, at, &body) })
	if err := own.Add(by, TypeAsked, string(u.Why), body); err != nil {
		return "", err
	}
	_, err = b.Commit()
	return id, err
}

// askRow projects an asking as it begins.
func askRow(id name.ID, by name.Actor, at int64, body *askBody) (*journal.Row, error) {
	j, err := json.Marshal(body)
	return &journal.Row{Stream: id, Noun: ledger.Account, Kind: AskKind, State: StateAsked, Open: true, Unit: by.Unit, Person: by.Person, Parent: body.Of, Opened: at, Body: j}, err
}

// moved is the row of an asking that went on to another state.
func moved(row *journal.Row, state string, body *askBody) (*journal.Row, error) {
	next := *row
	next.State, next.Open = state, state != StateUsed
	j, err := json.Marshal(body)
	next.Body = j
	return &next, err
}

// keptAsk plays an asking.
func keptAsk() Kept {
	var row *journal.Row
	states := map[string]string{TypeAgreed: StateAgreed, TypeUsed: StateUsed}
	return Kept{Apply: func(e *ledger.Event) (err error) {
		var body askBody
		if err = json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		if row == nil {
			row, err = askRow(e.Stream, e.Actor, e.At, &body)
		} else if state := states[e.Type]; state != "" {
			row, err = moved(row, state, &body)
		}
		return err
	}, Row: func() (*journal.Row, error) { return row, nil }}
}

// Agree lets whoever asked be shown a secret reporter, once, within a day. It takes another person than the one who asked, who may agree
// about this matter. The auditor is told.
func (d *Desk) Agree(ctx context.Context, who Caller, id name.ID) error {
	row, body, err := d.ask(ctx, id)
	if err != nil {
		return err
	}
	m, err := d.loadMatter(ctx, body.Of)
	if err != nil {
		return err
	}
	if err := d.allow(who, access.MatterRead, d.object(&m)); err != nil {
		return fmt.Errorf("asking %s: %w", id, fault.ErrNotFound)
	}
	if err := d.allow(who, access.PersonSecond, d.object(&m)); err != nil {
		return err
	}
	switch {
	case slices.Contains(d.Hands(who), row.Person): // in the name of whoever asked it would be theirs
		return fault.Refuse(fault.ErrDenied, "second-is-first", "")
	case row.State != StateAsked:
		return fault.Refuse(fault.ErrConflict, "second-done", "")
	}
	b := d.Begin(ctx, d.NewCommand())
	body.Agreed, body.At = who.Person, b.At()
	if err := b.move(&row, who.actor("head", "supervisor"), TypeAgreed, StateAgreed, &body); err != nil {
		return err
	}
	if _, err := b.Commit(); err != nil {
		return err
	}
	return d.alert(ctx, Caller{Person: row.Person, Unit: row.Unit}, AlertSecret, []name.ID{body.Of})
}

func (d *Desk) ask(ctx context.Context, id name.ID) (row journal.Row, body askBody, err error) {
	if row, err = d.store.Row(ctx, id); err != nil {
		return row, body, err
	}
	if row.Kind != AskKind {
		return row, body, fmt.Errorf("asking %s: %w", id, fault.ErrNotFound)
	}
	err = json.Unmarshal(row.Body, &body)
	return row, body, err
}

// move takes an asking on to another state.
func (b *Batch) move(row *journal.Row, by name.Actor, typ, state string, body *askBody) error {
	own := b.Own(row.Stream, ledger.Account, row.Version, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return moved(row, state, body) })
	return own.Add(by, typ, string(body.Why), body)
}

// agreed returns the agreement that lets a caller be shown what takes two: to fields that it names, of a day at most.
func (d *Desk) agreed(ctx context.Context, who Caller, un *unmasking) (*journal.Row, error) {
	yes := true
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{AskKind},
		Parent: un.m.ID, Person: who.Person, States: []string{StateAgreed}, Open: &yes, Order: journal.ByOpened, Limit: 20})
	if err != nil {
		return nil, err
	}
	for i := range page.Rows {
		var body askBody
		if err := json.Unmarshal(page.Rows[i].Body, &body); err != nil {
			return nil, err
		}
		covers := !slices.ContainsFunc(un.body.Fields, func(f string) bool { return !slices.Contains(body.Fields, f) })
		if covers && d.world.Now()-body.At <= agreementSpan.Microseconds() {
			return &page.Rows[i], nil
		}
	}
	return nil, fault.Refuse(fault.ErrDenied, "second-missing", "")
}

// Asks returns the askings about a matter that are open, newest first, to whoever may read the matter.
func (d *Desk) Asks(ctx context.Context, who Caller, of name.ID) (all []Ask, err error) {
	yes := true
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{AskKind},
		Parent: of, Open: &yes, Order: journal.ByOpened, Limit: 20})
	for i := range page.Rows {
		r := &page.Rows[i]
		var body askBody
		if err := json.Unmarshal(r.Body, &body); err != nil {
			return nil, err
		}
		if body.At != 0 && d.world.Now()-body.At > agreementSpan.Microseconds() {
			continue
		}
		all = append(all, Ask{ID: r.Stream, Of: of, State: r.State, Person: r.Person, Unit: r.Unit, At: r.Opened, Why: body.Why, Reason: body.Reason, Agreed: body.Agreed})
	}
	return all, err
}
