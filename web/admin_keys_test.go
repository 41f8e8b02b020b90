package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"bihuan/desk/doors"
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
