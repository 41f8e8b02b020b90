package web

import (
	"errors"
	"net/url"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/field"
)

// oneCall shows a call that waits: to be sent on, or to be called back.
func (s *server) oneCall(q *request) error {
	v, err := s.callOf(q)
	if err != nil {
		return err
	}
	return s.renderCalls(q, 200, v)
}

// callOf loads the call of the address with its form filled in by what it holds.
func (s *server) callOf(q *request) (*callsView, error) {
	if err := s.mayCall(q); err != nil {
		return nil, err
	}
	m, err := s.Desk.Matter(q.Context(), q.Who, q.id())
	if err != nil {
		return nil, err
	}
	if m.Kind != callKind {
		return nil, fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	f := callForm{Text: m.Fields["text"], Title: m.Fields["title"], Demand: m.Fields["demand"], Class: m.Fields["class"], Area: m.Fields["area"], Address: m.Fields["address"],
		Unit: m.Fields["unit"], Why: m.Fields["why-unit"], Rating: m.Fields["rating"], Note: m.Fields["rating-note"], Version: itoa(int(m.Version))}
	if f.Text == "" {
		f.Text = f.Title
	}
	return &callsView{Form: f, Call: &m, Mode: callMode(m.State)}, nil
}

// callMode says what the operator does with a call in a state.
func callMode(state string) string {
	switch state {
	case "taken", "returned":
		return "sort"
	case "replied":
		return "back"
	}
	return "look"
}

// actOnCall sends a call on, splits it, or takes down the call back.
func (s *server) actOnCall(q *request) error {
	v, err := s.callOf(q)
	if err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	v.Form = callFormOf(q.Form)
	way := q.FormValue("do")
	if way == "look" || way == "" {
		return s.renderCalls(q, 200, v)
	}
	steps, err := s.waySteps(q, &v.Form, way)
	if err == nil && steps == nil {
		steps, err = backSteps(&v.Form, way)
	}
	if err == nil {
		steps[0].Command, steps[0].Matter, steps[0].Version = s.Desk.FormCommand(v.Form.Command), v.Call.ID, int64(atoi(v.Form.Version))
		if _, err = s.Desk.Chain(q.Context(), q.Who, steps...); err == nil {
			return q.redirect("/desk/calls?done=" + string(v.Call.ID) + "&act=" + url.QueryEscape(way))
		}
	}
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	v.Flaw = f
	return s.renderCalls(q, 422, v)
}

// backSteps are the acts of a call back: rated and closed, done again, or nobody reached. A bad rating is closed only with
// what was said about it.
func backSteps(f *callForm, way string) ([]desk.Do, error) {
	switch way {
	case "back":
		if (f.Rating == "bad" || f.Rating == "very-bad") && f.Note == "" {
			return nil, fault.Refuse(fault.ErrInvalid, "bad-rating-unexplained", "note")
		}
		return []desk.Do{{Act: "call-back", With: filled("rating", f.Rating, "rating-note", f.Note)}, {Act: "close"}}, nil
	case "redo":
		if f.Note == "" {
			return nil, fault.Refuse(fault.ErrInvalid, "reason-missing", "note")
		}
		return []desk.Do{{Act: "redo", Reason: f.Note, With: filled("rating", f.Rating, "rating-note", f.Note)}}, nil
	case "unreached":
		if f.Note == "" {
			return nil, fault.Refuse(fault.ErrInvalid, "reason-missing", "note")
		}
		return []desk.Do{{Act: "close-unreached", With: filled("rating-note", f.Note)}}, nil
	}
	return nil, fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", way)
}

// revealCaller shows who called, once, to whoever says what for; that they looked is kept.
func (s *server) revealCaller(q *request) error {
	v, err := s.callOf(q)
	if err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	why := desk.ToHandle
	if v.Mode == "back" {
		why = desk.ToCallBack
	}
	v.Form = callFormOf(q.Form)
	if v.Shown, err = s.Desk.Reveal(q.Context(), q.Who, desk.Unmask{Matter: v.Call.ID, Why: why, Reason: q.FormValue("unmask-reason")}); err == nil {
		return s.renderCalls(q, 200, v)
	}
	f, ok := q.flaw(err)
	if !ok || isProveAgain(err) {
		return err
	}
	v.Flaw = f
	return s.renderCalls(q, 422, v)
}

// isProveAgain reports whether somebody has only to prove once more who they are.
func isProveAgain(err error) bool {
	r, ok := errors.AsType[*fault.Refusal](err)
	return ok && r.Code == "prove-again"
}

// Personal are the personal fields of the call that hold something, in the order of the kind.
func (v *callsView) Personal() (all []*field.Field) {
	if v.Call == nil {
		return nil
	}
	for i := range v.Kind.Fields {
		if f := &v.Kind.Fields[i]; f.Class.IsPersonal() && v.Call.Personal[f.Key] != "" {
			all = append(all, f)
		}
	}
	return all
}

// MaskedOf is what is shown of a personal field of the call without a purpose.
func (v *callsView) MaskedOf(key string) string { return v.Masked[key] }

// Options are the options of a field of choice.
func (v *callsView) Options(key string) []field.Option {
	if f := field.Find(v.Kind.Fields, key); f != nil {
		return f.Options
	}
	return nil
}
