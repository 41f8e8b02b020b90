package web

import (
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/kernel/matter"
)

// newCapture shows the form by which something is reported from outside.
func (s *server) newCapture(q *request) error {
	if q.Asked("kind") == "" && q.Asked("act") == "" {
		return q.redirect("/collect") // where the kinds are offered
	}
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
	m, err := s.Desk.Matter(q.Context(), q.Who, q.id())
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
			all = inOrder(all, m.Def, m.State, a.Act)
		}
	}
	return all
}

func (s *server) renderPhone(q *request, status int, a *actView) error {
	v, err := s.phone(q, a)
	if err != nil {
		return err
	}
	if v.Staged, err = s.Doors.Staged(q.Context(), waitingUnder(s.Desk.CommandOf(q.Who, v.Command))); err != nil {
		return err
	}
	if len(v.Staged) > 0 {
		v.Seals = q.seals()
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

// send does the act under the id that the phone gave it: the same id again does nothing and answers as before. Photos that came wait
// under that id until the act is done, so that nobody has to take them again.
func (s *server) send(q *request, a *actView) error {
	q.mergeClass()
	key, _, _ := strings.Cut(q.FormValue("command"), commandFor)
	do := desk.Do{Command: s.Desk.CommandOf(q.Who, key), Act: a.Act.Key}
	if err := s.captured(q, a, &do); err != nil {
		return s.phoneAgain(q, a, err)
	}
	if q.FormValue("do") == "look" {
		a.fill(q, q.Form)
		return s.renderPhone(q, 200, a)
	}
	a.prefill(q)
	done, err := s.doPhone(q, a, &do)
	if err != nil {
		return s.phoneAgain(q, a, err)
	}
	s.stage(q, waitingUnder(do.Command), nil)
	return q.collected(done.Matter, a.Act.Key)
}

// doPhone reads what was typed and does the act.
func (s *server) doPhone(q *request, a *actView, do *desk.Do) (desk.Done, error) {
	if err := a.readForm(q, do); err != nil {
		return desk.Done{}, err
	}
	if a.Matter == nil {
		do.Kind = a.Kind.Ref
		return s.Desk.Start(q.Context(), q.Who, *do)
	}
	do.Matter, do.Version = a.Matter.ID, int64(atoi(q.FormValue("version")))
	return s.Desk.Act(q.Context(), q.Who, *do)
}

// phoneAgain shows the form with what is wrong with it.
func (s *server) phoneAgain(q *request, a *actView, err error) error {
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	a.fill(q, q.Form)
	a.Flaw = f
	return s.renderPhone(q, 422, a)
}

// captured gathers the evidence of a sending: photos that came before and were not dropped, then what comes now, each photo once and
// sealed. It keeps the photos for the next sending. What is not sealed well is not kept: it has to be taken again.
func (s *server) captured(q *request, a *actView, do *desk.Do) error {
	before, err := s.Doors.Staged(q.Context(), waitingUnder(do.Command))
	if err != nil {
		return err
	}
	before = slices.DeleteFunc(before, func(p upload) bool { return slices.Contains(q.Form["drop"], p.Hash.String()) })
	attach(do, matter.Photo, before)
	if err := a.readEvidence(q, do); err != nil {
		return err
	}
	once(do)
	if err := s.seal(q, do); err != nil {
		return err
	}
	var photos []upload
	for _, e := range do.Evidence {
		if i := slices.IndexFunc(do.Files, func(f upload) bool { return f.Hash.String() == e.File }); i >= 0 && e.Kind == matter.Photo {
			photos = append(photos, do.Files[i])
		}
	}
	s.stage(q, waitingUnder(do.Command), photos)
	return nil
}

// once drops evidence that is there already: a photo that waited and was chosen again.
func once(do *desk.Do) {
	seen := map[string]bool{}
	do.Evidence = slices.DeleteFunc(do.Evidence, func(e matter.Evidence) bool {
		again := e.File != "" && seen[e.File]
		seen[e.File] = true
		return again
	})
}

// waitingUnder is the receipt under which the photos of a phone's command wait: the command has its person in it, so nobody finds
// those of another.
func waitingUnder(command string) string { return doors.ReceiptOf("capture", command) }
