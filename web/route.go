package web

import (
	"strings"

	"bihuan/desk/pace"
	"bihuan/ground/access"
)

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
		{pattern: "GET /reports/progress", action: access.ReportImport, on: access.Report, do: (*server).importProgress},
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
		{pattern: "GET /report", action: access.DoorReport, on: access.Platform, do: (*server).showDoor},
		{pattern: "POST /report", action: access.DoorReport, on: access.Platform, do: (*server).fileReport},
		{pattern: "POST /report/pin", action: access.DoorReport, on: access.Platform, do: (*server).tapReport},
		{pattern: "GET /open/map.svg", action: access.PublicRead, on: access.Platform, do: (*server).pinPicture},
		{pattern: "POST /report/hints", action: access.DoorReport, on: access.Platform, do: (*server).hintDoor},
		{pattern: "POST /report/near", action: access.DoorReport, on: access.Platform, do: (*server).nearReports},
		{pattern: "GET /receipts", action: access.DoorFollow, on: access.Platform, do: (*server).findReceipt},
		{pattern: "GET /receipts/{receipt}", action: access.DoorFollow, on: access.Platform, do: (*server).showReceipt},
		{pattern: "GET /receipts/{receipt}/proof", action: access.DoorFollow, on: access.Platform, do: (*server).takeReceipt},
		{pattern: "GET /audit", action: access.LogRead, on: access.Log, do: (*server).showAudit},
		{pattern: "POST /audit/sign", action: access.LogSign, on: access.Log, do: (*server).signLog},
		{pattern: "POST /audit/verify", action: access.LogSign, on: access.Log, do: (*server).examineLog},
		{pattern: "GET /audit/search", action: access.LogRead, on: access.Log, do: (*server).searchLog},
		{pattern: "GET /audit/export/{format}", action: access.LogRead, on: access.Log, do: (*server).exportLog},
		{pattern: "GET /audit/findings", action: access.FindingKeep, on: access.Log, do: (*server).showFindings},
		{pattern: "POST /audit/findings", action: access.FindingKeep, on: access.Log, do: (*server).openFinding},
		{pattern: "POST /audit/findings/{id}", action: access.FindingKeep, on: access.Log, do: (*server).settleFinding},
		{pattern: "GET /audit/reads", action: access.AuditWatch, on: access.Log, do: (*server).watchAuditor},
		{pattern: "GET /log/check.html", action: access.PublicRead, on: access.Platform, do: (*server).takeChecker},
		{pattern: "GET /log/checkpoint", action: access.LogVerify, on: access.Log, do: (*server).showCheckpoint},
		{pattern: "GET /log/key", action: access.LogVerify, on: access.Log, do: (*server).showLogKey},
		{pattern: "GET /log/proof", action: access.LogVerify, on: access.Log, do: (*server).showProof},
		{pattern: "GET /log/tile/{level}/{tile...}", action: access.LogVerify, on: access.Log, do: (*server).showTile},
		{pattern: "POST /receipts/{receipt}/acts/{act}", action: access.DoorFollow, on: access.Platform, do: (*server).actByReceipt},
		{pattern: "GET /receipts/{receipt}/data", action: access.PersonOwn, on: access.Platform, do: (*server).showReceiptData},
		{pattern: "POST /receipts/{receipt}/data", action: access.PersonOwn, on: access.Platform, do: (*server).useReceiptData},
		{pattern: "GET /me/data", action: access.PersonOwn, on: access.Platform, do: (*server).showMyData},
		{pattern: "POST /me/data", action: access.PersonOwn, on: access.Platform, do: (*server).askMyData},
		{pattern: "GET /me/data.json", action: access.PersonOwn, on: access.Platform, do: (*server).exportMyData},
		{pattern: "GET /personal", action: access.PersonHold, on: access.Person, do: (*server).showOfficer},
		{pattern: "GET /personal/looks", action: access.LooksRead, on: access.Log, do: (*server).showLooks},
		{pattern: "POST /personal/looks", action: access.LooksRead, on: access.Log, do: (*server).setHoney},
		{pattern: "GET /personal/{id}", action: access.PersonHold, on: access.Person, do: (*server).showKept},
		{pattern: "POST /personal/{id}", action: access.PersonHold, on: access.Person, do: (*server).changeKept},
		{pattern: "GET /open/matters", action: access.PublicRead, on: access.Matter, do: (*server).openMatters},
		{pattern: "GET /open/matters/{id}", action: access.PublicRead, on: access.Matter, do: (*server).showOpenMatter},
		{pattern: "GET /open/matters/{id}/photos/{hash}", action: access.PublicRead, on: access.Matter, do: (*server).openPhoto},
		{pattern: "GET /open/map", action: access.PublicRead, on: access.Matter, do: (*server).showOpenAtlas},
		{pattern: "GET /open/map/list", action: access.PublicRead, on: access.Matter, do: (*server).listOpenAtlas},
		{pattern: "GET /map", action: access.MatterRead, on: access.Matter, do: (*server).showAtlas},
		{pattern: "GET /map/list", action: access.MatterRead, on: access.Matter, do: (*server).listAtlas},
		{pattern: "GET /tiles/matters/{z}/{x}/{y}", action: access.MatterRead, on: access.Matter, do: (*server).matterTile},
		{pattern: "GET /tiles/open/{z}/{x}/{y}", action: access.PublicRead, on: access.Matter, do: (*server).openTile},
		{pattern: "GET /tiles/{layer}/{z}/{x}/{y}", action: access.PublicRead, on: access.Platform, do: (*server).outlineTile},
		{pattern: "GET /verify", action: access.LogVerify, on: access.Log, do: (*server).showVerify},
		{pattern: "POST /verify", action: access.LogVerify, on: access.Log, do: (*server).runVerify},
		{pattern: "GET /promises", action: access.PublicRead, on: access.Goal, do: (*server).listPromises},
		{pattern: "GET /promises/{id}", action: access.PublicRead, on: access.Goal, do: (*server).showPromise},
		{pattern: "GET /open/goals.csv", action: access.PublicRead, on: access.Goal, do: (*server).openGoals},
		{pattern: "GET /open/goals.json", action: access.PublicRead, on: access.Goal, do: (*server).openGoals},
		{pattern: "GET /cockpit", action: access.GoalRead, on: access.Goal, do: (*server).showCockpit},
		{pattern: "GET /cockpit/wall", action: access.GoalRead, on: access.Goal, do: (*server).showWall},
		{pattern: "GET /cockpit/race", action: access.GoalRead, on: access.Goal, do: (*server).showRace},
		{pattern: "GET /cockpit/map", action: access.GoalRead, on: access.Goal, do: (*server).showMap},
		{pattern: "GET /cockpit/screen", action: access.GoalRead, on: access.Goal, do: (*server).showScreen},
		{pattern: "GET /cockpit/brief", action: access.GoalRead, on: access.Goal, do: (*server).showBrief},
		{pattern: "GET /goals", action: access.GoalRead, on: access.Goal, do: (*server).listGoals},
		{pattern: "GET /export/goals/{format}", action: access.ExportList, on: access.Goal, do: (*server).exportGoals},
		{pattern: "GET /goals/{id}", action: access.GoalRead, on: access.Goal, do: (*server).showGoal},
		{pattern: "GET /goals/{id}/files/{hash}", action: access.EvidenceRead, on: access.Evidence, do: (*server).goalFile},
		{pattern: "GET /goals/{id}/rows", action: access.GoalRead, on: access.Goal, do: (*server).listGoalRows},
		{pattern: "GET /goals/{id}/divide", action: access.GoalRead, on: access.Goal, do: (*server).divideGoal},
		{pattern: "POST /goals/{id}/divide", action: access.GoalRead, on: access.Goal, do: (*server).handOut},
		{pattern: "POST /goals/{id}/figures", action: access.GoalReportFigure, on: access.Goal, do: (*server).reportFigure},
		{pattern: "POST /goals/{id}/change", action: access.GoalRequestChange, on: access.Goal, do: (*server).changeGoal},
		{pattern: "POST /goals/{id}/base", action: access.GoalReportFigure, on: access.Goal, do: (*server).answerBase},
		{pattern: "GET /inbox", action: access.InboxRead, on: access.Platform, do: (*server).showInbox},
		{pattern: "POST /inbox", action: access.InboxRead, on: access.Platform, do: (*server).markInbox},
		{pattern: "GET /me/notices", action: access.InboxRead, on: access.Platform, do: (*server).showReach},
		{pattern: "POST /me/notices", action: access.InboxRead, on: access.Platform, do: (*server).setReach},
		{pattern: "GET /admin/notices", action: access.OutgoingManage, on: access.Platform, do: (*server).showPost},
		{pattern: "POST /admin/notices", action: access.OutgoingManage, on: access.Platform, do: (*server).sendAgain},
		{pattern: "GET /admin/webhooks", action: access.OutgoingManage, on: access.Platform, do: (*server).showHooks},
		{pattern: "POST /admin/webhooks", action: access.OutgoingManage, on: access.Platform, do: (*server).makeHook},
		{pattern: "POST /admin/webhooks/{id}", action: access.OutgoingManage, on: access.Platform, do: (*server).changeHook},
		{pattern: "GET /admin/places", action: access.PlaceRead, on: access.Platform, do: (*server).showAllowed},
		{pattern: "POST /admin/places", action: access.PlacePropose, on: access.Platform, do: (*server).proposePlace},
		{pattern: "POST /admin/places/{id}", action: access.PlaceRead, on: access.Platform, do: (*server).decidePlace},
		{pattern: "GET /demo/outbox", action: access.DemoActAs, on: access.Platform, do: (*server).showTray, demo: true},
		{pattern: "GET /demo/persons", action: access.DemoActAs, on: access.Platform, do: (*server).showPersons, demo: true},
		{pattern: "POST /demo/act-as", action: access.DemoActAs, on: access.Platform, do: (*server).actAs, demo: true},
		{pattern: "POST /demo/paste", action: access.DemoActAs, on: access.Platform, do: (*server).pasteReport, demo: true},
		{pattern: "POST /demo/time", action: access.DemoTime, on: access.Platform, do: (*server).stepTime, demo: true},
		{pattern: "GET /demo/cheat", action: access.DemoTamper, on: access.Platform, do: (*server).showCheat, demo: true},
		{pattern: "POST /demo/cheat", action: access.DemoTamper, on: access.Platform, do: (*server).cheat, demo: true},

		{pattern: "GET /rights", action: access.PublicRead, on: access.Platform, do: (*server).showRights},
		{pattern: "GET /rights/why", action: access.PublicRead, on: access.Platform, do: (*server).whyRights},
		{pattern: "POST /rights/act", action: access.PublicRead, on: access.Platform, do: (*server).actFor},
		{pattern: "POST /rights/delegations", action: access.DelegateGive, on: access.Person, do: (*server).delegate},
		{pattern: "POST /rights/delegations/{id}/end", action: access.PublicRead, on: access.Platform, do: (*server).endDelegation},
		{pattern: "POST /rights/glass", action: access.GlassAsk, on: access.Platform, do: (*server).askGlass},
		{pattern: "POST /rights/glass/{id}/close", action: access.PublicRead, on: access.Platform, do: (*server).closeGlass},
		{pattern: "POST /rights/recusals", action: access.RecusalAvow, on: access.Matter, do: (*server).recuse},
		{pattern: "POST /rights/recusals/{id}/end", action: access.RecusalAvow, on: access.Matter, do: (*server).endRecusal},
		{pattern: "GET /rights/audit", action: access.LogRead, on: access.Log, do: (*server).auditRights},
		{pattern: "POST /rights/audit/{id}", action: access.GlassReview, on: access.Platform, do: (*server).reviewGlass},
		{pattern: "GET /admin/roles", action: access.PersonRead, on: access.Person, do: (*server).adminRoles},
		{pattern: "POST /admin/roles/propose", action: access.PersonRead, on: access.Person, do: (*server).proposeRole},
		{pattern: "POST /admin/roles/decide/{id}", action: access.PersonRead, on: access.Person, do: (*server).decideRole},
		{pattern: "POST /admin/roles/hold", action: access.RoleRevoke, on: access.Person, do: (*server).keepRole},
		{pattern: "POST /admin/roles/glass/{id}", action: access.GlassApprove, on: access.Platform, do: (*server).decideGlass},

		{pattern: "GET /search", action: access.PublicRead, on: access.Matter, do: (*server).find},
		{pattern: "GET /topics", action: access.MatterRead, on: access.Matter, do: (*server).showTopics},
		{pattern: "GET /desk", action: access.MatterRead, on: access.Matter, do: (*server).worklist},
		{pattern: "GET /desk/export/{format}", action: access.ExportList, on: access.Matter, do: (*server).downloadWork},
		{pattern: "GET /desk/calendar", action: access.MatterRead, on: access.Matter, do: (*server).showAgenda},
		{pattern: "POST /desk/calendar", action: access.MatterRead, on: access.Matter, do: (*server).changeAgenda},
		{pattern: "GET /calendar/{file}", action: access.PublicRead, on: access.Platform, do: (*server).feed},
		{pattern: "GET /desk/calls", action: access.MatterOpen, on: access.Matter, do: (*server).showCalls},
		{pattern: "POST /desk/calls", action: access.MatterOpen, on: access.Matter, do: (*server).takeCall},
		{pattern: "POST /desk/calls/hints", action: access.MatterOpen, on: access.Matter, do: (*server).hintCalls},
		{pattern: "POST /desk/calls/earlier", action: access.MatterOpen, on: access.Matter, do: (*server).earlierCalls},
		{pattern: "GET /desk/calls/{id}", action: access.MatterRead, on: access.Matter, do: (*server).oneCall},
		{pattern: "POST /desk/calls/{id}", action: access.MatterAct, on: access.Matter, do: (*server).actOnCall},
		{pattern: "POST /desk/calls/{id}/caller", action: access.MatterRead, on: access.Matter, do: (*server).revealCaller},
		{pattern: "GET /desk/cases", action: access.MatterRead, on: access.Matter, do: (*server).showCases},
		{pattern: "POST /desk/cases/{id}", action: access.MatterRead, on: access.Matter, do: (*server).actOnCase},
		{pattern: "GET /collect", action: access.MatterRead, on: access.Matter, do: (*server).showTasks},
		{pattern: "GET /collect/new", action: access.MatterOpen, on: access.Matter, do: (*server).newCapture},
		{pattern: "POST /collect/new", action: access.MatterOpen, on: access.Matter, do: (*server).sendCapture},
		{pattern: "POST /collect/hints", action: access.MatterRead, on: access.Matter, do: (*server).hintPhone},
		{pattern: "GET /collect/{id}", action: access.MatterRead, on: access.Matter, do: (*server).showTask},
		{pattern: "POST /collect/{id}", action: access.MatterAct, on: access.Matter, do: (*server).sendTask},
		{pattern: "GET /matters/new", action: access.MatterOpen, on: access.Matter, do: (*server).newMatter},
		{pattern: "POST /matters", action: access.MatterOpen, on: access.Matter, do: (*server).openMatter},
		{pattern: "POST /matters/near", action: access.MatterOpen, on: access.Matter, do: (*server).nearMatters},
		{pattern: "GET /matters/{id}", action: access.MatterRead, on: access.Matter, do: (*server).matterPage},
		{pattern: "POST /matters/{id}/unmask", action: access.MatterRead, on: access.Matter, do: (*server).unmaskMatter},
		{pattern: "GET /matters/{id}/proof", action: access.MatterRead, on: access.Matter, do: (*server).takeOwnProof},
		{pattern: "GET /matters/{id}/acts/{act}", action: access.MatterRead, on: access.Matter, do: (*server).actForm},
		{pattern: "POST /matters/{id}/acts/{act}", action: access.MatterRead, on: access.Matter, do: (*server).doAct},
		{pattern: "GET /matters/{id}/files/{hash}", action: access.EvidenceRead, on: access.Evidence, do: (*server).matterFile},

		{pattern: "GET /packs", action: access.PackRead, on: access.Pack, do: (*server).listPacks},
		{pattern: "GET /packs/{pack}", action: access.PackRead, on: access.Pack, do: (*server).showPack},
		{pattern: "GET /packs/{pack}/versions", action: access.PackInstall, on: access.Pack, do: (*server).packVersions},
		{pattern: "POST /packs/{pack}/versions", action: access.PackInstall, on: access.Pack, do: (*server).moveMatters},
		{pattern: "GET /packs/{pack}/list", action: access.PackRead, on: access.Pack, do: (*server).packList},
		{pattern: "GET /packs/{pack}/list/{format}", action: access.ExportList, on: access.Matter, do: (*server).downloadList},
		{pattern: "GET /packs/{pack}/chart", action: access.PackRead, on: access.Pack, do: (*server).packChart},
		{pattern: "GET /packs/{pack}/handbook", action: access.PackRead, on: access.Pack, do: (*server).packHandbook},
		{pattern: "GET /packs/{pack}/template", action: access.PackRead, on: access.Pack, do: (*server).packTemplates},
		{pattern: "GET /packs/{pack}/template/{template}", action: access.PackRead, on: access.Pack, do: (*server).document},
		{pattern: "GET /packs/{pack}/mechanism", action: access.PackRead, on: access.Pack, do: (*server).packMechanism},
		{pattern: "GET /boards", action: access.AssessmentRead, on: access.Assessment, do: (*server).showBoards},
		{pattern: "GET /boards/{pack}/{card}", action: access.AssessmentRead, on: access.Assessment, do: (*server).showBoard},
		{pattern: "GET /boards/{pack}/{card}/rows", action: access.AssessmentRead, on: access.Assessment, do: (*server).showBoardRows},
		{pattern: "GET /boards/{pack}/{card}/export/{format}", action: access.ExportList, on: access.Matter, do: (*server).downloadBoard},
		{pattern: "POST /boards/{pack}/{card}/settle", action: access.AssessmentScore, on: access.Assessment, do: (*server).settleBoard},
		{pattern: "GET /assessment", action: access.AssessmentRead, on: access.Assessment, do: (*server).assessment},
		{pattern: "GET /assessment/{month}", action: access.AssessmentRead, on: access.Assessment, do: (*server).assessment},
		{pattern: "GET /assessment/{month}/units/{unit}", action: access.AssessmentRead, on: access.Assessment, do: (*server).assessUnit},
		{pattern: "GET /assessment/{month}/circular", action: access.AssessmentRead, on: access.Assessment, do: (*server).circular},
		{pattern: "GET /assessment/{month}/export/{format}", action: access.AssessmentRead, on: access.Assessment, do: (*server).downloadScores},
		{pattern: "POST /assessment/{month}/settle", action: access.AssessmentScore, on: access.Assessment, do: (*server).settleMonth},
		{pattern: "POST /assessment/{month}/bonus", action: access.AssessmentScore, on: access.Assessment, do: (*server).grantBonus},
		{pattern: "POST /assessment/{month}/appeal", action: access.AssessmentAppeal, on: access.Assessment, do: (*server).appeal},
		{pattern: "POST /assessment/{month}/decide", action: access.AssessmentDecideAppeal, on: access.Assessment, do: (*server).decideAppeal},
		{pattern: "GET /routes", action: access.RegisterRead, on: access.Register, do: (*server).listRoutes},
		{pattern: "POST /routes", action: access.RegisterEdit, on: access.Register, do: (*server).publishRoute},
		{pattern: "GET /registers", action: access.RegisterRead, on: access.Register, do: (*server).listRegisters},
		{pattern: "GET /registers/import", action: access.RegisterEdit, on: access.Register, do: (*server).newPlaces},
		{pattern: "POST /registers/import", action: access.RegisterEdit, on: access.Register, do: (*server).importPlaces},
		{pattern: "GET /registers/{pack}/{register}", action: access.RegisterRead, on: access.Register, do: (*server).registerPage},
		{pattern: "GET /registers/{pack}/{register}/{format}", action: access.ExportList, on: access.Register, do: (*server).downloadRegister},
	}
}

// cost is what a route costs: what is downloaded whole, and replays of the log, most.
func (r *route) cost() pace.Class {
	switch {
	case r.action == access.ExportList, r.action == access.LogVerify, r.action == access.DemoTamper, strings.HasPrefix(r.pattern, "GET /open/goals."):
		return pace.Costly
	case strings.HasPrefix(r.pattern, "POST "):
		return pace.Write
	}
	return pace.Read
}

// Routes lists every page with the permission that it declares.
func Routes() (all []access.Route) {
	for _, r := range routes() {
		method, pattern, _ := strings.Cut(r.pattern, " ")
		all = append(all, access.Route{Method: method, Pattern: strings.TrimSuffix(pattern, "{$}"), Action: r.action, On: r.on, Demo: r.demo})
	}
	return all
}
