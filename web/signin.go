package web

import (
	"errors"
	"net/url"
	"strings"

	"bihuan/desk/accounts"
	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/kernel/account"
)

// signInView is the page on which one signs in.
type signInView struct {
	Flaw  flaw
	Login string
	To    string
}

// IsOld reports whether the browser lacks what docs/security.md asks for: those that have it all say of each request where it comes from.
//
// Source: W3C Fetch Metadata Request Headers, as read about; in Chrome since 76, Firefox since 90, Safari since 16.4, all of which have the rest.
func (q *request) IsOld() bool { return q.Header.Get("Sec-Fetch-Site") == "" }

// showSignIn asks for name, password and code; whoever is signed in is led on.
func (s *server) showSignIn(q *request) error {
	to := local(q.FormValue("to"))
	if !q.Who.IsNobody() {
		return q.redirect(to)
	}
	return q.render(200, "signin", signInView{To: to})
}

// signIn opens a session, always a new one: what the browser had before ends.
func (s *server) signIn(q *request) error {
	v := signInView{Login: strings.TrimSpace(q.PostFormValue("login")), To: local(q.PostFormValue("to"))}
	p, err := s.Accounts.Check(q.Context(), accounts.Typed{Login: v.Login, Password: q.PostFormValue("password"), Code: q.PostFormValue("code"),
		Address: q.address(), Device: q.UserAgent()})
	if err == nil {
		return q.signedIn(p, v.To)
	}
	var r *fault.Refusal
	if _, busy := errors.AsType[*doors.Busy](err); busy || !errors.As(err, &r) {
		return err
	}
	v.Flaw, _ = q.flaw(err)
	return q.render(403, "signin", v)
}

// signedIn opens the session of a proof and leads on: every way of signing in ends here.
func (q *request) signedIn(p accounts.Proof, to string) error {
	if err := q.end(); err != nil {
		return err
	}
	p.Address = q.address()
	signed, err := q.s.Accounts.SignIn(q.Context(), p)
	if err != nil {
		return err
	}
	q.enter(signed.Secret)
	q.forgetFirm() // somebody else may have used this browser
	switch {
	case signed.Session.Must != "":
		to = "/me"
	case to == "/":
		to = q.work(signed.Secret)
	}
	return q.redirect(to)
}

// signOut ends the session, and has the browser forget what it kept of the house: cached pages and whatever a script may have put by
// (ASVS 5.0 14.3.1). The language stays.
//
// Source: W3C, Clear Site Data (2017), section 3.1.
func (s *server) signOut(q *request) error {
	q.w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	if err := q.leave(); err != nil {
		return err
	}
	return q.redirect("/")
}

// address is where the request comes from, as failures are counted by.
func (q *request) address() string {
	return doors.Address(q.RemoteAddr)
}

// proveView is the page on which somebody who is signed in shows once more who they are.
type proveView struct {
	Flaw    flaw
	To      string
	Passkey bool // the account has one, and this house takes it
	Again   bool // the account has nothing that shows a code: its person signs in once more
}

func (s *server) showProve(q *request) error {
	if _, err := q.own(); err != nil {
		return err
	}
	return q.askProof(200, proveView{To: local(q.FormValue("to"))})
}

// askProof shows what can prove anew who one is: a code always, and a passkey where there is one.
func (q *request) askProof(status int, v proveView) error {
	v.Again = q.HasWays() && q.visit.Account.Sort != account.Staff && !q.visit.Account.Has(account.TOTP)
	v.Passkey = q.HasWays() && q.s.Ways.HasPasskeys() && q.visit.Account.Has(account.Passkey)
	return q.render(status, "prove", v)
}

// proven goes on with the session of a fresh proof, under a new secret.
func (q *request) proven(me accounts.Visit, by ...account.FactorKind) error {
	_, secret, err := q.s.Accounts.Prove(q.Context(), me, by...)
	if err == nil {
		q.enter(secret)
	}
	return err
}

// prove takes the code of the authenticator, or a recovery code, and leads back to what asked for it.
func (s *server) prove(q *request) error {
	me, err := q.own()
	if err != nil {
		return err
	}
	v := proveView{To: local(q.PostFormValue("to"))}
	kind, err := s.Accounts.CheckAgain(q.Context(), me, q.PostFormValue("code"), q.address())
	if err == nil {
		err = q.proven(me, kind)
	}
	if err == nil {
		return q.redirect(v.To)
	}
	f, ok := q.flaw(err)
	if _, busy := errors.AsType[*doors.Busy](err); busy || !ok {
		return err
	}
	v.Flaw = f
	return q.askProof(403, v)
}

// proveAgain leads somebody whose proof is too old to the page that asks for it, and then back to where they were.
func (q *request) proveAgain() error {
	to := q.URL.RequestURI()
	if q.Method != "GET" {
		to = "/"
		if u, err := url.Parse(q.Referer()); err == nil && u.Host == q.Host {
			to = u.RequestURI()
		}
	}
	return q.redirect("/prove?to=" + url.QueryEscape(local(to)))
}
