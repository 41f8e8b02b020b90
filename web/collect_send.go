package web

import (
	"slices"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/kernel/matter"
)

// newCapture shows the form by which something is reported from outside.
func (s *server) newCapture(q *request) error {
	a, err := s.capturing(q, q.Asked("kind"), q.Asked("act"))
	if err != nil {
		return err
	}
	a.fill(q, nil)
	return s.renderPhone(q, 200, a)
}

// capturing finds the act that opens a matter from outside.
func (s *server) capturing(q *request, kind, act string) (*actView, error) {
	if err := s.mayCollect(q); err != nil {
		return nil, err
	}
	for _, o := range s.fieldOpenings(q) {
		if o.Kind.Ref == kind && o.Act.Key == act {
			return &actView{Kind: o.Kind, Act: o.Act}, nil
		}
	}
	return nil, fault.Refuse(fault.ErrDenied, "not-your-part", "")
}

// showTask shows a task with the form of what is to be done with it.
func (s *server) showTask(q *request) error {
	a, err := s.task(q, q.Asked("act"))
	if err != nil {
		return err
	}
	a.fill(q, nil)
	return s.renderPhone(q, 200, a)
}

// task finds a task and one of its acts: the one asked for, otherwise the first that brings it on.
func (s *server) task(q *request, act string) (*actView, error) {
	if err := s.mayCollect(q); err != nil {
		return nil, err
	}
	m, err := s.Desk.Matter(q.Context(), q.Who, q.id("id"))
	if err != nil {
		return nil, err
	}
	acts := fieldActs(&m)
	i := slices.IndexFunc(acts, func(a *matter.Act) bool { return a.Key == act })
	switch {
	case i < 0 && act != "":
		return nil, fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", act)
	case len(acts) == 0:
		return &actView{Matter: &m, Kind: m.Def, Act: &matter.Act{}, Version: m.Version}, nil
	}
	return &actView{Matter: &m, Kind: m.Def, Act: acts[max(i, 0)], Version: m.Version}, nil
}

// fieldActs are the acts that the caller may do with a task, those that bring it on first.
func fieldActs(m *desk.MatterView) (all []*matter.Act) {
	for _, a := range m.Acts {
		if a.Refused == nil && a.Act.Verb != matter.Remind {
			all = inOrder(all, a.Act)
		}
	}
	return all
}

func (s *server) renderPhone(q *request, status int, a *actView) error {
	v, err := s.phone(q, a)
	if err != nil {
		return err
	}
	v.Address = "/collect/new"
	if a.Matter != nil {
		v.Address = "/collect/" + string(a.Matter.ID)
		v.Acts = fieldActs(a.Matter)
		for _, e := range a.Matter.Evidence {
			if e.Kind == matter.Photo {
				v.Photos = append(v.Photos, e)
			}
		}
	}
	return q.render(status, "collect_form", v)
}

// sendCapture files what was captured.
func (s *server) sendCapture(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	a, err := s.capturing(q, q.FormValue("kind"), q.FormValue("act"))
	if err != nil {
		return err
	}
	return s.send(q, a)
}

// sendTask sends what was done with a task.
func (s *server) sendTask(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	a, err := s.task(q, q.FormValue("act"))
	if err != nil {
		return err
	}
	return s.send(q, a)
}

// send does the act under the id that the phone gave it: the same id again does nothing and answers as before.
func (s *server) send(q *request, a *actView) error {
	q.mergeClass()
	if q.FormValue("do") == "look" {
		a.fill(q, q.Form)
		return s.renderPhone(q, 200, a)
	}
	a.prefill(q)
	do := desk.Do{Command: s.Desk.CommandOf(q.Who, q.FormValue("command")), Act: a.Act.Key}
	err := a.read(q, &do)
	if err == nil {
		err = s.seal(q, &do)
	}
	var done desk.Done
	if err == nil {
		if a.Matter == nil {
			do.Kind = a.Kind.Ref
			done, err = s.Desk.Start(q.Context(), q.Who, do)
		} else {
			do.Matter, do.Version = a.Matter.ID, int64(atoi(q.FormValue("version")))
			done, err = s.Desk.Act(q.Context(), q.Who, do)
		}
	}
	if err == nil {
		return q.collected(done.Matter, a.Act.Key)
	}
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	a.fill(q, q.Form)
	a.Flaw = f
	return s.renderPhone(q, 422, a)
}
