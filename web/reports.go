package web

import (
	"encoding/json"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// reportsView is the reports that were read in.
type reportsView struct {
	Rows []reportRow
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
	for _, r := range rows {
		row := reportRow{Row: r}
		if err := json.Unmarshal(r.Body, &row.Count); err != nil {
			return err
		}
		v.Rows = append(v.Rows, row)
	}
	return q.render(200, "reports", v)
}

// id is the id in the address of the page.
func (q *request) id() name.ID { return name.ID(q.PathValue("id")) }
