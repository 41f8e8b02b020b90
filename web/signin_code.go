package web

import "strings"

// sendCode sends a code to a number or an address, and asks for it.
func (s *server) sendCode(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	v := otherView{Room: ways, To: local(q.PostFormValue("to")), Number: strings.TrimSpace(q.PostFormValue("number"))}
	secret, err := ways.SendCode(q.Context(), v.Number, v.To, q.address(), q.Lang)
	if err != nil {
		return q.otherAgain(ways, v, err)
	}
	q.remember(secret)
	v.Sent = true
	return q.render(200, "signin_other", v)
}

// answerCode signs a resident in who types the code that was sent.
func (s *server) answerCode(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	secret := ""
	if c, err := q.Cookie(s.askedName()); err == nil {
		secret = c.Value // kept until the code is right: it may be typed five times
	}
	o, err := ways.AnswerCode(q.Context(), secret, q.PostFormValue("code"), q.address(), q.UserAgent())
	if err == nil {
		q.recall()
		return q.concluded(o)
	}
	f, _ := q.flaw(err)
	return q.otherAgain(ways, otherView{To: "/", Sent: f.Field == "code"}, err)
}
