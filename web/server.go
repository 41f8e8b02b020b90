// Package web is the pages: rendered on the server, working without script and better with it.
//
// [New] returns the handler of all of them. Each page is one file named after what the person does there, one
// template of the same name, and one line in the table of routes, which also names the permission that it asks
// for. A page reads, asks the desk, and renders; it computes nothing and keeps nothing.
package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/agenda"
	"bihuan/desk/assess"
	"bihuan/desk/atlas"
	"bihuan/desk/audit"
	"bihuan/desk/boards"
	"bihuan/desk/cockpit"
	"bihuan/desk/doors"
	"bihuan/desk/drafts"
	"bihuan/desk/firms"
	"bihuan/desk/goals"
	"bihuan/desk/hints"
	"bihuan/desk/identity"
	"bihuan/desk/imports"
	"bihuan/desk/keys"
	"bihuan/desk/notices"
	"bihuan/desk/pace"
	"bihuan/desk/personal"
	"bihuan/desk/proof"
	"bihuan/desk/reports"
	"bihuan/desk/rights"
	"bihuan/desk/search"
	"bihuan/desk/security"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/web/face"
)

// Config is what the pages need.
type Config struct {
	Desk     *desk.Desk
	Goals    *goals.Room
	Reports  *reports.Room
	Doors    *doors.Room
	Hints    *hints.Room // made from Desk if nil
	Assess   *assess.Room
	Patience time.Duration // how long a page waits for what is being worked out before it says so, 2 s if not said
	Atlas    *atlas.Room
	Boards   *boards.Room
	Imports  *imports.Room
	Search   *search.Room
	Agenda   *agenda.Room
	Drafts   *drafts.Room
	Rights   *rights.Room
	Proof    *proof.Room    // nil: nothing is proven
	Audit    *audit.Room    // nil: there is no auditor
	Accounts *accounts.Room // nil: nobody signs in
	Secure   bool           // served over TLS only: the session's cookie says so
	Ways     *identity.Room // the other ways in; nil: there are none
	Firms    *firms.Room    // who acts for firms; nil: nobody
	Persons  *personal.Room
	Notices  *notices.Room
	Keys     *keys.Room
	Public   string // the address at which people reach the pages; empty: as each browser names it
	Outgoing Outgoing
	Pace     *pace.Keeper                                                               // nil: everybody as fast as they like
	Decode   func(ctx context.Context, name string, r io.Reader) (string, error)        // a report's file into text
	Sheet    func(ctx context.Context, name string, r io.Reader) (reports.Sheet, error) // an office's spreadsheet
	Verify   func(ctx context.Context) (Verdict, error)                                 // replays the chain
	Demo     *Demo                                                                      // nil outside of the demo
	Held     func() (all []keys.Held, now int64, err error)                             // the house's own keys and secrets at an instant (µs); nil: they are not shown
	Methods  []Method                                                                   // of the API, for its page
	Security *security.Room                                                             // told of what is refused; nil keeps nothing
	Log      *slog.Logger
	Version  string
}

// Method is one method of the API.
type Method struct {
	Verb, Path  string
	Words       name.Text
	May         name.Text // the permission that it asks for
	Open, Keyed bool      // anybody may ask; a key is asked for instead of a session
}

// Verdict is what replaying the chain found.
type Verdict struct {
	Events int64
	Head   string
	Bad    int64 // the first bad record, 0 if there is none
	Reason string
	Took   time.Duration
}

// Demo is what the demo's pages may do besides: take a persona, move the clock, try to cheat.
type Demo struct {
	ActAs  func(ctx context.Context, p name.Person) (secret string, err error)
	Step   func(ctx context.Context, step string) (int, error) // day, week or month: moves the clock on and runs the scheduler; how many rungs fired
	Ways   func() []Way                                        // how to sign in by hand as one person of each role
	Cheat  func(ctx context.Context, goal name.ID) (Cheated, error)
	Tray   *notices.Tray // what would have been sent
	Report string        // the demo's report, to be read again
}

// Way is how to sign in by hand as somebody of the demo.
type Way struct {
	Role                  name.Role
	Person                name.Person
	Login, Password, Code string
}

// Cheated is what came of altering a figure in a copy of the database.
type Cheated struct {
	Seq      int64  // the record altered
	Was, Now string // its body before and after
	Verdict  Verdict
	Alone    Verdict // with every hash after it computed anew, without anything from elsewhere
	Against  Verdict // the same against a checkpoint that somebody outside holds
	Signed   int64   // of so many records
}

// server is the pages with what they need.
type server struct {
	Config
	face    *face.Face
	table   *http.ServeMux // of the routes, and each of them by its pattern
	routes  map[string]route
	reading reading
	cockpit *cockpit.Room
}

// New returns the handler of all pages. It reports an error for a template that does not parse.
func New(c Config) (http.Handler, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Hints == nil {
		c.Hints = hints.New(c.Desk)
	}
	if c.Patience == 0 {
		c.Patience = 2 * time.Second
	}
	s := &server{Config: c, cockpit: cockpit.New(c.Desk, c.Goals)}
	var err error
	if s.face, err = embedded(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	s.table, s.routes = mux, map[string]route{}
	for _, r := range routes() {
		if r.demo && c.Demo == nil {
			continue
		}
		mux.Handle(r.pattern, s.serve(r))
		s.routes[r.pattern] = r
	}
	mux.HandleFunc("GET /assets/{file}", s.face.ServeAsset)
	mux.Handle("/", s.serve(route{pattern: "/", action: access.PublicRead, on: access.Platform, do: (*server).missing}))
	return headers(http.NewCrossOriginProtection().Handler(mux)), nil
}

// headers sets what every answer of the pages carries.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		next.ServeHTTP(w, r)
	})
}

// request is one request on its way through a page.
type request struct {
	*http.Request
	w     http.ResponseWriter
	s     *server
	Who   desk.Caller
	Lang  string // "zh" or "en"
	done  bool
	asked route // the line of the table that it came by

	visit *accounts.Visit // nil for nobody
}

// maxForm is the most that a form may send, uploads included.
const maxForm = 32 << 20

// serve finds out who asks, checks the permission that the route declares, and answers with its page or with the
// page of what went wrong.
func (s *server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		q := &request{Request: r, w: w, s: s, Lang: lang(r)}
		q.Who, q.visit = s.visitor(r, q.Lang)
		q.asked = rt
		var err error
		for _, step := range []func() error{q.admitted, q.paced, q.arrived, func() error { return rt.do(s, q) }} {
			if err = step(); err != nil || q.done {
				break
			}
		}
		s.Security.Answered(q.Who.Person, q.entrance().Address, rt.pattern, rt.action, asTold(err))
		if err != nil {
			q.fail(err)
		}
		s.Log.Info("request", "route", rt.pattern, "took", time.Since(start).Round(time.Microsecond), "error", err != nil)
	})
}

// admitted returns nil if whoever asks may ask for the route at all.
func (q *request) admitted() error {
	if q.actingEnded() {
		q.s.endActing(q.w)
		return fault.Refuse(fault.ErrDenied, "acting-ended", "")
	}
	code := q.s.Desk.Barred(q.Who, q.asked.action, q.asked.on)
	switch {
	case code == access.Granted:
		return nil
	case q.visit != nil && q.visit.Sitting.Must != "":
		return q.redirect("/me")
	}
	return barred(q.Who, code)
}

// paced returns nil if whoever asks keeps their pace.
func (q *request) paced() error {
	return q.s.Pace.Admit(q.Who.Person, q.entrance().Address, q.asked.cost())
}

// arrived reads the form, and then asks once more who sends it. A body may take two minutes to come, and nothing is done by a role, a delegation or
// a session that has ended meanwhile.
func (q *request) arrived() error {
	if q.Method != http.MethodPost || q.ContentLength == 0 {
		return nil
	}
	if err := q.readForm(); err != nil {
		return err
	}
	q.Who, q.visit = q.s.visitor(q.Request, q.Lang)
	if err := q.admitted(); err != nil || q.done {
		return err
	}
	return q.otherHands()
}

// asTold is an error as the security log takes it, which knows nothing of HTTP.
func asTold(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return security.ErrTooLarge
	}
	return err
}

// denied is the refusal of whoever lacks the role.
func denied(who desk.Caller) error { return barred(who, access.NoGrant) }

// barred is the refusal of a route: with its reason where the moment is in the way and not the role, or one role that of another.
func barred(who desk.Caller, code access.Code) error {
	switch {
	case who.IsNobody():
		code = "sign-in-first"
	case code != access.ProveAgain && code != access.OffDuty && code != access.WrongNetwork && code != access.InPerson && code != access.RolesFell && code != access.RolesExclusive:
		code = "denied"
	}
	return fault.Refuse(fault.ErrDenied, string(code), "")
}

// lang is the language of the pages: what was chosen, otherwise what the browser prefers, otherwise Chinese.
func lang(r *http.Request) string {
	if c, err := r.Cookie("lang"); err == nil && (c.Value == "en" || c.Value == "zh") {
		return c.Value
	}
	return words.Prefer(r.Header.Get("Accept-Language"))
}

func (s *server) missing(q *request) error {
	return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
}
