package web

// welcome is the start page.
func (s *server) welcome(q *request) error {
	return q.render(200, "welcome", nil)
}
