package accounts

import (
	"context"
	"errors"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/otp"
	"bihuan/kernel/account"
)

// ChangePassword changes a visitor's own password, for which the old one is needed, and ends all other sessions. What had to be done
// because it was too old is done.
func (r *Room) ChangePassword(ctx context.Context, v Visit, old, chosen, address string) error {
	now, network, a := r.Desk.Now(), networkOf(address), v.Account
	if wait := r.tries.admit(network, now); wait > 0 {
		return busy(wait)
	}
	kept, err := r.Store.Credentials(ctx, r.Desk.District(), a.ID, "")
	if err != nil {
		return err
	}
	c := find(inForce(&a, kept), credPassword)
	if c == nil || len(old) > 512 || r.tries.isLocked(a.Login, now) {
		return refused()
	}
	before, _ := r.verifierIn(c)
	if right, err := r.matches(ctx, before, old); err != nil {
		return err
	} else if !right {
		if r.wrong(&a, a.Login, network, now) {
			return errors.Join(refused(), r.SignOut(ctx, v.secret))
		}
		return fault.Refuse(fault.ErrDenied, "password-wrong", "old")
	}
	if err := r.acceptable(chosen, r.context(&a)...); err != nil {
		return err
	}
	if err := r.notBefore(ctx, a.ID, chosen); err != nil {
		return err
	}
	verifier, err := r.verifier(ctx, a.ID, chosen)
	if err != nil {
		return err
	}
	if err := r.replace(ctx, *c, verifier, now); err != nil {
		return err
	}
	if _, err := r.note(ctx, a, account.Command{Verb: account.ChangePassword}); err != nil {
		return err
	}
	v.Sitting.Must = ""
	if err := account.Renew(ctx, r.Sittings(), v.secret, &v.Sitting, now); err != nil {
		return err
	}
	_, err = r.SignOutElsewhere(ctx, v)
	return err
}

// acceptable refuses a password that the profile does not take, or that was stolen somewhere.
func (r *Room) acceptable(chosen string, context ...string) error {
	if err := r.Profile.Check(chosen, context...); err != nil || r.Breached == nil {
		return err
	}
	stolen, err := r.Breached.Has(chosen)
	if err == nil && stolen {
		err = fault.Refuse(fault.ErrInvalid, "password-breached", "password")
	}
	return err
}

// replace puts a new verifier in the place of one, which joins the history; what the history no longer needs goes.
func (r *Room) replace(ctx context.Context, c account.Credential, verifier []byte, now int64) error {
	log := r.Desk.District()
	old, _ := r.verifierIn(&c)
	past := account.Credential{Owner: c.Owner, Kind: credPast, ID: r.newID(), Body: r.seal(c.Owner, credPast, old), Used: now}
	if err := r.Store.PutCredential(ctx, log, past); err != nil {
		return err
	}
	c.Body = verifier
	if err := r.Store.PutCredential(ctx, log, c); err != nil {
		return err
	}
	all, err := r.past(ctx, c.Owner)
	for _, old := range all[min(len(all), max(0, r.Profile.History-1)):] {
		if err == nil {
			_, err = r.Store.DropCredentials(ctx, log, c.Owner, credPast, old.ID)
		}
	}
	return err
}

// past are an account's earlier passwords, the latest first.
func (r *Room) past(ctx context.Context, owner name.ID) ([]account.Credential, error) {
	all, err := r.Store.Credentials(ctx, r.Desk.District(), owner, credPast)
	slices.SortFunc(all, func(a, b account.Credential) int { return int(min(max(b.Used-a.Used, -1), 1)) })
	return all, err
}

// notBefore refuses a password that an account has or had, as many back as the profile says.
func (r *Room) notBefore(ctx context.Context, owner name.ID, chosen string) error {
	if r.Profile.History == 0 {
		return nil
	}
	now, err := r.Store.Credentials(ctx, r.Desk.District(), owner, credPassword)
	if err != nil {
		return err
	}
	all, err := r.past(ctx, owner)
	if err != nil {
		return err
	}
	for _, c := range append(now, all...) {
		v, _ := r.verifierIn(&c)
		if same, err := r.matches(ctx, v, chosen); err != nil {
			return err
		} else if same {
			return fault.Refuse(fault.ErrInvalid, "password-before", "password")
		}
	}
	return nil
}

// Enrolment is a new authenticator that a visitor is about to confirm.
type Enrolment struct {
	Seed otp.Seed
	URI  string
}

// Enrol returns the seed that a visitor's new authenticator scans. It is the same until the account changes.
func (r *Room) Enrol(v Visit) Enrolment {
	e := Enrolment{Seed: r.enrolSeed(string(v.Account.ID), v.secret, v.Sitting.ID)}
	e.URI = otp.URI(otp.SHA1, e.Seed, r.Issuer, v.Account.Login)
	return e
}

// IsFresh reports whether a visitor has shown who they are a short while ago.
func (r *Room) IsFresh(v Visit) bool { return r.Desk.Now() < v.Sitting.Proved+r.Limits.Fresh }

// proveAgain is the refusal of what asks for a fresh proof.
func (r *Room) proveAgain(v Visit) error {
	if r.IsFresh(v) {
		return nil
	}
	return fault.Refuse(fault.ErrDenied, "prove-again", "")
}

// AddAuthenticator takes a new authenticator into use in place of the one before, with a code that it shows.
func (r *Room) AddAuthenticator(ctx context.Context, v Visit, code string) error {
	if err := r.proveAgain(v); err != nil {
		return err
	}
	e := r.Enrol(v)
	step, ok := otp.Match(otp.SHA1, e.Seed, code, r.Desk.Now())
	if !ok {
		return fault.Refuse(fault.ErrInvalid, "code-wrong", "code")
	}
	f := account.Factor{ID: r.newID(), Kind: account.TOTP}
	c := account.Credential{Owner: v.Account.ID, Kind: credTOTP, ID: f.ID, Body: r.seal(v.Account.ID, credTOTP, e.Seed[:]), Used: step}
	if err := r.AddFactor(ctx, v, f, c); err != nil {
		return err
	}
	for _, old := range v.Account.Factors {
		if old.Kind == account.TOTP {
			if err := r.RemoveFactor(ctx, v, old.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// AddFactor gives a visitor's account one more way of proving who they are, with what has to be kept of it; c may be zero where
// nothing is. It asks for a fresh proof. Rooms beside this one call it for passkeys, certificates and identities elsewhere.
func (r *Room) AddFactor(ctx context.Context, v Visit, f account.Factor, c account.Credential) error {
	if err := r.proveAgain(v); err != nil {
		return err
	}
	if c.Kind != "" {
		c.Owner = v.Account.ID
		if err := r.Store.PutCredential(ctx, r.Desk.District(), c); err != nil {
			return err
		}
	}
	_, err := r.note(ctx, v.Account, account.Command{Verb: account.AddFactor, With: account.Change{Factor: &f}})
	return err
}

// RemoveFactor takes a way of proving from a visitor's account, and ends what was kept of it. What is left has to be enough to
// sign in.
func (r *Room) RemoveFactor(ctx context.Context, v Visit, id string) error {
	if err := r.proveAgain(v); err != nil {
		return err
	}
	a, err := r.Account(ctx, v.Account.ID)
	if err != nil {
		return err
	}
	kind := account.FactorKind("")
	for _, f := range a.Factors {
		if f.ID == id {
			kind = f.Kind
		}
	}
	if _, err := r.note(ctx, a, account.Command{Verb: account.RemoveFactor, With: account.Change{Factor: &account.Factor{ID: id}}}); err != nil {
		return err
	}
	if kind == account.Recovery {
		id = ""
	}
	_, err = r.Store.DropCredentials(ctx, r.Desk.District(), a.ID, string(kind), id)
	return err
}

// NewRecovery gives a visitor new recovery codes in place of the ones before, told this once.
func (r *Room) NewRecovery(ctx context.Context, v Visit) ([]string, error) {
	if err := r.proveAgain(v); err != nil {
		return nil, err
	}
	log := r.Desk.District()
	if _, err := r.Store.DropCredentials(ctx, log, v.Account.ID, credRecovery, ""); err != nil {
		return nil, err
	}
	codes, kept := r.newRecovery(v.Account.ID)
	for _, c := range kept {
		if err := r.Store.PutCredential(ctx, log, c); err != nil {
			return nil, err
		}
	}
	_, err := r.note(ctx, v.Account, account.Command{Verb: account.AddFactor, With: account.Change{Factor: &account.Factor{ID: "recovery", Kind: account.Recovery}}})
	return codes, err
}

// RecoveryLeft returns how many recovery codes a visitor has left.
func (r *Room) RecoveryLeft(ctx context.Context, v Visit) (int, error) {
	all, err := r.Store.Credentials(ctx, r.Desk.District(), v.Account.ID, credRecovery)
	return len(all), err
}
