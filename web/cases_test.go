//go:build !race

package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/ground/geo"
	"bihuan/kernel/matter"
	"bihuan/web/draw"
)

// TestCasesPanes works through the operator's panes: a report without a class gets one, one with two demands becomes two cases,
// a case is filed at one press, dispatched with its form, and shows its photos before and after.
func TestCasesPanes(t *testing.T) {
	h := stand(t)
	op, dispatcher := h.one("watch-centre", "operator"), h.one("command-centre", "dispatcher")
	h.page(op, "/desk/cases").Contains(".pane-list", "没有符合条件")
	report := func(with ...string) desk.Done {
		done, err := h.desk.Start(t.Context(), h.who(op), desk.Do{Kind: "urban/case", Act: "report", With: filled(with...)})
		h.must(err)
		return done
	}
	two := report("title", "两件事", "source", "public", "text", "1、东盛大街路灯不亮三盏；2、东站十条井盖松动", "place", "125.35743,43.86548")
	page := h.page(op, "/desk/cases?case="+string(two.Matter))
	page.Contains(".note", "2件事")
	page.Has(".draw-cases a.case")
	page.Contains(".case-acts", "派采集员核实")

	// Told apart at one press.
	form := page.Fields(".note form")
	if got := h.follow(h.ask(op, "zh", "POST", "/desk/cases/"+string(two.Matter)+"?state=to-confirm", form)); !strings.HasPrefix(got, "/desk/cases?") || !strings.Contains(got, "state=to-confirm") {
		t.Errorf("splitting leads to %s", got)
	}
	if m, _ := h.desk.Matter(t.Context(), h.who(op), two.Matter); m.Phase != matter.Stopped || len(m.Related) != 2 {
		t.Fatalf("after splitting: %s, %d parts", m.State, len(m.Related))
	}

	// A class is proposed and set.
	one := report("title", "不知道哪类", "source", "public", "text", "东盛大街路灯不亮三盏", "area", "220105001", "place", "125.35743,43.86548")
	at := "/desk/cases/" + string(one.Matter)
	page = h.page(op, "/desk/cases?case="+string(one.Matter)+"&act=classify")
	page.Has(`#class-choice input[value="E06002"]`)
	form = page.Fields(".case-form")
	form["class"] = []string{"E06002"}
	h.follow(h.ask(op, "zh", "POST", at, form))
	if m, _ := h.desk.Matter(t.Context(), h.who(op), one.Matter); m.Fields["class"] != "E06002" {
		t.Errorf("the class is %q", m.Fields["class"])
	}

	// Refused with what was typed: nobody to send.
	page = h.page(op, "/desk/cases?case="+string(one.Matter)+"&act=send-collector")
	if w := h.ask(op, "zh", "POST", at, page.Fields(".case-form")); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("nobody is sent: %d", w.Code)
	} else {
		parse(t, w).Has(".case-form")
	}

	// Seen on the spot, it is filed at one press; somebody who was overtaken is told.
	collector := h.who(h.one("watch-centre", "collector"))
	h.step(h.who(op), one.Matter, "send-collector", map[string]string{"collector": string(collector.Person)})
	h.photo(collector, one.Matter, "confirm", map[string]string{"class": "E06002", "condition": "E06002-1", "area": "220105001", "place": "125.35743,43.86548", "address": "东盛大街128号门前", "confirm-note": "三盏不亮"})
	page = h.page(op, "/desk/cases?case="+string(one.Matter))
	file := url.Values{"act": {"file"}, "once": {"yes"}, "version": {"1"}}
	if w := h.ask(op, "zh", "POST", at, file); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an old version: %d", w.Code)
	}
	file.Set("version", page.Fields(".case-acts form")["version"][0])
	h.follow(h.ask(op, "zh", "POST", at, file))

	// The dispatcher's form comes with the unit and why.
	page = h.page(dispatcher, "/desk/cases?whose=unit")
	form = page.Fields(".case-form")
	if len(form["f.unit"]) == 0 || form["f.unit"][0] == "" || form["f.why-unit"][0] == "" {
		t.Errorf("no unit is proposed: %v", form)
	}
	form["f.unit"], form["f.why-unit"] = []string{"road-maintenance"}, []string{"路灯由市政设施维护中心养护"}
	h.follow(h.ask(dispatcher, "zh", "POST", at, form))
	worker := h.who(h.one("road-maintenance", "handler"))
	h.step(worker, one.Matter, "sign", nil)
	h.photo(worker, one.Matter, "feedback", map[string]string{"note": "已更换"})
	page = h.page(op, "/desk/cases?state=reported&area=220105001&class=E06002&kind=urban/case&light=green")
	page.Count(".photo-pair figure", 2)
	page.Count(".photo-pair img", 2)
	page.Contains(".case-acts", "派采集员核查")

	if w := h.ask(h.one("education", "handler"), "zh", "GET", "/desk/cases?case="+string(one.Matter), nil); w.Code != http.StatusNotFound {
		t.Errorf("an office without a part in it: %d", w.Code)
	}
	if w := h.ask(op, "zh", "GET", "/desk/cases?case="+string(one.Matter)+"&act=no-such", nil); w.Code != http.StatusForbidden {
		t.Errorf("an act that is none: %d", w.Code)
	}
}

// Nothing that a person typed becomes markup in the picture.
func TestDrawCasesEscapes(t *testing.T) {
	p := draw.CasePoint{At: geo.Point{Lng: 125.3, Lat: 43.8}, Light: "red", Words: `<script>"x"`, Link: `/desk/cases?case="><b>`, On: true}
	got := draw.Cases([]draw.CasePoint{p}, []draw.CaseGround{{}}, "<t>", "<d>", "<n>")
	for _, bad := range []string{"<script", "<b>", "<t>", "<d>", "<n>", `case="><`} {
		if strings.Contains(string(got), bad) {
			t.Errorf("%s stands in the picture", bad)
		}
	}
	if empty := draw.Cases(nil, nil, "t", "d", "n"); !strings.Contains(string(empty), "<svg") || strings.Contains(string(empty), "NaN") {
		t.Errorf("nothing to draw: %s", empty)
	}
	var _ template.HTML = got
}
