//go:build !race

package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// secretCall files a call of somebody who asks to be kept secret and sends it to a unit.
func (h *house) secretCall(op name.Person) name.ID {
	h.t.Helper()
	done, err := h.desk.Chain(h.t.Context(), h.who(op), desk.Do{Kind: "hotline/call", Act: "take", With: map[string]string{"title": "工地夜间施工", "caller": "示例举报人", "phone": "13800000000", "secret": "yes"}},
		desk.Do{Act: "send", With: map[string]string{"unit": "housing", "why-unit": "施工归住建"}})
	h.must(err)
	return done.Matter
}

// A matter's page shows persons masked; in full once, for a purpose, with a reason.
func TestAMatterShowsPersonsForAPurpose(t *testing.T) {
	h := stand(t)
	op := h.desk.Directory().Of("hotline-centre", "call-operator")[1].Key
	done, err := h.desk.Start(t.Context(), h.who(op), desk.Do{Kind: "hotline/call", Act: "take", With: map[string]string{"title": "路灯不亮", "caller": "欧阳示例", "phone": "13800000000", "caller-address": "和顺小区3栋2单元"}})
	h.must(err)
	at := "/matters/" + string(done.Matter)
	p := h.page(op, at)
	for _, shown := range []string{"欧阳**", "138****0000", "和顺小区****"} {
		p.Contains(".sheet", shown)
	}
	p.Has(`form[action="` + at + `/unmask"] select[name=why]`)
	if w := h.ask(op, "zh", "POST", at+"/unmask", url.Values{"why": {"verify"}}); w.Code != http.StatusUnprocessableEntity || strings.Contains(w.Body.String(), "13800000000") {
		t.Errorf("without a reason: %d", w.Code)
	}
	w := h.ask(op, "zh", "POST", at+"/unmask", url.Values{"why": {"verify"}, "reason": {"核对地点"}})
	page := parse(t, w)
	page.Contains(".shown", "13800000000")
	page.Contains(".looks", "1次")
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Error("what was shown may be kept by the browser")
	}
	h.page(op, at).Lacks(".shown")
}

// A secret reporter is an alias on every page, and is shown after another person agreed there.
func TestASecretReporterOnThePage(t *testing.T) {
	h := stand(t)
	op, head := h.desk.Directory().Of("hotline-centre", "call-operator")[1].Key, h.one("housing", "head")
	at := "/matters/" + string(h.secretCall(op))
	p := h.page(op, at)
	p.Contains(".sheet", "化名-")
	p.Has("button[value=ask]")
	p.Lacks("button[value=show]")
	h.follow(h.ask(op, "zh", "POST", at+"/unmask", url.Values{"do": {"ask"}, "why": {"handle"}, "reason": {"需到场辨认"}}))
	p = h.page(head, at)
	p.Contains(".unmask", "需到场辨认")
	ask := p.Fields(".ask")["ask"][0]
	h.follow(h.ask(head, "zh", "POST", at+"/unmask", url.Values{"do": {"agree"}, "ask": {ask}}))
	w := h.ask(op, "zh", "POST", at+"/unmask", url.Values{"why": {"handle"}, "reason": {"需到场辨认"}})
	parse(t, w).Contains(".shown", "示例举报人")
	auditor := h.one("audit", "auditor")
	p = h.page(auditor, "/personal/looks")
	p.Contains("main", "同意查看举报人")
	p.Contains(".tbl", "需到场辨认")
	if w := h.ask(auditor, "zh", "POST", "/personal/looks", url.Values{"number": {"L-none"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("honey nowhere: %d", w.Code)
	}
}

// The original of a photo is unsealed on the matter's page, for a purpose and with a reason, and not by whoever has no part in the matter.
func TestAnOriginalIsUnsealedOnThePage(t *testing.T) {
	h := stand(t)
	op := h.desk.Directory().Of("hotline-centre", "call-operator")[1].Key
	raw := corpus.Located(1)
	photo, err := desk.Upload("photos", "井盖.jpg", "", raw)
	h.must(err)
	bare, err := desk.Bare("photos", photo)
	h.must(err)
	done, err := h.desk.Start(t.Context(), h.who(op), desk.Do{Kind: "hotline/call", Act: "take", With: map[string]string{"title": "井盖松动"}, Files: []journal.File{bare},
		Evidence: []matter.Evidence{{Kind: matter.Photo, File: bare.Hash.String(), Name: bare.Name}}, Sealed: []desk.Original{{Nr: 1, File: photo}}})
	h.must(err)
	at := "/matters/" + string(done.Matter)
	p := h.page(op, at)
	p.Contains(".unmask option[value=original-1]", "井盖.jpg")
	p.Lacks("button[value=show]") // nobody left anything else
	form := url.Values{"do": {"original"}, "original": {"original-1"}, "why": {"verify"}}
	if w := h.ask(op, "zh", "POST", at+"/unmask", form); w.Code != http.StatusUnprocessableEntity || bytes.Contains(w.Body.Bytes(), []byte("GPSL")) {
		t.Errorf("without a reason: %d", w.Code)
	}
	form.Set("reason", "核对拍摄地点")
	w := h.ask(op, "zh", "POST", at+"/unmask", form)
	if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), raw) || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || !strings.Contains(w.Header().Get("Cache-Control"), "no-store") {
		t.Errorf("unsealed: %d, %d bytes, %v", w.Code, w.Body.Len(), w.Header())
	}
	h.page(op, at).Contains(".looks", "1次")
	if w := h.ask(h.one("services", "sysadmin"), "zh", "POST", at+"/unmask", form); bytes.Contains(w.Body.Bytes(), []byte("GPSL")) || w.Code < 400 {
		t.Errorf("by the system administrator: %d", w.Code)
	}
	officer := h.one("services", "data-officer")
	p = h.page(officer, "/personal/"+string(done.Matter))
	p.Contains(".tbl", "照片原件（封存）第1张")
	p.Lacks("option[value=original-1]") // nobody corrects one
}

// The data officer finds what somebody who works here left of themselves by the key of the person, and erases it.
func TestTheOfficerErasesAddressesOfStaff(t *testing.T) {
	h := stand(t)
	head, officer := h.one("housing", "head"), h.one("services", "data-officer")
	if w := h.ask(officer, "zh", "GET", "/personal?number="+string(head), nil); w.Code != 200 || strings.Contains(w.Body.String(), "消息设置") {
		t.Errorf("nothing was left yet: %d", w.Code)
	}
	h.ask(head, "zh", "POST", "/me/notices", url.Values{"mail": {"head@erdao.example.cn"}, "by-mail": {"yes"}})
	at := h.follow(h.ask(officer, "zh", "GET", "/personal?number="+string(head), nil))
	p := h.page(officer, at)
	p.Contains(".tbl", "消息设置的邮箱、手机号")
	p.Lacks("#key")
	h.follow(h.ask(officer, "zh", "POST", at, url.Values{"do": {"erase"}, "field": {"reach"}}))
	h.page(officer, at).Contains("main", "没有")
	r, err := h.notices.Reach(t.Context(), h.who(head))
	if h.must(err); r.Mail != "" {
		t.Errorf("%+v", r)
	}
}

// For somebody who asks for all that is held of them the data officer finds every matter by the telephone number, which stands in no address, and erases what
// may go; a call that is under way stays.
func TestTheOfficerFindsAllThatIsHeldOfSomebody(t *testing.T) {
	h := stand(t)
	officer := h.one("services", "data-officer")
	h.secretCall(h.one("hotline-centre", "call-operator"))
	h.page(officer, "/personal").Has(`form[method="post"][action="/personal"] input[name="phone"]`)
	parse(t, h.ask(officer, "zh", "POST", "/personal", url.Values{"do": {"find"}, "phone": {" "}})).Contains("#flaw-phone", "电话号码")
	p := parse(t, h.ask(officer, "zh", "POST", "/personal", url.Values{"do": {"find"}, "phone": {"138 0000 0000"}}))
	p.Contains(".held", "正在办理")
	if strings.Contains(p.Text("main"), "示例举报人") || strings.Contains(p.Text("main"), "13800000000") {
		t.Error("the page tells who it is")
	}
	id := p.First(`.held input[name="id"]`).Attr("value")
	parse(t, h.ask(officer, "zh", "POST", "/personal", url.Values{"do": {"erase"}, "id": {id}})).Contains("main", "没有可以删除的内容")
	parse(t, h.ask(officer, "zh", "POST", "/personal", url.Values{"do": {"find"}, "phone": {"13911112222"}})).Contains("main", "没有事项留有这个号码")
	if w := h.ask(h.one("housing", "handler"), "zh", "POST", "/personal", url.Values{"do": {"find"}, "phone": {"13800000000"}}); w.Code != 403 {
		t.Errorf("somebody else looks: %d", w.Code)
	}
}

// By receipt somebody sees what is held masked, in full with what they left, takes a copy and asks; the data officer answers,
// holds, corrects and erases without seeing anything.
func TestAPersonsOwnPage(t *testing.T) {
	h := stand(t)
	form := h.report("service", "E06002", "name", "示例反映人", "phone", "13900000001")
	to := h.follow(h.ask("", "zh", "POST", "/report", form))
	receipt := strings.TrimSuffix(strings.TrimPrefix(to, "/receipts/"), "?new=yes")
	at := "/receipts/" + receipt + "/data"
	h.page("", "/receipts/"+receipt).Has(`a[href="` + at + `"]`)
	p := h.page("", at)
	p.Contains(".tbl", "139****0001")
	if text := p.Text("main"); !strings.Contains(text, "已收到，正在现场核实") || strings.Contains(text, "待核实") { // the house's own word for a state is not theirs: of some it tells that a unit gave the matter back
		t.Errorf("the state reads %q", text)
	}
	if strings.Contains(p.Text("body"), "13900000001") {
		t.Error("the receipt alone shows the number")
	}
	if w := h.ask("", "zh", "POST", at, url.Values{"do": {"show"}, "proof": {"13900000002"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a wrong number: %d", w.Code)
	}
	parse(t, h.ask("", "zh", "POST", at, url.Values{"do": {"show"}, "proof": {"139-0000-0001"}})).Contains(".tbl", "13900000001")
	w := h.ask("", "zh", "POST", at, url.Values{"do": {"export"}, "proof": {"示例反映人"}})
	if w.Code != 200 || !strings.Contains(w.Body.String(), "13900000001") || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the copy: %d %s", w.Code, w.Header())
	}
	asked := h.follow(h.ask("", "zh", "POST", at, url.Values{"do": {"ask"}, "command": {"c1"}, "what": {"erase"}, "wish": {"不再需要回访"}, "asker": {"示例反映人"}}))
	h.page("", asked).Contains(".note", "申请已提交")
	if w := h.ask("", "zh", "POST", at, url.Values{"do": {"ask"}, "command": {"c2"}, "what": {"erase"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a request without words: %d", w.Code)
	}

	officer := h.one("services", "data-officer")
	h.page(officer, "/personal").Contains("main", "删除")
	page, err := h.desk.PublicMatters(t.Context(), journal.Query{Limit: 5})
	h.must(err)
	number := page.Rows[0].Number
	kept := h.follow(h.ask(officer, "zh", "GET", "/personal?number="+number, nil))
	p = h.page(officer, kept)
	p.Contains(".tbl", "事项还在办理")
	for _, v := range []string{"13900000001", "示例反映人"} {
		if strings.Contains(p.Text("main"), v) {
			t.Errorf("the officer sees %s", v)
		}
	}
	for _, c := range []struct {
		form url.Values
		code int
	}{
		{url.Values{"do": {"erase"}, "field": {"phone"}}, http.StatusUnprocessableEntity},
		{url.Values{"do": {"hold"}, "article": {""}, "reason": {"x"}}, http.StatusUnprocessableEntity},
		{url.Values{"do": {"hold"}, "article": {"民事诉讼法第八十四条"}, "reason": {"法院调取"}}, http.StatusSeeOther},
		{url.Values{"do": {"correct"}, "key": {"phone"}, "value": {"13700000002"}}, http.StatusSeeOther},
		{url.Values{"do": {"restrict"}, "reason": {"本人申请"}}, http.StatusSeeOther},
		{url.Values{"do": {"unrestrict"}, "reason": {"本人撤回"}}, http.StatusSeeOther},
		{url.Values{"do": {"fly"}}, http.StatusUnprocessableEntity},
	} {
		if w := h.ask(officer, "zh", "POST", kept, c.form); w.Code != c.code {
			t.Errorf("%v: %d", c.form, w.Code)
		}
	}
	p = h.page(officer, kept+"?done=hold")
	p.Contains(".done", "已保全")
	p.Contains("main", "民事诉讼法第八十四条")
	h.page("", at).Contains(".note", "民事诉讼法第八十四条")
	h.follow(h.ask(officer, "zh", "POST", kept, url.Values{"do": {"lift"}, "hold": {p.Fields(".ask")["hold"][0]}, "reason": {"案件终结"}}))
	parse(t, h.ask("", "zh", "POST", at, url.Values{"do": {"show"}, "proof": {"13700000002"}})).Contains(".tbl", "13700000002")
	for range doors.PerProof.Burst - 1 { // the right answers are not counted
		h.ask("", "zh", "POST", at, url.Values{"do": {"show"}, "proof": {"示例某某"}})
	}
	w = h.ask("", "zh", "POST", at, url.Values{"do": {"show"}, "proof": {"13700000002"}})
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "13700000002") {
		t.Errorf("whoever tries names out is answered %d", w.Code)
	}
	parse(t, w).Contains(".flaw", "核对不符的次数太多")
	if w := h.ask(h.one("housing", "handler"), "zh", "GET", kept, nil); w.Code == 200 {
		t.Error("a handler opens the officer's page")
	}
}

// Who is signed in sees what the directory and the log hold of them.
func TestMyDataSignedIn(t *testing.T) {
	h := stand(t)
	op := h.desk.Directory().Of("hotline-centre", "call-operator")[1].Key
	p := h.page(op, "/me/data")
	p.Contains("main", "12345")
	if w := h.ask(op, "zh", "GET", "/me/data.json", nil); w.Code != 200 || !strings.Contains(w.Body.String(), string(op)) {
		t.Errorf("the copy: %d", w.Code)
	}
	to := h.follow(h.ask(op, "zh", "POST", "/me/data", url.Values{"command": {"m1"}, "what": {"correct"}, "wish": {"岗位有误"}}))
	h.page(op, to).Contains("main", "更正")
	h.page("", "/me/data").Has(`form[action="/receipts"]`)
	if w := h.ask("", "zh", "GET", "/me/data.json", nil); w.Code == 200 {
		t.Error("nobody takes a copy")
	}
}
