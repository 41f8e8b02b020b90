package accounts

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/codelist"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/otp"
	"bihuan/kernel/account"
)

// Invitation asks for a new account.
type Invitation struct {
	Person name.Person // of the directory; empty for somebody who is not in it
	Unit   name.Unit   // where the person is not in the directory
	Reason string
}

// Invited is an account with the code that activates it.
type Invited struct {
	Account account.Account
	Code    string // told this once
	Until   int64  // µs
}

// codeBytes is the length of an invitation's code: 128 bits in 26 letters and digits.
const codeBytes = 16

// Invite makes an account for a person and returns the code that activates it. The system administrator invites; whoever is
// invited has no role before the security administrator grants one.
func (r *Room) Invite(ctx context.Context, who desk.Caller, i Invitation) (Invited, error) {
	by, err := r.manager(ctx, who)
	if err != nil {
		return Invited{}, err
	}
	return r.invite(ctx, by, i)
}

// manager is a caller who may manage accounts.
func (r *Room) manager(ctx context.Context, who desk.Caller) (account.Hand, error) {
	if err := r.may(who, access.AccountManage); err != nil {
		return account.Hand{}, err
	}
	return r.hand(ctx, who, "sysadmin")
}

func (r *Room) invite(ctx context.Context, by account.Hand, i Invitation) (Invited, error) {
	r.writes.Lock()
	defer r.writes.Unlock()
	dir := r.Desk.Directory()
	if i.Person != "" {
		p := dir.Person(i.Person)
		if p.Unit == "" {
			return Invited{}, fault.Refuse(fault.ErrNotFound, "no-such-person", "person")
		}
		i.Unit = p.Unit
		mine, err := r.Of(ctx, i.Person)
		if err != nil {
			return Invited{}, err
		}
		if len(mine) > 0 {
			return Invited{}, fault.Refuse(fault.ErrConflict, "account-exists", "person")
		}
	} else if !dir.Has(i.Unit) {
		return Invited{}, fault.Refuse(fault.ErrNotFound, "no-such-unit", "unit")
	}
	b := r.Desk.Begin(ctx, r.Desk.NewCommand())
	s := r.take(ctx, b, account.Account{})
	if i.Person == "" {
		i.Person = r.newPerson()
	}
	inv := Invited{Code: r.newCode(codeBytes), Until: b.At() + r.Limits.Invitation}
	if err := s.do(account.Command{Verb: account.Invite, By: by, At: b.At(), Reason: i.Reason, With: account.Change{Person: i.Person, Unit: i.Unit, Until: inv.Until}}); err != nil {
		return Invited{}, err
	}
	inv.Account = *s.account
	if err := r.keepInvitation(ctx, &inv); err != nil {
		return Invited{}, err
	}
	_, err := b.Commit()
	return inv, err
}

// PersonPrefix begins the key of somebody who has an account and is not in the directory.
const PersonPrefix = "account-"

func (r *Room) newPerson() name.Person {
	var b [5]byte
	r.Chance(b[:])
	return name.Person(fmt.Sprintf("%s%x", PersonPrefix, b))
}

func (r *Room) keepInvitation(ctx context.Context, i *Invited) error {
	id := r.codeID(credInvite, i.Code)
	return r.Store.PutCredential(ctx, r.Desk.District(), account.Credential{Owner: i.Account.ID, Kind: credInvite, ID: id, Body: r.seal(i.Account.ID, credInvite, invitationOf(id, i.Until)), Until: i.Until})
}

// Reset takes an account's factors away, ends its sessions, and returns the code with which its person activates it anew: for who
// has lost a password or a phone. Its roles stay.
func (r *Room) Reset(ctx context.Context, who desk.Caller, id name.ID, reason string) (Invited, error) {
	by, err := r.manager(ctx, who)
	if err != nil {
		return Invited{}, err
	}
	return r.reset(ctx, by, id, reason)
}

func (r *Room) reset(ctx context.Context, by account.Hand, id name.ID, reason string) (Invited, error) {
	if strings.TrimSpace(reason) == "" {
		return Invited{}, fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	inv := Invited{Code: r.newCode(codeBytes), Until: r.Desk.Now() + r.Limits.Invitation}
	var err error
	if inv.Account, err = r.change(ctx, id, account.Command{Verb: account.Invite, By: by, Reason: reason, With: account.Change{Until: inv.Until}}); err != nil {
		return Invited{}, err
	}
	if err := r.strip(ctx, id); err != nil {
		return Invited{}, err
	}
	return inv, r.keepInvitation(ctx, &inv)
}

// strip ends everything with which an account could be entered but its name and its earlier passwords.
func (r *Room) strip(ctx context.Context, id name.ID) error {
	if _, err := account.CloseAll(ctx, r.Sittings(), id, ""); err != nil {
		return err
	}
	kept, err := r.Store.Credentials(ctx, r.Desk.District(), id, "")
	for _, c := range kept {
		if err == nil && c.Kind != credLogin && c.Kind != credPast {
			_, err = r.Store.DropCredentials(ctx, r.Desk.District(), id, c.Kind, c.ID)
		}
	}
	return err
}

// Disable takes an account out of use and ends its sessions: once it has returned, none of them is let in.
func (r *Room) Disable(ctx context.Context, who desk.Caller, id name.ID, reason string) error {
	by, err := r.manager(ctx, who)
	if err != nil {
		return err
	}
	if _, err := r.change(ctx, id, account.Command{Verb: account.Disable, By: by, Reason: reason}); err != nil {
		return err
	}
	_, err = account.CloseAll(ctx, r.Sittings(), id, "")
	return err
}

// Enable takes a disabled account into use again.
func (r *Room) Enable(ctx context.Context, who desk.Caller, id name.ID, reason string) error {
	by, err := r.manager(ctx, who)
	if err == nil {
		_, err = r.change(ctx, id, account.Command{Verb: account.Enable, By: by, Reason: reason})
	}
	return err
}

// Pending is an invitation as the page of activation shows it.
type Pending struct {
	Account account.Account
	Login   string // of an account that is activated anew; it stays
	Seed    otp.Seed
	URI     string // for the code that a device scans
}

// Pending returns the invitation that a code belongs to. Every code that is not one is answered alike: one that never was, one that
// was used, and one that has ended.
func (r *Room) Pending(ctx context.Context, code, address string) (Pending, error) {
	now, network := r.Desk.Now(), networkOf(address)
	if wait := r.tries.admit(network, now); wait > 0 {
		return Pending{}, busy(wait)
	}
	unknown := fault.Refuse(fault.ErrDenied, "invitation-unknown", "code")
	if len(code) > 64 {
		return Pending{}, unknown
	}
	id, err := known(r.codeIDs(credInvite, code), func(id string) (bool, error) {
		_, err := r.Store.CredentialBy(ctx, r.Desk.District(), credInvite, id)
		return err == nil, nil
	})
	if err != nil {
		return Pending{}, err
	}
	c, err := r.Store.CredentialBy(ctx, r.Desk.District(), credInvite, id)
	if isMissing(err) || err == nil && c.Until <= now {
		r.tries.failed("", network, now)
		return Pending{}, unknown
	} else if err != nil {
		return Pending{}, err
	}
	a, err := r.Account(ctx, c.Owner)
	if err == nil && (a.State != account.Invited || !r.isInvitationOf(&a, &c)) {
		r.tries.failed("", network, now)
		err = unknown
	}
	if err != nil {
		return Pending{}, err
	}
	p := Pending{Account: a, Login: a.Login, Seed: r.enrolSeed(string(a.ID), plainCode(code))}
	p.URI = otp.URI(otp.SHA1, p.Seed, r.Issuer, string(a.Person))
	return p, nil
}

// Activation is what somebody fills in who was invited.
type Activation struct {
	Invite   string // the invitation's code
	Login    string // to sign in with from now on
	IDNumber string // of the identity document; kept nowhere
	Password string
	Code     string // that the device shows, once it has scanned
	Address  string
}

// Activated is an account in use, with the recovery codes, which are told this once.
type Activated struct {
	Account  account.Account
	Recovery []string
}

// Activate takes an account into use. The invitation is used up.
func (r *Room) Activate(ctx context.Context, x Activation) (Activated, error) {
	p, err := r.Pending(ctx, x.Invite, x.Address)
	if err != nil {
		return Activated{}, err
	}
	a := p.Account
	x.Login = strings.ToLower(strings.TrimSpace(x.Login))
	n, err := codelist.ParseIDNumber(strings.ToUpper(strings.TrimSpace(x.IDNumber)))
	if err != nil {
		return Activated{}, fault.Refuse(fault.ErrInvalid, "id-number-wrong", "id-number")
	}
	if err := r.acceptable(x.Password, r.context(&a, x.Login, n.Reveal())...); err != nil {
		return Activated{}, err
	}
	step, ok := otp.Match(otp.SHA1, p.Seed, x.Code, r.Desk.Now())
	if !ok {
		return Activated{}, fault.Refuse(fault.ErrInvalid, "code-wrong", "code")
	}
	v, err := r.verifier(ctx, a.ID, x.Password)
	if err != nil {
		return Activated{}, err
	}
	if err := r.notBefore(ctx, a.ID, x.Password); err != nil {
		return Activated{}, err
	}
	natural, err := r.naturalOf(ctx, n)
	if err != nil {
		return Activated{}, err
	}
	return r.activate(ctx, activation{a, x.Login, natural, v, p.Seed, step, r.codeID(credInvite, x.Invite)})
}

// activation is an activation that was checked.
type activation struct {
	account  account.Account
	login    string
	natural  string
	verifier []byte
	seed     otp.Seed
	step     int64 // of the code that was shown
	invite   string
}

func (r *Room) activate(ctx context.Context, x activation) (Activated, error) {
	r.writes.Lock()
	defer r.writes.Unlock()
	a, err := r.Account(ctx, x.account.ID)
	if err != nil {
		return Activated{}, err
	}
	b := r.Desk.Begin(ctx, r.Desk.NewCommand())
	s := r.take(ctx, b, a)
	f := r.newFactors()
	by := account.Hand{Actor: name.Actor{Person: a.Person, Unit: a.Unit, Role: name.Visitor.Role}, Natural: x.natural}
	cs := []account.Command{{Verb: account.Activate, With: account.Change{Login: x.login, Natural: x.natural}}}
	for i := range f {
		cs = append(cs, account.Command{Verb: account.AddFactor, With: account.Change{Factor: &f[i]}})
	}
	for _, c := range cs {
		c.By, c.At = by, b.At()
		if err := s.do(c); err != nil {
			return Activated{}, err
		}
	}
	recovery, kept := r.newRecovery(a.ID)
	kept = append(kept, account.Credential{Owner: a.ID, Kind: credPassword, ID: f[0].ID, Body: x.verifier},
		account.Credential{Owner: a.ID, Kind: credTOTP, ID: f[1].ID, Body: r.seal(a.ID, credTOTP, x.seed[:]), Used: x.step})
	if err := r.keep(ctx, &a, x.login, kept); err != nil {
		return Activated{}, err
	}
	if _, err := b.Commit(); err != nil {
		return Activated{}, errors.Join(err, r.strip(ctx, a.ID))
	}
	if x.invite != "" {
		_, err = r.Store.DropCredentials(ctx, r.Desk.District(), a.ID, credInvite, "")
	}
	return Activated{*s.account, recovery}, err
}

// keep keeps the credentials of an account, its name to sign in with first: of two who choose one name, one gets it.
func (r *Room) keep(ctx context.Context, a *account.Account, login string, all []account.Credential) error {
	err := r.Store.PutCredential(ctx, r.Desk.District(), account.Credential{Owner: a.ID, Kind: credLogin, ID: login, Body: []byte{}})
	if errors.Is(err, fault.ErrConflict) {
		return fault.Refuse(fault.ErrConflict, "login-taken", "login")
	}
	for _, c := range all {
		if err == nil {
			err = r.Store.PutCredential(ctx, r.Desk.District(), c)
		}
	}
	return err
}

// newFactors are the three that every activation gives: a password, an authenticator and recovery codes.
func (r *Room) newFactors() []account.Factor {
	return []account.Factor{{ID: r.newID(), Kind: account.Password}, {ID: r.newID(), Kind: account.TOTP}, {ID: "recovery", Kind: account.Recovery}}
}

func (r *Room) newID() string {
	var b [8]byte
	r.Chance(b[:])
	return fmt.Sprintf("%x", b)
}

// recoveryCodes is how many recovery codes a person gets, each of 112 bits in 23 letters and digits. With less they would have to be
// hashed as slowly as passwords; a keyed hash is enough for what nobody can try through. Those of 50 bits that were given before hold until used.
//
// Source: OWASP ASVS 5.0.0, 6.5.2, as read.
const (
	recoveryCodes = 8
	recoveryBytes = 14
)

func (r *Room) newRecovery(owner name.ID) (codes []string, kept []account.Credential) {
	for range recoveryCodes {
		code := r.newCode(recoveryBytes)
		codes = append(codes, code)
		kept = append(kept, account.Credential{Owner: owner, Kind: credRecovery, ID: r.recoveryID(owner, code), Body: []byte{}})
	}
	return codes, kept
}

// context are the words that others would try first for a person's password.
func (r *Room) context(a *account.Account, more ...string) []string {
	dir := r.Desk.Directory()
	p, u := dir.Person(a.Person), dir.Unit(a.Unit)
	return append(more, a.Login, string(a.Person), string(a.Unit), p.Words.ZH, p.Words.EN, u.Words.ZH, u.Words.EN, u.Short.ZH, u.Short.EN)
}
