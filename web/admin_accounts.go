package web

import (
	"slices"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/identity"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// accountsView is the system administrator's page of accounts.
type accountsView struct {
	Flaw    flaw
	Text    string
	Rows    []account.Account
	Next    string
	Invited *accounts.Invited // just made: its code is shown this once
	Person  name.Person
}

// listAccounts shows accounts, and invites.
func (s *server) listAccounts(q *request) error {
	return q.showAccounts(200, accountsView{})
}

func (q *request) showAccounts(status int, v accountsView) (err error) {
	v.Text = q.Asked("q")
	if v.Rows, v.Next, err = q.s.Accounts.List(q.Context(), q.Who, v.Text, q.Asked("cursor")); err != nil {
		return err
	}
	return q.render(status, "admin_accounts", v)
}

// inviteAccount makes an account for a person and shows the code that activates it.
func (s *server) inviteAccount(q *request) error {
	v := accountsView{Person: name.Person(q.PostFormValue("person"))}
	if v.Person == "" {
		v.Flaw, _ = q.flaw(fault.Refuse(fault.ErrInvalid, "no-such-person", "person"))
		return q.showAccounts(422, v)
	}
	inv, err := s.Accounts.Invite(q.Context(), q.Who, accounts.Invitation{Person: v.Person, Reason: q.PostFormValue("reason")})
	if err != nil {
		f, ok := q.flaw(err)
		if !ok {
			return err
		}
		v.Flaw = f
		return q.showAccounts(422, v)
	}
	v.Invited, v.Person = &inv, ""
	return q.showAccounts(200, v)
}

// accountView is one account as the administrators see it.
type accountView struct {
	account.Account
	Flaw    flaw
	Done    bool
	Invited *accounts.Invited
	Own     bool // nobody manages their own
	Shut    bool // locked
	// providers by which the person may be said to be known
	Providers []identity.Provider
}

// IsOfficer reports whether it is an administrator's who took it up: nobody alone invites that one anew.
func (v accountView) IsOfficer() bool {
	return v.Natural != "" && slices.ContainsFunc(v.Roles, func(h account.Held) bool { return slices.Contains(accounts.Officers, h.Role) })
}

func (s *server) showAccount(q *request) error {
	return q.showOneAccount(200, accountView{Done: q.Asked("done") != ""})
}

func (q *request) showOneAccount(status int, v accountView) (err error) {
	if v.Account, err = q.s.Accounts.Look(q.Context(), q.Who, name.ID(q.PathValue("id"))); err != nil {
		return err
	}
	v.Own, v.Shut = v.Account.Person == q.Who.Person, v.Account.IsLocked(q.s.Desk.Now())
	if q.HasWays() && v.Account.State == account.Active && v.Account.Sort == account.Staff {
		v.Providers = q.s.Ways.StaffProviders()
	}
	return q.render(status, "admin_accounts_one", v)
}

// changeAccount disables an account, takes it into use again, or resets it by a new invitation: nobody but its person chooses a password.
func (s *server) changeAccount(q *request) error {
	id, reason := name.ID(q.PathValue("id")), q.PostFormValue("reason")
	var err error
	v := accountView{}
	switch q.PostFormValue("do") {
	case "disable":
		err = s.Accounts.Disable(q.Context(), q.Who, id, reason)
	case "enable":
		err = s.Accounts.Enable(q.Context(), q.Who, id, reason)
	case "reset":
		var inv accounts.Invited
		if inv, err = s.Accounts.Reset(q.Context(), q.Who, id, reason); err == nil {
			v.Invited = &inv
			return q.showOneAccount(200, v)
		}
	case "link":
		var ways *identity.Room
		if ways, err = s.ways(); err == nil {
			err = ways.ProposeLink(q.Context(), q.Who, id, q.PostFormValue("provider"), q.PostFormValue("subject"), reason)
		}
	default:
		err = fault.Refuse(fault.ErrInvalid, "no-such-option", "do")
	}
	return q.accountChanged(id, v, err)
}

// decideLink approves or drops an identity elsewhere that was proposed for an account.
func (s *server) decideLink(q *request) error {
	id, factor, reason := name.ID(q.PathValue("id")), q.PostFormValue("factor"), q.PostFormValue("reason")
	var err error = fault.Refuse(fault.ErrInvalid, "no-such-option", "do")
	switch q.PostFormValue("do") {
	case "approve":
		err = s.Accounts.ApproveLink(q.Context(), q.Who, id, factor, reason)
	case "drop":
		err = s.Accounts.DropLink(q.Context(), q.Who, id, factor, reason)
	}
	return q.accountChanged(id, accountView{}, err)
}

// nameOfficer offers or confirms the role of one of the three administrators, or takes an offer back.
func (s *server) nameOfficer(q *request) error {
	id, role, reason := name.ID(q.PathValue("id")), name.Role(q.PostFormValue("role")), q.PostFormValue("reason")
	var err error = fault.Refuse(fault.ErrInvalid, "no-such-option", "do")
	switch q.PostFormValue("do") {
	case "appoint":
		err = s.Accounts.Appoint(q.Context(), q.Who, id, role, reason)
	case "withdraw":
		err = s.Accounts.Withdraw(q.Context(), q.Who, id, role, reason)
	}
	return q.accountChanged(id, accountView{}, err)
}

// accountChanged leads back to an account, or shows what was wrong.
func (q *request) accountChanged(id name.ID, v accountView, err error) error {
	if err == nil {
		return q.redirect("/admin/accounts/" + string(id) + "?done=1")
	}
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	v.Flaw = f
	return q.showOneAccount(422, v)
}

// Whose is what an account's person is called: by the directory, or by the name to sign in with.
func (q *request) Whose(a account.Account) string {
	p := q.Person(a.Person)
	switch {
	case p.Unit == "" && a.Login != "":
		return a.Login
	case p.Unit == "" && a.Sort != account.Staff: // nobody asks residents for their names
		return q.Says("me.resident")
	}
	return p.Words.In(q.Lang)
}

// UnitOf is the unit of an account's person now, by the directory; that for which it was made where the directory does not know them.
func (q *request) UnitOf(a account.Account) desk.Unit {
	if p := q.Person(a.Person); p.Unit != "" {
		return q.Unit(p.Unit)
	}
	return q.Unit(a.Unit)
}

// Offices are the roles of the three administrators.
func (q *request) Offices() []name.Role { return accounts.Officers }

// RolesOf are the roles that an account's person has now: those of the account that nobody has ended, and those that were granted since.
func (q *request) RolesOf(a account.Account) (all []account.Held) {
	now, rights := q.s.Desk.Now(), q.s.Rights
	held := rights.Held(a.Person)
	for _, h := range a.Roles {
		if h.InForce(now) && slices.Contains(rights.Now(a.Person), h.Role) && !slices.ContainsFunc(held, func(x account.Holding) bool { return x.Role == h.Role }) {
			all = append(all, h)
		}
	}
	for _, h := range held {
		all = append(all, account.Held{Role: h.Role, By: h.By.Person, At: h.Since, Until: h.Until})
	}
	return all
}

// RestingOf are the roles of an account's person that rest, since they were moved to another unit.
func (q *request) RestingOf(a account.Account) []account.Holding { return q.s.Rights.Resting(a.Person) }

// Rests reports whether a role that was granted rests now.
func (q *request) Rests(h account.Holding) bool {
	return h.InForce(q.s.Desk.Now()) && q.s.Rights.Rests(&h)
}

// HasNoRole reports whether somebody of staff is signed in who has no role, and so finds nothing to do.
func (q *request) HasNoRole() bool {
	return q.visit != nil && q.visit.Account.Sort == account.Staff && !slices.ContainsFunc(q.Who.Roles, func(r name.Role) bool { return r != access.Anyone })
}

// Uninvited are the persons of the directory, by unit, for inviting.
func (q *request) Uninvited() []staff { return q.Staff() }

// Me is what whoever is signed in is called.
func (q *request) Me() string {
	if q.visit == nil {
		return q.Person(q.Who.Person).Words.In(q.Lang)
	}
	return q.Whose(q.visit.Account)
}
