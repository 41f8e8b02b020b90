//go:build !race

package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/name"
	"bihuan/internal/htmlcheck"
	"bihuan/kernel/matter"
)

// TestCallsPage walks an operator's day through the handlers: proposals, a call filed and sent, one answered at once, one that
// is split, one called back.
func TestCallsPage(t *testing.T) {
	h := stand(t)
	op, other := h.desk.Directory().Of("hotline-centre", "call-operator")[1].Key, h.desk.Directory().Of("hotline-centre", "call-operator")[2].Key
	p := h.page(op, "/desk/calls")
	p.Has(`input[name=phone]`)
	p.Has(`button[value=look]`)
	p.Contains(".answers", "写下来电内容后") // not that none fits, before anything was written
	command := func() string { return h.page(op, "/desk/calls").Fields(".call")["command"][0] }

	// Without script: the words are looked over, nothing is filed.
	w := h.ask(op, "zh", "POST", "/desk/calls", url.Values{"do": {"look"}, "command": {"x"}, "phone": {"13800000000"}, "text": {"我们楼的暖气不热，屋里特别冷"}, "area": {"220105001"}})
	if w.Code != 200 {
		t.Fatalf("looked over: %d", w.Code)
	}
	if p := parse(t, w); len(p.All("textarea[name=text][autofocus]")) != 1 || len(p.All("[autofocus]")) != 1 {
		t.Error("after the number was looked up one does not go on with the words")
	}
	page := parse(t, w)
	page.Has(`input[value="G04-05"]`)
	page.Contains(".call-hints", "供热有限公司")
	page.Contains(".answers", "暖气不热")
	page.Contains("#call-earlier", "没有历史来电")
	if n := h.count(op); n != 0 {
		t.Fatalf("%d calls after looking", n)
	}

	// Filed and sent on in one go; the form sent twice files once.
	form := url.Values{"do": {"send"}, "command": {command()}, "phone": {"13800000000"}, "caller": {"示例来电人"}, "text": {"我们楼的暖气不热，屋里特别冷"}, "class": {"G04-05"},
		"area": {"220105001"}, "unit": {"heating-company"}, "why-unit": {"供暖不达标由供热公司主管"}}
	to := h.follow(h.ask(op, "zh", "POST", "/desk/calls", form))
	if again := h.follow(h.ask(op, "zh", "POST", "/desk/calls", form)); again != to || h.count(op) != 1 {
		t.Errorf("sent twice: %s and %s, %d calls", to, again, h.count(op))
	}
	h.page(op, to).Contains(".done", "已登记并转派")
	first := h.newest(op)
	if first.State != "given" || first.Unit != "heating-company" || first.Title != "我们楼的暖气不热，屋里特别冷" {
		t.Errorf("the call is %+v", first)
	}

	// The same number again, typed otherwise: its history shows, the number does not.
	w = h.ask(op, "zh", "POST", "/desk/calls/earlier", url.Values{"phone": {"138-0000-0000"}})
	part := htmlcheck.Fragment(t, w.Body.String())
	part.Contains(".earlier", first.Number)
	if strings.Contains(w.Body.String(), "13800000000") {
		t.Error("the history shows the number")
	}

	// Nobody but who takes calls tries numbers, though they may read the call and open matters of other kinds.
	if w = h.ask(h.one("housing", "head"), "zh", "POST", "/desk/calls/earlier", url.Values{"phone": {"13800000000"}}); w.Code != http.StatusForbidden {
		t.Errorf("a head tries a number: %d", w.Code)
	}

	// Refused with everything kept: no unit.
	form = url.Values{"do": {"send"}, "command": {command()}, "text": {"说不清楚的一件事"}, "phone": {"13900000000"}}
	if w = h.ask(op, "zh", "POST", "/desk/calls", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("sent to nobody: %d", w.Code)
	} else if f := parse(t, w).Fields(".call"); f["phone"][0] != "13900000000" || f["text"][0] != "说不清楚的一件事" {
		t.Errorf("the form lost %v", f)
	}

	// Answered at once with a standard answer.
	h.follow(h.ask(op, "zh", "POST", "/desk/calls", url.Values{"do": {"tell"}, "command": {command()}, "text": {"残疾证怎么办理"}, "standard": {"K017"}}))
	if r := h.newest(op); r.State != "closed" {
		t.Errorf("answered: %+v", r)
	} else if m, _ := h.desk.Matter(t.Context(), h.who(op), r.Stream); !strings.Contains(m.Fields["answer"], "残联") || m.Fields["demand"] != "question" {
		t.Errorf("the answer is %v", m.Fields)
	}

	// Three demands become three calls at one press.
	text := "1、路灯不亮；2、楼下烧烤油烟太大；3、停水两天没人管"
	w = h.ask(op, "zh", "POST", "/desk/calls/hints", url.Values{"text": {text}})
	part = htmlcheck.Fragment(t, w.Body.String())
	part.Count(`.pieces input[aria-label]`, 3)
	split := url.Values{"do": {"split"}, "command": {command()}, "text": {text}, "phone": {"13700000000"}}
	for name, v := range part.Fields(".pieces") {
		split[name] = v
	}
	before := h.count(op)
	h.follow(h.ask(op, "zh", "POST", "/desk/calls", split))
	if n := h.count(op) - before; n != 4 {
		t.Errorf("a call with three demands became %d", n)
	}
	p = h.page(op, "/desk/calls")
	p.Contains("#h-sort", "3")
	p.Contains(".queue", "楼下烧烤油烟太大")

	// One of the parts goes to city management.
	lamp := h.row(op, "路灯不亮")
	p = h.page(op, "/desk/calls/"+string(lamp.Stream))
	p.Has(`input[value="G01-04"]`)
	f := p.Fields(".call")
	f["do"], f["class"], f["area"], f["address"] = []string{"to-urban"}, []string{"G01-04"}, []string{"220105001"}, []string{"东盛大街128号门前"}
	h.follow(h.ask(op, "zh", "POST", "/desk/calls/"+string(lamp.Stream), f))
	if r := h.row(op, "路灯不亮"); r.State != "with-case" {
		t.Errorf("to city management: %+v", r)
	}
	for _, r := range h.cases(h.one("watch-centre", "operator")) {
		if m, err := h.desk.Matter(t.Context(), h.who(h.one("watch-centre", "operator")), r.Stream); err != nil || m.Fields["source"] != "hotline" {
			t.Errorf("the case of a call is from %q, %v", m.Fields["source"], err)
		}
	}

	// The unit answers, somebody else calls back.
	heat := h.who(h.desk.Directory().Of("heating-company", "")[0].Key)
	for _, step := range []struct {
		act  string
		with map[string]string
	}{{"sign", map[string]string{"person": string(heat.Person)}}, {"reply", map[string]string{"answer": "已上门测温并放气，现为21度"}}} {
		h.step(heat, first.Stream, step.act, step.with)
	}
	at := "/desk/calls/" + string(first.Stream)
	p = h.page(other, at)
	p.Contains(".caller", "138****0000")
	w = h.ask(other, "zh", "POST", at+"/caller", url.Values{})
	if page := parse(t, w); !strings.Contains(page.Text(".caller"), "13800000000") || !strings.Contains(page.Text(".looks"), "2次") {
		t.Errorf("who called reads %q, %q", page.Text(".caller"), page.Text(".looks"))
	}
	for _, c := range []struct {
		name string
		form url.Values
	}{
		{"no rating", url.Values{"do": {"back"}}},
		{"a bad rating without a word", url.Values{"do": {"back"}, "rating": {"bad"}}},
		{"done again without a reason", url.Values{"do": {"redo"}, "rating": {"bad"}}},
		{"not reached without a word", url.Values{"do": {"unreached"}}},
	} {
		if w := h.ask(other, "zh", "POST", at, c.form); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", c.name, w.Code)
		}
	}
	h.follow(h.ask(other, "zh", "POST", at, url.Values{"do": {"back"}, "command": {"back-1"}, "rating": {"good"}, "note": {"热了"}}))
	if m, _ := h.desk.Matter(t.Context(), h.who(other), first.Stream); m.Phase != matter.Closed || m.Fields["rating"] != "good" {
		t.Errorf("called back: %s %v", m.State, m.Fields)
	}
	if w := h.ask("", "zh", "GET", "/desk/calls", nil); w.Code != http.StatusForbidden {
		t.Errorf("somebody outside: %d", w.Code)
	}
	if w := h.ask(h.one("housing", "handler"), "zh", "GET", "/desk/calls", nil); w.Code != http.StatusForbidden {
		t.Errorf("an office takes calls: %d", w.Code)
	}
}

// TestACallIsToldToNobodyOutside: what a call becomes elsewhere is public by what it is about and its street, and not by the caller's words; of a caller who
// asked to be kept secret it is not public at all.
func TestACallIsToldToNobodyOutside(t *testing.T) {
	h := stand(t)
	op := h.who(h.one("hotline-centre", "call-operator"))
	for _, c := range []struct {
		secret, act string
		with        map[string]string
		kind        string
	}{
		{"", "to-grid", map[string]string{"class": "G03-03", "street": "dongsheng", "area": "220105001", "text": "住锦绣家园的，隔壁天天打架"}, "grid/event"},
		{"yes", "to-grid", map[string]string{"class": "G03-03", "street": "dongsheng", "area": "220105001", "text": "住锦绣家园的，隔壁天天打架"}, "grid/event"},
		{"", "to-urban", map[string]string{"class": "G01-04", "area": "220105001", "text": "锦绣家园门口灯不亮"}, "urban/case"},
		{"yes", "to-urban", map[string]string{"class": "G01-04", "area": "220105001", "text": "锦绣家园门口灯不亮"}, "urban/case"},
	} {
		with := map[string]string{"title": "住锦绣家园的，隔壁天天打架", "caller": "示例来电人", "phone": "13800000000", "secret": c.secret}
		_, err := h.desk.Chain(t.Context(), op, desk.Do{Kind: "hotline/call", Act: "take", With: with}, desk.Do{Act: c.act, With: c.with})
		h.must(err)
		id := h.matters(c.kind)[0]
		w := h.ask("", "zh", "GET", "/open/matters/"+id, nil)
		if public := w.Code == 200; public == (c.secret == "yes") || strings.Contains(textOf(w), "锦绣") || public && !strings.Contains(textOf(w), "：东盛街道") {
			t.Errorf("%s, secret %q: %d %s", c.act, c.secret, w.Code, textOf(w))
		}
	}
	if text := h.page("", "/open/matters").Text("main"); strings.Contains(text, "锦绣") {
		t.Errorf("the public list reads %q", text)
	}
}

// TestAPieceOfWhatWasSaidIsToldToNobodyOutside: the pieces of a call are as secret as the call, and those of a report are named in public by no words of its reporter.
func TestAPieceOfWhatWasSaidIsToldToNobodyOutside(t *testing.T) {
	h := stand(t)
	op := h.who(h.one("hotline-centre", "call-operator"))
	call, err := h.desk.Chain(t.Context(), op, desk.Do{Kind: "hotline/call", Act: "take", With: map[string]string{"title": "两件事", "caller": "示例来电人", "phone": "13800000000", "secret": "yes"}},
		desk.Do{Act: "split", With: map[string]string{"demands": `[["锦绣家园灯不亮","锦绣家园灯不亮"],["隔壁打架","隔壁打架"]]`}})
	h.must(err)
	for _, id := range h.matters("hotline/call") {
		if id == string(call.Matter) {
			continue
		}
		_, err := h.desk.Act(t.Context(), op, desk.Do{Matter: name.ID(id), Act: "to-grid", With: map[string]string{"class": "G03-03", "street": "dongsheng", "area": "220105001", "text": "隔壁打架"}})
		h.must(err)
		if w := h.ask("", "zh", "GET", "/open/matters/"+h.matters("grid/event")[0], nil); w.Code != 404 {
			t.Errorf("a piece of a secret call is public: %d %s", w.Code, textOf(w))
		}
	}
	form := url.Values{"receipt": {doors.NewReceipt(func(b []byte) { b[0] = 1 })}, "door": {"snap"}, "service": {"G99-01"}, "text": {"锦绣家园隔壁天天打架。另外楼下灯不亮"}, "place": {"125.3590,43.8660"}, "seen": {"yes"}}
	h.follow(h.ask("", "zh", "POST", "/report", form))
	sorter, event := h.who(h.one("dongsheng", "head")), name.ID(h.matters("grid/event")[0])
	_, err = h.desk.Act(t.Context(), sorter, desk.Do{Matter: event, Act: "split", With: map[string]string{"demands": `[["锦绣家园隔壁天天打架","锦绣家园隔壁天天打架。"],["公共照明","另外楼下灯不亮"]]`}})
	h.must(err)
	text := h.page("", "/open/matters").Text("main")
	if strings.Contains(text, "锦绣") || strings.Contains(text, "打架") || !strings.Contains(text, "网格事件：东盛街道") || !strings.Contains(text, "公共照明") {
		t.Errorf("the public list reads %q", text)
	}
}
