package gate

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestCookiesAreOfThisHostOnly sets and sends cookies over TLS, through a proxy that speaks TLS, and in the clear on one's own machine.
func TestCookiesAreOfThisHostOnly(t *testing.T) {
	for _, c := range []struct {
		why, scheme, forwarded, sent, seen, set string
	}{
		{"over TLS the name has the prefix both ways", "https", "", "__Host-lang=en; __Host-bihuan=s", "en s", "__Host-lang=zh; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"},
		{"what a sibling planted is nothing", "https", "", "lang=en; bihuan=s", "none none", "__Host-lang=zh; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"},
		{"a sibling's does not stand before our own", "https", "", "lang=planted; __Host-lang=en; __Secure-bihuan=s", "en none", "__Host-lang=zh; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"},
		{"a proxy that speaks TLS is believed", "http", "https", "__Host-lang=en", "en none", "__Host-lang=zh; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"},
		{"in the clear, on this machine, names stay", "http", "", "lang=en", "en none", "lang=zh; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"},
	} {
		r := httptest.NewRequest("GET", c.scheme+"://bihuan.example.cn/", nil)
		r.RemoteAddr = "127.0.0.1:4711"
		r.Header.Set("Cookie", c.sent)
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-Proto", c.forwarded)
		}
		var seen []string
		w := httptest.NewRecorder()
		New(Config{Vouched: anyHost, Proxies: local(t)}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, name := range []string{"lang", "bihuan"} {
				if k, err := r.Cookie(name); err == nil {
					seen = append(seen, k.Value)
				} else {
					seen = append(seen, "none")
				}
			}
			http.SetCookie(w, &http.Cookie{Name: "lang", Value: "zh", Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		})).ServeHTTP(w, r)
		w.Flush()
		if got := strings.Join(seen, " "); got != c.seen {
			t.Errorf("%s: the face sees %s, want %s", c.why, got, c.seen)
		}
		if got := w.Header().Get("Set-Cookie"); got != c.set {
			t.Errorf("%s: %s, want %s", c.why, got, c.set)
		}
	}
}
