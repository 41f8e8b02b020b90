package accounts

import (
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// Appoint gives an account of staff the role of one of the three administrators. It takes two of them: what the first does is an offer,
// which another natural person confirms by the same act. So the two who are left replace the third.
func (r *Room) Appoint(ctx context.Context, who desk.Caller, id name.ID, role name.Role, reason string) error {
	a, by, err := r.officer(ctx, who, id, role)
	if err != nil {
		return err
	}
	if a.Sort != account.Staff {
		return fault.Refuse(fault.ErrDenied, "invitation-needed", "")
	}
	_, err = r.change(ctx, id, account.Command{Verb: account.Grant, By: by, Reason: reason, With: account.Change{Role: role}})
	return err
}

// Withdraw takes back the offer of an administrator's role that nobody has confirmed, whoever of the three made it.
func (r *Room) Withdraw(ctx context.Context, who desk.Caller, id name.ID, role name.Role, reason string) error {
	a, by, err := r.officer(ctx, who, id, role)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(a.Offered, func(o account.Offer) bool { return o.Role == role }) {
		return fault.Refuse(fault.ErrConflict, "role-not-offered", "role")
	}
	_, err = r.change(ctx, id, account.Command{Verb: account.Revoke, By: by, Reason: reason, With: account.Change{Role: role}})
	return err
}

// officer returns an account and one of the three administrators who decides about it.
func (r *Room) officer(ctx context.Context, who desk.Caller, id name.ID, role name.Role) (a account.Account, by account.Hand, err error) {
	if !slices.Contains(Officers, role) {
		return a, by, fault.Refuse(fault.ErrInvalid, "role-unknown", "role")
	}
	if err = r.may(who, access.OfficerName); err != nil {
		return a, by, err
	}
	if a, err = r.Account(ctx, id); err != nil {
		return a, by, err
	}
	i := slices.IndexFunc(Officers, who.Has)
	by, err = r.hand(ctx, who, Officers[max(i, 0)])
	return a, by, err
}
