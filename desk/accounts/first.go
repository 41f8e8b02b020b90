package accounts

import (
	"context"
	"fmt"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/otp"
	"bihuan/kernel/account"
)

// Officers are the roles of the three administrators 三员: system, security, audit.
var Officers = []name.Role{"sysadmin", "secadmin", "auditor"}

// Vacant is how long the place of one of the three administrators who had been there stays empty before the console alone invites another, in µs: within it the
// two who are left name the successor, and whoever is told that an administrator was disabled can object. Ours.
const Vacant = 7 * 24 * 3600 * 1_000_000

// Officer is one of the three invitations of the first run, or why there is none yet.
type Officer struct {
	Role name.Role
	From int64 // µs, from when on the console invites another; 0 with an invitation
	Invited
}

// First invites the three administrators, each with a role: the ceremony of the first run, on the console of the machine. Roles that
// somebody holds already, or is invited to, are left out, so that it can be run again; one whose invitation has ended is
// invited anew. No code is kept: what was printed and lost is gone. For a role that somebody had taken up and holds no longer nobody is invited before it was [Vacant] for
// so long: whoever has the console and one of the three roles would be all three at once.
func (r *Room) First(ctx context.Context) (all []Officer, err error) {
	system := account.Hand{Actor: name.System}
	for _, role := range Officers {
		held, err := r.Holding(ctx, role)
		if err != nil {
			return nil, err
		}
		if a, found := standing(held); found {
			if a.State == account.Active || r.Desk.Now() < a.Until {
				continue
			}
			again, err := r.reset(ctx, system, a.ID, "首次激活已过期")
			if err != nil {
				return nil, err
			}
			all = append(all, Officer{Role: role, Invited: again})
			continue
		}
		if from := vacantUntil(held); r.Desk.Now() < from {
			all = append(all, Officer{Role: role, From: from})
			continue
		}
		inv, err := r.invite(ctx, system, Invitation{Unit: r.root(), Reason: "首次启用"})
		if err != nil {
			return nil, err
		}
		if inv.Account, err = r.change(ctx, inv.Account.ID, account.Command{Verb: account.Grant, By: system, Reason: "首次启用", With: account.Change{Role: role}}); err != nil {
			return nil, err
		}
		all = append(all, Officer{Role: role, Invited: inv})
	}
	return all, nil
}

// vacantUntil is until when the console invites nobody for a role that accounts held, all of them disabled: 0 where nobody ever took one up.
func vacantUntil(all []account.Account) (until int64) {
	for _, a := range all {
		if a.Natural != "" {
			until = max(until, a.Off+Vacant)
		}
	}
	return until
}

// standing returns the first account that is not disabled.
func standing(all []account.Account) (account.Account, bool) {
	for _, a := range all {
		if a.InUse() {
			return a, true
		}
	}
	return account.Account{}, false
}

// root is the unit above all others.
func (r *Room) root() name.Unit {
	for _, u := range r.Desk.Directory().Units {
		if u.Parent == "" {
			return u.Key
		}
	}
	return ""
}

// Ready returns nil when the three administrators are in place: an active account for each role, three natural persons. Otherwise
// it says which is missing.
func (r *Room) Ready(ctx context.Context) error {
	people := map[string]name.Role{}
	for _, role := range Officers {
		held, err := r.Holding(ctx, role)
		if err != nil {
			return err
		}
		ok := false
		for _, a := range held {
			if a.State == account.Active && a.Holds(role, r.Desk.Now()) && a.Natural != "" && people[a.Natural] == "" {
				people[a.Natural], ok = role, true
				break
			}
		}
		if !ok {
			return fault.Refuse(fault.ErrUnavailable, "officer-missing", "", "role", string(role))
		}
	}
	return nil
}

// Newcomer is somebody who becomes an account without an invitation: in the demo, and in tests.
type Newcomer struct {
	Person  name.Person
	Roles   []name.Role
	Natural string // what stands for the person's identity; no two newcomers have the same
}

// Import makes accounts for newcomers in the name of the platform, by the same commands as invitation, activation and grant; those
// who have one already are left out. They have no password before [Room.Furnish] gives them one: the demo lets them in on its
// own word. It costs one transaction.
func (r *Room) Import(ctx context.Context, all []Newcomer) error {
	r.writes.Lock()
	defer r.writes.Unlock()
	system := account.Hand{Actor: name.System}
	b := r.Desk.Begin(ctx, "import-accounts-"+r.Desk.NewCommand())
	for _, n := range all {
		mine, err := r.Of(ctx, n.Person)
		if err != nil {
			return err
		}
		if len(mine) > 0 {
			continue
		}
		s := r.take(ctx, b, account.Account{})
		natural := r.current().hash("natural", n.Natural)
		p := r.Desk.Directory().Person(n.Person)
		cs := []account.Command{{Verb: account.Invite, By: system, With: account.Change{Person: n.Person, Unit: p.Unit, Until: b.At() + minute}},
			{Verb: account.Activate, By: account.Hand{Actor: name.Actor{Person: n.Person, Unit: p.Unit, Role: name.Visitor.Role}}, With: account.Change{Login: loginOf(n.Person), Natural: natural}}}
		for _, role := range n.Roles {
			cs = append(cs, account.Command{Verb: account.Grant, By: system, Reason: "演示", With: account.Change{Role: role}})
		}
		for _, c := range cs {
			c.At = b.At()
			if err := s.doAlone(c); err != nil {
				return fmt.Errorf("account of %s: %w", n.Person, err)
			}
		}
	}
	_, err := b.Commit()
	return err
}

// doAlone is do for who is known to have no other account.
func (s *stream) doAlone(c account.Command) error {
	d, err := account.Decide(s.account, c, account.Env{Exclusive: s.r.Policy.Exclusive(), Alone: s.r.Policy.Alone()})
	if err != nil {
		return err
	}
	return s.own.Add(c.By.Actor, d.Type, d.Reason, d.Change)
}

// loginOf is the name with which a person of the demo signs in.
func loginOf(p name.Person) string { return string(p) }

// ByPerson returns the account of a person of the directory that is in use.
func (r *Room) ByPerson(ctx context.Context, p name.Person) (account.Account, error) {
	all, err := r.Of(ctx, p)
	if err != nil {
		return account.Account{}, err
	}
	for _, a := range all {
		if a.State == account.Active {
			return a, nil
		}
	}
	return account.Account{}, fault.Refuse(fault.ErrNotFound, "no-such-person", "person")
}

// ActAs lets a visitor of the demo be somebody, by the same sign-in as everybody's.
func (r *Room) ActAs(ctx context.Context, p name.Person) (Signed, error) {
	a, err := r.ByPerson(ctx, p)
	if err != nil {
		return Signed{}, err
	}
	return r.SignIn(ctx, Proof{Account: a.ID, Proven: []account.FactorKind{account.Vouched}, Device: "demo"})
}

// Newcomers are the persons of the directory with the roles of their posts.
func Newcomers(dir *desk.Directory) (all []Newcomer) {
	for _, p := range dir.Persons {
		all = append(all, Newcomer{Person: p.Key, Roles: p.Roles, Natural: "demo " + string(p.Key)})
	}
	return all
}

// Furnish gives an account of the demo a password and an authenticator whose seed is known, so that a visitor can sign in as the
// person by hand. It does nothing to an account that has them. It refuses outside of the demo.
func (r *Room) Furnish(ctx context.Context, p name.Person, chosen string, seed otp.Seed) (account.Account, error) {
	a, err := r.ByPerson(ctx, p)
	if err != nil || a.Has(account.Password) {
		return a, err
	}
	if !r.Vouched {
		return a, fault.Refuse(fault.ErrDenied, "denied", "")
	}
	if err := r.Profile.Check(chosen, r.context(&a)...); err != nil {
		return a, err
	}
	v, err := r.verifier(ctx, a.ID, chosen)
	if err != nil {
		return a, err
	}
	f := r.newFactors()
	kept := []account.Credential{{Owner: a.ID, Kind: credPassword, ID: f[0].ID, Body: v}, {Owner: a.ID, Kind: credTOTP, ID: f[1].ID, Body: r.seal(a.ID, credTOTP, seed[:])}}
	if err := r.keep(ctx, &a, a.Login, kept); err != nil {
		return a, err
	}
	for i := range f[:2] {
		if a, err = r.note(ctx, a, account.Command{Verb: account.AddFactor, With: account.Change{Factor: &f[i]}}); err != nil {
			return a, err
		}
	}
	return a, nil
}
