package web

import (
	"net/url"
	"testing"
	"time"
)

func TestAssessment(t *testing.T) {
	h := stand(t)
	office, _ := h.openSite()
	readAndPublish(h)
	supervisor := h.one("supervision", "supervisor")
	head := h.one("housing", "head")
	h.page(supervisor, "/assessment").Contains("h1", "2023年10月")
	h.page(supervisor, "/assessment").Contains("nav.pills a[aria-current]", "2023年10月")
	h.page(head, "/assessment/2023-10/units/housing").Contains("main", "定稿后可以申诉")
	h.page(office, "/assessment/2023-10/circular").Contains(".draft-mark", "尚未定稿")
	post := func(path string, form url.Values) string {
		form.Set("command", h.desk.NewCommand())
		return h.follow(h.ask(supervisor, "zh", "POST", path, form))
	}
	w := h.ask(supervisor, "zh", "POST", "/assessment/2023-10/bonus", url.Values{"unit": {"housing"}, "points": {"99"}, "reason": {"受表彰"}})
	p := parse(t, w)
	p.Contains("#flaw-points", "1到20")
	if got := p.First("#b-reason").Attr("value"); got != "受表彰" {
		t.Errorf("the reason typed has become %q", got)
	}
	h.page(supervisor, post("/assessment/2023-10/bonus", url.Values{"unit": {"housing"}, "points": {"2"}, "reason": {"受表彰"}})).Contains(".done", "已加分")

	h.now.Add(int64(20*24*time.Hour) / 1000)
	h.page(supervisor, post("/assessment/2023-10/settle", url.Values{})).Contains(".done", "已定稿")
	h.page(office, "/assessment/2023-10/circular").Lacks(".draft-mark")
	form := url.Values{"command": {h.desk.NewCommand()}, "line": {"completion"}, "reason": {"口径有误"}}
	h.page(head, h.follow(h.ask(head, "zh", "POST", "/assessment/2023-10/appeal", form))).Contains("article", "待答复")
	h.page(supervisor, post("/assessment/2023-10/decide", url.Values{"appeal": {"1"}, "points": {"1"}, "answer": {"予以更正"}})).Contains("article", "成立")
	for path, want := range map[string]int{"/assessment/2023-10/export/csv": 200, "/assessment/2029-01": 404, "/assessment/xx": 404, "/assessment/2023-10/units/nobody": 404} {
		if w := h.ask(head, "zh", "GET", path, nil); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	if w := h.ask("", "zh", "GET", "/assessment", nil); w.Code != 403 {
		t.Errorf("nobody reads the assessment: %d", w.Code)
	}
}

// readAndPublish publishes the goals of the paper.
func readAndPublish(h *house) {
	h.t.Helper()
	office, at := readIn(h)
	h.follow(h.ask(office, "zh", "POST", at+"/drafts", url.Values{"command": {h.desk.NewCommand()}, "do": {"confirm-all"}, "back": {at}}))
	h.follow(h.ask(office, "zh", "POST", at+"/publish", url.Values{"command": {h.desk.NewCommand()}}))
}
