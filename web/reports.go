package web

import (
	"encoding/json"
	"slices"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// reportsView is the reports that were read in.
type reportsView struct {
	Rows    []reportRow
	Waiting int64 // how many matters wait for the caller on the desk
}

// reportRow is a report with how far its statements have come.
type reportRow struct {
	journal.Row
	Count struct{ Statements, Proposed, Confirmed, Published, Known, Dropped, Facts, Year int }
}

// Commitments is how many statements are no facts.
func (r reportRow) Commitments() int { return r.Count.Statements - r.Count.Facts }

// Settled is how many of them have been decided on.
func (r reportRow) Settled() int { return r.Count.Published + r.Count.Known + r.Count.Dropped }

// listReports is the page of all reports.
func (s *server) listReports(q *request) error {
	rows, err := s.Reports.List(q.Context(), q.Who)
	if err != nil {
		return err
	}
	v := reportsView{}
	if v.Waiting, err = q.waiting(); err != nil {
		return err
	}
	for _, r := range rows {
		row := reportRow{Row: r}
		if err := json.Unmarshal(r.Body, &row.Count); err != nil {
			return err
		}
		v.Rows = append(v.Rows, row)
	}
	return q.render(200, "reports", v)
}

// waiting counts what waits for the caller on the desk, 0 for whoever has none: for the first pages of those who begin elsewhere.
func (q *request) waiting() (int64, error) {
	if !q.Opens("/desk") {
		return 0, nil
	}
	work, err := q.s.Desk.Desktop(q.Context(), q.Who, desk.Waiting, journal.Query{Limit: 1})
	if err != nil {
		return 0, err
	}
	return work.Counts[slices.Index(desk.Tabs, desk.Waiting)], nil
}

// id is the id in the address of the page.
func (q *request) id() name.ID { return name.ID(q.PathValue("id")) }
