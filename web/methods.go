package web

// methodsView is the page of the API: how a program asks, and what.
type methodsView struct {
	Base    string // where the pages are reached
	Methods []Method
}

// showMethods describes the API to people; programs read /api/openapi.json.
func (s *server) showMethods(q *request) error {
	return q.render(200, "methods", methodsView{q.origin(), s.Methods})
}
