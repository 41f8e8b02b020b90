package e2e

import (
	"strings"
	"testing"

	"bihuan/e2e/browser"
)

// TestJourneyMinuteSentence follows one sentence of the report to the site that holds its goal back, accepts the
// site as the person shown, and sees the figure and the light of the promise change.
func TestJourneyMinuteSentence(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	p.visit("/")
	address, err := browser.Ask[string](p.Tab, `document.querySelector(".walk-chain a").getAttribute("href")`)
	p.must(err)
	p.visit(address)
	before, light := p.text(".keyfacts div:nth-child(2) .big"), p.text(".standing .badge-light")
	p.visit("/")
	p.follow(".minute .step:first-child form button")
	p.follow(`a[href$="/acts/accept"]`)
	p.fill(`[name="f.accept-note"]`, "现场看过，同意验收。")
	p.follow(`form[action$="/acts/accept"] button`)
	p.visit(address)
	if now := p.text(".keyfacts div:nth-child(2) .big"); now == before {
		t.Errorf("the figure still is %s", now)
	}
	if now := p.text(".standing .badge-light"); now == light {
		t.Errorf("the light still is %s", now)
	}
	p.looksRight("minute-sentence")
}

// TestJourneyMinutePaste pastes a report of one's own and sees its promises.
func TestJourneyMinutePaste(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	p.visit("/")
	p.must(p.Type("#paste", "某区政府工作报告\n\n2024年，改造老旧小区12个，新增绿地3万平方米，城镇新增就业9000人以上。"))
	p.follow(`form[action="/demo/paste"] button`)
	url, err := p.URL()
	p.must(err)
	if !strings.Contains(url, "/reports/") {
		t.Errorf("a pasted report led to %s", url)
	}
	p.waitText("main", "改造老旧小区")
}

// TestJourneyMinuteTime moves the clock to the month's end and sees what the scheduler did meanwhile.
func TestJourneyMinuteTime(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{NoScript: true})
	p.visit("/")
	before := p.text(".timebar strong")
	p.follow(`.minute form[action="/demo/time"] button[value="month"]`)
	if now := p.text(".timebar strong"); now == before {
		t.Errorf("the clock still says %s", now)
	}
	if p.count(".minute .note") != 1 || p.count(".minute .step li .badge-light.red") == 0 {
		t.Error("nothing is said of what was urged and what turned red")
	}
	p.looksRight("minute-time")
}

// TestJourneyMinuteCheat alters a figure in a copy and reads which record was found out.
func TestJourneyMinuteCheat(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	p.visit("/demo/cheat")
	p.follow(`form[action="/demo/cheat"] button`)
	p.waitText(".verdict code", "bad ")
	p.looksRight("minute-cheat")
	p.visit("/verify")
	p.follow(`form[action="/verify"] button`)
	if p.count(".verdict.good") != 1 {
		t.Error("the real database is not found whole")
	}
}
