package e2e

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"bihuan/e2e/browser"
)

// paper is a report of ours, short enough to be read at a glance.
const paper = "政府工作报告\n一、2022年工作回顾\n全年改造老旧小区18个。\n二、2023年工作安排\n今年，改造供热管网30公里，新建街角公园6个。\n新增就业服务站点8个，供水保障率达到60%。\n"

// as takes a persona of the demo in the tab.
func (p *page) as(person string) {
	p.t.Helper()
	client := &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(p.base+"/demo/act-as", url.Values{"person": {person}})
	p.must(err)
	resp.Body.Close()
	for _, c := range resp.Cookies() {
		if c.Value != "" {
			p.must(p.SetCookie(p.base, c.Name+"="+c.Value))
			return
		}
	}
	p.fail(errors.New("no session for " + person))
}

// TestJourneyClerksPages examines a page of each kind that clerks work with, in both languages.
func TestJourneyClerksPages(t *testing.T) {
	knows(t, "demo")
	base := demo(t)
	for _, lang := range []string{"zh", "en"} {
		p := open(t, base, browser.Options{Language: lang})
		p.as("p109") // the office that issues the tasks
		for _, path := range []string{"/reports", "/reports/new", "/reports/sheet", "/desk", "/desk?tab=all", "/matters/new", "/matters/new?kind=works/site", "/packs",
			"/packs/promise/list", "/packs/works/chart", "/packs/promise/handbook", "/packs/works/template", "/packs/works/template/file-sheet", "/packs/promise/mechanism",
			"/registers", "/registers/erdao/unit", "/registers/import", "/assessment/2023-09", "/assessment/2023-09/units/housing", "/assessment/2023-09/circular"} {
			p.visit(path)
			p.looksRight("clerk-" + lang + strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(path))
		}
		p.visit("/reports")
		p.follow(`main tbody a`)
		p.looksRight("clerk-" + lang + "-review")
		p.as("p154") // a handler of the housing bureau
		p.visit("/desk?tab=unit&kind=promise/promise")
		p.follow(`main tbody a`)
		p.looksRight("clerk-" + lang + "-matter")
		p.follow(`.next .btn`)
		p.looksRight("clerk-" + lang + "-act")
	}
}

// TestJourneyReviewByKeyboard reads a report in, goes through its entries by keys alone and publishes what was confirmed.
func TestJourneyReviewByKeyboard(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	p.as("p109")
	p.visit("/reports/new")
	p.must(p.Type("#text", paper))
	p.follow(`button.btn-primary`)
	entries := p.count(".entry.proposed")
	if entries < 3 {
		t.Fatalf("%d entries are proposed", entries)
	}
	p.keys("j")
	if n := p.count(".mk.on"); n != 1 {
		t.Errorf("%d places in the text are shown for the row that has the focus", n)
	}
	p.keys("c")
	p.wait(".entry.confirmed")
	if n := p.count(".entry.confirmed"); n != 1 {
		t.Errorf("%d entries are confirmed after one c, want 1", n)
	}
	p.keys("j")
	p.keys("d")
	p.waitText(".done", "剔除")
	p.follow(`button[value="confirm-all"]`)
	p.waitText(".done", "已确认")
	p.follow(`a[href$="/publish"]`)
	p.looksRight("clerk-publish")
	p.follow(`button.btn-primary`)
	p.waitText(".done", "已下达")
	if n := p.count(`main a[href^="/goals/"]`); n != entries-1 {
		t.Errorf("%d goals were published, want %d", n, entries-1)
	}
	p.looksRight("clerk-published")
}

// TestJourneyReviewWithoutScript does the same with scripts switched off, by the forms alone.
func TestJourneyReviewWithoutScript(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{NoScript: true})
	p.as("p109")
	p.visit("/reports/new")
	p.must(p.Type("#text", paper))
	p.follow(`form[action="/reports"] button.btn-primary`)
	entries := p.count(".entry.proposed")
	p.follow(`.entry.proposed button[value^="drop:"]`)
	p.follow(`.entry.proposed button[value^="confirm:"]`)
	p.follow(`.entry.proposed a[href*="/drafts/"]`)
	p.fill("#f-title", "改过的目标")
	p.follow(`button[value="save"]`)
	if n := p.count(".entry.confirmed"); n != 2 {
		t.Errorf("%d entries are confirmed, want 2", n)
	}
	p.follow(`a[href$="/publish"]`)
	p.follow(`form[action$="/publish"] button`)
	if n := p.count(`main a[href^="/goals/"]`); n != 2 || entries < 3 {
		t.Errorf("%d goals were published of %d entries", n, entries)
	}
}
