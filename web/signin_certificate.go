package web

import (
	"io"

	"bihuan/desk/identity"
)

// certificateView is the page of the two steps: take the text, bring its signature.
type certificateView struct {
	Text string
	Adds bool
	Flaw flaw
}

// showCertificate shows a text to sign, made for this one time; with add, for whoever is signed in.
func (s *server) showCertificate(q *request) error {
	return q.askCertificate(200, q.Asked("add") != "", flaw{})
}

func (q *request) askCertificate(status int, adds bool, f flaw) error {
	ways, err := q.s.ways()
	if err != nil {
		return err
	}
	v, err := q.visiting(adds)
	if err != nil {
		return err
	}
	text, secret, err := ways.AskCertificate(q.Context(), v, q.address())
	if err != nil {
		return err
	}
	q.remember(secret)
	return q.render(status, "signin_certificate", certificateView{text, adds, f})
}

// answerCertificate takes the signature, as a file or pasted. What is wrong is said beside a new text: each is answered once.
func (s *server) answerCertificate(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	adds := q.FormValue("add") != ""
	v, err := q.visiting(adds)
	if err != nil {
		return err
	}
	answer := []byte(q.FormValue("answer"))
	if file, _, err := q.FormFile("file"); err == nil {
		defer file.Close()
		if b, err := io.ReadAll(io.LimitReader(file, identity.MaxAnswer+1)); err == nil && len(b) > 0 {
			answer = b
		}
	}
	o, err := ways.AnswerCertificate(q.Context(), q.recall(), answer, v, q.address(), q.UserAgent())
	if err == nil {
		err = q.concluded(o)
	}
	if f, ok := q.flaw(err); ok {
		return q.askCertificate(403, adds, f)
	}
	return err
}
