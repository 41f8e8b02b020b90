package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
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

// TestAlikeLinesAreFolded: only lines next to each other, of one kind, cause, network, page and day.
func TestAlikeLinesAreFolded(t *testing.T) {
	line := func(seq int64, code, where string, day int64) journal.SecurityLine {
		return journal.SecurityLine{Seq: seq, Kind: "account", Code: code, Where: where, From: day * 86_400_000_000}
	}
	v := &securityView{Lines: []journal.SecurityLine{line(7, "account.activated", "", 2), line(6, "account.activated", "", 1), line(5, "account.activated", "", 1),
		line(4, "account.locked", "", 1), line(3, "account.activated", "", 1), line(2, "account.activated", "GET /me", 1), line(1, "account.activated", "", 1)}}
	var lengths []int
	for _, f := range v.Folded() {
		lengths = append(lengths, len(f))
	}
	if !slices.Equal(lengths, []int{1, 2, 1, 1, 1, 1}) {
		t.Errorf("folded are %v", lengths)
	}
}
