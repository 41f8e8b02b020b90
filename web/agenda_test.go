package web

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/emersion/go-ical"

	"bihuan/desk"
)

// TestACalendarProgramSubscribes: the worklist leads to the page, the page gives an address, and another program's library
// reads the person's deadlines behind it without a session; a new address ends the old one.
func TestACalendarProgramSubscribes(t *testing.T) {
	h := stand(t)
	office, head := h.one("office", "issuer"), h.one("housing", "head")
	if _, err := h.desk.Start(t.Context(), h.who(office), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造10个小区；含雨污分流", "unit": "housing", "due": "2023-12-31"}}); err != nil {
		t.Fatal(err)
	}
	h.page(head, "/desk").Has("a[href='/desk/calendar']")
	h.page(head, "/desk/calendar").Contains("ul", "改造10个小区")
	address := func() string {
		t.Helper()
		w := h.ask(head, "zh", "POST", "/desk/calendar", url.Values{"do": {"renew"}})
		_, rest, ok := strings.Cut(w.Body.String(), "/calendar/")
		secret, _, ok2 := strings.Cut(rest, ".ics")
		if w.Code != 200 || !ok || !ok2 || w.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("no address: status %d", w.Code)
		}
		return "/calendar/" + secret + ".ics"
	}
	get := func(path string) *httptest.ResponseRecorder { return h.ask("", "zh", "GET", path, nil) }
	first := address()
	w := get(first)
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("status %d, %s", w.Code, w.Header().Get("Content-Type"))
	}
	body := w.Body.String()
	cal, err := ical.NewDecoder(strings.NewReader(body)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range cal.Events() {
		title, err := e.Props.Text("SUMMARY")
		if err != nil {
			t.Error(err)
		}
		found = found || strings.Contains(title, "改造10个小区；含雨污分流") && e.Props.Get("DTSTART").Value == "20231231" && strings.Contains(e.Props.Get("URL").Value, "/matters/")
	}
	if !found {
		t.Errorf("the deadline is not in the calendar:\n%s", body)
	}
	if again := get(first); again.Body.String() != body || again.Header().Get("ETag") != w.Header().Get("ETag") {
		t.Error("asked again it is another one")
	}
	second := address()
	if get(first).Code != 404 || get(second).Code != 200 || get("/calendar/x.ics").Code != 404 || get(strings.TrimSuffix(second, ".ics")).Code != 404 {
		t.Error("an old, wrong or cut address is answered, or the new one is not")
	}
	if w := h.ask(head, "zh", "POST", "/desk/calendar", url.Values{"do": {"end"}}); w.Code != 303 || get(second).Code != 404 {
		t.Errorf("ended: %d", w.Code)
	}
	third := address()
	account, err := h.accounts.ByPerson(t.Context(), head)
	h.must(err)
	sys := h.who(h.one("services", "sysadmin"))
	h.must(h.accounts.Disable(t.Context(), sys, account.ID, "离职"))
	if got := get(third).Code; got != 404 {
		t.Errorf("the calendar of a disabled account: %d", got)
	}
	if h.ask("", "zh", "GET", "/desk/calendar", nil).Code == 200 {
		t.Error("nobody sees the page")
	}
}
