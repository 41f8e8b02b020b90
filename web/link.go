package web

import (
	"html/template"
	"net/http"
	"net/url"
)

// Opens reports whether the caller may do what the page at an address of ours asks for, so that no link leads to a refusal.
// An object may still be foreign: whoever lists objects lists only those that the caller sees.
func (q *request) Opens(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	_, pattern := q.s.table.Handler(&http.Request{Method: http.MethodGet, URL: u, Host: q.Host})
	r, ok := q.s.routes[pattern]
	return ok && q.s.Desk.Holds(q.Who, r.action, r.on)
}

// To is a link with its words where the caller may open what it leads to, and only the words where not.
func (q *request) To(address, words string) template.HTML {
	if !q.Opens(address) {
		return template.HTML(template.HTMLEscapeString(words))
	}
	return template.HTML(`<a href="` + template.HTMLEscapeString(address) + `">` + template.HTMLEscapeString(words) + `</a>`)
}
