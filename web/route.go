package web

import "bihuan/ground/access"

// route is one line of the table of routes: what is asked, the permission that it asks for, and who answers.
type route struct {
	pattern string
	action  access.Action
	on      access.ObjectType
	do      func(*server, *request) error
	demo    bool // only in the demo
}

// routes are all pages. A page whose object may be foreign asks the desk again for that very object.
func routes() []route {
	return []route{
		{pattern: "GET /{$}", action: access.PublicRead, on: access.Platform, do: (*server).welcome},
		{pattern: "POST /language", action: access.PublicRead, on: access.Platform, do: (*server).language},
	}
}
