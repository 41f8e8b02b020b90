package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"bihuan/desk/doors"
	"bihuan/desk/keys"
)

// The administrator issues a key, which is shown this once; it opens its doors, its last use is seen, and it ends with a reason.
func TestAnAdministratorKeepsTheKeys(t *testing.T) {
	h := stand(t)
	admin := h.one("services", "sysadmin")
	h.page(admin, "/admin/keys").Contains("main", "还没有发过密钥")
	if w := h.ask(h.one("office", "issuer"), "zh", "GET", "/admin/keys", nil); w.Code != http.StatusForbidden {
		t.Errorf("who manages no accounts is answered %d", w.Code)
	}
	for want, form := range map[string]url.Values{"写明密钥发给谁": {"for": {"sensors"}}, "请选择密钥": {"name": {"井盖监测平台"}}} {
		if w := h.ask(admin, "zh", "POST", "/admin/keys", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%v: %d without %s", form, w.Code, want)
		}
	}
	for _, days := range []string{"0", "-5", "366", "x", "99999999999999999999"} {
		if w := h.ask(admin, "zh", "POST", "/admin/keys", url.Values{"name": {"井盖监测平台"}, "for": {"sensors"}, "days": {days}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "1到365天") {
			t.Errorf("%s days: %d", days, w.Code)
		}
	}
	w := h.ask(admin, "zh", "POST", "/admin/keys", url.Values{"name": {"井盖监测平台"}, "for": {"sensors"}, "days": {"20"}})
	secret := regexp.MustCompile(`bhk_[0-9a-z]{32}`).FindString(w.Body.String())
	if w.Code != 200 || secret == "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("issuing answers %d, %q, %s", w.Code, secret, w.Header().Get("Cache-Control"))
	}
	parse(t, w)
	page := h.page(admin, "/admin/keys")
	if strings.Contains(page.Text("body"), secret) {
		t.Error("the secret is shown a second time")
	}
	page.Contains("tbody", "本次启动以来没有")
	page.Contains("tbody", "用到2023年11月5日")
	page.Contains("tbody", "该换了") // within a month
	if _, err := h.keys.Check(t.Context(), secret, doors.Sensors); err != nil {
		t.Fatalf("the key does not open: %v", err)
	}
	page = h.page(admin, "/admin/keys")
	page.Contains("tbody", "2023年10月16日 09:00")
	at := page.First(`form[action^="/admin/keys/"]`).Attr("action")
	if w := h.ask(admin, "zh", "POST", at, url.Values{"reason": {" "}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without a reason it ends with %d", w.Code)
	}
	to := h.follow(h.ask(admin, "zh", "POST", at, url.Values{"reason": {"合同到期"}}))
	page = h.page(admin, to)
	page.Contains(".done", "井盖监测平台")
	page.Contains("tbody", "合同到期")
	if _, err := h.keys.Check(t.Context(), secret, doors.Sensors); err == nil {
		t.Error("a revoked key still opens")
	}
}

// TestTheHousesOwnSecretsAreShown: the system administrator sees of each key and secret how long it is in use, what is due and how it is changed, in both
// languages; nobody else sees the page, and without them it is as before.
func TestTheHousesOwnSecretsAreShown(t *testing.T) {
	h := stand(t)
	admin := h.one("services", "sysadmin")
	if len(h.page(admin, "/admin/keys").All("#h-held")) != 0 {
		t.Error("a house that says nothing of its secrets shows them")
	}
	const day = int64(24 * time.Hour / time.Microsecond)
	now := h.desk.Now()
	var all []keys.Held
	for what := range keys.Spans {
		all = append(all, keys.Since(what, "", now))
	}
	all = append(all, keys.Since("mail", "", now-340*day), keys.Since("sms", "", now-400*day), keys.Held{What: "provider", Name: "province", Why: "open /etc/x: no such file"},
		keys.Held{What: keys.Certificate, Since: now, Ends: now + 90*day})
	h.config.Held = func() ([]keys.Held, int64, error) { return all, now, nil }
	var err error
	h.pages, err = New(h.config)
	h.must(err)
	for lang, want := range map[string][]string{"zh": {"该换了", "已超期", "读不到", "province", "bihuan keys rotate", "2024年1月14日"}, "en": {"Change it", "Overdue", "Cannot be read", "province", "no restart is needed"}} {
		w := h.ask(admin, lang, "GET", "/admin/keys", nil)
		page := parse(t, w)
		text := page.Text(`section[aria-labelledby="h-held"]`)
		for _, s := range want {
			if !strings.Contains(text, s) {
				t.Errorf("%s: %q is missing in %s", lang, s, text)
			}
		}
		if strings.Contains(w.Body.String(), "/etc/x") || strings.Contains(text, "held.") {
			t.Errorf("%s: %s", lang, text)
		}
		if n := len(page.All(`section[aria-labelledby="h-held"] tbody tr`)); n != len(all) {
			t.Errorf("%s: %d rows of %d", lang, n, len(all))
		}
	}
	if w := h.ask(h.one("services", "secadmin"), "zh", "GET", "/admin/keys", nil); w.Code != http.StatusForbidden {
		t.Errorf("another administrator is answered %d", w.Code)
	}
}
