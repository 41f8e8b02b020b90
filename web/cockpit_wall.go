package web

import (
	"html/template"
	"strconv"

	"bihuan/desk"
	"bihuan/desk/goals"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/kernel/indicator"
	"bihuan/web/draw"
)

// wallMonth is one cell of the wall chart.
type wallMonth struct {
	Picture template.HTML
	Actual  string
	Planned string
	Light   indicator.Light
	Now     bool
	Blank   bool // the goal does not run in this month
}

// wallRow is one goal's year.
type wallRow struct {
	goalShown
	Months []wallMonth
}

// wallGroup is the goals of one domain.
type wallGroup struct {
	Words string
	Rows  []wallRow
}

// wallView is the wall chart 挂图作战.
type wallView struct {
	Tab     string
	On      calendar.Date
	Filter  goalFilter
	Path    string
	Months  []string
	Now     int // place of the current month, -1 in another year
	Groups  []wallGroup
	Choices filterChoices
}

// IsFar reports whether a month, 0 to 11, is left out where only two have room: neither this one nor the one before it, in another year
// neither of the last two.
func (v *wallView) IsFar(month int) bool {
	now := v.Now
	if now < 0 {
		now = 11
	}
	return month != now && month != now-1
}

// showWall shows every goal by month: what was planned, what was done, and the light.
func (s *server) showWall(q *request) error {
	f := q.goalFilter()
	c, err := s.cockpit.View(q.Context(), q.Who, f.Year)
	if err != nil {
		return err
	}
	v := wallView{Tab: "wall", On: c.On, Filter: f, Path: "/cockpit/wall", Now: -1, Choices: q.choices(c)}
	for m := 1; m <= 12; m++ {
		v.Months = append(v.Months, q.Says("month."+strconv.Itoa(m)))
	}
	if y, m, _ := c.On.Civil(); y == f.Year {
		v.Now = m - 1
	}
	for _, d := range c.Domains {
		g := wallGroup{Words: d.Words.In(q.Lang)}
		for _, goal := range f.of(d.Goals) {
			g.Rows = append(g.Rows, q.wallRow(goal, f.Year, v.Now))
		}
		if len(g.Rows) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return q.render(200, "cockpit_wall", &v)
}

// wallRow lays a goal's course out over the months of a year.
func (q *request) wallRow(goal desk.GoalView, year, now int) wallRow {
	row := wallRow{goalShown: goalShown{GoalView: goal, lang: q.Lang}, Months: make([]wallMonth, 12)}
	for i := range row.Months {
		row.Months[i] = wallMonth{Blank: true, Now: i == now}
	}
	for _, m := range q.s.Goals.Course(&goal.Goal) {
		first, err := calendar.ParseDate(m.Month + "-01")
		if err != nil || first.Year() != year {
			continue
		}
		_, month, _ := first.Civil()
		row.Months[month-1] = row.month(m, month-1 == now)
	}
	return row
}

func (g goalShown) month(m goals.Month, now bool) wallMonth {
	w := wallMonth{Light: m.Light, Now: now}
	if m.HasPlan && g.Shape != indicator.Zero {
		w.Planned = shortValue(g.lang, m.Planned, g.FigureUnit())
	}
	if m.Has {
		if g.Shape != indicator.Milestone {
			w.Actual = shortValue(g.lang, m.Figure.Value, g.FigureUnit())
		} else if m.Figure.Value.Sign() > 0 {
			w.Actual = "✓"
		}
	}
	w.Picture = draw.WallCell(draw.WallView{Light: m.Light, Actual: draw.Coordinate(m.Share.Actual), Has: m.Share.Has && m.Light != "", Plan: draw.Coordinate(m.Share.Plan), HasPlan: m.Share.HasPlan && g.Shape != indicator.Milestone, Now: now,
		Title: g.say("wall.cell", "month", m.Month, "actual", orDash(w.Actual), "plan", orDash(w.Planned), "light", g.lightWord(m.Light))})
	return w
}

func (g goalShown) lightWord(l indicator.Light) string {
	if l == "" {
		return "–"
	}
	return g.say("light." + string(l))
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// threeDigits writes a value with as many places as leave it about three digits: 8.83, 16.8, 4,247.
func threeDigits(lang string, v money.Decimal) string {
	switch a := v.Abs(); {
	case !a.Less(money.Int(100)):
		return money.Quantity{Value: v.Round(0)}.Format(lang)
	case !a.Less(money.Int(10)):
		return v.Round(1).String()
	}
	return v.Round(2).String()
}

// shortSteps are the words for large numbers, by language.
var shortSteps = map[string][]struct {
	least, of int64
	word      string
}{
	"zh": {{100_000_000, 100_000_000, "亿"}, {10_000, 10_000, "万"}},
	"en": {{1_000_000_000, 1_000_000_000, "bn"}, {1_000_000, 1_000_000, "m"}, {10_000, 1_000, "k"}},
}

// shortValue writes a value for a narrow cell: 0.42亿 rather than 42,000,000元, the unit left out.
func shortValue(lang string, v money.Decimal, unit string) string {
	base, power := money.SplitUnit(unit)
	for range power {
		if up, err := v.Mul(money.Int(10)); err == nil {
			v = up
		}
	}
	for _, s := range shortSteps[lang] {
		if !v.Abs().Less(money.Int(s.least)) {
			if short, err := v.Quo(money.Int(s.of)); err == nil {
				return threeDigits(lang, short) + s.word
			}
		}
	}
	suffix := ""
	if base == money.Percent {
		suffix = "%"
	}
	if suffix == "" && !v.Abs().Less(money.Int(100)) {
		return money.Quantity{Value: v.Round(0)}.Format(lang)
	}
	return v.Round(1).String() + suffix
}
