package web

import (
	"net/http"
	"strings"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/ground/fault"
)

// The session's cookie. Over TLS its name binds it to this very host and to secure connections.
//
// Source: RFC 6265bis, draft 20 (2025), section 4.1.3.2 (__Host-).
const (
	plainCookie  = "bihuan"
	secureCookie = "__Host-bihuan"
)

func (s *server) cookieName() string {
	if s.Secure {
		return secureCookie
	}
	return plainCookie
}

// visitor returns who is signed in, Nobody if nobody is.
func (s *server) visitor(r *http.Request, lang string) (desk.Caller, *accounts.Visit) {
	nobody := desk.Nobody
	nobody.Lang = lang
	secret := s.shown(r)
	if secret == "" || s.Accounts == nil {
		return nobody, nil
	}
	v, err := s.Accounts.Visit(r.Context(), secret, lang)
	if err != nil {
		return nobody, nil
	}
	v.Caller.Zone = s.Desk.ZoneOf(r.RemoteAddr)
	return s.Desk.Entitled(v.Caller, s.acting(r)), &v
}

// shown returns the session's secret that a request shows, empty for none. In the demo a program may show the token of one of its persons to a
// page as it does to the API: it reads a pack's list as that person without a browser.
func (s *server) shown(r *http.Request) string {
	if scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); s.Demo != nil && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	if c, err := r.Cookie(s.cookieName()); err == nil {
		return c.Value
	}
	return ""
}

// enter gives the browser a session's secret: until the browser is closed, for this site only, out of reach of scripts.
func (q *request) enter(secret string) {
	http.SetCookie(q.w, &http.Cookie{Name: q.s.cookieName(), Value: secret, Path: "/", HttpOnly: true, Secure: q.s.Secure, SameSite: http.SameSiteLaxMode})
}

// end ends the session of the request.
func (q *request) end() error {
	c, err := q.Cookie(q.s.cookieName())
	if err != nil || q.s.Accounts == nil {
		return nil
	}
	return q.s.Accounts.SignOut(q.Context(), c.Value)
}

// leave ends the session of the request and takes its secret from the browser.
func (q *request) leave() error {
	if err := q.end(); err != nil {
		return err
	}
	http.SetCookie(q.w, &http.Cookie{Name: q.s.cookieName(), Path: "/", HttpOnly: true, Secure: q.s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: -1})
	q.s.endActing(q.w)
	q.forgetFirm()
	return nil
}

// own returns the visit of whoever is signed in, for the pages of one's own account.
func (q *request) own() (accounts.Visit, error) {
	if q.visit == nil {
		return accounts.Visit{}, fault.Refuse(fault.ErrDenied, "sign-in-first", "")
	}
	return *q.visit, nil
}
