package web

import "net/http"

// askPasskey tells the browser's script to show a passkey.
func (s *server) askPasskey(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	told, secret, err := ways.AskPasskey(q.Context(), q.address())
	if err != nil {
		return err
	}
	return q.tell(told, secret)
}

// tell answers a script with what it tells the device.
func (q *request) tell(told []byte, secret string) error {
	q.remember(secret)
	q.w.Header().Set("Content-Type", "application/json")
	q.w.Header().Set("Cache-Control", "no-store")
	q.w.WriteHeader(http.StatusOK)
	_, err := q.w.Write(told)
	q.done = true
	return err
}

// answerPasskey signs in whoever shows a passkey, or takes it for a fresh proof of whoever is signed in.
func (s *server) answerPasskey(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	to := local(q.PostFormValue("to"))
	o, err := ways.AnswerPasskey(q.Context(), q.recall(), []byte(q.PostFormValue("answer")), q.visit, q.address(), q.UserAgent())
	switch {
	case err == nil && q.visit != nil:
		if err = q.proven(*q.visit, o.Proof.Proven...); err == nil {
			return q.redirect(to)
		}
	case err == nil:
		if err = q.signedIn(o.Proof, to); err == nil {
			return nil
		}
	}
	if f, ok := q.flaw(err); ok && q.visit != nil {
		return q.askProof(403, proveView{Flaw: f, To: to})
	}
	return q.otherAgain(ways, otherView{To: to}, err)
}

// askEnrolment tells the browser's script to make a passkey.
func (s *server) askEnrolment(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	me, err := q.own()
	if err != nil {
		return err
	}
	told, secret, err := ways.EnrolPasskey(q.Context(), me)
	if err != nil {
		return err
	}
	return q.tell(told, secret)
}

// answerEnrolment takes the passkey that was made.
func (s *server) answerEnrolment(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	me, err := q.own()
	if err != nil {
		return err
	}
	if err := ways.AnswerEnrolment(q.Context(), me, q.recall(), []byte(q.PostFormValue("answer")), q.PostFormValue("label")); err != nil {
		return q.waysAgain(me, err)
	}
	return q.redirect("/me/ways?done=added")
}
