package web

import (
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/ground/name"
)

// A unit's sheet tells everybody how many matters stand behind a score, and names those only that its reader may read.
func TestASheetNamesNoMatterThatItsReaderMayNotRead(t *testing.T) {
	h := stand(t)
	const title = "改造万和小区供水管网"
	done, err := h.desk.Start(t.Context(), h.who(h.one("office", "issuer")), desk.Do{Kind: "promise/promise", With: map[string]string{"title": title, "unit": "housing", "due": "2023-10-20"}})
	h.must(err)
	h.forward(25 * 24 * time.Hour)
	const sheet = "/assessment/2023-10/units/housing"
	if body := h.ask(h.one("housing", "head"), "zh", "GET", sheet, nil).Body.String(); !strings.Contains(body, title) || strings.Contains(body, "不在您的查看范围内") {
		t.Error("the head does not see what stands behind the score")
	}
	for _, p := range []struct {
		unit name.Unit
		role name.Role
	}{{"education", "handler"}, {"office", "publisher"}} {
		w := h.ask(h.one(p.unit, p.role), "zh", "GET", sheet, nil)
		body := w.Body.String()
		if w.Code != 200 || strings.Contains(body, title) || strings.Contains(body, string(done.Matter)) {
			t.Errorf("%s of %s: status %d, or the matter is named", p.role, p.unit, w.Code)
		}
		if !strings.Contains(body, "条计入得分，不在您的查看范围内") {
			t.Errorf("%s of %s is not told that there are more", p.role, p.unit)
		}
	}
}
