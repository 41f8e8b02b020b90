package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestAPageTakesATokenInTheDemoAlone: a program reads a pack's faces as one of the demo's persons; elsewhere a page opens by its cookie and by
// nothing else.
func TestAPageTakesATokenInTheDemoAlone(t *testing.T) {
	h := stand(t)
	secret := h.session(h.one("office", "issuer"))
	c := h.config
	c.Demo = &Demo{}
	pages, err := New(c)
	h.must(err)
	for _, c := range []struct {
		authorization string
		want          int
	}{
		{"Bearer " + secret, 200},
		{"bearer  " + secret, 200},
		{"Basic " + secret, 403},
		{"Bearer " + secret + "0", 403},
		{"Bearer", 403},
		{"", 403},
	} {
		for _, face := range []string{"list", "chart", "handbook", "template", "mechanism"} {
			r := httptest.NewRequest("GET", "/packs/works/"+face, nil)
			r.Header.Set("Authorization", c.authorization)
			w := httptest.NewRecorder()
			if pages.ServeHTTP(w, r); w.Code != c.want {
				t.Errorf("%s with %q: %d, want %d", face, c.authorization, w.Code, c.want)
			}
		}
	}
	for _, c := range []struct {
		demo *Demo
		want string
	}{{&Demo{}, "token"}, {nil, "cookie"}} {
		r := httptest.NewRequest("GET", "/desk", nil)
		r.Header.Set("Authorization", "Bearer token")
		r.AddCookie(&http.Cookie{Name: plainCookie, Value: "cookie"})
		if got := (&server{Config: Config{Demo: c.demo}}).shown(r); got != c.want {
			t.Errorf("demo %v: shown %q, want %q", c.demo != nil, got, c.want)
		}
	}
}
