// Package places is where the house may connect to (外联地址清单): one proposes a place, another approves it, and until then nothing
// is dialled there.
//
// [Room.Propose], [Room.Approve] and [Room.Revoke] are official records, made by the system administrator and the security
// administrator; [Room.All] lists them, and [Room.Approved] is what the door hands to the room that dials.
//
// It promises: whoever proposed a place does not approve it, whatever roles they have; a place is never changed, only revoked and
// proposed anew, so that nobody approves one thing and gets another. Whether a place is written rightly is said by [Check].
package places

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Kind is the kind of a place's row.
const Kind = "place"

// Order is a place as it is proposed.
type Order struct {
	Host     string   `json:"host"`
	Port     uint16   `json:"port"`
	Networks []string `json:"networks,omitempty"` // such as 10.20.30.0/24; none: the public Internet
	CA       string   `json:"ca,omitempty"`       // PEM
	Pin      string   `json:"pin,omitempty"`      // base64 of SHA-256 of its public key
	Why      string   `json:"why"`                // what for
}

// Place is one place as it stands.
type Place struct {
	Order
	ID         name.ID
	Proposed   int64 // µs
	By         name.Actor
	Approved   int64 // µs, 0 while nobody has
	ApprovedBy name.Actor
	Revoked    int64 // µs, 0 while it stands
	RevokedBy  name.Actor
	Reason     string // of the end
	version    int64
}

// IsOpen reports whether the place may be connected to.
func (p *Place) IsOpen() bool { return p.Approved != 0 && p.Revoked == 0 }

// Check says whether a place is written so that it can be connected to. It wraps [fault.ErrInvalid].
type Check func(*Order) error

// Room is the places of one desk. It is safe for many goroutines.
type Room struct {
	desk  *desk.Desk
	store desk.Store
	check Check
	open  atomic.Pointer[[]Place]
}

// Open returns the room and reads which places are approved.
func Open(ctx context.Context, d *desk.Desk, store desk.Store, check Check) (*Room, error) {
	r := &Room{desk: d, store: store, check: check}
	return r, r.Refresh(ctx)
}

// The types of a place's events.
const (
	typeProposed = "place.proposed"
	typeApproved = "place.approved"
	typeRevoked  = "place.revoked"
)

func (p *Place) apply(e *ledger.Event) error {
	p.version++
	p.ID = e.Stream
	switch e.Type {
	case typeProposed:
		if err := json.Unmarshal(e.Body, &p.Order); err != nil {
			return fmt.Errorf("body of event %d of place %s: %w", e.Version, e.Stream, err)
		}
		p.Proposed, p.By = e.At, e.Actor
	case typeApproved:
		p.Approved, p.ApprovedBy = e.At, e.Actor
	case typeRevoked:
		p.Revoked, p.RevokedBy, p.Reason = e.At, e.Actor, e.Reason
	}
	return nil
}

func (p *Place) row() (*journal.Row, error) {
	state := "proposed"
	switch {
	case p.Revoked != 0:
		state = "revoked"
	case p.Approved != 0:
		state = "approved"
	}
	return &journal.Row{Stream: p.ID, Noun: ledger.Account, Kind: Kind, Title: fmt.Sprintf("%s:%d", p.Host, p.Port), State: state, Open: p.Revoked == 0, Opened: p.Proposed, Closed: p.Revoked, Body: []byte("{}")}, nil
}

const (
	maxWhy    = 200
	maxPlaces = 500 // that are open or proposed
	maxCA     = 32 << 10
)

func (o *Order) tidy() error {
	o.Host, o.Why = strings.ToLower(strings.TrimSpace(o.Host)), strings.Join(strings.Fields(o.Why), " ")
	o.Pin, o.CA = strings.TrimSpace(o.Pin), strings.TrimSpace(o.CA)
	switch {
	case o.Why == "":
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "why")
	case utf8.RuneCountInString(o.Why) > maxWhy:
		return fault.Refuse(fault.ErrInvalid, "too-long", "why", "limit", fmt.Sprint(maxWhy))
	case len(o.CA) > maxCA || len(o.Networks) > 20:
		return fault.Refuse(fault.ErrInvalid, "too-long", "ca", "limit", fmt.Sprint(maxCA))
	}
	return nil
}

// Propose writes down a place that nobody may connect to yet.
func (r *Room) Propose(ctx context.Context, who desk.Caller, command string, o Order) (Place, error) {
	if err := r.may(who, access.PlacePropose); err != nil {
		return Place{}, err
	}
	if err := o.tidy(); err != nil {
		return Place{}, err
	}
	if err := r.check(&o); err != nil {
		return Place{}, err
	}
	all, err := r.all(ctx)
	if err != nil {
		return Place{}, err
	}
	standing := 0
	for i := range all {
		if p := &all[i]; p.Revoked == 0 {
			if standing++; p.Host == o.Host && p.Port == o.Port {
				return Place{}, fault.Refuse(fault.ErrConflict, "place-stands", "host")
			}
		}
	}
	if standing >= maxPlaces {
		return Place{}, fault.Refuse(fault.ErrConflict, "places-many", "host")
	}
	var p Place
	b := r.desk.Begin(ctx, command)
	own := b.Own(r.desk.NewID(), ledger.Account, 0, p.apply, p.row)
	if err := own.Add(actor(who, "sysadmin"), typeProposed, o.Why, o); err != nil {
		return Place{}, err
	}
	_, err = b.Commit()
	return p, err
}

// Approve opens a place. It refuses whoever proposed it.
func (r *Room) Approve(ctx context.Context, who desk.Caller, id name.ID) error {
	if err := r.may(who, access.PlaceApprove); err != nil {
		return err
	}
	p, err := r.load(ctx, id)
	switch {
	case err != nil:
		return err
	case r.desk.IsSame(p.By.Person, who.Person): // by whichever account
		return fault.Refuse(fault.ErrDenied, "place-own", "")
	case p.Approved != 0 || p.Revoked != 0:
		return nil
	}
	return r.add(ctx, &p, "place-approve-"+string(id), actor(who, "secadmin"), typeApproved, "")
}

// Revoke closes a place, or withdraws a proposal, with the reason that stands in the log. Either of the two may.
func (r *Room) Revoke(ctx context.Context, who desk.Caller, id name.ID, reason string) error {
	role := name.Role("sysadmin")
	if err := r.may(who, access.PlacePropose); err != nil {
		if err := r.may(who, access.PlaceApprove); err != nil {
			return err
		}
		role = "secadmin"
	}
	if reason = strings.Join(strings.Fields(reason), " "); reason == "" {
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	p, err := r.load(ctx, id)
	if err != nil || p.Revoked != 0 {
		return err
	}
	return r.add(ctx, &p, "place-revoke-"+string(id), actor(who, role), typeRevoked, reason)
}

func (r *Room) add(ctx context.Context, p *Place, command string, by name.Actor, typ, reason string) error {
	b := r.desk.Begin(ctx, command)
	own := b.Own(p.ID, ledger.Account, p.version, p.apply, p.row)
	if err := own.Add(by, typ, reason, struct{}{}); err != nil {
		return err
	}
	if _, err := b.Commit(); err != nil {
		return err
	}
	return r.Refresh(ctx)
}

// All returns every place that was ever proposed, the latest first.
func (r *Room) All(ctx context.Context, who desk.Caller) ([]Place, error) {
	if err := r.may(who, access.PlaceRead); err != nil {
		return nil, err
	}
	return r.all(ctx)
}

// Approved returns the places that may be connected to now. The slice is not to be changed.
func (r *Room) Approved() []Place { return *r.open.Load() }

// Refresh reads anew which places are approved: another process may have changed them.
func (r *Room) Refresh(ctx context.Context) error {
	all, err := r.all(ctx)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(p Place) bool { return !p.IsOpen() })
	r.open.Store(&all)
	return nil
}

func (r *Room) all(ctx context.Context) (all []Place, err error) {
	q := journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{Kind}, Order: journal.ByOpened}
	err = desk.EachRow(ctx, r.store.Rows, q, func(row *journal.Row) error {
		p, err := r.load(ctx, row.Stream)
		all = append(all, p)
		return err
	})
	return all, err
}

func (r *Room) load(ctx context.Context, id name.ID) (p Place, err error) {
	events, err := r.store.Events(ctx, id, 0)
	if err != nil {
		return p, err
	}
	if len(events) == 0 || events[0].Type != typeProposed {
		return p, fmt.Errorf("place %s: %w", id, fault.ErrNotFound)
	}
	for i := range events {
		if err := p.apply(&events[i]); err != nil {
			return p, errors.Join(err, fault.ErrInvalid)
		}
	}
	return p, nil
}

func (r *Room) may(who desk.Caller, a access.Action) error {
	return r.desk.Allow(who, a, access.Object{Type: access.Platform, Class: access.Internal})
}

func actor(who desk.Caller, role name.Role) name.Actor {
	return name.Actor{Person: who.Person, Unit: who.Unit, Role: role}
}

// Keep has a replay hold the rows of places against what the log makes of them.
func Keep(r *desk.Replay) {
	r.Keep(typeProposed, func() desk.Kept {
		var p Place
		return desk.Kept{Apply: p.apply, Row: p.row}
	})
}
