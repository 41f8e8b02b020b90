package web

import (
	"net/http"

	"bihuan/ground/access"
	"bihuan/ground/name"
)

func scratch() []route {
	return []route{{pattern: "GET /zz/{p}", action: access.PublicRead, on: access.Platform, do: func(s *server, q *request) error {
		secret, err := s.Demo.ActAs(q.Context(), name.Person(q.PathValue("p")))
		if err != nil {
			return err
		}
		http.SetCookie(q.w, &http.Cookie{Name: cookieName, Value: secret, Path: "/"})
		return q.redirect("/")
	}}}
}
