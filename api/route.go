package api

import (
	"net/http"

	"bihuan/desk/pace"
	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// route is one method: one line of the table from which it is served and described.
type route struct {
	method, path string // path below [Base]; one that begins with // is from the root
	action       access.Action
	on           access.ObjectType
	open         bool // anybody may ask, and gets what is public
	demo         bool // only in the demo
	keyed        bool // a sensor asks, with a key instead of a session
	title        name.Text
	query        []param
	body         any // an example of the JSON body, nil if it takes none
	files        fileUse
	optional     bool // the body may be missing
	key          keyUse
	match        bool  // If-Match is required
	status       int   // of success
	answer       any   // an example of the answer; nil if it is a file
	etag         bool  // the answer has an ETag
	refuses      []int // statuses besides those that every method has
	do           func(*server, *request) (answer, error)
}

// fileUse says how a method takes files.
type fileUse int

const (
	noFiles   fileUse = iota
	formFiles         // multipart/form-data: the JSON body as the part "request", and files
	oneFile           // the file itself as the body, or as the part "file"
)

// keyUse says what a method makes of an Idempotency-Key.
type keyUse int

const (
	noKey keyUse = iota
	mayKey
	mustKey
)

// pattern is the route's pattern for a ServeMux.
func (r *route) pattern() string {
	if len(r.path) > 1 && r.path[:2] == "//" {
		return r.path[1:]
	}
	return Base + r.path
}

// answer is what a method answers with. A body that is bytes is sent as it is; a file is sent to be kept, never shown.
type answer struct {
	status   int // 0 for the route's own
	body     any
	file     *journal.File
	etag     string
	location string
}

// routes are all methods. A method whose object may be foreign asks the desk again for that very object.
func routes() []route {
	return []route{
		{method: "GET", path: "//api/openapi.json", action: access.APIRead, on: access.Platform, open: true,
			title: name.Text{ZH: "接口说明（OpenAPI 3.1）", EN: "This description"}, answer: map[string]any{}, do: (*server).openapi},
		{method: "GET", path: "//demo/persons.json", action: access.DemoActAs, on: access.Platform, open: true, demo: true,
			title: name.Text{ZH: "演示人物和令牌", EN: "The demo's made-up persons, each with a token"}, answer: []demoPerson{}, do: (*server).persons},
		{method: "GET", path: "/me", action: access.PublicRead, on: access.Platform, open: true,
			title: name.Text{ZH: "当前身份", EN: "Who is asking"}, answer: me{}, do: (*server).me},
		{method: "GET", path: "/units", action: access.PublicRead, on: access.Platform, open: true,
			title: name.Text{ZH: "单位", EN: "Units"}, answer: unitList{}, do: (*server).units},
		{method: "GET", path: "/problems/{code}", action: access.PublicRead, on: access.Platform, open: true,
			title: name.Text{ZH: "错误代码的含义", EN: "What a problem's code means"}, answer: problemWords{}, refuses: []int{404}, do: (*server).problem},

		{method: "POST", path: "/reports", action: access.ReportImport, on: access.Report,
			title: name.Text{ZH: "读入一份政府工作报告", EN: "Read a work report in"}, body: reportRequest{}, files: oneFile, query: uploadParams, key: mayKey,
			status: http.StatusCreated, answer: imported{}, refuses: []int{400, 413, 415, 422}, do: (*server).importReport},
		{method: "GET", path: "/reports", action: access.ReportRead, on: access.Report,
			title: name.Text{ZH: "已读入的报告", EN: "Reports that were read in"}, answer: reportList{}, do: (*server).reportList},
		{method: "GET", path: "/reports/{id}", action: access.ReportRead, on: access.Report,
			title: name.Text{ZH: "一份报告和它的目标草稿", EN: "One report with its drafts of goals"}, answer: reportFull{}, refuses: []int{404}, etag: true, do: (*server).report},
		{method: "POST", path: "/reports/{id}/publish", action: access.GoalPublish, on: access.Goal,
			title: name.Text{ZH: "下达草稿为目标", EN: "Publish drafts as goals"}, body: publishRequest{}, optional: true, key: mayKey,
			answer: published{}, refuses: []int{400, 404, 409, 413, 415, 422}, do: (*server).publish},

		{method: "GET", path: "/goals", action: access.GoalRead, on: access.Goal, open: true, query: goalParams,
			title: name.Text{ZH: "目标", EN: "Goals"}, answer: goalList{}, refuses: []int{400}, do: (*server).goals},
		{method: "GET", path: "/goals/{id}", action: access.GoalRead, on: access.Goal, open: true,
			title: name.Text{ZH: "一个目标", EN: "One goal"}, answer: goalFull{}, refuses: []int{404}, etag: true, do: (*server).goal},
		{method: "GET", path: "/goals/{id}/figures", action: access.GoalRead, on: access.Goal, open: true,
			title: name.Text{ZH: "目标的历次数据", EN: "A goal's figures, as they were recorded"}, answer: figureList{}, refuses: []int{404}, do: (*server).figures},
		{method: "POST", path: "/goals/{id}/figures", action: access.GoalReportFigure, on: access.Goal,
			title: name.Text{ZH: "填报、核定或修正数据", EN: "Report, confirm or correct a figure"}, body: figureRequest{}, files: formFiles, key: mayKey,
			status: http.StatusCreated, answer: recorded{}, refuses: []int{400, 404, 409, 413, 415, 422}, do: (*server).record},
		{method: "GET", path: "/goals/{id}/rows", action: access.GoalRead, on: access.Goal, open: true, query: pageParams,
			title: name.Text{ZH: "计数目标背后的事项", EN: "The rows behind a counted figure"}, answer: rowList{}, refuses: []int{400, 404}, do: (*server).rows},
		{method: "GET", path: "/goals/{id}/files/{hash}", action: access.EvidenceRead, on: access.Evidence,
			title: name.Text{ZH: "下载随数据报来的材料", EN: "A file that came with a goal's figures"}, refuses: []int{404}, do: (*server).goalFile},

		{method: "GET", path: "/matters", action: access.MatterRead, on: access.Matter, open: true, query: matterParams,
			title: name.Text{ZH: "事项", EN: "Matters"}, answer: matterList{}, refuses: []int{400, 404}, do: (*server).matters},
		{method: "GET", path: "/search", action: access.MatterRead, on: access.Matter, open: true, query: searchParams,
			title: name.Text{ZH: "全文检索事项", EN: "Matters by what is written in them, best first"}, answer: searchList{}, refuses: []int{400, 422}, do: (*server).search},
		{method: "POST", path: "/matters", action: access.MatterOpen, on: access.Matter,
			title: name.Text{ZH: "登记事项", EN: "Open a matter"}, body: openRequest{}, files: formFiles, key: mayKey,
			status: http.StatusCreated, answer: done{}, etag: true, refuses: []int{400, 404, 409, 413, 415, 422}, do: (*server).open},
		{method: "GET", path: "/matters/{id}", action: access.MatterRead, on: access.Matter, open: true,
			title: name.Text{ZH: "一个事项和可以办理的操作", EN: "One matter, and what can be done to it"}, answer: matterFull{}, refuses: []int{404}, etag: true, do: (*server).matter},
		{method: "GET", path: "/matters/{id}/files/{hash}", action: access.EvidenceRead, on: access.Evidence,
			title: name.Text{ZH: "下载事项的附件", EN: "A matter's file, by its SM3"}, query: fileParams, refuses: []int{404}, do: (*server).matterFile},
		// Which permission an act asks for depends on its verb: the desk asks for that one. Whoever reads no matter at all is turned away here.
		{method: "POST", path: "/matters/{id}/acts/{act}", action: access.MatterRead, on: access.Matter,
			title: name.Text{ZH: "办理事项", EN: "Do an act, by its key or its verb"}, body: actRequest{}, optional: true, files: formFiles, key: mustKey, match: true,
			answer: done{}, etag: true, refuses: []int{400, 404, 409, 412, 413, 415, 422, 428}, do: (*server).act},

		{method: "GET", path: "/sensors/{door}", action: access.PublicRead, on: access.Platform, open: true,
			title: name.Text{ZH: "感知设备可以上报什么", EN: "What sensors can report at a door"}, answer: sensorServices{}, refuses: []int{404}, do: (*server).senses},
		{method: "POST", path: "/sensors/{door}", action: access.DoorReport, on: access.Platform, keyed: true,
			title: name.Text{ZH: "感知设备上报", EN: "Report what a sensor noticed"}, body: sensorReport{}, status: http.StatusCreated, answer: sensorTaken{},
			refuses: []int{400, 404, 409, 413, 415, 422, 429}, do: (*server).sense},

		{method: "GET", path: "/keys", action: access.AccountManage, on: access.Person,
			title: name.Text{ZH: "程序和感知设备的密钥", EN: "Keys of programs and sensors"}, answer: keyList{}, do: (*server).keyList},
		{method: "POST", path: "/keys", action: access.AccountManage, on: access.Person,
			title: name.Text{ZH: "发放密钥", EN: "Issue a key"}, body: keyRequest{}, status: http.StatusCreated, answer: keyIssued{}, refuses: []int{400, 413, 415, 422}, do: (*server).issueKey},
		{method: "POST", path: "/keys/{id}/revoke", action: access.AccountManage, on: access.Person,
			title: name.Text{ZH: "收回密钥", EN: "Revoke a key"}, body: revokeRequest{}, answer: keyView{}, refuses: []int{400, 404, 413, 415, 422}, do: (*server).revokeKey},

		{method: "GET", path: "/packs", action: access.PackRead, on: access.Pack,
			title: name.Text{ZH: "业务包", EN: "Packs"}, answer: packList{}, do: (*server).packs},
		{method: "GET", path: "/packs/{pack}", action: access.PackRead, on: access.Pack,
			title: name.Text{ZH: "一个业务包的事项种类和表单", EN: "One pack's kinds of matter, with the schemas of their acts"}, answer: packFull{}, refuses: []int{404}, do: (*server).pack},
		{method: "GET", path: "/verify", action: access.LogVerify, on: access.Log, open: true,
			title: name.Text{ZH: "校验存证链", EN: "Replay the chain"}, answer: verified{}, do: (*server).verify},
	}
}

// cost is what a method costs.
func (r *route) cost() pace.Class {
	switch {
	case r.action == access.ExportList, r.action == access.LogVerify:
		return pace.Costly
	case r.method != http.MethodGet:
		return pace.Write
	}
	return pace.Read
}

// Method is what a reader of the API's page is told of one method.
type Method struct {
	Verb, Path  string
	Words       name.Text
	May         name.Text // the permission that it declares
	Open, Keyed bool      // anybody may ask; a program's or sensor's key is asked for
}

// Methods lists the methods in the order of their table, those of the demo only there.
func Methods(demo bool) (all []Method) {
	for _, r := range routes() {
		if r.demo && !demo {
			continue
		}
		declared, _ := access.Lookup(r.action)
		all = append(all, Method{Verb: r.method, Path: r.pattern(), Words: r.title, May: declared.Words, Open: r.open, Keyed: r.keyed})
	}
	return all
}

// Routes lists every method with the permission that it declares.
func Routes() (all []access.Route) {
	for _, r := range routes() {
		all = append(all, access.Route{Method: r.method, Pattern: r.pattern(), Action: r.action, On: r.on, Open: r.open, Keyed: r.keyed, Demo: r.demo})
	}
	return all
}
