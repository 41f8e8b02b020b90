package web

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/agenda"
	"bihuan/desk/assess"
	"bihuan/desk/atlas"
	"bihuan/desk/boards"
	"bihuan/desk/demo"
	"bihuan/desk/doors"
	"bihuan/desk/personal"
	"bihuan/desk/reports"
	"bihuan/desk/rights"
	"bihuan/desk/search"
	"bihuan/desk/watch"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/internal/people"
	"bihuan/kernel/indicator"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// built is the demo's database, made once for all tests: each opens a copy of its own.
var built = sync.OnceValues(func() ([]byte, error) { return database(buildDemo) })

// demoWorld is what a desk over the demo's district needs.
func demoWorld(w desk.World, clock *demo.Clock) desk.World {
	src, mu := rand.NewChaCha8([32]byte{byte(clock.Now())}), sync.Mutex{}
	w.Chance, w.Now = func(b []byte) { mu.Lock(); defer mu.Unlock(); src.Read(b) }, clock.Now
	return w
}

// buildDemo makes the demo's past.
func buildDemo(st *store.Store, w desk.World) error {
	ctx := context.Background()
	clock := demo.NewClock(int64((demo.Opening - 30).Start()), func() int64 { return 0 })
	w = demoWorld(w, clock)
	if _, err := desk.InstallPacks(ctx, st, w, w.Packs, name.System); err != nil {
		return err
	}
	var err error
	if w.Packs, err = desk.InstalledPacks(ctx, st, "220105", clock.Now()); err != nil {
		return err
	}
	d, err := desk.Open(ctx, st, w)
	if err != nil {
		return err
	}
	d.Listen(func(a desk.Announcement) {
		if err := d.Follow(ctx, a); err != nil {
			panic(err)
		}
	})
	b := demo.Builder{Desk: d, Reports: reports.New(d, st), Watch: watch.New(d, st, st, "test"), Clock: clock}
	if err := b.Build(ctx); err != nil {
		return err
	}
	return indexed(st, w)
}

// kept is the packs as the demo's database keeps them.
var kept struct {
	once  sync.Once
	packs *pack.Set
	err   error
}

// standDemo stands up the pages over the demo's district, with goals, sites and ten months of progress.
func standDemo(t testing.TB) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, secrets: map[name.Person]string{}}
	h.now.Store(int64(demo.Start))
	st := copyOf(t, built)
	clock := demo.NewClock(int64(demo.Start), func() int64 { return 0 })
	w, err := shared()
	h.must(err)
	w = demoWorld(w, clock)
	kept.once.Do(func() { kept.packs, kept.err = desk.InstalledPacks(ctx, st, "220105", clock.Now()) })
	h.must(kept.err)
	w.Packs = kept.packs
	h.desk, err = desk.Open(ctx, st, w)
	h.must(err)
	h.desk.Listen(func(a desk.Announcement) { h.must(h.desk.Follow(ctx, a)) })
	h.store, h.reports = st, reports.New(h.desk, st)
	look := watch.New(h.desk, st, st, "test")
	h.search, err = search.Open(ctx, h.desk, st)
	h.must(err)
	h.desk.FindBy(h.search)
	h.rights, err = rights.Open(context.Background(), h.desk, st, nil)
	h.must(err)
	h.rights.Carried("unmask", "key", "restore")
	h.accounts, err = people.Full(ctx, h.desk, st, w.Policy)
	h.must(err)
	rules, err := pack.ReadRetention(packs.FS)
	h.must(err)
	out := h.outgoing()
	h.pages, err = New(Config{Desk: h.desk, Notices: h.notices, Outgoing: out, Rights: h.rights, Persons: personal.New(h.desk, st, rules, h.search, nil), Reports: h.reports, Doors: doors.New(h.desk), Agenda: agenda.New(h.desk, st, func(b []byte) {
		for i := range b {
			b[i] = byte(rand.Uint32())
		}
	}), Assess: assess.New(h.desk, st), Atlas: atlas.New(h.desk, st), Search: h.search, Boards: boards.New(h.desk, st), Accounts: h.accounts, Version: "test", Sheet: csvSheet,
		Decode: func(_ context.Context, _ string, r io.Reader) (string, error) {
			b, err := io.ReadAll(r)
			return string(b), err
		},
		Verify: func(context.Context) (Verdict, error) {
			return Verdict{Events: 12, Head: "ab12", Took: time.Second}, nil
		},
		Demo: &Demo{
			ActAs: func(ctx context.Context, p name.Person) (string, error) {
				return people.SignIn(ctx, h.accounts, p)
			},
			Step: func(ctx context.Context, step string) (int, error) {
				clock.Forward(map[string]time.Duration{"day": 24 * time.Hour, "week": 7 * 24 * time.Hour, "month": clock.MonthEnd()}[step])
				l, err := look.Tick(ctx)
				return l.Rungs, err
			},
			Cheat: func(_ context.Context, id name.ID) (Cheated, error) {
				if id == "" {
					return Cheated{}, fault.ErrNotFound
				}
				return Cheated{Seq: 41, Was: `{"value":"14"}`, Now: `{"value":"914"}`, Verdict: Verdict{Events: 12, Bad: 41, Reason: "leaf"}}, nil
			},
		}})
	h.must(err)
	return h
}

// goal returns the first goal of which is wanted.
func (h *house) goal(what string, is func(*desk.GoalView) bool) desk.GoalView {
	h.t.Helper()
	all, err := h.desk.Promises(context.Background(), 0, "")
	h.must(err)
	for _, g := range all {
		if is(&g) {
			return g
		}
	}
	h.t.Fatalf("the demo has no goal that is %s", what)
	return desk.GoalView{}
}

func titled(part string) func(*desk.GoalView) bool {
	return func(g *desk.GoalView) bool { return strings.Contains(g.Title, part) }
}

// TestASiteSaysWhatItCountsFor opens a site that holds a goal back and one that is counted, and finds the goal there.
func TestASiteSaysWhatItCountsFor(t *testing.T) {
	h := standDemo(t)
	g, leader := h.goal("counted", titled("老旧小区")), h.one("government", "leader")
	open, _, err := h.desk.Holding(t.Context(), h.who(leader), &g, 1)
	h.must(err)
	done, err := h.desk.Behind(t.Context(), h.who(leader), g.ID, "", 1)
	h.must(err)
	for _, c := range []struct {
		site name.ID
		says string
	}{{open[0].Stream, "办结后计入的目标"}, {done.Rows[0].Stream, "计入的目标"}} {
		p := h.page(leader, "/matters/"+string(c.site))
		p.Contains("aside", c.says)
		p.Has(`aside a[href="/goals/` + string(g.ID) + `"]`)
	}
	p := h.page(leader, "/matters/"+string(open[0].Stream))
	p.Contains(".facts-line", "已超")
}

// TestTheHallNamesNobody looks that pages without login show no person and no inner link.
func TestTheHallNamesNobody(t *testing.T) {
	h := standDemo(t)
	g := h.goal("counted", titled("老旧小区"))
	body := h.ask("", "zh", "GET", "/promises/"+string(g.ID), nil).Body.String() + h.ask("", "zh", "GET", "/promises", nil).Body.String() +
		h.ask("", "zh", "GET", "/open/goals.csv", nil).Body.String()
	for _, p := range h.desk.Directory().Persons {
		if strings.Contains(body, p.Words.ZH) || strings.Contains(body, string(p.Key)+`"`) {
			t.Errorf("the public pages name %s", p.Words.ZH)
		}
	}
	if strings.Contains(body, "/matters/") || strings.Contains(body, `href="/goals/`) {
		t.Error("the public pages lead inside")
	}
}

// TestPermissions asks for pages as those who may not have them.
func TestPermissions(t *testing.T) {
	h := standDemo(t)
	g := h.goal("reported", func(g *desk.GoalView) bool { return g.Feed.Mode == indicator.Reported && g.Lead == "human-resources" })
	for _, c := range []struct {
		name, method, path string
		who                name.Person
		form               url.Values
		want               int
	}{
		{"nobody sees the cockpit", "GET", "/cockpit", "", nil, http.StatusForbidden},
		{"nobody sees a goal's own page", "GET", "/goals/" + string(g.ID), "", nil, http.StatusForbidden},
		{"an administrator sees no goals", "GET", "/cockpit", h.one("services", "sysadmin"), nil, http.StatusForbidden},
		{"another unit reports no figure", "POST", "/goals/" + string(g.ID) + "/figures", h.one("housing", "handler"), url.Values{"value": {"1"}, "period": {"2023-10"}, "standing": {"quick"}}, http.StatusUnprocessableEntity},
		{"another unit's head hands out nothing", "GET", "/goals/" + string(g.ID) + "/divide", h.one("housing", "head"), nil, http.StatusForbidden},
		{"a goal that is not there is not found", "GET", "/goals/220105-00000000-0000-7000-8000-000000000000", h.one("government", "leader"), nil, http.StatusNotFound},
		{"a promise that is not there is not found", "GET", "/promises/nonsense", "", nil, http.StatusNotFound},
		{"an edition of a month to come is not found", "GET", "/cockpit/race?month=2023-12", h.one("government", "leader"), nil, http.StatusNotFound},
		{"a step that is not offered is refused", "POST", "/demo/time", "", url.Values{"step": {"century"}}, http.StatusUnprocessableEntity},
		{"a person who is not there is not found", "POST", "/demo/act-as", "", url.Values{"person": {"p9999"}}, http.StatusNotFound},
	} {
		if got := h.ask(c.who, "zh", c.method, c.path, c.form).Code; got != c.want && !(c.want == http.StatusUnprocessableEntity && got == http.StatusForbidden) {
			t.Errorf("%s: status %d, want %d", c.name, got, c.want)
		}
	}
}

// TestAFigureIsReportedAndConfirmed records a figure by the goal's page: quick by the unit, confirmed by statistics,
// and refused where the rules say so.
func TestAFigureIsReportedAndConfirmed(t *testing.T) {
	h := standDemo(t)
	g := h.goal("reported", func(g *desk.GoalView) bool {
		return g.Feed.Mode == indicator.Reported && g.Shape == indicator.Accumulate && g.Lead == "human-resources"
	})
	path, handler := "/goals/"+string(g.ID), h.one(g.Lead, "handler")
	w := h.ask(handler, "zh", "POST", path+"/figures", url.Values{"command": {h.desk.NewCommand()}, "value": {"8，001"}, "period": {"2023-10"}, "standing": {"quick"}})
	if to := h.follow(w); to != path+"?done=figure" {
		t.Errorf("the form led to %s", to)
	}
	h.page(handler, path).Contains("#history", "2023-10数据8,001")
	w = h.ask(handler, "zh", "POST", path+"/figures", url.Values{"value": {"many"}, "period": {"2023-10"}, "standing": {"quick"}, "note": {"不该丢的话"}})
	if p := parse(t, w); w.Code != http.StatusUnprocessableEntity || p.Text("textarea[name=note]") != "不该丢的话" {
		t.Errorf("a figure that is no number: status %d, note %q", w.Code, p.Text("textarea[name=note]"))
	}
	statistician := h.one("statistics", "statistician")
	w = h.ask(statistician, "zh", "POST", path+"/figures", url.Values{"value": {"7990"}, "period": {"2023-10"}, "standing": {"confirmed"}})
	h.follow(w)
	p := h.page(statistician, path)
	p.Contains("#history", "7,990")
	p.Contains("#history", "8,001")
}

// TestEvidenceOfAFigure sends a figure with a file and has it back, by those who may.
func TestEvidenceOfAFigure(t *testing.T) {
	h := standDemo(t)
	g := h.goal("reported", func(g *desk.GoalView) bool {
		return g.Feed.Mode == indicator.Reported && g.Shape == indicator.Accumulate && g.Lead == "human-resources"
	})
	path, handler := "/goals/"+string(g.ID), h.one(g.Lead, "handler")
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range map[string]string{"value": "8100", "period": "2023-10", "standing": "quick"} {
		h.must(form.WriteField(k, v))
	}
	file, err := form.CreateFormFile("evidence", "台账.txt")
	h.must(err)
	_, err = file.Write([]byte("十月台账"))
	h.must(err)
	h.must(form.Close())
	r := httptest.NewRequest("POST", path+"/figures", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	h.follow(h.send(handler, "zh", r))
	link := h.page(handler, path).First("a[href^='" + path + "/files/']").Attr("href")
	if w := h.ask(handler, "zh", "GET", link, nil); w.Body.String() != "十月台账" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the file came back as %q, %v", w.Body.String(), w.Header())
	}
	for who, want := range map[name.Person]int{"": http.StatusForbidden, h.one("housing", "handler"): http.StatusNotFound} {
		if w := h.ask(who, "zh", "GET", link, nil); w.Code != want {
			t.Errorf("%q gets the file with status %d, want %d", who, w.Code, want)
		}
	}
}

// TestAChangeKeepsTheFirstTarget changes a target with an approver and looks that what was promised stays in sight.
func TestAChangeKeepsTheFirstTarget(t *testing.T) {
	h := standDemo(t)
	g := h.goal("counted", titled("老旧小区"))
	path, head, leader := "/goals/"+string(g.ID), h.one("housing", "head"), h.one("government", "leader")
	form := url.Values{"target": {"20"}, "due": {g.Due.String()}, "reason": {"一处并入片区更新项目"}, "approver": {""}}
	if w := h.ask(head, "zh", "POST", path+"/change", form); w.Code == http.StatusSeeOther {
		t.Error("a change without an approver went through")
	}
	form.Set("approver", string(leader))
	h.follow(h.ask(head, "zh", "POST", path+"/change", form))
	p := h.page(head, path)
	p.Contains(".standing", "下达时：21个")
	p.Contains("#history", "一处并入片区更新项目")
	h.page("", "/promises/"+string(g.ID)).Contains(".standing", "21个")
	if w := h.ask(head, "zh", "POST", path+"/change", url.Values{"target": {"20"}, "reason": {"x"}, "approver": {string(leader)}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a change of nothing: status %d", w.Code)
	}
}

// TestAGoalIsHandedOutInParts works a decomposition out, sees the gap, and hands it out once it covers.
func TestAGoalIsHandedOutInParts(t *testing.T) {
	h := standDemo(t)
	g := h.goal("counted", titled("老旧小区"))
	path, office := "/goals/"+string(g.ID), h.one("office", "issuer")
	form := url.Values{"do": {"check"}, "order": {"together"}, "title0": {"东片老旧小区改造"}, "unit0": {"housing"}, "value0": {"11"}, "days0": {"30"},
		"title1": {"西片老旧小区改造"}, "unit1": {"landscape"}, "value1": {"9"}, "days1": {"20"}}
	p := parse(t, h.ask(office, "zh", "POST", path+"/divide", form))
	p.Contains("main", "目标缺口")
	p.Contains("main", "95.24%")
	form.Set("value1", "10")
	parse(t, h.ask(office, "zh", "POST", path+"/divide", form)).Contains("main", "已覆盖目标")
	form.Set("order", "sequence")
	form.Set("days1", "")
	if w := h.ask(office, "zh", "POST", path+"/divide", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("steps in a row without a length: status %d", w.Code)
	}
	form.Set("days1", "20")
	form.Set("do", "publish")
	leader := h.one("government", "leader")
	total, race := h.page(leader, "/cockpit").Text(".lampcard b"), h.page(leader, "/cockpit/race").Text("main")
	form.Set("command", h.desk.NewCommand())
	h.follow(h.ask(office, "zh", "POST", path+"/divide", form))
	h.follow(h.ask(office, "zh", "POST", path+"/divide", form)) // sent twice, handed out once
	page := h.page(office, path)
	page.Count("#children table.goals tbody tr", 2)
	page.Contains("#children", "东片老旧小区改造")
	cockpit := h.page(leader, "/cockpit")
	if now := cockpit.Text(".lampcard b"); now != total {
		t.Errorf("the cockpit counts %s goals with two parts handed out, %s before", now, total)
	}
	cockpit.Contains(".group tr.part", "西片老旧小区改造")
	if now := h.page(leader, "/cockpit/race").Text("main"); now != race {
		t.Errorf("parts run in the race: before %s\nnow %s", race, now)
	}
	list := h.page(leader, "/goals?unit=landscape&q=西片")
	list.Count("table.goals tbody tr", 1)
	list.Contains("table.goals", "上级目标的分解任务")
	if w := h.ask("", "zh", "GET", "/promises", nil); strings.Contains(w.Body.String(), "东片老旧小区改造") {
		t.Error("a part stands among the promises of the report")
	}
	sub := h.one("housing", "head")
	form.Set("command", h.desk.NewCommand())
	if w := h.ask(sub, "zh", "POST", path+"/divide", form); w.Code == http.StatusSeeOther {
		t.Error("a head handed out to a unit that is not below")
	}
}

// TestTheFirstMinute walks the demo: the site that holds a goal back is accepted by the person shown, and the light changes.
func TestTheFirstMinute(t *testing.T) {
	h := standDemo(t)
	p := h.page("", "/")
	p.Has(".walk-chain")
	before := h.goal("counted", titled("老旧小区"))
	if before.Reading.Light != indicator.Yellow {
		t.Fatalf("the demo begins with %s", before.Reading.Light)
	}
	form := p.Fields("form[action='/demo/act-as']")
	person, to := name.Person(p.First(".step form[action='/demo/act-as'] button").Attr("value")), form["to"][0]
	w := h.ask("", "zh", "POST", "/demo/act-as", url.Values{"person": {string(person)}, "to": {to}})
	if h.follow(w) != to || !slices.ContainsFunc(w.Result().Cookies(), func(c *http.Cookie) bool { return c.Name == plainCookie && c.Value != "" && c.HttpOnly }) {
		t.Fatal("acting as somebody gave no session")
	}
	matter := name.ID(strings.TrimPrefix(to, "/matters/"))
	_, err := h.desk.Act(context.Background(), h.who(person), desk.Do{Matter: matter, Act: "accept", With: map[string]string{"accept-note": "验收合格。"}})
	h.must(err)
	if after := h.goal("counted", titled("老旧小区")); after.Reading.Light != indicator.Green || after.Reading.Actual == before.Reading.Actual {
		t.Errorf("after acceptance the goal is %s at %s", after.Reading.Light, after.Reading.Actual)
	}
	h.page("", "/")
	if to := h.follow(h.ask("", "zh", "POST", "/demo/time", url.Values{"step": {"week"}, "to": {"//evil.example"}})); to != "/" {
		t.Errorf("the time bar led to %s", to)
	}
	office := parse(t, h.ask("", "zh", "POST", "/demo/paste", url.Values{"text": {" "}}))
	office.Has("form")
	if to := h.follow(h.ask("", "zh", "POST", "/demo/paste", url.Values{"text": {"演示区政府工作报告\n\n2024年，改造老旧小区12个，新增绿地3万平方米。"}})); !strings.HasPrefix(to, "/reports/220105-") {
		t.Errorf("a pasted report led to %s", to)
	}
	parse(t, h.ask("", "zh", "POST", "/demo/cheat", url.Values{"goal": {string(before.ID)}})).Contains(".verdict", "第41条")
	parse(t, h.ask("", "zh", "POST", "/verify", url.Values{})).Contains(".verdict", "没有被改动")
}

// TestAnEditionStaysFrozen holds the edition of a month before and after a later correction of its figures.
func TestAnEditionStaysFrozen(t *testing.T) {
	h := standDemo(t)
	leader := h.who(h.one("government", "leader"))
	before, err := h.desk.Race(context.Background(), leader, 0, "2023-08")
	h.must(err)
	g := h.goal("reported", func(g *desk.GoalView) bool {
		return g.Feed.Mode == indicator.Reported && g.Shape == indicator.Accumulate && g.Reading.Has
	})
	h.must(h.desk.Record(context.Background(), h.who(h.desk.Directory().Of("statistics", "statistician")[1].Key),
		desk.Report{Goal: g.ID, Period: "2023-08", Value: "1", Standing: indicator.Corrected, Note: "核减"}))
	after, err := h.desk.Race(context.Background(), leader, 0, "2023-08")
	h.must(err)
	if !slices.Equal(before.Places, after.Places) || len(before.Places) == 0 {
		t.Errorf("the edition moved from %v to %v", before.Places, after.Places)
	}
}

// TestTargetsInWords writes each shape of target in both languages.
func TestTargetsInWords(t *testing.T) {
	seven := indicator.Target{Op: "growth_ge", Unit: "%"}
	seven.Value = money.MustParse("7")
	for _, c := range []struct {
		shape  indicator.Shape
		target indicator.Target
		zh, en string
	}{
		{indicator.Growth, seven, "增长7%以上", "grow by at least 7%"},
		{indicator.Accumulate, indicator.Target{Op: "eq", Value: money.MustParse("21"), Unit: "个"}, "21个", "21"},
		{indicator.Level, indicator.Target{Op: "reach", Value: money.MustParse("60"), Unit: "%"}, "达到60%", "reach 60%"},
		{indicator.Ceiling, indicator.Target{Op: "decline", Value: money.MustParse("15"), Unit: "%"}, "下降15%", "fall by 15%"},
		{indicator.Milestone, indicator.Target{}, "按期完成", "done by the date"},
		{indicator.Zero, indicator.Target{}, "零发生", "none at all"},
		{indicator.Level, indicator.Target{Op: "unheard", Value: money.MustParse("3"), Unit: "户"}, "3户", "3 households"},
	} {
		if zh, en := targetText("zh", c.shape, c.target), targetText("en", c.shape, c.target); zh != c.zh || en != c.en {
			t.Errorf("%s %s: %q, %q, want %q, %q", c.shape, c.target.Op, zh, en, c.zh, c.en)
		}
	}
}
