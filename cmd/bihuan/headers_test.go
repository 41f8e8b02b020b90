//go:build long

package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bihuan/internal/bar"
)

// forged are the ways in which a page of another site, or of a sibling's, makes a browser that is signed in here ask.
var forged = []map[string]string{
	{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site", "Origin": "https://sub.example.com"},
	{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://example.com.evil.example"}, {"Origin": "https://sub.example.com"},
	{"Referer": "https://evil.example/example.com"}, {},
}

// TestBar_A07_NoRouteTakesWhatAnotherSiteSends sends a form to every route that changes something, as somebody signed in.
func TestBar_A07_NoRouteTakesWhatAnotherSiteSends(t *testing.T) {
	c := newCrawler(t, "issuer")
	was, _, err := c.h.store.Head(t.Context(), c.h.desk.District())
	if err != nil {
		t.Fatal(err)
	}
	routes, tries := 0, 0
	r := &c.roles[slices.IndexFunc(c.roles, func(r role) bool { return r.name == "issuer" })]
	for _, rt := range c.routes {
		if rt.Method == "GET" || strings.HasPrefix(rt.Pattern, "/open311/") {
			continue
		}
		routes++
		for _, h := range forged {
			q := request(rt.Method, "https://example.com"+pathOf(rt, r.own["matter"]), strings.NewReader(url.Values{"person": {string(r.who.Person)}}.Encode()))
			q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for k, v := range h {
				q.Header.Set(k, v)
			}
			q.AddCookie(&http.Cookie{Name: "__Host-bihuan", Value: r.secret})
			w := httptest.NewRecorder()
			c.handler.ServeHTTP(w, q)
			if tries++; w.Code != http.StatusForbidden || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s %s with %v: %d", rt.Method, rt.Pattern, h, w.Code)
			}
		}
	}
	if now, _, err := c.h.store.Head(t.Context(), c.h.desk.District()); err != nil || now != was {
		t.Errorf("%d events were written, %v", now-was, err)
	}
	bar.Report(t, "A-07", "%d state-changing routes × %d forged origins, %d requests, 0 accepted", routes, len(forged), tries)
}

// required are the headers that every answer has, with what their value must look like.
var required = []struct {
	name string
	form *regexp.Regexp
}{
	{"Content-Security-Policy", regexp.MustCompile(`default-src 'none'`)},
	{"X-Content-Type-Options", regexp.MustCompile(`^nosniff$`)},
	{"Referrer-Policy", regexp.MustCompile(`^(same-origin|no-referrer)$`)},
	{"Cross-Origin-Opener-Policy", regexp.MustCompile(`^same-origin$`)},
	{"Cross-Origin-Resource-Policy", regexp.MustCompile(`^same-origin$`)},
	{"Permissions-Policy", regexp.MustCompile(`camera=\(\).*microphone=\(\)`)},
	{"Strict-Transport-Security", regexp.MustCompile(`^max-age=(3153[6-9]|31[6-9]|3[2-9]|[4-9])\d+; includeSubDomains`)},
	{"Cache-Control", regexp.MustCompile(`no-store|no-cache|max-age`)},
}

// isOpenData reports whether pages of every origin may read an answer, never with what a browser knows of its person: what is public by
// law, and the doors for programs, which look at no cookie.
func isOpenData(what string) bool {
	_, path, _ := strings.Cut(what, " ")
	return strings.HasPrefix(path, "/open311/") || strings.HasPrefix(path, "/open/goals.")
}

// lookAt holds an answer against what every answer has.
func lookAt(t *testing.T, what string, w *httptest.ResponseRecorder) {
	t.Helper()
	h := w.Header()
	for _, r := range required {
		if !r.form.MatchString(h.Get(r.name)) || len(h[r.name]) != 1 {
			t.Errorf("%s: %s is %q", what, r.name, h[r.name])
		}
	}
	if open := h.Get("Access-Control-Allow-Origin"); open != "" && !(open == "*" && h.Get("Access-Control-Allow-Credentials") == "" && isOpenData(what)) {
		t.Errorf("%s: pages of %s may read it", what, open)
	}
	if n := h.Get("Content-Length"); n != "" && n != strconv.Itoa(w.Body.Len()) && !strings.HasPrefix(what, "HEAD ") || h.Get("Transfer-Encoding") != "" {
		t.Errorf("%s: the answer has %d bytes and says %q", what, w.Body.Len(), n)
	}
	policy := h.Get("Content-Security-Policy")
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || !strings.Contains(policy, "frame-ancestors 'none'") && !strings.Contains(policy, "sandbox") {
		t.Errorf("%s: the policy is %q", what, policy)
	}
	if !strings.HasSuffix(policy, "; report-uri /csp-report") {
		t.Errorf("%s: nobody is told what the policy %q keeps out", what, policy)
	}
	media := h.Get("Content-Type")
	if w.Body.Len() > 0 && media == "" || strings.HasPrefix(media, "text/") && !strings.Contains(media, "charset=") && !strings.HasPrefix(media, "text/calendar") {
		t.Errorf("%s: the answer is of type %q", what, media)
	}
	if strings.HasPrefix(media, "text/html") && w.Code == 200 && !strings.Contains(h.Get("Cache-Control"), "no-store") {
		t.Errorf("%s: a page may be kept: %q", what, h.Get("Cache-Control"))
	}
	for _, cookie := range (&http.Response{Header: h}).Cookies() {
		if !cookie.Secure || !cookie.HttpOnly || cookie.SameSite == 0 || cookie.SameSite == http.SameSiteNoneMode || cookie.Path != "/" || cookie.Domain != "" || !strings.HasPrefix(cookie.Name, "__Host-") {
			t.Errorf("%s: the cookie %s", what, cookie)
		}
		if n := len(cookie.Name) + len(cookie.Value); n > 4096 {
			t.Errorf("%s: the cookie %s has %d bytes", what, cookie.Name, n)
		}
	}
	if w.Code >= 400 {
		for _, leak := range []string{"goroutine", ".go:", "SQLITE", "sql:", "panic", "/home/", "runtime."} {
			if strings.Contains(w.Body.String(), leak) {
				t.Errorf("%s tells %q", what, leak)
			}
		}
	}
}

// TestBar_A07_EveryAnswerIsClosed looks at the headers of every route over TLS, signed in and not, and of what is no route.
func TestBar_A07_EveryAnswerIsClosed(t *testing.T) {
	c := newCrawler(t, "issuer")
	answers := 0
	ask := func(r *role, method, path string, more ...string) {
		t.Helper()
		q := request(method, "https://example.com/", strings.NewReader(""))
		q.URL, q.RequestURI = &url.URL{Path: path}, path
		if at, query, ok := strings.Cut(path, "?"); ok {
			q.URL = &url.URL{Path: at, RawQuery: query}
		}
		q.TLS = &tls.ConnectionState{}
		q.Header.Set("Sec-Fetch-Site", "same-origin")
		for i := 0; i+1 < len(more); i += 2 {
			q.Header.Set(more[i], more[i+1])
		}
		if r.secret != "" {
			q.AddCookie(&http.Cookie{Name: "__Host-bihuan", Value: r.secret})
		}
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, q)
		answers++
		lookAt(t, fmt.Sprintf("%s %.80s as %q: %d", method, path, r.name, w.Code), w)
	}
	nobody, issuer := &c.roles[0], &c.roles[slices.IndexFunc(c.roles, func(r role) bool { return r.name == "issuer" })]
	for _, rt := range c.routes {
		for _, r := range []*role{nobody, issuer} {
			if strings.HasSuffix(rt.Pattern, "/verify") && r == issuer || strings.HasPrefix(rt.Pattern, "/demo/") && rt.Method == "POST" && rt.Pattern != "/demo/act-as" {
				continue
			}
			id := r.own[nounOf(rt)]
			if id == "" {
				id = absent
			}
			ask(r, rt.Method, pathOf(rt, id))
		}
	}
	page := httptest.NewRecorder()
	c.handler.ServeHTTP(page, request("GET", "/", nil))
	for _, m := range regexp.MustCompile(`/assets/[^"]+`).FindAllString(page.Body.String(), -1) {
		ask(nobody, "GET", m)
	}
	for _, odd := range []string{"/nothing", "/assets/nothing.js", "/assets/", "/api", "/api/", "/api/v1/nothing", "/open311/nothing", "/%00", "/..", "//evil.example", "/desk/../api/v1/me", "/.git/config",
		"/tiles/matters/99/0/0", "/matters/x/files/y", "/?lang=" + strings.Repeat("x", 9000), "/search?q=%ff%fe", "/reports/" + strings.Repeat("%2e%2e/", 20)} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "SPLASH"} {
			ask(issuer, method, odd)
		}
	}
	ask(nobody, "POST", "/language", "Content-Type", "multipart/form-data; boundary=") // broken forms
	ask(nobody, "POST", "/report", "Content-Type", "multipart/form-data")
	ask(nobody, "POST", "/report", "Content-Type", "application/x-www-form-urlencoded", "Content-Length", "-1")
	bar.Report(t, "A-07", "%d answers of %d routes and of what is none over TLS: typed, closed, without a word of the inside", answers, len(c.routes))
}

// told are versions of what lies behind, which nobody outside is told: neither by a header nor in what is answered. Libraries of browsers say
// theirs in their own files.
var told = regexp.MustCompile(`\bgo1\.\d|(?i:sqlite)[ /]\d|modernc\.org/|(?i:excelize)|\bgmsm\b`)

// TestNothingIsAddedToAnAddressForAnotherReader asks every page that somebody may see by addresses with an ending that caches keep, and with the names by which a
// script would have an answer call it (JSONP): no such address is a page, what is answered at all is kept by no cache, no answer becomes a script, and none tells
// what version of what it rests on.
//
// Source: OWASP ASVS 5.0.0, 3.5.6, 13.4.6 and 14.2.5, as read.
func TestNothingIsAddedToAnAddressForAnotherReader(t *testing.T) {
	c := newCrawler(t, "issuer")
	issuer := &c.roles[slices.IndexFunc(c.roles, func(r role) bool { return r.name == "issuer" })]
	ask := func(path string) *httptest.ResponseRecorder {
		q := request("GET", path, nil)
		q.AddCookie(&http.Cookie{Name: "bihuan", Value: issuer.secret})
		q.Header.Set("Authorization", "Bearer "+issuer.secret)
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, q)
		for _, name := range []string{"Server", "X-Powered-By", "X-Generator", "Via", "X-Runtime"} {
			if v := w.Header().Get(name); v != "" {
				t.Errorf("%s: the answer says %s: %s", path, name, v)
			}
		}
		if found := told.FindString(w.Body.String()); found != "" {
			t.Errorf("%s tells %q", path, found)
		}
		return w
	}
	pages, tries := 0, 0
	for _, rt := range c.routes {
		if rt.Method != "GET" || strings.HasPrefix(rt.Pattern, "/demo/") {
			continue
		}
		id := issuer.own[nounOf(rt)]
		if id == "" {
			id = absent
		}
		path := pathOf(rt, id)
		if ask(path).Code != http.StatusOK {
			continue
		}
		pages++
		at, query, _ := strings.Cut(path, "?")
		for _, more := range []string{"/x.css", ".css", ";x.css", "%2fx.css", "%3bx.css", "%00.css", "%0a.css", "/..%2fx.css"} {
			if at == "/" {
				continue
			}
			w := ask(at + more + "?" + query)
			if tries++; w.Code == http.StatusOK && !strings.Contains(w.Header().Get("Cache-Control"), "no-store") {
				t.Errorf("%s is answered and may be kept: %q", at+more, w.Header().Get("Cache-Control"))
			}
			if w.Code == http.StatusOK && strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && strings.HasPrefix(more, "/") {
				t.Errorf("%s is a page", at+more)
			}
		}
		w := ask(at + "?" + query + "&callback=steal&jsonp=steal&cb=steal&_callback=steal")
		if tries++; strings.Contains(w.Header().Get("Content-Type"), "javascript") || strings.HasPrefix(strings.TrimSpace(w.Body.String()), "steal") {
			t.Errorf("%s calls a script of the caller's: %s", at, w.Header().Get("Content-Type"))
		}
	}
	if pages < 60 {
		t.Errorf("only %d pages were seen", pages)
	}
	t.Logf("%d pages, %d addresses", pages, tries)
}
