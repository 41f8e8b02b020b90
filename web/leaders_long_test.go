//go:build long

package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/cockpit"
	"bihuan/desk/goals"
	"bihuan/ground/name"
	"bihuan/internal/htmlcheck"
	"bihuan/kernel/indicator"
)

// TestLeadersPages asks for every page of leaders and of the hall in both languages and has each examined.
func TestLeadersPages(t *testing.T) {
	h := standDemo(t)
	leader := h.one("government", "leader")
	counted, level, milestone := h.goal("counted", titled("老旧小区")), h.goal("a level", func(g *desk.GoalView) bool { return g.Shape == indicator.Level }),
		h.goal("a milestone", func(g *desk.GoalView) bool { return g.Shape == indicator.Milestone })
	for _, c := range []struct {
		path string
		who  name.Person
		has  string
		says string
	}{
		{"/cockpit", leader, ".stuck li", "落后"},
		{"/cockpit", leader, ".stuck-why", "个月未报"},
		{"/cockpit", leader, ".gist .late", "拖得最久的在办事项"},
		{"/cockpit?light=yellow", leader, "table.goals tr", "黄灯"},
		{"/cockpit?unit=housing&year=2023", leader, "table.goals tr", "老旧小区"},
		{"/cockpit?light=purple&year=abc", leader, ".stuck li", ""},
		{"/cockpit/wall", leader, "table.wall .wall-cell svg", "10月"},
		{"/cockpit/race", leader, "table.race .rank", "住建局"},
		{"/cockpit/race?unit=housing&month=2023-08", leader, "#goals table", "老旧小区"},
		{"/cockpit/race?unit=housing&year=2023", leader, "#goals table", "−27.2"}, // as the table above says the mean of them
		{"/cockpit/map", leader, ".draw-map .tile", "示意图"},
		{"/cockpit/screen", leader, ".screen-stuck", "黄灯"},
		{"/cockpit/brief", leader, "article section", "红灯目标"},
		{"/cockpit/brief", leader, "article .plain a[href$=\"#change\"]", "请您审定"},
		{"/cockpit/brief", leader, "article table.listing", "承办任务："},
		{"/cockpit/brief?days=7", leader, "article section", "七天内到期"},
		{"/goals", leader, "table.goals tr", "老旧小区"},
		{"/goals?q=%E8%80%81%E6%97%A7", leader, "table.goals tr", "老旧小区"},
		{"/goals/" + string(counted.ID), leader, ".draw-series", "谁改了什么"},
		{"/goals/" + string(counted.ID), leader, "#history", "首次亮灯："},
		{"/goals/" + string(level.ID), leader, ".draw-series", "填报"},
		{"/goals/" + string(milestone.ID), leader, ".standing", "按期完成"},
		{"/goals/" + string(counted.ID) + "/rows", leader, "table tbody tr", "施工中"},
		{"/goals/" + string(counted.ID) + "/rows?only=counted", leader, "table tbody tr", "已验收办结"},
		{"/goals/" + string(counted.ID) + "/divide", h.one("housing", "head"), "table.divide input", "倒排"},
		{"/promises", "", ".promise-lines li", "老旧小区"},
		{"/promises?q=%E6%B2%A1%E6%9C%89%E7%9A%84%E8%AF%8D", "", "form", "没有找到"},
		{"/promises/" + string(counted.ID), "", ".sentence mark", "谁在办"},
		{"/promises/" + string(milestone.ID), "", ".standing", "按期完成"},
		{"/verify", "", "form button", "看不见什么"},
		{"/", "", ".minute .step", "一分钟"},
		{"/", h.one("office", "issuer"), "textarea", "贴上您自己区的报告"},
		{"/demo/persons", "", ".persona button", "经办人"},
		{"/demo/persons?q=%E4%BD%8F%E5%BB%BA", "", ".persona button", "区住房和城乡建设局"},
		{"/demo/cheat", "", "form button", "试着作弊"},
	} {
		p := h.page(c.who, c.path)
		p.Has(c.has)
		if c.says != "" {
			p.Contains("main", c.says)
		}
	}
}

// TestGoalsAreHadAsFiles reads the list and the open data back.
func TestGoalsAreHadAsFiles(t *testing.T) {
	h := standDemo(t)
	leader := h.one("government", "leader")
	w := h.ask(leader, "zh", "GET", "/export/goals/csv?unit=housing", nil)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 4 || !strings.Contains(w.Header().Get("Content-Disposition"), "goals-2023.csv") {
		t.Errorf("%d rows, %v, %s", len(rows), err, w.Header().Get("Content-Disposition"))
	}
	if said := strings.Join(rows[1], " "); !strings.Contains(said, "灯") || strings.Contains(said, "green") || strings.Contains(said, " eq ") {
		t.Errorf("a file for persons holds keys: %s", said)
	}
	if w := h.ask("", "zh", "GET", "/open/goals.json", nil); !strings.Contains(w.Body.String(), `"green"`) {
		t.Error("a file for programs holds no keys of lights")
	}
	if w := h.ask("", "zh", "GET", "/export/goals/csv", nil); w.Code != http.StatusForbidden {
		t.Errorf("nobody gets the list: status %d", w.Code)
	}
	if w := h.ask(leader, "zh", "GET", "/export/goals/xlsx", nil); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "PK") {
		t.Errorf("xlsx: status %d", w.Code)
	}
	w = h.ask("", "zh", "GET", "/open/goals.json", nil)
	if w.Code != 200 || !json.Valid(w.Body.Bytes()) || w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("open data: status %d, %v", w.Code, w.Header())
	}
}

// TestNoPageIsAFaultOfOurs asks for every page that needs no object.
func TestNoPageIsAFaultOfOurs(t *testing.T) {
	h := standDemo(t)
	leader := h.one("government", "leader")
	for _, rt := range routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if method != "GET" || strings.Contains(path, "{") {
			continue
		}
		w := h.ask(leader, "zh", "GET", path, nil)
		if w.Code >= 500 {
			t.Errorf("%s: status %d: %s", path, w.Code, htmlcheck.Parse(t, w.Body.String()).Text("main"))
		}
	}
}

// TestASiteSaysWhatItCountsFor opens a site that holds a goal back and one that is counted, and finds the goal there.
func TestASiteSaysWhatItCountsFor(t *testing.T) {
	h := standDemo(t)
	g, leader := h.goal("counted", titled("老旧小区")), h.one("government", "leader")
	open, _, err := h.desk.Holding(t.Context(), h.who(leader), &g, 1)
	h.must(err)
	done, err := h.desk.Behind(t.Context(), h.who(leader), g.ID, "", 1)
	h.must(err)
	for _, c := range []struct {
		site name.ID
		says string
	}{{open[0].Stream, "办结后计入的目标"}, {done.Rows[0].Stream, "计入的目标"}} {
		p := h.page(leader, "/matters/"+string(c.site))
		p.Contains("aside", c.says)
		p.Has(`aside a[href="/goals/` + string(g.ID) + `"]`)
	}
	p := h.page(leader, "/matters/"+string(open[0].Stream))
	p.Contains(".facts-line", "已超")
}

// TestTheHallNamesNobody looks that pages without login show no person and no inner link.
func TestTheHallNamesNobody(t *testing.T) {
	h := standDemo(t)
	g := h.goal("counted", titled("老旧小区"))
	body := h.ask("", "zh", "GET", "/promises/"+string(g.ID), nil).Body.String() + h.ask("", "zh", "GET", "/promises", nil).Body.String() +
		h.ask("", "zh", "GET", "/open/goals.csv", nil).Body.String()
	for _, p := range h.desk.Directory().Persons {
		if strings.Contains(body, p.Words.ZH) || strings.Contains(body, string(p.Key)+`"`) {
			t.Errorf("the public pages name %s", p.Words.ZH)
		}
	}
	if strings.Contains(body, "/matters/") || strings.Contains(body, `href="/goals/`) {
		t.Error("the public pages lead inside")
	}
}

// TestTheHallIsNarrowed: the hall folds a domain into one line, and what is looked for by domain, unit, light or words is there at
// once. The pieces of work of a promise stand by how far they are, what is to be done first.
func TestTheHallIsNarrowed(t *testing.T) {
	h := standDemo(t)
	p := h.page("", "/promises")
	p.Lacks("details.group[open]")
	all, groups := len(p.All(".promise-lines li")), len(p.All("details.group"))
	if all < 40 || groups < 5 || groups >= all {
		t.Errorf("%d promises in %d domains", all, groups)
	}
	p.Contains("details.group summary", "件 · 做到")
	for _, c := range []struct {
		name, query string
		holds       func(desk.GoalView) bool
	}{
		{"a unit", "unit=housing", func(g desk.GoalView) bool { return g.Lead == "housing" }},
		{"a light", "light=red", func(g desk.GoalView) bool { return g.Reading.Light == indicator.Red }},
		{"a domain and a light", "light=green&domain=" + url.QueryEscape(h.goal("counted", titled("老旧小区")).Domain), func(g desk.GoalView) bool {
			return g.Reading.Light == indicator.Green && g.Domain == h.goal("counted", titled("老旧小区")).Domain
		}},
		{"words and a unit", "unit=housing&q=" + url.QueryEscape("二次供水"), func(g desk.GoalView) bool {
			return g.Lead == "housing" && strings.Contains(g.Title+g.Source.Sentence, "二次供水")
		}},
	} {
		promises, err := h.desk.Promises(t.Context(), 2023, "")
		h.must(err)
		want := 0
		for _, g := range promises {
			if c.holds(g) {
				want++
			}
		}
		p := h.page("", "/promises?"+c.query)
		p.Count(".promise-lines li", want)
		p.Count("details.group[open]", len(p.All("details.group")))
		if want == 0 || want == all {
			t.Errorf("%s: %d of %d promises are no examination", c.name, want, all)
		}
	}
	var states []string
	for _, e := range h.page("", "/promises/"+string(h.goal("counted", titled("老旧小区")).ID)).All("h3.work-state") {
		states = append(states, strings.Fields(e.Text())[0])
	}
	if want := []string{"正在验收", "施工中", "计划中", "已完工"}; !slices.Equal(states, want) {
		t.Errorf("the sites stand as %q, want %q", states, want)
	}
}

// TestPermissions asks for pages as those who may not have them.
func TestPermissions(t *testing.T) {
	h := standDemo(t)
	g := h.goal("reported", func(g *desk.GoalView) bool { return g.Feed.Mode == indicator.Reported && g.Lead == "human-resources" })
	for _, c := range []struct {
		name, method, path string
		who                name.Person
		form               url.Values
		want               int
	}{
		{"nobody sees the cockpit", "GET", "/cockpit", "", nil, http.StatusForbidden},
		{"nobody sees a goal's own page", "GET", "/goals/" + string(g.ID), "", nil, http.StatusForbidden},
		{"an administrator sees no goals", "GET", "/cockpit", h.one("services", "sysadmin"), nil, http.StatusForbidden},
		{"another unit reports no figure", "POST", "/goals/" + string(g.ID) + "/figures", h.one("housing", "handler"), url.Values{"value": {"1"}, "period": {"2023-10"}, "standing": {"quick"}}, http.StatusUnprocessableEntity},
		{"another unit's head hands out nothing", "GET", "/goals/" + string(g.ID) + "/divide", h.one("housing", "head"), nil, http.StatusForbidden},
		{"a goal that is not there is not found", "GET", "/goals/220105-00000000-0000-7000-8000-000000000000", h.one("government", "leader"), nil, http.StatusNotFound},
		{"a promise that is not there is not found", "GET", "/promises/nonsense", "", nil, http.StatusNotFound},
		{"an edition of a month to come is not found", "GET", "/cockpit/race?month=2023-12", h.one("government", "leader"), nil, http.StatusNotFound},
		{"a step that is not offered is refused", "POST", "/demo/time", "", url.Values{"step": {"century"}}, http.StatusUnprocessableEntity},
		{"a person who is not there is not found", "POST", "/demo/act-as", "", url.Values{"person": {"p9999"}}, http.StatusNotFound},
	} {
		if got := h.ask(c.who, "zh", c.method, c.path, c.form).Code; got != c.want && !(c.want == http.StatusUnprocessableEntity && got == http.StatusForbidden) {
			t.Errorf("%s: status %d, want %d", c.name, got, c.want)
		}
	}
}

// TestAFigureIsReportedAndConfirmed records a figure by the goal's page: quick by the unit, confirmed by statistics,
// and refused where the rules say so.
func TestAFigureIsReportedAndConfirmed(t *testing.T) {
	h := standDemo(t)
	g := h.goal("reported", func(g *desk.GoalView) bool {
		return g.Feed.Mode == indicator.Reported && g.Shape == indicator.Accumulate && g.Lead == "human-resources"
	})
	path, handler := "/goals/"+string(g.ID), h.one(g.Lead, "handler")
	w := h.ask(handler, "zh", "POST", path+"/figures", url.Values{"command": {h.desk.NewCommand()}, "value": {"8，001"}, "period": {"2023-10"}, "standing": {"quick"}})
	if to := h.follow(w); to != path+"?done=figure" {
		t.Errorf("the form led to %s", to)
	}
	h.page(handler, path).Contains("#history", "2023年10月数据8,001")
	w = h.ask(handler, "zh", "POST", path+"/figures", url.Values{"value": {"many"}, "period": {"2023-10"}, "standing": {"quick"}, "note": {"不该丢的话"}})
	if p := parse(t, w); w.Code != http.StatusUnprocessableEntity || p.Text("textarea[name=note]") != "不该丢的话" {
		t.Errorf("a figure that is no number: status %d, note %q", w.Code, p.Text("textarea[name=note]"))
	}
	statistician := h.one("statistics", "statistician")
	w = h.ask(statistician, "zh", "POST", path+"/figures", url.Values{"value": {"7990"}, "period": {"2023-10"}, "standing": {"confirmed"}})
	h.follow(w)
	p := h.page(statistician, path)
	p.Contains("#history", "7,990")
	p.Contains("#history", "8,001")
}

// TestAMilestoneIsReportedDone: of a date nobody is asked for a number; who says that it is done chooses so.
func TestAMilestoneIsReportedDone(t *testing.T) {
	h := standDemo(t)
	g := h.goal("a milestone", func(g *desk.GoalView) bool {
		return g.Feed.Mode == indicator.Reported && g.Shape == indicator.Milestone
	})
	path, handler := "/goals/"+string(g.ID), h.one(g.Lead, "handler")
	h.page(handler, path).Has(`form[action="` + path + `/figures"] select[name="value"] option[value="1"]`)
	h.follow(h.ask(handler, "zh", "POST", path+"/figures", url.Values{"command": {h.desk.NewCommand()}, "value": {"1"}, "period": {"2023-10"}, "standing": {"quick"}}))
	p := h.page(handler, path)
	p.Contains("#history", "已完成")
	p.Contains(".standing", "已完成")
}

// TestEvidenceOfAFigure sends a figure with a file and has it back, by those who may.
func TestEvidenceOfAFigure(t *testing.T) {
	h := standDemo(t)
	g := h.goal("reported", func(g *desk.GoalView) bool {
		return g.Feed.Mode == indicator.Reported && g.Shape == indicator.Accumulate && g.Lead == "human-resources"
	})
	path, handler := "/goals/"+string(g.ID), h.one(g.Lead, "handler")
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range map[string]string{"value": "8100", "period": "2023-10", "standing": "quick"} {
		h.must(form.WriteField(k, v))
	}
	file, err := form.CreateFormFile("evidence", "台账.txt")
	h.must(err)
	_, err = file.Write([]byte("十月台账"))
	h.must(err)
	h.must(form.Close())
	r := httptest.NewRequest("POST", path+"/figures", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	h.follow(h.send(handler, "zh", r))
	link := h.page(handler, path).First("a[href^='" + path + "/files/']").Attr("href")
	if w := h.ask(handler, "zh", "GET", link, nil); w.Body.String() != "十月台账" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the file came back as %q, %v", w.Body.String(), w.Header())
	}
	for who, want := range map[name.Person]int{"": http.StatusForbidden, h.one("housing", "handler"): http.StatusNotFound} {
		if w := h.ask(who, "zh", "GET", link, nil); w.Code != want {
			t.Errorf("%q gets the file with status %d, want %d", who, w.Code, want)
		}
	}
}

// TestAChangeIsAskedForAndDecided asks for another target, sees it wait where the leader looks, declines it, agrees to it, and looks that
// what was promised stays in sight.
func TestAChangeIsAskedForAndDecided(t *testing.T) {
	h := standDemo(t)
	g := h.goal("counted", titled("老旧小区"))
	path, head, leader := "/goals/"+string(g.ID), h.one("housing", "head"), h.one("government", "leader")
	form := url.Values{"target": {"20"}, "due": {g.Due.String()}, "reason": {"一处并入片区更新项目"}, "approver": {""}}
	if w := h.ask(head, "zh", "POST", path+"/change", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a change that nobody is asked to decide: status %d", w.Code)
	}
	form.Set("approver", string(leader))
	h.follow(h.ask(head, "zh", "POST", path+"/change", form))
	p := h.page(head, path)
	p.Contains("#change", "目标改为20个（现为21个）")
	p.Contains("#change", "一处并入片区更新项目")
	p.Has("#change form[action$=withdraw]")
	p.Lacks("#change form[action$=decide]")
	p.Lacks("form[action$='/change']") // one at a time
	if p.Text(".standing") != "" && strings.Contains(p.Text(".standing"), "下达时") {
		t.Error("the change holds before anybody agreed")
	}
	for _, page := range []string{"/cockpit", "/desk"} {
		h.page(leader, page).Contains(".todecide", "老旧小区")
		h.page(head, page).Lacks(".todecide")
	}
	of := h.page(leader, path).First("#change input[name=of]").Attr("value")
	decide := url.Values{"of": {of}, "do": {"decline"}, "reason": {""}}
	parse(t, h.ask(leader, "zh", "POST", path+"/change/decide", decide)).Contains("#flaw", "理由")
	decide.Set("reason", "任务不减")
	h.follow(h.ask(leader, "zh", "POST", path+"/change/decide", decide))
	h.page(head, path).Contains("#history", "不同意调整目标")
	if said := h.page(leader, "/desk").Text(".todecide"); strings.Contains(said, "老旧小区") {
		t.Errorf("what was declined waits still: %s", said)
	}

	form.Set("command", h.desk.NewCommand())
	h.follow(h.ask(head, "zh", "POST", path+"/change", form))
	h.follow(h.ask(head, "zh", "POST", path+"/change/withdraw", url.Values{"of": {h.page(head, path).First("#change input[name=of]").Attr("value")}}))
	form.Set("command", h.desk.NewCommand())
	h.follow(h.ask(head, "zh", "POST", path+"/change", form))
	decide = url.Values{"of": {h.page(leader, path).First("#change input[name=of]").Attr("value")}, "do": {"agree"}}
	if w := h.ask(head, "zh", "POST", path+"/change/decide", decide); w.Code == http.StatusSeeOther {
		t.Error("whoever asked agreed")
	}
	h.follow(h.ask(leader, "zh", "POST", path+"/change/decide", decide))
	p = h.page(head, path)
	p.Contains(".standing", "下达时：21个")
	p.Contains("#history", "同意调整目标：目标改为20个")
	p.Lacks("#change")
	h.page("", "/promises/"+string(g.ID)).Contains(".standing", "21个")
	if w := h.ask(head, "zh", "POST", path+"/change", url.Values{"target": {"20"}, "reason": {"x"}, "approver": {string(leader)}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a change of nothing: status %d", w.Code)
	}
}

// TestAGoalIsHandedOutInParts works a decomposition out, sees the gap, and hands it out once it covers.
func TestAGoalIsHandedOutInParts(t *testing.T) {
	h := standDemo(t)
	g := h.goal("counted", titled("老旧小区"))
	path, office := "/goals/"+string(g.ID), h.one("office", "issuer")
	form := url.Values{"do": {"check"}, "order": {"together"}, "title0": {"东片老旧小区改造"}, "unit0": {"housing"}, "value0": {"11"}, "days0": {"30"},
		"title1": {"西片老旧小区改造"}, "unit1": {"landscape"}, "value1": {"9"}, "days1": {"20"}}
	p := parse(t, h.ask(office, "zh", "POST", path+"/divide", form))
	p.Contains("main", "目标缺口")
	p.Contains("main", "95.24%")
	form.Set("value1", "10")
	parse(t, h.ask(office, "zh", "POST", path+"/divide", form)).Contains("main", "已覆盖目标")
	form.Set("order", "sequence")
	form.Set("days1", "")
	if w := h.ask(office, "zh", "POST", path+"/divide", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("steps in a row without a length: status %d", w.Code)
	}
	form.Set("days1", "20")
	form.Set("do", "publish")
	leader := h.one("government", "leader")
	total, race := h.page(leader, "/cockpit").Text(".lampcard b"), h.page(leader, "/cockpit/race").Text("main")
	form.Set("command", h.desk.NewCommand())
	h.follow(h.ask(office, "zh", "POST", path+"/divide", form))
	h.follow(h.ask(office, "zh", "POST", path+"/divide", form)) // sent twice, handed out once
	page := h.page(office, path)
	page.Count("#children table.goals tbody tr", 2)
	page.Contains("#children", "东片老旧小区改造")
	cockpit := h.page(leader, "/cockpit")
	if now := cockpit.Text(".lampcard b"); now != total {
		t.Errorf("the cockpit counts %s goals with two parts handed out, %s before", now, total)
	}
	cockpit.Contains(".group tr.part", "西片老旧小区改造")
	if now := h.page(leader, "/cockpit/race").Text("main"); now != race {
		t.Errorf("parts run in the race: before %s\nnow %s", race, now)
	}
	list := h.page(leader, "/goals?unit=landscape&q=西片")
	list.Count("table.goals tbody tr", 1)
	list.Contains("table.goals", "上级目标的分解任务")
	if w := h.ask("", "zh", "GET", "/promises", nil); strings.Contains(w.Body.String(), "东片老旧小区改造") {
		t.Error("a part stands among the promises of the report")
	}
	sub := h.one("housing", "head")
	form.Set("command", h.desk.NewCommand())
	if w := h.ask(sub, "zh", "POST", path+"/divide", form); w.Code == http.StatusSeeOther {
		t.Error("a head handed out to a unit that is not below")
	}
}

// TestTheFirstMinute walks the demo: the site that holds a goal back is accepted by the person shown, and the light changes.
func TestTheFirstMinute(t *testing.T) {
	h := standDemo(t)
	p := h.page("", "/")
	p.Contains(".walk-chain", "14个 → 15个")
	before := h.goal("counted", titled("老旧小区"))
	if before.Reading.Light != indicator.Yellow {
		t.Fatalf("the demo begins with %s", before.Reading.Light)
	}
	form := p.Fields("form[action='/demo/act-as']")
	person, to := name.Person(p.First(".step form[action='/demo/act-as'] button").Attr("value")), form["to"][0]
	w := h.ask("", "zh", "POST", "/demo/act-as", url.Values{"person": {string(person)}, "to": {to}})
	if h.follow(w) != to || !slices.ContainsFunc(w.Result().Cookies(), func(c *http.Cookie) bool { return c.Name == plainCookie && c.Value != "" && c.HttpOnly }) {
		t.Fatal("acting as somebody gave no session")
	}
	matter := name.ID(strings.TrimPrefix(to, "/matters/"))
	_, err := h.desk.Act(context.Background(), h.who(person), desk.Do{Matter: matter, Act: "accept", With: map[string]string{"accept-note": "验收合格。"}})
	h.must(err)
	if after := h.goal("counted", titled("老旧小区")); after.Reading.Light != indicator.Green || after.Reading.Actual == before.Reading.Actual {
		t.Errorf("after acceptance the goal is %s at %s", after.Reading.Light, after.Reading.Actual)
	}
	if again := h.page("", "/").Text(".walk-chain"); !strings.Contains(again, "条 → ") && !strings.Contains(again, "个 → ") || strings.Contains(again, "绿灯 → ") {
		t.Errorf("what the next acceptance moves: %s", again) // its figure; no light is shown to become itself
	}
	if gist := h.page(h.one("government", "leader"), "/cockpit?unit=housing").Text(".gist"); strings.Contains(gist, "涉及1个单位") || strings.Contains(gist, "最多的是") {
		t.Errorf("of one unit alone it is told that most is its own: %s", gist)
	}
	if to := h.follow(h.ask("", "zh", "POST", "/demo/time", url.Values{"step": {"week"}, "to": {"//evil.example"}})); to != "/" {
		t.Errorf("the time bar led to %s", to)
	}
	h.ask("", "zh", "POST", "/demo/time", url.Values{"step": {"month"}})
	for _, unit := range []name.Unit{"housing", "office", "supervision", "watch-centre", "development-reform"} {
		for _, role := range []name.Role{"head", "handler", "issuer", "checker", "operator"} {
			for _, p := range h.desk.Directory().Of(unit, role) {
				parse(t, h.ask(p.Key, "zh", "GET", "/inbox", nil)) // no notice has a slot without a word
				parse(t, h.ask(p.Key, "en", "GET", "/inbox", nil))
			}
		}
	}
	office := parse(t, h.ask("", "zh", "POST", "/demo/paste", url.Values{"text": {" "}}))
	office.Has("form")
	if to := h.follow(h.ask("", "zh", "POST", "/demo/paste", url.Values{"text": {"演示区政府工作报告\n\n2024年，改造老旧小区12个，新增绿地3万平方米。"}})); !strings.HasPrefix(to, "/reports/220105-") {
		t.Errorf("a pasted report led to %s", to)
	}
	parse(t, h.ask("", "zh", "POST", "/demo/cheat", url.Values{"goal": {string(before.ID)}})).Contains(".verdict", "第41条")
	parse(t, h.ask("", "zh", "POST", "/verify", url.Values{})).Contains(".verdict", "没有被改动")
}

// TestAnEditionStaysFrozen holds the edition of a month before and after a later correction of its figures.
func TestAnEditionStaysFrozen(t *testing.T) {
	h := standDemo(t)
	leader := h.who(h.one("government", "leader"))
	before, err := cockpit.New(h.desk, goals.New(h.desk, h.store)).Race(context.Background(), leader, 0, "2023-08")
	h.must(err)
	g := h.goal("reported", func(g *desk.GoalView) bool {
		return g.Feed.Mode == indicator.Reported && g.Shape == indicator.Accumulate && g.Reading.Has
	})
	h.must(h.desk.Record(context.Background(), h.who(h.desk.Directory().Of("statistics", "statistician")[1].Key),
		desk.Report{Goal: g.ID, Period: "2023-08", Value: "1", Standing: indicator.Corrected, Note: "核减"}))
	after, err := cockpit.New(h.desk, goals.New(h.desk, h.store)).Race(context.Background(), leader, 0, "2023-08")
	h.must(err)
	if !slices.Equal(before.Places, after.Places) || len(before.Places) == 0 {
		t.Errorf("the edition moved from %v to %v", before.Places, after.Places)
	}
}
