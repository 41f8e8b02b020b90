//go:build long

package web

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"bihuan/desk/cockpit"
	"bihuan/desk/goals"
)

// TestANumberLeadsToWhatItCounts: whoever follows a number on the cockpit, the map, a board, a chart or the hot topics comes to a page that says the
// same number.
func TestANumberLeadsToWhatItCounts(t *testing.T) {
	h := standDemo(t)
	leader, followed := h.one("government", "leader"), 0
	for _, path := range []string{"/cockpit", "/cockpit/map", "/boards", "/topics", "/packs/works/chart", "/packs/urban/chart", "/map"} {
		w := h.ask(leader, "zh", "GET", path, nil)
		if to := w.Header().Get("Location"); to != "" {
			w = h.ask(leader, "zh", "GET", to, nil)
		}
		for _, a := range parse(t, w).All("main a") {
			number, to := strings.TrimSpace(a.Text()), a.Attr("href")
			if !allDigits.MatchString(number) || !strings.HasPrefix(to, "/") {
				continue
			}
			followed++
			list := h.page(leader, to)
			page := list.Text("main")
			if rows := len(list.All("main tbody tr")); strings.HasPrefix(to, "/desk?") && rows <= 50 && strconv.Itoa(rows) != number {
				t.Errorf("%s leads from %s to %s, which lists %d", path, number, to, rows)
			}
			if !regexp.MustCompile(`(?:^|[^0-9.])` + number + `(?:[^0-9.]|$)`).MatchString(page) {
				t.Errorf("%s leads from %s to %s, which says no %s", path, number, to, number)
			}
		}
	}
	if followed < 100 {
		t.Errorf("only %d numbers were followed", followed)
	}
}

var allDigits = regexp.MustCompile(`^[0-9]+$`)

// TestABriefSaysHowManyFallDue: it lists the nearest and says how many there are, as the desk counts them.
func TestABriefSaysHowManyFallDue(t *testing.T) {
	h := standDemo(t)
	leader := h.one("government", "leader")
	b, err := cockpit.New(h.desk, goals.New(h.desk, h.store)).Brief(t.Context(), h.who(leader), 1)
	h.must(err)
	if int(b.Next) <= len(b.Soon) || len(b.Soon) == 0 {
		t.Fatalf("%d of %d fall due: nothing is examined", len(b.Soon), b.Next)
	}
	page := h.page(leader, "/cockpit/brief").Text("article")
	for _, want := range []string{"七天内到期" + strconv.Itoa(int(b.Next)+len(b.Due)) + "件", "列最近的" + strconv.Itoa(len(b.Soon)+len(b.Due)) + "件"} {
		if !strings.Contains(page, want) {
			t.Errorf("the brief lacks %q", want)
		}
	}
}
