package web

import (
	"net/url"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/codelist"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// reports has a resident report something with a name and a telephone, and returns the receipt's address.
func (b *browser) reports(text string) string {
	b.h.t.Helper()
	w := b.ask("POST", "/report", url.Values(b.h.report("service", "E06002", "text", text, "name", "周桂芳", "phone", "13977712345")))
	b.is(w, 303, "")
	receipt, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	return receipt
}

// TestBar_A09_AResidentClosesTheirAccount: all of it, at the page. Nothing that stood beside the log is left, no session lives, the same number is somebody new who sees nothing, and the receipt opens
// the matter as before; what was asked on the way stands there.
func TestBar_A09_AResidentClosesTheirAccount(t *testing.T) {
	h, mail, _, _ := enterable(t)
	const number = "13800000031"
	me := h.resident(mail, number)
	receipt := me.reports("门前路灯不亮，晚上看不清路")
	who := person(me.ask("GET", "/me/firms", nil))
	h.now.Add(61 * 1_000_000)
	elsewhere := h.resident(mail, number)
	parse(t, me.ask("GET", "/me", nil)).Has(`a[href="/me/close"]`)
	page := parse(t, me.ask("GET", "/me/close", nil))
	page.Contains("main", strings.TrimPrefix(receipt, "/receipts/"))
	page.Has(`input[name="erase"]`)
	form := url.Values(page.Fields(`form[action="/me/close"]`))
	form.Del("sure")
	form.Del("erase")
	if w := me.ask("POST", "/me/close", form); w.Code != 422 || !strings.Contains(textOf(w), "请先勾选确认") {
		t.Errorf("without a word of confirmation: %d", w.Code)
	}
	form.Set("sure", "yes")
	form.Set("erase", "yes")
	w := me.ask("POST", "/me/close", form)
	me.is(w, 200, "")
	done := parse(t, w)
	done.Contains("h1", "账号已注销")
	done.Contains("main", strings.TrimPrefix(receipt, "/receipts/"))
	done.Contains("main", "已登记的删除申请")
	if w.Header().Get("Clear-Site-Data") == "" || me.jar[plainCookie] != "" {
		t.Error("the browser keeps something of it")
	}
	for _, b := range []*browser{me, elsewhere} {
		if w := b.ask("GET", "/me", nil); w.Code != 403 {
			t.Errorf("a session goes on: %d", w.Code)
		}
	}
	all, err := h.accounts.Of(t.Context(), name.Person(who))
	h.must(err)
	if len(all) != 1 || all[0].State != account.Closed {
		t.Fatalf("%+v", all)
	}
	if left, err := h.store.Credentials(t.Context(), h.desk.District(), all[0].ID, ""); err != nil || len(left) != 0 {
		t.Errorf("left beside the log: %d, %v", len(left), err)
	}
	h.browser().is(h.browser().ask("GET", receipt, nil), 200, "")
	parse(t, h.browser().ask("GET", receipt+"/data", nil)).Contains("main", "删除")
	h.now.Add(61 * 1_000_000)
	again := h.resident(mail, number)
	if now := person(again.ask("GET", "/me/firms", nil)); now == who || now == "" {
		t.Errorf("the same number is %q again, was %q", now, who)
	}
	for _, path := range []string{"/me/matters", "/me/data", "/me/close"} {
		parse(t, again.ask("GET", path, nil)).Lacks(`a[href^="/receipts/"]`)
	}
	again.is(again.ask("POST", "/me/matters", url.Values{"receipt": {strings.TrimPrefix(receipt, "/receipts/")}}), 303, "/me/matters")
	parse(t, again.ask("GET", "/me/matters", nil)).Has(`a[href="` + receipt + `"]`)
	admin := h.signedIn(h.sysadmin())
	seen := parse(t, admin.ask("GET", "/admin/accounts/"+string(all[0].ID), nil))
	seen.Contains("main", "已由本人注销")
	seen.Lacks(`button[value="enable"]`)
	seen.Lacks(`button[value="reset"]`)
	if w := admin.ask("POST", "/admin/accounts/"+string(all[0].ID), url.Values{"do": {"enable"}, "reason": {"x"}}); w.Code != 422 {
		t.Errorf("enabled again: %d", w.Code)
	}
}

// TestClosingAsksForAFreshProof: who finds a session that is open for some time closes nothing; its person signs in once more, since a number is all they have.
func TestClosingAsksForAFreshProof(t *testing.T) {
	h, mail, _, _ := enterable(t)
	me := h.resident(mail, "13800000032")
	form := url.Values(parse(t, me.ask("GET", "/me/close", nil)).Fields(`form[action="/me/close"]`))
	form.Set("sure", "yes")
	h.now.Add(10 * 60 * 1_000_000)
	me.is(me.ask("GET", "/me", nil), 200, "")
	h.now.Add(6 * 60 * 1_000_000)
	page := parse(t, me.ask("GET", "/me/close", nil))
	page.Lacks(`form[action="/me/close"]`)
	page.Has(`a[href="/prove?to=/me/close"]`)
	if w := me.ask("POST", "/me/close", form); w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/prove") {
		t.Errorf("closed without one: %d %s", w.Code, w.Header().Get("Location"))
	}
	prove := parse(t, me.ask("GET", "/prove?to=/me/close", nil))
	prove.Has(`a[href="/signin/other?to=%2fme%2fclose"]`)
	prove.Lacks(`form[action="/prove"]`)
}

// TestStaffDoNotCloseTheirs: they are told who does.
func TestStaffDoNotCloseTheirs(t *testing.T) {
	h, _, _, _ := enterable(t)
	li := h.signedIn(h.one("housing", "handler"))
	page := parse(t, li.ask("GET", "/me/close", nil))
	page.Contains("main", "系统管理员停用账号")
	page.Lacks(`form[action="/me/close"]`)
	if w := li.ask("POST", "/me/close", url.Values{"sure": {"yes"}}); w.Code != 422 {
		t.Errorf("closed: %d", w.Code)
	}
	parse(t, li.ask("GET", "/me", nil)).Contains("main", "不由本人注销")
	parse(t, h.signedIn(h.sysadmin()).ask("GET", "/prove?to=/me", nil)).Has(`form[action="/prove"]`)
	h.browser().is(h.browser().ask("GET", "/me/close", nil), 403, "")
}

// TestAFirmIsNotLeftAlone: an agent's mandates end with the account; a representative stays while agents act or matters are under way, and then leaves the firm to nobody.
func TestAFirmIsNotLeftAlone(t *testing.T) {
	h, mail, _, _ := enterable(t)
	ctx := t.Context()
	boss, agent := h.resident(mail, "13800000033"), h.resident(mail, "13800000034")
	who := func(b *browser) name.Person { return name.Person(person(b.ask("GET", "/me/firms", nil))) }
	const code = "91350100M000100Y43" // an example of GB 32100-2015, Annex A
	firms := h.config.Firms
	h.must(firms.Ask(ctx, h.who(h.sysadmin()), account.FirmChange{Code: codelist.CreditCode(code), Name: "某某商贸有限公司", Person: who(boss)}, "已看营业执照和身份证"))
	f, err := firms.Firm(ctx, code)
	h.must(err)
	h.must(firms.Confirm(ctx, h.who(h.one("services", "secadmin")), code, f.Asked.At))
	until := h.now.Load() + 30*24*3600*1_000_000
	give := func(to *browser) {
		h.must(firms.Give(ctx, desk.Caller{Person: who(boss)}, code, account.FirmChange{Person: who(to), Kinds: firms.Kinds()[:1], Until: until}, "代办"))
	}
	give(agent)
	close := func(b *browser) (int, string) {
		w := b.ask("POST", "/me/close", url.Values{"sure": {"yes"}})
		return w.Code, textOf(w)
	}
	page := parse(t, boss.ask("GET", "/me/close", nil))
	page.Contains("main", "还有经办人持有效委托")
	page.Lacks(`form[action="/me/close"]`)
	if status, says := close(boss); status != 422 || !strings.Contains(says, "还有经办人持有效委托") {
		t.Fatalf("with an agent: %d %s", status, says)
	}
	agent.is(agent.ask("POST", "/me/firms", url.Values{"code": {code}}), 303, "/me/firms")
	services, err := doors.New(h.desk).Services(ctx, doors.People)
	h.must(err)
	form := url.Values(parse(t, agent.ask("GET", "/report", nil)).Fields(`form[action="/report"]`))
	for key, v := range map[string]string{"text": "门前路灯不亮，晚上看不清路", "service": services[0].Code, "door": services[0].Door.Key, "seen": "yes", "address": "吉林大路1号门前", "name": "周桂芳", "phone": "13977712345"} {
		form.Set(key, v)
	}
	agent.is(agent.ask("POST", "/report", form), 303, "")
	page = parse(t, agent.ask("GET", "/me/close", nil))
	page.Contains("main", "某某商贸有限公司")
	page.Lacks(`input[name="erase"]`) // what is held in the firm's matter is not the agent's to have erased
	served := who(agent)
	if status, says := close(agent); status != 200 {
		t.Fatalf("an agent: %d %s", status, says)
	}
	f, err = firms.Firm(ctx, code)
	h.must(err)
	if m := f.Mandates[0]; m.Ended == 0 || m.EndedBy != served {
		t.Errorf("the mandate goes on: %+v", m)
	}
	if status, says := close(boss); status != 422 || !strings.Contains(says, "企业还有事项在办") {
		t.Fatalf("with a matter under way: %d %s", status, says)
	}
	h.must(firms.Ask(ctx, h.who(h.sysadmin()), account.FirmChange{Code: codelist.CreditCode(code), Name: "某某商贸有限公司", Person: who(h.resident(mail, "13800000035"))}, "已看营业执照和身份证"))
	f, err = firms.Firm(ctx, code)
	h.must(err)
	h.must(firms.Confirm(ctx, h.who(h.one("services", "secadmin")), code, f.Asked.At))
	if status, says := close(boss); status != 200 {
		t.Fatalf("once another represents the firm: %d %s", status, says)
	}
}

// TestAClosingThatWasCutOffIsEnded: between the log and what stands beside it the process may die. Nobody signs in by what is left, whose number it is comes in as somebody new, and the scheduler takes the rest away.
func TestAClosingThatWasCutOffIsEnded(t *testing.T) {
	h, mail, _, _ := enterable(t)
	ctx, log := t.Context(), h.desk.District()
	cut := func(number string) (account.Account, string) {
		b := h.resident(mail, number)
		all, err := h.accounts.Of(ctx, name.Person(person(b.ask("GET", "/me/firms", nil))))
		h.must(err)
		kept, err := h.store.Credentials(ctx, log, all[0].ID, "")
		h.must(err)
		v, err := h.accounts.Visit(ctx, b.jar[plainCookie], "zh")
		h.must(err)
		h.must(h.accounts.Leave(ctx, v))
		for _, c := range kept {
			h.must(h.store.PutCredential(ctx, log, c))
		}
		return all[0], person(b.ask("GET", "/me/firms", nil))
	}
	first, _ := cut("13800000036")
	second, _ := cut("13800000037")
	h.now.Add(61 * 1_000_000)
	if again := person(h.resident(mail, "13800000036").ask("GET", "/me/firms", nil)); again == string(first.Person) || again == "" {
		t.Errorf("the number is %q again", again)
	}
	h.must(h.accounts.Retire(ctx))
	for _, a := range []account.Account{first, second} {
		if left, err := h.store.Credentials(ctx, log, a.ID, ""); err != nil || len(left) != 0 {
			t.Errorf("%s: %d left, %v", a.Person, len(left), err)
		}
	}
}
