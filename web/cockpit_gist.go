package web

import (
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// gist is the cockpit in one breath: how much is behind, whose most of it is, and which open matter is longest overdue.
type gist struct {
	Behind, Red, Yellow int
	Units               int
	Most                string // the unit with most of it, empty where all have as many or there is one alone
	MostLink            string
	MostCount           int
	Oldest              *rowShown // nil where nothing that holds a goal back is overdue
	OldestDays          int
}

// gistOf sums up the goals behind plan.
func (q *request) gistOf(stuck []stuckShown, f goalFilter) (g gist) {
	byUnit := map[name.Unit]int{}
	var most name.Unit
	for i := range stuck {
		st := &stuck[i]
		g.Behind++
		if st.Reading.Light == indicator.Red {
			g.Red++
		} else {
			g.Yellow++
		}
		if byUnit[st.Lead]++; byUnit[st.Lead] > byUnit[most] {
			most = st.Lead
		}
		for j := range st.Holding {
			if days := st.Holding[j].late(); days > g.OldestDays {
				g.Oldest, g.OldestDays = &st.Holding[j], days
			}
		}
	}
	if g.Units = len(byUnit); g.Units > 1 && byUnit[most] > 1 {
		g.Most, g.MostCount, g.MostLink = q.unitShort(most), byUnit[most], f.link("/cockpit", "unit", string(most))
	}
	return g
}

// Own is the goal's own task where nothing below it holds the goal back, nil otherwise: it bears the goal's name, so
// that naming it again would explain nothing.
func (s stuckShown) Own() *rowShown {
	if len(s.Holding) == 1 && s.Holding[0].Title == s.Title {
		return &s.Holding[0]
	}
	return nil
}

// Below are the matters other than the goal's own task.
func (s stuckShown) Below() []rowShown {
	if s.Own() != nil {
		return nil
	}
	return s.Holding
}

// figuresDue is the day of a month by which the figure of the month before is to be there, until when nobody is said to owe it. Ours.
const figuresDue = 10

// IsKnown reports whether something can be said of how far the goal is; that there is no figure yet is why it stands as it does, and said once.
func (g goalShown) IsKnown() bool { return g.Reading.Has || g.Shape == indicator.Milestone }

// StaleText says how old the latest figure is, where that may be why: whole months have passed without one.
func (g goalShown) StaleText(today calendar.Date) string {
	if !g.Reading.Has {
		return ""
	}
	y, m, day := today.Civil()
	fy, fm, ok := monthOf(g.Reading.Figure.Period)
	if !ok || g.Closed != 0 {
		return ""
	}
	missing := (y-fy)*12 + m - fm - 1 // the present month is not over
	if missing > 1 || missing == 1 && day >= figuresDue {
		return g.say("goal.stale", "month", monthWords(g.lang, g.Reading.Figure.Period), "n", missing)
	}
	return ""
}

// monthOf reads a period such as 2023-09.
func monthOf(period string) (year, month int, ok bool) {
	y, m, found := strings.Cut(period, "-")
	year, month = atoi(y), atoi(m)
	return year, month, found && year > 0 && month > 0
}
