package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bihuan/e2e/browser"
)

// enough is how many goals a stranger publishes from one report.
const enough = 30

// person is somebody of the demo.
type person struct {
	ID    string   `json:"id"`
	Unit  string   `json:"unit"`
	Roles []string `json:"roles"`
}

// staff asks the demo who there is.
func (p *page) staff() (all []person) {
	p.t.Helper()
	resp, err := (&http.Client{Timeout: time.Minute}).Get(p.base + "/demo/persons.json")
	p.must(err)
	defer resp.Body.Close()
	p.must(json.NewDecoder(resp.Body).Decode(&all))
	return all
}

// of returns the first person of a unit who has one of the roles.
func (p *page) of(unit string, roles ...string) string {
	p.t.Helper()
	for _, role := range roles {
		for _, who := range p.staff() {
			if who.Unit == unit && strings.Contains(strings.Join(who.Roles, " ")+" ", role+" ") {
				return who.ID
			}
		}
	}
	p.t.Fatalf("nobody of %s is %q", unit, roles)
	return ""
}

// importFile brings a report in as a file, as the office, and sees its sentences marked.
func (p *page) importFile(file string) {
	p.t.Helper()
	p.as(p.of("office", "issuer"))
	p.visit("/reports/new")
	p.must(p.Upload("#file", file))
	p.follow(`form[action="/reports"] button.btn-primary`)
	p.wait(".source .mk[id]")
}

// importAndPublish brings a report in as a file, confirms in bulk what has a unit and publishes it. It returns how many
// goals there are then.
func (p *page) importAndPublish(file string) int {
	p.t.Helper()
	p.importFile(file)
	p.wait(".entry.proposed")
	p.follow(`button[value="confirm-all"]`)
	p.waitText(".done", "已确认")
	p.follow(`a[href$="/publish"]`)
	p.follow(`form[action$="/publish"] button`)
	p.waitText(".done", "已下达")
	n := p.count(`main a[href^="/goals/"]`)
	if n < enough {
		p.t.Errorf("%s: %d goals were published, want at least %d", filepath.Base(file), n, enough)
	}
	return n
}

// TestJourneyDone is what the whole is for, as a stranger does it: a report becomes thirty goals, one of them is struck
// off by three different persons, accepting a site moves the figure, the race and the wall chart, and the chain holds.
func TestJourneyDone(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	before := p.cockpitCount()
	n := p.importAndPublish(filepath.Join("testdata", "report.txt"))
	p.looksRight("done-published")
	goal := p.href(`main a[href^="/goals/"]`, "改造老旧小区14个")
	if now := p.cockpitCount(); now != before+n {
		t.Errorf("the cockpit counts %d goals after %d were published, %d before", now, n, before)
	}
	p.strikeOff(goal, "housing")
	p.acceptSite()
	p.visit("/verify")
	p.follow(`form[action="/verify"] button`)
	if p.count(".verdict.good") != 1 {
		t.Errorf("the chain is not found whole: %s", p.text(".verdict"))
	}
	p.looksRight("done-verified")
}

// TestJourneyRealReport publishes thirty goals from each real report beside the checkout; of one that only looks back the
// page says so.
func TestJourneyRealReport(t *testing.T) {
	knows(t, "demo")
	files, err := filepath.Glob(filepath.Join("..", "..", "shared", "reports", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Skip("no real reports beside the checkout (../shared/reports/*.txt)")
	}
	if testing.Short() {
		files = files[:1]
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			p := open(t, demo(t), browser.Options{})
			began := time.Now()
			if promised(t, file) == 0 {
				p.importFile(file)
				p.wait(`.drafts .empty a[href="/reports/new"]`)
				p.looksRight("real-looks-back")
				return
			}
			n := p.importAndPublish(file)
			t.Logf("%d goals published %s after the import page was opened", n, time.Since(began).Round(100*time.Millisecond))
			p.looksRight("real-published")
			p.visit("/reports")
			p.follow(`main tbody a`)
			p.looksRight("real-review")
		})
	}
}

// promised is how many promises people found in the report, by the gold beside it.
func promised(t *testing.T, file string) (n int) {
	t.Helper()
	gold, err := os.ReadFile(strings.TrimSuffix(file, ".txt") + ".gold.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(gold)) {
		var item struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal([]byte(line), &item); err != nil {
			t.Fatal(err)
		}
		if item.Kind == "commitment" {
			n++
		}
	}
	return n
}

// cockpitCount is how many goals the cockpit counts.
func (p *page) cockpitCount() int {
	p.t.Helper()
	p.as(p.of("government", "leader"))
	p.visit("/cockpit")
	n, err := browser.Ask[int](p.Tab, `Number(document.querySelector(".lampcard b").textContent)`)
	p.must(err)
	return n
}

// href is the address of the first link of a kind that says the words.
func (p *page) href(sel, words string) string {
	p.t.Helper()
	address, err := browser.Ask[string](p.Tab, `[...document.querySelectorAll(`+quoted(sel)+`)].find(a => a.textContent.includes(`+quoted(words)+`))?.getAttribute("href") ?? ""`)
	p.must(err)
	if address == "" {
		p.t.Fatalf("no %s says %s", sel, words)
	}
	return address
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can always be written
	}
	return string(b)
}

// strikeOff takes the promise of a goal to 销号: its unit signs and applies, supervision verifies, the office strikes off.
func (p *page) strikeOff(goal, unit string) {
	p.t.Helper()
	handler, checker, issuer := p.of(unit, "handler", "head"), p.of("supervision", "checker"), p.of("office", "issuer")
	p.as(handler)
	p.visit(goal)
	promise, err := browser.Ask[string](p.Tab, `[...document.querySelectorAll(".matters a")].find(a => a.textContent == document.querySelector("h1").textContent)?.getAttribute("href") ?? ""`)
	p.must(err)
	if promise == "" {
		p.t.Fatalf("the goal at %s has no promise", goal)
	}
	paper := filepath.Join(p.t.TempDir(), "验收材料.txt")
	p.must(os.WriteFile(paper, []byte("十四个小区均已验收。"), 0o600))
	for _, step := range []struct {
		who, act string
		fill     func()
	}{
		{handler, "acknowledge", func() { p.must(p.Choose(`[name="f.person"]`, handler)) }},
		{handler, "apply", func() {
			p.fill(`[name="f.summary"]`, "全部完成并验收。")
			p.must(p.Upload(`[name="e.0"]`, paper))
		}},
		{checker, "verify", func() {
			p.fill(`[name="f.verify-note"]`, "逐个现场看过。")
			p.fill(`[name="e.0"]`, "现场核验记录：属实。")
		}},
		{issuer, "strike-off", func() { p.fill(`[name="f.strike-off-note"]`, "同意销号。") }},
	} {
		p.as(step.who)
		p.visit(promise)
		p.follow(`.next a[href$="/acts/` + step.act + `"]`)
		step.fill()
		p.follow(`form[action$="/acts/` + step.act + `"] button.btn-primary`)
		p.wait(".done")
	}
	p.waitText(".facts-line", "已销号")
	p.looksRight("done-struck-off")
}

// acceptSite accepts the site that the first minute shows and sees figure, race and wall chart move.
func (p *page) acceptSite() {
	p.t.Helper()
	p.visit("/")
	goal := strings.Replace(p.href(".walk-chain a", ""), "/promises/", "/goals/", 1)
	leader := p.of("government", "leader")
	look := func() (figure, race, wall string) {
		p.as(leader)
		p.visit(goal)
		figure = p.text(".keyfacts div:nth-child(1) .big")
		lead := strings.TrimPrefix(p.href(`.keyfacts a[href^="/cockpit?unit="]`, ""), "/cockpit?unit=")
		p.visit("/cockpit/race?unit=" + lead)
		race = p.text("table.race tr.open")
		p.visit("/cockpit/wall")
		wall, err := browser.Ask[string](p.Tab, `document.querySelector('table.wall a[href=`+quoted(goal)+`]').closest("tr").textContent`)
		p.must(err)
		return figure, race, strings.Join(strings.Fields(wall), " ")
	}
	figure, race, wall := look()
	p.visit("/")
	p.follow(".minute .step:first-child form button")
	p.follow(`a[href$="/acts/accept"]`)
	p.fill(`[name="f.accept-note"]`, "现场看过，同意验收。")
	p.follow(`form[action$="/acts/accept"] button`)
	figure2, race2, wall2 := look()
	for _, c := range []struct{ what, before, after string }{{"figure", figure, figure2}, {"race", race, race2}, {"wall chart", wall, wall2}} {
		if c.before == c.after {
			p.t.Errorf("the %s did not move when a site was accepted: %s", c.what, c.before)
		}
	}
}
