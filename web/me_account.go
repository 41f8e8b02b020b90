package web

import (
	"errors"
	"html/template"

	"bihuan/desk/accounts"
	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/kernel/account"
	"bihuan/web/draw"
)

// meView is the page of one's own account.
type meView struct {
	accounts.Visit
	Flaw     flaw
	Done     string // what was done, a key of words
	Expired  bool   // the password has to be changed first
	Ends     int64  // µs: when it has to be, if that is soon
	Sessions []account.Session
	Left     int // recovery codes
	Fresh    bool
	Enrol    *accounts.Enrolment
	QR       template.HTML
	Recovery []string // new ones, shown this once
	Least    int
	Classes  int
}

// showMe shows one's own account: what proves who one is, and where one is signed in.
func (s *server) showMe(q *request) error {
	me, err := q.own()
	if err != nil {
		return err
	}
	v := meView{Visit: me, Done: meDone[q.Asked("done")]}
	return q.showMine(200, v)
}

// meDone are the messages that an address may ask for.
var meDone = map[string]string{"password": "me.done-password", "authenticator": "me.done-authenticator", "session": "me.done-session", "elsewhere": "me.done-elsewhere", "factor": "me.done-factor"}

func (q *request) showMine(status int, v meView) (err error) {
	s := q.s
	v.Expired, v.Fresh = v.Sitting.Must != "", s.Accounts.IsFresh(v.Visit)
	v.Ends = s.Accounts.EndsSoon(&v.Account)
	v.Least, v.Classes = s.Accounts.Profile.Least, s.Accounts.Profile.Classes
	if v.Sessions, err = s.Accounts.Sessions(q.Context(), v.Visit); err != nil {
		return err
	}
	if v.Left, err = s.Accounts.RecoveryLeft(q.Context(), v.Visit); err != nil {
		return err
	}
	if v.Fresh && v.Account.Has(account.TOTP) {
		e := s.Accounts.Enrol(v.Visit)
		v.Enrol = &e
		if v.QR, err = draw.QR(e.URI, q.Says("activate.qr")); err != nil {
			return err
		}
	}
	return q.render(status, "me_account", v)
}

// changeMe does one thing to one's own account.
func (s *server) changeMe(q *request) error {
	me, err := q.own()
	if err != nil {
		return err
	}
	ctx, to := q.Context(), "/me"
	switch q.PostFormValue("do") {
	case "password":
		to = "/me?done=password"
		if q.PostFormValue("password") != q.PostFormValue("again") {
			err = fault.Refuse(fault.ErrInvalid, "password-twice", "again")
			break
		}
		err = s.Accounts.ChangePassword(ctx, me, q.PostFormValue("old"), q.PostFormValue("password"), q.address())
	case "authenticator":
		to, err = "/me?done=authenticator", s.Accounts.AddAuthenticator(ctx, me, q.PostFormValue("code"))
	case "recovery":
		codes, err := s.Accounts.NewRecovery(ctx, me)
		if err == nil {
			return q.showMine(200, meView{Visit: me, Recovery: codes})
		}
		return q.meAgain(me, err)
	case "factor":
		to, err = "/me?done=factor", s.Accounts.RemoveFactor(ctx, me, q.PostFormValue("factor"))
	case "session":
		to, err = "/me?done=session", s.Accounts.EndSession(ctx, me, q.PostFormValue("session"))
	case "elsewhere":
		to = "/me?done=elsewhere"
		_, err = s.Accounts.SignOutElsewhere(ctx, me)
	default:
		err = fault.Refuse(fault.ErrInvalid, "no-such-option", "do")
	}
	if err != nil {
		return q.meAgain(me, err)
	}
	return q.redirect(to)
}

func (q *request) meAgain(me accounts.Visit, err error) error {
	f, ok := q.flaw(err)
	var r *fault.Refusal
	if _, busy := errors.AsType[*doors.Busy](err); busy || !ok || errors.As(err, &r) && r.Code == "prove-again" {
		return err
	}
	return q.showMine(422, meView{Visit: me, Flaw: f})
}
