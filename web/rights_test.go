package web

import (
	"bytes"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/drafts"
	"bihuan/desk/rights"
	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/kernel/account"
)

// actingFor sends a request as a person who acts for another.
func (h *house) actingFor(p, other name.Person, method, path string) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.AddCookie(&http.Cookie{Name: actingCookie, Value: string(other)})
	return h.send(p, "zh", r)
}

func TestEverybodySeesWhatTheyMay(t *testing.T) {
	h := stand(t)
	p := h.page("", "/rights")
	p.Contains("table", "上报问题")
	for _, who := range []struct {
		person name.Person
		says   string
		not    string
	}{
		{h.one("housing", "head"), "销号", "授予角色"},
		{h.one("services", "secadmin"), "授予角色", "办理事项"},
		{h.one("dongsheng-one", "grid-worker"), "限本人网格", "核定数据"},
	} {
		body := h.ask(who.person, "zh", "GET", "/rights", nil).Body.String()
		h.page(who.person, "/rights")
		if !strings.Contains(body, who.says) || strings.Contains(body, who.not) {
			t.Errorf("%s: says %s: %v, says %s: %v", who.person, who.says, strings.Contains(body, who.says), who.not, strings.Contains(body, who.not))
		}
	}
}

func TestADenialSaysWhoMayWithoutSayingWhatExists(t *testing.T) {
	h := stand(t)
	clerk := h.one("education", "handler")
	done, err := h.desk.Start(t.Context(), h.who(h.one("office", "issuer")), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": "housing", "due": "2023-12-31"}})
	h.must(err)
	w := h.ask(clerk, "zh", "POST", "/assessment/2023-10/settle", url.Values{})
	doc := parse(t, w)
	if w.Code != 403 {
		t.Fatalf("status %d", w.Code)
	}
	doc.Has("a[href^='/rights/why?action=assessment.score']")
	h.page(clerk, "/rights/why?action=assessment.score&on=assessment").Contains("main", "督查员")
	h.page("", "/rights/why?action=log.purge&on=log").Contains("main", "任何角色都不能办理")
	for _, path := range []string{"/matters/" + string(done.Matter), "/matters/220105-00000000-0000-7000-8000-000000000000"} {
		if w := h.ask(clerk, "zh", "GET", path, nil); w.Code != 404 || strings.Contains(w.Body.String(), "/rights/why") {
			t.Errorf("%s: status %d, or it says why", path, w.Code)
		}
	}
	for _, path := range []string{"/rights/why", "/rights/why?action=matter.burn&on=matter", "/rights/why?action=matter.read&on=goal"} {
		if w := h.ask(clerk, "zh", "GET", path, nil); w.Code != 404 {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

func TestSomebodyActsForTheHeadOnPages(t *testing.T) {
	h := stand(t)
	head, clerk := h.one("housing", "head"), h.one("education", "handler")
	today := h.desk.Today().String()
	w := h.ask(head, "zh", "POST", "/rights/delegations", url.Values{"to": {string(clerk)}, "roles": {"head"}, "from": {today}, "until": {"2024-12-31"}, "why": {"出差"}})
	if doc := parse(t, w); w.Code != 422 {
		t.Fatalf("a year of acting: status %d", w.Code)
	} else {
		doc.Contains("main", "最长30天")
	}
	h.follow(h.ask(head, "zh", "POST", "/rights/delegations", url.Values{"to": {string(clerk)}, "roles": {"head"}, "from": {today}, "until": {today}, "why": {"出差"}}))
	h.page(head, "/rights").Contains("main", "结束委托")
	h.page(clerk, "/rights").Has("button[name=for]")
	w = h.ask(clerk, "zh", "POST", "/rights/act", url.Values{"for": {string(head)}})
	h.follow(w)
	if c := w.Header().Get("Set-Cookie"); !strings.Contains(c, actingCookie+"="+string(head)) || !strings.Contains(c, "HttpOnly") {
		t.Errorf("the cookie is %q", c)
	}
	doc := parse(t, h.actingFor(clerk, head, "GET", "/rights"))
	doc.Has("form.acting")
	if w := h.ask(clerk, "zh", "POST", "/rights/act", url.Values{"for": {string(h.one("office", "issuer"))}}); w.Code != 403 {
		t.Errorf("acting for whoever did not ask: status %d", w.Code)
	}
	own, heads := h.page(clerk, "/me/data").Fields(`form.door`)["command"][0], parse(t, h.actingFor(clerk, head, "GET", "/me/data")).Fields(`form.door`)["command"][0]
	if want := commandFor + string(head); !strings.HasSuffix(heads, want) || strings.Contains(own, commandFor) {
		t.Errorf("forms are written by %q, and for the head by %q", own, heads)
	}
	as, err := h.desk.ActingFor(t.Context(), h.who(clerk), head)
	h.must(err)
	o := h.desk.Openings(as)[0]
	d, err := h.drafts.Put(t.Context(), as, drafts.Draft{Kind: o.Kind.Ref, Act: o.Act.Key})
	h.must(err)
	drafted := parse(t, h.actingFor(clerk, head, "GET", d.Path())).First(`input[name="command"]`).Attr("value")
	if want := d.Command() + commandFor + string(head); drafted != want {
		t.Errorf("what an assistant drafted is written by %q, want %q", drafted, want)
	}
	for sent, acts := range map[string]name.Person{own: head, heads: "", d.Command(): head, drafted: ""} { // another tab changed for whom, while the form was open
		body := strings.NewReader(url.Values{"command": {sent}, "what": {"copy"}, "wish": {"一份"}}.Encode())
		r := httptest.NewRequest("POST", "/me/data", body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if acts != "" {
			r.AddCookie(&http.Cookie{Name: actingCookie, Value: string(acts)})
		}
		if w := h.send(clerk, "zh", r); w.Code != 409 || !strings.Contains(textOf(w), "您换了代表谁办事") {
			t.Errorf("written by %q, sent for %q: %d %s", sent, acts, w.Code, textOf(w))
		}
	}
	id := h.rights.Mine(h.who(clerk)).Got[0].ID
	h.follow(h.ask(head, "zh", "POST", "/rights/delegations/"+string(id)+"/end", url.Values{"why": {"已返回"}}))
	if body := h.actingFor(clerk, head, "GET", "/rights").Body.String(); strings.Contains(body, "class=\"acting\"") {
		t.Error("it goes on after it was ended")
	}
	recuse := url.Values{"matter": {"220105-00000000-0000-7000-8000-000000000000"}, "why": {"亲属"}}
	for _, path := range []string{"/rights/recusals", "/matters/220105-00000000-0000-7000-8000-000000000000/acts/accept"} { // a form that was written in the head's name
		w := h.actingFor(clerk, head, "POST", path)
		if c := w.Header().Get("Set-Cookie"); w.Code != 403 || !strings.Contains(textOf(w), "委托已经结束") || !strings.Contains(c, actingCookie+"=;") || !strings.Contains(c, "Max-Age=0") {
			t.Errorf("%s after it was ended: %d, cookie %q: %s", path, w.Code, c, textOf(w))
		}
		if w := h.ask(clerk, "zh", "POST", path, recuse); strings.Contains(textOf(w), "委托已经结束") {
			t.Errorf("%s for oneself: %s", path, textOf(w))
		}
	}
	if w := h.actingFor(clerk, head, "POST", "/language"); w.Code != 303 {
		t.Errorf("the language cannot be chosen: %d", w.Code)
	}
	doc = h.page(h.one("audit", "auditor"), "/rights/audit")
	doc.Contains("main", "出差")
}

// TestWhoLeftDoesNothingByAnyHand: when an account is disabled, whoever was asked to act for its person does so no longer, and nothing is handed to that person; coming back, it goes on.
func TestWhoLeftDoesNothingByAnyHand(t *testing.T) {
	h := stand(t)
	h.rights.Know(accounts.Standing{Room: h.accounts})
	leaves, clerk, sys, sec := h.one("housing", "handler"), h.one("education", "handler"), h.who(h.one("services", "sysadmin")), h.who(h.one("services", "secadmin"))
	asked, err := h.rights.Propose(t.Context(), h.who(h.one("housing", "head")), rights.Order{Act: rights.GrantAct, For: leaves, Role: "checker", Why: "兼任核查"})
	h.must(err)
	_, err = h.rights.Approve(t.Context(), sec, asked.ID)
	h.must(err)
	today := h.desk.Today().String()
	h.follow(h.ask(leaves, "zh", "POST", "/rights/delegations", url.Values{"to": {string(clerk)}, "roles": {"checker"}, "from": {today}, "until": {today}, "why": {"出差"}}))
	account, err := h.accounts.ByPerson(t.Context(), leaves)
	h.must(err)
	checks := func() bool {
		return slices.ContainsFunc(h.desk.StaffWith("housing", "checker"), func(p desk.Person) bool { return p.Key == leaves })
	}
	_, site := h.openSite()
	colleague := h.one("housing", "head")
	option := `select[name="f.person"] option[value="` + string(leaves) + `"]`
	for i, works := range []bool{true, false, true} {
		switch i {
		case 1:
			h.must(h.accounts.Disable(t.Context(), sys, account.ID, "离职"))
		case 2:
			h.must(h.accounts.Enable(t.Context(), sys, account.ID, "返岗"))
		}
		if acts := h.desk.Entitled(h.who(clerk), leaves).For == leaves; acts != works || checks() != works {
			t.Errorf("turn %d, works %t: somebody acts for who left %t, something is handed to them %t", i, works, acts, checks())
		}
		if page := h.page(clerk, "/rights"); works {
			page.Has("button[name=for]")
		} else {
			page.Lacks("button[name=for]")
		}
		if page := h.page(colleague, "/matters/"+site+"/acts/start"); works {
			page.Has(option)
			continue
		} else {
			page.Lacks(option)
		}
		w := h.act(colleague, site, "start", map[string]string{"f.begun": today, "f.person": string(leaves)}, map[string]string{"e.0": png}) // the form was open before
		if w.Code != 422 || !strings.Contains(textOf(w), "账号已停用") {
			t.Errorf("a matter is given to who left: %d %s", w.Code, textOf(w))
		}
	}
}

func TestRolesAreProposedGrantedAndRevokedOnPages(t *testing.T) {
	h := stand(t)
	head, clerk, sec := h.one("housing", "head"), h.one("housing", "handler"), h.one("services", "secadmin")
	h.follow(h.ask(head, "zh", "POST", "/admin/roles/propose", url.Values{"act": {"grant"}, "for": {string(clerk)}, "role": {"checker"}, "why": {"兼任核查"}}))
	h.page(head, "/admin/roles").Contains("main", "兼任核查")
	if w := h.ask(clerk, "zh", "GET", "/admin/roles", nil); w.Code != 403 {
		t.Errorf("a clerk grants: status %d", w.Code)
	}
	h.page(sec, "/admin/roles").Has("button[value=approve]")
	a, err := h.rights.Administration(h.who(sec), "")
	h.must(err)
	h.follow(h.ask(sec, "zh", "POST", "/admin/roles/decide/"+string(a.Proposed[0].ID), url.Values{"do": {"approve"}}))
	if !h.desk.Entitled(h.who(clerk), "").Has("checker") {
		t.Fatal("the role is not held")
	}
	h.page(sec, "/admin/roles?find=住建").Contains("main", "核查员")
	h.follow(h.ask(sec, "zh", "POST", "/admin/roles/hold", url.Values{"do": {"revoke"}, "person": {string(clerk)}, "role": {"checker"}, "why": {"不再兼任"}}))
	if w := h.ask(sec, "zh", "POST", "/admin/roles/hold", url.Values{"do": {"revoke"}, "person": {string(clerk)}, "role": {"checker"}, "why": {"不再兼任"}}); w.Code != 409 {
		t.Errorf("revoked twice: status %d", w.Code)
	}
	sys := h.one("services", "sysadmin")
	h.follow(h.ask(sys, "zh", "POST", "/admin/roles/propose", url.Values{"act": {"restore"}, "why": {"演练"}}))
	h.page(sys, "/admin/roles")
	h.page(h.one("audit", "auditor"), "/rights/audit").Contains("main", "恢复备份")
}

// TestARoleThatRestsIsShown: to the head of the unit to which its person was moved, who proposes it anew there, to the security administrator, on the account and on the person's own pages.
func TestARoleThatRestsIsShown(t *testing.T) {
	h := stand(t)
	old, head, clerk, sec, auditor := h.one("housing", "head"), h.one("city-management", "head"), h.one("housing", "handler"), h.one("services", "secadmin"), h.one("audit", "auditor")
	grant := func(by name.Person, propose func() *httptest.ResponseRecorder) {
		h.follow(propose())
		a, err := h.rights.Administration(h.who(sec), "")
		h.must(err)
		h.follow(h.ask(sec, "zh", "POST", "/admin/roles/decide/"+string(a.Proposed[0].ID), url.Values{"do": {"approve"}}))
	}
	grant(old, func() *httptest.ResponseRecorder {
		return h.ask(old, "zh", "POST", "/admin/roles/propose", url.Values{"act": {"grant"}, "for": {string(clerk)}, "role": {"checker"}, "why": {"兼任核查"}})
	})
	was, err := h.desk.ValidRecord(t.Context(), "erdao/person", string(clerk))
	h.must(err)
	fields := maps.Clone(was.Fields)
	fields["unit"] = "city-management"
	h.must(h.desk.PutRecord(t.Context(), h.who(h.one("office", "issuer")), desk.Put{Command: "moved", Register: "erdao/person", Fields: fields, On: h.desk.Today(), Reason: "调动"}))
	h.must(h.desk.Reload(t.Context()))
	account := "/admin/accounts/" + string(must(h.accounts.Of(t.Context(), clerk))[0].ID)
	for _, c := range []struct {
		who  name.Person
		path string
		says string
	}{{head, "/admin/roles", "由住建局调到城管局"}, {sec, "/admin/roles", "由住建局调到城管局"}, {sec, account, "因调动暂停：核查员"}, {clerk, "/me", "因调动暂停：核查员"}, {clerk, "/rights", "为住建局的工作授予"}, {auditor, "/rights/audit", "因调动暂停"}} {
		if text := h.page(c.who, c.path).Text("main"); !strings.Contains(text, c.says) {
			t.Errorf("%s for %s does not say %q: %s", c.path, c.who, c.says, text)
		}
	}
	h.page(old, "/admin/roles").Lacks("#resting")
	h.page(sec, "/admin/roles").Has(`#resting button[value="revoke"]`)
	grant(head, func() *httptest.ResponseRecorder {
		form := url.Values(h.page(head, "/admin/roles").Fields("#resting form"))
		form.Set("why", "城管局同样需要")
		return h.ask(head, "zh", "POST", "/admin/roles/propose", form)
	})
	if !h.desk.Entitled(h.who(clerk), "").Has("checker") {
		t.Error("granted anew, and it is not held")
	}
	h.page(sec, "/admin/roles").Lacks("#resting")
}

func TestAGlassIsBrokenAndReviewedOnPages(t *testing.T) {
	h := stand(t)
	clerk, sec, lead, auditor := h.one("education", "handler"), h.one("services", "secadmin"), h.one("government", "leader"), h.one("audit", "auditor")
	if w := h.ask(clerk, "zh", "POST", "/rights/glass", url.Values{"role": {"emergency"}, "hours": {"9"}, "why": {"老旧小区燃气泄漏需调取台账"}}); w.Code != 422 {
		t.Errorf("nine hours: status %d", w.Code)
	}
	h.follow(h.ask(clerk, "zh", "POST", "/rights/glass", url.Values{"role": {"emergency"}, "hours": {"2"}, "why": {"老旧小区燃气泄漏需调取台账"}}))
	id := string(h.rights.Mine(h.who(clerk)).Glasses[0].ID)
	for _, p := range []name.Person{sec, lead} {
		h.page(p, "/admin/roles").Contains("main", "燃气泄漏")
		h.follow(h.ask(p, "zh", "POST", "/admin/roles/glass/"+id, url.Values{"do": {"approve"}}))
	}
	h.page(clerk, "/rights").Contains("main", "提前结束")
	h.follow(h.ask(clerk, "zh", "POST", "/rights/glass/"+id+"/close", url.Values{}))
	h.page(auditor, "/rights/audit").Has("form.review")
	h.follow(h.ask(auditor, "zh", "POST", "/rights/audit/"+id, url.Values{"why": {"与事由相符"}, "finding": {"未登记调取明细"}}))
	h.page(auditor, "/rights/audit").Contains("main", "未登记调取明细")
}

func TestSomebodyKeepsOutOnPages(t *testing.T) {
	h := stand(t)
	clerk := h.one("housing", "handler")
	done, err := h.desk.Start(t.Context(), h.who(h.one("office", "issuer")), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": "housing", "due": "2023-12-31"}})
	h.must(err)
	id := string(done.Matter)
	h.page(clerk, "/matters/"+id).Has("a[href='/rights?matter=" + id + "#recuse']")
	h.page(clerk, "/rights?matter="+id).Has("form#recuse")
	h.follow(h.ask(clerk, "zh", "POST", "/rights/recusals", url.Values{"matter": {id}, "why": {"近亲属住在该小区"}}))
	h.page(clerk, "/matters/"+id).Contains("main", "已回避")
}

// TestAFormIsSentByWhoeverOneIsWhenItHasArrived: whoever sends a form slowly sends it by no role, delegation or session that ended on its way.
func TestAFormIsSentByWhoeverOneIsWhenItHasArrived(t *testing.T) {
	for called, c := range map[string]struct {
		end   func(h *house, handler, head name.Person)
		files bool
		says  string
	}{
		"nothing ended":                {func(*house, name.Person, name.Person) {}, false, ""},
		"a role":                       {func(h *house, handler, _ name.Person) { revokeHandler(h, handler) }, false, "没有"},
		"a role, of a form with files": {func(h *house, handler, _ name.Person) { revokeHandler(h, handler) }, true, "没有"},
		"a session": {func(h *house, handler, _ name.Person) {
			h.must(h.accounts.SignOut(h.t.Context(), h.session(handler)))
		}, false, "登录"},
		"a delegation": {func(h *house, handler, head name.Person) {
			h.must(h.rights.EndDelegation(h.t.Context(), h.who(head), h.rights.Mine(h.who(handler)).Got[0].ID, "已返回"))
		}, false, "委托已经结束"},
	} {
		t.Run(called, func(t *testing.T) {
			h := stand(t)
			_, id := h.openSite()
			handler, head := h.one("housing", "handler"), h.one("housing", "head")
			var b bytes.Buffer
			media, fields := "application/x-www-form-urlencoded", url.Values{"matter": {id}, "why": {"亲属"}}
			if b.WriteString(fields.Encode()); c.files {
				b.Reset()
				w := multipart.NewWriter(&b)
				h.must(w.WriteField("matter", id))
				h.must(w.WriteField("why", "亲属"))
				h.must(w.Close())
				media = w.FormDataContentType()
			}
			r := httptest.NewRequest("POST", "/rights/recusals", corpus.Slow(&b, func() { c.end(h, handler, head) }))
			r.Header.Set("Content-Type", media)
			if called == "a delegation" {
				today := h.desk.Today()
				_, err := h.rights.Give(t.Context(), h.who(head), handler, []name.Role{"head"}, today, today, "出差")
				h.must(err)
				r.AddCookie(&http.Cookie{Name: actingCookie, Value: string(head)})
			}
			w := h.send(handler, "zh", r)
			done := len(h.rights.Recusals(name.ID(id)))
			if c.says == "" {
				if w.Code != 303 || done != 1 {
					t.Errorf("%d, %d recusals: %s", w.Code, done, textOf(w))
				}
			} else if w.Code != 403 || done != 0 || !strings.Contains(textOf(w), c.says) {
				t.Errorf("%d, %d recusals: %s", w.Code, done, textOf(w))
			}
		})
	}
}

func revokeHandler(h *house, handler name.Person) {
	h.must(h.rights.Revoke(h.t.Context(), h.who(h.one("services", "secadmin")), handler, "handler", "调离"))
}

func TestARevokedRoleIsGoneAtOnce(t *testing.T) { revokedUnderWay(t, 20, 200*time.Millisecond) }

// revokedUnderWay has so many requests in flight all the time, revokes the role that lets them in, and tries so long afterwards. It
// returns how many were answered before, how many began or ended after it, and how long after it none was answered any more: a second,
// or on a busy machine four times as long as it takes to answer all.
func revokedUnderWay(t *testing.T, inFlight int, watched time.Duration) (served int64, after int, within time.Duration) {
	t.Helper()
	h := stand(struct{ testing.TB }{t}) // by itself: what is measured is time
	sec, watcher := h.one("services", "secadmin"), h.one("supervision", "supervisor")
	if roles := h.desk.Directory().Person(watcher).Roles; len(roles) != 1 {
		t.Fatalf("%s has the roles %v", watcher, roles)
	}
	h.session(watcher)
	within = time.Second
	var revoked, answered, late, begunLate atomic.Int64
	try := func() bool {
		begun := time.Now().UnixNano()
		r := httptest.NewRequest("GET", "/tiles/matters/12/3475/1500", nil)
		r.AddCookie(&http.Cookie{Name: plainCookie, Value: h.secrets[watcher]})
		w := httptest.NewRecorder()
		h.pages.ServeHTTP(w, r)
		if w.Code >= 300 {
			return false
		}
		answered.Add(1)
		if at := revoked.Load(); at != 0 && begun > at {
			begunLate.Add(1)
		}
		if at := revoked.Load(); at != 0 && time.Now().UnixNano() > at+int64(within) {
			late.Add(1)
		}
		return true
	}
	var wg sync.WaitGroup
	began := time.Now()
	for range inFlight {
		wg.Go(func() {
			for try() { // one after another until it is refused
			}
		})
	}
	for answered.Load() < int64(inFlight) { // all are under way
		time.Sleep(time.Millisecond)
	}
	round := time.Since(began)
	if err := h.rights.Revoke(t.Context(), h.who(sec), watcher, "supervisor", "调离"); err != nil {
		t.Fatal(err)
	}
	within = max(within, 4*round)
	revoked.Store(time.Now().UnixNano())
	wg.Wait()
	tried := 0
	for ; time.Now().UnixNano() < revoked.Load()+int64(watched) || tried < 20; tried++ {
		try()
	}
	if late.Load() != 0 || begunLate.Load() != 0 {
		t.Errorf("%d answered more than %v after the role was revoked, %d that began after it", late.Load(), within, begunLate.Load())
	}
	return answered.Load(), inFlight + tried, within
}

// TestReviewsAreDoneOnPages: the review of posts is announced by the scheduler, done by ticking, and flagged when it is late; so is a
// glass that nobody reviewed in time.
func TestReviewsAreDoneOnPages(t *testing.T) {
	h := stand(t)
	sec, auditor, clerk := h.one("services", "secadmin"), h.one("audit", "auditor"), h.one("education", "handler")
	tick := func(days int) {
		t.Helper()
		h.now.Add((time.Duration(days) * 24 * time.Hour).Microseconds())
		h.secrets = map[name.Person]string{} // sessions are over
		_, err := h.rights.Tick(t.Context())
		h.must(err)
	}
	tick(0)
	h.page(sec, "/admin/roles").Contains("#posts", "下次复核")
	if w := h.ask(sec, "zh", "POST", "/admin/roles/review", url.Values{"person": {string(clerk)}}); w.Code != 409 {
		t.Errorf("before a review runs: %d", w.Code)
	}
	tick(80)
	h.page(sec, "/admin/roles").Contains("#posts", "正在复核")
	if w := h.ask(sec, "zh", "POST", "/admin/roles/review", url.Values{"person": {string(sec)}}); w.Code != 403 {
		t.Errorf("one's own: %d", w.Code)
	}
	if w := h.ask(clerk, "zh", "POST", "/admin/roles/review", url.Values{"person": {string(sec)}}); w.Code != 403 {
		t.Errorf("a clerk: %d", w.Code)
	}
	h.follow(h.ask(auditor, "zh", "POST", "/admin/roles/review", url.Values{"person": {string(sec)}}))
	h.follow(h.ask(sec, "zh", "POST", "/admin/roles/review", url.Values{"person": {string(clerk)}}))
	_, err := h.rights.AskGlass(t.Context(), h.who(clerk), "emergency", 2, "老旧小区燃气泄漏需调取台账")
	h.must(err)
	id := h.rights.Mine(h.who(clerk)).Glasses[0].ID
	for _, p := range []name.Person{h.one("government", "leader"), sec} {
		_, err := h.rights.StepGlass(t.Context(), h.who(p), id, account.GlassApprove, "", "")
		h.must(err)
	}
	if h.page(auditor, "/audit/findings"); h.ask(sec, "zh", "GET", "/audit/findings", nil).Code != 403 {
		t.Error("the security administrator sees findings")
	}
	tick(11)
	flagged := h.page(auditor, "/audit/findings")
	for _, text := range []string{"应急", "岗位角色复核", "起逾期"} {
		flagged.Contains("#flagged", text)
	}
	h.page(sec, "/admin/roles").Contains("#posts", "已逾期")
	if !h.who(clerk).Has("handler") {
		t.Error("a role of a post ended by itself")
	}
	_, err = h.rights.StepGlass(t.Context(), h.who(auditor), id, account.GlassReview, "与事由相符", "")
	h.must(err)
	h.page(auditor, "/audit/findings").Contains("#flagged", "已复查")
}

// A glass and a proposal of another kind are refused to whoever may not approve them, by route and by object alike.
func TestRightsAreKeptByTheRoutes(t *testing.T) {
	h := stand(t)
	clerk := h.one("education", "handler")
	for _, c := range []struct{ method, path string }{{"GET", "/rights/audit"}, {"POST", "/rights/audit/x"}, {"POST", "/admin/roles/hold"}, {"POST", "/admin/roles/glass/x"}} {
		if w := h.ask(clerk, "zh", c.method, c.path, url.Values{}); w.Code != 403 {
			t.Errorf("%s %s: status %d", c.method, c.path, w.Code)
		}
	}
	for _, a := range []access.Action{access.GlassApprove, access.RoleGrant} {
		if _, ok := access.Lookup(a); !ok {
			t.Errorf("%s is not declared", a)
		}
	}
	if account.GlassApprovals != 2 {
		t.Error("one approval opens a glass")
	}
}
