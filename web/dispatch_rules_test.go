//go:build !race

package web

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// caseToDispatch brings a case of city management to where it is dispatched.
func (h *house) caseToDispatch() string {
	h.t.Helper()
	collector, operator := h.one("watch-centre", "collector"), h.one("watch-centre", "operator")
	h.page(collector, "/matters/new?kind=urban/case&act=collect").Has(`input[name="f.place"]`)
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range map[string]string{"command": h.desk.NewCommand(), "kind": "urban/case", "act": "collect", "f.title": "井盖松动", "f.class": "C01003", "f.condition": "C01003-1",
		"f.place": "125.35743,43.86548", "f.address": "东盛大街"} {
		h.must(w.WriteField(k, v))
	}
	f, err := w.CreateFormFile("e.0", "现场.png")
	h.must(err)
	_, err = f.Write([]byte(png))
	h.must(err)
	h.must(w.Close())
	r := httptest.NewRequest("POST", "/matters", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	id, _, _ := strings.Cut(strings.TrimPrefix(h.follow(h.send(collector, "zh", r)), "/matters/"), "?")
	h.follow(h.act(operator, id, "file", nil, nil))
	return id
}

// TestTheReceiverReadsWhyOnThePage: the form of a dispatch comes with the unit that the rules name, and the unit reads why.
func TestTheReceiverReadsWhyOnThePage(t *testing.T) {
	h := stand(t)
	id := h.caseToDispatch()
	dispatcher := h.one("command-centre", "dispatcher")
	form := h.page(dispatcher, "/matters/"+id+"/acts/dispatch")
	form.Contains(".note", "按规则R100")
	form.Contains(".note details", "类别对不上")
	form.Has(`select[name="f.unit"] option[value="road-maintenance"][selected]`)
	h.follow(h.act(dispatcher, id, "dispatch", nil, nil))
	p := h.page(h.one("road-maintenance", "handler"), "/matters/"+id)
	p.Contains("#h-whys", "依据")
	for _, words := range []string{"派给你单位是因为", "部件先属主", "落在单元网格的范围内"} {
		p.Contains("[data-whys]", words)
	}
	p.Has(`a[href="/routes#rule-R100"]`)
	h.page(dispatcher, "/matters/"+id).Contains("[data-whys]", "派给市政维护中心是因为")
}

// TestADraftIsTriedOnThePage: what would change is counted by unit and listed, then the draft is published with a reason.
func TestADraftIsTriedOnThePage(t *testing.T) {
	h := stand(t)
	h.caseToDispatch()
	issuer := h.one("office", "issuer")
	h.page(issuer, "/routes").Contains("tbody", "部件先属主")
	for _, said := range []string{"E05002 燃气泄漏", "E05开头的", "11月1日至3月31日"} { // nobody knows codes by heart
		h.page(issuer, "/routes").Contains("tbody", said)
	}
	h.page(issuer, "/routes?rule=R100").Has(`input[name="f.code"][value="R100"]`)
	h.page(issuer, "/routes?rule=R100").Contains(`select[name="f.of"] option[selected]`, "案卷")
	month := h.desk.Today().String()[:7]
	draft := url.Values{"try": {"yes"}, "month": {month}, "f.code": {"R090"}, "f.name": {"雨水井盖派水务局"}, "f.order": {"90"}, "f.of": {"urban/case"}, "f.classes": {"C01003"}, "f.to": {"unit"}, "f.unit": {"water"}}
	p := h.page(issuer, "/routes?"+draft.Encode())
	for _, words := range []string{"市政维护中心", "水务局", "井盖松动"} {
		p.Contains("#trial", words)
	}
	p.Has(`form[method="post"][action="/routes"] input[name="f.code"][value="R090"]`)
	bad := url.Values{"try": {"yes"}, "f.code": {"R090"}, "f.name": {"x"}, "f.order": {"90"}, "f.to": {"unit"}}
	if w := h.ask(issuer, "zh", "GET", "/routes?"+bad.Encode(), nil); w.Code != 422 {
		t.Errorf("a draft without its unit: %d", w.Code)
	}
	send := url.Values{"command": {h.desk.NewCommand()}, "on": {(h.desk.Today() + 1).String()}, "reason": {"试算过"}}
	for k, v := range draft {
		send[k] = v
	}
	if w := h.ask(h.one("command-centre", "dispatcher"), "zh", "POST", "/routes", send); w.Code != 403 {
		t.Errorf("a dispatcher publishes: %d", w.Code)
	}
	send.Set("reason", " ")
	parse(t, h.ask(issuer, "zh", "POST", "/routes", send)).Contains("#flaw-reason", "理由")
	send.Set("reason", "试算过")
	h.page(issuer, h.follow(h.ask(issuer, "zh", "POST", "/routes", send))).Contains(".done", "生效日")
	h.now.Add(24 * 60 * 60 * 1e6)
	h.page(issuer, "/routes").Contains("tbody", "雨水井盖派水务局")
}
