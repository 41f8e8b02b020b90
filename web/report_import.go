package web

import (
	"strconv"
	"strings"

	"bihuan/desk/reports"
	"bihuan/ground/fault"
)

// importView is the form that takes a report.
type importView struct {
	Text, Title, Year string // as typed
	Flaw              flaw
}

// newReport is the page where a report is dropped or pasted.
func (s *server) newReport(q *request) error {
	return q.render(200, "report_import", importView{})
}

// importReport reads a report in: a file if there is one, otherwise what was pasted.
func (s *server) importReport(q *request) error {
	files, err := q.papers("file")
	if err != nil {
		return q.again(err, "report_import", func(f flaw) any { return importView{Flaw: f} })
	}
	v := importView{Text: q.FormValue("text"), Title: q.FormValue("title"), Year: q.FormValue("year")}
	up := reports.Upload{Command: q.sentCommand(), Title: strings.TrimSpace(v.Title)}
	if up.Year, err = year(v.Year); err == nil {
		switch {
		case len(files) > 0:
			up.Name = files[0].Name
			up.Text, err = s.Decode(q.Context(), files[0].Name, strings.NewReader(string(files[0].Bytes)))
		case strings.TrimSpace(v.Text) != "":
			up.Text, err = s.Decode(q.Context(), "", strings.NewReader(v.Text))
		default:
			err = fault.Refuse(fault.ErrInvalid, "report-missing", "file")
		}
	}
	var rep *reports.Report
	if err == nil {
		defer s.reading.end(up.Command)
		up.Progress = func(done, total int) { s.reading.say(up.Command, done, total) }
		rep, err = s.Reports.Import(q.Context(), q.Who, up)
	}
	if err != nil {
		return q.again(err, "report_import", func(f flaw) any { v.Flaw = f; return v })
	}
	return q.redirect("/reports/" + string(rep.ID) + "?done=import")
}

// year reads a year that may be left out.
func year(typed string) (int, error) {
	typed = strings.TrimSuffix(strings.TrimSpace(typed), "年")
	if typed == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < 1990 || n > 2200 {
		return 0, fault.Refuse(fault.ErrInvalid, "not-year", "year")
	}
	return n, nil
}

// again shows a form once more with what is wrong with it. What no form can mend goes to the page of what went wrong.
func (q *request) again(err error, page string, view func(flaw) any) error {
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	return q.render(422, page, view(f))
}
