package web

import (
	"html/template"

	"bihuan/desk/cockpit"
	"bihuan/ground/calendar"
	"bihuan/kernel/indicator"
	"bihuan/web/draw"
)

// movedShown is a light that changed.
type movedShown struct {
	goalShown
	WasBadge template.HTML
	Before   string // the figure then, empty for none
}

// briefView is the one page of the morning.
type briefView struct {
	Tab     string
	On      calendar.Date
	Since   calendar.Date
	Days    int
	Total   int
	Lamps   []lampCount
	Strip   template.HTML
	Figures int
	Changed []movedShown
	Red     []stuckShown
	Yellow  []stuckShown
	Due     []goalShown
	Soon    []rowShown
	// DueCount is how many goals and matters fall due within seven days, DueShown how many of them the page lists.
	DueCount, DueShown int64
	Overdue            []rowShown
	Late               int64
}

// showBrief shows the brief of today on one page to print.
func (s *server) showBrief(q *request) error {
	days := 1
	if q.FormValue("days") == "7" {
		days = 7
	}
	b, err := s.cockpit.Brief(q.Context(), q.Who, days)
	if err != nil {
		return err
	}
	v := briefView{Tab: "brief", On: b.On, Since: b.Since, Days: days, Total: len(b.Goals), Strip: draw.LongStrip(b.Lights, q.lightsSaid(b.Lights)), Figures: b.Figures,
		Due: q.shownGoals(b.Due), Soon: q.shownRows(b.Soon), Overdue: q.shownRows(b.Overdue), Late: b.Late, DueCount: int64(len(b.Due)) + b.Next, DueShown: int64(len(b.Due) + len(b.Soon))}
	for _, l := range indicator.Lights {
		v.Lamps = append(v.Lamps, lampCount{Light: l, Count: b.Lights[l]})
	}
	for _, m := range b.Changed {
		v.Changed = append(v.Changed, q.moved(m))
	}
	for _, st := range b.Stuck {
		shown := stuckShown{goalShown{GoalView: st.GoalView, lang: q.Lang}, q.shownRows(st.Holding[:min(2, len(st.Holding))]), st.Count}
		if st.Reading.Light == indicator.Red {
			v.Red = append(v.Red, shown)
		} else {
			v.Yellow = append(v.Yellow, shown)
		}
	}
	return q.render(200, "cockpit_brief", v)
}

func (q *request) moved(m cockpit.Moved) movedShown {
	shown := movedShown{goalShown: goalShown{GoalView: m.GoalView, lang: q.Lang}, WasBadge: badge(q.Lang, m.Was)}
	if m.Had {
		shown.Before = shown.Value(m.Value)
	}
	return shown
}
