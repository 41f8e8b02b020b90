package web

import (
	"bihuan/desk"
	"bihuan/kernel/matter"
)

// actOnCase does an act to a case and goes on to the next one of the list. "once" does it with what the case holds, without
// its form.
func (s *server) actOnCase(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	a, err := s.caseOf(q, q.id(), q.FormValue("act"))
	if err != nil {
		return err
	}
	do := desk.Do{Command: q.sentCommand(), Matter: a.Matter.ID, Version: int64(atoi(q.FormValue("version"))), Act: a.Act.Key}
	switch {
	case q.FormValue("do") == "look":
		q.mergeClass()
		return s.caseAgain(q, a, nil)
	case q.FormValue("once") == "":
		q.mergeClass()
		if err = a.read(q, &do); err == nil {
			s.sealPhotos(&do)
		}
	}
	if err == nil {
		_, err = s.Desk.Chain(q.Context(), q.Who, append([]desk.Do{do}, ended(q, a)...)...)
	}
	if err != nil {
		return s.caseAgain(q, a, err)
	}
	to := listQuery(q.URL.Query())
	to.Set("done", string(a.Matter.ID))
	to.Set("did", a.Act.Key)
	return q.redirect(address("/desk/cases", to))
}

// ended is what follows an act at once: a case that is split into its demands ends in them.
func ended(q *request, a *actView) []desk.Do {
	if a.Act.Verb != matter.Split {
		return nil
	}
	for _, act := range fieldActs(a.Matter) {
		if act.Verb == matter.Merge {
			return []desk.Do{{Act: act.Key, Reason: q.Says("cases.split-reason")}}
		}
	}
	return nil
}

// sealPhotos seals what comes with an act at a desk; other files than photos are documents and stay as they are.
func (s *server) sealPhotos(do *desk.Do) {
	for i := range do.Evidence {
		e := &do.Evidence[i]
		for _, f := range do.Files {
			if e.Kind == matter.Photo && f.Hash.String() == e.File {
				e.Capture = s.Desk.Received(f.Bytes, "")
			}
		}
	}
}

// caseAgain shows the panes once more with what was typed.
func (s *server) caseAgain(q *request, a *actView, err error) error {
	status := 200
	if err != nil {
		f, ok := q.flaw(err)
		if !ok {
			return err
		}
		a.Flaw, status = f, 422
	}
	v, err := s.cases(q)
	if err != nil {
		return err
	}
	kept := a.Flaw
	if q.FormValue("once") == "" {
		a.fill(q, q.Form)
	} else {
		a.fill(q, nil)
	}
	a.Flaw = kept
	if v.Case, err = s.casePane(q, a); err != nil {
		return err
	}
	if err := v.draw(q); err != nil {
		return err
	}
	return q.render(status, "cases", v)
}
