package web

import (
	"errors"
	"net/http"
	"net/url"

	"bihuan/desk/accounts"
	"bihuan/desk/doors"
	"bihuan/desk/identity"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// The cookie in which a browser keeps the secret of the question that it has to answer: for the pages of signing in and
// of one's own account, until the browser brings it back.
const (
	plainAsked  = "bihuan-asked"
	secureAsked = "__Host-bihuan-asked"
)

func (s *server) askedName() string {
	if s.Secure {
		return secureAsked
	}
	return plainAsked
}

// remember gives the browser the secret of a question. Lax: the answer of a provider comes from its pages.
func (q *request) remember(secret string) {
	http.SetCookie(q.w, &http.Cookie{Name: q.s.askedName(), Value: secret, Path: "/", HttpOnly: true, Secure: q.s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: 600})
}

// recall takes the secret of the question back; it is no longer of use to the browser.
func (q *request) recall() string {
	c, err := q.Cookie(q.s.askedName())
	if err != nil {
		return ""
	}
	http.SetCookie(q.w, &http.Cookie{Name: q.s.askedName(), Path: "/", HttpOnly: true, Secure: q.s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: -1})
	return c.Value
}

// ways returns the room of the other ways in. It wraps fault.ErrNotFound in a house that has none.
func (s *server) ways() (*identity.Room, error) {
	if s.Ways == nil || s.Accounts == nil {
		return nil, fault.Refuse(fault.ErrNotFound, "not-found", "")
	}
	return s.Ways, nil
}

// HasWays reports whether there are other ways in: for links.
func (q *request) HasWays() bool { return q.s.Ways != nil }

// otherView is the page of the other ways to sign in.
type otherView struct {
	*identity.Room
	To     string
	Flaw   flaw
	Number string
	Sent   bool // a code was sent: it is asked for now
}

// Staffed and Public are the providers for whom they are.
func (v otherView) Staffed() []identity.Provider { return v.of(false) }

// Public are the providers of residents.
func (v otherView) Public() []identity.Provider { return v.of(true) }

func (v otherView) of(residents bool) (all []identity.Provider) {
	for _, p := range v.Providers {
		if p.Residents == residents {
			all = append(all, p)
		}
	}
	return all
}

// showOther shows the ways to sign in besides a password.
func (s *server) showOther(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	return q.render(200, "signin_other", otherView{Room: ways, To: local(q.FormValue("to"))})
}

// otherAgain shows the ways again with what was wrong; what no form can mend is returned.
func (q *request) otherAgain(ways *identity.Room, v otherView, err error) error {
	f, ok := q.flaw(err)
	if _, busy := errors.AsType[*doors.Busy](err); busy || !ok {
		return err
	}
	v.Room, v.Flaw = ways, f
	return q.render(403, "signin_other", v)
}

// visiting is whoever is signed in and adds a way to their account, nil for who signs in.
func (q *request) visiting(adds bool) (*accounts.Visit, error) {
	if !adds {
		return nil, nil
	}
	v, err := q.own()
	return &v, err
}

// concluded signs somebody in, or leads back to the account that has got one more way.
func (q *request) concluded(o identity.Outcome) error {
	if o.Added {
		return q.redirect("/me/ways?done=added")
	}
	return q.signedIn(o.Proof, local(o.To))
}

// leaveView tells somebody where they are about to go.
type leaveView struct {
	Words    name.Text // what the provider is called
	Host     string
	On, Back string // addresses
}

// beforeLeaving asks whether somebody wants to go to a provider, which is another house: they may stay.
//
// Source: OWASP ASVS 5.0.0, 3.7.3, as read.
func (q *request) beforeLeaving(p identity.Provider, to string) error {
	v := leaveView{Words: p.Words, Back: "/signin/other?to=" + url.QueryEscape(to), On: q.With("go", "yes")}
	if q.Asked("link") != "" {
		v.Back = "/me/ways"
	}
	if u, err := url.Parse(p.Issuer()); err == nil {
		v.Host = u.Host
	}
	return q.render(200, "signin_leave", v)
}

// beginProvider sends the browser to a provider, to sign in or, with link, to link an identity with one's own account; before that it asks.
func (s *server) beginProvider(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	v, err := q.visiting(q.Asked("link") != "")
	if err != nil {
		return err
	}
	to := "/me/ways"
	if v == nil {
		to = local(q.Asked("to"))
	}
	if q.Asked("go") == "" {
		p, err := ways.Provider(q.PathValue("provider"))
		if err != nil {
			return err
		}
		return q.beforeLeaving(p, to)
	}
	addr, secret, err := ways.BeginProvider(q.Context(), q.PathValue("provider"), v, to, q.address())
	if err != nil {
		return err
	}
	q.remember(secret)
	return q.redirect(addr)
}

// finishProvider takes what a browser comes back with from a provider.
func (s *server) finishProvider(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	o, err := ways.FinishProvider(q.Context(), q.PathValue("provider"), q.recall(), q.URL.Query(), q.visit, q.address(), q.UserAgent())
	if err == nil {
		err = q.concluded(o)
	}
	if err != nil {
		s.Log.Info("identity elsewhere refused", "provider", q.PathValue("provider"), "why", err.Error())
		if q.visit != nil {
			return q.waysAgain(*q.visit, err)
		}
		return q.otherAgain(ways, otherView{To: "/"}, err)
	}
	return nil
}
