package open311

import (
	"context"
	"log/slog"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/keys"
	"bihuan/desk/pace"
	"bihuan/desk/security"
	"bihuan/desk/words"
	"bihuan/ground/access"
)

// Where things are.
const (
	Base = "/open311/v2"
	Test = "/open311/test/v2" // checks everything and records nothing
)

// Config is what the face needs.
type Config struct {
	Desk  *desk.Desk
	Doors *doors.Room
	Keys  *keys.Room
	Past  desk.Files   // whether a request that comes again is the same one
	Pace  *pace.Keeper // nil: everybody as fast as they like
	Log   *slog.Logger

	Security *security.Room // told of what is refused; nil keeps nothing
}

// server is the methods with what they need.
type server struct {
	Config
	box     sandbox
	changed changeset
	routes  []route
	flying  sync.Map      // the receipts under way of requests that name a key
	lists   chan struct{} // holds a token for each list that is made at once
}

// maxLists is how many lists are made at once: each reads up to 1000 requests, and some look at many more.
const maxLists = 4

// turn waits until a list may be made, and returns what ends it.
func (s *server) turn(ctx context.Context) (done func(), err error) {
	select {
	case s.lists <- struct{}{}:
		return func() { <-s.lists }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// New returns the handler of everything below /open311/.
func New(c Config) http.Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{Config: c, routes: routes(), lists: make(chan struct{}, maxLists)}
	return headers(http.HandlerFunc(s.serve))
}

// Tidy answers addresses of this face that have slashes to spare as if they had none, and hands everything else to next: clients put
// "/services.json" behind a base that ends in a slash. A redirection would not do: many lose what they post over it, or take it for an error.
func Tidy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if at := slashes.ReplaceAllString(r.URL.Path, "/"); at != r.URL.Path && strings.HasPrefix(at, "/open311/") {
			to := *r.URL
			to.Path, to.RawPath = at, ""
			r = r.WithContext(r.Context())
			r.URL = &to
		}
		next.ServeHTTP(w, r)
	})
}

var slashes = regexp.MustCompile(`//+`)

// headers sets what every answer carries. What is public may be asked by pages of any origin; there are no cookies here.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "Allow, Location, Retry-After")
		h.Set("Cache-Control", "no-store")
		h.Set("Vary", "Accept, Accept-Language")
		next.ServeHTTP(w, r)
	})
}

// request is one request on its way through a method.
type request struct {
	*http.Request
	w      http.ResponseWriter
	s      *server
	rt     *route
	id     string // of what the address names
	format format
	test   bool // in the sandbox
	Lang   string
	asked  form // what the address says behind its question mark
	form   form // what the body says
}

// serve finds the method of an address, checks the permission that it declares, and answers.
func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	q := &request{Request: r, w: w, s: s, Lang: lang(r), format: formatOf(r)}
	a, err := q.run()
	action := access.PublicRead
	if q.rt != nil {
		action = q.rt.action
	}
	s.Security.Answered("", q.entrance().Address, q.route(), action, err)
	if err != nil {
		a = q.wrong(err)
	}
	q.reply(a)
	s.Log.Info("open311", "route", q.route(), "test", q.test, "status", a.status, "took", time.Since(start).Round(time.Microsecond))
}

// route is what the log calls a request by: an address may hold a receipt.
func (q *request) route() string {
	if q.rt == nil {
		return "none"
	}
	return q.rt.method + " " + q.rt.resource
}

func (q *request) run() (answer, error) {
	if q.Method == http.MethodOptions {
		return q.preflight(), nil
	}
	if err := q.find(); err != nil {
		return answer{}, err
	}
	if !q.s.Desk.Holds(desk.Nobody, q.rt.action, q.rt.on) {
		return answer{}, wrong(http.StatusForbidden, "denied", "")
	}
	if q.Method != http.MethodPost { // who reports shows a key, which has a pace of its own
		if err := q.s.Pace.Admit("", q.entrance().Address, pace.Read); err != nil {
			return answer{}, err
		}
	}
	var err error
	if q.asked, err = queryForm(q.URL.RawQuery); err != nil {
		return answer{}, err
	}
	if l := q.asked.one("locale"); strings.HasPrefix(l, "en") || strings.HasPrefix(l, "zh") {
		q.Lang = l[:2]
	}
	if q.rt.method == http.MethodPost {
		if err := q.read(); err != nil {
			return answer{}, err
		}
	}
	if err := q.jurisdiction(); err != nil {
		return answer{}, err
	}
	return q.rt.do(q.s, q)
}

// preflight tells a browser what pages of other origins may send.
func (q *request) preflight() answer {
	h := q.w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Accept-Language, Cache-Control, Idempotency-Key, X-API-Key, X-Requested-With")
	h.Set("Access-Control-Max-Age", "86400")
	return answer{status: http.StatusNoContent}
}

// jurisdiction refuses a jurisdiction_id of somebody else. It may be left out, since only one district is served.
func (q *request) jurisdiction() error {
	id := q.said("jurisdiction_id")
	if id == "" || id == string(q.s.Desk.District()) {
		return nil
	}
	return wrong(http.StatusNotFound, "jurisdiction-unknown", "jurisdiction_id", "value", id, "ours", string(q.s.Desk.District()))
}

// said returns what the body says of a field, or else the address, empty for neither: a field that is empty is one that was not said.
func (q *request) said(field string) string {
	if v := q.form.one(field); v != "" {
		return v
	}
	return q.asked.one(field)
}

func lang(r *http.Request) string { return words.Prefer(r.Header.Get("Accept-Language")) }

// route is one method: what is asked, the permission that it asks for, and who answers.
type route struct {
	method   string
	resource string // below the base
	named    bool   // the address names one of them
	action   access.Action
	on       access.ObjectType
	do       func(*server, *request) (answer, error)
}

// routes are all methods.
func routes() []route {
	return []route{
		{method: "GET", resource: "discovery", action: access.APIRead, on: access.Platform, do: (*server).discovery},
		{method: "GET", resource: "services", action: access.PublicRead, on: access.Platform, do: (*server).services},
		{method: "GET", resource: "services", named: true, action: access.PublicRead, on: access.Platform, do: (*server).definition},
		{method: "GET", resource: "requests", action: access.PublicRead, on: access.Matter, do: (*server).requests},
		{method: "GET", resource: "requests", named: true, action: access.PublicRead, on: access.Matter, do: (*server).request},
		{method: "POST", resource: "requests", action: access.DoorReport, on: access.Platform, do: (*server).file},
		{method: "GET", resource: "tokens", named: true, action: access.DoorFollow, on: access.Platform, do: (*server).token},
		{method: "GET", resource: "servicerequestupdates", action: access.PublicRead, on: access.Matter, do: (*server).updates},
		{method: "POST", resource: "servicerequestupdates", action: access.DoorFollow, on: access.Platform, do: (*server).update},
	}
}

// names are what the addresses of one thing name. GeoReport v2 answers 400, not 404, where it is not said.
var names = map[string]string{"services": "service_code", "requests": "service_request_id", "tokens": "token"}

// find finds the route of an address and what it names. HEAD asks like GET.
func (q *request) find() error {
	rest := ""
	switch at := q.URL.Path; {
	case at == "/open311" || at == "/open311/" || strings.Trim(at, "/") == Base[1:] || strings.Trim(at, "/") == Test[1:]:
		rest = "discovery"
	case strings.HasPrefix(at, Base+"/"):
		rest = at[len(Base)+1:]
	case strings.HasPrefix(at, Test+"/"):
		rest, q.test = at[len(Test)+1:], true
	default:
		rest = strings.TrimPrefix(at, "/open311/")
		if resource, _, _ := strings.Cut(rest, "."); resource != "discovery" {
			return wrong(http.StatusNotFound, "no-such-address", "", "path", bare(at))
		}
	}
	rest, ok := q.cutFormat(rest)
	if !ok {
		return wrong(http.StatusNotFound, "format-unknown", "", "path", bare(q.URL.Path))
	}
	resource, id, named := strings.Cut(rest, "/")
	var allowed []string
	for i := range q.s.routes {
		rt := &q.s.routes[i]
		if rt.resource != resource || rt.named != named || strings.Contains(id, "/") {
			continue
		}
		if named && id == "" {
			return wrong(http.StatusBadRequest, "parameter-missing", names[resource])
		}
		if rt.method == q.Method || rt.method == "GET" && q.Method == "HEAD" {
			q.rt, q.id = rt, id
			return nil
		}
		allowed = append(allowed, rt.method)
	}
	if len(allowed) > 0 {
		q.w.Header().Set("Allow", strings.Join(allowed, ", "))
		return wrong(http.StatusMethodNotAllowed, "no-such-address", "", "path", bare(q.URL.Path))
	}
	return wrong(http.StatusNotFound, "no-such-address", "", "path", bare(q.URL.Path))
}

// bare is an address without its format.
func bare(address string) string { return strings.TrimSuffix(address, path.Ext(address)) }

// changeset is when what can be reported changed last, as far as is known.
type changeset struct {
	mu   sync.Mutex
	what string
	at   int64 // µs
}

// of returns since when what can be reported is what it is: since the packs were installed, or since this process saw it change.
func (c *changeset) of(what string, installed, now int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.what == "" || installed > c.at:
		c.at = installed
	case c.what != what:
		c.at = now
	}
	c.what = what
	return c.at
}

// Routes lists every method, in JSON, with the permission that it declares.
func Routes() (all []access.Route) {
	for _, r := range routes() {
		pattern := Base + "/" + r.resource + ".json"
		if r.named {
			pattern = Base + "/" + r.resource + "/{id}.json"
		}
		all = append(all, access.Route{Method: r.method, Pattern: pattern, Action: r.action, On: r.on, Keyed: r.method == http.MethodPost})
	}
	return all
}
