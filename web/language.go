package web

import (
	"net/http"
	"strings"
)

// language remembers the language or the size of type 大字版 that was chosen, and returns to the page.
func (s *server) language(q *request) error {
	remember := func(called, value string) {
		http.SetCookie(q.w, &http.Cookie{Name: called, Value: value, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, HttpOnly: true})
	}
	switch q.FormValue("type") {
	case "large", "usual":
		remember("type", q.FormValue("type"))
		return q.redirect(local(q.FormValue("to")))
	}
	lang := "zh"
	if q.FormValue("lang") == "en" {
		lang = "en"
	}
	remember("lang", lang)
	return q.redirect(local(q.FormValue("to")))
}

// IsLarge reports whether the reader asked for large type.
func (q *request) IsLarge() bool {
	c, err := q.Cookie("type")
	return err == nil && c.Value == "large"
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
