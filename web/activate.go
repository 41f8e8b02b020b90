package web

import (
	"errors"
	"html/template"
	"strings"

	"bihuan/desk/accounts"
	"bihuan/desk/doors"
	"bihuan/web/draw"
)

// activateView is the page on which an invitation is taken up: first its code, then everything else, then the recovery codes.
type activateView struct {
	Flaw     flaw
	Invite   string
	Pending  *accounts.Pending
	QR       template.HTML
	Login    string
	Least    int
	Classes  int
	Recovery []string
}

func (s *server) showActivate(q *request) error {
	return q.render(200, "activate", activateView{})
}

// activate looks at an invitation, and takes it up once everything is filled in. Its code travels in the form and never in an address.
func (s *server) activate(q *request) error {
	v := activateView{Invite: strings.TrimSpace(q.PostFormValue("invite")), Login: strings.TrimSpace(q.PostFormValue("login")),
		Least: s.Accounts.Profile.Least, Classes: s.Accounts.Profile.Classes}
	p, err := s.Accounts.Pending(q.Context(), v.Invite, q.address())
	if err != nil {
		return q.activateAgain(v, err)
	}
	v.Pending = &p
	if v.QR, err = draw.QR(p.URI, q.Says("activate.qr")); err != nil {
		return err
	}
	if p.Login != "" {
		v.Login = p.Login
	}
	if q.PostFormValue("do") != "activate" {
		return q.render(200, "activate", v)
	}
	if q.PostFormValue("password") != q.PostFormValue("again") {
		v.Flaw = flaw{"again", q.Says("refusal.password-twice")}
		return q.render(422, "activate", v)
	}
	done, err := s.Accounts.Activate(q.Context(), accounts.Activation{Invite: v.Invite, Login: v.Login, IDNumber: q.PostFormValue("id-number"),
		Password: q.PostFormValue("password"), Code: q.PostFormValue("code"), Address: q.address()})
	if err != nil {
		return q.activateAgain(v, err)
	}
	return q.render(200, "activate", activateView{Recovery: done.Recovery, Login: done.Account.Login})
}

func (q *request) activateAgain(v activateView, err error) error {
	f, ok := q.flaw(err)
	if _, busy := errors.AsType[*doors.Busy](err); busy || !ok {
		return err
	}
	v.Flaw = f
	return q.render(422, "activate", v)
}
