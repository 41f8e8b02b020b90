package web

import (
	"net/url"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// openView is what the caller may open.
type openView struct{ Openings []desk.Opening }

// newMatter is the page on which a matter is opened: first what kind, then its form.
func (s *server) newMatter(q *request) error {
	if q.Asked("kind") == "" {
		return q.render(200, "matter_open", openView{s.Desk.Openings(q.Who)})
	}
	v, err := s.opening(q, q.Asked("kind"), q.Asked("act"))
	if err != nil {
		return err
	}
	if err := v.drafted(q, ""); err != nil {
		return err
	}
	v.Goal = name.ID(q.Asked("goal"))
	return q.renderAct(200, v)
}

// opening finds the act that opens a kind and that the caller may do.
func (s *server) opening(q *request, kind, act string) (*actView, error) {
	for _, o := range s.Desk.Openings(q.Who) {
		if o.Kind.Ref == kind && (act == "" || o.Act.Key == act) {
			return &actView{Kind: o.Kind, Act: o.Act}, nil
		}
	}
	return nil, fault.Refuse(fault.ErrDenied, "not-your-part", "")
}

// openMatter opens a matter with its form.
func (s *server) openMatter(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	v, err := s.opening(q, q.FormValue("kind"), q.FormValue("act"))
	if err != nil {
		return err
	}
	do := desk.Do{Command: q.sentCommand(), Kind: v.Kind.Ref, Act: v.Act.Key, Goal: name.ID(q.FormValue("goal"))}
	var done desk.Done
	if err = v.read(q, &do); err == nil {
		done, err = s.Desk.Start(q.Context(), q.Who, do)
	}
	if err != nil {
		return v.again(q, err)
	}
	return q.redirect("/matters/" + string(done.Matter) + "?done=" + url.QueryEscape(v.Act.Key))
}
