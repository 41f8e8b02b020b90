package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/otp"
	"bihuan/ground/password"
	"bihuan/kernel/account"
)

// The kinds of credential that this room keeps. Rooms beside it take other words.
const (
	credLogin    = "login"         // id: what is typed
	credPassword = "password"      // body: a verifier, sealed
	credPast     = "past-password" // body: a verifier, sealed; used: when it was replaced, µs
	credTOTP     = "totp"          // body: a sealed seed; used: the step that was used last
	credRecovery = "recovery"      // id: hash of a code
	credInvite   = "invitation"    // id: hash of a code
)

// Typed is what somebody types to sign in.
type Typed struct {
	Login    string
	Password string
	Code     string // of the authenticator, or a recovery code
	Address  string // where the request comes from; kept nowhere but in memory, to count failures
	Device   string
}

// refused is the one answer to everything that is wrong.
func refused() error { return fault.Refuse(fault.ErrDenied, "sign-in-refused", "") }

// Check holds what somebody typed against what the room keeps, and returns the proof. It answers a name that nobody has, a wrong
// password, a wrong or used code, a locked and a disabled account with the same refusal after the same work, and a network
// that was wrong too often, or a moment in which too many sign in, with [*doors.Busy].
func (r *Room) Check(ctx context.Context, t Typed) (Proof, error) {
	now, login, network := r.Desk.Now(), strings.ToLower(strings.TrimSpace(t.Login)), networkOf(t.Address)
	if wait := r.tries.admit(network, now); wait > 0 {
		return Proof{}, busy(wait)
	}
	if len(login) > 64 || len(t.Password) > 512 || len(t.Code) > 64 {
		return Proof{}, refused()
	}
	a, kept, err := r.byLogin(ctx, login)
	if err != nil {
		return Proof{}, err
	}
	verifier, own := r.ring.Load().dummy, find(kept, credPassword)
	if own != nil {
		verifier, _ = r.verifierIn(own)
	}
	right, err := r.matches(ctx, verifier, t.Password)
	if err != nil {
		return Proof{}, err
	}
	second, use := r.second(&a, kept, t.Code, now)
	if !right || a.State != account.Active || a.IsLocked(now) || r.tries.isLocked(login, now) || use == nil {
		r.wrong(&a, login, network, now)
		return Proof{}, refused()
	}
	if err := use(ctx); errors.Is(err, fault.ErrConflict) {
		r.wrong(&a, login, network, now)
		return Proof{}, refused()
	} else if err != nil {
		return Proof{}, err
	}
	if err := r.renew(ctx, own, t.Password); err != nil {
		return Proof{}, err
	}
	return Proof{Account: a.ID, Proven: []account.FactorKind{account.Password, second}, Device: t.Device, login: login}, nil
}

// CheckAgain holds the code of a person who is signed in against what the room keeps: for [Room.Prove]. Failures count like those
// of signing in; one that locks the account ends the session too.
func (r *Room) CheckAgain(ctx context.Context, v Visit, code, address string) (account.FactorKind, error) {
	now, network := r.Desk.Now(), networkOf(address)
	login := countedAs(&v.Account)
	if wait := r.tries.admit(network, now); wait > 0 {
		return "", busy(wait)
	}
	if len(code) > 64 || v.Account.IsLocked(now) || r.tries.isLocked(login, now) {
		return "", refused()
	}
	kept, err := r.Store.Credentials(ctx, r.Desk.District(), v.Account.ID, "")
	if err != nil {
		return "", err
	}
	kind, use := r.second(&v.Account, kept, code, now)
	err = fault.ErrConflict
	if use != nil {
		err = use(ctx)
	}
	if errors.Is(err, fault.ErrConflict) {
		if r.wrong(&v.Account, login, network, now) {
			err = errors.Join(refused(), r.SignOut(ctx, v.secret))
		} else {
			err = fault.Refuse(fault.ErrDenied, "code-wrong", "code")
		}
		return "", err
	}
	if err == nil {
		r.tries.passed(login)
	}
	return kind, err
}

// countedAs is the name under which an account's failures are counted: that with which it signs in, and for residents, who have none,
// one that nobody can type, since what is typed is put in lower case.
func countedAs(a *account.Account) string {
	if a.Login != "" {
		return a.Login
	}
	return "Account " + string(a.ID)
}

// byLogin returns the account that a name belongs to with its credentials, the zero one if there is none.
func (r *Room) byLogin(ctx context.Context, login string) (a account.Account, kept []account.Credential, err error) {
	c, err := r.Store.CredentialBy(ctx, r.Desk.District(), credLogin, login)
	if isMissing(err) {
		return a, nil, nil
	} else if err != nil {
		return a, nil, err
	}
	if a, err = r.Account(ctx, c.Owner); err != nil {
		return account.Account{}, nil, err
	}
	kept, err = r.Store.Credentials(ctx, r.Desk.District(), c.Owner, "")
	return a, inForce(&a, kept), err
}

// inForce leaves the credentials that the account says it has: what was kept and never became a factor proves nothing.
func inForce(a *account.Account, kept []account.Credential) []account.Credential {
	return slices.DeleteFunc(kept, func(c account.Credential) bool {
		return (c.Kind == credPassword || c.Kind == credTOTP) && !slices.ContainsFunc(a.Factors, func(f account.Factor) bool { return f.ID == c.ID })
	})
}

func find(all []account.Credential, kind string) *account.Credential {
	for i := range all {
		if all[i].Kind == kind {
			return &all[i]
		}
	}
	return nil
}

// second finds what a code is of, an authenticator or the list of recovery codes, and how it is used up; nil if it is of nothing.
func (r *Room) second(a *account.Account, kept []account.Credential, code string, now int64) (account.FactorKind, func(context.Context) error) {
	log := r.Desk.District()
	for _, c := range kept {
		if c.Kind != credTOTP {
			continue
		}
		b, err := r.open(c.Owner, credTOTP, c.Body)
		if err != nil || len(b) != otp.SeedSize {
			continue // sealed under a key that was lost
		}
		if step, ok := otp.Match(otp.SHA1, otp.Seed(b), code, now); ok {
			return account.TOTP, func(ctx context.Context) error { return r.Store.UseCredential(ctx, log, c, step) }
		}
	}
	if ids := r.recoveryIDs(a.ID, code); a.Has(account.Recovery) {
		for _, c := range kept {
			if c.Kind == credRecovery && slices.Contains(ids, c.ID) {
				return account.Recovery, func(ctx context.Context) error { return r.drop(ctx, c) }
			}
		}
	}
	return "", nil
}

// drop uses a credential up. It wraps [fault.ErrConflict] if somebody was faster.
func (r *Room) drop(ctx context.Context, c account.Credential) error {
	n, err := r.Store.DropCredentials(ctx, r.Desk.District(), c.Owner, c.Kind, c.ID)
	if err == nil && n == 0 {
		err = fault.ErrConflict
	}
	return err
}

// wrong counts a failure and reports whether it locked the name. The log is told later, by [Room.Settle]: writing it down at once
// would let one see by the time it takes which names there are.
func (r *Room) wrong(a *account.Account, login, network string, now int64) bool {
	until, n := r.tries.failed(login, network, now)
	r.tell(a.Person, network, "sign-in-refused")
	if until != 0 && a.State == account.Active {
		r.mu.Lock()
		r.owed[a.ID] = account.Command{Verb: account.Lock, By: account.Hand{Actor: name.System}, Reason: "连续登录失败", With: account.Change{Until: until, Failures: n}}
		r.mu.Unlock()
	}
	return until != 0
}

// tell passes on a proof that did not fit.
func (r *Room) tell(p name.Person, network, code string) {
	if r.Failed != nil {
		r.Failed(p, network, code)
	}
}

// Settle writes down the locks that happened since it was called last. It is called every so often and before the house closes.
func (r *Room) Settle(ctx context.Context) error {
	r.mu.Lock()
	owed := r.owed
	r.owed = map[name.ID]account.Command{}
	r.mu.Unlock()
	var errs []error
	for id, c := range owed {
		if _, err := r.change(ctx, id, c); err != nil && fault.KindOf(err) == nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// longest is how long somebody waits for a turn to have a password hashed.
const longest = 10 * time.Second

// inTurn waits for a turn to hash: as many run at once as there are turns, some hundred wait, and the others come again.
func (r *Room) inTurn(ctx context.Context, hash func() error) error {
	select {
	case r.queued <- struct{}{}:
		defer func() { <-r.queued }()
	default:
		return busy(5 * minute / 60)
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	select {
	case r.turns <- struct{}{}:
		defer func() { <-r.turns }()
		return hash()
	case <-ctx.Done():
		return busy(5 * minute / 60)
	}
}

func (r *Room) matches(ctx context.Context, verifier []byte, typed string) (right bool, err error) {
	if verifier == nil { // what is kept is not this account's: the same work, and wrong
		return false, r.inTurn(ctx, func() error {
			_, err := r.ring.Load().hashers[0].Matches(r.ring.Load().dummy, typed)
			return err
		})
	}
	of, err := password.GenerationOf(verifier)
	if err != nil {
		return false, err
	}
	hashers := r.ring.Load().hashers
	i := slices.IndexFunc(hashers, func(h password.Hasher) bool { return h.Generation == of })
	if i < 0 {
		return false, fmt.Errorf("a password is under generation %d of the key of accounts, which is not held: %w", of, fault.ErrUnavailable)
	}
	err = r.inTurn(ctx, func() (err error) {
		right, err = hashers[i].Matches(verifier, typed)
		return err
	})
	return right, err
}

// verifier makes the verifier of a password, sealed for an account.
func (r *Room) verifier(ctx context.Context, owner name.ID, chosen string) (v []byte, err error) {
	var salt [16]byte
	r.Chance(salt[:])
	err = r.inTurn(ctx, func() error {
		v = r.seal(owner, credPassword, r.ring.Load().hashers[0].Make(chosen, salt))
		return nil
	})
	return v, err
}
