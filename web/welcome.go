package web

import "bihuan/ground/name"

// welcomeView is the start page.
type welcomeView struct {
	Total  int
	Lamps  []lampCount
	Walk   walk
	Office name.Person // who may read a report in
}

// welcome is the start page: what this is, and in the demo the first minute in four steps.
func (s *server) welcome(q *request) error {
	all, err := s.Desk.Promises(q.Context(), 0, "")
	if err != nil {
		return err
	}
	v := welcomeView{Total: len(all)}
	for _, l := range lightsInOrder {
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
		if c, ok := s.anybody(q, "issuer"); ok {
			v.Office = c.Person
		}
	}
	return q.render(200, "welcome", v)
}
