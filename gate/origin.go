package gate

import (
	"net/http"
	"net/url"
	"strings"
)

// isForeign reports whether a request that changes something was made by a page of another site, or may have been: a browser says
// where it comes from in Sec-Fetch-Site or Origin, an old one at least in Referer. A request that carries cookies and says
// none of the three is foreign: no browser that we know sends one. Without cookies nothing of the caller's own is
// borrowed, and programs say none of the three.
//
// The doors for programs (/open311/) are open to pages of every origin: they look at no cookie.
//
// Source: OWASP ASVS 5.0.0, 3.5.1 to 3.5.3 and 3.5.8, as read; net/http.CrossOriginProtection, which the faces have besides.
func isForeign(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions || isProgramsDoor(r.URL.Path) {
		return false
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return true
	}
	if origins, sent := r.Header["Origin"]; sent {
		return len(origins) != 1 || !isOurs(origins[0], r.Host)
	}
	if r.Header.Get("Sec-Fetch-Site") != "" || len(r.Header["Cookie"]) == 0 {
		return false
	}
	return !isOurs(r.Header.Get("Referer"), r.Host)
}

// isProgramsDoor reports whether an address is of the doors for programs, which answer it with slashes to spare too. One that climbs
// out of them is not.
func isProgramsDoor(at string) bool {
	return strings.HasPrefix(at, "/") && strings.HasPrefix(strings.TrimLeft(at, "/"), "open311/") && !strings.Contains(at, "/..")
}

// isOurs reports whether an address is of the host that was asked.
func isOurs(address, host string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil && strings.EqualFold(u.Host, host)
}
