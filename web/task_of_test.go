package web

import (
	"strings"
	"testing"
)

// TestWhoeverMayNotIsToldWhoseTaskItIs: a refusal for want of a post names the posts and persons that may; the public is told neither,
// and whoever holds the post is not sent to themselves.
func TestWhoeverMayNotIsToldWhoseTaskItIs(t *testing.T) {
	h := stand(t)
	publisher, issuer := h.one("office", "publisher"), h.one("office", "issuer")
	at := "/reports/new"
	w := h.ask(publisher, "zh", "GET", at, nil)
	if w.Code != 403 {
		t.Fatalf("a publisher imports: %d", w.Code)
	}
	called := h.desk.Directory().Person(issuer).Words
	p := parse(t, w)
	p.Contains("main", "此事由")
	p.Contains("main", called.ZH)
	w = h.ask(publisher, "en", "GET", at, nil)
	parse(t, w).Contains("main", called.EN)
	if w := h.ask("", "zh", "GET", at, nil); w.Code != 403 && w.Code != 303 {
		t.Errorf("anybody imports: %d", w.Code)
	} else if w.Code == 403 {
		if text := parse(t, w).Text("main"); strings.Contains(text, called.ZH) || strings.Contains(text, "此事由") {
			t.Errorf("the public is told who works here: %s", text)
		}
	}
	office, review := readIn(h)
	h.page(publisher, review).Contains("main", "下达目标：此事由")
	if text := h.page(office, review).Text("main"); strings.Contains(text, "此事由") {
		t.Error("whoever may is sent to themselves")
	}
}
