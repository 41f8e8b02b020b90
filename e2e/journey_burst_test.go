package e2e

import (
	"strings"
	"testing"

	"bihuan/e2e/browser"
)

// step moves the demo's clock on, as its bar does, and returns the day that it then says.
func (p *page) step(by string) (day string) {
	p.t.Helper()
	p.visit("/")
	p.follow(`.timebar button[value="` + by + `"]`)
	day, err := browser.Ask[string](p.Tab, `document.querySelector(".timebar strong").textContent`)
	p.must(err)
	return day
}

// stepTo moves on by as many steps as it takes to a day, as the bar writes it.
func (p *page) stepTo(day string, steps ...string) {
	p.t.Helper()
	now := ""
	for _, by := range steps {
		now = p.step(by)
	}
	if !strings.Contains(now, day) {
		p.t.Fatalf("after %q the clock says %s, want %s", steps, now, day)
	}
}

// clock is what the page of a matter says of a running clock: its words, its standing and why it is due then.
func (p *page) clock(words string) string {
	p.t.Helper()
	says, err := browser.Ask[string](p.Tab, `[...document.querySelectorAll(".clock:not(.stopped)")].find(c => c.querySelector("h3").textContent.includes(`+quoted(words)+`))?.textContent.replace(/\s+/g, " ") ?? ""`)
	p.must(err)
	if says == "" {
		p.t.Errorf("no clock %q runs: %s", words, p.text("aside"))
	}
	return says
}

// clockSays examines a running clock of the page.
func (p *page) clockSays(words string, wants ...string) {
	p.t.Helper()
	says := p.clock(words)
	for _, want := range wants {
		if !strings.Contains(says, want) {
			p.t.Errorf("clock %s: no %q in %q", words, want, says)
		}
	}
}

// pastClock examines the newest stopped clock with the words in its heading or its derivation.
func (p *page) pastClock(words, want string) {
	p.t.Helper()
	says, err := browser.Ask[string](p.Tab, `[...document.querySelectorAll(".clock.stopped")].map(c => c.textContent.replace(/\s+/g, " ")).filter(c => c.includes(`+quoted(words)+`))[0] ?? ""`)
	p.must(err)
	if !strings.Contains(says, want) {
		p.t.Errorf("the past clock %s says %q, want %q", words, says, want)
	}
}

// TestJourneyBurst is a water main that bursts on the last working day before New Year: its fence and its repair are counted in
// emergency hours through the night and the holiday, its restoring in working days around them, and each has its own due time.
func TestJourneyBurst(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	photo := snapshot(t)
	operator, collector, second := p.of("watch-centre", "operator"), p.nth("watch-centre", "collector", 0), p.nth("watch-centre", "collector", 1)
	dispatcher, head := p.of("command-centre", "dispatcher"), p.of("command-centre", "head")
	handler := p.of("water-company", "handler")
	p.stepTo("12月29日", "month", "month", "week", "week", "week", "week")

	p.as(collector)
	p.visit("/matters/new?kind=urban/case&act=collect")
	for field, v := range map[string]string{"title": "吉林大路口路面冒水", "class": "E05001", "condition": "E05001-1", "area": "220105001", "place": "125.3580,43.8650", "address": "吉林大路口"} {
		p.must(p.Choose(`[name="f.`+field+`"]`, v))
	}
	p.must(p.Upload(`[name="e.0"]`, photo))
	p.follow(`form.stack button.btn-primary`)
	burst, err := browser.Ask[string](p.Tab, `location.pathname`)
	p.must(err)
	p.do(burst, photo, turn{who: operator, act: "file"})
	p.as(dispatcher)
	p.visit(burst + "/acts/dispatch")
	p.waitText("main", "供水管道破裂直接派供水公司抢修")
	p.do(burst, photo, turn{who: dispatcher, act: "dispatch"}, turn{who: handler, act: "sign", form: map[string]string{"person": handler}})
	p.visit(burst)
	p.clockSays("处置·围护", "剩余2小时5", "2023年12月29日 12:", "3个紧急工作时")
	p.looksRight("burst-fence")
	p.as(handler)
	p.visit(burst + "/acts/feedback")
	p.do(burst, photo, turn{who: handler, act: "fenced", photo: true, form: map[string]string{"note": "已设围挡和警示灯"}})
	p.clockSays("处置·抢修", "2023年12月29日 17:", "8个紧急工作时")

	p.stepTo("12月30日", "day") // a Saturday
	p.visit(burst)
	p.clockSays("处置·抢修", "已超")
	p.looksRight("burst-repair-late")
	p.do(burst, photo, turn{who: handler, act: "repaired", photo: true, form: map[string]string{"note": "已更换破裂管段，恢复供水"}})
	p.clockSays("处置·恢复", "剩余5个工作日", "1月8日", "元旦")
	p.looksRight("burst-restore")

	p.stepTo("1月2日", "day", "day", "day")
	p.visit(burst)
	p.clockSays("处置·恢复", "剩余4个工作日", "1月8日") // the first of the five has begun
	p.as(head)
	p.visit(burst + "/acts/extend")
	p.fill(`[name="units"]`, "2")
	p.fill(`[name="reason"]`, "沥青料要等厂家复工")
	p.follow(`form.stack button.btn-primary`)
	p.clockSays("处置·恢复", "到期 2024年1月10日", "2024年1月8日")
	p.looksRight("burst-extended")
	p.stepTo("1月9日", "week")
	p.visit(burst)
	p.clockSays("处置·恢复", "剩余1个工作日", "2024年1月10日")
	p.do(burst, photo, turn{who: handler, act: "feedback", photo: true, form: map[string]string{"note": "路面已恢复"}},
		turn{who: operator, act: "send-check", form: map[string]string{"collector": second}},
		turn{who: second, act: "pass", photo: true, form: map[string]string{"check-note": "路面平整"}},
		turn{who: operator, act: "close", form: map[string]string{"answer": "已恢复通行。"}})
	p.looksRight("burst-closed")
	if done := p.text(".facts-line"); !strings.Contains(done, "已结案") {
		t.Errorf("the case ends as %s", done)
	}
	p.pastClock("抢修", "已超")
	p.pastClock("恢复", "剩余1个工作日")
}
