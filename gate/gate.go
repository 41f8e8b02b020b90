// Package gate is what every request passes before a face sees it, and what every answer carries on its way out.
//
// [New] puts a handler behind the gate; [Server] is the HTTP server with its limits, [Listen] a listener that holds a
// bounded number of connections. The gate refuses what is too much or of no method that we know, what asks for another host, and
// what a page of another site made a browser send; it says who is at the other end, believing only the proxies that were named; it gives every answer
// the headers of a page that trusts nothing, which a face may loosen for its own; and a fault that nothing else caught is
// answered with its number and logged in full, never shown.
//
// Who may do what is left to the faces and the desk. It rests on [bihuan/desk/words] for what it says to people.
package gate

import (
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
)

// Config is what the gate needs. The zero value answers to this machine's own names, believes no proxy and logs nowhere.
type Config struct {
	Hosts   []string               // names in lower case by which it may be asked besides this machine's own, such as the one that people are told
	Vouched func(host string) bool // over TLS: whether the certificate is one of a name or an address, in lower case; nil without TLS
	Proxies []netip.Prefix         // whose X-Forwarded-For and X-Forwarded-Proto are believed
	Chance  func([]byte)           // fills the numbers of faults
	Log     *slog.Logger
	Reports string                             // the address at which browsers tell of content that a policy kept out; empty: nowhere
	Told    func(code string, r *http.Request) // told of each request that is turned away and of each fault, r.RemoteAddr being the caller's own; may be nil
}

// Limits of a request, ours. A browser's address bar holds 2 KB and more; the longest filter of a list has some 40 parameters;
// the longest form, a table of 500 rows by 8 columns, has 4,000 fields.
const (
	MaxTarget  = 8 << 10  // bytes of the address with its query
	MaxQuery   = 500      // parameters of the query
	MaxHeaders = 100      // header lines
	MaxFields  = 10_000   // fields of a form that is not multipart; net/url refuses more too
	MaxForm    = 4 << 20  // bytes of such a form
	MaxBody    = 64 << 20 // bytes of any body; each face has lower limits of its own
)

// methods are those that any face answers. Everything else is refused here.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// gate is the handler with what it stands before.
type gate struct {
	Config
	next http.Handler
}

// New returns next behind the gate.
func New(c Config, next http.Handler) http.Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &gate{c, next}
}

// ServeHTTP passes a request on, or answers it. next gets the request with the real address of the caller as RemoteAddr and
// without the headers by which anybody could claim another address or method.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure := g.identify(r)
	carry(w.Header(), secure)
	t := &teller{ResponseWriter: w, secure: secure, reports: g.Reports}
	defer g.rescue(t, r, secure)
	if bad := tooMuch(r); bad != nil {
		g.tell(bad.code, r)
		bad.answer(t, r)
		return
	}
	if !g.isMeant(r) {
		g.tell("no-such-host", r)
		(&refusal{http.StatusMisdirectedRequest, "no-such-host"}).answer(t, r)
		return
	}
	if isForeign(r) {
		g.tell("cross-origin", r)
		(&refusal{http.StatusForbidden, "cross-origin"}).answer(t, r)
		return
	}
	if secure {
		ownCookies(r.Header)
	}
	if r.ProtoMajor == 1 && len(r.TransferEncoding) > 0 {
		// A length beside chunks is dropped by the server, so that a front that went by the length has seen another end: what
		// comes behind is not taken for a second request. RFC 9112 (2022), 6.1.
		t.Header().Set("Connection", "close")
	}
	bound(t, r)
	g.next.ServeHTTP(t, r)
	if !t.begun { // an empty answer, which the server writes afterwards
		t.begin()
	}
}

func (g *gate) tell(code string, r *http.Request) {
	if g.Told != nil {
		g.Told(code, r)
	}
}

// tooMuch refuses a request by its first lines.
func tooMuch(r *http.Request) *refusal {
	lines := 0
	for _, all := range r.Header {
		lines += len(all)
	}
	switch {
	case !slices.Contains(methods, r.Method):
		return &refusal{http.StatusMethodNotAllowed, "no-such-method"}
	case len(r.RequestURI) > MaxTarget:
		return &refusal{http.StatusRequestURITooLong, "address-too-long"}
	case len(r.Header["Content-Length"]) > 1: // over HTTP/2, where nobody else looks
		return &refusal{http.StatusBadRequest, "too-many-headers"}
	case lines > MaxHeaders:
		return &refusal{http.StatusRequestHeaderFieldsTooLarge, "too-many-headers"}
	case separators(r.URL.RawQuery) >= MaxQuery:
		return &refusal{http.StatusBadRequest, "too-many-parameters"}
	}
	return nil
}
