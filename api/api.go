package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/doors"
	"bihuan/desk/keys"
	"bihuan/desk/pace"
	"bihuan/desk/reports"
	"bihuan/desk/search"
	"bihuan/desk/security"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// Base is where the methods are.
const Base = "/api/v1"

// Config is what the methods need.
type Config struct {
	Desk     *desk.Desk
	Reports  *reports.Room
	Past     Past
	Search   *search.Room
	Doors    *doors.Room
	Keys     *keys.Room
	Accounts *accounts.Room                                                      // nil: nobody signs in
	Secure   bool                                                                // served over TLS only: the session's cookie has the name of one
	Pace     *pace.Keeper                                                        // nil: everybody as fast as they like
	Decode   func(ctx context.Context, name string, r io.Reader) (string, error) // a report's file into text
	Form     func(k *matter.Kind, act string) (schema []byte, ok bool)           // the JSON Schema of an act's inputs
	Verify   func(ctx context.Context) (Verdict, error)                          // replays the chain
	Demo     *Demo                                                               // nil outside of the demo
	Security *security.Room                                                      // told of what is refused; nil keeps nothing
	Log      *slog.Logger
	Version  string
}

// Past is what was done before: it answers whether a request that comes again is the same one, and how.
type Past interface {
	desk.Journal
	desk.Files
}

// Verdict is what replaying the chain found.
type Verdict struct {
	Events int64
	Head   string
	Bad    int64 // the first bad record, 0 if there is none
	Reason string
}

// Demo is what the demo may do besides: open a session for any of its made-up persons.
type Demo struct {
	ActAs func(ctx context.Context, p name.Person) (secret string, err error)
}

// server is the methods with what they need.
type server struct {
	Config
	document []byte // openapi.json
	forms    sync.Map
	tokens   tokens
	flying   sync.Map // the commands under way, one for each request at most
}

// New returns the handler of all methods.
func New(c Config) (http.Handler, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{Config: c}
	var err error
	if s.document, err = describe(routes(), c.Version); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, r := range routes() {
		if r.demo && c.Demo == nil {
			continue
		}
		mux.Handle(r.method+" "+r.pattern(), s.serve(r))
	}
	return headers(crossOrigin(s, s.found(mux))), nil
}

// found answers what no route answers with a problem: 405 where another method would do, otherwise 404.
func (s *server) found(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		q := &request{Request: r, w: w, s: s, Lang: lang(r)}
		var allowed []string
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			other := r.Clone(r.Context())
			other.Method = method
			if _, pattern := mux.Handler(other); pattern != "" {
				allowed = append(allowed, method)
			}
		}
		if len(allowed) == 0 {
			q.fail(fail(http.StatusNotFound, "no-such-method", "", "method", r.Method, "path", r.URL.Path))
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		q.fail(fail(http.StatusMethodNotAllowed, "no-such-method", "", "method", r.Method, "path", r.URL.Path))
	})
}

// headers sets what every answer carries. Nothing here is to be rendered, framed or kept.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// crossOrigin refuses what a page of another origin makes a browser send: it would carry the session's cookie.
func crossOrigin(s *server, next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &request{Request: r, w: w, s: s, Lang: lang(r)}
		q.fail(fail(http.StatusForbidden, "cross-origin", ""))
	}))
	return p.Handler(next)
}
