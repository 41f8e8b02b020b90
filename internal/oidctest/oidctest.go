// Package oidctest starts a real OpenID provider for a test, and is the browser that goes to it: the provider of
// github.com/zitadel/oidc with its people in memory. [Start] starts it, [Server.Login] signs one of them in.
package oidctest

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

// Secret is what the clients of a server prove themselves with.
const Secret = "a secret between the two houses"

// Server is a provider that runs until its test ends.
type Server struct {
	Issuer string
	Client string
	base   string
}

// clients guards what the example's server keeps for the whole process: its list of clients and the logger that it takes.
var clients sync.RWMutex

// Start starts a provider that knows this house by a client id of its own and sends browsers back to one of redirects.
func Start(t testing.TB, client string, redirects ...string) *Server {
	t.Helper()
	var handler http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clients.RLock()
		defer clients.RUnlock()
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	issuer := strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)
	clients.Lock()
	defer clients.Unlock()
	storage.RegisterClients(storage.WebClient(client, Secret, redirects...))
	was := slog.Default() // the example's server takes the logger of the whole process
	handler = exampleop.SetupServer(issuer, storage.NewStorage(storage.NewUserStore(issuer)), slog.New(slog.NewTextHandler(io.Discard, nil)), false)
	t.Cleanup(func() { slog.SetDefault(was) })
	return &Server{Issuer: issuer, Client: client, base: srv.URL}
}

// Login is a person's browser: it follows the address that the house has sent it to, fills in the provider's form with one of
// its persons, user 1 or 2, and returns the address that it is sent back to.
func (s *Server) Login(t testing.TB, to string, user int) *url.URL {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	login := hop(t, browser, http.MethodGet, to, nil)
	name := "test-user2"
	if user == 1 {
		name = "test-user@localhost"
	}
	form := url.Values{"username": {name}, "password": {"verysecure"}, "id": {login.Query().Get("authRequestID")}}
	return hop(t, browser, http.MethodGet, hop(t, browser, http.MethodPost, s.abs(login), form).String(), nil)
}

func (s *Server) abs(u *url.URL) string {
	base, _ := url.Parse(s.Issuer)
	return base.ResolveReference(u).String()
}

// hop makes one request and returns where it leads.
func hop(t testing.TB, c *http.Client, method, to string, form url.Values) *url.URL {
	t.Helper()
	req, err := http.NewRequest(method, to, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	at, err := res.Location()
	if err != nil {
		b, _ := io.ReadAll(io.LimitReader(res.Body, 500))
		t.Fatalf("%s %s: %s leads nowhere: %s", method, req.URL.Path, res.Status, b)
	}
	return at
}
