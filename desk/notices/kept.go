package notices

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"time"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// This file keeps how people want to be reached: a personal value of a stream of each person's own, under its key (decision 0016), so that
// what somebody takes back is readable in no copy.

// ReachKind is the kind of the rows of those streams.
const ReachKind = "reach"

// ReachField is the personal value that holds a [Reach].
const ReachField = "reach"

const typeReach = "reach.set"

// reachBody is its body: what was said stands beside the log.
type reachBody struct {
	Personal map[string]ledger.Commitment `json:"personal"`
}

// SubjectOf is the stream of how a person wants to be reached. It follows from the person, so that nobody has to look for it.
func SubjectOf(log name.District, p name.Person) name.ID {
	h := ledger.SM3.New()
	fmt.Fprintf(h, "bihuan/reach/2\n%s\n%s", log, p)
	var u [16]byte
	copy(u[:], h.Sum(nil))
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80 // version 8, RFC 9562 (2024), 5.8
	return name.NewID(log, u)
}

// SetReach changes how the caller wants to be reached, from the next notice on. An address that goes is destroyed.
func (r *Room) SetReach(ctx context.Context, who desk.Caller, reach Reach) error {
	if err := r.own(who); err != nil {
		return err
	}
	return r.putReach(ctx, who.As(""), who.Person, reach)
}

// PutReach is [Room.SetReach] for whoever may already write to the database: the demo, and accounts that are made by import.
func (r *Room) PutReach(ctx context.Context, p name.Person, reach Reach) error {
	return r.putReach(ctx, name.System, p, reach)
}

func (r *Room) putReach(ctx context.Context, by name.Actor, p name.Person, reach Reach) error {
	if err := reach.Check(); err != nil {
		return err
	}
	was, err := r.heldReach(ctx, p)
	if err != nil {
		return err
	}
	j, err := json.Marshal(reach)
	if err != nil || string(j) == was {
		return err
	}
	id := SubjectOf(r.Desk.District(), p)
	b := r.Desk.Begin(ctx, r.Desk.NewCommand())
	row, err := r.Store.Row(ctx, id)
	if errors.Is(err, fault.ErrNotFound) {
		row, err = reachRow(id, p, b.At()), nil
	}
	if err != nil {
		return err
	}
	own := b.Own(id, ledger.Account, row.Version, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return &row, nil })
	moved, err := isMoved(was, &reach)
	if err != nil {
		return err
	}
	if moved {
		own.Anew()
	}
	if err := own.Add(by, typeReach, "", reachBody{map[string]ledger.Commitment{ReachField: own.Seal(ReachField, string(j))}}); err != nil {
		return err
	}
	if _, err := b.Commit(); err != nil || !moved {
		return err
	}
	return r.scrub(ctx)
}

func reachRow(id name.ID, p name.Person, at int64) journal.Row {
	return journal.Row{Stream: id, Noun: ledger.Account, Kind: ReachKind, State: "set", Person: p, Opened: at}
}

// Keep has a replay hold the rows of how people want to be reached against what the log makes of them. Events do not tell whose it is, but the stream follows from
// the person; the moment was taken down a little before the event's in rows of before.
func Keep(r *desk.Replay) {
	r.Keep(typeReach, desk.KeptRows(func(row *journal.Row, e *ledger.Event) (*journal.Row, error) {
		if row == nil {
			first := reachRow(e.Stream, "", e.At)
			row = &first
		}
		return row, nil
	}, func(want, got *journal.Row) {
		if want.Person = ""; SubjectOf(want.Stream.District(), got.Person) == want.Stream {
			want.Person = got.Person
		}
		if got.Opened < want.Opened && got.Opened > want.Opened-time.Minute.Microseconds() {
			want.Opened = got.Opened
		}
	}))
}

// isMoved reports whether an address that was held is held no more.
func isMoved(was string, now *Reach) (bool, error) {
	if was == "" {
		return false, nil
	}
	var old Reach
	err := json.Unmarshal([]byte(was), &old)
	return old.Mail != "" && old.Mail != now.Mail || old.Phone != "" && old.Phone != now.Phone, err
}

// scrub writes the log file of the database over. While somebody reads it is left to the next one.
func (r *Room) scrub(ctx context.Context) error {
	if err := r.Store.Scrub(ctx, false); !errors.Is(err, fault.ErrUnavailable) {
		return err
	}
	return nil
}

// heldReach is what is held of a person, as it was written down; empty for nothing.
func (r *Room) heldReach(ctx context.Context, p name.Person) (string, error) {
	held, err := r.Desk.Held(ctx, SubjectOf(r.Desk.District(), p))
	if err != nil {
		return "", fmt.Errorf("preferences of %s: %w", p, err)
	}
	return held[ReachField], nil
}

func (r *Room) reachOf(ctx context.Context, p name.Person) (reach Reach, err error) {
	held, err := r.heldReach(ctx, p)
	if err != nil || held == "" {
		return reach, err
	}
	return reach, json.Unmarshal([]byte(held), &reach)
}

// leave destroys the addresses of whoever's account was taken out of use, unless it has come back meanwhile.
func (r *Room) leave(ctx context.Context, e *ledger.Event) error {
	a, err := r.account(ctx, e.Stream)
	if err != nil || a.InUse() {
		return err
	}
	gone, err := r.Desk.Erase(ctx, name.System, desk.Erasure{Subject: SubjectOf(r.Desk.District(), a.Person), Why: "retention", Rule: "staff-contact"})
	if err != nil || len(gone) == 0 {
		return err
	}
	return r.scrub(ctx)
}

// account returns an account as it is now.
func (r *Room) account(ctx context.Context, id name.ID) (a account.Account, err error) {
	events, err := r.Store.Events(ctx, id, 0)
	for i := range events {
		if err == nil {
			a, err = account.Apply(a, &events[i])
		}
	}
	return a, err
}

// Adopt moves what a database from before holds under one key of the house under the keys of the persons, and returns how much that
// was. What that key does not open stays where it is. Interrupted, the next start goes on with it.
func (r *Room) Adopt(ctx context.Context) (n int, err error) {
	old, err := r.Store.OldReaches(ctx, r.Desk.District())
	if err != nil || len(old) == 0 {
		return 0, err
	}
	key := oldKey(r.Secret, r.Desk.District())
	for _, o := range old {
		var reach Reach
		b, err := seal.Open(key, seal.Place{Log: r.Desk.District(), Subject: name.ID(o.Person), Field: "reach"}, o.Body)
		if err != nil || json.Unmarshal(b, &reach) != nil {
			continue
		}
		if err := r.PutReach(ctx, o.Person, reach); err != nil {
			return n, fmt.Errorf("preferences of %s: %w", o.Person, err)
		}
		if err := r.Store.DropOldReach(ctx, r.Desk.District(), o.Person); err != nil {
			return n, err
		}
		n++
	}
	return n, r.scrub(ctx)
}

// oldKey is the one key of the house under which addresses were sealed before.
func oldKey(secret []byte, log name.District) (key seal.Key) {
	h := hmac.New(func() hash.Hash { return ledger.SM3.New() }, append([]byte("bihuan/reach/1"), secret...))
	h.Write([]byte(log))
	copy(key[:], h.Sum(nil))
	return key
}
