package accounts

import (
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// Standing is the accounts of a desk as rights ask about them: the natural persons behind names, and the roles of their
// accounts. What cannot be read is not known, which gives nobody anything.
type Standing struct{ *Room }

// Natural returns the keyed hash of a person's identity number, empty if that is not known.
func (s Standing) Natural(p name.Person) string {
	for _, a := range s.of(p) {
		if a.Natural != "" {
			return a.Natural
		}
	}
	return ""
}

// Login returns the name with which a person signs in, empty if there is none.
func (s Standing) Login(p name.Person) string {
	for _, a := range s.of(p) {
		if a.Login != "" {
			return a.Login
		}
	}
	return ""
}

// Maker returns who made a person's account, the zero Hand if that is not known.
func (s Standing) Maker(p name.Person) account.Hand {
	for _, a := range s.of(p) {
		if !a.Maker.IsSystem() {
			return a.Maker
		}
	}
	return account.Hand{}
}

// Same returns every name under which the same natural person has an account, p among them. It is remembered, and not to be changed.
func (s Standing) Same(p name.Person) []name.Person {
	s.mu.Lock()
	same, known := s.same[p]
	turn := s.turn
	s.mu.Unlock()
	if known {
		return same
	}
	same = []name.Person{p}
	if n := s.Natural(p); n != "" {
		all, err := s.natural(context.Background(), n)
		if err != nil { // what cannot be read leaves the name to itself, until it is asked for again
			return same
		}
		for _, a := range all {
			if !slices.Contains(same, a.Person) {
				same = append(same, a.Person)
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turn == turn && len(s.same) < maxKnown {
		s.same[p] = same
	}
	return same
}

// Post returns the roles of a person's accounts, and whether there is one.
func (s Standing) Post(p name.Person) (roles []name.Role, known bool) {
	all := s.of(p)
	for _, a := range all {
		roles = append(roles, a.RolesAt(s.Desk.Now())...)
	}
	return roles, len(all) > 0
}

// Works reports whether a person has an account that is not disabled, true of whoever has none.
func (s Standing) Works(p name.Person) bool {
	all := s.of(p)
	return len(all) == 0 || slices.ContainsFunc(all, func(a account.Account) bool { return a.InUse() })
}

// Anybody reports whether an account in use, or one that is invited, has a role.
func (s Standing) Anybody(role name.Role) bool {
	all, err := s.Holding(context.Background(), role)
	return err != nil || slices.ContainsFunc(all, func(a account.Account) bool { return a.InUse() })
}

// of returns the accounts of a person; which they are is remembered, how they stand is asked anew.
func (s Standing) of(p name.Person) (all []account.Account) {
	ctx := context.Background()
	s.mu.Lock()
	ids, known := s.whose[p]
	turn := s.turn
	s.mu.Unlock()
	if !known {
		all, err := s.Of(ctx, p)
		if err != nil {
			return nil
		}
		for _, a := range all {
			ids = append(ids, a.ID)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.turn == turn && len(s.whose) < maxKnown {
			s.whose[p] = ids
		}
		return all
	}
	for _, id := range ids {
		if a, err := s.Account(ctx, id); err == nil {
			all = append(all, a)
		}
	}
	return all
}

// Keep has a replay hold the rows of accounts against what the log makes of them.
func Keep(r *desk.Replay) {
	for _, first := range []string{account.TypeInvited, account.TypeRegistered} {
		r.Keep(first, func() desk.Kept {
			var a account.Account
			return desk.Kept{Apply: func(e *ledger.Event) (err error) { a, err = account.Apply(a, e); return err }, Row: func() (*journal.Row, error) { return rowOf(&a) }}
		})
	}
}
