package web

import (
	"encoding/base32"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/rights"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/otp"
	"bihuan/kernel/account"
)

// stranger sends requests with a session of its own, empty for nobody.
func (h *house) stranger(secret, method, path string, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if secret != "" {
		r.AddCookie(&http.Cookie{Name: plainCookie, Value: secret})
	}
	w := httptest.NewRecorder()
	h.pages.ServeHTTP(w, r)
	return w
}

// cookie is the session that an answer gave.
func cookie(w *httptest.ResponseRecorder) string {
	for _, c := range w.Result().Cookies() {
		if c.Name == plainCookie && c.Value != "" {
			return c.Value
		}
	}
	return ""
}

// forward lets time pass.
func (h *house) forward(d time.Duration) { h.now.Add(d.Microseconds()) }

func (h *house) code(seed otp.Seed) string {
	return otp.Code(otp.SHA1, seed, otp.StepAt(h.now.Load()))
}

// newcomer has the system administrator invite somebody new and that person activate the account, all by pages.
func (h *house) newcomer(login, number, chosen string) (a account.Account, seed otp.Seed, recovery []string) {
	h.t.Helper()
	inv, err := h.accounts.Invite(h.t.Context(), h.who(h.one("services", "sysadmin")), accounts.Invitation{Unit: "housing", Reason: "新进人员"})
	h.must(err)
	w := h.stranger("", "POST", "/activate", url.Values{"invite": {strings.ToUpper(strings.ReplaceAll(inv.Code, "-", " "))}})
	page := parse(h.t, w)
	if w.Code != 200 {
		h.t.Fatal(w.Code, page.Text("main"))
	}
	typed, err := base32.StdEncoding.DecodeString(strings.Join(strings.Fields(page.Text("code.code")), ""))
	h.must(err)
	seed = otp.Seed(typed)
	w = h.stranger("", "POST", "/activate", url.Values{"invite": {inv.Code}, "do": {"activate"}, "login": {login}, "id-number": {number}, "password": {chosen}, "again": {chosen}, "code": {h.code(seed)}})
	page = parse(h.t, w)
	if w.Code != 200 {
		h.t.Fatal(w.Code, page.Text("main"))
	}
	recovery = strings.Fields(page.Text("ul.codes"))
	a, err = h.accounts.Account(h.t.Context(), inv.Account.ID)
	h.must(err)
	h.forward(time.Minute)
	return a, seed, recovery
}

const goodPassword = "Vq8-tundra-Km2"

func (h *house) signIn(login, password, code string) *httptest.ResponseRecorder {
	return h.stranger("", "POST", "/signin", url.Values{"login": {login}, "password": {password}, "code": {code}, "to": {"/me"}})
}

func TestSomebodyIsInvitedAndSignsIn(t *testing.T) {
	h := stand(t)
	a, seed, recovery := h.newcomer("lihaiyan", "220105199003070020", goodPassword)
	if a.State != account.Active || a.Login != "lihaiyan" || len(a.Factors) != 3 || len(recovery) != 8 {
		t.Fatalf("%+v, %d recovery codes", a, len(recovery))
	}
	code := h.code(seed)
	w := h.signIn("Lihaiyan", goodPassword, code)
	if got := h.follow(w); got != "/me" {
		t.Errorf("signing in leads to %s", got)
	}
	secret := cookie(w)
	if c := w.Result().Cookies()[0]; !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %+v", c)
	}
	page := parse(t, h.stranger(secret, "GET", "/me", nil))
	page.Contains("main", "目前没有角色")
	page.Contains("header", "lihaiyan")
	if w := h.stranger(secret, "GET", "/desk", nil); w.Code != 403 {
		t.Errorf("without a role the desk answers %d", w.Code)
	}
	parse(t, h.stranger(secret, "GET", "/", nil)).Contains("main", "目前没有角色")
	mine := parse(t, h.stranger(secret, "GET", "/rights", nil))
	mine.Contains("main", "lihaiyan")
	if strings.Contains(mine.Text("main"), "account-") {
		t.Error("the key of somebody who is not in the directory is shown")
	}
	h.rights.Know(accounts.Standing{Room: h.accounts})
	sec := h.who(h.one("services", "secadmin"))
	asked, err := h.rights.Propose(t.Context(), h.who(h.one("government", "leader")), rights.Order{Act: rights.GrantAct, For: a.Person, Role: "handler", Why: "岗位需要"})
	h.must(err)
	_, err = h.rights.Approve(t.Context(), sec, asked.ID)
	h.must(err)
	if w := h.stranger(secret, "GET", "/desk", nil); w.Code != 200 {
		t.Errorf("with the role, the desk answers %d in the session that was open before", w.Code)
	}
	for _, path := range []string{"/me", "/admin/accounts?q=lihaiyan", "/admin/accounts/" + string(a.ID)} {
		as := func() *httptest.ResponseRecorder { return h.stranger(secret, "GET", path, nil) }
		if path != "/me" {
			as = func() *httptest.ResponseRecorder {
				return h.ask(h.one("services", "sysadmin"), "zh", "GET", path, nil)
			}
		}
		parse(t, as()).Contains("main", "经办人")
	}
	if strings.Contains(parse(t, h.stranger(secret, "GET", "/", nil)).Text("main"), "目前没有角色") {
		t.Error("with a role, the start page says that there is none")
	}
	if w := h.signIn("lihaiyan", goodPassword, code); w.Code != 403 || cookie(w) != "" {
		t.Errorf("a code that was used: %d", w.Code)
	}
	w = h.signIn("lihaiyan", goodPassword, strings.ToUpper(recovery[0]))
	other := cookie(w)
	if other == "" {
		t.Fatalf("a recovery code: %d", w.Code)
	}
	if w := h.signIn("lihaiyan", goodPassword, recovery[0]); w.Code != 403 {
		t.Errorf("a recovery code, the second time: %d", w.Code)
	}
	parse(t, h.stranger(secret, "GET", "/me", nil)).Contains("main", "还剩7个恢复码")
	h.follow(h.stranger(secret, "POST", "/me", url.Values{"do": {"elsewhere"}}))
	if w := h.stranger(other, "GET", "/me", nil); w.Code != 403 {
		t.Errorf("signed out everywhere else, yet answered %d", w.Code)
	}
	h.must(h.rights.Revoke(t.Context(), sec, a.Person, "handler", "调离"))
	if w := h.stranger(secret, "GET", "/desk", nil); w.Code != 403 {
		t.Errorf("after the role was revoked the desk answers %d", w.Code)
	}
	parse(t, h.stranger(secret, "GET", "/me", nil)).Contains("main", "目前没有角色")
	w = h.stranger(secret, "POST", "/signout", url.Values{})
	h.follow(w)
	if got := w.Header().Get("Clear-Site-Data"); got != `"cache", "storage"` {
		t.Errorf("signing out clears %s", got)
	}
	if w := h.stranger(secret, "GET", "/me", nil); w.Code != 403 {
		t.Errorf("after signing out: %d", w.Code)
	}
}

func TestThePasswordIsChanged(t *testing.T) {
	h := stand(t)
	_, seed, _ := h.newcomer("zhouyi", "22010519881224003X", goodPassword)
	secret := cookie(h.signIn("zhouyi", goodPassword, h.code(seed)))
	change := func(old, chosen, again string) *httptest.ResponseRecorder {
		return h.stranger(secret, "POST", "/me", url.Values{"do": {"password"}, "old": {old}, "password": {chosen}, "again": {again}})
	}
	for _, c := range []struct{ name, old, chosen, again, says string }{
		{"the old one is wrong", "wrong-Wrong-1", "Np4-glacier-Rw9", "Np4-glacier-Rw9", "现用口令不正确"},
		{"not the same twice", goodPassword, "Np4-glacier-Rw9", "Np4-glacier-Rw8", "不一致"},
		{"too short", goodPassword, "Np4-g", "Np4-g", "至少12个字符"},
		{"the one before", goodPassword, goodPassword, goodPassword, "最近用过"},
		{"one's own name", goodPassword, "Zhouyi-2026-ZHOU", "Zhouyi-2026-ZHOU", "太容易猜到"},
	} {
		w := change(c.old, c.chosen, c.again)
		if w.Code != 422 {
			t.Errorf("%s: %d", c.name, w.Code)
		}
		parse(t, w).Contains("main", c.says)
	}
	h.follow(change(goodPassword, "Np4-glacier-Rw9", "Np4-glacier-Rw9"))
	h.forward(time.Minute)
	if w := h.signIn("zhouyi", goodPassword, h.code(seed)); w.Code != 403 {
		t.Errorf("the old password still opens: %d", w.Code)
	}
	h.forward(84 * 24 * time.Hour)
	secret = cookie(h.signIn("zhouyi", "Np4-glacier-Rw9", h.code(seed)))
	parse(t, h.stranger(secret, "GET", "/me", nil)).Contains(".ask", "口令")
	h.forward(7 * 24 * time.Hour)
	w := h.signIn("zhouyi", "Np4-glacier-Rw9", h.code(seed))
	secret = cookie(w)
	if to := h.follow(w); to != "/me" {
		t.Errorf("with a password of 91 days one is led to %s", to)
	}
	if to := h.follow(h.stranger(secret, "GET", "/cockpit", nil)); to != "/me" {
		t.Errorf("before it is changed, another page leads to %s", to)
	}
	parse(t, h.stranger(secret, "GET", "/me", nil)).Contains("main", "口令已超过有效期")
	h.follow(change("Np4-glacier-Rw9", "Bz7-harbour-Qd3", "Bz7-harbour-Qd3"))
	if parse(t, h.stranger(secret, "GET", "/me", nil)).Text("main"); h.stranger(secret, "GET", "/prove", nil).Code != 200 {
		t.Error("after the change the session goes on")
	}
}

func TestWhoeverAsksForMoreProvesAgain(t *testing.T) {
	h := stand(t)
	_, seed, _ := h.newcomer("sunli", "220105197706150044", goodPassword)
	secret := cookie(h.signIn("sunli", goodPassword, h.code(seed)))
	h.forward(20 * time.Minute)
	w := h.stranger(secret, "POST", "/me", url.Values{"do": {"recovery"}})
	if to := h.follow(w); to != "/prove?to=%2F" {
		t.Errorf("new recovery codes with an old proof lead to %s", to)
	}
	parse(t, h.stranger(secret, "GET", "/prove?to=/me", nil)).Contains("main", "再次验证身份")
	if w := h.stranger(secret, "POST", "/prove", url.Values{"code": {"000000"}, "to": {"/me"}}); w.Code != 403 {
		t.Errorf("a wrong code: %d", w.Code)
	}
	w = h.stranger(secret, "POST", "/prove", url.Values{"code": {h.code(seed)}, "to": {"//elsewhere.example"}})
	if to := h.follow(w); to != "/" {
		t.Errorf("led away to %s", to)
	}
	old := secret
	if secret = cookie(w); secret == "" || secret == old {
		t.Fatal("a fresh proof gives no new session token")
	}
	for _, again := range []string{secret, old} { // the same request once more, with the new token and the one that it came with
		if w := h.stranger(again, "POST", "/prove", url.Values{"code": {h.code(seed)}, "to": {"/me"}}); w.Code != 403 || cookie(w) != "" {
			t.Errorf("a proof that is sent again: %d", w.Code)
		}
	}
	if w := h.stranger(old, "GET", "/me", nil); w.Code != 403 {
		t.Errorf("the token from before the proof: %d", w.Code)
	}
	page := parse(t, h.stranger(secret, "POST", "/me", url.Values{"do": {"recovery"}}))
	if n := len(strings.Fields(page.Text("ul.codes"))); n != 8 {
		t.Errorf("%d new recovery codes", n)
	}
	if w := h.stranger("", "GET", "/prove", nil); w.Code != 403 {
		t.Errorf("nobody proves anything: %d", w.Code)
	}
}

// TestTwoOfTheThreeNameTheThirdOnPages walks docs/accounts.md: the system administrator disables who left, and the two who remain give the role.
func TestTwoOfTheThreeNameTheThirdOnPages(t *testing.T) {
	h := stand(t)
	sys, sec, aud := h.one("services", "sysadmin"), h.one("services", "secadmin"), h.one("audit", "auditor")
	a, _, _ := h.newcomer("wugang", "220105196511200051", goodPassword)
	at := "/admin/accounts/" + string(a.ID)
	if w := h.ask(h.one("housing", "head"), "zh", "POST", at+"/office", url.Values{"do": {"appoint"}, "role": {"auditor"}, "reason": {"补缺"}}); w.Code != 403 {
		t.Errorf("a head names an auditor: %d", w.Code)
	}
	h.page(aud, at).Has("#office")
	h.follow(h.ask(sec, "zh", "POST", at+"/office", url.Values{"do": {"appoint"}, "role": {"auditor"}, "reason": {"审计管理员退休"}}))
	page := h.page(sec, at)
	page.Contains("#office", "须另一名管理员确认")
	page.Lacks("#office button[value=appoint]")
	h.page(aud, at).Has("#office button[value=withdraw]")
	if w := h.ask(sec, "zh", "POST", at+"/office", url.Values{"do": {"appoint"}, "role": {"auditor"}, "reason": {"再来"}}); w.Code != 303 || len(h.held(a.ID)) != 0 {
		t.Errorf("one of the three alone: %d, %v", w.Code, h.held(a.ID))
	}
	h.page(sys, at).Has("#office button[value=appoint]")
	h.follow(h.ask(sys, "zh", "POST", at+"/office", url.Values{"do": {"appoint"}, "role": {"auditor"}, "reason": {"同意"}}))
	h.page(sys, at).Contains("main", "审计管理员")
	if got := h.held(a.ID); len(got) != 1 || got[0] != "auditor" {
		t.Errorf("named by two: %v", got)
	}
	w := h.ask(sec, "zh", "POST", "/admin/roles/propose", url.Values{"act": {"grant"}, "for": {string(a.Person)}, "role": {"sysadmin"}, "why": {"补缺"}})
	if w.Code == 303 {
		t.Error("the security administrator proposes")
	}
	w = h.ask(h.one("government", "leader"), "zh", "POST", "/admin/roles/propose", url.Values{"act": {"grant"}, "for": {string(h.one("housing", "handler"))}, "role": {"sysadmin"}, "why": {"补缺"}})
	if page := parse(t, w); w.Code != 403 || !strings.Contains(page.Text("main"), "由三员中的两位") {
		t.Errorf("a leader proposes an administrator: %d", w.Code)
	}
	h.page(h.one("government", "leader"), "/admin/roles").Lacks("option[value=sysadmin]")
}

// held are the roles of an account now.
func (h *house) held(id name.ID) []name.Role {
	h.t.Helper()
	a, err := h.accounts.Account(h.t.Context(), id)
	h.must(err)
	return a.RolesAt(h.now.Load())
}

func TestAccountsAreManaged(t *testing.T) {
	h := stand(t)
	sys, sec := h.one("services", "sysadmin"), h.one("services", "secadmin")
	a, seed, _ := h.newcomer("wugang", "220105196511200051", goodPassword)
	secret := cookie(h.signIn("wugang", goodPassword, h.code(seed)))
	h.page(sys, "/admin/accounts?q=wugang").Contains("table", "wugang")
	h.page(sec, "/admin/accounts").Contains("h1", "账号")
	at := "/admin/accounts/" + string(a.ID)
	h.page(sys, at).Contains("main", "wugang")
	if w := h.ask(h.one("housing", "handler"), "zh", "GET", at, nil); w.Code != 403 {
		t.Errorf("a handler looks at accounts: %d", w.Code)
	}
	if w := h.ask(sec, "zh", "POST", at, url.Values{"do": {"disable"}, "reason": {"x"}}); w.Code != 403 {
		t.Errorf("the security administrator disables: %d", w.Code)
	}
	if w := h.ask(sys, "zh", "POST", at, url.Values{"do": {"disable"}}); w.Code != 422 {
		t.Errorf("disabled without a reason: %d", w.Code)
	}
	h.follow(h.ask(sys, "zh", "POST", at, url.Values{"do": {"disable"}, "reason": {"离职"}}))
	if w := h.stranger(secret, "GET", "/me", nil); w.Code != 403 {
		t.Errorf("the session of a disabled account: %d", w.Code)
	}
	h.follow(h.ask(sys, "zh", "POST", at, url.Values{"do": {"enable"}, "reason": {"复职"}}))
	if w := h.stranger(secret, "GET", "/me", nil); w.Code != 403 {
		t.Errorf("a session came back with its account: %d", w.Code)
	}
	h.forward(time.Minute)
	if cookie(h.signIn("wugang", goodPassword, h.code(seed))) == "" {
		t.Error("enabled again, the account does not open")
	}
	h.page(sys, at).Has(`button[value="reset"]`)
	h.page(sys, "/admin/accounts/"+string(must(h.accounts.Of(t.Context(), sec))[0].ID)).Lacks(`button[value="reset"]`)
	page := parse(t, h.ask(sys, "zh", "POST", at, url.Values{"do": {"reset"}, "reason": {"手机丢失"}}))
	invite := strings.TrimSpace(page.Text("code.code"))
	h.forward(time.Minute)
	if w := h.signIn("wugang", goodPassword, h.code(seed)); w.Code != 403 {
		t.Errorf("a reset account opens with what it had: %d", w.Code)
	}
	fill := func(number string) *httptest.ResponseRecorder {
		p, err := h.accounts.Pending(t.Context(), invite, "192.0.2.1:1")
		h.must(err)
		return h.stranger("", "POST", "/activate", url.Values{"invite": {invite}, "do": {"activate"}, "login": {"wugang"}, "id-number": {number}, "password": {"Np4-glacier-Rw9"}, "again": {"Np4-glacier-Rw9"}, "code": {h.code(p.Seed)}})
	}
	w := fill("220105199003070020")
	if w.Code != 422 {
		t.Errorf("somebody else takes up the invitation: %d", w.Code)
	}
	parse(t, w).Contains("main", "不一致")
	if w := fill("220105196511200051"); w.Code != 200 {
		t.Errorf("the same person: %d", w.Code)
	}
	mine := ""
	for _, x := range must(h.accounts.Of(t.Context(), name.Person(sys))) {
		mine = string(x.ID)
	}
	if w := h.ask(sys, "zh", "POST", "/admin/accounts/"+mine, url.Values{"do": {"reset"}, "reason": {"x"}}); w.Code != 422 {
		t.Errorf("an administrator resets their own account: %d", w.Code)
	}
	w = h.ask(sys, "zh", "POST", "/admin/accounts", url.Values{"person": {string(sec)}})
	if w.Code != 422 {
		t.Errorf("a second account for one person: %d", w.Code)
	}
	h.page("", "/signin").Contains("h1", "登录")
	h.page("", "/activate").Contains("h1", "激活账号")
	h.page(sys, "/me").Contains("h1", "我的账号")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestWhoeverSignsInBeginsAtTheirWork: at the page of their first role, and at the start page without one.
func TestWhoeverSignsInBeginsAtTheirWork(t *testing.T) {
	h := stand(t)
	h.rights.Know(accounts.Standing{Room: h.accounts})
	a, seed, _ := h.newcomer("lihaiyan", "220105199003070020", goodPassword)
	sec, leader := h.who(h.one("services", "secadmin")), h.who(h.one("government", "leader"))
	begins := func() string {
		h.forward(time.Minute)
		return h.follow(h.stranger("", "POST", "/signin", url.Values{"login": {"lihaiyan"}, "password": {goodPassword}, "code": {h.code(seed)}}))
	}
	if got := begins(); got != "/" {
		t.Errorf("without a role one begins at %s", got)
	}
	for _, c := range []struct {
		role name.Role
		at   string
	}{{"handler", "/desk"}, {"call-operator", "/desk/calls"}, {"issuer", "/reports"}} {
		asked, err := h.rights.Propose(t.Context(), leader, rights.Order{Act: rights.GrantAct, For: a.Person, Role: c.role, Why: "岗位需要"})
		h.must(err)
		_, err = h.rights.Approve(t.Context(), sec, asked.ID)
		h.must(err)
		if got := begins(); got != c.at {
			t.Errorf("as %s one begins at %s, want %s", c.role, got, c.at)
		}
		h.must(h.rights.Revoke(t.Context(), sec, a.Person, c.role, "调离"))
	}
	if page := h.page(h.one("services", "secadmin"), "/"); !strings.Contains(page.Text("nav.doors"), "角色") {
		t.Error("whoever grants roles has no way to them")
	}
}

// TestWhoeverWorksHereReadsWhatTheyAreTold: notices go to whoever may act next; a role that acts and has no inbox would never learn of a limit.
func TestWhoeverWorksHereReadsWhatTheyAreTold(t *testing.T) {
	h := stand(t)
	for _, row := range h.desk.Policy().Roles() {
		c := desk.Caller{Person: "p900", Unit: "office", Roles: []name.Role{row.Role}}
		acts := h.desk.Holds(c, access.MatterAct, access.Matter) || h.desk.Holds(c, access.MatterApprove, access.Matter) || h.desk.Holds(c, access.RoleReview, access.Person)
		if acts && row.Glass == 0 && !h.desk.Holds(c, access.InboxRead, access.Platform) {
			t.Errorf("%s acts on matters and reads no inbox", row.Role)
		}
	}
}

// TestAccountsAreFoundByWhoseTheyAre: by name, by unit as the directory has it now, by both, in either language, by login name as before; page after page, each account once. Only the administrators look.
func TestAccountsAreFoundByWhoseTheyAre(t *testing.T) {
	h := stand(t)
	sys, clerk := h.one("services", "sysadmin"), h.one("housing", "handler")
	who := func(asker name.Person, text string) (all []name.Person) {
		t.Helper()
		seen := map[name.ID]bool{}
		for cursor := ""; ; {
			page, next, err := h.accounts.List(t.Context(), h.who(asker), text, cursor)
			h.must(err)
			for _, a := range page {
				if seen[a.ID] || len(page) > 50 {
					t.Fatalf("%q: %s comes twice, or %d are one page", text, a.Person, len(page))
				}
				seen[a.ID] = true
				all = append(all, a.Person)
			}
			if cursor = next; cursor == "" {
				return all
			}
		}
	}
	p := h.desk.Directory().Person(clerk)
	unit := h.desk.Directory().Unit("housing")
	var housing []name.Person
	for _, x := range h.desk.Directory().Of("housing", "") {
		housing = append(housing, x.Key)
	}
	for text, want := range map[string][]name.Person{p.Words.ZH: {clerk}, strings.ToUpper(p.Words.EN): {clerk}, unit.Short.ZH: housing, unit.Words.EN: housing, unit.Short.ZH + "  " + p.Words.ZH[:3]: {clerk}, unit.Short.ZH + " 无此人": nil} {
		if got := who(sys, text); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", text, got, want)
		}
	}
	everybody := who(sys, "")
	if many := who(sys, "局"); len(many) <= 50 || len(many) >= len(everybody) {
		t.Errorf("%d of %d are of a bureau", len(many), len(everybody))
	}
	was, err := h.desk.ValidRecord(t.Context(), "erdao/person", string(clerk))
	h.must(err)
	fields := maps.Clone(was.Fields)
	fields["unit"] = "city-management"
	h.must(h.desk.PutRecord(t.Context(), h.who(h.one("office", "issuer")), desk.Put{Command: "moved", Register: "erdao/person", Fields: fields, On: h.desk.Today(), Reason: "调动"}))
	h.must(h.desk.Reload(t.Context()))
	if got := who(sys, unit.Short.ZH); slices.Contains(got, clerk) || len(got) != len(housing)-1 {
		t.Errorf("of the unit that they have left: %v", got)
	}
	for _, path := range []string{"/admin/accounts?q=" + url.QueryEscape(p.Words.ZH), "/admin/accounts/" + string(must(h.accounts.Of(t.Context(), clerk))[0].ID)} {
		if text := h.page(sys, path).Text("main"); !strings.Contains(text, "城") || strings.Contains(text, unit.Short.ZH) {
			t.Errorf("%s shows the unit that they have left: %s", path, text)
		}
	}
	inv, err := h.accounts.Invite(t.Context(), h.who(sys), accounts.Invitation{Unit: "housing", Reason: "借调"})
	h.must(err)
	if got := who(sys, unit.Short.ZH); !slices.Contains(got, inv.Account.Person) {
		t.Errorf("who is not in the directory is not found by the unit: %v", got)
	}
	h.page(sys, "/admin/accounts?q="+url.QueryEscape(p.Words.ZH)).Contains("table", p.Words.ZH)
	if _, _, err := h.accounts.List(t.Context(), h.who(h.one("housing", "head")), p.Words.ZH, ""); fault.KindOf(err) != fault.ErrDenied {
		t.Errorf("a head looks for accounts: %v", err)
	}
}
