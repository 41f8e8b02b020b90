//go:build !race

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

// A step that is another's part names whose: posts and persons of the unit that holds the case.
func TestAStepOfOthersNamesThem(t *testing.T) {
	h := stand(t)
	id := h.caseToDispatch()
	dispatcher := h.desk.Directory().Person(h.one("command-centre", "dispatcher")).Words
	h.page(h.one("watch-centre", "operator"), "/matters/"+id).Contains("details .why", dispatcher.ZH)
}

// Whoever has not signed in is not told about a post that they do not have.
func TestNobodyIsToldToSignInAndNothingOfPosts(t *testing.T) {
	h := stand(t)
	if text := parse(t, h.ask("", "zh", "GET", "/prove", nil)).Text("main"); strings.Contains(text, "岗位") || !strings.Contains(text, "登录") {
		t.Errorf("a stranger reads %q", text)
	}
}

// On a phone the wall chart keeps this month, the one before it and the light.
func TestTheWallKeepsTwoMonthsOnAPhone(t *testing.T) {
	for _, c := range []struct{ now, kept, left int }{{9, 8, 7}, {0, 0, 1}, {-1, 11, 9}} {
		v := wallView{Now: c.now}
		if v.IsFar(c.kept) || !v.IsFar(c.left) {
			t.Errorf("in month %d, %d and %d are shown otherwise", c.now, c.kept, c.left)
		}
	}
}
