package identity

import (
	"context"
	"errors"
	"fmt"

	"bihuan/desk/accounts"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/identity/passkey"
	"bihuan/kernel/account"
)

// HasPasskeys reports whether passkeys are offered: where the profile of passwords is asvs. In the others the second factor has
// to rest on the national algorithms, which devices for passkeys do not have (GB/T 39786-2021, as read about).
func (r *Room) HasPasskeys() bool { return r.Passkeys != nil && r.Accounts.Profile.Name == "asvs" }

func noPasskeys() error { return fmt.Errorf("passkeys: %w", fault.ErrNotFound) }

// EnrolPasskey returns what the browser of whoever is signed in is told to make a passkey, and the secret that its answer has to bring.
func (r *Room) EnrolPasskey(ctx context.Context, v accounts.Visit) (told []byte, secret string, err error) {
	if !r.HasPasskeys() {
		return nil, "", noPasskeys()
	}
	if err := r.Accounts.FreshProof(v); err != nil {
		return nil, "", err
	}
	o, err := r.owner(ctx, v.Account.ID)
	if err != nil {
		return nil, "", err
	}
	told, remembered, err := r.Passkeys.Enrol(o)
	if err != nil {
		return nil, "", err
	}
	secret, err = r.ask(ctx, askEnrolment, &v, remembered)
	return told, secret, err
}

// AnswerEnrolment takes the passkey that a browser has made.
func (r *Room) AnswerEnrolment(ctx context.Context, v accounts.Visit, secret string, answer []byte, label string) error {
	if !r.HasPasskeys() {
		return noPasskeys()
	}
	var remembered []byte
	if err := r.answered(ctx, askEnrolment, secret, &v, &remembered); err != nil {
		return err
	}
	o, err := r.owner(ctx, v.Account.ID)
	if err != nil {
		return err
	}
	k, err := r.Passkeys.Enrolled(o, remembered, answer)
	if err != nil {
		return err
	}
	id, err := r.Accounts.FactorID(ctx, account.Passkey, k.ID)
	if err != nil {
		return err
	}
	return r.add(ctx, &v, account.Factor{ID: id, Kind: account.Passkey, Label: clip(label)}, k.Body)
}

// AskPasskey returns what a browser is told to show a passkey, and the secret that its answer has to bring.
func (r *Room) AskPasskey(ctx context.Context, address string) (told []byte, secret string, err error) {
	if !r.HasPasskeys() {
		return nil, "", noPasskeys()
	}
	if err := r.Accounts.Admit(address); err != nil {
		return nil, "", err
	}
	told, remembered, err := r.Passkeys.Ask()
	if err != nil {
		return nil, "", err
	}
	secret, err = r.ask(ctx, askPasskey, nil, remembered)
	return told, secret, err
}

// AnswerPasskey takes the passkey that a browser shows. With v it has to be one of whoever is signed in: a fresh proof.
func (r *Room) AnswerPasskey(ctx context.Context, secret string, answer []byte, v *accounts.Visit, address, device string) (Outcome, error) {
	if !r.HasPasskeys() {
		return Outcome{}, noPasskeys()
	}
	if err := r.Accounts.Admit(address); err != nil {
		return Outcome{}, err
	}
	var remembered []byte
	if err := r.answered(ctx, askPasskey, secret, nil, &remembered); err != nil {
		return Outcome{}, err
	}
	o, k, err := r.Passkeys.Answered(remembered, answer, func(handle string) (passkey.Owner, error) { return r.owner(ctx, name.ID(handle)) })
	if err == nil && v != nil && name.ID(o.Handle) != v.Account.ID {
		err = fault.Refuse(fault.ErrDenied, "passkey-refused", "")
	}
	if err != nil {
		return Outcome{}, r.wrong(address, err)
	}
	// what the device counts is kept, so that a copy of it is noticed
	id, err := r.Accounts.FactorID(ctx, account.Passkey, k.ID)
	if err != nil {
		return Outcome{}, err
	}
	owner := name.ID(o.Handle)
	c := account.Credential{Owner: owner, Kind: string(account.Passkey), ID: id, Body: r.Accounts.SealFor(owner, string(account.Passkey), k.Body)}
	if err := r.Accounts.Store.PutCredential(ctx, r.Accounts.Desk.District(), c); err != nil {
		return Outcome{}, err
	}
	return Outcome{Proof: accounts.Proof{Account: owner, Proven: []account.FactorKind{account.Passkey}, Device: device}}, nil
}

// owner returns an account's passkeys: those that the account says it has. It wraps [fault.ErrNotFound].
func (r *Room) owner(ctx context.Context, id name.ID) (passkey.Owner, error) {
	a, err := r.Accounts.Account(ctx, id)
	if err == nil && a.State != account.Active {
		err = fault.ErrNotFound
	}
	if err != nil {
		return passkey.Owner{}, err
	}
	o := passkey.Owner{Handle: string(id), Shown: a.Login}
	if o.Shown == "" {
		o.Shown = string(a.Person)
	}
	kept, err := r.Accounts.Store.Credentials(ctx, r.Accounts.Desk.District(), id, string(account.Passkey))
	for _, c := range kept {
		if !hasFactor(&a, c.ID) {
			continue
		}
		b, err := r.Accounts.OpenFor(id, string(account.Passkey), c.Body)
		if err != nil {
			return o, errors.Join(err, fault.ErrUnavailable)
		}
		o.Keys = append(o.Keys, passkey.Key{ID: c.ID, Body: b})
	}
	return o, err
}

func hasFactor(a *account.Account, id string) bool {
	for _, f := range a.Factors {
		if f.ID == id {
			return true
		}
	}
	return false
}
