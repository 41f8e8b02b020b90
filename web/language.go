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

// local returns an address of our own, the start page for anything else: no redirect leads away. Browsers take a backslash for a
// slash and leave out tabs and ends of lines wherever they stand, so that "/\t/elsewhere" is another host to them; an address has
// no control characters.
//
// Source: WHATWG URL, 4.4 (URL parsing), as read.
func local(to string) string {
	odd := func(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsFunc(to, odd) {
		return "/"
	}
	return to
}
