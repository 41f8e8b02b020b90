package web

import (
	"html/template"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/desk/goals"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/web/draw"
)

// goalPage is one goal with everything that its page shows.
type goalPage struct {
	goalShown
	Years     []int
	Wide      template.HTML
	Narrow    template.HTML
	Course    []courseRow
	Feeding   feedShown
	Children  []goalShown
	Coverage  indicator.Coverage
	Covered   string // the sum of the children's targets
	Above     *goalShown
	Matters   []rowShown
	Holding   []rowShown
	Held      int64
	Gantt     template.HTML
	Papers    []evidenceShown
	History   []historyLine
	Forms     goalForms
	Change    *changeShown // that waits for a decision
	Leadunit  desk.Unit
	Approvers []desk.Person
	Flaw      *flaw
	Asked     string // the form that was sent back
}

// courseRow is one month of the table beside the chart.
type courseRow struct {
	Month, Planned, Actual string
	Standing               string
	Badge                  template.HTML
	By                     string
}

// feedShown is where the figures come from.
type feedShown struct {
	Mode, Name string
	Formula    string
	Source     string
	Beside     string     // another indicator with its newest figure, empty for none
	Rows       []rowShown // that count now
	Count      int64
	More       bool
	Doubtful   bool // the source of the definition has not been confirmed
}

// goalForms says which forms the caller gets.
type goalForms struct {
	Report, Confirm, Change, Base, Decompose bool
}

// mostShown is how many rows a goal's page lists of each kind; all of them have a page of their own.
const mostShown = 12

// showGoal shows one goal.
func (s *server) showGoal(q *request) error { return s.goalPage(q, 200, nil, "") }

// goalPage renders the page of a goal, with what was wrong with a form that was sent.
func (s *server) goalPage(q *request, status int, wrong *flaw, form string) error {
	g, err := s.Desk.Goal(q.Context(), q.Who, name.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	v := goalPage{goalShown: goalShown{GoalView: g, lang: q.Lang}, Leadunit: q.Unit(g.Lead), Flaw: wrong, Asked: form}
	v.Wide, v.Narrow = v.charts(s.Goals.Course(&g.Goal), q.Today(), 760), v.charts(s.Goals.Course(&g.Goal), q.Today(), 340)
	v.Course = q.course(v.goalShown)
	v.Forms = q.goalForms(&g.Goal)
	v.Change = q.changeOf(v.goalShown)
	v.Approvers = q.approvers(&g.Goal)
	for _, load := range []func(*request, *goalPage) error{s.loadFeed, s.loadFamily, s.loadMatters, s.loadHistory} {
		if err := load(q, &v); err != nil {
			return err
		}
	}
	return q.render(status, "goal", v)
}

func (q *request) goalForms(g *indicator.Goal) goalForms {
	may := func(a access.Action) bool { return q.s.Desk.MayGoal(q.Who, a, g) }
	open := g.Closed == 0
	return goalForms{Report: open && g.Feed.Mode == indicator.Reported && may(access.GoalReportFigure), Confirm: g.Feed.Mode == indicator.Reported && may(access.GoalConfirmFigure),
		Change: open && g.Pending == nil && may(access.GoalRequestChange), Base: open && g.Base == nil && (g.BaseAsked || g.NeedsBase()) && may(access.GoalReportFigure), Decompose: q.s.Goals.MayDecompose(q.Who, g)}
}

// approvers are the persons who may agree to a change of the goal, the caller left out.
func (q *request) approvers(g *indicator.Goal) []desk.Person {
	return q.s.Desk.GoalDeciders(q.Who, access.GoalApproveChange, g)
}

// charts draws the series against the plan; in a narrow one the labels are fewer.
func (g goalShown) charts(course []goals.Month, today calendar.Date, width float64) template.HTML {
	if g.Shape == indicator.Milestone || len(course) == 0 {
		return ""
	}
	v := draw.SeriesView{Width: width, Height: 300, Today: -1, TodayWords: g.say("chart.today"), FromZero: g.Shape == indicator.Accumulate || g.Shape == indicator.Zero,
		Title: g.say("chart.title", "goal", g.Title), PlanWords: g.say("chart.plan"), ActualWords: g.say("chart.actual"), Unit: unitLabel(g.FigureUnit(), g.lang)}
	v.Tick = func(number string) string { return quantityOf(number, "", g.lang) }
	v.Desc = g.say("chart.desc", "target", g.TargetText(), "actual", g.ActualText(), "planned", orDash(g.PlannedText()))
	if g.Shape == indicator.Accumulate {
		v.Plan = append(v.Plan, draw.SeriesPoint{})
	} else if g.Shape == indicator.Level && g.Base != nil && g.Base.Unit == g.Target.Unit {
		v.Plan = append(v.Plan, draw.SeriesPoint{Value: draw.Coordinate(g.Base.Value)})
	}
	for i, m := range course {
		_, month, _ := m.On.Civil()
		v.Months = append(v.Months, g.say("month."+strconv.Itoa(month)))
		at := float64(i) + g.within(m)
		if m.HasPlan && g.Shape != indicator.Zero {
			v.Plan = append(v.Plan, draw.SeriesPoint{At: float64(i) + 1, Value: draw.Coordinate(m.Planned)})
		}
		if m.Has {
			v.Actual = append(v.Actual, draw.SeriesPoint{At: at, Value: draw.Coordinate(m.Figure.Value), Label: g.Value(m.Figure.Value)})
		}
		if first, err := calendar.ParseDate(m.Month + "-01"); err == nil && first <= today && today <= first.MonthEnd() {
			v.Today = float64(i) + float64(today-first+1)/float64(first.MonthEnd()-first+1)
		}
	}
	v.Levels = g.levels()
	return draw.Series(v)
}

// within is where in its month a figure stands: at its end, or at today's place in a month that is not over.
func (g goalShown) within(m goals.Month) float64 {
	first, err := calendar.ParseDate(m.Month + "-01")
	if err != nil || m.On >= first.MonthEnd() {
		return 1
	}
	return float64(m.On-first+1) / float64(first.MonthEnd()-first+1)
}

// levels are the lines of target, first target and base, as far as they are levels of the figures.
func (g goalShown) levels() (all []draw.SeriesLevel) {
	target := g.Target.Value
	if r := g.Reading; r.HasPlan && (g.Shape == indicator.Growth || g.Shape == indicator.Ceiling) {
		target = r.Planned
	}
	if g.Shape == indicator.Zero {
		return []draw.SeriesLevel{{Words: g.say("chart.target", "v", g.TargetText()), Class: "target"}}
	}
	all = append(all, draw.SeriesLevel{Value: draw.Coordinate(target), Words: g.say("chart.target", "v", g.Value(target)), Class: "target"})
	if first := g.First.Target; first.Value != g.Target.Value && first.Unit == g.Target.Unit {
		all = append(all, draw.SeriesLevel{Value: draw.Coordinate(first.Value), Words: g.say("chart.first", "v", g.Value(first.Value)), Class: "original"})
	}
	if g.Base != nil && g.Base.Unit == g.FigureUnit() {
		all = append(all, draw.SeriesLevel{Value: draw.Coordinate(g.Base.Value), Words: g.say("chart.base", "v", g.Value(g.Base.Value)), Class: "base"})
	}
	return all
}

// UnitText is the unit of the figures in the language.
func (g goalShown) UnitText() string { return unitLabel(g.FigureUnit(), g.lang) }

// unitLabel is a unit as the label of an axis.
func unitLabel(unit, lang string) string {
	if lang != "en" {
		return unit
	}
	one := strings.TrimSpace(strings.TrimPrefix(quantityOf("2", unit, lang), "2"))
	return one
}

func (q *request) course(g goalShown) (rows []courseRow) {
	for _, m := range q.s.Goals.Course(&g.Goal) {
		r := courseRow{Month: m.Month, Badge: badge(q.Lang, m.Light)}
		if m.HasPlan {
			r.Planned = g.Value(m.Planned.Round(2))
		}
		if m.Has {
			r.Actual, r.Standing = g.Value(m.Figure.Value), q.Says("standing."+string(m.Figure.Standing))
			r.By = q.byline(m.Figure.By)
		}
		rows = append(rows, r)
	}
	return rows
}

// byline names who did something: the person and the unit, or the platform.
func (q *request) byline(a name.Actor) string {
	if a.IsSystem() {
		return q.Person(a.Person).Words.In(q.Lang)
	}
	return q.Person(a.Person).Words.In(q.Lang) + aside(q.Lang, q.unitShort(a.Unit))
}

// Month is the month of today, as figures name their period.
func (q *request) Month() string { return indicator.Month(q.Today()) }
