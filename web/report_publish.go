package web

import (
	"bihuan/desk"
	"bihuan/desk/reports"
	"bihuan/export"
	"bihuan/ground/fault"
	"bihuan/kernel/indicator"
)

// publishView is what is about to be published, or has just been.
type publishView struct {
	Report    *reports.Report
	Units     []unitGoals // of what is confirmed
	Confirmed int
	Shapes    []shapeCount
	Bases     int // confirmed goals whose base will be asked for
	Published []unitGoals
	Done      int
	Flaw      flaw
}

// unitGoals is the goals of one lead unit.
type unitGoals struct {
	Unit   desk.Unit
	Drafts []*reports.Draft
}

type shapeCount struct {
	Shape indicator.Shape
	Count int
}

// summary is the page before publishing: how many goals, whose, and what will happen.
func (s *server) summary(q *request) error { return s.showSummary(q, 200, flaw{}) }

func (s *server) showSummary(q *request, status int, f flaw) error {
	rep, _, err := s.Reports.Report(q.Context(), q.Who, q.id())
	if err != nil {
		return err
	}
	v := publishView{Report: rep, Confirmed: rep.Count(reports.Confirmed), Flaw: f, Done: atoi(q.Asked("n"))}
	v.Units, v.Published = goalsOf(q, rep, reports.Confirmed), goalsOf(q, rep, reports.Published)
	shapes := rep.ByShape(reports.Confirmed)
	for _, sh := range indicator.Shapes {
		if shapes[sh] > 0 {
			v.Shapes = append(v.Shapes, shapeCount{sh, shapes[sh]})
		}
	}
	for _, d := range rep.Drafts {
		if d.State == reports.Confirmed && d.Terms.BaseAsked {
			v.Bases++
		}
	}
	return q.render(status, "report_publish", v)
}

func goalsOf(q *request, rep *reports.Report, state reports.State) (all []unitGoals) {
	units, _ := rep.ByUnit(state)
	for _, u := range units {
		g := unitGoals{Unit: q.Unit(u)}
		for i := range rep.Drafts {
			if d := &rep.Drafts[i]; d.State == state && d.Terms.Lead == u {
				g.Drafts = append(g.Drafts, d)
			}
		}
		all = append(all, g)
	}
	return all
}

// publishReport publishes what was confirmed.
func (s *server) publishReport(q *request) error {
	rep, _, err := s.Reports.Report(q.Context(), q.Who, q.id())
	if err != nil {
		return err
	}
	n := rep.Count(reports.Confirmed)
	if n == 0 && rep.Count(reports.Published) == 0 {
		return s.showSummary(q, 422, flaw{Says: q.Says("refusal.nothing-confirmed")})
	}
	goals, err := s.Reports.Publish(q.Context(), q.Who, rep.ID, reports.Publication{Command: q.sentCommand()})
	if err != nil {
		if f, ok := q.flaw(err); ok {
			return s.showSummary(q, 422, f)
		}
		return err
	}
	return q.redirect("/reports/" + string(rep.ID) + "/publish?n=" + itoa(len(goals)))
}

// downloadDrafts answers with a report's drafts as a file.
func (s *server) downloadDrafts(q *request) error {
	rep, _, err := s.Reports.Report(q.Context(), q.Who, q.id())
	if err != nil {
		return err
	}
	return q.download(rep.Title, q.PathValue("format"), draftTable(q, rep))
}

// draftColumns are the columns of the file, each with how a draft fills it.
var draftColumns = []struct {
	key  string
	typ  export.Type
	cell func(q *request, d *reports.Draft) string
}{
	{"state", export.Text, func(q *request, d *reports.Draft) string { return q.Says("report.state." + string(d.State)) }},
	{"title", export.Text, func(_ *request, d *reports.Draft) string { return d.Terms.Title }},
	{"shape", export.Text, func(q *request, d *reports.Draft) string { return d.Terms.Shape.Words().In(q.Lang) }},
	{"op", export.Text, func(q *request, d *reports.Draft) string { return reports.OpWords(d.Statement.Op).In(q.Lang) }},
	{"value", export.Number, func(_ *request, d *reports.Draft) string {
		if d.State == reports.Fact {
			return d.Statement.Value
		}
		return d.Terms.Target.Value.String()
	}},
	{"unit", export.Text, func(_ *request, d *reports.Draft) string {
		if d.State == reports.Fact {
			return d.Statement.Unit
		}
		return d.Terms.Target.Unit
	}},
	{"base", export.Number, func(_ *request, d *reports.Draft) string {
		if d.Terms.Base == nil {
			return ""
		}
		return d.Terms.Base.Value.String()
	}},
	{"start", export.Date, func(_ *request, d *reports.Draft) string { return dateText(d.Terms.Start) }},
	{"due", export.Date, func(_ *request, d *reports.Draft) string { return dateText(d.Terms.Due) }},
	{"lead", export.Text, func(q *request, d *reports.Draft) string { return unitText(q, d) }},
	{"assist", export.Text, func(q *request, d *reports.Draft) string { return q.unitNames(d.Terms.Assist) }},
	{"leader", export.Text, func(q *request, d *reports.Draft) string { return q.personName(d.Terms.Leader) }},
	{"person", export.Text, func(q *request, d *reports.Draft) string { return q.personName(d.Terms.Person) }},
	{"evidence", export.Text, func(_ *request, d *reports.Draft) string { return d.Terms.Evidence }},
	{"domain", export.Text, func(_ *request, d *reports.Draft) string { return d.Terms.Domain }},
	{"quote", export.Text, func(_ *request, d *reports.Draft) string { return d.Statement.Text }},
	{"place", export.Number, func(_ *request, d *reports.Draft) string { return itoa(d.Statement.Start) }},
	{"rule", export.Text, func(q *request, d *reports.Draft) string { return q.RuleWords(d.Statement.Rule) }},
	{"confidence", export.Number, func(_ *request, d *reports.Draft) string { return itoa(d.Statement.Confidence) }},
	{"last-year", export.Text, func(_ *request, d *reports.Draft) string {
		if d.LastYear == nil {
			return ""
		}
		return d.LastYear.Text
	}},
	{"goal", export.Text, func(_ *request, d *reports.Draft) string { return string(d.Goal) }},
}

func unitText(q *request, d *reports.Draft) string {
	if d.Terms.Lead == "" {
		return ""
	}
	return q.Unit(d.Terms.Lead).Words.In(q.Lang)
}

func draftTable(q *request, rep *reports.Report) export.Table {
	t := export.Table{Title: rep.Title}
	for _, c := range draftColumns {
		t.Columns = append(t.Columns, export.Column{Key: c.key, Title: q.Says("field." + c.key), Type: c.typ})
	}
	t.Rows = func(yield func([]string, error) bool) {
		for i := range rep.Drafts {
			row := make([]string, len(draftColumns))
			for j, c := range draftColumns {
				row[j] = c.cell(q, &rep.Drafts[i])
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return t
}

// errNoSheet is what happens where no spreadsheet can be read.
var errNoSheet = fault.Refuse(fault.ErrUnavailable, "sheet-unreadable", "file")
