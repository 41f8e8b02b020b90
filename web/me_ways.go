package web

import (
	"errors"

	"bihuan/desk/accounts"
	"bihuan/desk/identity"
	"bihuan/ground/fault"
	"bihuan/kernel/account"
)

// waysView is the page on which one adds and removes ways of proving who one is.
type waysView struct {
	*identity.Room
	accounts.Visit
	Fresh bool
	Added bool
	Flaw  flaw
}

// Ways are the factors that this page is about.
func (v waysView) Ways() (all []account.Factor) {
	for _, f := range v.Account.Factors {
		switch f.Kind {
		case account.Passkey, account.Certificate, account.OIDC, account.OneTimeCode:
			all = append(all, f)
		}
	}
	return all
}

// Linked are the providers that may be linked with this account.
func (v waysView) Linked() []identity.Provider { return v.ProvidersFor(&v.Account) }

func (s *server) showWays(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	me, err := q.own()
	if err != nil {
		return err
	}
	return q.render(200, "me_ways", waysView{Room: ways, Visit: me, Fresh: s.Accounts.IsFresh(me), Added: q.Asked("done") == "added"})
}

func (q *request) waysAgain(me accounts.Visit, err error) error {
	ways, missing := q.s.ways()
	f, ok := q.flaw(err)
	var r *fault.Refusal
	if missing != nil || !ok || errors.As(err, &r) && r.Code == "prove-again" {
		return err
	}
	return q.render(422, "me_ways", waysView{Room: ways, Visit: me, Fresh: q.s.Accounts.IsFresh(me), Flaw: f})
}

// removeWay takes a way of proving from one's own account.
func (s *server) removeWay(q *request) error {
	me, err := q.own()
	if err != nil {
		return err
	}
	if err := s.Accounts.RemoveFactor(q.Context(), me, q.PostFormValue("factor")); err != nil {
		return q.waysAgain(me, err)
	}
	return q.redirect("/me/ways")
}
