package web

import (
	"html/template"
	"math"
	"strings"

	"bihuan/desk/cockpit"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/web/draw"
)

// raceRow is one runner.
type raceRow struct {
	indicator.Place
	Unit   string
	Bar    template.HTML
	Change template.HTML
	Tied   bool
	Value  string
	Link   string
	Open   bool
	Goals  []goalShown
}

// raceGroup is one peer group.
type raceGroup struct {
	Words string
	Rows  []raceRow
}

// raceView is one edition of the race.
type raceView struct {
	Tab     string
	On      calendar.Date
	Before  calendar.Date
	Month   string
	Year    int
	Months  []string
	Groups  []raceGroup
	Missing []string
	Unit    name.Unit // whose goals are shown
	Opened  *raceRow
}

// showRace ranks units within their peer groups, with what each value was made of.
func (s *server) showRace(q *request) error {
	f := q.goalFilter()
	r, err := s.cockpit.Race(q.Context(), q.Who, f.Year, q.FormValue("month"))
	if err != nil {
		return err
	}
	v := raceView{Tab: "race", On: r.On, Before: r.Before, Month: r.Month, Year: f.Year, Months: r.Months, Unit: f.Unit}
	v.Groups = q.raceGroups(r)
	for i := range v.Groups {
		for j := range v.Groups[i].Rows {
			if row := &v.Groups[i].Rows[j]; row.Open {
				v.Opened = row
			}
		}
	}
	for _, u := range r.Missing {
		v.Missing = append(v.Missing, q.unitShort(name.Unit(u)))
	}
	return q.render(200, "cockpit_race", v)
}

func (q *request) raceGroups(r cockpit.Race) (groups []raceGroup) {
	opened := name.Unit(q.FormValue("unit"))
	low, high := raceBounds(r.Places)
	for i, p := range r.Places {
		if i == 0 || r.Places[i-1].Group != p.Group {
			groups = append(groups, raceGroup{Words: q.groupWords(p.Group)})
		}
		unit := q.unitShort(name.Unit(p.Key))
		value := signed(oneDecimal(p.Value))
		row := raceRow{Place: p, Unit: unit, Value: value, Open: name.Unit(p.Key) == opened, Goals: q.shownGoals(r.Goals[p.Key]),
			Bar:  draw.RaceBar(draw.RaceView{Value: draw.Coordinate(p.Value), Low: low, High: high, Few: p.Few, Title: q.Says("race.bar", "unit", unit, "value", value)}),
			Tied: i > 0 && r.Places[i-1].Group == p.Group && r.Places[i-1].Rank == p.Rank || i+1 < len(r.Places) && r.Places[i+1].Group == p.Group && r.Places[i+1].Rank == p.Rank}
		row.Change = draw.Change(p, q.changeWords(p), q.Says("race.new"))
		row.Link = goalFilter{Year: r.Year}.link("/cockpit/race", "unit", p.Key)
		if r.Month != "" {
			row.Link += "&month=" + r.Month
		}
		g := &groups[len(groups)-1]
		g.Rows = append(g.Rows, row)
	}
	return groups
}

// PointsText is by how many points a goal is ahead of its plan or behind it, as the race says the mean of them.
func (g goalShown) PointsText() string { return signed(oneDecimal(g.Reading.Gap)) }

// oneDecimal writes a difference with one place always, so that a column of them lines up: 5.2, 50.0.
func oneDecimal(v money.Decimal) string {
	s := v.Round(1).String()
	if !v.Round(1).IsZero() && !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// signed writes a difference with its sign.
func signed(s string) string {
	switch {
	case s == "0":
		return s
	case s[0] == '-':
		return "−" + s[1:]
	}
	return "+" + s
}

// groupWords names a peer group; a group without words of its own is shown by its key.
func (q *request) groupWords(group string) string {
	if group == "" {
		return q.Says("race.group-none")
	}
	if text := q.Says("race.group-" + group); text[0] != '[' {
		return text
	}
	return group
}

func (q *request) changeWords(p indicator.Place) string {
	switch {
	case p.New:
		return q.Says("race.new-long")
	case p.Change > 0:
		return q.Says("race.gained", "n", p.Change)
	case p.Change < 0:
		return q.Says("race.lost", "n", -p.Change)
	}
	return q.Says("race.kept")
}

func raceBounds(places []indicator.Place) (low, high float64) {
	for _, p := range places {
		low, high = math.Min(low, draw.Coordinate(p.Value)), math.Max(high, draw.Coordinate(p.Value))
	}
	return low, high
}
