package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"bihuan/desk/reports"
	"bihuan/desk/words"
	"bihuan/export"
	"bihuan/ground/fault"
)

// sheetView is an office's own list on its way in: first the form, then how it was understood.
type sheetView struct {
	Name, Title, Year string
	Kept              string // the sheet as read, for the second step
	Reading           *reports.SheetReading
	Faults            []sheetFault
	Goals             []reports.SheetGoal // the first of them
	More              int                 // how many are not shown
	Flaw              flaw
}

// sheetFault is a fault in words.
type sheetFault struct{ Ref, Column, Value, Says string }

// shownGoals is how many rows the preview shows.
const shownGoals = 200

// newSheet is the page where a list that an office keeps is brought in.
func (s *server) newSheet(q *request) error { return q.render(200, "report_sheet", sheetView{}) }

// importSheet previews a list, or brings it in once it was looked at. Nothing is brought in by half.
func (s *server) importSheet(q *request) error {
	files, err := q.papers("file")
	v := sheetView{Name: q.FormValue("name"), Title: strings.TrimSpace(q.FormValue("title")), Year: q.FormValue("year")}
	var sheet reports.Sheet
	if err == nil {
		sheet, err = s.sheet(q, &v, files)
	}
	y := 0
	if err == nil {
		y, err = year(v.Year)
	}
	if err == nil && q.FormValue("do") == "import" {
		rep, reading, e := s.Reports.ImportSheet(q.Context(), q.Who, reports.SheetUpload{Command: q.sentCommand(), Name: v.Name, Title: v.Title, Year: y, Sheet: sheet})
		if e == nil {
			return q.redirect("/reports/" + string(rep.ID) + "?done=sheet")
		}
		v.show(q, &reading)
		err = e
	}
	if err != nil {
		return q.again(err, "report_sheet", func(f flaw) any { v.Flaw = f; return v })
	}
	reading := reports.ReadSheet(sheet, y, s.Desk.Directory())
	v.show(q, &reading)
	kept, err := json.Marshal(sheet)
	if err != nil {
		return err
	}
	v.Kept = string(kept)
	return q.render(200, "report_sheet", v)
}

// sheet takes the list out of the upload, or out of the form's second step.
func (s *server) sheet(q *request, v *sheetView, files []upload) (sheet reports.Sheet, err error) {
	switch {
	case len(files) > 0 && s.Sheet == nil:
		return sheet, errNoSheet
	case len(files) > 0:
		v.Name = files[0].Name
		return s.Sheet(q.Context(), v.Name, bytes.NewReader(files[0].Bytes))
	case q.FormValue("sheet") != "":
		if err := json.Unmarshal([]byte(q.FormValue("sheet")), &sheet); err != nil {
			return sheet, fault.Refuse(fault.ErrInvalid, "not-table", "file")
		}
		return sheet, nil
	}
	return sheet, fault.Refuse(fault.ErrInvalid, "sheet-missing", "file")
}

func (v *sheetView) show(q *request, r *reports.SheetReading) {
	v.Reading = r
	for _, f := range r.Faults {
		v.Faults = append(v.Faults, sheetFault{f.Ref, f.Column, f.Value, words.Refusal(f.Refusal, q.Lang)})
	}
	slices.SortStableFunc(v.Faults, func(a, b sheetFault) int { return cmp.Or(rowOf(a.Ref)-rowOf(b.Ref), cmp.Compare(a.Ref, b.Ref)) })
	v.Goals = r.Goals[:min(len(r.Goals), shownGoals)]
	v.More = len(r.Goals) - len(v.Goals)
}

// rowOf is the row of a cell such as D12, 0 where the address has none.
func rowOf(ref string) int { return atoi(strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) }

// sheetTemplate answers with an empty list to fill in.
func (s *server) sheetTemplate(q *request) error {
	headings, example := reports.SheetTemplate(q.Lang)
	t := export.Table{Title: q.Says("sheet.template-title")}
	for i, h := range headings {
		t.Columns = append(t.Columns, export.Column{Key: "c" + itoa(i), Title: h})
	}
	t.Rows = rowsOf([][]string{example})
	return q.download(q.Says("sheet.template-title"), "xlsx", t)
}
