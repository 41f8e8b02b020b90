package web

import (
	"net/url"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/desk/reports"
	"bihuan/export"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// goalsView is the list of goals.
type goalsView struct {
	Tab     string
	Filter  goalFilter
	Text    string
	Goals   []goalShown
	Total   int
	Choices filterChoices
	Path    string
}

// listGoals shows the list of goals under a filter.
func (s *server) listGoals(q *request) error {
	f, text := q.goalFilter(), strings.TrimSpace(q.FormValue("q"))
	c, err := s.cockpit.View(q.Context(), q.Who, f.Year)
	if err != nil {
		return err
	}
	v := goalsView{Tab: "goals", Filter: f, Text: text, Path: "/goals", Choices: q.choices(c)}
	v.Goals = q.found(c, func(g *desk.GoalView) bool { return f.holds(g) && s.Desk.SpeaksOf(g, text) })
	v.Total = len(c.Goals)
	return q.render(200, "goals", v)
}

// withText narrows goals to those that speak of every word.
func (s *server) withText(goals []desk.GoalView, text string) (some []desk.GoalView) {
	for i := range goals {
		if s.Desk.SpeaksOf(&goals[i], text) {
			some = append(some, goals[i])
		}
	}
	return some
}

// exportGoals sends the list under the same filter as a file.
func (s *server) exportGoals(q *request) error {
	f, text := q.goalFilter(), strings.TrimSpace(q.FormValue("q"))
	all, err := s.Desk.AllGoals(q.Context(), q.Who, f.Year)
	if err != nil {
		return err
	}
	goals := q.shownGoals(s.withText(f.of(all), text))
	return q.download("goals-"+strconv.Itoa(f.Year), q.PathValue("format"), q.goalTable(goals, true, q.PathValue("format") == "json"))
}

// openGoals sends what anybody may know of the goals as a file: open data.
func (s *server) openGoals(q *request) error {
	year, _ := strconv.Atoi(q.FormValue("year"))
	all, err := s.Desk.Promises(q.Context(), year, "")
	if err != nil {
		return err
	}
	_, format, _ := strings.Cut(q.URL.Path, "goals.")
	q.w.Header().Set("Access-Control-Allow-Origin", "*")
	return q.download("open-goals", format, q.goalTable(q.shownGoals(all), false, format == "json"))
}

// goalTable lays goals out as a table. Who the person in charge is stays inside. A program reads keys where a person who opens the file reads words.
func (q *request) goalTable(goals []goalShown, inside, keys bool) export.Table {
	columns := []struct {
		key    string
		typ    export.Type
		width  int
		inside bool
		value  func(goalShown) string
	}{
		{"id", export.Text, 44, false, func(g goalShown) string { return string(g.ID) }},
		{"title", export.Text, 40, false, func(g goalShown) string { return g.Title }},
		{"domain", export.Text, 20, false, func(g goalShown) string { return g.Domain }},
		{"year", export.Number, 8, false, func(g goalShown) string { return strconv.Itoa(g.Year) }},
		{"shape", export.Text, 10, false, func(g goalShown) string { return g.Shape.Words().In(q.Lang) }},
		{"lead", export.Text, 20, false, func(g goalShown) string { return q.Unit(g.Lead).Words.In(q.Lang) }},
		{"person", export.Text, 12, true, func(g goalShown) string { return q.personName(g.Person) }},
		{"leader", export.Text, 12, true, func(g goalShown) string { return q.personName(g.Leader) }},
		{"op", export.Text, 10, false, func(g goalShown) string { return q.opText(g.Target.Op, keys) }},
		{"target", export.Number, 14, false, func(g goalShown) string { return g.Target.Value.String() }},
		{"unit", export.Text, 10, false, func(g goalShown) string { return g.Target.Unit }},
		{"due", export.Date, 12, false, func(g goalShown) string { return g.Due.String() }},
		{"actual", export.Number, 14, false, func(g goalShown) string {
			if !g.Reading.Has {
				return ""
			}
			return g.Reading.Actual.String()
		}},
		{"actual-unit", export.Text, 10, false, func(g goalShown) string { return g.FigureUnit() }},
		{"as-of", export.Text, 10, false, func(g goalShown) string { return g.Reading.Figure.Period }},
		{"planned", export.Number, 14, false, func(g goalShown) string {
			if !g.Reading.HasPlan {
				return ""
			}
			return g.Reading.Planned.Round(2).String()
		}},
		{"light", export.Text, 10, false, func(g goalShown) string { return q.lightText(g.Reading.Light, keys) }},
		{"why", export.Text, 20, false, func(g goalShown) string { return g.WhyText() }},
		{"feed", export.Text, 10, true, func(g goalShown) string { return g.ModeText() }},
		{"part-of", export.Text, 44, false, func(g goalShown) string { return string(g.Parent) }},
		{"sentence", export.Text, 60, false, func(g goalShown) string { return g.Source.Sentence }},
	}
	t := export.Table{Title: q.Says("goals.title")}
	for _, c := range columns {
		if inside || !c.inside {
			t.Columns = append(t.Columns, export.Column{Key: c.key, Title: q.Says("column." + c.key), Type: c.typ, Width: c.width})
		}
	}
	var rows [][]string
	for _, g := range goals {
		var row []string
		for _, c := range columns {
			if inside || !c.inside {
				row = append(row, c.value(g))
			}
		}
		rows = append(rows, row)
	}
	t.Rows = rowsOf(rows)
	return t
}

// opText is a relation between a goal and its figure, as a key or in words.
func (q *request) opText(op string, key bool) string {
	if key {
		return op
	}
	return reports.OpWords(op).In(q.Lang)
}

// lightText is a light, as a key or in words.
func (q *request) lightText(l indicator.Light, key bool) string {
	if key || l == "" {
		return string(l)
	}
	return q.Says("light." + string(l))
}

// goalRowsView is every row that a counted goal's figure is about.
type goalRowsView struct {
	goalShown
	Feeding feedShown
	Rows    []rowShown
	Next    string
	Only    bool // only those that count
}

// listGoalRows shows the rows that a counted goal is counted from: those that count already, or all.
func (s *server) listGoalRows(q *request) error {
	id := name.ID(q.PathValue("id"))
	g, err := s.Desk.Goal(q.Context(), q.Who, id)
	if err != nil {
		return err
	}
	v := goalRowsView{goalShown: goalShown{GoalView: g, lang: q.Lang}, Feeding: q.feed(&g), Only: q.FormValue("only") == "counted"}
	ask := s.Desk.Feeding
	if v.Only {
		ask = s.Desk.Behind
	}
	var page journal.Page
	if page, err = ask(q.Context(), q.Who, id, q.FormValue("cursor"), 100); err != nil {
		return err
	}
	v.Rows = q.shownRows(page.Rows)
	if err := q.shutUnread(v.Rows); err != nil {
		return err
	}
	if page.Next != "" {
		v.Next = q.URL.Path + "?" + url.Values{"only": {q.FormValue("only")}, "cursor": {page.Next}}.Encode()
	}
	return q.render(200, "goal_rows", v)
}
