package e2e

import (
	"net/url"
	"strings"
	"testing"

	"bihuan/e2e/browser"
)

// TestJourneyCallWithThreeDemands takes a call at the hotline's desk: three demands in one breath become three matters.
func TestJourneyCallWithThreeDemands(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	p.as(p.of("hotline-centre", "call-operator"))
	p.visit("/desk/calls")
	p.looksRight("calls-new")
	waiting := p.count("#h-sort ~ .queue li")
	p.fill("#phone", "13700000000")
	p.fill("#text", "我要反映三件事。第一，楼下烧烤油烟太大，熏得开不了窗；第二，小区门口路灯不亮，晚上看不见路；第三，垃圾桶旁边的垃圾好几天没人收。")
	p.wait(`.pieces input[name="d.2.one"]`)
	p.looksRight("calls-three")
	p.follow(`button[value="split"]`)
	if n := p.count("#h-sort ~ .queue li"); n != waiting+3 {
		t.Errorf("%d calls wait to be sent on after the split, want %d", n, waiting+3)
	}
	p.looksRight("calls-split")
}

// TestJourneyTwoNeighbours: the second neighbour who reports the same thing is shown the first report and follows it instead.
func TestJourneyTwoNeighbours(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{Width: 360, Height: 760})
	p.report("东盛大街88号门前的路灯不亮，晚上看不见路", "东盛大街88号门前", "E06002")
	p.visit("/report")
	p.pin()
	p.fill("#text", "东盛大街88号门口路灯又不亮了，黑得很")
	p.fill("#address", "东盛大街88号门前")
	p.service("E06002")
	p.follow(`form.door button.btn-primary`)
	p.wait(`button[name="follow"]`)
	p.Complaints() // the console reports that the form came back with a question (422)
	p.looksRight("neighbours-near")
	p.follow(`button[name="follow"]`)
	p.must(p.WaitURL("/receipts/"))
	p.looksRight("neighbours-followed")
}

// TestJourneyTwoReportsOneAnswer: two neighbours report the same thing, each for himself; the operator merges the reports, and
// when the one that goes on is closed both receipts show its answer.
func TestJourneyTwoReportsOneAnswer(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	photo := snapshot(t)
	operator, collector, second := p.of("watch-centre", "operator"), p.nth("watch-centre", "collector", 0), p.nth("watch-centre", "collector", 1)
	dispatcher := p.of("command-centre", "dispatcher")
	receipts := []string{p.report("东盛大街177号门前雨水井盖松动，一踩就响", "东盛大街177号门前", "C01003")}
	p.visit("/report")
	p.pin()
	p.fill("#text", "东盛大街177号门口的井盖松动，车过就响，睡不着觉")
	p.fill("#address", "东盛大街177号门前")
	p.service("C01003")
	p.follow(`form.door button.btn-primary`)
	p.wait(`button[name="follow"]`)
	p.Complaints() // the console reports that the form came back with a question (422)
	p.follow(`form.door button.btn-primary`)
	receipts = append(receipts, p.path("/receipts/"))

	p.as(operator)
	p.visit("/desk?tab=all&text=" + url.QueryEscape("东盛大街177号"))
	first, twin := p.href(`main tbody tr:nth-child(1) a`, "东盛大街177号"), p.href(`main tbody tr:nth-child(2) a`, "东盛大街177号")
	p.visit(twin + "/acts/merge")
	p.must(p.Click(`input[name="into"][value="` + strings.TrimPrefix(first, "/matters/") + `"]`))
	p.fill(`[name="reason"]`, "同一处井盖")
	p.looksRight("neighbours-merge")
	p.follow(`form.stack button.btn-primary`)
	p.do(first, photo,
		turn{who: operator, act: "send-collector", form: map[string]string{"collector": collector}},
		turn{who: collector, act: "confirm", photo: true, form: map[string]string{"class": "C01003", "condition": "C01003-2", "area": "220105001",
			"place": "125.3604,43.8631", "address": "东盛大街177号门前", "confirm-note": "井盖松动"}},
		turn{who: operator, act: "file"},
		turn{who: dispatcher, act: "dispatch"})
	handler := p.of("road-maintenance", "handler")
	p.do(first, photo,
		turn{who: handler, act: "sign", form: map[string]string{"person": handler}},
		turn{who: handler, act: "feedback", photo: true, form: map[string]string{"note": "更换胶圈"}},
		turn{who: operator, act: "send-check", form: map[string]string{"collector": second}},
		turn{who: second, act: "pass", photo: true, form: map[string]string{"check-note": "平整"}},
		turn{who: operator, act: "close", form: map[string]string{"answer": "井盖胶圈已更换，不再作响。"}})
	for _, receipt := range receipts {
		p.visit(receipt)
		p.waitText("main", "井盖胶圈已更换，不再作响。")
	}
	p.looksRight("neighbours-both-answered")
}

// pin is what the browser fills in when it is asked where the reporter stands.
func (p *page) pin() {
	p.t.Helper()
	_, err := browser.Ask[string](p.Tab, `document.querySelector("[data-place]").value = "125.36040,43.86310"`)
	p.must(err)
}

// TestJourneyRoutingTrial tries a draft rule of dispatch on last month's cases before anybody publishes it.
func TestJourneyRoutingTrial(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	p.as(p.of("command-centre", "head"))
	p.visit("/routes")
	p.looksRight("routes")
	for field, v := range map[string]string{"code": "R085", "order": "85", "name": "违停一律派执法大队", "of": "urban/case", "classes": "E04004", "to": "unit", "unit": "enforcement"} {
		p.must(p.Choose(`#draft [name="f.`+field+`"]`, v))
	}
	p.must(p.Choose("#month", "2023-09"))
	p.follow(`#draft button.btn-primary`)
	p.waitText("#trial", "执法大队")
	p.looksRight("routes-trial")
}
