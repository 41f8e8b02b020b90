package web

import "bihuan/ground/access"

// route is one line of the table of routes: what is asked, the permission that it asks for, and who answers.
type route struct {
	pattern string
	action  access.Action
	on      access.ObjectType
	do      func(*server, *request) error
	demo    bool // only in the demo
}

// routes are all pages. A page whose object may be foreign asks the desk again for that very object.
func routes() []route {
	return []route{
		{pattern: "GET /{$}", action: access.PublicRead, on: access.Platform, do: (*server).welcome},
		{pattern: "POST /language", action: access.PublicRead, on: access.Platform, do: (*server).language},

		{pattern: "GET /reports", action: access.ReportRead, on: access.Report, do: (*server).listReports},
		{pattern: "GET /reports/new", action: access.ReportImport, on: access.Report, do: (*server).newReport},
		{pattern: "POST /reports", action: access.ReportImport, on: access.Report, do: (*server).importReport},
		{pattern: "GET /reports/sheet", action: access.ReportImport, on: access.Report, do: (*server).newSheet},
		{pattern: "POST /reports/sheet", action: access.ReportImport, on: access.Report, do: (*server).importSheet},
		{pattern: "GET /reports/sheet.xlsx", action: access.ReportImport, on: access.Report, do: (*server).sheetTemplate},
		{pattern: "GET /reports/{id}", action: access.ReportRead, on: access.Report, do: (*server).reviewReport},
		{pattern: "POST /reports/{id}/drafts", action: access.GoalEdit, on: access.Goal, do: (*server).changeDrafts},
		{pattern: "GET /reports/{id}/drafts/{draft}", action: access.GoalEdit, on: access.Goal, do: (*server).editDraft},
		{pattern: "POST /reports/{id}/drafts/{draft}", action: access.GoalEdit, on: access.Goal, do: (*server).saveDraft},
		{pattern: "GET /reports/{id}/publish", action: access.GoalPublish, on: access.Goal, do: (*server).summary},
		{pattern: "POST /reports/{id}/publish", action: access.GoalPublish, on: access.Goal, do: (*server).publishReport},
		{pattern: "GET /reports/{id}/goals/{format}", action: access.ExportList, on: access.Report, do: (*server).downloadDrafts},
	}
}
