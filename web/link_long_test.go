//go:build long

package web

import (
	"context"
	"strings"
	"testing"

	"bihuan/desk/firms"
	"bihuan/ground/name"
)

// No link of the frame, of the packs or of somebody's rights leads whoever sees it to a refusal.
func TestNoLinkLeadsToARefusal(t *testing.T) {
	h := stand(t)
	h.config.Firms = firms.New(h.desk, h.store, func(context.Context, name.Person) error { return nil }) // a page that administrators are led to
	var err error
	h.pages, err = New(h.config)
	h.must(err)
	followed := 0
	for _, p := range []name.Person{
		"", h.one("government", "leader"), h.one("office", "publisher"), h.one("services", "sysadmin"), h.one("services", "secadmin"), h.one("audit", "auditor"),
		h.one("statistics", "statistician"), h.one("housing", "handler"), h.one("quanyan-one", "grid-worker"),
	} {
		asked := map[string]bool{}
		for _, path := range []string{"/", "/packs", "/packs/promise/list", "/packs/urban/chart", "/packs/urban/mechanism", "/packs/cn/list", "/boards"} {
			w := h.ask(p, "zh", "GET", path, nil)
			if to := w.Header().Get("Location"); to != "" {
				w = h.ask(p, "zh", "GET", to, nil)
			}
			if w.Code != 200 {
				continue // not for this person
			}
			for _, to := range parse(t, w).Links() {
				to, _, _ = strings.Cut(to, "#")
				if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "/api/") || asked[to] {
					continue
				}
				asked[to] = true
				followed++
				if w := h.ask(p, "zh", "GET", to, nil); w.Code >= 400 {
					t.Errorf("%s links %q to %s, which answers %d", path, p, to, w.Code)
				}
			}
		}
	}
	if followed < 200 {
		t.Errorf("only %d links were followed", followed)
	}
}

// A goal counts matters that not everybody who reads the goal may read: those are named without a link.
func TestAGoalLinksNoMatterThatItsReaderMayNotRead(t *testing.T) {
	h := standDemo(t)
	for _, list := range []struct{ behind, row string }{{"", ".matters li"}, {"/rows", "tr[data-row] th"}} {
		shut, led := 0, 0
		for _, p := range []name.Person{h.one("office", "publisher"), h.one("statistics", "statistician"), h.one("education", "handler"), h.one("government", "leader")} {
			for _, to := range h.page(p, "/goals").Links() {
				if !strings.HasPrefix(to, "/goals/220105-") || strings.Count(to, "/") != 2 {
					continue
				}
				page := parse(t, h.ask(p, "zh", "GET", to+list.behind, nil))
				shut += len(page.All(list.row)) - len(page.All(list.row+" a"))
				for _, at := range page.Links() {
					if !strings.HasPrefix(at, "/matters/") {
						continue
					}
					if led++; h.ask(p, "zh", "GET", at, nil).Code != 200 {
						t.Fatalf("%s is led from %s to %s", p, to+list.behind, at)
					}
				}
			}
		}
		if shut == 0 || led == 0 {
			t.Errorf("no page of a goal%s names a matter that its reader may not read: nothing was examined", list.behind)
		}
	}
}
