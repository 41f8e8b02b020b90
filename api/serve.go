package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/keys"
	"bihuan/desk/pace"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// request is one request on its way through a method.
type request struct {
	*http.Request
	w      http.ResponseWriter
	s      *server
	rt     *route
	Who    desk.Caller
	key    keys.Key // of a sensor
	Lang   string   // "zh" or "en"
	values map[string][]string
	flying string // the command that this request has taken off with
}

// serve finds out who asks, checks the permission that the route declares, and answers.
func (s *server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		q := &request{Request: r, w: w, s: s, rt: &rt, Lang: lang(r)}
		defer q.land()
		a, err := q.run()
		if err == nil {
			err = q.reply(a)
		}
		s.Security.Answered(q.Who.Person, doors.Address(q.RemoteAddr), rt.method+" "+rt.path, rt.action, err)
		if err != nil {
			q.fail(err)
		}
		s.Log.Info("api", "method", rt.method, "route", rt.path, "took", time.Since(start).Round(time.Microsecond), "error", err != nil)
	})
}

func (q *request) run() (answer, error) {
	if err := q.admitted(); err != nil {
		return answer{}, err
	}
	if err := q.s.Pace.Admit(q.Who.Person, doors.Address(q.RemoteAddr), q.rt.cost()); err != nil {
		return answer{}, err
	}
	if err := q.parameters(q.rt.query); err != nil {
		return answer{}, err
	}
	return q.rt.do(q.s, q)
}

// admitted finds out who asks, and returns nil if they may ask for the route at all.
func (q *request) admitted() (err error) {
	if q.rt.keyed {
		q.Who, q.key, err = q.keyed()
	} else {
		q.Who, err = q.caller()
	}
	if err != nil || q.rt.open {
		return err
	}
	switch code := q.s.Desk.Barred(q.Who, q.rt.action, q.rt.on); code {
	case access.Granted:
		return nil
	case access.ProveAgain, access.OffDuty, access.WrongNetwork, access.InPerson, access.RolesFell, access.RolesExclusive: // the moment is in the way, or another role, and not that there is none
		return fault.Refuse(fault.ErrDenied, string(code), "")
	}
	return fault.Refuse(fault.ErrDenied, "denied", "")
}

// arrived asks once more who sends a body, now that it is read. It may take two minutes to come, and nothing is done by a role, a delegation or a
// session that has ended meanwhile.
func (q *request) arrived() error { return q.admitted() }

// sees reports whether the caller reads more than what is public.
func (q *request) sees() bool { return q.s.Desk.Holds(q.Who, q.rt.action, q.rt.on) }

// reply sends an answer. One that cannot be written as JSON is a fault of ours, never half an answer.
func (q *request) reply(a answer) error {
	if a.file != nil {
		q.send(a.file)
		return nil
	}
	b, isBytes := a.body.([]byte)
	if !isBytes {
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(a.body); err != nil {
			return err
		}
		b = buf.Bytes()
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Vary", "Accept-Language, Authorization, Bihuan-For, Cookie")
	if a.etag != "" {
		h.Set("ETag", a.etag)
	}
	if a.location != "" {
		h.Set("Location", a.location)
	}
	q.w.WriteHeader(q.status(a))
	if _, err := q.w.Write(b); err != nil {
		q.s.Log.Debug("answer not taken", "error", err) // the caller has gone; there is nobody to tell
	}
	return nil
}

func (q *request) status(a answer) int {
	switch {
	case a.status != 0:
		return a.status
	case q.rt.status != 0:
		return q.rt.status
	}
	return http.StatusOK
}

// The cookies in which the pages keep a session, without and with TLS.
const (
	cookieName   = "bihuan"
	secureCookie = "__Host-bihuan"
)

// forHeader names whom somebody acts for 代办, by key. It gives nothing: at each request the desk asks whether they still may.
const forHeader = "Bihuan-For"

// caller returns who is behind a request: by bearer token, or by the session of the pages, or nobody. A token that
// opens no session is refused; a cookie that has run out is nobody.
func (q *request) caller() (desk.Caller, error) {
	nobody := desk.Nobody
	nobody.Lang = q.Lang
	secret, bearer := q.secret()
	if secret == "" && !bearer {
		return nobody, nil
	}
	if q.s.Accounts != nil {
		who, err := q.s.Accounts.Caller(q.Context(), secret, q.Lang)
		if err == nil || !errors.Is(err, fault.ErrNotFound) {
			if err != nil {
				return who, err
			}
			who.Zone = q.s.Desk.ZoneOf(q.RemoteAddr)
			return q.s.Desk.ActingFor(q.Context(), who, name.Person(q.Header.Get(forHeader)))
		}
	}
	if bearer {
		if err := q.s.Pace.Admit("", doors.Address(q.RemoteAddr), pace.Failed); err != nil {
			return nobody, err
		}
		return nobody, fail(http.StatusUnauthorized, "token-invalid", "")
	}
	return nobody, nil
}

// secret returns the secret of a session, and whether it came as a bearer token (RFC 6750, 2012, §2.1).
func (q *request) secret() (secret string, bearer bool) {
	if h := q.Header.Get("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return "", true
		}
		return strings.TrimSpace(token), true
	}
	called := cookieName
	if q.s.Secure {
		called = secureCookie
	}
	if c, err := q.Cookie(called); err == nil {
		return c.Value, false
	}
	return "", false
}

// lang is the language of words in an answer: what Accept-Language asks for first, otherwise what the pages speak.
func lang(r *http.Request) string {
	if h := r.Header.Get("Accept-Language"); h != "" {
		return words.Prefer(h)
	}
	if c, err := r.Cookie("lang"); err == nil && c.Value == "en" {
		return "en"
	}
	return "zh"
}
