package web

import (
	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// masked are the personal values of a matter as they are shown without a purpose, by field.
func (s *server) masked(q *request, m *matter.Matter) (map[string]string, error) {
	values, err := s.Desk.MaskedOf(q.Context(), m)
	if err != nil || len(values) == 0 {
		return nil, err
	}
	all := map[string]string{}
	for _, v := range values {
		if all[v.Field.Key] = v.Shown; v.Shown == "" {
			all[v.Field.Key] = q.Says("personal.gone")
		}
	}
	return all, nil
}

// unmaskView is the part of a matter's page by which its persons are shown in the clear.
type unmaskView struct {
	Can    bool // there is something, and the matter is under way
	Values bool // of it something that is shown
	Sealed []desk.SealedOriginal
	High   bool // it takes two
	Why    desk.Purpose
	Reason string
	Asks   []desk.Ask
	Mine   bool // an agreement to what this person asked is there
	Shown  []shownField
	Flaw   flaw
}

// unmasking fills in the part for a matter.
func (s *server) unmasking(q *request, m *desk.MatterView) (v unmaskView, err error) {
	values, err := s.Desk.MaskedOf(q.Context(), &m.Matter)
	if err != nil {
		return v, err
	}
	for _, f := range values {
		v.Values = v.Values || f.Shown != "" && m.IsOpen()
		v.High = v.High || f.High && f.Shown != ""
	}
	if m.IsOpen() {
		v.Sealed = desk.Originals(&m.Matter)
	}
	v.Can = v.Values || len(v.Sealed) > 0
	if v.High {
		if v.Asks, err = s.Desk.Asks(q.Context(), q.Who, m.ID); err != nil {
			return v, err
		}
	}
	for _, a := range v.Asks {
		v.Mine = v.Mine || a.State == desk.StateAgreed && a.Person == q.Who.Person
	}
	return v, nil
}

// unmaskMatter shows the persons of a matter once, asks for a second person, or agrees as one.
func (s *server) unmaskMatter(q *request) error {
	m, err := s.Desk.Matter(q.Context(), q.Who, q.id())
	if err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	u := desk.Unmask{Matter: m.ID, Why: desk.Purpose(q.FormValue("why")), Reason: q.FormValue("reason")}
	var shown map[string]string
	switch q.FormValue("do") {
	case "ask":
		_, err = s.Desk.AskSecond(q.Context(), q.Who, u)
	case "agree":
		err = s.Desk.Agree(q.Context(), q.Who, name.ID(q.FormValue("ask")))
	case "original":
		return s.unseal(q, &m, u)
	case "", "show":
		shown, err = s.Desk.Reveal(q.Context(), q.Who, u)
	default:
		err = fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", q.FormValue("do"))
	}
	if err == nil && shown == nil {
		return q.redirect("/matters/" + string(m.ID) + "#unmask")
	}
	return s.unmasked(q, &m, u, shown, err)
}

// unseal hands out an original of a matter once.
func (s *server) unseal(q *request, m *desk.MatterView, u desk.Unmask) error {
	u.Fields = []string{q.FormValue("original")}
	f, err := s.Desk.Unseal(q.Context(), q.Who, u)
	if err != nil {
		return s.unmasked(q, m, u, nil, err)
	}
	return q.bytes(f)
}

// unmasked renders the matter's page with what was shown, or with why it was not.
func (s *server) unmasked(q *request, m *desk.MatterView, u desk.Unmask, shown map[string]string, err error) error {
	f, ok := q.flaw(err)
	if err != nil && (!ok || isProveAgain(err)) {
		return err
	}
	v, bad := s.matterOf(q, m)
	if bad != nil {
		return bad
	}
	v.Unmask.Why, v.Unmask.Reason, v.Unmask.Flaw = u.Why, u.Reason, f
	for i := range m.Def.Fields {
		if value := shown[m.Def.Fields[i].Key]; value != "" {
			v.Unmask.Shown = append(v.Unmask.Shown, shownField{Field: &m.Def.Fields[i], Text: value})
		}
	}
	q.w.Header().Set("Cache-Control", "no-store")
	status := 200
	if err != nil {
		status = 422
	}
	return q.render(status, "matter", v)
}
