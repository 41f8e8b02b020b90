package web

import (
	"net/url"
	"strings"
	"testing"

	"bihuan/ground/name"
)

// TestTheSecurityLogIsShown has somebody do what they may not, thirty times, and looks at the page as everybody who may see it, and may not.
func TestTheSecurityLogIsShown(t *testing.T) {
	h := stand(t)
	handler := h.one("housing", "handler")
	for range 30 {
		h.ask(handler, "zh", "GET", "/admin/keys", nil)
	}
	h.ask(handler, "zh", "POST", "/admin/accounts", url.Values{"name": {"13912345678 canary"}})
	for _, who := range []name.Person{h.one("services", "secadmin"), h.one("audit", "auditor")} {
		page := h.page(who, "/security?kind=denied&person="+string(handler))
		page.Contains("tbody", "GET /admin/keys")
		page.Contains("tbody .num", "30")
		page.Lacks("tbody td small.block") // all in one minute: no range of it
		h.page(who, "/security?kind=denied&from=2033-01-01").Contains(".empty", "没有符合条件")
		if w := h.ask(who, "en", "GET", "/security?from=yesterday", nil); w.Code != 422 {
			t.Errorf("a day that is none: %d", w.Code)
		}
		if body := h.ask(who, "en", "GET", "/security", nil).Body.String(); strings.Contains(body, "13912345678") || strings.Contains(body, "canary") || !strings.Contains(body, "Denied") {
			t.Error("what somebody typed stands in the security log, or the page is not in English")
		}
	}
	for _, who := range []name.Person{handler, h.one("services", "sysadmin"), ""} {
		if w := h.ask(who, "zh", "GET", "/security", nil); w.Code != 403 {
			t.Errorf("%q sees the security log: %d", who, w.Code)
		}
	}
}
