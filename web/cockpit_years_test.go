package web

import (
	"strings"
	"testing"

	"bihuan/desk/reports"
)

// TestEveryYearThatHasGoalsCanBeTurnedTo: somebody reads in the report of a year that is not near today, publishes it, and finds its goals by the
// filter of each page over them. Years without goals are not offered, but this one.
func TestEveryYearThatHasGoalsCanBeTurnedTo(t *testing.T) {
	h := stand(t)
	issuer := h.one("office", "issuer")
	rep, err := h.reports.Import(t.Context(), h.who(issuer), reports.Upload{Text: "二道区2031年政府工作报告\n2031年工作安排\n今年，新建口袋公园13个。"})
	h.must(err)
	_, err = h.reports.Publish(t.Context(), h.who(issuer), rep.ID, reports.Publication{Drafts: []string{rep.Drafts[0].ID}})
	h.must(err)
	for _, path := range []string{"/cockpit", "/cockpit/wall", "/cockpit?year=2031"} {
		var years []string
		page := h.page(issuer, path)
		for _, o := range page.All("select[name=year] option") {
			years = append(years, o.Text())
		}
		if got := strings.Join(years, " "); got != "2031 2023" {
			t.Errorf("%s offers the years %s", path, got)
		}
	}
	h.page(issuer, "/cockpit?year=2031").Contains("select[name=year] option[selected]", "2031")
}

// TestAYearWithoutGoalsSaysSo: a new district's leader is told that nothing is published yet, and whoever may begins from there.
func TestAYearWithoutGoalsSaysSo(t *testing.T) {
	h := stand(t)
	leader, office := h.one("government", "leader"), h.one("office", "issuer")
	page := h.page(leader, "/cockpit?year=2031")
	page.Contains("main", "2031年还没有发布目标")
	page.Lacks(".groups")
	page.Lacks(`a[href="/reports/new"]`)
	for _, path := range []string{"/cockpit", "/cockpit/wall", "/goals"} {
		page := h.page(office, path+"?year=2031")
		page.Contains("main", "2031年还没有发布目标")
		page.Has(`main a[href="/reports/new"]`)
		page.Lacks("table.wall")
		page = h.page(office, path+"?year=2031&light=red")
		page.Contains("main", "没有符合条件的目标")
		page.Has(`main a[href="` + path + `?year=2031"]`)
	}
	readAndPublish(h)
	h.page(leader, "/cockpit").Has(".groups")
}
