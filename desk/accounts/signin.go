package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// Proof is what somebody has shown: the one way in. Whoever makes one has checked it.
type Proof struct {
	Account name.ID
	Proven  []account.FactorKind // what was shown; [account.Strength] says what it is worth
	Device  string               // the browser, as it calls itself
	Address string               // where the request comes from; only a keyed hash of its network is kept
	login   string               // whose failures are forgotten
}

// Signed is a session that was opened.
type Signed struct {
	Secret  string // for the cookie; told this once
	Session account.Session
	Account account.Account
}

// SignIn opens a session for a proof and writes it into the log. It refuses with [fault.ErrDenied] a proof that is too weak for
// the account, an account that is not active, and what only the demo may vouch for.
func (r *Room) SignIn(ctx context.Context, p Proof) (Signed, error) {
	if slices.Contains(p.Proven, account.Vouched) && !r.Vouched {
		return Signed{}, fault.Refuse(fault.ErrDenied, "factors-missing", "")
	}
	a, err := r.Account(ctx, p.Account)
	if isMissing(err) || err == nil && a.State != account.Active {
		return Signed{}, refused()
	} else if err != nil {
		return Signed{}, err
	}
	now := r.Desk.Now()
	s := account.Session{Account: a.ID, Person: a.Person, Proved: now, Ends: now + r.Limits.Absolute, Idle: r.Limits.Idle,
		Strength: uint8(account.Strength(p.Proven)), Device: device(p.Device), Must: r.must(&a, p.Proven, now)}
	secret, s, err := account.Open(ctx, r.Sittings(), r.Chance, s, now)
	if err != nil {
		return Signed{}, err
	}
	c := account.Command{Verb: account.SignIn, At: now, With: account.Change{Session: s.ID, Proven: p.Proven, Failures: r.tries.passed(p.login)}}
	if c.With.New, err = r.isNewNetwork(ctx, &a, p.Address, now); err != nil {
		return Signed{}, errors.Join(err, account.Close(ctx, r.Sittings(), secret))
	}
	if slices.Contains(p.Proven, account.Vouched) {
		_, err = account.Decide(&a, c, account.Env{}) // nobody has proven anything that the log should tell
	} else {
		a, err = r.note(ctx, a, c)
	}
	if err != nil {
		return Signed{}, errors.Join(err, account.Close(ctx, r.Sittings(), secret))
	}
	return Signed{secret, s, a}, nil
}

// credNetwork is a network from which somebody signed in: a keyed hash; used: when last, µs.
const credNetwork = "network"

// maxNetworks is how many networks of an account are remembered; the one that was used longest ago goes. Ours.
const maxNetworks = 20

// isNewNetwork reports whether an account has never signed in from an address's network, though from others, and remembers it.
func (r *Room) isNewNetwork(ctx context.Context, a *account.Account, address string, now int64) (bool, error) {
	if address == "" || r.Vouched {
		return false, nil
	}
	log := r.Desk.District()
	id, err := r.FactorID(ctx, credNetwork, string(a.ID), networkOf(address))
	if err != nil {
		return false, err
	}
	kept, err := r.Store.Credentials(ctx, log, a.ID, credNetwork)
	if err != nil {
		return false, err
	}
	slices.SortFunc(kept, func(x, y account.Credential) int { return int(min(max(x.Used-y.Used, -1), 1)) })
	known := slices.ContainsFunc(kept, func(c account.Credential) bool { return c.ID == id })
	if !known && len(kept) >= maxNetworks {
		if _, err := r.Store.DropCredentials(ctx, log, a.ID, credNetwork, kept[0].ID); err != nil {
			return false, err
		}
	}
	err = r.Store.PutCredential(ctx, log, account.Credential{Owner: a.ID, Kind: credNetwork, ID: id, Body: []byte{}, Used: now})
	return !known && len(kept) > 0, err
}

// note writes down what a person did to their own account. Two at once are both written: it tries again.
func (r *Room) note(ctx context.Context, a account.Account, c account.Command) (account.Account, error) {
	for n := 0; ; n++ {
		b := r.Desk.Begin(ctx, r.Desk.NewCommand())
		c.At, c.By = b.At(), r.self(&a, b.At())
		s := r.take(ctx, b, a)
		err := s.do(c)
		if err == nil {
			_, err = b.Commit()
		}
		if !errors.Is(err, fault.ErrConflict) || n == 5 || errors.As(err, new(*fault.Refusal)) {
			return *s.account, err
		}
		r.forget(a.ID)
		if a, err = r.Account(ctx, a.ID); err != nil {
			return a, err
		}
	}
}

func (r *Room) forget(id name.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, id)
	r.turn++
}

// self is the person of an account acting for themselves.
func (r *Room) self(a *account.Account, now int64) account.Hand {
	h := account.Hand{Actor: name.Actor{Person: a.Person, Unit: a.Unit, Role: name.Visitor.Role}, Natural: a.Natural}
	if roles := a.RolesAt(now); len(roles) > 0 {
		h.Role = roles[0]
	}
	return h
}

// must says what has to be done before anything else.
func (r *Room) must(a *account.Account, proven []account.FactorKind, now int64) string {
	if d := int64(r.Profile.Days); d > 0 && a.Changed > 0 && now >= a.Changed+d*day && slices.Contains(proven, account.Password) {
		return MustPassword
	}
	return ""
}

// MustPassword is in [account.Session.Must] when the password is older than the profile allows.
const MustPassword = "password"

// maxDevice is how much of what a browser calls itself is kept, in bytes.
const maxDevice = 160

func device(s string) string {
	s = strings.ToValidUTF8(strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, s), "")
	if len(s) > maxDevice {
		s = strings.ToValidUTF8(s[:maxDevice], "")
	}
	return s
}

// Visit is who is behind a session.
type Visit struct {
	desk.Caller
	Account account.Account
	Sitting account.Session
	secret  string
}

// Visit returns who is behind the secret of a session, with the roles that the account holds now. It wraps [fault.ErrNotFound]
// for a session that does not exist, has ended, or belongs to an account that is not active. It notes that the session is
// used. A session in which something has to be done first has no roles.
func (r *Room) Visit(ctx context.Context, secret, lang string) (Visit, error) {
	now := r.Desk.Now()
	s, err := account.Read(ctx, r.Sittings(), secret, now)
	if err != nil {
		return Visit{}, err
	}
	a, err := r.Account(ctx, s.Account)
	if err == nil && a.State != account.Active {
		err = fmt.Errorf("session of an account that is %s: %w", a.State, fault.ErrNotFound)
	}
	if err != nil {
		return Visit{}, err
	}
	if err := account.Touch(ctx, r.Sittings(), secret, &s, now); err != nil {
		return Visit{}, err
	}
	v := Visit{Account: a, Sitting: s, secret: secret}
	v.Caller = desk.Caller{Person: a.Person, Unit: a.Unit, Roles: a.RolesAt(now), Lang: lang, Proved: s.Proved, Session: s.ID}
	if p := r.Desk.Directory().Person(a.Person); p.Unit != "" {
		v.Unit = p.Unit // where the directory has the person now
	}
	if s.Must != "" {
		v.Roles, v.Waits = nil, true
	}
	return v, nil
}

// Caller is [Room.Visit] for who needs no more.
func (r *Room) Caller(ctx context.Context, secret, lang string) (desk.Caller, error) {
	v, err := r.Visit(ctx, secret, lang)
	return v.Caller, err
}

// Prove notes that the person of a session has shown once more who they are, with something that only they have. The session goes
// on under a new secret, told this once, and the old one opens nothing any more. It returns the visit as it then is.
func (r *Room) Prove(ctx context.Context, v Visit, proven ...account.FactorKind) (_ Visit, secret string, err error) {
	if slices.Contains(proven, account.Vouched) && !r.Vouched {
		return v, "", fault.Refuse(fault.ErrDenied, "factors-missing", "")
	}
	if _, err := r.note(ctx, v.Account, account.Command{Verb: account.Prove, With: account.Change{Session: v.Sitting.ID, Proven: proven}}); err != nil {
		return v, "", err
	}
	v.Sitting.Proved = r.Desk.Now()
	if secret, v.Sitting, err = account.Replace(ctx, r.Sittings(), r.Chance, v.secret, v.Sitting, v.Sitting.Proved); err != nil {
		return v, "", err
	}
	v.secret, v.Proved, v.Session = secret, v.Sitting.Proved, v.Sitting.ID
	return v, secret, nil
}

// SignOut ends a session; one that is not there is no error.
func (r *Room) SignOut(ctx context.Context, secret string) error {
	return account.Close(ctx, r.Sittings(), secret)
}

// Sessions returns where a visitor is signed in, the one used last first.
func (r *Room) Sessions(ctx context.Context, v Visit) ([]account.Session, error) {
	return account.List(ctx, r.Sittings(), v.Account.ID, r.Desk.Now())
}

// EndSession ends one of a visitor's own sessions, by its public id.
func (r *Room) EndSession(ctx context.Context, v Visit, id string) error {
	return account.CloseOne(ctx, r.Sittings(), v.Account.ID, id, r.Desk.Now())
}

// SignOutElsewhere ends all of a visitor's sessions but this one, and returns how many there were.
func (r *Room) SignOutElsewhere(ctx context.Context, v Visit) (int, error) {
	return account.CloseAll(ctx, r.Sittings(), v.Account.ID, v.secret)
}
