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
	Moves   int // how many lights changed, how many goals are red and yellow: the page lists as many as it holds
	Reds    int
	Yellows int
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
	v.Moves, v.Reds, v.Yellows = len(v.Changed), len(v.Red), len(v.Yellow)
	decide, err := q.ToDecide()
	if err != nil {
		return err
	}
	v.fit(min(decide.N(), 5))
	v.DueShown = int64(len(v.Due) + len(v.Soon))
	return q.render(200, "cockpit_brief", v)
}

// sheetLines is how many lines of lists one sheet of A4 holds below the lights, as printed.
const sheetLines = 36

// lines estimates how many lines the lists take, with so many things to decide: a red goal tells its reasons, the other lists stand in two columns.
func (v *briefView) lines(decide int) float64 {
	n := func(length int, each float64) float64 { return float64(length) * each }
	return n(decide, 1.5) + n(len(v.Changed), 1) + n(len(v.Red), 2.3) + n(len(v.Yellow), 0.7) + n(len(v.Due), 0.7) + n(len(v.Soon), 1) + n(len(v.Overdue), 1)
}

// fit shortens the lists, the less urgent first and each in turn, until they are one sheet.
func (v *briefView) fit(decide int) {
	for _, most := range []struct{ yellow, soon, overdue, due, changed, red int }{
		{12, 8, 8, 12, 12, 12}, {12, 6, 6, 8, 10, 10}, {8, 6, 6, 6, 8, 8}, {8, 4, 4, 4, 6, 7}, {6, 4, 4, 4, 4, 6}, {4, 3, 3, 3, 3, 5},
	} {
		if v.lines(decide) <= sheetLines {
			return
		}
		v.Yellow, v.Soon, v.Overdue, v.Due = foremost(v.Yellow, most.yellow), foremost(v.Soon, most.soon), foremost(v.Overdue, most.overdue), foremost(v.Due, most.due)
		v.Changed, v.Red = foremost(v.Changed, most.changed), foremost(v.Red, most.red)
	}
}

func (q *request) moved(m cockpit.Moved) movedShown {
	shown := movedShown{goalShown: goalShown{GoalView: m.GoalView, lang: q.Lang}, WasBadge: badge(q.Lang, m.Was)}
	if m.Had {
		shown.Before = shown.Value(m.Value)
	}
	return shown
}

func foremost[T any](all []T, most int) []T { return all[:min(len(all), most)] }
