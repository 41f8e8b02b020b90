package web

import (
	"bihuan/desk/rights"
	"bihuan/ground/access"
)

// rightsWhyView is the page of why something was denied.
type rightsWhyView struct {
	rights.Why
	On    access.ObjectType
	Cells actionRights
}

// whyRights says who may do something, and what keeps the caller from it, by roles alone: about no object that exists.
func (s *server) whyRights(q *request) error {
	on := access.ObjectType(q.FormValue("on"))
	w, err := s.Rights.Why(q.Who, access.Action(q.FormValue("action")), on)
	if err != nil {
		return err
	}
	return q.render(200, "rights_why", rightsWhyView{Why: w, On: on, Cells: actionRights{Action: w.Declared.Action, Words: w.Declared.Words, Cells: w.Mine}})
}
