package web

import (
	"strings"
	"testing"
)

// TestTheFileOfAListHoldsWhatTheListShows follows the links below a list that was narrowed: the file has the goals that stand there, and no more.
func TestTheFileOfAListHoldsWhatTheListShows(t *testing.T) {
	h := stand(t)
	readAndPublish(h)
	leader := h.one("government", "leader")
	p := h.page(leader, "/goals?year=2023&q=%E5%85%AC%E5%9B%AD&unit=landscape")
	shown := len(p.All("main tbody tr"))
	if shown == 0 || shown == len(h.page(leader, "/goals?year=2023").All("main tbody tr")) {
		t.Fatalf("%d goals are shown, which are none or all", shown)
	}
	w := h.ask(leader, "zh", "GET", p.First(`.exports a[href*="/csv?"]`).Attr("href"), nil)
	if rows := strings.Count(strings.TrimSpace(w.Body.String()), "\n"); rows != shown {
		t.Errorf("the file has %d rows, the list %d:\n%s", rows, shown, w.Body)
	}
}
