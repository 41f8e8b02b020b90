package web

import "bihuan/desk"

// versionsView is what a pack's open matters are to its newest version.
type versionsView struct {
	packFrame
	Move   desk.Move
	Reason string
	Flaw   flaw
}

// packVersions shows what could be moved to the newest version of a pack, and what stands in the way.
func (s *server) packVersions(q *request) error {
	return s.renderVersions(q, 200, versionsView{})
}

func (s *server) renderVersions(q *request, status int, v versionsView) error {
	p, err := s.pack(q)
	if err != nil {
		return err
	}
	moved := v.Move.Moved
	if v.Move, err = s.Desk.DryMove(q.Context(), q.Who, p.Name); err != nil {
		return err
	}
	v.packFrame, v.Move.Moved = packFrame{p, "versions"}, moved
	return q.render(status, "pack_versions", v)
}

// moveMatters moves what can be moved.
func (s *server) moveMatters(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	p, err := s.pack(q)
	if err != nil {
		return err
	}
	v := versionsView{Reason: q.FormValue("reason")}
	m, err := s.Desk.MoveMatters(q.Context(), q.Who, p.Name, v.Reason)
	if err == nil {
		v.Move.Moved, v.Reason = m.Moved, ""
		return s.renderVersions(q, 200, v)
	}
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	v.Flaw = f
	return s.renderVersions(q, 422, v)
}
