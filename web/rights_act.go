package web

import (
	"errors"
	"net/http"
	"net/url"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// actingCookie names whom somebody acts for. It gives nothing: at each request the desk asks whether they still may.
const actingCookie = "bihuan-for"

func (s *server) actingCookie() string {
	if s.Secure {
		return "__Host-" + actingCookie
	}
	return actingCookie
}

// acting returns whom a request says that it acts for.
func (s *server) acting(r *http.Request) name.Person {
	c, err := r.Cookie(s.actingCookie())
	if err != nil {
		return ""
	}
	return name.Person(c.Value)
}

// actingEnded reports whether a form comes from whoever thinks that they still act for somebody, and does not any more: it was written in that one's
// name, and is not done in their own by mistake. What is of themselves, such as signing out, goes on.
func (q *request) actingEnded() bool {
	other := q.s.acting(q.Request)
	return q.Method == http.MethodPost && q.visit != nil && !q.Who.Waits && other != "" && other != q.visit.Caller.Person && q.Who.For != other &&
		q.asked.action != access.PublicRead && !q.asked.demo
}

// endActing takes from the browser whom it acts for.
func (s *server) endActing(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: s.actingCookie(), Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: -1})
}

// actFor begins or ends acting for somebody.
func (s *server) actFor(q *request) error {
	v, err := q.own()
	if err != nil {
		return err
	}
	other := name.Person(q.FormValue("for"))
	c := &http.Cookie{Name: s.actingCookie(), Value: string(other), Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
	if other == "" {
		c.MaxAge = -1
	} else if s.Desk.Entitled(v.Caller, other).For != other {
		return fault.Refuse(fault.ErrDenied, "acting-not-yours", "")
	}
	http.SetCookie(q.w, c)
	return q.redirect("/rights")
}

// whyDenied returns the address of the page that says who may do what was refused: of the action that the refusal names, or
// else of the route's. What looks absent has none, so that nothing is told of what exists.
func (q *request) whyDenied(status int, err error) string {
	action, on := q.deniedOf(status, err)
	if action == "" || q.s.Rights == nil {
		return ""
	}
	return "/rights/why?" + url.Values{"action": {string(action)}, "on": {string(on)}}.Encode()
}

// deniedOf returns what was refused with 403, empty where it is not known.
func (q *request) deniedOf(status int, err error) (access.Action, access.ObjectType) {
	if status != http.StatusForbidden {
		return "", ""
	}
	action, on := q.asked.action, q.asked.on
	if r, ok := errors.AsType[*fault.Refusal](err); ok {
		if a := access.Action(r.With["action"]); a != "" {
			if d, known := access.Lookup(a); known {
				action, on = a, d.On[0]
			}
		}
	}
	return action, on
}
