package web

import (
	"net/http"
	"strings"
)

// language remembers the language chosen and returns to the page.
func (s *server) language(q *request) error {
	lang := "zh"
	if q.FormValue("lang") == "en" {
		lang = "en"
	}
	http.SetCookie(q.w, &http.Cookie{Name: "lang", Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, HttpOnly: true})
	return q.redirect(local(q.FormValue("to")))
}

// local returns an address of our own, the start page for anything else: no redirect leads away.
func local(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}
