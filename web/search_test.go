package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
)

// works files sites of works for units in turn.
func (h *house) works(n int, title string, units ...name.Unit) {
	h.t.Helper()
	office := h.who(h.one("office", "issuer"))
	for i := range n {
		_, err := h.desk.Start(h.t.Context(), office, desk.Do{Kind: "works/site", Act: "file", With: map[string]string{"title": fmt.Sprintf(title, i+1), "category": "old-estate",
			"unit": string(units[i%len(units)]), "due": "2023-11-20", "size": "1", "begin": "2023-10-20", "area": h.desk.Directory().Streets[0].Code}})
		h.must(err)
	}
}

func TestSearchPage(t *testing.T) {
	h := stand(t)
	h.works(25, "和顺%d号泵房改造", "housing", "education")
	office, handler := h.one("office", "issuer"), h.one("housing", "handler")
	p := h.page(office, "/search?q=泵房")
	p.Count(".finds > li", 20)
	p.Count(".finds mark", 20)
	p.Contains("[role=status]", "25")
	p.Contains(".finds .badge-light", "正常") // as on the desk
	h.page(office, p.Link("下一页")).Count(".finds > li", 5)
	h.page(handler, "/search?q=泵房").Contains("[role=status]", "13")
	h.page(office, "/search?q=泵房&kind=works&unit=education&open=yes&from=2023-10-01&to=2023-10-31&order=newest").Contains("[role=status]", "12")
	h.page(office, "/search?q=泵房&kind=works/site&state=accepted").Lacks(".finds")
	h.page(office, "/search?q=泵房&kind=nothing").Lacks(".finds")
	h.page(office, "/search?from=2023-10-16&to=2023-10-16").Count(".finds > li", 20)
	h.page(office, "/search").Lacks(".finds")
	first := h.page(office, "/desk")
	first.Has("form.top-find input[name=q]")
	h.page("", "/promises").Lacks("form.top-find")
	w := h.ask(office, "zh", "GET", "/search?q=泵", nil)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "至少两个") {
		t.Errorf("one character: %d", w.Code)
	}
	if w := h.ask(office, "zh", "GET", "/search?q=泵房&cursor=zzz", nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a wrong cursor: %d", w.Code)
	}
}

func TestAnybodySearchesWhatIsPublic(t *testing.T) {
	h := stand(t)
	form := h.report("service", "E06002")
	h.follow(h.ask("", "zh", "POST", "/report", form))
	p := h.page("", "/search?q=路灯")
	p.Count(".finds > li", 1)
	p.Lacks(".finds a")
	h.page("", "/search?q=周桂芳").Lacks(".finds")
	h.page("", "/open/matters?q=东盛大街").Has(".promises")
	h.page("", "/open/matters?q=周桂芳").Lacks(".promises")
}

// TestThePageOfTopicsShowsThemWhenTheyAreThere: what is being worked out is said to be, and asked for again by the page itself.
func TestThePageOfTopicsShowsThemWhenTheyAreThere(t *testing.T) {
	h := stand(t)
	h.search.Small = -1
	h.works(8, "和顺%d号泵房爆管", "housing")
	office := h.one("office", "issuer")
	const page = "/topics?days=7"
	for _, c := range []struct {
		refresh string
		status  int // elements that say it is being worked out
	}{{"3", 1}, {"", 0}} {
		if got := h.ask(office, "zh", "GET", page, nil).Header().Get("Refresh"); got != c.refresh {
			t.Errorf("the page is asked for again in %q s, want %q", got, c.refresh)
		}
		h.page(office, page).Count("main [role=status]", c.status)
		h.page(office, page).Count("main h2", 2-2*c.status)
		if err := h.search.Renew(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	h.page(office, "/search").Count(".finds", 0) // which waits for nothing either
}

func TestTopicsLeadToTheirMatters(t *testing.T) {
	h := stand(t)
	h.works(3, "荣光%d号路灯", "housing")
	h.now.Add(40 * 86400_000_000)
	h.works(2, "荣光%d号路灯", "housing")
	h.works(8, "和顺%d号泵房爆管", "housing")
	office := h.one("office", "issuer")
	p := h.page(office, "/topics?days=30")
	p.Contains(".topics", "泵房爆管")
	var to string
	for _, a := range p.All(".topics a") {
		if a.Text() == "泵房爆管" || strings.Contains(a.Text(), "泵房爆管") {
			to = a.Attr("href")
			break
		}
	}
	h.page(office, to).Contains("[role=status]", "8")
	if w := h.ask("", "zh", "GET", "/topics", nil); w.Code != http.StatusForbidden {
		t.Errorf("topics for anybody: %d", w.Code)
	}
	h.page(office, "/search").Has(".chips a")
}
