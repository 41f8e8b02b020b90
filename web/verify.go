package web

// verifyView is the state of the record, and what replaying it found.
type verifyView struct {
	Done    bool
	Verdict Verdict
	Took    string
}

// showVerify says what the record is and offers to check it.
func (s *server) showVerify(q *request) error { return q.render(200, "verify", verifyView{}) }

// runVerify replays the chain and says what it found.
func (s *server) runVerify(q *request) error {
	verdict, err := s.Verify(q.Context())
	if err != nil {
		return err
	}
	return q.render(200, "verify", verifyView{Done: true, Verdict: verdict, Took: verdict.Took.Round(1e6).String()})
}
