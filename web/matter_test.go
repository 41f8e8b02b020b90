package web

import (
	"bytes"
	pngs "image/png"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/kernel/matter"
)

// act sends an act's form with files, field by field.
func (h *house) act(p name.Person, id, act string, fields map[string]string, files map[string]string) *httptest.ResponseRecorder {
	h.t.Helper()
	page := parse(h.t, h.ask(p, "zh", "GET", "/matters/"+id+"/acts/"+act, nil))
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, all := range page.Fields(`form[action="/matters/` + id + `/acts/` + act + `"]`) {
		for _, v := range all {
			if _, mine := fields[k]; !mine && files[k] == "" {
				h.must(w.WriteField(k, v))
			}
		}
	}
	for k, v := range fields {
		h.must(w.WriteField(k, v))
	}
	for k, content := range files {
		f, err := w.CreateFormFile(k, "施工前.png")
		h.must(err)
		_, err = f.Write([]byte(content))
		h.must(err)
	}
	h.must(w.Close())
	r := httptest.NewRequest("POST", "/matters/"+id+"/acts/"+act, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return h.send(p, "zh", r)
}

var png = string(corpus.PNG(0))

func TestAMatterIsWorkedByItsPage(t *testing.T) {
	h := stand(t)
	office, id := h.openSite()
	handler := h.one("housing", "handler")
	p := h.page(handler, "/matters/"+id)
	p.Contains("h1", "某小区改造")
	p.Has(`a[href="/matters/` + id + `/acts/start"]`)
	p.Contains(".clock", "剩余")
	p.Contains(".timeline", "存证第")
	h.page(office, "/matters/"+id).Contains(".why", "不由您办理")
	h.page(handler, "/matters/"+id+"/acts/start").Has(`input[type="file"][name="e.0"]`)

	bare := parse(t, h.act(handler, id, "start", map[string]string{"f.begun": "2023-10-16"}, nil))
	bare.Contains("#flaw-evidence", "佐证材料")
	if got := bare.First(`input[name="f.begun"]`).Attr("value"); got != "2023-10-16" {
		t.Errorf("the day typed has become %q", got)
	}
	wrong := parse(t, h.act(handler, id, "start", map[string]string{"f.begun": "明天"}, map[string]string{"e.0": png}))
	wrong.Contains("#flaw-begun", "日期")

	to := h.follow(h.act(handler, id, "start", map[string]string{"f.begun": "2023-10-16"}, map[string]string{"e.0": png}))
	done := h.page(handler, to)
	done.Contains(".done", "已办理")
	file := done.First(`a[href*="/files/"]`).Attr("href")
	w := h.ask(handler, "zh", "GET", file, nil)
	if _, err := pngs.Decode(w.Body); w.Code != 200 || err != nil || w.Header().Get("Content-Type") != "image/png" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the upload comes as %d %v", w.Code, w.Header())
	}
	if w := h.ask(office, "zh", "GET", file+"?original=1", nil); w.Code != 200 || w.Body.String() != png || w.Header().Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the original comes to whoever verifies as %d %v", w.Code, w.Header())
	}
	if w := h.ask(h.one("government", "leader"), "zh", "GET", file+"?original=1", nil); w.Code != 403 {
		t.Errorf("the original comes to whoever may not verify: %d", w.Code)
	}
	if w := h.ask("", "zh", "GET", file, nil); w.Code != 403 {
		t.Errorf("an upload without an account: %d", w.Code)
	}
}

// TestAReportOfProgressBeginsAfresh: last month's words are shown beside and not sent again by who does not look.
func TestAReportOfProgressBeginsAfresh(t *testing.T) {
	h := stand(t)
	_, id := h.openSite()
	handler := h.one("housing", "handler")
	h.follow(h.act(handler, id, "start", map[string]string{"f.begun": "2023-10-16"}, map[string]string{"e.0": png}))
	form := "/matters/" + id + "/acts/report-progress"
	h.page(handler, form).Lacks(".last")
	h.step(h.who(handler), name.ID(id), "report-progress", map[string]string{"percent": "50", "note": "主体完工，正在外墙施工。"})
	p := h.page(handler, form)
	p.Contains(".last", "上次：50%")
	p.Contains(".last", "上次：主体完工")
	if sent := p.Fields(`form[action="` + form + `"]`); sent["f.percent"][0] != "" || sent["f.note"][0] != "" {
		t.Errorf("a form that is sent unread says again %q, %q", sent["f.percent"], sent["f.note"])
	}
}

// TestAVerdictBeginsAfresh: what was wrong the first time stands beside the form of the second look, and is not its verdict for who does not read.
func TestAVerdictBeginsAfresh(t *testing.T) {
	h := stand(t)
	readAndPublish(h)
	handler, checker := h.one("housing", "handler"), h.one("supervision", "checker")
	p := h.page(handler, "/desk?tab=unit&kind=promise/promise")
	id := strings.TrimPrefix(p.First(`main tbody a[href^="/matters/"]`).Attr("href"), "/matters/")
	h.follow(h.act(handler, id, "acknowledge", nil, nil))
	h.follow(h.act(handler, id, "apply", map[string]string{"f.summary": "已完成"}, map[string]string{"e.0": "%PDF-1.4\n%%EOF\n"}))
	h.page(checker, "/matters/"+id+"/acts/verify").Lacks(".last")
	h.follow(h.act(checker, id, "rework", map[string]string{"f.verify-note": "缺少现场照片，退回重做。", "reason": "缺照片"}, nil))
	h.follow(h.act(handler, id, "apply", map[string]string{"f.summary": "已补齐"}, map[string]string{"e.0": "%PDF-1.4\n%%EOF\n"}))
	form := "/matters/" + id + "/acts/verify"
	p = h.page(checker, form)
	p.Contains(".last", "上次：缺少现场照片")
	if sent := p.Fields(`form[action="` + form + `"]`); sent["f.verify-note"][0] != "" {
		t.Errorf("a verdict that is sent unread says %q", sent["f.verify-note"])
	}
}

func TestWhoWasOvertakenHasToLook(t *testing.T) {
	h := stand(t)
	_, id := h.openSite()
	handler := h.one("housing", "handler")
	h.follow(h.act(handler, id, "start", map[string]string{"f.begun": "2023-10-16"}, map[string]string{"e.0": png}))
	late := parse(t, h.act(handler, id, "report-progress", map[string]string{"version": "1", "f.percent": "10", "f.note": "x"}, nil))
	late.Contains(".flaw", "刷新")
	late.Has(`main a[href="/matters/` + id + `"]`)
}

func TestTheWorklistIsTheCallers(t *testing.T) {
	h := stand(t)
	office, id := h.openSite()
	handler := h.one("housing", "handler")
	for tab, want := range map[string]bool{"waiting": true, "unit": true, "set": false, "overdue": false, "all": true} {
		p := h.page(handler, "/desk?tab="+tab)
		if has := len(p.All(`a[href="/matters/`+id+`"]`)) > 0; has != want {
			t.Errorf("tab %s has the site: %v, want %v", tab, has, want)
		}
	}
	h.page(office, "/desk?tab=set").Has(`a[href="/matters/` + id + `"]`)
	h.page(handler, "/desk?tab=unit&kind=works/site&state=planned&text=某小区").Contains("tbody", "某小区改造")
	h.page(handler, "/desk?tab=unit&text=没有这件").Lacks("tbody")
	if w := h.ask(handler, "zh", "GET", "/desk/export/csv?tab=unit", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "某小区改造") {
		t.Errorf("the worklist as a file: %d", w.Code)
	}
	stranger := h.one("education", "handler")
	if w := h.ask(stranger, "zh", "GET", "/matters/"+id, nil); w.Code != 404 {
		t.Errorf("another unit's handler sees the site: %d", w.Code)
	}
}

// TestAHistoryTellsNoIDs: what a matter is about is linked by its title, to whoever may read it; an id says nothing to anybody.
func TestAHistoryTellsNoIDs(t *testing.T) {
	h := stand(t)
	supervisor := h.one("supervision", "supervisor")
	_, about := h.openSite()
	done, err := h.desk.Start(t.Context(), h.who(supervisor), desk.Do{Kind: "supervision/order", Act: "order", With: map[string]string{
		"title": "改造进度滞后", "unit": "housing", "source": "report", "about": about, "reason": "逾期未完成", "request": "每周报进展"}, Reason: "逾期未完成"})
	h.must(err)
	page := parse(t, h.ask(supervisor, "zh", "GET", "/matters/"+string(done.Matter), nil))
	page.Contains("main", "逾期未完成")
	if strings.Contains(page.Text("main"), about) {
		t.Errorf("the page shows the id %s", about)
	}
}

// TestActsThatBringOnComeFirst: what gives work back to whoever prepared it is never the button that catches the eye.
func TestActsThatBringOnComeFirst(t *testing.T) {
	k := &matter.Kind{States: []matter.State{{Key: "answering"}, {Key: "consenting"}, {Key: "answered"}}}
	back := &matter.Act{Key: "back", Verb: matter.Progress, From: []string{"consenting"}, To: "answering"}
	sign := &matter.Act{Key: "sign", Verb: matter.Feedback, From: []string{"consenting"}, To: "answered"}
	submit := &matter.Act{Key: "submit", Verb: matter.Progress, From: []string{"answering"}, To: "consenting"}
	answer := &matter.Act{Key: "answer", Verb: matter.Feedback, From: []string{"answering"}, To: "answered"}
	more := &matter.Act{Key: "more", Verb: matter.Extend}
	for _, c := range []struct {
		state string
		acts  []*matter.Act
		want  string
	}{
		{"consenting", []*matter.Act{back, more, sign}, "sign back more"},
		{"answering", []*matter.Act{more, answer, submit}, "submit answer more"},
	} {
		var all []*matter.Act
		for _, a := range c.acts {
			all = inOrder(all, k, c.state, a)
		}
		var got []string
		for _, a := range all {
			got = append(got, a.Key)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: %s, want %s", c.state, g, c.want)
		}
	}
}

// TestAPlaceIsChosenOnAMap: the form of an act offers a map for its place, and one without a place loads none.
func TestAPlaceIsChosenOnAMap(t *testing.T) {
	h := stand(t)
	office := h.one("office", "issuer")
	p := h.page(office, "/matters/new?kind=works/site")
	p.Has(`input[name="f.place"][data-place]`)
	p.Count("[data-pin]", 1)
	p.Has("[data-located]")
	p.Has(`script[src*="map"]`)
	p = h.page(office, "/matters/new?kind=promise/promise")
	p.Lacks("[data-pin]")
	p.Lacks(`script[src*="map"]`)
}
