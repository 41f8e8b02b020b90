package web

import (
	"bihuan/desk"

	"bihuan/kernel/indicator"
)

// welcomeView is the start page.
type welcomeView struct {
	Total int
	Lamps []lampCount
	Walk  walk
	Moved []movedShown // after the clock was moved: lights that changed
}

// welcome is the start page: what this is, and in the demo the first minute in four steps.
func (s *server) welcome(q *request) error {
	all, err := s.Desk.Promises(q.Context(), 0, "")
	if err != nil {
		return err
	}
	v := welcomeView{Total: len(all)}
	for _, l := range indicator.Lights {
		v.Lamps = append(v.Lamps, lampCount{Light: l})
	}
	for _, g := range all {
		for i := range v.Lamps {
			if v.Lamps[i].Light == g.Reading.Light {
				v.Lamps[i].Count++
			}
		}
	}
	if s.Demo != nil {
		if v.Walk, err = s.walk(q); err != nil {
			return err
		}
		if v.Moved, err = s.justMoved(q, all); err != nil {
			return err
		}
	}
	return q.render(200, "welcome", v)
}

// mostMoved is how many changed lights the start page lists.
const mostMoved = 6

// justMoved returns the lights that changed by a step of the clock, right after it was made.
func (s *server) justMoved(q *request, all []desk.GoalView) (shown []movedShown, err error) {
	st := q.Stepped()
	if st == nil {
		return nil, nil
	}
	moved, err := s.cockpit.MovedSince(q.Context(), all, st.From)
	for i, m := range moved {
		if i == mostMoved {
			break
		}
		shown = append(shown, q.moved(m))
	}
	return shown, err
}
