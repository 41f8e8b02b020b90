package web

import (
	"html/template"

	"bihuan/desk/cockpit"
	"bihuan/ground/calendar"
	"bihuan/kernel/indicator"
)

// screenView is what a wall screen shows without anybody touching it.
type screenView struct {
	On      calendar.Date
	Now     string
	Total   int
	Lamps   []lampCount
	Domains []cockpitGroup
	Stuck   []stuckShown
	Race    []raceGroup
	Map     template.HTML
	Reached int
	More    int // goals behind plan that did not fit
}

// screenStuck and screenRace are how many lines of each fit a wall screen.
const screenStuck, screenRace = 7, 18

// showScreen shows the wall screen: dark, in large type, renewed by itself.
func (s *server) showScreen(q *request) error {
	c, err := s.cockpit.View(q.Context(), q.Who, 0)
	if err != nil {
		return err
	}
	race, err := s.cockpit.Race(q.Context(), q.Who, 0, "")
	if err != nil {
		return err
	}
	v := screenView{On: c.On, Now: q.NowText(), Total: len(c.Goals), Domains: q.groups(c.Domains, nil, goalFilter{Year: c.Year}, "domain"), Race: q.raceGroups(race)}
	for _, l := range indicator.Lights {
		v.Lamps = append(v.Lamps, lampCount{Light: l, Count: c.Lights[l]})
	}
	for _, g := range c.Goals {
		if g.Reading.Reached {
			v.Reached++
		}
	}
	streets, err := s.cockpit.Streets(q.Context(), q.Who, c.Year)
	if err != nil {
		return err
	}
	_, v.Map = q.streetMap(streets, func(st *cockpit.StreetView) string { return "/cockpit/map#street-" + st.Code })
	for i, st := range c.Stuck {
		if i == screenStuck {
			break
		}
		v.Stuck = append(v.Stuck, stuckShown{goalShown{GoalView: st.GoalView, lang: q.Lang}, q.shownRows(st.Holding[:min(1, len(st.Holding))]), st.Count})
	}
	v.More = len(c.Stuck) - len(v.Stuck)
	left := screenRace
	for i := range v.Race {
		v.Race[i].Rows = v.Race[i].Rows[:min(left, len(v.Race[i].Rows))]
		left -= len(v.Race[i].Rows)
	}
	return q.render(200, "cockpit_screen", v)
}
