//go:build !race

package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bihuan/desk/audit"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

func TestTheAuditorSeesHowTheLogStands(t *testing.T) {
	h := stand(t)
	auditor := h.one("audit", "auditor")
	h.page(auditor, "/audit").Contains(".verdict", "有问题") // nothing was signed yet
	if to := h.follow(h.ask(auditor, "zh", "POST", "/audit/sign", url.Values{})); to != "/audit?done=signed" {
		t.Errorf("signing leads to %s", to)
	}
	h.follow(h.ask(auditor, "zh", "POST", "/audit/verify", url.Values{}))
	page := h.page(auditor, "/audit?done=verified")
	page.Contains(".verdict", "日志正常")
	page.Contains("pre", "bihuan/220105")
	h.now.Add(40 * 3600 * 1e6)
	h.page(auditor, "/audit").Contains(".verdict", "超过一天半")
	if err := h.store.PutExamination(t.Context(), journal.Examination{Log: "220105", At: h.now.Load(), Events: 5, Bad: 6, Reason: "leaf: x"}); err != nil {
		t.Fatal(err)
	}
	h.page(auditor, "/audit").Contains(".verdict", "第6条记录不对")
}

func TestTheAuditorFindsRecordsAndTheSystemAdministratorSeesThat(t *testing.T) {
	h := stand(t)
	auditor, sysadmin := h.one("audit", "auditor"), h.one("services", "sysadmin")
	h.follow(h.ask("", "zh", "POST", "/report", h.report("service", "E06002")))
	page := h.page(auditor, "/audit/search?topic=matters")
	page.Contains(".trail", "提为审计发现")
	if text := page.Text(".trail"); strings.Contains(text, "路灯") || strings.Contains(text, "matter.") {
		t.Errorf("the auditor reads business, or codes for words: %q", text)
	}
	for _, ask := range []string{"person=" + string(auditor), "unit=audit", "type=audit.read", "topic=officers", "topic=looks", "from=2023-10-16&to=2023-10-16", "object=220105-none"} {
		h.page(auditor, "/audit/search?"+ask)
	}
	for ask, code := range map[string]int{"topic=none": 422, "from=yesterday": 422, "object=Z99999": 422} {
		if w := h.ask(auditor, "zh", "GET", "/audit/search?"+ask, nil); w.Code != code {
			t.Errorf("%s: %d, want %d", ask, w.Code, code)
		}
	}
	w := h.ask(auditor, "zh", "GET", "/audit/export/csv?type=audit.read", nil)
	if w.Code != 200 || strings.Count(w.Body.String(), "audit.read") < 5 {
		t.Errorf("export: %d %s", w.Code, w.Body)
	}
	reads := h.page(sysadmin, "/audit/reads")
	reads.Contains(".trail", "范围：事项")
	reads.Contains(".trail", "导出为：csv")
	reads.Contains(".trail", "人员："+h.desk.Directory().Person(auditor).Words.ZH)
	reads.Contains(".trail", "从：2023年10月16日")
	reads.Lacks(".trail code") // every question is told in words
	for _, path := range []string{"/audit", "/audit/search", "/audit/search?topic=matters", "/audit/findings", "/audit/export/csv"} {
		if w := h.ask(sysadmin, "zh", "GET", path, nil); w.Code != http.StatusForbidden && w.Code != http.StatusNotFound {
			t.Errorf("the system administrator reads %s: %d", path, w.Code)
		}
	}
	if w := h.ask(auditor, "zh", "GET", "/audit/reads", nil); w.Code < 400 {
		t.Errorf("the auditor watches: %d", w.Code)
	}
}

func TestAFindingIsOpenedAnsweredAndClosed(t *testing.T) {
	h := stand(t)
	auditor := h.one("audit", "auditor")
	form := url.Values{"command": {"finding-1"}, "title": {"办结时间早于核查时间"}, "unit": {"housing"}, "facts": {"第4条早于第3条"}, "record": {"4"}}
	bad := url.Values{"command": {"finding-0"}, "unit": {"housing"}}
	if w := h.ask(auditor, "zh", "POST", "/audit/findings", bad); w.Code != 422 {
		t.Errorf("without a title: %d", w.Code)
	}
	if to := h.follow(h.ask(auditor, "zh", "POST", "/audit/findings", form)); to != "/audit/findings?done=opened" {
		t.Fatal(to)
	}
	h.page(auditor, "/audit/findings?done=opened").Contains(".card", "待答复")
	room := audit.New(h.desk, h.store, h.proof)
	all, err := room.Findings(t.Context(), h.who(auditor), true)
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v %v", all, err)
	}
	id := string(all[0].Stream)
	close := url.Values{"command": {"settle-1"}, "do": {"close"}, "opinion": {"说明充分"}}
	if w := h.ask(auditor, "zh", "POST", "/audit/findings/"+id, close); w.Code != 422 && w.Code != 409 {
		t.Errorf("closed before it was answered: %d", w.Code)
	}
	head := h.one("housing", "head")
	h.page(head, "/matters/"+id) // it is on the unit's own desk
	if w := h.ask(head, "zh", "POST", "/matters/"+id+"/acts/answer", url.Values{"command": {"answer-1"}, "f.answer": {"手机时间不准"}}); w.Code >= 400 {
		t.Fatalf("the unit answers: %d %s", w.Code, w.Body)
	}
	h.page(auditor, "/audit/findings").Contains(".card", "手机时间不准")
	if to := h.follow(h.ask(auditor, "zh", "POST", "/audit/findings/"+id, url.Values{"command": {"settle-2"}, "do": {"redo"}, "opinion": {"请附证据"}})); to != "/audit/findings?done=redo" {
		t.Fatal(to)
	}
	h.ask(head, "zh", "POST", "/matters/"+id+"/acts/answer", url.Values{"command": {"answer-2"}, "f.answer": {"证据附后"}})
	close.Set("command", "settle-3")
	h.follow(h.ask(auditor, "zh", "POST", "/audit/findings/"+id, close))
	h.page(auditor, "/audit/findings?done=close").Contains("details", "说明充分")
	for _, who := range []name.Person{head, h.one("services", "sysadmin"), h.one("services", "secadmin")} {
		if w := h.ask(who, "zh", "POST", "/audit/findings", form); w.Code < 400 {
			t.Errorf("%s opens a finding: %d", who, w.Code)
		}
	}
	if w := h.ask(auditor, "zh", "POST", "/matters", url.Values{"kind": {"audit/finding"}, "command": {"x"}}); w.Code < 400 {
		t.Errorf("the auditor opens matters: %d", w.Code)
	}
}
