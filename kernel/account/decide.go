package account

import (
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// MaxInvitation is the longest that an invitation may stay open: seven days, in µs. Ours.
const MaxInvitation = 7 * 24 * 3600 * 1_000_000

// invite reads Sort, Person, Unit and Until of what is new, and Until alone of an account that is reset: its factors go,
// its roles and its natural person stay.
func (a *Account) invite(c *Command, env *Env) (Decision, error) {
	w := c.With
	if w.Until <= c.At || w.Until > c.At+MaxInvitation {
		return Decision{}, fault.Refuse(fault.ErrInvalid, "invitation-span", "until", "days", "7")
	}
	if a.State != none {
		if c.By.is(a.Person, a.Natural) {
			return Decision{}, fault.Refuse(fault.ErrDenied, "own-account", "")
		}
		if err := a.clash(nil, env, c.At, ""); err != nil { // one that was disabled: its person may hold the other role by now
			return Decision{}, err
		}
		if !c.By.IsSystem() && a.Natural != "" && slices.ContainsFunc(a.Roles, func(h Held) bool { return h.InForce(c.At) && isExclusive(h.Role, env) }) {
			// one alone would become another administrator, by that one's number: two name the successor, who may be the same person
			return Decision{}, fault.Refuse(fault.ErrDenied, "officer-anew", "")
		}
		return Decision{Type: TypeInvited, Change: Change{Until: w.Until}}, nil
	}
	if w.Person == "" || w.Unit == "" {
		return Decision{}, fault.Refuse(fault.ErrInvalid, "field-missing", "person")
	}
	return Decision{Type: TypeInvited, Change: Change{Sort: Staff, Person: w.Person, Unit: w.Unit, Until: w.Until, Maker: c.By.Natural}}, nil
}

// register reads Sort, Person, Unit, Natural and Factor: who a trusted side has vouched for.
func (a *Account) register(c *Command, _ *Env) (Decision, error) {
	w := c.With
	switch {
	case w.Sort != Resident && w.Sort != Agent:
		return Decision{}, fault.Refuse(fault.ErrDenied, "invitation-needed", "")
	case w.Person == "" || w.Unit == "" || w.Factor == nil || w.Factor.check() != nil:
		return Decision{}, fault.Refuse(fault.ErrInvalid, "field-missing", "factor")
	}
	return Decision{Type: TypeRegistered, Change: Change{Sort: w.Sort, Person: w.Person, Unit: w.Unit, Natural: w.Natural, Factor: w.Factor}}, nil
}

// activate reads Login and Natural. Whoever was somebody stays it: an account that was reset is activated by the same
// natural person or not at all.
func (a *Account) activate(c *Command, env *Env) (Decision, error) {
	w := c.With
	switch {
	case c.At >= a.Until:
		return Decision{}, fault.Refuse(fault.ErrLate, "invitation-over", "code")
	case !isLogin(w.Login):
		return Decision{}, fault.Refuse(fault.ErrInvalid, "login-form", "login")
	case a.Login != "" && w.Login != a.Login:
		return Decision{}, fault.Refuse(fault.ErrInvalid, "login-stays", "login", "login", a.Login)
	case w.Natural == "":
		return Decision{}, fault.Refuse(fault.ErrInvalid, "field-missing", "id-number")
	case a.Natural != "" && w.Natural != a.Natural:
		return Decision{}, fault.Refuse(fault.ErrDenied, "other-person", "id-number")
	}
	if err := a.clash(nil, env, c.At, "id-number"); err != nil {
		return Decision{}, err
	}
	return Decision{Type: TypeActivated, Change: Change{Login: w.Login, Natural: w.Natural}}, nil
}

// isLogin reports whether s can be typed to sign in: 3 to 32 lower-case letters, digits, dots, hyphens and underscores,
// beginning with a letter. Ours.
func isLogin(s string) bool {
	const letters, rest = "abcdefghijklmnopqrstuvwxyz", "0123456789.-_"
	return len(s) >= 3 && len(s) <= 32 && strings.Contains(letters, s[:1]) && strings.Trim(s, letters+rest) == ""
}

func (a *Account) disable(c *Command, _ *Env) (Decision, error) {
	if c.By.is(a.Person, a.Natural) {
		return Decision{}, fault.Refuse(fault.ErrDenied, "own-account", "")
	}
	return Decision{Type: TypeDisabled}, reasonGiven(c)
}

func (a *Account) enable(c *Command, env *Env) (Decision, error) {
	if c.By.is(a.Person, a.Natural) {
		return Decision{}, fault.Refuse(fault.ErrDenied, "own-account", "")
	}
	if err := a.clash(nil, env, c.At, ""); err != nil {
		return Decision{}, err
	}
	return Decision{Type: TypeEnabled}, reasonGiven(c)
}

func reasonGiven(c *Command) error {
	if strings.TrimSpace(c.Reason) == "" {
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	return nil
}

// grant reads Role and Until. Nobody gives a role to themselves or to an account that they made; of a set of exclusive
// roles a natural person gets one; and a role of such a set, that is one of the three administrators', takes two of them:
// what the first does is an offer, which another natural person confirms with the same command. One of these two may have made the
// account, since of three of whom one is gone no other two are left.
func (a *Account) grant(c *Command, env *Env) (Decision, error) {
	role := c.With.Role
	switch {
	case role == "":
		return Decision{}, fault.Refuse(fault.ErrInvalid, "field-missing", "role")
	case c.With.Until != 0 && c.With.Until <= c.At:
		return Decision{}, fault.Refuse(fault.ErrInvalid, "due-before-start", "until")
	case c.By.is(a.Person, a.Natural):
		return Decision{}, fault.Refuse(fault.ErrDenied, "own-account", "")
	case !c.By.IsSystem() && !isExclusive(role, env) && c.By.is(a.Maker.Person, a.Maker.Natural):
		return Decision{}, fault.Refuse(fault.ErrDenied, "granter-made-account", "")
	case a.Holds(role, c.At) && c.With.Until == 0:
		return Decision{}, fault.Refuse(fault.ErrConflict, "role-held", "role")
	}
	if err := a.clash([]name.Role{role}, env, c.At, "role"); err != nil {
		return Decision{}, err
	}
	change := Change{Role: role, Until: c.With.Until}
	if c.By.IsSystem() || !isExclusive(role, env) {
		return Decision{Type: TypeRoleGranted, Change: change}, reasonGiven(c)
	}
	if i := slices.IndexFunc(a.Offered, func(o Offer) bool { return o.Role == role }); i >= 0 && !a.Offered[i].By.is(c.By.Person, c.By.Natural) {
		return Decision{Type: TypeRoleGranted, Change: change}, reasonGiven(c)
	}
	change.Maker = c.By.Natural
	return Decision{Type: TypeRoleOffered, Change: change}, reasonGiven(c)
}

func isExclusive(r name.Role, env *Env) bool {
	return slices.ContainsFunc(env.Exclusive, func(set []name.Role) bool { return slices.Contains(set, r) })
}

// clash refuses, at a field, that the natural person behind the account would hold two roles of an exclusive set, or another beside one that is held alone:
// counting those of all their accounts that are in use, what is held beside them and those in more.
func (a *Account) clash(more []name.Role, env *Env, now int64, field string) error {
	held := slices.Concat(more, env.Beside)
	for _, x := range append([]Account{*a}, env.Others...) {
		if !x.InUse() && x.ID != a.ID {
			continue
		}
		for _, h := range x.Roles {
			if h.InForce(now) {
				held = append(held, h.Role)
			}
		}
	}
	if isBesideAlone(held, env.Alone) {
		return fault.Refuse(fault.ErrDenied, "administrator-alone", field)
	}
	for _, set := range env.Exclusive {
		var first name.Role
		for _, r := range held {
			switch {
			case !slices.Contains(set, r) || r == first:
			case first == "":
				first = r
			default:
				return fault.Refuse(fault.ErrDenied, "roles-of-one-person", field, "role", string(r))
			}
		}
	}
	return nil
}

// isBesideAlone reports whether a role that is held alone stands beside one that is not. The role of who has not signed in is everybody's.
func isBesideAlone(held, alone []name.Role) bool {
	isAlone := func(r name.Role) bool { return slices.Contains(alone, r) }
	return slices.ContainsFunc(held, isAlone) && slices.ContainsFunc(held, func(r name.Role) bool { return !isAlone(r) && r != name.Visitor.Role })
}

// revoke reads Role; an offer is revoked alike.
func (a *Account) revoke(c *Command, _ *Env) (Decision, error) {
	role := c.With.Role
	held := slices.ContainsFunc(a.Roles, func(h Held) bool { return h.Role == role })
	offered := slices.ContainsFunc(a.Offered, func(o Offer) bool { return o.Role == role })
	switch {
	case !held && !offered:
		return Decision{}, fault.Refuse(fault.ErrConflict, "role-not-held", "role")
	case c.By.is(a.Person, a.Natural):
		return Decision{}, fault.Refuse(fault.ErrDenied, "own-account", "")
	}
	return Decision{Type: TypeRoleRevoked, Change: Change{Role: role}}, reasonGiven(c)
}

func (a *Account) changePassword(c *Command, _ *Env) (Decision, error) {
	if !c.By.is(a.Person, a.Natural) {
		return Decision{}, fault.Refuse(fault.ErrDenied, "only-own-account", "")
	}
	return Decision{Type: TypePasswordChanged}, nil
}

// addFactor reads Factor. Only whose account it is adds one: an administrator chooses no password (ASVS 5.0 6.4.6).
func (a *Account) addFactor(c *Command, _ *Env) (Decision, error) {
	if !c.By.is(a.Person, a.Natural) {
		return Decision{}, fault.Refuse(fault.ErrDenied, "only-own-account", "")
	}
	f := c.With.Factor
	if f == nil {
		return Decision{}, fault.Refuse(fault.ErrInvalid, "field-missing", "factor")
	}
	if err := f.check(); err != nil {
		return Decision{}, err
	}
	if len(a.Factors) >= MaxFactors && !slices.ContainsFunc(a.Factors, func(x Factor) bool { return x.ID == f.ID }) {
		return Decision{}, fault.Refuse(fault.ErrInvalid, "too-many-factors", "factor")
	}
	return Decision{Type: TypeFactorAdded, Change: Change{Factor: &Factor{ID: f.ID, Kind: f.Kind, Label: f.Label}}}, nil
}

// removeFactor reads Factor's ID. What is left must still be enough to sign in.
func (a *Account) removeFactor(c *Command, _ *Env) (Decision, error) {
	if !c.By.is(a.Person, a.Natural) {
		return Decision{}, fault.Refuse(fault.ErrDenied, "only-own-account", "")
	}
	if c.With.Factor == nil || !slices.ContainsFunc(a.Factors, func(f Factor) bool { return f.ID == c.With.Factor.ID }) {
		return Decision{}, fault.Refuse(fault.ErrNotFound, "no-such-factor", "factor")
	}
	var left []FactorKind
	for _, f := range otherFactors(a.Factors, c.With.Factor.ID) {
		if f.Kind != Recovery { // codes that run out are no way to sign in every day
			left = append(left, f.Kind)
		}
	}
	if Strength(left) < a.Needs() {
		return Decision{}, fault.Refuse(fault.ErrConflict, "factor-needed", "factor")
	}
	return Decision{Type: TypeFactorRemoved, Change: Change{Factor: &Factor{ID: c.With.Factor.ID}}}, nil
}

// lock reads Until and Failures.
func (a *Account) lock(c *Command, _ *Env) (Decision, error) {
	if c.With.Until <= c.At {
		return Decision{}, fault.Refuse(fault.ErrInvalid, "due-before-start", "until")
	}
	return Decision{Type: TypeLocked, Change: Change{Until: c.With.Until, Failures: c.With.Failures}}, nil
}

// signIn reads Session, Proven and Failures. It refuses a proof that is too weak, and a password on a locked account.
func (a *Account) signIn(c *Command, _ *Env) (Decision, error) {
	w := c.With
	switch {
	case Strength(w.Proven) < a.Needs():
		return Decision{}, fault.Refuse(fault.ErrDenied, "factors-missing", "")
	case a.IsLocked(c.At) && slices.Contains(w.Proven, Password):
		return Decision{}, fault.Refuse(fault.ErrDenied, "account-locked", "")
	}
	return Decision{Type: TypeSignedIn, Change: Change{Session: w.Session, Proven: w.Proven, Failures: w.Failures, New: w.New}}, nil
}

// prove reads Session and Proven: what a person who is signed in has shown once more. The session rests on the rest; what is
// asked again is what only that person has.
func (a *Account) prove(c *Command, _ *Env) (Decision, error) {
	w := c.With
	if Strength(w.Proven) < 1 || a.Needs() > 1 && !IsHeld(w.Proven) {
		return Decision{}, fault.Refuse(fault.ErrDenied, "factors-missing", "")
	}
	return Decision{Type: TypeProved, Change: Change{Session: w.Session, Proven: w.Proven}}, nil
}
