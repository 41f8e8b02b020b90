package accounts

import (
	"context"
	"errors"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// This file is how an identity at a provider is linked with somebody's account for them: the system administrator proposes it and the
// security administrator approves it, and before that it opens nothing.

// ProposeLink notes that an identity elsewhere is said to be the one of an account's person. value is what is kept sealed of it.
func (r *Room) ProposeLink(ctx context.Context, who desk.Caller, id name.ID, f account.Factor, value []byte, reason string) error {
	by, err := r.manager(ctx, who)
	if err != nil {
		return err
	}
	a, err := r.Account(ctx, id)
	if err != nil {
		return err
	}
	c := account.Command{Verb: account.ProposeLink, By: by, Reason: reason, With: account.Change{Factor: &f}}
	if _, err := account.Decide(&a, c, account.Env{}); err != nil {
		return err
	}
	kept := account.Credential{Owner: id, Kind: string(f.Kind), ID: f.ID, Body: r.seal(id, string(f.Kind), value)}
	if err := r.Store.PutCredential(ctx, r.Desk.District(), kept); errors.Is(err, fault.ErrConflict) {
		return fault.Refuse(fault.ErrConflict, "linked-elsewhere", "subject")
	} else if err != nil {
		return err
	}
	if _, err = r.change(ctx, id, c); err != nil {
		_, gone := r.Store.DropCredentials(ctx, r.Desk.District(), id, kept.Kind, kept.ID)
		return errors.Join(err, gone)
	}
	return nil
}

// ApproveLink lets a proposed identity open an account from now on.
func (r *Room) ApproveLink(ctx context.Context, who desk.Caller, id name.ID, factor, reason string) error {
	return r.link(ctx, who, id, account.ApproveLink, factor, reason)
}

// DropLink ends a proposal, and what was kept of it.
func (r *Room) DropLink(ctx context.Context, who desk.Caller, id name.ID, factor, reason string) error {
	if err := r.link(ctx, who, id, account.DropLink, factor, reason); err != nil {
		return err
	}
	_, err := r.Store.DropCredentials(ctx, r.Desk.District(), id, string(account.OIDC), factor)
	return err
}

func (r *Room) link(ctx context.Context, who desk.Caller, id name.ID, v account.Verb, factor, reason string) error {
	if err := r.may(who, access.RoleGrant); err != nil {
		return err
	}
	by, err := r.hand(ctx, who, "secadmin")
	if err != nil {
		return err
	}
	_, err = r.change(ctx, id, account.Command{Verb: v, By: by, Reason: reason, With: account.Change{Factor: &account.Factor{ID: factor}}})
	return err
}
