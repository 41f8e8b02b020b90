package e2e

import (
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bihuan/e2e/browser"
)

// turn is one act to a matter, as somebody does it on the act's page.
type turn struct {
	who   string // a person of the demo
	act   string
	form  map[string]string // by field
	photo bool
	why   string // the reason, where the act asks for one
}

// do does acts to a matter one after the other, each through its page.
func (p *page) do(matter, photo string, turns ...turn) {
	p.t.Helper()
	for _, x := range turns {
		p.as(x.who)
		p.visit(matter + "/acts/" + x.act)
		for key, v := range x.form {
			p.must(p.Choose(fmt.Sprintf(`[name="f.%s"]`, key), v))
		}
		if x.why != "" {
			p.fill(`[name="reason"]`, x.why)
		}
		if x.photo {
			p.must(p.Upload(`[name="e.0"]`, photo))
		}
		p.follow(`form.stack button.btn-primary`)
		if n := p.count(".flaw, .error"); n > 0 {
			p.t.Fatalf("%s by %s: %s", x.act, x.who, p.text("main"))
		}
	}
}

// snapshot makes a small photo to hand in.
func snapshot(t *testing.T) string {
	t.Helper()
	at := filepath.Join(t.TempDir(), "现场.jpg")
	f, err := os.Create(at)
	if err == nil {
		err = jpeg.Encode(f, image.NewGray(image.Rect(0, 0, 64, 48)), nil)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestJourneyManhole is a broken manhole from a resident's phone to the month's assessment: filed, given to a unit with the
// reason shown, refused twice, arbitrated, handled, found not right, done again, closed, rated badly, looked into, done again,
// and closed for good.
func TestJourneyManhole(t *testing.T) {
	knows(t, "demo")
	base := demo(t)
	p := open(t, base, browser.Options{Width: 360, Height: 760})
	photo := snapshot(t)
	operator, collector, second := p.of("watch-centre", "operator"), p.nth("watch-centre", "collector", 0), p.nth("watch-centre", "collector", 1)
	dispatcher, head := p.of("command-centre", "dispatcher"), p.of("command-centre", "head")
	handler := p.of("road-maintenance", "handler")

	receipt := p.report("东盛大街66号门前的雨水井盖坏了，一踩就翻", "东盛大街66号门前", "C01003")
	p.looksRight("manhole-receipt")

	p.as(operator)
	p.visit("/desk?tab=all&text=" + url.QueryEscape("东盛大街66号"))
	case_ := p.href(`main tbody a`, "东盛大街66号")
	p.do(case_, photo,
		turn{who: operator, act: "send-collector", form: map[string]string{"collector": collector}},
		turn{who: collector, act: "confirm", photo: true, form: map[string]string{"class": "C01003", "condition": "C01003-2", "area": "220105001",
			"place": "125.3604,43.8631", "address": "东盛大街66号门前", "confirm-note": "井盖松动，已放警示"}},
		turn{who: operator, act: "file"},
		turn{who: dispatcher, act: "dispatch", form: map[string]string{"unit": "road-maintenance", "why-unit": "雨水井盖由市政设施维护中心管养"}})
	p.as(handler)
	p.visit(case_)
	p.waitText("main", "雨水井盖由市政设施维护中心管养")
	p.do(case_, photo,
		turn{who: handler, act: "refuse", form: map[string]string{"refusal": "管养名录内没有这一座"}, why: "不属本单位职责"},
		turn{who: dispatcher, act: "dispatch", form: map[string]string{"unit": "road-maintenance", "why-unit": "名录漏登，请核对"}},
		turn{who: handler, act: "refuse", form: map[string]string{"refusal": "名录没有"}, why: "不属本单位职责"})
	p.as(dispatcher)
	p.visit(case_ + "/acts/dispatch")
	p.waitText("main", "裁定")
	p.do(case_, photo,
		turn{who: head, act: "arbitrate", form: map[string]string{"unit": "road-maintenance"}, why: "市政道路红线以内，由市政维护中心处置"},
		turn{who: handler, act: "sign", form: map[string]string{"person": handler}})
	work := func(note string) []turn {
		return []turn{{who: handler, act: "feedback", photo: true, form: map[string]string{"note": note}},
			{who: operator, act: "send-check", form: map[string]string{"collector": second}}}
	}
	right := []turn{{who: second, act: "pass", photo: true, form: map[string]string{"check-note": "平整牢固"}},
		{who: operator, act: "close", form: map[string]string{"answer": "井盖已更换，感谢您的监督。"}}}
	p.do(case_, photo, work("更换胶圈")...)
	p.do(case_, photo, turn{who: second, act: "redo", form: map[string]string{"check-note": "踩上去还响"}, why: "核查不通过"})
	p.do(case_, photo, append(work("更换井盖"), right...)...)

	p.do(case_, photo, turn{who: p.nth("watch-centre", "operator", 1), act: "rate", form: map[string]string{"rating": "bad", "rating-note": "电话回访：说车一过还响"}})
	p.waitText(".facts-line", "有异议")
	p.do(case_, photo, turn{who: operator, act: "redo", form: map[string]string{"check-note": "核实属实"}, why: "回访不满意，属实"})
	p.do(case_, photo, append(work("垫平井座"), right...)...)
	p.rate(receipt, "bad", "第二天又响了")
	p.waitText("main", "有人提出异议，正在核实")
	p.looksRight("manhole-contested")
	p.do(case_, photo, turn{who: operator, act: "redo", form: map[string]string{"check-note": "核实属实"}, why: "异议属实"})
	p.do(case_, photo, append(work("更换井座"), right...)...)
	p.rate(receipt, "very-good", "")

	p.as(head)
	p.must(p.Resize(1280, 900))
	p.visit("/boards/urban/monthly?by=unit")
	p.waitText(".boardtable", "维护中心")
	p.waitText("main", "按期处置率＝")
	p.looksRight("manhole-board")
	p.visit(p.href(`.boardtable tbody tr:has(th) td a[href*="count=reported"][href*="road-maintenance"]`, ""))
	p.waitText("main", "东盛大街66号")
	p.visit(case_)
	p.looksRight("manhole-case")
}

// nth returns the n-th person of a unit with a role.
func (p *page) nth(unit, role string, n int) string {
	p.t.Helper()
	for _, who := range p.staff() {
		if who.Unit == unit && strings.Contains(strings.Join(who.Roles, " ")+" ", role+" ") {
			if n--; n < 0 {
				return who.ID
			}
		}
	}
	p.t.Fatalf("%s has not so many of role %s", unit, role)
	return ""
}

// report reports at the public door as anybody, and returns the receipt's address.
func (p *page) report(text, address, class string) string {
	p.t.Helper()
	p.visit("/report")
	p.pin()
	p.fill("#text", text)
	p.fill("#address", address)
	p.service(class)
	p.follow(`form.door button.btn-primary`)
	return p.path("/receipts/")
}

// service chooses what a report is about, where classes are proposed or where there is the list alone. In one step: proposals
// may come in place of the list at any moment.
func (p *page) service(class string) {
	p.t.Helper()
	chosen, err := browser.Ask[bool](p.Tab, fmt.Sprintf(`(() => {
		const list = document.querySelector("#service"), one = document.querySelector(`+"`input[name=service][value=\"%s\"]`"+`)
		if (list) { list.value = "%[1]s"; list.dispatchEvent(new Event("change", {bubbles: true})); return list.value === "%[1]s" }
		one?.click()
		return !!one?.checked })()`, class))
	p.must(err)
	if !chosen {
		p.fail(fmt.Errorf("there is no class %s to choose", class))
	}
}

// path is the path of the page, which has to be under a folder.
func (p *page) path(under string) string {
	p.t.Helper()
	if err := p.WaitURL(under); err != nil {
		p.t.Fatalf("not under %s: %v\n%s", under, err, p.text("main"))
	}
	at, err := p.URL()
	p.must(err)
	u, err := url.Parse(at)
	p.must(err)
	return u.Path
}

// rate rates the answer by the receipt.
func (p *page) rate(receipt, rating, note string) {
	p.t.Helper()
	p.visit(receipt)
	p.click(fmt.Sprintf(`input[name="f.rating"][value="%s"]`, rating))
	if note != "" {
		p.fill(`[name="f.rating-note"]`, note)
	}
	p.follow(`form.door button.btn-primary`)
}

// TestJourneyOpen311 is a client from outside: it lists the services, files a report with the demo's key and follows it.
func TestJourneyOpen311(t *testing.T) {
	knows(t, "demo")
	base, key := demoWithKey(t)
	client := &http.Client{Timeout: time.Minute}
	ask := func(path string, into any) {
		t.Helper()
		resp, err := client.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: %d %v", path, resp.StatusCode, err)
		}
	}
	var services []struct {
		Code string `json:"service_code"`
		Name string `json:"service_name"`
	}
	ask("/open311/v2/services.json", &services)
	if len(services) < 20 {
		t.Fatalf("%d services", len(services))
	}
	resp, err := client.PostForm(base+"/open311/v2/requests.json", url.Values{"api_key": {key}, "service_code": {services[0].Code}, "lat": {"43.8631"}, "long": {"125.3604"},
		"description": {"东盛大街66号门前有问题，请来看看"}, "address_string": {"东盛大街66号"}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var filed []struct {
		ID string `json:"service_request_id"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&filed); err != nil || len(filed) != 1 || filed[0].ID == "" {
		t.Fatalf("filed: %d %v %v", resp.StatusCode, filed, err)
	}
	var got []struct {
		Status string  `json:"status"`
		Lat    float64 `json:"lat"`
	}
	ask("/open311/v2/requests/"+filed[0].ID+".json", &got)
	if len(got) != 1 || got[0].Status != "open" {
		t.Errorf("followed: %v", got)
	}
}
