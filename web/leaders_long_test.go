//go:build long

package web

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"bihuan/desk"
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
		{"/cockpit/map", leader, ".draw-map .tile", "示意图"},
		{"/cockpit/screen", leader, ".screen-stuck", "黄灯"},
		{"/cockpit/brief", leader, "article section", "红灯目标"},
		{"/cockpit/brief?days=7", leader, "article section", "七天内到期"},
		{"/goals", leader, "table.goals tr", "老旧小区"},
		{"/goals?q=%E8%80%81%E6%97%A7", leader, "table.goals tr", "老旧小区"},
		{"/goals/" + string(counted.ID), leader, ".draw-series", "谁改了什么"},
		{"/goals/" + string(level.ID), leader, ".draw-series", "填报"},
		{"/goals/" + string(milestone.ID), leader, ".standing", "按期完成"},
		{"/goals/" + string(counted.ID) + "/rows", leader, "table tbody tr", "施工中"},
		{"/goals/" + string(counted.ID) + "/rows?only=counted", leader, "table tbody tr", "已验收办结"},
		{"/goals/" + string(counted.ID) + "/divide", h.one("housing", "head"), "table.divide input", "倒排"},
		{"/promises", "", ".promises li", "老旧小区"},
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
