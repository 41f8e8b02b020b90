package accounts

import (
	"context"
	"errors"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// This file is what rooms beside this one need, in which people prove who they are by other ways than a password.

// FactorID is under which id a way of proving is kept that has a name of its own: a keyed hash, so that a stolen table does not tell
// which number or which subject elsewhere somebody has. One that is kept already has the id that it is kept under.
func (r *Room) FactorID(ctx context.Context, kind account.FactorKind, parts ...string) (string, error) {
	return known(r.hashes("factor "+string(kind), parts...), func(id string) (bool, error) {
		_, err := r.Store.CredentialBy(ctx, r.Desk.District(), string(kind), id)
		if isMissing(err) {
			return false, nil
		}
		return err == nil, err
	})
}

// Matches reports whether a hash is that of parts, under whichever key it was made: of codes that are kept for minutes.
func (r *Room) Matches(kind account.FactorKind, hash string, parts ...string) bool {
	return slices.Contains(r.hashes("factor "+string(kind), parts...), hash)
}

// Holder returns the account that has a way of proving, with what is kept of it. It wraps [fault.ErrNotFound] if nobody in force has
// it.
func (r *Room) Holder(ctx context.Context, kind account.FactorKind, id string) (account.Account, account.Credential, error) {
	c, err := r.Store.CredentialBy(ctx, r.Desk.District(), string(kind), id)
	if err != nil {
		return account.Account{}, c, err
	}
	a, err := r.Account(ctx, c.Owner)
	if err == nil && (a.State != account.Active || !slices.ContainsFunc(a.Factors, func(f account.Factor) bool { return f.ID == id && f.Kind == kind })) {
		err = fault.ErrNotFound
	}
	return a, c, err
}

// Newcome makes the account of a resident whom a trusted side has vouched for, with the way of proving by which they are known
// again and what is sealed of it. Of two who come at once with the same, both get the one account.
func (r *Room) Newcome(ctx context.Context, f account.Factor, value []byte) (account.Account, error) {
	r.writes.Lock()
	defer r.writes.Unlock()
	if a, _, err := r.Holder(ctx, f.Kind, f.ID); err == nil || !isMissing(err) {
		return a, err
	}
	b := r.Desk.Begin(ctx, r.Desk.NewCommand())
	s := r.take(ctx, b, account.Account{})
	id := s.account.ID
	by := account.Hand{Actor: name.Visitor}
	if err := s.do(account.Command{Verb: account.Register, By: by, At: b.At(), With: account.Change{Sort: account.Resident, Person: r.newPerson(),
		Unit: name.Visitor.Unit, Factor: &f}}); err != nil {
		return account.Account{}, err
	}
	kept := account.Credential{Owner: id, Kind: string(f.Kind), ID: f.ID, Body: r.seal(id, string(f.Kind), value)}
	if err := r.keepNew(ctx, kept); errors.Is(err, fault.ErrConflict) {
		return account.Account{}, refused() // its account is not in use: it is not made anew
	} else if err != nil {
		return account.Account{}, err
	}
	if _, err := b.Commit(); err != nil {
		_, gone := r.Store.DropCredentials(ctx, r.Desk.District(), id, "", "")
		return account.Account{}, errors.Join(err, gone)
	}
	return *s.account, nil
}

// keepNew keeps what a newcomer is known by. Where an account that was closed still has it, since its closing was cut off, that closing is ended first.
func (r *Room) keepNew(ctx context.Context, c account.Credential) error {
	err := r.Store.PutCredential(ctx, r.Desk.District(), c)
	if !errors.Is(err, fault.ErrConflict) {
		return err
	}
	had, missing := r.Store.CredentialBy(ctx, r.Desk.District(), c.Kind, c.ID)
	if missing != nil {
		return errors.Join(err, missing)
	}
	if a, unread := r.Account(ctx, had.Owner); unread != nil || a.State != account.Closed {
		return errors.Join(err, unread)
	}
	if err := r.forgetAll(ctx, had.Owner); err != nil {
		return err
	}
	return r.Store.PutCredential(ctx, r.Desk.District(), c)
}

// SealFor locks a value that is kept for an account; OpenFor unlocks it.
func (r *Room) SealFor(owner name.ID, kind string, value []byte) []byte {
	return r.seal(owner, kind, value)
}

// OpenFor unlocks what SealFor locked.
func (r *Room) OpenFor(owner name.ID, kind string, sealed []byte) ([]byte, error) {
	return r.open(owner, kind, sealed)
}

// Admit refuses a network that was wrong too often, with [*doors.Busy].
func (r *Room) Admit(address string) error {
	if wait := r.tries.admit(networkOf(address), r.Desk.Now()); wait > 0 {
		return busy(wait)
	}
	return nil
}

// Wrong counts a proof that did not fit against its network, and returns the one refusal of such.
func (r *Room) Wrong(address string) error {
	r.tries.failed("", networkOf(address), r.Desk.Now())
	r.tell("", networkOf(address), "proof-refused")
	return refused()
}

// Undelivered tells the security log that a code that somebody asked for was refused by whoever should have carried it to them.
func (r *Room) Undelivered(address string) { r.tell("", networkOf(address), "code-undelivered") }

// Network is the network that an address counts as: an IPv4 address itself, an IPv6 one by its first 64 bits.
func Network(address string) string { return networkOf(address) }

// FreshProof returns the refusal that sends a visitor to prove once more who they are, nil if they have a short while ago.
func (r *Room) FreshProof(v Visit) error { return r.proveAgain(v) }
