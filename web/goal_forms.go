package web

import (
	"net/http"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/desk/goals"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// reportFigure records a figure: quick, confirmed or corrected.
func (s *server) reportFigure(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	files, err := q.uploads("evidence")
	if err == nil {
		r := desk.Report{Command: q.sentCommand(), Goal: name.ID(q.PathValue("id")), Period: q.FormValue("period"), Value: number(q.FormValue("value")),
			Standing: indicator.Standing(q.FormValue("standing")), Note: strings.TrimSpace(q.FormValue("note")), Files: files, Evidence: hashes(files)}
		err = s.Desk.Record(q.Context(), q.Who, r)
	}
	return s.backToGoal(q, "figure", err)
}

// number takes out what people type into a number besides its digits: blanks and separators, full-width digits.
func number(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '０' <= r && r <= '９':
			return r - '０' + '0'
		case r == '．':
			return '.'
		case r == '－' || r == '−':
			return '-'
		case r == ' ' || r == ',' || r == '，' || r == '　':
			return -1
		}
		return r
	}, strings.TrimSpace(s))
}

func hashes(files []journal.File) (all []string) {
	for _, f := range files {
		all = append(all, f.Hash.String())
	}
	return all
}

// answerBase tells the base that a goal was missing.
func (s *server) answerBase(q *request) error {
	id := name.ID(q.PathValue("id"))
	g, err := s.Desk.Goal(q.Context(), q.Who, id)
	if err != nil {
		return err
	}
	v, err := money.Parse(number(q.FormValue("value")))
	if err != nil {
		err = fault.Refuse(fault.ErrInvalid, "not-decimal", "base")
	} else {
		err = s.Desk.AnswerBase(q.Context(), q.Who, q.sentCommand(), id, indicator.Base{Value: v, Unit: strings.TrimSpace(q.FormValue("unit")), Year: g.Year - 1})
	}
	return s.backToGoal(q, "base", err)
}

// backToGoal answers a form of the goal's page: back to it, or the page again with what was wrong.
func (s *server) backToGoal(q *request, form string, err error) error {
	if err == nil {
		return q.redirect("/goals/" + q.PathValue("id") + "?done=" + form)
	}
	wrong, ok := q.flaw(err)
	if !ok {
		return err
	}
	return s.goalPage(q, http.StatusUnprocessableEntity, &wrong, form)
}

// Typed is what was typed into a form that was sent back, so that nobody types it again.
func (q *request) Typed(key, otherwise string) string {
	if q.Method == http.MethodPost {
		return q.FormValue(key)
	}
	return otherwise
}

// dividePage is the page on which a goal is handed out in parts.
type dividePage struct {
	goalShown
	Rows     []divideRow
	Sequence bool
	Result   *divideResult
	Existing []goalShown
	Flaw     *flaw
}

// divideRow is one line of the form.
type divideRow struct {
	N                        int
	Title, Unit, Person, Add string
	Days                     string
}

// divideResult is what a decomposition comes to.
type divideResult struct {
	Coverage    indicator.Coverage
	Sum         string
	Children    []dividedChild
	Provisional bool
	Late        bool
}

type dividedChild struct {
	Title, Unit, Target, Person string
	Start, Due                  calendar.Date
	Late                        bool
}

// divideRows is how many lines the form has; what stays empty is no part.
const divideRows = 8

// divideGoal shows the form on which a goal is handed out in parts.
func (s *server) divideGoal(q *request) error { return s.dividePage(q, 200, nil, nil) }

// handOut shows what a decomposition comes to, or hands it out.
func (s *server) handOut(q *request) error {
	id := name.ID(q.PathValue("id"))
	g, err := s.Desk.Goal(q.Context(), q.Who, id)
	if err != nil {
		return err
	}
	children, sequence := q.children(), q.FormValue("order") == "sequence"
	if q.FormValue("do") == "publish" {
		if _, err = s.Goals.Decompose(q.Context(), q.Who, q.sentCommand(), id, children, sequence); err == nil {
			return q.redirect("/goals/" + string(id) + "?done=decompose#children")
		}
	}
	var result *divideResult
	if err == nil {
		var d goals.Division
		if d, err = s.Goals.Divide(&g.Goal, children, sequence); err == nil {
			result = q.divided(&g.Goal, d)
		}
	}
	if err != nil {
		wrong, ok := q.flaw(err)
		if !ok {
			return err
		}
		return s.dividePage(q, http.StatusUnprocessableEntity, nil, &wrong)
	}
	return s.dividePage(q, 200, result, nil)
}

func (q *request) divided(parent *indicator.Goal, d goals.Division) *divideResult {
	r := &divideResult{Coverage: d.Coverage, Sum: money.Quantity{Value: d.Coverage.Sum, Unit: parent.Target.Unit}.Format(q.Lang), Provisional: d.Provisional, Late: len(d.Late) > 0}
	for _, t := range d.Terms {
		r.Children = append(r.Children, dividedChild{t.Title, q.unitShort(t.Lead), targetText(q.Lang, t.Shape, t.Target), q.personName(t.Person), t.Start, t.Due, t.Start < q.Today()})
	}
	return r
}

func (s *server) dividePage(q *request, status int, result *divideResult, wrong *flaw) error {
	g, err := s.Desk.Goal(q.Context(), q.Who, name.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	if !s.Goals.MayDecompose(q.Who, &g.Goal) {
		return fault.Refuse(fault.ErrDenied, "denied", "")
	}
	existing, _, err := s.Goals.Children(q.Context(), q.Who, &g.Goal)
	if err != nil {
		return err
	}
	v := dividePage{goalShown: goalShown{GoalView: g, lang: q.Lang}, Result: result, Flaw: wrong, Existing: q.shownGoals(existing), Sequence: q.FormValue("order") == "sequence"}
	for i := range divideRows {
		n := strconv.Itoa(i)
		v.Rows = append(v.Rows, divideRow{i + 1, q.Typed("title"+n, ""), q.Typed("unit"+n, ""), q.Typed("person"+n, ""), q.Typed("value"+n, ""), q.Typed("days"+n, "")})
	}
	return q.render(status, "goal_divide", v)
}

// children reads the lines of the form that have anything in them.
func (q *request) children() (all []goals.Child) {
	for i := range divideRows {
		n := strconv.Itoa(i)
		days, err := strconv.Atoi(number(q.FormValue("days" + n)))
		if err != nil && strings.TrimSpace(q.FormValue("days"+n)) != "" {
			days = -1 // refused by the desk in its own words
		}
		c := goals.Child{Title: strings.TrimSpace(q.FormValue("title" + n)), Lead: name.Unit(q.FormValue("unit" + n)), Person: name.Person(q.FormValue("person" + n)), Value: number(q.FormValue("value" + n)), Days: days}
		if c.Title != "" || c.Lead != "" || c.Value != "" {
			all = append(all, c)
		}
	}
	return all
}
